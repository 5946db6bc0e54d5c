//! The one table that turns a code into words: title, cause, cure and how bad it is. The window, the
//! terminal and the log all use it. `{name}` stands for a detail of that name.

use crate::error::ErrorCode;

/// A line of the table.
#[derive(Debug, Clone, Copy)]
pub struct Entry {
    /// What happened, in a few words without a full stop.
    pub title: &'static str,
    /// Why.
    pub cause: &'static str,
    /// What to do.
    pub cure: &'static str,
    /// How bad it is.
    pub severity: ErrorSeverity,
}

/// How bad an error is for whoever meets it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ErrorSeverity {
    /// Something typed has to be typed otherwise.
    Input,
    /// It passes by itself.
    Waiting,
    /// Somebody has to do something.
    Broken,
}

/// The line for a code.
#[must_use]
pub fn words(code: ErrorCode) -> Entry {
    use ErrorSeverity::{Broken, Input, Waiting};
    let (severity, title, cause, cure) = match code {
        ErrorCode::UrlInvalid => (
            Input,
            "This is not a web address",
            "The address cannot be read as one.",
            "Paste the address that you see in the browser when Jira is open, for example https://acme.atlassian.net.",
        ),
        ErrorCode::HostUnknown => (
            Input,
            "There is no such host",
            "The name {host} is not known on this network.",
            "Check the spelling. If Jira is only reachable inside the company, connect to its network or VPN first.",
        ),
        ErrorCode::HostRefused => (
            Broken,
            "The host refuses the connection",
            "{host} is there, but nothing answers on that port, or a firewall turns us away.",
            "Check the port in the address. For an on-premise Jira, ask its administrator to let this machine's address through.",
        ),
        ErrorCode::HostTimeout => (
            Waiting,
            "No answer in time",
            "{host} did not answer. The network may be down, or a firewall drops the connection without a word.",
            "Check the network or VPN, then try again. What was read so far is kept.",
        ),
        ErrorCode::ProxyFailed => (
            Broken,
            "The proxy does not let us through",
            "The proxy is not reachable or refuses the connection.",
            "Check the proxy address under Advanced, or leave it empty to go without.",
        ),
        ErrorCode::TlsUntrusted => (
            Broken,
            "The site's certificate is not trusted",
            "The certificate was not accepted: {reason}.",
            "If your company has its own certificate authority, choose its file (PEM) under Advanced.",
        ),
        ErrorCode::CertificateInvalid => (
            Input,
            "The certificate file cannot be read",
            "It holds no certificate or key in PEM form.",
            "Choose a text file that contains BEGIN CERTIFICATE; a client certificate needs its private key in the same file.",
        ),
        ErrorCode::RedirectElsewhere => (
            Input,
            "The site sends us to another address",
            "It points to {to}. Credentials are never sent on to another host.",
            "Use the address that Jira itself shows. If that is a sign-in page, ask for direct access to Jira's REST interface.",
        ),
        ErrorCode::NotJira => (
            Input,
            "This address does not answer as Jira",
            "Something answers there, but not with Jira's interface.",
            "Check the address. If Jira lives under a path, such as https://example.com/jira, include it.",
        ),
        ErrorCode::JiraUnavailable => (
            Waiting,
            "Jira is not available right now",
            "It answered with an error of its own ({status}). It may be restarting or under maintenance.",
            "Wait a little and try again. What was read so far is kept.",
        ),
        ErrorCode::CredentialsWrong => (
            Broken,
            "Jira does not accept the credentials",
            "The name, or the token or password, is wrong.",
            "Copy the token again without blanks at its ends. On Cloud use the account's e-mail and an API token, not a password.",
        ),
        ErrorCode::CredentialsExpired => (
            Broken,
            "The token no longer works",
            "It expired, or somebody revoked it.",
            "Create a new token and update the credentials of this connection. Everything waiting is kept.",
        ),
        ErrorCode::CaptchaRequired => (
            Broken,
            "Jira wants to see a person first",
            "After several failed sign-ins Jira asks this account for a CAPTCHA, and refuses even the right password until then.",
            "Sign in once in the browser ({login_url}), solve the CAPTCHA, then connect again.",
        ),
        ErrorCode::BasicAuthDisabled => (
            Broken,
            "This Jira does not take passwords",
            "Its administrator switched off signing in with a password (newer versions come that way).",
            "Use a personal access token: in Jira, open your profile, then Personal Access Tokens.",
        ),
        ErrorCode::Anonymous => (
            Broken,
            "Jira treats us as nobody",
            "The credentials did not count, so Jira shows only what anybody may see. An empty answer would be no proof of anything, so we stopped.",
            "Check the credentials. An API token with scopes and an expired token both look like this.",
        ),
        ErrorCode::PermissionMissing => (
            Broken,
            "The account may not do this",
            "Jira refuses it for lack of a permission {permission}.",
            "Ask the Jira administrator for the permission, or connect with an account that has it.",
        ),
        ErrorCode::RateLimited => (
            Waiting,
            "Jira asks for fewer requests",
            "The site's limit is reached.",
            "Work under way goes on by itself in {retry_after_s} seconds; ask again then for anything else.",
        ),
        ErrorCode::JiraPaused => (
            Waiting,
            "Waiting for Jira until {until_time}",
            "The site's limit is used up, and it lets nothing more through until then.",
            "Nothing to do: an import goes on by itself. What was read so far is kept.",
        ),
        ErrorCode::JiraTooOld => (
            Broken,
            "This version of Jira lacks something we need",
            "It does not have {endpoint}.",
            "Ask the administrator about an update; versions from 8.14 on are known to work.",
        ),
        ErrorCode::JiraRejected => (
            Broken,
            "Jira refused the request",
            "In its own words: {messages}",
            "Check the setting that the message names, then try again.",
        ),
        ErrorCode::ProjectGone => (
            Broken,
            "The project {name} cannot be seen",
            "It was deleted or archived, or the account may no longer browse it.",
            "Check in Jira whether it is there, and whether this account may browse it. Nothing here was changed.",
        ),
        ErrorCode::ProjectReplaced => (
            Broken,
            "{name} is another project now",
            "The project that was imported was deleted in Jira, and a new one was made under its key. Its issues are not those that the items here are linked to.",
            "Restore the old project in Jira, or add the new one as an integration of its own, under another name. Nothing here was changed.",
        ),
        ErrorCode::ProjectTaken => (
            Input,
            "This project is integrated already",
            "It is kept in step as {integration}, through the connection {connection} to the same site. Through a second connection every issue would be imported once more.",
            "Use {integration}, or add the project through the connection {connection}.",
        ),
        ErrorCode::NoProjects => (
            Broken,
            "No project can be seen with this account",
            "Jira shows this account not a single project.",
            "Ask the Jira administrator for the Browse Projects permission, or connect with another account.",
        ),
        ErrorCode::JqlInvalid => (
            Input,
            "Jira does not accept the filter",
            "In its own words: {messages}",
            "Correct the filter; it is checked by Jira as you type.",
        ),
        ErrorCode::TypeGone => (
            Broken,
            "A mapped type is gone from Jira",
            "{name} was there when the mapping was saved and is not any more.",
            "Open the hierarchy mapping, choose another type for its row, and save.",
        ),
        ErrorCode::FieldGone => (
            Broken,
            "A mapped field is gone from Jira",
            "{name} was there when the mapping was saved and is not any more.",
            "Open the field mapping, choose another field for its row or take the row away, and save.",
        ),
        ErrorCode::MappingRefused => (
            Input,
            "The mapping cannot be used like this",
            "Some rows contradict each other, or lack something. {messages}",
            "Mend the rows that carry a remark, then save again.",
        ),
        ErrorCode::MappingMissing => (
            Input,
            "The mapping has not been saved yet",
            "Without it nobody knows what an issue becomes.",
            "Save the hierarchy mapping and the field mapping first; suggestions are ready.",
        ),
        ErrorCode::NameTaken => (
            Input,
            "This name is taken",
            "{name} is in use already.",
            "Choose another name.",
        ),
        ErrorCode::NameInvalid => (
            Input,
            "A name is needed",
            "It is empty, or longer than 100 characters.",
            "Type a short name.",
        ),
        ErrorCode::ConnectionRemoved => (
            Input,
            "Nothing is connected to this site any more",
            "The connection to {site} was removed, so nobody can be asked about the issue.",
            "Connect to {site} again and add its project. What was linked is remembered, and can be linked again then.",
        ),
        ErrorCode::ConnectionStopped => (
            Broken,
            "The connection is stopped",
            "Jira refused its credentials, so nothing is sent until they are mended; that keeps the account from being locked.",
            "Update the credentials of this connection.",
        ),
        ErrorCode::NotFound => (
            Broken,
            "It is not there any more",
            "There is no such {what}.",
            "Go back and look again; somebody may have removed it in another window.",
        ),
        ErrorCode::RunActive => (
            Waiting,
            "An import is under way",
            "Only one import of an integration can run at a time.",
            "Wait until it is done, or cancel it.",
        ),
        ErrorCode::RunState => (
            Input,
            "The import cannot do that now",
            "It is {state}.",
            "Look at where it stands, then choose again.",
        ),
        ErrorCode::PlanStale => (
            Input,
            "The plan is out of date",
            "The mapping, the filter or the area was changed after the plan was made, so the import would do what nobody has seen.",
            "Cancel it and make a new plan. What was imported already stays.",
        ),
        ErrorCode::EditRefused => (
            Input,
            "The field cannot hold that",
            "It was not changed: {reason}.",
            "Enter another value, or leave the field as it is.",
        ),
        ErrorCode::EditOvertaken => (
            Input,
            "The value was changed again",
            "Somebody, or Jira, has given the field another value since.",
            "Look at what it holds now, and set it by hand if that is wrong.",
        ),
        ErrorCode::ValueUnsayable => (
            Broken,
            "Jira has no such value",
            "What stands here in {fields} has no counterpart in this Jira project, or cannot be written there yet.",
            "Choose a value that Jira has, or map the value in step 6. The edit is kept here until then.",
        ),
        ErrorCode::ParentUnpushed => (
            Broken,
            "The new parent has no issue yet",
            "The item was moved below one that is not in Jira: {parent}. What else was edited is sent.",
            "Push the parent to Jira; the move follows by itself. Or choose another parent here.",
        ),
        ErrorCode::ParentFixed => (
            Broken,
            "Jira cannot be told of the new parent",
            "The item was moved here, and {reason}. What else was edited is sent.",
            "Move the issue in Jira (More › Move), or choose the parent here that Jira shows.",
        ),
        ErrorCode::ParentRefused => (
            Broken,
            "Jira refused the new parent",
            "Jira says: {messages} What else was edited is sent.",
            "Choose a parent whose type may stand above this one in Jira, or mend it there and try again.",
        ),
        ErrorCode::SprintClosed => (
            Broken,
            "The sprint {sprint} is closed",
            "Jira takes no issue into a closed sprint, and none out of it. What else was edited is sent.",
            "Choose a sprint here that is not closed, or the one that Jira shows.",
        ),
        ErrorCode::SprintRefused => (
            Broken,
            "Jira refused the sprint",
            "Jira says: {messages} What else was edited is sent.",
            "Choose the sprint here that Jira shows, or have the account given the permission Schedule Issues and try again.",
        ),
        ErrorCode::ChoiceMissing => (
            Broken,
            "Jira has no {what} {name}",
            "The item names one that this Jira project does not have: {name}. What else was edited is sent.",
            "Create it in Jira, if the account may, or choose one here that Jira has.",
        ),
        ErrorCode::LinkUnsayable => (
            Broken,
            "Jira has no such link",
            "Dependencies are kept as links of the kind {kind}. This Jira has no such kind, or the link is of another one, which is left alone.",
            "Set the dependency here as Jira shows it, or change the link in Jira.",
        ),
        ErrorCode::LinkRefused => (
            Broken,
            "Jira refused a link",
            "Jira says: {messages} What else was edited is sent.",
            "Set the dependencies here as Jira shows them, or have the account given the permission Link Issues and try again.",
        ),
        ErrorCode::StatusUnmapped => (
            Broken,
            "Nothing in Jira stands for {status}",
            "The item has a status here to which none of the project's Jira statuses is mapped, so the issue stays in {from}.",
            "Map a Jira status to it in step 8, or choose another status here. The edit is kept here until then.",
        ),
        ErrorCode::TransitionMissing => (
            Broken,
            "Jira has no step from {from} to {to}",
            "The workflow has no direct step there. From {from} it leads to: {steps}.",
            "Take the issue there in Jira, by the steps that its workflow has, or choose a status here that is one step away.",
        ),
        ErrorCode::TransitionFields => (
            Broken,
            "Jira asks for more on the way to {to}",
            "The step {step} from {from} wants values that nobody has given: {fields}.",
            "Take the step in Jira, which asks for them; both sides agree then. Or choose another status here.",
        ),
        ErrorCode::TransitionNone => (
            Broken,
            "The issue cannot leave {from}",
            "Jira offers no step at all on the way to {to}: its workflow ends there, or the account lacks the permission Transition Issues.",
            "Ask the Jira administrator for the permission and try again, or choose the status here that Jira shows.",
        ),
        ErrorCode::PushRefused => (
            Input,
            "No issue can be made of this",
            "Nothing was sent to Jira: {reason}.",
            "Look at the preview of Push to Jira: it says for each item what is in the way.",
        ),
        ErrorCode::FieldsRequired => (
            Input,
            "Jira demands more fields",
            "An issue of this type is not made without {fields}, and nothing here fills that in.",
            "Fill them in when you push the item, or map them in step 6. What was asked for is kept; take it back and push again to be asked.",
        ),
        ErrorCode::PushUnderWay => (
            Waiting,
            "The issue may be there already",
            "The request to make it has left, and Jira has not said yet what came of it.",
            "Wait for the next sync: it looks for the issue and never makes a second one.",
        ),
        ErrorCode::LeavingStale => (
            Input,
            "More would be lost by now",
            "Edits, conflicts or requests came in since it was shown what goes, and Jira would not get them. Nothing was disconnected.",
            "Look at what goes now, and decide again.",
        ),
        ErrorCode::FuseBlown => (
            Waiting,
            "Unusually much would change",
            "Of {linked} linked items {incoming} would be changed here, {blanked} of them would lose what stands in a field, and {outgoing} issues would be changed in Jira. Nothing of it was done.",
            "Look at what would change. If that is meant, let it go on; if not, put it right first, and then have it looked at anew.",
        ),
        ErrorCode::IssueUnreadable => (
            Broken,
            "The issue cannot be read any more",
            "Jira does not tell whether it was deleted, archived, moved out of sight, or hidden by a permission. The item here is as it was.",
            "Look for the issue in Jira. If the account has lost a permission, have it given back and try again.",
        ),
        ErrorCode::IssueThere => (
            Input,
            "The item's issue is there",
            "{key} can be read in Jira. A new one would be a second issue of the same item.",
            "Link the item to {key} again under Disconnected. If it is another thing by now, link the item to the right issue.",
        ),
        ErrorCode::IssueElsewhere => (
            Input,
            "The issue is in a project that is not integrated",
            "{key} is in another project than those that are kept in step through this connection.",
            "Add that project as an integration first, or choose an issue of this one.",
        ),
        ErrorCode::IssueUnfit => (
            Input,
            "The issue does not fit the mapping",
            "Its type is mapped to none here, or it is closed and closed issues are left out, or it has no title ({reason}).",
            "Map its type in step 5, or include closed items in step 7, then try again.",
        ),
        ErrorCode::PairTaken => (
            Input,
            "One of the two is linked already",
            "The item or the issue is kept in step with another one by now.",
            "Disconnect that one first, or choose another issue.",
        ),
        ErrorCode::CompareStale => (
            Input,
            "One side has changed since they were compared",
            "Somebody changed the item or the issue meanwhile. Nothing was written.",
            "Look at the fields once more and choose again.",
        ),
        ErrorCode::AlreadyOpen => (
            Broken,
            "Lockstep is open already",
            "Another Lockstep on this machine uses the same data.",
            "Use that one, or close it and try again. Beside it, “lockstep status”, “items”, “mapping” and “statuses” work in a terminal: they read what is saved.",
        ),
        ErrorCode::DatabaseNewer => (
            Broken,
            "The data was written by a newer Lockstep",
            "It has version {found}; this program knows versions up to {known}.",
            "Install the newer Lockstep again. Nothing was changed.",
        ),
        ErrorCode::DatabaseOlder => (
            Broken,
            "An older Lockstep has the data open",
            "The data has version {found}; this program reads version {known}, and changes nothing while another has it open.",
            "Close the older Lockstep and try again: the data is brought to this version then, and a copy kept.",
        ),
        ErrorCode::DatabaseCorrupt => (
            Broken,
            "The database is damaged",
            "The file in the data directory cannot be read as a database.",
            "Put a copy back from a backup: Lockstep keeps one beside it from before each update. Nothing was changed.",
        ),
        ErrorCode::DatabaseReadOnly => (
            Broken,
            "The data directory cannot be written",
            "The directory or the database in it may only be read.",
            "Give your user the right to write there, or choose another directory, then try again.",
        ),
        ErrorCode::DiskFull => (
            Broken,
            "The disk is full",
            "There was no room to save. Everything saved before is safe.",
            "Free some space, then continue where it stopped.",
        ),
        ErrorCode::DiskFailed => (
            Broken,
            "The disk did not save",
            "The operating system refused to read or write the workspace ({messages}): a quota is used up, the drive is gone, or it fails. Everything saved before is safe.",
            "See to the disk, then continue where it stopped.",
        ),
        ErrorCode::SecretStoreUnavailable => (
            Broken,
            "There is no store for secrets on this machine",
            "No keyring runs in this session, so a token could not be kept safely.",
            "Start a keyring (for example GNOME Keyring or KWallet), or choose an encrypted file with a passphrase.",
        ),
        ErrorCode::SecretStoreLocked => (
            Broken,
            "The store for secrets is locked",
            "It is there, but it does not open without its password.",
            "Unlock the keyring and try again, or give the passphrase of the encrypted file.",
        ),
        ErrorCode::PassphraseWrong => (
            Input,
            "The passphrase does not fit",
            "It does not open the encrypted file.",
            "Type it again. Without it the secrets cannot be read; you can update each connection's credentials instead.",
        ),
        ErrorCode::SecretMissing => (
            Broken,
            "The connection's token or password is not in the store",
            "It was removed from the keyring, or the keyring is another one than before.",
            "Update the credentials of this connection.",
        ),
        ErrorCode::BadRequest => (
            Broken,
            "What was sent could not be understood",
            "It is not of the form that is asked for. {messages}",
            "Reload the window. If it happens again, copy the details for support.",
        ),
        ErrorCode::Internal => (
            Broken,
            "Something went wrong inside Lockstep",
            "This is a fault of the program, not of your data. {messages}",
            "Try again. Nothing that was saved is lost. If it happens again, copy the details for support.",
        ),
    };
    Entry {
        title,
        cause,
        cure,
        severity,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::ErrorDto;

    #[test]
    fn every_code_has_a_title_without_a_full_stop_a_cause_and_a_cure() {
        for &code in ErrorCode::ALL {
            let entry = words(code);
            assert!(
                !entry.title.is_empty() && !entry.title.ends_with('.'),
                "{code:?}"
            );
            assert!(
                !entry.cause.is_empty() && !entry.cure.is_empty(),
                "{code:?}"
            );
        }
    }

    #[test]
    fn details_are_filled_in_and_gaps_do_not_show() {
        let error = ErrorDto::new(ErrorCode::NameTaken).with("name", "Acme");
        assert_eq!(error.words().cause, "Acme is in use already.");
        let error = ErrorDto::new(ErrorCode::PermissionMissing);
        assert_eq!(
            error.words().cause,
            "Jira refuses it for lack of a permission."
        );
    }
}
