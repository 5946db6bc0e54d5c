//! What the workspace already knows of the remote's people, choices and issues.

use super::Ground;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use std::collections::{BTreeMap, BTreeSet};
use store::link::LinkState;
use store::{ConnectionId, Read, StoreError, WriteTx};
use sync::convert::{Lookup, Want};
use sync::remote::{Choice, RemoteIssue, RemotePerson, RemoteValue};
use workspace::person::Seat;
use workspace::{FieldKey, Item, ItemId, OptionId, PersonId, Value};

/// What the workspace knows of the remote's people, choices and issues, in memory. Grows with the number of
/// people and choices, not with the number of issues: those are looked up batch by batch.
pub struct Known {
    site_key: String,
    time_zone: TimeZone,
    choices: BTreeMap<FieldKey, BTreeMap<String, KnownChoice>>,
    names: BTreeMap<FieldKey, BTreeMap<String, OptionId>>,
    people: BTreeMap<String, KnownPerson>,
    items: BTreeMap<String, ItemId>,
    /// What our choices are called here.
    called: BTreeMap<OptionId, String>,
    /// The remote's choices that ours stand for.
    remote_choices: BTreeMap<(FieldKey, OptionId), String>,
    /// The remote's ids of people whom items name.
    remote_people: BTreeMap<PersonId, String>,
    /// The issues of items that others name.
    remote_issues: BTreeMap<ItemId, String>,
    /// Choices and people of whom the run has noted everything. Two of the remote's choices may be one of
    /// ours and say different days; each has its say once a run, and not with every issue.
    noted_choices: BTreeSet<(FieldKey, String)>,
    noted_people: BTreeSet<String>,
}

/// A choice of the remote as it was last seen.
struct KnownChoice {
    option: OptionId,
    name: String,
    starts_on: Option<Date>,
    ends_on: Option<Date>,
}

/// A person of the remote as they were last seen.
struct KnownPerson {
    id: PersonId,
    /// What the remote may still change: nothing of somebody who has a seat here.
    met: Option<(String, Option<String>)>,
}

impl Known {
    /// Reads choices; people are learnt as they are met.
    ///
    /// # Errors
    /// What the database meets.
    pub fn load(read: &Read<'_>, ground: &Ground) -> Result<Self, StoreError> {
        let site_key = ground.site_key();
        let mut names: BTreeMap<FieldKey, BTreeMap<String, OptionId>> = BTreeMap::new();
        let (mut days, mut called) = (BTreeMap::new(), BTreeMap::new());
        for option in store::field_option::list(read)? {
            days.insert(option.id, (option.starts_on, option.ends_on));
            // Of several with one name the first that was made, as wherever a name is looked up.
            let first = names
                .entry(option.field)
                .or_default()
                .entry(store::fold(&option.name))
                .or_insert(option.id);
            *first = option.id.min(*first);
            called.insert(option.id, option.name);
        }
        let mut choices: BTreeMap<FieldKey, BTreeMap<String, KnownChoice>> = BTreeMap::new();
        let mut remote_choices = BTreeMap::new();
        for identity in store::option_identity::list(read, &site_key)? {
            let (starts_on, ends_on) = days.get(&identity.option).copied().unwrap_or_default();
            // Of several of the remote's that became one of ours, one and always the same is written.
            remote_choices
                .entry((identity.field, identity.option))
                .or_insert_with(|| identity.remote_option.clone());
            choices.entry(identity.field).or_default().insert(
                identity.remote_option,
                KnownChoice {
                    option: identity.option,
                    name: identity.remote_name,
                    starts_on,
                    ends_on,
                },
            );
        }
        Ok(Self {
            time_zone: ground.time_zone(),
            site_key,
            choices,
            names,
            people: BTreeMap::new(),
            items: BTreeMap::new(),
            called,
            remote_choices,
            remote_people: BTreeMap::new(),
            remote_issues: BTreeMap::new(),
            noted_choices: BTreeSet::new(),
            noted_people: BTreeSet::new(),
        })
    }

    /// Looks up the people and the linked issues that a batch of issues names.
    ///
    /// # Errors
    /// What the database meets.
    pub fn look_up<'i>(
        &mut self,
        read: &Read<'_>,
        connection: ConnectionId,
        issues: impl Iterator<Item = &'i RemoteIssue>,
    ) -> Result<(), StoreError> {
        let mut linked: BTreeSet<&str> = BTreeSet::new();
        let mut people: BTreeSet<&str> = BTreeSet::new();
        for value in issues.flat_map(|issue| issue.values.values()) {
            match value {
                RemoteValue::People(met) => people.extend(
                    met.iter()
                        .map(|person| person.id.as_str())
                        .filter(|id| !self.people.contains_key(*id)),
                ),
                RemoteValue::Links(links) => {
                    linked.extend(links.iter().map(|link| link.issue.as_str()));
                }
                _ => {}
            }
        }
        let ids: Vec<&str> = people.into_iter().collect();
        self.look_up_people(read, &ids)?;
        self.items.clear();
        if !linked.is_empty() {
            let ids: Vec<&str> = linked.into_iter().collect();
            self.items = store::link::items_by_remote_ids(read, connection, &ids)?
                .into_iter()
                .map(|(remote_id, linked)| (remote_id, linked.item))
                .collect();
        }
        Ok(())
    }

    /// Looks up people by the remote's ids.
    ///
    /// # Errors
    /// What the database meets.
    pub fn look_up_people(&mut self, read: &Read<'_>, ids: &[&str]) -> Result<(), StoreError> {
        if ids.is_empty() {
            return Ok(());
        }
        for (id, person) in store::person::find_many(read, &self.site_key, ids)? {
            let met = (person.seat == Seat::Met).then_some((person.name, person.email));
            let id_here = person.id;
            self.people.insert(id, KnownPerson { id: id_here, met });
        }
        Ok(())
    }

    /// Looks up what the remote calls the people and items that some items name.
    ///
    /// # Errors
    /// What the database meets.
    pub fn look_up_items<'i>(
        &mut self,
        read: &Read<'_>,
        connection: ConnectionId,
        items: impl Iterator<Item = &'i Item>,
    ) -> Result<(), StoreError> {
        self.look_up_values(
            read,
            connection,
            items.flat_map(|item| item.values.values()),
        )
    }

    /// As [`Known::look_up_items`], of some values.
    ///
    /// # Errors
    /// What the database meets.
    pub fn look_up_values<'v>(
        &mut self,
        read: &Read<'_>,
        connection: ConnectionId,
        values: impl Iterator<Item = &'v Value>,
    ) -> Result<(), StoreError> {
        for value in values {
            match value {
                Value::People(people) => {
                    for &person in people {
                        if let Some(id) = store::person::remote_id(read, &self.site_key, person)? {
                            self.remote_people.insert(person, id);
                        }
                    }
                }
                Value::References(references) => {
                    for reference in references {
                        let linked = store::link::by_item(read, reference.item)?.into_iter();
                        let there = linked.filter(|link| link.connection == connection);
                        let mut there = there.filter(|link| link.state == LinkState::Linked);
                        if let Some(link) = there.next() {
                            self.remote_issues.insert(reference.item, link.remote_id);
                        }
                    }
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// Records what a decision wants, or has to tell, so that deciding again finds it.
    ///
    /// # Errors
    /// What the database meets.
    pub fn record(&mut self, tx: &WriteTx<'_>, wants: &[Want]) -> Result<(), StoreError> {
        for want in wants {
            match want {
                Want::Option { field, choice } => {
                    let option = store::option_identity::resolve_or_grow(
                        tx,
                        &self.site_key,
                        *field,
                        choice,
                    )?;
                    let known = KnownChoice {
                        option,
                        name: choice.name.clone(),
                        starts_on: choice.starts_on,
                        ends_on: choice.ends_on,
                    };
                    self.choices
                        .entry(*field)
                        .or_default()
                        .insert(choice.id.clone(), known);
                    self.names
                        .entry(*field)
                        .or_default()
                        .entry(store::fold(choice.name.trim()))
                        .or_insert(option);
                    self.called
                        .entry(option)
                        .or_insert_with(|| choice.name.trim().to_owned());
                    self.remote_choices
                        .entry((*field, option))
                        .or_insert_with(|| choice.id.clone());
                }
                Want::Person(person) => {
                    let id = store::person::resolve_or_meet(tx, &self.site_key, person)?;
                    let known = KnownPerson { id, met: None };
                    self.people.insert(person.id.clone(), known);
                }
                // The other end of a dependency comes with its own row; links are set once all are there.
                Want::Item { .. } => {}
            }
        }
        self.note(wants);
        Ok(())
    }

    /// Takes it as noted what a decision has to tell: a plan need not find it again with every issue.
    pub fn note(&mut self, news: &[Want]) {
        for want in news {
            match want {
                Want::Option { field, choice } => {
                    self.noted_choices.insert((*field, choice.id.clone()));
                }
                Want::Person(person) => {
                    self.noted_people.insert(person.id.clone());
                }
                Want::Item { .. } => {}
            }
        }
    }

    fn choice(&self, field: FieldKey, remote_option: &str) -> Option<&KnownChoice> {
        self.choices.get(&field)?.get(remote_option)
    }
}

impl KnownChoice {
    /// Whether nothing differs that the remote tells: what it leaves out stays.
    fn is(&self, choice: &Choice) -> bool {
        let named = choice.name.trim().is_empty() || choice.name == self.name;
        let starts = choice.starts_on.is_none() || choice.starts_on == self.starts_on;
        let ends = choice.ends_on.is_none() || choice.ends_on == self.ends_on;
        named && starts && ends
    }
}

impl KnownPerson {
    fn is(&self, person: &RemotePerson) -> bool {
        let Some((name, email)) = &self.met else {
            return true;
        };
        let (told, known) = (person.email.as_deref(), email.as_deref());
        let named = match person.name.trim() {
            "" => true,
            told => told == name,
        };
        named && (told.is_none_or(str::is_empty) || told == known)
    }
}

impl Lookup for Known {
    fn option(&self, field: FieldKey, remote_option: &str) -> Option<OptionId> {
        Some(self.choice(field, remote_option)?.option)
    }

    fn option_by_name(&self, field: FieldKey, name: &str) -> Option<OptionId> {
        self.names
            .get(&field)?
            .get(&store::fold(name.trim()))
            .copied()
    }

    fn person(&self, remote_person: &str) -> Option<PersonId> {
        Some(self.people.get(remote_person)?.id)
    }

    fn item(&self, remote_issue: &str) -> Option<ItemId> {
        self.items.get(remote_issue).copied()
    }

    fn remote_option(&self, field: FieldKey, option: OptionId) -> Option<String> {
        self.remote_choices.get(&(field, option)).cloned()
    }

    fn option_name(&self, option: OptionId) -> Option<String> {
        self.called.get(&option).cloned()
    }

    fn remote_person(&self, person: PersonId) -> Option<String> {
        self.remote_people.get(&person).cloned()
    }

    fn remote_issue(&self, item: ItemId) -> Option<String> {
        self.remote_issues.get(&item).cloned()
    }

    fn is_choice_noted(&self, field: FieldKey, choice: &Choice) -> bool {
        self.choice(field, &choice.id)
            .is_some_and(|known| known.is(choice))
            || self.noted_choices.contains(&(field, choice.id.clone()))
    }

    fn is_person_noted(&self, person: &RemotePerson) -> bool {
        self.people
            .get(&person.id)
            .is_some_and(|known| known.is(person))
            || self.noted_people.contains(&person.id)
    }

    fn day_of(&self, moment: Timestamp) -> Date {
        self.time_zone.to_datetime(moment).date()
    }
}
