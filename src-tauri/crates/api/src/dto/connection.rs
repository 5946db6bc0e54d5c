//! Steps 3 and 4: connections, projects, boards, integrations.

use super::wire;
use crate::error::ErrorDto;

wire! {
    /// An address as somebody types it.
    pub struct UrlArgs {
        /// The address.
        pub url: String,
        /// Certificate authority to trust, PEM.
        pub ca_pem: Option<String>,
        /// Proxy address.
        pub proxy: Option<String>,
    }
}

wire! {
    /// What an address turned out to be.
    pub struct Site {
        /// The address cleaned up, as it will be used.
        pub url: String,
        /// Kind of Jira, where it could be told.
        pub kind: Option<SiteKind>,
        /// Version, where the site told it.
        pub version: Option<String>,
        /// The site's own title.
        pub title: Option<String>,
        /// What is wrong with it.
        pub problem: Option<ErrorDto>,
    }
}

wire! {
    /// Kind of Jira.
    pub enum SiteKind {
        /// Jira Cloud.
        Cloud,
        /// Jira Server or Data Center.
        DataCenter,
    }
}

wire! {
    /// How one signs in.
    pub enum AuthKind {
        /// E-mail and API token, on Cloud.
        CloudToken,
        /// User name and password, on Data Center.
        Password,
        /// Personal access token, on Data Center.
        Pat,
    }
}

wire! {
    /// The connection form.
    pub struct ConnectionForm {
        /// Name, unique.
        pub name: String,
        /// Address of the site.
        pub url: String,
        /// How to sign in.
        pub auth: AuthKind,
        /// E-mail or user name; empty for a personal access token.
        pub login: String,
        /// Token or password. Goes into the secret store and nowhere else.
        pub secret: String,
        /// Certificate authority to trust, PEM.
        pub ca_pem: Option<String>,
        /// Proxy address.
        pub proxy: Option<String>,
        /// Client certificate and its key, PEM. Kept with the secrets.
        pub client_identity_pem: Option<String>,
    }
}

wire! {
    /// What a test of the connection found, line by line.
    pub struct ConnectionReport {
        /// Whether everything needed is there.
        pub ok: bool,
        /// Kind of Jira.
        pub kind: Option<SiteKind>,
        /// Version of the site.
        pub version: Option<String>,
        /// Who we are there.
        pub account: Option<String>,
        /// The lines.
        pub checks: Vec<Check>,
    }
}

wire! {
    /// One line of a test.
    pub struct Check {
        /// What was looked at, for example `reachable`, `tls`, `identity`, `permission:CREATE_ISSUES`.
        pub id: String,
        /// In words.
        pub label: String,
        /// What came out.
        pub state: CheckState,
        /// More about it: time taken, name found, what the permission buys.
        pub detail: Option<String>,
        /// What is wrong and how to mend it.
        pub problem: Option<ErrorDto>,
    }
}

wire! {
    /// What came out of a check.
    pub enum CheckState {
        /// As it should be.
        Passed,
        /// Works, with less than wanted.
        Warning,
        /// Does not work.
        Failed,
        /// Not looked at, because something before it failed or the site does not tell.
        Unknown,
    }
}

wire! {
    /// A connection.
    pub struct Connection {
        /// Local id.
        pub id: i64,
        /// Name, unique.
        pub name: String,
        /// Kind of Jira.
        pub kind: SiteKind,
        /// Address for people.
        pub url: String,
        /// Version of the site.
        pub version: Option<String>,
        /// How we sign in.
        pub auth: AuthKind,
        /// E-mail or user name that was given.
        pub login: String,
        /// Who we are there, as the site shows it.
        pub account: String,
        /// Whether it is a practice site on this machine.
        pub practice: bool,
        /// Why it is stopped, if it is.
        pub problem: Option<ErrorDto>,
        /// Proxy of its own.
        pub proxy: Option<String>,
        /// Whether it trusts a certificate authority of its own.
        pub has_ca: bool,
        /// Whether it shows a client certificate.
        pub has_client_identity: bool,
        /// Integrations that use it.
        pub integrations: u32,
        /// When it was made.
        pub created_at: String,
    }
}

wire! {
    /// A practice site to connect to.
    pub struct PracticeArgs {
        /// Kind of Jira to rehearse.
        pub kind: SiteKind,
        /// Issues on it.
        pub issues: u32,
    }
}

wire! {
    /// A new name.
    pub struct RenameArgs {
        /// Which.
        pub id: i64,
        /// The name.
        pub name: String,
    }
}

wire! {
    /// New credentials for a connection.
    pub struct CredentialsArgs {
        /// Which connection.
        pub id: i64,
        /// How to sign in.
        pub auth: AuthKind,
        /// E-mail or user name.
        pub login: String,
        /// Token or password.
        pub secret: String,
    }
}

wire! {
    /// What becomes of a file that a connection has, or has not.
    pub tagged FileChange {
        /// It stays as it is.
        Keep,
        /// It is taken away.
        Remove,
        /// It is put in place.
        Replace {
            /// The file, PEM.
            pem: String,
        },
    }
}

wire! {
    /// Another way to the site of a connection.
    pub struct NetworkArgs {
        /// Which connection.
        pub id: i64,
        /// Proxy address; absent: that of the system.
        pub proxy: Option<String>,
        /// Certificate authority to trust.
        pub ca: FileChange,
        /// Client certificate and its key. Kept with the secrets.
        pub client_identity: FileChange,
    }
}

wire! {
    /// Addresses that a firewall in front of an on-premise Jira must let through.
    pub struct Firewall {
        /// This machine's own addresses.
        pub own: Vec<String>,
        /// Addresses that Craft.io publishes for its cloud, with a name each.
        pub craft: Vec<NamedAddress>,
        /// Port.
        pub port: u16,
    }
}

wire! {
    /// An address and what it is.
    pub struct NamedAddress {
        /// For example `US`.
        pub name: String,
        /// The address.
        pub address: String,
    }
}

wire! {
    /// Looks for projects.
    pub struct ProjectsArgs {
        /// Connection.
        pub connection_id: i64,
        /// Words of the key or name; empty for the first ones.
        pub query: String,
        /// At most so many.
        pub limit: u32,
    }
}

wire! {
    /// Projects that were found.
    pub struct Projects {
        /// The projects.
        pub projects: Vec<Project>,
        /// How many match in all.
        pub total: u32,
    }
}

wire! {
    /// A project.
    pub struct Project {
        /// The site's id.
        pub id: String,
        /// Key.
        pub key: String,
        /// Name.
        pub name: String,
        /// Whether its own team manages it, apart from the rest of the site.
        pub team_managed: bool,
        /// Integrations that it has already.
        pub integrations: u32,
    }
}

wire! {
    /// A project of a connection.
    pub struct ProjectArgs {
        /// Connection.
        pub connection_id: i64,
        /// Project key.
        pub project_key: String,
    }
}

wire! {
    /// A board.
    pub struct Board {
        /// The site's id.
        pub id: String,
        /// Name.
        pub name: String,
        /// `scrum`, `kanban` or `simple`.
        pub kind: String,
    }
}

wire! {
    /// A new integration.
    pub struct IntegrationForm {
        /// Connection.
        pub connection_id: i64,
        /// Project key.
        pub project_key: String,
        /// Board, where there is one.
        pub board_id: Option<String>,
        /// Name, unique.
        pub name: String,
    }
}

wire! {
    /// A project integration.
    pub struct Integration {
        /// Local id.
        pub id: i64,
        /// Connection.
        pub connection_id: i64,
        /// Name of the connection.
        pub connection_name: String,
        /// Kind of Jira.
        pub kind: SiteKind,
        /// Name, unique.
        pub name: String,
        /// Project key.
        pub project_key: String,
        /// Project name.
        pub project_name: String,
        /// Board id.
        pub board_id: Option<String>,
        /// Board name.
        pub board_name: Option<String>,
        /// Filter of the import.
        pub jql: String,
        /// Whether closed issues are imported too.
        pub include_closed: bool,
        /// Product area that imported items land in.
        pub area_id: Option<i64>,
        /// Whether the hierarchy mapping was saved.
        pub hierarchy_saved: bool,
        /// Whether the field mapping was saved.
        pub fields_saved: bool,
        /// Jira's statuses that are mapped; 0 until the status mapping was saved.
        pub statuses_mapped: u32,
        /// Items that are linked.
        pub linked: u32,
        /// Items that were linked to issues of the project through an integration that was removed, and can be linked
        /// again; those that were put out of sight are not among them.
        pub offered: u32,
        /// When it was last imported.
        pub imported_at: Option<String>,
    }
}
