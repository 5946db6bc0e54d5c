//! Runs a query over the issues as the search index knows them, and keeps results for the next pages.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;

use crate::auth::Identity;
use crate::http::Call;
use crate::jql::eval::holds;
use crate::jql::order::sort;
use crate::jql::parser::parse;
use crate::jql::resolve::{Asker, Pred, Resolved, resolve};
use crate::site::Site;
use crate::state::Issue;
use crate::time::{Millis, zone};

/// Ids found earlier, for the pages that follow.
#[derive(Debug, Default)]
pub(crate) struct Results {
    kept: VecDeque<Kept>,
}

#[derive(Debug)]
struct Kept {
    key: u64,
    generation: u64,
    ids: Arc<Vec<u64>>,
}

const KEPT_MAX: usize = 16;

/// What became of a query.
pub(crate) enum Found {
    /// Not JQL at all.
    Syntax(String),
    /// JQL that names what is not there.
    Invalid(Vec<String>),
    Ids(Arc<Vec<u64>>),
}

/// FNV-1a: names a query in tokens and among kept results.
pub(crate) fn fingerprint(parts: &[&str]) -> u64 {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for part in parts {
        for byte in part.bytes().chain([0xff]) {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
    hash
}

impl Site {
    /// Checks a query without running it.
    pub(crate) fn check(
        &self,
        jql: &str,
        identity: Identity,
        now: Millis,
    ) -> Result<(crate::jql::Query, Resolved), String> {
        let query = parse(jql)?;
        let visible = self.visible(identity);
        let zone = zone(
            identity
                .user
                .map_or("UTC", |u| self.data.users[u as usize].zone),
        );
        let asker = Asker {
            data: &self.data,
            face: self.config.face,
            caller: identity.user,
            zone: &zone,
            now,
            german: self.faults.german,
            visible: &visible,
            hidden: &self.faults.absent.hidden,
        };
        let resolved = resolve(&query, &asker);
        Ok((query, resolved))
    }

    fn visible(&self, identity: Identity) -> BTreeSet<u32> {
        let removed = |key: &str| {
            self.faults
                .permissions_removed
                .contains(&(key.to_owned(), "BROWSE_PROJECTS".to_owned()))
        };
        let live = self
            .data
            .projects
            .iter()
            .filter(|p| identity.user.is_some() && !p.deleted && !removed(&p.key));
        live.map(|p| p.id).collect()
    }

    /// All ids that a query finds, in its order. `fresh` names issues that are to be seen as they are now.
    pub(crate) fn find(
        &mut self,
        jql: &str,
        identity: Identity,
        call: &Call,
        fresh: &BTreeSet<u64>,
    ) -> Found {
        let now = call.now;
        self.stale.retain(|_, list| {
            list.retain(|s| s.until > now);
            !list.is_empty()
        });
        let user = identity.user.map_or_else(String::new, |u| u.to_string());
        let key = fingerprint(&[jql, &user]);
        let usable = self.stale.is_empty() && fresh.is_empty();
        if usable
            && let Some(kept) = self
                .results
                .kept
                .iter()
                .find(|k| k.key == key && k.generation == self.generation)
        {
            return Found::Ids(Arc::clone(&kept.ids));
        }
        let resolved = match self.check(jql, identity, now) {
            Err(sentence) => return Found::Syntax(sentence),
            Ok((_, resolved)) if !resolved.errors.is_empty() => {
                return Found::Invalid(resolved.errors);
            }
            Ok((_, resolved)) => resolved,
        };
        let visible = self.visible(identity);
        let ids = Arc::new(self.run(&resolved, &visible, fresh));
        if usable && !resolved.relative {
            self.results.kept.retain(|k| k.key != key);
            self.results.kept.push_back(Kept {
                key,
                generation: self.generation,
                ids: Arc::clone(&ids),
            });
            if self.results.kept.len() > KEPT_MAX {
                self.results.kept.pop_front();
            }
        }
        Found::Ids(ids)
    }

    fn run(&self, resolved: &Resolved, visible: &BTreeSet<u32>, fresh: &BTreeSet<u64>) -> Vec<u64> {
        let data = &self.data;
        let after = lower_bound(&resolved.pred);
        let absent = &self.faults.absent;
        let fits = |issue: &Issue| {
            visible.contains(&issue.project)
                && !absent.hidden.contains(&issue.id)
                && !absent.archived.contains(&issue.id)
                && holds(&resolved.pred, issue, data)
        };
        let mut ids: Vec<u64> = Vec::new();
        if self.stale.is_empty() {
            ids.extend(
                data.issues
                    .range(after..)
                    .filter(|(_, issue)| fits(issue))
                    .map(|(id, _)| *id),
            );
        } else {
            let mut seen: BTreeMap<u64, &Issue> = data
                .issues
                .range(after..)
                .map(|(id, issue)| (*id, issue))
                .collect();
            for (id, list) in self.stale.iter().filter(|(id, _)| !fresh.contains(id)) {
                match list.front().and_then(|s| s.before.as_deref()) {
                    Some(before) => drop(seen.insert(*id, before)),
                    None => drop(seen.remove(id)),
                }
            }
            ids.extend(
                seen.into_iter()
                    .filter(|(_, issue)| fits(issue))
                    .map(|(id, _)| id),
            );
        }
        sort(&mut ids, &resolved.order, data, |id| {
            self.indexed(id).cloned()
        });
        ids
    }

    /// An issue as the search index knows it.
    pub(crate) fn indexed(&self, id: u64) -> Option<&Issue> {
        match self.stale.get(&id).and_then(VecDeque::front) {
            Some(stale) => stale.before.as_deref(),
            None => self.data.issues.get(&id),
        }
    }
}

/// The first id that can match: a query that walks through the site by id need not look at what lies behind it.
fn lower_bound(pred: &Pred) -> u64 {
    use crate::jql::resolve::Cmp;
    match pred {
        Pred::Id(Cmp::Greater, id) => id.saturating_add(1),
        Pred::Id(Cmp::GreaterEqual, id) => *id,
        Pred::And(list) => list.iter().map(lower_bound).max().unwrap_or(0),
        _ => 0,
    }
}
