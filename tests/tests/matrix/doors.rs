//! The doors, and how a deed is tried at each: the answer is the code of the refusal, or nothing when it was done.

use crate::role::Role;
use crate::world::{Cell, World};
use cairn_commands::Fault;
use cairn_domain::Refusal;
use clap::Parser;
use reqwest::multipart::{Form, Part};
use reqwest::{Method, Response};
use serde_json::{Value, json};

/// Where a deed can be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Door {
    /// `/graphql`.
    GraphQl,
    /// `/plugins/api/…`, with multipart forms.
    TokenApi,
    /// `/plugins/RPC2/` with XML.
    XmlRpc,
    /// `/plugins/RPC2/` with JSON.
    JsonRpc,
    /// The program itself, `--as` somebody.
    Cli,
    /// A form of a page.
    Page,
}

impl Door {
    /// Whether somebody of this role can come to this door at all: the command line acts as accounts, and who is blocked has
    /// no session.
    pub(crate) fn admits(self, role: Role) -> bool {
        match self {
            Self::GraphQl | Self::TokenApi | Self::XmlRpc | Self::JsonRpc => true,
            Self::Cli => role != Role::Anonymous && !role.is_token(),
            Self::Page => role != Role::Blocked && !role.is_token(),
        }
    }
}

/// One way to do a deed. Words with `@` stand for what the cell has.
pub(crate) enum Attempt {
    /// A mutation with its arguments.
    Mutation(&'static str),
    /// A mutation with a package of this version as `$file`.
    Upload { mutation: &'static str, version: &'static str },
    /// A form with the package of this version.
    Form { path: &'static str, version: &'static str },
    /// XML-RPC's `plugin.upload` of this version.
    XmlUpload { version: &'static str },
    /// The same by JSON-RPC.
    JsonUpload { version: &'static str },
    /// A command line, without the program's name and settings; `@zip` is a file with the next version.
    Line(&'static str),
    /// A form of a page.
    Post { path: &'static str, fields: &'static [(&'static str, &'static str)] },
}

impl Attempt {
    /// Tries it as the role of the cell.
    pub(crate) async fn carry_out(&self, cell: &Cell<'_>) -> Option<String> {
        match self {
            Self::Mutation(text) => mutate(cell, &cell.fill(text)).await,
            Self::Upload { mutation, version } => upload(cell, &cell.fill(mutation), version).await,
            Self::Form { path, version } => post_package(cell, &cell.fill(path), version).await,
            Self::XmlUpload { version } => xml_upload(cell, version).await,
            Self::JsonUpload { version } => json_upload(cell, version).await,
            Self::Line(line) => run_line(cell, &cell.fill(line)).await,
            Self::Post { path, fields } => post_fields(cell, &cell.fill(path), fields).await,
        }
    }
}

async fn mutate(cell: &Cell<'_>, text: &str) -> Option<String> {
    let document = format!("mutation {{ {text} {{ __typename }} }}");
    code_of_graphql(&cell.asker.graphql(&document, json!({})).await)
}

async fn upload(cell: &Cell<'_>, text: &str, version: &str) -> Option<String> {
    let document = format!("mutation($file: Upload!) {{ {text} {{ __typename }} }}");
    let operations = json!({ "query": document, "variables": { "file": null } });
    let form = Form::new()
        .text("operations", operations.to_string())
        .text("map", r#"{"0":["variables.file"]}"#)
        .part("0", Part::bytes(cell.zip(version)).file_name("package.zip"));
    let request = cell.asker.request(Method::POST, "/graphql").header("graphql-require-preflight", "1");
    let request = request.multipart(form);
    code_of_graphql(&request.send().await.unwrap().json().await.unwrap())
}

fn code_of_graphql(answer: &Value) -> Option<String> {
    let error = answer["errors"].get(0).or_else(|| answer.get("code").map(|_| answer))?;
    let code = error["extensions"]["code"].as_str().or_else(|| error["code"].as_str());
    Some(code.map_or_else(|| answer.to_string(), str::to_owned))
}

/// As a browser posts a form. Who is not signed in is sent to where one signs in.
async fn post_fields(cell: &Cell<'_>, path: &str, fields: &[(&str, &str)]) -> Option<String> {
    let request =
        cell.world.stranger().request(Method::POST, path).header("accept", "application/problem+json");
    let request = match cell.role {
        Role::Anonymous => request,
        _ => request.header("cookie", cell.asker.browser_cookie().await),
    };
    let body = fields
        .iter()
        .map(|(name, value)| format!("{name}={}", cell.fill(value)))
        .collect::<Vec<_>>()
        .join("&");
    let request = request.header("content-type", "application/x-www-form-urlencoded").body(body);
    let response = request.header("sec-fetch-site", "same-origin").send().await.unwrap();
    let to = response.headers().get("location").and_then(|to| to.to_str().ok());
    if to.is_some_and(|to| to.contains("/account/sign-in")) {
        return Some("unauthenticated".into());
    }
    code_of(response).await
}

async fn post_package(cell: &Cell<'_>, path: &str, version: &str) -> Option<String> {
    let part = Part::bytes(cell.zip(version)).file_name("package.zip");
    let request = cell.asker.request(Method::POST, path).header("accept", "application/problem+json");
    code_of(request.multipart(Form::new().part("package", part)).send().await.unwrap()).await
}

async fn code_of(response: Response) -> Option<String> {
    if response.status().is_success() || response.status().is_redirection() {
        return None;
    }
    let answer: Value = response.json().await.unwrap();
    Some(answer["code"].as_str().map_or_else(|| answer.to_string(), str::to_owned))
}

fn base64(bytes: &[u8]) -> String {
    use base64::Engine;
    base64::engine::general_purpose::STANDARD.encode(bytes)
}

async fn xml_upload(cell: &Cell<'_>, version: &str) -> Option<String> {
    let body = format!(
        "<?xml version='1.0'?><methodCall><methodName>plugin.upload</methodName><params><param><value><base64>{}</base64>\
         </value></param></params></methodCall>",
        base64(&cell.zip(version))
    );
    rpc(cell, "text/xml", body, |body| !body.contains("<fault>") && body.contains("<int>")).await
}

async fn json_upload(cell: &Cell<'_>, version: &str) -> Option<String> {
    let body = json!({ "jsonrpc": "2.0", "id": 1, "method": "plugin.upload", "params": [base64(&cell.zip(version))] });
    rpc(cell, "application/json", body.to_string(), |body| body.contains("\"result\":[")).await
}

/// These doors tell refusals as sentences of their own protocols: the sentence of the refusal is in them.
async fn rpc(cell: &Cell<'_>, content_type: &str, body: String, done: fn(&str) -> bool) -> Option<String> {
    let request = cell.asker.request(Method::POST, "/plugins/RPC2/").header("content-type", content_type);
    let response = request.body(body).send().await.unwrap();
    let status = response.status();
    let text = response.text().await.unwrap();
    if status.is_success() && done(&text) { None } else { Some(World::code_in(&text)) }
}

async fn run_line(cell: &Cell<'_>, line: &str) -> Option<String> {
    let settings = cell.world.settings();
    let words = line.split(' ').map(str::to_owned);
    let all = ["cairn".to_owned()].into_iter().chain(settings).chain(words);
    let args = match cairn_cli::args::Args::try_parse_from(all) {
        Ok(args) => args,
        Err(fault) => return Some(fault.to_string()),
    };
    match Box::pin(cairn_cli::carry_out(args)).await {
        Ok(_) => None,
        Err(fault) => {
            let refusal = fault.downcast_ref::<Refusal>().cloned().or_else(|| match fault.downcast_ref() {
                Some(Fault::Refused(refusal)) => Some(refusal.clone()),
                _ => None,
            });
            Some(refusal.map_or_else(|| format!("{fault:#}"), |refusal| refusal.code().to_owned()))
        }
    }
}
