//! Staff trust an author where they meet them: on the page of a plugin.

use cairn_store::both;
use cairn_tests::{Person, TestApp};
use reqwest::{Method, StatusCode};
use serde_json::json;

/// The plugin's page as the person's browser shows it.
async fn page(app: &TestApp, person: &Person) -> String {
    let request = app.stranger().request(Method::GET, "/plugins/lasso/").header("accept", "text/html");
    request.header("cookie", person.browser_cookie().await).send().await.unwrap().text().await.unwrap()
}

/// Posts the form that begins or ends the trust in Ann.
async fn post(app: &TestApp, person: &Person, deed: &str, site: &str) -> (StatusCode, String) {
    let request = app.stranger().request(Method::POST, &format!("/plugins/user/ann/{deed}/"));
    let request = request.header("cookie", person.browser_cookie().await).header("sec-fetch-site", site);
    let request = request.header("content-type", "application/x-www-form-urlencoded");
    let answer = request.body("package=lasso&reason=three+good+plugins").send().await.unwrap();
    let to = answer.headers().get("location").map(|to| to.to_str().unwrap().to_owned());
    let status = answer.status();
    app.settle().await;
    (status, to.unwrap_or_default())
}

both!(staff_trust_an_author_on_the_page_of_a_plugin, |t| {
    let app = TestApp::start(&t).await;
    let (ann, sue) = (app.person("ann").await, app.staff("sue").await);
    ann.upload("lasso", "1.0").await;
    sue.approve("lasso", "1.0").await;

    assert!(!page(&app, &ann).await.contains("action=\"/plugins/user/"), "an owner is offered nothing");
    assert!(page(&app, &sue).await.contains("action=\"/plugins/user/ann/trust/\""));
    assert_eq!(post(&app, &ann, "trust", "same-origin").await.0, StatusCode::FORBIDDEN);
    assert_eq!(post(&app, &sue, "trust", "cross-site").await.0, StatusCode::FORBIDDEN);

    let (status, to) = post(&app, &sue, "trust", "same-origin").await;
    assert_eq!((status, to.as_str()), (StatusCode::SEE_OTHER, "/plugins/lasso/?done=trusted"));
    assert!(page(&app, &sue).await.contains("action=\"/plugins/user/ann/untrust/\""));
    ann.upload("lasso", "1.1").await;
    app.settle().await;
    let version = "{ plugin(package: \"lasso\") { version(number: \"1.1\") { approved } } }";
    let told = app.stranger().graphql(version, json!({})).await;
    assert_eq!(told["data"]["plugin"]["version"]["approved"], true, "{told}");

    assert_eq!(post(&app, &sue, "untrust", "same-origin").await.0, StatusCode::SEE_OTHER);
    assert!(page(&app, &sue).await.contains("action=\"/plugins/user/ann/trust/\""));
});
