//! What the window shows while the data directory cannot be opened, and that trying again helps once it can.

use crate::window::Window;
use std::fs;
use std::path::Path;

async fn check(picture: &str, title: &str, data_dir: &Path, mend: impl FnOnce()) {
    let window = Window::open_on(data_dir).await;
    window.find("heading", title).await;
    window.sees("Data directory").await;
    window.picture(picture).await;
    window.click("button", "Try again").await;
    window.sees("it is still like this").await;
    mend();
    window.click("button", "Try again").await;
    window.find("link", "Set-up").await;
    window.close().await;
}

#[tokio::test]
async fn a_data_directory_in_use_is_told_and_tried_again() {
    let home = tempfile::tempdir().expect("a temporary directory can be made");
    let first = Window::open_on(home.path()).await;
    first.find("link", "Set-up").await;
    let second = Window::open_on(home.path()).await;
    second.find("heading", "Lockstep is open already").await;
    second.picture("refused-already-open").await;
    first.close().await;
    second.click("button", "Try again").await;
    second.find("link", "Set-up").await;
    second.close().await;
}

#[tokio::test]
async fn a_damaged_database_is_told_and_left_alone() {
    let home = tempfile::tempdir().expect("a temporary directory can be made");
    let database = home.path().join("lockstep.sqlite");
    let damaged = vec![b'x'; 8192];
    fs::write(&database, &damaged).expect("our own directory can be written");
    check(
        "refused-damaged",
        "The database is damaged",
        home.path(),
        || {
            let kept = fs::read(&database).expect("it is still there");
            assert_eq!(kept, damaged, "nothing was changed");
            fs::remove_file(&database).expect("it can be taken away");
        },
    )
    .await;
}

#[tokio::test]
async fn a_data_directory_that_cannot_be_made_is_told() {
    let home = tempfile::tempdir().expect("a temporary directory can be made");
    let data_dir = home.path().join("data");
    fs::write(&data_dir, "a file where the directory should be").expect("can be written");
    check(
        "refused-cannot-be-written",
        "The data directory cannot be written",
        &data_dir,
        || fs::remove_file(&data_dir).expect("it can be taken away"),
    )
    .await;
}
