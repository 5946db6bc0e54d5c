use super::*;
use sync::remote::RemoteType;

const STORY: &str = "10";
const EPIC_TYPE: &str = "11";
const SUBTASK_TYPE: &str = "12";

fn schema() -> Schema {
    let kind = |id: &str, level| RemoteType {
        id: id.to_owned(),
        name: id.to_owned(),
        level,
        required_fields: Vec::new(),
    };
    let field = |id: &str, kind: &str| RemoteField {
        id: id.to_owned(),
        name: id.to_owned(),
        kind: RemoteKind::Unsupported(kind.to_owned()),
        role: None,
        options: Vec::new(),
        on_create: None,
        read_only: false,
    };
    Schema {
        types: vec![
            kind(STORY, Some(0)),
            kind(EPIC_TYPE, Some(1)),
            kind(SUBTASK_TYPE, Some(-1)),
        ],
        fields: vec![field("epic", EPIC_LINK), field("above", PARENT_LINK)],
        statuses: Vec::new(),
    }
}

fn issue(id: &str, level: Option<i8>) -> ParentIssue {
    ParentIssue {
        id: id.to_owned(),
        key: format!("PAY-{id}"),
        level,
    }
}

#[track_caller]
fn check(
    site: SiteKind,
    remote_type: &str,
    (from, to): (Option<&ParentIssue>, Option<&ParentIssue>),
    expected: Result<Json, Unmovable>,
) {
    let wanted = ParentMove {
        remote_type,
        from,
        to,
    };
    let told = moved(&schema(), site, &wanted).map(|edit| {
        let mut fields = edit.fields;
        if edit.no_parent {
            fields.insert("none".to_owned(), json!(true));
        }
        Json::Object(fields)
    });
    assert_eq!(told, expected);
}

#[test]
fn cloud_names_the_parent_in_one_field_whatever_the_levels() {
    let (epic, other) = (issue("1", Some(1)), issue("2", Some(1)));
    let named = Ok(json!({ "parent": { "id": "2" } }));
    check(SiteKind::Cloud, STORY, (Some(&epic), Some(&other)), named);
    let none = Ok(json!({ "none": true }));
    check(SiteKind::Cloud, STORY, (Some(&epic), None), none);
    let story = issue("3", Some(0));
    let named = Ok(json!({ "parent": { "id": "3" } }));
    check(SiteKind::Cloud, SUBTASK_TYPE, (None, Some(&story)), named);
    let refused = Err(Unmovable::SubtaskNeedsParent);
    check(SiteKind::Cloud, SUBTASK_TYPE, (Some(&story), None), refused);
}

#[test]
fn data_center_names_an_epic_by_key_and_what_is_higher_in_another_field() {
    let site = SiteKind::DataCenter;
    let (epic, above) = (issue("1", Some(1)), issue("2", None));
    check(
        site,
        STORY,
        (None, Some(&epic)),
        Ok(json!({ "epic": "PAY-1" })),
    );
    check(
        site,
        STORY,
        (Some(&epic), None),
        Ok(json!({ "epic": null })),
    );
    // Nobody knows what it is part of: what its type has for that is emptied.
    check(site, STORY, (None, None), Ok(json!({ "epic": null })));
    check(site, EPIC_TYPE, (None, None), Ok(json!({ "above": null })));
    check(
        site,
        EPIC_TYPE,
        (None, Some(&above)),
        Ok(json!({ "above": "PAY-2" })),
    );
    let both = Ok(json!({ "epic": null, "above": "PAY-2" }));
    check(site, STORY, (Some(&epic), Some(&above)), both);
}

#[test]
fn data_center_moves_no_sub_task() {
    let story = issue("3", Some(0));
    let stays = Err(Unmovable::SubtaskStays);
    check(
        SiteKind::DataCenter,
        SUBTASK_TYPE,
        (None, Some(&story)),
        stays,
    );
}
