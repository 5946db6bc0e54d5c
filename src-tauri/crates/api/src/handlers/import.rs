//! Step 7.

use super::connections::integration;
use crate::app::App;
use crate::convert;
use crate::dto::{
    AgeBar, Integration, IntegrationArgs, PlanAction, PlanField, PlanGroup, PlanRowArgs,
    PlanRowDetail, PlanRows, PlanRowsAfter, PlanRowsAfterArgs, PlanRowsArgs, PlanSummary,
    RowOutcome, Run, RunArgs, SaveScopeArgs, ScopeArgs, ScopeReport,
};
use crate::error::ErrorDto;
use crate::reasons::{self, Names};
use engine::{EngineError, RunState};
use std::collections::BTreeMap;
use store::run_row::{Action, RowFilter};
use store::{IntegrationId, RowSeq, RunId};
use sync::convert::Want;
use sync::plan::{Action as Decided, Decision, Place};
use sync::remote::RemoteValue;
use workspace::{AreaId, FieldKey, SystemField, Value};

impl App {
    /// What Jira says of a filter.
    ///
    /// # Errors
    /// What the way to Jira meets; a filter that is not accepted is in the report.
    pub async fn scope_check(&self, args: ScopeArgs) -> Result<ScopeReport, ErrorDto> {
        let id = IntegrationId(args.integration_id);
        let report = self
            .engine
            .check_scope(id, &args.jql, args.include_closed)
            .await?;
        Ok(ScopeReport {
            ok: report.errors.is_empty(),
            errors: report.errors,
            count: report.count.map(|count| convert::count(count.value)),
            exact: report.count.is_some_and(|count| count.exact),
            histogram: report
                .histogram
                .into_iter()
                .map(|bar| AgeBar {
                    label: bar.label.to_owned(),
                    count: convert::count(bar.count),
                })
                .collect(),
            effective_jql: report.jql,
        })
    }

    /// Keeps a filter and where imported items land.
    ///
    /// # Errors
    /// `not_found`.
    pub async fn scope_save(&self, args: SaveScopeArgs) -> Result<Integration, ErrorDto> {
        let id = IntegrationId(args.integration_id);
        let area = args.area_id.map(AreaId);
        let view = self
            .engine
            .save_scope(id, &args.jql, args.include_closed, area)
            .await?;
        Ok(integration(&view))
    }

    /// Begins to read for a plan.
    ///
    /// # Errors
    /// `run_active`, `mapping_missing`, `mapping_refused`, `type_gone`, `field_gone`, `jql_invalid`, or what Jira
    /// says.
    pub async fn import_plan(&self, args: IntegrationArgs) -> Result<Run, ErrorDto> {
        let id = IntegrationId(args.integration_id);
        match self.engine.plan_import(id).await {
            Ok(run) => Ok(convert::run(&run)),
            Err(error) => Err(self.refusal(id, error).await),
        }
    }

    /// Does what a plan says.
    ///
    /// # Errors
    /// `run_state`.
    pub async fn import_apply(&self, args: RunArgs) -> Result<Run, ErrorDto> {
        Ok(convert::run(
            &self.engine.apply_run(RunId(args.run_id)).await?,
        ))
    }

    /// Lets a run stand still.
    ///
    /// # Errors
    /// `run_state`.
    pub async fn import_pause(&self, args: RunArgs) -> Result<Run, ErrorDto> {
        Ok(convert::run(
            &self.engine.pause_run(RunId(args.run_id)).await?,
        ))
    }

    /// Lets a run go on.
    ///
    /// # Errors
    /// `run_state`.
    pub async fn import_resume(&self, args: RunArgs) -> Result<Run, ErrorDto> {
        Ok(convert::run(
            &self.engine.resume_run(RunId(args.run_id)).await?,
        ))
    }

    /// Ends a run before it is done.
    ///
    /// # Errors
    /// `run_state`.
    pub async fn import_cancel(&self, args: RunArgs) -> Result<Run, ErrorDto> {
        Ok(convert::run(
            &self.engine.cancel_run(RunId(args.run_id)).await?,
        ))
    }

    /// Takes back what a run wrote.
    ///
    /// # Errors
    /// `run_state`.
    pub async fn import_undo(&self, args: RunArgs) -> Result<Run, ErrorDto> {
        Ok(convert::run(
            &self.engine.undo_run(RunId(args.run_id)).await?,
        ))
    }

    /// A run as it is now.
    ///
    /// # Errors
    /// `not_found`.
    pub async fn run(&self, args: RunArgs) -> Result<Run, ErrorDto> {
        Ok(convert::run(&self.engine.run(RunId(args.run_id)).await?))
    }

    /// Runs of an integration, the newest first.
    ///
    /// # Errors
    /// What the database meets.
    pub async fn runs(&self, args: IntegrationArgs) -> Result<Vec<Run>, ErrorDto> {
        let runs = self.engine.runs(IntegrationId(args.integration_id)).await?;
        Ok(runs.iter().map(convert::run).collect())
    }

    /// A plan counted.
    ///
    /// # Errors
    /// `not_found`.
    pub async fn plan_summary(&self, args: RunArgs) -> Result<PlanSummary, ErrorDto> {
        let (counts, schema) = self.engine.plan_counts(RunId(args.run_id)).await?;
        let mut groups: BTreeMap<(PlanAction, Option<String>, String), u32> = BTreeMap::new();
        for found in counts {
            let action = found.action.map_or(PlanAction::Skip, convert::action);
            let key = (action, found.reason_code, found.remote_type);
            *groups.entry(key).or_default() += convert::count(found.rows);
        }
        let groups = groups
            .into_iter()
            .map(|((action, reason, remote_type), count)| PlanGroup {
                action,
                reason_text: reason
                    .as_ref()
                    .map(|code| convert::row_reason(code, &schema, &remote_type)),
                reason,
                remote_type: convert::remote_type_name(&schema, &remote_type),
                count,
            })
            .collect();
        Ok(PlanSummary { groups })
    }

    /// Rows of a plan.
    ///
    /// # Errors
    /// `not_found`.
    pub async fn plan_rows(&self, args: PlanRowsArgs) -> Result<PlanRows, ErrorDto> {
        let run = RunId(args.run_id);
        let names = self.engine.plan_names(run).await?;
        let type_id = |name: String| {
            let found = names.schema.types.iter().find(|known| known.name == name);
            found.map_or(name, |known| known.id.clone())
        };
        let filter = RowFilter {
            remote_type: args.remote_type.map(type_id),
            reason_code: args.reason,
            search: args.search.filter(|words| !words.trim().is_empty()),
            ..filter(args.action, args.outcome, names.state)
        };
        let page = self
            .engine
            .plan_page(run, filter, u64::from(args.offset), args.limit)
            .await?;
        let rows = page.rows.iter();
        Ok(PlanRows {
            total: convert::count(page.total),
            rows: rows.map(|row| convert::plan_row(row, &names)).collect(),
        })
    }

    /// Rows of a plan, one page after another.
    ///
    /// # Errors
    /// `not_found`.
    pub async fn plan_rows_after(
        &self,
        args: PlanRowsAfterArgs,
    ) -> Result<PlanRowsAfter, ErrorDto> {
        let run = RunId(args.run_id);
        let names = self.engine.plan_names(run).await?;
        let filter = filter(args.action, args.outcome, names.state);
        let after = (args.after > 0).then_some(RowSeq(args.after));
        let limit = args.limit.clamp(1, 1000);
        let page = self
            .engine
            .plan_rows_after(run, filter, after, limit)
            .await?;
        let full = page.len() == limit as usize;
        Ok(PlanRowsAfter {
            next: page.last().filter(|_| full).map(|row| row.seq.0),
            rows: page
                .iter()
                .map(|row| convert::plan_row(row, &names))
                .collect(),
        })
    }

    /// What a row does, field by field.
    ///
    /// # Errors
    /// `not_found`.
    pub async fn plan_row(&self, args: PlanRowArgs) -> Result<PlanRowDetail, ErrorDto> {
        let run = RunId(args.run_id);
        let look = self.engine.plan_row(run, RowSeq(args.seq)).await?;
        let plan = self.engine.plan_names(run).await?;
        let row = convert::plan_row(&look.row, &plan);
        let (fields, people, options) = self
            .engine
            .store()
            .read(|read| {
                let people: BTreeMap<_, _> = store::person::list(read)?
                    .into_iter()
                    .map(|person| (person.id, person.name))
                    .collect();
                let options: BTreeMap<_, _> = store::field_option::list(read)?
                    .into_iter()
                    .map(|option| (option.id, option.name))
                    .collect();
                Ok((store::field::list(read)?, people, options))
            })
            .await
            .map_err(EngineError::from)?;
        let names = Names::new(&[], &[], &fields, &plan.schema);
        let text = |value: &Value| value_text(value, &people, &options);
        let told = |field: FieldKey| {
            let mut pairs = plan.mapping.fields.iter();
            let pair = pairs.find(|pair| pair.field == field)?;
            look.issue.as_ref()?.values.get(&pair.remote_field)
        };
        let after = |decision: &Decision, field: FieldKey, value: &Value| {
            let told = told(field);
            let mut parts = Vec::from_iter(text(value));
            for want in &decision.wants {
                match lacking(want, field, told) {
                    Some(Lacking::Name(name)) => parts.push(name.to_owned()),
                    // Which of them become items is seen only at the end; Jira's own words stand in.
                    Some(Lacking::Item) => return told.and_then(convert::remote_text),
                    None => {}
                }
            }
            (!parts.is_empty()).then(|| parts.join(", "))
        };
        let mut lines = Vec::new();
        let mut notes = Vec::new();
        if let Some(decision) = &look.decided {
            match &decision.action {
                Decided::Create(draft) => {
                    let title = FieldKey::System(SystemField::Title);
                    lines.push(line(&names, title, None, Some(draft.title.clone()), false));
                    for pair in plan
                        .mapping
                        .fields
                        .iter()
                        .filter(|pair| pair.field != title)
                    {
                        let value = draft.values.get(&pair.field).unwrap_or(&Value::None);
                        let after = after(decision, pair.field, value);
                        if let Some(after) = after {
                            let after = Some(convert::cut(&after));
                            lines.push(line(&names, pair.field, None, after, false));
                        }
                    }
                }
                Decided::Update(update) => {
                    for change in &update.changes {
                        let after = after(decision, change.field, &change.after);
                        lines.push(line(
                            &names,
                            change.field,
                            text(&change.before),
                            after,
                            false,
                        ));
                    }
                }
                Decided::Unchanged { .. } | Decided::Skip(_) => {}
            }
            for conflict in &decision.conflicts {
                let (here, there) = (text(&conflict.workspace), text(&conflict.remote));
                lines.push(line(&names, conflict.field, here, there, true));
            }
            notes.extend(
                decision
                    .notes
                    .iter()
                    .map(|note| reasons::conversion_left_out(note, &names)),
            );
        }
        if let Some(Place::TopBecause(note)) = look.place {
            notes.push(reasons::parent_note(note).to_owned());
        }
        Ok(PlanRowDetail {
            row,
            fields: lines,
            notes,
        })
    }
}

fn filter(action: Option<PlanAction>, outcome: Option<RowOutcome>, run: RunState) -> RowFilter {
    RowFilter {
        action: action.map(|action| match action {
            PlanAction::Create => Action::Create,
            PlanAction::Update => Action::Update,
            PlanAction::Unchanged => Action::Unchanged,
            PlanAction::Skip => Action::Skip,
        }),
        states: outcome.map(|outcome| convert::row_states(outcome, run)),
        ..RowFilter::default()
    }
}

fn line(
    names: &Names,
    field: FieldKey,
    before: Option<String>,
    after: Option<String>,
    conflict: bool,
) -> PlanField {
    PlanField {
        name: names.field(field),
        before,
        after,
        conflict,
    }
}

/// What the workspace has yet to make for a field's value to be whole.
enum Lacking<'w> {
    /// A choice or a person of this name.
    Name(&'w str),
    /// An item.
    Item,
}

/// What a want adds to a field, of which Jira told this.
fn lacking<'w>(want: &'w Want, field: FieldKey, told: Option<&RemoteValue>) -> Option<Lacking<'w>> {
    match want {
        Want::Option { field: of, choice } => (*of == field).then_some(Lacking::Name(&choice.name)),
        Want::Item { field: of, .. } => (*of == field).then_some(Lacking::Item),
        Want::Person(person) => match told {
            // Of several people a field takes the first.
            Some(RemoteValue::People(people)) if people.first() == Some(person) => {
                Some(Lacking::Name(&person.name))
            }
            _ => None,
        },
    }
}

fn value_text(
    value: &Value,
    people: &BTreeMap<workspace::PersonId, String>,
    options: &BTreeMap<workspace::OptionId, String>,
) -> Option<String> {
    let joined = |names: Vec<String>| Some(names.join(", "));
    match value {
        Value::None => None,
        Value::Text(text) | Value::Link(text) => Some(text.clone()),
        Value::RichText(rich) => Some(rich.plain.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Date(day) => Some(day.to_string()),
        Value::Options(ids) => joined(
            ids.iter()
                .filter_map(|id| options.get(id).cloned())
                .collect(),
        ),
        Value::People(ids) => joined(
            ids.iter()
                .filter_map(|id| people.get(id).cloned())
                .collect(),
        ),
        Value::Labels(words) => joined(words.clone()),
        Value::References(list) => Some(format!("{} items", list.len())),
        Value::Bool(yes) => Some(if *yes { "Yes" } else { "No" }.to_owned()),
    }
}
