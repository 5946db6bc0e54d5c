//! Disconnecting: what goes is told first.

use super::backlog::Names;
use crate::app::App;
use crate::convert;
use crate::dto::{
    ConnectionPauseArgs, Counted, DisconnectArgs, IdArgs, LeavingExtent, LeavingIntegration,
    Nothing, UnsentItem,
};
use crate::error::ErrorDto;
use engine::{EngineError, Leaving, Loss};
use store::{ConnectionId, IntegrationId};

/// Items with edits that are named one by one.
const NAMED_MAX: usize = 100;

impl App {
    /// Lets all integrations of a connection rest, or go on. What is edited while they rest is kept, and sent afterwards.
    ///
    /// # Errors
    /// `not_found`.
    pub async fn connection_pause(&self, args: ConnectionPauseArgs) -> Result<Nothing, ErrorDto> {
        let own = self.engine.integrations().await?.into_iter();
        let own = own.filter(|view| view.connection.id.0 == args.id);
        let known = self.engine.connections().await?;
        if !known.iter().any(|connection| connection.id.0 == args.id) {
            return Err(EngineError::NotFound("connection").into());
        }
        for view in own {
            let id = view.integration.id;
            self.engine.pause_integration(id, args.paused).await?;
        }
        Ok(Nothing {})
    }

    /// What goes if a connection is disconnected.
    ///
    /// # Errors
    /// `not_found`.
    pub async fn connection_leaving(&self, args: IdArgs) -> Result<LeavingExtent, ErrorDto> {
        self.leaving(Leaving::Connection(ConnectionId(args.id)))
            .await
    }

    /// Disconnects a connection with all its integrations; gives how many pairs came apart.
    ///
    /// # Errors
    /// `not_found`, `run_active`, `leaving_stale`.
    pub async fn connection_disconnect(&self, args: DisconnectArgs) -> Result<Counted, ErrorDto> {
        let what = Leaving::Connection(ConnectionId(args.id));
        self.disconnect(what, &args).await
    }

    /// What goes if an integration is disconnected.
    ///
    /// # Errors
    /// `not_found`.
    pub async fn integration_leaving(&self, args: IdArgs) -> Result<LeavingExtent, ErrorDto> {
        self.leaving(Leaving::Integration(IntegrationId(args.id)))
            .await
    }

    /// Disconnects an integration; its connection stays. Gives how many pairs came apart.
    ///
    /// # Errors
    /// `not_found`, `run_active`, `leaving_stale`.
    pub async fn integration_disconnect(&self, args: DisconnectArgs) -> Result<Counted, ErrorDto> {
        let what = Leaving::Integration(IntegrationId(args.id));
        self.disconnect(what, &args).await
    }

    async fn leaving(&self, what: Leaving) -> Result<LeavingExtent, ErrorDto> {
        let extent = self.engine.leaving_extent(what).await?;
        let names = self.names().await?;
        let connection = self.one_connection(extent.connection.id.0).await?;
        Ok(LeavingExtent {
            connection,
            connection_goes: extent.connection_goes,
            secrets: convert::secret_kind(extent.secrets),
            integrations: extent
                .integrations
                .into_iter()
                .map(|one| integration(one, &names))
                .collect(),
        })
    }

    async fn disconnect(&self, what: Leaving, args: &DisconnectArgs) -> Result<Counted, ErrorDto> {
        let agreed = Loss {
            unsent: args.unsent.into(),
            conflicts: args.conflicts.into(),
            unmade: args.unmade.into(),
        };
        let count = self.engine.disconnect(what, agreed).await?;
        Ok(Counted {
            count: convert::count(count),
        })
    }
}

fn integration(one: engine::LeavingIntegration, names: &Names) -> LeavingIntegration {
    let data = &one.integration.data;
    let scoped = !data.jql.is_empty() || data.include_closed || data.area.is_some();
    LeavingIntegration {
        id: one.integration.id.0,
        name: one.integration.data.name,
        project_key: one.integration.data.project_key,
        types: convert::count(one.types),
        fields: convert::count(one.fields),
        statuses: convert::count(one.statuses),
        linked: convert::count(one.linked),
        unsent: convert::count(one.unsent.len() as u64),
        unsent_items: one
            .unsent
            .into_iter()
            .take(NAMED_MAX)
            .map(|unsent| UnsentItem {
                item_id: unsent.item.0,
                title: unsent.title,
                key: unsent.key,
                fields: unsent
                    .fields
                    .into_iter()
                    .map(|field| super::sync::field_name(names, field))
                    .collect(),
            })
            .collect(),
        conflicts: convert::count(one.conflicts),
        unmade: convert::count(one.unmade.all),
        unmade_doubtful: convert::count(one.unmade.doubtful),
        imports: convert::count(one.imports),
        cycles: convert::count(one.cycles),
        problems: convert::count(one.problems),
        asked: convert::count(one.asked),
        scoped,
        importing: one.is_importing,
    }
}
