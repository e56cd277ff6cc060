//! Public pages as strangers get them, kept in memory until anything happens.
//!
//! A page is made of read models, and those of the registry log: while the log stands where it stood when a page was made of
//! all of it, the page is what it would be if it were made again. So one deed, of any process, makes all pages anew; only
//! what is not in that log, which is the counts of downloads, comes with a beat. Many who ask for the same page at once wait for
//! the first of them.
//!
//! Only what a handler marks as [`Shared`] is kept, and only for who shows no sign of being somebody.

mod kept;
mod shelf;

pub(crate) use kept::Kept;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::header::AUTHORIZATION;
use axum::http::{HeaderMap, HeaderValue, Method};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::Response;
use cairn_api::session::Cookie;
use cairn_api::{AT_LEAST, App};
use chrono::TimeDelta;
use shelf::{Found, Shelf};
use std::sync::Arc;
use std::time::Duration;

/// Marks an answer as the same for everybody who is nobody in particular.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Shared;

/// How much is kept, and for how long.
#[derive(Debug, Clone, Copy)]
pub(crate) struct CacheLimits {
    /// Pages. Ten times as many as people look at in a minute on a busy day.
    pub(crate) entries_max: usize,
    /// Their bytes together, plain and compressed: 64 MB hold some thousand large ones.
    pub(crate) bytes_max: usize,
    /// Bytes of one page; larger ones are made each time.
    pub(crate) page_bytes_max: usize,
    /// Bytes of an address; nobody links to longer ones.
    pub(crate) address_bytes_max: usize,
    /// How old a page may be while nothing happens: counts of downloads are behind by so much.
    pub(crate) beat: TimeDelta,
    /// How long a page waits for read models that have yet to read a deed, so that what is made of them can be kept.
    pub(crate) wait_max: Duration,
}

impl Default for CacheLimits {
    fn default() -> Self {
        Self {
            entries_max: 4_096,
            bytes_max: 64_000_000,
            page_bytes_max: 1_000_000,
            address_bytes_max: 1_024,
            beat: TimeDelta::seconds(10),
            wait_max: Duration::from_millis(100),
        }
    }
}

/// The pages with their cache around them.
pub(crate) fn around(pages: Router<App>, app: &App) -> Router<App> {
    with(pages, app, CacheLimits::default())
}

fn with(pages: Router<App>, app: &App, limits: CacheLimits) -> Router<App> {
    let cache = Cache { app: app.clone(), shelf: Arc::new(Shelf::new(limits)), limits };
    pages.layer(from_fn_with_state(cache, answer))
}

/// The cache of this process.
#[derive(Debug, Clone)]
struct Cache {
    app: App,
    shelf: Arc<Shelf>,
    limits: CacheLimits,
}

async fn answer(State(cache): State<Cache>, request: Request, next: Next) -> Response {
    let Some(address) = cache.address(&request) else { return next.run(request).await };
    let flight = match cache.look(&address) {
        Found::Kept(kept) => return cache.told("memory", kept.answer(request.headers())),
        Found::Wanted(flight) => flight,
    };
    let mut unkept = flight.lock().await;
    // Somebody else made it meanwhile, or found that it cannot be kept: then everybody makes it for themselves at once.
    if let Found::Kept(kept) = cache.look(&address) {
        return cache.told("shared", kept.answer(request.headers()));
    }
    if *unkept {
        drop(unkept);
        return cache.told("alone", next.run(request).await);
    }
    let headers = request.headers().clone();
    let (response, kept) = cache.make(&address, request, next).await;
    *unkept = kept.is_none();
    if let Some(kept) = kept {
        return cache.told("made", kept.answer(&headers));
    }
    cache.shelf.forget_flight(&address, &flight);
    cache.told("alone", response)
}

impl Cache {
    /// The address, if a stranger asks for a page in the ordinary way.
    fn address(&self, request: &Request) -> Option<String> {
        let headers = request.headers();
        let plain = request.method() == Method::GET
            && !headers.contains_key(AUTHORIZATION)
            && !headers.contains_key(AT_LEAST)
            && !headers.contains_key("x-requested-with")
            && !self.is_somebody(headers);
        let address = request.uri().path_and_query()?.as_str();
        (plain && address.len() <= self.limits.address_bytes_max).then(|| address.to_owned())
    }

    /// Whoever has a cookie of ours is signed in, is about to be, or has just done something.
    fn is_somebody(&self, headers: &HeaderMap) -> bool {
        let base = &self.app.settings.base_url;
        [Cookie::Session, Cookie::Pending, Cookie::Position]
            .iter()
            .any(|cookie| cookie.of(base, headers).is_some())
    }

    fn head(&self) -> u64 {
        *self.app.commands.registry().watch().borrow()
    }

    fn look(&self, address: &str) -> Found {
        self.shelf.look(address, self.head(), self.app.clock.now())
    }

    /// Makes the page, and keeps it if its handler shares it and it shows the whole log.
    async fn make(&self, address: &str, request: Request, next: Next) -> (Response, Option<Arc<Kept>>) {
        // What is asked of read models after this shows at least so much of the log; it may show more, and is then thrown away as
        // soon as this process hears of it.
        let head = self.head();
        let whole = self.app.projections.wait_for(head, self.limits.wait_max).await.is_ok();
        let made_at = self.app.clock.now();
        let response = next.run(request).await;
        if !whole || response.extensions().get::<Shared>().is_none() {
            return (response, None);
        }
        match Kept::of(response, self.limits.page_bytes_max).await {
            Ok(kept) => {
                let kept = Arc::new(kept);
                self.shelf.keep(address, head, made_at, &kept);
                (Response::default(), Some(kept))
            }
            Err(response) => (response, None),
        }
    }

    /// Counts the answer, and says in it where it came from in the words of RFC 9211.
    fn told(&self, from: &'static str, mut response: Response) -> Response {
        let status = match from {
            "memory" => Some("cairn; hit"),
            "shared" => Some("cairn; fwd=miss; collapsed"),
            "made" => Some("cairn; fwd=miss; stored"),
            _ => None,
        };
        if let Some(status) = status {
            response.headers_mut().insert("cache-status", HeaderValue::from_static(status));
        }
        metrics::counter!("cairn_pages_total", "from" => from).increment(1);
        if from == "made" {
            #[expect(clippy::cast_precision_loss, reason = "bytes in memory are far below 2^52")]
            metrics::gauge!("cairn_pages_kept_bytes").set(self.shelf.bytes() as f64);
        }
        response
    }
}
