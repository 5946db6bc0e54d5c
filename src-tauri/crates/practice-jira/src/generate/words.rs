//! The vocabulary of the invented company.

pub(crate) const SUBJECTS: [&str; 28] = [
    "tile cache",
    "tasking queue",
    "invoice export",
    "download link",
    "order form",
    "scene catalogue",
    "cloud mask",
    "webhook delivery",
    "usage report",
    "quota meter",
    "login page",
    "API key rotation",
    "orthorectification job",
    "antenna schedule",
    "map preview",
    "billing period",
    "e-mail digest",
    "archive search",
    "audit log",
    "single sign-on",
    "change detection alert",
    "upload resume",
    "polygon editor",
    "data residency switch",
    "rate limiter",
    "thumbnail pipeline",
    "customer onboarding",
    "weather overlay",
];

pub(crate) const STORY: [&str; 10] = [
    "Let customers pause the {s}",
    "Show the age of the {s} on the dashboard",
    "Offer the {s} in Arabic and Japanese",
    "Make the {s} usable by keyboard alone",
    "Add a dry run to the {s}",
    "Export the {s} as CSV and GeoJSON",
    "Invite teammates to the {s}",
    "Remember the last filter of the {s}",
    "Explain why the {s} was declined",
    "Give resellers their own {s}",
];

pub(crate) const BUG: [&str; 10] = [
    "The {s} shows yesterday's data after midnight UTC",
    "500 when the {s} is opened twice",
    "The {s} drops umlauts in \"Größe\" and \"Ærø\"",
    "Time zone of the {s} is off by one hour in October",
    "The {s} never ends when the network is lost",
    "Memory of the {s} grows by 40 MB an hour",
    "Dates in the {s} are sorted as text",
    "The {s} can be submitted twice",
    "Wrong VAT in the {s} for Northern Ireland",
    "The {s} ignores the selected area < 1 km²",
];

pub(crate) const TASK: [&str; 10] = [
    "Upgrade the database behind the {s}",
    "Write a run book for the {s}",
    "Move the {s} to the new cluster",
    "Load-test the {s} at 4× traffic",
    "Rotate the certificates of the {s}",
    "Delete the feature flag of the {s}",
    "Add traces to the {s}",
    "Review the permissions of the {s}",
    "Document the API of the {s}",
    "Archive old data of the {s}",
];

pub(crate) const SUBTASK: [&str; 8] = [
    "Copy deck for the {s}",
    "Migration script for the {s}",
    "Unit tests for the {s}",
    "Design review of the {s}",
    "Feature flag for the {s}",
    "Telemetry events of the {s}",
    "Accessibility check of the {s}",
    "Release note for the {s}",
];

pub(crate) const EPIC: [&str; 8] = [
    "{S} 2.0",
    "Self-service for the {s}",
    "Reliable {s}",
    "{S} for enterprise customers",
    "Faster {s}",
    "Retire the old {s}",
    "{S} on mobile",
    "Compliance of the {s} (ISO 27001)",
];

pub(crate) const INITIATIVE: [&str; 6] = [
    "Double the revenue per scene: {s}",
    "Open the Asian market ({s})",
    "Zero-downtime operations: {s}",
    "One login for everything, {s} first",
    "Half the cost of the {s}",
    "Trust & transparency: {s}",
];

pub(crate) const LABELS: [&str; 18] = [
    "customer-ask",
    "tech-debt",
    "quick-win",
    "security",
    "a11y",
    "performance",
    "Q4",
    "regression",
    "needs-design",
    "gdpr",
    "paper-cut",
    "Größe",
    "field-team",
    "backend",
    "frontend",
    "i18n",
    "spike",
    "board_2026",
];

pub(crate) const SENTENCES: [&str; 24] = [
    "Customers in logistics open this page forty times a day and wait about four seconds each time.",
    "The current behaviour dates from 2019, when a scene had one owner.",
    "Support answers three tickets a week about it, most of them from resellers.",
    "We agreed in the review that correctness comes before speed here.",
    "Nothing in the database has to change, but the cache key does.",
    "The legal team wants the wording checked before it goes out in France and Québec.",
    "On a slow satellite link the request is retried, and the second try succeeds twice.",
    "Please keep the old address working until the end of the quarter.",
    "This is the last thing between us and the pilot with the harbour authority of Rotterdam.",
    "Metrics are in the usual dashboard; the red line is the one that matters.",
    "The design is done, see the link; the empty state is still missing.",
    "We tried the obvious way last spring and rolled it back after two days.",
    "Only administrators see the switch, everybody sees the effect.",
    "Numbers are rounded half to even, as accounting asked.",
    "It must work without JavaScript in the partner portal.",
    "The alert fires on every deploy, so people have stopped reading it.",
    "Ground station Kiruna sends the pass list in local time; everybody else uses UTC.",
    "An order of more than 10,000 km² needs a human to approve it.",
    "The list is empty for new customers, and nobody tells them what to do next.",
    "If the upload breaks, the user should find the first half where she left it.",
    "Two of the five integrations send the field as text.",
    "Out of scope: printing, and anything to do with the old mobile application.",
    "It can be switched on for one customer at a time.",
    "The estimate includes a day for the migration rehearsal.",
];

pub(crate) const STEPS: [&str; 12] = [
    "Sign in as a reseller with two accounts",
    "Open the scene list and filter by cloud cover < 20 %",
    "Draw a polygon that crosses the antimeridian",
    "Press *Save* twice, quickly",
    "Wait until the session has expired",
    "Switch the language to العربية",
    "Choose the billing period 2026-02",
    "Pull the network cable",
    "Download the invoice as PDF",
    "Compare with the figures in the audit log",
    "Upload a file of 4.2 GB",
    "Look at the page at 200 % zoom",
];

pub(crate) const CRITERIA: [&str; 10] = [
    "The 95th percentile stays below 800 ms",
    "A screen reader announces the result",
    "The change is in the audit log with the name of the user",
    "Nothing is lost when the tab is closed",
    "The feature can be switched off per customer",
    "Dates follow the customer's time zone",
    "The error message names the cure",
    "It works with 10,000 rows",
    "The API answers the same as before for v1 clients",
    "The help page is updated in all six languages",
];

pub(crate) const CUSTOMERS: [&str; 10] = [
    "Harbour Authority of Rotterdam",
    "Ministère de l'Agriculture",
    "Nordwind Versicherung AG",
    "Kisumu Water & Sanitation",
    "株式会社みなと",
    "Terra Brasilis",
    "Bureau of Roads, QLD",
    "Statens kartverk",
    "Aurora Insurance",
    "Desert Solar (الصحراء)",
];

pub(crate) const CODE: [(&str, &str); 4] = [
    (
        "json",
        "{\n  \"scene\": \"S2B_32UQD_20260914\",\n  \"cloud_cover\": 0.17,\n  \"state\": \"ordered\"\n}",
    ),
    (
        "rust",
        "let late = passes\n    .iter()\n    .filter(|pass| pass.end < now && !pass.confirmed)\n    .count();",
    ),
    (
        "sql",
        "SELECT customer_id, sum(area_km2)\nFROM orders\nWHERE ordered_at >= date '2026-10-01'\nGROUP BY customer_id;",
    ),
    (
        "none",
        "ERROR tile-server[17]: upstream closed the connection (attempt 3 of 3)\n  at fetch (tiles/src/fetch.rs:212)",
    ),
];
