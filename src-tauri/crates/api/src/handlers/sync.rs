//! Editing here, and keeping in step.

use super::backlog::{self, Names};
use super::rich;
use crate::app::App;
use crate::convert::{self, field_key, moment};
use crate::dto::{
    ChoiceCreateArgs, ChoiceCreated, Conflict, ConflictWinner, ConflictsArgs, CreateState,
    EditArgs, EditValue, Edited, FieldArgs, FieldChoices, Fuse, FuseArgs, FuseLimits, IdArgs,
    IntegrationArgs, ItemRelation, ItemSync, Nothing, PauseArgs, PersonChoice, ResolveArgs,
    RetryArgs, RichBlocks, RichSource, RichSourceArgs, SyncComparison, SyncHold, SyncProblem,
    SyncReport, SyncState, Turn,
};
use crate::error::{ErrorCode, ErrorDto};
use engine::{CycleReport, EditRefusal, EngineError, Hold};
use store::{CreateIntentId, IntegrationId, JournalSeq};
use sync::reconcile::Side;
use workspace::value::{Reference, Relation};
use workspace::{FieldKey, ItemId, Kind, OptionId, PersonId, SystemField, Value};

impl App {
    /// Sets a field of an item: kept when this returns, and sent to Jira with the next cycle.
    ///
    /// # Errors
    /// `not_found`, `edit_refused`; `edit_overtaken` if a text is another one than the edit began with.
    pub async fn item_edit(&self, args: EditArgs) -> Result<Edited, ErrorDto> {
        let (item, field) = (ItemId(args.item_id), field_key(&args.field)?);
        let edited = match args.value {
            EditValue::Rich {
                format,
                source,
                was,
            } => {
                let was = rich::source(format, was);
                let text = rich::source(format, source);
                self.engine.edit_rich(item, field, text, was).await?
            }
            EditValue::Dependency {
                item_id,
                relation,
                there,
            } => {
                if field != FieldKey::System(SystemField::Dependencies) {
                    return Err(EngineError::from(EditRefusal::Kind).into());
                }
                let end = Reference {
                    item: ItemId(item_id),
                    relation: relation_of(relation),
                };
                self.engine.edit_dependency(item, end, there).await?
            }
            other => {
                let value = value(other)?;
                self.engine.edit_item(item, field, value).await?
            }
        };
        self.edited(item, edited.entry).await
    }

    /// A text with structure as it is edited.
    ///
    /// # Errors
    /// `not_found`, `edit_refused`.
    pub async fn rich_source(&self, args: RichSourceArgs) -> Result<RichSource, ErrorDto> {
        let (item, field) = (ItemId(args.item_id), field_key(&args.field)?);
        let found = self.engine.rich_source(item, field).await?;
        Ok(rich::source_dto(found))
    }

    /// A text as it would be shown.
    ///
    /// # Errors
    /// None.
    pub async fn rich_preview(&self, args: RichSource) -> Result<RichBlocks, ErrorDto> {
        Ok(RichBlocks {
            blocks: rich::preview(&args),
        })
    }

    /// Takes an edit back.
    ///
    /// # Errors
    /// `not_found`, `edit_overtaken`.
    pub async fn item_edit_undo(&self, args: IdArgs) -> Result<Edited, ErrorDto> {
        let entry = JournalSeq(args.id);
        let found = self
            .engine
            .store()
            .read(move |read| store::journal::get(read, entry))
            .await
            .map_err(EngineError::from)?;
        let item = found.ok_or(EngineError::NotFound("edit"))?.item;
        let edited = self.engine.undo_edit(entry).await?;
        self.edited(item, edited.entry).await
    }

    async fn edited(&self, item: ItemId, entry: Option<JournalSeq>) -> Result<Edited, ErrorDto> {
        Ok(Edited {
            item: self.item(IdArgs { id: item.0 }).await?,
            undo: entry.map(|entry| entry.0),
        })
    }

    /// How far an item's edits have come.
    ///
    /// # Errors
    /// What the database meets.
    pub async fn item_sync(&self, args: IdArgs) -> Result<ItemSync, ErrorDto> {
        let state = self.engine.item_sync(ItemId(args.id)).await?;
        let create = state.create.as_ref().map(create_state);
        let keys = |fields: std::collections::BTreeSet<FieldKey>| {
            fields.iter().map(ToString::to_string).collect()
        };
        Ok(ItemSync {
            unsent: keys(state.unsent),
            conflicts: keys(state.conflicts),
            problem: state.problem.as_ref().map(ErrorDto::from),
            create,
        })
    }

    /// What can be chosen for a field.
    ///
    /// # Errors
    /// `not_found`.
    pub async fn field_choices(&self, args: FieldArgs) -> Result<FieldChoices, ErrorDto> {
        let key = field_key(&args.field)?;
        let names = self.names().await?;
        let field = names.fields.iter().find(|field| field.key == key);
        let field = field.ok_or(EngineError::NotFound("field"))?;
        let people = if field.kind == Kind::Person {
            let people = names.people.iter();
            let mut people: Vec<PersonChoice> = people
                .map(|(id, name)| PersonChoice {
                    id: id.0,
                    name: name.clone(),
                })
                .collect();
            people.sort_by(|a, b| (&a.name, a.id).cmp(&(&b.name, b.id)));
            people
        } else {
            Vec::new()
        };
        let all = self
            .engine
            .store()
            .read(store::field_option::list)
            .await
            .map_err(EngineError::from)?;
        let own = all.iter().filter(|option| option.field == key);
        Ok(FieldChoices {
            options: own
                .filter_map(|option| names.options.get(&option.id).cloned())
                .collect(),
            people,
            editable: engine::is_edited(field),
        })
    }

    /// Brings an integration into step now.
    ///
    /// # Errors
    /// `run_active`, `mapping_missing`, `connection_stopped`, or what Jira says.
    pub async fn sync_now(&self, args: IntegrationArgs) -> Result<SyncReport, ErrorDto> {
        let report = self.engine.sync(IntegrationId(args.integration_id)).await?;
        Ok(sync_report(&report))
    }

    /// How the keeping in step of each integration stands.
    ///
    /// # Errors
    /// What the database meets.
    pub async fn sync_states(&self, _: Nothing) -> Result<Vec<SyncState>, ErrorDto> {
        let states = self.engine.sync_states().await?.into_iter();
        Ok(states.map(sync_state).collect())
    }

    /// Lets an integration rest, or go on.
    ///
    /// # Errors
    /// `not_found`.
    pub async fn integration_pause(&self, args: PauseArgs) -> Result<Nothing, ErrorDto> {
        let id = IntegrationId(args.integration_id);
        self.engine.pause_integration(id, args.paused).await?;
        Ok(Nothing {})
    }

    /// Decides about a cycle that stopped because it would have changed unusually much.
    ///
    /// # Errors
    /// `not_found` if none has stopped.
    pub async fn fuse_decide(&self, args: FuseArgs) -> Result<Nothing, ErrorDto> {
        let id = IntegrationId(args.integration_id);
        self.engine.decide_fuse(id, args.go_on).await?;
        Ok(Nothing {})
    }

    /// How much a cycle of an integration may change before it stops and asks.
    ///
    /// # Errors
    /// None of its own.
    pub async fn fuse_limits(&self, args: IntegrationArgs) -> Result<FuseLimits, ErrorDto> {
        let id = IntegrationId(args.integration_id);
        let limits = self.engine.fuse_limits(id).await?;
        Ok(FuseLimits {
            integration_id: args.integration_id,
            changed_percent: limits.changed_percent,
            emptied_percent: limits.emptied_percent,
        })
    }

    /// Says how much a cycle of an integration may change before it stops and asks.
    ///
    /// # Errors
    /// `bad_request` for what is no share; `not_found`.
    pub async fn fuse_limits_set(&self, args: FuseLimits) -> Result<FuseLimits, ErrorDto> {
        let shares = [args.changed_percent, args.emptied_percent];
        if shares.iter().any(|share| !(1..=100).contains(share)) {
            return Err(ErrorDto::new(ErrorCode::BadRequest));
        }
        let limits = store::fuse::FuseLimits {
            changed_percent: args.changed_percent,
            emptied_percent: args.emptied_percent,
        };
        let id = IntegrationId(args.integration_id);
        self.engine.set_fuse_limits(id, limits).await?;
        Ok(args)
    }

    /// Compares every pair of an integration with what Jira holds, now and without rests.
    ///
    /// # Errors
    /// `not_found`.
    pub async fn compare_all(&self, args: IntegrationArgs) -> Result<Nothing, ErrorDto> {
        let id = IntegrationId(args.integration_id);
        self.engine.compare_all(id).await?;
        Ok(Nothing {})
    }

    /// Says that somebody looks at the window: changes are looked for more often for a while.
    ///
    /// # Errors
    /// None.
    pub async fn looking(&self, _: Nothing) -> Result<Nothing, ErrorDto> {
        self.engine.looked();
        Ok(Nothing {})
    }

    /// Fields that both sides changed and nobody has decided, the oldest first; at most 1,000.
    ///
    /// # Errors
    /// `bad_request` for a field that is none.
    pub async fn conflicts(&self, args: ConflictsArgs) -> Result<Vec<Conflict>, ErrorDto> {
        let search = store::conflict::Search {
            integration: args.integration_id.map(IntegrationId),
            field: args.field.as_deref().map(field_key).transpose()?,
            item: args.item_id.map(ItemId),
            key: args.key,
        };
        let found = self.engine.conflicts(search).await?;
        if found.is_empty() {
            return Ok(Vec::new());
        }
        let names = self.names().await?;
        let values = found.iter().flat_map(|found| {
            let turns = found.turns.iter().map(|turn| &turn.after);
            let sides = [&found.here, &found.there].into_iter();
            found.base.iter().chain(sides).chain(turns)
        });
        let items = self.item_refs(backlog::named(values), &names).await?;
        let show = |value: &Value| backlog::value(value, &names, &items);
        Ok(found
            .into_iter()
            .map(|found| Conflict {
                item_id: found.conflict.item.0,
                title: found.title,
                key: found.key,
                field: found.conflict.field.to_string(),
                field_name: field_name(&names, found.conflict.field),
                since: moment(found.conflict.since),
                base: found.base.as_ref().map(show),
                here: show(&found.here),
                there: show(&found.there),
                turns: found
                    .turns
                    .iter()
                    .map(|turn| Turn {
                        from_jira: turn.integration.is_some(),
                        value: show(&turn.after),
                        at: moment(turn.at),
                    })
                    .collect(),
            })
            .collect())
    }

    /// Decides a conflict for one side.
    ///
    /// # Errors
    /// `not_found` if the field is not in conflict any more.
    pub async fn conflict_resolve(&self, args: ResolveArgs) -> Result<Nothing, ErrorDto> {
        let winner = match args.winner {
            ConflictWinner::Here => Side::Workspace,
            ConflictWinner::Jira => Side::Remote,
        };
        let field = field_key(&args.field)?;
        self.engine
            .resolve_conflict(ItemId(args.item_id), field, winner)
            .await?;
        Ok(Nothing {})
    }

    /// Issues that could not be changed, not be read, or not be made.
    ///
    /// # Errors
    /// What the database meets.
    pub async fn sync_problems(&self, args: IntegrationArgs) -> Result<Vec<SyncProblem>, ErrorDto> {
        let id = IntegrationId(args.integration_id);
        let unmade = self.engine.unmade(id).await?.into_iter();
        let unmade = unmade.map(|found| SyncProblem {
            remote_id: String::new(),
            unmade_id: Some(found.intent.id.0),
            key: String::new(),
            item_id: Some(found.intent.item.0),
            title: found.title,
            attempts: found.intent.attempts,
            next_at: (!found.intent.is_parked).then(|| moment(found.intent.next_at)),
            problem: ErrorDto::from(&found.problem),
        });
        let found = self.engine.sync_problems(id).await?;
        Ok(unmade
            .chain(found.into_iter().map(|found| SyncProblem {
                remote_id: found.due.remote_id,
                unmade_id: None,
                key: found.key,
                item_id: found.item.map(|id| id.0),
                title: found.title,
                attempts: found.due.attempts,
                next_at: (!found.due.is_parked).then(|| moment(found.due.next_at)),
                problem: ErrorDto::from(&found.problem),
            }))
            .collect())
    }

    /// Lets issues that failed be tried again with the next cycle.
    ///
    /// # Errors
    /// What the database meets.
    pub async fn sync_retry(&self, args: RetryArgs) -> Result<Nothing, ErrorDto> {
        let id = IntegrationId(args.integration_id);
        let unmade = args.unmade_ids.into_iter().map(CreateIntentId).collect();
        let some = args.remote_ids.map(|issues| (issues, unmade));
        self.engine.retry_sync(id, some).await?;
        Ok(Nothing {})
    }
}

impl App {
    /// Makes the version or component in Jira for want of which an issue could not be changed, unless the project has one
    /// of that name. All that waited for it is tried again with the next cycle.
    ///
    /// # Errors
    /// `not_found` if the issue waits for none; what Jira says, as `permission_missing`.
    pub async fn choice_create(&self, args: ChoiceCreateArgs) -> Result<ChoiceCreated, ErrorDto> {
        let id = IntegrationId(args.integration_id);
        let name = self.engine.create_choice(id, &args.remote_id).await?;
        Ok(ChoiceCreated { name })
    }
}

pub(super) fn create_state(found: &engine::CreateState) -> CreateState {
    CreateState {
        integration_id: found.integration.0,
        unmade_id: found.id.0,
        under_way: found.is_under_way,
        waits_for: found.waits_for.clone(),
        problem: found.problem.as_ref().map(ErrorDto::from),
        parked: found.is_parked,
    }
}

fn sync_report(report: &CycleReport) -> SyncReport {
    SyncReport {
        made: convert::count(report.made),
        heard: convert::count(report.heard),
        created: convert::count(report.pulled.created),
        updated: convert::count(report.pulled.updated),
        sent: convert::count(report.sent),
        waiting: convert::count(report.waiting),
        parked: convert::count(report.parked),
        conflicts: convert::count(report.conflicts),
        severed: convert::count(report.severed),
        asked: convert::count(report.asked),
    }
}

fn sync_state(state: engine::SyncState) -> SyncState {
    SyncState {
        integration_id: state.integration.0,
        hold: match state.hold {
            Hold::None => SyncHold::None,
            Hold::NotImported => SyncHold::NotImported,
            Hold::Paused => SyncHold::Paused,
            Hold::ConnectionStopped => SyncHold::ConnectionStopped,
            Hold::Import => SyncHold::Import,
            Hold::Fuse => SyncHold::Fuse,
        },
        automatic: state.is_kept,
        running: state.is_under_way,
        in_step_at: state.in_step_at.map(moment),
        report: state.report.as_ref().map(sync_report),
        next_at: state.next_at.map(moment),
        problem: state.problem.as_ref().map(ErrorDto::from),
        linked: convert::count(state.linked),
        apart: convert::count(state.apart),
        comparison: SyncComparison {
            began_at: state.comparison.began_at.map(moment),
            done: convert::count(state.compared),
            ended_at: state.comparison.ended_at.map(moment),
        },
        fuse: state.fuse.map(|fuse| Fuse {
            run_id: fuse.run.map(|run| run.0),
            incoming: convert::count(fuse.incoming),
            blanked: convert::count(fuse.blanked),
            outgoing: convert::count(fuse.outgoing),
            linked: convert::count(fuse.linked),
            at: moment(fuse.blown_at),
        }),
    }
}

pub(super) fn field_name(names: &Names, key: FieldKey) -> String {
    let field = names.fields.iter().find(|field| field.key == key);
    match (field, key) {
        (Some(field), _) => field.name.clone(),
        (None, FieldKey::System(system)) => system.default_name().to_owned(),
        (None, FieldKey::Custom(_)) => key.to_string(),
    }
}

/// A value in canonical form, however it was typed.
pub(super) fn value(value: EditValue) -> Result<Value, ErrorDto> {
    Ok(match value {
        EditValue::None => Value::None,
        EditValue::Text { text } => Value::text(text.trim_end()),
        EditValue::Number { number } => Value::number(number),
        EditValue::Date { date } => Value::Date(date.parse().map_err(|_| {
            ErrorDto::new(ErrorCode::BadRequest).with("messages", "a day is written as 2026-01-31")
        })?),
        EditValue::Options { ids } => Value::options(ids.into_iter().map(OptionId)),
        EditValue::Person { id } => Value::people([PersonId(id)]),
        EditValue::Labels { labels } => Value::labels(labels),
        EditValue::Bool { yes } => Value::Bool(yes),
        EditValue::Item { id } => Value::part_of(Some(ItemId(id))),
        // They are set through edits that know what stands there.
        EditValue::Rich { .. } | EditValue::Dependency { .. } => {
            return Err(ErrorDto::new(ErrorCode::BadRequest));
        }
        EditValue::Link { href } => match href.trim() {
            "" => Value::None,
            address => Value::Link(address.to_owned()),
        },
    })
}

fn relation_of(relation: ItemRelation) -> Relation {
    match relation {
        ItemRelation::Blocks => Relation::Blocks,
        ItemRelation::BlockedBy => Relation::BlockedBy,
        ItemRelation::RelatesTo => Relation::RelatesTo,
    }
}
