//! Steps 5 and 6: hierarchy and fields.

use super::wire;

wire! {
    /// Which integration, and whether Jira is asked anew.
    pub struct SchemaArgs {
        /// Integration.
        pub integration_id: i64,
        /// Ask Jira anew rather than use what it last said.
        pub refresh: bool,
    }
}

wire! {
    /// A workspace type and a Jira type that belong together.
    pub struct TypePair {
        /// Workspace type.
        pub item_type: i64,
        /// Jira type id.
        pub remote_type: String,
    }
}

wire! {
    /// Everything that step 5 shows.
    pub struct Hierarchy {
        /// The workspace's levels, top first.
        pub levels: Vec<Level>,
        /// Jira's types, highest level first.
        pub remote_types: Vec<RemoteType>,
        /// What may be chosen for each workspace type, and why not the rest.
        pub choices: Vec<TypeChoice>,
        /// Pairs saved before, or the proposal.
        pub pairs: Vec<TypePair>,
        /// What is proposed, with reasons.
        pub proposals: Vec<TypeProposal>,
        /// Whether `pairs` were saved.
        pub saved: bool,
        /// What is wrong with `pairs`.
        pub remarks: Vec<TypeRemark>,
    }
}

wire! {
    /// A level.
    pub struct Level {
        /// Local id.
        pub id: i64,
        /// Name of one.
        pub singular: String,
        /// Name of many.
        pub plural: String,
        /// Types that stand on it.
        pub types: Vec<ItemType>,
    }
}

wire! {
    /// A workspace type.
    pub struct ItemType {
        /// Local id.
        pub id: i64,
        /// Name of one.
        pub singular: String,
        /// Name of many.
        pub plural: String,
        /// Icon name.
        pub icon: String,
        /// Colour name.
        pub colour: String,
    }
}

wire! {
    /// A Jira type.
    pub struct RemoteType {
        /// Jira's id.
        pub id: String,
        /// Name as Jira shows it.
        pub name: String,
        /// Level in words: `Epic level`, `Standard`, `Sub-task`.
        pub level_name: String,
        /// Level: -1 sub-task, 0 standard, 1 epic, 2 and above.
        pub level: Option<i8>,
    }
}

wire! {
    /// Whether a Jira type may be chosen for a workspace type.
    pub struct TypeChoice {
        /// Workspace type.
        pub item_type: i64,
        /// Jira type id.
        pub remote_type: String,
        /// Why not; absent if it may.
        pub refusal: Option<String>,
    }
}

wire! {
    /// A proposed pair of types.
    pub struct TypeProposal {
        /// Workspace type.
        pub item_type: i64,
        /// Jira type id.
        pub remote_type: String,
        /// How sure, in percent.
        pub confidence: u8,
        /// Why.
        pub reason: String,
    }
}

wire! {
    /// Something to say about a pair of types, beside its row.
    pub struct TypeRemark {
        /// Workspace type, where it is about one.
        pub item_type: Option<i64>,
        /// Jira type id, where it is about one.
        pub remote_type: Option<String>,
        /// How bad.
        pub severity: Severity,
        /// In words.
        pub text: String,
    }
}

wire! {
    /// How bad something is.
    pub enum Severity {
        /// It cannot be saved so.
        Refusal,
        /// It can, but.
        Warning,
    }
}

wire! {
    /// Pairs of types of an integration.
    pub struct TypePairsArgs {
        /// Integration.
        pub integration_id: i64,
        /// The pairs.
        pub pairs: Vec<TypePair>,
    }
}

wire! {
    /// How the tree will look: real issues, in tree order.
    pub struct SampleTree {
        /// The issues.
        pub nodes: Vec<SampleNode>,
    }
}

wire! {
    /// A real issue in the sample.
    pub struct SampleNode {
        /// Issue key.
        pub key: String,
        /// Title.
        pub title: String,
        /// Jira type name.
        pub remote_type: String,
        /// Workspace type that it becomes; none if its type is not mapped.
        pub item_type: Option<i64>,
        /// Depth in the tree, from 0.
        pub depth: u16,
        /// What is odd about it: parent missing, type not mapped.
        pub remark: Option<String>,
    }
}

wire! {
    /// Which way changes go.
    pub enum Direction {
        /// Both ways.
        Both,
        /// To Jira.
        ToRemote,
        /// From Jira.
        FromRemote,
        /// Set when the twin is made, then left alone.
        SetOnce,
    }
}

wire! {
    /// Who wins a conflict.
    pub enum Winner {
        /// A person decides.
        Ask,
        /// Jira.
        Remote,
        /// The workspace.
        Workspace,
        /// The newest change.
        Newest,
    }
}

wire! {
    /// A pair of fields.
    pub struct FieldPair {
        /// Workspace field key, for example `story_points` or `custom:12`.
        pub field: String,
        /// Jira field id.
        pub remote_field: String,
        /// Which way.
        pub direction: Direction,
        /// Who wins.
        pub winner: Winner,
        /// Choices that belong together.
        pub values: Vec<ValuePair>,
        /// Whether it is locked on.
        pub core: bool,
    }
}

wire! {
    /// A pair of choices.
    pub struct ValuePair {
        /// Jira's option id.
        pub remote_option: String,
        /// The workspace's option; none leaves it unmapped.
        pub option: Option<i64>,
    }
}

wire! {
    /// Everything that step 6 shows.
    pub struct FieldMapping {
        /// Workspace fields that can be mapped.
        pub fields: Vec<Field>,
        /// Jira's fields.
        pub remote_fields: Vec<RemoteField>,
        /// Pairs saved before, or the core pairs.
        pub pairs: Vec<FieldPair>,
        /// Pairs that are suggested and not in `pairs`.
        pub suggestions: Vec<FieldSuggestion>,
        /// What is to say about `pairs`.
        pub remarks: Vec<FieldRemark>,
        /// Whether `pairs` were saved.
        pub saved: bool,
    }
}

wire! {
    /// A workspace field.
    pub struct Field {
        /// Key.
        pub key: String,
        /// Name.
        pub name: String,
        /// What its values are, in words.
        pub kind: String,
        /// Choices, for selects.
        pub options: Vec<FieldOption>,
        /// A value that an item holds, where one does.
        pub sample: Option<String>,
        /// For each Jira field that may not be chosen or loses something: why.
        pub choices: Vec<FieldChoice>,
    }
}

wire! {
    /// A choice of a workspace field.
    pub struct FieldOption {
        /// Local id.
        pub id: i64,
        /// Name.
        pub name: String,
        /// Colour name.
        pub colour: Option<String>,
    }
}

wire! {
    /// Whether a Jira field may be chosen for a workspace field. Fields that fit exactly are not listed.
    pub struct FieldChoice {
        /// Jira field id.
        pub remote_field: String,
        /// Why it may not be chosen.
        pub refusal: Option<String>,
        /// What is converted or lost, if it may.
        pub note: Option<String>,
        /// Directions that make sense; empty if it may not be chosen.
        pub directions: Vec<Direction>,
    }
}

wire! {
    /// A Jira field.
    pub struct RemoteField {
        /// Jira's id.
        pub id: String,
        /// Name as Jira shows it.
        pub name: String,
        /// What its values are, in words.
        pub kind: String,
        /// Whether somebody added it to the site.
        pub custom: bool,
        /// Whether it stands on the create screen of the mapped types; unknown where Jira does not tell.
        pub on_create: Option<bool>,
        /// Options, for selects.
        pub options: Vec<RemoteOption>,
        /// A value from a real issue, where one has it.
        pub sample: Option<String>,
    }
}

wire! {
    /// A choice of a Jira field.
    pub struct RemoteOption {
        /// Jira's id.
        pub id: String,
        /// Name as Jira shows it.
        pub name: String,
    }
}

wire! {
    /// A suggested pair.
    pub struct FieldSuggestion {
        /// The pair.
        pub pair: FieldPair,
        /// How sure, in percent.
        pub confidence: u8,
        /// Why.
        pub reason: String,
    }
}

wire! {
    /// Something to say about a pair of fields, beside its row.
    pub struct FieldRemark {
        /// Workspace field key, where it is about one.
        pub field: Option<String>,
        /// Jira field id, where it is about one.
        pub remote_field: Option<String>,
        /// How bad.
        pub severity: Severity,
        /// In words.
        pub text: String,
    }
}

wire! {
    /// Pairs of fields of an integration.
    pub struct FieldPairsArgs {
        /// Integration.
        pub integration_id: i64,
        /// The pairs.
        pub pairs: Vec<FieldPair>,
    }
}

wire! {
    /// A pair whose choices are to be matched.
    pub struct ValuesArgs {
        /// Integration.
        pub integration_id: i64,
        /// Workspace field key.
        pub field: String,
        /// Jira field id.
        pub remote_field: String,
    }
}

wire! {
    /// Proposed pairs of choices.
    pub struct Values {
        /// A line for each of Jira's options.
        pub lines: Vec<ValueLine>,
        /// Whether an unmapped choice is added to the workspace under its own name (else it is left empty).
        pub grows: bool,
    }
}

wire! {
    /// One of Jira's options and what it becomes.
    pub struct ValueLine {
        /// Jira's option.
        pub remote: RemoteOption,
        /// The workspace's option that is proposed.
        pub option: Option<i64>,
        /// How sure, in percent.
        pub confidence: u8,
        /// Why.
        pub reason: String,
    }
}
