//! Everything that Cairn asks of the world outside: web servers, directories, identity providers, mail servers. Each
//! answer is bounded in size and time, and nothing here knows the log.

mod authorities;
pub mod http;
pub mod identity;
mod kept;
pub mod ldap;
pub mod oidc;
pub mod smtp;
#[cfg(feature = "testing")]
pub mod testing;

/// Makes aws-lc-rs the cryptography of rustls in this process; everything here that speaks TLS needs it first. May be
/// called as often as one likes.
pub fn install_crypto() {
    // An error says that somebody else was first, and there is one provider in this program.
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
}
