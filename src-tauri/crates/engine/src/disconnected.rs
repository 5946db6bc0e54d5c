//! Pairs that are no longer in force, or whose issues are out of reach: what there is, what each side looks like now, and
//! disconnecting by hand.

use crate::cycle::sever;
use crate::error::EngineError;
use crate::{Engine, Topic};
use futures::{StreamExt as _, TryStreamExt as _};
use jira::Issue;
use std::collections::BTreeMap;
use store::absence::Absence;
use store::disconnected::{Filter, SeveredPair};
use store::integration::OutOfScope;
use store::journal::{Change, Origin};
use store::link::{LinkState, SeverReason};
use store::severing::Severing;
use store::{ConnectionId, IntegrationId, LinkId, Read, StoreError};
use workspace::{ItemId, ItemTypeId};

/// Pairs shown at once.
const SHOWN_MAX: u32 = 1000;
/// Issues asked for at once.
const AT_ONCE: usize = 8;

/// All that is disconnected, or may be.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Disconnected {
    /// Severed pairs that were asked for, the latest first.
    pub pairs: Vec<SeveredPair>,
    /// How many severed pairs there are, by integration and reason, whatever was asked for.
    pub counts: Vec<(Option<IntegrationId>, SeverReason, u64)>,
    /// Pairs in force whose issues are out of reach, the longest first.
    pub absent: Vec<AbsentView>,
    /// Questions whether unusually many pairs are to be severed.
    pub questions: Vec<Question>,
}

/// A pair in force whose issue is out of reach.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AbsentView {
    /// The pair.
    pub link: LinkId,
    /// Through which integration.
    pub integration: Option<IntegrationId>,
    /// What is known of the issue.
    pub absence: Absence,
    /// The item.
    pub item: ItemId,
    /// Its type.
    pub item_type: ItemTypeId,
    /// Its title.
    pub title: String,
    /// Key of the issue as it was last seen.
    pub key: String,
}

/// The question whether unusually many pairs of an integration are to be severed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// The integration.
    pub integration: IntegrationId,
    /// How many pairs it has in force.
    pub linked: u64,
    /// The pairs.
    pub pairs: Vec<QuestionPair>,
}

/// A pair of a [`Question`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QuestionPair {
    /// Why it is to be severed, and since when that is known.
    pub severing: Severing,
    /// The item.
    pub item: ItemId,
    /// Its title.
    pub title: String,
    /// Key of the issue.
    pub key: String,
}

/// What Jira says of an issue now.
#[derive(Debug, Clone, PartialEq)]
pub enum Look {
    /// It is there.
    There {
        /// Its key.
        key: String,
        /// Its title.
        title: String,
        /// Name of its type.
        issue_type: String,
        /// Name of its status.
        status: String,
        /// Key of its project.
        project: String,
        /// When it last changed.
        updated_at: Option<jiff::Timestamp>,
    },
    /// It is not there, or may not be seen; Jira does not tell which.
    NotThere,
}

/// What disconnecting by hand did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unlinked {
    /// The pairs that are severed now; given to [`Engine::undo_unlink`] they are in force again.
    pub links: Vec<LinkId>,
}

impl Engine {
    /// What is disconnected.
    ///
    /// # Errors
    /// What the database meets.
    pub async fn disconnected(&self, filter: Filter) -> Result<Disconnected, EngineError> {
        let found = self.inner.store.read(move |read| {
            Ok(Disconnected {
                pairs: store::disconnected::list(read, &filter, SHOWN_MAX)?,
                counts: store::disconnected::counts(read)?,
                absent: absent(read)?,
                questions: questions(read)?,
            })
        });
        Ok(found.await?)
    }

    /// What Jira says now of the issues of some pairs, severed or not. Pairs that are gone, or whose connection was
    /// removed, are left out.
    ///
    /// # Errors
    /// What keeps Jira from answering.
    pub async fn look_at_pairs(
        &self,
        links: &[LinkId],
    ) -> Result<Vec<(LinkId, Look)>, EngineError> {
        let links = links.to_vec();
        let pairs = self
            .inner
            .store
            .read(move |read| ends(read, &links))
            .await?;
        let mut looks = Vec::new();
        let mut by_connection: BTreeMap<ConnectionId, Vec<(LinkId, String)>> = BTreeMap::new();
        for (link, connection, issue) in pairs {
            by_connection
                .entry(connection)
                .or_default()
                .push((link, issue));
        }
        for (connection, issues) in by_connection {
            let client = self.client(connection).await?;
            let found: Result<Vec<_>, jira::Error> = futures::stream::iter(issues)
                .map(async |(link, issue)| {
                    let fields = ["summary", "status", "issuetype", "project", "updated"];
                    let found = client.issue(&issue, &fields).await?;
                    Ok((link, found.as_ref().map_or(Look::NotThere, look)))
                })
                .buffered(AT_ONCE)
                .try_collect()
                .await;
            match found {
                Ok(found) => looks.extend(found),
                Err(error) => return Err(self.note(connection, error.into()).await),
            }
        }
        Ok(looks)
    }

    /// Severs pairs in force by hand: both sides live on. `reason` is what the person knows of it.
    ///
    /// # Errors
    /// [`EngineError::NotFound`] if none of them is in force.
    pub async fn unlink(
        &self,
        links: &[LinkId],
        reason: SeverReason,
    ) -> Result<Unlinked, EngineError> {
        let (links, now) = (links.to_vec(), self.now());
        let severed = self.inner.store.write(move |tx| {
            let mut severed = Vec::new();
            for link in links {
                let found = store::link::get(tx, link)?;
                if found.is_some_and(|found| found.state == LinkState::Linked) {
                    sever(tx, link, reason, Origin::Here, now)?;
                    severed.push(link);
                }
            }
            Ok(severed)
        });
        let links = severed.await?;
        if links.is_empty() {
            return Err(EngineError::NotFound("pair"));
        }
        self.tell(&[Topic::Items, Topic::Sync]);
        Ok(Unlinked { links })
    }

    /// Severs the pairs of an item by hand.
    ///
    /// # Errors
    /// [`EngineError::NotFound`] if it has none.
    pub async fn unlink_item(&self, item: ItemId) -> Result<Unlinked, EngineError> {
        let links = self
            .inner
            .store
            .read(move |read| store::link::by_item(read, item))
            .await?;
        let links: Vec<LinkId> = links
            .into_iter()
            .filter(|link| link.state == LinkState::Linked)
            .map(|link| link.id)
            .collect();
        self.unlink(&links, SeverReason::ByHand).await
    }

    /// Takes a disconnecting by hand back: the pairs are in force as they were, with all on which both sides had agreed.
    ///
    /// # Errors
    /// [`EngineError::NotFound`] if one of them is not severed any more; [`EngineError::PairTaken`] if its item or its
    /// issue is linked otherwise by now.
    pub async fn undo_unlink(&self, links: &[LinkId]) -> Result<(), EngineError> {
        let (links, now) = (links.to_vec(), self.now());
        let undone = self.inner.store.write(move |tx| {
            let mut found = Vec::new();
            for link in links {
                let severed = store::link::get(tx, link)?;
                let severed = severed.filter(|link| link.state != LinkState::Linked);
                let Some((severed, integration)) =
                    severed.and_then(|link| link.integration.map(|id| (link, id)))
                else {
                    return Ok(false);
                };
                found.push((severed, integration));
            }
            for (severed, integration) in found {
                store::link::revive(tx, severed.id, integration)?;
                store::due::mark_edited(tx, integration, &severed.remote_id, now)?;
                let key = severed.seen.key;
                let change = (severed.item, Change::Relinked { key });
                store::journal::append_single(tx, Origin::Here, &[change], now)?;
            }
            Ok(true)
        });
        match undone.await {
            Ok(true) => {}
            Ok(false) => return Err(EngineError::NotFound("pair")),
            Err(StoreError::Constraint { .. }) => return Err(EngineError::PairTaken),
            Err(error) => return Err(error.into()),
        }
        self.tell(&[Topic::Items, Topic::Sync]);
        Ok(())
    }

    /// Puts severed pairs out of sight, or back. They stay severed. Gives how many there were.
    ///
    /// # Errors
    /// What the database meets.
    pub async fn dismiss_pairs(
        &self,
        links: &[LinkId],
        dismissed: bool,
    ) -> Result<u64, EngineError> {
        let links = links.to_vec();
        let changed = self
            .inner
            .store
            .write(move |tx| store::disconnected::set_dismissed(tx, &links, dismissed))
            .await?;
        self.tell(&[Topic::Sync]);
        Ok(changed)
    }

    /// Lets the next cycle look again for issues that are out of reach: some pairs', or all of an integration.
    ///
    /// # Errors
    /// What the database meets.
    pub async fn look_again(
        &self,
        id: IntegrationId,
        some: Option<Vec<String>>,
    ) -> Result<(), EngineError> {
        let now = self.now();
        self.inner
            .store
            .write(move |tx| store::absence::hasten(tx, id, some.as_deref(), now))
            .await?;
        self.tell(&[Topic::Sync]);
        Ok(())
    }

    /// What becomes of pairs whose issues leave what an integration is about.
    ///
    /// # Errors
    /// What the database meets.
    pub async fn out_of_scope(&self, id: IntegrationId) -> Result<OutOfScope, EngineError> {
        let policy = self
            .inner
            .store
            .read(move |read| store::integration::out_of_scope(read, id));
        Ok(policy.await?)
    }

    /// Chooses what becomes of pairs whose issues leave what an integration is about. It holds also for those that have
    /// left it already.
    ///
    /// # Errors
    /// [`EngineError::NotFound`].
    pub async fn set_out_of_scope(
        &self,
        id: IntegrationId,
        policy: OutOfScope,
    ) -> Result<(), EngineError> {
        let now = self.now();
        let set = self.inner.store.write(move |tx| {
            store::integration::set_out_of_scope(tx, id, policy)?;
            store::absence::hasten::<&str>(tx, id, None, now)
        });
        match set.await {
            Err(StoreError::NotFound { .. }) => Err(EngineError::NotFound("integration")),
            other => {
                other?;
                self.tell(&[Topic::Integrations]);
                Ok(())
            }
        }
    }
}

fn absent(read: &Read<'_>) -> Result<Vec<AbsentView>, StoreError> {
    let mut views = Vec::new();
    for found in store::absence::pairs(read, None, SHOWN_MAX)? {
        let Some(link) = store::link::get(read, found.link)? else {
            continue;
        };
        let Some(item) = store::item::get(read, link.item)? else {
            continue;
        };
        views.push(AbsentView {
            link: link.id,
            integration: link.integration,
            absence: found.absence,
            item: item.id,
            item_type: item.item_type,
            title: item.title,
            key: link.seen.key,
        });
    }
    Ok(views)
}

fn questions(read: &Read<'_>) -> Result<Vec<Question>, StoreError> {
    let mut questions: BTreeMap<IntegrationId, Question> = BTreeMap::new();
    let found = store::severing::list(read, None)?.into_iter();
    for severing in found.filter(|found| found.asked_at.is_some()) {
        let Some(link) = store::link::get(read, severing.link)? else {
            continue;
        };
        let (Some(integration), Some(item)) =
            (link.integration, store::item::get(read, link.item)?)
        else {
            continue;
        };
        if let std::collections::btree_map::Entry::Vacant(entry) = questions.entry(integration) {
            entry.insert(Question {
                integration,
                linked: store::link::count_of_integration(read, integration)?,
                pairs: Vec::new(),
            });
        }
        if let Some(question) = questions.get_mut(&integration) {
            question.pairs.push(QuestionPair {
                severing,
                item: item.id,
                title: item.title,
                key: link.seen.key,
            });
        }
    }
    Ok(questions.into_values().collect())
}

/// Where the issues of pairs are, severed or not.
fn ends(
    read: &Read<'_>,
    links: &[LinkId],
) -> Result<Vec<(LinkId, ConnectionId, String)>, StoreError> {
    let live = store::connection::list(read)?;
    let severed = store::disconnected::get(read, links)?.into_iter();
    let mut ends: Vec<_> = severed
        // Nobody can be asked about those of a connection that was removed.
        .filter(|pair| live.iter().any(|known| known.id == pair.connection))
        .map(|pair| (pair.link, pair.connection, pair.remote_id))
        .collect();
    for &link in links {
        if let Some(link) = store::link::get(read, link)?
            && link.state == LinkState::Linked
        {
            ends.push((link.id, link.connection, link.remote_id));
        }
    }
    Ok(ends)
}

fn look(issue: &Issue) -> Look {
    let of = |field: &str, member: &str| {
        let value = issue.brief(field);
        let text = value.as_ref().and_then(|value| value.get(member));
        text.and_then(|text| text.as_str())
            .unwrap_or_default()
            .to_owned()
    };
    let title = issue.field("summary");
    Look::There {
        key: issue.key.clone(),
        title: title
            .as_ref()
            .and_then(|title| title.as_str())
            .unwrap_or_default()
            .to_owned(),
        issue_type: of("issuetype", "name"),
        status: of("status", "name"),
        project: of("project", "key"),
        updated_at: issue.moment("updated"),
    }
}
