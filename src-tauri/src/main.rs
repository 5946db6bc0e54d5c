//! The program behind the window.

#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

use std::process::ExitCode;

/// An import makes and drops millions of small texts on several threads.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    #[cfg(target_os = "linux")]
    {
        if !lockstep_desktop::surroundings::display_is_there() {
            eprintln!(
                "Lockstep: there is no display. `lockstep demo` does the same job in a terminal, `lockstep serve` in a browser."
            );
            return ExitCode::FAILURE;
        }
        lockstep_desktop::surroundings::settle();
    }
    lockstep_desktop::run()
}
