//! Connecting, and adding a project.

use crate::arguments::{Connect, Identity, Integrate};
use crate::disconnected;
use crate::mapping_file;
use crate::output::{Failure, Output, read_file};
use crate::show;
use api::dto::{
    AuthKind, CheckState, ConnectionForm, ConnectionReport, FuseLimits, Integration,
    IntegrationArgs, IntegrationForm, NewAreaArgs, Nothing, ProjectsArgs, SaveScopeArgs,
};
use api::{App, Proxy};
use secrecy::{ExposeSecret, SecretString};
use std::io::Read;
use std::process::ExitCode;

pub async fn connect(app: &App, options: Connect) -> Result<ExitCode, Failure> {
    let secret = secret_from_stdin()?;
    let proxy = options.proxy.as_deref().map(proxy).transpose()?.flatten();
    let (auth, login) = auth_of(options.identity);
    let form = ConnectionForm {
        name: options.name,
        url: options.url,
        auth,
        login,
        secret,
        ca_pem: options.ca.as_deref().map(read_file).transpose()?,
        proxy,
        client_identity_pem: (options.client_certificate.as_deref())
            .map(read_file)
            .transpose()?,
    };
    let report = app.connection_test(form.clone()).await?;
    if !options.json {
        eprintln!("{}", report_words(&report));
    }
    if report.account.is_none() {
        // Once more would be one wrong sign-in more, and Jira locks an account after few.
        let problem = report.checks.into_iter().find_map(|check| check.problem);
        return Err(problem.map_or_else(
            || Failure::usage("The test of the connection failed."),
            Failure::Core,
        ));
    }
    let connection = app.connection_create(form).await?;
    Output::new(options.json).print(&connection, |connection| {
        format!("Connected to {} as {}.", connection.url, connection.account)
    });
    Ok(ExitCode::SUCCESS)
}

/// A token or password, as it comes from standard input.
pub fn secret_from_stdin() -> Result<String, Failure> {
    let mut secret = String::new();
    std::io::stdin().read_to_string(&mut secret)?;
    let secret = secret.trim_end_matches(['\r', '\n']).to_owned();
    if secret.is_empty() {
        return Err(Failure::usage("Standard input held no token or password."));
    }
    Ok(secret)
}

/// How somebody signs in, and under which name.
pub fn auth_of(identity: Identity) -> (AuthKind, String) {
    match (identity.email, identity.user) {
        (Some(email), _) => (AuthKind::CloudToken, email),
        (None, Some(user)) => (AuthKind::Password, user),
        (None, None) => (AuthKind::Pat, String::new()),
    }
}

/// The proxy with its password, which comes from the environment: arguments can be read by anybody on the
/// machine, and stay in the shell's history.
fn proxy(typed: &str) -> Result<Option<String>, Failure> {
    let Some(proxy) = Proxy::parse(typed) else {
        return Ok(None);
    };
    if proxy.has_password() {
        return Err(Failure::usage(
            "A password in an argument can be read by others. Leave it out of --proxy, and put it in the \
             environment as LOCKSTEP_PROXY_PASSWORD.",
        ));
    }
    let proxy = match std::env::var("LOCKSTEP_PROXY_PASSWORD") {
        Ok(password) => proxy.with_password(&SecretString::from(password)),
        Err(_) => proxy,
    };
    Ok(Some(proxy.whole().expose_secret().to_owned()))
}

/// The lines of a test, with a word for each outcome.
pub fn report_words(report: &ConnectionReport) -> String {
    let lines: Vec<String> = report
        .checks
        .iter()
        .map(|check| {
            let word = match check.state {
                CheckState::Passed => "ok",
                CheckState::Warning => "warning",
                CheckState::Failed => "failed",
                CheckState::Unknown => "unknown",
            };
            let detail = check.detail.as_deref().unwrap_or_default();
            format!("  {word:<8} {} {detail}", check.label)
                .trim_end()
                .to_owned()
        })
        .collect();
    lines.join("\n")
}

pub async fn integrate(app: &App, options: Integrate) -> Result<ExitCode, Failure> {
    let connection = show::connection(app, &options.connection).await?;
    let integration = match existing(app, &options, connection.id).await? {
        Some(integration) => integration,
        None => {
            let (project_key, project_name) = project(app, connection.id, &options.project).await?;
            let form = IntegrationForm {
                connection_id: connection.id,
                project_key,
                board_id: options.board.clone(),
                name: options.name.clone().unwrap_or(project_name),
            };
            app.integration_create(form).await?
        }
    };
    let area_id = match &options.area {
        Some(area) => Some(area_named(app, area).await?),
        None => integration.area_id,
    };
    let scope = SaveScopeArgs {
        integration_id: integration.id,
        jql: options
            .jql
            .clone()
            .unwrap_or_else(|| integration.jql.clone()),
        include_closed: options.include_closed.unwrap_or(integration.include_closed),
        area_id,
    };
    app.scope_save(scope).await?;
    if let Some(policy) = options.out_of_scope {
        disconnected::set_policy(app, integration.id, policy).await?;
    }
    set_limits(app, integration.id, &options).await?;
    let integration = match &options.mapping {
        Some(file) => mapping_file::apply(app, integration.id, file).await?,
        None => mapping_file::save_proposal(app, integration.id).await?,
    };
    Output::new(options.json).print(&integration, |integration| {
        let offer = match integration.offered {
            0 => String::new(),
            count => format!(
                "\n{count} items were linked to issues of this project before: `lockstep disconnected --integration \
                 {:?}` lists them, `lockstep resync` links them again.",
                integration.name
            ),
        };
        format!(
            "{} is integrated as {:?}.{offer}",
            integration.project_key, integration.name
        )
    });
    Ok(ExitCode::SUCCESS)
}

/// How much a cycle may change before it asks, where that was said.
async fn set_limits(app: &App, integration_id: i64, options: &Integrate) -> Result<(), Failure> {
    let (changed, emptied) = (options.ask_above_changed, options.ask_above_emptied);
    if changed.is_none() && emptied.is_none() {
        return Ok(());
    }
    let found = app.fuse_limits(IntegrationArgs { integration_id }).await?;
    app.fuse_limits_set(FuseLimits {
        changed_percent: changed.unwrap_or(found.changed_percent),
        emptied_percent: emptied.unwrap_or(found.emptied_percent),
        ..found
    })
    .await?;
    Ok(())
}

/// The integration that the same words made before, so that running the command again changes it
/// rather than failing on the name.
async fn existing(
    app: &App,
    options: &Integrate,
    connection_id: i64,
) -> Result<Option<Integration>, Failure> {
    let all = app.integrations(Nothing {}).await?;
    let named = all.into_iter().filter(|integration| {
        integration.connection_id == connection_id
            && options
                .name
                .as_ref()
                .is_none_or(|name| *name == integration.name)
    });
    Ok(by_key(named, &options.project, |integration| {
        &integration.project_key
    }))
}

/// What has this key, written the same way; else the only one that has it in other letters, great or small.
fn by_key<T>(all: impl IntoIterator<Item = T>, key: &str, key_of: fn(&T) -> &str) -> Option<T> {
    let (same, other): (Vec<T>, Vec<T>) = all
        .into_iter()
        .filter(|one| key_of(one).eq_ignore_ascii_case(key))
        .partition(|one| key_of(one) == key);
    let only = match other.len() {
        1 => other.into_iter().next(),
        _ => None,
    };
    same.into_iter().next().or(only)
}

/// Key and name of a project, from its key as it was typed. What Jira does not list stays as it was typed.
async fn project(app: &App, connection_id: i64, key: &str) -> Result<(String, String), Failure> {
    let args = ProjectsArgs {
        connection_id,
        query: key.to_owned(),
        limit: 50,
    };
    let found = app.projects(args).await?;
    Ok(
        by_key(found.projects, key, |project| &project.key).map_or_else(
            || (key.to_owned(), key.to_owned()),
            |project| (project.key, project.name),
        ),
    )
}

async fn area_named(app: &App, name: &str) -> Result<i64, Failure> {
    let areas = app.areas(Nothing {}).await?;
    if let Some(area) = areas.into_iter().find(|area| area.name == name) {
        return Ok(area.id);
    }
    let area = app
        .area_create(NewAreaArgs {
            parent_id: None,
            name: name.to_owned(),
        })
        .await?;
    Ok(area.id)
}
