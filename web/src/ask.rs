//! How a page gets what it shows, and does what a form asks: by a document of the public GraphQL schema, in this process.

use crate::done::Done;
use crate::frame::{Frame, Part};
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Redirect, Response};
use cairn_api::graphql::{Asked, File, Question, Told, ask};
use cairn_api::problem::Problem;
use cairn_api::session::device;
use cairn_api::{Address, App, Asking, POSITION, RequestId};
use cairn_domain::{Actor, Refusal};
use graphql_client::GraphQLQuery;
use serde::Serialize;
use serde_json::Value;
use std::sync::OnceLock;

/// Whoever asks for a page, as every handler gets it. Remembers the first document that was asked: the page links it.
#[derive(Debug)]
pub(crate) struct Ask {
    pub(crate) app: App,
    asked: Asked,
    /// What the address says was just done.
    done: Option<Done>,
    behind: OnceLock<Behind>,
}

/// The query behind a page, for the console.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Behind {
    /// The operation, one of [`crate::documents::DOCUMENTS`].
    pub(crate) operation: &'static str,
    /// Its variables as JSON.
    pub(crate) variables: String,
}

impl FromRequestParts<App> for Ask {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let Asking(actor) = Asking::from_request_parts(parts, app).await?;
        let request = RequestId::from_request_parts(parts, app).await.unwrap_or_else(|never| match never {});
        let address = Address::from_request_parts(parts, app).await.unwrap_or_else(|never| match never {});
        let done = parts.uri.query().and_then(Done::in_query);
        let device = device(app, &parts.headers, address);
        let asked = Asked { actor, key: None, request, address: address.0, device };
        Ok(Self { app: app.clone(), asked, done, behind: OnceLock::new() })
    }
}

impl Ask {
    /// Who asks.
    pub(crate) fn actor(&self) -> Actor {
        self.asked.actor
    }

    /// What the log knows the request by.
    pub(crate) fn request(&self) -> &RequestId {
        &self.asked.request
    }

    /// The same for whoever is signed in too: what somebody does who has no account yet.
    pub(crate) fn into_nobody(mut self) -> Self {
        self.asked.actor = Actor::Anonymous;
        self
    }

    /// The answer to a document.
    pub(crate) async fn query<Q: GraphQLQuery>(
        &self,
        variables: Q::Variables,
    ) -> Result<Q::ResponseData, Problem> {
        let body = Q::build_query(variables);
        let variables = json_of(&body.variables);
        let behind = || Behind { operation: body.operation_name, variables: variables.to_string() };
        self.behind.get_or_init(behind);
        let question =
            Question { document: body.query, operation: body.operation_name, variables, file: None };
        Ok(ask(&self.app, self.asked.clone(), question).await?.data)
    }

    /// The answer to a document that no page links, since there is a secret in its variables or in its answer.
    pub(crate) async fn query_secretly<Q: GraphQLQuery>(
        &self,
        variables: Q::Variables,
    ) -> Result<Q::ResponseData, Problem> {
        Ok(self.deed_with::<Q>(variables, None).await?.data)
    }

    /// Does what a document of deeds says.
    pub(crate) async fn deed<Q: GraphQLQuery>(
        &self,
        variables: Q::Variables,
    ) -> Result<Told<Q::ResponseData>, Problem> {
        self.deed_with::<Q>(variables, None).await
    }

    /// The same with a file for one of the variables, by its path such as `input.package`.
    pub(crate) async fn deed_with<Q: GraphQLQuery>(
        &self,
        variables: Q::Variables,
        file: Option<(String, File)>,
    ) -> Result<Told<Q::ResponseData>, Problem> {
        let body = Q::build_query(variables);
        let variables = json_of(&body.variables);
        let question = Question { document: body.query, operation: body.operation_name, variables, file };
        ask(&self.app, self.asked.clone(), question).await
    }

    /// What a page stands in; made after its question was asked, so that it can link it.
    pub(crate) fn frame(&self, part: Part) -> Frame {
        let mut frame = Frame::of(&self.app, part);
        frame.behind = self.behind.get().cloned();
        frame.done = self.done.map(Done::sentence);
        frame
    }

    /// On to a page of this site after a deed, by GET; it shows the deed, and says that it is done. `path` begins below the
    /// site and has no query.
    pub(crate) fn go(&self, path: &str, done: Option<Done>, position: Option<u64>) -> Response {
        let root = Frame::of(&self.app, Part::Other).root;
        let told = done.map(|done| format!("?done={}", done.word())).unwrap_or_default();
        let mut response = Redirect::to(&format!("{root}{path}{told}")).into_response();
        if let Some(position) = position {
            response.headers_mut().insert(POSITION, position.into());
        }
        response
    }
}

fn json_of(variables: &impl Serialize) -> Value {
    serde_json::to_value(variables).expect("variables of documents are plain data with string keys")
}

/// The sentence for a form that is shown again; what is our fault is a page of its own.
pub(crate) fn refused(problem: Problem) -> Result<Refusal, Problem> {
    match problem {
        Problem::Refused(refusal) => Ok(refusal),
        other => Err(other),
    }
}
