//! What applying writes: items, pairs, what the pairs remember, the journal, the rows.

use crate::run::decide::{Decided, Here, Memories, Twins};
use crate::run::ground::Ground;
use jiff::Timestamp;
use std::collections::{BTreeMap, BTreeSet};
use store::journal::{Base, Change};
use store::link::{LinkState, Seen};
use store::pair::{NewPair, Place};
use store::run::Reason;
use store::run_due::Due;
use store::run_row::{Action as RowAction, Applied, RunRow};
use store::{LinkId, RowSeq, RunId, StoreError, WriteTx};
use sync::convert::Want;
use sync::plan::{Action, Decision, Draft, FieldChange, Update};
use sync::remote::RemoteIssue;
use workspace::{AreaId, FieldKey, ItemId, Rank, SystemField, Value};

const DEPENDENCIES: FieldKey = FieldKey::System(SystemField::Dependencies);

/// The item was another by the time that the decision was carried out.
pub const MOVED_ON: &str = "moved_on";
/// The issue had been seen as it became later than when the decision was made.
pub const OUTDATED: &str = "outdated";

/// The rows of one transaction.
pub struct Work<'t, 'c> {
    tx: &'t WriteTx<'c>,
    run: RunId,
    ground: &'t Ground,
    twins: &'t Twins,
    now: Timestamp,
    area: AreaId,
    rank: Option<Rank>,
    applied: Vec<(RowSeq, ItemId, Applied)>,
    skipped: Vec<(RowSeq, Reason)>,
    /// Rows that name other issues, all of which are items by now.
    linked: Vec<RowSeq>,
    /// Items that others were linked to.
    named: BTreeSet<ItemId>,
    journal: Vec<(ItemId, Change)>,
}

/// An item that is to be made, ready to be written.
pub struct Create {
    row: RowSeq,
    pair: NewPair,
    /// It names other issues, all of which are items by now.
    names_items: bool,
    /// Items that it is linked to.
    named: Vec<ItemId>,
}

impl Create {
    /// Makes it ready.
    #[must_use]
    pub fn of(row: RowSeq, issue: &RemoteIssue, decided: &Decided, draft: &Draft) -> Self {
        let decision = &decided.decision;
        let waits = |want: &Want| matches!(want, Want::Item { .. });
        Self {
            row,
            names_items: draft.values.contains_key(&DEPENDENCIES)
                && !decision.wants.iter().any(waits),
            named: draft.values.get(&DEPENDENCIES).map_or_else(Vec::new, named),
            pair: NewPair::of(&store::pair::Draft {
                item_type: draft.item_type,
                title: &draft.title,
                parent: decided.parent,
                values: &draft.values,
                bases: &decision.bases,
                remotes: &decision.observed,
                remote_id: &issue.id,
                seen: seen(issue),
            }),
        }
    }
}

/// Dependencies that are to be set, ready to be written.
pub struct Link {
    row: RowSeq,
    item: ItemId,
    link: LinkId,
    change: FieldChange,
    /// On what both sides had agreed.
    bases: BTreeMap<FieldKey, Value>,
    /// On what they agree afterwards.
    agreed: Option<Value>,
    remote: Value,
}

impl Link {
    /// Makes it ready; none where nothing is to be set.
    #[must_use]
    pub fn of(row: RowSeq, twins: &Twins, decided: Decided) -> Option<Self> {
        let Action::Update(update) = decided.decision.action else {
            return None;
        };
        let change = update
            .changes
            .into_iter()
            .find(|change| change.field == DEPENDENCIES)?;
        let (link, here) = (decided.link?, decided.here?);
        let base = twins
            .memories(link)
            .and_then(|memories| memories.bases.get(&DEPENDENCIES));
        let (mut agreed, mut observed) = (decided.decision.bases, decided.decision.observed);
        Some(Self {
            row,
            item: here.item,
            link,
            change,
            agreed: agreed.remove(&DEPENDENCIES).or_else(|| base.cloned()),
            bases: base
                .map(|base| (DEPENDENCIES, base.clone()))
                .into_iter()
                .collect(),
            remote: observed.remove(&DEPENDENCIES).unwrap_or_default(),
        })
    }
}

impl<'t, 'c> Work<'t, 'c> {
    /// Begins.
    ///
    /// # Errors
    /// What the database meets.
    pub fn new(
        tx: &'t WriteTx<'c>,
        run: RunId,
        ground: &'t Ground,
        twins: &'t Twins,
        now: Timestamp,
    ) -> Result<Self, StoreError> {
        Ok(Self {
            area: ground.area(tx)?,
            rank: store::item::last_rank(tx)?,
            tx,
            run,
            ground,
            twins,
            now,
            applied: Vec::new(),
            skipped: Vec::new(),
            linked: Vec::new(),
            named: BTreeSet::new(),
            journal: Vec::new(),
        })
    }

    /// Does what a row's plan says. What was shown is what is done: where the world has moved so that
    /// something else would happen, nothing happens, and the row says so.
    ///
    /// # Errors
    /// What the database meets.
    pub fn row(
        &mut self,
        row: &RunRow,
        issue: &RemoteIssue,
        mut decided: Decided,
    ) -> Result<(), StoreError> {
        let same = row.action == Some(decided.row_action());
        let unchanged = matches!(decided.decision.action, Action::Unchanged { .. });
        if unchanged && row.action == Some(RowAction::Update) {
            return self.update(row, issue, &decided, None);
        }
        let nothing = Action::Skip(sync::plan::SkipReason::NoTitle);
        match (
            std::mem::replace(&mut decided.decision.action, nothing),
            same,
        ) {
            (Action::Create(draft), true) => {
                self.create(Create::of(row.seq, issue, &decided, &draft))
            }
            (Action::Update(update), true) => self.update(row, issue, &decided, Some(update)),
            _ => {
                self.moved_on(row);
                Ok(())
            }
        }
    }

    /// Notes what the remote says of an item that stays as it is.
    ///
    /// # Errors
    /// What the database meets.
    pub fn note(&mut self, issue: &RemoteIssue, decided: &Decided) -> Result<(), StoreError> {
        let Some(link) = decided.link else {
            return Ok(());
        };
        store::link::set_seen(self.tx, link, &seen(issue))?;
        if decided.meets {
            store::link::set_base_parent(self.tx, link, decided.parent)?;
        }
        self.remember(link, &decided.decision, self.twins.memories(link))
    }

    /// Sets the dependencies that could not be set while items were still missing; false if the item holds
    /// others by now than when that was decided, and nothing was done.
    ///
    /// # Errors
    /// What the database meets.
    pub fn link(&mut self, new: Link) -> Result<bool, StoreError> {
        let now = store::item::value(self.tx, new.item, DEPENDENCIES)?;
        if now.as_ref() != Some(&new.change.before) {
            return Ok(false);
        }
        let before = self.journal.len();
        self.set_values(new.item, &new.bases, vec![new.change])?;
        store::link_field::set(
            self.tx,
            new.link,
            [(DEPENDENCIES, new.agreed.as_ref(), &new.remote)],
        )?;
        if self.journal.len() > before {
            self.applied.push((new.row, new.item, Applied::Updated));
        }
        Ok(true)
    }

    /// Writes the journal and marks the rows; gives how many there are.
    ///
    /// # Errors
    /// What the database meets.
    pub fn finish(self) -> Result<u64, StoreError> {
        store::journal::append(self.tx, self.run, &self.journal, self.now)?;
        store::run_row::mark_applied(self.tx, self.run, &self.applied)?;
        store::run_row::mark_skipped(self.tx, self.run, &self.skipped)?;
        store::run_due::done(self.tx, self.run, Due::Link, &self.linked)?;
        self.mark_elsewhere()?;
        Ok((self.applied.len() + self.skipped.len()) as u64)
    }

    /// An item of another project, to which one of these was linked, may lack its own end of the link: when its issue
    /// was read, the other was no item yet. Its project looks at the issue once more.
    fn mark_elsewhere(&self) -> Result<(), StoreError> {
        if self.named.is_empty() {
            return Ok(());
        }
        let named: Vec<ItemId> = self.named.iter().copied().collect();
        let links = store::link::by_items(self.tx, &named)?;
        for link in links.into_values().flatten() {
            let other = link
                .integration
                .filter(|id| *id != self.ground.integration.id);
            if let (LinkState::Linked, Some(integration)) = (link.state, other) {
                store::due::mark(self.tx, integration, &[&link.remote_id], self.now)?;
            }
        }
        Ok(())
    }

    /// Passes over a row whose world is another than when it was decided.
    pub fn moved_on(&mut self, row: &RunRow) {
        self.skipped.push((row.seq, Reason::of(MOVED_ON)));
    }

    /// Passes over a row that says of its issue what was so before it was last seen.
    pub fn outdated(&mut self, row: &RunRow) {
        self.skipped.push((row.seq, Reason::of(OUTDATED)));
    }

    /// Makes an item and its pair.
    ///
    /// # Errors
    /// What the database meets.
    pub fn create(&mut self, new: Create) -> Result<(), StoreError> {
        if new.names_items {
            self.linked.push(new.row);
        }
        self.named.extend(new.named);
        let rank = Rank::between(self.rank.as_ref(), None);
        let place = Place {
            area: self.area,
            integration: self.ground.integration.id,
            connection: self.ground.connection_id(),
            now: self.now,
        };
        let (item, _) = store::pair::insert(self.tx, new.pair, &rank, &place)?;
        self.rank = Some(rank);
        self.journal.push((item, Change::Created));
        self.applied.push((new.row, item, Applied::Created));
        Ok(())
    }

    fn update(
        &mut self,
        row: &RunRow,
        issue: &RemoteIssue,
        decided: &Decided,
        update: Option<Update>,
    ) -> Result<(), StoreError> {
        let (Some(link), Some(here)) = (decided.link, decided.here) else {
            self.moved_on(row);
            return Ok(());
        };
        let before = self.journal.len();
        let memories = self.twins.memories(link);
        if let Some(update) = update {
            if let Some(change) = update.item_type {
                store::item::set_type(self.tx, here.item, change.after, self.now)?;
                let base = self.twins.remote_type(issue).unwrap_or_default();
                let change = Change::Type {
                    before: change.before,
                    after: change.after,
                    base: Base::Was(base.to_owned()),
                };
                self.journal.push((here.item, change));
            }
            let none = BTreeMap::new();
            let bases = memories.map_or(&none, |memories| &memories.bases);
            self.set_values(here.item, bases, update.changes)?;
        }
        self.follow_parent(link, here, issue, decided)?;
        store::link::set_seen(self.tx, link, &seen(issue))?;
        self.remember(link, &decided.decision, memories)?;
        let applied = if self.journal.len() == before {
            Applied::Unchanged
        } else {
            Applied::Updated
        };
        self.applied.push((row.seq, here.item, applied));
        Ok(())
    }

    fn set_values(
        &mut self,
        item: ItemId,
        bases: &BTreeMap<FieldKey, Value>,
        changes: Vec<FieldChange>,
    ) -> Result<(), StoreError> {
        let mut values: BTreeMap<FieldKey, Value> = changes
            .into_iter()
            .map(|change| (change.field, change.after))
            .collect();
        for (field, before) in store::item::set_values(self.tx, item, &values, self.now)? {
            if field == DEPENDENCIES {
                self.named
                    .extend(values.get(&field).into_iter().flat_map(named));
            }
            let base = bases.get(&field);
            let change = Change::Field {
                field,
                before,
                after: values.remove(&field).unwrap_or_default(),
                base: Base::Was(base.cloned()),
            };
            self.journal.push((item, change));
        }
        Ok(())
    }

    /// An item follows its issue to another parent, unless somebody moved it here.
    fn follow_parent(
        &mut self,
        link: LinkId,
        here: Here,
        issue: &RemoteIssue,
        decided: &Decided,
    ) -> Result<(), StoreError> {
        if decided.moves {
            store::item::set_parent(self.tx, here.item, decided.parent, self.now)?;
            let change = Change::Parent {
                before: here.parent,
                after: decided.parent,
                base: Base::Was(self.twins.base_parent(issue)),
            };
            self.journal.push((here.item, change));
        }
        if decided.moves || decided.meets {
            store::link::set_base_parent(self.tx, link, decided.parent)?;
        }
        Ok(())
    }

    /// Keeps per field what both sides now agree on, and what the remote says where they do not.
    fn remember(
        &self,
        link: LinkId,
        decision: &Decision,
        before: Option<&Memories>,
    ) -> Result<(), StoreError> {
        let Some(before) = before else {
            let told = decision.observed.iter();
            let told = told.map(|(field, remote)| (*field, decision.bases.get(field), remote));
            return store::link_field::insert(self.tx, link, told);
        };
        let told = decision.observed.iter().map(|(field, remote)| {
            let agreed = decision.bases.get(field);
            (*field, agreed.or_else(|| before.bases.get(field)), remote)
        });
        let news: Vec<_> = told
            .filter(|(field, base, remote)| {
                before.remotes.get(field) != Some(*remote) || *base != before.bases.get(field)
            })
            .collect();
        if news.is_empty() {
            return Ok(());
        }
        store::link_field::set(self.tx, link, news)
    }
}

/// The items that a value names.
fn named(value: &Value) -> Vec<ItemId> {
    match value {
        Value::References(references) => references.iter().map(|found| found.item).collect(),
        _ => Vec::new(),
    }
}

fn seen(issue: &RemoteIssue) -> Seen {
    Seen {
        key: issue.key.clone(),
        remote_type: issue.type_id.clone(),
        updated_at: issue.updated_at,
    }
}
