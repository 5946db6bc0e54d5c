//! Compares a workspace with the site that it was imported from, item by item and field by field. The site is asked
//! past the network and past our client, and the database is read as it lies there, so that neither of the two
//! can hide a mistake of the other.

use crate::Served;
use practice_jira::Face;
use serde_json::{Value as Json, json};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use store::link::Link;
use store::run::{RunKind, RunState};
use store::{IntegrationId, RunId, Store};
use sync::mapping::{FieldPair, Mapping};
use workspace::value::Relation;
use workspace::{Field, FieldKey, Item, ItemId, Kind, Level, OptionId, SystemField, Value};

const PAGE: u32 = 1000;
const SPRINT: &str = "com.pyxis.greenhopper.jira:gh-sprint";
const PARENT_FIELDS: [&str; 2] = [
    "com.pyxis.greenhopper.jira:gh-epic-link",
    "com.atlassian.jpo:jpo-custom-field-parent",
];

/// Which links between projects there have to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Links {
    /// Those to projects that were there when the issue was last imported.
    AsImported,
    /// All: every project was brought into step since.
    Whole,
}

/// What was compared, so that a comparison of nothing does not pass for one.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Compared {
    /// Items.
    pub items: usize,
    /// Issues that are no items, because their type is not mapped.
    pub left_out: usize,
    /// Items that stand below the item of their issue's parent.
    pub below: usize,
    /// Dependencies on items of other projects.
    pub elsewhere: usize,
    /// By field: values that were compared, and how many of them held something.
    pub fields: BTreeMap<String, (usize, usize)>,
}

struct House {
    integrations: Vec<(IntegrationId, String, Mapping)>,
    fields: BTreeMap<FieldKey, Field>,
    options: BTreeMap<OptionId, String>,
    people: BTreeMap<workspace::PersonId, workspace::Person>,
    levels: BTreeMap<workspace::LevelId, Level>,
    types: BTreeMap<workspace::ItemTypeId, workspace::ItemType>,
    items: BTreeMap<IntegrationId, Vec<Item>>,
    /// By the issue's id.
    links: BTreeMap<String, Link>,
    by_key: BTreeMap<String, ItemId>,
    places: BTreeMap<ItemId, (IntegrationId, workspace::ItemTypeId)>,
    /// The first and the last import of each integration that came to its end.
    imports: BTreeMap<IntegrationId, (RunId, RunId)>,
    /// Every project was brought into step since all were imported.
    whole: bool,
}

/// Compares everything that is imported in a database that nobody has open with what the site holds.
///
/// # Panics
/// At the first difference.
pub async fn compare(database: &Path, served: &Served, links: Links) -> Compared {
    let mut house = House::load(database).await;
    house.whole = links == Links::Whole;
    let site = SiteFields::of(served);
    let mut compared = Compared::default();
    for (id, project, mapping) in &house.integrations {
        let issues = served.issues(project);
        let items: BTreeMap<ItemId, &Item> = house
            .items
            .get(id)
            .into_iter()
            .flatten()
            .map(|item| (item.id, item))
            .collect();
        let mut met = BTreeSet::new();
        for issue in &issues {
            let linked = house.links.get(issue["id"].as_str().expect("an id"));
            let Some((link, item)) = linked.and_then(|link| Some((link, *items.get(&link.item)?)))
            else {
                let kind = issue["fields"]["issuetype"]["id"].as_str();
                let mapped = mapping
                    .types
                    .iter()
                    .any(|pair| Some(pair.remote_type.as_str()) == kind);
                assert!(!mapped, "{} is no item", issue["key"]);
                compared.left_out += 1;
                continue;
            };
            assert!(met.insert(item.id), "{} is two issues", item.title);
            Pair {
                house: &house,
                site: &site,
                mapping,
                integration: *id,
                issue,
                item,
                link,
            }
            .compare(&mut compared);
        }
        assert_eq!(
            met.len(),
            items.len(),
            "items of {project} without an issue"
        );
        compared.items += met.len();
    }
    compared
}

impl House {
    async fn load(database: &Path) -> Self {
        let now = jiff::Timestamp::UNIX_EPOCH;
        let store = Store::open(database, now).expect("the database opens");
        let house = store
            .read(|read| {
                let mut integrations = Vec::new();
                let mut items = BTreeMap::new();
                let mut links = BTreeMap::new();
                let mut imports = BTreeMap::new();
                for integration in store::integration::list(read)? {
                    let id = integration.id;
                    let (mapping, _) = store::mapping::load(read, id)?;
                    integrations.push((id, integration.data.project_key, mapping));
                    let mut all: Vec<Item> = Vec::new();
                    loop {
                        let after = all.last().map(|item| item.id);
                        let page = store::item::page_of_integration(read, id, after, PAGE)?;
                        if page.is_empty() {
                            break;
                        }
                        let ids: Vec<ItemId> = page.iter().map(|item| item.id).collect();
                        for link in store::link::by_items(read, &ids)?.into_values().flatten() {
                            links.insert(link.remote_id.clone(), link);
                        }
                        all.extend(page);
                    }
                    items.insert(id, all);
                    let runs = store::run::of_integration(read, id)?;
                    let imports_of = runs.iter().filter(|run| run.kind == RunKind::Import);
                    let done = imports_of.filter(|run| run.state == RunState::Done);
                    let done: BTreeSet<RunId> = done.map(|run| run.id).collect();
                    if let (Some(first), Some(last)) = (done.first(), done.last()) {
                        imports.insert(id, (*first, *last));
                    }
                }
                Ok(Self {
                    integrations,
                    fields: by(store::field::list(read)?, |field| field.key),
                    options: store::field_option::list(read)?
                        .into_iter()
                        .map(|option| (option.id, option.name))
                        .collect(),
                    people: by(store::person::list(read)?, |person| person.id),
                    levels: by(store::level::list(read)?, |level| level.id),
                    types: by(store::item_type::list(read)?, |kind| kind.id),
                    by_key: links
                        .values()
                        .map(|link: &Link| (link.seen.key.clone(), link.item))
                        .collect(),
                    places: items
                        .iter()
                        .flat_map(|(id, items): (_, &Vec<Item>)| {
                            items.iter().map(|item| (item.id, (*id, item.item_type)))
                        })
                        .collect(),
                    items,
                    links,
                    imports,
                    whole: false,
                })
            })
            .await
            .expect("the database can be read");
        store.close().await.expect("the database closes");
        house
    }

    /// Whether items of `other` were there already when those of `own` were imported last.
    fn knew(&self, own: IntegrationId, other: IntegrationId) -> bool {
        self.whole || own == other || self.imports[&other].0 < self.imports[&own].1
    }

    fn depth(&self, kind: workspace::ItemTypeId) -> u8 {
        self.levels[&self.types[&kind].level].depth
    }
}

fn by<K: Ord, T>(list: Vec<T>, key: impl Fn(&T) -> K) -> BTreeMap<K, T> {
    list.into_iter().map(|one| (key(&one), one)).collect()
}

/// What the site says of its fields.
struct SiteFields {
    face: Face,
    sprint: Option<String>,
    parents: Vec<String>,
}

impl SiteFields {
    fn of(served: &Served) -> Self {
        let face = served.face();
        let path = match face {
            Face::Cloud => "/rest/api/3/field",
            Face::DataCenter => "/rest/api/2/field",
        };
        let fields = served.ask(path);
        let with = |custom: &str| -> Option<String> {
            let mut all = fields.as_array().into_iter().flatten();
            let found = all.find(|field| field["schema"]["custom"] == custom)?;
            found["id"].as_str().map(str::to_owned)
        };
        Self {
            face,
            sprint: with(SPRINT),
            parents: PARENT_FIELDS.into_iter().filter_map(with).collect(),
        }
    }
}

struct Pair<'a> {
    house: &'a House,
    site: &'a SiteFields,
    mapping: &'a Mapping,
    integration: IntegrationId,
    issue: &'a Json,
    item: &'a Item,
    link: &'a Link,
}

impl Pair<'_> {
    fn compare(&self, compared: &mut Compared) {
        let (key, told) = (&self.issue["key"], &self.issue["fields"]);
        let mut same = |field: &str, expected: Json, held: Json| {
            let count = compared.fields.entry(field.to_owned()).or_default();
            count.0 += 1;
            count.1 += usize::from(!held.is_null() && held != json!([]));
            assert_eq!(
                expected, held,
                "{key} {field}: the site says the left, the item holds the right"
            );
        };
        same("title", told["summary"].clone(), json!(self.item.title));
        same("key", key.clone(), json!(self.link.seen.key));
        let kind = told["issuetype"]["id"].as_str().unwrap_or_default();
        let pair = self
            .mapping
            .types
            .iter()
            .find(|pair| pair.remote_type == kind);
        same(
            "type",
            json!(pair.map(|pair| pair.item_type.0)),
            json!(Some(self.item.item_type.0)),
        );
        let updated = told["updated"].as_str().map(moment);
        same(
            "updated",
            json!(updated.map(|at| at.to_string())),
            json!(self.link.seen.updated_at.map(|at| at.to_string())),
        );
        let dev_status = FieldKey::System(SystemField::DevStatus);
        same(
            "dev_status",
            told["status"]["name"].clone(),
            self.shown(&self.item.value(dev_status)),
        );
        let mut mapped = BTreeSet::from([dev_status]);
        let mut elsewhere = 0;
        for pair in &self.mapping.fields {
            mapped.insert(pair.field);
            if pair.field != FieldKey::System(SystemField::Title) {
                let value = self.item.value(pair.field);
                let expected = self.expected(pair, &told[&pair.remote_field]);
                same(&pair.field.to_string(), expected, self.shown(&value));
                elsewhere += self.elsewhere(&value);
            }
        }
        let invented: Vec<&FieldKey> = self
            .item
            .values
            .keys()
            .filter(|field| !mapped.contains(field))
            .collect();
        assert!(
            invented.is_empty(),
            "{key} holds values of {invented:?}, which nothing is mapped to"
        );
        let parent = self.parent();
        assert_eq!(self.item.parent, parent, "{key}: its parent");
        compared.below += usize::from(parent.is_some());
        compared.elsewhere += elsewhere;
    }

    /// How many items of other projects a value refers to.
    fn elsewhere(&self, value: &Value) -> usize {
        let Value::References(list) = value else {
            return 0;
        };
        let of = |item: &ItemId| {
            self.house
                .places
                .get(item)
                .map(|(integration, _)| *integration)
        };
        list.iter()
            .filter(|reference| of(&reference.item) != Some(self.integration))
            .count()
    }

    /// The item of the issue's parent, if the levels allow one to stand below the other.
    fn parent(&self) -> Option<ItemId> {
        let told = &self.issue["fields"];
        let item = match told["parent"]["id"].as_str() {
            Some(id) => self.house.links.get(id)?.item,
            None => {
                let mut fields = self.site.parents.iter();
                let key = fields.find_map(|field| told[field].as_str())?;
                *self.house.by_key.get(key)?
            }
        };
        let (_, above) = self.house.places.get(&item)?;
        (self.house.depth(*above) < self.house.depth(self.item.item_type)).then_some(item)
    }

    /// What the site says of a field, as plain as [`Pair::shown`] makes what the item holds.
    fn expected(&self, pair: &FieldPair, told: &Json) -> Json {
        let kind = self.house.fields[&pair.field].kind;
        if Some(&pair.remote_field) == self.site.sprint.as_ref() {
            return sprint(told).map_or(Json::Null, |name| json!([name.to_lowercase()]));
        }
        match (kind, told) {
            (Kind::Dependencies, told) => self.dependencies(told),
            (Kind::Labels, told) => {
                let words: BTreeSet<&str> = each(told).filter_map(Json::as_str).collect();
                some(words)
            }
            (Kind::Checkbox, told) => json!(each(told).next().is_some()),
            (_, Json::Null) => Json::Null,
            (Kind::RichText, Json::String(text)) if text.trim().is_empty() => Json::Null,
            (Kind::RichText, told) => told.clone(),
            (Kind::Text, Json::String(text)) => {
                json!(text.lines().map(str::trim).collect::<Vec<_>>().join(" "))
            }
            (Kind::LongText, Json::String(text)) => json!(text.replace("\r\n", "\n")),
            (Kind::Number, told) => match pair.remote_field.as_str() {
                "timeoriginalestimate" => hours(told),
                "timetracking" => hours(&told["originalEstimateSeconds"]),
                _ => json!(told.as_f64()),
            },
            (Kind::Date, Json::String(text)) => json!(text[..10]),
            (Kind::Person, told) => each(told)
                .next()
                .map_or(Json::Null, |person| self.person(person)),
            (Kind::SingleSelect | Kind::MultiSelect | Kind::Timeframe, told) => some(
                each(told)
                    .map(|choice| self.choice(pair, choice))
                    .collect::<BTreeSet<_>>(),
            ),
            (Kind::Link, told) => told.clone(),
            (kind, told) => panic!("{kind:?} from {told}: teach the comparison about it"),
        }
    }

    /// A choice by the name that it has here: the mapping's, else the site's own.
    fn choice(&self, pair: &FieldPair, choice: &Json) -> String {
        // A choice below another one is known by its own id.
        let lowest = match &choice["child"] {
            Json::Null => choice,
            child => child,
        };
        let id = lowest["id"].as_str().unwrap_or_default();
        if let Some(mapped) = pair.values.iter().find(|value| value.remote_option == id) {
            return self.house.options[&mapped.option].to_lowercase();
        }
        let name = |choice: &Json| {
            let names = ["value", "name", "title"];
            let mut names = names.iter().filter_map(|name| choice[name].as_str());
            names.next().or(choice.as_str()).unwrap_or(id).to_owned()
        };
        let own = name(choice);
        match &choice["child"] {
            Json::Null => own.to_lowercase(),
            child => format!("{own} / {}", name(child)).to_lowercase(),
        }
    }

    fn person(&self, person: &Json) -> Json {
        let id = ["accountId", "key", "name"];
        let id = id.iter().find_map(|name| person[name].as_str());
        let name = person["displayName"].as_str().or(id).unwrap_or_default();
        let mail = person["emailAddress"].as_str();
        json!([{"name": name, "email": mail}])
    }

    fn dependencies(&self, told: &Json) -> Json {
        let found: BTreeSet<(String, i64)> = each(told)
            .filter_map(|link| {
                let (other, relation) = match &link["outwardIssue"] {
                    Json::Null => (&link["inwardIssue"], "BlockedBy"),
                    other => (other, "Blocks"),
                };
                let blocks = link["type"]["name"] == "Blocks";
                let linked = self.house.links.get(other["id"].as_str()?)?;
                let relation = if blocks { relation } else { "RelatesTo" };
                // An issue of a project that was imported later counts once this one is imported again.
                let knew = self.house.knew(self.integration, linked.integration?);
                knew.then(|| (relation.to_owned(), linked.item.0))
            })
            .collect();
        some(found)
    }

    fn shown(&self, value: &Value) -> Json {
        match value {
            Value::None => Json::Null,
            Value::Text(text) | Value::Link(text) => json!(text),
            Value::RichText(rich) => match self.site.face {
                Face::Cloud => serde_json::from_str(&rich.source).expect("a document is JSON"),
                Face::DataCenter => json!(rich.source),
            },
            Value::Number(number) => json!(number),
            Value::Date(day) => json!(day.to_string()),
            Value::Options(ids) => some(
                ids.iter()
                    .map(|id| self.house.options[id].to_lowercase())
                    .collect::<BTreeSet<_>>(),
            ),
            Value::People(ids) => {
                let people = ids.iter().map(|id| &self.house.people[id]);
                let people = people.map(|one| json!({"name": one.name, "email": one.email}));
                json!(people.collect::<Vec<Json>>())
            }
            Value::Labels(words) => some(words.iter().collect::<BTreeSet<_>>()),
            Value::Bool(yes) => json!(yes),
            Value::References(list) => some(
                list.iter()
                    .map(|reference| {
                        let relation = match reference.relation {
                            Relation::Blocks => "Blocks",
                            Relation::BlockedBy => "BlockedBy",
                            Relation::RelatesTo => "RelatesTo",
                            Relation::PartOf => "PartOf",
                        };
                        (relation.to_owned(), reference.item.0)
                    })
                    .collect::<BTreeSet<(String, i64)>>(),
            ),
        }
    }
}

/// A list, or null where it holds nothing: the two mean the same.
fn some<T: serde::Serialize>(list: BTreeSet<T>) -> Json {
    if list.is_empty() {
        Json::Null
    } else {
        json!(list)
    }
}

fn each(told: &Json) -> impl Iterator<Item = &Json> {
    match told {
        Json::Array(list) => list.as_slice(),
        Json::Null => &[],
        one => std::slice::from_ref(one),
    }
    .iter()
}

fn hours(seconds: &Json) -> Json {
    json!(seconds.as_f64().map(|seconds| seconds / 3600.0))
}

fn moment(text: &str) -> jiff::Timestamp {
    jiff::fmt::strtime::parse("%Y-%m-%dT%H:%M:%S%.f%z", text)
        .and_then(|parsed| parsed.to_timestamp())
        .unwrap_or_else(|error| panic!("{text} is no moment: {error}"))
}

/// The sprint that counts: the last that is not closed, else the one that ended last.
fn sprint(told: &Json) -> Option<String> {
    let all: Vec<(String, bool, String)> = each(told)
        .map(|one| match one.as_str() {
            None => (
                one["name"].as_str().unwrap_or_default().to_owned(),
                one["state"] == "closed",
                one["endDate"].as_str().unwrap_or_default().to_owned(),
            ),
            // Data Center writes what its program prints: `...[id=1,state=CLOSED,name=A, B,startDate=...]`.
            Some(text) => {
                let after = |name: &str| text.split_once(name).map(|(_, rest)| rest);
                let name = after(",name=").and_then(|rest| {
                    let ends = [",startDate=", ",goal="].map(|end| rest.find(end));
                    ends.into_iter().flatten().min().map(|end| &rest[..end])
                });
                let ended = after(",endDate=").and_then(|rest| rest.get(..10));
                (
                    name.unwrap_or_default().to_owned(),
                    text.contains("state=CLOSED"),
                    ended.unwrap_or_default().to_owned(),
                )
            }
        })
        .collect();
    all.iter()
        .rev()
        .find(|(_, closed, _)| !closed)
        .or_else(|| {
            all.iter()
                .max_by_key(|(_, _, ended)| ended.get(..10).unwrap_or("").to_owned())
        })
        .map(|(name, ..)| name.clone())
}
