//! The one client for HTTP requests to the world outside. Whatever it is asked, it connects to public addresses only,
//! or to those that a setting allows, and what it takes in is bounded in size, time and redirects.

mod address;
mod error;
mod resolver;
#[cfg(test)]
mod tests;

pub use address::{Allowed, AllowedMalformed, is_public};
pub use error::OutgoingError;

use crate::authorities;
use address::AllowList;
use http::header::{ACCEPT, AUTHORIZATION, COOKIE, LOCATION};
use http::{HeaderValue, Method, Request, Response};
use reqwest::Client;
use reqwest::redirect::Policy;
use resolver::{Guard, Lookup};
use rustls::ClientConfig;
use serde::de::DeserializeOwned;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use url::Url;

/// What a request may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OutgoingLimits {
    /// The largest body of an answer, in bytes. Bodies are never unpacked.
    pub body_bytes_max: usize,
    /// The longest time from the first packet to the last byte, redirects included.
    pub total: Duration,
    /// How many redirects are followed.
    pub redirects_max: usize,
}

impl Default for OutgoingLimits {
    /// A megabyte, ten seconds and three redirects: ample for key sets and lists of versions, and nobody waits at a
    /// sign-in page for longer.
    fn default() -> Self {
        Self { body_bytes_max: 1024 * 1024, total: Duration::from_secs(10), redirects_max: 3 }
    }
}

/// How the client is set up.
#[derive(Debug, Clone, Default)]
pub struct OutgoingSettings {
    /// Hosts and networks that may be asked although they are not public.
    pub allowed: Vec<Allowed>,
    /// The limits of each request.
    pub limits: OutgoingLimits,
    /// A file of PEM with authorities whose certificates are believed besides those that browsers believe: an
    /// organisation's own.
    pub ca_file: Option<PathBuf>,
}

/// The client. Clones share its connections.
#[derive(Debug, Clone)]
pub struct Outgoing {
    client: Client,
    allowed: Arc<AllowList>,
    limits: OutgoingLimits,
}

impl Outgoing {
    /// Makes the client. An error says which setting is wrong.
    pub fn new(settings: OutgoingSettings) -> Result<Self, OutgoingError> {
        Self::with_lookup(settings, resolver::system())
    }

    /// Proxies of the environment are not used: behind one, the address that is checked would not be the one that is
    /// connected to.
    fn with_lookup(settings: OutgoingSettings, lookup: Lookup) -> Result<Self, OutgoingError> {
        let allowed = Arc::new(AllowList(settings.allowed));
        let tls = authorities::client_config(settings.ca_file.as_deref()).map_err(OutgoingError::CaFile)?;
        let client = Client::builder()
            .user_agent(concat!("Cairn/", env!("CARGO_PKG_VERSION")))
            .no_proxy()
            .redirect(Policy::none())
            .referer(false)
            .connect_timeout(settings.limits.total)
            .tls_backend_preconfigured(ClientConfig::clone(&tls))
            .dns_resolver(Guard { lookup, allowed: Arc::clone(&allowed) })
            .build()
            .map_err(OutgoingError::Client)?;
        Ok(Self { client, allowed, limits: settings.limits })
    }

    /// Sends a request and takes in the whole answer, whatever its status. Redirects of GET and HEAD are followed,
    /// each checked as the first URL was; credentials do not go along to another origin. Those of other methods are
    /// the answer.
    pub async fn send(&self, request: Request<Vec<u8>>) -> Result<Response<Vec<u8>>, OutgoingError> {
        let url = Url::parse(&request.uri().to_string()).map_err(|_| OutgoingError::UrlMalformed)?;
        let (host, total) = (host_of(&url), self.limits.total);
        let sent = tokio::time::timeout(total, self.follow(url, request));
        sent.await.unwrap_or(Err(OutgoingError::TimedOut { host, total }))
    }

    /// Fetches a document of JSON. An answer with another status than 200 is an error, and so is JSON of another
    /// shape.
    pub async fn get_json<T: DeserializeOwned>(&self, url: &str) -> Result<T, OutgoingError> {
        let mut request = Request::new(Vec::new());
        *request.uri_mut() = url.parse().map_err(|_| OutgoingError::UrlMalformed)?;
        request.headers_mut().insert(ACCEPT, HeaderValue::from_static("application/json"));
        let host = request.uri().host().unwrap_or_default().to_owned();
        let answer = self.send(request).await?;
        if answer.status() != http::StatusCode::OK {
            return Err(OutgoingError::Status { host, status: answer.status().as_u16() });
        }
        serde_json::from_slice(answer.body()).map_err(|_| OutgoingError::NotJson { host })
    }

    async fn follow(
        &self,
        mut url: Url,
        request: Request<Vec<u8>>,
    ) -> Result<Response<Vec<u8>>, OutgoingError> {
        let (parts, body) = request.into_parts();
        let (method, mut headers) = (parts.method, parts.headers);
        for _ in 0..=self.limits.redirects_max {
            self.check(&url)?;
            let mut request = self.client.request(method.clone(), url.clone()).headers(headers.clone());
            if !body.is_empty() {
                request = request.body(body.clone());
            }
            let answer = request.send().await.map_err(|error| OutgoingError::of(&host_of(&url), error))?;
            let Some(next) = redirect(&method, &url, &answer)? else {
                return self.take_in(&host_of(&url), answer).await;
            };
            if next.origin() != url.origin() {
                headers.remove(AUTHORIZATION);
                headers.remove(COOKIE);
            }
            url = next;
        }
        Err(OutgoingError::TooManyRedirects { max: self.limits.redirects_max })
    }

    /// Judges what can be judged before a name is resolved; [`Guard`] does the rest.
    fn check(&self, url: &Url) -> Result<(), OutgoingError> {
        let host = host_of(url);
        if host.is_empty() || !url.username().is_empty() || url.password().is_some() {
            return Err(OutgoingError::UrlMalformed);
        }
        match url.scheme() {
            "https" => {}
            "http" if self.allowed.excepts(url) => {}
            "http" => return Err(OutgoingError::Insecure { host }),
            _ => return Err(OutgoingError::UrlMalformed),
        }
        if self.allowed.refuses_literal(url) {
            return Err(OutgoingError::AddressRefused { host });
        }
        Ok(())
    }

    async fn take_in(
        &self,
        host: &str,
        mut answer: reqwest::Response,
    ) -> Result<Response<Vec<u8>>, OutgoingError> {
        let max = self.limits.body_bytes_max;
        let too_large = || OutgoingError::TooLarge { host: host.to_owned(), max };
        if answer.content_length().is_some_and(|told| told > max as u64) {
            return Err(too_large());
        }
        let mut body = Vec::new();
        while let Some(chunk) = answer.chunk().await.map_err(|error| OutgoingError::of(host, error))? {
            if chunk.len() > max - body.len() {
                return Err(too_large());
            }
            body.extend_from_slice(&chunk);
        }
        let mut whole = Response::new(body);
        *whole.status_mut() = answer.status();
        *whole.headers_mut() = std::mem::take(answer.headers_mut());
        Ok(whole)
    }
}

/// Where an answer sends us, when it does and we go.
fn redirect(method: &Method, url: &Url, answer: &reqwest::Response) -> Result<Option<Url>, OutgoingError> {
    let leads_on = matches!(answer.status().as_u16(), 301 | 302 | 303 | 307 | 308);
    if !leads_on || (method != Method::GET && method != Method::HEAD) {
        return Ok(None);
    }
    let malformed = || OutgoingError::RedirectMalformed { host: host_of(url) };
    let target =
        answer.headers().get(LOCATION).and_then(|value| value.to_str().ok()).ok_or_else(malformed)?;
    url.join(target).map(Some).map_err(|_| malformed())
}

/// The host of a URL; nothing when it has none.
fn host_of(url: &Url) -> String {
    url.host_str().unwrap_or_default().to_owned()
}
