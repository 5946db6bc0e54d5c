//! The people, their groups and their teams.

use crate::config::SiteConfig;
use crate::rng::Rng;
use crate::state::{Data, Group, Team, User};

/// Name, login, time zone, how the e-mail shows (y visible, n hidden), whether the account is active.
const PEOPLE: [(&str, &str, &str, bool, bool); 24] = [
    ("Avery Quinn", "avery.quinn", "Europe/Berlin", true, true),
    (
        "Zoë van der Meer",
        "zoe.vandermeer",
        "Europe/Amsterdam",
        true,
        true,
    ),
    ("李明", "li.ming", "Asia/Shanghai", false, true),
    ("Łukasz Żółciński", "lukasz.z", "Europe/Warsaw", true, true),
    ("أحمد الفارسي", "ahmed.alfarsi", "Asia/Dubai", false, true),
    (
        "Renée O'Connor",
        "renee.oconnor",
        "America/New_York",
        true,
        true,
    ),
    ("Priya Raghunathan", "priya.r", "Asia/Kolkata", false, true),
    (
        "José Ángel Muñoz",
        "jose.munoz",
        "Europe/Madrid",
        false,
        true,
    ),
    ("Søren Kjærgård", "soren.k", "Europe/Copenhagen", true, true),
    ("Ngọc Trần", "ngoc.tran", "Asia/Ho_Chi_Minh", false, true),
    (
        "Dmitri Волков",
        "dmitri.volkov",
        "Europe/Riga",
        false,
        false,
    ),
    (
        "Marguerite Élodie Beaumont-Lefèvre",
        "marguerite.bl",
        "Europe/Paris",
        true,
        true,
    ),
    ("Tom Baker", "tom.baker", "Europe/London", false, true),
    ("Tom Baker", "tom.baker2", "Australia/Sydney", false, true),
    (
        "Hana Suzuki (鈴木 花)",
        "hana.suzuki",
        "Asia/Tokyo",
        true,
        true,
    ),
    (
        "Oluwaseun Adébáyọ̀",
        "seun.adebayo",
        "Africa/Lagos",
        false,
        true,
    ),
    (
        "Gabriel \"Gabe\" Costa",
        "gabe.costa",
        "America/Sao_Paulo",
        true,
        true,
    ),
    (
        "Ingrid Þórsdóttir",
        "ingrid.th",
        "Atlantic/Reykjavik",
        false,
        true,
    ),
    (
        "Maya Cohen, PMP",
        "maya.cohen",
        "Asia/Jerusalem",
        true,
        true,
    ),
    ("Kofi Mensah", "kofi.mensah", "Africa/Accra", false, true),
    (
        "Δέσποινα Παπαδοπούλου",
        "despina.p",
        "Europe/Athens",
        false,
        true,
    ),
    ("Ewa Nowak", "ewa.nowak", "Europe/Warsaw", true, false),
    ("Build Robot", "build-robot", "UTC", false, true),
    ("Sam Idle", "sam.idle", "America/Denver", true, true),
];

const GROUPS: [&str; 7] = [
    "jira-software-users",
    "jira-administrators",
    "platform-engineers",
    "site-reliability",
    "product",
    "security-council",
    "field-operations",
];
const TEAMS: [&str; 6] = [
    "Imagery Core",
    "Ground Segment",
    "Tasking & Scheduling",
    "Customer Portal",
    "Payments",
    "Réseau (Lyon)",
];

pub(crate) fn add(data: &mut Data, config: &SiteConfig) {
    for (at, (display, login, zone, visible, active)) in PEOPLE.into_iter().enumerate() {
        let mut rng = Rng::stream(config.seed, 1, at as u64);
        let account_id = if at % 3 == 0 {
            format!(
                "5b{:022x}",
                u128::from(rng.next()) << 24 | u128::from(rng.next() & 0xff_ffff)
            )
        } else {
            let (a, b) = (rng.next(), rng.next());
            format!(
                "712020:{:08x}-{:04x}-4{:03x}-9{:03x}-{:012x}",
                a >> 32,
                (a >> 16) & 0xffff,
                a & 0xfff,
                (b >> 48) & 0xfff,
                b & 0xffff_ffff_ffff
            )
        };
        let mut groups = vec![0];
        if at == 0 {
            groups.push(1);
        }
        groups.push(2 + (at as u32 % 5));
        data.users.push(User {
            account_id,
            name: login.to_owned(),
            // Accounts from before the change of 2019 keep their old login as key.
            key: if at % 5 == 1 {
                login.split('.').next().unwrap_or(login).to_owned()
            } else {
                format!("JIRAUSER{}", 10_100 + at)
            },
            display: display.to_owned(),
            email: visible.then(|| format!("{login}@orbital.example")),
            active,
            zone,
            groups,
            admin: at == 0,
        });
    }
    for (at, name) in GROUPS.into_iter().enumerate() {
        let mut rng = Rng::stream(config.seed, 2, at as u64);
        let (a, b) = (rng.next(), rng.next());
        data.groups.push(Group {
            id: format!(
                "{:08x}-{:04x}-4{:03x}-8{:03x}-{:012x}",
                a >> 32,
                (a >> 16) & 0xffff,
                a & 0xfff,
                (b >> 48) & 0xfff,
                b & 0xffff_ffff_ffff
            ),
            name,
        });
    }
    for (at, name) in TEAMS.into_iter().enumerate() {
        let mut rng = Rng::stream(config.seed, 3, at as u64);
        let (a, b) = (rng.next(), rng.next());
        let id = match config.face {
            crate::config::Face::Cloud => {
                format!(
                    "{:08x}-{:04x}-4{:03x}-a{:03x}-{:012x}-{}",
                    a >> 32,
                    (a >> 16) & 0xffff,
                    a & 0xfff,
                    (b >> 48) & 0xfff,
                    b & 0xffff_ffff_ffff,
                    at + 1
                )
            }
            crate::config::Face::DataCenter => (at + 1).to_string(),
        };
        data.teams.push(Team { id, name });
    }
}
