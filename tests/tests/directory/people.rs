//! People of the directory sign in, publish, and have the roles that their groups mean.

use super::{account, greet, refused, sign_in, slapd, start, start_with, table};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use cairn_commands::account::{BlockAccount, GrantStaff, GrantTrust};
use cairn_domain::package::testing::PackageBuilder;
use cairn_outside::testing::Slapd;
use cairn_store::{both, vault};
use cairn_tests::{PASSWORD, TestApp};
use reqwest::{Method, StatusCode};

both!(the_first_sign_in_makes_the_account_and_the_second_finds_it, |t| {
    let Some(slapd) = slapd() else { return };
    let app = start(&t, &slapd).await;
    greet(&app, "ann").await;
    let id = app.house.account("ann").await.unwrap();
    let head = app.house.commands.registry().head().await.unwrap();
    assert!(account(&app, "ann").await.email_confirmed, "the directory vouches for the address");
    let mut conn = app.house.db.read().await.unwrap();
    let person = vault::person_by_id(&mut conn, id.0).await.unwrap().unwrap();
    assert_eq!((person.name.as_str(), person.email.as_str()), ("ann", "ann@example.org"));
    assert_eq!(person.password_hash, None);
    drop(conn);

    let (status, _) = sign_in(&app, "ANN", &Slapd::password("ann")).await;
    assert_eq!(status, StatusCode::OK, "a directory does not tell letters apart");
    assert_eq!(app.house.account("ann").await.unwrap(), id);
    let opened = app.house.commands.registry().head().await.unwrap() - head;
    assert_eq!(opened, 1, "a session was opened and nothing else happened");
});

both!(who_is_wrong_is_refused_and_gets_no_account, |t| {
    let Some(slapd) = slapd() else { return };
    let app = start(&t, &slapd).await;
    for (name, password) in
        [("ann", "wrong"), ("nobody", "ann's password"), ("ann", ""), ("*", "x"), ("", "")]
    {
        refused(&app, name, password, 401, "wrong_credentials").await;
    }
    assert!(app.house.account("ann").await.is_err());
    let told = refused(&app, "dan", &Slapd::password("dan"), 400, "invalid_input").await;
    assert!(told["detail"].as_str().unwrap().contains("mail"), "{told}");
});

both!(groups_give_and_take_roles_at_each_sign_in, |t| {
    let Some(slapd) = slapd() else { return };
    let app = start(&t, &slapd).await;
    for (name, staff, trusted) in [("ann", true, false), ("ben", false, true), ("cat", true, true)] {
        greet(&app, name).await;
        let account = account(&app, name).await;
        assert_eq!((account.staff, account.trusted), (staff, trusted), "{name}");
    }
    // What people decided is undone, for the directory is asked who is what.
    let ben = app.house.account("ben").await.unwrap();
    app.operate(&GrantStaff { account: ben }).await;
    greet(&app, "ben").await;
    assert!(!account(&app, "ben").await.staff);
});

both!(a_role_that_no_group_means_is_left_to_people, |t| {
    let Some(slapd) = slapd() else { return };
    let mut quiet = table(&slapd);
    quiet.staff_groups.clear();
    quiet.trusted_groups.clear();
    let app = start_with(&t, quiet).await;
    greet(&app, "ann").await;
    let ann = app.house.account("ann").await.unwrap();
    assert!(!account(&app, "ann").await.staff);
    app.operate(&GrantTrust { account: ann, reason: None }).await;
    greet(&app, "ann").await;
    assert!(account(&app, "ann").await.trusted);
});

/// What qgis-plugin-ci does: XML-RPC with HTTP Basic.
async fn upload_by_rpc(app: &TestApp, name: &str, password: &str, version: &str) -> (StatusCode, String) {
    let zip = PackageBuilder::new("lasso").version(version).metadata_key("name", "lasso").build();
    let coded = STANDARD.encode(&zip);
    let call = format!(
        "<?xml version='1.0'?><methodCall><methodName>plugin.upload</methodName><params>\
         <param><value><base64>{coded}</base64></value></param></params></methodCall>"
    );
    let request = app.stranger().request(Method::POST, "/plugins/RPC2/").basic_auth(name, Some(password));
    let response = request.header("content-type", "text/xml").body(call).send().await.unwrap();
    (response.status(), response.text().await.unwrap())
}

both!(a_script_uploads_with_the_password_of_the_directory_which_is_asked_once, |t| {
    let Some(slapd) = slapd() else { return };
    let app = start(&t, &slapd).await;
    let password = Slapd::password("ben");
    for version in ["1.0", "1.1", "1.2"] {
        let (status, told) = upload_by_rpc(&app, "ben", &password, version).await;
        assert!(status == StatusCode::OK && !told.contains("<fault>"), "{status}: {told}");
    }
    let asked = slapd.log().matches("BIND dn=\"uid=ben,").count();
    assert!((1..=2).contains(&asked), "the directory was asked {asked} times: {}", slapd.log());
    let (status, _) = upload_by_rpc(&app, "ben", "wrong", "1.3").await;
    assert_eq!(status, StatusCode::UNAUTHORIZED);

    let ben = app.house.account("ben").await.unwrap();
    let block = BlockAccount { account: ben, reason: None, until: None, published: vec![] };
    app.operate(&block).await;
    let (_, told) = upload_by_rpc(&app, "ben", &password, "1.4").await;
    assert!(told.contains("blocked"), "what is remembered ends with the block: {told}");
});

both!(a_local_account_with_a_password_goes_first_and_the_directory_learns_nothing_of_it, |t| {
    let Some(slapd) = slapd() else { return };
    let app = start(&t, &slapd).await;
    app.person_with_password("ann").await;
    let (status, _) = sign_in(&app, "ann", PASSWORD).await;
    assert_eq!(status, StatusCode::OK);
    refused(&app, "ann", &Slapd::password("ann"), 401, "wrong_credentials").await;
    assert!(!slapd.log().contains("uid=ann"), "{}", slapd.log());
});

both!(nobody_gets_an_account_by_its_name, |t| {
    let Some(slapd) = slapd() else { return };
    let app = start(&t, &slapd).await;
    let ann = app.person("ann").await;
    let told = refused(&app, "ann", &Slapd::password("ann"), 409, "identity_name_taken").await;
    assert!(told["detail"].as_str().unwrap().contains("sign in to it and link"), "{told}");
    assert!(!account(&app, "ann").await.staff, "roles are of who is linked");

    let identity = cairn_commands::identity::Identity::new("ldap:osgeo", "ann", "ann").unwrap();
    let link = cairn_commands::identity::LinkIdentity { account: ann.id(), identity, salt: [1; 32] };
    app.operate(&link).await;
    greet(&app, "ann").await;
    assert!(account(&app, "ann").await.staff);
});
