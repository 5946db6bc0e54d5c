//! The workspace, and those who edit in it.

use super::{Outcome, Wanted, fields_edited};
use api::dto::{
    AuthKind, ConflictWinner, ConnectionForm, EditArgs, EditValue, FuseArgs, IntegrationArgs,
    IntegrationForm, ItemDetail, ResolveManyArgs, SyncReport, SyncState,
};
use api::{ApiError, App, Options, SecretChoice};
use lockstep_tests::system::{cpu_s, rss_mb};
use lockstep_tests::{imported, items, mapped};
use practice_jira::Face;
use rand::rngs::StdRng;
use rand::{Rng as _, SeedableRng as _};
use std::error::Error;
use std::path::PathBuf;
use std::time::{Duration, Instant};

/// Cycles until everything has to be quiet.
const QUIET_MAX: usize = 200;
/// By how much the memory of the last third may exceed that of the third before.
const GROWTH_MAX: f64 = 1.1;

fn told(error: ApiError) -> Box<dyn Error> {
    format!("{error:?}").into()
}

/// Imports, keeps in step while people edit, and ends when all is quiet.
pub fn run(wanted: &Wanted) -> Outcome<()> {
    let runtime = tokio::runtime::Runtime::new()?;
    runtime.block_on(keep(wanted))
}

async fn keep(wanted: &Wanted) -> Outcome<()> {
    let directory = PathBuf::from(std::env::var("SOAK_DIRECTORY")?);
    let app = App::open(Options {
        data_dir: directory,
        secrets: SecretChoice::Memory(Default::default()),
    });
    let app = app.await.map_err(told)?;
    let id = integrated(&app, wanted.face).await?;
    imported(&app, id).await;
    let linked = items(&app, id).await;
    app.keep_in_step();
    println!("imported");
    let memory = edit(wanted, &app, &linked).await?;
    println!("edited");
    let mut word = String::new();
    tokio::task::spawn_blocking(move || std::io::stdin().read_line(&mut word)).await??;
    // What is decided may meet what nobody had heard of.
    while quiet(&app, id).await?.conflicts > 0 {
        decide(&app, id).await?;
    }
    app.shutdown().await;
    flat(&memory)?;
    println!("in step");
    Ok(())
}

async fn integrated(app: &App, face: Face) -> Outcome<i64> {
    let connection = app
        .connection_create(ConnectionForm {
            name: "Soak".to_owned(),
            url: std::env::var("SOAK_URL")?,
            auth: match face {
                Face::Cloud => AuthKind::CloudToken,
                Face::DataCenter => AuthKind::Pat,
            },
            login: std::env::var("SOAK_LOGIN")?,
            secret: std::env::var("SOAK_SECRET")?,
            ca_pem: None,
            proxy: None,
            client_identity_pem: None,
        })
        .await
        .map_err(told)?;
    let project_key = std::env::var("SOAK_PROJECT")?;
    let form = IntegrationForm {
        connection_id: connection.id,
        project_key: project_key.clone(),
        board_id: None,
        name: project_key,
    };
    let id = app.integration_create(form).await.map_err(told)?.id;
    mapped(app, id).await;
    Ok(id)
}

/// Edits for as long as was asked for, and tells each minute how things stand; gives the memory of each.
#[expect(clippy::disallowed_methods, reason = "it goes on in real time")]
async fn edit(wanted: &Wanted, app: &App, items: &[ItemDetail]) -> Outcome<Vec<f64>> {
    let mut chance = StdRng::seed_from_u64(wanted.seed + 1);
    let mut tick =
        tokio::time::interval(Duration::from_secs(1) / u32::try_from(wanted.edits_per_second)?);
    let mut memory = Vec::new();
    for minute in 1..=wanted.minutes {
        let end = Instant::now() + Duration::from_secs(60);
        let mut edits = 0;
        while Instant::now() < end {
            tick.tick().await;
            edits += 1;
            if edits % 100 == 0 {
                go_on(app).await?;
            }
            let item = &items[chance.random_range(0..items.len())];
            let edited = app
                .item_edit(some_edit(wanted.face, item, &mut chance))
                .await;
            edited.map_err(told)?;
        }
        memory.push(rss_mb()?);
        report(app, minute, edits).await?;
    }
    Ok(memory)
}

/// So many edits may well look unusual; somebody looks, and lets them go.
async fn go_on(app: &App) -> Outcome<()> {
    for state in app.sync_states(api::dto::Nothing {}).await.map_err(told)? {
        if state.fuse.is_some() {
            println!("a cycle stopped and asks; it goes on");
            let args = FuseArgs {
                integration_id: state.integration_id,
                go_on: true,
            };
            app.fuse_decide(args).await.map_err(told)?;
        }
    }
    Ok(())
}

fn some_edit(face: Face, item: &ItemDetail, chance: &mut StdRng) -> EditArgs {
    let number: u32 = chance.random_range(0..1_000_000);
    let (field, value) = match chance.random_range(0..fields_edited(face)) {
        2 => {
            let (month, day) = (chance.random_range(1..13), chance.random_range(1..29));
            let date = format!("2027-{month:02}-{day:02}");
            ("target_date", EditValue::Date { date })
        }
        1 => {
            let labels = vec![format!("here-{}", number % 50)];
            ("labels", EditValue::Labels { labels })
        }
        _ => {
            let text = format!("Here {number}");
            ("title", EditValue::Text { text })
        }
    };
    EditArgs {
        item_id: item.id,
        field: field.to_owned(),
        value,
    }
}

async fn report(app: &App, minute: u64, edits: u64) -> Outcome<()> {
    let states = app.sync_states(api::dto::Nothing {}).await.map_err(told)?;
    let state = states.first().ok_or("there is an integration")?;
    println!(
        "minute {minute:>2}: {edits} edits here, {} of {} pairs apart, {} in conflict, {}, {:.1} MB, {:.1} s of processor time{}",
        state.apart,
        state.linked,
        state.report.as_ref().map_or(0, |report| report.conflicts),
        in_step(state)?,
        rss_mb()?,
        cpu_s()?,
        state
            .problem
            .as_ref()
            .map_or(String::new(), |problem| format!(", {:?}", problem.code)),
    );
    Ok(())
}

/// How long ago a cycle went through.
#[expect(clippy::disallowed_methods, reason = "it goes on in real time")]
fn in_step(state: &SyncState) -> Outcome<String> {
    let Some(at) = &state.in_step_at else {
        return Ok("never in step".to_owned());
    };
    let at: jiff::Timestamp = at.parse()?;
    let ago = jiff::Timestamp::now().duration_since(at).as_secs();
    Ok(format!("in step {ago} s ago"))
}

/// Cycles until one does nothing and nothing waits.
async fn quiet(app: &App, integration_id: i64) -> Outcome<SyncReport> {
    for _ in 0..QUIET_MAX {
        go_on(app).await?;
        match app.sync_now(IntegrationArgs { integration_id }).await {
            Ok(report) if report.heard + report.sent + report.waiting == 0 => return Ok(report),
            Ok(report) if report.waiting > 0 => {
                // What failed is tried again later; now it is later.
                tokio::time::sleep(Duration::from_secs(1)).await;
            }
            Ok(_) => {}
            Err(error) => println!("a cycle did not go through: {:?}", error.code),
        }
    }
    Err("it does not come to rest".into())
}

async fn decide(app: &App, integration_id: i64) -> Outcome<()> {
    let resolved = app
        .conflicts_resolve(ResolveManyArgs {
            integration_id: Some(integration_id),
            field: None,
            some: None,
            winner: ConflictWinner::Here,
        })
        .await
        .map_err(told)?;
    println!("{} conflicts decided for this side", resolved.decided);
    if resolved.decided == 0 {
        return Err(format!("they cannot be decided: {:?}", resolved.left).into());
    }
    Ok(())
}

/// Whether the memory stayed what it was.
fn flat(memory: &[f64]) -> Outcome<()> {
    let third = memory.len() / 3;
    if third == 0 {
        return Ok(());
    }
    let mean = |part: &[f64]| part.iter().sum::<f64>() / part.len() as f64;
    let (before, last) = (
        mean(&memory[third..2 * third]),
        mean(&memory[memory.len() - third..]),
    );
    println!("memory: {before:.1} MB in the second third, {last:.1} MB in the last");
    if last > before * GROWTH_MAX {
        return Err("the memory grows".into());
    }
    Ok(())
}
