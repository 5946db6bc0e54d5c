//! The one canonical value. Everything behind the mapping (compare, merge, show, log) works on it.

use crate::id::{ItemId, OptionId, PersonId};
use jiff::civil::Date;

/// What a field of an item holds.
///
/// Build values through the constructors where there is one: they bring them into canonical form, so
/// that `==` compares meaning and not accident.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Value {
    /// Nothing.
    #[default]
    None,
    /// One line, or several, of plain text.
    Text(String),
    /// Text with headings, lists, tables; the original is kept to the letter.
    RichText(RichText),
    /// A finite number.
    Number(f64),
    /// A day.
    Date(Date),
    /// Choices, in ascending order of identity, none twice.
    Options(Vec<OptionId>),
    /// People, in ascending order of identity, none twice.
    People(Vec<PersonId>),
    /// Words, sorted, none twice, none empty.
    Labels(Vec<String>),
    /// Other items, with what they are to this one.
    References(Vec<Reference>),
    /// Yes or no.
    Bool(bool),
    /// A web address.
    Link(String),
}

/// Text with structure, as the remote wrote it. Nodes that we do not know survive, because the source
/// is never rebuilt from what we understood of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RichText {
    /// The notation that `source` is in.
    pub format: RichFormat,
    /// The original, to the letter.
    pub source: String,
    /// Readable words without notation, for search and for showing differences.
    pub plain: String,
}

/// Notation of rich text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RichFormat {
    /// Atlassian Document Format: JSON, on Jira Cloud.
    Adf,
    /// Wiki markup, on Jira Server and Data Center.
    Wiki,
    /// Plain words.
    Plain,
}

/// A dependency on another item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Reference {
    /// The other item.
    pub item: ItemId,
    /// What this item is to the other one.
    pub relation: Relation,
}

/// What one item is to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Relation {
    /// The other one has to wait for this one.
    Blocks,
    /// This one has to wait for the other one.
    BlockedBy,
    /// They have to do with each other.
    RelatesTo,
    /// This one is part of the other one.
    PartOf,
}

impl Relation {
    /// What the other one is to this one; none where an item does not say that of itself.
    #[must_use]
    pub fn reverse(self) -> Option<Self> {
        match self {
            Self::Blocks => Some(Self::BlockedBy),
            Self::BlockedBy => Some(Self::Blocks),
            Self::RelatesTo => Some(Self::RelatesTo),
            Self::PartOf => None,
        }
    }
}

impl Value {
    /// Text; an empty one is nothing. Line ends become `\n`.
    #[must_use]
    pub fn text(text: &str) -> Self {
        let text = text.replace("\r\n", "\n");
        if text.trim().is_empty() {
            Self::None
        } else {
            Self::Text(text)
        }
    }

    /// A number; one that is not finite is nothing, and minus zero is zero.
    #[must_use]
    pub fn number(number: f64) -> Self {
        if number.is_finite() {
            Self::Number(number + 0.0)
        } else {
            Self::None
        }
    }

    /// Choices; none at all is nothing.
    #[must_use]
    pub fn options(options: impl IntoIterator<Item = OptionId>) -> Self {
        sorted(options).map_or(Self::None, Self::Options)
    }

    /// People; none at all is nothing.
    #[must_use]
    pub fn people(people: impl IntoIterator<Item = PersonId>) -> Self {
        sorted(people).map_or(Self::None, Self::People)
    }

    /// Words, blanks around them cut; none at all is nothing.
    #[must_use]
    pub fn labels<S: AsRef<str>>(labels: impl IntoIterator<Item = S>) -> Self {
        let words = labels
            .into_iter()
            .map(|label| label.as_ref().trim().to_owned())
            .filter(|label| !label.is_empty());
        sorted(words).map_or(Self::None, Self::Labels)
    }

    /// Dependencies; none at all is nothing.
    #[must_use]
    pub fn references(references: impl IntoIterator<Item = Reference>) -> Self {
        sorted(references).map_or(Self::None, Self::References)
    }

    /// That something is part of an item; of none is nothing.
    #[must_use]
    pub fn part_of(parent: Option<ItemId>) -> Self {
        let relation = Relation::PartOf;
        Self::references(parent.map(|item| Reference { item, relation }))
    }

    /// The item that [`Value::part_of`] names.
    #[must_use]
    pub fn parent(&self) -> Option<ItemId> {
        match self {
            Self::References(list) => {
                let mut list = list.iter();
                let found = list.find(|reference| reference.relation == Relation::PartOf)?;
                Some(found.item)
            }
            _ => None,
        }
    }

    /// Whether it holds nothing.
    #[must_use]
    pub fn is_none(&self) -> bool {
        *self == Self::None
    }

    /// Whether everything that another value says is in this one: the same value, or a list with at least the same
    /// entries. Nothing is in every value.
    #[must_use]
    pub fn holds(&self, other: &Self) -> bool {
        match (self, other) {
            (_, Self::None) => true,
            (Self::Options(own), Self::Options(other)) => other.iter().all(|it| own.contains(it)),
            (Self::People(own), Self::People(other)) => other.iter().all(|it| own.contains(it)),
            (Self::Labels(own), Self::Labels(other)) => other.iter().all(|it| own.contains(it)),
            (Self::References(own), Self::References(other)) => {
                other.iter().all(|it| own.contains(it))
            }
            (own, other) => own.equal_enough(other),
        }
    }

    /// Whether the two say the same, differences that no person would call one aside: the last digits of
    /// a number, blanks at the ends of lines, notation of rich text that reads the same to the letter.
    #[must_use]
    pub fn equal_enough(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Number(a), Self::Number(b)) => {
                (a - b).abs() <= f64::EPSILON * 8.0 * a.abs().max(b.abs()).max(1.0)
            }
            (Self::Text(a), Self::Text(b)) => lines_equal(a, b),
            (Self::RichText(a), Self::RichText(b)) if a.format == b.format => a.source == b.source,
            (Self::RichText(a), Self::RichText(b)) => lines_equal(&a.plain, &b.plain),
            (a, b) => a == b,
        }
    }
}

fn sorted<T: Ord>(values: impl IntoIterator<Item = T>) -> Option<Vec<T>> {
    let mut values: Vec<T> = values.into_iter().collect();
    values.sort();
    values.dedup();
    (!values.is_empty()).then_some(values)
}

fn lines_equal(a: &str, b: &str) -> bool {
    let lines = |text: &str| -> Vec<String> {
        text.trim_end()
            .lines()
            .map(|line| line.trim_end().to_owned())
            .collect()
    };
    a == b || lines(a) == lines(b)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[track_caller]
    fn check(a: Value, b: Value, equal: bool) {
        assert_eq!(a.equal_enough(&b), equal, "{a:?} and {b:?}");
        assert_eq!(b.equal_enough(&a), equal, "{b:?} and {a:?}");
    }

    #[test]
    fn blanks_at_line_ends_make_no_difference() {
        check(Value::text("one \r\ntwo\n"), Value::text("one\ntwo"), true);
        check(Value::text("one"), Value::text("two"), false);
    }

    #[test]
    fn the_last_digit_of_a_number_makes_no_difference() {
        check(Value::number(0.1 + 0.2), Value::number(0.3), true);
        check(Value::number(3.0), Value::number(3.01), false);
        check(Value::number(-0.0), Value::number(0.0), true);
    }

    #[test]
    fn an_empty_text_a_lost_number_and_an_empty_list_are_nothing() {
        check(Value::text("  \n"), Value::None, true);
        check(Value::number(f64::NAN), Value::None, true);
        check(Value::options([]), Value::None, true);
        check(Value::labels(["", " "]), Value::None, true);
    }

    #[test]
    fn the_order_in_which_labels_came_makes_no_difference() {
        check(
            Value::labels(["b", "a", "b"]),
            Value::labels(["a", "b"]),
            true,
        );
    }

    #[test]
    fn rich_text_of_one_notation_is_compared_to_the_letter() {
        let rich = |format, source: &str| {
            Value::RichText(RichText {
                format,
                source: source.into(),
                plain: "word".into(),
            })
        };
        check(
            rich(RichFormat::Wiki, "*word*"),
            rich(RichFormat::Wiki, "_word_"),
            false,
        );
        check(
            rich(RichFormat::Wiki, "*word*"),
            rich(RichFormat::Adf, "{}"),
            true,
        );
    }

    proptest! {
        #[test]
        fn building_a_value_twice_changes_nothing(words in proptest::collection::vec(".{0,12}", 0..8)) {
            let once = Value::labels(&words);
            let Value::Labels(list) = &once else { return Ok(()) };
            prop_assert_eq!(&Value::labels(list), &once);
        }
    }
}
