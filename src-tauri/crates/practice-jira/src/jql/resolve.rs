//! Checks a parsed query against the site and turns names into ids, once, so that the evaluation is only comparisons.

use std::collections::BTreeSet;

use jiff::tz::TimeZone;

use super::order::{SortKey, sort_keys};
pub(crate) use super::pred::{Cmp, Pred, Where};
use super::{Clause, Name, Node, Op, Operand, Query};
use crate::config::Face;
use crate::state::{Category, Data, Field, Shape, Slot, UserIx};
use crate::time::Millis;

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
    /// Issues that the caller may not see although their projects are visible.
    pub hidden: &'a BTreeSet<u64>,
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
    let mut work = Work {
        asker,
        errors: Vec::new(),
        relative: false,
    };
    let pred = match &query.filter {
        Some(node) => work.node(node, false),
        None => Pred::Always(true),
    };
    let order = sort_keys(&query.order, asker, &mut work.errors);
    let mut seen = BTreeSet::new();
    work.errors.retain(|e| seen.insert(e.clone()));
    Resolved {
        pred,
        order,
        errors: work.errors,
        relative: work.relative,
    }
}

/// The field that a clause name means; the second value says how often custom fields carry that name.
pub(crate) fn find_field<'a>(name: &Name, asker: &Asker<'a>) -> Option<&'a Field> {
    if let Some(number) = name.cf {
        return asker.data.fields.iter().find(|f| f.number == number);
    }
    let text = name.text.to_lowercase();
    let system = asker
        .data
        .fields
        .iter()
        .find(|f| f.clauses.iter().any(|c| c.eq_ignore_ascii_case(&text)));
    system.or_else(|| {
        let same = |f: &&Field| {
            f.is_custom()
                && (f.name.to_lowercase() == text
                    || asker.german && f.german.to_lowercase() == text
                    || f.id == text)
        };
        asker.data.fields.iter().find(same)
    })
}

pub(super) struct Work<'a, 'b> {
    pub(super) asker: &'b Asker<'a>,
    pub(super) errors: Vec<String>,
    pub(super) relative: bool,
}

impl<'a> Work<'a, '_> {
    fn node(&mut self, node: &Node, negate: bool) -> Pred {
        match node {
            // Negation is carried down to the clauses, as Jira does: NOT (a = b) means a != b, and leaves out empty ones.
            Node::Not(inner) => self.node(inner, !negate),
            Node::And(list) | Node::Or(list) => {
                let parts: Vec<Pred> = list.iter().map(|n| self.node(n, negate)).collect();
                if matches!(node, Node::And(_)) != negate {
                    Pred::And(parts)
                } else {
                    Pred::Or(parts)
                }
            }
            Node::Clause(clause) => self.clause(clause, negate),
        }
    }

    pub(super) fn fail(&mut self, text: String) -> Pred {
        self.errors.push(text);
        Pred::Always(false)
    }

    fn clause(&mut self, clause: &Clause, negate: bool) -> Pred {
        let name = clause.field.text.as_str();
        let free = ["text", "comment"]
            .iter()
            .any(|n| name.eq_ignore_ascii_case(n))
            || name.eq_ignore_ascii_case("textfields");
        if free {
            let place = if name.eq_ignore_ascii_case("comment") {
                Where::Comment
            } else {
                Where::Everywhere
            };
            return self.words(clause, negate, place);
        }
        let Some(field) = find_field(&clause.field, self.asker)
            .filter(|f| f.searchable && self.asker.caller.is_some())
        else {
            return self.fail(format!(
                "Field '{name}' does not exist or you do not have permission to view it."
            ));
        };
        let op = if negate {
            opposite(clause.op)
        } else {
            Some(clause.op)
        };
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
            Slot::Created | Slot::Updated | Slot::ResolutionDate => self.moment(
                clause,
                op,
                |cmp, at| Pred::Moment(field.slot, cmp, at),
                name,
            ),
            Slot::DueDate => {
                self.moment(clause, op, |cmp, at| Pred::Due(cmp, 0).with_day(at), name)
            }
            Slot::IssueKey if is_relation(op) => self.id_order(clause, op),
            Slot::Priority if is_relation(op) => self.priority_order(clause, op),
            Slot::Custom | Slot::Flagged | Slot::EpicName => self.custom(clause, op, field, negate),
            _ => self.set(clause, op, field),
        }
    }

    pub(super) fn unsupported(&mut self, op: Op, name: &str) -> Pred {
        self.fail(format!(
            "The operator '{}' is not supported by the '{name}' field.",
            op.text()
        ))
    }

    fn emptiness(&mut self, clause: &Clause, op: Op, field: &Field) -> Pred {
        let name = &clause.field.text;
        if clause.operand != Operand::Empty {
            return self.fail(format!("Operator '{}' does not support the value for field '{name}'; only EMPTY and NULL are allowed.", op.text()));
        }
        let never_empty = matches!(
            field.slot,
            Slot::Project | Slot::IssueType | Slot::Status | Slot::IssueKey
        );
        if never_empty {
            return self.fail(format!(
                "The field '{name}' does not support searching for EMPTY values."
            ));
        }
        let pred = if field.is_custom()
            && !matches!(field.slot, Slot::Sprint | Slot::EpicLink | Slot::ParentLink)
        {
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
        let op = if negate {
            opposite(clause.op).unwrap_or(clause.op)
        } else {
            clause.op
        };
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
            return self.fail(format!(
                "The operator '{}' needs a text for the field '{}'.",
                op.text(),
                clause.field.text
            ));
        };
        let pred = Pred::Words(place, split_words(text));
        if op == Op::NotLike {
            Pred::Not(Box::new(pred))
        } else {
            pred
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
        let hidden = self.asker.hidden.contains(&id);
        (!hidden && self.asker.visible.contains(&issue.project)).then_some(id)
    }

    fn no_issue(&mut self, text: &str, name: &str) -> Pred {
        if text.parse::<u64>().is_ok() {
            self.fail(format!(
                "A value with ID '{text}' does not exist for the field '{name}'."
            ))
        } else {
            self.fail(format!(
                "An issue with key '{text}' does not exist for field '{name}'."
            ))
        }
    }

    fn priority_order(&mut self, clause: &Clause, op: Op) -> Pred {
        let text = operand_text(&clause.operand);
        match self.value_ids(Slot::Priority, &text, None) {
            Some(ids) if !ids.is_empty() => Pred::PriorityOrder(relation(op), ids[0]),
            _ => self.fail(format!(
                "The value '{text}' does not exist for the field '{}'.",
                clause.field.text
            )),
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
                    Op::NotEqual => Pred::And(vec![
                        Pred::Not(Box::new(Pred::CustomEmpty(number))),
                        Pred::Not(Box::new(Pred::CustomNumber(number, Cmp::Equal, value))),
                    ]),
                    Op::Equal => Pred::CustomNumber(number, Cmp::Equal, value),
                    op if is_relation(op) => Pred::CustomNumber(number, relation(op), value),
                    other => self.unsupported(other, &clause.field.text),
                }
            }
            Shape::Date => self.moment(
                clause,
                op,
                |cmp, at| Pred::CustomDay(number, cmp, days(at)),
                &clause.field.text,
            ),
            Shape::DateTime => self.moment(
                clause,
                op,
                |cmp, at| Pred::CustomMoment(number, cmp, at),
                &clause.field.text,
            ),
            Shape::Text | Shape::RichText => {
                let op = if negate {
                    opposite(clause.op).unwrap_or(op)
                } else {
                    clause.op
                };
                match (op, &clause.operand) {
                    (Op::Like, Operand::Value { text, .. }) => {
                        Pred::CustomWords(number, split_words(text))
                    }
                    (Op::NotLike, Operand::Value { text, .. }) => {
                        Pred::Not(Box::new(Pred::CustomWords(number, split_words(text))))
                    }
                    (other, _) => self.unsupported(other, &clause.field.text),
                }
            }
            Shape::Labels => {
                let wanted = self.values(clause, |_, text| Some(vec![text.to_owned()]));
                positive_or_not(
                    op,
                    Pred::CustomWords(number, wanted),
                    Pred::CustomEmpty(number),
                )
            }
            _ => self.set(clause, op, field),
        }
    }

    /// Fields whose values are things with ids.
    fn set(&mut self, clause: &Clause, op: Op, field: &'a Field) -> Pred {
        let name = &clause.field.text;
        if matches!(
            op,
            Op::Was | Op::WasNot | Op::WasIn | Op::WasNotIn | Op::Changed
        ) {
            if field.slot != Slot::Status {
                return self.fail(format!(
                    "History searches do not support the '{name}' field."
                ));
            }
            let ids = self.values(clause, |work, text| {
                work.value_ids(Slot::Status, text, None)
            });
            let pred = Pred::StatusWas(ids);
            return if matches!(op, Op::WasNot | Op::WasNotIn) {
                Pred::Not(Box::new(pred))
            } else {
                pred
            };
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
                return self.fail(format!(
                    "Operator '{}' does not support the list value for field '{name}'.",
                    op.text()
                ));
            }
            other => return self.unsupported(other, name),
        }
        let slot = field.slot;
        if matches!(
            slot,
            Slot::IssueKey | Slot::Parent | Slot::EpicLink | Slot::ParentLink
        ) {
            let ids = self.values(clause, |work, text| {
                work.visible_issue(text).map(|id| vec![id])
            });
            return match slot {
                Slot::IssueKey => positive_or_not(
                    op,
                    Pred::IdIn(ids.into_iter().collect()),
                    Pred::Always(false),
                ),
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
                all.into_iter()
                    .find(|c| {
                        c.name().eq_ignore_ascii_case(text)
                            || c.key() == text
                            || c.id().to_string() == text
                    })
                    .map(|c| vec![c])
            });
            return positive_or_not(op, Pred::StatusCategory(wanted), Pred::Always(false));
        }
        let ids = self.values(clause, |work, text| work.value_ids(slot, text, Some(field)));
        let empty = if field.is_custom() && slot != Slot::Sprint {
            Pred::CustomEmpty(field.number)
        } else {
            Pred::Empty(slot)
        };
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
    fn values<T>(
        &mut self,
        clause: &Clause,
        look: impl Fn(&mut Self, &str) -> Option<Vec<T>>,
    ) -> Vec<T> {
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
                    None if matches!(
                        find_field(&clause.field, self.asker).map(|f| f.slot),
                        Some(Slot::IssueKey | Slot::Parent | Slot::EpicLink)
                    ) =>
                    {
                        self.no_issue(text, &clause.field.text);
                    }
                    None => {
                        self.errors.push(format!(
                            "The value '{text}' does not exist for the field '{}'.",
                            clause.field.text
                        ));
                    }
                },
                Operand::Function { name, args } => match self.function(name, args) {
                    Some(texts) => {
                        for text in texts {
                            found.extend(look(self, &text).unwrap_or_default());
                        }
                    }
                    None => self.errors.push(format!(
                        "Unable to find JQL function '{name}({})'.",
                        args.join(", ")
                    )),
                },
                Operand::Empty => self.errors.push(format!(
                    "The field '{}' does not support EMPTY in a list here.",
                    clause.field.text
                )),
                Operand::List(_) | Operand::Nothing => {}
            }
        }
        found
    }
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
    matches!(
        op,
        Op::Less | Op::LessEqual | Op::Greater | Op::GreaterEqual
    )
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

pub(super) fn operand_text(operand: &Operand) -> String {
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
    text.to_lowercase()
        .split(|c: char| !c.is_alphanumeric() && c != '*' && c != '_')
        .filter(|w| !w.is_empty())
        .map(str::to_owned)
        .collect()
}
