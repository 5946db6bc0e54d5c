//! A site behind a real listener.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use practice_jira::server::{ServeOptions, serve};
use practice_jira::{Site, SiteConfig};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;

#[tokio::test]
async fn a_site_answers_over_http_and_ends_when_told() -> std::io::Result<()> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    let site = Arc::new(Mutex::new(Site::new(SiteConfig::cloud(10, 1))));
    let (stop, stopped) = oneshot::channel::<()>();
    let options = ServeOptions {
        latency: Duration::from_millis(1),
        ..ServeOptions::default()
    };
    let server = tokio::spawn(serve(listener, site, options, async move {
        drop(stopped.await)
    }));
    let mut stream = TcpStream::connect(address).await?;
    stream.write_all(format!("GET /rest/api/3/serverInfo HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n").as_bytes()).await?;
    let mut text = String::new();
    stream.read_to_string(&mut text).await?;
    assert!(text.starts_with("HTTP/1.1 200 OK"), "{text}");
    assert!(
        text.contains(&format!("\"baseUrl\":\"http://{address}\"")),
        "{text}"
    );
    drop(stop);
    server.await.map_err(std::io::Error::other)?
}
