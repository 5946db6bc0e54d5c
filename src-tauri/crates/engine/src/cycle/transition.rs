//! Taking an issue to the status that an item was given here.
//!
//! The steps of a workflow are known only from where an issue stands, so they are asked for just before one is taken. It
//! is taken as an edit is sent: what it is to lead to is noted before it leaves, and if nobody tells what came of it,
//! reading does.

use super::Cycle;
use super::pull::Pair;
use super::send::{Attempt, Sending};
use crate::error::EngineError;
use crate::problem::Problem;
use crate::run::Ground;
use jira::Transition;
use serde_json::Map;
use store::run::Reason;
use sync::outgoing::Unsayable;
use workspace::{FieldKey, SystemField, Value};

pub(super) const STATUS: FieldKey = FieldKey::System(SystemField::Status);
const DEV_STATUS: FieldKey = FieldKey::System(SystemField::DevStatus);

/// Nothing at Jira stands for the status.
const UNMAPPED: &str = "status_unmapped";
/// No step leads from where the issue stands to where it is to go.
const MISSING: &str = "transition_missing";
/// The step asks for values.
const FIELDS: &str = "transition_fields";
/// No step at all is open.
const NONE: &str = "transition_none";
/// Codes of what keeps an issue from going where its item is.
pub(crate) const STATUS_PROBLEMS: [&str; 4] = [UNMAPPED, MISSING, FIELDS, NONE];

/// What came of sending a status.
#[derive(Debug, PartialEq)]
pub(super) enum Step {
    /// There was none to send.
    Nothing,
    /// The issue went there.
    Taken,
    /// It cannot, until somebody has done something.
    Barred(Problem),
    /// It is not known yet, or tried again later; that is noted with the issue.
    PutOff,
}

/// What Jira has against a change that it refuses for good, whatever kept it from it: nothing else has to wait for that. None
/// if it may yet be made, or nobody knows whether it was.
pub(super) fn refusal(error: &jira::Error) -> Option<String> {
    let said = match error {
        jira::Error::Rejected { messages, fields } => {
            let said: Vec<&str> = (messages.iter().chain(fields.values()))
                .map(String::as_str)
                .collect();
            said.join(" ")
        }
        jira::Error::Permission { messages } => messages.join(" "),
        jira::Error::Gone | jira::Error::Unsupported { .. } => String::new(),
        _ => return None,
    };
    Some(if said.is_empty() {
        error.to_string()
    } else {
        said
    })
}

impl Cycle {
    /// Takes the issue to where its item is, if that is to be sent.
    pub(super) async fn send_status(
        &self,
        attempt: &Attempt,
        sending: &Sending,
    ) -> Result<Step, EngineError> {
        let unsayable = sending.patch.unsayable.iter();
        let mut unsayable = unsayable.filter(|(field, _)| *field == STATUS);
        if let Some((_, why)) = unsayable.next() {
            return Ok(Step::Barred(unmapped(&sending.pair, why)));
        }
        let Some(write) = &sending.patch.status else {
            return Ok(Step::Nothing);
        };
        let client = self.remote.client();
        let open = match client.transitions(&attempt.remote_id).await {
            Ok(open) => open,
            Err(error) => {
                self.refused(attempt, error).await?;
                return Ok(Step::PutOff);
            }
        };
        let step = match choose(&open, &write.wanted) {
            Ok(step) => step,
            Err(bar) => {
                return Ok(Step::Barred(bar.problem(
                    &self.ground,
                    &sending.pair,
                    &open,
                    &write.wanted,
                )));
            }
        };
        if !self.leaves(sending, &[STATUS]).await? {
            return Ok(Step::PutOff);
        }
        match client
            .transition(&attempt.remote_id, &step.id, &Map::new())
            .await
        {
            Ok(()) => self.taken(attempt, sending, STATUS).await,
            Err(error @ jira::Error::Rejected { .. }) => {
                Ok(Step::Barred(Problem::from(&EngineError::from(error))))
            }
            Err(error) => {
                self.refused(attempt, error).await?;
                Ok(Step::PutOff)
            }
        }
    }
}

/// Whether an issue no longer stands where it stood when its status could not be sent: then other steps are open.
pub(super) fn is_overtaken(why: &Reason, pair: &Pair) -> bool {
    if !STATUS_PROBLEMS.contains(&why.code.as_str()) {
        return false;
    }
    let problem = Problem::from_text(&why.code, &why.detail);
    problem
        .detail
        .get("from")
        .is_some_and(|from| *from != stands(pair))
}

/// Why no step can be taken.
#[derive(Debug, PartialEq)]
enum Bar<'t> {
    NoStep,
    /// Steps lead there, the first of them this one, and all ask for values.
    Fields(&'t Transition),
}

/// The first step that leads to where the issue is wanted most and asks for nothing.
fn choose<'t>(open: &'t [Transition], wanted: &[String]) -> Result<&'t Transition, Bar<'t>> {
    let leading = || {
        let wanted = wanted.iter();
        wanted.flat_map(|id| open.iter().filter(move |step| step.to.id == *id))
    };
    let mut free = leading().filter(|step| step.required_fields.is_empty());
    match (free.next(), leading().next()) {
        (Some(step), _) => Ok(step),
        (None, Some(step)) => Err(Bar::Fields(step)),
        (None, None) => Err(Bar::NoStep),
    }
}

impl Bar<'_> {
    fn problem(
        &self,
        ground: &Ground,
        pair: &Pair,
        open: &[Transition],
        wanted: &[String],
    ) -> Problem {
        let problem = |code| Problem::new(code).with("from", stands(pair));
        match self {
            Self::Fields(step) => {
                let fields = step.required_fields.iter();
                let fields: Vec<&str> = fields.map(|id| field_name(ground, id)).collect();
                problem(FIELDS)
                    .with("to", &step.to.name)
                    .with("step", &step.name)
                    .with("fields", fields.join(", "))
            }
            Self::NoStep => {
                let names: Vec<&str> = wanted.iter().map(|id| status_name(ground, id)).collect();
                let to = names.join(" / ");
                if open.is_empty() {
                    return problem(NONE).with("to", to);
                }
                let steps: Vec<&str> = open.iter().map(|step| step.to.name.as_str()).collect();
                problem(MISSING)
                    .with("to", to)
                    .with("steps", steps.join(", "))
            }
        }
    }
}

fn unmapped(pair: &Pair, why: &[Unsayable]) -> Problem {
    let names = why.iter().find_map(|why| match why {
        Unsayable::NoChoice { name, .. } => Some(name.as_str()),
        _ => None,
    });
    Problem::new(UNMAPPED)
        .with("from", stands(pair))
        .with("status", names.unwrap_or("no status"))
}

/// Where the issue stood when it was last read, as Jira calls it.
fn stands(pair: &Pair) -> &str {
    match pair.remotes.get(&DEV_STATUS) {
        Some(Value::Text(name)) => name,
        _ => "",
    }
}

fn status_name<'n>(ground: &'n Ground, id: &'n str) -> &'n str {
    let mut statuses = ground.schema.statuses.iter();
    let found = statuses.find(|status| status.id == id);
    found.map_or(id, |status| &status.name)
}

fn field_name<'n>(ground: &'n Ground, id: &'n str) -> &'n str {
    let mut fields = ground.schema.fields.iter();
    let found = fields.find(|field| field.id == id);
    found.map_or(id, |field| &field.name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jira::Status;

    fn step(id: &str, to: &str, required: &[&str]) -> Transition {
        Transition {
            id: id.to_owned(),
            name: format!("To {to}"),
            to: Status {
                id: to.to_owned(),
                name: to.to_owned(),
                category: "new".to_owned(),
            },
            required_fields: required.iter().map(|id| (*id).to_owned()).collect(),
        }
    }

    #[track_caller]
    fn check(open: &[Transition], wanted: &[&str], expected: Result<&str, &str>) {
        let wanted: Vec<String> = wanted.iter().map(|id| (*id).to_owned()).collect();
        let found = match choose(open, &wanted) {
            Ok(step) => Ok(step.id.as_str()),
            Err(Bar::Fields(step)) => Err(step.id.as_str()),
            Err(Bar::NoStep) => Err("none"),
        };
        assert_eq!(found, expected);
    }

    #[test]
    fn the_step_to_the_chosen_status_is_taken_else_one_to_another_that_stands_for_the_same() {
        let open = [
            step("1", "a", &[]),
            step("2", "b", &[]),
            step("3", "c", &["resolution"]),
        ];
        check(&open, &["b", "a"], Ok("2"));
        check(&open, &["x", "a"], Ok("1"));
        // Rather another status of the same meaning than none.
        check(&open, &["c", "a"], Ok("1"));
        check(&open, &["c"], Err("3"));
        check(&open, &["x"], Err("none"));
        check(&[], &["a"], Err("none"));
    }
}
