//! A directory that is dead, that cannot be trusted, or that is guessed at.

use super::{greet, refused, sign_in, slapd, start, start_with, table};
use cairn_outside::testing::Slapd;
use cairn_store::both;
use cairn_tests::PASSWORD;
use reqwest::StatusCode;

both!(while_the_directory_is_dead_its_people_are_told_and_others_work, |t| {
    let Some(mut slapd) = slapd() else { return };
    let app = start(&t, &slapd).await;
    app.person_with_password("local").await;
    greet(&app, "ann").await;
    slapd.kill();
    for _ in 0..7 {
        refused(&app, "ben", &Slapd::password("ben"), 503, "directory_unavailable").await;
    }
    assert_eq!(sign_in(&app, "local", PASSWORD).await.0, StatusCode::OK);
    slapd.restart();
    greet(&app, "ben").await;
});

both!(a_directory_whose_certificate_nobody_vouches_for_gets_no_password, |t| {
    let Some(slapd) = slapd() else { return };
    let mut unknown = table(&slapd);
    unknown.ca_file = None;
    let app = start_with(&t, unknown).await;
    app.person_with_password("local").await;
    refused(&app, "ann", &Slapd::password("ann"), 503, "directory_unavailable").await;
    assert!(!slapd.log().contains("BIND"), "{}", slapd.log());
    assert_eq!(sign_in(&app, "local", PASSWORD).await.0, StatusCode::OK);
});

both!(who_guesses_passwords_of_the_directory_waits, |t| {
    let Some(slapd) = slapd() else { return };
    let app = start(&t, &slapd).await;
    for _ in 0..6 {
        refused(&app, "ann", "a guess", 401, "wrong_credentials").await;
    }
    refused(&app, "ann", &Slapd::password("ann"), 429, "too_many").await;
});
