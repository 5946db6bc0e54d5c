//! Every command of Lockstep for a terminal, and the same interface served to a browser.
//!
//! A host of the command table like the window: no rules of its own. Secrets come from standard input
//! or the environment, never from an argument; exit codes are 0 done, 1 failed, 2 wrong use, 3 partly done.

mod activity;
mod arguments;
mod connections;
mod demo;
mod disconnected;
mod ending;
mod integrate;
mod mapping_file;
mod output;
mod push;
mod run;
mod serve;
mod show;
mod statuses;
mod sync;
mod why;

use arguments::{Arguments, Command};
use clap::Parser;
use output::{Failure, Output};
use std::process::ExitCode;

/// An import makes and drops millions of small texts on several threads.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    tracing_subscriber::fmt()
        .with_env_filter(
            tracing_subscriber::EnvFilter::try_from_env("LOCKSTEP_LOG")
                .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("warn")),
        )
        .with_writer(std::io::stderr)
        .init();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build();
    let runtime = match runtime {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("The runtime could not be started: {error}");
            return ExitCode::from(1);
        }
    };
    match runtime.block_on(perform(arguments)) {
        Ok(code) => code,
        Err(failure) => {
            failure.print();
            failure.exit_code()
        }
    }
}

async fn perform(arguments: Arguments) -> Result<ExitCode, Failure> {
    let Arguments { common, command } = arguments;
    if let Command::Demo(options) = command {
        return demo::demo(&common, options).await;
    }
    if let Command::Serve(options) = command {
        return serve::serve(&common, options).await;
    }
    let app = match &command {
        Command::Mapping(_) | Command::Items(_) | Command::Status(_) | Command::Activity(_) => {
            common.open_to_read().await?
        }
        Command::Statuses(options) if !options.changes() => common.open_to_read().await?,
        Command::Disconnected(options) if options.only_reads() => common.open_to_read().await?,
        _ => common.open().await?,
    };
    let code = match command {
        Command::Connect(options) => integrate::connect(&app, options).await,
        Command::Credentials(options) => connections::credentials(&app, options).await,
        Command::Rename(options) => connections::rename(&app, options).await,
        Command::Pause(options) => connections::pause(&app, options, true).await,
        Command::Resume(options) => connections::pause(&app, options, false).await,
        Command::Disconnect(options) => connections::disconnect(&app, options).await,
        Command::Projects(options) => show::projects(&app, options).await,
        Command::Boards(options) => show::boards(&app, options).await,
        Command::Integrate(options) => integrate::integrate(&app, options).await,
        Command::Mapping(options) => mapping_file::show(&app, options).await,
        Command::Statuses(options) => statuses::statuses(&app, options).await,
        Command::Plan(options) => run::plan(&app, options).await,
        Command::Import(options) => run::import(&app, options).await,
        Command::Undo(options) => run::undo(&app, options).await,
        Command::Sync(options) => sync::sync(&app, options).await,
        Command::Why(options) => why::why(&app, options).await,
        Command::Activity(options) => activity::activity(&app, options).await,
        Command::Conflicts(options) => sync::conflicts(&app, options).await,
        Command::Problems(options) => sync::problems(&app, options).await,
        Command::Create(options) => push::create(&app, options).await,
        Command::Push(options) => push::push(&app, options).await,
        Command::Disconnected(options) => disconnected::disconnected(&app, options).await,
        Command::Resync(options) => disconnected::resync(&app, options).await,
        Command::Unlink(options) => disconnected::unlink(&app, options).await,
        Command::Items(options) => show::items(&app, options).await,
        Command::Status(options) => show::status(&app, Output::new(options.json)).await,
        Command::Demo(_) | Command::Serve(_) => Ok(ExitCode::SUCCESS),
    };
    app.shutdown().await;
    code
}
