//! Asking from within this process: what pages do. The same schema, limits and rules as over HTTP, without text between.

use super::asked::{Asked, execute};
use crate::App;
use crate::problem::Problem;
use crate::request_id::RequestId;
use async_graphql::{Request, Response, ServerError, UploadValue, Variables, from_value};
use bytes::Bytes;
use serde::de::DeserializeOwned;

/// A document with what belongs to it.
#[derive(Debug)]
pub struct Question<'d> {
    /// The whole text.
    pub document: &'d str,
    /// The operation in it.
    pub operation: &'d str,
    /// Its variables, an object.
    pub variables: serde_json::Value,
    /// A file for one of the variables, by its path such as `input.package`.
    pub file: Option<(String, File)>,
}

/// A file that a browser sent.
#[derive(Debug)]
pub struct File {
    /// As the browser calls it.
    pub name: String,
    /// What is in it.
    pub content: Bytes,
}

/// An answer without errors.
#[derive(Debug)]
pub struct Told<D> {
    /// The data.
    pub data: D,
    /// How far the registry log must be read to see the deeds in it; none if there were none.
    pub position: Option<u64>,
}

/// Asks, and reads the answer as `D`. The first problem of any field is the problem of all: a page shows everything or says
/// what is wrong.
pub async fn ask<D: DeserializeOwned>(
    app: &App,
    asked: Asked,
    question: Question<'_>,
) -> Result<Told<D>, Problem> {
    let id = asked.request.clone();
    let mut request = Request::new(question.document)
        .operation_name(question.operation)
        .variables(Variables::from_json(question.variables));
    if let Some((path, file)) = question.file {
        let upload = UploadValue { filename: file.name, content_type: None, content: file.content };
        request.set_upload(&format!("variables.{path}"), upload);
    }
    let (response, position) = execute(app, asked, request).await;
    let Response { data, errors, .. } = response;
    if let Some(error) = errors.into_iter().next() {
        return Err(problem_of(&error, question.operation, id));
    }
    match from_value(data) {
        Ok(data) => Ok(Told { data, position }),
        Err(fault) => Err(our_fault(&fault.to_string(), question.operation, id)),
    }
}

fn problem_of(error: &ServerError, operation: &str, request: RequestId) -> Problem {
    error.source::<Problem>().cloned().unwrap_or_else(|| our_fault(&error.message, operation, request))
}

/// Documents of pages are checked against the schema when they are compiled, so this is a bug of ours.
fn our_fault(message: &str, operation: &str, request: RequestId) -> Problem {
    tracing::error!(request.id = %request, "the document {operation} of a page was not answered: {message}");
    Problem::Internal { request, unavailable: false }
}
