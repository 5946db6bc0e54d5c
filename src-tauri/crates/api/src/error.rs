//! What goes wrong, as it travels: a code from a closed list and what belongs to it.
//!
//! One table (in the interface, `errors.ts`; in the terminal, [`words`]) turns a code into title,
//! cause and cure. Nobody reads the meaning out of a message.

use crate::words::words;
use std::collections::BTreeMap;

macro_rules! codes {
    ($($(#[$doc:meta])* $code:ident),* $(,)?) => {
        /// The closed list of what can go wrong.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize, ts_rs::TS)]
        #[serde(rename_all = "snake_case")]
        pub enum ErrorCode { $($(#[$doc])* $code),* }

        impl ErrorCode {
            /// Every code.
            pub const ALL: &'static [ErrorCode] = &[$(ErrorCode::$code),*];
        }
    };
}

codes! {
    /// The address is not one.
    UrlInvalid,
    /// No such host.
    HostUnknown,
    /// The host refuses the connection, or nothing listens there.
    HostRefused,
    /// No answer in time.
    HostTimeout,
    /// The proxy does not answer or refuses.
    ProxyFailed,
    /// The certificate is not trusted. Detail `reason`.
    TlsUntrusted,
    /// A certificate, key or authority file that was given cannot be read.
    CertificateInvalid,
    /// The site sends us elsewhere. Detail `to`.
    RedirectElsewhere,
    /// The address answers, but not as Jira.
    NotJira,
    /// Jira is down for maintenance or answers with a server error. Detail `status`.
    JiraUnavailable,
    /// The token or password is wrong.
    CredentialsWrong,
    /// The token expired or was revoked.
    CredentialsExpired,
    /// Jira wants a CAPTCHA solved in the browser first. Detail `login_url`.
    CaptchaRequired,
    /// Password sign-in is switched off on this Jira.
    BasicAuthDisabled,
    /// Jira treats us as nobody: the credentials did not count.
    Anonymous,
    /// The account may not do this. Detail `permission`.
    PermissionMissing,
    /// Jira asks for fewer requests. Detail `retry_after_s`.
    RateLimited,
    /// Jira lets nothing through for longer. Details `until` and `until_time`, its time of day here.
    JiraPaused,
    /// The Jira version lacks what is needed. Detail `endpoint`.
    JiraTooOld,
    /// Jira refused the request. Detail `messages`.
    JiraRejected,
    /// The project is gone or may not be seen.
    ProjectGone,
    /// Another project has the key now, of which the old one was deleted. Detail `name`.
    ProjectReplaced,
    /// The project is integrated through another connection to the same site. Details `integration`,
    /// `connection`.
    ProjectTaken,
    /// No project can be seen with this account.
    NoProjects,
    /// Jira does not accept the filter. Detail `messages`.
    JqlInvalid,
    /// A mapped type is gone from Jira. Detail `name`.
    TypeGone,
    /// A mapped field is gone from Jira. Detail `name`.
    FieldGone,
    /// The mapping cannot be used so. Detail `messages`.
    MappingRefused,
    /// The mapping has not been saved yet.
    MappingMissing,
    /// The name is taken. Detail `name`.
    NameTaken,
    /// The name is empty or too long.
    NameInvalid,
    /// The connection of a pair was removed. Detail `site`.
    ConnectionRemoved,
    /// The connection is stopped until its credentials are mended.
    ConnectionStopped,
    /// What was asked for is not there (any more). Detail `what`.
    NotFound,
    /// A run is under way already. Detail `run_id`.
    RunActive,
    /// The run is not in a state that allows this. Detail `state`.
    RunState,
    /// The mapping or the scope is another than the one that the plan was made for.
    PlanStale,
    /// A field cannot be set to that value. Detail `reason`.
    EditRefused,
    /// The item holds another value than the edit gave it.
    EditOvertaken,
    /// Jira has no word for a value, or it cannot be written there yet. Detail `fields`.
    ValueUnsayable,
    /// What an issue is to be part of has no issue yet. Detail `parent`: its title.
    ParentUnpushed,
    /// Jira cannot be told what an issue is to be part of. Detail `reason`.
    ParentFixed,
    /// Jira refused what an issue is to be part of. Detail `messages`.
    ParentRefused,
    /// A sprint is closed: no issue goes in, and none comes out. Detail `sprint`.
    SprintClosed,
    /// Jira refused the sprint of an issue. Detail `messages`.
    SprintRefused,
    /// Jira lacks a version or component. Details `what` (`version`, `component`), `name`, `field`, `option`.
    ChoiceMissing,
    /// Jira has no kind of link for a dependency, or one that is not ours to take away. Detail `kind`.
    LinkUnsayable,
    /// Jira refused a link. Detail `messages`.
    LinkRefused,
    /// Nothing at Jira stands for the status of an item. Detail `status`.
    StatusUnmapped,
    /// No step of Jira's workflow leads to the status of an item. Details `from`, `to`, `steps`: where the open steps lead.
    TransitionMissing,
    /// The step to the status of an item asks for values. Details `from`, `to`, `step`, `fields`.
    TransitionFields,
    /// No step of Jira's workflow is open from where an issue stands. Details `from`, `to`.
    TransitionNone,
    /// No issue can be made of an item. Detail `reason`.
    PushRefused,
    /// Jira demands fields of an issue that is made, and nothing fills them in. Detail `fields`.
    FieldsRequired,
    /// The issue may be there already: a request has left.
    PushUnderWay,
    /// An issue could not be read: it is gone, or may not be seen.
    IssueUnreadable,
    /// The issue of an item is there: it would get a second one. Detail `key`.
    IssueThere,
    /// An issue is in a project that is not integrated through its connection. Detail `key`.
    IssueElsewhere,
    /// An issue cannot become an item, or be linked to one, under the mapping. Detail `reason`.
    IssueUnfit,
    /// An item or an issue is linked otherwise by now.
    PairTaken,
    /// One side is another than it was when both were compared.
    CompareStale,
    /// Disconnecting would lose more than was shown.
    LeavingStale,
    /// A cycle would have changed unusually much. Details `incoming`, `outgoing`, `blanked`, `linked`.
    FuseBlown,
    /// Another Lockstep uses the data directory.
    AlreadyOpen,
    /// The database was written by a newer Lockstep. Details `found`, `known`.
    DatabaseNewer,
    /// The database was written by an older Lockstep, which has it open. Details `found`, `known`.
    DatabaseOlder,
    /// The database is damaged.
    DatabaseCorrupt,
    /// The data directory cannot be written.
    DatabaseReadOnly,
    /// The disk is full.
    DiskFull,
    /// The operating system failed to read or write the data directory. Detail `messages`.
    DiskFailed,
    /// No store for secrets runs.
    SecretStoreUnavailable,
    /// The store for secrets is locked.
    SecretStoreLocked,
    /// The passphrase is wrong.
    PassphraseWrong,
    /// The secret of the connection is not in the store.
    SecretMissing,
    /// What was sent could not be understood. Detail `messages`.
    BadRequest,
    /// Something that should not happen. Detail `messages`.
    Internal,
}

/// An error on the wire.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize, ts_rs::TS)]
#[ts(rename = "ApiError")]
pub struct ErrorDto {
    /// From the closed list.
    pub code: ErrorCode,
    /// What belongs to it; never a secret.
    pub detail: BTreeMap<String, String>,
}

impl ErrorDto {
    /// An error with nothing to add.
    #[must_use]
    pub fn new(code: ErrorCode) -> Self {
        Self {
            code,
            detail: BTreeMap::new(),
        }
    }

    /// The same error with one more detail.
    #[must_use]
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.detail.insert(name.to_owned(), value.to_owned());
        self
    }

    /// Title, cause and cure, with the details filled in.
    #[must_use]
    pub fn words(&self) -> Words {
        let entry = words(self.code);
        let fill = |text: &str| {
            let mut text = text.to_owned();
            for (name, value) in &self.detail {
                text = text.replace(&format!("{{{name}}}"), value);
            }
            without_gaps(&text)
        };
        Words {
            title: fill(entry.title),
            cause: fill(entry.cause),
            cure: fill(entry.cure),
        }
    }
}

/// What a person is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Words {
    /// What happened.
    pub title: String,
    /// Why.
    pub cause: String,
    /// What to do.
    pub cure: String,
}

/// Takes out placeholders that no detail filled.
fn without_gaps(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find('{') {
        let Some(length) = rest[start..].find('}') else {
            break;
        };
        kept.push_str(rest[..start].trim_end_matches(' '));
        rest = &rest[start + length + 1..];
    }
    kept.push_str(rest);
    kept.replace(" ()", "")
}
