//! The table of kinds: what a field of the workspace and one of the remote can say to each other.

use crate::mapping::Direction;
use crate::remote::{RemoteField, RemoteKind, Role};
use workspace::{Field, FieldKey, Kind, SystemField};

/// Whether two fields can belong together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Compatibility {
    /// They hold the same kind of value.
    Same,
    /// Values are converted on the way.
    Converts {
        /// How.
        conversion: Conversion,
        /// What is lost by it, if anything.
        loss: Option<Loss>,
    },
    /// They cannot.
    Refused(RefusalReason),
}

/// How values of one kind become values of another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Conversion {
    /// Any value, written out as words.
    AsText,
    /// Plain text and text with structure.
    PlainAndRich,
    /// Seconds at the remote, hours here.
    SecondsAndHours,
    /// The day of a moment.
    DayOfMoment,
    /// The one that counts of several: the current sprint, else the first.
    OneOfMany,
    /// One at the remote, a list here.
    OneAndMany,
    /// A choice and the one below it, as one choice named after both.
    PathAsChoice,
    /// Choices without days at the remote, time frames here.
    ChoicesAndTimeframes,
    /// Names of choices as words.
    NamesAsLabels,
    /// Words as choices.
    LabelsAndChoices,
    /// Yes, if the only choice there is was chosen.
    ChoiceAndYes,
    /// Text that is a web address.
    TextAndLink,
}

/// What a conversion loses, and on which way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Loss {
    /// What.
    pub lost: Lost,
    /// On which way.
    pub way: Way,
}

/// What a conversion loses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Lost {
    /// Headings, lists, tables, links.
    Formatting,
    /// Breaks between lines.
    LineBreaks,
    /// The time of day.
    TimeOfDay,
    /// All choices but one.
    OtherChoices,
    /// All people but one.
    OtherPeople,
    /// The sprints that the issue went through before.
    EarlierSprints,
    /// First and last day of a time frame.
    Days,
    /// Blanks within a word.
    Blanks,
    /// Text that is no web address.
    OtherText,
}

/// A way between the two sides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Way {
    /// From the workspace to the remote.
    ToRemote,
    /// From the remote to the workspace.
    FromRemote,
}

/// Why two fields cannot belong together.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum RefusalReason {
    /// Their values have nothing in common.
    WrongKind {
        /// Kind of the workspace's field.
        here: Kind,
        /// Kind of the remote's field.
        there: RemoteKind,
    },
    /// The remote's field is of a kind that is left alone; the remote's own word for it.
    Unsupported(String),
    /// Statuses have a mapping of their own.
    StatusMappedApart,
    /// The parent is what makes the tree; it is always kept in step.
    ParentIsTree,
    /// A yes or no needs a remote field with exactly one choice.
    NotYesOrNo {
        /// How many choices the remote field has.
        choices: usize,
    },
    /// Nothing could be written on either side: the one is read only, the other cannot be read into it.
    NothingToWrite,
    /// The remote field belongs to another field already.
    Taken(FieldKey),
}

/// Whether a field of the workspace and one of the remote can belong together.
#[must_use]
pub fn compatibility(field: &Field, remote: &RemoteField) -> Compatibility {
    let entry = entry(field, remote);
    let refused = matches!(entry.compatibility, Compatibility::Refused(_));
    if !refused && !entry.to(field, remote) && !entry.from(field) {
        return Compatibility::Refused(RefusalReason::NothingToWrite);
    }
    entry.compatibility
}

/// The directions that a pair of the two may have, the widest first; empty if they cannot belong together.
#[must_use]
pub fn directions(field: &Field, remote: &RemoteField) -> Vec<Direction> {
    let entry = entry(field, remote);
    if matches!(entry.compatibility, Compatibility::Refused(_)) {
        return Vec::new();
    }
    match (entry.to(field, remote), entry.from(field)) {
        (true, true) => vec![
            Direction::Both,
            Direction::FromRemote,
            Direction::ToRemote,
            Direction::SetOnce,
        ],
        (true, false) => vec![Direction::ToRemote, Direction::SetOnce],
        (false, true) => vec![Direction::FromRemote, Direction::SetOnce],
        (false, false) => Vec::new(),
    }
}

/// A cell of the table, whatever may be read only about the two fields.
struct Entry {
    compatibility: Compatibility,
    both_ways: bool,
}

impl Entry {
    fn to(&self, field: &Field, remote: &RemoteField) -> bool {
        let raw_status = field.key == FieldKey::System(SystemField::DevStatus);
        self.both_ways && !remote.read_only && !raw_status
    }

    /// A cell that does not go both ways goes from the remote; nothing is ever written into a formula.
    fn from(&self, field: &Field) -> bool {
        field.kind != Kind::Formula
    }
}

fn same() -> Entry {
    Entry {
        compatibility: Compatibility::Same,
        both_ways: true,
    }
}

fn converts(conversion: Conversion, loss: Option<(Lost, Way)>) -> Entry {
    Entry {
        compatibility: Compatibility::Converts {
            conversion,
            loss: loss.map(|(lost, way)| Loss { lost, way }),
        },
        both_ways: true,
    }
}

/// A conversion that is never taken back, because writing would destroy what was not read.
fn reads(conversion: Conversion, lost: Option<Lost>) -> Entry {
    Entry {
        both_ways: false,
        ..converts(conversion, lost.map(|lost| (lost, Way::FromRemote)))
    }
}

fn refused(reason: RefusalReason) -> Entry {
    Entry {
        compatibility: Compatibility::Refused(reason),
        both_ways: false,
    }
}

fn entry(field: &Field, remote: &RemoteField) -> Entry {
    if field.key == FieldKey::System(SystemField::Status) {
        return refused(RefusalReason::StatusMappedApart);
    }
    if remote.role == Some(Role::Parent) {
        return refused(RefusalReason::ParentIsTree);
    }
    let wrong = || RefusalReason::WrongKind {
        here: field.kind,
        there: remote.kind.clone(),
    };
    match (&remote.kind, field.kind) {
        (RemoteKind::Unsupported(word), _) => refused(RefusalReason::Unsupported(word.clone())),
        (RemoteKind::IssueLinks, Kind::Dependencies) => same(),
        (RemoteKind::IssueLinks, _) | (_, Kind::Dependencies) => refused(wrong()),
        (kind, Kind::Text | Kind::LongText) => text(field.kind, kind),
        (kind, Kind::RichText) => rich_text(kind).unwrap_or_else(|| refused(wrong())),
        (RemoteKind::Number, Kind::Number | Kind::Formula) => match remote.role {
            Some(Role::OriginalEstimate) => converts(Conversion::SecondsAndHours, None),
            _ => same(),
        },
        (_, Kind::Number | Kind::Formula) => refused(wrong()),
        (RemoteKind::Date, Kind::Date) => same(),
        (RemoteKind::DateTime, Kind::Date) => reads(Conversion::DayOfMoment, Some(Lost::TimeOfDay)),
        (_, Kind::Date) => refused(wrong()),
        (kind, Kind::SingleSelect) => one_choice(kind).unwrap_or_else(|| refused(wrong())),
        (kind, Kind::MultiSelect) => many_choices(kind).unwrap_or_else(|| refused(wrong())),
        (kind, Kind::Timeframe) => time_frames(kind).unwrap_or_else(|| refused(wrong())),
        (RemoteKind::Link, Kind::Link) => same(),
        (RemoteKind::Text, Kind::Link) => converts(
            Conversion::TextAndLink,
            Some((Lost::OtherText, Way::FromRemote)),
        ),
        (_, Kind::Link) => refused(wrong()),
        (RemoteKind::SingleSelect | RemoteKind::MultiSelect, Kind::Checkbox) => yes_or_no(remote),
        (_, Kind::Checkbox) => refused(wrong()),
        (RemoteKind::Person, Kind::Person) => same(),
        (RemoteKind::People, Kind::Person) => reads(Conversion::OneOfMany, Some(Lost::OtherPeople)),
        (_, Kind::Person) => refused(wrong()),
        (kind, Kind::Labels) => labels(kind).unwrap_or_else(|| refused(wrong())),
    }
}

/// Plain text reads everything; it writes only text.
fn text(here: Kind, there: &RemoteKind) -> Entry {
    let single = here == Kind::Text;
    match there {
        RemoteKind::Text if single => same(),
        RemoteKind::Text => converts(Conversion::AsText, Some((Lost::LineBreaks, Way::ToRemote))),
        RemoteKind::LongText if single => reads(Conversion::AsText, Some(Lost::LineBreaks)),
        RemoteKind::LongText => same(),
        RemoteKind::RichText if single => reads(Conversion::PlainAndRich, Some(Lost::Formatting)),
        RemoteKind::RichText => converts(
            Conversion::PlainAndRich,
            Some((Lost::Formatting, Way::FromRemote)),
        ),
        _ => reads(Conversion::AsText, None),
    }
}

fn rich_text(there: &RemoteKind) -> Option<Entry> {
    match there {
        RemoteKind::RichText => Some(same()),
        RemoteKind::LongText => Some(converts(
            Conversion::PlainAndRich,
            Some((Lost::Formatting, Way::ToRemote)),
        )),
        RemoteKind::Text => Some(reads(Conversion::PlainAndRich, None)),
        _ => None,
    }
}

fn one_choice(there: &RemoteKind) -> Option<Entry> {
    match there {
        RemoteKind::SingleSelect | RemoteKind::Version | RemoteKind::Team => Some(same()),
        RemoteKind::Sprint => Some(converts(
            Conversion::OneOfMany,
            Some((Lost::EarlierSprints, Way::FromRemote)),
        )),
        RemoteKind::MultiSelect | RemoteKind::Versions | RemoteKind::Components => {
            Some(reads(Conversion::OneOfMany, Some(Lost::OtherChoices)))
        }
        RemoteKind::Cascading => Some(reads(Conversion::PathAsChoice, None)),
        RemoteKind::Project => Some(reads(Conversion::AsText, None)),
        _ => None,
    }
}

fn many_choices(there: &RemoteKind) -> Option<Entry> {
    match there {
        RemoteKind::MultiSelect | RemoteKind::Versions | RemoteKind::Components => Some(same()),
        RemoteKind::SingleSelect | RemoteKind::Version | RemoteKind::Team => Some(converts(
            Conversion::OneAndMany,
            Some((Lost::OtherChoices, Way::ToRemote)),
        )),
        RemoteKind::Labels => Some(converts(
            Conversion::LabelsAndChoices,
            Some((Lost::Blanks, Way::ToRemote)),
        )),
        RemoteKind::Sprint | RemoteKind::Groups | RemoteKind::Project => {
            Some(reads(Conversion::OneAndMany, None))
        }
        RemoteKind::Cascading => Some(reads(Conversion::PathAsChoice, None)),
        _ => None,
    }
}

fn time_frames(there: &RemoteKind) -> Option<Entry> {
    match there {
        RemoteKind::Versions => Some(same()),
        RemoteKind::Version | RemoteKind::SingleSelect => Some(converts(
            Conversion::OneAndMany,
            Some((Lost::OtherChoices, Way::ToRemote)),
        )),
        RemoteKind::MultiSelect => Some(converts(
            Conversion::ChoicesAndTimeframes,
            Some((Lost::Days, Way::ToRemote)),
        )),
        RemoteKind::Sprint => Some(reads(Conversion::OneAndMany, None)),
        RemoteKind::Cascading => Some(reads(Conversion::PathAsChoice, None)),
        _ => None,
    }
}

fn labels(there: &RemoteKind) -> Option<Entry> {
    match there {
        RemoteKind::Labels => Some(same()),
        RemoteKind::SingleSelect
        | RemoteKind::MultiSelect
        | RemoteKind::Cascading
        | RemoteKind::Version
        | RemoteKind::Versions
        | RemoteKind::Components
        | RemoteKind::Groups => Some(reads(Conversion::NamesAsLabels, None)),
        _ => None,
    }
}

fn yes_or_no(remote: &RemoteField) -> Entry {
    let choices = remote
        .options
        .iter()
        .filter(|option| !option.disabled)
        .count();
    if choices == 1 {
        converts(Conversion::ChoiceAndYes, None)
    } else {
        refused(RefusalReason::NotYesOrNo { choices })
    }
}

#[cfg(test)]
mod tests;
