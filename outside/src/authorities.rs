//! Whose certificates are believed when a server of a directory or of mail shows its own: the authorities that browsers
//! believe, built in, and those of a file that whoever runs Cairn names. So it is the same on every system, in a container without
//! certificates too.

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};
use std::error::Error;
use std::io::Read;
use std::path::Path;
use std::sync::Arc;

/// The most bytes of a file of authorities: a system's whole bundle has a quarter of a megabyte.
pub(crate) const CA_FILE_BYTES_MAX: u64 = 1024 * 1024;

/// The certificates of a PEM file, at least one.
///
/// The error is a sentence about the file.
pub(crate) fn read(file: &Path) -> Result<Vec<CertificateDer<'static>>, String> {
    let name = file.display();
    let mut pem = Vec::new();
    let opened = std::fs::File::open(file).map_err(|fault| format!("{name} cannot be opened: {fault}"))?;
    let read = opened.take(CA_FILE_BYTES_MAX + 1).read_to_end(&mut pem);
    read.map_err(|fault| format!("{name} cannot be read: {fault}"))?;
    if pem.len() as u64 > CA_FILE_BYTES_MAX {
        return Err(format!("{name} has more than {CA_FILE_BYTES_MAX} bytes"));
    }
    let certificates: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&pem).collect();
    let certificates = certificates.map_err(|fault| format!("{name} is not PEM: {fault}"))?;
    if certificates.is_empty() { Err(format!("{name} has no certificate")) } else { Ok(certificates) }
}

/// How to check a server's certificate: its name and its time, by the built-in authorities and these.
pub(crate) fn client_config(ca_file: Option<&Path>) -> Result<Arc<ClientConfig>, String> {
    let mut roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
    for certificate in ca_file.map(read).transpose()?.unwrap_or_default() {
        roots
            .add(certificate)
            .map_err(|fault| format!("a certificate of the file cannot be used: {fault}"))?;
    }
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let versions = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
    let config = versions.expect("aws-lc-rs has the default versions");
    Ok(Arc::new(config.with_root_certificates(roots).with_no_client_auth()))
}

/// What TLS found wrong, if that is what lies beneath this error.
pub(crate) fn tls_fault(error: &(dyn Error + 'static)) -> Option<String> {
    let mut next = Some(error);
    while let Some(error) = next {
        if let Some(fault) = error.downcast_ref::<rustls::Error>() {
            return Some(fault.to_string());
        }
        // The source of an error of IO is the source of what it wraps, so what it wraps would be stepped over.
        let wrapped = error.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref);
        next = match wrapped {
            Some(wrapped) => Some(wrapped),
            None => error.source(),
        };
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_of_authorities_has_one_at_least_and_a_megabyte_at_most() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("ca.pem");
        assert!(read(&file).unwrap_err().contains("cannot be opened"));
        let blank = |bytes: u64| std::fs::write(&file, vec![b'\n'; usize::try_from(bytes).unwrap()]).unwrap();
        blank(CA_FILE_BYTES_MAX);
        assert!(read(&file).unwrap_err().ends_with("has no certificate"));
        blank(CA_FILE_BYTES_MAX + 1);
        assert!(read(&file).unwrap_err().contains("more than 1048576 bytes"));
        std::fs::write(&file, "-----BEGIN CERTIFICATE-----\n!\n-----END CERTIFICATE-----\n").unwrap();
        assert!(read(&file).unwrap_err().contains("is not PEM"));
        std::fs::write(&file, "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n").unwrap();
        assert!(client_config(Some(&file)).unwrap_err().contains("cannot be used"));
    }

    #[test]
    fn a_fault_of_tls_is_found_beneath_others() {
        let tls = rustls::Error::InvalidCertificate(rustls::CertificateError::Expired);
        let deep = std::io::Error::other(std::io::Error::other(tls));
        assert!(
            tls_fault(&deep).unwrap().contains("Expired") || tls_fault(&deep).unwrap().contains("expired")
        );
        assert_eq!(tls_fault(&std::io::Error::other("another")), None);
    }
}
