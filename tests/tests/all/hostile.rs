//! Whatever an author writes, a page shows it as text: hostile names, texts, tags, files and pictures come in by every door, and
//! every page and feed is read as a browser reads it.

use cairn_commands::account::BlockAccount;
use cairn_domain::Actor;
use cairn_domain::package::testing::PackageBuilder;
use cairn_store::both;
use cairn_tests::pages::{PAGES, Who};
use cairn_tests::world::World;
use cairn_tests::{TestApp, feed, markup};
use reqwest::multipart::{Form, Part};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

/// It leaves an attribute, an element, a script, a comment and a CDATA section, and brings what [`markup`] knows.
const TEXT: &str = "\"'><script>alert(1)</script><img src=x onerror=alert(1)>--></title></textarea>]]>\
    <svg/onload=alert(1)><x-evil data-evil id=evil-name class=evil-name>{{ 7 }}${7}&lt;script&gt;";

/// A longer one, in the languages that authors write.
const ABOUT: &str = "<script>alert(1)</script> and [a link](javascript:alert(1)) and ![a picture](javascript:alert(1))\n\
    <a href=\"javascript:alert(1)\" onclick=\"alert(1)\" id=\"main\" name=\"evil-name\" class=\"evil-name\">press</a>\n\
    <a href=\" java&#10;script:alert(1)\">press</a> <a href=\"data:text/html,<script>alert(1)</script>\">press</a>\n\
    <iframe src=\"https://evil.example/\"></iframe><object data=\"x\"></object><embed src=\"x\">\n\
    <form action=\"https://evil.example/\"><input name=\"evil-name\"><button formaction=\"javascript:alert(1)\">x</button></form>\n\
    <svg><script>alert(1)</script><a xlink:href=\"javascript:alert(1)\"><text>x</text></a></svg>\n\
    <math><mi xlink:href=\"javascript:alert(1)\">x</mi></math><style>body { display: none }</style>\n\
    <img src=\"x\" onerror=\"alert(1)\" style=\"position:fixed\"><p style=\"position:fixed;inset:0\">everywhere</p>\n\
    <meta http-equiv=\"refresh\" content=\"0;url=https://evil.example/\"><base href=\"https://evil.example/\">\n\
    <link rel=\"stylesheet\" href=\"https://evil.example/a.css\"><x-evil data-evil>x</x-evil>\n\
    <javascript:alert(1)> <data:text/html,x> <noscript><p title=\"</noscript><img src=x onerror=alert(1)>\"></noscript>\n\
    \n\
    [by reference][evil] and <b onmouseover=alert(1)>bold</b> and `<x-evil>`\n\
    \n\
    [evil]: javascript:alert(1) \"title\"\n\
    \n\
    | a | <x-evil> |\n\
    |---|----------|\n\
    | <img src=x onerror=alert(1)> | b |\n\
    \n\
    ```html\n\
    </code></pre><script>alert(1)</script>\n\
    ```";

/// A package with a hostile text wherever one fits.
fn hostile(package: &str, version: &str) -> PackageBuilder {
    let name = format!("{package} {}", &TEXT[..150]);
    PackageBuilder::new(package)
        .version(version)
        .metadata_key("name", &name)
        .metadata_key("description", TEXT)
        .metadata_key("about", ABOUT)
        .metadata_key("changelog", ABOUT)
        .metadata_key("author", &TEXT.replace('/', "|"))
        .metadata_key("tags", "editing, <script>alert(1)</script>, \"><x-evil data-evil>, 'onclick='alert(1)")
        .metadata_key("category", "\"><x-evil data-evil>")
        .metadata_key("homepage", "https://example.org/'onclick='alert(1)'")
        .metadata_key("plugin_dependencies", "\"><x-evil data-evil>")
        .metadata_key("external_deps", "<script>alert(1)</script>")
        .metadata_key("icon", "icon.svg")
        .file("icon.svg", SVG)
        .file("'onload='alert(1)'.txt", "x")
        .file("&lt;script&gt;alert(1)&lt;script&gt;.txt", "x")
        .file("{{ 7 }}${7}.txt", "x")
        .file("README.md", ABOUT)
}

const SVG: &str =
    "<svg xmlns=\"http://www.w3.org/2000/svg\" onload=\"alert(1)\"><script>alert(1)</script></svg>";

/// What lives in a page that should not.
async fn faults(world: &World, who: Who, path: &str) -> Vec<String> {
    let answer = world.get(who, path).await;
    let sort = answer.headers().get("content-type").and_then(|sort| sort.to_str().ok());
    let html = sort.is_some_and(|sort| sort.starts_with("text/html"));
    let text = answer.text().await.unwrap();
    let found = if html { markup::live(&text) } else { Vec::new() };
    found.into_iter().map(|fault| format!("{path} as {who:?}: {fault}")).collect()
}

both!(hostile_texts_live_on_no_page, |t| {
    let world = World::of(TestApp::start(&t).await, TEXT, hostile).await;
    let mut found = Vec::new();
    for page in PAGES {
        for who in [page.who, Who::Staff] {
            found.extend(faults(&world, who, &page.path(&world.values)).await);
        }
    }
    let page = world.get(Who::Visitor, "/plugins/lasso/").await.text().await.unwrap();
    assert!(markup::text(&page).contains("<script>alert(1)</script>"), "the text is shown as text");
    assert!(found.is_empty(), "{found:#?}");
});

both!(hostile_reasons_live_on_no_page, |t| {
    let world = World::of(TestApp::start(&t).await, TEXT, hostile).await;
    let (ann, sue) = (&world.ann, &world.sue);
    let sha256 = "query { plugin(package: \"lasso\") { version(number: \"1.1\") { sha256 } } }";
    let sha256 = sue.graphql(sha256, json!({})).await["data"]["plugin"]["version"]["sha256"].clone();
    let deeds = [
        (
            sue,
            "refuseVersion",
            json!({ "package": "lasso", "version": "1.1", "sha256": sha256, "reason": TEXT }),
        ),
        (ann, "yankVersion", json!({ "package": "lasso", "version": "1.0", "reason": TEXT })),
        (ann, "deprecatePlugin", json!({ "package": "lasso", "reason": TEXT })),
    ];
    for (who, deed, input) in deeds {
        let sort = format!("{}{}Input", deed[..1].to_uppercase(), &deed[1..]);
        let mutation = format!("mutation($input: {sort}!) {{ {deed}(input: $input) {{ position }} }}");
        let answer = who.graphql(&mutation, json!({ "input": input })).await;
        assert!(answer["errors"].is_null(), "{answer}");
    }
    world.app.settle().await;
    let mut found = Vec::new();
    for page in PAGES.iter().filter(|page| page.route.contains("{package}") || page.route.contains("/log")) {
        found.extend(faults(&world, Who::Staff, &page.path(&world.values)).await);
    }
    let bob = world.app.house.account("bob").await.unwrap();
    let block = BlockAccount { account: bob, reason: Some(TEXT.to_owned()), until: None, published: vec![] };
    world.app.house.commands.send(&block, Actor::Operator, None).await.unwrap();
    world.app.settle().await;
    for page in PAGES.iter().filter(|page| page.route.contains("{name}") || page.route.ends_with("accounts"))
    {
        let mut values = world.values.clone();
        values.iter_mut().filter(|(name, _)| *name == "name").for_each(|(_, value)| "bob".clone_into(value));
        found.extend(faults(&world, Who::Staff, &page.path(&values)).await);
    }
    assert!(found.is_empty(), "{found:#?}");
});

both!(every_door_takes_the_same_text_and_no_feed_brings_it_to_life, |t| {
    let app = TestApp::start(&t).await;
    let world = World::of(app.clone(), TEXT, hostile).await;
    let ann = app.person_with_password("eve").await;
    ann.upload_zip("by_token_api", hostile("by_token_api", "1.0").build()).await;
    by_rpc(&world, "eve", &hostile("by_rpc", "1.0").build()).await;
    by_graphql(&world, hostile("by_graphql", "1.0").build()).await;
    let staged = world.stage(Who::Author, hostile("by_page", "1.0").build()).await;
    let published = world.post(Who::Author, &format!("/plugins/add/{staged}/"), "same-origin", &[]).await;
    assert_eq!(published.status(), StatusCode::SEE_OTHER, "{}", published.text().await.unwrap());
    app.settle().await;
    let mut found = Vec::new();
    for package in ["by_token_api", "by_rpc", "by_graphql", "by_page"] {
        world.sue.approve(package, "1.0").await;
        found.extend(faults(&world, Who::Visitor, &format!("/plugins/{package}/")).await);
    }
    let xml = app.stranger().text("/plugins/plugins.xml?qgis=3.40").await;
    let entries = feed::entries(&xml);
    assert_eq!(entries.len(), 5, "{xml}");
    for entry in &entries {
        let known = entry.keys().all(|key| !key.contains("evil") && key != "script");
        assert!(known, "no element comes of a text: {entry:?}");
        assert_eq!(entry["description"], TEXT, "and it is the text");
    }
    for path in ["/atom.xml", "/plugins/lasso/atom.xml", "/plugins/tags/editing/atom.xml", "/sitemap.xml"] {
        found.extend(of_feed(path, &app.stranger().text(path).await));
    }
    assert!(found.is_empty(), "{found:#?}");
});

/// What lives in an XML that should not: an element of a hostile text, or a text in HTML that brings something to life.
fn of_feed(path: &str, xml: &str) -> Vec<String> {
    use quick_xml::events::Event;
    let mut reader = quick_xml::Reader::from_str(xml);
    let (mut found, mut text) = (Vec::new(), String::new());
    loop {
        match reader.read_event().expect("the feed is well-formed") {
            Event::Start(start) | Event::Empty(start) => {
                let name = start.name().as_ref().to_ascii_lowercase();
                if ["script", "svg", "img", "iframe", markup::ELEMENT].contains(&name.as_str()) {
                    found.push(format!("{path}: the element {name}"));
                }
                text.clear();
            }
            Event::Text(part) => text.push_str(&part),
            Event::GeneralRef(reference) => {
                let entity = format!("&{};", &*reference);
                text.push_str(&quick_xml::escape::unescape(&entity).expect("known entities"));
            }
            Event::End(end) if ["content", "summary"].contains(&end.name().as_ref()) => {
                let html = xml.contains("type=\"html\"");
                let faults = if html { markup::live_in_fragment(&text) } else { Vec::new() };
                found.extend(faults.into_iter().map(|fault| format!("{path}: {fault}")));
            }
            Event::Eof => return found,
            _ => {}
        }
    }
}

async fn by_rpc(world: &World, name: &str, zip: &[u8]) {
    use base64::Engine as _;
    let zip = base64::engine::general_purpose::STANDARD.encode(zip);
    let body = format!(
        "<?xml version='1.0'?><methodCall><methodName>plugin.upload</methodName><params><param><value>\
         <base64>{zip}</base64></value></param></params></methodCall>"
    );
    let request =
        world.app.stranger().request(Method::POST, "/plugins/RPC2/").header("content-type", "text/xml");
    let request = request.basic_auth(name, Some(cairn_tests::PASSWORD)).body(body);
    let answer = request.send().await.unwrap().text().await.unwrap();
    assert!(!answer.contains("<fault>"), "{answer}");
}

async fn by_graphql(world: &World, zip: Vec<u8>) {
    let query = "mutation($input: UploadPluginInput!) { uploadPlugin(input: $input) { position } }";
    let operations = json!({ "query": query, "variables": { "input": { "file": null } } });
    let form = Form::new()
        .text("operations", operations.to_string())
        .text("map", json!({ "zip": ["variables.input.file"] }).to_string())
        .part("zip", Part::bytes(zip).file_name("a.zip"));
    let request = world.ann.request(Method::POST, "/graphql").header("GraphQL-Preflight", "1");
    let answer: Value = request.multipart(form).send().await.unwrap().json().await.unwrap();
    assert!(answer["errors"].is_null(), "{answer}");
}

both!(what_is_refused_is_told_without_bringing_it_to_life, |t| {
    let world = World::plain(TestApp::start(&t).await).await;
    let refused = [
        hostile("lasso", "1.0<x-evil data-evil>"),
        hostile("lasso", "9.0").metadata_key("tracker", "javascript:alert(1)"),
        hostile("lasso", "9.0").metadata_key("repository", "data:text/html,<script>alert(1)</script>"),
        hostile("lasso", "9.0").file("<x-evil data-evil>.txt", "x"),
        hostile("lasso", "9.0").file("javascript:alert(1)", "x"),
        hostile("lasso", "9.0").metadata_key("qgisMinimumVersion", "\"><x-evil data-evil>"),
        hostile("lasso", "9.0").metadata_key("email", "<x-evil data-evil>"),
        hostile("lasso", "9.0")
            .metadata_key(&TEXT[..20].replace(['\'', '"', '>', '<', '='], "x"), TEXT)
            .without_key("about"),
    ];
    for package in refused {
        let answer = world.drop_zip(Who::Author, package.build()).await;
        assert_eq!(
            answer.status(),
            StatusCode::UNPROCESSABLE_ENTITY,
            "{}",
            String::from_utf8_lossy(&package.metadata())
        );
        let page = answer.text().await.unwrap();
        assert_eq!(markup::live(&page), Vec::<String>::new(), "{page}");
        let plain = world.ann.upload_to("lasso", package.build()).await;
        let sort = plain.headers()["content-type"].to_str().unwrap().to_owned();
        assert!(sort.contains("json") && plain.headers()["x-content-type-options"] == "nosniff", "{sort}");
    }
});

both!(what_is_asked_is_told_again_as_text, |t| {
    let world = World::plain(TestApp::start(&t).await).await;
    let evil = cairn_tests::pages::coded(TEXT);
    let mut found = Vec::new();
    for path in [
        format!(
            "/plugins/?q={evil}&tag={evil}&author={evil}&qgis={evil}&sort={evil}&order={evil}&after={evil}"
        ),
        format!("/plugins/{evil}/"),
        format!("/plugins/lasso/version/{evil}/"),
        format!("/plugins/tags/{evil}/"),
        format!("/plugins/author/{evil}/"),
        format!("/plugins/user/{evil}/"),
        format!("/log/?kind={evil}&plugin={evil}&before={evil}"),
        format!("/log/{evil}/"),
        format!("/docs/{evil}/"),
        format!("/graphql/console/?operation={evil}&variables={evil}"),
        format!("/account/sign-in/?next={evil}"),
        format!("/account/confirm/{evil}/"),
        format!("/account/reset/{evil}/"),
        format!("/account/sign-up/{evil}/"),
        format!("/staff/accounts/?q={evil}&who={evil}"),
        format!("/staff/accounts/{evil}/"),
        format!("/{evil}"),
    ] {
        found.extend(faults(&world, Who::Visitor, &path).await);
        found.extend(faults(&world, Who::Staff, &path).await);
    }
    for (who, path, fields) in [
        (Who::Visitor, "/account/sign-in/", vec![("name", TEXT), ("password", TEXT)]),
        (Who::Visitor, "/account/sign-up/", vec![("name", TEXT), ("email", TEXT), ("password", "x")]),
        (Who::Visitor, "/account/reset/", vec![("name", TEXT), ("email", TEXT)]),
        (Who::Author, "/account/email/", vec![("email", TEXT), ("password", TEXT)]),
        (Who::Author, "/account/password/", vec![("old", TEXT), ("new", "x")]),
        (Who::Author, "/plugins/lasso/tokens/create/", vec![("description", TEXT), ("days", TEXT)]),
        (
            Who::Author,
            "/plugins/lasso/publishers/create/",
            vec![("issuer", TEXT), ("repository", TEXT), ("workflow", TEXT)],
        ),
        (Who::Author, "/plugins/lasso/owners/invite/", vec![("name", TEXT), ("account", TEXT)]),
        (Who::Author, "/plugins/lasso/update/", vec![("tags", TEXT)]),
        (Who::Author, "/account/teams/", vec![("team", TEXT), ("name", TEXT)]),
        (Who::Staff, "/staff/accounts/", vec![("email", TEXT)]),
        (Who::Staff, "/staff/qgis/", vec![("latest", TEXT), ("ltr", TEXT)]),
        (Who::Staff, "/staff/featured/", vec![("package", TEXT)]),
    ] {
        let answer = world.post(who, path, "same-origin", &fields).await;
        let page = answer.text().await.unwrap();
        found.extend(markup::live(&page).into_iter().map(|fault| format!("POST {path}: {fault}")));
    }
    assert!(found.is_empty(), "{found:#?}");
});

both!(a_picture_runs_nothing_when_it_is_opened_by_itself, |t| {
    let app = TestApp::start(&t).await;
    let (ann, sue) = (app.person("ann").await, app.staff("sue").await);
    let plain = "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 8 8\"><circle cx=\"4\" cy=\"4\" r=\"3\"/></svg>";
    let with = |package: &str, svg: &str| {
        PackageBuilder::new(package).metadata_key("icon", "icon.svg").file("icon.svg", svg).build()
    };
    ann.upload_zip("plain", with("plain", plain)).await;
    ann.upload_zip("evil", with("evil", SVG)).await;
    sue.approve("plain", "1.0.0").await;
    sue.approve("evil", "1.0.0").await;
    let entries = feed::entries(&app.stranger().text("/plugins/plugins.xml?qgis=3.40").await);
    let icon = |package: &str| {
        let entry = entries.iter().find(|entry| entry["file_name"].starts_with(package));
        entry.and_then(|entry| entry.get("icon")).cloned().unwrap_or_default()
    };
    assert!(!icon("evil").contains(".svg"), "a picture with a script is none: {}", icon("evil"));
    let address: url::Url = icon("plain").parse().unwrap_or_else(|_| app.base.parse().unwrap());
    let answer = app.stranger().get(address.path()).await;
    assert_eq!(answer.headers()["content-type"], "image/svg+xml", "{address}");
    let policy = answer.headers()["content-security-policy"].to_str().unwrap();
    assert!(policy.contains("sandbox") && policy.contains("default-src 'none'"), "{policy}");
});
