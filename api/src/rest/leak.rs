//! Leaked tokens: whoever finds one reports it here, and it is dead.
//!
//! `POST /plugins/api/tokens/leaked/` with the token itself as text, with `{"token": "cairn_…"}`, or with a list as
//! secret scanners send it (`[{"token", "type", "url"}, …]`), signed by the key that the settings name. The token is the
//! proof, so nobody has to sign in; the answer is the same whether there is such a token or not, and an address that keeps
//! guessing waits as one that guesses passwords.

use crate::App;
use crate::client::Address;
use crate::problem::Problem;
use crate::request_id::RequestId;
use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use cairn_commands::Fault;
use cairn_commands::secret::PluginToken;
use cairn_commands::sign_in::Subject;
use cairn_commands::token::ReportLeakedToken;
use cairn_domain::{Actor, Refusal};
use serde::Deserialize;
use serde_json::json;

/// The most tokens of one list.
const LIST_MAX: usize = 100;

/// Where the signature of a list stands: base64 of DER, ECDSA on P-256 over the bytes of the body.
const SIGNATURE: &str = "github-public-key-signature";

/// What a finder sends about one token; what else scanners say is read past.
#[derive(Deserialize)]
struct Found {
    token: String,
}

/// What a finder sends.
enum Report {
    One(Found),
    Many(Vec<Found>),
}

/// `POST /plugins/api/tokens/leaked/`.
pub(crate) async fn report(
    State(app): State<App>,
    request: RequestId,
    Address(from): Address,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Problem> {
    let fault = |fault| Problem::of(fault, &request);
    let tokens = match found(&body)? {
        Report::One(found) => {
            let limiter = app.sign_in.limiter();
            limiter.admit(&[Subject::Address(from)]).await.map_err(fault)?;
            if !revoke(&app, &found).await.map_err(fault)? {
                let counted = limiter.failed(&[Subject::Address(from)]).await;
                counted.map_err(|fault| Problem::store(fault, &request))?;
            }
            return Ok(received(1));
        }
        Report::Many(list) => {
            let signature = headers.get(SIGNATURE).and_then(|value| value.to_str().ok());
            if !signature.is_some_and(|signature| app.publishing.reported(&body, signature)) {
                let message = "a list needs the signature of the key that this repository was told of";
                return Err(Refusal::invalid(SIGNATURE, message).into());
            }
            if list.len() > LIST_MAX {
                return Err(Refusal::invalid("body", format!("has at most {LIST_MAX} tokens")).into());
            }
            list
        }
    };
    for found in &tokens {
        revoke(&app, found).await.map_err(fault)?;
    }
    Ok(received(tokens.len()))
}

fn received(tokens: usize) -> Response {
    (StatusCode::OK, Json(json!({ "success": true, "received": tokens }))).into_response()
}

/// The token as text, or JSON.
fn found(body: &[u8]) -> Result<Report, Refusal> {
    let text = std::str::from_utf8(body).map(str::trim).unwrap_or_default();
    if text.starts_with(PluginToken::PREFIX) {
        return Ok(Report::One(Found { token: text.to_owned() }));
    }
    let report = if text.starts_with('[') {
        serde_json::from_str(text).map(Report::Many)
    } else {
        serde_json::from_str(text).map(Report::One)
    };
    report.map_err(|_| Refusal::invalid("body", "send the token as text, {\"token\": …}, or a list of these"))
}

/// Ends the token if there is one; answers whether there is. For one that was never ours the log's lock is not taken.
async fn revoke(app: &App, found: &Found) -> Result<bool, Fault> {
    let Ok(token) = found.token.trim().parse::<PluginToken>() else { return Ok(false) };
    let command = ReportLeakedToken { token: token.id, secret_sha256: token.secret_sha256() };
    let ended = match app.commands.foresee(&command, Actor::Anonymous, app.clock.now()).await {
        Ok(_) => app.commands.send(&command, Actor::Anonymous, None).await.map(drop),
        Err(refused) => Err(refused),
    };
    match ended {
        Ok(()) => Ok(true),
        Err(Fault::Refused(_)) => Ok(false),
        Err(fault) => Err(fault),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tokens(body: &str) -> Result<Vec<String>, Refusal> {
        Ok(match found(body.as_bytes())? {
            Report::One(found) => vec![found.token],
            Report::Many(list) => list.into_iter().map(|found| found.token).collect(),
        })
    }

    #[test]
    fn a_report_is_a_text_an_object_or_a_list() {
        assert_eq!(tokens(" cairn_1_2\n").unwrap(), ["cairn_1_2"]);
        assert_eq!(tokens(r#"{"token": "a", "url": "x"}"#).unwrap(), ["a"]);
        assert_eq!(
            tokens(r#"[{"token": "a", "type": "t", "url": "x"}, {"token": "b"}]"#).unwrap(),
            ["a", "b"]
        );
        for bad in ["", "{}", "1", "ghp_x", "[\"a\"]"] {
            assert_eq!(tokens(bad).unwrap_err().code(), "invalid_input", "{bad}");
        }
    }
}
