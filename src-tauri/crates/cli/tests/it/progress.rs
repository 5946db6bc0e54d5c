//! The bar that long work shows in a terminal. The terminal is a real one, which `script` lends; what comes of the
//! characters on its screen is worked out here.

use crate::kit::{integrated, lockstep};
use lockstep_tests::Served;
use practice_jira::SiteConfig;
use std::collections::BTreeSet;
use std::io::Read;
use std::process::{Command, Stdio};

const COLUMNS: usize = 100;

/// What stands on a terminal: enough of one for lines that are written over.
#[derive(Default)]
struct Screen {
    lines: Vec<Vec<char>>,
    row: usize,
    column: usize,
}

impl Screen {
    /// Takes characters in; gives the screen after each.
    fn take(&mut self, text: &str, mut seen: impl FnMut(&Self)) {
        let mut rest = text.chars();
        while let Some(next) = rest.next() {
            match next {
                '\r' => self.column = 0,
                '\n' => self.row += 1,
                '\u{1b}' => self.command(&mut rest),
                other => self.put(other),
            }
            seen(self);
        }
    }

    fn put(&mut self, character: char) {
        if self.lines.len() <= self.row {
            self.lines.resize(self.row + 1, Vec::new());
        }
        let line = &mut self.lines[self.row];
        if line.len() <= self.column {
            line.resize(self.column + 1, ' ');
        }
        line[self.column] = character;
        self.column += 1;
        assert!(self.column <= COLUMNS, "a line is wider than the terminal");
    }

    /// Moves up and down, and clears.
    fn command(&mut self, rest: &mut std::str::Chars<'_>) {
        assert_eq!(rest.next(), Some('['), "a command that is not known here");
        let mut number = String::new();
        let word = loop {
            match rest.next().expect("a command is whole") {
                digit @ ('0'..='9' | ';' | '?') => number.push(digit),
                word => break word,
            }
        };
        let count: usize = number.parse().unwrap_or(1);
        match word {
            'A' => self.row -= count,
            'B' => self.row += count,
            'K' => {
                if let Some(line) = self.lines.get_mut(self.row) {
                    line.truncate(if number == "2" { 0 } else { self.column });
                }
            }
            'm' | 'h' | 'l' => {}
            other => panic!("{number}{other} is not known here"),
        }
    }

    fn text(&self) -> Vec<String> {
        let lines = self.lines.iter().map(|line| line.iter().collect());
        let lines = lines.map(|line: String| line.trim_end().to_owned());
        lines.collect()
    }
}

/// Runs a command in a terminal; gives what it wrote there.
fn in_a_terminal(command: &Command) -> (i32, String) {
    let words: Vec<&str> = std::iter::once(command.get_program())
        .chain(command.get_args())
        .map(|word| word.to_str().expect("UTF-8"))
        .collect();
    // No word of these has a blank in it.
    let line = format!("stty cols {COLUMNS} rows 30 && exec {}", words.join(" "));
    let mut script = Command::new("script");
    script.args(["--quiet", "--return", "--command", &line, "/dev/null"]);
    for (name, value) in command.get_envs() {
        match value {
            Some(value) => script.env(name, value),
            None => script.env_remove(name),
        };
    }
    let mut child = script
        .env("TERM", "xterm")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .expect("script is there: it comes with every Debian");
    let mut written = String::new();
    let mut out = child.stdout.take().expect("a pipe");
    out.read_to_string(&mut written).expect("UTF-8");
    let status = child.wait().expect("ends");
    (status.code().unwrap_or(-1), written)
}

#[test]
fn an_import_in_a_terminal_shows_a_bar_with_its_name_and_numbers_and_leaves_one_clean_line() {
    let (served, directory) = (
        Served::start(SiteConfig::data_center(600, 3)),
        tempfile::tempdir().expect("a directory"),
    );
    integrated(directory.path(), &served);
    let import = lockstep(directory.path(), &["import", "--integration", "main"]);
    let (code, written) = in_a_terminal(&import);
    assert_eq!(code, 0, "{written}");
    let mut screen = Screen::default();
    let mut bars = BTreeSet::new();
    screen.take(&written, |screen| {
        // What one sees: the cursor rests behind a bar that is whole.
        let line = screen.text().pop().unwrap_or_default();
        if line.contains('░') || line.contains('█') {
            bars.insert(line);
        }
    });
    let total = served.issues(&served.project()).len();
    for name in ["reading ", "importing "] {
        let numbers = format!("/{total}");
        let is_whole = |bar: &&String| bar.starts_with(name) && bar.contains(&numbers);
        assert!(bars.iter().any(|bar| is_whole(&bar)), "{name}: {bars:#?}");
    }
    let done = format!("Imported: {total} created, 0 updated, 0 unchanged, 0 skipped, 0 failed.");
    assert_eq!(screen.text(), [done], "nothing of the bars is left");
    for bar in bars {
        let name = bar.trim_start_matches(char::is_alphabetic);
        assert!(name.len() < bar.len(), "a bar without a name: {bar:?}");
    }
}
