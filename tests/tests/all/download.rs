//! Downloads: whole, in part, conditional; and which of them count.

use cairn_store::both;
use cairn_tests::TestApp;
use reqwest::{Method, StatusCode};

both!(downloads_count_once_each_and_only_real_ones, |t| {
    let app = TestApp::start(&t).await;
    app.trusted("ann").await.upload("lasso", "1.1").await;
    app.settle().await;
    let visitor = app.stranger();
    let path = "/plugins/lasso/version/1.1.0/download/";

    let whole = visitor.get(path).await;
    assert_eq!(whole.status(), StatusCode::OK);
    let headers = whole.headers().clone();
    assert_eq!(headers["content-type"], "application/zip");
    assert_eq!(headers["content-disposition"], "attachment; filename=\"lasso-1.1.zip\"");
    assert_eq!(headers["cache-control"], "no-cache");
    let zip = whole.bytes().await.unwrap();

    let known =
        visitor.request(Method::GET, path).header("if-none-match", &headers["etag"]).send().await.unwrap();
    assert_eq!(known.status(), StatusCode::NOT_MODIFIED);
    let head = visitor.request(Method::HEAD, path).send().await.unwrap();
    assert_eq!(
        (head.status(), head.headers()["content-length"].to_str().unwrap().parse()),
        (StatusCode::OK, Ok(zip.len()))
    );
    let rest = visitor.request(Method::GET, path).header("range", "bytes=10-").send().await.unwrap();
    assert_eq!(rest.status(), StatusCode::PARTIAL_CONTENT);
    assert_eq!(rest.headers()["content-range"], format!("bytes 10-{}/{}", zip.len() - 1, zip.len()));
    assert_eq!(rest.bytes().await.unwrap(), zip[10..]);
    let begin = visitor.request(Method::GET, path).header("range", "bytes=0-9").send().await.unwrap();
    assert_eq!(begin.bytes().await.unwrap(), zip[..10]);
    let past = visitor
        .request(Method::GET, path)
        .header("range", format!("bytes={}-", zip.len()))
        .send()
        .await
        .unwrap();
    assert_eq!(past.status(), StatusCode::RANGE_NOT_SATISFIABLE);
    let post = visitor.request(Method::POST, path).send().await.unwrap();
    assert_eq!(post.status(), StatusCode::METHOD_NOT_ALLOWED);

    app.settle_downloads().await;
    let counted = visitor.json("/plugins/lasso/json").await["downloads"].clone();
    assert_eq!(counted, 3, "the whole, the 304 and the first part; neither HEAD nor the continuation");
});

both!(a_deployment_tool_may_ask_by_the_plugins_name, |t| {
    let app = TestApp::start(&t).await;
    let zip = cairn_domain::package::testing::PackageBuilder::new("lasso")
        .version("1.0")
        .metadata_key("name", "Lasso Tool")
        .build();
    app.trusted("ann").await.upload_zip("lasso", zip).await;
    app.settle().await;
    let response = app.stranger().get("/plugins/Lasso%20Tool/version/1.0/download/").await;
    assert_eq!(response.status(), StatusCode::OK);
    assert_eq!(
        app.stranger().get("/plugins/Rope/version/1.0/download/").await.status(),
        StatusCode::NOT_FOUND
    );
    assert_eq!(
        app.stranger().get("/plugins/lasso/version/None/download/").await.status(),
        StatusCode::NOT_FOUND
    );
});
