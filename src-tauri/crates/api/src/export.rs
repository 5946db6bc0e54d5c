//! Activity as CSV, page by page, so that any number of changes needs little memory.

use crate::app::App;
use crate::dto::{ActivityArgs, ActivityChange, ChangeCause, ChangeKind, ChangeOrigin, FieldValue};
use crate::error::{ErrorCode, ErrorDto};
use crate::plain;
use std::borrow::Cow;
use std::path::{Path, PathBuf};
use tokio::io::AsyncWriteExt;

/// Changes of one page.
const PAGE: u32 = 500;
/// Without it a spreadsheet on Windows takes a file for one in the letters of the country.
const BYTE_ORDER_MARK: char = '\u{feff}';
/// Names that are tried for a file, one after the other.
const NAMES_MAX: u32 = 1000;

/// What the columns are called.
pub const ACTIVITY_COLUMNS: [&str; 9] = [
    "WHEN", "FROM", "BY", "CAUSE", "KEY", "TITLE", "FIELD", "BEFORE", "AFTER",
];

/// All that a filter lets through, the newest first, as a CSV file with a line of names.
pub struct ActivityCsv {
    app: App,
    /// What is asked for next; none at the end.
    next: Option<ActivityArgs>,
    is_begun: bool,
}

impl ActivityCsv {
    /// From the newest change on; where `args` begins and how much it asks for makes no difference.
    #[must_use]
    pub fn new(app: &App, args: ActivityArgs) -> Self {
        Self {
            app: app.clone(),
            next: Some(ActivityArgs {
                before: None,
                limit: PAGE,
                ..args
            }),
            is_begun: false,
        }
    }

    /// The next lines; none at the end.
    ///
    /// # Errors
    /// As [`App::activity`].
    pub async fn next(&mut self) -> Result<Option<String>, ErrorDto> {
        let Some(args) = self.next.take() else {
            return Ok(None);
        };
        let page = self.app.activity(args.clone()).await?;
        self.next = page.next.map(|before| ActivityArgs {
            before: Some(before),
            ..args
        });
        let mut rows: Vec<Vec<String>> = Vec::with_capacity(page.changes.len() + 1);
        let begins = !std::mem::replace(&mut self.is_begun, true);
        if begins {
            rows.push(ACTIVITY_COLUMNS.map(str::to_owned).to_vec());
        }
        rows.extend(page.changes.iter().map(activity_cells));
        let lines = csv(&rows)?;
        Ok(Some(if begins {
            format!("{BYTE_ORDER_MARK}{lines}")
        } else {
            lines
        }))
    }
}

/// Saves activity as CSV in a folder; gives where it lies now. A file that cannot be finished is taken away again.
///
/// # Errors
/// As [`App::activity`]; `disk_full`, `disk_failed`.
pub async fn save_activity(
    app: &App,
    args: ActivityArgs,
    folder: &Path,
) -> Result<PathBuf, ErrorDto> {
    let mut lines = ActivityCsv::new(app, args);
    let (path, mut file) = begun(folder, "lockstep-activity").await.map_err(disk)?;
    let written = async {
        while let Some(some) = lines.next().await? {
            file.write_all(some.as_bytes()).await.map_err(disk)?;
        }
        file.sync_all().await.map_err(disk)
    };
    if let Err(error) = written.await {
        if let Err(left) = tokio::fs::remove_file(&path).await {
            tracing::warn!(%left, "a file that could not be finished could not be taken away");
        }
        return Err(error);
    }
    Ok(path)
}

/// A new file of a name, with a number behind it where that is taken.
async fn begun(folder: &Path, name: &str) -> std::io::Result<(PathBuf, tokio::fs::File)> {
    tokio::fs::create_dir_all(folder).await?;
    for number in 1..NAMES_MAX {
        let file = match number {
            1 => format!("{name}.csv"),
            number => format!("{name} ({number}).csv"),
        };
        let path = folder.join(file);
        let mut options = tokio::fs::OpenOptions::new();
        match options.write(true).create_new(true).open(&path).await {
            Ok(file) => return Ok((path, file)),
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error),
        }
    }
    Err(std::io::ErrorKind::AlreadyExists.into())
}

fn disk(error: std::io::Error) -> ErrorDto {
    let code = match error.kind() {
        std::io::ErrorKind::StorageFull => ErrorCode::DiskFull,
        _ => ErrorCode::DiskFailed,
    };
    ErrorDto::new(code).with("messages", &error.to_string())
}

/// Rows as CSV, of which a spreadsheet takes nothing for a formula.
///
/// # Errors
/// `internal`, should they not be writable.
pub fn csv(rows: &[Vec<String>]) -> Result<String, ErrorDto> {
    let failed = |error: &dyn std::fmt::Display| {
        ErrorDto::new(ErrorCode::Internal).with("messages", &error.to_string())
    };
    let mut writer = csv::Writer::from_writer(Vec::new());
    for row in rows {
        let cells = row.iter().map(|cell| harmless(cell));
        let cells: Vec<_> = cells.collect();
        let written = writer.write_record(cells.iter().map(|cell| cell.as_bytes()));
        written.map_err(|error| failed(&error))?;
    }
    let bytes = writer.into_inner().map_err(|error| failed(&error))?;
    String::from_utf8(bytes).map_err(|error| failed(&error))
}

/// A change in the columns of [`ACTIVITY_COLUMNS`].
#[must_use]
pub fn activity_cells(change: &ActivityChange) -> Vec<String> {
    let from = match change.origin {
        ChangeOrigin::Jira => "Jira",
        ChangeOrigin::Here => "here",
        ChangeOrigin::Sent => "sent to Jira",
    };
    let cause = match change.cause {
        ChangeCause::Import => "import",
        ChangeCause::Sync => "sync",
        ChangeCause::Edit => "edit",
    };
    let what = match change.kind {
        ChangeKind::Created => "(made)".to_owned(),
        ChangeKind::Parent => "(parent)".to_owned(),
        ChangeKind::Type => "(type)".to_owned(),
        ChangeKind::Deleted => "(deleted)".to_owned(),
        ChangeKind::Restored => "(brought back)".to_owned(),
        ChangeKind::Severed => "(disconnected)".to_owned(),
        ChangeKind::Relinked => "(linked again)".to_owned(),
        ChangeKind::Field | ChangeKind::Decided => change.field.clone().unwrap_or_default(),
    };
    vec![
        change.at.clone(),
        from.to_owned(),
        change.author.clone().unwrap_or_default(),
        cause.to_owned(),
        change.key.clone().unwrap_or_default(),
        change.title.clone().unwrap_or_default(),
        what,
        value_words(&change.before),
        value_words(&change.after),
    ]
}

/// What somebody wrote in Jira is no formula, whatever a spreadsheet takes it for.
fn harmless(text: &str) -> Cow<'_, str> {
    let is_number = text.parse::<f64>().is_ok();
    if !is_number && text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']) {
        return Cow::Owned(format!("'{text}"));
    }
    Cow::Borrowed(text)
}

/// A value in one line.
#[must_use]
pub fn value_words(value: &FieldValue) -> String {
    match value {
        FieldValue::None => "(nothing)".to_owned(),
        FieldValue::Text { text } => in_one_line(text),
        FieldValue::RichText { blocks } => in_one_line(&plain::text(blocks)),
        FieldValue::Number { number } => number.to_string(),
        FieldValue::Date { date } => date.clone(),
        FieldValue::Options { options } => {
            let names: Vec<&str> = options.iter().map(|option| option.name.as_str()).collect();
            names.join(", ")
        }
        FieldValue::People { names } => names.join(", "),
        FieldValue::Labels { labels } => labels.join(", "),
        FieldValue::References { references } => {
            let ends = references.iter();
            let ends = ends.map(|end| format!("{} {}", end.relation, end.item.title));
            ends.collect::<Vec<_>>().join(", ")
        }
        FieldValue::Bool { yes } => if *yes { "yes" } else { "no" }.to_owned(),
        FieldValue::Link { href } => href.clone(),
    }
}

fn in_one_line(text: &str) -> String {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    lines.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::{begun, csv};

    #[tokio::test]
    async fn a_name_that_is_taken_gets_a_number() {
        let folder = tempfile::tempdir().expect("a folder");
        for name in ["a.csv", "a (2).csv", "a (3).csv"] {
            let (path, _) = begun(folder.path(), "a").await.expect("a file");
            assert_eq!(path.file_name().and_then(|name| name.to_str()), Some(name));
        }
    }

    #[test]
    fn what_looks_like_a_formula_is_told_as_text() {
        for (text, told) in [
            ("=1+1", "'=1+1\n"),
            ("@here", "'@here\n"),
            ("-3.5", "-3.5\n"),
            ("- a point", "'- a point\n"),
            ("\r=1+1", "\"'\r=1+1\"\n"),
            ("Sign in", "Sign in\n"),
        ] {
            assert_eq!(csv(&[vec![text.to_owned()]]).expect("written"), told);
        }
    }
}
