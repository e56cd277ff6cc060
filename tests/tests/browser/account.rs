//! Signing up, in and out, as people do it.

use crate::browser::Browser;
use cairn_tests::{PASSWORD, TestApp};

impl Browser {
    /// Makes an account and is signed in to it.
    pub(crate) async fn sign_up(&self, app: &TestApp, name: &str) {
        self.open_page(&format!("{}/account/sign-up/", app.base)).await;
        self.types("name", name).await;
        self.types("email", &format!("{name}@example.org")).await;
        self.types("password", PASSWORD).await;
        self.presses("Sign up").await;
        self.is_signed_in(app).await;
    }

    /// Signs in as far as the password goes.
    pub(crate) async fn types_password(&self, app: &TestApp, name: &str) {
        self.open_page(&format!("{}/account/sign-in/", app.base)).await;
        self.types("name", name).await;
        self.types("password", PASSWORD).await;
        self.presses("Sign in").await;
    }

    /// Signs out.
    pub(crate) async fn sign_out(&self, app: &TestApp) {
        self.open_page(&format!("{}/account/", app.base)).await;
        self.presses("Sign out").await;
        self.sees("Sign in").await;
    }

    /// The account's page is shown, which is for who is signed in.
    pub(crate) async fn is_signed_in(&self, app: &TestApp) {
        self.sees("Your data").await;
        let at = self.client.current_url().await.unwrap();
        assert_eq!(at.as_str(), format!("{}/account/", app.base));
    }
}
