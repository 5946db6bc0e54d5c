//! Printing: words for people, JSON for scripts, and what a failure looks like.

use api::error::ErrorDto;
use serde::Serialize;
use std::path::Path;
use std::process::ExitCode;

/// How results are printed.
#[derive(Debug, Clone, Copy)]
pub struct Output {
    json: bool,
}

impl Output {
    /// JSON, or words.
    pub fn new(json: bool) -> Self {
        Self { json }
    }

    /// Whether JSON is wanted.
    pub fn json(self) -> bool {
        self.json
    }

    /// Prints a result: as JSON, or in the words that `words` makes of it.
    pub fn print<T: Serialize>(self, result: &T, words: impl FnOnce(&T) -> String) {
        if self.json {
            match serde_json::to_string_pretty(result) {
                Ok(text) => say(&text),
                Err(error) => eprintln!("The result could not be printed: {error}"),
            }
        } else {
            say(words(result).trim_end());
        }
    }
}

/// Prints a line. A reader that went away early (`| head`) is no failure.
pub fn say(line: &str) {
    use std::io::Write;
    if writeln!(std::io::stdout().lock(), "{line}").is_err() {
        std::process::exit(0);
    }
}

/// Why a command ended early.
#[derive(Debug)]
pub enum Failure {
    /// The core refused or failed.
    Core(ErrorDto),
    /// What was typed cannot be used.
    Usage(String),
    /// Something of this machine failed.
    Local(String),
}

impl Failure {
    /// What was typed cannot be used, and why.
    pub fn usage(why: &str) -> Self {
        Self::Usage(why.to_owned())
    }

    /// Prints title, cause and cure.
    pub fn print(&self) {
        match self {
            Self::Core(error) => {
                let words = error.words();
                eprintln!("{}", words.title);
                eprintln!("  Why:  {}", words.cause);
                eprintln!("  Cure: {}", words.cure);
            }
            Self::Usage(why) | Self::Local(why) => eprintln!("{why}"),
        }
    }

    /// 2 for wrong use, 1 for the rest.
    pub fn exit_code(&self) -> ExitCode {
        match self {
            Self::Usage(_) => ExitCode::from(2),
            Self::Core(_) | Self::Local(_) => ExitCode::from(1),
        }
    }
}

impl From<ErrorDto> for Failure {
    fn from(error: ErrorDto) -> Self {
        Self::Core(error)
    }
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        Self::Local(error.to_string())
    }
}

/// Reads a file that was named in an argument.
pub fn read_file(path: &Path) -> Result<String, Failure> {
    std::fs::read_to_string(path)
        .map_err(|error| Failure::Usage(format!("{} cannot be read: {error}", path.display())))
}

/// A cell of a table is no longer than so many letters, whatever it is about.
const CELL_MAX: usize = 80;

/// A text that fits a cell.
pub fn short(text: &str) -> String {
    match text.char_indices().nth(CELL_MAX) {
        None => text.to_owned(),
        Some(_) => {
            let kept: String = text.chars().take(CELL_MAX - 1).collect();
            format!("{}…", kept.trim_end())
        }
    }
}

/// A table in plain text: columns as wide as their widest cell.
pub fn table(head: &[&str], rows: &[Vec<String>]) -> String {
    let mut widths: Vec<usize> = head.iter().map(|cell| cell.chars().count()).collect();
    for row in rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(cell.chars().count());
        }
    }
    let line = |cells: &[String]| -> String {
        let padded: Vec<String> = cells
            .iter()
            .zip(&widths)
            .map(|(cell, width)| format!("{cell:<width$}"))
            .collect();
        padded.join("  ").trim_end().to_owned()
    };
    let head: Vec<String> = head.iter().map(|&cell| cell.to_owned()).collect();
    let mut lines = vec![line(&head)];
    lines.extend(rows.iter().map(|row| line(row)));
    lines.join("\n")
}
