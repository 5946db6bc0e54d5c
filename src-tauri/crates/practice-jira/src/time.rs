//! Times as Jira writes and reads them.

use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

/// A moment in milliseconds since 1970, UTC. Jira keeps no finer grain.
pub(crate) type Millis = i64;

pub(crate) const MINUTE: Millis = 60_000;
pub(crate) const HOUR: Millis = 60 * MINUTE;
pub(crate) const DAY: Millis = 24 * HOUR;

/// The zone of that name; UTC where this machine does not know it.
pub(crate) fn zone(name: &str) -> TimeZone {
    TimeZone::get(name).unwrap_or(TimeZone::UTC)
}

pub(crate) fn timestamp(ms: Millis) -> Timestamp {
    Timestamp::from_millisecond(ms).unwrap_or(Timestamp::UNIX_EPOCH)
}

/// `2026-11-23T10:00:00.000+0100`: the form of every time in an issue.
pub(crate) fn jira_time(ms: Millis, zone: &TimeZone) -> String {
    let moment = timestamp(ms);
    let offset = zone.to_offset(moment);
    let civil = offset.to_datetime(moment);
    let minutes = offset.seconds() / 60;
    let sign = if minutes < 0 { '-' } else { '+' };
    let mut text = String::with_capacity(28);
    push_civil(&mut text, civil);
    text.push(sign);
    push_number(&mut text, minutes.unsigned_abs() / 60, 2);
    push_number(&mut text, minutes.unsigned_abs() % 60, 2);
    text
}

/// `2026-11-23T09:00:00.000Z`: the form inside agile objects.
pub(crate) fn agile_time(ms: Millis) -> String {
    let mut text = String::with_capacity(24);
    push_civil(&mut text, TimeZone::UTC.to_datetime(timestamp(ms)));
    text.push('Z');
    text
}

fn push_civil(text: &mut String, civil: DateTime) {
    push_number(text, civil.year().unsigned_abs().into(), 4);
    text.push('-');
    push_number(text, civil.month().unsigned_abs().into(), 2);
    text.push('-');
    push_number(text, civil.day().unsigned_abs().into(), 2);
    text.push('T');
    push_number(text, civil.hour().unsigned_abs().into(), 2);
    text.push(':');
    push_number(text, civil.minute().unsigned_abs().into(), 2);
    text.push(':');
    push_number(text, civil.second().unsigned_abs().into(), 2);
    text.push('.');
    push_number(text, civil.millisecond().unsigned_abs().into(), 3);
}

fn push_number(text: &mut String, number: u32, width: u32) {
    for place in (0..width).rev() {
        let digit = (number / 10_u32.pow(place)) % 10;
        text.push(char::from(b'0' + digit as u8));
    }
}

/// `2026-11-23`.
pub(crate) fn date_text(date: Date) -> String {
    let mut text = String::with_capacity(10);
    push_number(&mut text, date.year().unsigned_abs().into(), 4);
    text.push('-');
    push_number(&mut text, date.month().unsigned_abs().into(), 2);
    text.push('-');
    push_number(&mut text, date.day().unsigned_abs().into(), 2);
    text
}

pub(crate) fn parse_date(text: &str) -> Option<Date> {
    let text = text.replace('/', "-");
    let mut parts = text.split('-');
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() || year.len() != 4 {
        return None;
    }
    Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok()
}

/// Reads `2026-11-23T10:00:00.000+0100` (the fraction may be missing, the offset may hold a colon or be `Z`).
pub(crate) fn parse_jira_time(text: &str) -> Option<Millis> {
    let (date, rest) = text.split_once('T')?;
    let date = parse_date(date)?;
    let split = rest.find(['+', '-', 'Z'])?;
    let (clock, offset) = rest.split_at(split);
    let (clock, fraction) = clock.split_once('.').unwrap_or((clock, "0"));
    let (hour, minute, second) = clock_parts(clock)?;
    let fraction_ms: i64 = format!("{fraction:0<3}").get(..3)?.parse().ok()?;
    let offset_minutes: i64 = if offset == "Z" {
        0
    } else {
        let digits: String = offset[1..].chars().filter(|c| *c != ':').collect();
        let number: i64 = digits.parse().ok()?;
        let minutes = if digits.len() > 2 {
            number / 100 * 60 + number % 100
        } else {
            number * 60
        };
        if offset.starts_with('-') {
            -minutes
        } else {
            minutes
        }
    };
    let civil = date.at(hour, minute, second, 0);
    let utc = TimeZone::UTC.to_timestamp(civil).ok()?.as_millisecond();
    Some(utc + fraction_ms - offset_minutes * MINUTE)
}

fn clock_parts(clock: &str) -> Option<(i8, i8, i8)> {
    let mut parts = clock.split(':');
    let hour: i8 = parts.next()?.parse().ok()?;
    let minute: i8 = parts.next()?.parse().ok()?;
    let second: i8 = match parts.next() {
        Some(text) => text.parse().ok()?,
        None => 0,
    };
    let sound = (0..24).contains(&hour)
        && (0..60).contains(&minute)
        && (0..60).contains(&second)
        && parts.next().is_none();
    sound.then_some((hour, minute, second))
}

/// Reads a JQL date, in the caller's zone: `yyyy-MM-dd`, `yyyy/MM/dd`, either with ` HH:mm`. The second value says
/// whether the text named a time of day.
pub(crate) fn parse_jql_date(text: &str, zone: &TimeZone) -> Option<(Millis, bool)> {
    let text = text.trim();
    let (date, clock) = match text.split_once(' ') {
        Some((date, clock)) => (parse_date(date)?, Some(clock.trim())),
        None => (parse_date(text)?, None),
    };
    let (hour, minute) = match clock {
        Some(clock) => {
            let (hour, minute, second) = clock_parts(clock)?;
            if second != 0 || clock.matches(':').count() != 1 {
                return None;
            }
            (hour, minute)
        }
        None => (0, 0),
    };
    let moment = zone.to_timestamp(date.at(hour, minute, 0, 0)).ok()?;
    Some((moment.as_millisecond(), clock.is_some()))
}

/// Reads `-5d`, `4w 2d`, `+1M`, `-15m` into an offset from now. Months and years count 30 and 365 days.
pub(crate) fn parse_period(text: &str) -> Option<Millis> {
    let text = text.trim();
    let (sign, body) = match text.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, text.strip_prefix('+').unwrap_or(text)),
    };
    if body.is_empty() {
        return None;
    }
    let mut total: Millis = 0;
    for part in body.split_whitespace() {
        let unit = part.chars().last()?;
        let number: i64 = part[..part.len() - unit.len_utf8()].parse().ok()?;
        let scale = match unit {
            'm' => MINUTE,
            'h' | 'H' => HOUR,
            'd' | 'D' => DAY,
            'w' | 'W' => 7 * DAY,
            'M' => 30 * DAY,
            'y' | 'Y' => 365 * DAY,
            _ => return None,
        };
        if number < 0 {
            return None;
        }
        total = total.checked_add(number.checked_mul(scale)?)?;
    }
    total.checked_mul(sign)
}

/// The start of the unit that holds `now`, moved by `steps` units: `startOfDay()`, `startOfWeek(-1)` and the like.
pub(crate) fn start_of(unit: char, now: Millis, steps: i64, zone: &TimeZone) -> Option<Millis> {
    let date = zone.to_datetime(timestamp(now)).date();
    let start = match unit {
        'd' => date
            .checked_add(SignedDuration::from_hours(24 * steps))
            .ok()?,
        'w' => {
            // Weeks begin on Sunday, as on a site with the English default.
            let back = i64::from(date.weekday().to_sunday_zero_offset());
            date.checked_add(SignedDuration::from_hours(24 * (7 * steps - back)))
                .ok()?
        }
        'M' => {
            let months = i64::from(date.year()) * 12 + i64::from(date.month()) - 1 + steps;
            Date::new(
                i16::try_from(months.div_euclid(12)).ok()?,
                (months.rem_euclid(12) + 1) as i8,
                1,
            )
            .ok()?
        }
        _ => Date::new(i16::try_from(i64::from(date.year()) + steps).ok()?, 1, 1).ok()?,
    };
    Some(
        zone.to_timestamp(start.at(0, 0, 0, 0))
            .ok()?
            .as_millisecond(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_written_with_the_offset_of_the_zone() {
        assert_eq!(
            jira_time(0, &zone("Europe/Berlin")),
            "1970-01-01T01:00:00.000+0100"
        );
        assert_eq!(
            jira_time(1_234, &TimeZone::UTC),
            "1970-01-01T00:00:01.234+0000"
        );
    }

    #[test]
    fn what_is_written_is_read_back() {
        for zone_name in ["Asia/Kolkata", "America/New_York", "UTC"] {
            let ms = 1_762_000_123_456;
            assert_eq!(parse_jira_time(&jira_time(ms, &zone(zone_name))), Some(ms));
        }
    }

    #[test]
    fn jql_dates_are_read_in_the_zone_of_the_caller() {
        let berlin = parse_jql_date("2026-11-01 10:00", &zone("Europe/Berlin"));
        let utc = parse_jql_date("2026/11/01 09:00", &TimeZone::UTC);
        assert_eq!(berlin, utc);
        assert_eq!(parse_jql_date("2026-11-01 10:00:30", &TimeZone::UTC), None);
        assert_eq!(parse_jql_date("soon", &TimeZone::UTC), None);
    }

    #[test]
    fn periods_add_up() {
        assert_eq!(parse_period("-4w 2d"), Some(-30 * DAY));
        assert_eq!(parse_period("15m"), Some(15 * MINUTE));
        assert_eq!(parse_period("-"), None);
        assert_eq!(parse_period("7"), None);
    }
}
