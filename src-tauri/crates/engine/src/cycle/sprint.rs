//! Sprints by the calls that boards have for them, where an edit of the issue does not do it.
//!
//! An edit sets a sprint only where the field is on a screen, which on Data Center it often is not; the boards' calls look at
//! no screen. They are noted before they leave and settled by reading, like an edit.

use super::Cycle;
use super::send::Sending;
use super::transition::Step;
use crate::error::EngineError;
use crate::problem::Problem;
use jira::{SiteKind, Sprint, SprintState};
use store::due::Due;
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
        due: &Due,
        sending: &Sending,
        write: &FieldWrite,
    ) -> Result<Step, EngineError> {
        let to = choice(&write.value);
        if to.is_none()
            && let Some(from) = choice(&write.before)
        {
            // What an issue was in until it was closed, Jira remembers for ever.
            match self.sprint(due, from).await? {
                Looked::Sprint(Some(sprint)) if sprint.state == SprintState::Closed => {
                    return Ok(Step::Barred(closed(&sprint.name)));
                }
                Looked::Sprint(_) => {}
                Looked::PutOff => return Ok(Step::PutOff),
            }
        }
        let (id, issue) = (self.integration(), due.remote_id.clone());
        let told = sending.told_of(&[write.field]);
        self.store
            .write(move |tx| store::due::set_sent(tx, id, &issue, &told))
            .await?;
        let client = self.remote.client();
        let issues = [due.remote_id.as_str()];
        let moved = match to {
            Some(sprint) => client.move_to_sprint(&sprint.id, &issues).await,
            None => client.move_to_backlog(&issues).await,
        };
        let error = match moved {
            Ok(()) => return self.taken(due, sending, write.field).await,
            Err(error) => error,
        };
        let jira::Error::Rejected { messages, fields } = &error else {
            self.refused(due, error).await?;
            return Ok(Step::PutOff);
        };
        let said: Vec<&str> = messages
            .iter()
            .chain(fields.values())
            .map(String::as_str)
            .collect();
        let refused = Problem::new(REFUSED).with("messages", said.join(" "));
        let Some(to) = to else {
            return Ok(Step::Barred(refused));
        };
        Ok(match self.sprint(due, to).await? {
            Looked::Sprint(Some(sprint)) if sprint.state == SprintState::Closed => {
                Step::Barred(closed(&sprint.name))
            }
            Looked::Sprint(_) => Step::Barred(refused),
            Looked::PutOff => Step::PutOff,
        })
    }

    async fn sprint(&self, due: &Due, choice: &Choice) -> Result<Looked, EngineError> {
        match self.remote.client().sprint(&choice.id).await {
            Ok(sprint) => Ok(Looked::Sprint(sprint)),
            Err(error) => {
                self.refused(due, error).await?;
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
