//! Versions and components that stand here and not in Jira: made there when somebody says so.
//!
//! Whoever edits a field to such a choice meets a problem that names it, and may let it be made. It is looked for by its name
//! first, so that it is never made twice, whatever became of an earlier attempt.

use crate::adapter::JiraRemote;
use crate::error::EngineError;
use crate::problem::Problem;
use crate::run::Ground;
use crate::{Engine, Topic};
use jira::Named;
use store::due::Due;
use store::{IntegrationId, Store, StoreError, WriteTx};
use sync::outgoing::Unsayable;
use sync::plan::FieldWrite;
use sync::remote::{Choice, RemoteKind, RemoteOption, RemoteValue};
use workspace::{FieldKey, OptionId};

/// A version or component that stands here and not in Jira.
pub(crate) const MISSING: &str = "choice_missing";
const VERSION: &str = "version";
const COMPONENT: &str = "component";

/// A choice that Jira lacks, as its problem names it.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Missing {
    what: String,
    name: String,
    field: FieldKey,
    option: OptionId,
}

impl Missing {
    fn of(problem: &Problem) -> Option<Self> {
        let detail = |name: &str| problem.detail.get(name).cloned();
        (problem.code == MISSING).then_some(())?;
        Some(Self {
            what: detail("what")?,
            name: detail("name")?,
            field: FieldKey::parse(&detail("field")?)?,
            option: OptionId(detail("option")?.parse().ok()?),
        })
    }

    fn problem(&self) -> Problem {
        Problem::new(MISSING)
            .with("what", &self.what)
            .with("name", &self.name)
            .with("field", self.field)
            .with("option", self.option)
    }
}

/// The problem of a value that cannot be said because Jira lacks a version or component; none for all others.
pub(crate) fn missing(kind: &RemoteKind, field: FieldKey, why: &[Unsayable]) -> Option<Problem> {
    let what = what(kind)?;
    why.iter().find_map(|why| match why {
        Unsayable::NoChoice { option, name } => Some(
            Missing {
                what: what.to_owned(),
                name: name.clone(),
                field,
                option: *option,
            }
            .problem(),
        ),
        _ => None,
    })
}

/// The same of a value that Jira refused: of what is to be added, the first that the project is not known to have.
pub(crate) fn refused(
    write: &FieldWrite,
    here: &workspace::Value,
    names: impl Fn(OptionId) -> Option<String>,
) -> Option<Problem> {
    let what = what(&write.remote.kind)?;
    let RemoteValue::Choices(wanted) = &write.value else {
        return None;
    };
    let unknown = wanted.iter().find(|choice| {
        let mut known = write.remote.options.iter();
        !known.any(|known| known.id == choice.id)
    })?;
    let workspace::Value::Options(options) = here else {
        return None;
    };
    let option = options
        .iter()
        .find(|id| names(**id).as_deref() == Some(unknown.name.as_str()))?;
    let missing = Missing {
        what: what.to_owned(),
        name: unknown.name.clone(),
        field: write.field,
        option: *option,
    };
    Some(missing.problem())
}

fn what(kind: &RemoteKind) -> Option<&'static str> {
    match kind {
        RemoteKind::Version | RemoteKind::Versions => Some(VERSION),
        RemoteKind::Components => Some(COMPONENT),
        _ => None,
    }
}

impl Engine {
    /// Makes the version or component in Jira for want of which an issue could not be changed, unless the project has one
    /// of that name. All that waited for it is tried again with the next cycle. Gives its name.
    ///
    /// # Errors
    /// [`EngineError::NotFound`] if the issue waits for none; what Jira says, for example that the account may not.
    pub async fn create_choice(
        &self,
        id: IntegrationId,
        remote_id: &str,
    ) -> Result<String, EngineError> {
        let ground = Ground::read(&self.inner.store, id).await?;
        let connection = ground.connection_id();
        let remote = self.remote(connection).await?;
        let store = &self.inner.store;
        match create(store, &remote, ground, remote_id, self.now()).await {
            Ok(name) => {
                self.tell(&[Topic::Sync]);
                Ok(name)
            }
            Err(error) => Err(self.note(connection, error).await),
        }
    }
}

/// As [`Engine::create_choice`].
pub(crate) async fn create(
    store: &Store,
    remote: &JiraRemote,
    ground: Ground,
    remote_id: &str,
    now: jiff::Timestamp,
) -> Result<String, EngineError> {
    let (id, issue) = (ground.integration.id, remote_id.to_owned());
    let due = store.read(move |read| store::due::of(read, id, &[&issue]));
    let missing = due.await?.iter().find_map(waits_for);
    let missing = missing.ok_or(EngineError::NotFound("missing choice"))?;
    let made = made(remote, &ground, &missing).await?;
    let name = made.name.clone();
    store
        .write(move |tx| {
            remember(tx, &ground, &missing, &made, now)?;
            let failed = store::due::failed(tx, id, u32::MAX)?.into_iter();
            let waiting = failed.filter(|due| {
                let other = waits_for(due);
                let same =
                    |other: Missing| other.what == missing.what && other.name == missing.name;
                other.is_some_and(same)
            });
            let issues: Vec<String> = waiting.map(|due| due.remote_id).collect();
            store::due::retry(tx, id, Some(&issues), now)
        })
        .await?;
    Ok(name)
}

fn waits_for(due: &Due) -> Option<Missing> {
    let problem = due.problem.as_ref()?;
    Missing::of(&Problem::from_text(&problem.code, &problem.detail))
}

/// The choice in Jira, as it is there or as it is made.
async fn made(
    remote: &JiraRemote,
    ground: &Ground,
    missing: &Missing,
) -> Result<Named, EngineError> {
    let (client, data) = (remote.client(), &ground.integration.data);
    let is_version = missing.what == VERSION;
    let known = if is_version {
        client.versions(&data.project_key).await?
    } else {
        client.components(&data.project_key).await?
    };
    let name = missing.name.trim();
    let same = |known: &Named| known.name.trim().eq_ignore_ascii_case(name);
    if let Some(found) = known.into_iter().find(same) {
        return Ok(found);
    }
    Ok(if is_version {
        client.create_version(&data.project_id, name).await?
    } else {
        client.create_component(&data.project_key, name).await?
    })
}

/// Keeps which choice here it is, and that the project has it.
fn remember(
    tx: &WriteTx<'_>,
    ground: &Ground,
    missing: &Missing,
    made: &Named,
    now: jiff::Timestamp,
) -> Result<(), StoreError> {
    let choice = Choice {
        id: made.id.clone(),
        name: made.name.clone(),
        ..Choice::default()
    };
    let site = ground.site_key();
    if store::field_option::get(tx, missing.option)?.is_some() {
        store::option_identity::remember(tx, &site, missing.field, &choice, missing.option)?;
    }
    let id = ground.integration.id;
    let Some((mut schema, _)) = store::schema_snapshot::load(tx, id)? else {
        return Ok(());
    };
    for field in &mut schema.fields {
        let lists_it = what(&field.kind) == Some(missing.what.as_str());
        if lists_it && !field.options.iter().any(|known| known.id == made.id) {
            field.options.push(RemoteOption {
                id: made.id.clone(),
                name: made.name.clone(),
                disabled: false,
            });
        }
    }
    store::schema_snapshot::save(tx, id, &schema, now)
}
