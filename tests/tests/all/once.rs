//! Every command is carried out once, however often it is sent.

use cairn_domain::package::testing::PackageBuilder;
use cairn_store::both;
use cairn_tests::{Person, TestApp};
use reqwest::multipart::{Form, Part};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

async fn upload_with_key(person: &Person, zip: Vec<u8>, key: &str) -> (StatusCode, Value) {
    let form = Form::new().part("package", Part::bytes(zip).file_name("lasso.zip"));
    let request =
        person.request(Method::POST, "/plugins/api/lasso/version/add/").header("Idempotency-Key", key);
    let response = request.multipart(form).send().await.unwrap();
    (response.status(), response.json().await.unwrap())
}

both!(the_same_key_gets_the_first_answer, |t| {
    let app = TestApp::start(&t).await;
    let ann = app.person("ann").await;
    let zip = || PackageBuilder::new("lasso").version("1.0").build();
    let (status, first) = upload_with_key(&ann, zip(), "k1").await;
    assert_eq!(status, StatusCode::CREATED, "{first}");
    let head = app.house.commands.registry().head().await.unwrap();
    let (status, again) = upload_with_key(&ann, zip(), "k1").await;
    assert_eq!((status, again), (StatusCode::CREATED, first));
    assert_eq!(app.house.commands.registry().head().await.unwrap(), head, "nothing was appended");

    let (status, used) = upload_with_key(&ann, zip(), "k2").await;
    assert_eq!((status, &used["code"]), (StatusCode::BAD_REQUEST, &json!("version_number_used")));
});

both!(a_key_stands_for_one_command_of_one_actor, |t| {
    let app = TestApp::start(&t).await;
    let (ann, bob) = (app.person("ann").await, app.person("bob").await);
    upload_with_key(&ann, PackageBuilder::new("lasso").version("1.0").build(), "k").await;
    let (_, other) = upload_with_key(&ann, PackageBuilder::new("lasso").version("1.1").build(), "k").await;
    assert_eq!(other["code"], "command_id_reused");
    let (_, stranger) = upload_with_key(&bob, PackageBuilder::new("lasso").version("1.0").build(), "k").await;
    assert_eq!(stranger["code"], "not_owner");
});

both!(a_refusal_is_remembered_under_its_key, |t| {
    let app = TestApp::start(&t).await;
    let (ann, bob) = (app.person("ann").await, app.person("bob").await);
    ann.upload("lasso", "1.0").await;
    let zip = || PackageBuilder::new("lasso").version("1.1").metadata_key("name", "lasso").build();
    assert_eq!(upload_with_key(&bob, zip(), "k").await.1["code"], "not_owner");
    let (package, reason) = ("lasso".parse().unwrap(), "asked by mail".into());
    app.operate(&cairn_commands::plugin::AddOwner { package, account: bob.id(), reason }).await;
    assert_eq!(upload_with_key(&bob, zip(), "k").await.1["code"], "not_owner", "the first outcome");
    assert_eq!(upload_with_key(&bob, zip(), "k2").await.0, StatusCode::CREATED);
});
