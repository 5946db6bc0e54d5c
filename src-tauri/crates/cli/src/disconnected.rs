//! What is disconnected, linking it again, and disconnecting by hand.

use crate::arguments::{DisconnectedList, KeepSide, Resync, ScopeChoice, Unlink};
use crate::output::{Failure, Output, short, table};
use crate::show::integration;
use api::App;
use api::dto::{
    BacklogIdsArgs, BacklogQuery, CompareArgs, Comparison, ConflictWinner, Disconnected,
    DisconnectedArgs, DismissArgs, IdArgs, IssueLook, LinkArgs, OutOfScope, RelinkArgs,
    RelinkManyArgs, ResyncOutcome, Resynced, ScopePolicy, SeverDecisionArgs, SeverReason,
    SeveredPair, SortColumn, WinnerChoice,
};
use api::export::value_words;
use serde::Serialize;
use std::process::ExitCode;

/// Some of what was asked for could not be done.
const PARTLY: u8 = 3;

pub async fn disconnected(app: &App, options: DisconnectedList) -> Result<ExitCode, Failure> {
    let integration_id = match &options.integration {
        Some(name) => Some(integration(app, name).await?.id),
        None => None,
    };
    if let (Some(sever), Some(integration_id)) = (options.answer(), integration_id) {
        let args = SeverDecisionArgs {
            integration_id,
            sever,
        };
        app.disconnected_decide(args).await?;
    }
    let args = DisconnectedArgs {
        integration_id,
        reason: None,
        search: options.search.unwrap_or_default(),
        dismissed: options.dismissed,
    };
    let mut found = app.disconnected(args).await?;
    found
        .absent
        .retain(|pair| integration_id.is_none() || pair.integration_id == integration_id);
    found
        .questions
        .retain(|asked| integration_id.is_none_or(|id| asked.integration_id == id));
    let looks = if options.look {
        let severed = found.pairs.iter().map(|pair| pair.link_id);
        let absent = found.absent.iter().map(|pair| pair.link_id);
        let link_ids = severed.chain(absent).collect();
        app.disconnected_look(LinkArgs { link_ids }).await?
    } else {
        Vec::new()
    };
    #[derive(Serialize)]
    struct Shown {
        #[serde(flatten)]
        found: Disconnected,
        looks: Vec<api::dto::PairLook>,
    }
    Output::new(options.json).print(&Shown { found, looks }, |shown| {
        list_words(&shown.found, |link| {
            let look = shown.looks.iter().find(|look| look.link_id == link);
            look.map(|look| look_words(&look.issue))
        })
    });
    Ok(ExitCode::SUCCESS)
}

pub async fn resync(app: &App, options: Resync) -> Result<ExitCode, Failure> {
    let pairs = chosen(app, &options).await?;
    let output = Output::new(options.json);
    let winner = options.winner.map(|side| match side {
        KeepSide::Here => ConflictWinner::Here,
        KeepSide::Jira => ConflictWinner::Jira,
    });
    if options.compare || options.to.is_some() {
        let [pair] = pairs.as_slice() else {
            return Err(Failure::usage(
                "Name one pair with --key: --compare and --to are about one at a time",
            ));
        };
        return resync_one(app, pair, &options, winner).await;
    }
    let link_ids: Vec<i64> = pairs.iter().map(|pair| pair.link_id).collect();
    if options.dismiss {
        let args = DismissArgs {
            link_ids,
            dismissed: true,
        };
        let count = app.disconnected_dismiss(args).await?;
        output.print(&count, |count| format!("{} put out of sight.", count.count));
        return Ok(ExitCode::SUCCESS);
    }
    let done = if options.create {
        app.resync_create(LinkArgs { link_ids }).await?
    } else {
        app.resync_many(RelinkManyArgs { link_ids, winner }).await?
    };
    output.print(&done, |done| outcome_words(done, &pairs));
    let all = done
        .iter()
        .all(|done| matches!(done.outcome, Resynced::Linked | Resynced::Restored));
    Ok(if all {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(PARTLY)
    })
}

async fn resync_one(
    app: &App,
    pair: &SeveredPair,
    options: &Resync,
    winner: Option<ConflictWinner>,
) -> Result<ExitCode, Failure> {
    let args = CompareArgs {
        link_id: pair.link_id,
        issue: options.to.clone(),
    };
    let compared = app.resync_compare(args).await?;
    let output = Output::new(options.json);
    if options.compare {
        output.print(&compared, comparison_words);
        return Ok(ExitCode::SUCCESS);
    }
    let open: Vec<&str> = compared
        .fields
        .iter()
        .filter(|field| !field.alike && field.suggested.or(winner).is_none())
        .map(|field| field.name.as_str())
        .collect();
    if !open.is_empty() {
        return Err(Failure::usage(&format!(
            "Both sides differ in {}: say --winner here or --winner jira",
            open.join(", ")
        )));
    }
    let choices = compared
        .fields
        .iter()
        .map(|field| WinnerChoice {
            key: field.key.clone(),
            seen: field.seen.clone(),
            winner: (!field.alike).then(|| field.suggested.or(winner)).flatten(),
        })
        .collect();
    app.resync_link(RelinkArgs {
        link_id: pair.link_id,
        remote_id: compared.remote_id.clone(),
        choices,
    })
    .await?;
    output.print(&compared, |compared| {
        format!("{} is linked to {}.", compared.title, compared.key)
    });
    Ok(ExitCode::SUCCESS)
}

pub async fn unlink(app: &App, options: Unlink) -> Result<ExitCode, Failure> {
    let mut severed = Vec::new();
    for key in &options.key {
        let Some(item) = item_of(app, key).await? else {
            return Err(Failure::usage(&format!("No item is linked to {key}.")));
        };
        severed.extend(app.item_unlink(IdArgs { id: item }).await?.link_ids);
    }
    let unlinked = api::dto::Unlinked { link_ids: severed };
    Output::new(options.json).print(&unlinked, |_| {
        format!(
            "{} disconnected. Both sides stay as they are; lockstep resync links them again.",
            options.key.join(", ")
        )
    });
    Ok(ExitCode::SUCCESS)
}

/// Sets the policy for issues that leave the filter or the project.
pub async fn set_policy(
    app: &App,
    integration_id: i64,
    policy: ScopeChoice,
) -> Result<(), Failure> {
    app.scope_policy_set(ScopePolicy {
        integration_id,
        out_of_scope: match policy {
            ScopeChoice::Keep => OutOfScope::Keep,
            ScopeChoice::Stop => OutOfScope::Stop,
        },
    })
    .await?;
    Ok(())
}

/// The severed pairs that were named.
async fn chosen(app: &App, options: &Resync) -> Result<Vec<SeveredPair>, Failure> {
    let integration_id = match &options.integration {
        Some(name) => Some(integration(app, name).await?.id),
        None => None,
    };
    let args = DisconnectedArgs {
        integration_id,
        reason: None,
        search: String::new(),
        dismissed: false,
    };
    let mut pairs = app.disconnected(args).await?.pairs;
    if !options.all {
        for key in &options.key {
            if !pairs.iter().any(|pair| pair.key.eq_ignore_ascii_case(key)) {
                return Err(Failure::usage(&format!("{key} is not disconnected.")));
            }
        }
        pairs.retain(|pair| {
            let mut named = options.key.iter();
            named.any(|key| key.eq_ignore_ascii_case(&pair.key))
        });
    }
    Ok(pairs)
}

/// The item that is linked to an issue.
async fn item_of(app: &App, key: &str) -> Result<Option<i64>, Failure> {
    let query = BacklogQuery {
        search: key.to_owned(),
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
    let view = app.backlog_open(query).await?;
    let ids = app
        .backlog_ids(BacklogIdsArgs {
            view: view.view,
            start: 0,
            count: view.rows,
        })
        .await?;
    for id in ids.ids {
        let item = app.item(IdArgs { id }).await?;
        if item
            .link
            .is_some_and(|link| link.key.eq_ignore_ascii_case(key))
        {
            return Ok(Some(id));
        }
    }
    Ok(None)
}

fn list_words(found: &Disconnected, look: impl Fn(i64) -> Option<String>) -> String {
    let mut parts = Vec::new();
    for asked in &found.questions {
        parts.push(format!(
            "{} of {} pairs of {} are to be disconnected, which is unusually many. Say --sever or --keep with \
             --integration {:?}.",
            asked.pairs.len(),
            asked.linked,
            asked.integration_name,
            asked.integration_name
        ));
    }
    let now = |link| look(link).unwrap_or_default();
    if !found.pairs.is_empty() {
        let rows: Vec<Vec<String>> = found
            .pairs
            .iter()
            .map(|pair| {
                vec![
                    pair.key.clone(),
                    reason_words(pair.reason).to_owned(),
                    pair.severed_at.clone().unwrap_or_default(),
                    pair.title.clone(),
                    now(pair.link_id),
                ]
            })
            .collect();
        parts.push(table(&["KEY", "REASON", "SINCE", "ITEM", "IN JIRA"], &rows));
    }
    if !found.absent.is_empty() {
        let rows: Vec<Vec<String>> = found
            .absent
            .iter()
            .map(|pair| {
                vec![
                    pair.key.clone(),
                    pair.since.clone(),
                    pair.title.clone(),
                    now(pair.link_id),
                ]
            })
            .collect();
        let rows = table(&["OUT OF REACH", "SINCE", "ITEM", "IN JIRA"], &rows);
        parts.push(rows);
    }
    if parts.is_empty() {
        return "Nothing is disconnected.".to_owned();
    }
    parts.join("\n\n")
}

fn look_words(look: &IssueLook) -> String {
    match look {
        IssueLook::There { key, status, .. } => format!("{key}, {status}"),
        IssueLook::NotThere => "not there, or hidden".to_owned(),
    }
}

fn comparison_words(compared: &Comparison) -> String {
    let rows: Vec<Vec<String>> = compared
        .fields
        .iter()
        .map(|field| {
            let wins = match (field.alike, field.suggested) {
                (true, _) => "same",
                (false, None) => "?",
                (false, Some(ConflictWinner::Here)) => "here",
                (false, Some(ConflictWinner::Jira)) => "jira",
            };
            vec![
                field.name.clone(),
                short(&value_words(&field.here)),
                short(&value_words(&field.there)),
                wins.to_owned(),
            ]
        })
        .collect();
    table(&["FIELD", "HERE", "IN JIRA", "WINS"], &rows)
}

fn outcome_words(done: &[ResyncOutcome], pairs: &[SeveredPair]) -> String {
    let lines: Vec<String> = done
        .iter()
        .map(|done| {
            let pair = pairs.iter().find(|pair| pair.link_id == done.link_id);
            let key = pair.map_or("", |pair| pair.key.as_str());
            match &done.outcome {
                Resynced::Linked => format!("{key}  linked"),
                Resynced::Restored => format!("{key}  the item is back"),
                Resynced::NeedsChoice { fields } => format!(
                    "{key}  both sides changed {}: say --winner here or --winner jira",
                    fields.join(", ")
                ),
                Resynced::Failed { error } => {
                    let words = error.words();
                    format!("{key}  {}: {} {}", words.title, words.cause, words.cure)
                }
            }
        })
        .collect();
    if lines.is_empty() {
        return "Nothing is disconnected.".to_owned();
    }
    lines.join("\n")
}

fn reason_words(reason: SeverReason) -> &'static str {
    match reason {
        SeverReason::DeletedThere => "deleted in Jira",
        SeverReason::DeletedHere => "deleted here",
        SeverReason::MovedAway => "moved away",
        SeverReason::OutOfScope => "out of scope",
        SeverReason::NoPermission => "no permission",
        SeverReason::ConnectionRemoved => "connection removed",
        SeverReason::ByHand => "disconnected by hand",
    }
}
