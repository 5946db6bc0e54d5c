//! Text with structure as it is edited: its source, in the notation of the site that the item is linked to.
//!
//! Jira writes a text anew without anybody having changed it: keys in another order, identities added to nodes, other
//! line ends. Such a text is taken for the one that is known ([`settled`]); else every edit would come back as news,
//! and whoever edits once more meanwhile would be in conflict with themselves.

use crate::Engine;
use crate::edit::EditRefusal;
use crate::error::EngineError;
use jira::richtext::{
    Document, adf_of_text, canonical_adf, canonical_wiki, is_blank_adf, wiki_of_text,
};
use serde_json::Value as Json;
use std::borrow::Cow;
use store::connection::SiteKind;
use store::link::LinkState;
use store::{Read, StoreError};
use sync::remote::{RemoteIssue, RemoteValue};
use workspace::{FieldKey, ItemId, Kind, RichFormat, RichText, Value};

/// Characters that Jira takes in a text.
const CHARS_MAX: usize = 32_767;

/// A text as it is edited.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RichSource {
    /// The notation.
    pub format: RichFormat,
    /// The text in it.
    pub source: String,
}

impl RichSource {
    /// What a field holds, as it is edited at an item of such a site. Plain words are put into the notation of the site;
    /// what has a notation keeps it.
    pub(crate) fn of(value: &Value, site: RichFormat) -> Self {
        match value {
            Value::RichText(rich) if rich.format != RichFormat::Plain => Self {
                format: rich.format,
                source: rich.source.clone(),
            },
            Value::RichText(RichText { source, .. }) | Value::Text(source) => {
                Self::of_words(source, site)
            }
            _ => Self::of_words("", site),
        }
    }

    fn of_words(words: &str, format: RichFormat) -> Self {
        let source = match format {
            RichFormat::Adf => adf_of_text(words).to_string(),
            RichFormat::Wiki => wiki_of_text(words),
            RichFormat::Plain => words.to_owned(),
        };
        Self { format, source }
    }

    /// Whether the two say the same, what Jira changes by itself aside.
    pub(crate) fn is_same(&self, other: &Self) -> bool {
        same(self.format, &self.source, other.format, &other.source)
    }

    /// What a field holds that is given this text; nothing if it is blank.
    ///
    /// # Errors
    /// [`EditRefusal::Kind`] if it is no document; [`EditRefusal::TooLong`].
    pub(crate) fn into_value(self) -> Result<Value, EditRefusal> {
        let (is_blank, plain, chars) = match self.format {
            RichFormat::Adf => {
                let json: Json =
                    serde_json::from_str(&self.source).map_err(|_| EditRefusal::Kind)?;
                let is_document = json.get("type").and_then(Json::as_str) == Some("doc")
                    && json.get("version").and_then(Json::as_u64) == Some(1)
                    && json.get("content").is_some_and(Json::is_array);
                if !is_document {
                    return Err(EditRefusal::Kind);
                }
                let plain = Document::from_adf(&json).plain_text();
                // Jira counts what the document says, not how it is written.
                let chars = plain.chars().count();
                (is_blank_adf(&json), plain, chars)
            }
            RichFormat::Wiki => (
                self.source.trim().is_empty(),
                Document::from_wiki(&self.source).plain_text(),
                self.source.chars().count(),
            ),
            RichFormat::Plain => return Err(EditRefusal::Kind),
        };
        if chars > CHARS_MAX {
            return Err(EditRefusal::TooLong);
        }
        Ok(if is_blank {
            Value::None
        } else {
            Value::RichText(RichText {
                format: self.format,
                source: self.source,
                plain,
            })
        })
    }
}

impl Engine {
    /// A text with structure as it is edited.
    ///
    /// # Errors
    /// [`EngineError::NotFound`]; [`EngineError::Edit`] for a field that holds no such text.
    pub async fn rich_source(
        &self,
        item: ItemId,
        field: FieldKey,
    ) -> Result<RichSource, EngineError> {
        let read = self.inner.store.read(move |read| {
            let known = store::field::list(read)?;
            let Some(found) = known.iter().find(|known| known.key == field) else {
                return Ok(Err(EngineError::NotFound("field")));
            };
            if found.kind != Kind::RichText {
                return Ok(Err(EditRefusal::Kind.into()));
            }
            let Some(value) = store::item::value(read, item, field)? else {
                return Ok(Err(EngineError::NotFound("item")));
            };
            Ok(Ok(RichSource::of(&value, site_format(read, item)?)))
        });
        read.await?
    }
}

/// The notation that the site of an item takes; that of Jira Cloud for an item without an issue.
pub(crate) fn site_format(read: &Read<'_>, item: ItemId) -> Result<RichFormat, StoreError> {
    for link in store::link::by_item(read, item)? {
        if link.state != LinkState::Linked {
            continue;
        }
        if let Some(connection) = store::connection::get(read, link.connection)? {
            return Ok(match connection.data.kind {
                SiteKind::Cloud => RichFormat::Adf,
                SiteKind::DataCenter => RichFormat::Wiki,
            });
        }
    }
    Ok(RichFormat::Adf)
}

/// Whether two values say the same, what Jira changes by itself aside.
pub(crate) fn is_same_value(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::RichText(one), Value::RichText(other)) if one.format == other.format => {
            is_same_text(one, other)
        }
        _ => one.equal_enough(other),
    }
}

/// The issue, its texts to the letter as they are known where Jira has only written them anew. `known`: what is known
/// of the pair, the likeliest first.
pub(crate) fn settled<'i, 'v>(
    issue: &'i RemoteIssue,
    known: impl Iterator<Item = &'v Value> + Clone,
) -> Cow<'i, RemoteIssue> {
    let mut settled = Cow::Borrowed(issue);
    for (field, told) in &issue.values {
        let RemoteValue::RichText(told) = told else {
            continue;
        };
        let mut texts = known.clone().filter_map(|value| match value {
            Value::RichText(rich) if rich.format == told.format => Some(rich),
            _ => None,
        });
        if texts.clone().any(|rich| rich.source == told.source) {
            continue;
        }
        if let Some(rich) = texts.find(|rich| is_same_text(rich, told)) {
            let rich = RemoteValue::RichText(rich.clone());
            settled.to_mut().values.insert(field.clone(), rich);
        }
    }
    settled
}

fn is_same_text(one: &RichText, other: &RichText) -> bool {
    same(one.format, &one.source, other.format, &other.source)
}

fn same(format: RichFormat, one: &str, other_format: RichFormat, other: &str) -> bool {
    if format != other_format {
        return false;
    }
    if one == other {
        return true;
    }
    match format {
        RichFormat::Adf => match (serde_json::from_str(one), serde_json::from_str(other)) {
            (Ok(one), Ok(other)) => canonical_adf(&one) == canonical_adf(&other),
            _ => false,
        },
        RichFormat::Wiki => canonical_wiki(one) == canonical_wiki(other),
        RichFormat::Plain => false,
    }
}

#[cfg(test)]
mod tests;
