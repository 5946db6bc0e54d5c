//! What is disconnected, linking it again, and deleting items.

use super::{FieldValue, wire};
use crate::error::ErrorDto;

wire! {
    /// Why a pair was severed.
    pub enum SeverReason {
        /// The issue was deleted in Jira.
        DeletedThere,
        /// The item was deleted here.
        DeletedHere,
        /// The issue was moved to a project that is not integrated.
        MovedAway,
        /// The issue no longer meets the integration's filter.
        OutOfScope,
        /// The account may no longer see the issue.
        NoPermission,
        /// The connection was removed.
        ConnectionRemoved,
        /// Somebody disconnected it.
        ByHand,
    }
}

wire! {
    /// Asks for severed pairs.
    pub struct DisconnectedArgs {
        /// Only those of this integration.
        pub integration_id: Option<i64>,
        /// Only those with this reason.
        pub reason: Option<SeverReason>,
        /// Only those whose title or key holds this.
        pub search: String,
        /// Those that were put out of sight, instead of the others.
        pub dismissed: bool,
    }
}

wire! {
    /// All that is disconnected, or may be.
    pub struct Disconnected {
        /// Severed pairs that were asked for, the latest first; at most 1,000.
        pub pairs: Vec<SeveredPair>,
        /// How many severed pairs there are, by integration and reason, whatever was asked for.
        pub counts: Vec<SeveredCount>,
        /// Pairs in force whose issues are out of reach, the longest first.
        pub absent: Vec<AbsentPair>,
        /// Questions whether unusually many pairs are to be severed.
        pub questions: Vec<SeverQuestion>,
    }
}

wire! {
    /// How many severed pairs there are of one sort.
    pub struct SeveredCount {
        /// Through which integration; none if that is gone.
        pub integration_id: Option<i64>,
        /// Why.
        pub reason: SeverReason,
        /// How many.
        pub count: u32,
    }
}

wire! {
    /// A severed pair.
    pub struct SeveredPair {
        /// Its id.
        pub link_id: i64,
        /// The item.
        pub item_id: i64,
        /// The item's type.
        pub item_type: i64,
        /// The item's title.
        pub title: String,
        /// Whether the item was deleted here.
        pub item_gone: bool,
        /// Through which connection it was; it may be gone.
        pub connection_id: i64,
        /// Through which integration it was; none if that is gone.
        pub integration_id: Option<i64>,
        /// The integration's name; empty if it is gone.
        pub integration_name: String,
        /// Key of the issue as it was last seen.
        pub key: String,
        /// The issue in the browser.
        pub url: String,
        /// Whether its connection was removed: nothing can be done about it before somebody connects to the site again.
        pub connection_gone: bool,
        /// Why.
        pub reason: SeverReason,
        /// Since when; none if nobody noted it.
        pub severed_at: Option<String>,
        /// Whether somebody has put it out of sight.
        pub dismissed: bool,
    }
}

wire! {
    /// What the last look for an issue out of reach found.
    pub enum AbsenceState {
        /// It is not there, or hidden from the account; the project can be read.
        Unseen,
        /// The account sees nothing of the project any more.
        ProjectUnseen,
        /// It answers by its id, and no search finds it.
        Archived,
    }
}

wire! {
    /// A pair in force whose issue is out of reach.
    pub struct AbsentPair {
        /// Its id.
        pub link_id: i64,
        /// The item.
        pub item_id: i64,
        /// The item's title.
        pub title: String,
        /// Through which integration.
        pub integration_id: Option<i64>,
        /// The integration's name.
        pub integration_name: String,
        /// Key of the issue as it was last seen.
        pub key: String,
        /// The issue in the browser.
        pub url: String,
        /// What the last look found.
        pub state: AbsenceState,
        /// Looks that found it so, one after the other.
        pub looks: u32,
        /// Since when.
        pub since: String,
        /// When it is looked for again.
        pub next_at: String,
    }
}

wire! {
    /// The question whether unusually many pairs of an integration are to be severed.
    pub struct SeverQuestion {
        /// The integration.
        pub integration_id: i64,
        /// Its name.
        pub integration_name: String,
        /// How many pairs it has in force.
        pub linked: u32,
        /// The pairs.
        pub pairs: Vec<QuestionPair>,
    }
}

wire! {
    /// A pair that would be severed.
    pub struct QuestionPair {
        /// Its id.
        pub link_id: i64,
        /// The item.
        pub item_id: i64,
        /// The item's title.
        pub title: String,
        /// Key of the issue.
        pub key: String,
        /// Why.
        pub reason: SeverReason,
    }
}

wire! {
    /// Answers a [`SeverQuestion`].
    pub struct SeverDecisionArgs {
        /// The integration.
        pub integration_id: i64,
        /// Severs the pairs, instead of leaving them in force.
        pub sever: bool,
    }
}

wire! {
    /// How many of something there were.
    pub struct Counted {
        /// How many.
        pub count: u32,
    }
}

wire! {
    /// Names pairs.
    pub struct LinkArgs {
        /// Their ids.
        pub link_ids: Vec<i64>,
    }
}

wire! {
    /// What Jira says of the issue of a pair now.
    pub struct PairLook {
        /// The pair.
        pub link_id: i64,
        /// What Jira says.
        pub issue: IssueLook,
    }
}

wire! {
    /// What Jira says of an issue now.
    pub tagged IssueLook {
        /// It is there.
        There {
            /// Its key.
            key: String,
            /// Its title.
            title: String,
            /// Name of its type.
            issue_type: String,
            /// Name of its status.
            status: String,
            /// Key of its project.
            project: String,
            /// When it last changed.
            updated_at: Option<String>,
        },
        /// It is not there, or may not be seen; Jira does not tell which.
        NotThere,
    }
}

wire! {
    /// Disconnects pairs in force by hand.
    pub struct UnlinkArgs {
        /// The pairs.
        pub link_ids: Vec<i64>,
        /// What is known of them: `deleted_there` for issues that are known to be deleted, else `by_hand`.
        pub reason: SeverReason,
    }
}

wire! {
    /// What disconnecting did.
    pub struct Unlinked {
        /// The pairs that are severed now: given to `unlink_undo` they are in force again.
        pub link_ids: Vec<i64>,
    }
}

wire! {
    /// Puts severed pairs out of sight, or back.
    pub struct DismissArgs {
        /// The pairs.
        pub link_ids: Vec<i64>,
        /// Out of sight.
        pub dismissed: bool,
    }
}

wire! {
    /// Asks for issues that an item may be.
    pub struct MatchesArgs {
        /// The severed pair.
        pub link_id: i64,
        /// Words to look for, or a key; none for those of the item's title.
        pub query: Option<String>,
    }
}

wire! {
    /// An issue that an item may be.
    pub struct IssueMatch {
        /// Its id.
        pub remote_id: String,
        /// Its key.
        pub key: String,
        /// Its title.
        pub title: String,
        /// Name of its type.
        pub issue_type: String,
        /// Name of its status.
        pub status: String,
        /// How likely it is the same thing, in percent.
        pub score: u8,
        /// Whether its type is mapped to the item's.
        pub same_type: bool,
        /// Whether both stand below the same thing; none where that cannot be told.
        pub same_parent: Option<bool>,
    }
}

wire! {
    /// Asks for a comparison.
    pub struct CompareArgs {
        /// The severed pair.
        pub link_id: i64,
        /// Id or key of the issue to compare with; none for the pair's own.
        pub issue: Option<String>,
    }
}

wire! {
    /// Which side changed a field since both had agreed.
    pub enum Standing {
        /// The item.
        ChangedHere,
        /// The issue.
        ChangedThere,
        /// Both, to different values.
        ChangedBoth,
        /// It is not known on what they had agreed.
        NeverAgreed,
    }
}

wire! {
    /// An item and an issue beside each other.
    pub struct Comparison {
        /// The severed pair.
        pub link_id: i64,
        /// Its item.
        pub item_id: i64,
        /// The item's title.
        pub title: String,
        /// Through which integration they would be linked.
        pub integration_id: i64,
        /// Id of the issue.
        pub remote_id: String,
        /// Key of the issue.
        pub key: String,
        /// Title of the issue.
        pub remote_title: String,
        /// Whether it is the issue of the pair, and not another one.
        pub same_issue: bool,
        /// All fields, in the mapping's order; the parent comes last.
        pub fields: Vec<ComparedField>,
    }
}

wire! {
    /// A field of both sides.
    pub struct ComparedField {
        /// The field's key; `parent` for what it is part of.
        pub key: String,
        /// The field's name.
        pub name: String,
        /// What stands here.
        pub here: FieldValue,
        /// What Jira says.
        pub there: FieldValue,
        /// Whether both are the same.
        pub alike: bool,
        /// Who changed it.
        pub standing: Standing,
        /// Who is to win if nobody says otherwise; none where a person has to say, and where both are the same.
        pub suggested: Option<super::ConflictWinner>,
        /// What it was, to be given back with the choice.
        pub seen: String,
    }
}

wire! {
    /// A choice about a compared field.
    pub struct WinnerChoice {
        /// The field's key.
        pub key: String,
        /// What it was when it was chosen.
        pub seen: String,
        /// Who wins; none where both are the same.
        pub winner: Option<super::ConflictWinner>,
    }
}

wire! {
    /// Links a severed pair again.
    pub struct RelinkArgs {
        /// The severed pair.
        pub link_id: i64,
        /// Id of the issue: the pair's own, or another one.
        pub remote_id: String,
        /// A choice for every field that was compared.
        pub choices: Vec<WinnerChoice>,
    }
}

wire! {
    /// Links several severed pairs again with their own issues.
    pub struct RelinkManyArgs {
        /// The severed pairs.
        pub link_ids: Vec<i64>,
        /// Who wins where both sides changed a field; none to leave such pairs as they are.
        pub winner: Option<super::ConflictWinner>,
    }
}

wire! {
    /// What became of a severed pair.
    pub struct ResyncOutcome {
        /// The pair.
        pub link_id: i64,
        /// What became of it.
        pub outcome: Resynced,
    }
}

wire! {
    /// What became of a severed pair.
    pub tagged Resynced {
        /// It is in force again, or its issue came in anew.
        Linked,
        /// The item that was deleted here is back.
        Restored,
        /// Both sides changed these fields, and somebody has to choose.
        NeedsChoice {
            /// Names of the fields.
            fields: Vec<String>,
        },
        /// It is as it was.
        Failed {
            /// Why.
            error: ErrorDto,
        },
    }
}

wire! {
    /// Names items.
    pub struct ItemIdsArgs {
        /// Their ids.
        pub ids: Vec<i64>,
    }
}

wire! {
    /// What a deletion of items takes or took: they go with all that is below them.
    pub struct DeletionExtent {
        /// Items.
        pub items: u32,
        /// Issues that are linked to them; they stay in Jira.
        pub issues: u32,
    }
}

wire! {
    /// What a deletion took.
    pub struct ItemsDeleted {
        /// Items.
        pub items: u32,
        /// Issues that were linked to them; they stay in Jira.
        pub issues: u32,
        /// Takes it back when given to `items_delete_undo`.
        pub undo: i64,
    }
}

wire! {
    /// What becomes of pairs whose issues leave what an integration is about.
    pub enum OutOfScope {
        /// Both sides are kept in step as before.
        Keep,
        /// The pair is severed.
        Stop,
    }
}

wire! {
    /// The policy of an integration.
    pub struct ScopePolicy {
        /// The integration.
        pub integration_id: i64,
        /// The policy.
        pub out_of_scope: OutOfScope,
    }
}

wire! {
    /// Lets issues that are out of reach be looked for again with the next cycle.
    pub struct LookAgainArgs {
        /// The integration.
        pub integration_id: i64,
    }
}
