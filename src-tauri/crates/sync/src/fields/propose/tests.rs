use super::*;
use crate::fields::check;
use crate::fixtures::{core_schema, custom, remote_field, system_fields, with_role};
use crate::mapping::{Direction, Mapping, Severity};

fn names(pairs: &[FieldPair]) -> Vec<(String, String)> {
    pairs
        .iter()
        .map(|pair| (pair.field.to_string(), pair.remote_field.clone()))
        .collect()
}

fn expected(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs
        .iter()
        .map(|(here, there)| ((*here).into(), (*there).into()))
        .collect()
}

#[test]
fn the_core_pairs_are_there_from_the_start() {
    let core = core_pairs(&system_fields(), &core_schema());
    assert_eq!(
        names(&core.pairs),
        expected(&[
            ("title", "summary"),
            ("description", "description"),
            ("importance", "priority"),
            ("dev_assignee", "assignee"),
            ("sprint", "sprint"),
        ])
    );
    assert!(core.pairs.iter().all(|pair| pair.core));
    assert!(
        core.pairs
            .iter()
            .all(|pair| pair.direction == Direction::Both)
    );
    assert_eq!(core.missing, []);
}

#[test]
fn a_core_field_without_a_counterpart_is_left_out_with_the_reason() {
    let mut schema = core_schema();
    schema.fields.retain(|field| field.id != "priority");
    schema.fields[3].kind = RemoteKind::Unsupported("json".into());
    let fields: Vec<Field> = system_fields()
        .into_iter()
        .filter(|field| field.key != SystemField::Description.into())
        .collect();
    let missing: Vec<(String, MissingCoreReason)> = core_pairs(&fields, &schema)
        .missing
        .into_iter()
        .map(|missing| (missing.field.to_string(), missing.reason))
        .collect();
    assert_eq!(
        missing,
        [
            ("description".into(), MissingCoreReason::NoField),
            (
                "importance".into(),
                MissingCoreReason::NoRemoteField(Role::Priority)
            ),
            (
                "sprint".into(),
                MissingCoreReason::Incompatible(RefusalReason::Unsupported("json".into()))
            ),
        ]
    );
}

/// Proposals as `field, remote field`, the core pairs mapped already.
#[track_caller]
fn check_proposals(mut fields: Vec<Field>, remote: Vec<RemoteField>, pairs: &[(&str, &str)]) {
    fields.extend(system_fields());
    let mut schema = core_schema();
    schema.fields.extend(remote);
    let core = core_pairs(&fields, &schema).pairs;
    let proposals = propose(&fields, &schema, &core);
    let found: Vec<FieldPair> = proposals
        .iter()
        .map(|proposal| proposal.pair.clone())
        .collect();
    assert_eq!(names(&found), expected(pairs));
    let mapping = Mapping {
        fields: core.into_iter().chain(found).collect(),
        ..Mapping::default()
    };
    let refused: Vec<crate::fields::FieldFinding> = check(&fields, &[], &schema, &mapping)
        .into_iter()
        .filter(|finding| finding.reason.severity() == Severity::Refused)
        .collect();
    assert_eq!(refused, [], "a proposal is never refused");
}

#[test]
fn fields_whose_meaning_is_known_are_proposed_whatever_their_names() {
    check_proposals(
        vec![],
        vec![
            with_role("cf1", RemoteKind::Number, Role::StoryPoints),
            with_role("components", RemoteKind::Components, Role::Components),
            with_role("fixVersions", RemoteKind::Versions, Role::FixVersions),
            with_role("labels", RemoteKind::Labels, Role::Labels),
            with_role("duedate", RemoteKind::Date, Role::DueDate),
            with_role("cf2", RemoteKind::Date, Role::StartDate),
            with_role("cf3", RemoteKind::Team, Role::Team),
            with_role("estimate", RemoteKind::Number, Role::OriginalEstimate),
            with_role("issuelinks", RemoteKind::IssueLinks, Role::Links),
            with_role("reporter", RemoteKind::Person, Role::Reporter),
        ],
        &[
            ("story_points", "cf1"),
            ("components", "components"),
            ("quarter", "fixVersions"),
            ("labels", "labels"),
            ("start_date", "cf2"),
            ("target_date", "duedate"),
            ("team", "cf3"),
            ("estimated_hours", "estimate"),
            ("dependencies", "issuelinks"),
        ],
    );
}

#[test]
fn of_two_fields_that_mean_the_same_the_one_that_can_be_written_is_proposed() {
    let mut total = with_role("total", RemoteKind::Number, Role::OriginalEstimate);
    total.read_only = true;
    let tracking = with_role("tracking", RemoteKind::Number, Role::OriginalEstimate);
    check_proposals(
        vec![],
        vec![total, tracking],
        &[("estimated_hours", "tracking")],
    );
}

#[test]
fn other_fields_are_proposed_by_kind_and_name() {
    check_proposals(
        vec![
            custom(1, "Customer", Kind::Text),
            custom(2, "Risk", Kind::SingleSelect),
            custom(3, "Notes", Kind::LongText),
            custom(4, "Size", Kind::Number),
        ],
        vec![
            remote_field("cf1", "customer", RemoteKind::Text),
            remote_field("cf2", "Risks", RemoteKind::SingleSelect),
            remote_field("cf3", "Notes", RemoteKind::RichText),
            remote_field("cf4", "Size", RemoteKind::SingleSelect),
            remote_field("cf5", "Story Points", RemoteKind::Number),
            remote_field("cf6", "Customer", RemoteKind::SingleSelect),
        ],
        &[
            ("custom:1", "cf1"),
            ("story_points", "cf5"),
            ("custom:3", "cf3"),
            ("custom:2", "cf2"),
        ],
    );
}

#[test]
fn a_formula_is_proposed_to_the_remote_only_and_is_right() {
    let field = custom(1, "Score", Kind::Formula);
    let mut schema = Schema::default();
    schema
        .fields
        .push(remote_field("cf", "Score", RemoteKind::Number));
    let found = propose(&[field], &schema, &[]);
    let found: Vec<_> = found
        .iter()
        .map(|proposal| (proposal.pair.direction, proposal.pair.winner))
        .collect();
    assert_eq!(
        found,
        [(Direction::ToRemote, crate::mapping::Winner::Workspace)]
    );
}
