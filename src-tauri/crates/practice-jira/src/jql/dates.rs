//! Dates in a query: absolute ones in the caller's zone, relative ones, functions.

use super::resolve::{Cmp, Pred, Work, operand_text};
use super::{Clause, Op, Operand};
use crate::time::{MINUTE, Millis};

impl Work<'_, '_> {
    pub(super) fn moment(
        &mut self,
        clause: &Clause,
        op: Op,
        make: impl Fn(Cmp, Millis) -> Pred,
        name: &str,
    ) -> Pred {
        let Some(at) = self.date(&clause.operand) else {
            let text = operand_text(&clause.operand);
            return self.fail(format!(
                "Date value '{text}' for field '{name}' is invalid. Valid formats include: 'yyyy/MM/dd HH:mm', 'yyyy-MM-dd HH:mm', 'yyyy/MM/dd', 'yyyy-MM-dd', or a period format e.g. '-5d', '4w 2d'."
            ));
        };
        match op {
            Op::Less => make(Cmp::Less, at),
            Op::LessEqual => make(Cmp::LessEqual, at),
            Op::Greater => make(Cmp::Greater, at),
            Op::GreaterEqual => make(Cmp::GreaterEqual, at),
            Op::Equal => Pred::And(vec![
                make(Cmp::GreaterEqual, at),
                make(Cmp::Less, at + MINUTE),
            ]),
            Op::NotEqual => Pred::Or(vec![
                make(Cmp::Less, at),
                make(Cmp::GreaterEqual, at + MINUTE),
            ]),
            other => self.unsupported(other, name),
        }
    }

    fn date(&mut self, operand: &Operand) -> Option<Millis> {
        use crate::time::{parse_jql_date, parse_period, start_of};
        let now = self.asker.now;
        match operand {
            Operand::Value { text, quoted } => {
                if !quoted
                    && let Ok(ms) = text.parse::<i64>()
                    && ms > 0
                {
                    return Some(ms);
                }
                if let Some(period) = parse_period(text) {
                    self.relative = true;
                    return now.checked_add(period);
                }
                parse_jql_date(text, self.asker.zone).map(|(ms, _)| ms)
            }
            Operand::Function { name, args } => {
                self.relative = true;
                let name = name.to_ascii_lowercase();
                let (unit, end) = match name.as_str() {
                    "now" | "currentlogin" => return Some(now),
                    "startofday" => ('d', false),
                    "startofweek" => ('w', false),
                    "startofmonth" => ('M', false),
                    "startofyear" => ('y', false),
                    "endofday" => ('d', true),
                    "endofweek" => ('w', true),
                    "endofmonth" => ('M', true),
                    "endofyear" => ('y', true),
                    _ => return None,
                };
                let mut steps = i64::from(end);
                let mut offset = 0;
                if let Some(arg) = args.first() {
                    match arg.trim_start_matches('+').parse::<i64>() {
                        Ok(number) => steps += number,
                        Err(_) => offset = parse_period(arg)?,
                    }
                }
                let start = start_of(unit, now, steps, self.asker.zone)?;
                Some(start + offset - i64::from(end))
            }
            _ => None,
        }
    }
}
