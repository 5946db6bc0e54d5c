//! A remote's value in the workspace's terms.
//!
//! Converting never writes anything: what the workspace lacks (a choice, a person) comes back as a
//! [`Want`]. The caller records it and converts again.

use crate::mapping::FieldPair;
use crate::remote::{Choice, IssueLink, RemoteField, RemotePerson, RemoteValue, Role};
use jiff::Timestamp;
use jiff::civil::Date;
use workspace::value::Reference;
use workspace::{Field, FieldKey, ItemId, Kind, OptionId, PersonId, RichFormat, RichText, Value};

/// What the workspace already knows of the remote's people, choices and issues, and what the remote calls ours.
pub trait Lookup {
    /// The choice that was made from a choice of the remote.
    fn option(&self, field: FieldKey, remote_option: &str) -> Option<OptionId>;

    /// The choice of this name, case aside.
    fn option_by_name(&self, field: FieldKey, name: &str) -> Option<OptionId>;

    /// The person whom the remote knows by this id.
    fn person(&self, remote_person: &str) -> Option<PersonId>;

    /// The item that an issue is linked to.
    fn item(&self, remote_issue: &str) -> Option<ItemId>;

    /// Whether everything that the remote says of a choice is noted already: which one it is here, what it
    /// is called, its days.
    fn is_choice_noted(&self, _field: FieldKey, _choice: &Choice) -> bool {
        true
    }

    /// Whether everything that the remote says of a person whom we know is noted already.
    fn is_person_noted(&self, _person: &RemotePerson) -> bool {
        true
    }

    /// The remote's choice that one of ours stands for.
    fn remote_option(&self, _field: FieldKey, _option: OptionId) -> Option<String> {
        None
    }

    /// What a choice is called here.
    fn option_name(&self, _option: OptionId) -> Option<String> {
        None
    }

    /// The remote's id of a person.
    fn remote_person(&self, _person: PersonId) -> Option<String> {
        None
    }

    /// Id of the issue that an item is linked to.
    fn remote_issue(&self, _item: ItemId) -> Option<String> {
        None
    }

    /// The day of a moment, where the account lives.
    fn day_of(&self, moment: Timestamp) -> Date {
        jiff::tz::TimeZone::UTC.to_datetime(moment).date()
    }
}

/// A converted value, and what stood in its way.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Converted {
    /// The value as far as it can be said now.
    pub value: Value,
    /// What is to be recorded first, for the value to be whole.
    pub wants: Vec<Want>,
    /// What is known but was called otherwise, or known by its name alone. The value is whole without it.
    pub news: Vec<Want>,
    /// What was left out, and stays left out until the mapping changes.
    pub notes: Vec<Note>,
}

impl Converted {
    /// Whether a choice or a person has to be recorded before the value is whole. Items are not waited
    /// for: the other end of a link may never be imported.
    #[must_use]
    pub fn is_pending(&self) -> bool {
        self.wants
            .iter()
            .any(|want| !matches!(want, Want::Item { .. }))
    }
}

/// Something that the workspace lacks and a value asks for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Want {
    /// A choice of a field whose choices grow.
    Option {
        /// The field.
        field: FieldKey,
        /// The remote's choice.
        choice: Choice,
    },
    /// A person met for the first time.
    Person(RemotePerson),
    /// The item at the other end of a dependency, which is not here (yet).
    Item {
        /// The field that holds the dependency.
        field: FieldKey,
        /// What the link says.
        link: IssueLink,
    },
}

/// Something that a conversion left out.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Note {
    /// A choice without a counterpart, of a field that takes no new ones by itself.
    Unmapped {
        /// The field.
        field: FieldKey,
        /// The remote's choice.
        choice: Choice,
    },
    /// A value that cannot be read into this kind of field.
    Unreadable {
        /// The field.
        field: FieldKey,
    },
}

/// Converts what an issue holds in `remote` into a value of `field`.
///
/// Total: a value that does not fit the field's kind is nothing, with a [`Note::Unreadable`]. Of several
/// sprints the current one counts: the last that is not closed, else the last of all.
#[must_use]
pub fn to_workspace(
    field: &Field,
    pair: &FieldPair,
    remote: &RemoteField,
    value: &RemoteValue,
    lookup: &dyn Lookup,
) -> Converted {
    let reader = Reader {
        field,
        pair,
        lookup,
    };
    match (field.kind, value) {
        // A box that nobody ticked is a no: a remote keeps no third answer.
        (Kind::Checkbox, RemoteValue::None) => Value::Bool(false).into(),
        (_, RemoteValue::None) => Value::None.into(),
        (Kind::Text, value) => reader.words(value, " "),
        (Kind::LongText, value) => reader.words(value, "\n"),
        (Kind::RichText, value) => reader.rich(value),
        // Nobody writes into a formula; the number is read to see whether the remote has it yet.
        (Kind::Number | Kind::Formula, RemoteValue::Number(number)) => match remote.role {
            Some(Role::OriginalEstimate) => Value::number(number / 3600.0).into(),
            _ => Value::number(*number).into(),
        },
        (Kind::Date, RemoteValue::Date(day)) => Value::Date(*day).into(),
        (Kind::Date, RemoteValue::DateTime(moment)) => Value::Date(lookup.day_of(*moment)).into(),
        (Kind::SingleSelect, RemoteValue::Choices(choices)) => {
            let mut converted = reader.options(counting(choices).into_iter());
            // A sprint that is over is followed as well, where it is known from when it counted.
            converted.news = choices
                .iter()
                .filter_map(|choice| reader.news(choice))
                .collect();
            converted
        }
        (Kind::MultiSelect | Kind::Timeframe, RemoteValue::Choices(choices)) => {
            reader.options(choices.iter())
        }
        (Kind::MultiSelect, RemoteValue::Labels(words)) => reader.options(
            words
                .iter()
                .map(|word| as_choice(word))
                .collect::<Vec<_>>()
                .iter(),
        ),
        (Kind::Link, RemoteValue::Link(text) | RemoteValue::Text(text)) => reader.address(text),
        (Kind::Checkbox, RemoteValue::Choices(choices)) => Value::Bool(!choices.is_empty()).into(),
        (Kind::Person, RemoteValue::People(people)) => reader.person(people),
        (Kind::Labels, RemoteValue::Labels(words)) => Value::labels(words).into(),
        (Kind::Labels, RemoteValue::Choices(choices)) => {
            Value::labels(choices.iter().map(name)).into()
        }
        (Kind::Dependencies, RemoteValue::Links(links)) => reader.references(links),
        (
            Kind::Number
            | Kind::Date
            | Kind::SingleSelect
            | Kind::MultiSelect
            | Kind::Timeframe
            | Kind::Link
            | Kind::Checkbox
            | Kind::Person
            | Kind::Labels
            | Kind::Formula
            | Kind::Dependencies,
            _,
        ) => reader.unreadable(),
    }
}

impl From<Value> for Converted {
    fn from(value: Value) -> Self {
        Self {
            value,
            ..Self::default()
        }
    }
}

struct Reader<'a> {
    field: &'a Field,
    pair: &'a FieldPair,
    lookup: &'a dyn Lookup,
}

impl Reader<'_> {
    fn unreadable(&self) -> Converted {
        Converted {
            notes: vec![Note::Unreadable {
                field: self.field.key,
            }],
            ..Converted::default()
        }
    }

    fn words(&self, value: &RemoteValue, line_break: &str) -> Converted {
        let words = match value {
            RemoteValue::None => return Value::None.into(),
            RemoteValue::Text(text) | RemoteValue::Link(text) => text.clone(),
            RemoteValue::RichText(rich) => rich.plain.clone(),
            RemoteValue::Number(number) => number.to_string(),
            RemoteValue::Date(day) => day.to_string(),
            RemoteValue::DateTime(moment) => moment.to_string(),
            RemoteValue::Choices(choices) => list(choices.iter().map(name)),
            RemoteValue::People(people) => list(people.iter().map(person_name)),
            RemoteValue::Labels(words) => list(words.iter().map(String::as_str)),
            RemoteValue::Links(_) => return self.unreadable(),
        };
        if line_break == "\n" {
            return Value::text(&words).into();
        }
        let lines: Vec<&str> = words.lines().map(str::trim).collect();
        Value::text(lines.join(line_break).trim()).into()
    }

    fn rich(&self, value: &RemoteValue) -> Converted {
        match value {
            RemoteValue::RichText(rich) if rich.source.trim().is_empty() => Value::None.into(),
            RemoteValue::RichText(rich) => Value::RichText(rich.clone()).into(),
            RemoteValue::Text(text) | RemoteValue::Link(text) => match Value::text(text) {
                Value::Text(plain) => Value::RichText(RichText {
                    format: RichFormat::Plain,
                    source: plain.clone(),
                    plain,
                })
                .into(),
                _ => Value::None.into(),
            },
            _ => self.unreadable(),
        }
    }

    fn options<'c>(&self, choices: impl Iterator<Item = &'c Choice>) -> Converted {
        let mut converted = Converted::default();
        let mut found = Vec::new();
        for choice in choices {
            match self.option(choice) {
                Some(option) => {
                    found.push(option);
                    converted.news.extend(self.news(choice));
                }
                None if self.field.choices_grow() => converted.wants.push(Want::Option {
                    field: self.field.key,
                    choice: choice.clone(),
                }),
                None => converted.notes.push(Note::Unmapped {
                    field: self.field.key,
                    choice: choice.clone(),
                }),
            }
        }
        converted.value = Value::options(found);
        converted
    }

    /// What the mapping says, then what was made from this very choice, then what has its name.
    fn option(&self, choice: &Choice) -> Option<OptionId> {
        let key = self.field.key;
        self.pair
            .values
            .iter()
            .find(|value| value.remote_option == choice.id)
            .map(|value| value.option)
            .or_else(|| self.lookup.option(key, &choice.id))
            .or_else(|| self.lookup.option_by_name(key, name(choice)))
    }

    /// What is to be noted of a choice that has become one of ours, or will be taken for one by its name.
    /// Choices that a mapping names, and those of fields that take no new ones, are a person's to name.
    fn news(&self, choice: &Choice) -> Option<Want> {
        let key = self.field.key;
        let follows = self.field.choices_grow()
            && !self
                .pair
                .values
                .iter()
                .any(|value| value.remote_option == choice.id);
        (follows && !self.lookup.is_choice_noted(key, choice) && self.option(choice).is_some())
            .then(|| Want::Option {
                field: key,
                choice: choice.clone(),
            })
    }

    fn address(&self, text: &str) -> Converted {
        let text = text.trim();
        let address = ["http://", "https://"].iter().any(|scheme| {
            text.get(..scheme.len())
                .is_some_and(|start| start.eq_ignore_ascii_case(scheme))
        });
        match (text.is_empty(), address) {
            (true, _) => Value::None.into(),
            (false, true) => Value::Link(text.to_owned()).into(),
            (false, false) => self.unreadable(),
        }
    }

    fn person(&self, people: &[RemotePerson]) -> Converted {
        let Some(person) = people.first() else {
            return Value::None.into();
        };
        match self.lookup.person(&person.id) {
            Some(known) => Converted {
                value: Value::people([known]),
                news: (!self.lookup.is_person_noted(person))
                    .then(|| Want::Person(person.clone()))
                    .into_iter()
                    .collect(),
                ..Converted::default()
            },
            None => Converted {
                wants: vec![Want::Person(person.clone())],
                ..Converted::default()
            },
        }
    }

    fn references(&self, links: &[IssueLink]) -> Converted {
        let mut converted = Converted::default();
        let mut found = Vec::new();
        for link in links {
            match self.lookup.item(&link.issue) {
                Some(item) => found.push(Reference {
                    item,
                    relation: link.relation,
                }),
                None => converted.wants.push(Want::Item {
                    field: self.field.key,
                    link: link.clone(),
                }),
            }
        }
        converted.value = Value::references(found);
        converted
    }
}

/// Of several choices the one that counts: the current sprint, the last one closed, else the first.
fn counting(choices: &[Choice]) -> Option<&Choice> {
    if choices.iter().all(|choice| choice.closed.is_none()) {
        return choices.first();
    }
    choices
        .iter()
        .rfind(|choice| choice.closed != Some(true))
        .or_else(|| choices.iter().max_by_key(|choice| choice.ends_on))
}

fn as_choice(word: &str) -> Choice {
    Choice {
        id: word.to_owned(),
        name: word.to_owned(),
        ..Choice::default()
    }
}

/// A choice's name; where the remote hides it, its id.
fn name(choice: &Choice) -> &str {
    if choice.name.trim().is_empty() {
        &choice.id
    } else {
        &choice.name
    }
}

fn person_name(person: &RemotePerson) -> &str {
    if person.name.trim().is_empty() {
        &person.id
    } else {
        &person.name
    }
}

fn list<'a>(names: impl Iterator<Item = &'a str>) -> String {
    names.collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests;
