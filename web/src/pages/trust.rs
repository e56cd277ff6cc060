//! Trust in an account and blocks of it: the forms stand on pages of plugins, of the queue and of accounts, and this is what
//! they do, at the addresses that the present site has for them.

use super::staff::account::{self, BlockForm};
use super::staff::{Signed, deed, given};
use crate::documents::{
    BlockAccount, DistrustAccount, TrustAccount, UnblockAccount, block_account, distrust_account,
    trust_account, unblock_account,
};
use crate::done::Done;
use crate::frame::path_part;
use axum::Router;
use axum::extract::{Form, Path};
use axum::response::Response;
use axum::routing::post;
use cairn_api::App;
use cairn_api::problem::Problem;
use serde::Deserialize;

/// The routes of the forms.
pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/plugins/user/{name}/trust", post(grant))
        .route("/plugins/user/{name}/untrust", post(withdraw))
        .route("/plugins/user/{name}/block", post(block))
        .route("/plugins/user/{name}/unblock", post(unblock))
}

/// What the forms send: why, and where they stood.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct WhyForm {
    reason: Option<String>,
    /// The plugin on whose page the form stood.
    package: Option<String>,
    /// The version in the queue that it stood beside.
    version: Option<String>,
}

impl WhyForm {
    /// Back to where the form stood; to the account where that is not told.
    fn back(&self, name: &str) -> String {
        match (self.package.as_deref(), self.version.as_deref()) {
            (Some(package), Some(version)) => {
                format!("/staff/queue/{}/{}/", path_part(package), path_part(version))
            }
            (Some(package), None) => format!("/plugins/{}/", path_part(package)),
            (None, _) => account::address(name),
        }
    }
}

async fn grant(
    Signed(ask): Signed,
    Path(name): Path<String>,
    Form(form): Form<WhyForm>,
) -> Result<Response, Problem> {
    let back = form.back(&name);
    let variables = trust_account::Variables { account: name, reason: given(form.reason) };
    let told = ask.deed::<TrustAccount>(variables).await?;
    Ok(ask.go(&back, Some(Done::Trusted), told.position))
}

async fn withdraw(
    Signed(ask): Signed,
    Path(name): Path<String>,
    Form(form): Form<WhyForm>,
) -> Result<Response, Problem> {
    let back = form.back(&name);
    let variables = distrust_account::Variables { account: name, reason: given(form.reason) };
    let told = ask.deed::<DistrustAccount>(variables).await?;
    Ok(ask.go(&back, Some(Done::Untrusted), told.position))
}

async fn block(
    Signed(ask): Signed,
    Path(name): Path<String>,
    Form(form): Form<BlockForm>,
) -> Result<Response, Problem> {
    let until = match form.until() {
        Ok(until) => until,
        Err(refusal) => return account::again(&ask, &name, form, &refusal).await,
    };
    let reason = given(form.reason.clone());
    let variables = block_account::Variables { account: name.clone(), reason, until };
    match deed::<BlockAccount>(&ask, variables).await? {
        Ok(told) => Ok(ask.go(&account::address(&name), Some(Done::Blocked), told.position)),
        Err(said) => account::look(&ask, &name, form, said).await,
    }
}

async fn unblock(
    Signed(ask): Signed,
    Path(name): Path<String>,
    Form(form): Form<WhyForm>,
) -> Result<Response, Problem> {
    let back = account::address(&name);
    let variables = unblock_account::Variables { account: name, reason: given(form.reason) };
    let told = ask.deed::<UnblockAccount>(variables).await?;
    Ok(ask.go(&back, Some(Done::Unblocked), told.position))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_goes_back_to_where_it_stood() {
        let form = |package: Option<&str>, version: Option<&str>| WhyForm {
            reason: None,
            package: package.map(Into::into),
            version: version.map(Into::into),
        };
        assert_eq!(form(Some("lasso"), Some("1.0/2")).back("ann"), "/staff/queue/lasso/1.0%2F2/");
        assert_eq!(form(Some("//evil.example"), None).back("ann"), "/plugins/%2F%2Fevil.example/");
        assert_eq!(form(None, None).back("a/b"), "/staff/accounts/a%2Fb/");
    }
}
