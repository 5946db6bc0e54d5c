//! Secrets without a keyring: the window offers the encrypted file, and unlocks it at the next start.

use crate::window::Window;

/// No session bus, and so no keyring.
const NO_KEYRING: [(&str, &str); 1] = [("DBUS_SESSION_BUS_ADDRESS", "disabled:")];

#[tokio::test]
async fn without_a_keyring_secrets_go_into_an_encrypted_file_that_is_unlocked_at_the_next_start() {
    let home = tempfile::tempdir().expect("a temporary directory can be made");
    let window = Window::open_with(home.path(), &NO_KEYRING).await;
    window.click("button", "Start rehearsing").await;
    window
        .sees("There is no store for secrets on this machine")
        .await;
    window.picture("secrets-1-no-keyring").await;
    window.click("button", "Open step 3").await;
    window.click("button", "Try the keyring again").await;
    let passphrase = "Passphrase for an encrypted file";
    window.fill("textbox", passphrase, "open sesame").await;
    window
        .fill("textbox", "The same once more", "open sesame")
        .await;
    window.picture("secrets-2-choose").await;
    window.click("button", "Use an encrypted file").await;
    window
        .until("the form to go", |page| async move {
            !page.text().await.contains("The same once more")
        })
        .await;
    window.click("button", "Rehearse instead").await;
    window.click("button", "Start rehearsing").await;
    window.sees("Add a project").await;
    window.close().await;

    let window = Window::open_with(home.path(), &NO_KEYRING).await;
    window.find("heading", "Your secrets are locked").await;
    window.fill("textbox", "Passphrase", "open barley").await;
    window.click("button", "Unlock").await;
    window.sees("The passphrase does not fit").await;
    window.picture("secrets-3-locked").await;
    window.fill("textbox", "Passphrase", "open sesame").await;
    window.click("button", "Unlock").await;
    window.find("link", "Set-up").await;
    window.close().await;
}
