//! Making items here, and issues of items.

use super::backlog::{self, Names};
use super::sync::{create_state, field_name, value};
use crate::app::App;
use crate::convert::{self, remote_text};
use crate::dto::{
    FieldValue, IdArgs, ItemDetail, NewItemArgs, Nothing, PushArgs, PushCancelled, PushChoice,
    PushInput, PushLeftOut, PushPreview, PushQuestion, PushRow, PushValue, PushWrite, Pushed,
};
use crate::error::{ErrorCode, ErrorDto};
use crate::reasons;
use engine::{ItemDraft, PushAnswer, PushChoices};
use std::collections::BTreeMap;
use store::IntegrationId;
use sync::push::{NewIssue, PushRow as Row};
use sync::remote::{Choice, RemoteField, RemoteKind, RemoteValue, Schema};
use workspace::{AreaId, Item, ItemId, ItemTypeId, Value};

impl App {
    /// Makes an item, the last among its siblings.
    ///
    /// # Errors
    /// `not_found`, `edit_refused`.
    pub async fn item_create(&self, args: NewItemArgs) -> Result<ItemDetail, ErrorDto> {
        let item = self
            .engine
            .create_item(ItemDraft {
                title: args.title,
                item_type: ItemTypeId(args.item_type),
                parent: args.parent_id.map(ItemId),
                area: args.area_id.map(AreaId),
            })
            .await?;
        self.item(IdArgs { id: item.0 }).await
    }

    /// Takes back that an item was made here.
    ///
    /// # Errors
    /// `not_found`, `edit_overtaken`.
    pub async fn item_create_undo(&self, args: IdArgs) -> Result<Nothing, ErrorDto> {
        self.engine.undo_create_item(ItemId(args.id)).await?;
        Ok(Nothing {})
    }

    /// What would be made of some items, and of those above them that have no issue yet.
    ///
    /// # Errors
    /// `not_found` without an integration, `mapping_missing`, or what Jira says.
    pub async fn push_preview(&self, args: PushArgs) -> Result<PushPreview, ErrorDto> {
        let items: Vec<ItemId> = args.item_ids.iter().map(|id| ItemId(*id)).collect();
        let integration = args.integration_id.map(IntegrationId);
        let refresh = args.refresh;
        let choices = push_choices(args)?;
        let found = self
            .engine
            .push_preview(&items, integration, &choices, refresh)
            .await?;
        let names = self.names().await?;
        let made = found.rows.iter().filter(|row| row.outcome.is_ok()).count();
        let rows = found.rows.iter().filter_map(|row| {
            let item = found.items.get(&row.item)?;
            let key = found.keys.get(&row.item).cloned();
            let url = key
                .as_ref()
                .map(|key| format!("{}/browse/{key}", found.display_url));
            Some(PushRow {
                key,
                url,
                create: found.states.get(&row.item).map(create_state),
                ..push_row(row, item, &names, &found.schema)
            })
        });
        Ok(PushPreview {
            integration_id: found.integration.id.0,
            integration_name: found.integration.data.name.clone(),
            project_key: found.integration.data.project_key.clone(),
            rows: rows.collect(),
            count: convert::count(made as u64),
            questions: questions(&found.rows, &found.schema),
            unasked: found.unasked.as_ref().map(ErrorDto::from),
        })
    }

    /// Asks for issues of some items: they are made with the next sync.
    ///
    /// # Errors
    /// `fields_required`, `push_refused`; as [`App::push_preview`].
    pub async fn push(&self, args: PushArgs) -> Result<Pushed, ErrorDto> {
        let items: Vec<ItemId> = args.item_ids.iter().map(|id| ItemId(*id)).collect();
        let integration = args.integration_id.map(IntegrationId);
        let choices = push_choices(args)?;
        let pushed = self.engine.push(&items, integration, &choices).await?;
        Ok(Pushed {
            integration_id: pushed.integration.0,
            item_ids: pushed.queued.into_iter().map(|id| id.0).collect(),
        })
    }

    /// Takes back that issues are to be made of an item and of what is part of it.
    ///
    /// # Errors
    /// `not_found`, `push_under_way`.
    pub async fn push_cancel(&self, args: IdArgs) -> Result<PushCancelled, ErrorDto> {
        let count = self.engine.cancel_push(ItemId(args.id)).await?;
        Ok(PushCancelled { count })
    }
}

fn push_choices(args: PushArgs) -> Result<PushChoices, ErrorDto> {
    let types = args.types.into_iter();
    let answers = args.answers.into_iter().map(|answer| {
        Ok(PushAnswer {
            item: answer.item_id.map(ItemId),
            remote_type: answer.remote_type,
            field: answer.field,
            value: remote_value(answer.value)?,
        })
    });
    Ok(PushChoices {
        types: types
            .map(|chosen| (ItemId(chosen.item_id), chosen.remote_type))
            .collect(),
        anew: args.anew,
        answers: answers.collect::<Result<_, ErrorDto>>()?,
    })
}

fn push_row(row: &Row, item: &Item, names: &Names, schema: &Schema) -> PushRow {
    let mut shown = PushRow {
        item_id: item.id.0,
        depth: convert::count(row.depth as u64),
        title: item.title.clone(),
        item_type: item.item_type.0,
        taken_along: row.taken_along,
        refused: None,
        key: None,
        url: None,
        create: None,
        remote_type: None,
        types: Vec::new(),
        writes: Vec::new(),
        left_out: Vec::new(),
        asked: Vec::new(),
    };
    match &row.outcome {
        Err(refusal) => shown.refused = Some(reasons::push_refusal(refusal)),
        Ok(issue) => {
            shown.remote_type = Some(issue.remote_type.clone());
            let types = issue.types.iter();
            shown.types = types
                .map(|id| PushChoice {
                    id: id.clone(),
                    name: type_name(schema, id),
                })
                .collect();
            shown.writes = writes(issue, item, names);
            shown.left_out = left_out(issue, names);
            shown.asked = issue.asked.iter().map(|field| field.id.clone()).collect();
        }
    }
    shown
}

fn writes(issue: &NewIssue, item: &Item, names: &Names) -> Vec<PushWrite> {
    let none = BTreeMap::new();
    let own = issue.writes.iter().map(|write| PushWrite {
        name: write.remote.name.clone(),
        value: backlog::value(&item.value(write.field), names, &none),
        beside: false,
    });
    let beside = issue.filled.iter().map(|(field, value)| PushWrite {
        name: field.name.clone(),
        value: remote_text(value).map_or(FieldValue::None, |text| FieldValue::Text { text }),
        beside: true,
    });
    own.chain(beside).collect()
}

fn left_out(issue: &NewIssue, names: &Names) -> Vec<PushLeftOut> {
    let parent = issue.parent_left.map(|left| PushLeftOut {
        name: "Parent".to_owned(),
        reason: reasons::parent_left(left).to_owned(),
    });
    let fields = issue.left_out.iter().map(|(field, why)| PushLeftOut {
        name: field_name(names, *field),
        reason: {
            let why: Vec<String> = why.iter().map(reasons::left_out).collect();
            why.join("; ")
        },
    });
    parent.into_iter().chain(fields).collect()
}

fn type_name(schema: &Schema, id: &str) -> String {
    let found = schema.types.iter().find(|found| found.id == id);
    found.map_or_else(|| id.to_owned(), |found| found.name.clone())
}

/// Each question once for all items that become issues of one type.
fn questions(rows: &[Row], schema: &Schema) -> Vec<PushQuestion> {
    let mut questions: Vec<PushQuestion> = Vec::new();
    for row in rows {
        let Ok(issue) = &row.outcome else { continue };
        for field in &issue.asked {
            let known = questions
                .iter_mut()
                .find(|known| known.remote_type == issue.remote_type && known.field == field.id);
            match known {
                Some(known) => known.item_ids.push(row.item.0),
                None => questions.push(PushQuestion {
                    remote_type: issue.remote_type.clone(),
                    type_name: type_name(schema, &issue.remote_type),
                    field: field.id.clone(),
                    name: field.name.clone(),
                    input: input(field),
                    choices: choices(field),
                    item_ids: vec![row.item.0],
                }),
            }
        }
    }
    questions
}

fn input(field: &RemoteField) -> PushInput {
    match field.kind {
        RemoteKind::LongText | RemoteKind::RichText => PushInput::LongText,
        RemoteKind::Number => PushInput::Number,
        RemoteKind::Date => PushInput::Date,
        RemoteKind::Labels => PushInput::Labels,
        RemoteKind::Link => PushInput::Link,
        RemoteKind::SingleSelect | RemoteKind::Version => PushInput::One,
        RemoteKind::MultiSelect | RemoteKind::Versions | RemoteKind::Components => PushInput::Many,
        _ => PushInput::Text,
    }
}

fn choices(field: &RemoteField) -> Vec<PushChoice> {
    let open = field.options.iter().filter(|option| !option.disabled);
    open.map(|option| PushChoice {
        id: option.id.clone(),
        name: option.name.clone(),
    })
    .collect()
}

/// What somebody said, in Jira's terms. Whether it fits the field is the engine's to know.
fn remote_value(said: PushValue) -> Result<RemoteValue, ErrorDto> {
    let typed = match said {
        PushValue::Chosen { ids } => {
            let choice = |id: String| Choice {
                id,
                ..Choice::default()
            };
            return Ok(RemoteValue::Choices(ids.into_iter().map(choice).collect()));
        }
        PushValue::Typed { value } => value,
    };
    Ok(match value(typed)? {
        Value::None => RemoteValue::None,
        Value::Text(text) => RemoteValue::Text(text),
        Value::Number(number) => RemoteValue::Number(number),
        Value::Date(day) => RemoteValue::Date(day),
        Value::Labels(words) => RemoteValue::Labels(words.into_iter().collect()),
        Value::Link(address) => RemoteValue::Link(address),
        _ => {
            let error = ErrorDto::new(ErrorCode::BadRequest);
            return Err(error.with("messages", "such an answer is none of Jira's"));
        }
    })
}
