use std::sync::Arc;

use rcgen::{CertifiedKey, generate_simple_self_signed};
use tokio_rustls::{
    TlsConnector,
    client::TlsStream,
    rustls::{ClientConfig, RootCertStore, crypto::ring, pki_types::ServerName},
};

use crate::{
    server::{Guest, Server, http_over},
    support::DEPLOYMENT,
};

/// The address form that reaches loopback through the third-party tester's fixed URL scheme.
#[tokio::test]
async fn a_guest_talks_over_wss_and_https_with_a_given_certificate() {
    let CertifiedKey { cert, signing_key } =
        generate_simple_self_signed(["127.0.0.1".to_owned(), "webmessaging.test".to_owned()]).expect("a certificate");
    let folder = tempfile::tempdir().expect("a folder");
    let [certificate, key] = ["cert.pem", "key.pem"].map(|name| folder.path().join(name));
    std::fs::write(&certificate, cert.pem()).expect("written");
    std::fs::write(&key, signing_key.serialize_pem()).expect("written");
    let server =
        Server::start(&["--no-bot", "--tls", certificate.to_str().expect("a path"), key.to_str().expect("a path")])
            .await;
    assert!(server.url.starts_with("https://"));

    let mut roots = RootCertStore::empty();
    roots.add(cert.der().clone()).expect("a root");
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_root_certificates(roots)
        .with_no_client_auth();
    let connector = TlsConnector::from(Arc::new(config));
    let dial = async |name: &'static str| -> TlsStream<tokio::net::TcpStream> {
        let name = ServerName::try_from(name).expect("a name");
        connector.connect(name, server.connect().await).await.expect("TLS")
    };

    let url = format!("wss://webmessaging.test:{}/v1?deploymentId={DEPLOYMENT}", server.port);
    let headers = [("authorization", "Basic d2VibWVzc2FnaW5nLng6")];
    let mut guest = Guest::open(dial("webmessaging.test").await, &url, &headers).await.expect("a socket");
    assert_eq!(guest.configure("t").await["code"], 200);
    assert_eq!(guest.say("t", "Hi").await["body"]["text"], "Hi");

    let host = format!("127.0.0.1:{}", server.port);
    let path = format!("/webdeployments/v1/deployments/{DEPLOYMENT}/config.json");
    let config = http_over(dial("127.0.0.1").await, &host, "GET", &path, &[], "").await.json();
    assert_eq!(config["messenger"]["apps"]["conversations"]["messagingEndpoint"], format!("wss://{host}"));
}
