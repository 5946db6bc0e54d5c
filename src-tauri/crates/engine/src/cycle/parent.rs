//! The parent of an issue, decided about as a field is: on what both sides agreed stands with the pair, what Jira said last
//! with what it said of the fields, and what stands here in the tree.
//!
//! It is sent with the fields, in one edit, and settled like them where the answer got lost: what was sent is noted before
//! it leaves, and reading tells what came of it.
//!
//! The workspace may have levels that Jira has none of. Below an item on such a level an issue is part of nothing, as far
//! as Jira goes: that is what is compared and sent. Of an item that could have an issue and has none yet, the issue waits.

use super::pull::Pair;
use super::send::Sending;
use crate::adapter::{ParentEdit, ParentIssue, ParentMove, Unmovable, moved};
use crate::problem::Problem;
use crate::run::{Ground, Known};
use jira::SiteKind;
use store::journal::{Base, Change};
use store::link::{Link, LinkState, Named};
use store::run_row::RunRow;
use store::{Read, StoreError, WriteTx};
use sync::plan::{ParentSeen, Pending, Place, pending_parent, resolve_parent};
use sync::reconcile::Verdict;
use sync::remote::ParentRef;
use workspace::{FieldKey, ItemId, SystemField, Value};

pub(crate) const PARENT: FieldKey = FieldKey::System(SystemField::Parent);

/// What an issue is to be part of has no issue yet.
pub(super) const UNPUSHED: &str = "parent_unpushed";
/// Jira moves a sub-task by hand only, or not to nothing.
const FIXED: &str = "parent_fixed";
/// Jira refused the move.
const REFUSED: &str = "parent_refused";

/// What is to be said of an item's parent.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Above {
    /// That there is none: it stands at the top, or below what Jira has no level for.
    Nothing,
    /// This one.
    Issue(ItemId, ParentIssue),
    /// One that has no issue yet; its title.
    Unpushed(String),
}

/// What is left to do about an item, its parent among its fields.
///
/// # Errors
/// What the database meets.
pub(super) fn pending(
    read: &Read<'_>,
    ground: &Ground,
    pair: &Pair,
    known: &Known,
) -> Result<Pending, StoreError> {
    let planner = &ground.planner;
    let mut pending = planner.pending(&pair.item, &pair.bases, &pair.remotes, known);
    let there = pair.remotes.get(&PARENT).unwrap_or(&Value::None);
    let base = pair.bases.get(&PARENT).unwrap_or(&Value::None);
    match pending_parent(base, &pair.item.value(PARENT), there) {
        Verdict::SendWorkspace => {
            // What is part of nothing there already is not sent for what Jira has no level for.
            let is_said = *there == Value::None && above(read, ground, pair)? == Above::Nothing;
            if !is_said {
                pending.sends.push(PARENT);
            }
        }
        Verdict::Conflict => pending.conflicts.push(PARENT),
        _ => {}
    }
    Ok(pending)
}

/// A move that is to go with an edit, and what Jira will say then; or what is in its way.
///
/// # Errors
/// What the database meets.
pub(super) fn write(
    read: &Read<'_>,
    ground: &Ground,
    pair: &Pair,
    site: SiteKind,
) -> Result<Result<(ParentEdit, Value), Problem>, StoreError> {
    let to = match above(read, ground, pair)? {
        Above::Nothing => None,
        Above::Issue(item, issue) => Some((item, issue)),
        Above::Unpushed(title) => return Ok(Err(Problem::new(UNPUSHED).with("parent", title))),
    };
    let from = pair.remotes.get(&PARENT).and_then(Value::parent);
    let from = match from {
        Some(item) => last_linked(read, ground, item)?.map(|link| issue_of(ground, &link)),
        None => None,
    };
    let wanted = ParentMove {
        remote_type: &pair.link.seen.remote_type,
        from: from.as_ref(),
        to: to.as_ref().map(|(_, issue)| issue),
    };
    let told = Value::part_of(to.as_ref().map(|(item, _)| *item));
    Ok(match moved(&ground.schema, site, &wanted) {
        Ok(edit) => Ok((edit, told)),
        Err(why) => Err(unmovable(why)),
    })
}

/// Jira refused a move.
pub(super) fn refused(error: &jira::Error) -> Problem {
    let mut messages = Vec::new();
    if let jira::Error::Rejected {
        messages: general,
        fields,
    } = error
    {
        messages.extend(general.iter().cloned());
        messages.extend(fields.values().cloned());
    }
    Problem::new(REFUSED).with("messages", messages.join(" "))
}

/// Notes what Jira says of the parent of an issue that was just read.
///
/// # Errors
/// What the database meets.
pub(super) fn note(
    tx: &WriteTx<'_>,
    ground: &Ground,
    pair: &mut Pair,
    row: &RunRow,
) -> Result<(), StoreError> {
    let told = told(tx, ground, pair, row)?;
    if pair.remotes.get(&PARENT) != Some(&told) {
        store::link_field::set(tx, pair.link.id, [(PARENT, None, &told)])?;
        pair.remotes.insert(PARENT, told);
    }
    Ok(())
}

/// Both sides agree on a parent.
///
/// # Errors
/// What the database meets.
pub(super) fn agree(tx: &WriteTx<'_>, link: store::LinkId, told: &Value) -> Result<(), StoreError> {
    store::link::set_base_parent(tx, link, told.parent())?;
    store::link_field::set(tx, link, [(PARENT, None, told)])
}

/// The entry of the journal for a move that was sent.
pub(super) fn sent(pair: &Pair, told: &Value) -> Change {
    let there = pair.remotes.get(&PARENT).and_then(Value::parent);
    Change::Parent {
        before: there,
        after: told.parent(),
        base: Base::Was(pair.link.base_parent),
    }
}

/// An item has an issue now: its parts wait for it no longer. Those that do not wait yet are looked at as well, since what is
/// being sent of them just now may be about to.
///
/// # Errors
/// What the database meets.
pub(crate) fn release_parts(
    tx: &WriteTx<'_>,
    item: ItemId,
    now: jiff::Timestamp,
) -> Result<(), StoreError> {
    let mut parts = store::item::children_of(tx, &[item], u32::MAX)?;
    let (parts, _) = parts.remove(&item).unwrap_or_default();
    for link in store::link::by_items(tx, &parts)?.into_values().flatten() {
        let (LinkState::Linked, Some(integration)) = (link.state, link.integration) else {
            continue;
        };
        let due = store::due::of(tx, integration, &[&link.remote_id])?.pop();
        let waits = due.and_then(|due| due.problem);
        if waits.is_some_and(|problem| problem.code == UNPUSHED) {
            store::due::mark_edited(tx, integration, &link.remote_id, now)?;
        } else {
            store::due::mark(tx, integration, &[&link.remote_id], now)?;
        }
    }
    Ok(())
}

/// What Jira says of the parent, in terms of the workspace; in words if it is no item that the other can stand below. What
/// both sides had agreed on it stays, though the pair of that parent came apart since.
fn told(read: &Read<'_>, ground: &Ground, pair: &Pair, row: &RunRow) -> Result<Value, StoreError> {
    let connection = ground.connection_id();
    let (found, named, name) = match &row.parent {
        None => return Ok(Value::None),
        Some(ParentRef::Id(id)) => (
            store::link::items_by_remote_ids(read, connection, &[id])?.remove(id),
            Named::Id(id),
            format!("Issue {id}, which is no item here"),
        ),
        Some(ParentRef::Key(key)) => (
            store::link::items_by_remote_keys(read, connection, &[key])?.remove(key),
            Named::Key(key),
            format!("{key}, which is no item here"),
        ),
    };
    if let (None, Some(agreed)) = (found, pair.link.base_parent)
        && store::link::was_paired(read, agreed, connection, named)?
    {
        return Ok(Value::part_of(Some(agreed)));
    }
    let depth = ground.planner.apply_rank(&row.remote_type);
    let seen = found.and_then(|linked| {
        let depth = ground.depth_of_type(linked.item_type)?;
        Some((linked.item, ParentSeen::Here { depth }))
    });
    let place = resolve_parent(depth.unwrap_or(u8::MAX), seen.map(|(_, seen)| seen));
    Ok(match (place, seen) {
        (Place::Below, Some((item, _))) => Value::part_of(Some(item)),
        _ => Value::Text(name),
    })
}

fn above(read: &Read<'_>, ground: &Ground, pair: &Pair) -> Result<Above, StoreError> {
    let Some(parent) = pair.item.parent else {
        return Ok(Above::Nothing);
    };
    if let Some(link) = linked(read, ground, parent)? {
        return Ok(Above::Issue(parent, issue_of(ground, &link)));
    }
    let Some(item) = store::item::get(read, parent)? else {
        return Ok(Above::Nothing);
    };
    let mut types = ground.mapping.types.iter();
    let is_mapped = types.any(|known| known.item_type == item.item_type);
    let links = store::link::by_item(read, parent)?;
    let is_elsewhere = links.iter().any(|link| link.state == LinkState::Linked);
    Ok(if is_mapped && !is_elsewhere {
        Above::Unpushed(item.title)
    } else {
        Above::Nothing
    })
}

/// The pair of an item at this site that is in force, or was last.
fn last_linked(read: &Read<'_>, ground: &Ground, item: ItemId) -> Result<Option<Link>, StoreError> {
    let links = store::link::by_item(read, item)?.into_iter();
    let connection = ground.connection_id();
    let here = links.filter(|link| link.connection == connection);
    Ok(here.max_by_key(|link| (link.state == LinkState::Linked, link.id)))
}

/// The pair in force of an item at this site.
fn linked(read: &Read<'_>, ground: &Ground, item: ItemId) -> Result<Option<Link>, StoreError> {
    let links = store::link::by_item(read, item)?.into_iter();
    let connection = ground.connection_id();
    let mut here = links.filter(|link| link.connection == connection);
    Ok(here.find(|link| link.state == LinkState::Linked))
}

fn issue_of(ground: &Ground, link: &Link) -> ParentIssue {
    let mut types = ground.schema.types.iter();
    let found = types.find(|found| found.id == link.seen.remote_type);
    ParentIssue {
        id: link.remote_id.clone(),
        key: link.seen.key.clone(),
        level: found.and_then(|found| found.level),
    }
}

fn unmovable(why: Unmovable) -> Problem {
    match why {
        Unmovable::SubtaskNeedsParent => {
            let reason = "a sub-task is always part of another issue there";
            Problem::new(FIXED).with("reason", reason)
        }
        Unmovable::SubtaskStays => {
            let reason = "on Data Center a sub-task is moved in Jira itself only";
            Problem::new(FIXED).with("reason", reason)
        }
        Unmovable::NoField => {
            let reason = "the project has no field for a parent on that level";
            Problem::new(FIXED).with("reason", reason)
        }
    }
}

impl Sending {
    /// The parent, if what is to be sent names it and Jira is told of it now.
    pub fn parent_edit(&self) -> Option<&ParentEdit> {
        self.parent.as_ref()?.as_ref().ok()
    }

    /// What keeps the parent from being sent.
    pub fn parent_problem(&self) -> Option<Problem> {
        self.parent.as_ref()?.as_ref().err().cloned()
    }
}
