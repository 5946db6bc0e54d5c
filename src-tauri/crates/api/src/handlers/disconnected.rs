//! What is disconnected, linking it again, and deleting items.

use super::backlog::{self, Names};
use crate::app::App;
use crate::convert::{self, field_key, moment};
use crate::dto::{
    AbsenceState, AbsentPair, CompareArgs, ComparedField, Comparison, ConflictWinner, Counted,
    DeletionExtent, Disconnected, DisconnectedArgs, DismissArgs, FieldValue, IdArgs,
    IntegrationArgs, IssueLook, IssueMatch, ItemIdsArgs, ItemsDeleted, LinkArgs, LookAgainArgs,
    MatchesArgs, Nothing, OutOfScope, PairLook, QuestionPair, RelinkArgs, RelinkManyArgs,
    ResyncOutcome, Resynced, ScopePolicy, SeverDecisionArgs, SeverQuestion, SeverReason,
    SeveredCount, SeveredPair, Standing, UnlinkArgs, Unlinked, WinnerChoice,
};
use crate::error::{ErrorCode, ErrorDto};
use engine::{Choice, Compared, ComparedKey, EngineError, Held, SeenOnce};
use std::collections::{BTreeMap, BTreeSet};
use store::disconnected::Filter;
use store::{IntegrationId, LinkId};
use sync::reconcile::Side;
use workspace::{ItemId, Value};

const PARENT: &str = "parent";

/// What rows need of integrations: their names, and where issues are seen in a browser.
struct Origins {
    names: BTreeMap<i64, String>,
    /// By connection.
    bases: BTreeMap<i64, String>,
    /// The connection of an integration.
    connections: BTreeMap<i64, i64>,
    /// Connections that were removed.
    retired: BTreeSet<i64>,
}

impl Origins {
    fn name(&self, integration: Option<IntegrationId>) -> String {
        let name = integration.and_then(|id| self.names.get(&id.0));
        name.cloned().unwrap_or_default()
    }

    fn url(&self, connection: i64, key: &str) -> String {
        let base = self.bases.get(&connection);
        base.map_or_else(String::new, |base| format!("{base}/browse/{key}"))
    }
}

impl App {
    /// What is disconnected.
    ///
    /// # Errors
    /// What the database meets.
    pub async fn disconnected(&self, args: DisconnectedArgs) -> Result<Disconnected, ErrorDto> {
        let filter = Filter {
            integration: args.integration_id.map(IntegrationId),
            reason: args.reason.map(stored_reason),
            search: args.search,
            dismissed: args.dismissed,
        };
        let found = self.engine.disconnected(filter).await?;
        let origins = self.origins().await?;
        Ok(Disconnected {
            pairs: found
                .pairs
                .into_iter()
                .map(|pair| severed(pair, &origins))
                .collect(),
            counts: found
                .counts
                .into_iter()
                .map(|(integration, reason, count)| SeveredCount {
                    integration_id: integration.map(|id| id.0),
                    reason: shown_reason(reason),
                    count: convert::count(count),
                })
                .collect(),
            absent: found
                .absent
                .into_iter()
                .map(|view| absent(view, &origins))
                .collect(),
            questions: found
                .questions
                .into_iter()
                .map(|asked| question(asked, &origins))
                .collect(),
        })
    }

    /// Answers the question whether unusually many pairs are to be severed.
    ///
    /// # Errors
    /// What the database meets.
    pub async fn disconnected_decide(&self, args: SeverDecisionArgs) -> Result<Counted, ErrorDto> {
        let id = IntegrationId(args.integration_id);
        let count = self.engine.decide_severing(id, args.sever).await?;
        Ok(Counted {
            count: convert::count(count),
        })
    }

    /// What Jira says now of the issues of some pairs.
    ///
    /// # Errors
    /// `connection_stopped`, or what keeps Jira from answering.
    pub async fn disconnected_look(&self, args: LinkArgs) -> Result<Vec<PairLook>, ErrorDto> {
        let looks = self.engine.look_at_pairs(&links(&args.link_ids)).await?;
        Ok(looks
            .into_iter()
            .map(|(link, look)| PairLook {
                link_id: link.0,
                issue: issue_look(look),
            })
            .collect())
    }

    /// Puts severed pairs out of sight, or back.
    ///
    /// # Errors
    /// What the database meets.
    pub async fn disconnected_dismiss(&self, args: DismissArgs) -> Result<Counted, ErrorDto> {
        let links = links(&args.link_ids);
        let count = self.engine.dismiss_pairs(&links, args.dismissed).await?;
        Ok(Counted {
            count: convert::count(count),
        })
    }

    /// Lets issues that are out of reach be looked for again with the next cycle.
    ///
    /// # Errors
    /// What the database meets.
    pub async fn disconnected_look_again(&self, args: LookAgainArgs) -> Result<Nothing, ErrorDto> {
        let id = IntegrationId(args.integration_id);
        self.engine.look_again(id, None).await?;
        Ok(Nothing {})
    }

    /// Disconnects pairs by hand.
    ///
    /// # Errors
    /// `not_found` if none of them is in force.
    pub async fn pairs_unlink(&self, args: UnlinkArgs) -> Result<Unlinked, ErrorDto> {
        let (links, reason) = (links(&args.link_ids), stored_reason(args.reason));
        Ok(unlinked(self.engine.unlink(&links, reason).await?))
    }

    /// Disconnects an item by hand.
    ///
    /// # Errors
    /// `not_found` if it is not linked.
    pub async fn item_unlink(&self, args: IdArgs) -> Result<Unlinked, ErrorDto> {
        Ok(unlinked(self.engine.unlink_item(ItemId(args.id)).await?))
    }

    /// Takes a disconnecting by hand back.
    ///
    /// # Errors
    /// `not_found`, `pair_taken`.
    pub async fn unlink_undo(&self, args: LinkArgs) -> Result<Nothing, ErrorDto> {
        self.engine.undo_unlink(&links(&args.link_ids)).await?;
        Ok(Nothing {})
    }

    /// Issues that an item may be, the likeliest first.
    ///
    /// # Errors
    /// `not_found`, or what keeps Jira from answering.
    pub async fn resync_matches(&self, args: MatchesArgs) -> Result<Vec<IssueMatch>, ErrorDto> {
        let found = self
            .engine
            .issue_matches(LinkId(args.link_id), args.query.as_deref())
            .await?;
        Ok(found
            .into_iter()
            .map(|found| IssueMatch {
                remote_id: found.remote_id,
                key: found.key,
                title: found.title,
                issue_type: found.issue_type,
                status: found.status,
                score: found.score,
                same_type: found.same_type,
                same_parent: found.same_parent,
            })
            .collect())
    }

    /// Compares the item of a severed pair with its issue, or with another one.
    ///
    /// # Errors
    /// `not_found`, `issue_unreadable`, `issue_elsewhere`, `issue_unfit`, `pair_taken`, or what keeps Jira from
    /// answering.
    pub async fn resync_compare(&self, args: CompareArgs) -> Result<Comparison, ErrorDto> {
        let compared = self
            .engine
            .compare_pair(LinkId(args.link_id), args.issue.as_deref())
            .await?;
        let names = self.names().await?;
        let mut parents = BTreeMap::new();
        for field in &compared.fields {
            for held in [&field.here, &field.there] {
                if let Held::Parent(Some(parent)) = held {
                    let item = self.engine.item(*parent).await?;
                    parents.insert(*parent, item.item.title);
                }
            }
        }
        Ok(Comparison {
            link_id: compared.link.0,
            item_id: compared.item.0,
            title: compared.title,
            integration_id: compared.integration.0,
            remote_id: compared.remote_id,
            key: compared.key,
            remote_title: compared.remote_title,
            same_issue: compared.same_issue,
            fields: compared
                .fields
                .iter()
                .map(|field| compared_field(field, &names, &parents))
                .collect(),
        })
    }

    /// Links a severed pair again, as was chosen field by field.
    ///
    /// # Errors
    /// As [`App::resync_compare`]; `compare_stale` if one side is another than it was when they were compared.
    pub async fn resync_link(&self, args: RelinkArgs) -> Result<Nothing, ErrorDto> {
        let choices = args
            .choices
            .into_iter()
            .map(choice)
            .collect::<Result<_, _>>()?;
        self.engine
            .relink(LinkId(args.link_id), &args.remote_id, choices)
            .await?;
        Ok(Nothing {})
    }

    /// Links several severed pairs again with their own issues; items that were deleted here come back.
    ///
    /// # Errors
    /// What keeps the whole from going on; what concerns one pair is in its outcome.
    pub async fn resync_many(&self, args: RelinkManyArgs) -> Result<Vec<ResyncOutcome>, ErrorDto> {
        let winner = args.winner.map(side);
        let done = self
            .engine
            .relink_many(&links(&args.link_ids), winner)
            .await?;
        self.outcomes(done).await
    }

    /// Brings the issues of severed pairs in as new items.
    ///
    /// # Errors
    /// What keeps the whole from going on; what concerns one pair is in its outcome.
    pub async fn resync_create(&self, args: LinkArgs) -> Result<Vec<ResyncOutcome>, ErrorDto> {
        let done = self.engine.create_here(&links(&args.link_ids)).await?;
        self.outcomes(done).await
    }

    /// What a deletion of items would take.
    ///
    /// # Errors
    /// What the database meets.
    pub async fn items_delete_extent(&self, args: ItemIdsArgs) -> Result<DeletionExtent, ErrorDto> {
        let extent = self.engine.deletion_extent(&items(&args.ids)).await?;
        Ok(DeletionExtent {
            items: convert::count(extent.items),
            issues: convert::count(extent.issues),
        })
    }

    /// Deletes items with all that is below them; their issues stay in Jira.
    ///
    /// # Errors
    /// `not_found`.
    pub async fn items_delete(&self, args: ItemIdsArgs) -> Result<ItemsDeleted, ErrorDto> {
        let deleted = self.engine.delete_items(&items(&args.ids)).await?;
        Ok(ItemsDeleted {
            items: convert::count(deleted.items),
            issues: convert::count(deleted.issues),
            undo: deleted.undo,
        })
    }

    /// Brings back what a deletion took.
    ///
    /// # Errors
    /// `not_found` if it was taken back already.
    pub async fn items_delete_undo(&self, args: IdArgs) -> Result<Counted, ErrorDto> {
        let count = self.engine.undo_deletion(args.id).await?;
        Ok(Counted {
            count: convert::count(count),
        })
    }

    /// What becomes of pairs whose issues leave what an integration is about.
    ///
    /// # Errors
    /// What the database meets.
    pub async fn scope_policy(&self, args: IntegrationArgs) -> Result<ScopePolicy, ErrorDto> {
        let policy = self
            .engine
            .out_of_scope(IntegrationId(args.integration_id))
            .await?;
        Ok(ScopePolicy {
            integration_id: args.integration_id,
            out_of_scope: match policy {
                store::integration::OutOfScope::Keep => OutOfScope::Keep,
                store::integration::OutOfScope::Stop => OutOfScope::Stop,
            },
        })
    }

    /// Chooses what becomes of pairs whose issues leave what an integration is about.
    ///
    /// # Errors
    /// `not_found`.
    pub async fn scope_policy_set(&self, args: ScopePolicy) -> Result<ScopePolicy, ErrorDto> {
        let policy = match args.out_of_scope {
            OutOfScope::Keep => store::integration::OutOfScope::Keep,
            OutOfScope::Stop => store::integration::OutOfScope::Stop,
        };
        let id = IntegrationId(args.integration_id);
        self.engine.set_out_of_scope(id, policy).await?;
        Ok(args)
    }

    async fn origins(&self) -> Result<Origins, ErrorDto> {
        let (connections, retired, integrations) = self
            .engine
            .store()
            .read(|read| {
                Ok((
                    store::connection::list(read)?,
                    store::connection::retired(read)?,
                    store::integration::list(read)?,
                ))
            })
            .await
            .map_err(EngineError::from)?;
        Ok(Origins {
            retired: retired.iter().map(|connection| connection.id.0).collect(),
            bases: connections
                .into_iter()
                .chain(retired)
                .map(|connection| (connection.id.0, connection.data.display_url))
                .collect(),
            connections: integrations
                .iter()
                .map(|integration| (integration.id.0, integration.data.connection.0))
                .collect(),
            names: integrations
                .into_iter()
                .map(|integration| (integration.id.0, integration.data.name))
                .collect(),
        })
    }

    async fn outcomes(
        &self,
        done: Vec<(LinkId, engine::Resynced)>,
    ) -> Result<Vec<ResyncOutcome>, ErrorDto> {
        let names = self.names().await?;
        let outcome = |done| match done {
            engine::Resynced::Linked => Resynced::Linked,
            engine::Resynced::Restored => Resynced::Restored,
            engine::Resynced::NeedsChoice(keys) => Resynced::NeedsChoice {
                fields: keys.into_iter().map(|key| key_name(&names, key)).collect(),
            },
            engine::Resynced::Failed(error) => Resynced::Failed {
                error: error.into(),
            },
        };
        Ok(done
            .into_iter()
            .map(|(link, done)| ResyncOutcome {
                link_id: link.0,
                outcome: outcome(done),
            })
            .collect())
    }
}

fn severed(pair: store::disconnected::SeveredPair, origins: &Origins) -> SeveredPair {
    SeveredPair {
        link_id: pair.link.0,
        item_id: pair.item.0,
        item_type: pair.item_type.0,
        title: pair.title,
        item_gone: pair.item_gone,
        connection_id: pair.connection.0,
        integration_id: pair.integration.map(|id| id.0),
        integration_name: origins.name(pair.integration),
        url: origins.url(pair.connection.0, &pair.key),
        connection_gone: origins.retired.contains(&pair.connection.0),
        key: pair.key,
        reason: shown_reason(pair.reason),
        severed_at: pair.severed_at.map(moment),
        dismissed: pair.dismissed,
    }
}

fn absent(view: engine::AbsentView, origins: &Origins) -> AbsentPair {
    use store::absence::AbsenceState as Stored;
    let connection = view
        .integration
        .and_then(|id| origins.connections.get(&id.0));
    AbsentPair {
        link_id: view.link.0,
        item_id: view.item.0,
        title: view.title,
        integration_id: view.integration.map(|id| id.0),
        integration_name: origins.name(view.integration),
        url: connection.map_or_else(String::new, |id| origins.url(*id, &view.key)),
        key: view.key,
        state: match view.absence.state {
            Stored::ProjectUnseen => AbsenceState::ProjectUnseen,
            Stored::Archived => AbsenceState::Archived,
            Stored::Unseen | Stored::Heard | Stored::OutOfScope | Stored::MovedAway => {
                AbsenceState::Unseen
            }
        },
        looks: view.absence.looks,
        since: moment(view.absence.first_at),
        next_at: moment(view.absence.next_at),
    }
}

fn question(asked: engine::Question, origins: &Origins) -> SeverQuestion {
    SeverQuestion {
        integration_id: asked.integration.0,
        integration_name: origins.name(Some(asked.integration)),
        linked: convert::count(asked.linked),
        pairs: asked
            .pairs
            .into_iter()
            .map(|pair| QuestionPair {
                link_id: pair.severing.link.0,
                item_id: pair.item.0,
                title: pair.title,
                key: pair.key,
                reason: shown_reason(pair.severing.reason),
            })
            .collect(),
    }
}

fn issue_look(look: engine::Look) -> IssueLook {
    match look {
        engine::Look::NotThere => IssueLook::NotThere,
        engine::Look::There {
            key,
            title,
            issue_type,
            status,
            project,
            updated_at,
        } => IssueLook::There {
            key,
            title,
            issue_type,
            status,
            project,
            updated_at: updated_at.map(moment),
        },
    }
}

fn compared_field(
    field: &Compared,
    names: &Names,
    parents: &BTreeMap<ItemId, String>,
) -> ComparedField {
    let none = BTreeMap::new();
    let held = |held: &Held| match held {
        Held::Value(value) => backlog::value(value, names, &none),
        Held::Parent(None) => FieldValue::None,
        Held::Parent(Some(parent)) => {
            let title = parents.get(parent).cloned().unwrap_or_default();
            backlog::value(&Value::text(&title), names, &none)
        }
    };
    ComparedField {
        key: field.key.to_string(),
        name: key_name(names, field.key),
        here: held(&field.here),
        there: held(&field.there),
        alike: field.alike,
        standing: match field.standing {
            engine::Standing::ChangedHere => Standing::ChangedHere,
            engine::Standing::ChangedThere => Standing::ChangedThere,
            engine::Standing::ChangedBoth => Standing::ChangedBoth,
            engine::Standing::NeverAgreed => Standing::NeverAgreed,
        },
        suggested: field.suggested.map(|side| match side {
            Side::Workspace => ConflictWinner::Here,
            Side::Remote => ConflictWinner::Jira,
        }),
        seen: format!("{:016x}", field.seen.0),
    }
}

fn key_name(names: &Names, key: ComparedKey) -> String {
    match key {
        ComparedKey::Field(key) => super::sync::field_name(names, key),
        ComparedKey::Parent => "Parent".to_owned(),
    }
}

fn choice(choice: WinnerChoice) -> Result<Choice, ErrorDto> {
    let key = if choice.key == PARENT {
        ComparedKey::Parent
    } else {
        ComparedKey::Field(field_key(&choice.key)?)
    };
    let seen = u64::from_str_radix(&choice.seen, 16).map_err(|_| {
        ErrorDto::new(ErrorCode::BadRequest)
            .with("messages", "what was seen is given back as it came")
    })?;
    Ok(Choice {
        key,
        seen: SeenOnce(seen),
        winner: choice.winner.map(side),
    })
}

fn side(winner: ConflictWinner) -> Side {
    match winner {
        ConflictWinner::Here => Side::Workspace,
        ConflictWinner::Jira => Side::Remote,
    }
}

fn unlinked(unlinked: engine::Unlinked) -> Unlinked {
    Unlinked {
        link_ids: unlinked.links.into_iter().map(|link| link.0).collect(),
    }
}

fn links(ids: &[i64]) -> Vec<LinkId> {
    ids.iter().copied().map(LinkId).collect()
}

fn items(ids: &[i64]) -> Vec<ItemId> {
    ids.iter().copied().map(ItemId).collect()
}

fn shown_reason(reason: store::link::SeverReason) -> SeverReason {
    use store::link::SeverReason as Stored;
    match reason {
        Stored::DeletedThere => SeverReason::DeletedThere,
        Stored::DeletedHere => SeverReason::DeletedHere,
        Stored::MovedAway => SeverReason::MovedAway,
        Stored::OutOfScope => SeverReason::OutOfScope,
        Stored::NoPermission => SeverReason::NoPermission,
        Stored::ConnectionRemoved => SeverReason::ConnectionRemoved,
        Stored::ByHand => SeverReason::ByHand,
    }
}

fn stored_reason(reason: SeverReason) -> store::link::SeverReason {
    use store::link::SeverReason as Stored;
    match reason {
        SeverReason::DeletedThere => Stored::DeletedThere,
        SeverReason::DeletedHere => Stored::DeletedHere,
        SeverReason::MovedAway => Stored::MovedAway,
        SeverReason::OutOfScope => Stored::OutOfScope,
        SeverReason::NoPermission => Stored::NoPermission,
        SeverReason::ConnectionRemoved => Stored::ConnectionRemoved,
        SeverReason::ByHand => Stored::ByHand,
    }
}
