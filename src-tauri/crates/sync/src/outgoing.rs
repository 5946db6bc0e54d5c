//! A value of the workspace in the remote's terms: the way back of [`crate::convert`].
//!
//! Some values lose something on the way: a label its blanks, a text its line breaks. What comes back of them is
//! then not what stands here, and comparing the two would send it for ever. So a value is compared as the remote
//! would tell it: [`through`].

use crate::convert::{Lookup, to_workspace};
use crate::mapping::FieldPair;
use crate::remote::{Choice, IssueLink, RemoteField, RemoteKind, RemotePerson, RemoteValue, Role};
use workspace::value::Reference;
use workspace::{Field, ItemId, Kind, OptionId, PersonId, RichFormat, RichText, Value};

/// Why a value cannot be said there.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Unsayable {
    /// A choice that the remote does not have; its name here.
    NoChoice {
        /// The choice.
        option: OptionId,
        /// What it is called here.
        name: String,
    },
    /// A person whom the remote does not know.
    NoPerson(PersonId),
    /// An item without an issue.
    NoIssue(ItemId),
    /// The pair is never written.
    OneWay,
}

/// A value in the remote's terms.
///
/// # Errors
/// Everything that is in its way, so that it can be told at once.
pub fn to_remote(
    field: &Field,
    pair: &FieldPair,
    remote: &RemoteField,
    value: &Value,
    lookup: &dyn Lookup,
) -> Result<RemoteValue, Vec<Unsayable>> {
    let writer = Writer {
        field,
        pair,
        remote,
        lookup,
    };
    match (value, &remote.kind) {
        (Value::None, RemoteKind::Unsupported(_)) => one_way(),
        (Value::None, _) => Ok(RemoteValue::None),
        (Value::Text(text), RemoteKind::Text) => Ok(RemoteValue::Text(line(text))),
        (Value::Text(text), RemoteKind::LongText) => Ok(RemoteValue::Text(text.clone())),
        (Value::Text(text), RemoteKind::RichText) => Ok(RemoteValue::RichText(RichText {
            format: RichFormat::Plain,
            source: text.clone(),
            plain: without_empty_lines(text),
        })),
        (Value::RichText(rich), RemoteKind::RichText) => Ok(RemoteValue::RichText(rich.clone())),
        (Value::RichText(rich), RemoteKind::LongText) => Ok(RemoteValue::Text(rich.plain.clone())),
        (Value::Number(number), RemoteKind::Number) => Ok(RemoteValue::Number(match remote.role {
            Some(Role::OriginalEstimate) => (number * 3600.0).round(),
            _ => *number,
        })),
        (Value::Date(day), RemoteKind::Date) => Ok(RemoteValue::Date(*day)),
        (Value::Link(address), RemoteKind::Link) => Ok(RemoteValue::Link(address.clone())),
        (Value::Link(address), RemoteKind::Text) => Ok(RemoteValue::Text(address.clone())),
        (Value::Bool(yes), RemoteKind::SingleSelect | RemoteKind::MultiSelect) => writer.tick(*yes),
        (Value::Labels(words), RemoteKind::Labels) => Ok(RemoteValue::Labels(
            words.iter().map(|word| label(word)).collect(),
        )),
        (Value::Options(options), kind) => writer.options(options, kind),
        (Value::People(people), RemoteKind::Person) => writer.person(people),
        (Value::References(references), RemoteKind::IssueLinks) => writer.links(references),
        _ => one_way(),
    }
}

/// A value as it would be read back from the remote: what it is compared as. A value that cannot be said there is
/// compared as it is.
#[must_use]
pub fn through(
    field: &Field,
    pair: &FieldPair,
    remote: &RemoteField,
    value: &Value,
    lookup: &dyn Lookup,
) -> Value {
    if !loses(field.kind, &remote.kind) {
        return value.clone();
    }
    match to_remote(field, pair, remote, value, lookup) {
        Ok(told) => {
            let back = to_workspace(field, pair, remote, &told, lookup);
            // What would come back is nothing that is known here: there is nothing better to compare than the value.
            if back.wants.is_empty() && back.notes.is_empty() {
                back.value
            } else {
                value.clone()
            }
        }
        Err(_) => value.clone(),
    }
}

/// Whether a value of these kinds may come back otherwise than it went.
fn loses(here: Kind, there: &RemoteKind) -> bool {
    matches!(
        (here, there),
        (
            Kind::Text | Kind::LongText,
            RemoteKind::Text | RemoteKind::RichText
        ) | (Kind::RichText, RemoteKind::LongText)
            | (Kind::Labels | Kind::MultiSelect, RemoteKind::Labels)
            | (
                Kind::MultiSelect | Kind::Timeframe,
                RemoteKind::SingleSelect | RemoteKind::Version | RemoteKind::Team
            )
    )
}

/// Words in one line, as they are read back: blanks between words stay as they are.
fn line(text: &str) -> String {
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    lines.join(" ").trim().to_owned()
}

/// Words as they are read back from a text with structure: an empty line parts paragraphs and is none itself.
fn without_empty_lines(text: &str) -> String {
    let lines = text.lines().map(str::trim_end);
    let lines: Vec<&str> = lines.filter(|line| !line.is_empty()).collect();
    lines.join("\n")
}

/// A word as labels of the remote are written: without blanks.
fn label(word: &str) -> String {
    word.split_whitespace().collect::<Vec<_>>().join("_")
}

fn one_way() -> Result<RemoteValue, Vec<Unsayable>> {
    Err(vec![Unsayable::OneWay])
}

struct Writer<'a> {
    field: &'a Field,
    pair: &'a FieldPair,
    remote: &'a RemoteField,
    lookup: &'a dyn Lookup,
}

impl Writer<'_> {
    fn options(
        &self,
        options: &[OptionId],
        kind: &RemoteKind,
    ) -> Result<RemoteValue, Vec<Unsayable>> {
        if *kind == RemoteKind::Labels {
            let words = options.iter().filter_map(|id| self.lookup.option_name(*id));
            return Ok(RemoteValue::Labels(
                words.map(|word| label(&word)).collect(),
            ));
        }
        let one = matches!(
            kind,
            RemoteKind::SingleSelect | RemoteKind::Version | RemoteKind::Team | RemoteKind::Sprint
        );
        let many = matches!(
            kind,
            RemoteKind::MultiSelect | RemoteKind::Versions | RemoteKind::Components
        );
        if !one && !many {
            return one_way();
        }
        let wanted = if one {
            &options[..options.len().min(1)]
        } else {
            options
        };
        let (mut choices, mut missing) = (Vec::new(), Vec::new());
        for option in wanted {
            match self.choice(*option) {
                Some(choice) => choices.push(choice),
                None => missing.push(Unsayable::NoChoice {
                    option: *option,
                    name: self.lookup.option_name(*option).unwrap_or_default(),
                }),
            }
        }
        if missing.is_empty() {
            Ok(RemoteValue::Choices(choices))
        } else {
            Err(missing)
        }
    }

    /// What the mapping says, then what the choice was made from, if this project has that, then what has its name there.
    /// Projects of one site may each have one of the same name, which is one choice here.
    fn choice(&self, option: OptionId) -> Option<Choice> {
        let name = self.lookup.option_name(option).unwrap_or_default();
        let mapped = self.pair.values.iter().find(|value| value.option == option);
        let known = self.lookup.remote_option(self.field.key, option);
        let listed = |id: &String| {
            let mut options = self.remote.options.iter();
            options.any(|option| option.id == *id)
        };
        let id = mapped
            .map(|value| value.remote_option.clone())
            .or_else(|| known.clone().filter(listed))
            .or_else(|| {
                let same = |known: &&crate::remote::RemoteOption| {
                    !known.disabled && known.name.trim().eq_ignore_ascii_case(name.trim())
                };
                self.remote
                    .options
                    .iter()
                    .find(same)
                    .map(|known| known.id.clone())
            })
            // It may be newer than the list.
            .or(known)?;
        Some(Choice {
            id,
            name,
            ..Choice::default()
        })
    }

    /// A yes is the only choice there is.
    fn tick(&self, yes: bool) -> Result<RemoteValue, Vec<Unsayable>> {
        if !yes {
            return Ok(RemoteValue::None);
        }
        let mut open = self.remote.options.iter().filter(|option| !option.disabled);
        match (open.next(), open.next()) {
            (Some(only), None) => Ok(RemoteValue::Choices(vec![Choice {
                id: only.id.clone(),
                name: only.name.clone(),
                ..Choice::default()
            }])),
            _ => one_way(),
        }
    }

    fn person(&self, people: &[PersonId]) -> Result<RemoteValue, Vec<Unsayable>> {
        let Some(person) = people.first() else {
            return Ok(RemoteValue::None);
        };
        let id = self.lookup.remote_person(*person);
        let id = id.ok_or_else(|| vec![Unsayable::NoPerson(*person)])?;
        Ok(RemoteValue::People(vec![RemotePerson {
            id,
            name: String::new(),
            email: None,
        }]))
    }

    fn links(&self, references: &[Reference]) -> Result<RemoteValue, Vec<Unsayable>> {
        let (mut links, mut missing) = (Vec::new(), Vec::new());
        for reference in references {
            match self.lookup.remote_issue(reference.item) {
                Some(issue) => links.push(IssueLink {
                    relation: reference.relation,
                    issue,
                }),
                None => missing.push(Unsayable::NoIssue(reference.item)),
            }
        }
        if missing.is_empty() {
            Ok(RemoteValue::Links(links))
        } else {
            Err(missing)
        }
    }
}

#[cfg(test)]
mod tests;
