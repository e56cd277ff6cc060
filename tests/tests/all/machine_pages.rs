//! What machines read of the pages, and pages that are kept in memory until anything happens.

use cairn_store::both;
use cairn_tests::{Person, TestApp};
use quick_xml::Reader;
use quick_xml::events::Event;
use reqwest::{Method, Response, StatusCode};

/// A page as a browser of somebody without a session gets it.
async fn seen(app: &TestApp, path: &str) -> Response {
    let request = app.stranger().request(Method::GET, path).header("accept", "text/html");
    request.send().await.unwrap()
}

fn header(answer: &Response, name: &str) -> String {
    answer.headers().get(name).map_or_else(String::new, |value| value.to_str().unwrap().to_owned())
}

/// Where the page came from, as it says itself.
fn came(answer: &Response) -> String {
    header(answer, "cache-status")
}

/// The texts of all elements with this name; that the whole is well-formed is seen by the way.
fn texts(xml: &str, element: &str) -> Vec<String> {
    let mut reader = Reader::from_str(xml);
    let (mut inside, mut texts) = (false, Vec::<String>::new());
    loop {
        match reader.read_event().expect("well-formed XML") {
            Event::Start(start) if start.name().as_ref() == element => {
                inside = true;
                texts.push(String::new());
            }
            Event::End(_) => inside = false,
            Event::Text(text) if inside => texts.last_mut().unwrap().push_str(&text),
            Event::Eof => return texts,
            _ => {}
        }
    }
}

async fn published(app: &TestApp) -> (Person, Person) {
    let (ann, sue) = (app.person("ann").await, app.staff("sue").await);
    ann.upload("lasso", "1.0").await;
    sue.approve("lasso", "1.0").await;
    app.settle().await;
    (ann, sue)
}

both!(a_deed_is_seen_at_once_on_pages_that_are_kept, |t| {
    let app = TestApp::start(&t).await;
    let (ann, sue) = published(&app).await;
    let first = seen(&app, "/atom.xml").await;
    assert_eq!(came(&first), "cairn; fwd=miss; stored");
    let first = first.text().await.unwrap();
    let again = seen(&app, "/atom.xml").await;
    assert_eq!(came(&again), "cairn; hit");
    assert_eq!(again.text().await.unwrap(), first);
    assert_eq!(texts(&first, "id").len(), 2, "{first}");

    ann.upload("lasso", "1.1").await;
    sue.approve("lasso", "1.1").await;
    // Without waiting: what is made now waits for the read models itself.
    let after = seen(&app, "/atom.xml").await.text().await.unwrap();
    assert!(after.contains("/plugins/lasso/version/1.1/"), "{after}");
});

both!(who_has_a_page_is_told_that_it_is_the_same, |t| {
    let app = TestApp::start(&t).await;
    published(&app).await;
    for path in ["/statistics/", "/docs/faq/", "/sitemap.xml", "/robots.txt", "/atom.xml"] {
        let first = seen(&app, path).await;
        assert_eq!(first.status(), StatusCode::OK, "{path}");
        assert_eq!(header(&first, "cache-control"), "public, no-cache", "{path}");
        assert!(header(&first, "vary").contains("Cookie"), "{path}");
        let etag = header(&first, "etag");
        let again =
            app.stranger().request(Method::GET, path).header("if-none-match", &etag).send().await.unwrap();
        assert_eq!(again.status(), StatusCode::NOT_MODIFIED, "{path}");
        assert!(again.bytes().await.unwrap().is_empty(), "{path}");
        let zipped = app.stranger().request(Method::GET, path).header("accept-encoding", "gzip");
        let zipped = zipped.header("if-none-match", &etag).send().await.unwrap();
        assert_eq!((zipped.status(), header(&zipped, "content-encoding").as_str()), (StatusCode::OK, "gzip"));
    }
});

both!(a_page_with_a_name_on_it_is_given_to_nobody_else, |t| {
    let app = TestApp::start(&t).await;
    let (ann, _) = published(&app).await;
    let cookie = ann.browser_cookie().await;
    let hers = async || {
        let request = app.stranger().request(Method::GET, "/statistics/").header("accept", "text/html");
        request.header("cookie", &cookie).send().await.unwrap()
    };
    // First hers, then a stranger's; then the other way round.
    for _ in 0..2 {
        let answer = hers().await;
        assert!(header(&answer, "cache-control").starts_with("private"), "{:?}", answer.headers());
        assert!(answer.text().await.unwrap().contains(">ann</a>"));
        let strangers = seen(&app, "/statistics/").await.text().await.unwrap();
        assert!(!strangers.contains(">ann</a>") && strangers.contains("/account/sign-in/"));
    }
    let demanding = app.stranger().request(Method::GET, "/statistics/").header("cairn-at-least", "1");
    let demanding = demanding.send().await.unwrap();
    assert_eq!((demanding.status(), came(&demanding).as_str()), (StatusCode::OK, ""));
    let with_token = ann.get("/statistics/").await;
    assert!(with_token.headers().get("etag").is_none() && came(&with_token).is_empty());
});

both!(strangers_who_ask_at_once_make_a_page_once, |t| {
    let app = TestApp::start(&t).await;
    published(&app).await;
    let asking = (0..8).map(|_| seen(&app, "/statistics/?by=week"));
    let answers = futures_util::future::join_all(asking).await;
    assert!(answers.iter().all(|answer| answer.status() == StatusCode::OK));
    let made = answers.iter().filter(|answer| came(answer) == "cairn; fwd=miss; stored");
    assert_eq!(made.count(), 1);
});

both!(a_sitemap_leads_to_what_visitors_see, |t| {
    let app = TestApp::start(&t).await;
    let (ann, _) = published(&app).await;
    ann.upload("waiting", "1.0").await;
    app.settle().await;
    let base = app.app.settings.address("");
    let parts = texts(&app.stranger().text("/sitemap.xml").await, "loc");
    let mut addresses = Vec::new();
    for part in parts {
        let path = part.strip_prefix(&base).unwrap().to_owned();
        addresses.extend(texts(&app.stranger().text(&path).await, "loc"));
    }
    assert!(addresses.contains(&format!("{base}/plugins/lasso/")), "{addresses:?}");
    assert!(!addresses.iter().any(|address| address.contains("waiting")), "{addresses:?}");
    for address in &addresses {
        let answer = seen(&app, address.strip_prefix(&base).unwrap()).await;
        assert_eq!(answer.status(), StatusCode::OK, "{address}");
    }
    assert_eq!(app.stranger().get("/sitemap/plugins-999999.xml").await.status(), StatusCode::NOT_FOUND);
});

both!(news_are_of_public_versions_only, |t| {
    let app = TestApp::start(&t).await;
    let (ann, sue) = published(&app).await;
    ann.upload("lasso", "1.1").await;
    ann.upload("waiting", "1.0").await;
    app.settle().await;
    let ids = texts(&ann.text("/plugins/lasso/atom.xml").await, "id");
    assert!(ids.len() == 2 && ids[1].ends_with("/plugins/lasso/version/1.0/"), "{ids:?}");
    assert!(!ann.text("/atom.xml").await.contains("waiting"));
    assert_eq!(sue.get("/plugins/waiting/atom.xml").await.status(), StatusCode::NOT_FOUND);
    assert_eq!(app.stranger().get("/plugins/tags/nothing/atom.xml").await.status(), StatusCode::NOT_FOUND);
});

both!(addresses_of_the_present_site_lead_to_documents, |t| {
    let app = TestApp::start(&t).await;
    for path in [
        "/docs/publish",
        "/docs/approval/",
        "/docs/faq",
        "/docs/security-scanning/rules",
        "/docs/publish/x/y",
    ] {
        assert_eq!(seen(&app, path).await.status(), StatusCode::OK, "{path}");
    }
    assert_eq!(seen(&app, "/docs/nothing").await.status(), StatusCode::NOT_FOUND);
    assert_eq!(header(&seen(&app, "/add/").await, "location"), "/docs/add-to-qgis/");
});

both!(a_time_that_is_too_long_is_told_and_a_plugin_has_numbers, |t| {
    let app = TestApp::start(&t).await;
    published(&app).await;
    let long = seen(&app, "/statistics/?by=day&from=1990-01-01").await;
    assert_eq!(long.status(), StatusCode::BAD_REQUEST);
    assert!(long.text().await.unwrap().contains("role=\"alert\""));
    app.stranger().text("/plugins/lasso/version/1.0/download/").await;
    app.settle_downloads().await;
    let page = seen(&app, "/plugins/lasso/statistics/").await.text().await.unwrap();
    assert!(page.contains("1 download of all its versions"), "{page}");
    assert_eq!(seen(&app, "/plugins/nothing/statistics/").await.status(), StatusCode::NOT_FOUND);
});

both!(who_found_a_weakness_is_told_whom_to_tell_where_the_operator_says_so, |t| {
    let path = "/.well-known/security.txt";
    let app = TestApp::with(&t, |config| {
        config.security_contact = Some("mailto:security@example.org".parse().unwrap());
    })
    .await;
    let answer = seen(&app, path).await;
    assert_eq!(header(&answer, "content-type"), "text/plain; charset=utf-8");
    let text = answer.text().await.unwrap();
    assert!(text.starts_with("Contact: mailto:security@example.org\nExpires: "), "{text}");
    let expires = text.lines().find_map(|line| line.strip_prefix("Expires: ")).unwrap();
    let expires = chrono::DateTime::parse_from_rfc3339(expires).unwrap().to_utc();
    let days = (expires - app.house.clock.now()).num_days();
    assert!((364..=365).contains(&days), "{text}");
    assert!(text.contains(&format!("\nCanonical: {}\n", app.app.settings.address(path))), "{text}");

    let silent = TestApp::start(&t).await;
    assert_eq!(seen(&silent, path).await.status(), StatusCode::NOT_FOUND);
});
