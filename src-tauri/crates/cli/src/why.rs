//! "Why isn't this syncing?"

use crate::arguments::Why;
use crate::output::{Failure, Output};
use api::App;
use api::dto::{WhyArgs, WhyVerdict};
use std::process::ExitCode;

/// Something is in the way.
const IN_THE_WAY: u8 = 3;

pub async fn why(app: &App, options: Why) -> Result<ExitCode, Failure> {
    let found = app
        .why(WhyArgs {
            item_id: None,
            key: Some(options.key),
        })
        .await?;
    Output::new(options.json).print(&found, |found| {
        let head = format!("{}  {}", found.key, found.title);
        let lines = found.lines.iter().map(|line| {
            let sign = match line.verdict {
                WhyVerdict::Fine => "ok  ",
                WhyVerdict::Note => "note",
                WhyVerdict::Broken => "NO  ",
                WhyVerdict::Unknown => "?   ",
            };
            let text = match line.text.as_str() {
                "" => String::new(),
                text => format!("\n        {text}"),
            };
            format!("  {sign}  {}{text}", line.title)
        });
        std::iter::once(head.trim_end().to_owned())
            .chain(lines)
            .collect::<Vec<_>>()
            .join("\n")
    });
    let is_broken = |verdict| verdict == WhyVerdict::Broken;
    Ok(if found.lines.iter().any(|line| is_broken(line.verdict)) {
        ExitCode::from(IN_THE_WAY)
    } else {
        ExitCode::SUCCESS
    })
}
