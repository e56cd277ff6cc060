//! People sign in by an identity provider: a real one, with a browser that keeps cookies and goes where it is sent.

use super::{account, in_ci};
use cairn_cli::config::OidcTable;
use cairn_commands::site::SetPolicy;
use cairn_domain::ids::AccountId;
use cairn_domain::site::Registration;
use cairn_outside::testing::{NotInstalled, OidcOptions, OidcProvider};
use cairn_store::testing::TestDb;
use cairn_store::{both, vault};
use cairn_tests::TestApp;
use reqwest::{Client, Method, Response, StatusCode, Url};
use std::collections::HashMap;
use std::path::Path;

/// A provider, and a repository whose people it vouches for. Where the provider cannot be installed the test is skipped with
/// the reason; with `CI=true` it fails.
async fn start(t: &TestDb, registers: bool) -> Option<(OidcProvider, TestApp)> {
    let mut started = None;
    let app = TestApp::with(t, |config| {
        let back = format!("{}account/oidc/test/callback", config.base_url);
        let provider =
            OidcProvider::start(Path::new(env!("CARGO_TARGET_TMPDIR")), &back, OidcOptions::default());
        match provider {
            Ok(provider) => {
                config.outgoing_allowed = vec!["localhost".parse().unwrap()];
                config.oidc = vec![table(&provider, registers)];
                started = Some(provider);
            }
            Err(NotInstalled(reason)) => {
                assert!(!in_ci(), "there is no OpenID provider, and CI=true: {reason}");
                eprintln!("SKIPPED: there is no OpenID provider: {reason}");
            }
        }
    })
    .await;
    started.map(|provider| (provider, app))
}

fn table(provider: &OidcProvider, registers: bool) -> OidcTable {
    OidcTable {
        name: "test".into(),
        title: Some("Test".into()),
        issuer: provider.issuer(),
        client_id: OidcProvider::CLIENT.into(),
        client_secret: Some(OidcProvider::SECRET.into()),
        scopes: ["profile", "email", "groups"].map(str::to_owned).to_vec(),
        groups_claim: "groups".into(),
        staff_groups: vec!["qgis staff".into()],
        trusted_groups: vec![],
        registers,
    }
}

/// Keeps cookies by host and port, and goes nowhere by itself.
struct Browser {
    base: String,
    http: Client,
    cookies: HashMap<(String, String), String>,
}

impl Browser {
    fn of(app: &TestApp) -> Self {
        let http = Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none()).build().unwrap();
        Self { base: app.base.clone(), http, cookies: HashMap::new() }
    }

    /// A browser in which somebody is signed in.
    async fn signed_in(app: &TestApp, account: AccountId) -> Self {
        let mut browser = Self::of(app);
        let new =
            app.app.sign_in.open_session(account, None, cairn_commands::sign_in::Device::default()).await;
        let host = host_of(&app.base.parse().unwrap());
        browser.cookies.insert((host, "cairn_session".into()), new.unwrap().secret.reveal());
        browser
    }

    async fn send(&mut self, url: &Url, form: Option<&[(&str, &str)]>) -> Response {
        let host = host_of(url);
        let method = if form.is_some() { Method::POST } else { Method::GET };
        let mine = self.cookies.iter().filter(|((of, _), _)| *of == host);
        let cookies: Vec<String> = mine.map(|((_, name), value)| format!("{name}={value}")).collect();
        let mut request = self.http.request(method, url.clone()).header("accept", "text/html");
        if !cookies.is_empty() {
            request = request.header("cookie", cookies.join("; "));
        }
        if let Some(fields) = form {
            let query = Url::parse_with_params("http://form/", fields).unwrap();
            let body = query.query().unwrap_or_default().to_owned();
            request = request.header("content-type", "application/x-www-form-urlencoded").body(body);
        }
        let answer = request.send().await.unwrap();
        for cookie in answer.headers().get_all("set-cookie") {
            let pair = cookie.to_str().unwrap().split(';').next().unwrap_or_default();
            let (name, value) = pair.split_once('=').unwrap();
            self.cookies.insert((host.clone(), name.to_owned()), value.to_owned());
        }
        answer
    }

    /// Presses the button of the provider: the page that leads on.
    async fn press(&mut self, form: &[(&str, &str)]) -> Response {
        let start = format!("{}/account/oidc/test/start/", self.base).parse().unwrap();
        self.send(&start, Some(form)).await
    }

    /// Presses the button and signs in there under this name: the address that leads back here.
    async fn go_there(&mut self, form: &[(&str, &str)], name: &str) -> Url {
        let page = self.press(form).await;
        assert_eq!(page.status(), StatusCode::OK);
        let html = page.text().await.unwrap();
        let (_, rest) = html.split_once("rel=\"noreferrer\" href=\"").unwrap();
        let (href, _) = rest.split_once('"').unwrap();
        let mut url: Url = href.replace("&#38;", "&").replace("&amp;", "&").parse().unwrap();
        for _ in 0..10 {
            let asks = url.path().starts_with("/interaction/");
            let form = [("name", name)];
            let answer = self.send(&url, asks.then_some(form.as_slice())).await;
            let location = answer.headers().get("location").map(|to| to.to_str().unwrap().to_owned());
            url = url.join(&location.unwrap_or_else(|| panic!("{url}: {}", answer.status()))).unwrap();
            if url.as_str().starts_with(&self.base) {
                return url;
            }
        }
        panic!("the provider sends the browser around");
    }

    /// The whole way there and back.
    async fn sign_in(&mut self, form: &[(&str, &str)], name: &str) -> Response {
        let back = self.go_there(form, name).await;
        self.send(&back, None).await
    }
}

fn host_of(url: &Url) -> String {
    format!("{}:{}", url.host_str().unwrap_or_default(), url.port().unwrap_or_default())
}

/// Claims that a page says no with this status, and why.
async fn says_no(answer: Response, status: u16, why: &str) {
    let (got, html) = (answer.status().as_u16(), answer.text().await.unwrap());
    assert!(got == status && html.contains(why), "{got}: {html}");
}

fn location(answer: &Response) -> &str {
    answer.headers()["location"].to_str().unwrap()
}

both!(the_first_sign_in_by_a_provider_makes_the_account_and_the_second_finds_it, |t| {
    let Some((_provider, app)) = start(&t, false).await else { return };
    let mut browser = Browser::of(&app);
    let answer = browser.sign_in(&[("next", "/plugins/")], "ann").await;
    assert_eq!((answer.status(), location(&answer)), (StatusCode::SEE_OTHER, "/plugins/"));
    let ann = app.house.account("ann").await.unwrap();
    let known = account(&app, "ann").await;
    assert!(known.email_confirmed && known.staff && !known.trusted);
    let page = browser.send(&format!("{}/account/identities/", app.base).parse().unwrap(), None).await;
    let html = page.text().await.unwrap();
    assert!(html.contains("Test") && html.contains(">ann<"), "{html}");

    let answer = Browser::of(&app).sign_in(&[], "ann").await;
    assert_eq!(answer.status(), StatusCode::SEE_OTHER);
    assert_eq!(app.house.account("ann").await.unwrap(), ann);
    assert_eq!(app.app.sign_in.sessions_of(ann).await.unwrap().len(), 2);

    Browser::of(&app).sign_in(&[], "ben").await;
    assert!(!account(&app, "ben").await.email_confirmed, "the provider has not verified the address");
    says_no(Browser::of(&app).sign_in(&[], "dan").await, 400, "name").await;
});

both!(the_policy_says_who_signs_up_by_a_provider_unless_the_provider_decides, |t| {
    let Some((provider, app)) = start(&t, false).await else { return };
    let policy = |registration| SetPolicy { registration: Some(registration), ..SetPolicy::default() };
    app.operate(&policy(Registration::Closed)).await;
    says_no(Browser::of(&app).sign_in(&[], "ann").await, 403, "takes no new accounts").await;
    app.operate(&policy(Registration::Invite)).await;
    says_no(Browser::of(&app).sign_in(&[], "ann").await, 403, "by invitation").await;
    assert!(app.house.account("ann").await.is_err());
    drop((app, provider));

    let Some((_provider, app)) = start(&t, true).await else { return };
    let answer = Browser::of(&app).sign_in(&[], "ann").await;
    assert_eq!(answer.status(), StatusCode::SEE_OTHER);
});

both!(an_identity_is_linked_from_a_session_and_to_one_account, |t| {
    let Some((_provider, app)) = start(&t, false).await else { return };
    let (sue, bob) = (app.person("sue").await, app.person("bob").await);
    let mut browser = Browser::signed_in(&app, sue.id()).await;
    let answer = browser.sign_in(&[("link", "1")], "ann").await;
    assert_eq!((answer.status(), location(&answer)), (StatusCode::SEE_OTHER, "/account/identities/"));
    let mut conn = app.house.db.read().await.unwrap();
    assert_eq!(vault::identities_of(&mut conn, sue.id().0).await.unwrap().len(), 1);
    drop(conn);

    let before = app.app.sign_in.sessions_of(sue.id()).await.unwrap().len();
    Browser::of(&app).sign_in(&[], "ann").await;
    assert!(app.house.account("ann").await.is_err(), "ann of the provider is sue here");
    assert_eq!(app.app.sign_in.sessions_of(sue.id()).await.unwrap().len(), before + 1);

    let answer = Browser::signed_in(&app, bob.id()).await.sign_in(&[("link", "1")], "ann").await;
    says_no(answer, 409, "belongs to another account").await;
    says_no(Browser::of(&app).press(&[("link", "1")]).await, 401, "").await;
});

both!(a_link_needs_the_session_that_asked_for_it, |t| {
    let Some((_provider, app)) = start(&t, false).await else { return };
    let (sue, bob) = (app.person("sue").await, app.person("bob").await);
    let mut browser = Browser::signed_in(&app, sue.id()).await;
    let back = browser.go_there(&[("link", "1")], "ann").await;
    let other = Browser::signed_in(&app, bob.id()).await;
    browser.cookies.extend(other.cookies);
    says_no(browser.send(&back, None).await, 401, "").await;
    assert!(
        account(&app, "sue").await.identities.is_empty() && account(&app, "bob").await.identities.is_empty()
    );
});

both!(nobody_is_signed_in_by_what_another_began, |t| {
    let Some((_provider, app)) = start(&t, false).await else { return };
    let (mut ann, mut eve) = (Browser::of(&app), Browser::of(&app));
    let eves = eve.go_there(&[], "ben").await;
    says_no(Browser::of(&app).send(&eves, None).await, 401, "another browser").await;
    ann.press(&[]).await;
    says_no(ann.send(&eves, None).await, 401, "another browser").await;

    let back = ann.go_there(&[], "ann").await;
    let mut wrong = back.clone();
    let pairs: Vec<(String, String)> =
        back.query_pairs().into_owned().filter(|(key, _)| key != "iss").collect();
    wrong.query_pairs_mut().clear().extend_pairs(pairs).append_pair("iss", "https://evil.example");
    says_no(ann.send(&wrong, None).await, 401, "another provider").await;
    says_no(ann.send(&back, None).await, 401, "another browser").await;
    says_no(Browser::of(&app).sign_in(&[], "eve").await, 401, "access_denied").await;
    assert!(app.house.account("ann").await.is_err());
});

both!(a_dead_provider_is_said_to_be_and_a_taken_name_stays_whose_it_is, |t| {
    let Some((mut provider, app)) = start(&t, false).await else { return };
    app.person("ann").await;
    says_no(Browser::of(&app).sign_in(&[], "ann").await, 409, "link this identity").await;
    let mut browser = Browser::of(&app);
    let back = browser.go_there(&[], "ben").await;
    provider.kill();
    says_no(browser.send(&back, None).await, 503, "does not answer").await;
});
