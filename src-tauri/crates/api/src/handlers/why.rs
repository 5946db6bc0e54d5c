//! "Why isn't this syncing?", in words.

use crate::app::App;
use crate::convert::moment;
use crate::dto::{Why, WhyArgs, WhyCure, WhyLine, WhyVerdict};
use crate::error::{ErrorCode, ErrorDto};
use engine::{Cure, Fact, Hold, Problem, Verdict, WhyTarget};
use store::link::SeverReason;
use workspace::ItemId;

impl App {
    /// Looks at everything that has to hold for an item or an issue to be kept in step.
    ///
    /// # Errors
    /// `bad_request` if neither or both are given; `not_found`.
    pub async fn why(&self, args: WhyArgs) -> Result<Why, ErrorDto> {
        let target = match (args.item_id, args.key) {
            (Some(id), None) => WhyTarget::Item(ItemId(id)),
            (None, Some(key)) if !key.trim().is_empty() => WhyTarget::Key(key),
            _ => {
                return Err(ErrorDto::new(ErrorCode::BadRequest)
                    .with("messages", "An item or the key of an issue is asked about."));
            }
        };
        let found = self.engine.why(target).await?;
        Ok(Why {
            item_id: found.item.map(|id| id.0),
            title: found.title,
            key: found.key,
            lines: found
                .lines
                .iter()
                .map(|line| {
                    let (title, text) = words(&line.fact);
                    WhyLine {
                        title,
                        text,
                        verdict: match line.verdict {
                            Verdict::Fine => WhyVerdict::Fine,
                            Verdict::Note => WhyVerdict::Note,
                            Verdict::Broken => WhyVerdict::Broken,
                            Verdict::Unknown => WhyVerdict::Unknown,
                        },
                        cure: line.cure.map(cure),
                    }
                })
                .collect(),
        })
    }
}

fn cure(cure: Cure) -> WhyCure {
    match cure {
        Cure::Credentials(id) => WhyCure::Credentials {
            connection_id: id.0,
        },
        Cure::Resume(id) => WhyCure::Resume {
            integration_id: id.0,
        },
        Cure::Decide(id) => WhyCure::Decide {
            integration_id: id.0,
        },
        Cure::Setup(id, step) => WhyCure::Setup {
            integration_id: id.0,
            step,
        },
        Cure::Conflicts(item) => WhyCure::Conflicts { item_id: item.0 },
        Cure::Problems(item) => WhyCure::Problems { item_id: item.0 },
        Cure::Disconnected(item) => WhyCure::Disconnected { item_id: item.0 },
        Cure::Sync(id) => WhyCure::Sync {
            integration_id: id.0,
        },
    }
}

fn words(fact: &Fact) -> (String, String) {
    let told = |title: &str, text: &str| (title.to_owned(), text.to_owned());
    match fact {
        Fact::Linked { key } => (format!("Linked to {key}"), String::new()),
        Fact::NotLinked => told(
            "Not linked",
            "There is no pair of an item here and this issue, so nothing goes either way.",
        ),
        Fact::Severed { key, reason } => (
            format!("Disconnected from {key}"),
            format!("{} Both sides live on by themselves.", severed(*reason)),
        ),
        Fact::Connection { name, problem } => match problem {
            None => (format!("The connection {name} works"), String::new()),
            Some(problem) => (
                format!("The connection {name} is stopped"),
                sentences(problem),
            ),
        },
        Fact::Integration {
            name,
            hold,
            is_kept,
            problem,
        } => integration(name, *hold, *is_kept, problem.as_ref()),
        Fact::Readable(true) => told("Jira shows the issue to this account", ""),
        Fact::Readable(false) => told(
            "Jira does not show the issue to this account",
            "It was deleted, archived, moved out of sight, or hidden by a permission; Jira does not tell which.",
        ),
        Fact::Type { name, is_mapped } if *is_mapped => {
            (format!("Its type {name} is mapped"), String::new())
        }
        Fact::Type { name, .. } => (
            format!("Its type {name} is mapped to nothing"),
            "Map it in step 5, and it takes part.".to_owned(),
        ),
        Fact::Scope { jql, is_met } if *is_met => ("It meets the filter".to_owned(), jql.clone()),
        Fact::Scope { jql, .. } => (
            "It does not meet the filter".to_owned(),
            format!(
                "What is linked stays in step all the same; what is not, does not come in. {jql}"
            ),
        ),
        Fact::Permission(true) => told("This account may edit issues of the project", ""),
        Fact::Permission(false) => told(
            "This account may not edit issues of the project",
            "What is edited here cannot be sent. Have the permission “Edit issues” given to it.",
        ),
        Fact::Comes => told(
            "Nothing is in its way",
            "It becomes an item here with the next look.",
        ),
        Fact::Unsent(0) => told("Nothing waits to be sent", ""),
        Fact::Unsent(count) => (
            format!("Edits of {} wait to be sent", fields(*count)),
            "They go with the next look at Jira.".to_owned(),
        ),
        Fact::Held(problem) => {
            let words = ErrorDto::from(problem).words();
            (words.title, format!("{} {}", words.cause, words.cure))
        }
        Fact::Conflicts(0) => told("Nothing is in conflict", ""),
        Fact::Conflicts(count) => (
            format!("Both sides changed {}", fields(*count)),
            "Only that waits for somebody to decide; everything else goes on.".to_owned(),
        ),
        Fact::Limit(None) => told("Jira lets requests through", ""),
        Fact::Limit(Some(until)) => (
            "Jira asks for fewer requests".to_owned(),
            format!("Nothing is sent before {}.", moment(*until)),
        ),
        Fact::NotAsked(problem) => (
            "Jira could not be asked about the issue".to_owned(),
            sentences(problem),
        ),
    }
}

fn integration(
    name: &str,
    hold: Hold,
    is_kept: bool,
    problem: Option<&Problem>,
) -> (String, String) {
    if let (Hold::None, Some(problem)) = (hold, problem) {
        return (
            format!("The last look at Jira for {name} failed"),
            sentences(problem),
        );
    }
    let (state, text) = match hold {
        Hold::None if is_kept => ("is kept in step", ""),
        Hold::None => (
            "is looked at only when somebody asks",
            "Nothing here keeps it in step by itself.",
        ),
        Hold::NotImported => ("is not kept in step yet", "The first import starts that."),
        Hold::Paused => ("is paused", "What is edited meanwhile is kept."),
        Hold::ConnectionStopped => ("waits for its connection", ""),
        Hold::Import => ("is being imported", "It is kept in step again afterwards."),
        Hold::Fuse => (
            "waits for your decision",
            "Unusually much would change, so nothing was done.",
        ),
    };
    (format!("{name} {state}"), text.to_owned())
}

fn sentences(problem: &Problem) -> String {
    let words = ErrorDto::from(problem).words();
    format!("{}. {} {}", words.title, words.cause, words.cure)
}

fn fields(count: usize) -> String {
    if count == 1 {
        "1 field".to_owned()
    } else {
        format!("{count} fields")
    }
}

fn severed(reason: SeverReason) -> &'static str {
    match reason {
        SeverReason::DeletedThere => "The issue was deleted.",
        SeverReason::DeletedHere => "The item was deleted.",
        SeverReason::MovedAway => "The issue was moved to a project that is not integrated.",
        SeverReason::OutOfScope => "The issue no longer meets the filter.",
        SeverReason::NoPermission => "The account may no longer see the issue.",
        SeverReason::ConnectionRemoved => "The connection was removed.",
        SeverReason::ByHand => "Somebody disconnected it.",
    }
}
