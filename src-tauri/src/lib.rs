//! The shell around the application: one window, one command, one stream of events.
//!
//! It has no rules of its own. What a command does stands in `api`; here is only what a window
//! needs: opening it, keeping to one, handing commands over, and going down in order.

mod events;
mod lifecycle;
mod rpc;
#[cfg(target_os = "linux")]
pub mod surroundings;
mod window;

use lifecycle::Lifecycle;
use std::process::ExitCode;
use tauri::{Manager, RunEvent};
use tracing_subscriber::EnvFilter;

/// Runs the application until its window is closed.
#[must_use]
pub fn run() -> ExitCode {
    tracing_subscriber::fmt()
        .with_env_filter(
            EnvFilter::try_from_env("LOCKSTEP_LOG").unwrap_or_else(|_| EnvFilter::new("warn")),
        )
        .with_writer(std::io::stderr)
        .init();

    let mut builder = tauri::Builder::default();
    if lifecycle::shares_the_usual_data_dir() {
        // First of all plugins: a second start must not get as far as opening anything.
        builder = builder.plugin(tauri_plugin_single_instance::init(|app, _, _| {
            window::bring_forward(app);
        }));
    }
    let built = builder
        .invoke_handler(tauri::generate_handler![rpc::rpc])
        .setup(|app| {
            let lifecycle = Lifecycle::new(app.handle().clone())?;
            app.manage(lifecycle);
            app.state::<Lifecycle>().begin();
            window::open(app.handle())?;
            Ok(())
        })
        .build(tauri::generate_context!());

    let app = match built {
        Ok(app) => app,
        Err(error) => {
            eprintln!("Lockstep: the window cannot be opened: {error}");
            return ExitCode::FAILURE;
        }
    };
    let code = app.run_return(|app, event| {
        if let RunEvent::ExitRequested { api, code, .. } = event {
            app.state::<Lifecycle>().exit_requested(code, &api);
        }
    });
    u8::try_from(code).map_or(ExitCode::FAILURE, ExitCode::from)
}
