//! Through a real, tiny proxy that forwards plain requests and tunnels the others.

use super::super::*;
use super::get;
use super::secure::{Authority, serve};
use std::sync::Mutex;
use tokio::io::{AsyncReadExt, AsyncWriteExt, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};

/// A proxy, and the heads of what it was asked.
struct Proxy {
    port: u16,
    heads: Arc<Mutex<Vec<String>>>,
}

/// What the proxy does.
#[derive(Clone, Copy)]
enum Manner {
    /// Whatever host a tunnel is for, it leads to this port; plain requests are answered here.
    Tunnel(u16),
    /// It wants a log-in first.
    WantsLogIn,
}

async fn head_of(socket: &mut TcpStream) -> String {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        match socket.read_u8().await {
            Ok(byte) => head.push(byte),
            Err(_) => break,
        }
    }
    String::from_utf8_lossy(&head).into_owned()
}

async fn proxy(manner: Manner) -> Proxy {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let port = listener.local_addr().expect("an address").port();
    let heads = Arc::new(Mutex::new(Vec::new()));
    let seen = heads.clone();
    tokio::spawn(async move {
        while let Ok((mut socket, _)) = listener.accept().await {
            let head = head_of(&mut socket).await;
            let tunnel = head.starts_with("CONNECT ");
            seen.lock().expect("whole").push(head);
            let answer: &[u8] = match manner {
                Manner::WantsLogIn => {
                    b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
                }
                Manner::Tunnel(_) if tunnel => b"HTTP/1.1 200 Connection established\r\n\r\n",
                Manner::Tunnel(_) => b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n",
            };
            socket.write_all(answer).await.expect("written");
            if let (Manner::Tunnel(to), true) = (manner, tunnel) {
                let mut site = TcpStream::connect(("127.0.0.1", to)).await.expect("a site");
                tokio::spawn(async move {
                    // Either side may go away first.
                    drop(copy_bidirectional(&mut socket, &mut site).await);
                });
            }
        }
    });
    Proxy { port, heads }
}

impl Proxy {
    fn heads(&self) -> Vec<String> {
        let heads = self.heads.lock().expect("whole");
        heads.iter().map(|head| head.to_lowercase()).collect()
    }
}

async fn asked(settings: &HttpSettings, address: &str) -> Result<u16, TransportError> {
    let transport = HttpTransport::new(settings).expect("settings");
    let mut request = get(address);
    let secret = http::HeaderValue::from_static("Bearer hunter2");
    request.headers_mut().insert("authorization", secret);
    let answer = transport.send(request).await;
    answer.map(|answer| answer.status().as_u16())
}

fn through(proxy: &Proxy, log_in: &str) -> HttpSettings {
    HttpSettings {
        proxy: Some(format!("http://{log_in}127.0.0.1:{}", proxy.port)),
        ..HttpSettings::default()
    }
}

#[tokio::test]
async fn a_plain_site_is_asked_through_the_proxy_which_alone_knows_its_name() {
    let proxy = proxy(Manner::Tunnel(0)).await;
    let settings = through(&proxy, "");
    assert_eq!(asked(&settings, "http://jira.invalid/a?b=c").await, Ok(204));
    let heads = proxy.heads();
    assert!(
        heads[0].starts_with("get http://jira.invalid/a?b=c http/1.1"),
        "{heads:?}"
    );
}

#[tokio::test]
async fn a_secure_site_is_reached_by_a_tunnel_that_the_proxy_cannot_look_into() {
    let company = Authority::new("Acme CA");
    let site = serve(&company.server("jira.invalid"), None).await;
    let proxy = proxy(Manner::Tunnel(site)).await;
    let mut settings = through(&proxy, "");
    settings.ca_pem = Some(company.pem.clone().into_bytes());
    assert_eq!(asked(&settings, "https://jira.invalid/a").await, Ok(204));
    let heads = proxy.heads();
    assert!(heads[0].starts_with("connect jira.invalid:443 http/1.1"));
    assert!(!heads.concat().contains("hunter2"), "{heads:?}");
    // The site's certificate is looked at through the tunnel too.
    settings.ca_pem = None;
    let error = asked(&settings, "https://jira.invalid/a").await;
    let reason = TlsReason::UnknownIssuer;
    assert_eq!(
        error.expect_err("not trusted").kind,
        TransportErrorKind::Tls(reason)
    );
}

#[tokio::test]
async fn a_log_in_for_the_proxy_goes_to_the_proxy() {
    let proxy = proxy(Manner::Tunnel(0)).await;
    let settings = through(&proxy, "ann:pass@");
    assert_eq!(asked(&settings, "http://jira.invalid/").await, Ok(204));
    // ann:pass
    assert!(proxy.heads()[0].contains("proxy-authorization: basic yw5uonbhc3m="));
}

#[tokio::test]
async fn a_proxy_that_wants_a_log_in_is_at_fault_and_not_the_site() {
    let proxy = proxy(Manner::WantsLogIn).await;
    for address in ["http://jira.invalid/", "https://jira.invalid/"] {
        let error = asked(&through(&proxy, ""), address).await;
        let error = error.expect_err("refused");
        assert_eq!(error.kind, TransportErrorKind::Proxy, "{error:?}");
        assert!(!error.may_have_been_sent);
    }
}
