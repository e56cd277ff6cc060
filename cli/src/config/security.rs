//! `security_contact`: whom to tell of a weakness of this site.

use anyhow::{Context, bail};
use url::Url;

/// The longest address, in bytes.
const CONTACT_BYTES_MAX: usize = 500;

/// What RFC 9116 wants of a contact: an address of mail, of a page, or of a telephone.
pub(super) fn checked(contact: Option<&str>) -> anyhow::Result<Option<Url>> {
    let Some(contact) = contact else { return Ok(None) };
    if contact.len() > CONTACT_BYTES_MAX {
        bail!("security_contact: it is longer than {CONTACT_BYTES_MAX} bytes");
    }
    let address: Url = contact.parse().with_context(|| {
        format!("security_contact: {contact:?} is no address; write `mailto:` before an address of mail")
    })?;
    if !matches!(address.scheme(), "mailto" | "https" | "tel") || address.path().is_empty() {
        bail!("security_contact: {contact:?} begins with none of mailto:, https: and tel:");
    }
    Ok(Some(address))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_contact_is_an_address_that_somebody_can_reach() {
        assert_eq!(checked(None).unwrap(), None);
        for good in ["mailto:security@example.org", "https://example.org/report", "tel:+43-1-2345"] {
            assert_eq!(checked(Some(good)).unwrap().unwrap().as_str(), good);
        }
        for (bad, told) in [
            ("security@example.org", "mailto:"),
            ("http://example.org/report", "begins with none"),
            ("mailto:", "begins with none"),
        ] {
            let fault = format!("{:#}", checked(Some(bad)).unwrap_err());
            assert!(fault.contains(told), "{bad}: {fault}");
        }
        let with = |more: usize| format!("mailto:{}", "a".repeat(CONTACT_BYTES_MAX - "mailto:".len() + more));
        assert!(checked(Some(&with(0))).is_ok() && checked(Some(&with(1))).is_err());
    }

    #[test]
    fn it_stays_one_line() {
        let contact = checked(Some("mailto:a@example.org\r\nEncryption: https://evil.example.org/"));
        assert!(!contact.unwrap().unwrap().as_str().contains(['\r', '\n']));
    }
}
