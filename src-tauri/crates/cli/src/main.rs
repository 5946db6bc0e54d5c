//! Every command of Lockstep for a terminal, and the same interface served to a browser.
fn main() {}
