//! Deciding many conflicts at once.

use super::{ConflictWinner, wire};
use crate::error::ErrorDto;

wire! {
    /// Asks in which fields there are conflicts.
    pub struct ConflictFieldsArgs {
        /// Only those of this integration.
        pub integration_id: Option<i64>,
    }
}

wire! {
    /// A field that is in conflict.
    pub struct ConflictField {
        /// The field's key.
        pub field: String,
        /// Its name.
        pub name: String,
        /// In how many items, all of them counted.
        pub count: u32,
    }
}

wire! {
    /// Decides conflicts for one side: all that the filter lets through.
    pub struct ResolveManyArgs {
        /// Only those of this integration.
        pub integration_id: Option<i64>,
        /// Only those of the field with this key.
        pub field: Option<String>,
        /// Only these.
        pub some: Option<Vec<ConflictKey>>,
        /// Who wins.
        pub winner: ConflictWinner,
    }
}

wire! {
    /// What names a conflict.
    pub struct ConflictKey {
        /// The item.
        pub item_id: i64,
        /// The field's key.
        pub field: String,
    }
}

wire! {
    /// What deciding many conflicts came to.
    pub struct Resolved {
        /// How many were decided.
        pub decided: u32,
        /// Those that could not be, and why.
        pub left: Vec<Undecided>,
        /// What takes the decisions back; none if there were none.
        pub undo: Option<i64>,
    }
}

wire! {
    /// A conflict that could not be decided.
    pub struct Undecided {
        /// The item.
        pub item_id: i64,
        /// Its title.
        pub title: String,
        /// Key of its issue; empty if the field is in no conflict any more.
        pub key: String,
        /// The field's key.
        pub field: String,
        /// The field's name.
        pub field_name: String,
        /// Why.
        pub problem: ErrorDto,
    }
}

wire! {
    /// What taking decisions back came to.
    pub struct ResolvedUndone {
        /// Fields that are in conflict again.
        pub undone: u32,
        /// Fields that stay decided: their value was sent meanwhile, or changed again.
        pub kept: u32,
    }
}
