//! Projects, types, workflows, priorities, boards and sprints.

use jiff::civil::Date;

use super::EPOCH;
use crate::config::{Face, SiteConfig};
use crate::state::{
    Board, BoardKind, Category, Component, Data, IssueType, Kind, LinkType, Priority, Project,
    Resolution, Sprint, SprintState, Status, Style, Transition, Version, Workflow,
};
use crate::time::{DAY, HOUR};

pub(crate) const FIRST_PROJECT: u32 = 10_000;

pub(crate) fn add(data: &mut Data, config: &SiteConfig) {
    types(data, config.face);
    statuses(data);
    priorities(data);
    main_projects(data, config.face);
    boards(data, config.face);
    for at in 0..config.empty_projects {
        let id = FIRST_PROJECT + data.projects.len() as u32;
        let mut project = project(
            id,
            &format!("P{}", at + 1),
            &format!("Dormant programme {:04}", at + 1),
            "An archived customer programme.",
            Style::Company,
        );
        project.types = data.projects[0].types.clone();
        project.priorities = vec![1, 2, 3, 4, 5];
        project.lead = (at % data.users.len()) as u32;
        data.projects.push(project);
        data.boards.push(Board {
            id: 1000 + at as u32,
            name: format!("P{} board", at + 1),
            kind: BoardKind::Kanban,
            project: id,
            filter: 20_000 + at as u32,
            sprints: false,
            estimation: None,
            columns: vec![
                ("To Do", vec![10_000]),
                ("In Progress", vec![3]),
                ("Done", vec![10_002]),
            ],
        });
    }
}

fn types(data: &mut Data, face: Face) {
    let third = FIRST_PROJECT + 2;
    let mut add = |id, name, german, description, kind, avatar, scope| {
        data.types.push(IssueType {
            id,
            name,
            german,
            description,
            kind,
            avatar,
            scope,
        });
    };
    add(
        10_000,
        "Epic",
        "Epos",
        "A big user story that needs to be broken down.",
        Kind::Epic,
        10_307,
        None,
    );
    add(
        10_001,
        "Story",
        "Anforderung",
        "Functionality or a feature expressed as a user goal.",
        Kind::Story,
        10_315,
        None,
    );
    add(
        10_002,
        "Task",
        "Aufgabe",
        "A small, distinct piece of work.",
        Kind::Task,
        10_318,
        None,
    );
    add(
        10_003,
        "Sub-task",
        "Unteraufgabe",
        "A small piece of work that is part of a larger task.",
        Kind::Subtask,
        10_316,
        None,
    );
    add(
        10_004,
        "Bug",
        "Fehler",
        "A problem or error.",
        Kind::Bug,
        10_303,
        None,
    );
    add(
        10_005,
        "Initiative",
        "Initiative",
        "An outcome that several epics serve.",
        Kind::Initiative,
        10_320,
        None,
    );
    if face == Face::Cloud {
        add(
            10_011,
            "Epic",
            "Epos",
            "Epics track collections of related bugs, stories, and tasks.",
            Kind::Epic,
            10_307,
            Some(third),
        );
        add(
            10_012,
            "Story",
            "Anforderung",
            "Stories track functionality or features expressed as user goals.",
            Kind::Story,
            10_315,
            Some(third),
        );
        add(
            10_013,
            "Task",
            "Aufgabe",
            "Tasks track small, distinct pieces of work.",
            Kind::Task,
            10_318,
            Some(third),
        );
        add(
            10_014,
            "Bug",
            "Fehler",
            "Bugs track problems or errors.",
            Kind::Bug,
            10_303,
            Some(third),
        );
        add(
            10_015,
            "Subtask",
            "Unteraufgabe",
            "Subtasks track small pieces of work that are part of a larger task.",
            Kind::Subtask,
            10_316,
            Some(third),
        );
    }
    let mut link = |id, name, inward, outward| {
        data.link_types.push(LinkType {
            id,
            name,
            inward,
            outward,
        })
    };
    link(10_000, "Blocks", "is blocked by", "blocks");
    link(10_001, "Cloners", "is cloned by", "clones");
    link(10_002, "Duplicate", "is duplicated by", "duplicates");
    link(10_003, "Relates", "relates to", "relates to");
}

fn statuses(data: &mut Data) {
    let third = FIRST_PROJECT + 2;
    let mut add = |id, name, german, category, scope| {
        data.statuses.push(Status {
            id,
            name,
            german,
            category,
            scope,
        })
    };
    add(10_000, "To Do", "Zu erledigen", Category::New, None);
    add(10_001, "Ready", "Bereit", Category::New, None);
    add(3, "In Progress", "In Arbeit", Category::Progress, None);
    add(10_003, "In Review", "In Prüfung", Category::Progress, None);
    add(10_004, "Blocked", "Blockiert", Category::Progress, None);
    add(10_002, "Done", "Fertig", Category::Done, None);
    add(
        10_005,
        "Won't do",
        "Wird nicht gemacht",
        Category::Done,
        None,
    );
    add(10_006, "Backlog", "Backlog", Category::New, None);
    add(
        10_007,
        "Selected for Development",
        "Zur Entwicklung ausgewählt",
        Category::New,
        None,
    );
    add(
        10_008,
        "Verification",
        "Überprüfung",
        Category::Progress,
        None,
    );
    add(10_021, "To Do", "Zu erledigen", Category::New, Some(third));
    add(
        10_022,
        "In Progress",
        "In Arbeit",
        Category::Progress,
        Some(third),
    );
    add(10_023, "Done", "Fertig", Category::Done, Some(third));
    let step = |id, name, to, from: &[u32], screen| Transition {
        id,
        name,
        to,
        from: from.to_vec(),
        screen,
        resolution_required: screen,
    };
    data.workflows.push(Workflow {
        statuses: vec![10_000, 10_001, 3, 10_003, 10_004, 10_002, 10_005],
        transitions: vec![
            step(11, "Back to To Do", 10_000, &[], false),
            step(21, "Make ready", 10_001, &[10_000], false),
            step(
                31,
                "Start work",
                3,
                &[10_000, 10_001, 10_003, 10_004],
                false,
            ),
            step(41, "Ask for review", 10_003, &[3], false),
            step(51, "Block", 10_004, &[3, 10_003], false),
            step(61, "Finish", 10_002, &[3, 10_003], true),
            step(71, "Decline", 10_005, &[10_000, 10_001, 10_004], true),
            step(81, "Reopen", 3, &[10_002, 10_005], false),
        ],
    });
    data.workflows.push(Workflow {
        statuses: vec![10_006, 10_007, 3, 10_008, 10_002],
        transitions: vec![
            step(111, "Backlog", 10_006, &[], false),
            step(121, "Selected for Development", 10_007, &[], false),
            step(131, "In Progress", 3, &[], false),
            step(141, "Verify", 10_008, &[], false),
            step(151, "Done", 10_002, &[], false),
        ],
    });
    data.workflows.push(Workflow {
        statuses: vec![10_021, 10_022, 10_023],
        transitions: vec![
            step(11, "To Do", 10_021, &[], false),
            step(21, "In Progress", 10_022, &[], false),
            step(31, "Done", 10_023, &[], false),
        ],
    });
}

fn priorities(data: &mut Data) {
    let mut add = |id, name, german, description, colour, icon| {
        data.priorities.push(Priority {
            id,
            name,
            german,
            description,
            colour,
            icon,
        })
    };
    add(
        1,
        "Highest",
        "Höchste",
        "This problem will block progress.",
        "#d04437",
        "highest",
    );
    add(
        2,
        "High",
        "Hoch",
        "Serious problem that could block progress.",
        "#f15C75",
        "high",
    );
    add(
        3,
        "Medium",
        "Mittel",
        "Has the potential to affect progress.",
        "#f79232",
        "medium",
    );
    add(
        4,
        "Low",
        "Niedrig",
        "Minor problem or easily worked around.",
        "#707070",
        "low",
    );
    add(
        5,
        "Lowest",
        "Niedrigste",
        "Trivial problem with little or no impact on progress.",
        "#999999",
        "lowest",
    );
    add(
        10_000,
        "Blocker",
        "Blocker",
        "Nothing ships until this is solved.",
        "#b00000",
        "blocker",
    );
    add(
        10_001,
        "Trivial",
        "Trivial",
        "A matter of taste.",
        "#cccccc",
        "trivial",
    );
    for (id, name, description) in [
        (10_000, "Done", "Work has been completed on this issue."),
        (10_001, "Won't Do", "This issue won't be actioned."),
        (
            10_002,
            "Duplicate",
            "The problem is a duplicate of an existing issue.",
        ),
        (
            10_003,
            "Cannot Reproduce",
            "All attempts at reproducing this issue failed.",
        ),
    ] {
        data.resolutions.push(Resolution {
            id,
            name,
            description,
        });
    }
}

fn project(id: u32, key: &str, name: &str, description: &'static str, style: Style) -> Project {
    Project {
        id,
        key: key.to_owned(),
        old_keys: Vec::new(),
        name: name.to_owned(),
        description,
        style,
        lead: 0,
        types: Vec::new(),
        workflow: 0,
        priorities: Vec::new(),
        components: Vec::new(),
        versions: Vec::new(),
        deleted: false,
        next_number: 1,
        issues: 0,
    }
}

fn main_projects(data: &mut Data, face: Face) {
    let mut orb = project(
        FIRST_PROJECT,
        "ORB",
        "Orbital Imaging Platform",
        "Everything between the antenna and the customer's map.",
        Style::Company,
    );
    orb.old_keys = vec!["ORBIT".to_owned()];
    orb.types = vec![10_005, 10_000, 10_001, 10_002, 10_004, 10_003];
    orb.priorities = vec![1, 2, 3, 4, 5];
    orb.components = components(
        10_000,
        &[
            "Ingest",
            "Tasking API",
            "Tile server",
            "Billing & quotas",
            "Customer portal",
            "Ground station (Kiruna)",
            "Mobile — Android/iOS",
            "Données météo",
        ],
    );
    orb.versions = versions(
        10_000,
        &[
            "2024.4",
            "2025.1",
            "2025.2",
            "2025.3",
            "2025.4",
            "2026.1",
            "2026.2",
            "2026.3",
            "2026.4",
            "2027.1",
            "Someday, maybe",
        ],
        6,
    );
    let mut ops = project(
        FIRST_PROJECT + 1,
        "OPS",
        "Site Reliability",
        "Keeps the platform up, the pager quiet and the disks empty.",
        Style::Company,
    );
    ops.lead = 1;
    ops.types = vec![10_000, 10_002, 10_004, 10_003];
    ops.workflow = 1;
    ops.priorities = vec![10_000, 2, 3, 10_001];
    ops.components = components(
        10_100,
        &["Kubernetes", "Observability", "Network", "Backups"],
    );
    ops.versions = versions(
        10_100,
        &[
            "Maintenance window 31",
            "Maintenance window 32",
            "Maintenance window 33",
        ],
        1,
    );
    let third = match face {
        Face::Cloud => {
            let mut lab = project(
                FIRST_PROJECT + 2,
                "LAB",
                "Growth Lab 🚀",
                "Experiments that may become products.",
                Style::Team,
            );
            lab.types = vec![10_011, 10_012, 10_013, 10_014, 10_015];
            lab.workflow = 2;
            lab.priorities = vec![1, 2, 3, 4, 5];
            lab
        }
        Face::DataCenter => {
            let mut legacy = project(
                FIRST_PROJECT + 2,
                "LEG",
                "Legacy Billing",
                "Invoices since 2009; handle with care.",
                Style::Company,
            );
            legacy.types = vec![10_000, 10_001, 10_004, 10_003];
            legacy.workflow = 0;
            legacy.priorities = vec![1, 2, 3, 4, 5];
            legacy.components = components(10_200, &["Invoices", "Dunning", "Tax (EU)"]);
            legacy.versions = versions(10_200, &["3.8", "3.9", "4.0"], 2);
            legacy
        }
    };
    data.projects.extend([orb, ops, third]);
    data.projects[2].lead = 5;
}

fn components(first: u32, names: &[&str]) -> Vec<Component> {
    let make = |(at, name): (usize, &&str)| Component {
        id: first + at as u32,
        name: (*name).to_owned(),
        description: if at % 2 == 0 {
            format!("Owned by the people behind {name}.")
        } else {
            String::new()
        },
        lead: (at % 3 != 2).then_some(at as u32 % 9),
    };
    names.iter().enumerate().map(make).collect()
}

fn versions(first: u32, names: &[&str], released: usize) -> Vec<Version> {
    let base = Date::constant(2024, 12, 2);
    let make = |(at, name): (usize, &&str)| {
        let start = base
            .checked_add(jiff::SignedDuration::from_hours(24 * 91 * at as i64))
            .ok();
        let release = start.and_then(|d| {
            d.checked_add(jiff::SignedDuration::from_hours(24 * 88))
                .ok()
        });
        Version {
            id: first + at as u32,
            name: (*name).to_owned(),
            description: if at % 3 == 0 {
                String::new()
            } else {
                format!("Scope of {name}")
            },
            released: at < released,
            archived: at == 0,
            start: if at + 1 == names.len() { None } else { start },
            release: if at + 1 == names.len() { None } else { release },
        }
    };
    names.iter().enumerate().map(make).collect()
}

fn boards(data: &mut Data, face: Face) {
    let column = |name, statuses: &[u32]| (name, statuses.to_vec());
    let scrum_columns = vec![
        column("To Do", &[10_000, 10_001]),
        column("In Progress", &[3, 10_004]),
        column("Review", &[10_003]),
        column("Done", &[10_002, 10_005]),
    ];
    let points = super::fields::story_points(face);
    let mut board = |id, name: &str, kind, project, sprints, estimation, columns| {
        data.boards.push(Board {
            id,
            name: name.to_owned(),
            kind,
            project,
            filter: 10_000 + id,
            sprints,
            estimation,
            columns,
        });
    };
    board(
        1,
        "ORB platform",
        BoardKind::Scrum,
        FIRST_PROJECT,
        true,
        Some(points),
        scrum_columns.clone(),
    );
    board(
        2,
        "ORB leadership view",
        BoardKind::Kanban,
        FIRST_PROJECT,
        false,
        None,
        scrum_columns.clone(),
    );
    board(
        3,
        "OPS flow",
        BoardKind::Kanban,
        FIRST_PROJECT + 1,
        false,
        None,
        vec![
            column("Backlog", &[10_006]),
            column("Selected", &[10_007]),
            column("In Progress", &[3]),
            column("Verification", &[10_008]),
            column("Done", &[10_002]),
        ],
    );
    match face {
        Face::Cloud => board(
            4,
            "LAB board",
            BoardKind::Simple,
            FIRST_PROJECT + 2,
            true,
            None,
            vec![
                column("To Do", &[10_021]),
                column("In Progress", &[10_022]),
                column("Done", &[10_023]),
            ],
        ),
        Face::DataCenter => board(
            4,
            "Billing sprints",
            BoardKind::Scrum,
            FIRST_PROJECT + 2,
            true,
            None,
            scrum_columns,
        ),
    }
    sprints(data);
}

/// Two weeks each, back from the epoch. Names hold what breaks careless parsers.
fn sprints(data: &mut Data) {
    let themes = [
        "hardening",
        "payments",
        "tile cache",
        "Kiruna",
        "SLA",
        "polish",
        "quotas",
        "météo",
    ];
    let mut id = 0;
    for (board, closed) in [(1_u32, 30_i64), (4, 8)] {
        for number in 0..closed + 4 {
            id += 1;
            let offset = number - closed;
            let start = EPOCH + offset * 14 * DAY - 4 * DAY + 9 * HOUR;
            let state = match offset {
                0 => SprintState::Active,
                n if n < 0 => SprintState::Closed,
                _ => SprintState::Future,
            };
            let theme = themes[number as usize % themes.len()];
            let name = match number % 5 {
                0 => format!("Orbit {}, {theme}", number + 1),
                1 => format!("S{} = {theme}", number + 1),
                2 => format!("Sprint {} [{theme}]", number + 1),
                3 => format!("Sprint {} — {theme}", number + 1),
                _ => format!("Sprint {}", number + 1),
            };
            let dated = state != SprintState::Future;
            data.sprints.push(Sprint {
                id,
                board,
                state,
                name,
                start: dated.then_some(start),
                end: dated.then_some(start + 14 * DAY),
                complete: (state == SprintState::Closed).then_some(start + 14 * DAY + HOUR),
                goal: match number % 4 {
                    0 => Some(format!("Ship {theme}, measure it, state=done")),
                    1 => Some(String::new()),
                    2 => Some(format!("Cut {theme} errors by half")),
                    _ => None,
                },
            });
        }
    }
}
