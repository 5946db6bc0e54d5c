//! Fields: what an item can say about itself.

use crate::id::{CustomFieldId, OptionId};
use jiff::civil::Date;

/// The fields that every workspace has. They can be renamed and hidden, never deleted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SystemField {
    /// The item's title.
    Title,
    /// What it is about, as rich text.
    Description,
    /// How much it matters: ordered, renamable values.
    Importance,
    /// Where it stands in the workspace's own workflow.
    Status,
    /// The status in the remote, raw and read only.
    DevStatus,
    /// Who answers for it on the product side.
    Assignee,
    /// Who builds it.
    DevAssignee,
    /// Worth, a number.
    Value,
    /// Cost, a number.
    Effort,
    /// Size as the team estimates it.
    StoryPoints,
    /// Estimated work in hours.
    EstimatedHours,
    /// Kano category.
    Kano,
    /// Free words.
    Labels,
    /// First day.
    StartDate,
    /// Day it should be done.
    TargetDate,
    /// Short time box.
    Sprint,
    /// Long time box: quarter or release.
    Quarter,
    /// Parts of the product that it touches.
    Components,
    /// Team that it is given to.
    Team,
    /// Objective that it serves.
    Objective,
    /// Key result that it moves.
    KeyResult,
    /// For whom it is.
    Persona,
    /// Items that it blocks, waits for or relates to.
    Dependencies,
    /// The item that it is part of. It stands in the tree and not among an item's values, and is none of
    /// [`SystemField::ALL`]; but it is edited, compared, sent and decided about as they are.
    Parent,
}

impl SystemField {
    /// Every system field that an item holds, in the order in which it shows them.
    pub const ALL: [SystemField; 23] = [
        Self::Title,
        Self::Description,
        Self::Status,
        Self::DevStatus,
        Self::Importance,
        Self::Assignee,
        Self::DevAssignee,
        Self::Sprint,
        Self::Quarter,
        Self::StoryPoints,
        Self::EstimatedHours,
        Self::Value,
        Self::Effort,
        Self::Kano,
        Self::Labels,
        Self::Components,
        Self::Team,
        Self::StartDate,
        Self::TargetDate,
        Self::Objective,
        Self::KeyResult,
        Self::Persona,
        Self::Dependencies,
    ];

    /// The name by which it is written down; never translated, never changed.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Title => "title",
            Self::Description => "description",
            Self::Importance => "importance",
            Self::Status => "status",
            Self::DevStatus => "dev_status",
            Self::Assignee => "assignee",
            Self::DevAssignee => "dev_assignee",
            Self::Value => "value",
            Self::Effort => "effort",
            Self::StoryPoints => "story_points",
            Self::EstimatedHours => "estimated_hours",
            Self::Kano => "kano",
            Self::Labels => "labels",
            Self::StartDate => "start_date",
            Self::TargetDate => "target_date",
            Self::Sprint => "sprint",
            Self::Quarter => "quarter",
            Self::Components => "components",
            Self::Team => "team",
            Self::Objective => "objective",
            Self::KeyResult => "key_result",
            Self::Persona => "persona",
            Self::Dependencies => "dependencies",
            Self::Parent => "parent",
        }
    }

    /// The name that a new workspace gives it.
    #[must_use]
    pub fn default_name(self) -> &'static str {
        match self {
            Self::Title => "Title",
            Self::Description => "Description",
            Self::Importance => "Importance",
            Self::Status => "Status",
            Self::DevStatus => "Dev Status",
            Self::Assignee => "Assignee",
            Self::DevAssignee => "Dev Assignee",
            Self::Value => "Value",
            Self::Effort => "Effort",
            Self::StoryPoints => "Story points",
            Self::EstimatedHours => "Estimated hours",
            Self::Kano => "Kano",
            Self::Labels => "Labels",
            Self::StartDate => "Start date",
            Self::TargetDate => "Target date",
            Self::Sprint => "Sprint",
            Self::Quarter => "Quarter / release",
            Self::Components => "Components",
            Self::Team => "Team",
            Self::Objective => "Objective",
            Self::KeyResult => "Key result",
            Self::Persona => "Persona",
            Self::Dependencies => "Dependencies",
            Self::Parent => "Parent",
        }
    }

    /// What its values are.
    #[must_use]
    pub fn kind(self) -> Kind {
        match self {
            Self::Title | Self::DevStatus => Kind::Text,
            Self::Description => Kind::RichText,
            Self::Importance
            | Self::Status
            | Self::Kano
            | Self::Sprint
            | Self::Team
            | Self::Objective
            | Self::KeyResult => Kind::SingleSelect,
            Self::Quarter | Self::Components | Self::Persona => Kind::MultiSelect,
            Self::Assignee | Self::DevAssignee => Kind::Person,
            Self::Value | Self::Effort | Self::StoryPoints | Self::EstimatedHours => Kind::Number,
            Self::Labels => Kind::Labels,
            Self::StartDate | Self::TargetDate => Kind::Date,
            Self::Dependencies | Self::Parent => Kind::Dependencies,
        }
    }

    /// Whether its choices mirror lists of the remote, so that an import may add to them without
    /// asking (a sprint met in Jira becomes a sprint here). Importance and status are not such lists:
    /// their values are the admin's own and are mapped instead.
    #[must_use]
    pub fn choices_grow(self) -> bool {
        matches!(
            self,
            Self::Sprint
                | Self::Quarter
                | Self::Components
                | Self::Team
                | Self::Objective
                | Self::KeyResult
                | Self::Persona
        )
    }
}

/// Which field: one that every workspace has, or one that an admin made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FieldKey {
    /// A system field.
    System(SystemField),
    /// A custom field.
    Custom(CustomFieldId),
}

impl std::fmt::Display for FieldKey {
    /// Writes the form that [`FieldKey::parse`] reads: `story_points`, `custom:12`.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::System(field) => f.write_str(field.key()),
            Self::Custom(id) => write!(f, "custom:{id}"),
        }
    }
}

impl FieldKey {
    /// Reads what [`Display`](std::fmt::Display) wrote; none if it names no field.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        if let Some(number) = text.strip_prefix("custom:") {
            return number
                .parse()
                .ok()
                .map(|id| Self::Custom(CustomFieldId(id)));
        }
        let mut all = SystemField::ALL.into_iter().chain([SystemField::Parent]);
        all.find(|field| field.key() == text).map(Self::System)
    }
}

impl From<SystemField> for FieldKey {
    fn from(field: SystemField) -> Self {
        Self::System(field)
    }
}

/// What a field's values are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// One line of text.
    Text,
    /// Several lines of plain text.
    LongText,
    /// Text with headings, lists, tables.
    RichText,
    /// A number.
    Number,
    /// A day.
    Date,
    /// One of an ordered list of choices.
    SingleSelect,
    /// Any of an ordered list of choices.
    MultiSelect,
    /// Any of a list of choices that each have a first and a last day.
    Timeframe,
    /// A web address.
    Link,
    /// Yes or no.
    Checkbox,
    /// One person.
    Person,
    /// Free words without an order.
    Labels,
    /// Computed from other fields; never edited.
    Formula,
    /// Other items.
    Dependencies,
}

/// A field as the workspace has it.
#[derive(Debug, Clone, PartialEq)]
pub struct Field {
    /// Which.
    pub key: FieldKey,
    /// Name, as the admin chose it.
    pub name: String,
    /// What its values are. Never changes after the field was made.
    pub kind: Kind,
    /// Greatest number allowed, for a [`Kind::Number`].
    pub number_max: Option<f64>,
    /// Place among the fields, counted from 0.
    pub position: u32,
}

impl Field {
    /// Whether a person can never edit it here.
    #[must_use]
    pub fn read_only(&self) -> bool {
        self.kind == Kind::Formula || self.key == FieldKey::System(SystemField::DevStatus)
    }

    /// Whether an import may add choices to it without asking.
    ///
    /// Custom selects grow too: an option met in the remote and not mapped to another one is added
    /// under its own name rather than dropped.
    #[must_use]
    pub fn choices_grow(&self) -> bool {
        match self.key {
            FieldKey::System(field) => field.choices_grow(),
            FieldKey::Custom(_) => matches!(
                self.kind,
                Kind::SingleSelect | Kind::MultiSelect | Kind::Timeframe
            ),
        }
    }
}

/// What a status says about progress.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum StatusCategory {
    /// Not begun.
    Open,
    /// Under way.
    InProgress,
    /// Finished.
    Done,
}

/// A choice of a field: a status, an importance, a sprint, a component, an option of a select.
#[derive(Debug, Clone, PartialEq)]
pub struct FieldOption {
    /// Identity.
    pub id: OptionId,
    /// The field that it is a choice of.
    pub field: FieldKey,
    /// Name, as the admin chose it.
    pub name: String,
    /// Place among the field's choices, counted from 0.
    pub position: u32,
    /// A named colour of the interface's palette.
    pub colour: Option<String>,
    /// For choices of [`SystemField::Status`] only.
    pub category: Option<StatusCategory>,
    /// First day, for sprints, quarters and timeframes.
    pub starts_on: Option<Date>,
    /// Last day, for sprints, quarters and timeframes.
    pub ends_on: Option<Date>,
    /// What the choice counts for in a formula.
    pub weight: Option<f64>,
}
