//! The page of a plugin's tokens and trusted publishers, as a browser without scripts uses it.

use cairn_commands::sign_in::Device;
use cairn_store::both;
use cairn_tests::ci_service::CiService;
use cairn_tests::{Person, TestApp};
use reqwest::{Method, RequestBuilder, StatusCode};

/// A browser of somebody who signed in.
struct Browser {
    app: TestApp,
    cookie: String,
}

impl Browser {
    async fn of(app: &TestApp, person: &Person) -> Self {
        let opened = app.app.sign_in.open_session(person.id(), None, Device::default()).await.unwrap();
        Self { app: app.clone(), cookie: format!("cairn_session={}", opened.secret.reveal()) }
    }

    async fn get(&self, path: &str) -> (StatusCode, String) {
        let request = self.app.stranger().request(Method::GET, path);
        let answer = request.header("cookie", &self.cookie).send().await.unwrap();
        (answer.status(), answer.text().await.unwrap())
    }

    async fn post(&self, path: &str, fields: &[(&str, &str)]) -> (StatusCode, String) {
        let request = self.app.stranger().request(Method::POST, path);
        let request = request.header("cookie", &self.cookie).header("sec-fetch-site", "same-origin");
        let answer = with_fields(request, fields).send().await.unwrap();
        self.app.settle().await;
        (answer.status(), answer.text().await.unwrap())
    }
}

/// As browsers send a form.
fn with_fields(request: RequestBuilder, fields: &[(&str, &str)]) -> RequestBuilder {
    let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
    request.header("content-type", "application/x-www-form-urlencoded").body(body)
}

/// What stands in a page between two texts.
fn between<'p>(page: &'p str, before: &str, after: &str) -> &'p str {
    let (_, rest) = page.split_once(before).unwrap_or_else(|| panic!("no {before} in {page}"));
    rest.split_once(after).unwrap_or_else(|| panic!("no {after} in {page}")).0
}

both!(an_owner_makes_describes_and_revokes_a_token_in_the_browser, |t| {
    let app = TestApp::start(&t).await;
    let ann = app.person("ann").await;
    ann.upload("lasso", "1.0").await;
    app.settle().await;
    let browser = Browser::of(&app, &ann).await;
    let list = "/plugins/lasso/tokens/";
    assert!(browser.get(list).await.1.contains("None yet."));

    let fields = [("description", "release <b>of Ann</b>"), ("days", "30")];
    let (status, made) = browser.post("/plugins/lasso/tokens/create/", &fields).await;
    assert_eq!(status, StatusCode::OK, "{made}");
    let secret = between(&made, "<code>cairn_", "</code>");
    let ci = app.stranger().with_bearer(&format!("cairn_{secret}"));
    ci.upload("lasso", "1.1").await;
    app.settle().await;
    let (_, page) = browser.get(list).await;
    assert!(!page.contains(secret), "it is shown once");
    assert!(page.contains("of Ann") && !page.contains("<b>"), "{page}");
    // The menu has links to this page too; the one that ends with the id comes last before the word.
    let id = between(&page, "/plugins/lasso/tokens/", "/update").rsplit('/').next().unwrap().to_owned();

    let update = format!("/plugins/lasso/tokens/{id}/update");
    assert!(browser.get(&update).await.1.contains("of Ann"));
    let (status, _) = browser.post(&update, &[("description", "nightly")]).await;
    assert_eq!(status, StatusCode::SEE_OTHER);
    let (status, page) = browser.post(&update, &[("description", &"x".repeat(513))]).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    assert!(page.contains("at most 512 characters"), "{page}");
    assert!(browser.get(list).await.1.contains("nightly"));

    let delete = format!("/plugins/lasso/tokens/{id}/delete/");
    assert!(browser.get(&delete).await.1.contains("Revoke the token?"));
    assert_eq!(browser.post(&delete, &[]).await.0, StatusCode::SEE_OTHER);
    assert!(browser.get(list).await.1.contains("nightly"), "nothing happens without a yes");
    assert_eq!(browser.post(&delete, &[("delete_confirm", "yes")]).await.0, StatusCode::SEE_OTHER);
    assert!(browser.get(list).await.1.contains("None yet."));
    assert_eq!(ci.get("/plugins/api/lasso/version/add/").await.status(), StatusCode::FORBIDDEN);
    let (status, page) = browser.post("/plugins/lasso/tokens/create/", &[("days", "366")]).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    assert!(page.contains("at most 365 days"), "{page}");
});

both!(an_owner_names_and_removes_a_publisher_in_the_browser, |t| {
    let ci = CiService::start().await;
    let app = TestApp::with(&t, |config| ci.believed(config)).await;
    let ann = app.person("ann").await;
    let browser = Browser::of(&app, &ann).await;
    let list = "/plugins/to_come/tokens/";
    let (status, page) = browser.get(list).await;
    assert_eq!(status, StatusCode::OK, "the plugin need not exist");
    assert!(page.contains("audience=plugins.example.org") && page.contains(&ci.issuer), "{page}");
    let named = |repository| {
        [("issuer", ci.issuer.as_str()), ("repository", repository), ("workflow", "release.yml")]
    };
    let (status, page) =
        browser.post("/plugins/to_come/publishers/create/", &named("https://github.com/ann/lasso")).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    assert!(page.contains("owner/name"), "{page}");
    let (status, _) = browser.post("/plugins/to_come/publishers/create/", &named("ann/lasso")).await;
    assert_eq!(status, StatusCode::SEE_OTHER);
    let (_, page) = browser.get(list).await;
    assert!(page.contains("ann/lasso") && page.contains(".github/workflows/release.yml"), "{page}");
    let id = between(&page, "/plugins/to_come/publishers/", "/delete/").to_owned();
    let id = id.rsplit('/').next().unwrap().to_owned();
    let delete = format!("/plugins/to_come/publishers/{id}/delete/");
    assert!(browser.get(&delete).await.1.contains("Remove the publisher?"));
    assert_eq!(browser.post(&delete, &[("delete_confirm", "yes")]).await.0, StatusCode::SEE_OTHER);
    assert!(!browser.get(list).await.1.contains(&id));
});

both!(who_may_not_change_a_plugin_sees_none_of_its_tokens, |t| {
    let app = TestApp::start(&t).await;
    let (ann, bob) = (app.person("ann").await, app.person("bob").await);
    ann.upload("lasso", "1.0").await;
    app.settle().await;
    let nobody = app.stranger().get("/plugins/lasso/tokens/").await;
    assert_eq!(nobody.status(), StatusCode::SEE_OTHER);
    let to = nobody.headers()["location"].to_str().unwrap().to_owned();
    assert!(to.starts_with("/account/sign-in/?next="), "{to}");
    let bob = Browser::of(&app, &bob).await;
    assert_eq!(bob.get("/plugins/lasso/tokens/").await.0, StatusCode::FORBIDDEN);
    assert_eq!(bob.post("/plugins/lasso/tokens/create/", &[("days", "1")]).await.0, StatusCode::FORBIDDEN);
    let sue = Browser::of(&app, &app.staff("sue").await).await;
    assert_eq!(sue.get("/plugins/lasso/tokens/").await.0, StatusCode::OK);
    let ann_browser = Browser::of(&app, &ann).await;
    let forged = app.stranger().request(Method::POST, "/plugins/lasso/tokens/create/");
    let forged = forged.header("cookie", &ann_browser.cookie).header("sec-fetch-site", "cross-site");
    let answer = with_fields(forged, &[("days", "1")]).send().await.unwrap();
    assert!(answer.status().is_client_error(), "another site's form makes no token: {}", answer.status());
});
