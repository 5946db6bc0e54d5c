//! The window comes up, and goes.

use crate::window::Window;

#[tokio::test]
async fn the_window_opens_and_shows_where_one_can_go() {
    let window = Window::open().await;
    for screen in ["Set-up", "Backlog", "Integrations", "Settings"] {
        window.find("link", screen).await;
    }
    window.picture("window-opens").await;
    window.close().await;
}

#[tokio::test]
async fn links_in_the_navigation_are_followed() {
    let window = Window::open().await;
    window.click("link", "Backlog").await;
    window
        .until("the backlog to be the current page", |page| async move {
            page.attribute("link", "Backlog", "aria-current")
                .await
                .is_some_and(|value| value == "page")
        })
        .await;
    window.close().await;
}

#[tokio::test]
async fn closing_the_window_leaves_the_data_directory_to_the_next_one() {
    let home = tempfile::tempdir().expect("a temporary directory can be made");
    for _ in 0..2 {
        let window = Window::open_on(home.path()).await;
        window.find("link", "Set-up").await;
        window.close().await;
    }
}
