//! Deciding about one issue.

use super::status::{STATUS, StatusWrite, Statuses};
use super::{
    Action, Decision, Draft, FieldChange, FieldConflict, SkipReason, Twin, TypeChange, Update,
};
use crate::convert::{Converted, Lookup, Note, Want, to_workspace};
use crate::mapping::{Direction, FieldPair, Mapping, Winner};
use crate::outgoing::{Unsayable, through, to_remote};
use crate::reconcile::{Change, Outcome, Rule, Verdict, arrived, reconcile, verdict};
use crate::remote::{RemoteField, RemoteIssue, RemoteKind, RemoteStatus, RemoteValue, Schema};
use std::collections::BTreeMap;
use workspace::{
    Field, FieldKey, Item, ItemType, ItemTypeId, Kind, Level, StatusCategory, SystemField, Value,
};

const TITLE: FieldKey = FieldKey::System(SystemField::Title);
const DEV_STATUS: FieldKey = FieldKey::System(SystemField::DevStatus);

/// A mapping made ready for deciding. Owns what it needs and changes nothing.
#[derive(Debug, Clone)]
pub struct Planner {
    types: BTreeMap<String, Target>,
    columns: Vec<Column>,
    /// None where no status is mapped.
    statuses: Option<Statuses>,
    include_closed: bool,
}

#[derive(Debug, Clone, Copy)]
struct Target {
    item_type: ItemTypeId,
    /// Depth of the type's level, counted from the top.
    depth: u8,
}

/// A pair whose two fields exist.
#[derive(Debug, Clone)]
struct Column {
    field: Field,
    remote: RemoteField,
    pair: FieldPair,
}

/// One field of one issue.
struct Cell<'p> {
    field: FieldKey,
    rule: Rule,
    converted: Converted,
    /// None for what every issue fills by itself.
    column: Option<&'p Column>,
}

/// What is left to do about an item's fields.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Pending {
    /// Fields to be sent.
    pub sends: Vec<FieldKey>,
    /// Fields that a person has to decide about.
    pub conflicts: Vec<FieldKey>,
}

/// A value that is to be written at the remote.
#[derive(Debug, Clone, PartialEq)]
pub struct FieldWrite {
    /// Which field it is here.
    pub field: FieldKey,
    /// Which field it is there.
    pub remote: RemoteField,
    /// What the remote last said, in its own terms; nothing where that cannot be said.
    pub before: RemoteValue,
    /// What it is to say.
    pub value: RemoteValue,
}

/// What an item has to say to the remote of one of its fields.
#[derive(Debug, Clone, PartialEq)]
pub struct Saying {
    /// Which field it is here.
    pub field: FieldKey,
    /// Which field it is there.
    pub remote: RemoteField,
    /// What it says there, or why that cannot be said.
    pub value: Result<RemoteValue, Vec<Unsayable>>,
}

/// What is to be written at the remote of an item's fields.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Patch {
    /// What is to be written.
    pub writes: Vec<FieldWrite>,
    /// Where the issue is to go, if its status is to change.
    pub status: Option<StatusWrite>,
    /// Fields of which the remote cannot be told, and why.
    pub unsayable: Vec<(FieldKey, Vec<Unsayable>)>,
}

impl Planner {
    /// Makes a mapping ready. Pairs whose type or field is gone on either side are left out; checking the
    /// mapping ([`crate::types::check`], [`crate::fields::check`]) names them.
    #[must_use]
    pub fn new(
        mapping: &Mapping,
        levels: &[Level],
        types: &[ItemType],
        fields: &[Field],
        schema: &Schema,
        include_closed: bool,
    ) -> Self {
        Self {
            types: mapping
                .types
                .iter()
                .rev()
                .filter_map(|pair| {
                    let found = types.iter().find(|known| known.id == pair.item_type)?;
                    let level = levels.iter().find(|level| level.id == found.level)?;
                    let target = Target {
                        item_type: found.id,
                        depth: level.depth,
                    };
                    Some((pair.remote_type.clone(), target))
                })
                .collect(),
            columns: mapping
                .fields
                .iter()
                .filter_map(|pair| column(fields, schema, pair))
                .collect(),
            statuses: Statuses::new(mapping),
            include_closed,
        }
    }

    /// Whether deciding looks at a remote field (id), for asking the remote for no more than that.
    #[must_use]
    pub fn reads(&self, remote_field: &str) -> bool {
        self.columns
            .iter()
            .any(|column| column.remote.id == remote_field)
    }

    /// The remote field that a field is mapped to; none if it is to none.
    #[must_use]
    pub fn remote_of(&self, field: FieldKey) -> Option<&RemoteField> {
        let mut columns = self.columns.iter();
        let column = columns.find(|column| column.field.key == field)?;
        Some(&column.remote)
    }

    /// The workspace's type for a remote type; none if it is not mapped.
    #[must_use]
    pub fn item_type(&self, remote_type: &str) -> Option<ItemTypeId> {
        self.types.get(remote_type).map(|target| target.item_type)
    }

    /// When an issue of this type has its turn: parents have a lower rank than their children. None if the
    /// type is not mapped. The rank is the depth of the workspace's level, as [`super::resolve_parent`]
    /// wants it.
    #[must_use]
    pub fn apply_rank(&self, remote_type: &str) -> Option<u8> {
        self.types.get(remote_type).map(|target| target.depth)
    }

    /// Decides what happens to an issue. The parent is decided apart: [`super::resolve_parent`],
    /// [`super::reconcile_parent`].
    #[must_use]
    pub fn decide(&self, issue: &RemoteIssue, twin: Twin<'_>, lookup: &dyn Lookup) -> Decision {
        let target = match self.admit(issue, twin) {
            Ok(target) => target,
            Err(reason) => return skip(reason),
        };
        let cells = self.cells(issue, lookup);
        match twin {
            Twin::Linked {
                item,
                bases,
                remote_type,
            } => {
                let kind = type_change(item, target, remote_type, &issue.type_id);
                update(item, bases, kind, cells, lookup)
            }
            Twin::None | Twin::Severed { .. } | Twin::Elsewhere { .. } => {
                create(target.item_type, cells)
            }
        }
    }

    /// What is left to do about an item's fields, from what its pair remembers: `bases` is on what both sides agreed,
    /// `remotes` what the remote last said. A field of which the remote has said nothing yet is not among them, nor is
    /// one whose news from the remote is still to be taken over.
    #[must_use]
    pub fn pending(
        &self,
        item: &Item,
        bases: &BTreeMap<FieldKey, Value>,
        remotes: &BTreeMap<FieldKey, Value>,
        lookup: &dyn Lookup,
    ) -> Pending {
        let mut pending = Pending::default();
        for column in &self.columns {
            let key = column.field.key;
            let Some(remote) = remotes.get(&key) else {
                continue;
            };
            let here = column.through(&item.value(key), lookup);
            match reconcile(bases.get(&key), &here, remote, column.rule()) {
                Outcome::SendWorkspace => pending.sends.push(key),
                Outcome::Conflict => pending.conflicts.push(key),
                _ => {}
            }
        }
        if let (Some(statuses), Some(remote)) = (&self.statuses, remotes.get(&STATUS)) {
            match statuses.pending(bases.get(&STATUS), &item.value(STATUS), remote) {
                Outcome::SendWorkspace => pending.sends.push(STATUS),
                Outcome::Conflict => pending.conflicts.push(STATUS),
                _ => {}
            }
        }
        pending
    }

    /// On what both sides agree of a list that is put together, once the remote has said `told` after it was sent `sent`
    /// without an answer: see [`arrived`]. None of any other field.
    #[must_use]
    pub fn arrived(
        &self,
        field: FieldKey,
        base: Option<&Value>,
        sent: &Value,
        told: &Value,
    ) -> Option<Value> {
        let column = self.columns.iter().find(|column| column.field.key == field);
        let merges = column.is_some_and(|column| column.rule().merges);
        merges.then(|| arrived(base, sent, told)).flatten()
    }

    /// What the remote would say of a field if it held what the item holds.
    #[must_use]
    pub fn through(&self, field: FieldKey, value: &Value, lookup: &dyn Lookup) -> Value {
        let column = self.columns.iter().find(|column| column.field.key == field);
        column.map_or_else(|| value.clone(), |column| column.through(value, lookup))
    }

    /// What the remote says of a field, as it is remembered here: in words where nothing here stands for it. A status is
    /// a choice.
    #[must_use]
    pub fn observed(&self, field: FieldKey, value: &RemoteValue, lookup: &dyn Lookup) -> Value {
        let column = self.columns.iter().find(|column| column.field.key == field);
        let read = match (column, value, &self.statuses) {
            (Some(column), value, _) => {
                to_workspace(&column.field, &column.pair, &column.remote, value, lookup)
            }
            (None, RemoteValue::Choices(choices), Some(statuses)) if field == STATUS => {
                let status = choices.first().cloned().unwrap_or_default();
                statuses.read(&RemoteStatus {
                    id: status.id,
                    name: status.name,
                    category: StatusCategory::Open,
                })
            }
            _ => Converted::default(),
        };
        in_words(&read.value, &read.notes).unwrap_or(read.value)
    }

    /// What is to be written at the remote, for it to say of some fields what the item says.
    #[must_use]
    pub fn patch(
        &self,
        item: &Item,
        fields: &[FieldKey],
        remotes: &BTreeMap<FieldKey, Value>,
        lookup: &dyn Lookup,
    ) -> Patch {
        let mut patch = Patch::default();
        let columns = self.columns.iter();
        for column in columns.filter(|column| fields.contains(&column.field.key)) {
            let key = column.field.key;
            let before = remotes.get(&key).unwrap_or(&Value::None);
            match column.say(&item.value(key), lookup) {
                Ok(value) => patch.writes.push(FieldWrite {
                    field: key,
                    remote: column.remote.clone(),
                    before: column.say(before, lookup).unwrap_or_default(),
                    value,
                }),
                Err(why) => patch.unsayable.push((key, why)),
            }
        }
        if let Some(statuses) = self.statuses.as_ref().filter(|_| fields.contains(&STATUS)) {
            let value = item.value(STATUS);
            let name = match &value {
                Value::Options(options) => options.first().and_then(|id| lookup.option_name(*id)),
                _ => None,
            };
            match statuses.write(&value, name) {
                Ok(write) => patch.status = Some(write),
                Err(why) => patch.unsayable.push((STATUS, vec![why])),
            }
        }
        patch
    }

    /// What an item has to say to a remote that knows nothing of it: its fields that go there and hold something.
    #[must_use]
    pub fn sayings(&self, item: &Item, lookup: &dyn Lookup) -> Vec<Saying> {
        let going = |column: &&Column| column.pair.direction != Direction::FromRemote;
        let columns = self.columns.iter().filter(going);
        columns
            .filter_map(|column| {
                let value = item.value(column.field.key);
                (!value.is_none()).then(|| Saying {
                    field: column.field.key,
                    remote: column.remote.clone(),
                    value: column.say(&value, lookup),
                })
            })
            .collect()
    }

    fn admit(&self, issue: &RemoteIssue, twin: Twin<'_>) -> Result<Target, SkipReason> {
        let linked = match twin {
            Twin::Severed { .. } => return Err(SkipReason::Severed),
            Twin::Elsewhere { .. } => return Err(SkipReason::LinkedElsewhere),
            Twin::Linked { .. } => true,
            Twin::None => false,
        };
        let Some(target) = self.types.get(&issue.type_id) else {
            return Err(SkipReason::TypeNotMapped {
                remote_type: issue.type_id.clone(),
            });
        };
        // Somebody closing an issue is news for the item that is linked to it.
        if !linked && !self.include_closed && issue.status.category == StatusCategory::Done {
            return Err(SkipReason::Closed);
        }
        Ok(*target)
    }

    fn cells(&self, issue: &RemoteIssue, lookup: &dyn Lookup) -> Vec<Cell<'_>> {
        let mut cells: Vec<Cell<'_>> = self
            .columns
            .iter()
            .map(|column| column.read(issue, lookup))
            .collect();
        let has = |cells: &[Cell<'_>], field| cells.iter().any(|cell| cell.field == field);
        if !has(&cells, TITLE) {
            let title = issue.title.split_whitespace().collect::<Vec<_>>().join(" ");
            cells.push(incoming(TITLE, Winner::Ask, Value::text(&title)));
        }
        if !has(&cells, DEV_STATUS) {
            let raw = Value::text(&issue.status.name);
            cells.push(incoming(DEV_STATUS, Winner::Remote, raw));
        }
        if let Some(statuses) = &self.statuses {
            cells.push(Cell {
                field: STATUS,
                rule: statuses.rule(),
                converted: statuses.read(&issue.status),
                column: None,
            });
        }
        cells
    }
}

impl Column {
    fn read(&self, issue: &RemoteIssue, lookup: &dyn Lookup) -> Cell<'_> {
        let value = issue
            .values
            .get(&self.remote.id)
            .unwrap_or(&RemoteValue::None);
        Cell {
            field: self.field.key,
            rule: self.rule(),
            converted: to_workspace(&self.field, &self.pair, &self.remote, value, lookup),
            column: Some(self),
        }
    }

    fn rule(&self) -> Rule {
        let rule = Rule::new(self.pair.direction, self.pair.winner, self.field.kind);
        Rule {
            // Put together is what either side holds, so both have to hold all of it.
            merges: rule.merges && holds_alike(self.field.kind, &self.remote.kind),
            ..rule
        }
    }

    fn say(&self, value: &Value, lookup: &dyn Lookup) -> Result<RemoteValue, Vec<Unsayable>> {
        to_remote(&self.field, &self.pair, &self.remote, value, lookup)
    }

    /// What is compared: what the remote would say if it held this.
    fn through(&self, value: &Value, lookup: &dyn Lookup) -> Value {
        through(&self.field, &self.pair, &self.remote, value, lookup)
    }
}

fn column(fields: &[Field], schema: &Schema, pair: &FieldPair) -> Option<Column> {
    Some(Column {
        field: fields.iter().find(|field| field.key == pair.field)?.clone(),
        remote: schema
            .fields
            .iter()
            .find(|field| field.id == pair.remote_field)?
            .clone(),
        pair: pair.clone(),
    })
}

/// Whether both sides hold the same sort of list or of text, so that nothing is lost on the way between them.
fn holds_alike(here: Kind, there: &RemoteKind) -> bool {
    match here {
        Kind::MultiSelect | Kind::Timeframe | Kind::Labels => matches!(
            there,
            RemoteKind::MultiSelect
                | RemoteKind::Versions
                | RemoteKind::Components
                | RemoteKind::Labels
        ),
        Kind::Dependencies => *there == RemoteKind::IssueLinks,
        Kind::LongText => *there == RemoteKind::LongText,
        Kind::RichText => *there == RemoteKind::RichText,
        _ => false,
    }
}

/// A field that every issue fills by itself.
fn incoming(field: FieldKey, winner: Winner, value: Value) -> Cell<'static> {
    Cell {
        field,
        rule: Rule::new(Direction::FromRemote, winner, Kind::Text),
        converted: value.into(),
        column: None,
    }
}

fn skip(reason: SkipReason) -> Decision {
    decision(Action::Skip(reason))
}

fn decision(action: Action) -> Decision {
    Decision {
        action,
        wants: Vec::new(),
        news: Vec::new(),
        notes: Vec::new(),
        conflicts: Vec::new(),
        sends: Vec::new(),
        bases: BTreeMap::new(),
        observed: BTreeMap::new(),
    }
}

fn create(item_type: ItemTypeId, cells: Vec<Cell<'_>>) -> Decision {
    let mut title = String::new();
    let mut values = BTreeMap::new();
    let mut decided = skip(SkipReason::NoTitle);
    for cell in cells {
        let Converted {
            value,
            wants,
            news,
            notes,
        } = cell.converted;
        let observed = in_words(&value, &notes).unwrap_or_else(|| value.clone());
        decided.observed.insert(cell.field, observed);
        if let (TITLE, Value::Text(text)) = (cell.field, &value) {
            title.clone_from(text);
        }
        if cell.rule.direction == Direction::ToRemote && cell.field != TITLE {
            continue;
        }
        let whole = notes.is_empty();
        decided.notes.extend(notes);
        decided.wants.extend(wants);
        decided.news.extend(news);
        if whole {
            decided.bases.insert(cell.field, value.clone());
        }
        if cell.field != TITLE && !value.is_none() {
            values.insert(cell.field, value);
        }
    }
    if title.is_empty() {
        return skip(SkipReason::NoTitle);
    }
    decided.action = Action::Create(Draft {
        item_type,
        title,
        values,
    });
    decided
}

/// The remote's change of type is followed; a change of type made here is not undone.
fn type_change(
    item: &Item,
    target: Target,
    seen: Option<&str>,
    remote_type: &str,
) -> Option<TypeChange> {
    let moved = seen.is_some_and(|seen| seen != remote_type);
    (moved && item.item_type != target.item_type).then_some(TypeChange {
        before: item.item_type,
        after: target.item_type,
    })
}

fn update(
    item: &Item,
    bases: &BTreeMap<FieldKey, Value>,
    item_type: Option<TypeChange>,
    cells: Vec<Cell<'_>>,
    lookup: &dyn Lookup,
) -> Decision {
    let mut decided = decision(Action::Unchanged { item: item.id });
    let mut changes = Vec::new();
    for cell in cells {
        if let Some(change) = compare(&mut decided, item, bases, cell, lookup) {
            changes.push(change);
        }
    }
    if item_type.is_some() || !changes.is_empty() {
        decided.action = Action::Update(Update {
            item: item.id,
            item_type,
            changes,
        });
    }
    decided
}

/// Decides one field of a linked item; what is not a change is written into `decided`.
fn compare(
    decided: &mut Decision,
    item: &Item,
    bases: &BTreeMap<FieldKey, Value>,
    cell: Cell<'_>,
    lookup: &dyn Lookup,
) -> Option<FieldChange> {
    let before = item.value(cell.field);
    let here = cell
        .column
        .map_or_else(|| before.clone(), |column| column.through(&before, lookup));
    let base = bases.get(&cell.field);
    let pending = cell.converted.is_pending();
    let Converted {
        value: remote,
        wants,
        news,
        notes,
    } = cell.converted;
    let words = in_words(&remote, &notes);
    let outgoing = cell.rule.direction == Direction::ToRemote;
    // A value that cannot be told here is no reason to blank what stands here; nor is a lost title.
    let untold = words.is_some() || remote.is_none() && cell.field == TITLE;
    let remote = words.unwrap_or(remote);
    decided.observed.insert(cell.field, remote.clone());
    if !outgoing {
        decided.notes.extend(notes);
        decided.news.extend(news);
        if untold {
            return None;
        }
    }
    let outcome = if pending {
        unknown_to_us(base, &here, cell.rule)
    } else {
        reconcile(base, &here, &remote, cell.rule)
    };
    let taken = matches!(outcome, Outcome::TakeRemote | Outcome::Merge(_));
    // People are recorded wherever they are met; a choice only where it is going to be shown.
    let shown = taken || outcome == Outcome::Conflict;
    decided.wants.extend(
        wants
            .into_iter()
            .filter(|want| shown || !matches!(want, Want::Option { .. })),
    );
    if taken || outcome == Outcome::AdvanceBase {
        decided.bases.insert(cell.field, remote.clone());
    }
    match outcome {
        Outcome::Nothing | Outcome::AdvanceBase => None,
        Outcome::SendWorkspace => {
            decided.sends.push(cell.field);
            None
        }
        Outcome::Conflict => {
            decided.conflicts.push(FieldConflict {
                field: cell.field,
                base: base.cloned(),
                workspace: before,
                remote,
            });
            None
        }
        Outcome::TakeRemote => Some(FieldChange {
            field: cell.field,
            before,
            after: remote,
        }),
        Outcome::Merge(after) => {
            decided.sends.push(cell.field);
            Some(FieldChange {
                field: cell.field,
                before,
                after,
            })
        }
    }
}

/// A value that cannot be told here at all, in the remote's words: it is remembered as something, because nothing is what
/// it is not. None if something of it can be told.
fn in_words(value: &Value, notes: &[Note]) -> Option<Value> {
    if !value.is_none() || notes.is_empty() {
        return None;
    }
    let words: Vec<&str> = notes
        .iter()
        .map(|note| match note {
            Note::Unmapped { choice, .. } => choice.name.as_str(),
            Note::Unreadable { .. } => "?",
        })
        .collect();
    Some(Value::Text(words.join(", ")))
}

/// A value with a choice or a person that the workspace has never seen differs from all it holds.
fn unknown_to_us(base: Option<&Value>, here: &Value, rule: Rule) -> Outcome {
    let change = Change {
        workspace: !here.equal_enough(base.unwrap_or(&Value::None)),
        remote: true,
        alike: false,
    };
    match verdict(change, rule) {
        Verdict::Nothing => Outcome::Nothing,
        Verdict::SendWorkspace => Outcome::SendWorkspace,
        Verdict::Conflict => Outcome::Conflict,
        Verdict::TakeRemote | Verdict::AdvanceBase | Verdict::Merge => Outcome::TakeRemote,
    }
}
