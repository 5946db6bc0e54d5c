//! Half an hour of keeping in step, with people who edit on both sides all the time and a way between them on which
//! things go wrong: `cargo run --release -p lockstep-tests --example soak -- --minutes 30 --edits-per-second 10`.
//!
//! The site and those who edit in Jira are this process; the workspace, with those who edit here, is another one, so that
//! the memory that is told is its own. In the end nobody edits any more, nothing goes wrong, conflicts are decided, and
//! then both sides have to hold the same; the memory has to have stayed what it was.

mod there;
mod workspace;

use std::error::Error;

type Outcome<T> = Result<T, Box<dyn Error>>;

/// What was asked for.
#[derive(Debug, Clone)]
pub struct Wanted {
    face: practice_jira::Face,
    issues: usize,
    minutes: u64,
    /// On each side.
    edits_per_second: u64,
    seed: u64,
}

impl Wanted {
    fn from_words(words: &mut impl Iterator<Item = String>) -> Outcome<Self> {
        let mut wanted = Self {
            face: practice_jira::Face::Cloud,
            issues: 2000,
            minutes: 30,
            edits_per_second: 10,
            seed: 1,
        };
        while let Some(word) = words.next() {
            let value = words.next().unwrap_or_default();
            match word.as_str() {
                "--face" => wanted.face = value.parse()?,
                "--issues" => wanted.issues = value.parse()?,
                "--minutes" => wanted.minutes = value.parse()?,
                "--edits-per-second" => wanted.edits_per_second = value.parse()?,
                "--seed" => wanted.seed = value.parse()?,
                _ => {
                    return Err(format!(
                        "{word} is unknown: use --face, --issues, --minutes, --edits-per-second, --seed"
                    )
                    .into());
                }
            }
        }
        Ok(wanted)
    }

    fn words(&self) -> Vec<String> {
        vec![
            "--face".to_owned(),
            self.face.to_string(),
            "--issues".to_owned(),
            self.issues.to_string(),
            "--minutes".to_owned(),
            self.minutes.to_string(),
            "--edits-per-second".to_owned(),
            self.edits_per_second.to_string(),
            "--seed".to_owned(),
            self.seed.to_string(),
        ]
    }
}

/// How many fields are edited: the title, the labels, and the day, which on Data Center not every issue's screen shows.
fn fields_edited(face: practice_jira::Face) -> u32 {
    match face {
        practice_jira::Face::Cloud => 3,
        practice_jira::Face::DataCenter => 2,
    }
}

/// As the application does; what is measured is its memory.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> Outcome<()> {
    tracing_subscriber::fmt()
        .with_env_filter(tracing_subscriber::EnvFilter::from_env("LOCKSTEP_LOG"))
        .with_writer(std::io::stderr)
        .init();
    let mut words = std::env::args().skip(1).peekable();
    if words.next_if_eq("workspace").is_some() {
        return workspace::run(&Wanted::from_words(&mut words)?);
    }
    there::run(&Wanted::from_words(&mut words)?)
}
