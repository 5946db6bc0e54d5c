//! What Jira's fields hold, in the shapes in which Cloud and Data Center send it.

use super::{issue, value};
use jiff::civil::date;
use jira::Issue;
use serde_json::{Value as Json, json};
use sync::remote::{
    Choice, IssueLink, ParentRef, RemoteField, RemoteKind, RemotePerson, RemoteValue, Role, Schema,
};
use workspace::value::Relation;

#[track_caller]
fn check(kind: RemoteKind, told: &Json, expected: RemoteValue) {
    assert_eq!(value::value(&kind, None, told), expected, "{kind:?} {told}");
}

fn choice(id: &str, name: &str) -> Choice {
    Choice {
        id: id.to_owned(),
        name: name.to_owned(),
        ..Choice::default()
    }
}

fn one(id: &str, name: &str) -> RemoteValue {
    RemoteValue::Choices(vec![choice(id, name)])
}

#[test]
fn numbers_come_as_numbers_or_as_text() {
    check(RemoteKind::Number, &json!(3.0), RemoteValue::Number(3.0));
    check(RemoteKind::Number, &json!("8"), RemoteValue::Number(8.0));
    check(RemoteKind::Number, &json!(null), RemoteValue::None);
    check(RemoteKind::Number, &json!({ "a": 1 }), RemoteValue::None);
    let estimate = Some(Role::OriginalEstimate);
    for told in [
        json!({ "originalEstimate": "8h", "originalEstimateSeconds": 28800 }),
        json!(28800),
    ] {
        let read = value::value(&RemoteKind::Number, estimate, &told);
        assert_eq!(read, RemoteValue::Number(28800.0), "{told}");
    }
    let nothing = value::value(&RemoteKind::Number, estimate, &json!({}));
    assert_eq!(nothing, RemoteValue::None);
}

#[test]
fn moments_have_an_offset_without_a_colon() {
    let moment = "2026-11-23T10:00:00Z".parse().expect("a moment");
    for told in [
        "2026-11-23T12:00:00.000+0200",
        "2026-11-23T10:00:00.000+0000",
        "2026-11-23T12:00:00+02:00",
    ] {
        check(
            RemoteKind::DateTime,
            &json!(told),
            RemoteValue::DateTime(moment),
        );
    }
    let day = date(2026, 11, 23);
    check(
        RemoteKind::Date,
        &json!("2026-11-23"),
        RemoteValue::Date(day),
    );
    for odd in [json!("soon"), json!("é"), json!(5), json!("")] {
        check(RemoteKind::Date, &odd, RemoteValue::None);
        check(RemoteKind::DateTime, &odd, RemoteValue::None);
    }
}

#[test]
fn choices_are_known_by_id_and_one_below_another_by_both_names() {
    let told = json!({ "self": "https://a.test", "id": "10035", "value": "Höher" });
    check(RemoteKind::SingleSelect, &told, one("10035", "Höher"));
    check(
        RemoteKind::MultiSelect,
        &json!([told]),
        one("10035", "Höher"),
    );
    check(RemoteKind::MultiSelect, &json!([]), RemoteValue::None);
    let cascade = json!({ "id": "1", "value": "EU", "child": { "id": "2", "value": "Wien" } });
    check(RemoteKind::Cascading, &cascade, one("2", "EU / Wien"));
    let upper = json!({ "id": "1", "value": "EU" });
    check(RemoteKind::Cascading, &upper, one("1", "EU"));
    let groups = json!([{ "name": "devs", "groupId": "9f" }, { "name": "ops" }]);
    check(
        RemoteKind::Groups,
        &groups,
        RemoteValue::Choices(vec![choice("9f", "devs"), choice("ops", "ops")]),
    );
    let version = json!([{ "id": "7", "name": "1.0", "startDate": "2026-01-02", "releaseDate": "2026-02-03" }]);
    let expected = Choice {
        starts_on: Some(date(2026, 1, 2)),
        ends_on: Some(date(2026, 2, 3)),
        ..choice("7", "1.0")
    };
    check(
        RemoteKind::Versions,
        &version,
        RemoteValue::Choices(vec![expected]),
    );
}

#[test]
fn a_team_is_an_object_on_cloud_and_text_or_a_number_on_data_center() {
    let cloud = json!({ "id": "36885b3c-1bf0-4f85-a357-c5b858c31de4", "name": "Apollo",
        "avatarUrl": "", "isShared": true });
    let expected = one("36885b3c-1bf0-4f85-a357-c5b858c31de4", "Apollo");
    check(RemoteKind::Team, &cloud, expected);
    check(RemoteKind::Team, &json!("12"), one("12", "12"));
    check(RemoteKind::Team, &json!(12), one("12", "12"));
}

#[test]
fn sprints_are_objects_on_cloud_and_what_a_program_prints_on_data_center() {
    let sprint = |closed: bool| {
        RemoteValue::Choices(vec![Choice {
            starts_on: Some(date(2026, 5, 9)),
            ends_on: Some(date(2026, 5, 23)),
            closed: Some(closed),
            ..choice("12", "S1, the first = [a]")
        }])
    };
    let cloud = json!([{ "id": 12, "name": "S1, the first = [a]", "state": "active", "boardId": 1,
        "startDate": "2026-05-09T06:39:30.147Z", "endDate": "2026-05-23T06:39:30.147Z" }]);
    check(RemoteKind::Sprint, &cloud, sprint(false));
    let printed = "com.atlassian.greenhopper.service.sprint.Sprint@a88a698[id=12,rapidViewId=1,state=CLOSED,\
         name=S1, the first = [a],startDate=2026-05-09T06:39:30.147Z,endDate=2026-05-23T06:39:30.147Z,\
         completeDate=<null>,sequence=1,goal=<null>]";
    check(RemoteKind::Sprint, &json!([printed]), sprint(true));
}

#[test]
fn people_are_known_by_what_never_changes_and_most_have_no_mail() {
    let person = |id: &str, name: &str, email: Option<&str>| {
        RemoteValue::People(vec![RemotePerson {
            id: id.to_owned(),
            name: name.to_owned(),
            email: email.map(str::to_owned),
        }])
    };
    let cloud = json!({ "accountId": "5b10", "displayName": "Zoë", "emailAddress": null });
    check(RemoteKind::Person, &cloud, person("5b10", "Zoë", None));
    let data_center = json!({ "key": "JIRAUSER10100", "name": "zoe", "displayName": "Zoë",
        "emailAddress": "zoe@a.test" });
    let known = person("JIRAUSER10100", "Zoë", Some("zoe@a.test"));
    check(RemoteKind::Person, &data_center, known.clone());
    check(RemoteKind::People, &json!([data_center]), known);
    let old = json!({ "name": "zoe" });
    check(RemoteKind::Person, &old, person("zoe", "zoe", None));
    check(RemoteKind::Person, &json!({}), RemoteValue::None);
}

#[test]
fn only_blocking_has_a_direction_among_links() {
    let told = json!([
        { "type": { "name": "Blocks" }, "outwardIssue": { "id": "1", "key": "A-1" } },
        { "type": { "name": "Blocks" }, "inwardIssue": { "id": "2", "key": "B-2" } },
        { "type": { "name": "Cloners" }, "inwardIssue": { "id": "3", "key": "B-3" } },
        { "type": { "name": "Blocks" } }
    ]);
    let link = |relation, issue: &str| IssueLink {
        relation,
        issue: issue.to_owned(),
    };
    check(
        RemoteKind::IssueLinks,
        &told,
        RemoteValue::Links(vec![
            link(Relation::Blocks, "1"),
            link(Relation::BlockedBy, "2"),
            link(Relation::RelatesTo, "3"),
        ]),
    );
}

#[test]
fn a_value_of_another_shape_than_promised_is_nothing() {
    let kinds = [
        RemoteKind::Text,
        RemoteKind::RichText,
        RemoteKind::Number,
        RemoteKind::Date,
        RemoteKind::DateTime,
        RemoteKind::SingleSelect,
        RemoteKind::Cascading,
        RemoteKind::Person,
        RemoteKind::Labels,
        RemoteKind::Link,
        RemoteKind::Sprint,
        RemoteKind::IssueLinks,
    ];
    for kind in kinds {
        check(kind, &json!([[true]]), RemoteValue::None);
    }
    let left_alone = RemoteKind::Unsupported("daterange".to_owned());
    check(
        left_alone,
        &json!({ "start": "2026-01-01" }),
        RemoteValue::None,
    );
}

fn field(id: &str, kind: RemoteKind, role: Option<Role>) -> RemoteField {
    RemoteField {
        id: id.to_owned(),
        name: "Whatever it is called".to_owned(),
        kind,
        role,
        options: Vec::new(),
        on_create: None,
        read_only: false,
    }
}

#[track_caller]
fn check_parent(fields: &Json, expected: Option<ParentRef>) {
    let any = || RemoteKind::Unsupported("any".to_owned());
    let schema = Schema {
        fields: vec![
            field("parent", any(), Some(Role::Parent)),
            field("customfield_1", any(), Some(Role::Parent)),
            field("customfield_2", any(), Some(Role::Parent)),
        ],
        ..Schema::default()
    };
    let whole = json!({ "id": "9", "key": "A-9", "fields": fields });
    let told: Issue = serde_json::from_str(&whole.to_string()).expect("an issue");
    let read = issue::Reader::new(&schema).read(&told);
    assert_eq!(read.parent, expected, "{fields}");
}

#[test]
fn a_parent_is_named_by_its_id_or_by_the_key_in_an_epic_link_or_a_parent_link() {
    let key = |key: &str| Some(ParentRef::Key(key.to_owned()));
    let parent = json!({ "parent": { "id": "7", "key": "A-7" }, "customfield_1": "A-1" });
    check_parent(&parent, Some(ParentRef::Id("7".to_owned())));
    check_parent(
        &json!({ "parent": null, "customfield_1": "A-1" }),
        key("A-1"),
    );
    check_parent(
        &json!({ "customfield_1": null, "customfield_2": "A-2" }),
        key("A-2"),
    );
    let object = json!({ "customfield_2": { "hasEpicLinkFieldDependency": false, "data": { "key": "A-3" } } });
    check_parent(&object, key("A-3"));
    check_parent(&json!({ "customfield_2": { "key": "A-4" } }), key("A-4"));
    check_parent(&json!({ "customfield_1": "", "customfield_2": {} }), None);
}
