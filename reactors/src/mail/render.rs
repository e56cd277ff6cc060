//! A letter as text and HTML, from the templates in `templates/mail/`.

use super::letter::Says;
use super::words::{self, NoticeWords};
use askama::Template;
use cairn_outside::smtp::SUBJECT_CHARS_MAX;
use chrono::{DateTime, Utc};
use url::Url;

/// The most characters of a reason in a letter.
const REASON_CHARS_MAX: usize = 2_000;
/// The most characters of one detail of a notice.
const DETAIL_CHARS_MAX: usize = 300;

/// What a letter needs besides what the event says.
#[derive(Clone, Copy)]
pub(super) struct Facts<'a> {
    /// How clients reach the site.
    pub(super) base_url: &'a Url,
    /// The receiver's name; empty for who has none yet.
    pub(super) name: &'a str,
    /// Whoever caused it, for people.
    pub(super) actor: &'a str,
    /// When it happened.
    pub(super) at: DateTime<Utc>,
    /// Where the letter leads, if it leads somewhere.
    pub(super) link: &'a str,
}

/// What a letter says.
#[derive(PartialEq, Eq)]
pub(super) struct Content {
    pub(super) subject: String,
    pub(super) text: String,
    pub(super) html: String,
}

/// What every template knows.
struct Common<'a> {
    subject: &'a str,
    name: &'a str,
    base: &'a str,
    host: &'a str,
}

/// Declares a function for each pair of templates, which fills in both.
macro_rules! letters {
    ($($letter:ident = $text:tt, $html:tt { $($field:ident: $kind:ty),* $(,)? })+) => { $(
        fn $letter<'a>(common: &'a Common<'a>, $($field: $kind),*) -> (String, String) {
            #[derive(Template)]
            #[template(path = $text, escape = "none")]
            struct Text<'a> { common: &'a Common<'a>, $($field: $kind),* }

            #[derive(Template)]
            #[template(path = $html)]
            struct Html<'a> { common: &'a Common<'a>, $($field: $kind),* }

            (filled_in(&Text { common, $($field),* }), filled_in(&Html { common, $($field),* }))
        }
    )+ };
}

letters! {
    confirm_address = "mail/confirm_address.txt", "mail/confirm_address.html" { link: &'a str, until: &'a str }
    reset_password = "mail/reset_password.txt", "mail/reset_password.html" { link: &'a str, until: &'a str }
    sign_up = "mail/sign_up.txt", "mail/sign_up.html" { link: &'a str, until: &'a str }
    owner_invitation = "mail/owner_invitation.txt", "mail/owner_invitation.html" {
        inviter: &'a str, package: &'a str, transfer: bool, link: &'a str, until: &'a str,
    }
    notice = "mail/notice.txt", "mail/notice.html" {
        sentence: &'a str, at: &'a str, details: &'a [(&'a str, String)], reason: Option<&'a str>, advice: Option<&'a str>,
    }
    plugin = "mail/plugin.txt", "mail/plugin.html" { sentence: &'a str, reason: Option<&'a str>, link: &'a str }
    waiting = "mail/waiting.txt", "mail/waiting.html" { package: &'a str, version: &'a str, link: &'a str }
}

fn filled_in(template: &impl Template) -> String {
    template.render().expect("a string takes everything, and the templates have no filters that fail")
}

/// Writes a letter.
pub(super) fn render(says: &Says, facts: Facts<'_>) -> Content {
    let base = facts.base_url.as_str().trim_end_matches('/');
    let host = facts.base_url.host_str().unwrap_or_default();
    let subject = subject(host, &words::subject(says));
    let common = Common { subject: &subject, name: facts.name, base, host };
    let link = facts.link;
    let (text, html) = match says {
        Says::ConfirmAddress(it) => confirm_address(&common, link, &words::time(it.expires_at)),
        Says::ResetPassword(it) => reset_password(&common, link, &words::time(it.expires_at)),
        Says::SignUp(it) => sign_up(&common, link, &words::time(it.expires_at)),
        Says::OwnerInvitation { package, transfer, expires_at, .. } => owner_invitation(
            &common,
            facts.actor,
            package.as_str(),
            *transfer,
            link,
            &words::time(*expires_at),
        ),
        Says::Notice(it) => {
            let NoticeWords { sentence, details, reason, advice } = words::notice(it);
            let details: Vec<(&str, String)> = details
                .into_iter()
                .map(|(label, value)| (label, words::shortened(&value, DETAIL_CHARS_MAX)))
                .collect();
            let reason = shown(reason.as_ref());
            notice(&common, &sentence, &words::time(facts.at), &details, reason.as_deref(), advice)
        }
        Says::Version { package, version, news, reason } => {
            let sentence = words::version_sentence(package.as_str(), version.as_str(), *news);
            plugin(&common, &sentence, shown(reason.as_ref()).as_deref(), link)
        }
        Says::PluginDeletion { package, until, reason } => {
            let sentence = words::deletion_sentence(package.as_str(), *until);
            plugin(&common, &sentence, shown(reason.as_ref()).as_deref(), link)
        }
        Says::Waiting { package, version } => waiting(&common, package.as_str(), version.as_str(), link),
    };
    Content { subject, text, html }
}

fn shown(reason: Option<&String>) -> Option<String> {
    reason.map(|reason| words::shortened(reason.trim(), REASON_CHARS_MAX)).filter(|reason| !reason.is_empty())
}

/// One line within what a mail may have, whatever names are in it.
fn subject(host: &str, words: &str) -> String {
    let line: String = format!("[{host}] {words}").replace(char::is_control, " ");
    words::shortened(&line, SUBJECT_CHARS_MAX - 1)
}

#[cfg(test)]
mod tests {
    use super::super::letter::{Link, Notice, VersionNews};
    use super::*;
    use cairn_domain::ids::{ChallengeId, InvitationId};
    use uuid::Uuid;

    fn noon() -> DateTime<Utc> {
        "2026-03-01T12:00:00Z".parse().unwrap()
    }

    fn written(says: &Says, link: &str) -> Content {
        let base_url = "https://plugins.example.org/".parse().unwrap();
        let facts = Facts { base_url: &base_url, name: "ann<b>", actor: "bob&co", at: noon(), link };
        render(says, facts)
    }

    fn link() -> Link {
        Link { challenge: ChallengeId(Uuid::from_u128(1)), expires_at: noon() }
    }

    #[test]
    fn links_stand_alone_on_their_line_and_say_until_when_they_are_good() {
        for says in [Says::ConfirmAddress(link()), Says::ResetPassword(link()), Says::SignUp(link())] {
            let Content { subject, text, html } =
                written(&says, "https://plugins.example.org/account/x/1?s=2");
            assert!(subject.starts_with("[plugins.example.org] "), "{subject}");
            assert!(text.lines().any(|line| line == "https://plugins.example.org/account/x/1?s=2"), "{text}");
            assert!(text.contains("until 1 March 2026, 12:00 UTC"), "{text}");
            assert!(html.contains("href=\"https://plugins.example.org/account/x/1?s=2\""), "{html}");
        }
    }

    #[test]
    fn what_people_wrote_is_text_in_html() {
        let reason = "<img src=http://evil.example/x>\n& more".to_owned();
        let blocked = Notice::Blocked { reason: Some(reason), until: None };
        let Content { text, html, .. } = written(&Says::Notice(blocked), "");
        assert!(text.contains("<img src=http://evil.example/x>\n& more"), "{text}");
        assert!(!html.contains("<img") && !html.contains("ann<b>"), "{html}");
        let invitation = Says::OwnerInvitation {
            package: "lasso".parse().unwrap(),
            invitation: InvitationId(Uuid::from_u128(2)),
            transfer: true,
            expires_at: noon(),
        };
        let Content { text, html, .. } = written(&invitation, "https://plugins.example.org/plugins/lasso/");
        assert!(text.contains("bob&co offers you to take over the plugin lasso"), "{text}");
        assert!(!html.contains("bob&co"), "{html}");
    }

    #[test]
    fn no_letter_loads_anything_from_elsewhere() {
        for says in [
            Says::ConfirmAddress(link()),
            Says::Notice(Notice::PasswordChanged),
            Says::Waiting { package: "lasso".parse().unwrap(), version: "1.0".parse().unwrap() },
        ] {
            let Content { html, .. } = written(&says, "https://plugins.example.org/");
            for tag in ["<img", "<script", "<link", "<iframe", "url(", "@import"] {
                assert!(!html.contains(tag), "{tag} in {html}");
            }
        }
    }

    #[test]
    fn reasons_and_subjects_are_cut_at_their_limits() {
        let of = |chars: usize| {
            let says = Says::Version {
                package: "lasso".parse().unwrap(),
                version: "1.0".parse().unwrap(),
                news: VersionNews::Refused,
                reason: Some("ä".repeat(chars)),
            };
            written(&says, "").text
        };
        assert!(of(REASON_CHARS_MAX).contains(&"ä".repeat(REASON_CHARS_MAX)));
        assert!(!of(REASON_CHARS_MAX).contains('…'));
        assert!(of(REASON_CHARS_MAX + 1).contains(&format!("{}…", "ä".repeat(REASON_CHARS_MAX))));

        let long = subject(&"h".repeat(250), "words");
        assert_eq!(long.chars().count(), SUBJECT_CHARS_MAX);
        assert_eq!(subject("h", "a\r\nb"), "[h] a  b");
    }

    #[test]
    fn an_empty_reason_is_none() {
        let says = Says::Notice(Notice::TrustWithdrawn { reason: Some(" \n".into()) });
        assert!(!written(&says, "").text.contains("reason"));
    }
}
