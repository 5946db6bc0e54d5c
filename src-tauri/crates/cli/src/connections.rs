//! Connections that are kept: other credentials, other names, resting, and disconnecting.

use crate::arguments::{Credentials, Disconnect, Pause, Rename, Which};
use crate::integrate::{auth_of, secret_from_stdin};
use crate::output::{Failure, Output};
use crate::show;
use api::App;
use api::dto::{
    ConnectionPauseArgs, CredentialsArgs, IdArgs, LeavingExtent, LeavingIntegration, PauseArgs,
    RenameArgs, SecretStoreKind,
};
use serde::Serialize;
use std::io::IsTerminal;
use std::process::ExitCode;

/// What a command is about, once it was found.
enum Found {
    Connection(i64),
    Integration(i64),
}

pub async fn credentials(app: &App, options: Credentials) -> Result<ExitCode, Failure> {
    let connection = show::connection(app, &options.connection).await?;
    let secret = secret_from_stdin()?;
    let (auth, login) = auth_of(options.identity);
    let args = CredentialsArgs {
        id: connection.id,
        auth,
        login,
        secret,
    };
    let changed = app.connection_credentials(args).await?;
    Output::new(options.json).print(&changed, |changed| {
        format!(
            "{} signs in to {} as {} from now on. What waited goes on.",
            changed.name, changed.url, changed.account
        )
    });
    Ok(ExitCode::SUCCESS)
}

pub async fn rename(app: &App, options: Rename) -> Result<ExitCode, Failure> {
    let (found, name) = (found(app, &options.which).await?, options.name);
    let output = Output::new(options.json);
    match found {
        Found::Connection(id) => {
            let renamed = app.connection_rename(RenameArgs { id, name }).await?;
            output.print(&renamed, |it| format!("It is {:?} now.", it.name));
        }
        Found::Integration(id) => {
            let renamed = app.integration_rename(RenameArgs { id, name }).await?;
            output.print(&renamed, |it| format!("It is {:?} now.", it.name));
        }
    }
    Ok(ExitCode::SUCCESS)
}

pub async fn pause(app: &App, options: Pause, paused: bool) -> Result<ExitCode, Failure> {
    match found(app, &options.which).await? {
        Found::Connection(id) => {
            let args = ConnectionPauseArgs { id, paused };
            app.connection_pause(args).await?;
        }
        Found::Integration(integration_id) => {
            let args = PauseArgs {
                integration_id,
                paused,
            };
            app.integration_pause(args).await?;
        }
    }
    #[derive(Serialize)]
    struct Rests {
        paused: bool,
    }
    Output::new(options.json).print(&Rests { paused }, |rests| {
        if rests.paused {
            "Paused. What is edited meanwhile is kept, and sent afterwards.".to_owned()
        } else {
            "Going on.".to_owned()
        }
    });
    Ok(ExitCode::SUCCESS)
}

/// What goes, and whether it is gone.
#[derive(Serialize)]
struct Disconnected {
    extent: LeavingExtent,
    disconnected: bool,
    severed: u32,
}

pub async fn disconnect(app: &App, options: Disconnect) -> Result<ExitCode, Failure> {
    let which = Which {
        connection: options.connection,
        integration: options.integration,
    };
    let found = found(app, &which).await?;
    let extent = match found {
        Found::Connection(id) => app.connection_leaving(IdArgs { id }).await?,
        Found::Integration(id) => app.integration_leaving(IdArgs { id }).await?,
    };
    let output = Output::new(options.json);
    if !options.json {
        eprintln!("{}", extent_words(&extent));
    }
    let name = which.connection.or(which.integration).unwrap_or_default();
    // Whoever wants JSON does not read what goes before they answer: they are not asked.
    let answer = match (options.yes, options.json) {
        (true, _) => Answer::Agreed,
        (false, true) => Answer::NotAsked,
        (false, false) => asked(&name)?,
    };
    if answer != Answer::Agreed {
        let undone = Disconnected {
            extent,
            disconnected: false,
            severed: 0,
        };
        if options.json {
            output.print(&undone, |_| String::new());
        }
        return Err(Failure::usage(match answer {
            Answer::Other => "Nothing was disconnected: that is not the name.",
            _ => "Nothing was disconnected. Give --yes to disconnect.",
        }));
    }
    let severed = match found {
        Found::Connection(id) => app.connection_disconnect(extent.agreed(id)).await?,
        Found::Integration(id) => app.integration_disconnect(extent.agreed(id)).await?,
    };
    let done = Disconnected {
        extent,
        disconnected: true,
        severed: severed.count,
    };
    output.print(&done, |done| {
        format!(
            "Disconnected. {} items are linked to no issue any more; which they were linked to is remembered.",
            done.severed
        )
    });
    Ok(ExitCode::SUCCESS)
}

/// What came of the question whether to disconnect.
#[derive(PartialEq)]
enum Answer {
    Agreed,
    /// Something else was typed.
    Other,
    /// Nobody was asked.
    NotAsked,
}

/// Asks somebody at a terminal to type a name. Nobody is asked in a pipe.
fn asked(name: &str) -> Result<Answer, Failure> {
    if !std::io::stdin().is_terminal() {
        return Ok(Answer::NotAsked);
    }
    eprint!("Type {name} to go on: ");
    let mut line = String::new();
    std::io::stdin().read_line(&mut line)?;
    Ok(if line.trim() == name {
        Answer::Agreed
    } else {
        Answer::Other
    })
}

async fn found(app: &App, which: &Which) -> Result<Found, Failure> {
    match (&which.connection, &which.integration) {
        (Some(name), _) => Ok(Found::Connection(show::connection(app, name).await?.id)),
        (None, Some(name)) => Ok(Found::Integration(show::integration(app, name).await?.id)),
        (None, None) => Err(Failure::usage("Name a connection or an integration.")),
    }
}

/// What goes, a line for each thing.
fn extent_words(extent: &LeavingExtent) -> String {
    let mut lines = vec!["This goes:".to_owned()];
    if extent.connection_goes {
        let store = match extent.secrets {
            SecretStoreKind::Keyring => "keyring",
            SecretStoreKind::File => "file of secrets",
        };
        lines.push(format!(
            "  the connection {} to {}, and its secret in the {store}",
            extent.connection.name, extent.connection.url
        ));
    }
    for integration in &extent.integrations {
        lines.push(format!(
            "  the integration {} of project {}",
            integration.name, integration.project_key
        ));
        lines.extend(parts(integration));
    }
    lines.push("Every item here and every issue in Jira stays as it is.".to_owned());
    lines.join("\n")
}

fn parts(integration: &LeavingIntegration) -> Vec<String> {
    let one = integration;
    let mut lines: Vec<String> = [
        (one.types, "pairs of types, forgotten"),
        (one.fields, "pairs of fields, forgotten"),
        (one.statuses, "pairs of statuses, forgotten"),
        (one.linked, "links of items to issues; they are remembered"),
        (one.conflicts, "conflicts; each side keeps what it has"),
        (one.unmade, "issues that were to be made and will not be"),
        (
            one.unmade_doubtful,
            "of these may be in Jira already: Jira never answered",
        ),
        (
            one.imports,
            "imports that cannot be taken back as a whole any more",
        ),
        (
            one.cycles,
            "syncs that cannot be taken back as a whole any more",
        ),
        (one.problems, "problems on the list; nothing is tried again"),
        (
            one.asked,
            "items of which it is asked whether to disconnect them; all are",
        ),
        (
            one.unsent,
            "items with edits that Jira does not have; they stay here, unsent",
        ),
    ]
    .into_iter()
    .filter(|(count, _)| *count > 0)
    .map(|(count, what)| format!("    {count} {what}"))
    .collect();
    lines.extend(one.unsent_items.iter().map(|item| {
        let fields = item.fields.join(", ");
        format!("      {} {}: {fields}", item.key, item.title)
    }));
    let named = u32::try_from(one.unsent_items.len()).unwrap_or(u32::MAX);
    if one.unsent > named {
        lines.push(format!("      and {} more", one.unsent - named));
    }
    if one.scoped {
        lines.push("    its filter and its area".to_owned());
    }
    if one.importing {
        lines.push("    an import that is under way: end it first".to_owned());
    }
    lines
}
