//! What authors do in a browser without scripts: look at a package before anything of it is published, publish it, and take
//! care of their plugins, owners and teams.

use cairn_domain::package::testing::PackageBuilder;
use cairn_store::both;
use cairn_tests::{Person, TestApp};
use reqwest::multipart::{Form, Part};
use reqwest::{Method, RequestBuilder, Response, StatusCode};
use serde_json::json;

/// A browser of somebody who signed in.
struct Browser<'a> {
    app: &'a TestApp,
    cookie: String,
}

/// What a page or a form came to.
#[derive(Debug)]
struct Answer {
    status: StatusCode,
    /// Where one is sent on to, without what was done.
    to: String,
    page: String,
}

impl<'a> Browser<'a> {
    async fn of(app: &'a TestApp, person: &Person) -> Self {
        Self { app, cookie: person.browser_cookie().await }
    }

    fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let request = self.app.stranger().request(method, path).header("accept", "text/html");
        request.header("cookie", &self.cookie).header("sec-fetch-site", "same-origin")
    }

    async fn answer(&self, sent: Response) -> Answer {
        let to = sent.headers().get("location").map_or("", |to| to.to_str().unwrap());
        let to = to.split('?').next().unwrap_or_default().to_owned();
        let (status, page) = (sent.status(), sent.text().await.unwrap());
        self.app.settle().await;
        Answer { status, to, page }
    }

    async fn get(&self, path: &str) -> Answer {
        self.answer(self.request(Method::GET, path).send().await.unwrap()).await
    }

    async fn page(&self, path: &str) -> String {
        let answer = self.get(path).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.page);
        answer.page
    }

    async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let request = self.request(Method::POST, path);
        let request = request.header("content-type", "application/x-www-form-urlencoded").body(body);
        self.answer(request.send().await.unwrap()).await
    }

    /// A form that must be done; answers where one is sent.
    async fn done(&self, path: &str, fields: &[(&str, &str)]) -> String {
        let answer = self.post(path, fields).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{path}: {}", answer.page);
        answer.to
    }

    async fn drop_zip(&self, path: &str, zip: Vec<u8>) -> Answer {
        let form = Form::new().part("package", Part::bytes(zip).file_name("lasso.zip"));
        self.answer(self.request(Method::POST, path).multipart(form).send().await.unwrap()).await
    }

    /// A zip that can be taken; answers the page on which it is looked at.
    async fn staged(&self, path: &str, zip: Vec<u8>) -> String {
        let answer = self.drop_zip(path, zip).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{path}: {}", answer.page);
        assert!(answer.to.starts_with("/plugins/add/"), "{}", answer.to);
        answer.to
    }
}

fn lasso(version: &str) -> PackageBuilder {
    PackageBuilder::new("lasso").version(version).metadata_key("name", "Lasso")
}

both!(an_author_sees_every_finding_mends_looks_again_and_publishes, |t| {
    let app = TestApp::start(&t).await;
    let ann = app.person("ann").await;
    let browser = Browser::of(&app, &ann).await;
    assert!(browser.page("/plugins/my/").await.contains("Your first plugin"));
    assert!(browser.page("/plugins/add/").await.contains("enctype=\"multipart/form-data\""));
    let before = app.house.commands.registry().head().await.unwrap();

    let bad = lasso("1.0").without_file("__init__.py").without_key("description");
    let refused = browser.drop_zip("/plugins/add/", bad.build()).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.page);
    assert!(refused.page.contains("2 errors keep this package out"), "{}", refused.page);
    assert!(
        refused.page.contains("init_missing") && refused.page.contains("key description"),
        "{}",
        refused.page
    );
    assert!(refused.page.contains("There is no <code>__init__.py</code> in"), "{}", refused.page);
    let nothing = browser.drop_zip("/plugins/add/", vec![]).await;
    assert_eq!(nothing.status, StatusCode::BAD_REQUEST);
    assert!(nothing.page.contains("choose the zip of your plugin first"), "{}", nothing.page);

    let review = browser.staged("/plugins/add/", lasso("1.0").build()).await;
    let page = browser.page(&review).await;
    assert!(page.contains("GPL-2.0, GNU General Public License v2.0<"), "{page}");
    assert!(page.contains("A new plugin <b>lasso</b>") && page.contains("It waits for review"), "{page}");
    assert_eq!(app.house.commands.registry().head().await.unwrap(), before, "looking is no event");
    assert!(browser.page("/plugins/my/").await.contains("Your first plugin"), "and makes no plugin");

    assert_eq!(browser.done(&review, &[]).await, "/plugins/lasso/versions/");
    assert!(browser.page("/plugins/lasso/versions/").await.contains("waits for review"));
    let mine = browser.page("/plugins/my/").await;
    assert!(mine.contains("Lasso") && mine.contains("1 plugin"), "{mine}");
    let head = app.house.commands.registry().head().await.unwrap();
    assert_eq!(browser.done(&review, &[]).await, "/plugins/lasso/versions/", "pressed twice");
    assert_eq!(app.house.commands.registry().head().await.unwrap(), head, "is done once");
});

both!(what_waits_for_an_author_is_nobody_elses_and_is_forgotten, |t| {
    let app = TestApp::start(&t).await;
    let (ann, bob) = (app.person("ann").await, app.person("bob").await);
    let (browser, other) = (Browser::of(&app, &ann).await, Browser::of(&app, &bob).await);
    let review = browser.staged("/plugins/add/", lasso("1.0").build()).await;
    assert_eq!(other.get(&review).await.status, StatusCode::NOT_FOUND);
    assert_eq!(other.post(&review, &[]).await.status, StatusCode::NOT_FOUND);
    let id = review.trim_end_matches('/').rsplit('/').next().unwrap();
    let told =
        bob.graphql("query($id: ID!) { stagedPackage(id: $id) { package } }", json!({ "id": id })).await;
    assert!(told["errors"].is_null() && told["data"]["stagedPackage"].is_null(), "{told}");
    let upload = "mutation($id: ID!) { uploadPlugin(input: { staged: $id }) { package } }";
    let told = bob.graphql(upload, json!({ "id": id })).await;
    assert_eq!(told["errors"][0]["extensions"]["code"], "staged_unknown", "{told}");

    let folder = t.folder().join("packages").join("staged");
    let kept = || std::fs::read_dir(&folder).unwrap().count();
    assert_eq!(kept(), 1);
    for n in 1..=6 {
        browser.staged("/plugins/add/", lasso(&format!("1.{n}")).build()).await;
    }
    assert_eq!(kept(), 4, "only the newest are kept");
    assert_eq!(browser.get(&review).await.status, StatusCode::NOT_FOUND, "the first one is forgotten");
    assert_eq!(app.house.intake().forget_staged().await.unwrap(), 0, "the others have their time");

    let told = ann.graphql("mutation { uploadPlugin(input: {}) { package } }", json!({})).await;
    assert_eq!(told["errors"][0]["extensions"]["code"], "invalid_input", "{told}");
});

both!(a_trusted_author_is_told_that_it_is_public_at_once_and_what_changes, |t| {
    let app = TestApp::start(&t).await;
    let ann = app.trusted("ann").await;
    let browser = Browser::of(&app, &ann).await;
    let review = browser.staged("/plugins/add/", lasso("1.0").build()).await;
    assert!(browser.page(&review).await.contains("It is public at once"));
    browser.done(&review, &[]).await;
    assert!(app.stranger().text("/plugins/plugins.xml?qgis=3.40").await.contains("Lasso"));

    let again = browser.drop_zip("/plugins/lasso/version/add/", lasso("1.0").build()).await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(again.page.contains("was used before"), "{}", again.page);
    let other = PackageBuilder::new("rope").version("1.0").metadata_key("name", "Rope");
    let elsewhere = browser.drop_zip("/plugins/lasso/version/add/", other.build()).await;
    assert!(elsewhere.page.contains("they must be the same"), "{}", elsewhere.page);

    let next = lasso("1.1").metadata_key("description", "Draws a better lasso");
    let review = browser.staged("/plugins/lasso/version/add/", next.build()).await;
    let page = browser.page(&review).await;
    assert!(page.contains("against 1.0") && page.contains("<ins>Draws a better lasso</ins>"), "{page}");
    browser.done(&review, &[]).await;
    assert!(browser.page("/plugins/lasso/versions/").await.contains("1.1"));
});

both!(a_refused_version_is_replaced_by_a_mended_one, |t| {
    let app = TestApp::start(&t).await;
    let (ann, sue) = (app.person("ann").await, app.staff("sue").await);
    let browser = Browser::of(&app, &ann).await;
    let uploaded = ann.upload_zip("lasso", lasso("1.0").build()).await;
    app.settle().await;
    let sha256 = &uploaded["version"]["sha256"];
    let seen = sue.graphql(r#"{ version(package: "lasso", version: "1.0") { sha256 } }"#, json!({}));
    let seen = seen.await["data"]["version"]["sha256"].clone();
    assert!(sha256.is_null() || *sha256 == seen);
    let refuse = "mutation($sha: Sha256!) { refuseVersion(input: { package: \"lasso\", version: \"1.0\", \
                  reason: \"The link leads nowhere.\", sha256: $sha }) { position } }";
    let told = sue.graphql(refuse, json!({ "sha": seen })).await;
    assert!(told["errors"].is_null(), "{told}");
    app.settle().await;

    assert!(browser.page("/plugins/my/").await.contains("The link leads nowhere."));
    let replace = "/plugins/lasso/version/1.0/update/";
    assert!(browser.page(replace).await.contains("The link leads nowhere."));
    let mended = lasso("1.0").metadata_key("homepage", "https://example.org/lasso/new");
    let review = browser.staged(replace, mended.build()).await;
    assert!(browser.page(&review).await.contains("The file of 1.0"));
    browser.done(&review, &[]).await;
    assert!(!browser.page("/plugins/lasso/versions/").await.contains("The link leads nowhere."));

    sue.approve("lasso", "1.0").await;
    let late = browser.page(replace).await;
    assert!(late.contains("stays as it is") && !late.contains("type=\"file\""), "{late}");
});

both!(versions_are_yanked_pinned_and_deleted_with_care, |t| {
    let app = TestApp::start(&t).await;
    let ann = app.trusted("ann").await;
    let browser = Browser::of(&app, &ann).await;
    for version in ["1.0", "1.1"] {
        ann.upload("lasso", version).await;
    }
    app.settle().await;
    let of = |version: &str, deed: &str| format!("/plugins/lasso/version/{version}/{deed}/");

    let refused = browser.post(&of("1.1", "yank"), &[("reason", " ")]).await;
    assert!(refused.status.is_client_error() && refused.page.contains("aria-invalid"), "{}", refused.page);
    browser.done(&of("1.1", "yank"), &[("reason", "It crashes.")]).await;
    assert!(browser.page("/plugins/lasso/versions/").await.contains("It crashes."));
    browser.done(&of("1.1", "unyank"), &[]).await;
    assert!(!browser.page("/plugins/lasso/versions/").await.contains("It crashes."));

    browser.done(&of("1.0", "pin"), &[]).await;
    assert!(browser.page("/plugins/lasso/versions/").await.contains("pinned"));
    browser.done(&of("1.0", "unpin"), &[]).await;
    assert!(!browser.page("/plugins/lasso/versions/").await.contains(">pinned<"));

    let slip = browser.post(&of("1.1", "delete"), &[("delete_confirm", "1.0")]).await;
    assert_eq!(slip.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(slip.page.contains("Type 1.1 to delete"), "{}", slip.page);
    browser.done(&of("1.1", "delete"), &[("delete_confirm", "1.1"), ("reason", "A mistake")]).await;
    assert!(!browser.page("/plugins/lasso/versions/").await.contains("1.1"));
    assert_eq!(browser.get(&of("1.1", "delete")).await.status, StatusCode::NOT_FOUND);
});

both!(a_plugin_is_edited_deprecated_deleted_and_restored, |t| {
    let app = TestApp::start(&t).await;
    let (ann, bob) = (app.trusted("ann").await, app.person("bob").await);
    let (browser, stranger) = (Browser::of(&app, &ann).await, Browser::of(&app, &bob).await);
    ann.upload("lasso", "1.0").await;
    app.settle().await;
    browser.done("/plugins/lasso/update/", &[("tags", "rope, draw"), ("server", "on")]).await;
    let page = browser.page("/plugins/lasso/update/").await;
    assert!(
        page.contains("value=\"rope, draw\"") && page.contains("name=\"server\" value=\"on\" checked"),
        "{page}"
    );
    let refused = browser.post("/plugins/lasso/maintainer/", &[("account", "nobody_at_all")]).await;
    assert_eq!(refused.status, StatusCode::NOT_FOUND);
    assert!(refused.page.contains("value=\"nobody_at_all\"") && refused.page.contains("role=\"alert\""));
    browser.done("/plugins/lasso/maintainer/", &[("account", "bob")]).await;
    assert!(browser.page("/plugins/lasso/update/").await.contains("value=\"bob\""));
    browser.done("/plugins/lasso/renaming/", &[("allowed", "on")]).await;
    assert!(browser.page("/plugins/lasso/update/").await.contains("name=\"allowed\" value=\"on\" checked"));

    let fields = [("reason", "Part of QGIS now"), ("successor", "no_such_plugin")];
    let refused = browser.post("/plugins/lasso/deprecate/", &fields).await;
    assert!(
        refused.status.is_client_error() && refused.page.contains("Part of QGIS now"),
        "{}",
        refused.page
    );
    browser.done("/plugins/lasso/deprecate/", &[("reason", "Part of QGIS now"), ("successor", "")]).await;
    assert!(browser.page("/plugins/lasso/deprecate/").await.contains("lasso is deprecated"));
    browser.done("/plugins/lasso/undeprecate/", &[]).await;

    let slip = browser.post("/plugins/lasso/delete/", &[("delete_confirm", "Lasso")]).await;
    assert_eq!(slip.status, StatusCode::UNPROCESSABLE_ENTITY);
    for path in ["/plugins/lasso/update/", "/plugins/lasso/versions/", "/plugins/lasso/owners/"] {
        assert_eq!(stranger.get(path).await.status, StatusCode::FORBIDDEN, "{path}");
    }
    let theft = stranger.post("/plugins/lasso/delete/", &[("delete_confirm", "lasso")]).await;
    assert_eq!(theft.status, StatusCode::FORBIDDEN);
    assert_eq!(browser.done("/plugins/lasso/delete/", &[("delete_confirm", "lasso")]).await, "/plugins/my/");
    assert!(browser.page("/plugins/my/").await.contains("It can be restored until"));
    browser.done("/plugins/lasso/restore/", &[]).await;
    assert!(!browser.page("/plugins/my/").await.contains("It can be restored until"));
});

both!(owners_are_invited_answer_leave_and_are_removed, |t| {
    let app = TestApp::start(&t).await;
    let (ann, bob, cid) = (app.person("ann").await, app.person("bob").await, app.person("cid").await);
    let of_ann = Browser::of(&app, &ann).await;
    let (of_bob, of_cid) = (Browser::of(&app, &bob).await, Browser::of(&app, &cid).await);
    ann.upload("lasso", "1.0").await;
    app.settle().await;
    let refused = of_ann.post("/plugins/lasso/owners/leave/", &[]).await;
    assert!(
        refused.page.contains("no owner left") && refused.page.contains("role=\"alert\""),
        "{}",
        refused.page
    );

    for name in ["bob", "cid"] {
        of_ann.done("/plugins/lasso/owners/invite/", &[("account", name)]).await;
    }
    assert!(of_bob.page("/plugins/my/").await.contains("You are asked to own lasso"));
    assert!(of_bob.page("/account/").await.contains("An invitation waits"));
    let answer_of = |page: &str, word: &str| {
        let (before, _) = page.split_once(&format!("/{word}/\"")).unwrap_or_else(|| panic!("{page}"));
        let (_, path) = before.rsplit_once("action=\"").unwrap();
        format!("{path}/{word}/")
    };
    let accept = answer_of(&of_bob.page("/account/invitations/").await, "accept");
    let stolen = of_cid.post(&accept, &[("package", "lasso")]).await;
    assert!(stolen.status.is_client_error() && stolen.page.contains("another account"), "{}", stolen.page);
    assert_eq!(of_bob.done(&accept, &[("package", "lasso")]).await, "/plugins/lasso/versions/");
    let decline = answer_of(&of_cid.page("/account/invitations/").await, "decline");
    of_cid.done(&decline, &[("package", "lasso")]).await;
    assert!(of_cid.page("/account/invitations/").await.contains("No invitation waits"));

    of_ann.done("/plugins/lasso/owners/invite/", &[("account", "cid")]).await;
    let page = of_ann.page("/plugins/lasso/owners/").await;
    let (_, rest) = page.split_once("name=\"invitation\" value=\"").unwrap();
    let invitation = rest.split('"').next().unwrap();
    of_ann.done("/plugins/lasso/owners/withdraw/", &[("invitation", invitation)]).await;
    assert!(of_cid.page("/account/invitations/").await.contains("No invitation waits"));

    of_ann.done("/plugins/lasso/owners/remove/", &[("account", "bob"), ("reason", "Done here")]).await;
    assert_eq!(of_bob.get("/plugins/lasso/owners/").await.status, StatusCode::NOT_FOUND, "nothing is public");
});

both!(a_team_owns_a_plugin_as_long_as_it_should, |t| {
    let app = TestApp::start(&t).await;
    let (ann, bob) = (app.person("ann").await, app.person("bob").await);
    let (of_ann, of_bob) = (Browser::of(&app, &ann).await, Browser::of(&app, &bob).await);
    ann.upload("lasso", "1.0").await;
    app.settle().await;
    assert!(of_ann.page("/account/teams/").await.contains("You are in no team"));
    let team = of_ann.done("/account/teams/", &[("team", "makers")]).await;
    assert_eq!(team, "/account/teams/makers/");
    let refused = of_bob.post("/account/teams/", &[("team", "Makers")]).await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    assert!(refused.page.contains("value=\"Makers\""), "{}", refused.page);
    assert!(of_bob.post("/account/teams/makers/add/", &[("account", "bob")]).await.status.is_client_error());
    of_ann.done("/account/teams/makers/add/", &[("account", "bob")]).await;
    of_ann.done("/plugins/lasso/owners/teams/add/", &[("team", "makers")]).await;
    assert!(of_bob.page("/plugins/my/").await.contains("lasso"));
    assert!(of_bob.page("/plugins/lasso/owners/").await.contains("makers"));
    let me = bob.id().to_string();
    assert_eq!(of_bob.done("/account/teams/makers/remove/", &[("account", &me)]).await, "/account/teams/");
    assert_eq!(of_bob.get("/plugins/lasso/owners/").await.status, StatusCode::NOT_FOUND);
    of_ann.done("/plugins/lasso/owners/teams/remove/", &[("team", "makers")]).await;
    assert!(!of_ann.page("/plugins/lasso/owners/").await.contains("/account/teams/makers/"));
});

both!(who_is_not_signed_in_is_sent_to_sign_in_and_back, |t| {
    let app = TestApp::start(&t).await;
    for path in ["/plugins/add/", "/plugins/my/", "/plugins/lasso/owners/", "/account/teams/"] {
        let request = app.stranger().request(Method::GET, path).header("accept", "text/html");
        let answer = request.send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::SEE_OTHER, "{path}");
        let to = answer.headers()["location"].to_str().unwrap().to_owned();
        assert!(to.starts_with("/account/sign-in/?next=%2F"), "{path}: {to}");
    }
});
