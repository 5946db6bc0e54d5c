//! The backlog itself: a hierarchy that grew over two years.

use jiff::SignedDuration;
use jiff::civil::Date;

use super::fields::{first_company, story_points};
use super::projects::FIRST_PROJECT;
use super::{EPOCH, words};
use crate::config::{Face, SiteConfig};
use crate::document::Rich;
use crate::rng::Rng;
use crate::state::{Category, Custom, Data, Issue, Kind, Link, Project, SprintState};
use crate::time::{DAY, HOUR, MINUTE, Millis};

const SPAN: Millis = 730 * DAY;

pub(crate) fn add(data: &mut Data, config: &SiteConfig) {
    let mut maker = Maker {
        rng: Rng::stream(config.seed, 10, 0),
        face: config.face,
        seed: config.seed,
        recent: Default::default(),
        rank: 0,
    };
    for at in 0..config.issues {
        let issue = maker.issue(data, at, config.issues);
        insert(data, issue);
    }
    links(data, &mut maker.rng);
    move_some(data);
    properties(data);
}

/// Files an issue under its key and its parent.
fn insert(data: &mut Data, issue: Issue) {
    data.by_key.insert((issue.project, issue.number), issue.id);
    if let Some(parent) = issue.parent {
        data.children.entry(parent).or_default().push(issue.id);
    }
    data.next_issue = data.next_issue.max(issue.id);
    data.issues.insert(issue.id, issue);
}

struct Maker {
    rng: Rng,
    face: Face,
    seed: u64,
    /// The last few issues of each kind in each of the three projects: where parents are found.
    recent: [[Vec<u64>; 6]; 3],
    rank: u64,
}

impl Maker {
    fn issue(&mut self, data: &mut Data, at: usize, count: usize) -> Issue {
        let slot = self.project(at);
        let project = FIRST_PROJECT + slot as u32;
        let kind = self.kind(data, slot, at);
        let rng = &mut self.rng;
        let id = data.next_issue + 1 + u64::from(rng.chance(7)) * 2;
        let created = (EPOCH - SPAN
            + SPAN / (count as i64 + 1) * (at as i64 + 1)
            + rng.range(0, 45) * MINUTE
            + rng.range(0, 59_999))
        .min(EPOCH - 2 * HOUR);
        let age = (EPOCH - created) as f64 / SPAN as f64;
        let closed = rng.chance((8.0 + 58.0 * age) as usize);
        let (status, category) = status(rng, data, project, closed);
        let resolved = (category == Category::Done)
            .then(|| created + (EPOCH - created) / 100 * rng.range(5, 90));
        let updated = resolved
            .unwrap_or_else(|| created + (EPOCH - created) / 1000 * rng.range(0, 990))
            + rng.range(0, 999);
        let parent = self.parent(slot, kind);
        let rng = &mut self.rng;
        let people = 24;
        // The first people work more than the last.
        let person = |rng: &mut Rng| (rng.below(people).min(rng.below(people))) as u32;
        let info = data.project(project);
        let type_id = info
            .and_then(|p| {
                p.types
                    .iter()
                    .copied()
                    .find(|t| data.kind(*t).is_some_and(|t| t.kind == kind))
            })
            .unwrap_or(10_002);
        let number = info.map_or(1, |p| p.next_number);
        let company = info.is_some_and(|p| !p.components.is_empty());
        let mut issue = Issue {
            id,
            project,
            number,
            kind: type_id,
            status,
            priority: info.and_then(|p| priority(rng, p)),
            resolution: resolved.map(|_| {
                if rng.chance(88) {
                    10_000
                } else {
                    10_001 + rng.below(3) as u32
                }
            }),
            summary: summary(rng, kind).into(),
            description: rng
                .chance(93)
                .then(|| Rich::Generated(self.seed ^ id.wrapping_mul(0x9E37_79B9))),
            assignee: rng
                .chance(if resolved.is_some() { 94 } else { 62 })
                .then(|| person(rng)),
            reporter: rng.chance(98).then(|| person(rng)),
            creator: person(rng),
            labels: labels(rng),
            components: if company {
                some_of(
                    rng,
                    &info
                        .map(|p| p.components.iter().map(|c| c.id).collect::<Vec<_>>())
                        .unwrap_or_default(),
                    55,
                )
            } else {
                Vec::new()
            },
            fix_versions: if company {
                fix_versions(rng, info, resolved.is_some())
            } else {
                Vec::new()
            },
            affects: if company && kind == Kind::Bug {
                some_of(
                    rng,
                    &info
                        .map(|p| p.versions.iter().take(6).map(|v| v.id).collect::<Vec<_>>())
                        .unwrap_or_default(),
                    80,
                )
            } else {
                Vec::new()
            },
            parent,
            sprints: sprints(rng, data, project, kind, created, resolved),
            created,
            updated: updated.min(EPOCH - MINUTE).max(created),
            resolved,
            due: rng
                .chance(22)
                .then(|| day(created + rng.range(10, 200) * DAY)),
            estimate_s: (matches!(kind, Kind::Story | Kind::Task | Kind::Bug | Kind::Subtask)
                && rng.chance(25))
            .then(|| 3600 * (1 + rng.below(40) as u32)),
            rank: 0,
            custom: Vec::new(),
            seed: self.seed ^ id.wrapping_mul(0xD1B5_4A32_D192_ED03) | 1,
        };
        self.rank += 1 << 20;
        issue.rank = self.rank;
        self.customs(data, &mut issue, kind);
        if let Some(project) = data.project_mut(project) {
            project.next_number += 1;
            project.issues += 1;
        }
        let list = &mut self.recent[slot][kind as usize];
        list.push(id);
        if list.len() > 30 {
            list.remove(0);
        }
        issue
    }

    /// Most issues belong to the first project.
    fn project(&mut self, at: usize) -> usize {
        if at < 8 {
            return 0;
        }
        match self.rng.below(100) {
            0..80 => 0,
            80..92 => 1,
            _ => 2,
        }
    }

    fn kind(&mut self, data: &Data, slot: usize, at: usize) -> Kind {
        const FIRST: [Kind; 8] = [
            Kind::Initiative,
            Kind::Epic,
            Kind::Story,
            Kind::Bug,
            Kind::Task,
            Kind::Subtask,
            Kind::Epic,
            Kind::Story,
        ];
        let project = &data.projects[slot];
        let has = |kind| {
            project
                .types
                .iter()
                .any(|t| data.kind(*t).is_some_and(|t| t.kind == kind))
        };
        let mut kind = match at {
            0..8 => FIRST[at],
            _ => match self.rng.below(1000) {
                0..8 => Kind::Initiative,
                8..62 => Kind::Epic,
                62..440 => Kind::Story,
                440..620 => Kind::Task,
                620..800 => Kind::Bug,
                _ => Kind::Subtask,
            },
        };
        let no_parent_yet = [Kind::Story, Kind::Task, Kind::Bug]
            .iter()
            .all(|k| self.recent[slot][*k as usize].is_empty());
        if kind == Kind::Subtask && no_parent_yet {
            kind = Kind::Bug;
        }
        match kind {
            Kind::Initiative if !has(Kind::Initiative) => Kind::Epic,
            Kind::Story if !has(Kind::Story) => Kind::Task,
            Kind::Task if !has(Kind::Task) => Kind::Story,
            other => other,
        }
    }

    fn parent(&mut self, slot: usize, kind: Kind) -> Option<u64> {
        let (kinds, percent): (&[Kind], usize) = match kind {
            Kind::Initiative => return None,
            Kind::Epic => (&[Kind::Initiative], 78),
            Kind::Story | Kind::Task | Kind::Bug => {
                (&[Kind::Epic], if kind == Kind::Bug { 55 } else { 82 })
            }
            Kind::Subtask => (&[Kind::Story, Kind::Task, Kind::Bug], 100),
        };
        if !self.rng.chance(percent) {
            return None;
        }
        let pool: Vec<u64> = kinds
            .iter()
            .flat_map(|k| self.recent[slot][*k as usize].iter().copied())
            .collect();
        (!pool.is_empty()).then(|| self.rng.pick(&pool))
    }

    fn customs(&mut self, data: &Data, issue: &mut Issue, kind: Kind) {
        let rng = &mut self.rng;
        let first = first_company(self.face);
        let mut set = |number: u32, value: Custom| {
            if data
                .fields
                .iter()
                .any(|f| f.number == number && f.in_project(issue.project))
            {
                issue.custom.push((number, value));
            }
        };
        let base = matches!(kind, Kind::Story | Kind::Task | Kind::Bug);
        let big = matches!(kind, Kind::Initiative | Kind::Epic);
        let start = day(issue.created + rng.range(5, 60) * DAY);
        if base && rng.chance(65) {
            let points = rng.pick(&[0.5, 1.0, 2.0, 3.0, 5.0, 8.0, 13.0]);
            set(story_points(self.face), Custom::Number(points));
            if self.face == Face::Cloud {
                set(10_016, Custom::Number(points));
            }
        }
        if rng.chance(45) {
            let team = rng.below(data.teams.len()) as u32;
            set(
                if self.face == Face::Cloud {
                    10_001
                } else {
                    10_114
                },
                Custom::Team(team),
            );
        }
        if self.face == Face::DataCenter && kind == Kind::Epic {
            let name: String = issue.summary.chars().take(28).collect();
            set(10_103, Custom::Text(name.trim_end().into()));
        }
        if self.face == Face::Cloud && rng.chance(20) && kind != Kind::Subtask {
            set(10_015, Custom::Date(start));
        }
        if big && rng.chance(75) {
            let (from, to) = if self.face == Face::Cloud {
                (10_022, 10_023)
            } else {
                (10_112, 10_113)
            };
            set(from, Custom::Date(start));
            set(
                to,
                Custom::Date(day(issue.created + rng.range(70, 240) * DAY)),
            );
        }
        if rng.chance(3) {
            set(
                if self.face == Face::Cloud {
                    10_021
                } else {
                    10_108
                },
                Custom::Options(vec![10_019]),
            );
        }
        if self.face == Face::Cloud && rng.chance(50) {
            set(10_060, Custom::Option(10_300 + rng.below(3) as u32));
            set(10_061, Custom::Date(start));
        }
        if kind == Kind::Subtask {
            return;
        }
        if rng.chance(30) {
            set(first, Custom::Text((rng.pick(&words::CUSTOMERS)).into()));
        }
        if base && rng.chance(18) {
            set(
                first + 1,
                Custom::Rich(Rich::Generated(issue.seed ^ 0x5A5A)),
            );
        }
        if rng.chance(35) {
            set(
                first + 2,
                Custom::Number(rng.range(1, 100) as f64 * if rng.chance(10) { 0.25 } else { 1.0 }),
            );
        }
        if base && rng.chance(10) {
            set(first + 3, Custom::Date(start));
            set(
                first + 4,
                Custom::DateTime(issue.created + rng.range(20, 90) * DAY),
            );
        }
        if kind == Kind::Bug && rng.chance(85) {
            set(first + 5, Custom::Option(10_400 + rng.below(4) as u32));
            set(first + 15, Custom::Version(10_000 + rng.below(6) as u32));
        }
        if rng.chance(25) {
            set(first + 6, Custom::Option(10_410 + rng.below(4) as u32));
        }
        if rng.chance(25) {
            let mut platforms = some_of(rng, &[10_420, 10_421, 10_422, 10_423, 10_424], 100);
            if rng.chance(4) {
                platforms.push(10_429);
            }
            set(first + 7, Custom::Options(platforms));
        }
        if rng.chance(12) {
            set(
                first + 8,
                Custom::Options(some_of(rng, &[10_430, 10_431, 10_432, 10_433], 100)),
            );
        }
        if rng.chance(20) {
            let region = rng.below(3) as u32;
            let child = match region {
                0 if rng.chance(80) => Some(10_450 + rng.below(3) as u32),
                1 if rng.chance(80) => Some(10_453 + rng.below(2) as u32),
                _ => None,
            };
            set(first + 9, Custom::Cascade(10_440 + region, child));
        }
        if rng.chance(22) {
            set(first + 10, Custom::User(rng.below(24) as u32));
        }
        if base && rng.chance(12) {
            let mut users: Vec<u32> = (0..1 + rng.below(3))
                .map(|_| rng.below(24) as u32)
                .collect();
            users.sort_unstable();
            users.dedup();
            set(first + 11, Custom::Users(users));
            set(first + 12, Custom::Group(rng.below(7) as u32));
        }
        if big && rng.chance(30) {
            set(
                first + 13,
                Custom::Groups(some_of(rng, &[2, 3, 4, 5, 6], 100)),
            );
        }
        if rng.chance(12) {
            set(first + 14, Custom::Labels(labels(rng)));
        }
        if base && rng.chance(10) {
            set(
                first + 16,
                Custom::Versions(some_of(rng, &[10_006, 10_007, 10_008], 100)),
            );
        }
        if rng.chance(8) {
            set(
                first + 17,
                Custom::Text(
                    format!(
                        "https://wiki.orbital.example/spec/{}?v=2&lang=fr",
                        rng.below(5000)
                    )
                    .into(),
                ),
            );
        }
        if big && rng.chance(10) {
            set(first + 18, Custom::Project(FIRST_PROJECT + 1));
        }
        if rng.chance(5) {
            set(first + 19, Custom::Text("legacy-tracker".into()));
        }
        if big && rng.chance(40) {
            set(
                first + 20,
                Custom::Text(
                    format!(
                        "FY26: {}",
                        rng.pick(&[
                            "halve the time to first scene",
                            "win three public customers",
                            "99.95 % of orders on time"
                        ])
                    )
                    .into(),
                ),
            );
        }
        if matches!(kind, Kind::Task) && rng.chance(30) {
            set(first + 21, Custom::Option(10_460 + rng.below(3) as u32));
        }
        issue
            .custom
            .retain(|(_, value)| !matches!(value, Custom::Labels(list) if list.is_empty()));
        issue.custom.sort_by_key(|(number, _)| *number);
    }
}

fn day(ms: Millis) -> Date {
    let base = Date::constant(1970, 1, 1);
    base.checked_add(SignedDuration::from_hours(ms / HOUR / 24 * 24))
        .unwrap_or(base)
}

fn some_of(rng: &mut Rng, all: &[u32], percent: usize) -> Vec<u32> {
    if all.is_empty() || !rng.chance(percent) {
        return Vec::new();
    }
    let mut list: Vec<u32> = (0..1 + rng.below(2)).map(|_| rng.pick(all)).collect();
    list.sort_unstable();
    list.dedup();
    list
}

fn labels(rng: &mut Rng) -> Vec<Box<str>> {
    if !rng.chance(48) {
        return Vec::new();
    }
    let mut list: Vec<Box<str>> = (0..1 + rng.below(3))
        .map(|_| (rng.pick(&words::LABELS)).into())
        .collect();
    list.sort();
    list.dedup();
    list
}

fn fix_versions(rng: &mut Rng, project: Option<&Project>, done: bool) -> Vec<u32> {
    let Some(project) = project else {
        return Vec::new();
    };
    let pool: Vec<u32> = project
        .versions
        .iter()
        .filter(|v| v.released == done)
        .map(|v| v.id)
        .collect();
    some_of(rng, &pool, if done { 75 } else { 35 })
}

fn priority(rng: &mut Rng, project: &Project) -> Option<u32> {
    let at = match rng.below(100) {
        0..6 => 0,
        6..25 => 1,
        25..78 => 2,
        78..94 => 3,
        _ => 4,
    };
    project
        .priorities
        .get(at.min(project.priorities.len().saturating_sub(1)))
        .copied()
}

fn status(rng: &mut Rng, data: &Data, project: u32, closed: bool) -> (u32, Category) {
    let workflow = &data.workflows[data.project(project).map_or(0, |p| p.workflow)];
    let open = |c: Category| {
        if closed {
            c == Category::Done
        } else {
            c != Category::Done
        }
    };
    let pool: Vec<(u32, Category)> = workflow
        .statuses
        .iter()
        .filter_map(|id| data.status(*id))
        .filter(|s| open(s.category))
        .map(|s| (s.id, s.category))
        .collect();
    // The first status of either half is the usual one.
    if rng.chance(50) {
        pool[0]
    } else {
        rng.pick(&pool)
    }
}

fn summary(rng: &mut Rng, kind: Kind) -> String {
    let pattern = match kind {
        Kind::Initiative => rng.pick(&words::INITIATIVE),
        Kind::Epic => rng.pick(&words::EPIC),
        Kind::Story => rng.pick(&words::STORY),
        Kind::Task => rng.pick(&words::TASK),
        Kind::Bug => rng.pick(&words::BUG),
        Kind::Subtask => rng.pick(&words::SUBTASK),
    };
    let subject = rng.pick(&words::SUBJECTS);
    let mut text = pattern.replace("{s}", subject);
    if text.contains("{S}") {
        let mut letters = subject.chars();
        let capital: String = letters
            .next()
            .map(|c| c.to_uppercase().collect())
            .unwrap_or_default();
        text = text.replace("{S}", &format!("{capital}{}", letters.as_str()));
    }
    if kind != Kind::Initiative && rng.chance(18) {
        text.push_str(&format!(" — {}", rng.pick(&words::CUSTOMERS)));
    }
    text
}

fn sprints(
    rng: &mut Rng,
    data: &Data,
    project: u32,
    kind: Kind,
    created: Millis,
    resolved: Option<Millis>,
) -> Vec<u32> {
    if !matches!(kind, Kind::Story | Kind::Task | Kind::Bug) || project == FIRST_PROJECT + 1 {
        return Vec::new();
    }
    let board = if project == FIRST_PROJECT { 1 } else { 4 };
    let mut list = Vec::new();
    for sprint in data.sprints.iter().filter(|s| s.board == board) {
        match (sprint.state, sprint.start, sprint.complete) {
            (SprintState::Closed, Some(start), Some(end)) => {
                // Closed sprints that saw the issue: the one it was finished in, sometimes the one before.
                let finished = resolved.is_some_and(|at| at >= start && at < end + DAY);
                let carried =
                    resolved.is_none_or(|at| at > end) && created < start && rng.chance(2);
                if finished || carried {
                    list.push(sprint.id);
                }
            }
            _ if resolved.is_none()
                && rng.chance(match sprint.state {
                    SprintState::Active => 7,
                    _ => 3,
                }) =>
            {
                // At most one open sprint.
                list.push(sprint.id);
                break;
            }
            _ => {}
        }
    }
    list
}

fn links(data: &mut Data, rng: &mut Rng) {
    let ids: Vec<u64> = data
        .issues
        .values()
        .filter(|i| data.kind_of(i) != Kind::Subtask)
        .map(|i| i.id)
        .collect();
    for at in 1..ids.len() {
        if !rng.chance(14) {
            continue;
        }
        let back = 1 + rng.below(at.min(60));
        let kind = match rng.below(10) {
            0..5 => 10_000,
            5..9 => 10_003,
            _ => 10_002,
        };
        let (from, to) = (ids[at - back], ids[at]);
        let id = 20_000 + data.links.len() as u64;
        data.links.insert(id, Link { id, kind, from, to });
        data.links_of.entry(from).or_default().push(id);
        data.links_of.entry(to).or_default().push(id);
    }
}

/// A few issues were moved here from another project: their old keys still lead to them.
fn move_some(data: &mut Data) {
    let moved: Vec<u64> = data
        .issues
        .values()
        .filter(|i| i.project == FIRST_PROJECT)
        .map(|i| i.id)
        .step_by(97)
        .collect();
    for (at, id) in moved.into_iter().enumerate() {
        data.moved.insert(format!("OLDOPS-{}", at + 1), id);
    }
}

fn properties(data: &mut Data) {
    let some: Vec<u64> = data.issues.keys().copied().step_by(211).take(50).collect();
    for id in some {
        data.properties.insert(
            (id, "orbital.review".to_owned()),
            serde_json::json!({"state": "done", "by": "build-robot"}),
        );
    }
}
