//! What Linux desktops need before the first window.

use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::Command;

const EXPLICIT_SYNC: &str = "__NV_DISABLE_EXPLICIT_SYNC";

/// Whether there is a display to open a window on.
#[must_use]
pub fn display_is_there() -> bool {
    is_set("WAYLAND_DISPLAY") || is_set("DISPLAY")
}

/// Starts this program again with NVIDIA's explicit sync off where it would crash the web view:
/// NVIDIA's driver under Wayland. A choice that the user has made stands.
///
/// The variable must be there before any thread runs, and changing one's own environment is not
/// safe in Rust; a fresh start is. Nothing else is set: what turns WebKit's fast paths off helps old
/// systems and slows every other one.
pub fn settle() {
    if std::env::var_os(EXPLICIT_SYNC).is_some()
        || !is_set("WAYLAND_DISPLAY")
        || !Path::new("/proc/driver/nvidia/version").exists()
    {
        return;
    }
    let program = match std::env::current_exe() {
        Ok(program) => program,
        Err(error) => {
            eprintln!(
                "Lockstep: cannot find its own program to start with {EXPLICIT_SYNC}: {error}"
            );
            return;
        }
    };
    // Returns only if it fails; the window may still come up.
    let error = Command::new(program)
        .args(std::env::args_os().skip(1))
        .env(EXPLICIT_SYNC, "1")
        .exec();
    eprintln!("Lockstep: cannot start again with {EXPLICIT_SYNC}: {error}");
}

fn is_set(name: &str) -> bool {
    std::env::var_os(name).is_some_and(|value| !value.is_empty())
}
