//! One's own account on pages, as a browser without JavaScript sees them, and over GraphQL.

use cairn_commands::account::{AskEmailConfirmation, AskPasswordReset};
use cairn_commands::link::Link;
use cairn_commands::site::SetPolicy;
use cairn_domain::ids::ChallengeId;
use cairn_domain::site::Registration;
use cairn_store::both;
use cairn_tests::{PASSWORD, TestApp};
use reqwest::header::{CONTENT_TYPE, COOKIE, LOCATION, SET_COOKIE};
use reqwest::{Method, RequestBuilder, Response, StatusCode};
use serde_json::json;
use std::collections::BTreeMap;

/// A browser: it keeps cookies, names its own site, and follows a redirect when it is told to.
struct Browser {
    app: TestApp,
    cookies: BTreeMap<String, String>,
}

impl Browser {
    fn new(app: &TestApp) -> Self {
        Self { app: app.clone(), cookies: BTreeMap::new() }
    }

    fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let cookies: Vec<String> =
            self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let request = self.app.stranger().request(method, path).header("accept", "text/html");
        let request =
            request.header("sec-fetch-site", "same-origin").header("user-agent", "X Firefox/1 Linux");
        if cookies.is_empty() { request } else { request.header(COOKIE, cookies.join("; ")) }
    }

    fn keep(&mut self, response: &Response) {
        for line in response.headers().get_all(SET_COOKIE) {
            let line = line.to_str().unwrap();
            let (name, value) = line.split(';').next().unwrap().split_once('=').unwrap();
            if line.contains("Max-Age=0") {
                self.cookies.remove(name);
            } else {
                assert!(line.contains("HttpOnly") && line.contains("SameSite=Lax"), "{line}");
                self.cookies.insert(name.into(), value.into());
            }
        }
    }

    async fn get(&mut self, path: &str) -> (StatusCode, String) {
        let response = self.request(Method::GET, path).send().await.unwrap();
        self.keep(&response);
        (response.status(), response.text().await.unwrap())
    }

    /// Sends a form and answers the status, where it leads, and the page.
    async fn post(&mut self, path: &str, form: &[(&str, &str)]) -> (StatusCode, String, String) {
        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
        let request =
            self.request(Method::POST, path).header(CONTENT_TYPE, "application/x-www-form-urlencoded");
        let response = request.body(body).send().await.unwrap();
        self.keep(&response);
        let on = response.headers().get(LOCATION).map_or("", |value| value.to_str().unwrap()).to_owned();
        (response.status(), on, response.text().await.unwrap())
    }

    async fn sign_in(&mut self, name: &str, password: &str) -> StatusCode {
        self.post("/account/sign-in/", &[("name", name), ("password", password)]).await.0
    }
}

fn set(registration: Registration) -> SetPolicy {
    SetPolicy { registration: Some(registration), ..SetPolicy::default() }
}

both!(somebody_signs_up_signs_out_and_in_again, |t| {
    let app = TestApp::start(&t).await;
    let mut browser = Browser::new(&app);
    assert!(browser.get("/").await.1.contains("Sign in"));
    let form = [("name", "ann"), ("email", "ann@example.org"), ("password", PASSWORD)];
    let (status, on, _) = browser.post("/account/sign-up/", &form).await;
    assert_eq!((status, on.as_str()), (StatusCode::SEE_OTHER, "/account/"));
    let (status, hub) = browser.get("/account/").await;
    assert!(status == StatusCode::OK && hub.contains("ann@example.org"), "{hub}");
    assert!(hub.contains("address not confirmed"), "{hub}");
    assert!(browser.get("/").await.1.contains(">ann</a>"), "the head greets by name");

    let taken = Browser::new(&app).post("/account/sign-up/", &form).await;
    assert!(taken.0 == StatusCode::CONFLICT && taken.2.contains("is taken"), "{}", taken.2);

    assert_eq!(browser.post("/account/sign-out/", &[]).await.0, StatusCode::SEE_OTHER);
    let (status, on) = {
        let response = browser.request(Method::GET, "/account/").send().await.unwrap();
        (response.status(), response.headers()[LOCATION].to_str().unwrap().to_owned())
    };
    assert!(status == StatusCode::SEE_OTHER && on.starts_with("/account/sign-in/?next="), "{on}");
    assert_eq!(browser.sign_in("ann", "wrong horse battery").await, StatusCode::UNAUTHORIZED);
    let credentials = [("name", "Ann"), ("password", PASSWORD)];
    let elsewhere = browser.post("/account/sign-in/?next=//evil.example/", &credentials).await;
    assert_eq!((elsewhere.0, elsewhere.1.as_str()), (StatusCode::SEE_OTHER, "/account/"));
    let old = browser.request(Method::GET, "/accounts/login/?next=/plugins/").send().await.unwrap();
    assert_eq!(old.headers()[LOCATION], "/account/sign-in/?next=%2Fplugins%2F");
});

both!(a_page_of_another_site_does_nothing_with_ones_session, |t| {
    let app = TestApp::start(&t).await;
    app.person_with_password("ann").await;
    let mut browser = Browser::new(&app);
    browser.sign_in("ann", PASSWORD).await;
    let cookies = browser.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>();
    for (path, header, value) in [
        ("/account/sessions/end/", "sec-fetch-site", "cross-site"),
        ("/account/sign-out/", "origin", "https://evil.example"),
        ("/graphql", "sec-fetch-site", "cross-site"),
    ] {
        let forged = app.stranger().request(Method::POST, path).header(COOKIE, cookies.join("; "));
        let answer = forged.header(header, value).json(&json!({ "query": "{ me { name } }" })).send().await;
        assert_eq!(answer.unwrap().status(), StatusCode::FORBIDDEN, "{path}");
    }
    assert_eq!(browser.get("/account/").await.0, StatusCode::OK, "the session lives");
    let me = browser
        .request(Method::POST, "/graphql")
        .json(&json!({ "query": "{ me { name sessions { agent } } }" }));
    let me: serde_json::Value = me.send().await.unwrap().json().await.unwrap();
    assert_eq!(me["data"]["me"]["name"], "ann");
    assert_eq!(me["data"]["me"]["sessions"][0]["agent"], "Firefox on Linux");
});

both!(mailed_links_confirm_and_reset_once, |t| {
    let app = TestApp::start(&t).await;
    let account = app.person_with_password("ann").await.id();
    let challenge = ChallengeId(app.house.ids.v4());
    app.operate(&AskEmailConfirmation { account, challenge }).await;
    let link = app.app.links.path(Link::ConfirmEmail { account, challenge });
    let mut browser = Browser::new(&app);
    assert!(browser.get(&link).await.1.contains("Confirm my address"));
    let confirmed = async |app: &TestApp| {
        let known = app
            .house
            .commands
            .look(vec![cairn_domain::event::Stream::Account(account)], cairn_domain::Actor::Anonymous);
        known.await.unwrap().account(account).unwrap().email_confirmed
    };
    assert!(!confirmed(&app).await, "opening a link does nothing");
    assert_eq!(browser.post(&link, &[]).await.0, StatusCode::OK);
    assert!(confirmed(&app).await);

    let mut signed_in = Browser::new(&app);
    signed_in.sign_in("ann", PASSWORD).await;
    let challenge = ChallengeId(app.house.ids.v4());
    app.operate(&AskPasswordReset { account, challenge }).await;
    let link = app.app.links.path(Link::ResetPassword { account, challenge });
    assert_eq!(browser.post(&link, &[("password", "short")]).await.0, StatusCode::BAD_REQUEST);
    assert_eq!(browser.post(&link, &[("password", "another horse")]).await.0, StatusCode::OK);
    assert_eq!(browser.post(&link, &[("password", "third horse")]).await.0, StatusCode::NOT_FOUND);
    assert_eq!(signed_in.get("/account/").await.0, StatusCode::SEE_OTHER, "its session ended");
    assert_eq!(browser.sign_in("ann", PASSWORD).await, StatusCode::UNAUTHORIZED);
    assert_eq!(browser.sign_in("ann", "another horse").await, StatusCode::SEE_OTHER);

    let asked = Browser::new(&app).post("/account/reset/", &[("account", "nobody@example.org")]).await;
    let known = Browser::new(&app).post("/account/reset/", &[("account", "ann@example.org")]).await;
    assert_eq!((asked.0, asked.2), (StatusCode::OK, known.2), "nobody learns who has an account");
});

both!(sessions_are_listed_and_ended_by_their_holder, |t| {
    let app = TestApp::start(&t).await;
    app.person_with_password("ann").await;
    let (mut here, mut there) = (Browser::new(&app), Browser::new(&app));
    here.sign_in("ann", PASSWORD).await;
    there.sign_in("ann", PASSWORD).await;
    let page = here.get("/account/sessions/").await.1;
    let ends: Vec<&str> = page.split("action=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    assert!(page.contains("this browser") && ends.len() >= 3, "{page}");
    let old = [("old", PASSWORD), ("new", "another horse")];
    assert_eq!(here.post("/account/password/", &old).await.0, StatusCode::SEE_OTHER);
    assert_eq!(here.get("/account/").await.0, StatusCode::OK, "who changed it goes on");
    assert_eq!(there.get("/account/").await.0, StatusCode::SEE_OTHER, "others do not");
    assert_eq!(here.post("/account/sessions/end/", &[]).await.0, StatusCode::SEE_OTHER);
    assert_eq!(here.get("/account/").await.0, StatusCode::SEE_OTHER);
});

both!(who_may_sign_up_is_the_policys_to_say, |t| {
    let app = TestApp::start(&t).await;
    let register = "mutation($input: RegisterInput!) { register(input: $input) { account { name } } }";
    let new =
        |name: &str| json!({ "input": { "name": name, "email": "new@example.org", "password": PASSWORD } });
    let code = async |app: &TestApp, name: &str| {
        app.stranger().graphql(register, new(name)).await["errors"][0]["extensions"]["code"].clone()
    };
    let answer = app.stranger().graphql(register, new("ann")).await;
    assert_eq!(answer["data"]["register"]["account"]["name"], "ann", "{answer}");
    for (registration, expected) in
        [(Registration::Invite, "sign_up_invitation_required"), (Registration::Closed, "sign_up_closed")]
    {
        app.operate(&set(registration)).await;
        assert_eq!(code(&app, "bob").await, expected);
        assert!(!Browser::new(&app).get("/account/sign-up/").await.1.contains("name=\"password\""));
    }

    app.operate(&set(Registration::Invite)).await;
    let sue = app.staff("sue").await;
    let invite = "mutation($input: InviteToSignUpInput!) { inviteToSignUp(input: $input) { challengeId } }";
    let invited = sue.graphql(invite, json!({ "input": { "email": "bob@example.org" } })).await;
    let challenge = invited["data"]["inviteToSignUp"]["challengeId"].as_str().unwrap().parse().unwrap();
    let path = app.app.links.path(Link::SignUp { challenge });
    let mut browser = Browser::new(&app);
    assert!(browser.get(&path).await.1.contains("bob@example.org"));
    let form = [("name", "bob"), ("email", "bob@example.org"), ("password", PASSWORD)];
    assert_eq!(browser.post(&path, &form).await.0, StatusCode::SEE_OTHER);
    assert!(browser.get("/account/").await.1.contains("address confirmed"));
    let again = [("name", "bert"), ("email", "bob@example.org"), ("password", PASSWORD)];
    assert_eq!(Browser::new(&app).post(&path, &again).await.0, StatusCode::NOT_FOUND);
});
