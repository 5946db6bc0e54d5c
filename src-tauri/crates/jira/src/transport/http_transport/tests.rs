mod proxied;
mod secure;

use super::*;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

/// Serves one connection: reads the head of a request and writes `answer`.
async fn serve_once(answer: &'static [u8]) -> (String, JoinHandle<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let host = listener.local_addr().expect("an address").to_string();
    let served = tokio::spawn(async move {
        let (mut socket, _) = listener.accept().await.expect("a visitor");
        let mut head = Vec::new();
        let mut buffer = [0; 4096];
        while !head.windows(4).any(|four| four == b"\r\n\r\n") {
            match socket.read(&mut buffer).await {
                Ok(count) if count > 0 && !head.starts_with(&[0x16]) => {
                    head.extend_from_slice(&buffer[..count]);
                }
                _ => break,
            }
            if head.starts_with(&[0x16]) {
                break; // A TLS greeting: no head will come.
            }
        }
        socket.write_all(answer).await.expect("written");
        String::from_utf8_lossy(&head).into_owned()
    });
    (host, served)
}

fn get(address: &str) -> Request<Bytes> {
    let request = Request::get(address).header("x-test", "1");
    request.body(Bytes::new()).expect("a request")
}

async fn fails(settings: &HttpSettings, address: &str) -> TransportError {
    let transport = HttpTransport::new(settings).expect("settings");
    transport.send(get(address)).await.expect_err("no answer")
}

#[tokio::test]
async fn any_answer_comes_back_as_it_is_and_redirects_are_not_followed() {
    let (host, served) = serve_once(
        b"HTTP/1.1 302 Found\r\nLocation: http://elsewhere.invalid/\r\nContent-Length: 2\r\n\r\nhi",
    )
    .await;
    let transport = HttpTransport::new(&HttpSettings::default()).expect("settings");
    let answer = transport.send(get(&format!("http://{host}/a?b=c"))).await;
    let answer = answer.expect("an answer");
    assert_eq!(answer.status(), 302);
    assert_eq!(answer.headers()["location"], "http://elsewhere.invalid/");
    assert_eq!(answer.body().as_ref(), b"hi");
    let head = served.await.expect("served").to_lowercase();
    assert!(head.starts_with("get /a?b=c http/1.1"));
    assert!(head.contains("x-test: 1") && head.contains("gzip"));
}

#[tokio::test]
async fn a_closed_port_is_refused_and_nothing_was_sent() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let port = listener.local_addr().expect("an address").port();
    drop(listener);
    let error = fails(
        &HttpSettings::default(),
        &format!("http://127.0.0.1:{port}/"),
    )
    .await;
    assert_eq!(error.kind, TransportErrorKind::Refused);
    assert!(!error.may_have_been_sent);
}

#[tokio::test]
async fn a_connection_that_breaks_off_may_have_been_received() {
    let (host, _served) = serve_once(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf").await;
    let error = fails(&HttpSettings::default(), &format!("http://{host}/")).await;
    assert_eq!(error.kind, TransportErrorKind::Other);
    assert!(error.may_have_been_sent && error.is_transient());
}

#[tokio::test]
async fn a_silent_server_times_out() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let host = listener.local_addr().expect("an address");
    let settings = HttpSettings {
        request_timeout: Duration::from_millis(50),
        ..HttpSettings::default()
    };
    let error = fails(&settings, &format!("http://{host}/")).await;
    assert_eq!(error.kind, TransportErrorKind::Timeout);
}

#[tokio::test]
async fn a_server_that_speaks_no_tls_fails_the_handshake() {
    let (host, _served) = serve_once(b"HTTP/1.1 400 Bad Request\r\n\r\n").await;
    let error = fails(&HttpSettings::default(), &format!("https://{host}/")).await;
    let expected = TransportErrorKind::Tls(TlsReason::Handshake);
    assert_eq!(error.kind, expected, "{error:?}");
    assert!(!error.may_have_been_sent);
}

#[tokio::test]
async fn a_proxy_that_is_not_there_is_named_and_the_loopback_needs_none() {
    let settings = HttpSettings {
        proxy: Some("http://127.0.0.1:1".to_owned()),
        ..HttpSettings::default()
    };
    let error = fails(&settings, "http://jira.invalid/").await;
    assert_eq!(error.kind, TransportErrorKind::Proxy, "{error:?}");
    let (host, _served) = serve_once(b"HTTP/1.1 204 No Content\r\n\r\n").await;
    let transport = HttpTransport::new(&settings).expect("settings");
    let answer = transport.send(get(&format!("http://{host}/"))).await;
    assert_eq!(answer.expect("an answer").status(), 204);
}

#[test]
fn bad_settings_are_told_apart() {
    let base = HttpSettings::default;
    let ca = |pem: &[u8]| HttpSettings {
        ca_pem: Some(pem.to_vec()),
        ..base()
    };
    let broken = b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    let identity = HttpSettings {
        client_identity_pem: Some(b"nothing".to_vec().into()),
        ..base()
    };
    let proxy = HttpSettings {
        proxy: Some("not an address".to_owned()),
        ..base()
    };
    for (settings, expected) in [
        (ca(b""), SettingsError::NoCertificate),
        (ca(b"no certificate"), SettingsError::NoCertificate),
        (ca(broken), SettingsError::BadCertificate),
        (identity, SettingsError::BadIdentity),
        (proxy, SettingsError::BadProxy),
    ] {
        assert_eq!(HttpTransport::new(&settings).err(), Some(expected));
    }
}

#[test]
fn the_loopback_is_known_in_all_its_spellings() {
    for (host, expected) in [
        ("localhost", true),
        ("127.0.0.1", true),
        ("[::1]", true),
        ("127.8.9.1", true),
        ("10.0.0.1", false),
        ("jira.example", false),
    ] {
        assert_eq!(is_loopback(host), expected, "{host}");
    }
}
