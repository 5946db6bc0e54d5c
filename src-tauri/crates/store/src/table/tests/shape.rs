//! What a workspace is shaped by: settings, levels, types, fields, choices, areas, people.

use crate::field_option::{self, NewOption};
use crate::testing::{SITE, ada, choice, memory, system, world};
use crate::{
    ConstraintKind, Store, StoreError, WriteTx, area, field, item_type, level, option_identity,
    person, setting,
};
use jiff::civil::date;
use sync::remote::{Choice, RemotePerson};
use workspace::person::Seat;
use workspace::{FieldKey, Kind, OptionId, SystemField};

async fn write<T: Send + 'static>(
    store: &Store,
    work: impl FnOnce(&WriteTx<'_>) -> Result<T, StoreError> + Send + 'static,
) -> T {
    store.write(work).await.expect("writes")
}

fn refused<T>(outcome: &Result<T, StoreError>, expected: ConstraintKind) -> bool {
    matches!(outcome, Err(StoreError::Constraint { kind, .. }) if *kind == expected)
}

#[tokio::test]
async fn a_setting_is_what_was_set_last() {
    write(&memory(), |tx| {
        setting::set(tx, "wizard.step", "3")?;
        setting::set(tx, "wizard.step", "4")?;
        setting::set(tx, "wizard_", "not under it")?;
        let under = setting::under(tx, "wizard.")?;
        assert_eq!(
            under.into_iter().collect::<Vec<_>>(),
            [("wizard.step".into(), "4".into())]
        );
        setting::unset(tx, "wizard.step")?;
        assert_eq!(setting::get(tx, "wizard.step")?, None);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn levels_and_types_are_renamed_and_added() {
    write(&memory(), |tx| {
        let levels = level::list(tx)?;
        level::rename(tx, levels[2].id, "Story", "Stories")?;
        let lowest = level::create(tx, "Task", "Tasks")?;
        let new = item_type::NewItemType {
            level: lowest,
            singular: "Chore".into(),
            plural: "Chores".into(),
            icon: "broom".into(),
            colour: "slate".into(),
        };
        let chore = item_type::create(tx, &new)?;
        item_type::rename(tx, chore, "Job", "Jobs")?;
        assert_eq!(level::list(tx)?[2].plural, "Stories");
        assert_eq!(level::list(tx)?[4].depth, 4);
        let last = item_type::list(tx)?.pop().expect("the lowest");
        assert_eq!(
            (last.id, last.singular.as_str(), last.level),
            (chore, "Job", lowest)
        );
        assert!(refused(
            &level::rename(tx, lowest, "", "x"),
            ConstraintKind::Check
        ));
        assert!(matches!(
            item_type::rename(tx, workspace::ItemTypeId(99), "a", "b"),
            Err(StoreError::NotFound { .. })
        ));
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn fields_are_renamed_and_custom_ones_added() {
    write(&memory(), |tx| {
        let id = field::create_custom(tx, "Reach", Kind::Number, Some(100.0))?;
        let key = FieldKey::Custom(id);
        field::rename(tx, key, "Audience")?;
        field::rename(tx, system(SystemField::Quarter), "Release")?;
        let made = field::get(tx, key)?.expect("made");
        assert_eq!(
            (made.name.as_str(), made.kind, made.number_max),
            ("Audience", Kind::Number, Some(100.0))
        );
        let quarter =
            field::get(tx, system(SystemField::Quarter))?.expect("every workspace has it");
        assert_eq!(quarter.name, "Release");
        assert_eq!(field::list(tx)?.last().map(|field| field.key), Some(key));
        assert!(matches!(
            field::rename(tx, FieldKey::Custom(workspace::CustomFieldId(1)), "x"),
            Err(StoreError::NotFound { .. })
        ));
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn a_choice_is_found_by_name_whatever_its_case_and_accents() {
    write(&memory(), |tx| {
        let team = system(SystemField::Team);
        let id = field_option::create(tx, &NewOption::named(team, " Équipe Bleue "))?;
        assert_eq!(field_option::by_name(tx, team, "equipe bleue")?, Some(id));
        assert_eq!(
            field_option::by_name(tx, system(SystemField::Sprint), "equipe bleue")?,
            None
        );
        let again = field_option::create(tx, &NewOption::named(team, "EQUIPE BLEUE"));
        assert!(refused(&again, ConstraintKind::Unique));
        let other = field_option::grow(tx, team, "Rouge", None, None)?;
        assert!(refused(
            &field_option::rename(tx, other, "Équipe bleue"),
            ConstraintKind::Unique
        ));
        field_option::rename(tx, other, "rouge")?;
        let names: Vec<String> = field_option::of_field(tx, team)?
            .into_iter()
            .map(|option| option.name)
            .collect();
        assert_eq!(names, ["Équipe Bleue", "rouge"]);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn growing_a_choice_twice_makes_one_and_follows_its_days() {
    write(&memory(), |tx| {
        let sprint = system(SystemField::Sprint);
        let first = field_option::grow(tx, sprint, "Sprint 1", None, None)?;
        let day = Some(date(2026, 2, 1));
        assert_eq!(
            field_option::grow(tx, sprint, "sprint 1", day, None)?,
            first
        );
        assert_eq!(
            field_option::grow(tx, sprint, "Sprint 1", None, day)?,
            first
        );
        let option = field_option::get(tx, first)?.expect("made");
        assert_eq!((option.starts_on, option.ends_on), (day, day));
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn a_renamed_sprint_stays_the_same_choice() {
    let (store, world) = world().await;
    write(&store, move |tx| {
        let sprint = system(SystemField::Sprint);
        let resolve = |choice: &Choice| option_identity::resolve_or_grow(tx, SITE, sprint, choice);
        let name = |id: OptionId| Ok::<_, StoreError>(field_option::get(tx, id)?.map(|o| o.name));
        assert_eq!(resolve(&choice("12", "Sprint twelve"))?, world.sprint);
        assert_eq!(name(world.sprint)?.as_deref(), Some("Sprint twelve"));
        assert_eq!(field_option::of_field(tx, sprint)?.len(), 1);
        field_option::rename(tx, world.sprint, "Ours")?;
        assert_eq!(resolve(&choice("12", "Sprint XII"))?, world.sprint);
        assert_eq!(
            name(world.sprint)?.as_deref(),
            Some("Ours"),
            "renamed here: kept"
        );
        let other = resolve(&choice("13", "Sprint 13"))?;
        assert_ne!(other, world.sprint);
        assert_eq!(
            resolve(&choice("14", "sprint 13"))?,
            other,
            "the same name: the same choice"
        );
        assert_eq!(option_identity::of_field(tx, SITE, sprint)?.len(), 3);
        assert_eq!(
            option_identity::find(tx, "another site", sprint, "12")?,
            None
        );
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn areas_form_a_tree_whose_siblings_have_different_names() {
    let (store, world) = world().await;
    write(&store, move |tx| {
        let web = area::create(tx, Some(world.area), "Web")?;
        let shop = area::create(tx, Some(web), "Shop")?;
        assert_eq!(area::ensure(tx, Some(web), "SHOP")?, shop);
        assert!(refused(
            &area::create(tx, Some(web), "shop"),
            ConstraintKind::Unique
        ));
        assert_ne!(area::ensure(tx, None, "Shop")?, shop);
        assert_eq!(
            area::with_descendants(tx, world.area)?,
            [world.area, web, shop]
        );
        area::rename(tx, shop, "Store")?;
        assert_eq!(
            area::get(tx, shop)?.map(|area| area.name).as_deref(),
            Some("Store")
        );
        area::delete(tx, shop)?;
        assert_eq!(area::get(tx, shop)?, None);
        assert!(refused(
            &area::delete(tx, world.area),
            ConstraintKind::Reference
        ));
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn a_person_is_met_once_and_a_name_is_never_lost() {
    let (store, world) = world().await;
    write(&store, move |tx| {
        let meet = |met: &RemotePerson| person::resolve_or_meet(tx, SITE, met);
        let renamed = RemotePerson {
            name: "Ada L.".into(),
            email: None,
            ..ada()
        };
        assert_eq!(meet(&renamed)?, world.person);
        let now = person::get(tx, world.person)?.expect("met");
        assert_eq!((now.name.as_str(), now.seat), ("Ada L.", Seat::Met));
        assert_eq!(
            now.email.as_deref(),
            Some("ada@site.test"),
            "hidden now, known before"
        );
        let elsewhere = RemotePerson {
            id: "other-id".into(),
            email: Some("ADA@site.test".into()),
            ..ada()
        };
        assert_eq!(
            person::resolve_or_meet(tx, "another site", &elsewhere)?,
            world.person
        );
        let nameless = RemotePerson {
            id: "account-9".into(),
            name: " ".into(),
            email: None,
        };
        let nameless = meet(&nameless)?;
        assert_eq!(person::names(tx, [nameless])?[&nameless], "account-9");
        let seated = person::create(tx, "Bob", Some("bob@site.test"), Seat::Admin)?;
        let bob = RemotePerson {
            id: "b".into(),
            name: "Robert".into(),
            email: Some("bob@site.test".into()),
        };
        assert_eq!(meet(&bob)?, seated);
        assert_eq!(meet(&bob)?, seated);
        assert_eq!(
            person::names(tx, [seated])?[&seated],
            "Bob",
            "who has a seat has a name"
        );
        assert_eq!(person::remote_id(tx, SITE, seated)?.as_deref(), Some("b"));
        assert_eq!(person::list(tx)?.len(), 3);
        Ok(())
    })
    .await;
}
