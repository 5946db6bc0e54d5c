//! Sprints by the calls that boards have for them, where an edit of the issue does not do it.
//!
//! An edit sets a sprint only where the field is on a screen, which on Data Center it often is not; the boards' calls look at
//! no screen. They are noted before they leave and settled by reading, like an edit.

use super::Cycle;
use super::send::{Attempt, Sending};
use super::transition::{Step, refusal};
use crate::error::EngineError;
use crate::problem::Problem;
use jira::{SiteKind, Sprint, SprintState};
use sync::plan::FieldWrite;
use sync::remote::{Choice, RemoteKind, RemoteValue};

/// The sprint is over: nothing goes in or out any more.
const CLOSED: &str = "sprint_closed";
/// Jira refused the sprint.
const REFUSED: &str = "sprint_refused";

/// Whether a write goes by the boards' calls from the start: all of Data Center's, and whatever takes an issue out of
/// its sprint.
pub(super) fn is_planned(write: &FieldWrite, site: SiteKind) -> bool {
    is_sprint(write) && (site == SiteKind::DataCenter || choice(&write.value).is_none())
}

/// Whether a write is of a sprint: where an edit is refused, the boards' calls may do.
pub(super) fn is_sprint(write: &FieldWrite) -> bool {
    write.remote.kind == RemoteKind::Sprint
}

impl Cycle {
    /// Moves the issue into a sprint, or out of the one that it is in.
    pub(super) async fn send_sprint(
        &self,
        attempt: &Attempt,
        sending: &Sending,
        write: &FieldWrite,
    ) -> Result<Step, EngineError> {
        let to = choice(&write.value);
        if to.is_none()
            && let Some(from) = choice(&write.before)
        {
            // What an issue was in until it was closed, Jira remembers for ever.
            match self.sprint(attempt, from).await? {
                Looked::Sprint(Some(sprint)) if sprint.state == SprintState::Closed => {
                    return Ok(Step::Barred(closed(&sprint.name)));
                }
                Looked::Sprint(_) => {}
                Looked::PutOff => return Ok(Step::PutOff),
            }
        }
        if !self.leaves(sending, &[write.field]).await? {
            return Ok(Step::PutOff);
        }
        let client = self.remote.client();
        let issues = [attempt.remote_id.as_str()];
        let moved = match to {
            Some(sprint) => client.move_to_sprint(&sprint.id, &issues).await,
            None => client.move_to_backlog(&issues).await,
        };
        let error = match moved {
            Ok(()) => return self.taken(attempt, sending, write.field).await,
            Err(error) => error,
        };
        let Some(said) = refusal(&error) else {
            self.refused(attempt, error).await?;
            return Ok(Step::PutOff);
        };
        let refused = Problem::new(REFUSED).with("messages", said);
        let Some(to) = to else {
            return Ok(Step::Barred(refused));
        };
        Ok(match self.sprint(attempt, to).await? {
            Looked::Sprint(Some(sprint)) if sprint.state == SprintState::Closed => {
                Step::Barred(closed(&sprint.name))
            }
            Looked::Sprint(_) => Step::Barred(refused),
            Looked::PutOff => Step::PutOff,
        })
    }

    async fn sprint(&self, attempt: &Attempt, choice: &Choice) -> Result<Looked, EngineError> {
        match self.remote.client().sprint(&choice.id).await {
            Ok(sprint) => Ok(Looked::Sprint(sprint)),
            // Whoever may not look at it finds out by trying.
            Err(error) if refusal(&error).is_some() => Ok(Looked::Sprint(None)),
            Err(error) => {
                self.refused(attempt, error).await?;
                Ok(Looked::PutOff)
            }
        }
    }
}

/// What came of asking for a sprint.
enum Looked {
    Sprint(Option<Sprint>),
    /// It is asked for again later; that is noted with the issue.
    PutOff,
}

fn choice(value: &RemoteValue) -> Option<&Choice> {
    match value {
        RemoteValue::Choices(choices) => choices.first(),
        _ => None,
    }
}

fn closed(name: &str) -> Problem {
    Problem::new(CLOSED).with("sprint", name)
}
