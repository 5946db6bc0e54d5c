use super::*;
use crate::fixtures::{pair_of, remote_type, tree, type_id};
use crate::mapping::{Severity, TypePair};
use crate::remote::RemoteType;
use proptest::prelude::*;

fn site() -> Vec<RemoteType> {
    vec![
        remote_type("i", "Initiative", 2),
        remote_type("e", "Epic", 1),
        remote_type("s", "Story", 0),
        remote_type("b", "Bug", 0),
        remote_type("t", "Task", 0),
        remote_type("u", "Sub-task", -1),
    ]
}

/// Proposals as `remote type -> workspace type`, in the remote's order.
#[track_caller]
fn check_proposal(remote: &[RemoteType], expected: &[(&str, &str)]) {
    let (levels, types) = tree();
    let found: Vec<(String, String)> = propose(&levels, &types, remote)
        .into_iter()
        .map(|proposal| {
            let named = types.iter().find(|known| known.id == proposal.item_type);
            let name = named.map_or_else(String::new, |known| known.singular.clone());
            (proposal.remote_type, name)
        })
        .collect();
    let expected: Vec<(String, String)> = expected
        .iter()
        .map(|(remote, here)| ((*remote).into(), (*here).into()))
        .collect();
    assert_eq!(found, expected);
    let pairs: Vec<TypePair> = propose(&levels, &types, remote)
        .into_iter()
        .map(|proposal| TypePair {
            item_type: proposal.item_type,
            remote_type: proposal.remote_type,
        })
        .collect();
    let refused: Vec<TypeFinding> = check(&levels, &types, remote, &pairs)
        .into_iter()
        .filter(|finding| finding.reason.severity() == Severity::Refused)
        .filter(|finding| finding.reason != TypeFindingReason::NothingMapped)
        .collect();
    assert_eq!(refused, [], "a proposal is never refused");
}

/// Findings about pairs given as `workspace type, remote type`, written as `remote type: reason`.
#[track_caller]
fn check_findings(remote: &[RemoteType], pairs: &[(&str, &str)], expected: &[(&str, &str)]) {
    let (levels, types) = tree();
    let pairs: Vec<TypePair> = pairs
        .iter()
        .map(|(here, there)| pair_of(type_id(&types, here), there))
        .collect();
    let found: Vec<(String, String)> = check(&levels, &types, remote, &pairs)
        .into_iter()
        .map(|finding| {
            let word = format!("{:?}", finding.reason);
            let word = word.split([' ', '{']).next().unwrap_or_default().to_owned();
            (finding.remote_type.unwrap_or_default(), word)
        })
        .collect();
    let expected: Vec<(String, String)> = expected
        .iter()
        .map(|(remote, word)| ((*remote).into(), (*word).into()))
        .collect();
    assert_eq!(found, expected);
}

#[test]
fn each_type_takes_the_one_of_its_name_on_its_level() {
    check_proposal(
        &site(),
        &[
            ("i", "Initiative"),
            ("e", "Epic"),
            ("s", "Feature"),
            ("b", "Bug"),
            ("t", "Task"),
            ("u", "Story"),
        ],
    );
}

#[test]
fn translated_names_find_their_place_by_level() {
    check_proposal(
        &[
            remote_type("i", "Initiative", 2),
            remote_type("e", "Épopée", 1),
            remote_type("s", "Récit", 0),
            remote_type("b", "Bogue", 0),
            remote_type("u", "Sous-tâche", -1),
        ],
        &[
            ("i", "Initiative"),
            ("e", "Epic"),
            ("s", "Feature"),
            ("b", "Feature"),
            ("u", "Story"),
        ],
    );
}

#[test]
fn alike_names_on_a_level_belong_together() {
    check_proposal(
        &[
            remote_type("1", "bugs", 0),
            remote_type("2", "Improvment", 0),
            remote_type("3", "New Feature", 0),
        ],
        &[("1", "Bug"), ("2", "Improvement"), ("3", "Feature")],
    );
}

#[test]
fn of_two_levels_above_epics_the_nearer_one_is_proposed() {
    check_proposal(
        &[
            remote_type("t", "Theme", 3),
            remote_type("i", "Goal", 2),
            remote_type("e", "Epic", 1),
        ],
        &[("i", "Initiative"), ("e", "Epic")],
    );
}

#[test]
fn a_remote_without_epics_lends_epics_the_level_above() {
    check_proposal(
        &[
            remote_type("t", "Theme", 3),
            remote_type("i", "Initiative", 2),
            remote_type("s", "Story", 0),
        ],
        &[("t", "Initiative"), ("i", "Epic"), ("s", "Feature")],
    );
}

#[test]
fn where_levels_are_untold_names_lift_a_type_above_the_standard_ones() {
    check_proposal(
        &[
            remote_type("i", "Initiative", None),
            remote_type("e", "Epic", 1),
            remote_type("s", "Story", None),
            remote_type("b", "Bug", None),
        ],
        &[
            ("i", "Initiative"),
            ("e", "Epic"),
            ("s", "Feature"),
            ("b", "Bug"),
        ],
    );
}

#[test]
fn renamed_levels_change_nothing_but_the_reason() {
    let (mut levels, mut types) = tree();
    for level in &mut levels {
        level.singular = format!("Ebene {}", level.depth);
    }
    for (place, item_type) in types.iter_mut().enumerate() {
        item_type.singular = format!("Art {place}");
        item_type.plural.clone_from(&item_type.singular);
    }
    let found: Vec<(i64, TypeReason)> = propose(&levels, &types, &site())
        .into_iter()
        .map(|proposal| (proposal.item_type.0, proposal.reason))
        .collect();
    let level = TypeReason::Level;
    let expected = [1, 2, 3, 3, 3, 8].map(|id| (id, level));
    assert_eq!(found, expected);
}

#[test]
fn an_empty_mapping_is_refused() {
    check_findings(&site(), &[], &[("", "NothingMapped")]);
}

#[test]
fn the_whole_tree_mapped_has_nothing_to_say() {
    check_findings(
        &site(),
        &[
            ("Initiative", "i"),
            ("Epic", "e"),
            ("Feature", "s"),
            ("Feature", "t"),
            ("Bug", "b"),
            ("Story", "u"),
        ],
        &[],
    );
}

#[test]
fn a_remote_type_that_stands_twice_is_refused_in_the_later_row() {
    check_findings(
        &site(),
        &[("Feature", "s"), ("Bug", "s")],
        &[("s", "Twice")],
    );
    check_findings(
        &site(),
        &[("Feature", "s"), ("Epic", "s")],
        &[("s", "Twice")],
    );
}

#[test]
fn a_child_above_its_parent_is_refused() {
    check_findings(
        &site(),
        &[("Epic", "s"), ("Feature", "e")],
        &[("s", "WrongLevel"), ("e", "AboveParent")],
    );
}

#[test]
fn a_child_on_its_parents_level_is_refused() {
    check_findings(
        &site(),
        &[("Feature", "s"), ("Story", "t")],
        &[("t", "BesideParent")],
    );
}

#[test]
fn stories_take_tasks_where_no_feature_does() {
    check_findings(&site(), &[("Epic", "e"), ("Story", "t")], &[]);
}

#[test]
fn a_type_on_the_wrong_level_is_refused() {
    check_findings(&site(), &[("Feature", "e")], &[("e", "WrongLevel")]);
    check_findings(&site(), &[("Epic", "s")], &[("s", "WrongLevel")]);
}

#[test]
fn a_type_removed_since_the_mapping_is_refused() {
    check_findings(
        &site(),
        &[("Feature", "gone"), ("Nothing", "s")],
        &[("gone", "Gone"), ("s", "UnknownItemType")],
    );
}

#[test]
fn an_untold_level_is_a_warning() {
    check_findings(
        &[remote_type("x", "Thing", None)],
        &[("Epic", "x")],
        &[("x", "LevelUnknown")],
    );
}

#[test]
fn a_gap_in_the_tree_and_a_level_that_spans_two_are_warnings() {
    check_findings(
        &site(),
        &[("Epic", "i"), ("Feature", "s")],
        &[("s", "ParentLevelNotMapped")],
    );
    check_findings(
        &site(),
        &[("Epic", "e"), ("Epic", "i")],
        &[("", "SpansLevels")],
    );
}

#[test]
fn a_drop_down_says_why_a_type_cannot_be_chosen() {
    let (levels, types) = tree();
    let feature = type_id(&types, "Feature");
    let story = type_id(&types, "Story");
    let pairs = [pair_of(feature, "s")];
    let refusals = |item_type| -> Vec<(String, bool, bool)> {
        choices(&levels, &types, &site(), &pairs, item_type)
            .into_iter()
            .map(|choice| (choice.remote_type, choice.chosen, choice.refused.is_some()))
            .collect()
    };
    let row = |id: &str, chosen, refused| (id.to_owned(), chosen, refused);
    assert_eq!(
        refusals(feature),
        [
            row("i", false, true),
            row("e", false, true),
            row("s", true, false),
            row("b", false, false),
            row("t", false, false),
            row("u", false, true),
        ]
    );
    assert_eq!(
        refusals(story),
        [
            row("i", false, true),
            row("e", false, true),
            row("s", false, true),
            row("b", false, true),
            row("t", false, true),
            row("u", false, false),
        ]
    );
}

#[test]
fn a_choice_that_would_make_another_row_impossible_names_that_row() {
    let (levels, types) = tree();
    let feature = type_id(&types, "Feature");
    let pairs = [pair_of(type_id(&types, "Story"), "t")];
    let found = choices(&levels, &types, &site(), &pairs, feature);
    let refused = found
        .iter()
        .find(|choice| choice.remote_type == "s")
        .and_then(|choice| choice.refused.clone());
    assert_eq!(
        refused,
        Some(TypeFinding {
            item_type: Some(type_id(&types, "Story")),
            remote_type: Some("t".into()),
            reason: TypeFindingReason::BesideParent {
                parent: pair_of(feature, "s")
            },
        })
    );
}

fn remote_types() -> impl Strategy<Value = Vec<RemoteType>> {
    let level = prop_oneof![
        Just(None),
        any::<i8>().prop_map(Some),
        (-1_i8..4).prop_map(Some)
    ];
    let name = prop_oneof![
        "[A-Z][a-z]{0,8}",
        Just("Epic".to_owned()),
        Just("Bug".to_owned())
    ];
    proptest::collection::vec((level, name), 0..8).prop_map(|types| {
        types
            .into_iter()
            .enumerate()
            .map(|(place, (level, name))| remote_type(&place.to_string(), &name, level))
            .collect()
    })
}

proptest! {
    #[test]
    fn what_is_proposed_is_never_refused(remote in remote_types(), kept in 0_usize..5) {
        let (levels, types) = tree();
        let levels = &levels[levels.len() - kept.min(levels.len())..];
        let pairs: Vec<TypePair> = propose(levels, &types, &remote)
            .into_iter()
            .map(|proposal| pair_of(proposal.item_type, &proposal.remote_type))
            .collect();
        if !pairs.is_empty() {
            for finding in check(levels, &types, &remote, &pairs) {
                prop_assert_eq!(finding.reason.severity(), Severity::Warning, "{:?}", finding);
            }
        }
    }

    #[test]
    fn what_a_drop_down_offers_adds_no_refusal(
        remote in remote_types(),
        chosen in proptest::collection::vec((0_i64..10, 0_usize..9), 0..6),
    ) {
        let (levels, types) = tree();
        let mut pairs: Vec<TypePair> = Vec::new();
        for (item_type, place) in chosen {
            let item_type = workspace::ItemTypeId(item_type);
            let offered = choices(&levels, &types, &remote, &pairs, item_type);
            let Some(choice) = offered.get(place) else { continue };
            if choice.refused.is_none() && !choice.chosen {
                pairs.push(pair_of(item_type, &choice.remote_type));
                for finding in check(&levels, &types, &remote, &pairs) {
                    prop_assert_eq!(finding.reason.severity(), Severity::Warning, "{:?}", finding);
                }
            }
        }
    }
}
