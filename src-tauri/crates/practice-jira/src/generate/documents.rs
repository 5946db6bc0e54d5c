//! Long texts, invented from a seed: what a person wrote into an issue.

use super::words::{CODE, CRITERIA, CUSTOMERS, SENTENCES, STEPS, SUBJECTS};
use crate::document::{Block, Inline};
use crate::rng::Rng;
use crate::state::Kind;

fn sentences(rng: &mut Rng, count: usize) -> String {
    let mut text = String::new();
    let start = rng.below(SENTENCES.len());
    for step in 0..count {
        if step > 0 {
            text.push(' ');
        }
        text.push_str(SENTENCES[(start + step * 5) % SENTENCES.len()]);
    }
    text
}

fn plain(text: &str) -> Vec<Inline> {
    vec![Inline::from(text)]
}

fn mention(rng: &mut Rng) -> Inline {
    Inline::Mention(rng.below(22) as u32)
}

/// The description that belongs to a seed.
pub(crate) fn blocks(seed: u64, kind: Kind) -> Vec<Block> {
    let mut rng = Rng::stream(seed, 40, 0);
    let rng = &mut rng;
    let mut blocks = Vec::with_capacity(16);
    match kind {
        Kind::Bug => bug(rng, &mut blocks),
        Kind::Initiative | Kind::Epic => outcome(rng, &mut blocks),
        Kind::Story => story(rng, &mut blocks),
        Kind::Task | Kind::Subtask => {
            let count = 2 + rng.below(3);
            blocks.push(Block::Paragraph(plain(&sentences(rng, count))));
            if rng.chance(50) {
                blocks.push(Block::Tasks(checklist(rng)));
            }
            if rng.chance(30) {
                let (language, code) = rng.pick(&CODE);
                blocks.push(Block::Code(language, code));
            }
        }
    }
    if rng.chance(35) {
        let before = sentences(rng, 1);
        blocks.push(Block::Paragraph(vec![
            Inline::Text(format!("{before} ")),
            mention(rng),
            Inline::from(" knows the details, "),
            mention(rng),
            Inline::from(" has the access."),
        ]));
    }
    if rng.chance(12) {
        blocks.push(Block::Expand(
            "Notes of the meeting",
            plain(&sentences(rng, 3)),
        ));
    }
    if rng.chance(6) {
        blocks.push(Block::Extension("recently-updated"));
    }
    blocks
}

fn checklist(rng: &mut Rng) -> Vec<(bool, Vec<Inline>)> {
    let count = 2 + rng.below(4);
    (0..count)
        .map(|_| (rng.chance(40), plain(rng.pick(&CRITERIA))))
        .collect()
}

fn story(rng: &mut Rng, blocks: &mut Vec<Block>) {
    blocks.push(Block::Paragraph(vec![
        Inline::Strong("As a".into()),
        Inline::Text(format!(" person at {} ", rng.pick(&CUSTOMERS))),
        Inline::Strong("I want".into()),
        Inline::Text(format!(" a better {} ", rng.pick(&SUBJECTS))),
        Inline::Strong("so that".into()),
        Inline::from(" the evening shift can go home in time."),
    ]));
    blocks.push(Block::Heading(2, "Background".into()));
    let count = 2 + rng.below(4);
    blocks.push(Block::Paragraph(plain(&sentences(rng, count))));
    if rng.chance(40) {
        blocks.push(Block::Panel(
            rng.pick(&["info", "note", "warning", "success"]),
            plain(&sentences(rng, 1)),
        ));
    }
    blocks.push(Block::Heading(2, "Acceptance criteria".into()));
    if rng.chance(60) {
        blocks.push(Block::Tasks(checklist(rng)));
    } else {
        let count = 3 + rng.below(3);
        blocks.push(Block::Bullets(
            (0..count).map(|_| plain(rng.pick(&CRITERIA))).collect(),
        ));
    }
    if rng.chance(45) {
        blocks.push(Block::Heading(3, "Who sees what".into()));
        blocks.push(roles(rng));
    }
    if rng.chance(25) {
        let number = rng.below(900) + 100;
        blocks.push(Block::Paragraph(vec![
            Inline::from("Design: "),
            Inline::Link(
                "the board".into(),
                format!("https://design.orbital.example/file/{number}"),
            ),
            Inline::from(" and "),
            Inline::Card(format!("https://wiki.orbital.example/x/{number}")),
        ]));
    }
}

fn roles(rng: &mut Rng) -> Block {
    let mut rows = Vec::new();
    for role in ["Viewer", "Editor", "Account owner", "Reseller"] {
        let may = if rng.chance(50) {
            Inline::Strong("yes".into())
        } else {
            Inline::from("no")
        };
        rows.push(vec![plain(role), vec![may], plain(rng.pick(&CRITERIA))]);
    }
    Block::Table(vec!["Role", "May change it", "Remark"], rows)
}

fn bug(rng: &mut Rng, blocks: &mut Vec<Block>) {
    blocks.push(Block::Paragraph(plain(&sentences(rng, 2))));
    blocks.push(Block::Heading(2, "Steps to reproduce".into()));
    let count = 3 + rng.below(3);
    blocks.push(Block::Numbers(
        (0..count).map(|_| plain(rng.pick(&STEPS))).collect(),
    ));
    blocks.push(Block::Heading(3, "Expected / actual".into()));
    blocks.push(Block::Paragraph(vec![
        Inline::Emphasis("Expected:".into()),
        Inline::Text(format!(" {}.", rng.pick(&CRITERIA))),
    ]));
    blocks.push(Block::Paragraph(vec![
        Inline::Emphasis("Actual:".into()),
        Inline::Text(format!(" {} ", rng.pick(&SENTENCES))),
        Inline::Emoji(":warning:", "⚠️"),
    ]));
    if rng.chance(60) {
        let (language, code) = rng.pick(&CODE);
        blocks.push(Block::Code(language, code));
    }
    blocks.push(Block::Table(
        vec!["Environment", "Version", "Seen"],
        vec![
            vec![
                plain("Production (eu-north)"),
                vec![Inline::Code(format!(
                    "2026.{}.{}",
                    rng.below(4),
                    rng.below(20)
                ))],
                plain("yes"),
            ],
            vec![
                plain("Staging"),
                vec![Inline::Code("main".into())],
                plain(rng.pick(&["yes", "no", "not tried"])),
            ],
        ],
    ));
    if rng.chance(20) {
        blocks.push(Block::Quote(plain(&sentences(rng, 1))));
    }
}

fn outcome(rng: &mut Rng, blocks: &mut Vec<Block>) {
    blocks.push(Block::Heading(1, "Why".into()));
    let count = 3 + rng.below(3);
    blocks.push(Block::Paragraph(plain(&sentences(rng, count))));
    blocks.push(Block::Panel(
        "info",
        vec![
            Inline::from("Sponsor: "),
            mention(rng),
            Inline::Text(format!(", first customer: {}", rng.pick(&CUSTOMERS))),
        ],
    ));
    blocks.push(Block::Heading(1, "What changes".into()));
    let count = 3 + rng.below(3);
    blocks.push(Block::Bullets(
        (0..count).map(|_| plain(rng.pick(&CRITERIA))).collect(),
    ));
    blocks.push(Block::Heading(2, "How we know".into()));
    let mut rows = Vec::new();
    for metric in [
        "Activation",
        "Retention (90 d)",
        "Cost per scene",
        "Tickets a week",
    ] {
        rows.push(vec![
            plain(metric),
            vec![Inline::Text(format!("{} %", rng.below(60)))],
            vec![Inline::Strong(format!("{} %", 60 + rng.below(40)))],
        ]);
    }
    blocks.push(Block::Table(vec!["Metric", "Today", "Goal"], rows));
    blocks.push(Block::Rule);
    let count = 2 + rng.below(3);
    blocks.push(Block::Paragraph(plain(&sentences(rng, count))));
}

/// A shorter text, for comments and rich custom fields.
pub(crate) fn comment_blocks(seed: u64) -> Vec<Block> {
    let mut rng = Rng::stream(seed, 41, 0);
    let rng = &mut rng;
    let count = 2 + rng.below(3);
    vec![
        Block::Paragraph(plain(&sentences(rng, 1))),
        Block::Bullets((0..count).map(|_| plain(rng.pick(&CRITERIA))).collect()),
    ]
}
