//! Reading JSON that only we wrote: anything unexpected is damage, named by what it is.

use crate::code::Code;
use crate::error::StoreError;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::de::{DeserializeOwned, Error as _};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Map, Value as Json};
use std::borrow::Cow;

pub(super) type Object = Map<String, Json>;

/// A document as text.
pub(super) fn written<T: Serialize>(document: &T) -> String {
    serde_json::to_string(document).expect("documents have text keys and write into memory")
}

/// Reads what [`written`] wrote.
pub(super) fn read<T: DeserializeOwned>(text: &str) -> Result<T, StoreError> {
    serde_json::from_str(text).map_err(|error| StoreError::corrupt(format!("JSON: {error}")))
}

/// Something that stands in a document as a word: a member of a closed list, a day, a moment.
#[derive(Clone, Copy)]
pub(super) struct Word<T>(pub T);

/// What can be a word.
pub(super) trait Wordy: Sized {
    fn word(&self) -> Cow<'static, str>;
    fn of_word(word: &str) -> Option<Self>;
}

impl<T: Code> Wordy for T {
    fn word(&self) -> Cow<'static, str> {
        self.code().into()
    }

    fn of_word(word: &str) -> Option<Self> {
        T::from_code(word)
    }
}

impl Wordy for Date {
    fn word(&self) -> Cow<'static, str> {
        self.to_string().into()
    }

    fn of_word(word: &str) -> Option<Self> {
        word.parse().ok()
    }
}

impl Wordy for Timestamp {
    fn word(&self) -> Cow<'static, str> {
        self.to_string().into()
    }

    fn of_word(word: &str) -> Option<Self> {
        word.parse().ok()
    }
}

impl<T: Wordy> Serialize for Word<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0.word())
    }
}

impl<'de, T: Wordy> Deserialize<'de> for Word<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // A word that had to be escaped does not come borrowed.
        #[derive(Deserialize)]
        struct Text<'t>(#[serde(borrow)] Cow<'t, str>);

        let Text(word) = Text::deserialize(deserializer)?;
        T::of_word(&word)
            .map(Self)
            .ok_or_else(|| D::Error::custom(format!("\"{word}\" is no word of its list")))
    }
}

pub(super) fn parse(text: &str) -> Result<Json, StoreError> {
    serde_json::from_str(text).map_err(|error| StoreError::corrupt(format!("JSON: {error}")))
}

pub(super) fn object(json: Json) -> Result<Object, StoreError> {
    match json {
        Json::Object(object) => Ok(object),
        other => Err(unexpected(&other, "an object")),
    }
}

/// The one member of an object that has no other.
pub(super) fn one_member(json: Json) -> Result<(String, Json), StoreError> {
    let mut members = object(json)?.into_iter();
    match (members.next(), members.next()) {
        (Some(member), None) => Ok(member),
        _ => Err(StoreError::corrupt("JSON: not exactly one member")),
    }
}

/// Takes a member that has to be there.
pub(super) fn take(object: &mut Object, name: &str) -> Result<Json, StoreError> {
    object
        .get_mut(name)
        .map(Json::take)
        .ok_or_else(|| StoreError::corrupt(format!("JSON: no \"{name}\"")))
}

/// Takes a member that is left out where there is nothing to say.
pub(super) fn take_opt(object: &mut Object, name: &str) -> Option<Json> {
    object
        .get_mut(name)
        .map(Json::take)
        .filter(|json| !json.is_null())
}

pub(super) fn text(json: Json) -> Result<String, StoreError> {
    match json {
        Json::String(text) => Ok(text),
        other => Err(unexpected(&other, "a text")),
    }
}

pub(super) fn number_i64(json: &Json) -> Result<i64, StoreError> {
    json.as_i64()
        .ok_or_else(|| unexpected(json, "a whole number"))
}

pub(super) fn boolean(json: &Json) -> Result<bool, StoreError> {
    json.as_bool()
        .ok_or_else(|| unexpected(json, "true or false"))
}

pub(super) fn list<T>(
    json: Json,
    each: impl FnMut(Json) -> Result<T, StoreError>,
) -> Result<Vec<T>, StoreError> {
    match json {
        Json::Array(list) => list.into_iter().map(each).collect(),
        other => Err(unexpected(&other, "a list")),
    }
}

pub(super) fn code<T: Code>(json: Json) -> Result<T, StoreError> {
    let word = text(json)?;
    T::from_code(&word).ok_or_else(|| StoreError::corrupt(format!("\"{word}\" is no {}", T::WHAT)))
}

pub(super) fn unexpected(json: &Json, wanted: &str) -> StoreError {
    let found = match json {
        Json::Null => "nothing",
        Json::Bool(_) => "true or false",
        Json::Number(_) => "a number",
        Json::String(_) => "a text",
        Json::Array(_) => "a list",
        Json::Object(_) => "an object",
    };
    StoreError::corrupt(format!("JSON: {found} where {wanted} should be"))
}
