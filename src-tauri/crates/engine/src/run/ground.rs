//! What a run stands on: the integration with its mapping, made ready once.

mod known;

pub use known::Known;

use crate::error::EngineError;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use jira::jql;
use store::{ConnectionId, IntegrationId, Read, Store, StoreError, WriteTx};
use sync::mapping::Mapping;
use sync::plan::Planner;
use sync::remote::{RemoteField, Schema};
use workspace::{AreaId, Field, FieldKey, ItemType, Level};

/// By how much this machine's clock may be ahead of a site's.
pub const CLOCKS_APART: SignedDuration = SignedDuration::from_hours(1);
/// By how much the time of a zone may be behind that of UTC.
const ZONES_APART: SignedDuration = SignedDuration::from_hours(14);

/// Everything about an integration that deciding needs, read once.
pub struct Ground {
    /// The integration.
    pub integration: store::integration::Integration,
    /// Its connection.
    pub connection: store::connection::Connection,
    /// The saved mapping.
    pub mapping: Mapping,
    /// Levels of the workspace.
    pub levels: Vec<Level>,
    /// Types of the workspace.
    pub types: Vec<ItemType>,
    /// Fields of the workspace.
    pub fields: Vec<Field>,
    /// What Jira last said that the project has.
    pub schema: Schema,
    /// The mapping made ready.
    pub planner: Planner,
}

impl Ground {
    /// Reads it.
    ///
    /// # Errors
    /// [`EngineError::NotFound`], or [`EngineError::MappingMissing`] if types or fields were never saved.
    pub async fn read(store: &Store, id: IntegrationId) -> Result<Self, EngineError> {
        let ground = store.read(move |read| Self::load(read, id)).await?;
        let ground = ground.ok_or(EngineError::NotFound("integration"))?;
        if ground.mapping.types.is_empty() || ground.mapping.fields.is_empty() {
            return Err(EngineError::MappingMissing);
        }
        Ok(ground)
    }

    fn load(read: &Read<'_>, id: IntegrationId) -> Result<Option<Self>, StoreError> {
        let Some(integration) = store::integration::get(read, id)? else {
            return Ok(None);
        };
        let Some(connection) = store::connection::get(read, integration.data.connection)? else {
            return Ok(None);
        };
        let (mapping, _) = store::mapping::load(read, id)?;
        let levels = store::level::list(read)?;
        let types = store::item_type::list(read)?;
        let fields = store::field::list(read)?;
        let schema = store::schema_snapshot::load(read, id)?
            .map_or_else(Schema::default, |(schema, _)| schema);
        let planner = Planner::new(
            &mapping,
            &levels,
            &types,
            &fields,
            &schema,
            integration.data.include_closed,
        );
        Ok(Some(Self {
            integration,
            connection,
            mapping,
            levels,
            types,
            fields,
            schema,
            planner,
        }))
    }

    /// The connection's id.
    #[must_use]
    pub fn connection_id(&self) -> ConnectionId {
        self.connection.id
    }

    /// The zone in which the site reads the account's days and hours; that of UTC where nobody knows it.
    #[must_use]
    pub fn time_zone(&self) -> TimeZone {
        TimeZone::get(&self.connection.data.time_zone).unwrap_or(TimeZone::UTC)
    }

    /// What a field is paired with at Jira; none if it is not.
    #[must_use]
    pub fn remote_field(&self, field: FieldKey) -> Option<&RemoteField> {
        let pair = (self.mapping.fields.iter()).find(|pair| pair.field == field)?;
        let mut fields = self.schema.fields.iter();
        fields.find(|remote| remote.id == pair.remote_field)
    }

    /// JQL that finds what was updated since a moment. Where the zone is unknown it reaches back so far that the moment
    /// lies within it in any zone.
    #[must_use]
    pub fn updated_since(&self, moment: Timestamp) -> String {
        let known = TimeZone::get(&self.connection.data.time_zone).is_ok();
        let back = if known {
            SignedDuration::ZERO
        } else {
            ZONES_APART
        };
        let since = moment.saturating_sub(back).unwrap_or(moment);
        jql::updated_since(since, &self.time_zone())
    }

    /// Under which name identities of the site are remembered: two connections to one site share them.
    #[must_use]
    pub fn site_key(&self) -> String {
        site_key(&self.connection)
    }

    /// The depth of a workspace type's level.
    #[must_use]
    pub fn depth_of_type(&self, item_type: workspace::ItemTypeId) -> Option<u8> {
        let found = self.types.iter().find(|known| known.id == item_type)?;
        self.levels
            .iter()
            .find(|level| level.id == found.level)
            .map(|level| level.depth)
    }

    /// Where new items land: the chosen area, else `Imported from Jira`, which is made if need be.
    ///
    /// # Errors
    /// What the database meets.
    pub fn area(&self, tx: &WriteTx<'_>) -> Result<AreaId, StoreError> {
        match self.integration.data.area {
            Some(area) => Ok(area),
            None => store::area::ensure(tx, None, workspace::area::IMPORTED),
        }
    }
}

/// Under which name identities of a site are remembered.
#[must_use]
pub fn site_key(connection: &store::connection::Connection) -> String {
    match connection.data.practice {
        // The port of a practice site changes with every start; what it is made from does not.
        Some(practice) => format!(
            "practice:{:?}:{}:{}",
            practice.face, practice.issues, practice.seed
        ),
        None => connection.data.site_url.clone(),
    }
}
