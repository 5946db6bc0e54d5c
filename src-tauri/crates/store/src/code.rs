//! The words that stand for the members of closed lists, in columns and in JSON.
//!
//! A word that was ever written is never given another meaning.

use sync::mapping::{Direction, Winner};
use sync::remote::Role;
use workspace::person::Seat;
use workspace::value::Relation;
use workspace::{Kind, RichFormat, StatusCategory};

/// A closed list whose members have words.
pub trait Code: Copy + Sized + 'static {
    /// What the list is, for messages about a word that is not in it.
    const WHAT: &'static str;

    /// The member's word.
    fn code(self) -> &'static str;

    /// The member that a word stands for; none if it stands for nothing.
    fn from_code(code: &str) -> Option<Self>;
}

macro_rules! codes {
    ($($ty:ty, $what:literal { $($variant:ident = $code:literal),* $(,)? })*) => {$(
        impl $crate::code::Code for $ty {
            const WHAT: &'static str = $what;

            fn code(self) -> &'static str {
                match self { $(Self::$variant => $code),* }
            }

            fn from_code(code: &str) -> Option<Self> {
                match code { $($code => Some(Self::$variant),)* _ => None }
            }
        }
    )*};
}
pub(crate) use codes;

codes! {
    Kind, "kind of field" {
        Text = "text", LongText = "long_text", RichText = "rich_text", Number = "number", Date = "date",
        SingleSelect = "single_select", MultiSelect = "multi_select", Timeframe = "timeframe",
        Link = "link", Checkbox = "checkbox", Person = "person", Labels = "labels",
        Formula = "formula", Dependencies = "dependencies",
    }
    StatusCategory, "status category" { Open = "open", InProgress = "in_progress", Done = "done" }
    Seat, "seat" { Admin = "admin", Editor = "editor", Contributor = "contributor", Met = "met" }
    RichFormat, "notation" { Adf = "adf", Wiki = "wiki", Plain = "plain" }
    Relation, "relation" { Blocks = "blocks", BlockedBy = "blocked_by", RelatesTo = "relates_to", PartOf = "part_of" }
    Direction, "direction" {
        Both = "both", ToRemote = "to_remote", FromRemote = "from_remote", SetOnce = "set_once",
    }
    Winner, "winner" {
        Ask = "ask", Remote = "remote", Workspace = "workspace", Newest = "newest",
    }
    Role, "role of a field" {
        Title = "title", Description = "description", Priority = "priority", Assignee = "assignee",
        Reporter = "reporter", Sprint = "sprint", StoryPoints = "story_points",
        Components = "components", FixVersions = "fix_versions", Labels = "labels",
        StartDate = "start_date", DueDate = "due_date", Team = "team", Status = "status",
        Parent = "parent", EpicName = "epic_name", OriginalEstimate = "original_estimate", Links = "links",
    }
}
