//! Whole workspaces and whole sites in one process, with a clock that only they move and faults from a seed.

mod authors;
mod choices;
// The database can be cut off at a commit in a debug build only.
#[cfg(debug_assertions)]
mod every_step;
mod evidence;
mod guards;
mod links;
mod meanwhile;
mod overtaken;
mod parents;
mod pushing;
mod sprints;
mod taken_back;
mod unanswered;
// What is between the client and the site is the simulation's.
#[path = "../../../../../tests/sim/wire.rs"]
mod wire;
mod world;
