//! Disconnecting: a connection with its integrations, or one integration, goes in one act. What goes is told exactly
//! beforehand; what is remembered is offered to whoever connects to the same site again.

use crate::connections::loosen;
use crate::cycle::{Unsent, unsent};
use crate::error::EngineError;
use crate::run::{Ground, is_import_under_way};
use crate::sites::same_site;
use crate::{Engine, SecretKind, Topic};
use store::connection::Connection;
use store::integration::Integration;
use store::leaving::Unmade;
use store::{ConnectionId, IntegrationId, Read, StoreError, WriteTx};

/// What is to go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Leaving {
    /// A connection, with all its integrations and its secret.
    Connection(ConnectionId),
    /// One integration; its connection stays.
    Integration(IntegrationId),
}

/// What Jira never gets once it is disconnected: as much as somebody was told, and has agreed to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Loss {
    /// Items with edits that are not in Jira.
    pub unsent: u64,
    /// Conflicts that nobody has decided.
    pub conflicts: u64,
    /// Issues that are still to be made.
    pub unmade: u64,
}

impl Loss {
    fn exceeds(self, agreed: Self) -> bool {
        self.unsent > agreed.unsent
            || self.conflicts > agreed.conflicts
            || self.unmade > agreed.unmade
    }
}

/// All that goes, and what it leaves behind.
#[derive(Debug, Clone, PartialEq)]
pub struct LeavingExtent {
    /// The connection.
    pub connection: Connection,
    /// Whether it goes too, with its secret.
    pub connection_goes: bool,
    /// Where its secret is kept.
    pub secrets: SecretKind,
    /// The integrations that go, by name.
    pub integrations: Vec<LeavingIntegration>,
}

/// An integration that goes.
#[derive(Debug, Clone, PartialEq)]
pub struct LeavingIntegration {
    /// The integration.
    pub integration: Integration,
    /// Pairs of types that are forgotten.
    pub types: u64,
    /// Pairs of fields that are forgotten.
    pub fields: u64,
    /// Pairs of statuses that are forgotten.
    pub statuses: u64,
    /// Pairs in force: they come apart, and are remembered.
    pub linked: u64,
    /// Items with edits that are not in Jira: they stay as they are, and are not sent.
    pub unsent: Vec<Unsent>,
    /// Conflicts that nobody has decided: each side keeps what it has.
    pub conflicts: u64,
    /// Issues that are still to be made: they will not be.
    pub unmade: Unmade,
    /// Imports that can be taken back as a whole until now.
    pub imports: u64,
    /// Cycles that can be taken back as a whole until now.
    pub cycles: u64,
    /// Issues that could not be changed, not be read, or not be made.
    pub problems: u64,
    /// Pairs of which it is asked whether they are to come apart.
    pub asked: u64,
    /// Whether an import is under way or stands still: it has to be ended first.
    pub is_importing: bool,
}

impl Engine {
    /// What goes if a connection or an integration is disconnected, and what it leaves behind.
    ///
    /// # Errors
    /// [`EngineError::NotFound`].
    pub async fn leaving_extent(&self, what: Leaving) -> Result<LeavingExtent, EngineError> {
        let (connection, integrations) = self.going(what).await?;
        let mut all = Vec::with_capacity(integrations.len());
        for integration in integrations {
            all.push(self.leaving_integration(integration).await?);
        }
        all.sort_by_key(|one| one.integration.data.name.to_lowercase());
        Ok(LeavingExtent {
            connection,
            connection_goes: matches!(what, Leaving::Connection(_)),
            secrets: self.secret_state().await.0,
            integrations: all,
        })
    }

    /// Disconnects: no item and no issue changes; pairs come apart and are remembered. A cycle that is under way ends
    /// first. Gives how many pairs came apart.
    ///
    /// # Errors
    /// [`EngineError::NotFound`]; [`EngineError::RunActive`] while an import is under way or stands still;
    /// [`EngineError::LeavingStale`] if more would be lost than was agreed to.
    pub async fn disconnect(&self, what: Leaving, agreed: Loss) -> Result<u64, EngineError> {
        let place = self.secret_place().await;
        self.uncut(move |engine| async move {
            let (connection, integrations) = engine.going(what).await?;
            let (mut alone, mut grounds) = (Vec::new(), Vec::new());
            for integration in &integrations {
                engine.no_active_run(integration.id).await?;
                alone.push(engine.inner.cycles.alone(integration.id).await);
                engine.no_active_run(integration.id).await?;
                grounds.push(engine.ground_of(integration.id).await?);
            }
            let now = engine.now();
            let severed = engine.inner.store.write(move |tx| {
                // What was edited, or came into conflict, while the cycle was waited for was named to nobody.
                let mut loss = Loss::default();
                for (integration, ground) in integrations.iter().zip(&grounds) {
                    loss.unsent += unsent_of(tx, ground.as_ref())?.len() as u64;
                    loss.conflicts += store::conflict::count_of_integration(tx, integration.id)?;
                    loss.unmade += store::leaving::unmade(tx, integration.id)?.all;
                }
                if loss.exceeds(agreed) {
                    return Ok(Err(EngineError::LeavingStale));
                }
                let mut severed = 0;
                for integration in &integrations {
                    severed += store::leaving::remove(tx, integration.id, now)?;
                }
                if let Leaving::Connection(id) = what {
                    leave(tx, &connection)?;
                    loosen(tx, &connection.data.secret_ref, place)?;
                    tracing::info!(id = id.0, severed, "a connection was removed");
                }
                Ok(Ok(severed))
            });
            let severed = match severed.await {
                Err(StoreError::NotFound { .. }) => {
                    return Err(EngineError::NotFound("integration"));
                }
                other => other??,
            };
            drop(alone);
            if let Leaving::Connection(id) = what {
                engine.inner.sites.forget(id);
                engine.sweep_secrets().await;
            }
            engine.tell(&[
                Topic::Connections,
                Topic::Integrations,
                Topic::Items,
                Topic::Sync,
                Topic::Runs,
                Topic::App,
            ]);
            Ok(severed)
        })
        .await
    }

    /// The connection that goes or stays, and the integrations that go.
    async fn going(&self, what: Leaving) -> Result<(Connection, Vec<Integration>), EngineError> {
        let found = self.inner.store.read(move |read| {
            let all = store::integration::list(read)?;
            Ok(match what {
                Leaving::Connection(id) => {
                    let own = all.into_iter().filter(|one| one.data.connection == id);
                    let own = own.collect();
                    store::connection::get(read, id)?.map(|connection| (connection, own))
                }
                Leaving::Integration(id) => match all.into_iter().find(|one| one.id == id) {
                    Some(own) => store::connection::get(read, own.data.connection)?
                        .map(|connection| (connection, vec![own])),
                    None => None,
                },
            })
        });
        found.await?.ok_or(EngineError::NotFound(match what {
            Leaving::Connection(_) => "connection",
            Leaving::Integration(_) => "integration",
        }))
    }

    async fn leaving_integration(
        &self,
        integration: Integration,
    ) -> Result<LeavingIntegration, EngineError> {
        let id = integration.id;
        let ground = self.ground_of(id).await?;
        let read = self.inner.store.read(move |read| {
            let (mapping, _) = store::mapping::load(read, id)?;
            let undoable = store::leaving::undoable(read, id)?;
            Ok(LeavingIntegration {
                types: mapping.types.len() as u64,
                fields: mapping.fields.len() as u64,
                statuses: mapping.statuses.len() as u64,
                linked: store::link::count_of_integration(read, id)?,
                unsent: unsent_of(read, ground.as_ref())?,
                conflicts: store::conflict::count_of_integration(read, id)?,
                unmade: store::leaving::unmade(read, id)?,
                imports: undoable.imports,
                cycles: undoable.cycles,
                problems: store::leaving::problems(read, id)?,
                asked: store::severing::asked(read, id)?,
                is_importing: is_import_under_way(read, id)?,
                integration,
            })
        });
        Ok(read.await?)
    }

    /// What an integration is kept in step by; none while it has no mapping.
    async fn ground_of(&self, id: IntegrationId) -> Result<Option<Ground>, EngineError> {
        match Ground::read(&self.inner.store, id).await {
            Ok(ground) => Ok(Some(ground)),
            Err(EngineError::MappingMissing) => Ok(None),
            Err(error) => Err(error),
        }
    }
}

fn unsent_of(read: &Read<'_>, ground: Option<&Ground>) -> Result<Vec<Unsent>, StoreError> {
    ground.map_or_else(|| Ok(Vec::new()), |ground| unsent(read, ground))
}

/// Lets a connection without integrations go. What its pairs remember goes to another connection to the same site, or
/// waits for one.
fn leave(tx: &WriteTx<'_>, connection: &Connection) -> Result<(), StoreError> {
    let id = connection.id;
    if store::leaving::remembered(tx, id)? == 0 {
        return store::connection::delete(tx, id);
    }
    let all = store::connection::list(tx)?;
    let other = all
        .into_iter()
        .find(|other| other.id != id && same_site(&other.data, &connection.data));
    match other {
        Some(other) => store::leaving::hand_over(tx, id, other.id),
        None => store::connection::retire(tx, id),
    }
}

/// Gives a new connection what is remembered of earlier ones to the same site.
///
/// # Errors
/// What the database meets.
pub(crate) fn take_over(tx: &WriteTx<'_>, connection: &Connection) -> Result<(), StoreError> {
    for retired in store::connection::retired(tx)? {
        if same_site(&retired.data, &connection.data) {
            store::leaving::hand_over(tx, retired.id, connection.id)?;
        }
    }
    Ok(())
}

/// The address of a connection that was removed and is remembered; none if it is not.
///
/// # Errors
/// What the database meets.
pub(crate) fn remembered_site(
    read: &Read<'_>,
    id: ConnectionId,
) -> Result<Option<String>, StoreError> {
    let retired = store::connection::retired(read)?;
    let found = retired.into_iter().find(|retired| retired.id == id);
    Ok(found.map(|found| found.data.display_url))
}
