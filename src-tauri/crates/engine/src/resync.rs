//! Linking what was disconnected again: to the same issue, to another one, or by bringing the issue in anew.
//!
//! Both sides are compared field by field first, and a person chooses who wins. What was compared is looked at once more
//! when it is carried out: a field that is another by then is not overwritten, the whole is refused.

mod compare;
mod matches;

pub use compare::{Choice, Compared, ComparedKey, Comparison, Held, SeenOnce, Standing};
pub use matches::IssueMatch;

use crate::adapter::Unread;
use crate::error::EngineError;
use crate::push::give_up;
use crate::run::{Ground, Known};
use crate::{Engine, Topic};
use compare::{Fetched, Laid};
use jiff::Timestamp;
use jira::Issue;
use std::collections::BTreeMap;
use std::sync::Arc;
use store::disconnected::SeveredPair;
use store::journal::{Base, Change, Origin};
use store::link::{NewLink, Seen};
use store::{IntegrationId, LinkId, StoreError, WriteTx};
use sync::plan::{Action, Twin};
use sync::reconcile::Side;
use sync::remote::RemoteIssue;
use workspace::{FieldKey, ItemId, Value};

/// What became of one of several pairs.
#[derive(Debug)]
pub enum Resynced {
    /// It is in force again.
    Linked,
    /// The item that was deleted here is back, and linked.
    Restored,
    /// Both sides changed these, and somebody has to choose.
    NeedsChoice(Vec<ComparedKey>),
    /// It is not.
    Failed(EngineError),
}

impl Engine {
    /// Compares the item of a severed pair with its issue, or with another one (id or key).
    ///
    /// # Errors
    /// [`EngineError::NotFound`] if the pair is not severed, or its item was deleted; [`EngineError::IssueUnreadable`],
    /// [`EngineError::IssueElsewhere`], [`EngineError::IssueUnfit`], [`EngineError::PairTaken`], or what keeps Jira from
    /// answering.
    pub async fn compare_pair(
        &self,
        link: LinkId,
        issue: Option<&str>,
    ) -> Result<Comparison, EngineError> {
        let pair = self.severed_with_item(link).await?;
        let fetched = self.fetch(&pair, issue).await?;
        let compared = self.inner.store.write(move |tx| {
            let laid = Laid::out(tx, &pair, &fetched)?;
            Ok(laid.map(|laid| laid.comparison(&pair, &fetched)))
        });
        compared.await?
    }

    /// Puts a severed pair in force again, with its issue or with another one, as was chosen field by field.
    ///
    /// # Errors
    /// As [`Engine::compare_pair`]; [`EngineError::CompareStale`] if one side is another than it was when they were
    /// compared, or a field that differs was not decided.
    pub async fn relink(
        &self,
        link: LinkId,
        issue: &str,
        choices: Vec<Choice>,
    ) -> Result<(), EngineError> {
        let pair = self.severed_with_item(link).await?;
        let fetched = self.fetch(&pair, Some(issue)).await?;
        let now = self.now();
        let choices: BTreeMap<ComparedKey, Choice> = choices
            .into_iter()
            .map(|choice| (choice.key, choice))
            .collect();
        self.carry_out(pair, fetched, now, move |compared| {
            choices.get(&compared.key).copied()
        })
        .await
    }

    /// Puts severed pairs in force again with their own issues: what changed on one side only wins, and where both did,
    /// `winner`. An item that was deleted here comes back.
    ///
    /// # Errors
    /// What keeps the whole from going on; what concerns one pair is told with it.
    pub async fn relink_many(
        &self,
        links: &[LinkId],
        winner: Option<Side>,
    ) -> Result<Vec<(LinkId, Resynced)>, EngineError> {
        let mut done = Vec::with_capacity(links.len());
        for &link in links {
            let outcome = match self.relink_one(link, winner).await {
                Ok(outcome) => outcome,
                Err(EngineError::Store(error)) => return Err(error.into()),
                Err(error) => Resynced::Failed(error),
            };
            done.push((link, outcome));
        }
        Ok(done)
    }

    async fn relink_one(
        &self,
        link: LinkId,
        winner: Option<Side>,
    ) -> Result<Resynced, EngineError> {
        let pair = self.severed(link).await?;
        if pair.item_gone {
            let item = pair.item;
            let deletion = self
                .inner
                .store
                .read(move |read| store::deleted_item::deletion_of(read, item))
                .await?;
            let deletion = deletion.ok_or(EngineError::NotFound("item"))?;
            self.undo_deletion(deletion).await?;
            return Ok(Resynced::Restored);
        }
        let fetched = self.fetch(&pair, None).await?;
        let compared = {
            let (pair, fetched) = (pair.clone(), fetched.clone());
            let laid = self.inner.store.write(move |tx| {
                let laid = Laid::out(tx, &pair, &fetched)?;
                Ok(laid.map(|laid| laid.compared))
            });
            laid.await??
        };
        let open: Vec<ComparedKey> = compared
            .iter()
            .filter(|one| !one.alike && one.suggested.or(winner).is_none())
            .map(|one| one.key)
            .collect();
        if !open.is_empty() {
            return Ok(Resynced::NeedsChoice(open));
        }
        let seen: BTreeMap<ComparedKey, SeenOnce> =
            compared.iter().map(|one| (one.key, one.seen)).collect();
        let now = self.now();
        self.carry_out(pair, fetched, now, move |compared| {
            let winner = compared.suggested.or(winner)?;
            Some(Choice {
                key: compared.key,
                seen: *seen.get(&compared.key)?,
                winner: Some(winner),
            })
        })
        .await?;
        Ok(Resynced::Linked)
    }

    /// Brings the issues of severed pairs in as new items: nothing tells any more that they once were others. What is
    /// to be read is read with a cycle of the integration, at once.
    ///
    /// # Errors
    /// What keeps the whole from going on; what concerns one pair is told with it.
    pub async fn create_here(
        &self,
        links: &[LinkId],
    ) -> Result<Vec<(LinkId, Resynced)>, EngineError> {
        let (mut done, mut integrations) = (Vec::new(), Vec::new());
        for &link in links {
            let outcome = match self.forget_pair(link).await {
                Ok(integration) => {
                    integrations.push(integration);
                    Resynced::Linked
                }
                Err(EngineError::Store(error)) => return Err(error.into()),
                Err(error) => Resynced::Failed(error),
            };
            done.push((link, outcome));
        }
        integrations.sort_unstable();
        integrations.dedup();
        for integration in integrations {
            self.sync(integration).await?;
        }
        Ok(done)
    }

    /// Forgets a severed pair, so that its issue may become an item, and puts the issue on the list; gives through which
    /// integration.
    async fn forget_pair(&self, link: LinkId) -> Result<IntegrationId, EngineError> {
        let pair = self.severed(link).await?;
        let fetched = self.fetch(&pair, None).await?;
        let now = self.now();
        let forgotten = self
            .inner
            .store
            .write(move |tx| {
                let known = Known::load(tx, &fetched.ground)?;
                let decided = fetched
                    .ground
                    .planner
                    .decide(&fetched.issue, Twin::None, &known);
                if let Action::Skip(reason) = decided.action {
                    return Ok(Err(EngineError::IssueUnfit(reason)));
                }
                store::link::forget(tx, pair.link)?;
                store::deleted_item::forget_link(tx, pair.link)?;
                let integration = fetched.ground.integration.id;
                store::due::mark(tx, integration, &[&pair.remote_id], now)?;
                Ok(Ok(integration))
            })
            .await?;
        let integration = forgotten?;
        self.tell(&[Topic::Sync]);
        Ok(integration)
    }

    async fn severed(&self, link: LinkId) -> Result<SeveredPair, EngineError> {
        let pair = self
            .inner
            .store
            .read(move |read| store::disconnected::get(read, &[link]))
            .await?;
        let pair = pair.into_iter().next();
        pair.ok_or(EngineError::NotFound("pair"))
    }

    async fn severed_with_item(&self, link: LinkId) -> Result<SeveredPair, EngineError> {
        let pair = self.severed(link).await?;
        if pair.item_gone {
            return Err(EngineError::NotFound("item"));
        }
        Ok(pair)
    }

    /// Reads an issue, and the integration through which it can be linked: that of the project in which it is now.
    async fn fetch(&self, pair: &SeveredPair, issue: Option<&str>) -> Result<Fetched, EngineError> {
        let (asked, connection) = (issue.unwrap_or(&pair.remote_id), pair.connection);
        let remote = self.remote(connection).await?;
        let found = remote.client().issue(asked, &["project"]).await;
        let found = match found {
            Ok(found) => found.ok_or(EngineError::IssueUnreadable)?,
            Err(error) => return Err(self.note(connection, error.into()).await),
        };
        let project = project_id(&found);
        let elsewhere = || EngineError::IssueElsewhere(found.key.clone());
        let integration = self
            .inner
            .store
            .read(move |read| crate::cycle::integrated(read, connection, &project))
            .await?
            .ok_or_else(elsewhere)?;
        let ground = Arc::new(Ground::read(&self.inner.store, integration).await?);
        let reads = |field: &sync::remote::RemoteField| ground.planner.reads(&field.id);
        let ids = [found.id.clone()];
        let read = remote.issues(None, &ids, &ground.schema, reads).await;
        let (mut issues, unread) = match read {
            Ok(read) => read,
            Err(error) => return Err(self.note(connection, error).await),
        };
        if let Some(Unread::Unanswered(error)) = unread.into_values().next() {
            return Err(error.into());
        }
        let issue = issues.pop().ok_or(EngineError::IssueUnreadable)?;
        Ok(Fetched { issue, ground })
    }

    /// Lays both sides out once more and links them, if each field is as it was when it was chosen.
    async fn carry_out(
        &self,
        pair: SeveredPair,
        fetched: Fetched,
        now: Timestamp,
        choose: impl Fn(&Compared) -> Option<Choice> + Send + 'static,
    ) -> Result<(), EngineError> {
        let linked = self
            .inner
            .store
            .write(move |tx| {
                let laid = match Laid::out(tx, &pair, &fetched)? {
                    Ok(laid) => laid,
                    Err(error) => return Ok(Err(error)),
                };
                let mut winners = BTreeMap::new();
                for compared in &laid.compared {
                    let choice = choose(compared);
                    let choice = choice.filter(|choice| choice.seen == compared.seen);
                    let winner = choice.and_then(|choice| choice.winner);
                    let is_decided = choice.is_some() || compared.alike;
                    match (compared.alike, winner) {
                        (true, _) if is_decided => {}
                        (false, Some(winner)) => {
                            winners.insert(compared.key, winner);
                        }
                        _ => return Ok(Err(EngineError::CompareStale)),
                    }
                }
                if let Err(error) = give_up(tx, pair.item)? {
                    return Ok(Err(error));
                }
                link(tx, &pair, &fetched, &laid, &winners, now)?;
                Ok(Ok(()))
            })
            .await;
        match linked {
            Err(StoreError::Constraint { .. }) => return Err(EngineError::PairTaken),
            other => other??,
        }
        self.tell(&[Topic::Items, Topic::Sync]);
        Ok(())
    }
}

/// Writes what was chosen, and puts the pair in force. Of a field both sides count as agreed on what Jira says: where the
/// item holds something else then, because it won, that is sent.
fn link(
    tx: &WriteTx<'_>,
    pair: &SeveredPair,
    fetched: &Fetched,
    laid: &Laid,
    winners: &BTreeMap<ComparedKey, Side>,
    now: Timestamp,
) -> Result<(), StoreError> {
    let integration = fetched.ground.integration.id;
    let takes = |key| winners.get(&key) == Some(&Side::Remote);
    let taken: BTreeMap<FieldKey, Value> = laid
        .observed
        .iter()
        .filter(|(field, _)| takes(ComparedKey::Field(**field)))
        .map(|(field, value)| (*field, value.clone()))
        .collect();
    let mut changes: Vec<(ItemId, Change)> = Vec::new();
    for (field, before) in store::item::set_values(tx, pair.item, &taken, now)? {
        let change = Change::Field {
            field,
            before,
            after: taken.get(&field).cloned().unwrap_or_default(),
            base: Base::Was(laid.bases.get(&field).cloned()),
        };
        changes.push((pair.item, change));
    }
    if takes(ComparedKey::Parent) {
        store::item::set_parent(tx, pair.item, laid.parent_there, now)?;
        let change = Change::Parent {
            before: laid.parent_here,
            after: laid.parent_there,
            base: Base::Untold,
        };
        changes.push((pair.item, change));
    }
    let link = in_force(tx, pair, fetched, integration, laid.base_parent, now)?;
    let remembered = laid.observed.iter().map(|(field, there)| {
        // Of what cannot be told here nothing was shown: it stays, on both sides.
        let base = laid.untold.get(field).unwrap_or(there);
        (*field, Some(base), there)
    });
    store::link_field::set(tx, link, remembered)?;
    store::absence::clear(tx, integration, &[&fetched.issue.id])?;
    store::due::mark_edited(tx, integration, &fetched.issue.id, now)?;
    crate::cycle::release_parts(tx, pair.item, now)?;
    let key = fetched.issue.key.clone();
    changes.push((pair.item, Change::Relinked { key }));
    store::journal::append_single(tx, Origin::Here, &changes, now)
}

/// The pair of the item and the issue, in force: the one that was severed, or one in its place.
fn in_force(
    tx: &WriteTx<'_>,
    pair: &SeveredPair,
    fetched: &Fetched,
    integration: IntegrationId,
    base_parent: Option<ItemId>,
    now: Timestamp,
) -> Result<LinkId, StoreError> {
    let seen = seen(&fetched.issue);
    if pair.remote_id == fetched.issue.id {
        store::link::revive(tx, pair.link, integration)?;
        store::link::set_seen(tx, pair.link, &seen)?;
        store::link::set_base_parent(tx, pair.link, base_parent)?;
        return Ok(pair.link);
    }
    // The issue that it was linked to is free again: it is another thing, as the person says.
    store::link::forget(tx, pair.link)?;
    store::link::insert(
        tx,
        &NewLink {
            item: pair.item,
            integration,
            connection: pair.connection,
            remote_id: fetched.issue.id.clone(),
            seen,
            base_parent,
            created_at: now,
        },
    )
}

fn seen(issue: &RemoteIssue) -> Seen {
    Seen {
        key: issue.key.clone(),
        remote_type: issue.type_id.clone(),
        updated_at: issue.updated_at,
    }
}

fn project_id(issue: &Issue) -> String {
    let project = issue.brief("project");
    let id = project.as_ref().and_then(|project| project.get("id"));
    id.and_then(|id| id.as_str()).unwrap_or_default().to_owned()
}
