//! Second factors as people meet them.

use crate::browser::{Browser, Scripts};
use crate::site::site;
use cairn_commands::factor::TotpKey;
use cairn_store::testing::TestDb;
use cairn_store::{Clock, SystemClock, both};
use cairn_tests::{PASSWORD, TestApp};
use chrono::TimeDelta;
use fantoccini::Locator;

both!(an_app_is_added_shown_and_stood_in_for_by_a_recovery_code, |t| {
    let Some(browser) = Browser::ready(Scripts::Run).await else { return };
    let app = site(&t).await;
    browser.tells("app_with_scripts", app_and_codes(&browser, &app)).await;
});

both!(all_of_that_works_without_scripts, |t| {
    let Some(browser) = Browser::ready(Scripts::Off).await else { return };
    let app = site(&t).await;
    browser.tells("app_without_scripts", app_and_codes(&browser, &app)).await;
});

both!(a_passkey_is_added_and_signs_in, |t| {
    passkey(&t, "passkey").await;
});

/// Signs up, adds an app, signs out and in with a code of it, a wrong code, a used code and a recovery code.
async fn app_and_codes(browser: &Browser, app: &TestApp) {
    browser.sign_up(app, "ann").await;
    browser.open_page(&format!("{}/account/second-factor/", app.base)).await;
    browser.sees("You have none yet").await;
    browser.presses("Add an app").await;
    let key = browser.finds("#key").await.text().await.unwrap();
    let key = TotpKey::from_text(&key).expect("the page shows the key");
    browser.finds("svg.qr").await;

    browser.types("code", "000000").await;
    browser.presses("Add the app").await;
    browser.sees("This code or key is wrong").await;
    let first = code(&key, 0);
    browser.types("code", &first).await;
    browser.types("label", "old phone").await;
    browser.presses("Add the app").await;
    browser.sees("old phone").await;
    browser.sees("You have none left").await;
    browser.presses("Make new recovery codes").await;
    browser.sees("shown this once").await;
    let recovery = browser.finds(".codes code").await.text().await.unwrap();

    browser.sign_out(app).await;
    browser.types_password(app, "ann").await;
    browser.sees("One more step").await;
    // The code that the app was added with is used already.
    browser.types("code", &first).await;
    browser.presses("Sign in").await;
    browser.sees("This code or key is wrong").await;
    browser.types("code", &code(&key, 1)).await;
    browser.presses("Sign in").await;
    browser.is_signed_in(app).await;

    browser.sign_out(app).await;
    browser.types_password(app, "ann").await;
    browser.sees("One more step").await;
    browser.finds("summary").await.click().await.unwrap();
    browser.types("recovery_code", &recovery.to_uppercase()).await;
    browser.presses("Sign in by recovery code").await;
    browser.is_signed_in(app).await;
    browser.open_page(&format!("{}/account/second-factor/", app.base)).await;
    browser.sees("You have 9 left").await;

    browser.presses("Remove old phone").await;
    browser.types("password", "not it at all").await;
    browser.presses("Remove it").await;
    browser.sees("User name or password is wrong").await;
    browser.types("password", PASSWORD).await;
    browser.presses("Remove it").await;
    browser.sees("You have none yet").await;
    browser.sign_out(app).await;
    browser.types_password(app, "ann").await;
    browser.is_signed_in(app).await;
}

async fn passkey(t: &TestDb, name: &str) {
    let Some(browser) = Browser::ready(Scripts::Run).await else { return };
    let app = site(t).await;
    let story = async {
        browser.plug_in_passkey().await;
        browser.sign_up(&app, "ann").await;
        browser.open_page(&format!("{}/account/second-factor/passkey/", app.base)).await;
        browser.types("label", "this laptop").await;
        browser.presses("Make the passkey").await;
        browser.sees("this laptop").await;

        for _ in 0..2 {
            browser.sign_out(&app).await;
            browser.types_password(&app, "ann").await;
            browser.sees("One more step").await;
            let code = browser.client.find(Locator::Css("[name='code']")).await;
            assert!(code.is_err(), "who has a passkey only is not asked for a code");
            browser.presses("Sign in by passkey").await;
            browser.is_signed_in(&app).await;
        }

        browser.open_page(&format!("{}/account/second-factor/", app.base)).await;
        browser.presses("Remove this laptop").await;
        browser.presses("Remove it by passkey").await;
        browser.sees("You have none yet").await;
    };
    browser.tells(name, story).await;
}

/// The code that the app shows `steps` half minutes from now.
fn code(key: &TotpKey, steps: i32) -> String {
    key.code_at(SystemClock.now() + TimeDelta::seconds(30) * steps).unwrap()
}
