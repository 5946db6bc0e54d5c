//! What a run stands on: the integration with its mapping, made ready once, and what the workspace already
//! knows of the remote's people and choices.

use crate::error::EngineError;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use std::collections::BTreeMap;
use store::{ConnectionId, IntegrationId, Read, Store, StoreError, WriteTx};
use sync::convert::{Lookup, Want};
use sync::mapping::Mapping;
use sync::plan::Planner;
use sync::remote::Schema;
use workspace::{AreaId, Field, FieldKey, ItemId, ItemType, Level, OptionId, PersonId};

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

/// What the workspace knows of the remote's people, choices and issues, in memory. Grows with the number of
/// people and choices, not with the number of issues: those are looked up batch by batch.
pub struct Known {
    site_key: String,
    time_zone: TimeZone,
    options: BTreeMap<(FieldKey, String), OptionId>,
    options_by_name: BTreeMap<(FieldKey, String), OptionId>,
    people: BTreeMap<String, PersonId>,
    items: BTreeMap<String, ItemId>,
}

impl Known {
    /// Reads choices; people are learnt as they are met.
    ///
    /// # Errors
    /// What the database meets.
    pub fn load(read: &Read<'_>, ground: &Ground) -> Result<Self, StoreError> {
        let site_key = ground.site_key();
        let mut options = BTreeMap::new();
        for field in &ground.fields {
            for (remote, option) in store::option_identity::of_field(read, &site_key, field.key)? {
                options.insert((field.key, remote), option);
            }
        }
        let options_by_name = store::field_option::list(read)?
            .into_iter()
            .map(|option| ((option.field, store::fold(&option.name)), option.id))
            .collect();
        Ok(Self {
            time_zone: TimeZone::get(&ground.connection.data.time_zone).unwrap_or(TimeZone::UTC),
            site_key,
            options,
            options_by_name,
            people: BTreeMap::new(),
            items: BTreeMap::new(),
        })
    }

    /// Looks up the people and the linked issues that a batch of issues names.
    ///
    /// # Errors
    /// What the database meets.
    pub fn look_up<'i>(
        &mut self,
        read: &Read<'_>,
        connection: ConnectionId,
        issues: impl Iterator<Item = &'i sync::remote::RemoteIssue>,
    ) -> Result<(), StoreError> {
        use sync::remote::RemoteValue;
        let mut linked = Vec::new();
        for value in issues.flat_map(|issue| issue.values.values()) {
            match value {
                RemoteValue::People(people) => {
                    for person in people {
                        if !self.people.contains_key(&person.id)
                            && let Some(id) = store::person::find(read, &self.site_key, &person.id)?
                        {
                            self.people.insert(person.id.clone(), id);
                        }
                    }
                }
                RemoteValue::Links(links) => {
                    linked.extend(links.iter().map(|link| link.issue.clone()));
                }
                _ => {}
            }
        }
        self.items = store::link::by_remote_ids(read, connection, &linked)?
            .into_iter()
            .map(|(remote_id, link)| (remote_id, link.item))
            .collect();
        Ok(())
    }

    /// Records what a decision wants, so that deciding again finds it.
    ///
    /// # Errors
    /// What the database meets.
    pub fn record(&mut self, tx: &WriteTx<'_>, wants: &[Want]) -> Result<(), StoreError> {
        for want in wants {
            match want {
                Want::Option { field, choice } => {
                    let id = store::option_identity::resolve_or_grow(
                        tx,
                        &self.site_key,
                        *field,
                        choice,
                    )?;
                    self.options.insert((*field, choice.id.clone()), id);
                    self.options_by_name
                        .insert((*field, store::fold(&choice.name)), id);
                }
                Want::Person(person) => {
                    let id = store::person::resolve_or_meet(tx, &self.site_key, person)?;
                    self.people.insert(person.id.clone(), id);
                }
                // The other end of a dependency comes with its own row; links are set once all are there.
                Want::Item { .. } => {}
            }
        }
        Ok(())
    }
}

impl Lookup for Known {
    fn option(&self, field: FieldKey, remote_option: &str) -> Option<OptionId> {
        self.options
            .get(&(field, remote_option.to_owned()))
            .copied()
    }

    fn option_by_name(&self, field: FieldKey, name: &str) -> Option<OptionId> {
        self.options_by_name
            .get(&(field, store::fold(name)))
            .copied()
    }

    fn person(&self, remote_person: &str) -> Option<PersonId> {
        self.people.get(remote_person).copied()
    }

    fn item(&self, remote_issue: &str) -> Option<ItemId> {
        self.items.get(remote_issue).copied()
    }

    fn day_of(&self, moment: Timestamp) -> Date {
        self.time_zone.to_datetime(moment).date()
    }
}
