//! The HTTP client and TLS: whose certificates it believes.

use cairn_outside::http::{Outgoing, OutgoingError, OutgoingSettings};
use cairn_outside::testing::{Authority, Certificate};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ServerConfig, ServerConnection, Stream};
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::sync::Arc;

/// Says hello to everybody who believes this certificate, on the port that it answers, until the tests end.
fn server(certificate: &Certificate) -> u16 {
    cairn_outside::install_crypto();
    let chain = vec![
        CertificateDer::from_pem_file(&certificate.certificate).expect("the authority wrote a certificate"),
    ];
    let key = PrivateKeyDer::from_pem_file(&certificate.key).expect("the authority wrote a key");
    let config = ServerConfig::builder()
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .expect("the key is of the certificate");
    let (config, listener) =
        (Arc::new(config), TcpListener::bind("127.0.0.1:0").expect("there are free ports"));
    let port = listener.local_addr().expect("it is bound").port();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            // Who does not believe it goes away, and that is no error here.
            let _ = greet(stream.expect("a listener gives connections"), Arc::clone(&config));
        }
    });
    port
}

fn greet(mut stream: TcpStream, config: Arc<ServerConfig>) -> std::io::Result<()> {
    let mut tls = ServerConnection::new(config).expect("the configuration can work");
    let mut stream = Stream::new(&mut tls, &mut stream);
    let mut line = String::new();
    let mut reader = BufReader::new(&mut stream);
    while line != "\r\n" {
        line.clear();
        reader.read_line(&mut line)?;
    }
    stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 7\r\nconnection: close\r\n\r\n\"hello\"")?;
    stream.conn.send_close_notify();
    stream.flush()
}

fn client(ca_file: Option<PathBuf>) -> Outgoing {
    let allowed = vec!["127.0.0.1".parse().expect("an address")];
    Outgoing::new(OutgoingSettings { allowed, ca_file, ..OutgoingSettings::default() })
        .expect("the settings can work")
}

async fn ask(ca_file: Option<PathBuf>, port: u16) -> Result<String, OutgoingError> {
    client(ca_file).get_json(&format!("https://localhost:{port}/")).await
}

#[tokio::test]
async fn an_organisations_own_authority_is_believed_when_a_setting_names_it() {
    let folder = tempfile::tempdir().unwrap();
    let ours = Authority::new(folder.path(), "ours");
    let others = Authority::new(folder.path(), "others");
    let port = server(&ours.certificate("localhost"));
    assert_eq!(ask(Some(ours.file().to_owned()), port).await.unwrap(), "hello");
    for ca_file in [None, Some(others.file().to_owned())] {
        let refused = ask(ca_file, port).await.unwrap_err();
        assert!(matches!(refused, OutgoingError::Unreachable { .. }), "{refused:?}");
        assert!(format!("{refused:?}").contains("UnknownIssuer"), "{refused:?}");
    }
}

#[tokio::test]
async fn a_certificate_of_another_host_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let authority = Authority::new(folder.path(), "ours");
    let port = server(&authority.certificate("elsewhere.example"));
    let refused = ask(Some(authority.file().to_owned()), port).await.unwrap_err();
    assert!(format!("{refused:?}").contains("NotValidForName"), "{refused:?}");
}

#[test]
fn a_file_without_authorities_is_an_error_of_the_settings() {
    let folder = tempfile::tempdir().unwrap();
    let empty = folder.path().join("empty.pem");
    std::fs::write(&empty, "").unwrap();
    for file in [empty, folder.path().join("missing.pem")] {
        let settings = OutgoingSettings { ca_file: Some(file), ..OutgoingSettings::default() };
        let refused = Outgoing::new(settings).unwrap_err();
        assert!(matches!(refused, OutgoingError::CaFile(_)), "{refused:?}");
    }
}
