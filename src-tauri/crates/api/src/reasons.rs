//! Reasons in words: what the deciding says as data, for a person to read.
//!
//! Jira's names stand as Jira shows them, ours as the admin chose them; hence [`Names`].

use std::collections::BTreeMap;
use sync::convert::Note;
use sync::fields::{
    Compatibility, Conversion, FieldFindingReason, FieldReason, Lost, MissingCoreReason,
    RefusalReason, Way,
};
use sync::mapping::Direction;
use sync::outgoing::Unsayable;
use sync::plan::ParentNote;
use sync::push::{LeftOut, ParentLeft, PushRefusal};
use sync::remote::{RemoteKind, Role, Schema};
use sync::statuses::{StatusFindingReason, StatusReason};
use sync::types::{TypeFindingReason, TypeReason};
use sync::values::ValueReason;
use workspace::{Field, FieldKey, ItemType, ItemTypeId, Kind, Level, LevelId, SystemField};

/// Names to put into sentences.
#[derive(Debug, Clone, Default)]
pub struct Names {
    remote_types: BTreeMap<String, String>,
    item_types: BTreeMap<ItemTypeId, String>,
    levels: BTreeMap<LevelId, String>,
    fields: BTreeMap<FieldKey, String>,
    options: BTreeMap<String, String>,
}

impl Names {
    /// Names of both sides.
    #[must_use]
    pub fn new(levels: &[Level], types: &[ItemType], fields: &[Field], schema: &Schema) -> Self {
        let options = schema.fields.iter().flat_map(|field| &field.options);
        Self {
            remote_types: schema
                .types
                .iter()
                .map(|remote| (remote.id.clone(), remote.name.clone()))
                .collect(),
            item_types: types
                .iter()
                .map(|kind| (kind.id, kind.singular.clone()))
                .collect(),
            levels: levels
                .iter()
                .map(|level| (level.id, level.plural.clone()))
                .collect(),
            fields: fields
                .iter()
                .map(|field| (field.key, field.name.clone()))
                .collect(),
            options: options
                .map(|option| (option.id.clone(), option.name.clone()))
                .collect(),
        }
    }

    /// A Jira type's name.
    #[must_use]
    pub fn remote_type(&self, id: &str) -> String {
        self.remote_types
            .get(id)
            .cloned()
            .unwrap_or_else(|| format!("type {id}"))
    }

    /// A workspace field's name.
    #[must_use]
    pub fn field(&self, key: FieldKey) -> String {
        self.fields
            .get(&key)
            .cloned()
            .unwrap_or_else(|| key.to_string())
    }

    fn item_type(&self, id: ItemTypeId) -> String {
        self.item_types
            .get(&id)
            .cloned()
            .unwrap_or_else(|| format!("type {id}"))
    }

    fn level(&self, id: LevelId) -> String {
        self.levels
            .get(&id)
            .cloned()
            .unwrap_or_else(|| format!("level {id}"))
    }

    fn types(&self, ids: &[String]) -> String {
        let names: Vec<String> = ids.iter().map(|id| self.remote_type(id)).collect();
        list(&names)
    }
}

/// A Jira hierarchy level in words.
#[must_use]
pub fn level_name(level: Option<i8>) -> String {
    match level {
        None => "Level unknown".to_owned(),
        Some(-1) => "Sub-task level".to_owned(),
        Some(0) => "Standard level".to_owned(),
        Some(1) => "Epic level".to_owned(),
        Some(level @ 2..) => format!("{} above Epic", levels_up(level - 1)),
        Some(_) => "Below sub-tasks".to_owned(),
    }
}

fn levels_up(count: i8) -> String {
    if count == 1 {
        "1 level".to_owned()
    } else {
        format!("{count} levels")
    }
}

/// Why a pair of types is proposed.
#[must_use]
pub fn type_reason(reason: TypeReason) -> &'static str {
    match reason {
        TypeReason::LevelAndName => "Same level, same name",
        TypeReason::LevelAndSimilarName => "Same level, similar name",
        TypeReason::Level => "Same level",
        TypeReason::Name => "Similar name; Jira does not tell the level",
        TypeReason::TakenForStandard => "Taken for a standard type; Jira does not tell the level",
    }
}

/// What is to say about a pair of types.
#[must_use]
pub fn type_finding(reason: &TypeFindingReason, names: &Names) -> String {
    match reason {
        TypeFindingReason::NothingMapped => {
            "No type is mapped, so nothing could be imported".to_owned()
        }
        TypeFindingReason::UnknownItemType => "This workspace type is gone".to_owned(),
        TypeFindingReason::Gone => "This type is gone from Jira".to_owned(),
        TypeFindingReason::Twice { first } => {
            format!(
                "Already mapped to {}; a Jira type stands once",
                names.item_type(*first)
            )
        }
        TypeFindingReason::WrongLevel {
            level,
            lowest,
            highest,
        } => {
            let wanted = if lowest == highest {
                level_name(Some(*lowest))
            } else {
                format!(
                    "{} to {}",
                    level_name(Some(*lowest)),
                    level_name(Some(*highest))
                )
            };
            format!(
                "{} in Jira; this row takes {wanted}",
                level_name(Some(*level))
            )
        }
        TypeFindingReason::AboveParent { parent } => format!(
            "Stands above {} in Jira, which is mapped to its parent {}",
            names.remote_type(&parent.remote_type),
            names.item_type(parent.item_type)
        ),
        TypeFindingReason::BesideParent { parent } => format!(
            "Stands on the same level in Jira as {}, which is mapped to its parent {}; neither can hold the other",
            names.remote_type(&parent.remote_type),
            names.item_type(parent.item_type)
        ),
        TypeFindingReason::LevelUnknown => {
            "Jira does not tell the level of this type; look at the sample tree".to_owned()
        }
        TypeFindingReason::SpansLevels { level } => format!(
            "{} take Jira types of several levels: a parent and its child will stand side by side",
            names.level(*level)
        ),
        TypeFindingReason::ParentLevelNotMapped { level } => format!(
            "Nothing is mapped to Jira's {}, so these items stand without that parent",
            level_name(Some(*level))
        ),
    }
}

/// Why a pair of fields is suggested.
#[must_use]
pub fn field_reason(reason: FieldReason) -> String {
    match reason {
        FieldReason::Role(role) => format!("Jira itself uses it for {}", role_name(role)),
        FieldReason::SameName => "Same kind, same name".to_owned(),
        FieldReason::SimilarName => "Same kind, similar name".to_owned(),
    }
}

/// Why a core field has no counterpart.
#[must_use]
pub fn missing_core(reason: &MissingCoreReason) -> String {
    match reason {
        MissingCoreReason::NoRemoteField(role) => {
            format!("This Jira project has no field for {}", role_name(*role))
        }
        MissingCoreReason::NoField => "The workspace has no such field".to_owned(),
        MissingCoreReason::Incompatible(reason) => refusal(reason, &Names::default()),
    }
}

fn role_name(role: Role) -> &'static str {
    match role {
        Role::Title => "the title",
        Role::Description => "the description",
        Role::Priority => "the priority",
        Role::Assignee => "the assignee",
        Role::Reporter => "the reporter",
        Role::Sprint => "the sprint",
        Role::StoryPoints => "the board's estimate",
        Role::Components => "components",
        Role::FixVersions => "fix versions",
        Role::Labels => "labels",
        Role::StartDate => "the start date",
        Role::DueDate => "the due date",
        Role::Team => "the team",
        Role::Status => "the status",
        Role::Parent => "the parent",
        Role::EpicName => "the name of an epic",
        Role::OriginalEstimate => "the original estimate",
        Role::Links => "links between issues",
    }
}

/// Why two fields cannot belong together.
#[must_use]
pub fn refusal(reason: &RefusalReason, names: &Names) -> String {
    match reason {
        RefusalReason::WrongKind { here, there } => {
            format!(
                "Holds {}, not {}",
                remote_kind(there).to_lowercase(),
                kind(*here).to_lowercase()
            )
        }
        RefusalReason::Unsupported(_) => "A kind of field that is left alone".to_owned(),
        RefusalReason::StatusMappedApart => "Statuses have a step of their own".to_owned(),
        RefusalReason::ParentIsTree => "Makes the tree; always kept in step".to_owned(),
        RefusalReason::NotYesOrNo { choices } => {
            format!("A checkbox needs a field with one choice; this one has {choices}")
        }
        RefusalReason::NothingToWrite => "Neither side could be written from the other".to_owned(),
        RefusalReason::Taken(key) => format!("Already mapped to {}", names.field(*key)),
    }
}

/// What a conversion does and loses; none if the fields hold the same.
#[must_use]
pub fn conversion_note(compatibility: &Compatibility) -> Option<String> {
    let Compatibility::Converts { conversion, loss } = compatibility else {
        return None;
    };
    let how = match conversion {
        Conversion::AsText => "Written out as text",
        Conversion::PlainAndRich => "Plain and formatted text",
        Conversion::SecondsAndHours => "Seconds in Jira, hours here",
        Conversion::DayOfMoment => "The day of the moment",
        Conversion::OneOfMany => "The one that counts of several",
        Conversion::OneAndMany => "One in Jira, a list here",
        Conversion::PathAsChoice => "Both choices as one",
        Conversion::ChoicesAndTimeframes => "Choices in Jira, timeframes here",
        Conversion::NamesAsLabels => "Names as labels",
        Conversion::LabelsAndChoices => "Labels as choices",
        Conversion::ChoiceAndYes => "Ticked if chosen",
        Conversion::TextAndLink => "Text that is a web address",
    };
    let Some(loss) = loss else {
        return Some(how.to_owned());
    };
    let lost = match loss.lost {
        Lost::Formatting => "formatting",
        Lost::LineBreaks => "line breaks",
        Lost::TimeOfDay => "the time of day",
        Lost::OtherChoices => "all choices but one",
        Lost::OtherPeople => "all people but one",
        Lost::EarlierSprints => "earlier sprints",
        Lost::Days => "first and last day",
        Lost::Blanks => "blanks within a word",
        Lost::OtherText => "text that is no address",
    };
    let way = match loss.way {
        Way::ToRemote => "to Jira",
        Way::FromRemote => "from Jira",
    };
    Some(format!("{how}; loses {lost} {way}"))
}

/// What is to say about a pair of fields.
#[must_use]
pub fn field_finding(reason: &FieldFindingReason, names: &Names) -> String {
    match reason {
        FieldFindingReason::UnknownField => "This workspace field is gone".to_owned(),
        FieldFindingReason::Gone => "This field is gone from the Jira project".to_owned(),
        FieldFindingReason::Incompatible(reason) => refusal(reason, names),
        FieldFindingReason::WrongDirection { allowed } => {
            let ways: Vec<String> = allowed
                .iter()
                .map(|way| direction(*way).to_owned())
                .collect();
            format!("Can only go {}", list(&ways))
        }
        FieldFindingReason::FieldTwice => "Stands in an earlier row already".to_owned(),
        FieldFindingReason::RemoteFieldTwice { first } => {
            format!("Already mapped to {}", names.field(*first))
        }
        FieldFindingReason::CoreRemoved => "A core pair; it cannot be taken away".to_owned(),
        FieldFindingReason::UnknownChoice { remote_option } => {
            format!("A paired choice is gone: {}", option(names, remote_option))
        }
        FieldFindingReason::ChoicesNotMapped { remote_options } => {
            let options: Vec<String> = remote_options.iter().map(|id| option(names, id)).collect();
            format!("Not mapped, so left empty: {}", list(&options))
        }
        FieldFindingReason::RequiredNotMapped { types } => format!(
            "Jira requires it for a new {}, and nothing here fills it; pushing will ask for it",
            names.types(types)
        ),
        FieldFindingReason::NotOnCreate { types } => {
            format!("Not on Jira's create screen of {}", names.types(types))
        }
    }
}

fn option(names: &Names, id: &str) -> String {
    names
        .options
        .get(id)
        .cloned()
        .unwrap_or_else(|| id.to_owned())
}

fn direction(direction: Direction) -> &'static str {
    match direction {
        Direction::Both => "both ways",
        Direction::ToRemote => "to Jira",
        Direction::FromRemote => "from Jira",
        Direction::SetOnce => "once, when the twin is made",
    }
}

/// Why a pair of choices is proposed.
#[must_use]
pub fn value_reason(reason: ValueReason) -> &'static str {
    match reason {
        ValueReason::SameName => "Same name",
        ValueReason::SimilarName => "Similar name",
        ValueReason::Order => "Same place in the order",
    }
}

/// Why a pair of statuses is proposed.
#[must_use]
pub fn status_reason(reason: StatusReason) -> &'static str {
    match reason {
        StatusReason::SameName => "Same name",
        StatusReason::SimilarName => "Similar name",
        StatusReason::Stage => "Same stage of work",
        StatusReason::Category => "Same category",
    }
}

/// What is to say about a status; `status` is the workspace's, where it is about one.
#[must_use]
pub fn status_finding(reason: StatusFindingReason, status: Option<&str>) -> String {
    let status = status.unwrap_or("the status");
    match reason {
        StatusFindingReason::UnknownStatus => "This workspace status is gone".to_owned(),
        StatusFindingReason::Twice => "Already mapped in an earlier row".to_owned(),
        StatusFindingReason::WrittenTwice => {
            format!("Another Jira status is the way back of {status} already")
        }
        StatusFindingReason::Gone => "This status is gone from the project in Jira".to_owned(),
        StatusFindingReason::NothingMapped => {
            "No status is mapped, so statuses stay as they are on both sides".to_owned()
        }
        StatusFindingReason::Unmapped => {
            "Not mapped: items whose issue stands here keep the status they have".to_owned()
        }
        StatusFindingReason::NoWayBack => {
            format!("No Jira status is mapped to {status}, so choosing it here cannot reach Jira")
        }
    }
}

/// Why an item stands at the top though its issue names a parent.
#[must_use]
pub fn parent_note(note: ParentNote) -> &'static str {
    match note {
        ParentNote::OutsideScope => "Its parent is not in the filter, so it stands at the top",
        ParentNote::NotMapped => "Its parent's type is not mapped, so it stands at the top",
        ParentNote::Skipped => "Its parent is left out, so it stands at the top",
        ParentNote::LevelMismatch => {
            "Its parent stands on the same level or below, so it stands at the top"
        }
        ParentNote::CycleBroken => {
            "Its parents go round in a circle in Jira, so it stands at the top"
        }
    }
}

/// Why no issue can be made of an item.
#[must_use]
pub fn push_refusal(refusal: &PushRefusal) -> String {
    match refusal {
        PushRefusal::TypeNotMapped => "Its type is mapped to none of this project".to_owned(),
        PushRefusal::Linked => "It has an issue already".to_owned(),
        PushRefusal::LinkedElsewhere => {
            "It belongs to another project of this site already".to_owned()
        }
        PushRefusal::Severed => {
            "It is disconnected from its issue; link the two again, or to another".to_owned()
        }
        PushRefusal::Waiting => "Its issue is waiting to be made already".to_owned(),
        PushRefusal::ParentNeeded(None) => {
            "Its Jira type stands below another issue, and it has no parent here".to_owned()
        }
        PushRefusal::ParentNeeded(Some(left)) => {
            format!("Its Jira type needs a parent. {}", parent_left(*left))
        }
        PushRefusal::Demands(fields) => format!(
            "Jira demands {}, which cannot be filled in from here",
            list(fields)
        ),
    }
}

/// Why an item's parent does not become its issue's.
#[must_use]
pub fn parent_left(left: ParentLeft) -> &'static str {
    match left {
        ParentLeft::NotMapped => "The parent's type is mapped to none of this project",
        ParentLeft::Unfit => "Jira does not let these two types stand below each other",
        ParentLeft::Elsewhere => "The parent belongs to another project",
        ParentLeft::Severed => "The parent is disconnected from its issue",
        ParentLeft::Refused => "No issue can be made of the parent",
    }
}

/// Why a field is not written when an issue is made.
#[must_use]
pub fn left_out(left: &LeftOut) -> String {
    match left {
        LeftOut::NotOnScreen => {
            "Not on the screen that makes issues of this type; sent right after".to_owned()
        }
        LeftOut::ReadOnly => "Jira lets nobody write it".to_owned(),
        LeftOut::Unsayable(Unsayable::NoChoice { name, .. }) => {
            format!("Jira has no choice \u{201c}{name}\u{201d}")
        }
        LeftOut::Unsayable(Unsayable::NoPerson(_)) => "Jira does not know the person".to_owned(),
        LeftOut::Unsayable(Unsayable::NoIssue(_)) => "It names an item without an issue".to_owned(),
        LeftOut::Unsayable(Unsayable::OneWay) => {
            "It cannot be written in Jira from here".to_owned()
        }
    }
}

/// What a conversion left out.
#[must_use]
pub fn conversion_left_out(note: &Note, names: &Names) -> String {
    match note {
        Note::Unmapped {
            field: FieldKey::System(SystemField::Status),
            choice,
        } => format!(
            "Status: {} is not mapped, so the item's status is not set by it",
            choice.name
        ),
        Note::Unmapped { field, choice } => {
            format!(
                "{}: {} is not mapped, so it stays empty",
                names.field(*field),
                choice.name
            )
        }
        Note::Unreadable { field } => {
            format!("{}: the value in Jira does not fit", names.field(*field))
        }
    }
}

/// What the values of a workspace field are.
#[must_use]
pub fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::Text => "Text",
        Kind::LongText => "Long text",
        Kind::RichText => "Rich text",
        Kind::Number => "Number",
        Kind::Date => "Date",
        Kind::SingleSelect => "Single select",
        Kind::MultiSelect => "Multi select",
        Kind::Timeframe => "Timeframe",
        Kind::Link => "Link",
        Kind::Checkbox => "Checkbox",
        Kind::Person => "Person",
        Kind::Labels => "Labels",
        Kind::Formula => "Formula",
        Kind::Dependencies => "Dependencies",
    }
}

/// What the values of a Jira field are.
#[must_use]
pub fn remote_kind(kind: &RemoteKind) -> String {
    let words = match kind {
        RemoteKind::Text => "Text",
        RemoteKind::LongText => "Long text",
        RemoteKind::RichText => "Rich text",
        RemoteKind::Number => "Number",
        RemoteKind::Date => "Date",
        RemoteKind::DateTime => "Date and time",
        RemoteKind::SingleSelect => "Single select",
        RemoteKind::MultiSelect => "Multi select",
        RemoteKind::Cascading => "Cascading select",
        RemoteKind::Person => "Person",
        RemoteKind::People => "People",
        RemoteKind::Groups => "Groups",
        RemoteKind::Labels => "Labels",
        RemoteKind::Version => "Version",
        RemoteKind::Versions => "Versions",
        RemoteKind::Components => "Components",
        RemoteKind::Sprint => "Sprint",
        RemoteKind::Team => "Team",
        RemoteKind::Link => "Link",
        RemoteKind::Project => "Project",
        RemoteKind::IssueLinks => "Issue links",
        RemoteKind::Unsupported(_) => "Another kind",
    };
    words.to_owned()
}

/// `a`, `a and b`, `a, b and c`.
fn list(words: &[String]) -> String {
    match words {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}
