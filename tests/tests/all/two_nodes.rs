//! Two servers on one PostgreSQL and one package store, as behind a balancer.

use cairn_store::Engine;
use cairn_store::testing::{self, TestDb};
use cairn_tests::{TestApp, feed};
use std::collections::BTreeSet;
use std::time::Duration;

#[test]
#[cfg_attr(no_postgres, ignore = "no PostgreSQL: set CAIRN_TEST_DATABASE_URL, or install its server")]
fn what_one_node_does_the_other_shows() {
    testing::run(Engine::Postgres, two_nodes);
}

async fn two_nodes(t: TestDb) {
    let (here, there) = (TestApp::start(&t).await, TestApp::start(&t).await);
    let ann = here.trusted("ann").await;
    there.settle().await;
    let mut uploads = tokio::task::JoinSet::new();
    // A token of one node is good on the other: they share the signing key.
    let ann_there = there.stranger().with_bearer(&ann_token(&here, &ann).await);
    for (number, person) in [ann.clone(), ann_there.clone(), ann.clone(), ann_there].into_iter().enumerate() {
        uploads.spawn(async move { person.upload(&format!("lasso_{number}"), "1.0").await });
    }
    let told = uploads.join_all().await;
    let ids: BTreeSet<u64> = told.iter().map(|one| one["version_id"].as_u64().unwrap()).collect();
    assert_eq!(ids.len(), 4, "each upload has an event of its own");

    for node in [&here, &there] {
        node.settle().await;
        let entries = feed::entries(&node.stranger().text("/plugins/plugins.xml?qgis=3.34").await);
        assert_eq!(entries.len(), 4);
    }
    for number in 0..20 {
        let node = if number % 2 == 0 { &here } else { &there };
        let response = node.stranger().get("/plugins/lasso_0/version/1.0/download/").await;
        assert!(response.status().is_success());
    }
    here.settle_downloads().await;
    assert_eq!(there.stranger().json("/plugins/lasso_0/json").await["downloads"], 20, "each counted once");
}

async fn ann_token(app: &TestApp, ann: &cairn_tests::Person) -> String {
    app.sign_in(ann.id()).await
}

#[test]
#[cfg_attr(no_postgres, ignore = "no PostgreSQL: set CAIRN_TEST_DATABASE_URL, or install its server")]
fn a_node_that_only_serves_shows_what_another_projects() {
    testing::run(Engine::Postgres, |t| async move {
        let projecting = TestApp::start(&t).await;
        let ann = projecting.trusted("ann").await;
        let serving = TestApp::without_workers(&t).await;
        let uploader = serving.stranger().with_bearer(&ann_token(&projecting, &ann).await);
        uploader.upload("lasso", "1.0").await;
        for _ in 0..200 {
            let entries = feed::entries(&serving.stranger().text("/plugins/plugins.xml?qgis=3.34").await);
            if entries.len() == 1 {
                return;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("the serving node never showed the upload");
    });
}
