//! The shell around the application: one window, one command, one stream of events.

/// Runs the application until its window is closed.
pub fn run() -> std::process::ExitCode {
    std::process::ExitCode::SUCCESS
}
