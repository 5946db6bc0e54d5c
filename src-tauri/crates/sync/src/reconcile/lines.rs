//! Texts of several lines, whose changes are put together line by line where no two of them touch.

use similar::{Algorithm, DiffTag, capture_diff_slices};
use workspace::{RichFormat, RichText, Value};

/// Texts of more lines than these are not put together: a person sees them beside each other.
const LINES_MAX: usize = 2_000;

/// What takes the place of some lines of the base.
#[derive(Debug, PartialEq, Eq)]
struct Hunk<'t> {
    /// The first of them.
    from: usize,
    /// The first after them.
    to: usize,
    lines: Vec<&'t str>,
}

/// Both sides' changes of a text with several lines, put together; none if changes touch each other, or the values are no
/// such texts. Formatted text is put together where its notation is one of lines.
pub(super) fn merge(base: &Value, workspace: &Value, remote: &Value) -> Option<Value> {
    match (base, workspace, remote) {
        (Value::Text(base), Value::Text(workspace), Value::Text(remote)) => {
            merged(base, workspace, remote).as_deref().map(Value::text)
        }
        (Value::RichText(base), Value::RichText(workspace), Value::RichText(remote)) => {
            merged_rich(base, workspace, remote).map(Value::RichText)
        }
        _ => None,
    }
}

fn merged_rich(base: &RichText, workspace: &RichText, remote: &RichText) -> Option<RichText> {
    let format = base.format;
    let is_one = workspace.format == format && remote.format == format;
    // A document is a tree, in one line.
    if !is_one || format == RichFormat::Adf {
        return None;
    }
    Some(RichText {
        format,
        source: merged(&base.source, &workspace.source, &remote.source)?,
        plain: merged(&base.plain, &workspace.plain, &remote.plain)?,
    })
}

/// Three texts made one. Line ends and blanks at the end of a line make no difference; where nobody changed a line it stands
/// as the remote has it.
fn merged(base: &str, workspace: &str, remote: &str) -> Option<String> {
    let lines = [base, workspace, remote].map(|text| text.lines().map(str::trim_end).collect());
    let [old, here, there]: [Vec<&str>; 3] = lines;
    if old.len().max(here.len()).max(there.len()) > LINES_MAX {
        return None;
    }
    let mut hunks = hunks(&old, &here);
    hunks.extend(self::hunks(&old, &there));
    hunks.sort_by_key(|hunk| (hunk.from, hunk.to));
    hunks.dedup();
    if hunks.windows(2).any(|two| touch(&two[0], &two[1])) {
        return None;
    }
    let (mut out, mut at) = (Vec::new(), 0);
    for hunk in hunks {
        out.extend_from_slice(&old[at..hunk.from]);
        out.extend(hunk.lines);
        at = hunk.to;
    }
    out.extend_from_slice(&old[at..]);
    let line_end = if remote.contains("\r\n") {
        "\r\n"
    } else {
        "\n"
    };
    Some(out.join(line_end))
}

/// Whether no line that both left alone stands between two changes, of which the first begins no later.
fn touch(first: &Hunk<'_>, second: &Hunk<'_>) -> bool {
    second.from <= first.to
}

/// The changes of one side: what stands between the lines that stay.
fn hunks<'t>(old: &[&'t str], new: &[&'t str]) -> Vec<Hunk<'t>> {
    let same = capture_diff_slices(Algorithm::Myers, old, new).into_iter();
    let same = same.filter(|change| change.tag() == DiffTag::Equal);
    let same = same.map(|change| (change.old_range(), change.new_range()));
    let end = (old.len()..old.len(), new.len()..new.len());
    let (mut hunks, mut at) = (Vec::new(), (0, 0));
    for (stays, stands) in same.chain([end]) {
        if (stays.start, stands.start) != at {
            hunks.push(Hunk {
                from: at.0,
                to: stays.start,
                lines: new[at.1..stands.start].to_vec(),
            });
        }
        at = (stays.end, stands.end);
    }
    hunks
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Texts as words, a line each; the merge, or `None` for a conflict.
    #[track_caller]
    fn check(base: &str, workspace: &str, remote: &str, expected: Option<&str>) {
        let text = |words: &str| words.replace(' ', "\n");
        let found = merged(&text(base), &text(workspace), &text(remote));
        assert_eq!(found, expected.map(text), "{base} | {workspace} | {remote}");
    }

    #[test]
    fn changes_that_do_not_touch_are_put_together() {
        check("a b c d e", "A b c d e", "a b c d E", Some("A b c d E"));
        check("a b c d e", "a c d e", "a b c d e f", Some("a c d e f"));
        check("a b c", "x a b c", "a b c y", Some("x a b c y"));
        check("a b c d e", "a d e", "a b c d x e", Some("a d x e"));
    }

    #[test]
    fn changes_that_touch_are_a_conflict() {
        check("a b c", "a B c", "a x c", None);
        check("a b c d", "a B c d", "a b C d", None);
        check("a b", "a b x", "a b y", None);
        check("a b c", "a c", "a B c", None);
        check("a b c d e", "a d e", "a b c x d e", None);
        check("a b c", "x a b c", "A b c", None);
        check("a", "b", "c", None);
    }

    #[test]
    fn changes_that_are_the_same_are_one() {
        check("a b c d e", "A b c d e", "A b c d E", Some("A b c d E"));
        check("a b c", "a b c x", "a b c x", Some("a b c x"));
    }

    #[test]
    fn line_ends_are_nobodys_change() {
        let found = merged("a\r\nb\r\nc\r\nd", "A\nb\nc\nd", "a\r\nb\r\nc\r\nD");
        assert_eq!(found.as_deref(), Some("A\r\nb\r\nc\r\nD"));
    }

    #[test]
    fn a_document_is_not_taken_apart() {
        let rich = |format, source: &str| {
            Value::RichText(RichText {
                format,
                source: source.into(),
                plain: source.replace('*', ""),
            })
        };
        let three = |format| {
            merge(
                &rich(format, "*a*\nb\nc"),
                &rich(format, "*A*\nb\nc"),
                &rich(format, "*a*\nb\nC"),
            )
        };
        assert_eq!(
            three(RichFormat::Wiki),
            Some(rich(RichFormat::Wiki, "*A*\nb\nC"))
        );
        assert_eq!(three(RichFormat::Adf), None);
    }

    fn text() -> impl Strategy<Value = Vec<String>> {
        proptest::collection::vec("[a-d]", 0..10)
    }

    proptest! {
        #[test]
        fn where_one_side_changed_the_merge_is_that_side(base in text(), other in text()) {
            let (base, other) = (base.join("\n"), other.join("\n"));
            prop_assert_eq!(merged(&base, &other, &base), Some(other.clone()));
            prop_assert_eq!(merged(&base, &base, &other), Some(other.clone()));
            prop_assert_eq!(merged(&base, &other, &other), Some(other));
        }

        #[test]
        fn it_makes_no_difference_which_side_is_which(base in text(), one in text(), other in text()) {
            let [base, one, other] = [base, one, other].map(|lines| lines.join("\n"));
            prop_assert_eq!(merged(&base, &one, &other), merged(&base, &other, &one));
        }

        #[test]
        fn every_addition_and_removal_arrives_and_no_line_is_invented(
            here in edits(), there in edits(),
        ) {
            let base: Vec<String> = (0..LINES).map(|place| format!("line {place}")).collect();
            let one = edited(&base, &here, "here");
            let other = edited(&base, &there, "there");
            let Some(found) = merged(&base.join("\n"), &one.join("\n"), &other.join("\n")) else {
                return Ok(());
            };
            let found: Vec<&str> = found.lines().collect();
            let times = |line: &String| found.iter().filter(|of| **of == line).count();
            let mut told = 0;
            for line in &base {
                let kept = one.contains(line) && other.contains(line);
                prop_assert_eq!(times(line), usize::from(kept), "{}", line);
                told += usize::from(kept);
            }
            for line in one.iter().chain(&other).filter(|line| !base.contains(line)) {
                prop_assert_eq!(times(line), 1, "{}", line);
                told += 1;
            }
            prop_assert_eq!(found.len(), told);
        }
    }

    const LINES: usize = 12;

    /// For each line whether it goes, and whether another one comes behind it. Most stay, so that many merge.
    fn edits() -> impl Strategy<Value = Vec<(bool, bool)>> {
        let rarely = || proptest::bool::weighted(0.1);
        proptest::collection::vec((rarely(), rarely()), LINES)
    }

    fn edited(base: &[String], edits: &[(bool, bool)], side: &str) -> Vec<String> {
        let mut lines = Vec::new();
        for (place, (line, (goes, comes))) in base.iter().zip(edits).enumerate() {
            lines.extend((!goes).then(|| line.clone()));
            lines.extend(comes.then(|| format!("{side} {place}")));
        }
        lines
    }
}
