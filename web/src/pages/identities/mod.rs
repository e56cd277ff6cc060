//! Identities elsewhere: signing in by a provider, and which identities sign in to one's account.

mod manage;
mod provider;

use super::second_factor::me::Me;
use super::second_factor::{at, secret_page, told};
use crate::ask::Ask;
use crate::documents::{identities_page, sign_in_page, sign_up_page};
use crate::frame::{Frame, Part};
use axum::Router;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use cairn_api::App;

/// The routes of these pages.
pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/account/identities", get(manage::show))
        .route("/account/identities/directory", post(manage::link_directory))
        .route("/account/identities/{identity}/unlink", post(manage::unlink))
        .route("/account/oidc/{name}/start", post(provider::start))
        .route("/account/oidc/{name}/callback", get(provider::callback))
}

/// A provider's button.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Button {
    pub(super) name: String,
    pub(super) title: String,
}

/// The ways to sign in besides an account's own password, as the pages for signing in and up show them.
#[derive(Debug, Default)]
pub(super) struct Ways {
    pub(super) providers: Vec<Button>,
    /// What people call the directory, whose names and passwords are good too.
    pub(super) directory: Option<String>,
    /// Where to go on.
    pub(super) next: Option<String>,
    /// The text of the link in an invitation.
    pub(super) invitation: Option<String>,
}

/// Lets the ways in be made of the fragment `Ways` in a document, given the module of the document:
///
/// ```graphql
/// fragment Ways on SiteFeatures { directory providers { name title } }
/// ```
macro_rules! ways_of {
    ($document:ident) => {
        impl From<$document::Ways> for $crate::pages::identities::Ways {
            fn from(told: $document::Ways) -> Self {
                let button = |told: $document::WaysProviders| $crate::pages::identities::Button {
                    name: told.name,
                    title: told.title,
                };
                Self {
                    providers: told.providers.into_iter().map(button).collect(),
                    directory: told.directory,
                    ..Self::default()
                }
            }
        }
    };
}

ways_of!(sign_in_page);
ways_of!(sign_up_page);
ways_of!(identities_page);

fn frame(ask: &Ask) -> Frame {
    ask.frame(Part::Account)
}

/// On to a page of this site; the browser asks for it by GET.
fn go(frame: &Frame, path: &str) -> Response {
    Redirect::to(&format!("{}{path}", frame.root)).into_response()
}
