//! Issues that an item may be, though it was never linked to them.

use crate::Engine;
use crate::error::EngineError;
use crate::run::{Ground, Twins};
use jira::jql;
use std::collections::BTreeSet;
use store::{LinkId, RunId};
use sync::matching::{Candidate, score};

/// Issues that are looked at.
const LOOKED_AT: u32 = 50;
/// Issues that are offered.
const OFFERED_MAX: usize = 20;
/// Words of a title that are searched for, the longest first.
const WORDS_MAX: usize = 4;
/// Words shorter than this are in too many titles.
const WORD_MIN: usize = 3;

/// An issue that an item may be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IssueMatch {
    /// Its id.
    pub remote_id: String,
    /// Its key.
    pub key: String,
    /// Its title.
    pub title: String,
    /// Name of its type.
    pub issue_type: String,
    /// Name of its status.
    pub status: String,
    /// How likely it is the same thing, in percent.
    pub score: u8,
    /// Whether its type is mapped to the item's.
    pub same_type: bool,
    /// Whether both stand below the same thing; none where that cannot be told.
    pub same_parent: Option<bool>,
}

impl Engine {
    /// Issues of the pair's project that nothing is linked to and that the item may be, the likeliest first: by words of
    /// its title, or by those that somebody gives.
    ///
    /// # Errors
    /// [`EngineError::NotFound`] if the pair is not severed or its integration is gone, or what keeps Jira from
    /// answering.
    pub async fn issue_matches(
        &self,
        link: LinkId,
        words: Option<&str>,
    ) -> Result<Vec<IssueMatch>, EngineError> {
        let pair = self.severed_with_item(link).await?;
        let integration = pair
            .integration
            .ok_or(EngineError::NotFound("integration"))?;
        let ground = Ground::read(&self.inner.store, integration).await?;
        let remote = self.remote(pair.connection).await?;
        let text = words.filter(|words| !words.trim().is_empty());
        let Some(named) = naming(text.unwrap_or(&pair.title)) else {
            return Ok(Vec::new());
        };
        let project = jql::in_project(&ground.integration.data.project_key);
        let filter = jql::all_of(&[&project, &named]);
        let found = remote.sample(&filter, LOOKED_AT, &ground.schema).await;
        let found = match found {
            Ok(found) => found,
            Err(error) => return Err(self.note(pair.connection, error).await),
        };
        let matches = self
            .inner
            .store
            .read(move |read| {
                let ids: Vec<&str> = found.iter().map(|issue| issue.id.as_str()).collect();
                let connection = ground.connection_id();
                let linked = store::link::by_remote_ids(read, connection, &ids)?;
                let taken: BTreeSet<&String> = linked.keys().collect();
                let item = store::item::get(read, pair.item)?;
                let parent = item.as_ref().and_then(|item| item.parent);
                let free: Vec<_> = found
                    .iter()
                    .filter(|issue| issue.id != pair.remote_id && !taken.contains(&issue.id))
                    .collect();
                let twins = Twins::load(read, &ground, RunId(0), &free)?;
                let known = crate::run::Known::load(read, &ground)?;
                let matches = free.into_iter().map(|issue| {
                    let there = twins.decide(&ground, &known, issue).parent;
                    let same_type =
                        ground.planner.item_type(&issue.type_id) == Some(pair.item_type);
                    let told = parent.is_some() || there.is_some();
                    let same_parent = told.then_some(parent == there);
                    let name = ground
                        .schema
                        .types
                        .iter()
                        .find(|kind| kind.id == issue.type_id);
                    IssueMatch {
                        remote_id: issue.id.clone(),
                        key: issue.key.clone(),
                        title: issue.title.clone(),
                        issue_type: name.map(|kind| kind.name.clone()).unwrap_or_default(),
                        status: issue.status.name.clone(),
                        score: score(&Candidate {
                            here: &pair.title,
                            there: &issue.title,
                            same_type,
                            same_parent,
                        }),
                        same_type,
                        same_parent,
                    }
                });
                Ok(matches.collect::<Vec<_>>())
            })
            .await?;
        let mut matches = matches;
        matches.sort_by(|a, b| b.score.cmp(&a.score).then_with(|| a.key.cmp(&b.key)));
        matches.truncate(OFFERED_MAX);
        Ok(matches)
    }
}

/// A filter for issues whose title has one of the telling words of a text; none if it has none.
fn naming(text: &str) -> Option<String> {
    let mut words: Vec<&str> = text
        .split(|letter: char| !letter.is_alphanumeric())
        .filter(|word| word.chars().count() >= WORD_MIN || !word.is_ascii() && !word.is_empty())
        .collect();
    words.sort_by_key(|word| std::cmp::Reverse(word.chars().count()));
    words.dedup();
    words.truncate(WORDS_MAX);
    let named: Vec<String> = words
        .iter()
        .map(|word| format!("summary ~ {}", jql::quote(word)))
        .collect();
    (!named.is_empty()).then(|| named.join(" OR "))
}

#[cfg(test)]
mod tests {
    use super::naming;

    #[test]
    fn the_telling_words_of_a_title_are_searched_for() {
        for (text, named) in [
            ("A \"Sign-in\" of it", Some("summary ~ \"Sign\"")),
            ("ab c", None),
            (
                "Refund the card of a traveller tomorrow morning",
                Some(
                    "summary ~ \"traveller\" OR summary ~ \"tomorrow\" OR summary ~ \"morning\" OR summary ~ \"Refund\"",
                ),
            ),
            ("決済", Some("summary ~ \"決済\"")),
        ] {
            assert_eq!(naming(text).as_deref(), named, "{text}");
        }
    }
}
