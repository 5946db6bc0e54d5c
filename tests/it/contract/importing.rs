//! A whole import through the command table, over HTTP, with everything kept that went over the wire.

use lockstep_tests::{Served, connected, imported, mapped, open};
use practice_jira::{Exchange, SiteConfig};

/// Connects, maps, plans and imports; gives what was said.
pub async fn import(config: SiteConfig) -> Vec<Exchange> {
    let served = Served::start(config);
    served.site().record();
    let directory = tempfile::tempdir().expect("a directory");
    let app = open(directory.path()).await.expect("a workspace");
    let integration = connected(&app, &served).await;
    mapped(&app, integration).await;
    let run = imported(&app, integration).await;
    assert_eq!(run.state, api::dto::RunState::Done, "{run:?}");
    served.site().take_recording()
}
