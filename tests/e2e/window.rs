//! One real window, from its start to its end.

use fantoccini::elements::{Element, ElementRef};
use fantoccini::{Client, ClientBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Map, Value, json};
use std::fs::{self, File};
use std::future::Future;
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;
use tempfile::TempDir;
use tokio::time::{Instant, sleep};

/// The longest that anything may take to appear.
const PATIENCE: Duration = Duration::from_secs(30);
const BETWEEN_LOOKS: Duration = Duration::from_millis(40);
const BY_ROLE: &str = include_str!("by_role.js");
/// Ends what moves, except what moves for ever, and waits until the result has been painted.
const SETTLE: &str = "
    const done = arguments[arguments.length - 1];
    for (const one of document.getAnimations())
        if (one.effect?.getComputedTiming().endTime !== Infinity) one.finish();
    requestAnimationFrame(() => requestAnimationFrame(() => done()));
";

/// How many boxes of a dialog hold more than they show.
const CUT: &str = "
    const boxes = [...document.querySelectorAll('[role=dialog] *')];
    return boxes.filter((box) => getComputedStyle(box).overflowY === 'auto'
        && box.scrollHeight > box.clientHeight + 1).length;
";

/// A running Lockstep and the driver that steers it. However a test ends, both are gone after it.
pub struct Window {
    page: Page,
    driver: Driver,
    _home: Option<TempDir>,
}

/// The page in the window.
#[derive(Clone)]
pub struct Page {
    client: Client,
}

impl std::ops::Deref for Window {
    type Target = Page;

    fn deref(&self) -> &Page {
        &self.page
    }
}

impl Window {
    /// Opens a window on an empty data directory of its own.
    pub async fn open() -> Self {
        let home = tempfile::tempdir().expect("a temporary directory can be made");
        let mut window = Self::open_on(home.path()).await;
        window._home = Some(home);
        window
    }

    /// Opens a window on a data directory that the test keeps.
    pub async fn open_on(data_dir: &Path) -> Self {
        Self::open_with(data_dir, &[]).await
    }

    /// The same, with more in the program's environment.
    pub async fn open_with(data_dir: &Path, environment: &[(&str, &str)]) -> Self {
        let driver = Driver::start(data_dir, environment).await;
        let options = json!({ "binary": program(), "args": [] });
        let capabilities = Map::from_iter([("webkitgtk:browserOptions".to_owned(), options)]);
        let connected = ClientBuilder::new(HttpConnector::new())
            .capabilities(capabilities)
            .connect(&format!("http://127.0.0.1:{}", driver.port))
            .await;
        match connected {
            Ok(client) => Self {
                page: Page { client },
                driver,
                _home: None,
            },
            Err(error) => panic!("no window came up: {error}\n{}", driver.said()),
        }
    }

    /// Closes the window and waits until the program has left.
    pub async fn close(self) {
        let ended = self.page.client.clone().close().await;
        if let Err(error) = ended {
            panic!("the window does not close: {error}\n{}", self.driver.said());
        }
        let limit = Instant::now() + PATIENCE;
        while is_held(&self.driver.data_dir) {
            assert!(
                Instant::now() < limit,
                "the program does not let go of its data directory:\n{}",
                self.driver.said()
            );
            sleep(BETWEEN_LOOKS).await;
        }
    }
}

impl Page {
    /// The one element of this role and name, as soon as it can be seen.
    pub async fn find(&self, role: &str, name: &str) -> Element {
        self.find_where(role, name, false).await
    }

    /// The one element of this role whose name holds these words.
    pub async fn find_part(&self, role: &str, words: &str) -> Element {
        self.find_where(role, words, true).await
    }

    /// Every element of this role that can be seen now.
    pub async fn all(&self, role: &str) -> Vec<Element> {
        self.look(json!([role, null, false])).await
    }

    /// Clicks the element of this role and name, once it can be clicked.
    pub async fn click(&self, role: &str, name: &str) {
        self.click_where(role, name, false).await;
    }

    /// Clicks the element of this role whose name holds these words, once it can be clicked.
    pub async fn click_part(&self, role: &str, words: &str) {
        self.click_where(role, words, true).await;
    }

    async fn click_where(&self, role: &str, name: &str, part: bool) {
        let limit = Instant::now() + PATIENCE;
        loop {
            // A page that is being drawn can replace an element between finding and clicking it.
            match self.find_where(role, name, part).await.click().await {
                Ok(()) => return,
                Err(error) if Instant::now() > limit => {
                    panic!("{role} \"{name}\" cannot be clicked: {error}")
                }
                Err(_) => sleep(BETWEEN_LOOKS).await,
            }
        }
    }

    /// Replaces what stands in the field of this role and name.
    pub async fn fill(&self, role: &str, name: &str, text: &str) {
        let field = self.find(role, name).await;
        let filled = async {
            field.clear().await?;
            field.send_keys(text).await
        };
        if let Err(error) = filled.await {
            panic!("{role} \"{name}\" cannot be filled: {error}");
        }
    }

    /// Presses keys where the focus is. Special keys are those of `fantoccini::key::Key`.
    pub async fn press(&self, keys: &str) {
        let pressed = async { self.client.active_element().await?.send_keys(keys).await };
        if let Err(error) = pressed.await {
            panic!("{keys:?} cannot be pressed: {error}");
        }
    }

    /// An attribute of the element of this role and name.
    pub async fn attribute(&self, role: &str, name: &str, attribute: &str) -> Option<String> {
        self.find(role, name)
            .await
            .attr(attribute)
            .await
            .unwrap_or_else(|error| panic!("{role} \"{name}\" cannot be read: {error}"))
    }

    /// Waits until these words stand on the page.
    pub async fn sees(&self, words: &str) {
        self.until(&format!("the words \"{words}\""), |page| async move {
            page.text().await.contains(words)
        })
        .await;
    }

    /// Everything that stands on the page.
    pub async fn text(&self) -> String {
        let text = self.run("return document.body.innerText", vec![]).await;
        text.as_str().unwrap_or_default().to_owned()
    }

    /// Looks again and again until the condition holds.
    pub async fn until<F, Looking>(&self, what: &str, holds: F)
    where
        F: Fn(Page) -> Looking,
        Looking: Future<Output = bool>,
    {
        let limit = Instant::now() + PATIENCE;
        while !holds(self.clone()).await {
            if Instant::now() > limit {
                panic!(
                    "waited {PATIENCE:?} for {what}. On the page:\n{}",
                    self.outline().await
                );
            }
            sleep(BETWEEN_LOOKS).await;
        }
    }

    /// Keeps a picture of the window in tests/pictures, in both themes.
    pub async fn picture(&self, name: &str) {
        let root = "document.documentElement.dataset.theme";
        let chosen = self.run(&format!("return {root}"), vec![]).await;
        for theme in ["light", "dark"] {
            self.run(&format!("{root} = arguments[0]"), vec![json!(theme)])
                .await;
            self.keep(&format!("{name}-{theme}")).await;
        }
        self.run(&format!("{root} = arguments[0]"), vec![chosen])
            .await;
    }

    async fn keep(&self, name: &str) {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("pictures");
        let settled = self.client.execute_async(SETTLE, vec![]).await;
        if let Err(error) = settled {
            panic!("the page does not settle for {name}: {error}");
        }
        let picture = self.client.screenshot().await;
        let picture = picture.unwrap_or_else(|error| panic!("no picture of {name}: {error}"));
        fs::create_dir_all(&folder)
            .and_then(|()| fs::write(folder.join(format!("{name}.png")), picture))
            .unwrap_or_else(|error| panic!("the picture {name} cannot be kept: {error}"));
    }

    /// Waits until all of a dialog's content can be seen: there is room for it.
    pub async fn nothing_is_cut(&self) {
        self.until("all of the dialog to be seen", |page| async move {
            let cut = page.run(CUT, vec![]).await;
            cut == json!(0)
        })
        .await;
    }

    /// Makes the window so many pixels wide and high.
    pub async fn resize(&self, width: u32, height: u32) {
        let resized = self.client.set_window_size(width, height).await;
        if let Err(error) = resized {
            panic!("the window cannot be made {width} by {height}: {error}");
        }
    }

    async fn find_where(&self, role: &str, name: &str, part: bool) -> Element {
        let limit = Instant::now() + PATIENCE;
        loop {
            let mut found = self.look(json!([role, name, part])).await;
            if found.len() == 1 {
                return found.remove(0);
            }
            if Instant::now() > limit {
                let count = found.len();
                panic!(
                    "{count} of {role} \"{name}\", not one. On the page:\n{}",
                    self.outline().await
                );
            }
            sleep(BETWEEN_LOOKS).await;
        }
    }

    async fn look(&self, wanted: Value) -> Vec<Element> {
        let arguments = wanted.as_array().cloned().unwrap_or_default();
        let found = self.run(BY_ROLE, arguments).await;
        let found = found.as_array().cloned().unwrap_or_default();
        found
            .iter()
            .filter_map(|element| element.as_object()?.values().next()?.as_str())
            .map(|id| {
                Element::from_element_id(self.client.clone(), ElementRef::from(id.to_owned()))
            })
            .collect()
    }

    /// What a person could name on the page; for the message of a test that fails.
    async fn outline(&self) -> String {
        let outline = self
            .run(BY_ROLE, vec![Value::Null, Value::Null, json!(false)])
            .await;
        outline.as_str().unwrap_or_default().to_owned()
    }

    async fn run(&self, script: &str, arguments: Vec<Value>) -> Value {
        let answer = self.client.execute(script, arguments).await;
        answer.unwrap_or_else(|error| panic!("the page cannot be asked: {error}"))
    }
}

/// WebKitWebDriver, and the program as its child, in a process group of their own.
struct Driver {
    process: Child,
    port: u16,
    data_dir: PathBuf,
    log: PathBuf,
    _folder: TempDir,
}

impl Driver {
    async fn start(data_dir: &Path, environment: &[(&str, &str)]) -> Self {
        assert!(
            std::env::var_os("DISPLAY").is_some(),
            "no display: run the tests through .ci/with-desktop, as `make test` does"
        );
        let port = free_port();
        let folder = tempfile::tempdir().expect("a temporary directory can be made");
        let log = folder.path().join("driver.log");
        let out = File::create(&log).expect("our own directory can be written");
        let err = out.try_clone().expect("a file can be opened twice");
        // Its output goes to a file: a pipe that outlives a killed test would keep the test runner waiting.
        let process = Command::new("WebKitWebDriver")
            .args([format!("--port={port}"), "--host=127.0.0.1".to_owned()])
            .env("TAURI_WEBVIEW_AUTOMATION", "true")
            .env("LOCKSTEP_DATA_DIR", data_dir)
            .env("LOCKSTEP_LOG", "info")
            .envs(environment.iter().copied())
            .stdin(Stdio::null())
            .stdout(out)
            .stderr(err)
            .process_group(0)
            .spawn()
            .unwrap_or_else(|error| {
                panic!("WebKitWebDriver cannot be started: {error}. `make setup` installs it")
            });
        let driver = Self {
            process,
            port,
            data_dir: data_dir.to_owned(),
            log,
            _folder: folder,
        };
        let limit = Instant::now() + PATIENCE;
        while TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_err() {
            assert!(
                Instant::now() < limit,
                "WebKitWebDriver does not answer:\n{}",
                driver.said()
            );
            sleep(BETWEEN_LOOKS).await;
        }
        driver
    }

    fn said(&self) -> String {
        fs::read_to_string(&self.log).unwrap_or_default()
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        let group = format!("-{}", self.process.id());
        let killed = Command::new("kill").args(["-KILL", "--", &group]).status();
        let waited = self.process.wait();
        if let (Err(error), _) | (_, Err(error)) = (killed, waited) {
            eprintln!("the driver may still run: {error}");
        }
    }
}

/// Whether a program is still in charge of a data directory.
fn is_held(data_dir: &Path) -> bool {
    File::open(data_dir.join("lock")).is_ok_and(|lock| lock.try_lock().is_err())
}

fn free_port() -> u16 {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
        .and_then(|listener| listener.local_addr())
        .map(|address| address.port())
        .expect("this machine has a free port")
}

/// The program that `cargo build --workspace` put beside this test.
fn program() -> PathBuf {
    let test = std::env::current_exe().expect("a running program has a path");
    let folder = test
        .parent()
        .and_then(Path::parent)
        .expect("tests lie in target/debug/deps");
    let program = folder.join("lockstep-desktop");
    assert!(
        program.exists(),
        "{} is not built: cargo build --workspace",
        program.display()
    );
    program
}
