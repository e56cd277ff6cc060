//! The session cookie: who continues a session, and how a browser is given one and rid of it.
//!
//! The cookie holds the secret alone; everything about the session is a row of the vault. A second cookie tells how far the log
//! must be read to show what its holder has just done.

use crate::App;
use crate::client::Address;
use crate::position::POSITION;
use axum::extract::{Request, State};
use axum::http::header::{AUTHORIZATION, COOKIE, SET_COOKIE, USER_AGENT};
use axum::http::{HeaderMap, HeaderValue};
use axum::middleware::Next;
use axum::response::Response;
use cairn_commands::Fault;
use cairn_commands::session::WEB_SESSION_LIFE_MAX;
use cairn_commands::sign_in::{Device, PENDING_LIFE};
use cairn_domain::Refusal;
use chrono::TimeDelta;
use url::Url;

pub use cairn_commands::sign_in::Signed;

/// The longest `Cookie` header that is looked at, in bytes.
const COOKIES_BYTES_MAX: usize = 8 * 1024;

/// How long the position of a deed is remembered: readers have long caught up then.
const POSITION_LIFE: TimeDelta = TimeDelta::minutes(1);

/// A cookie of ours. Behind https its name begins with `__Host-`, which browsers hold to this host, to the whole of it and to
/// encrypted connections.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cookie {
    /// The secret of a session.
    Session,
    /// A sign-in that waits for its second factor, or for the answer of an identity provider.
    Pending,
    /// How far the log must be read.
    Position,
}

impl Cookie {
    /// Its name under this address.
    pub fn name(self, base: &Url) -> &'static str {
        match (self, is_encrypted(base)) {
            (Self::Session, true) => "__Host-cairn",
            (Self::Session, false) => "cairn_session",
            (Self::Pending, true) => "__Host-cairn-pending",
            (Self::Pending, false) => "cairn_pending",
            (Self::Position, true) => "__Host-cairn-position",
            (Self::Position, false) => "cairn_position",
        }
    }

    /// Its value in a request, if the browser sent it.
    pub fn of<'h>(self, base: &Url, headers: &'h HeaderMap) -> Option<&'h str> {
        let name = self.name(base);
        let lines = headers.get_all(COOKIE).iter().filter_map(|line| line.to_str().ok());
        let pairs = lines.filter(|line| line.len() <= COOKIES_BYTES_MAX).flat_map(|line| line.split(';'));
        pairs
            .filter_map(|pair| pair.trim().split_once('='))
            .find(|(key, _)| *key == name)
            .map(|(_, value)| value)
    }

    /// The line that gives a browser this cookie for `life`. `value` is of letters, digits, `.`, `-` and `_`.
    pub fn set(self, base: &Url, value: &str, life: TimeDelta) -> HeaderValue {
        let secure = if is_encrypted(base) { "; Secure" } else { "" };
        let name = self.name(base);
        let seconds = life.num_seconds();
        let line = format!("{name}={value}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}");
        HeaderValue::try_from(line).expect("names and values of our cookies are visible ASCII")
    }

    /// The line that takes this cookie from a browser.
    pub fn cleared(self, base: &Url) -> HeaderValue {
        self.set(base, "", TimeDelta::zero())
    }
}

fn is_encrypted(base: &Url) -> bool {
    base.scheme() == "https"
}

/// Gives the browser its new session: the text that continues it.
pub fn give(base: &Url, headers: &mut HeaderMap, secret: &str) {
    headers.append(SET_COOKIE, Cookie::Session.set(base, secret, WEB_SESSION_LIFE_MAX));
    headers.append(SET_COOKIE, Cookie::Pending.cleared(base));
}

/// Gives the browser a sign-in that waits for its second factor.
pub fn give_pending(base: &Url, headers: &mut HeaderMap, pending: &str) {
    headers.append(SET_COOKIE, Cookie::Pending.set(base, pending, PENDING_LIFE));
}

/// Whoever continues a session by the cookie of this request. Nobody if there is none, if it ended, or if the request comes with
/// other credentials.
pub async fn signed(app: &App, headers: &HeaderMap) -> Result<Option<Signed>, Fault> {
    if headers.contains_key(AUTHORIZATION) {
        return Ok(None);
    }
    let secret = Cookie::Session.of(&app.settings.base_url, headers).and_then(|value| value.parse().ok());
    let Some(secret) = secret else { return Ok(None) };
    match app.sign_in.by_session(&secret).await {
        Ok(signed) => Ok(Some(signed)),
        Err(Fault::Refused(Refusal::SessionUnknown | Refusal::AccountBlocked | Refusal::AccountErased)) => {
            Ok(None)
        }
        Err(fault) => Err(fault),
    }
}

/// What is known of the browser, for the list of its account's sessions.
pub fn device(app: &App, headers: &HeaderMap, address: Address) -> Device {
    let agent = headers.get(USER_AGENT).and_then(|value| value.to_str().ok()).and_then(label);
    let country =
        app.countries.of(address.0).map(|letters| letters.iter().map(|letter| char::from(*letter)).collect());
    Device { agent, country }
}

/// Browser and system in a few words, as far as they are told: never the whole line, which may tell people apart.
fn label(agent: &str) -> Option<String> {
    let first = |known: &[(&str, &'static str)]| {
        known.iter().find(|(sign, _)| agent.contains(sign)).map(|(_, name)| *name)
    };
    // The order matters: Edge and Opera call themselves Chrome too, and everything calls itself Safari.
    let browser = first(&[
        ("Firefox/", "Firefox"),
        ("Edg/", "Edge"),
        ("OPR/", "Opera"),
        ("Chrome/", "Chrome"),
        ("Chromium/", "Chromium"),
        ("Safari/", "Safari"),
        ("QGIS/", "QGIS"),
        ("curl/", "curl"),
        ("python", "Python"),
    ]);
    let system = first(&[
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Windows", "Windows"),
        ("Mac OS", "macOS"),
        ("Linux", "Linux"),
    ]);
    match (browser, system) {
        (Some(browser), Some(system)) => Some(format!("{browser} on {system}")),
        (Some(one), None) | (None, Some(one)) => Some(one.to_owned()),
        (None, None) => None,
    }
}

/// Lets the browser's next page show what it has just done: a request with the cookie waits for the position in it as long as
/// reads wait, and an answer that tells a position leaves one. A position that readers do not reach in time is forgotten here; the
/// page is then merely older.
pub(crate) async fn read_own_writes(State(app): State<App>, request: Request, next: Next) -> Response {
    let browser = Cookie::Session.of(&app.settings.base_url, request.headers()).is_some();
    let wanted =
        Cookie::Position.of(&app.settings.base_url, request.headers()).and_then(|text| text.parse().ok());
    if let Some(position) = wanted {
        let _ = crate::position::at_least(&app, position).await;
    }
    let mut response = next.run(request).await;
    let told = response.headers().get(POSITION).and_then(|value| value.to_str().ok()).map(str::to_owned);
    let opened = response.headers().contains_key(SET_COOKIE);
    if let Some(position) = told.filter(|_| browser || opened) {
        let line = Cookie::Position.set(&app.settings.base_url, &position, POSITION_LIFE);
        response.headers_mut().append(SET_COOKIE, line);
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;
    fn at(base: &str) -> Url {
        base.parse().unwrap()
    }

    fn sent(line: &str) -> HeaderMap {
        HeaderMap::from_iter([(COOKIE, HeaderValue::from_str(line).unwrap())])
    }

    #[test]
    fn a_cookie_is_for_this_host_and_no_script() {
        let plain = Cookie::Session.set(&at("http://localhost:8000"), "ab", TimeDelta::days(1));
        assert_eq!(plain, "cairn_session=ab; Path=/; Max-Age=86400; HttpOnly; SameSite=Lax");
        let tls = Cookie::Session.set(&at("https://plugins.example.org/qgis/"), "ab", TimeDelta::days(1));
        assert_eq!(tls, "__Host-cairn=ab; Path=/; Max-Age=86400; HttpOnly; SameSite=Lax; Secure");
        assert!(Cookie::Session.cleared(&at("https://example.org")).to_str().unwrap().contains("Max-Age=0"));
    }

    #[test]
    fn a_cookie_is_found_among_others() {
        let base = at("http://localhost:8000");
        let found = |line: &str| Cookie::Session.of(&base, &sent(line)).map(str::to_owned);
        assert_eq!(found("a=b; cairn_session=xy;c=d").as_deref(), Some("xy"));
        assert_eq!(found("cairn_session=xy").as_deref(), Some("xy"));
        for other in ["", "a=b", "xcairn_session=xy", "cairn_session", "__Host-cairn=xy"] {
            assert_eq!(found(other), None, "{other}");
        }
        let long = |bytes: usize| format!("cairn_session=xy; a={}", "b".repeat(bytes - 20));
        assert!(found(&long(COOKIES_BYTES_MAX)).is_some());
        assert!(found(&long(COOKIES_BYTES_MAX + 1)).is_none());
    }

    #[test]
    fn a_browser_is_told_in_a_few_words() {
        for (agent, words) in [
            ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox on Linux"),
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0",
                "Edge on Windows",
            ),
            ("curl/8.5.0", "curl"),
        ] {
            assert_eq!(label(agent).as_deref(), Some(words));
        }
        assert_eq!(label("something else"), None);
    }
}
