//! The main job in the real window: from an empty data directory to the backlog, on both faces.

use crate::window::Window;

/// `face` is what the choice of a practice site calls it.
async fn check(face: &str, picture: &str) {
    let window = Window::open().await;
    window.find("button", "Start rehearsing").await;
    window.click("radio", face).await;
    window.picture(&format!("{picture}-1-start")).await;
    window.click("button", "Start rehearsing").await;

    window.sees("Add a project").await;
    window.fill("combobox", "Project", "Orbital").await;
    window
        .click_part("option", "Orbital Imaging Platform")
        .await;
    window.picture(&format!("{picture}-2-project")).await;
    window.click("button", "Add project").await;

    window.sees("How ten real issues will look").await;
    window.picture(&format!("{picture}-3-hierarchy")).await;
    window.click("button", "Save and continue").await;

    window.sees("Always on").await;
    window.click("button", "Accept all").await;
    window.picture(&format!("{picture}-4-fields")).await;
    window.click("button", "Save and continue").await;

    window.find("button", "Make the plan").await;
    window.picture(&format!("{picture}-5-filter")).await;
    window.click("button", "Make the plan").await;

    window.sees("Nothing has been written yet").await;
    window.find_part("button", "Import ").await;
    window.picture(&format!("{picture}-6-plan")).await;
    window.click_part("button", "Import ").await;

    window.sees("Undo this import").await;
    window.picture(&format!("{picture}-7-done")).await;
    window.click("link", "Backlog").await;
    window.sees("Imported from Jira").await;
    window.sees("ORB-").await;
    window.picture(&format!("{picture}-8-backlog")).await;
    window.resize(960, 640).await;
    window.picture(&format!("{picture}-9-small")).await;
    window.close().await;
}

#[tokio::test]
async fn a_cloud_project_is_imported_from_an_empty_data_directory() {
    check("Cloud", "cloud").await;
}

#[tokio::test]
async fn a_data_center_project_is_imported_from_an_empty_data_directory() {
    check("Data Center", "data-center").await;
}
