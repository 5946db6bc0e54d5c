//! Mistakes that are made on purpose, to show that a story finds them. Each is made past the engine, in what it keeps.

use crate::story::Story;
use jiff::SignedDuration;
use rand::Rng as _;
use store::disconnected::Filter;
use sync::mapping::Winner;

/// A mistake that is made on purpose.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Planted {
    /// None.
    Nothing,
    /// Where both sides changed, Jira's value is taken.
    JiraWins,
    /// An edit is not put on the list of what is to be looked at.
    EditForgotten,
    /// What was sent counts as agreed on, though nobody said that it arrived.
    AgreedOnHope,
    /// A change in Jira counts as heard of and is not looked at: as if the clock here told what Jira has changed since.
    ChangeForgotten,
    /// What is not there counts as deleted.
    AbsenceIsDeletion,
    /// An item that was deleted here leaves no trace of its pair.
    DeletionForgotten,
    /// After a doubt the request that makes an issue is sent again without a look.
    MadeAgain,
    /// One look that finds no issue counts as proof that none was made.
    LookedOnce,
    /// After a doubt nobody remembers that an issue may have been made.
    MadeForgotten,
    /// What our own change replaced in Jira is not looked up.
    ReplacedForgotten,
}

impl Planted {
    /// All of them.
    pub const ALL: [Self; 10] = [
        Self::JiraWins,
        Self::EditForgotten,
        Self::AgreedOnHope,
        Self::ChangeForgotten,
        Self::AbsenceIsDeletion,
        Self::DeletionForgotten,
        Self::MadeAgain,
        Self::LookedOnce,
        Self::MadeForgotten,
        Self::ReplacedForgotten,
    ];
}

impl Story {
    /// What is wrong from the beginning.
    pub async fn plant_first(&mut self) {
        let id = self.world.integration;
        if self.planted == Planted::JiraWins {
            self.world
                .write(move |tx| {
                    let (mut mapping, names) = store::mapping::load(tx, id)?;
                    for pair in &mut mapping.fields {
                        pair.winner = Winner::Remote;
                    }
                    mapping.status_rule.winner = Winner::Remote;
                    store::mapping::save(tx, id, &mapping, &names)
                })
                .await;
        }
    }

    /// What goes wrong after a cycle.
    pub async fn plant(&mut self) {
        match self.planted {
            Planted::AgreedOnHope => self.agree_on_what_was_sent().await,
            Planted::ChangeForgotten if self.chance.random_bool(0.3) => self.hear_nothing().await,
            Planted::AbsenceIsDeletion => self.take_absence_for_deletion().await,
            Planted::MadeAgain | Planted::LookedOnce | Planted::MadeForgotten => {
                self.mistake_doubts().await;
            }
            _ => {}
        }
    }

    /// Nobody looks at an issue.
    pub async fn forget(&self, issue: &str) {
        let (id, issue) = (self.world.integration, issue.to_owned());
        self.world
            .write(move |tx| {
                for due in store::due::of(tx, id, &[&issue])? {
                    store::due::settle(tx, id, &issue, due.marks)?;
                }
                Ok(())
            })
            .await;
    }

    async fn agree_on_what_was_sent(&self) {
        let (id, pairs) = (self.world.integration, self.world.pairs.clone());
        self.world
            .write(move |tx| {
                for pair in pairs {
                    for due in store::due::of(tx, id, &[&pair.issue])? {
                        let Some(link) = store::link::by_item(tx, pair.item)?.pop() else {
                            continue;
                        };
                        let sent = due.sent.iter();
                        let agreed = sent.map(|(field, value)| (*field, Some(value), value));
                        store::link_field::set(tx, link.id, agreed)?;
                    }
                }
                Ok(())
            })
            .await;
    }

    async fn hear_nothing(&self) {
        let (id, now) = (self.world.integration, self.world.wire.site_time());
        let later = now.saturating_add(SignedDuration::from_hours(1));
        let later = later.expect("within a few years");
        self.world
            .write(move |tx| store::integration::set_heard_until(tx, id, later))
            .await;
    }

    async fn take_absence_for_deletion(&self) {
        let (id, now) = (self.world.integration, self.world.wire.site_time());
        self.world
            .write(move |tx| {
                for pair in store::absence::pairs(tx, Some(id), u32::MAX)? {
                    store::absence::hear_deleted(tx, id, &pair.absence.remote_id, now)?;
                }
                Ok(())
            })
            .await;
    }

    pub async fn forget_deleted_pairs(&self) {
        if self.planted != Planted::DeletionForgotten {
            return;
        }
        let links = self
            .world
            .read(|read| store::disconnected::list(read, &Filter::default(), u32::MAX))
            .await;
        self.world
            .write(move |tx| {
                for pair in links.into_iter().filter(|pair| pair.item_gone) {
                    store::deleted_item::forget_link(tx, pair.link)?;
                }
                Ok(())
            })
            .await;
    }

    async fn mistake_doubts(&self) {
        let (id, planted) = (self.world.integration, self.planted);
        let hour = SignedDuration::from_hours(1);
        self.world
            .write(move |tx| {
                for intent in store::create_intent::doubtful(tx, id)? {
                    let Some(mut sent) = intent.sent else {
                        continue;
                    };
                    match planted {
                        Planted::MadeAgain => store::create_intent::set_unsent(tx, intent.id)?,
                        Planted::MadeForgotten => store::create_intent::delete(tx, intent.id)?,
                        _ => {
                            sent.at = sent.at.saturating_sub(hour).expect("long after 1970");
                            store::create_intent::set_sent(tx, intent.id, &sent)?;
                        }
                    }
                }
                Ok(())
            })
            .await;
    }
}
