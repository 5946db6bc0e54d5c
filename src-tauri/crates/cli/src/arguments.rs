//! What can be typed.

mod connection;

pub use connection::{Credentials, Disconnect, Pause, Rename, Which};

use crate::output::Failure;
use api::{App, Options, SecretChoice};
use clap::{Args, Parser, Subcommand, ValueEnum};
use secrecy::SecretString;
use std::path::PathBuf;

/// Keeps a product workspace and Jira in step.
#[derive(Debug, Parser)]
#[command(name = "lockstep", version, about, propagate_version = true)]
pub struct Arguments {
    #[command(flatten)]
    pub common: Common,
    #[command(subcommand)]
    pub command: Command,
}

/// What every command takes.
#[derive(Debug, Args)]
pub struct Common {
    /// Where the database lies
    #[arg(long, global = true, env = "LOCKSTEP_DATA_DIR", value_name = "DIR")]
    pub data_dir: Option<PathBuf>,
    /// Where secrets are kept; for the file, the passphrase comes from LOCKSTEP_SECRET_PASSPHRASE or is asked for
    #[arg(
        long,
        global = true,
        env = "LOCKSTEP_SECRET_STORE",
        value_enum,
        value_name = "STORE"
    )]
    pub secret_store: Option<Store>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Store {
    /// The operating system's keyring
    Keyring,
    /// An encrypted file with a passphrase
    File,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Face {
    /// Jira Cloud
    Cloud,
    /// Jira Data Center
    DataCenter,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Do the main job against a practice site: connect, map, plan, import, compare
    Demo(Demo),
    /// Connect to a Jira site
    Connect(Connect),
    /// Put other credentials in place of those of a connection, after testing them; what waits goes on
    Credentials(Credentials),
    /// Give a connection or an integration another name
    Rename(Rename),
    /// Let an integration rest, or all of a connection: what is edited meanwhile is kept
    Pause(Pause),
    /// Let what was paused go on
    Resume(Pause),
    /// Disconnect: say exactly what goes, ask, and end the sync; items and issues stay as they are
    Disconnect(Disconnect),
    /// List the projects of a connection
    Projects(OfConnection),
    /// List the boards of a project
    Boards(Boards),
    /// Add a project integration, or change its filter, area or mapping
    Integrate(Integrate),
    /// Print the mapping that is saved, or else the proposal
    Mapping(OfIntegration),
    /// Show which Jira status stands for which workspace status, or map them
    Statuses(Statuses),
    /// Show what an import would do; nothing is written
    Plan(OfIntegration),
    /// Plan and import
    Import(OfIntegration),
    /// Take back what the last import of an integration wrote
    Undo(OfIntegration),
    /// Bring an integration into step: take over what changed in Jira, send what was edited here
    Sync(Sync),
    /// List fields that both sides changed, or decide them
    Conflicts(Conflicts),
    /// List edits that Jira did not take, or let them be tried again
    Problems(Problems),
    /// Make an item
    Create(Create),
    /// Push to Jira: make issues of items, and of those above them that have none yet
    Push(Push),
    /// List pairs that are disconnected, or whose issues are out of reach
    Disconnected(DisconnectedList),
    /// Link disconnected pairs again, to the same issues or to another one, or bring their issues in anew
    Resync(Resync),
    /// Disconnect items from their issues; both sides stay
    Unlink(Unlink),
    /// Say why an issue is not kept in step: everything that has to hold, ticked or crossed
    Why(Why),
    /// Show what changed, the newest first, with where it came from
    Activity(Activity),
    /// List items
    Items(Items),
    /// Show connections, integrations and the last runs
    Status(Plain),
    /// Serve the interface to a browser on this machine
    Serve(Serve),
}

#[derive(Debug, Args)]
pub struct Sync {
    /// Name of the integration
    #[arg(long, value_name = "NAME")]
    pub integration: String,
    /// One cycle, and then end; this is what happens anyway
    #[arg(long, conflicts_with = "watch")]
    pub once: bool,
    /// Let a cycle go on that stopped because unusually much would change
    #[arg(long)]
    pub allow_many: bool,
    /// Stay, and keep in step until Ctrl-C; a line for each cycle in which something happened
    #[arg(long)]
    pub watch: bool,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum KeepSide {
    /// What stands here
    Here,
    /// What Jira says
    Jira,
}

#[derive(Debug, Args)]
pub struct Conflicts {
    /// Only those of this integration
    #[arg(long, value_name = "NAME")]
    pub integration: Option<String>,
    /// Only those of this issue
    #[arg(long, value_name = "KEY")]
    pub key: Option<String>,
    /// Only those of this field
    #[arg(long, value_name = "FIELD")]
    pub field: Option<String>,
    /// Decide all that are listed for one side
    #[arg(long, value_enum, value_name = "SIDE")]
    pub keep: Option<KeepSide>,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Args)]
pub struct Problems {
    /// Name of the integration
    #[arg(long, value_name = "NAME")]
    pub integration: String,
    /// Let all be tried again
    #[arg(long)]
    pub retry: bool,
    /// Make a version or component in Jira that it lacks, and let what waits for it be tried again
    #[arg(long, value_name = "NAME")]
    pub create: Option<String>,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Direction {
    /// What came from Jira
    FromJira,
    /// What was edited here
    Here,
    /// What was sent to Jira
    ToJira,
}

#[derive(Debug, Args)]
pub struct Why {
    /// Key of the issue, for example PLAT-7
    #[arg(value_name = "KEY")]
    pub key: String,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Args)]
pub struct Activity {
    /// Only of items of this integration
    #[arg(long, value_name = "NAME")]
    pub integration: Option<String>,
    /// Only this direction
    #[arg(long, value_enum)]
    pub direction: Option<Direction>,
    /// Only the field with this key
    #[arg(long, value_name = "FIELD")]
    pub field: Option<String>,
    /// Only of items with these words in their title or key
    #[arg(long, value_name = "WORDS")]
    pub search: Option<String>,
    /// At most so many changes
    #[arg(long, default_value_t = 200, value_name = "N")]
    pub limit: usize,
    /// Print JSON
    #[arg(long, conflicts_with = "csv")]
    pub json: bool,
    /// Print CSV
    #[arg(long)]
    pub csv: bool,
}

#[derive(Debug, Args)]
pub struct Create {
    /// Title
    pub title: String,
    /// Type, by its name here
    #[arg(long = "type", value_name = "TYPE")]
    pub item_type: String,
    /// The item to be part of: its number, the key of its issue, or its whole title
    #[arg(long, value_name = "ITEM")]
    pub parent: Option<String>,
    /// Product area; where the parent lies if not given
    #[arg(long, value_name = "A")]
    pub area: Option<String>,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Args)]
pub struct Push {
    /// Items: their numbers, the keys of their issues, or their whole titles
    #[arg(required = true, value_name = "ITEM")]
    pub items: Vec<String>,
    /// Name of the integration; the one that suggests itself if not given
    #[arg(long, value_name = "NAME")]
    pub integration: Option<String>,
    /// Type in Jira, where an item's own is mapped to several
    #[arg(long = "as", value_name = "TYPE")]
    pub remote_type: Option<String>,
    /// A field that Jira demands and that nothing here fills in
    #[arg(long = "field", value_name = "NAME=VALUE")]
    pub fields: Vec<String>,
    /// Make new issues of items that came apart from theirs, which is refused while those can be read
    #[arg(long)]
    pub anew: bool,
    /// Show what would be made; nothing is written
    #[arg(long)]
    pub preview: bool,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Args)]
pub struct DisconnectedList {
    /// Only those of this integration
    #[arg(long, value_name = "NAME")]
    pub integration: Option<String>,
    /// Only those whose title or key holds this
    #[arg(long, value_name = "WORDS")]
    pub search: Option<String>,
    /// Those that were put out of sight, instead of the others
    #[arg(long)]
    pub dismissed: bool,
    /// Ask Jira what the issues look like now
    #[arg(long)]
    pub look: bool,
    /// Disconnect the unusually many pairs of the integration that are asked about
    #[arg(long, requires = "integration", conflicts_with = "keep")]
    pub sever: bool,
    /// Leave the unusually many pairs of the integration that are asked about linked
    #[arg(long, requires = "integration")]
    pub keep: bool,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

impl DisconnectedList {
    /// The answer to the question about unusually many pairs, if one is given.
    pub fn answer(&self) -> Option<bool> {
        (self.sever || self.keep).then_some(self.sever)
    }

    /// Whether it takes nothing but what is kept.
    pub fn only_reads(&self) -> bool {
        !self.look && self.answer().is_none()
    }
}

#[derive(Debug, Args)]
#[command(group(clap::ArgGroup::new("which").required(true).multiple(false).args(["key", "all"])))]
pub struct Resync {
    /// Keys of the issues as they were; several times for several
    #[arg(long, value_name = "KEY")]
    pub key: Vec<String>,
    /// All that are disconnected
    #[arg(long)]
    pub all: bool,
    /// Only those of this integration
    #[arg(long, value_name = "NAME")]
    pub integration: Option<String>,
    /// Who wins where both sides differ
    #[arg(long, value_enum, value_name = "SIDE")]
    pub winner: Option<KeepSide>,
    /// Link to this issue instead
    #[arg(long, value_name = "KEY", conflicts_with_all = ["create", "dismiss"])]
    pub to: Option<String>,
    /// Bring the issues in as new items instead
    #[arg(long, conflicts_with_all = ["dismiss", "compare"])]
    pub create: bool,
    /// Put them out of sight instead
    #[arg(long, conflicts_with = "compare")]
    pub dismiss: bool,
    /// Show both sides field by field, and change nothing
    #[arg(long)]
    pub compare: bool,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Args)]
pub struct Unlink {
    /// Keys of the issues; several times for several
    #[arg(long, value_name = "KEY", required = true)]
    pub key: Vec<String>,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

/// What becomes of pairs whose issues leave the filter or the project.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ScopeChoice {
    /// They are kept in step
    Keep,
    /// They are disconnected
    Stop,
}

#[derive(Debug, Args)]
pub struct Demo {
    /// Kind of Jira to rehearse
    #[arg(long, value_enum, default_value = "cloud")]
    pub face: Face,
    /// Issues on the practice site
    #[arg(long, default_value_t = 1200, value_name = "N")]
    pub issues: u32,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

/// Who signs in; just one of them.
#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
pub struct Identity {
    /// E-mail of the account, with an API token (Cloud)
    #[arg(long)]
    pub email: Option<String>,
    /// User name, with a password (Data Center)
    #[arg(long)]
    pub user: Option<String>,
    /// Personal access token (Data Center)
    #[arg(long)]
    pub pat: bool,
}

#[derive(Debug, Args)]
pub struct Connect {
    /// Name of the connection, unique
    #[arg(long)]
    pub name: String,
    /// Address of the site
    #[arg(long)]
    pub url: String,
    #[command(flatten)]
    pub identity: Identity,
    /// Read the token or password from standard input
    #[arg(long, required = true)]
    pub secret_stdin: bool,
    /// Certificate authority to trust, PEM
    #[arg(long, value_name = "FILE")]
    pub ca: Option<PathBuf>,
    /// Client certificate and key, PEM
    #[arg(long, value_name = "FILE")]
    pub client_certificate: Option<PathBuf>,
    /// Proxy address, with a user name where it wants one; its password comes from LOCKSTEP_PROXY_PASSWORD
    #[arg(long, value_name = "URL")]
    pub proxy: Option<String>,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Args)]
pub struct OfConnection {
    /// Name of the connection
    #[arg(long)]
    pub connection: String,
    /// Words of the key or name
    #[arg(long, default_value = "")]
    pub query: String,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Args)]
pub struct Boards {
    /// Name of the connection
    #[arg(long)]
    pub connection: String,
    /// Project key
    #[arg(long)]
    pub project: String,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Args)]
pub struct Integrate {
    /// Name of the connection
    #[arg(long)]
    pub connection: String,
    /// Project key
    #[arg(long)]
    pub project: String,
    /// Board id
    #[arg(long, value_name = "ID")]
    pub board: Option<String>,
    /// Name of the integration; the project's name if not given
    #[arg(long, value_name = "I")]
    pub name: Option<String>,
    /// Filter; the project is added to it
    #[arg(long, value_name = "Q")]
    pub jql: Option<String>,
    /// Closed issues too; `--include-closed=false` leaves them out again
    #[arg(
        long,
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "true",
        value_name = "true|false"
    )]
    pub include_closed: Option<bool>,
    /// What becomes of pairs whose issues leave the filter or the project
    #[arg(long, value_enum, value_name = "WHAT")]
    pub out_of_scope: Option<ScopeChoice>,
    /// Stop and ask where more than this share of all items would be changed at once, here or in Jira; 100 never asks
    #[arg(long, value_name = "PERCENT", value_parser = clap::value_parser!(u8).range(1..=100))]
    pub ask_above_changed: Option<u8>,
    /// Stop and ask where more than this share of all items would lose the value of a field at once; 100 never asks
    #[arg(long, value_name = "PERCENT", value_parser = clap::value_parser!(u8).range(1..=100))]
    pub ask_above_emptied: Option<u8>,
    /// Product area to land in; made if it is not there
    #[arg(long, value_name = "A")]
    pub area: Option<String>,
    /// Mapping to use, as `lockstep mapping` prints it; the proposal if not given
    #[arg(long, value_name = "FILE")]
    pub mapping: Option<PathBuf>,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Args)]
pub struct OfIntegration {
    /// Name of the integration
    #[arg(long)]
    pub integration: String,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Args)]
pub struct Statuses {
    /// Name of the integration
    #[arg(long, value_name = "NAME")]
    pub integration: String,
    /// Save what is proposed (or was saved before)
    #[arg(long)]
    pub accept: bool,
    /// Statuses to save, as `lockstep statuses --json` prints them
    #[arg(long, value_name = "FILE")]
    pub file: Option<PathBuf>,
    /// Map a Jira status to a workspace status, or to none; may be given several times
    #[arg(long, value_name = "JIRA=WORKSPACE")]
    pub set: Vec<String>,
    /// The Jira status to which issues go when an item is given this status here; may be given several times
    #[arg(long, value_name = "WORKSPACE=JIRA")]
    pub way_back: Vec<String>,
    /// Whether a status that is set here goes to Jira
    #[arg(
        long,
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "true",
        value_name = "true|false"
    )]
    pub goes_back: Option<bool>,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

impl Statuses {
    /// Whether something is to be saved.
    pub fn changes(&self) -> bool {
        self.accept
            || self.file.is_some()
            || !self.set.is_empty()
            || !self.way_back.is_empty()
            || self.goes_back.is_some()
    }
}

#[derive(Debug, Args)]
pub struct Items {
    /// Only items of this integration
    #[arg(long)]
    pub integration: Option<String>,
    /// Print JSON, one item a line
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Args)]
pub struct Plain {
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Args)]
pub struct Serve {
    /// Port on this machine; any free one if not given
    #[arg(long, default_value_t = 0)]
    pub port: u16,
    /// Keep nothing in step by itself: only what somebody asks for is done
    #[arg(long)]
    pub no_sync: bool,
}

impl Common {
    /// Opens the workspace.
    pub async fn open(&self) -> Result<App, Failure> {
        Ok(App::open(self.options()?).await?)
    }

    /// Opens the workspace for a command that only reads what is kept: beside a window that has it open too.
    pub async fn open_to_read(&self) -> Result<App, Failure> {
        Ok(App::open_to_read(self.options()?).await?)
    }

    fn options(&self) -> Result<Options, Failure> {
        let data_dir = match &self.data_dir {
            Some(directory) => directory.clone(),
            None => api::default_data_dir().ok_or_else(|| {
                Failure::usage("This machine does not say where data belongs: give --data-dir")
            })?,
        };
        let secrets = match self.secret_store {
            None => SecretChoice::Remembered(passphrase_from_environment()),
            Some(Store::Keyring) => SecretChoice::Keyring,
            Some(Store::File) => SecretChoice::File(self.passphrase()?),
        };
        Ok(Options { data_dir, secrets })
    }

    fn passphrase(&self) -> Result<SecretString, Failure> {
        if let Some(passphrase) = passphrase_from_environment() {
            return Ok(passphrase);
        }
        rpassword::prompt_password("Passphrase of the file of secrets: ")
            .map(SecretString::from)
            .map_err(|error| Failure::usage(&format!("The passphrase could not be read: {error}")))
    }
}

fn passphrase_from_environment() -> Option<SecretString> {
    std::env::var("LOCKSTEP_SECRET_PASSPHRASE")
        .ok()
        .map(SecretString::from)
}
