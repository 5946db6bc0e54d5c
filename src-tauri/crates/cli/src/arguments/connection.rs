//! What can be typed about connections that are kept.

use super::Identity;
use clap::Args;

#[derive(Debug, Args)]
pub struct Credentials {
    /// Name of the connection
    #[arg(value_name = "NAME")]
    pub connection: String,
    #[command(flatten)]
    pub identity: Identity,
    /// Read the token or password from standard input
    #[arg(long, required = true)]
    pub secret_stdin: bool,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

/// What a command is about; just one of them.
#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
pub struct Which {
    /// Name of a connection
    #[arg(long, value_name = "NAME")]
    pub connection: Option<String>,
    /// Name of an integration
    #[arg(long, value_name = "NAME")]
    pub integration: Option<String>,
}

#[derive(Debug, Args)]
pub struct Rename {
    #[command(flatten)]
    pub which: Which,
    /// The new name
    #[arg(value_name = "NEW")]
    pub name: String,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Args)]
pub struct Pause {
    #[command(flatten)]
    pub which: Which,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Args)]
#[command(group(clap::ArgGroup::new("what").required(true).multiple(false).args(["connection", "integration"])))]
pub struct Disconnect {
    /// Name of the connection: it goes with all its integrations and its secret
    #[arg(value_name = "NAME")]
    pub connection: Option<String>,
    /// Only this integration; its connection stays
    #[arg(long, value_name = "NAME")]
    pub integration: Option<String>,
    /// Disconnect without asking
    #[arg(long)]
    pub yes: bool,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}
