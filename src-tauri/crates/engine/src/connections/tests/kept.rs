//! Secrets and the rows that name them stay together, whatever is cut off.

use super::kit::{Asking, Scene, Watched};
use super::scene;
use crate::connections::keep::loosen;
use crate::connections::{Network, Proxy};
use crate::secrets::SecretError;
use crate::{Engine, EngineError, EngineOptions, Leaving, Loss, NetworkTransports, SecretChoice};
use jira::{FixedJitter, SystemClock};
use secrecy::{ExposeSecret, SecretString};
use std::path::Path;
use std::sync::Arc;
use store::ConnectionId;
use store::connection::{AuthKind, ConnectionData};

async fn data(scene: &Scene, id: ConnectionId) -> ConnectionData {
    let row = scene.engine.connection_row(id).await;
    row.expect("a connection").data
}

/// The proxy of the way that was opened last.
fn last_proxy(scene: &Scene) -> Option<String> {
    let proxies = scene.proxies.lock().expect("whole");
    proxies.last().cloned().flatten()
}

#[track_caller]
fn check_not_written(directory: &Path, secret: &str) {
    for entry in std::fs::read_dir(directory).expect("a directory") {
        let path = entry.expect("a file").path();
        let bytes = std::fs::read(&path).expect("read");
        let found = bytes
            .windows(secret.len())
            .any(|window| window == secret.as_bytes());
        assert!(!found, "{}", path.display());
    }
}

const WHOLE: &str = "http://ann:opensesame@proxy.example:3128/";
const SHOWN: &str = "http://ann@proxy.example:3128";

#[tokio::test]
async fn the_password_of_a_proxy_is_kept_with_the_secrets_and_nowhere_else() {
    let scene = scene().await;
    let secrets = Watched::within(&scene.engine).await;
    let mut draft = scene.draft(&scene.words.api_token);
    draft.proxy = Proxy::parse(WHOLE);
    let id = scene.engine.create_connection(&draft).await;
    let id = id.expect("connected").id;
    let kept = data(&scene, id).await;
    assert_eq!(kept.proxy.as_deref(), Some(SHOWN));
    let name = kept.secret_ref.clone();
    assert_eq!(secrets.names(), [name.clone(), format!("{name}/proxy")]);
    scene.engine.client(id).await.expect("a client");
    assert_eq!(last_proxy(&scene).as_deref(), Some(WHOLE));
    // As the form of the window shows it, and sends it back.
    let network = Network {
        ca_pem: None,
        proxy: Proxy::parse(SHOWN),
        client_identity_pem: None,
    };
    let changed = scene.engine.update_network(id, network.clone()).await;
    changed.expect("the same");
    let token = SecretString::from(scene.words.scoped_token.clone());
    let login = &scene.words.email;
    let changed = scene
        .engine
        .update_credentials(id, AuthKind::CloudToken, login, token)
        .await;
    changed.expect("other credentials");
    scene.engine.client(id).await.expect("a client");
    assert_eq!(last_proxy(&scene).as_deref(), Some(WHOLE));
    check_not_written(scene.directory.path(), "opensesame");
    let network = Network {
        proxy: None,
        ..network
    };
    let changed = scene.engine.update_network(id, network).await;
    changed.expect("no proxy");
    let kept = data(&scene, id).await;
    assert_eq!(kept.proxy, None);
    assert_eq!(secrets.names(), [kept.secret_ref]);
}

#[tokio::test]
async fn the_password_of_a_proxy_that_was_kept_in_the_database_is_moved() {
    let scene = scene().await;
    let secrets = Watched::within(&scene.engine).await;
    let draft = scene.draft(&scene.words.api_token);
    let id = scene.engine.create_connection(&draft).await;
    let id = id.expect("connected").id;
    let mut old = data(&scene, id).await;
    old.proxy = Some(WHOLE.to_owned());
    let store = scene.engine.store();
    let written = store.write(move |tx| store::connection::update(tx, id, &old));
    written.await.expect("as an older Lockstep wrote it");
    scene.engine.tend_secrets().await;
    let kept = data(&scene, id).await;
    assert_eq!(kept.proxy.as_deref(), Some(SHOWN));
    let name = kept.secret_ref;
    assert_eq!(secrets.names(), [name.clone(), format!("{name}/proxy")]);
    scene.engine.client(id).await.expect("a client");
    assert_eq!(last_proxy(&scene).as_deref(), Some(WHOLE));
}

#[tokio::test]
async fn of_a_password_that_is_moved_nothing_is_left_in_the_database() {
    // A long certificate before it in the row puts it on a page of its own.
    for authority_bytes in [0, 6_000, 20_000] {
        let scene = scene().await;
        let draft = scene.draft(&scene.words.api_token);
        let id = scene.engine.create_connection(&draft).await;
        let id = id.expect("connected").id;
        let mut old = data(&scene, id).await;
        old.proxy = Some(WHOLE.to_owned());
        old.ca_pem = (authority_bytes > 0).then(|| "x".repeat(authority_bytes));
        let Scene {
            engine, directory, ..
        } = scene;
        let written = (engine.store()).write(move |tx| store::connection::update(tx, id, &old));
        written.await.expect("as an older Lockstep wrote it");
        engine.shutdown().await;
        drop(engine);
        let engine = opened(directory.path()).await;
        let kept = engine.connection_row(id).await.expect("a connection");
        assert_eq!(kept.data.proxy.as_deref(), Some(SHOWN));
        engine.shutdown().await;
        check_not_written(directory.path(), "opensesame");
    }
}

#[tokio::test]
async fn a_connecting_that_is_cut_off_leaves_no_secret_behind() {
    let scene = scene().await;
    let secrets = Watched::within(&scene.engine).await;
    let mut draft = scene.draft(&scene.words.api_token);
    secrets.cut_next();
    assert!(scene.engine.create_connection(&draft).await.is_err());
    let rows = scene.engine.connections().await.expect("a list");
    assert!(rows.is_empty() && secrets.names().len() == 1);
    draft.name = "Acme again".to_owned();
    let kept = scene.engine.create_connection(&draft).await;
    let kept = kept.expect("connected").data;
    assert_eq!(secrets.names(), [kept.secret_ref]);
}

#[tokio::test]
async fn a_change_of_credentials_that_is_cut_off_leaves_the_old_ones_whole() {
    let scene = scene().await;
    let secrets = Watched::within(&scene.engine).await;
    let draft = scene.draft(&scene.words.api_token);
    let id = scene.engine.create_connection(&draft).await;
    let id = id.expect("connected").id;
    let before = data(&scene, id).await;
    let change = || {
        let token = SecretString::from(scene.words.scoped_token.clone());
        let login = &scene.words.email;
        (scene.engine).update_credentials(id, AuthKind::CloudToken, login, token)
    };
    secrets.cut_next();
    assert!(change().await.is_err());
    assert_eq!(data(&scene, id).await, before);
    let report = scene.engine.check_connection(id).await;
    assert!(report.expect("a report").ok());
    scene.engine.tend_secrets().await;
    assert_eq!(secrets.names(), std::slice::from_ref(&before.secret_ref));
    let changed = change().await.expect("changed").data;
    assert_ne!(changed.secret_ref, before.secret_ref);
    assert_eq!(secrets.names(), [changed.secret_ref]);
}

#[tokio::test]
async fn a_secret_that_cannot_be_forgotten_now_is_forgotten_later() {
    let scene = scene().await;
    let secrets = Watched::within(&scene.engine).await;
    let draft = scene.draft(&scene.words.api_token);
    let id = scene.engine.create_connection(&draft).await;
    let id = id.expect("connected").id;
    secrets.lock(true);
    let gone = (scene.engine)
        .disconnect(Leaving::Connection(id), Loss::default())
        .await;
    assert_eq!(gone.expect("removed"), 0);
    let rows = scene.engine.connections().await.expect("a list");
    assert!(rows.is_empty() && secrets.names().len() == 1);
    secrets.lock(false);
    scene.engine.tend_secrets().await;
    assert!(secrets.names().is_empty());
}

#[tokio::test]
async fn a_change_does_not_take_back_what_was_changed_meanwhile() {
    let scene = scene().await;
    let draft = scene.draft(&scene.words.api_token);
    let kept = scene.engine.create_connection(&draft).await;
    let kept = kept.expect("connected");
    let (id, engine) = (kept.id, scene.engine.clone());
    let keyring = Asking::before(&engine, &kept.data.secret_ref).await;
    let network = Network {
        ca_pem: None,
        proxy: Proxy::parse(SHOWN),
        client_identity_pem: None,
    };
    let changing = engine.clone();
    let changing = tokio::spawn(async move { changing.update_network(id, network).await });
    // It has read the row and waits for the secret.
    keyring.asks().await;
    engine
        .rename_connection(id, "Other")
        .await
        .expect("renamed");
    let token = SecretString::from(scene.words.scoped_token.clone());
    let changed = engine
        .update_credentials(id, AuthKind::CloudToken, &scene.words.email, token)
        .await;
    let changed = changed.expect("changed").data;
    keyring.answer();
    changing.await.expect("ends").expect("changed");
    let now = data(&scene, id).await;
    assert_eq!(
        (now.name.as_str(), now.proxy.as_deref()),
        ("Other", Some(SHOWN))
    );
    assert_eq!(now.api_base, changed.api_base);
    let secret = engine.secrets().await.expect("a store");
    let secret = secret.get(&now.secret_ref).await.expect("kept");
    assert_eq!(secret.expose_secret(), scene.words.scoped_token);
}

async fn opened(directory: &Path) -> Engine {
    let options = EngineOptions {
        data_dir: directory.to_owned(),
        secrets: SecretChoice::File(SecretString::from("open sesame")),
        clock: Arc::new(SystemClock),
        jitter: Arc::new(FixedJitter(0.0)),
        transports: Arc::new(NetworkTransports),
    };
    Engine::open(options).await.expect("an engine")
}

#[tokio::test]
async fn what_was_cut_off_is_forgotten_at_the_next_start() -> Result<(), EngineError> {
    let directory = tempfile::tempdir().expect("a scratch directory");
    let engine = opened(directory.path()).await;
    let secret = SecretString::from("hunter2");
    engine.secrets().await?.set("connection-1", &secret).await?;
    let noted = |tx: &store::WriteTx<'_>| loosen(tx, "connection-1", "file");
    engine.store().write(noted).await?;
    engine.shutdown().await;
    drop(engine);
    let engine = opened(directory.path()).await;
    let gone = engine.secrets().await?.get("connection-1").await;
    assert_eq!(gone.err(), Some(SecretError::Missing));
    Ok(())
}
