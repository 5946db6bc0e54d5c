//! Making items, and issues of items.

use crate::arguments::{Create, Push};
use crate::output::{Failure, Output};
use crate::show::integration;
use api::App;
use api::dto::{
    BacklogQuery, BacklogRow, BacklogRowsArgs, EditValue, FieldValue, IdArgs, IntegrationArgs,
    ItemDetail, NewItemArgs, Nothing, PushAnswer, PushArgs, PushInput, PushPreview, PushQuestion,
    PushRow, PushType, PushValue, Pushed, SortColumn,
};
use serde::Serialize;
use std::process::ExitCode;

/// Something waits for somebody, or is tried again later.
const WAITS: u8 = 3;
/// Rows looked through for an item of a name.
const LOOKED: u32 = 1000;

pub async fn create(app: &App, options: Create) -> Result<ExitCode, Failure> {
    let levels = app.levels(Nothing {}).await?;
    let types: Vec<_> = levels.iter().flat_map(|level| &level.types).collect();
    let named = types
        .iter()
        .find(|kind| same(&kind.singular, &options.item_type));
    let Some(kind) = named else {
        let names: Vec<&str> = types.iter().map(|kind| kind.singular.as_str()).collect();
        let names = names.join(", ");
        return Err(Failure::usage(&format!(
            "There is no type {}. There are: {names}",
            options.item_type
        )));
    };
    let area_id = match &options.area {
        None => None,
        Some(name) => {
            let areas = app.areas(Nothing {}).await?;
            let found = areas.iter().find(|area| same(&area.name, name));
            let Some(area) = found else {
                return Err(Failure::usage(&format!("There is no product area {name}")));
            };
            Some(area.id)
        }
    };
    let parent_id = match &options.parent {
        None => None,
        Some(parent) => Some(item_named(app, parent).await?),
    };
    let item = app
        .item_create(NewItemArgs {
            title: options.title,
            item_type: kind.id,
            parent_id,
            area_id,
        })
        .await?;
    Output::new(options.json).print(&item, |item| format!("Made #{}  {}", item.id, item.title));
    Ok(ExitCode::SUCCESS)
}

#[derive(Serialize)]
struct Outcome {
    pushed: Pushed,
    items: Vec<ItemDetail>,
}

pub async fn push(app: &App, options: Push) -> Result<ExitCode, Failure> {
    let output = Output::new(options.json);
    let args = push_args(app, &options).await?;
    let preview = app.push_preview(args.clone()).await?;
    if options.preview {
        output.print(&preview, preview_words);
        return Ok(ExitCode::SUCCESS);
    }
    let answers = answers(&preview, &options)?;
    if preview.count == 0 {
        eprintln!("{}", preview_words(&preview));
    }
    let args = PushArgs { answers, ..args };
    let pushed = app.push(args).await?;
    let integration_id = pushed.integration_id;
    app.sync_now(IntegrationArgs { integration_id }).await?;
    let mut items = Vec::new();
    let mut waits = false;
    for &id in &pushed.item_ids {
        let item = app.item(IdArgs { id }).await?;
        waits |= item.link.is_none();
        items.push(item);
    }
    let mut lines = Vec::new();
    for item in &items {
        lines.push(outcome_line(app, item).await?);
    }
    output.print(&Outcome { pushed, items }, |_| lines.join("\n"));
    Ok(if waits {
        ExitCode::from(WAITS)
    } else {
        ExitCode::SUCCESS
    })
}

async fn outcome_line(app: &App, item: &ItemDetail) -> Result<String, Failure> {
    if let Some(link) = &item.link {
        return Ok(format!("{:<12} {}  {}", link.key, item.title, link.url));
    }
    let state = app.item_sync(IdArgs { id: item.id }).await?.create;
    let why = match state {
        None => "taken back".to_owned(),
        Some(state) => match (&state.problem, &state.waits_for) {
            (Some(problem), _) => {
                let words = problem.words();
                format!("{}: {} {}", words.title, words.cause, words.cure)
            }
            (None, Some(above)) => format!("waits for {above}"),
            (None, None) => "waits for the next sync".to_owned(),
        },
    };
    Ok(format!("#{:<11} {}\n  {why}", item.id, item.title))
}

async fn push_args(app: &App, options: &Push) -> Result<PushArgs, Failure> {
    let integration_id = match &options.integration {
        Some(name) => Some(integration(app, name).await?.id),
        None => None,
    };
    let mut item_ids = Vec::new();
    for name in &options.items {
        item_ids.push(item_named(app, name).await?);
    }
    let mut args = PushArgs {
        item_ids,
        integration_id,
        types: Vec::new(),
        answers: Vec::new(),
        refresh: true,
        anew: options.anew,
    };
    if let Some(wanted) = &options.remote_type {
        // Which of Jira's types there are to choose from, the preview tells.
        let preview = app.push_preview(args.clone()).await?;
        for row in preview.rows.iter().filter(|row| !row.taken_along) {
            let found = row.types.iter().find(|kind| same(&kind.name, wanted));
            if let Some(kind) = found {
                args.types.push(PushType {
                    item_id: row.item_id,
                    remote_type: kind.id.clone(),
                });
            } else if row.refused.is_none() {
                let names: Vec<&str> = row.types.iter().map(|kind| kind.name.as_str()).collect();
                let names = names.join(", ");
                let title = &row.title;
                return Err(Failure::usage(&format!(
                    "“{title}” cannot become {wanted} in Jira. It can become: {names}"
                )));
            }
        }
        args.refresh = false;
    }
    Ok(args)
}

/// What was said with `--field NAME=VALUE`, for all types that ask for it.
fn answers(preview: &PushPreview, options: &Push) -> Result<Vec<PushAnswer>, Failure> {
    let mut answers = Vec::new();
    for question in &preview.questions {
        let given = options.fields.iter().find_map(|given| {
            let (name, value) = given.split_once('=')?;
            (same(name, &question.name) || name == question.field).then_some(value)
        });
        let Some(given) = given else { continue };
        answers.push(PushAnswer {
            item_id: None,
            remote_type: question.remote_type.clone(),
            field: question.field.clone(),
            value: answer(question, given)?,
        });
    }
    Ok(answers)
}

fn answer(question: &PushQuestion, given: &str) -> Result<PushValue, Failure> {
    let words = || given.split(',').map(|word| word.trim().to_owned());
    let value = match question.input {
        PushInput::Text | PushInput::LongText => EditValue::Text {
            text: given.to_owned(),
        },
        PushInput::Number => EditValue::Number {
            number: given.trim().parse().map_err(|_| {
                Failure::usage(&format!("{} wants a number, not {given}", question.name))
            })?,
        },
        PushInput::Date => EditValue::Date {
            date: given.trim().to_owned(),
        },
        PushInput::Labels => EditValue::Labels {
            labels: words().collect(),
        },
        PushInput::Link => EditValue::Link {
            href: given.to_owned(),
        },
        PushInput::One | PushInput::Many => {
            let mut ids = Vec::new();
            for word in words() {
                let found = question
                    .choices
                    .iter()
                    .find(|known| same(&known.name, &word));
                let Some(choice) = found else {
                    let names: Vec<&str> = question
                        .choices
                        .iter()
                        .map(|known| known.name.as_str())
                        .collect();
                    return Err(Failure::usage(&format!(
                        "{} has no choice {word}. There are: {}",
                        question.name,
                        names.join(", ")
                    )));
                };
                ids.push(choice.id.clone());
            }
            return Ok(PushValue::Chosen { ids });
        }
    };
    Ok(PushValue::Typed { value })
}

fn preview_words(preview: &PushPreview) -> String {
    let mut lines = vec![format!(
        "{} of {} would be made in {} ({})",
        preview.count,
        preview.rows.len(),
        preview.integration_name,
        preview.project_key
    )];
    lines.extend(preview.rows.iter().map(row_words));
    for question in &preview.questions {
        lines.push(format!(
            "Jira demands {} of {}: --field \"{}=…\"",
            question.name, question.type_name, question.name
        ));
    }
    lines.join("\n")
}

fn row_words(row: &PushRow) -> String {
    let indent = "  ".repeat(row.depth as usize + 1);
    let kind = row
        .types
        .iter()
        .find(|kind| Some(&kind.id) == row.remote_type.as_ref());
    let mut words = match (&row.refused, kind) {
        (Some(why), _) => format!("{indent}- {}: {why}", row.title),
        (None, kind) => {
            let along = if row.taken_along {
                " (as a parent)"
            } else {
                ""
            };
            let kind = kind.map_or("", |kind| kind.name.as_str());
            format!("{indent}{kind}: {}{along}", row.title)
        }
    };
    for write in &row.writes {
        if let Some(value) = short(&write.value) {
            words.push_str(&format!("\n{indent}    {} = {value}", write.name));
        }
    }
    for left in &row.left_out {
        words.push_str(&format!(
            "\n{indent}    without {}: {}",
            left.name, left.reason
        ));
    }
    words
}

fn short(value: &FieldValue) -> Option<String> {
    Some(match value {
        FieldValue::None | FieldValue::References { .. } => return None,
        FieldValue::RichText { .. } => "(formatted text)".to_owned(),
        FieldValue::Text { text } => text.lines().collect::<Vec<_>>().join(" "),
        FieldValue::Number { number } => number.to_string(),
        FieldValue::Date { date } => date.clone(),
        FieldValue::Options { options } => {
            let names: Vec<&str> = options.iter().map(|option| option.name.as_str()).collect();
            names.join(", ")
        }
        FieldValue::People { names } => names.join(", "),
        FieldValue::Labels { labels } => labels.join(", "),
        FieldValue::Bool { yes } => if *yes { "yes" } else { "no" }.to_owned(),
        FieldValue::Link { href } => href.clone(),
    })
}

/// An item by its number (`12` or `#12`), by the key of its issue, or by its whole title.
async fn item_named(app: &App, name: &str) -> Result<i64, Failure> {
    if let Ok(id) = name.trim_start_matches('#').parse::<i64>() {
        return Ok(id);
    }
    let query = BacklogQuery {
        search: name.to_owned(),
        levels: Vec::new(),
        types: Vec::new(),
        statuses: Vec::new(),
        dev_statuses: Vec::new(),
        area_id: None,
        sort: SortColumn::Rank,
        descending: false,
        collapsed: Vec::new(),
        collapse_all: false,
    };
    let view = app.backlog_open(query).await?.view;
    let rows = app.backlog_rows(BacklogRowsArgs {
        view,
        start: 0,
        count: LOOKED,
    });
    let rows = rows.await?.rows;
    let is_it = |row: &&BacklogRow| {
        let key = row.key.as_ref();
        key.is_some_and(|key| same(key, name)) || row.title == name
    };
    let found: Vec<&BacklogRow> = rows.iter().filter(is_it).collect();
    match found.as_slice() {
        [row] => Ok(row.id),
        [] => Err(Failure::usage(&format!(
            "There is no item {name}. `lockstep items` lists them with their numbers"
        ))),
        several => {
            let numbers: Vec<String> = several.iter().map(|row| format!("#{}", row.id)).collect();
            let numbers = numbers.join(", ");
            Err(Failure::usage(&format!(
                "Several items are called {name}: {numbers}"
            )))
        }
    }
}

fn same(one: &str, other: &str) -> bool {
    one.trim().to_lowercase() == other.trim().to_lowercase()
}
