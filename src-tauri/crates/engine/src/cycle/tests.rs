//! Whole workspaces and whole sites in one process, with a clock that only they move and faults from a seed.

mod pushing;
mod absences;
mod evidence;
mod simulation;
mod world;
