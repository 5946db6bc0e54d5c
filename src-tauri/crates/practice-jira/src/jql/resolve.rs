//! Checks a parsed query against the site and turns names into ids, once, so that the evaluation is only comparisons.

use std::collections::BTreeSet;

use jiff::tz::TimeZone;

use super::order::{SortKey, sort_keys};
use super::{Clause, Name, Node, Op, Operand, Query};
use crate::config::Face;
use crate::state::{Category, Data, Field, Shape, Slot, UserIx};
use crate::time::{MINUTE, Millis};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cmp {
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
    Equal,
}

impl Cmp {
    pub(crate) fn holds<T: PartialOrd>(self, left: T, right: T) -> bool {
        match self {
            Cmp::Less => left < right,
            Cmp::LessEqual => left <= right,
            Cmp::Greater => left > right,
            Cmp::GreaterEqual => left >= right,
            Cmp::Equal => left == right,
        }
    }
}

/// A checked query part. What it compares has been looked up already.
#[derive(Debug, Clone)]
pub(crate) enum Pred {
    Always(bool),
    And(Vec<Pred>),
    Or(Vec<Pred>),
    Not(Box<Pred>),
    Id(Cmp, u64),
    IdIn(BTreeSet<u64>),
    Project(Vec<u32>),
    Kind(Vec<u32>),
    Status(Vec<u32>),
    StatusCategory(Vec<Category>),
    StatusWas(Vec<u32>),
    Priority(Vec<u32>),
    PriorityOrder(Cmp, u32),
    Resolution(Vec<u32>),
    User(Slot, Vec<UserIx>),
    Labels(Vec<String>),
    Components(Vec<u32>),
    FixVersions(Vec<u32>),
    Affects(Vec<u32>),
    Sprint(Vec<u32>),
    Parent(Vec<u64>),
    Words(Where, Vec<String>),
    Moment(Slot, Cmp, Millis),
    /// Days since 1970.
    Due(Cmp, i64),
    Empty(Slot),
    CustomEmpty(u32),
    CustomNumber(u32, Cmp, f64),
    CustomIds(u32, Vec<u32>),
    CustomWords(u32, Vec<String>),
    CustomMoment(u32, Cmp, Millis),
    CustomDay(u32, Cmp, i64),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Where {
    Summary,
    Description,
    Everywhere,
    Comment,
}

/// What a name or a relative date means depends on who asks, where and when.
#[derive(Debug, Clone)]
pub(crate) struct Asker<'a> {
    pub data: &'a Data,
    pub face: Face,
    pub caller: Option<UserIx>,
    pub zone: &'a TimeZone,
    pub now: Millis,
    pub german: bool,
    /// Projects whose issues the caller may see.
    pub visible: &'a BTreeSet<u32>,
}

#[derive(Debug, Clone)]
pub(crate) struct Resolved {
    pub pred: Pred,
    pub order: Vec<(SortKey, bool)>,
    /// Reasons why the query cannot be answered.
    pub errors: Vec<String>,
    /// Whether something in it moves with the clock.
    pub relative: bool,
}

pub(crate) fn resolve(query: &Query, asker: &Asker<'_>) -> Resolved {
    let mut work = Work { asker, errors: Vec::new(), relative: false };
    let pred = match &query.filter {
        Some(node) => work.node(node, false),
        None => Pred::Always(true),
    };
    let order = sort_keys(&query.order, asker, &mut work.errors);
    let mut seen = BTreeSet::new();
    work.errors.retain(|e| seen.insert(e.clone()));
    Resolved { pred, order, errors: work.errors, relative: work.relative }
}

/// The field that a clause name means; the second value says how often custom fields carry that name.
pub(crate) fn find_field<'a>(name: &Name, asker: &Asker<'a>) -> Option<&'a Field> {
    if let Some(number) = name.cf {
        return asker.data.fields.iter().find(|f| f.number == number);
    }
    let text = name.text.to_lowercase();
    let system = asker.data.fields.iter().find(|f| f.clauses.iter().any(|c| c.eq_ignore_ascii_case(&text)));
    system.or_else(|| {
        let same = |f: &&Field| f.is_custom() && (f.name.to_lowercase() == text || asker.german && f.german.to_lowercase() == text || f.id == text);
        asker.data.fields.iter().find(same)
    })
}

struct Work<'a, 'b> {
    asker: &'b Asker<'a>,
    errors: Vec<String>,
    relative: bool,
}

impl<'a> Work<'a, '_> {
    fn node(&mut self, node: &Node, negate: bool) -> Pred {
        match node {
            // Negation is carried down to the clauses, as Jira does: NOT (a = b) means a != b, and leaves out empty ones.
            Node::Not(inner) => self.node(inner, !negate),
            Node::And(list) | Node::Or(list) => {
                let parts: Vec<Pred> = list.iter().map(|n| self.node(n, negate)).collect();
                if matches!(node, Node::And(_)) != negate { Pred::And(parts) } else { Pred::Or(parts) }
            }
            Node::Clause(clause) => self.clause(clause, negate),
        }
    }

    fn fail(&mut self, text: String) -> Pred {
        self.errors.push(text);
        Pred::Always(false)
    }

    fn clause(&mut self, clause: &Clause, negate: bool) -> Pred {
        let name = clause.field.text.as_str();
        let free = ["text", "comment"].iter().any(|n| name.eq_ignore_ascii_case(n)) || name.eq_ignore_ascii_case("textfields");
        if free {
            let place = if name.eq_ignore_ascii_case("comment") { Where::Comment } else { Where::Everywhere };
            return self.words(clause, negate, place);
        }
        let Some(field) = find_field(&clause.field, self.asker).filter(|f| f.searchable && self.asker.caller.is_some()) else {
            return self.fail(format!("Field '{name}' does not exist or you do not have permission to view it."));
        };
        let op = if negate { opposite(clause.op) } else { Some(clause.op) };
        let Some(op) = op else {
            let inner = self.clause(clause, false);
            return Pred::Not(Box::new(inner));
        };
        if matches!(op, Op::Is | Op::IsNot) || clause.operand == Operand::Empty {
            return self.emptiness(clause, op, field);
        }
        match field.slot {
            Slot::Summary => self.words(clause, negate, Where::Summary),
            Slot::Description => self.words(clause, negate, Where::Description),
            Slot::Created | Slot::Updated | Slot::ResolutionDate => self.moment(clause, op, |cmp, at| Pred::Moment(field.slot, cmp, at), name),
            Slot::DueDate => self.moment(clause, op, |cmp, at| Pred::Due(cmp, 0).with_day(at), name),
            Slot::IssueKey if is_relation(op) => self.id_order(clause, op),
            Slot::Priority if is_relation(op) => self.priority_order(clause, op),
            Slot::Custom | Slot::Flagged | Slot::EpicName => self.custom(clause, op, field, negate),
            _ => self.set(clause, op, field),
        }
    }

    fn unsupported(&mut self, op: Op, name: &str) -> Pred {
        self.fail(format!("The operator '{}' is not supported by the '{name}' field.", op.text()))
    }

    fn emptiness(&mut self, clause: &Clause, op: Op, field: &Field) -> Pred {
        let name = &clause.field.text;
        if clause.operand != Operand::Empty {
            return self.fail(format!("Operator '{}' does not support the value for field '{name}'; only EMPTY and NULL are allowed.", op.text()));
        }
        let never_empty = matches!(field.slot, Slot::Project | Slot::IssueType | Slot::Status | Slot::IssueKey);
        if never_empty {
            return self.fail(format!("The field '{name}' does not support searching for EMPTY values."));
        }
        let pred = if field.is_custom() && !matches!(field.slot, Slot::Sprint | Slot::EpicLink | Slot::ParentLink) {
            Pred::CustomEmpty(field.number)
        } else {
            Pred::Empty(field.slot)
        };
        match op {
            Op::Is | Op::Equal => pred,
            Op::IsNot | Op::NotEqual => Pred::Not(Box::new(pred)),
            other => self.unsupported(other, name),
        }
    }

    fn words(&mut self, clause: &Clause, negate: bool, place: Where) -> Pred {
        let op = if negate { opposite(clause.op).unwrap_or(clause.op) } else { clause.op };
        if !matches!(op, Op::Like | Op::NotLike) {
            let slot = match place {
                Where::Description => Some(Slot::Description),
                Where::Summary => Some(Slot::Summary),
                _ => None,
            };
            return match (slot, op, &clause.operand) {
                (Some(slot), Op::Is, Operand::Empty) => Pred::Empty(slot),
                (Some(slot), Op::IsNot, Operand::Empty) => Pred::Not(Box::new(Pred::Empty(slot))),
                _ => self.unsupported(op, &clause.field.text),
            };
        }
        let Operand::Value { text, .. } = &clause.operand else {
            return self.fail(format!("The operator '{}' needs a text for the field '{}'.", op.text(), clause.field.text));
        };
        let pred = Pred::Words(place, split_words(text));
        if op == Op::NotLike { Pred::Not(Box::new(pred)) } else { pred }
    }

    fn moment(&mut self, clause: &Clause, op: Op, make: impl Fn(Cmp, Millis) -> Pred, name: &str) -> Pred {
        let Some(at) = self.date(&clause.operand) else {
            let text = operand_text(&clause.operand);
            return self.fail(format!(
                "Date value '{text}' for field '{name}' is invalid. Valid formats include: 'yyyy/MM/dd HH:mm', 'yyyy-MM-dd HH:mm', 'yyyy/MM/dd', 'yyyy-MM-dd', or a period format e.g. '-5d', '4w 2d'."
            ));
        };
        match op {
            Op::Less => make(Cmp::Less, at),
            Op::LessEqual => make(Cmp::LessEqual, at),
            Op::Greater => make(Cmp::Greater, at),
            Op::GreaterEqual => make(Cmp::GreaterEqual, at),
            Op::Equal => Pred::And(vec![make(Cmp::GreaterEqual, at), make(Cmp::Less, at + MINUTE)]),
            Op::NotEqual => Pred::Or(vec![make(Cmp::Less, at), make(Cmp::GreaterEqual, at + MINUTE)]),
            other => self.unsupported(other, name),
        }
    }

    fn date(&mut self, operand: &Operand) -> Option<Millis> {
        use crate::time::{parse_jql_date, parse_period, start_of};
        let now = self.asker.now;
        match operand {
            Operand::Value { text, quoted } => {
                if !quoted && let Ok(ms) = text.parse::<i64>() && ms > 0 {
                    return Some(ms);
                }
                if let Some(period) = parse_period(text) {
                    self.relative = true;
                    return now.checked_add(period);
                }
                parse_jql_date(text, self.asker.zone).map(|(ms, _)| ms)
            }
            Operand::Function { name, args } => {
                self.relative = true;
                let name = name.to_ascii_lowercase();
                let (unit, end) = match name.as_str() {
                    "now" | "currentlogin" => return Some(now),
                    "startofday" => ('d', false),
                    "startofweek" => ('w', false),
                    "startofmonth" => ('M', false),
                    "startofyear" => ('y', false),
                    "endofday" => ('d', true),
                    "endofweek" => ('w', true),
                    "endofmonth" => ('M', true),
                    "endofyear" => ('y', true),
                    _ => return None,
                };
                let mut steps = i64::from(end);
                let mut offset = 0;
                if let Some(arg) = args.first() {
                    match arg.trim_start_matches('+').parse::<i64>() {
                        Ok(number) => steps += number,
                        Err(_) => offset = parse_period(arg)?,
                    }
                }
                let start = start_of(unit, now, steps, self.asker.zone)?;
                Some(start + offset - i64::from(end))
            }
            _ => None,
        }
    }

    fn id_order(&mut self, clause: &Clause, op: Op) -> Pred {
        let Operand::Value { text, .. } = &clause.operand else {
            return self.unsupported(op, &clause.field.text);
        };
        let cmp = relation(op);
        match text.parse::<u64>() {
            Ok(id) => Pred::Id(cmp, id),
            Err(_) => match self.visible_issue(text) {
                Some(id) => {
                    let project = self.asker.data.issues.get(&id).map_or(0, |i| i.project);
                    Pred::And(vec![Pred::Project(vec![project]), Pred::Id(cmp, id)])
                }
                None => self.no_issue(text, &clause.field.text),
            },
        }
    }

    fn visible_issue(&self, text: &str) -> Option<u64> {
        let id = self.asker.data.find_issue_id(text)?;
        let issue = self.asker.data.issues.get(&id)?;
        self.asker.visible.contains(&issue.project).then_some(id)
    }

    fn no_issue(&mut self, text: &str, name: &str) -> Pred {
        if text.parse::<u64>().is_ok() {
            self.fail(format!("A value with ID '{text}' does not exist for the field '{name}'."))
        } else {
            self.fail(format!("An issue with key '{text}' does not exist for field '{name}'."))
        }
    }

    fn priority_order(&mut self, clause: &Clause, op: Op) -> Pred {
        let text = operand_text(&clause.operand);
        match self.value_ids(Slot::Priority, &text, None) {
            Some(ids) if !ids.is_empty() => Pred::PriorityOrder(relation(op), ids[0]),
            _ => self.fail(format!("The value '{text}' does not exist for the field '{}'.", clause.field.text)),
        }
    }

    fn custom(&mut self, clause: &Clause, op: Op, field: &'a Field, negate: bool) -> Pred {
        let number = field.number;
        match field.shape {
            Shape::Number => {
                let text = operand_text(&clause.operand);
                let Ok(value) = text.parse::<f64>() else {
                    return self.fail(format!("Value '{text}' is invalid for the '{}' field. Please enter a valid number.", clause.field.text));
                };
                match op {
                    Op::NotEqual => Pred::And(vec![Pred::Not(Box::new(Pred::CustomEmpty(number))), Pred::Not(Box::new(Pred::CustomNumber(number, Cmp::Equal, value)))]),
                    Op::Equal => Pred::CustomNumber(number, Cmp::Equal, value),
                    op if is_relation(op) => Pred::CustomNumber(number, relation(op), value),
                    other => self.unsupported(other, &clause.field.text),
                }
            }
            Shape::Date => self.moment(clause, op, |cmp, at| Pred::CustomDay(number, cmp, days(at)), &clause.field.text),
            Shape::DateTime => self.moment(clause, op, |cmp, at| Pred::CustomMoment(number, cmp, at), &clause.field.text),
            Shape::Text | Shape::RichText => {
                let op = if negate { opposite(clause.op).unwrap_or(op) } else { clause.op };
                match (op, &clause.operand) {
                    (Op::Like, Operand::Value { text, .. }) => Pred::CustomWords(number, split_words(text)),
                    (Op::NotLike, Operand::Value { text, .. }) => Pred::Not(Box::new(Pred::CustomWords(number, split_words(text)))),
                    (other, _) => self.unsupported(other, &clause.field.text),
                }
            }
            Shape::Labels => {
                let wanted = self.values(clause, |_, text| Some(vec![text.to_owned()]));
                positive_or_not(op, Pred::CustomWords(number, wanted), Pred::CustomEmpty(number))
            }
            _ => self.set(clause, op, field),
        }
    }

    /// Fields whose values are things with ids.
    fn set(&mut self, clause: &Clause, op: Op, field: &'a Field) -> Pred {
        let name = &clause.field.text;
        if matches!(op, Op::Was | Op::WasNot | Op::WasIn | Op::WasNotIn | Op::Changed) {
            if field.slot != Slot::Status {
                return self.fail(format!("History searches do not support the '{name}' field."));
            }
            let ids = self.values(clause, |work, text| work.value_ids(Slot::Status, text, None));
            let pred = Pred::StatusWas(ids);
            return if matches!(op, Op::WasNot | Op::WasNotIn) { Pred::Not(Box::new(pred)) } else { pred };
        }
        let single = matches!(clause.operand, Operand::Value { .. });
        let list = matches!(clause.operand, Operand::List(_));
        match op {
            Op::Equal | Op::NotEqual if !list => {}
            Op::In | Op::NotIn if !single => {}
            Op::In | Op::NotIn => {
                let text = operand_text(&clause.operand);
                return self.fail(format!("Operator '{}' does not support the non-list value '\"{text}\"' for field '{name}'.", op.text()));
            }
            Op::Equal | Op::NotEqual => {
                return self.fail(format!("Operator '{}' does not support the list value for field '{name}'.", op.text()));
            }
            other => return self.unsupported(other, name),
        }
        let slot = field.slot;
        if matches!(slot, Slot::IssueKey | Slot::Parent | Slot::EpicLink | Slot::ParentLink) {
            let ids = self.values(clause, |work, text| work.visible_issue(text).map(|id| vec![id]));
            return match slot {
                Slot::IssueKey => positive_or_not(op, Pred::IdIn(ids.into_iter().collect()), Pred::Always(false)),
                _ => positive_or_not(op, Pred::Parent(ids), Pred::Empty(slot)),
            };
        }
        if slot == Slot::Labels {
            let wanted = self.values(clause, |_, text| Some(vec![text.to_lowercase()]));
            return positive_or_not(op, Pred::Labels(wanted), Pred::Empty(Slot::Labels));
        }
        if slot == Slot::StatusCategory {
            let wanted = self.values(clause, |_, text| {
                let all = [Category::New, Category::Progress, Category::Done];
                all.into_iter().find(|c| c.name().eq_ignore_ascii_case(text) || c.key() == text || c.id().to_string() == text).map(|c| vec![c])
            });
            return positive_or_not(op, Pred::StatusCategory(wanted), Pred::Always(false));
        }
        let ids = self.values(clause, |work, text| work.value_ids(slot, text, Some(field)));
        let empty = if field.is_custom() && slot != Slot::Sprint { Pred::CustomEmpty(field.number) } else { Pred::Empty(slot) };
        let pred = match slot {
            Slot::Project => Pred::Project(ids),
            Slot::IssueType => Pred::Kind(ids),
            Slot::Status => Pred::Status(ids),
            Slot::Priority => Pred::Priority(ids),
            Slot::Resolution => Pred::Resolution(ids),
            Slot::Assignee | Slot::Reporter | Slot::Creator => Pred::User(slot, ids),
            Slot::Components => Pred::Components(ids),
            Slot::FixVersions => Pred::FixVersions(ids),
            Slot::Versions => Pred::Affects(ids),
            Slot::Sprint => Pred::Sprint(ids),
            _ if field.is_custom() => Pred::CustomIds(field.number, ids),
            _ => return self.unsupported(op, name),
        };
        positive_or_not(op, pred, empty)
    }

    /// Looks every operand up; what is not found is an error.
    fn values<T>(&mut self, clause: &Clause, look: impl Fn(&mut Self, &str) -> Option<Vec<T>>) -> Vec<T> {
        let mut found = Vec::new();
        let one = std::slice::from_ref(&clause.operand);
        let operands = match &clause.operand {
            Operand::List(list) => list.as_slice(),
            _ => one,
        };
        for operand in operands {
            match operand {
                Operand::Value { text, .. } => match look(self, text) {
                    Some(values) => found.extend(values),
                    None if matches!(find_field(&clause.field, self.asker).map(|f| f.slot), Some(Slot::IssueKey | Slot::Parent | Slot::EpicLink)) => {
                        self.no_issue(text, &clause.field.text);
                    }
                    None => {
                        self.errors.push(format!("The value '{text}' does not exist for the field '{}'.", clause.field.text));
                    }
                },
                Operand::Function { name, args } => match self.function(name, args) {
                    Some(texts) => {
                        for text in texts {
                            found.extend(look(self, &text).unwrap_or_default());
                        }
                    }
                    None => self.errors.push(format!("Unable to find JQL function '{name}({})'.", args.join(", "))),
                },
                Operand::Empty => self.errors.push(format!("The field '{}' does not support EMPTY in a list here.", clause.field.text)),
                Operand::List(_) | Operand::Nothing => {}
            }
        }
        found
    }

    fn function(&mut self, name: &str, args: &[String]) -> Option<Vec<String>> {
        use crate::state::SprintState;
        let data = self.asker.data;
        let sprints = |state: SprintState| data.sprints.iter().filter(move |s| s.state == state).map(|s| s.id.to_string());
        match name.to_ascii_lowercase().as_str() {
            "currentuser" => Some(self.asker.caller.map(|c| format!("#{c}")).into_iter().collect()),
            "opensprints" => Some(sprints(SprintState::Active).collect()),
            "futuresprints" => Some(sprints(SprintState::Future).collect()),
            "closedsprints" => Some(sprints(SprintState::Closed).collect()),
            "membersof" => {
                let group = data.groups.iter().position(|g| args.first().is_some_and(|a| a.eq_ignore_ascii_case(g.name)))? as u32;
                Some(data.users.iter().enumerate().filter(|(_, u)| u.groups.contains(&group)).map(|(ix, _)| format!("#{ix}")).collect())
            }
            "releasedversions" | "unreleasedversions" => {
                let released = name.to_ascii_lowercase().starts_with("released");
                Some(data.projects.iter().flat_map(|p| &p.versions).filter(|v| v.released == released && !v.archived).map(|v| v.id.to_string()).collect())
            }
            _ => None,
        }
    }

    fn value_ids(&mut self, slot: Slot, text: &str, field: Option<&Field>) -> Option<Vec<u32>> {
        let data = self.asker.data;
        let german = self.asker.german;
        let id = text.parse::<u32>().ok();
        let same = |name: &str| name.to_lowercase() == text.to_lowercase();
        let mut ids: Vec<u32> = match slot {
            Slot::Project => data.find_project(text).or_else(|| data.projects.iter().find(|p| !p.deleted && same(&p.name))).filter(|p| self.asker.visible.contains(&p.id)).map(|p| p.id).into_iter().collect(),
            Slot::IssueType => data.types.iter().filter(|t| same(t.name) || german && same(t.german) || Some(t.id) == id).map(|t| t.id).collect(),
            Slot::Status => data.statuses.iter().filter(|s| same(s.name) || german && same(s.german) || Some(s.id) == id).map(|s| s.id).collect(),
            Slot::Priority => data.priorities.iter().filter(|p| same(p.name) || german && same(p.german) || Some(p.id) == id).map(|p| p.id).collect(),
            Slot::Resolution => {
                if same("unresolved") {
                    return Some(vec![0]);
                }
                data.resolutions.iter().filter(|r| same(r.name) || Some(r.id) == id).map(|r| r.id).collect()
            }
            Slot::Assignee | Slot::Reporter | Slot::Creator => self.users(text),
            Slot::Components => data.projects.iter().flat_map(|p| &p.components).filter(|c| same(&c.name) || Some(c.id) == id).map(|c| c.id).collect(),
            Slot::FixVersions | Slot::Versions => versions(data, text),
            Slot::Sprint => data.sprints.iter().filter(|s| same(&s.name) || Some(s.id) == id).map(|s| s.id).collect(),
            _ => self.custom_ids(field?, text),
        };
        ids.dedup();
        (!ids.is_empty()).then_some(ids)
    }

    fn custom_ids(&mut self, field: &Field, text: &str) -> Vec<u32> {
        let data = self.asker.data;
        let same = |name: &str| name.to_lowercase() == text.to_lowercase();
        let id = text.parse::<u32>().ok();
        match field.shape {
            Shape::Option | Shape::Options | Shape::Cascade => field
                .options
                .iter()
                .flat_map(|o| std::iter::once((o.id, o.value)).chain(o.children.iter().copied()))
                .filter(|(option, value)| same(value) || Some(*option) == id)
                .map(|(option, _)| option)
                .collect(),
            Shape::User | Shape::Users => self.users(text),
            Shape::Group | Shape::Groups => data.groups.iter().position(|g| same(g.name)).map(|ix| ix as u32).into_iter().collect(),
            Shape::Version | Shape::Versions => versions(data, text),
            Shape::Project => data.find_project(text).map(|p| p.id).into_iter().collect(),
            // A name silently matches nothing: only ids are compared.
            Shape::Team => vec![data.teams.iter().position(|t| t.id == text).map_or(u32::MAX, |ix| ix as u32)],
            _ => Vec::new(),
        }
    }

    fn users(&self, text: &str) -> Vec<UserIx> {
        if let Some(ix) = text.strip_prefix('#').and_then(|t| t.parse().ok()) {
            return vec![ix];
        }
        let lower = text.to_lowercase();
        let same = |u: &crate::state::User| match self.asker.face {
            Face::Cloud => u.account_id == text || u.display.to_lowercase() == lower,
            Face::DataCenter => u.name == lower || u.key == text || u.display.to_lowercase() == lower || u.email.as_deref() == Some(lower.as_str()),
        };
        self.asker.data.users.iter().enumerate().filter(|(_, u)| same(u)).map(|(ix, _)| ix as UserIx).collect()
    }
}

fn versions(data: &Data, text: &str) -> Vec<u32> {
    let id = text.parse::<u32>().ok();
    let lower = text.to_lowercase();
    data.projects.iter().flat_map(|p| &p.versions).filter(|v| v.name.to_lowercase() == lower || Some(v.id) == id).map(|v| v.id).collect()
}

impl Pred {
    fn with_day(self, at: Millis) -> Pred {
        match self {
            Pred::Due(cmp, _) => Pred::Due(cmp, days(at)),
            other => other,
        }
    }
}

/// The day of a moment, as a number.
pub(crate) fn days(at: Millis) -> i64 {
    at.div_euclid(crate::time::DAY)
}

fn positive_or_not(op: Op, pred: Pred, empty: Pred) -> Pred {
    if matches!(op, Op::NotEqual | Op::NotIn) {
        // A negative clause does not find issues in which the field is empty.
        Pred::And(vec![Pred::Not(Box::new(pred)), Pred::Not(Box::new(empty))])
    } else {
        pred
    }
}

fn is_relation(op: Op) -> bool {
    matches!(op, Op::Less | Op::LessEqual | Op::Greater | Op::GreaterEqual)
}

fn relation(op: Op) -> Cmp {
    match op {
        Op::Less => Cmp::Less,
        Op::LessEqual => Cmp::LessEqual,
        Op::Greater => Cmp::Greater,
        Op::GreaterEqual => Cmp::GreaterEqual,
        _ => Cmp::Equal,
    }
}

fn opposite(op: Op) -> Option<Op> {
    Some(match op {
        Op::Equal => Op::NotEqual,
        Op::NotEqual => Op::Equal,
        Op::Like => Op::NotLike,
        Op::NotLike => Op::Like,
        Op::Less => Op::GreaterEqual,
        Op::LessEqual => Op::Greater,
        Op::Greater => Op::LessEqual,
        Op::GreaterEqual => Op::Less,
        Op::In => Op::NotIn,
        Op::NotIn => Op::In,
        Op::Is => Op::IsNot,
        Op::IsNot => Op::Is,
        Op::Was => Op::WasNot,
        Op::WasNot => Op::Was,
        Op::WasIn => Op::WasNotIn,
        Op::WasNotIn => Op::WasIn,
        Op::Changed => return None,
    })
}

fn operand_text(operand: &Operand) -> String {
    match operand {
        Operand::Value { text, .. } => text.clone(),
        Operand::Function { name, args } => format!("{name}({})", args.join(", ")),
        Operand::List(list) => list.first().map(operand_text).unwrap_or_default(),
        Operand::Empty => "EMPTY".to_owned(),
        Operand::Nothing => String::new(),
    }
}

/// The words of a text search; a word ending in `*` finds beginnings.
fn split_words(text: &str) -> Vec<String> {
    text.to_lowercase().split(|c: char| !c.is_alphanumeric() && c != '*' && c != '_').filter(|w| !w.is_empty()).map(str::to_owned).collect()
}
