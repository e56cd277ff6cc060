//! A mail to one person, and its form on the wire.

use super::fault::MailFault;
use lettre::Address;
use lettre::message::header::{HeaderName, HeaderValue};
use lettre::message::{Mailbox, Message, MultiPart};
use std::fmt;

/// The most characters of a subject.
pub const SUBJECT_CHARS_MAX: usize = 200;
/// The most bytes of a mail's text.
pub const TEXT_BYTES_MAX: usize = 64 * 1024;
/// The most bytes of a mail's HTML.
pub const HTML_BYTES_MAX: usize = 256 * 1024;
/// The most bytes of an address (RFC 5321, 4.5.3.1, with the brackets off).
pub const ADDRESS_BYTES_MAX: usize = 254;
/// The most bytes of a Message-Id, brackets included: half a line as RFC 5322 wants it.
pub const MESSAGE_ID_BYTES_MAX: usize = 400;

/// A mail to one person, the same in plain text and in HTML. Its Debug output has nothing personal in it.
#[derive(Clone, PartialEq, Eq)]
pub struct Mail {
    /// The address, without a name.
    pub to: String,
    /// One line of at most [`SUBJECT_CHARS_MAX`] characters.
    pub subject: String,
    /// What it says, of at most [`TEXT_BYTES_MAX`] bytes.
    pub text: String,
    /// The same as HTML, of at most [`HTML_BYTES_MAX`] bytes.
    pub html: String,
    /// `<event-id@host>`. The same for the same mail whenever it is sent again, so that whoever gets it twice can drop one.
    pub message_id: String,
}

impl fmt::Debug for Mail {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Mail").field("message_id", &self.message_id).finish_non_exhaustive()
    }
}

impl Mail {
    /// The mail as it is sent from this address; or what is wrong with it, for good.
    pub(super) fn message(&self, from: &Mailbox) -> Result<Message, MailFault> {
        check(self.subject.chars().count() <= SUBJECT_CHARS_MAX, "its subject is too long")?;
        check(self.text.len() <= TEXT_BYTES_MAX, "its text is too long")?;
        check(self.html.len() <= HTML_BYTES_MAX, "its HTML is too long")?;
        // Encoded they would harm nobody; but nobody means a line break, so somebody tries something.
        check(!self.subject.chars().any(char::is_control), "its subject has control characters")?;
        check(is_message_id(&self.message_id), "its Message-Id is none")?;
        let to = address(&self.to).ok_or(MailFault::Unsendable("its address is none"))?;
        let message = Message::builder()
            .from(from.clone())
            .to(Mailbox::new(None, to))
            .subject(&self.subject)
            .message_id(Some(self.message_id.clone()))
            // RFC 3834: nobody's holiday message answers it.
            .raw_header(HeaderValue::new(
                HeaderName::new_from_ascii_str("Auto-Submitted"),
                "auto-generated".into(),
            ))
            .multipart(MultiPart::alternative_plain_html(self.text.clone(), self.html.clone()));
        message.map_err(|_| MailFault::Unsendable("it has no form on the wire"))
    }
}

/// An address that can stand in a command and in a header as it is.
fn address(text: &str) -> Option<Address> {
    let plain = !text.chars().any(|one| one.is_control() || one.is_whitespace());
    (plain && text.len() <= ADDRESS_BYTES_MAX).then(|| text.parse().ok())?
}

/// `<left@right>` of characters that need no quotes (RFC 5322, 3.6.4).
fn is_message_id(text: &str) -> bool {
    let plain = |part: &str| {
        let known = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~.:".contains(&byte);
        !part.is_empty() && part.bytes().all(known)
    };
    let inside = text.strip_prefix('<').and_then(|rest| rest.strip_suffix('>'));
    let parts = inside.and_then(|inside| inside.split_once('@'));
    text.len() <= MESSAGE_ID_BYTES_MAX && parts.is_some_and(|(left, right)| plain(left) && plain(right))
}

fn check(holds: bool, otherwise: &'static str) -> Result<(), MailFault> {
    if holds { Ok(()) } else { Err(MailFault::Unsendable(otherwise)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mail() -> Mail {
        Mail {
            to: "ann@example.org".into(),
            subject: "Confirm your address".into(),
            text: "Hello".into(),
            html: "<p>Hello</p>".into(),
            message_id: "<0b6f@plugins.example.org>".into(),
        }
    }

    fn wire(mail: &Mail) -> Result<String, MailFault> {
        let from = "QGIS plugins <noreply@plugins.example.org>".parse().expect("an address");
        let message = mail.message(&from)?;
        Ok(String::from_utf8(message.formatted()).expect("it is encoded to ASCII"))
    }

    #[test]
    fn a_mail_has_the_headers_of_one_that_a_program_sent() {
        let wire = wire(&mail()).unwrap();
        for line in [
            "From: \"QGIS plugins\" <noreply@plugins.example.org>\r\n",
            "To: ann@example.org\r\n",
            "Subject: Confirm your address\r\n",
            "Message-ID: <0b6f@plugins.example.org>\r\n",
            "Auto-Submitted: auto-generated\r\n",
            "Content-Type: multipart/alternative;",
            "Date: ",
        ] {
            assert_eq!(wire.matches(line).count(), 1, "{line}\n{wire}");
        }
    }

    #[test]
    fn line_breaks_never_make_a_header() {
        for bad in
            ["\r\nBcc: eve@example.org", "\nBcc: eve@example.org", "\rBcc: eve@example.org", "\0", "\u{85}x"]
        {
            let subject = Mail { subject: format!("Hello{bad}"), ..mail() };
            let to = Mail { to: format!("ann@example.org{bad}"), ..mail() };
            let quoted = Mail { to: format!("\"ann{bad}\"@example.org"), ..mail() };
            let id = Mail { message_id: format!("<a@b{bad}>"), ..mail() };
            for mail in [subject, to, quoted, id] {
                assert!(matches!(wire(&mail), Err(MailFault::Unsendable(_))), "{bad:?}");
            }
            let text = Mail { text: format!("Hello{bad}"), html: format!("Hello{bad}"), ..mail() };
            let wire = wire(&text).unwrap();
            let (headers, _) = wire.split_once("\r\n\r\n").expect("headers end");
            assert!(!headers.contains("Bcc"), "{headers}");
        }
    }

    #[test]
    fn a_mail_is_to_one_address() {
        for to in [
            "",
            "ann",
            "ann@",
            "@example.org",
            "ann@example.org,eve@example.org",
            "ann@example.org, eve@example.org",
            "Ann <ann@example.org>",
            "<ann@example.org>",
            "ann@example.org>",
        ] {
            assert_eq!(
                wire(&Mail { to: to.into(), ..mail() }),
                Err(MailFault::Unsendable("its address is none")),
                "{to}"
            );
        }
    }

    #[test]
    fn a_message_id_is_one() {
        for message_id in ["", "a@b", "<a>", "<a@>", "<@b>", "<a@b", "<a b@c>", "<a@b@c>", "<a>@<b>", "<ä@b>"]
        {
            let mail = Mail { message_id: message_id.into(), ..mail() };
            assert_eq!(wire(&mail), Err(MailFault::Unsendable("its Message-Id is none")), "{message_id}");
        }
        let of = |bytes: usize| Mail { message_id: format!("<{}@b>", "a".repeat(bytes - 4)), ..mail() };
        assert!(wire(&of(MESSAGE_ID_BYTES_MAX)).is_ok());
        assert!(wire(&of(MESSAGE_ID_BYTES_MAX + 1)).is_err());
    }

    #[test]
    fn a_mail_has_its_sizes() {
        let subject = |chars: usize| wire(&Mail { subject: "ä".repeat(chars), ..mail() });
        assert!(subject(SUBJECT_CHARS_MAX).is_ok());
        assert_eq!(subject(SUBJECT_CHARS_MAX + 1), Err(MailFault::Unsendable("its subject is too long")));
        let text = |bytes: usize| wire(&Mail { text: "a".repeat(bytes), ..mail() });
        assert!(text(TEXT_BYTES_MAX).is_ok());
        assert_eq!(text(TEXT_BYTES_MAX + 1), Err(MailFault::Unsendable("its text is too long")));
        let html = |bytes: usize| wire(&Mail { html: "a".repeat(bytes), ..mail() });
        assert!(html(HTML_BYTES_MAX).is_ok());
        assert_eq!(html(HTML_BYTES_MAX + 1), Err(MailFault::Unsendable("its HTML is too long")));
        let to = |last: usize| {
            let labels = ["a".repeat(63), "b".repeat(63), "c".repeat(last)];
            wire(&Mail { to: format!("{}@{}", "x".repeat(64), labels.join(".")), ..mail() })
        };
        assert_eq!(64 + 1 + 64 + 64 + 61, ADDRESS_BYTES_MAX);
        assert!(to(61).is_ok());
        assert_eq!(to(62), Err(MailFault::Unsendable("its address is none")));
    }

    #[test]
    fn a_mail_does_not_show() {
        let shown = format!("{:?}", mail());
        assert!(shown.contains("0b6f") && !shown.contains("ann") && !shown.contains("Confirm"), "{shown}");
    }
}
