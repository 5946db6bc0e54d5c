//! The window comes up, and goes.

use crate::window::{Page, Window};
use fantoccini::key::Key;

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
    is_current(&window, "Backlog").await;
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

#[tokio::test]
async fn every_screen_is_a_few_keys_away() {
    let window = Window::open().await;
    window.find("link", "Set-up").await;
    window.press(&(Key::Control + "k")).await;
    let search = "Search and commands";
    window
        .fill("combobox", search, "nothing has this name")
        .await;
    window.sees("Nothing matches").await;
    window.fill("combobox", search, "settings").await;
    window.find_part("option", "Settings").await;
    window.press(&Key::Enter.to_string()).await;
    is_current(&window, "Settings").await;
    window
        .until("the palette to go", |page| async move {
            page.all("dialog").await.is_empty()
        })
        .await;
    window.close().await;
}

async fn is_current(window: &Window, screen: &str) {
    let marked = |page: Page| async move {
        let current = page.attribute("link", screen, "aria-current").await;
        current.is_some_and(|value| value == "page")
    };
    window
        .until(&format!("{screen} to be the current page"), marked)
        .await;
}
