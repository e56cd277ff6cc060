//! What visitors read: lists with their filters in the address, plugins, versions and people.

use cairn_domain::package::testing::PackageBuilder;
use cairn_store::both;
use cairn_tests::{Person, TestApp};
use reqwest::{Method, Response, StatusCode};
use serde_json::json;

/// The page as a browser asks for it.
async fn page(app: &TestApp, path: &str) -> (StatusCode, String) {
    read(app.stranger().request(Method::GET, path).header("accept", "text/html").send().await.unwrap()).await
}

/// The page as the browser of somebody who is signed in asks for it.
async fn page_of(app: &TestApp, person: &Person, path: &str) -> (StatusCode, String) {
    let request = app.stranger().request(Method::GET, path).header("accept", "text/html");
    read(request.header("cookie", person.browser_cookie().await).send().await.unwrap()).await
}

async fn read(answer: Response) -> (StatusCode, String) {
    (answer.status(), answer.text().await.unwrap())
}

/// Which of these packages are in the list at this address.
async fn listed<'p>(app: &TestApp, path: &str, packages: &[&'p str]) -> Vec<&'p str> {
    let (status, html) = page(app, path).await;
    assert_eq!(status, StatusCode::OK, "{path}: {html}");
    let (_, list) = html.split_once("<div id=\"list\">").unwrap();
    packages
        .iter()
        .copied()
        .filter(|package| list.contains(&format!("href=\"/plugins/{package}/\"")))
        .collect()
}

/// The address of the link with this relation.
fn link(html: &str, rel: &str) -> Option<String> {
    let (_, rest) = html.split_once(&format!("rel=\"{rel}\" href=\""))?;
    Some(rest.split_once('"')?.0.replace("&#38;", "&").replace("&amp;", "&"))
}

/// Three plugins: a raster tool, a server, and one to try out.
async fn three(app: &TestApp) -> Person {
    let (ann, sue) = (app.person("ann").await, app.staff("sue").await);
    for (package, key, value) in [
        ("RasterTools", "tags", "raster,hillshade"),
        ("MapServer", "server", "True"),
        ("TryMe", "experimental", "True"),
    ] {
        let zip = PackageBuilder::new(package).metadata_key("name", package).metadata_key(key, value);
        ann.upload_zip(package, zip.version("1.0").build()).await;
        sue.approve(package, "1.0").await;
    }
    app.settle().await;
    ann
}

const THREE: [&str; 3] = ["RasterTools", "MapServer", "TryMe"];

both!(a_list_is_narrowed_and_ordered_in_its_address, |t| {
    let app = TestApp::start(&t).await;
    three(&app).await;
    assert_eq!(listed(&app, "/plugins/", &THREE).await, THREE);
    for (path, expected) in [
        ("/plugins/?q=raster", "RasterTools"),
        ("/plugins/?q=rastr+tools", "RasterTools"),
        ("/plugins/?tag=hillshade", "RasterTools"),
        ("/plugins/tags/hillshade/", "RasterTools"),
        ("/plugins/server/", "MapServer"),
        ("/plugins/?server=1", "MapServer"),
        ("/plugins/experimental/", "TryMe"),
        ("/plugins/?channel=experimental", "TryMe"),
        ("/plugins/stable/?q=try", ""),
        ("/plugins/featured/", ""),
        ("/plugins/deprecated/", ""),
        ("/plugins/?user=nobody", ""),
        ("/plugins/?license=gpl-2.0&q=raster", "RasterTools"),
        ("/plugins/?license=MIT", ""),
        ("/plugins/author/Nobody/", ""),
    ] {
        let expected: Vec<&str> = Some(expected).filter(|package| !package.is_empty()).into_iter().collect();
        assert_eq!(listed(&app, path, &THREE).await, expected, "{path}");
    }
    for all in ["fresh", "latest", "popular", "most_downloaded", "most_voted", "best_rated"] {
        assert_eq!(listed(&app, &format!("/plugins/{all}/"), &THREE).await, THREE, "{all}");
    }
    let (_, html) = page(&app, "/plugins/?license=gplv2").await;
    assert!(html.contains("<option value=\"GPL-2.0\" selected>"), "{html}");
    assert!(html.contains("GNU General Public License v2.0 (3)"), "{html}");
    let (_, html) = page(&app, "/plugins/?sort=name&order=desc").await;
    let at = |package: &str| html.find(&format!("href=\"/plugins/{package}/\"")).unwrap();
    assert!(at("TryMe") < at("RasterTools") && at("RasterTools") < at("MapServer"));
});

both!(pages_of_a_list_are_walked_both_ways_and_by_number, |t| {
    let app = TestApp::start(&t).await;
    three(&app).await;
    let (_, first) = page(&app, "/plugins/?sort=name&per_page=1").await;
    let (next, previous) = (link(&first, "next"), link(&first, "prev"));
    assert!(previous.is_none(), "{first}");
    let (_, second) = page(&app, &next.unwrap()).await;
    assert!(second.contains("href=\"/plugins/RasterTools/\""), "{second}");
    let (_, back) = page(&app, &link(&second, "prev").unwrap()).await;
    assert!(back.contains("href=\"/plugins/MapServer/\""), "{back}");
    for (path, package) in [("page=1", "MapServer"), ("page=2", "RasterTools"), ("page=last", "TryMe")] {
        let path = format!("/plugins/?sort=name&per_page=1&{path}");
        assert_eq!(listed(&app, &path, &THREE).await, [package], "{path}");
    }
    for missing in ["page=4", "page=0", "page=x"] {
        let (status, html) = page(&app, &format!("/plugins/?per_page=1&{missing}")).await;
        assert_eq!(status, StatusCode::NOT_FOUND, "{missing}: {html}");
    }
});

both!(a_filter_that_cannot_be_is_told_beside_what_was_written, |t| {
    let app = TestApp::start(&t).await;
    let (status, html) = page(&app, "/plugins/?qgis=three&q=map").await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    assert!(html.contains("value=\"three\"") && html.contains("value=\"map\""), "{html}");
    assert!(html.contains("aria-invalid=\"true\"") && html.contains("role=\"alert\""), "{html}");
});

both!(a_plugin_tells_who_stands_behind_it_and_takes_votes_of_people, |t| {
    let app = TestApp::start(&t).await;
    let ann = three(&app).await;
    let (_, html) = page(&app, "/plugins/RasterTools/").await;
    for expected in [
        "href=\"/plugins/user/ann/\"",
        "href=\"/plugins/tags/raster/\"",
        "href=\"/plugins/RasterTools/atom.xml\"",
        "application/ld+json",
        "Nobody has rated it yet.",
        "href=\"/plugins/?license=GPL-2.0\"",
        "\"license\":\"https://spdx.org/licenses/GPL-2.0.html\"",
        "Registered",
    ] {
        assert!(html.contains(expected), "{expected}: {html}");
    }
    assert!(!html.contains("/rate/") && !html.contains("/plugins/RasterTools/update/"), "{html}");

    let vote = |score: &'static str| {
        let request = app.stranger().request(Method::POST, "/plugins/RasterTools/rate/");
        let request = request.header("content-type", "application/x-www-form-urlencoded");
        request.header("accept", "text/html").header("sec-fetch-site", "same-origin").body(score)
    };
    let sent = vote("score=4").send().await.unwrap();
    assert!(
        sent.headers()["location"].to_str().unwrap().starts_with("/account/sign-in/"),
        "strangers sign in"
    );
    let cookie = ann.browser_cookie().await;
    let (status, refused) = read(vote("score=9").header("cookie", &cookie).send().await.unwrap()).await;
    assert_eq!(status, StatusCode::BAD_REQUEST, "{refused}");
    assert!(refused.contains("id=\"vote-problem\""), "{refused}");
    let done = vote("score=4").header("cookie", &cookie).send().await.unwrap();
    assert_eq!(
        (done.status(), &done.headers()["location"]),
        (StatusCode::SEE_OTHER, &"/plugins/RasterTools/?done=rated".parse().unwrap())
    );
    app.settle().await;
    let (_, html) = page_of(&app, &ann, "/plugins/RasterTools/?done=rated").await;
    assert!(html.contains("4.0 of 5, 1 vote") && html.contains("Your vote counts."), "{html}");
    assert!(html.contains("href=\"/plugins/RasterTools/update/\""), "owners get their links");
});

both!(what_is_not_public_is_shown_to_its_owners_and_staff_alone, |t| {
    let app = TestApp::start(&t).await;
    let ann = three(&app).await;
    ann.upload("secret", "0.1").await;
    ann.upload_zip(
        "RasterTools",
        PackageBuilder::new("RasterTools").metadata_key("name", "RasterTools").version("1.1").build(),
    )
    .await;
    app.settle().await;
    for path in ["/plugins/secret/", "/plugins/secret/version/0.1/", "/plugins/RasterTools/version/1.1/"] {
        assert_eq!(page(&app, path).await.0, StatusCode::NOT_FOUND, "{path}");
        let (status, html) = page_of(&app, &ann, path).await;
        assert_eq!(status, StatusCode::OK, "{path}: {html}");
        assert!(html.to_lowercase().contains("review"), "{path}: {html}");
    }
    let (_, html) = page_of(&app, &ann, "/plugins/RasterTools/").await;
    assert!(html.contains("waits for review"), "{html}");
});

both!(a_version_shows_what_is_in_it_and_what_changed, |t| {
    let app = TestApp::start(&t).await;
    let (ann, sue) = (app.person("ann").await, app.staff("sue").await);
    let zip = |version: &str| PackageBuilder::new("lasso").version(version).metadata_key("name", "Lasso");
    ann.upload_zip("lasso", zip("1.0").build()).await;
    sue.approve("lasso", "1.0").await;
    let newer =
        zip("1.1").metadata_key("qgisMinimumVersion", "3.28").file("ui/dialog.ui", "<ui/>".as_bytes());
    ann.upload_zip("lasso", newer.build()).await;
    let approve = "mutation($input: ApproveVersionInput!) { approveVersion(input: $input) { position } }";
    let input = json!({ "input": { "package": "lasso", "version": "1.1" } });
    let told = sue.graphql(approve, input).await;
    assert!(told["errors"].is_null(), "{told}");
    app.settle().await;
    let (status, html) = page(&app, "/plugins/lasso/version/1.1/").await;
    assert_eq!(status, StatusCode::OK);
    for expected in [
        "dialog.ui",
        "1 file added",
        "qgisMinimumVersion",
        ">sue<",
        "SHA-256",
        "newest version",
        "?license=GPL-2.0",
    ] {
        assert!(html.contains(expected), "{expected}: {html}");
    }
    assert!(html.contains("since <a href=\"/plugins/lasso/version/1.0/\">1.0</a>"), "{html}");
    let (_, old) = page(&app, "/plugins/lasso/version/1.0/").await;
    assert!(old.contains("there is a newer version"), "{old}");
});

both!(a_person_is_shown_with_their_plugins, |t| {
    let app = TestApp::start(&t).await;
    three(&app).await;
    let (status, html) = page(&app, "/plugins/user/ann/").await;
    assert_eq!(status, StatusCode::OK);
    assert!(THREE.iter().all(|package| html.contains(&format!("href=\"/plugins/{package}/\""))), "{html}");
    assert_eq!(page(&app, "/plugins/user/nobody/").await.0, StatusCode::NOT_FOUND);
});

both!(tags_are_listed_with_how_many_plugins_have_them, |t| {
    let app = TestApp::start(&t).await;
    three(&app).await;
    let (_, html) = page(&app, "/plugins/tags/?q=hill").await;
    assert!(html.contains("href=\"/plugins/tags/hillshade/\"") && !html.contains("tags/raster/"), "{html}");
});

both!(authors_are_listed_with_how_many_plugins_they_have, |t| {
    let app = TestApp::start(&t).await;
    let ann = app.trusted("ann").await;
    for (package, author) in [("one", "Zoe & Co"), ("two", "zoe & co"), ("three", "Åsa")] {
        let zip = PackageBuilder::new(package).metadata_key("name", package).metadata_key("author", author);
        ann.upload_zip(package, zip.build()).await;
    }
    app.settle().await;
    let (status, html) = page(&app, "/plugins/authors/").await;
    assert_eq!(status, StatusCode::OK);
    assert!(html.contains("2 authors"), "{html}");
    let (first, second) = (html.find("2<span class=\"hidden\"> plugins"), html.find(">Åsa</a>"));
    assert!(first.is_some() && first < second, "who has most plugins comes first: {html}");
    let (_, html) = page(&app, "/plugins/authors/?q=ZOE&sort=name").await;
    assert!(html.contains("1 author<") && !html.contains("Åsa"), "{html}");
    let link = html.split("href=\"").find(|part| part.starts_with("/plugins/author/")).expect("a link");
    let link = link.split('"').next().expect("the link ends");
    let (status, html) = page(&app, link).await;
    assert_eq!(status, StatusCode::OK, "{link}");
    assert!(html.contains("href=\"/plugins/one/\"") && html.contains("href=\"/plugins/two/\""), "{html}");
    let (_, html) = page(&app, "/plugins/authors/?q=nobody").await;
    assert!(html.contains("No author begins like this"), "{html}");
});

both!(what_authors_write_is_shown_with_its_markup_and_does_nothing, |t| {
    let app = TestApp::start(&t).await;
    let (ann, sue) = (app.person("ann").await, app.staff("sue").await);
    let about = "See **this** <b>tool</b> <script>alert(1)</script> [site](https://example.org/x) [bad](javascript:alert(1))";
    let zip = PackageBuilder::new("lasso")
        .version("1.0")
        .metadata_key("name", "Lasso")
        .metadata_key("about", about);
    ann.upload_zip("lasso", zip.build()).await;
    sue.approve("lasso", "1.0").await;
    let (_, html) = page(&app, "/plugins/lasso/").await;
    assert!(html.contains("<strong>this</strong> <strong>tool</strong>"), "{html}");
    assert!(html.contains("rel=\"nofollow ugc noopener noreferrer\""), "{html}");
    assert!(!html.contains("<script>alert") && !html.contains("href=\"javascript"), "{html}");
});
