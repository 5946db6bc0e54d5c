//! Whole workspaces and whole sites in one process, with a clock that only they move and faults from a seed.

mod absences;
mod evidence;
mod guards;
mod pushing;
mod simulation;
mod world;
