//! Step 3 in the real window, against a site behind HTTP, with the secret in the session's keyring.

use crate::window::Window;
use lockstep_tests::Served;
use practice_jira::{Face, SiteConfig};
use std::path::Path;

async fn check(config: SiteConfig, picture: &str) {
    let served = Served::start(config);
    let home = tempfile::tempdir().expect("a temporary directory can be made");
    let form = served.form();
    let secret = match served.face() {
        Face::Cloud => "API token",
        Face::DataCenter => "Personal access token",
    };
    let window = Window::open_on(home.path()).await;
    window.click("button", "Connect your Jira").await;
    window.sees("Connect to Jira").await;
    let typed = format!("  {}/browse/ORB-1 ", served.url);
    window.fill("textbox", "Address", &typed).await;
    window.find("textbox", secret).await;
    if !form.login.is_empty() {
        let login = "E-mail address of the token's owner";
        window.fill("textbox", login, &form.login).await;
    }
    window.fill("textbox", secret, "not the right one").await;
    window.click("button", "Connect").await;
    window.sees("Jira does not accept the credentials").await;
    window.picture(&format!("{picture}-3-refused")).await;
    window.fill("textbox", secret, &form.secret).await;
    window.click("button", "Connect").await;
    window.find("button", "Continue").await;
    window.picture(&format!("{picture}-3-connected")).await;
    window.click("button", "Continue").await;
    window.sees("Orbital Imaging Platform").await;
    window.close().await;
    assert_nowhere(home.path(), &form.secret);

    // Another process knows the secret only from the keyring.
    let before = served.asked();
    let window = Window::open_on(home.path()).await;
    window.sees("Orbital Imaging Platform").await;
    assert!(served.asked() > before, "the site itself was asked");
    window.close().await;
}

/// No file in a directory holds the word.
fn assert_nowhere(directory: &Path, word: &str) {
    for entry in std::fs::read_dir(directory).expect("a directory") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            assert_nowhere(&path, word);
            continue;
        }
        let bytes = std::fs::read(&path).expect("a file");
        let found = bytes
            .windows(word.len())
            .any(|part| part == word.as_bytes());
        assert!(!found, "{} holds the secret", path.display());
    }
}

#[tokio::test]
async fn a_cloud_site_is_connected_to_with_a_token_that_lies_in_the_keyring_alone() {
    check(SiteConfig::cloud(60, 3), "cloud").await;
}

#[tokio::test]
async fn a_data_center_site_is_connected_to_with_a_token_that_lies_in_the_keyring_alone() {
    check(SiteConfig::data_center(60, 3), "data-center").await;
}
