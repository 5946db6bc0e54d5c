//! Against real TLS servers in this process.

use super::super::*;
use super::get;
use rcgen::{
    BasicConstraints, CertificateParams, DistinguishedName, DnType, ExtendedKeyUsagePurpose, IsCa,
    Issuer, KeyPair, KeyUsagePurpose,
};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::crypto::aws_lc_rs::default_provider;
use tokio_rustls::rustls::server::WebPkiClientVerifier;
use tokio_rustls::rustls::{RootCertStore, ServerConfig};

/// An authority of a company's own.
pub(super) struct Authority {
    issuer: Issuer<'static, KeyPair>,
    der: CertificateDer<'static>,
    pub(super) pem: String,
}

/// A certificate with its key.
pub(super) struct Identity {
    der: CertificateDer<'static>,
    key: KeyPair,
    pem: String,
}

fn named(name: &str, hosts: &[&str]) -> CertificateParams {
    let hosts: Vec<String> = hosts.iter().map(|&host| host.to_owned()).collect();
    let mut params = CertificateParams::new(hosts).expect("host names");
    params.distinguished_name = DistinguishedName::new();
    params
        .distinguished_name
        .push(DnType::CommonName, name.to_owned());
    params.extended_key_usages = vec![
        ExtendedKeyUsagePurpose::ServerAuth,
        ExtendedKeyUsagePurpose::ClientAuth,
    ];
    params
}

impl Authority {
    pub(super) fn new(name: &str) -> Self {
        let mut params = named(name, &[]);
        params.extended_key_usages = Vec::new();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign];
        let key = KeyPair::generate().expect("a key");
        let own = params.self_signed(&key).expect("a certificate");
        Self {
            der: own.der().clone(),
            pem: own.pem(),
            issuer: Issuer::new(params, key),
        }
    }

    pub(super) fn issue(&self, params: &CertificateParams) -> Identity {
        let key = KeyPair::generate().expect("a key");
        let signed = params.signed_by(&key, &self.issuer).expect("signed");
        Identity {
            der: signed.der().clone(),
            pem: signed.pem() + &key.serialize_pem(),
            key,
        }
    }

    pub(super) fn server(&self, host: &str) -> Identity {
        self.issue(&named("a server", &[host]))
    }
}

/// Serves TLS; answers 204 to every request. Where `clients` is given, a client certificate of that authority
/// is demanded.
pub(super) async fn serve(identity: &Identity, clients: Option<&Authority>) -> u16 {
    let provider = Arc::new(default_provider());
    let config = ServerConfig::builder_with_provider(provider.clone())
        .with_safe_default_protocol_versions()
        .expect("versions");
    let config = match clients {
        Some(authority) => {
            let mut roots = RootCertStore::empty();
            roots.add(authority.der.clone()).expect("an authority");
            let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider)
                .build()
                .expect("a verifier");
            config.with_client_cert_verifier(verifier)
        }
        None => config.with_no_client_auth(),
    };
    let key = PrivatePkcs8KeyDer::from(identity.key.serialize_der());
    let config = config
        .with_single_cert(vec![identity.der.clone()], PrivateKeyDer::Pkcs8(key))
        .expect("a certificate");
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let port = listener.local_addr().expect("an address").port();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    tokio::spawn(async move {
        while let Ok((socket, _)) = listener.accept().await {
            // Who trusts us not, or shows no certificate, goes away in the middle.
            let Ok(mut socket) = acceptor.accept(socket).await else {
                continue;
            };
            let mut buffer = [0; 4096];
            if socket.read(&mut buffer).await.is_ok_and(|count| count > 0) {
                let answer = b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n";
                socket.write_all(answer).await.expect("written");
                socket.shutdown().await.expect("closed");
            }
        }
    });
    port
}

async fn asked(settings: &HttpSettings, port: u16) -> Result<u16, TransportError> {
    let transport = HttpTransport::new(settings).expect("settings");
    let answer = transport
        .send(get(&format!("https://localhost:{port}/")))
        .await;
    answer.map(|answer| answer.status().as_u16())
}

fn trusting(authority: &Authority) -> HttpSettings {
    HttpSettings {
        ca_pem: Some(authority.pem.clone().into_bytes()),
        ..HttpSettings::default()
    }
}

#[track_caller]
fn refused(answer: Result<u16, TransportError>, reason: TlsReason) {
    let error = answer.expect_err("no answer");
    assert_eq!(error.kind, TransportErrorKind::Tls(reason), "{error:?}");
    assert!(!error.is_transient());
}

#[tokio::test]
async fn a_company_authority_is_refused_until_it_is_given() {
    let company = Authority::new("Acme CA");
    let port = serve(&company.server("localhost"), None).await;
    let unknown = asked(&HttpSettings::default(), port).await;
    refused(unknown, TlsReason::UnknownIssuer);
    assert_eq!(asked(&trusting(&company), port).await, Ok(204));
    let other = Authority::new("Other CA");
    let unknown = asked(&trusting(&other), port).await;
    refused(unknown, TlsReason::UnknownIssuer);
}

#[tokio::test]
async fn several_authorities_in_one_file_all_count() {
    let company = Authority::new("Acme CA");
    let port = serve(&company.server("localhost"), None).await;
    let mut settings = trusting(&Authority::new("Other CA"));
    let pem = settings.ca_pem.as_mut().expect("an authority");
    pem.extend_from_slice(company.pem.as_bytes());
    assert_eq!(asked(&settings, port).await, Ok(204));
}

#[tokio::test]
async fn a_certificate_for_another_host_is_refused_though_its_authority_is_known() {
    let company = Authority::new("Acme CA");
    let port = serve(&company.server("jira.example"), None).await;
    refused(asked(&trusting(&company), port).await, TlsReason::WrongHost);
}

#[tokio::test]
async fn an_expired_certificate_and_one_that_is_not_valid_yet_are_told_apart() {
    let company = Authority::new("Acme CA");
    let mut old = named("a server", &["localhost"]);
    old.not_after = rcgen::date_time_ymd(2001, 1, 1);
    let mut early = named("a server", &["localhost"]);
    early.not_before = rcgen::date_time_ymd(4000, 1, 1);
    for (params, reason) in [(old, TlsReason::Expired), (early, TlsReason::NotYetValid)] {
        let port = serve(&company.issue(&params), None).await;
        refused(asked(&trusting(&company), port).await, reason);
    }
}

#[tokio::test]
async fn a_site_that_demands_a_client_certificate_takes_the_right_one_only() {
    let company = Authority::new("Acme CA");
    let port = serve(&company.server("localhost"), Some(&company)).await;
    let with = |identity: Option<Identity>| HttpSettings {
        client_identity_pem: identity.map(|identity| identity.pem.into_bytes().into()),
        ..trusting(&company)
    };
    let ann = || named("Ann", &["ann.example"]);
    refused(asked(&with(None), port).await, TlsReason::ClientCertificate);
    assert_eq!(
        asked(&with(Some(company.issue(&ann()))), port).await,
        Ok(204)
    );
    let foreign = Authority::new("Other CA").issue(&ann());
    refused(
        asked(&with(Some(foreign)), port).await,
        TlsReason::ClientCertificate,
    );
}
