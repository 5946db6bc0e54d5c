//! What a slow site is worth as a yardstick: its latency is each request's own.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use practice_jira::server::{ServeOptions, serve};
use practice_jira::{Site, SiteConfig};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

const LATENCY: Duration = Duration::from_millis(200);
const REQUESTS: u32 = 40;

/// The one test that looks at a clock: waiting side by side takes one latency, waiting in line forty.
#[expect(
    clippy::disallowed_methods,
    reason = "the latency of a served site is real time, so it is measured in real time"
)]
#[tokio::test]
async fn requests_wait_side_by_side_and_each_at_least_its_latency() -> std::io::Result<()> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    let site = Arc::new(Mutex::new(Site::new(SiteConfig::cloud(1, 1))));
    let options = ServeOptions {
        latency: LATENCY,
        ..ServeOptions::default()
    };
    let server = tokio::spawn(serve(listener, site, options, std::future::pending()));
    let begun = Instant::now();
    let mut requests = JoinSet::new();
    for _ in 0..REQUESTS {
        requests.spawn(async move {
            let mut stream = TcpStream::connect(address).await?;
            stream
                .write_all(b"GET /rest/api/3/serverInfo HTTP/1.1\r\nHost: jira.test\r\nConnection: close\r\n\r\n")
                .await?;
            let mut text = String::new();
            stream.read_to_string(&mut text).await?;
            Ok::<_, std::io::Error>((text, begun.elapsed()))
        });
    }
    while let Some(answered) = requests.join_next().await {
        let (text, after) = answered.map_err(std::io::Error::other)??;
        assert!(text.starts_with("HTTP/1.1 200 OK"), "{text}");
        assert!(after >= LATENCY, "{after:?}");
    }
    let all = begun.elapsed();
    assert!(all < LATENCY * REQUESTS / 4, "{all:?}");
    server.abort();
    Ok(())
}
