//! From the engine's terms to what travels. No decisions: only shapes and words.

use crate::dto;
use crate::error::{ErrorCode, ErrorDto};
use crate::reasons::{self, Names};
use engine::{EngineError, PlanNames, Problem, RunState, RunView, SecretKind, Topic};
use jiff::Timestamp;
use store::run_row::{Action, RowState, RunRow};
use sync::mapping::{Direction, FieldPair, Severity, TypePair, ValuePair, Winner};
use sync::plan::ParentNote;
use sync::remote::{RemoteValue, Schema};
use workspace::{FieldKey, FieldOption, OptionId};

impl From<&Problem> for ErrorDto {
    fn from(problem: &Problem) -> Self {
        let code =
            serde_json::from_value(problem.code.clone().into()).unwrap_or(ErrorCode::Internal);
        let mut detail = problem.detail.clone();
        // People read clocks on walls.
        if let Some(until) = detail.get("until")
            && let Ok(until) = until.parse::<jiff::Timestamp>()
        {
            let here = jiff::tz::TimeZone::system().to_datetime(until);
            detail.insert("until_time".to_owned(), here.strftime("%H:%M").to_string());
        }
        Self { code, detail }
    }
}

impl From<EngineError> for ErrorDto {
    fn from(error: EngineError) -> Self {
        let names = Names::default();
        let messages = match &error {
            EngineError::TypesRefused(findings) => findings
                .iter()
                .map(|finding| reasons::type_finding(&finding.reason, &names))
                .collect(),
            EngineError::FieldsRefused(findings) => findings
                .iter()
                .map(|finding| reasons::field_finding(&finding.reason, &names))
                .collect(),
            EngineError::StatusesRefused(findings) => findings
                .iter()
                .map(|finding| reasons::status_finding(finding.reason, None))
                .collect(),
            _ => Vec::new(),
        };
        let dto = Self::from(&Problem::from(&error));
        if messages.is_empty() {
            dto
        } else {
            dto.with("messages", &messages.join(". "))
        }
    }
}

pub(crate) fn count(number: u64) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// What is kept in memory is kept for a demonstration, which nobody is told about.
pub(crate) fn secret_kind(kind: SecretKind) -> dto::SecretStoreKind {
    match kind {
        SecretKind::Keyring | SecretKind::Memory => dto::SecretStoreKind::Keyring,
        SecretKind::File => dto::SecretStoreKind::File,
    }
}

pub(crate) fn moment(moment: Timestamp) -> String {
    moment.to_string()
}

pub(crate) fn tag(topic: Topic) -> dto::Tag {
    match topic {
        Topic::App => dto::Tag::App,
        Topic::Connections => dto::Tag::Connections,
        Topic::Integrations => dto::Tag::Integrations,
        Topic::Runs => dto::Tag::Runs,
        Topic::Items => dto::Tag::Items,
        Topic::Sync => dto::Tag::Sync,
    }
}

pub(crate) fn site_kind(kind: jira::SiteKind) -> dto::SiteKind {
    match kind {
        jira::SiteKind::Cloud => dto::SiteKind::Cloud,
        jira::SiteKind::DataCenter => dto::SiteKind::DataCenter,
    }
}

pub(crate) fn stored_kind(kind: store::connection::SiteKind) -> dto::SiteKind {
    match kind {
        store::connection::SiteKind::Cloud => dto::SiteKind::Cloud,
        store::connection::SiteKind::DataCenter => dto::SiteKind::DataCenter,
    }
}

pub(crate) fn run_state(state: RunState) -> dto::RunState {
    match state {
        RunState::Listing => dto::RunState::Listing,
        RunState::Reading => dto::RunState::Reading,
        RunState::Planned => dto::RunState::Planned,
        RunState::Applying => dto::RunState::Applying,
        RunState::Paused => dto::RunState::Paused,
        RunState::Cancelled => dto::RunState::Cancelled,
        RunState::Done => dto::RunState::Done,
        RunState::Undoing => dto::RunState::Undoing,
        RunState::Undone => dto::RunState::Undone,
    }
}

pub(crate) fn run(view: &RunView) -> dto::Run {
    let counts = &view.run.counts;
    let undoable = matches!(view.run.state, RunState::Done | RunState::Cancelled)
        && counts.created + counts.updated > 0;
    dto::Run {
        id: view.run.id.0,
        integration_id: view.run.integration.0,
        integration_name: view.integration_name.clone(),
        state: run_state(view.run.state),
        resumes: view.run.resumes.map(run_state),
        done: count(view.done),
        total: view.total.map(count),
        rate_per_s: view.rate_per_s,
        seconds_left: view.seconds_left,
        counts: dto::RunCounts {
            found: count(counts.listed),
            create: count(view.planned.create),
            update: count(view.planned.update),
            unchanged: count(view.planned.unchanged),
            skip: count(view.planned.skip),
            conflicts: count(view.planned.conflicts),
            created: count(counts.created),
            updated: count(counts.updated),
            // What could not be read is not imported either.
            failed: count(counts.failed + counts.excluded),
            undone: count(view.undone.undone),
        },
        started_at: moment(view.run.started_at),
        ended_at: view.run.ended_at.map(moment),
        problem: view.problem.as_ref().map(ErrorDto::from),
        undoable,
    }
}

pub(crate) fn type_pair(pair: &TypePair) -> dto::TypePair {
    dto::TypePair {
        item_type: pair.item_type.0,
        remote_type: pair.remote_type.clone(),
    }
}

pub(crate) fn type_pairs(pairs: Vec<dto::TypePair>) -> Vec<TypePair> {
    pairs
        .into_iter()
        .map(|pair| TypePair {
            item_type: workspace::ItemTypeId(pair.item_type),
            remote_type: pair.remote_type,
        })
        .collect()
}

pub(crate) fn direction(direction: Direction) -> dto::Direction {
    match direction {
        Direction::Both => dto::Direction::Both,
        Direction::ToRemote => dto::Direction::ToRemote,
        Direction::FromRemote => dto::Direction::FromRemote,
        Direction::SetOnce => dto::Direction::SetOnce,
    }
}

pub(crate) fn severity(severity: Severity) -> dto::Severity {
    match severity {
        Severity::Refused => dto::Severity::Refusal,
        Severity::Warning => dto::Severity::Warning,
    }
}

pub(crate) fn winner(winner: Winner) -> dto::Winner {
    match winner {
        Winner::Ask => dto::Winner::Ask,
        Winner::Remote => dto::Winner::Remote,
        Winner::Workspace => dto::Winner::Workspace,
        Winner::Newest => dto::Winner::Newest,
    }
}

pub(crate) fn winner_told(winner: dto::Winner) -> Winner {
    match winner {
        dto::Winner::Ask => Winner::Ask,
        dto::Winner::Remote => Winner::Remote,
        dto::Winner::Workspace => Winner::Workspace,
        dto::Winner::Newest => Winner::Newest,
    }
}

pub(crate) fn field_pair(pair: &FieldPair) -> dto::FieldPair {
    dto::FieldPair {
        field: pair.field.to_string(),
        remote_field: pair.remote_field.clone(),
        direction: direction(pair.direction),
        winner: winner(pair.winner),
        values: pair
            .values
            .iter()
            .map(|value| dto::ValuePair {
                remote_option: value.remote_option.clone(),
                option: Some(value.option.0),
            })
            .collect(),
        core: pair.core,
    }
}

/// Pairs as they come back. A choice that is left unmapped is simply not in the mapping.
///
/// # Errors
/// `bad_request` for a field key that is none.
pub(crate) fn field_pairs(pairs: Vec<dto::FieldPair>) -> Result<Vec<FieldPair>, ErrorDto> {
    pairs
        .into_iter()
        .map(|pair| {
            Ok(FieldPair {
                field: field_key(&pair.field)?,
                remote_field: pair.remote_field,
                direction: match pair.direction {
                    dto::Direction::Both => Direction::Both,
                    dto::Direction::ToRemote => Direction::ToRemote,
                    dto::Direction::FromRemote => Direction::FromRemote,
                    dto::Direction::SetOnce => Direction::SetOnce,
                },
                winner: winner_told(pair.winner),
                values: pair
                    .values
                    .into_iter()
                    .filter_map(|value| {
                        let option = OptionId(value.option?);
                        Some(ValuePair {
                            remote_option: value.remote_option,
                            option,
                        })
                    })
                    .collect(),
                core: pair.core,
            })
        })
        .collect()
}

/// # Errors
/// `bad_request` for a key that is none.
pub(crate) fn field_key(text: &str) -> Result<FieldKey, ErrorDto> {
    FieldKey::parse(text).ok_or_else(|| {
        ErrorDto::new(ErrorCode::BadRequest).with("messages", &format!("There is no field {text}."))
    })
}

pub(crate) fn option(option: &FieldOption) -> dto::FieldOption {
    dto::FieldOption {
        id: option.id.0,
        name: option.name.clone(),
        colour: option.colour.clone(),
    }
}

/// A text on one line, and no longer than a line.
pub(crate) fn cut(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let short: String = line.chars().take(120).collect();
    if short.len() < line.len() {
        format!("{short}…")
    } else {
        short
    }
}

/// A value of Jira's in a line of text.
pub(crate) fn remote_text(value: &RemoteValue) -> Option<String> {
    Some(match value {
        RemoteValue::None => return None,
        RemoteValue::Text(text) | RemoteValue::Link(text) => cut(text),
        RemoteValue::RichText(rich) => cut(&rich.plain),
        RemoteValue::Number(number) => number.to_string(),
        RemoteValue::Date(day) => day.to_string(),
        RemoteValue::DateTime(moment) => moment.to_string(),
        RemoteValue::Choices(choices) => cut(&choices
            .iter()
            .map(|choice| choice.name.as_str())
            .collect::<Vec<_>>()
            .join(", ")),
        RemoteValue::People(people) => cut(&people
            .iter()
            .map(|person| person.name.as_str())
            .collect::<Vec<_>>()
            .join(", ")),
        RemoteValue::Labels(words) => cut(&words.join(", ")),
        RemoteValue::Links(links) if links.len() == 1 => "1 link".to_owned(),
        RemoteValue::Links(links) => format!("{} links", links.len()),
    })
}

pub(crate) fn action(action: Action) -> dto::PlanAction {
    match action {
        Action::Create => dto::PlanAction::Create,
        Action::Update => dto::PlanAction::Update,
        Action::Unchanged => dto::PlanAction::Unchanged,
        Action::Skip => dto::PlanAction::Skip,
    }
}

/// A name for a Jira type.
pub(crate) fn remote_type_name(schema: &Schema, id: &str) -> String {
    let found = schema.types.iter().find(|known| known.id == id);
    found.map_or_else(|| id.to_owned(), |known| known.name.clone())
}

/// Why a row is what it is, in words.
pub(crate) fn row_reason(code: &str, schema: &Schema, remote_type: &str) -> String {
    match code {
        "type_not_mapped" => format!(
            "The type {} is not mapped",
            remote_type_name(schema, remote_type)
        ),
        "closed" => "Closed, and closed issues are not included".to_owned(),
        "no_title" => "It has no title".to_owned(),
        "severed" => "Was linked before and is disconnected now".to_owned(),
        "linked_elsewhere" => "Another integration keeps it in step already".to_owned(),
        "parent_outside_scope" => reasons::parent_note(ParentNote::OutsideScope).to_owned(),
        "parent_not_mapped" => reasons::parent_note(ParentNote::NotMapped).to_owned(),
        "parent_skipped" => reasons::parent_note(ParentNote::Skipped).to_owned(),
        "parent_level_mismatch" => reasons::parent_note(ParentNote::LevelMismatch).to_owned(),
        "parent_cycle" => reasons::parent_note(ParentNote::CycleBroken).to_owned(),
        "conflict" => "Both sides changed a field; it is kept aside".to_owned(),
        "value_not_mapped" => "A value is not mapped, so its field stays empty".to_owned(),
        "gone_while_reading" => "Gone from Jira, or hidden, since it was found".to_owned(),
        "changed_in_jira" => "Changed in Jira since the plan was made; plan again".to_owned(),
        "moved_on" => "Changed here since the plan was made; plan again".to_owned(),
        "outdated" => "Seen later than when the plan was made; plan again".to_owned(),
        "refused" => "The database refused it".to_owned(),
        other => other.replace('_', " "),
    }
}

/// What became of a row of a run.
fn outcome(row: RowState, run: RunState) -> Option<dto::RowOutcome> {
    match row {
        RowState::Applied if run == RunState::Undone => Some(dto::RowOutcome::Undone),
        RowState::Applied => Some(dto::RowOutcome::Applied),
        RowState::Skipped => Some(dto::RowOutcome::Skipped),
        // What could not be read is not imported either.
        RowState::Failed | RowState::Excluded => Some(dto::RowOutcome::Failed),
        RowState::Listed | RowState::Read => None,
    }
}

/// The states of the rows of a run of which this has become.
pub(crate) fn row_states(wanted: dto::RowOutcome, run: RunState) -> Vec<RowState> {
    let all = RowState::ALL.into_iter();
    all.filter(|row| outcome(*row, run) == Some(wanted))
        .collect()
}

pub(crate) fn plan_row(row: &RunRow, names: &PlanNames) -> dto::PlanRow {
    let PlanNames {
        schema, mapping, ..
    } = names;
    let pair = mapping
        .types
        .iter()
        .find(|pair| pair.remote_type == row.remote_type);
    dto::PlanRow {
        seq: row.seq.0,
        key: if row.remote_key.is_empty() {
            row.remote_id.clone()
        } else {
            row.remote_key.clone()
        },
        title: row.title.clone(),
        remote_type: remote_type_name(schema, &row.remote_type),
        item_type: pair.map(|pair| pair.item_type.0),
        action: row.action.map_or(dto::PlanAction::Skip, action),
        reason: row.reason.as_ref().map(|reason| reason.code.clone()),
        reason_text: row
            .reason
            .as_ref()
            .map(|reason| row_reason(&reason.code, schema, &row.remote_type)),
        outcome: outcome(row.state, names.state),
        url: format!("{}/browse/{}", names.display_url, row.remote_key),
        item_id: row.item.map(|id| id.0),
    }
}
