//! An authority of a test's own, and certificates by it.

use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, KeyUsagePurpose};
use std::path::{Path, PathBuf};

/// An authority that nobody believes who was not told to.
#[derive(Debug)]
pub struct Authority {
    issuer: Issuer<'static, KeyPair>,
    file: PathBuf,
}

/// A certificate and its key, as files in PEM.
#[derive(Clone, Debug)]
pub struct Certificate {
    /// The file with the certificate.
    pub certificate: PathBuf,
    /// The file with the key.
    pub key: PathBuf,
}

impl Authority {
    /// A new authority, whose certificate is `NAME.pem` in the folder.
    pub fn new(folder: &Path, name: &str) -> Self {
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        params.distinguished_name.push(DnType::CommonName, format!("{name} of a test"));
        let key = KeyPair::generate().expect("a key is made");
        let certificate = params.self_signed(&key).expect("an authority signs itself");
        let file = folder.join(format!("{name}.pem"));
        std::fs::write(&file, certificate.pem()).expect("the folder of a test takes files");
        Self { issuer: Issuer::new(params, key), file }
    }

    /// Its own certificate, for who shall believe it.
    pub fn file(&self) -> &Path {
        &self.file
    }

    /// A certificate for the server of this name, beside its own.
    pub fn certificate(&self, host: &str) -> Certificate {
        let params = CertificateParams::new(vec![host.to_owned()]).expect("a name of a host");
        let key = KeyPair::generate().expect("a key is made");
        let certificate = params.signed_by(&key, &self.issuer).expect("an authority signs");
        let files = Certificate {
            certificate: self.file.with_file_name(format!("{host}.crt.pem")),
            key: self.file.with_file_name(format!("{host}.key.pem")),
        };
        std::fs::write(&files.certificate, certificate.pem()).expect("the folder of a test takes files");
        std::fs::write(&files.key, key.serialize_pem()).expect("the folder of a test takes files");
        files
    }
}
