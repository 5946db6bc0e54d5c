//! The one window.

use tauri::webview::NewWindowResponse;
use tauri::{AppHandle, Manager, Url, WebviewWindowBuilder};

/// Its label, as tauri.conf.json and its capability name it.
const LABEL: &str = "main";

/// Opens the window. The page stays ours: a link to anywhere else opens in the user's browser.
pub(crate) fn open(app: &AppHandle) -> tauri::Result<()> {
    let config = app
        .config()
        .app
        .windows
        .iter()
        .find(|window| window.label == LABEL)
        .ok_or(tauri::Error::WindowNotFound)?;
    WebviewWindowBuilder::from_config(app, config)?
        .on_navigation(|url| {
            let ours = is_ours(url);
            if !ours {
                open_outside(url);
            }
            ours
        })
        .on_new_window(|url, _| {
            open_outside(&url);
            NewWindowResponse::Deny
        })
        .build()?;
    Ok(())
}

/// Shows the window to a user who started Lockstep a second time.
pub(crate) fn bring_forward(app: &AppHandle) {
    let Some(window) = app.get_webview_window(LABEL) else {
        return;
    };
    let shown = window
        .unminimize()
        .and_then(|()| window.show())
        .and_then(|()| window.set_focus());
    if let Err(error) = shown {
        tracing::warn!(%error, "the window cannot be brought forward");
    }
}

/// Hands a web address to the user's browser. Whether it was handed over.
pub(crate) fn open_outside(url: &Url) -> bool {
    if !matches!(url.scheme(), "https" | "http" | "mailto") {
        tracing::warn!(
            scheme = url.scheme(),
            "an address of this kind is not opened"
        );
        return false;
    }
    match tauri_plugin_opener::open_url(url.as_str(), None::<&str>) {
        Ok(()) => true,
        Err(error) => {
            tracing::warn!(%error, "the browser cannot be opened");
            false
        }
    }
}

/// Pages of our own: the embedded ones, and the development server while there is one.
fn is_ours(url: &Url) -> bool {
    match (url.scheme(), url.host_str()) {
        ("tauri", _) | ("about", _) => true,
        ("http" | "https", Some("tauri.localhost")) => true,
        ("http", Some("localhost")) => tauri::is_dev() && url.port() == Some(5173),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::is_ours;

    fn check(address: &str, ours: bool) {
        let url = address.parse().expect("the addresses below are addresses");
        assert_eq!(is_ours(&url), ours, "{address}");
    }

    #[test]
    fn the_window_stays_on_our_own_pages() {
        check("tauri://localhost/index.html", true);
        check("http://tauri.localhost/", true);
        check("https://example.atlassian.net/browse/ABC-1", false);
        check("http://tauri.localhost.example.com/", false);
        check("file:///etc/passwd", false);
    }
}
