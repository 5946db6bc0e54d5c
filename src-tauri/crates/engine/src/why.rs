//! "Why isn't this syncing?": everything that has to hold for one item and its issue, looked at one after the other.

use crate::Engine;
use crate::error::EngineError;
use crate::problem::Problem;
use crate::rhythm::Hold;
use crate::run::Ground;
use crate::scope::effective_jql;
use jira::jql;
use store::link::{Link, LinkState, SeverReason};
use store::{ConnectionId, IntegrationId};
use workspace::ItemId;

/// What is asked about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WhyTarget {
    /// An item.
    Item(ItemId),
    /// An issue, by the key that people know.
    Key(String),
}

/// Whether something holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Verdict {
    /// It does.
    Fine,
    /// It is as it should be for now, but worth knowing.
    Note,
    /// It does not: this is in the way.
    Broken,
    /// It cannot be told.
    Unknown,
}

/// What mends it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cure {
    /// New credentials for this connection.
    Credentials(ConnectionId),
    /// Letting this integration go on.
    Resume(IntegrationId),
    /// Deciding about the cycle of this integration that stopped.
    Decide(IntegrationId),
    /// A step of the set-up of this integration.
    Setup(IntegrationId, u8),
    /// Deciding the conflicts of this item.
    Conflicts(ItemId),
    /// What holds this item up.
    Problems(ItemId),
    /// Linking this item again.
    Disconnected(ItemId),
    /// Looking now.
    Sync(IntegrationId),
}

/// Something that has to hold.
#[derive(Debug, Clone, PartialEq)]
pub enum Fact {
    /// The item and an issue are a pair.
    Linked {
        /// The issue's key.
        key: String,
    },
    /// It is linked to nothing.
    NotLinked,
    /// The pair was severed.
    Severed {
        /// The issue's key.
        key: String,
        /// Why.
        reason: SeverReason,
    },
    /// The connection.
    Connection {
        /// Its name.
        name: String,
        /// Why it does not work.
        problem: Option<Problem>,
    },
    /// What keeps the integration from being kept in step.
    Integration {
        /// Its name.
        name: String,
        /// What.
        hold: Hold,
        /// Whether this process keeps it in step by itself.
        is_kept: bool,
        /// Why its last cycle failed.
        problem: Option<Problem>,
    },
    /// The issue can be read.
    Readable(bool),
    /// The issue's type is mapped.
    Type {
        /// What Jira calls it.
        name: String,
        /// Whether it is mapped.
        is_mapped: bool,
    },
    /// The issue meets the filter.
    Scope {
        /// The filter.
        jql: String,
        /// Whether it does.
        is_met: bool,
    },
    /// The account may edit issues of the project.
    Permission(bool),
    /// Nothing is in its way: it becomes an item with the next look.
    Comes,
    /// Fields that were edited here and are not in Jira yet.
    Unsent(usize),
    /// Why an attempt failed.
    Held(Problem),
    /// Fields in conflict.
    Conflicts(usize),
    /// Until when Jira lets nothing through.
    Limit(Option<jiff::Timestamp>),
    /// Jira could not be asked.
    NotAsked(Problem),
}

/// A fact, whether it is as it should be, and what mends it.
#[derive(Debug, Clone, PartialEq)]
pub struct WhyLine {
    /// The fact.
    pub fact: Fact,
    /// Whether it is as it should be.
    pub verdict: Verdict,
    /// What mends it.
    pub cure: Option<Cure>,
}

/// All that has to hold for one item and its issue.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Why {
    /// The item, if there is one.
    pub item: Option<ItemId>,
    /// Its title.
    pub title: String,
    /// Key of the issue, if it is known.
    pub key: String,
    /// What was looked at, in its order.
    pub lines: Vec<WhyLine>,
}

impl Why {
    fn add(&mut self, fact: Fact, verdict: Verdict, cure: Option<Cure>) {
        self.lines.push(WhyLine {
            fact,
            verdict,
            cure,
        });
    }
}

/// Where an issue is, as far as is known.
struct Place {
    link: Option<Link>,
    integration: IntegrationId,
    /// Id or key.
    issue: String,
}

impl Engine {
    /// Looks at everything that has to hold for an item or an issue to be kept in step. What is found in the way is in
    /// the lines; only what keeps from looking at all is an error.
    ///
    /// # Errors
    /// [`EngineError::NotFound`] if there is no such item, or no integration whose project the key could belong to.
    pub async fn why(&self, target: WhyTarget) -> Result<Why, EngineError> {
        let mut why = Why::default();
        let place = match target {
            WhyTarget::Item(item) => self.place_of_item(item, &mut why).await?,
            WhyTarget::Key(key) => self.place_of_key(key.trim(), &mut why).await?,
        };
        let Some(place) = place else {
            return Ok(why);
        };
        if self.look_at_ways(&place, &mut why).await? {
            self.look_at_issue(&place, &mut why).await?;
        }
        if let (Some(item), Some(_)) = (why.item, &place.link) {
            self.look_at_edits(item, &mut why).await?;
        }
        Ok(why)
    }

    async fn place_of_item(
        &self,
        item: ItemId,
        why: &mut Why,
    ) -> Result<Option<Place>, EngineError> {
        let found = self.inner.store.read(move |read| {
            let mut links = store::link::by_item(read, item)?;
            links.sort_by_key(|link| (link.state == LinkState::Linked, link.id));
            Ok((store::item::get(read, item)?, links.pop()))
        });
        let (found, link) = found.await?;
        let found = found.ok_or(EngineError::NotFound("item"))?;
        why.item = Some(item);
        why.title = found.title;
        let Some(link) = link else {
            why.add(Fact::NotLinked, Verdict::Broken, None);
            return Ok(None);
        };
        Ok(self.note_link(link, why))
    }

    /// Says how a pair stands; gives where its issue is, if that is of any use.
    fn note_link(&self, link: Link, why: &mut Why) -> Option<Place> {
        let key = link.seen.key.clone();
        why.key.clone_from(&key);
        if let LinkState::Severed(reason) = link.state {
            let fact = Fact::Severed { key, reason };
            why.add(fact, Verdict::Broken, Some(Cure::Disconnected(link.item)));
            return None;
        }
        why.add(Fact::Linked { key }, Verdict::Fine, None);
        let integration = link.integration?;
        Some(Place {
            issue: link.remote_id.clone(),
            link: Some(link),
            integration,
        })
    }

    async fn place_of_key(&self, key: &str, why: &mut Why) -> Result<Option<Place>, EngineError> {
        let wanted = key.to_uppercase();
        let looked = wanted.clone();
        let found = self.inner.store.read(move |read| {
            let integrations = store::integration::list(read)?;
            for connection in store::connection::list(read)? {
                let items = store::link::items_by_remote_keys(read, connection.id, &[&looked])?;
                if let Some(item) = items.values().next() {
                    return Ok((Some(item.item), None));
                }
            }
            let project = looked.rsplit_once('-').map(|(project, _)| project);
            let integration = integrations
                .into_iter()
                .find(|known| Some(known.data.project_key.as_str()) == project);
            Ok((None, integration))
        });
        match found.await? {
            (Some(item), _) => self.place_of_item(item, why).await,
            (None, Some(integration)) => {
                why.key.clone_from(&wanted);
                why.add(Fact::NotLinked, Verdict::Broken, None);
                Ok(Some(Place {
                    link: None,
                    integration: integration.id,
                    issue: wanted,
                }))
            }
            (None, None) => Err(EngineError::NotFound("integration with issues of that key")),
        }
    }

    /// The integration and its connection. False if Jira cannot be asked.
    async fn look_at_ways(&self, place: &Place, why: &mut Why) -> Result<bool, EngineError> {
        let id = place.integration;
        let view = self.integration(id).await?;
        let states = self.sync_states().await?.into_iter();
        let state = states.into_iter().find(|state| state.integration == id);
        let state = state.ok_or(EngineError::NotFound("integration"))?;
        let (verdict, cure) = match (state.hold, &state.problem) {
            (Hold::None, None) if state.is_kept => (Verdict::Fine, None),
            (Hold::None, None) => (Verdict::Note, Some(Cure::Sync(id))),
            (Hold::None, Some(_)) => (Verdict::Broken, Some(Cure::Sync(id))),
            (Hold::NotImported, _) => (Verdict::Broken, Some(Cure::Setup(id, 7))),
            (Hold::Paused, _) => (Verdict::Broken, Some(Cure::Resume(id))),
            (Hold::ConnectionStopped, _) => (Verdict::Broken, None),
            (Hold::Import, _) => (Verdict::Note, Some(Cure::Setup(id, 7))),
            (Hold::Fuse, _) => (Verdict::Broken, Some(Cure::Decide(id))),
        };
        let fact = Fact::Integration {
            name: view.integration.data.name,
            hold: state.hold,
            is_kept: state.is_kept,
            problem: state.problem,
        };
        let connection = view.connection;
        let problem = match &connection.state {
            store::connection::ConnectionState::Working => None,
            store::connection::ConnectionState::Stopped { code, detail } => {
                Some(Problem::from_text(code, detail))
            }
        };
        let works = problem.is_none();
        why.add(
            Fact::Connection {
                name: connection.data.name,
                problem,
            },
            if works {
                Verdict::Fine
            } else {
                Verdict::Broken
            },
            (!works).then_some(Cure::Credentials(connection.id)),
        );
        why.add(fact, verdict, cure);
        Ok(works)
    }

    /// What Jira says of the issue, asked now.
    async fn look_at_issue(&self, place: &Place, why: &mut Why) -> Result<(), EngineError> {
        let ground = match Ground::read(&self.inner.store, place.integration).await {
            Ok(ground) => ground,
            // Said above: nothing was imported.
            Err(EngineError::MappingMissing) => return Ok(()),
            Err(error) => return Err(error),
        };
        let connection = ground.connection_id();
        match self.ask_about(place, &ground, why).await {
            Ok(()) => Ok(()),
            Err(EngineError::Jira(error)) => {
                let error = self.note(connection, error.into()).await;
                why.add(
                    Fact::NotAsked(Problem::from(&error)),
                    Verdict::Unknown,
                    None,
                );
                Ok(())
            }
            Err(error) => Err(error),
        }
    }

    async fn ask_about(
        &self,
        place: &Place,
        ground: &Ground,
        why: &mut Why,
    ) -> Result<(), EngineError> {
        let id = place.integration;
        let remote = self.remote(ground.connection_id()).await?;
        let client = remote.client();
        let issue = client.issue(&place.issue, &["issuetype"]).await?;
        let Some(issue) = issue else {
            let cure = why.item.map(Cure::Problems);
            why.add(Fact::Readable(false), Verdict::Broken, cure);
            return Ok(());
        };
        why.add(Fact::Readable(true), Verdict::Fine, None);
        why.key.clone_from(&issue.key);
        let kind = issue.field("issuetype").unwrap_or_default();
        let kind_id = kind["id"].as_str().unwrap_or_default();
        let is_mapped = ground.planner.item_type(kind_id).is_some();
        let fact = Fact::Type {
            name: kind["name"].as_str().unwrap_or_default().to_owned(),
            is_mapped,
        };
        if is_mapped {
            why.add(fact, Verdict::Fine, None);
        } else {
            why.add(fact, Verdict::Broken, Some(Cure::Setup(id, 5)));
        }
        let data = &ground.integration.data;
        let scope = effective_jql(&data.project_key, &data.jql, data.include_closed);
        let this = format!("id = {}", issue.id);
        let is_met = client.count(&jql::all_of(&[&scope, &this])).await?.value > 0;
        let verdict = match (is_met, &place.link) {
            (true, _) => Verdict::Fine,
            // What is linked stays in step, also where it has left the filter.
            (false, Some(_)) => Verdict::Note,
            (false, None) => Verdict::Broken,
        };
        let cure = (!is_met).then_some(Cure::Setup(id, 7));
        why.add(Fact::Scope { jql: scope, is_met }, verdict, cure);
        if is_met && is_mapped && place.link.is_none() {
            // Nothing is in its way: it comes with the next look.
            why.add(Fact::Comes, Verdict::Note, Some(Cure::Sync(id)));
        }
        let may = client
            .permissions(&["EDIT_ISSUES"], Some(&data.project_key))
            .await?;
        let may = may.iter().any(|permission| permission.have);
        let verdict = if may { Verdict::Fine } else { Verdict::Broken };
        why.add(Fact::Permission(may), verdict, None);
        let waiting = client.limiter_state().waiting.map(|(until, _)| until);
        let verdict = match waiting {
            None => Verdict::Fine,
            Some(_) => Verdict::Note,
        };
        why.add(Fact::Limit(waiting), verdict, None);
        Ok(())
    }

    /// What waits here.
    async fn look_at_edits(&self, item: ItemId, why: &mut Why) -> Result<(), EngineError> {
        let state = self.item_sync(item).await?;
        let unsent = state.unsent.len();
        let verdict = if unsent == 0 {
            Verdict::Fine
        } else {
            Verdict::Note
        };
        why.add(Fact::Unsent(unsent), verdict, None);
        if let Some(problem) = state.problem {
            let cure = Some(Cure::Problems(item));
            why.add(Fact::Held(problem), Verdict::Broken, cure);
        }
        let conflicts = state.conflicts.len();
        if conflicts == 0 {
            why.add(Fact::Conflicts(0), Verdict::Fine, None);
        } else {
            let cure = Some(Cure::Conflicts(item));
            why.add(Fact::Conflicts(conflicts), Verdict::Broken, cure);
        }
        Ok(())
    }
}
