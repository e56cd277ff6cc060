//! What every page says beside its text: who may keep it, frame it, run in it; and that no page of another site acts here.

use cairn_store::both;
use cairn_tests::TestApp;
use cairn_tests::pages::{NOT_WALKED, NOWHERE, PAGES, Page, Who, routes};
use cairn_tests::world::World;
use reqwest::{Method, Response, StatusCode};

/// A route with its names filled in by what is there, or by anything.
fn filled(route: &str, world: &World) -> String {
    let mut path = format!("{}/", route.trim_end_matches('/'));
    for (name, value) in &world.values {
        path = path.replace(&format!("{{{name}}}"), &cairn_tests::pages::coded(value));
    }
    while let (Some(from), Some(to)) = (path.find('{'), path.find('}')) {
        path.replace_range(from..=to, "00000000-0000-0000-0000-000000000000");
    }
    path
}

fn header<'a>(response: &'a Response, name: &str) -> &'a str {
    response.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

#[test]
fn every_page_is_in_the_list() {
    let listed = |path: &str| PAGES.iter().any(|page| page.is_of(path));
    let excused = |path: &str| NOT_WALKED.iter().any(|(route, _)| *route == path);
    let there = routes();
    let missing: Vec<&str> = there
        .iter()
        .filter(|route| route.get && !listed(&route.path) && !excused(&route.path))
        .map(|route| route.path.as_str())
        .collect();
    assert!(missing.is_empty(), "put these pages into tests/src/pages.rs: {missing:#?}");
    let is_there = |page: &Page| there.iter().any(|route| route.get && page.is_of(&route.path));
    // One route may stand for several pages: a list by its name, or a document.
    let lists = ["/plugins", "/plugins/featured"];
    let by_name = |page: &Page| page.route.starts_with("/docs/") || lists.contains(&page.route);
    let gone: Vec<&str> = PAGES
        .iter()
        .filter(|page| page.route != NOWHERE && !by_name(page) && !is_there(page))
        .map(|page| page.route)
        .collect();
    assert!(gone.is_empty(), "these pages are not there any more: {gone:#?}");
}

both!(every_page_keeps_to_itself, |t| {
    let world = World::plain(TestApp::start(&t).await).await;
    let mut faults = Vec::new();
    for page in PAGES {
        let path = page.path(&world.values);
        let response = world.page(page).await;
        let wanted = match page.route {
            NOWHERE => StatusCode::NOT_FOUND,
            _ if page.query.contains("wrong") => StatusCode::BAD_REQUEST,
            _ => StatusCode::OK,
        };
        if response.status() != wanted {
            faults.push(format!("{path} as {:?} answers {}", page.who, response.status()));
            continue;
        }
        let policy = header(&response, "content-security-policy");
        for part in ["default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'", "script-src 'self'"] {
            if !policy.contains(part) {
                faults.push(format!("{path}: the policy lacks {part}: {policy:?}"));
            }
        }
        if policy.contains("unsafe") || policy.contains('*') || policy.contains("http") {
            faults.push(format!("{path}: the policy lets too much through: {policy:?}"));
        }
        if header(&response, "x-content-type-options") != "nosniff" {
            faults.push(format!("{path}: browsers may guess what it is"));
        }
        if header(&response, "content-type") != "text/html; charset=utf-8" {
            faults.push(format!("{path}: {:?}", header(&response, "content-type")));
        }
        let cache = header(&response, "cache-control");
        if page.who != Who::Visitor && !(cache.contains("private") || cache.contains("no-store")) {
            faults.push(format!("{path} as {:?} may be kept for others: {cache:?}", page.who));
        }
        if cache.is_empty() {
            faults.push(format!("{path}: nothing says how long it may be kept"));
        }
    }
    assert!(faults.is_empty(), "{faults:#?}");
});

both!(a_page_of_somebody_is_never_given_to_somebody_else, |t| {
    let world = World::plain(TestApp::start(&t).await).await;
    for path in ["/", "/plugins/", "/plugins/lasso/", "/plugins/lasso/version/1.0/", "/log/", "/docs/"] {
        // Twice, so that what is kept between them would show.
        for _ in 0..2 {
            let mine = world.get(Who::Author, path).await.text().await.unwrap();
            assert!(mine.contains("/account/\">ann</a>"), "{path} greets who is signed in");
            let nobodys = world.get(Who::Visitor, path).await.text().await.unwrap();
            assert!(!nobodys.contains("/account/\">ann</a>"), "{path} greets nobody");
            let sues = world.get(Who::Staff, path).await.text().await.unwrap();
            assert!(
                sues.contains("/account/\">sue</a>") && !sues.contains("/account/\">ann</a>"),
                "{path} greets sue"
            );
        }
    }
});

both!(the_schema_is_sent_compressed_whoever_asks, |t| {
    let world = World::plain(TestApp::start(&t).await).await;
    for who in [Who::Visitor, Who::Author] {
        let request = world.request(who, Method::GET, "/graphql/schema.graphql");
        let answer = request.header("accept-encoding", "gzip").send().await.unwrap();
        assert_eq!(header(&answer, "content-encoding"), "gzip", "{who:?}");
        assert_eq!(header(&answer, "content-type"), "text/plain; charset=utf-8");
        let bytes = answer.bytes().await.unwrap().len();
        assert!(bytes < 40_000, "{who:?}: {bytes} bytes");
        let plain = world.get(who, "/graphql/schema.graphql").await.text().await.unwrap();
        assert!(plain.contains("type Query {"), "{who:?}");
    }
});

both!(no_form_is_taken_from_another_site, |t| {
    let world = World::plain(TestApp::start(&t).await).await;
    let before = world.app.house.commands.registry().head().await.unwrap();
    let posts: Vec<_> = routes().into_iter().filter(|route| route.post).collect();
    assert!(posts.len() > 20, "there are forms");
    for route in posts {
        let path = filled(&route.path, &world);
        for who in [Who::Visitor, Who::Author, Who::Staff] {
            let fields =
                [("name", "ann"), ("reason", "forged"), ("confirm", "lasso"), ("delete_confirm", "yes")];
            let forged = world.post(who, &path, "cross-site", &fields).await;
            assert_eq!(forged.status(), StatusCode::FORBIDDEN, "{path} as {who:?}");
            // Browsers of some years ago say only where they come from.
            let old = world.request(who, Method::POST, &path).header("origin", "https://evil.example");
            let old = old.header("content-type", "application/x-www-form-urlencoded").body("name=ann");
            let answer = old.send().await.unwrap();
            assert_eq!(answer.status(), StatusCode::FORBIDDEN, "{path} as {who:?}, by origin");
        }
    }
    let after = world.app.house.commands.registry().head().await.unwrap();
    assert_eq!(before, after, "and nothing happened");
});

/// What leads out of a site when it is taken for a path.
const ELSEWHERE: [&str; 14] = [
    "https://evil.example/",
    "//evil.example/",
    "///evil.example/",
    "/\\evil.example/",
    "\\\\evil.example/",
    "/%09/evil.example/",
    "/\t/evil.example/",
    "/%5cevil.example/",
    "https:evil.example",
    "http:///evil.example/",
    "javascript:alert(1)",
    "%2f%2fevil.example/",
    "@evil.example",
    "/..//evil.example/",
];

both!(nobody_is_led_to_another_site, |t| {
    let world = World::plain(TestApp::start(&t).await).await;
    let stays = |to: &str, what: &str| {
        let base: url::Url = format!("{}/", world.app.base).parse().unwrap();
        let led = base.join(to).unwrap();
        assert_eq!(led.origin(), base.origin(), "{what} leads to {to:?}");
    };
    for next in ELSEWHERE {
        for path in ["/account/sign-in/", "/accounts/login/"] {
            let path = format!("{path}?next={}", cairn_tests::pages::coded(next));
            for who in [Who::Visitor, Who::Author] {
                let answer = world.get(who, &path).await;
                stays(header(&answer, "location"), &path);
            }
        }
        // As a path of its own, too: what cuts slashes must not make another host of it.
        let path = if next.starts_with('/') { next.to_owned() } else { format!("/{next}") };
        if path.bytes().all(|byte| byte.is_ascii_graphic()) {
            let answer = world.get(Who::Visitor, &path).await;
            stays(header(&answer, "location"), &path);
        }
    }
});
