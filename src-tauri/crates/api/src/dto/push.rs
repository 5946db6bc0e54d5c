//! Making items here, and issues of items.

use super::{CreateState, EditValue, FieldValue, wire};
use crate::error::ErrorDto;

wire! {
    /// An item to be made.
    pub struct NewItemArgs {
        /// Title.
        pub title: String,
        /// Type.
        pub item_type: i64,
        /// The item that it is to be part of; none for the top.
        pub parent_id: Option<i64>,
        /// Where it is to lie; none for where its parent lies, or the workspace's first area.
        pub area_id: Option<i64>,
    }
}

wire! {
    /// Asks for issues of items.
    pub struct PushArgs {
        /// The items.
        pub item_ids: Vec<i64>,
        /// Through which integration; none for the one that suggests itself.
        pub integration_id: Option<i64>,
        /// Types of Jira's that somebody chose.
        pub types: Vec<PushType>,
        /// What somebody said of fields that Jira demands.
        pub answers: Vec<PushAnswer>,
        /// Whether Jira is asked anew what it demands. Only a preview asks.
        pub refresh: bool,
        /// Whether those of the items that came apart from their issues get new ones, which is refused while theirs can be
        /// read.
        #[serde(default)]
        pub anew: bool,
    }
}

wire! {
    /// A type that somebody chose.
    pub struct PushType {
        /// Of which item.
        pub item_id: i64,
        /// Id of Jira's type.
        pub remote_type: String,
    }
}

wire! {
    /// What somebody said of a field that Jira demands.
    pub struct PushAnswer {
        /// Of which item; none for all that become issues of the type.
        pub item_id: Option<i64>,
        /// Id of Jira's type.
        pub remote_type: String,
        /// Id of Jira's field.
        pub field: String,
        /// What.
        pub value: PushValue,
    }
}

wire! {
    /// What a field of Jira's is to hold.
    pub tagged PushValue {
        /// What is typed.
        Typed {
            /// The value; never a choice or a person.
            value: EditValue,
        },
        /// What is chosen.
        Chosen {
            /// Ids of Jira's choices.
            ids: Vec<String>,
        },
    }
}

wire! {
    /// What would be made.
    pub struct PushPreview {
        /// Through which integration.
        pub integration_id: i64,
        /// Its name.
        pub integration_name: String,
        /// Key of its project.
        pub project_key: String,
        /// The items, in the order of the tree.
        pub rows: Vec<PushRow>,
        /// Of how many an issue would be made.
        pub count: u32,
        /// Fields that Jira demands and that nobody has said anything of, by type.
        pub questions: Vec<PushQuestion>,
        /// Why Jira could not be asked what it demands: this is by what it said last.
        pub unasked: Option<ErrorDto>,
    }
}

wire! {
    /// What would become of an item.
    pub struct PushRow {
        /// The item.
        pub item_id: i64,
        /// How many of the items above it are rows too.
        pub depth: u32,
        /// Title.
        pub title: String,
        /// Its type here.
        pub item_type: i64,
        /// Whether nobody asked for it: others need it as their parent.
        pub taken_along: bool,
        /// Why no issue can be made of it.
        pub refused: Option<String>,
        /// Key of the issue that it has.
        pub key: Option<String>,
        /// Address of that issue, for people.
        pub url: Option<String>,
        /// How far the making of its issue has come, if that was asked for.
        pub create: Option<CreateState>,
        /// Id of the type that its issue has.
        pub remote_type: Option<String>,
        /// The types that its issue may have.
        pub types: Vec<PushChoice>,
        /// What its issue says, in the order of the mapping.
        pub writes: Vec<PushWrite>,
        /// What is left out, and why.
        pub left_out: Vec<PushLeftOut>,
        /// Ids of fields that Jira demands and that nobody has said anything of.
        pub asked: Vec<String>,
    }
}

wire! {
    /// A choice of Jira's.
    pub struct PushChoice {
        /// Jira's id.
        pub id: String,
        /// Jira's name.
        pub name: String,
    }
}

wire! {
    /// What an issue says in a field.
    pub struct PushWrite {
        /// Jira's name of the field.
        pub name: String,
        /// What.
        pub value: FieldValue,
        /// Whether nothing here is mapped to it: somebody said it, or it is demanded and made up from the title.
        pub beside: bool,
    }
}

wire! {
    /// What an issue does not say.
    pub struct PushLeftOut {
        /// What is left out.
        pub name: String,
        /// Why.
        pub reason: String,
    }
}

wire! {
    /// A field that Jira demands of issues of a type.
    pub struct PushQuestion {
        /// Id of Jira's type.
        pub remote_type: String,
        /// Its name.
        pub type_name: String,
        /// Id of Jira's field.
        pub field: String,
        /// Its name.
        pub name: String,
        /// How it is answered.
        pub input: PushInput,
        /// What can be chosen.
        pub choices: Vec<PushChoice>,
        /// The items that it is asked for.
        pub item_ids: Vec<i64>,
    }
}

wire! {
    /// How a question is answered.
    pub enum PushInput {
        /// By a line of text.
        Text,
        /// By several lines of text.
        LongText,
        /// By a number.
        Number,
        /// By a day.
        Date,
        /// By words without blanks.
        Labels,
        /// By a web address.
        Link,
        /// By one choice.
        One,
        /// By one choice or several.
        Many,
    }
}

wire! {
    /// What was asked for.
    pub struct Pushed {
        /// Through which integration.
        pub integration_id: i64,
        /// Items of which an issue is made with the next sync, parents first.
        pub item_ids: Vec<i64>,
    }
}

wire! {
    /// What was taken back.
    pub struct PushCancelled {
        /// Of how many items.
        pub count: u32,
    }
}
