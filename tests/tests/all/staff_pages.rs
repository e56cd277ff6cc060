//! What staff do in a browser without scripts: the review queue, accounts, what is featured, deletions, settings, and the log,
//! which everybody reads. Who is not staff is told so, and who is not signed in is sent to sign in.

use cairn_store::both;
use cairn_tests::{Person, TestApp, feed};
use reqwest::{Method, StatusCode};

/// A browser of somebody who signed in.
struct Browser<'a> {
    app: &'a TestApp,
    cookie: String,
}

/// What a form came to.
#[derive(Debug)]
struct Answer {
    status: StatusCode,
    /// Where one is sent on to.
    to: String,
    page: String,
}

impl<'a> Browser<'a> {
    async fn of(app: &'a TestApp, person: &Person) -> Self {
        Self { app, cookie: person.browser_cookie().await }
    }

    async fn get(&self, path: &str) -> (StatusCode, String) {
        let request = self.app.stranger().request(Method::GET, path).header("accept", "text/html");
        let answer = request.header("cookie", &self.cookie).send().await.unwrap();
        (answer.status(), answer.text().await.unwrap())
    }

    async fn page(&self, path: &str) -> String {
        let (status, page) = self.get(path).await;
        assert_eq!(status, StatusCode::OK, "{path}: {page}");
        page
    }

    async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let request = self.app.stranger().request(Method::POST, path).header("accept", "text/html");
        let request = request.header("cookie", &self.cookie).header("sec-fetch-site", "same-origin");
        let request = request.header("content-type", "application/x-www-form-urlencoded").body(body);
        let answer = request.send().await.unwrap();
        let to = answer.headers().get("location").map(|to| to.to_str().unwrap().to_owned());
        let status = answer.status();
        let page = answer.text().await.unwrap();
        self.app.settle().await;
        Answer { status, to: to.unwrap_or_default(), page }
    }

    /// A form that must be done.
    async fn done(&self, path: &str, fields: &[(&str, &str)]) -> String {
        let answer = self.post(path, fields).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{path}: {}", answer.page);
        answer.to
    }
}

/// What stands in a page between two texts.
fn between<'p>(page: &'p str, before: &str, after: &str) -> &'p str {
    let (_, rest) = page.split_once(before).unwrap_or_else(|| panic!("no {before} in {page}"));
    rest.split_once(after).unwrap_or_else(|| panic!("no {after} in {page}")).0
}

/// What the form of the verdict holds beside the reason.
fn looked_at(page: &str) -> (String, String) {
    let field = |name: &str| between(page, &format!("name=\"{name}\" value=\""), "\"").to_owned();
    (field("sha256"), field("base"))
}

async fn packages(app: &TestApp) -> Vec<String> {
    let xml = app.stranger().text("/plugins/plugins.xml?qgis=3.40").await;
    feed::entries(&xml).iter().map(|entry| format!("{} {}", entry["name"], entry["version"])).collect()
}

both!(staff_review_one_version_after_the_other, |t| {
    let app = TestApp::start(&t).await;
    let (ann, sue) = (app.person("ann").await, app.staff("sue").await);
    ann.upload("lasso", "1.0").await;
    ann.upload("rope", "1.0").await;
    app.settle().await;
    let browser = Browser::of(&app, &sue).await;

    let queue = browser.page("/staff/queue/").await;
    assert!(queue.find("lasso 1.0").unwrap() < queue.find("rope 1.0").unwrap(), "the oldest first: {queue}");
    let review = browser.page("/staff/queue/lasso/1.0/").await;
    assert!(review.contains("first version") && review.contains("lasso/metadata.txt"), "{review}");
    let (sha256, base) = looked_at(&review);
    assert_eq!(base, "");

    let other = "00".repeat(32);
    let stale = [("sha256", other.as_str()), ("base", ""), ("from", "queue")];
    let refused = browser.post("/plugins/lasso/version/1.0/approve/", &stale).await;
    assert_eq!(refused.status, StatusCode::CONFLICT, "{refused:?}");
    assert!(refused.page.contains("id=\"problem\""), "{}", refused.page);
    assert!(packages(&app).await.is_empty(), "only what was looked at is approved");

    let seen = [("sha256", sha256.as_str()), ("base", ""), ("from", "queue")];
    let to = browser.done("/plugins/lasso/version/1.0/approve/", &seen).await;
    assert_eq!(to, "/staff/queue/next/?done=approved");
    assert_eq!(packages(&app).await, ["lasso 1.0"]);
    let next =
        app.stranger().request(Method::GET, &to).header("cookie", &browser.cookie).send().await.unwrap();
    assert_eq!(next.headers()["location"], "/staff/queue/rope/1.0/?done=approved");

    let review = browser.page("/staff/queue/rope/1.0/?done=approved").await;
    assert!(review.contains("role=\"status\">Approved."), "what was done is said: {review}");
    let (sha256, _) = looked_at(&review);
    let refuse = "/staff/queue/rope/1.0/refuse/";
    let without = browser.post(refuse, &[("sha256", &sha256), ("base", ""), ("reason", " ")]).await;
    assert_eq!(without.status, StatusCode::BAD_REQUEST, "a refusal has a reason: {without:?}");
    let why =
        [("sha256", sha256.as_str()), ("base", ""), ("suggested", "No licence."), ("reason", "Please mend.")];
    browser.done(refuse, &why).await;
    assert!(browser.page("/staff/queue/").await.contains("Nothing waits for you"));
    let review = browser.page("/staff/queue/rope/1.0/").await;
    assert!(review.contains("Please mend. No licence."), "{review}");
});

both!(a_review_shows_what_changes_and_a_version_is_taken_back, |t| {
    let app = TestApp::start(&t).await;
    let (ann, sue) = (app.person("ann").await, app.staff("sue").await);
    ann.upload("lasso", "1.0").await;
    sue.approve("lasso", "1.0").await;
    ann.upload("lasso", "1.1").await;
    app.settle().await;
    let browser = Browser::of(&app, &sue).await;
    let review = browser.page("/staff/queue/lasso/1.1/").await;
    assert!(review.contains("<del>1.0</del>") && review.contains("<ins>1.1</ins>"), "{review}");
    let (sha256, base) = looked_at(&review);
    assert_eq!(base, "1.0");
    let seen = [("sha256", sha256.as_str()), ("base", &base), ("from", "queue")];
    browser.done("/plugins/lasso/version/1.1/approve/", &seen).await;

    let ask = "/plugins/lasso/version/1.1/unapprove/";
    let page = browser.page(ask).await;
    assert!(page.contains("1.0 takes its place"), "{page}");
    let to = browser.done(ask, &[("reason", "It crashes."), ("suggested", "")]).await;
    assert_eq!(to, "/plugins/lasso/version/1.1/?done=unapproved");
    assert_eq!(packages(&app).await, ["lasso 1.0"]);
    let log = app.stranger().text("/log/?kind=VersionUnapproved").await;
    assert!(log.contains("It crashes.") && log.contains("took lasso 1.1 out of the feeds"), "{log}");

    let author = Browser::of(&app, &ann).await;
    assert_eq!(author.get(ask).await.0, StatusCode::FORBIDDEN, "an author without trust may not");
});

both!(pages_of_staff_are_for_staff, |t| {
    let app = TestApp::start(&t).await;
    let (ann, sue) = (app.person("ann").await, app.staff("sue").await);
    ann.upload("lasso", "1.0").await;
    app.settle().await;
    let (author, staff) = (Browser::of(&app, &ann).await, Browser::of(&app, &sue).await);
    for path in [
        "/staff/",
        "/staff/queue/",
        "/staff/queue/lasso/1.0/",
        "/staff/accounts/",
        "/staff/accounts/ann/",
        "/staff/accounts/ann/undo/",
        "/staff/featured/",
        "/staff/deletions/lasso/",
        "/staff/settings/",
        "/staff/qgis/",
        "/staff/health/",
        "/plugins/awaiting_deletion/",
    ] {
        let page = staff.page(path).await;
        assert!(page.contains("aria-label=\"Staff\""), "{path}: {page}");
        let (status, page) = author.get(path).await;
        assert_eq!(status, StatusCode::FORBIDDEN, "{path}");
        assert!(page.contains("taff"), "{path} says who may: {page}");
        let stranger = app.stranger().request(Method::GET, path).header("accept", "text/html");
        let answer = stranger.send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::SEE_OTHER, "{path}");
        let to = answer.headers()["location"].to_str().unwrap();
        assert!(to.starts_with("/account/sign-in/?next="), "{path} leads to {to}");
    }
    for (path, fields) in [
        ("/staff/featured/", vec![("package", "lasso")]),
        ("/staff/qgis/", vec![("latest", "3.44"), ("ltr", "3.40")]),
        ("/staff/settings/", vec![("token_days", "30")]),
        ("/plugins/user/sue/block/", vec![("reason", "x")]),
        ("/staff/accounts/ann/role/", vec![("deed", "make_staff")]),
        ("/staff/accounts/sue/undo/", vec![("since", "2020-01-01T00:00")]),
        ("/plugins/lasso/version/1.0/approve/", vec![]),
    ] {
        let refused = author.post(path, &fields).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN, "{path}: {refused:?}");
    }
});

both!(an_account_is_found_blocked_unblocked_and_undone, |t| {
    let app = TestApp::start(&t).await;
    let (ann, sue) = (app.trusted("ann").await, app.staff("sue").await);
    ann.upload("lasso", "1.0").await;
    app.settle().await;
    assert_eq!(packages(&app).await, ["lasso 1.0"]);
    let browser = Browser::of(&app, &sue).await;
    assert!(browser.page("/staff/accounts/?q=an").await.contains("/staff/accounts/ann/"));
    assert!(!browser.page("/staff/accounts/?who=blocked").await.contains("/staff/accounts/ann/"));
    let page = browser.page("/staff/accounts/ann/").await;
    assert!(page.contains("/plugins/lasso/") && page.contains("uploaded lasso 1.0"), "{page}");

    let block = "/plugins/user/ann/block/";
    let refused = browser.post(block, &[("reason", "spam"), ("until", "2001-01-01")]).await;
    assert_eq!(refused.status, StatusCode::BAD_REQUEST, "{refused:?}");
    assert!(refused.page.contains("value=\"spam\"") && refused.page.contains("value=\"2001-01-01\""));
    assert_eq!(
        browser.done(block, &[("reason", "spam"), ("until", "")]).await,
        "/staff/accounts/ann/?done=blocked"
    );
    assert!(browser.page("/staff/accounts/?who=blocked").await.contains("/staff/accounts/ann/"));
    assert!(browser.page("/staff/accounts/ann/").await.contains("spam"));
    assert!(ann.graphql("{ me { name } }", serde_json::json!({})).await["data"]["me"].is_null());
    browser.done("/plugins/user/ann/unblock/", &[("reason", "")]).await;

    let undo = "/staff/accounts/ann/undo/";
    let since = ("since", "2001-01-01T00:00");
    let foreseen = browser.post(undo, &[since]).await;
    assert_eq!(foreseen.status, StatusCode::OK);
    assert!(
        foreseen.page.contains("plugin/lasso") && foreseen.page.contains("name=\"confirm\""),
        "{}",
        foreseen.page
    );
    assert_eq!(packages(&app).await, ["lasso 1.0"], "it was only told");
    let mistyped = browser.post(undo, &[since, ("confirm", "bob")]).await;
    assert_eq!(mistyped.status, StatusCode::BAD_REQUEST);
    assert_eq!(packages(&app).await, ["lasso 1.0"]);
    browser.done(undo, &[since, ("confirm", "ann")]).await;
    assert!(packages(&app).await.is_empty());
});

both!(admins_give_roles_and_set_the_rules, |t| {
    let app = TestApp::start(&t).await;
    let (ann, root) = (app.person("ann").await, app.admin("root").await);
    let browser = Browser::of(&app, &root).await;
    let rules = |days: &'static str| {
        [
            ("registration", "INVITE"),
            ("staff_factor", "NEVER"),
            ("publisher_factor", "no"),
            ("on_block", "UNAPPROVE"),
            ("token_days", days),
        ]
    };
    let refused = browser.post("/staff/settings/", &rules("0")).await;
    assert_eq!(refused.status, StatusCode::BAD_REQUEST, "{refused:?}");
    assert!(refused.page.contains("value=\"INVITE\" checked"), "what was chosen is kept: {}", refused.page);
    browser.done("/staff/settings/", &rules("30")).await;
    let page = browser.page("/staff/settings/").await;
    assert!(page.contains("value=\"INVITE\" checked") && page.contains("by root"), "{page}");
    // Two staff would need second factors by the rules of the beginning; those just set demand none.
    browser.done("/staff/accounts/ann/role/", &[("deed", "make_staff")]).await;
    assert!(browser.page("/staff/accounts/?who=staff").await.contains("/staff/accounts/ann/"));
    let strange = browser.post("/staff/accounts/ann/role/", &[("deed", "make_king")]).await;
    assert_eq!(strange.status, StatusCode::BAD_REQUEST);
    let page = Browser::of(&app, &ann).await.page("/staff/settings/").await;
    assert!(page.contains("Only admins change them"), "{page}");

    browser.done("/staff/qgis/", &[("latest", "3.44.1"), ("stable", ""), ("ltr", "3.40")]).await;
    let page = browser.page("/staff/qgis/").await;
    assert!(page.contains("value=\"3.44\"") && page.contains("value=\"3.40\""), "{page}");
    let refused = browser.post("/staff/qgis/", &[("latest", "new"), ("stable", ""), ("ltr", "3.40")]).await;
    assert_eq!(refused.status, StatusCode::BAD_REQUEST);
    assert!(refused.page.contains("value=\"new\""), "{}", refused.page);
});

both!(staff_recommend_restore_end_and_give_away, |t| {
    let app = TestApp::start(&t).await;
    let (ann, sue) = (app.trusted("ann").await, app.staff("sue").await);
    ann.upload("lasso", "1.0").await;
    app.settle().await;
    let browser = Browser::of(&app, &sue).await;
    let unknown = browser.post("/staff/featured/", &[("package", "lazzo")]).await;
    assert_eq!(unknown.status, StatusCode::NOT_FOUND);
    assert!(unknown.page.contains("value=\"lazzo\""), "{}", unknown.page);
    browser.done("/staff/featured/", &[("package", "lasso")]).await;
    assert!(browser.page("/staff/featured/").await.contains("<code>lasso</code>"));
    browser.done("/staff/featured/remove/", &[("package", "lasso")]).await;
    assert!(browser.page("/staff/featured/").await.contains("Nothing is featured yet"));

    let mark = "mutation { markForDeletion(input: { package: \"lasso\", reason: \"old\" }) { position } }";
    let marked = async || {
        let told = ann.graphql(mark, serde_json::json!({})).await;
        assert!(told["errors"].is_null(), "{told}");
        app.settle().await;
        browser.page("/plugins/awaiting_deletion/").await
    };
    assert!(marked().await.contains("/staff/deletions/lasso/"));
    browser.done("/staff/deletions/restore/", &[("package", "lasso")]).await;
    assert_eq!(packages(&app).await, ["lasso 1.0"]);
    marked().await;
    let mistyped = browser.post("/staff/deletions/lasso/", &[("confirm", "Lasso")]).await;
    assert_eq!(mistyped.status, StatusCode::BAD_REQUEST, "{mistyped:?}");
    browser.done("/staff/deletions/lasso/", &[("confirm", "lasso"), ("reason", "old")]).await;
    assert!(browser.page("/plugins/awaiting_deletion/").await.contains("No plugin is marked"));
    let bob = app.person("bob").await;
    let nobody = [("package", "lasso"), ("owner", "nobody")];
    assert_eq!(browser.post("/staff/deletions/revive/", &nobody).await.status, StatusCode::NOT_FOUND);
    browser.done("/staff/deletions/revive/", &[("package", "lasso"), ("owner", "bob")]).await;
    bob.upload("lasso", "2.0").await;
});

both!(everybody_reads_the_log_and_it_names_only_who_may_be_named, |t| {
    let app = TestApp::start(&t).await;
    let (ann, bob) = (app.trusted("ann").await, app.person("bob").await);
    ann.upload("lasso", "1.0").await;
    bob.upload("rope", "1.0").await;
    app.settle().await;
    let log = app.stranger().text("/log/").await;
    assert!(log.contains("<b>ann</b>"), "who owns a public plugin is named: {log}");
    assert!(!log.contains("<b>bob</b>"), "who owns none is not: {log}");
    assert!(
        log.find("uploaded rope 1.0").unwrap() < log.find("uploaded lasso 1.0").unwrap(),
        "the newest first"
    );
    let sue = app.staff("sue").await;
    assert!(Browser::of(&app, &sue).await.page("/log/").await.contains("<b>bob</b>"), "staff know all");

    let one = app.stranger().text("/log/?kind=VersionUploaded&plugin=lasso").await;
    assert!(one.contains("uploaded lasso 1.0") && !one.contains("rope 1.0"), "{one}");
    let position = between(&one, "class=\"position\" href=\"/log/", "/\"");
    let event = app.stranger().text(&format!("/log/{position}/")).await;
    assert!(event.contains("plugin/lasso") && event.contains("VersionUploaded"), "{event}");
    for nothing in ["/log/999999/", "/log/x/", "/log/-1/"] {
        assert_eq!(app.stranger().get(nothing).await.status(), StatusCode::NOT_FOUND, "{nothing}");
    }
    let by_ann = app.stranger().text("/log/?actor=ann").await;
    assert!(by_ann.contains("uploaded lasso 1.0") && !by_ann.contains("rope 1.0"), "{by_ann}");
    assert!(by_ann.contains("name=\"actor\" value=\"ann\""), "{by_ann}");
    let by_bob = app.stranger().text("/log/?actor=bob").await;
    assert!(!by_bob.contains("rope 1.0") && by_bob.contains("Names are known of who owns"), "{by_bob}");
    assert!(Browser::of(&app, &sue).await.page("/log/?actor=bob").await.contains("uploaded rope 1.0"));
    let oddly = app.stranger().text("/log/?plugin=a+b&kind=PluginSold&before=x").await;
    assert!(oddly.contains("id=\"problem\""), "{oddly}");
});
