//! `/plugins/RPC2/`: XML-RPC and JSON-RPC, as old upload tools and QGIS's votes speak them.

use crate::App;
use crate::actor::Asking;
use crate::client::Address;
use crate::problem::Problem;
use crate::request_id::RequestId;
use crate::rest::upload::idempotency_key;
use crate::rpc::{
    Call, Fault as RpcFault, Reply, Request, RpcLimits, introspect, method_list_html, needs_login, read,
    upload_fault, vote_fault,
};
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use bytes::Bytes;
use cairn_commands::Fault;
use cairn_commands::vote::CastVote;
use cairn_domain::{Actor, Refusal};
use cairn_projections::catalogue;
use cairn_store::{StoreError, vault};

/// The methods, for people.
pub(crate) async fn list(State(app): State<App>) -> Html<String> {
    Html(method_list_html(&service_url(&app)))
}

/// What may be sent here, for browsers that ask before they post.
pub(crate) async fn options() -> impl IntoResponse {
    let headers = [
        (header::ALLOW, "GET, POST, OPTIONS"),
        (header::ACCESS_CONTROL_ALLOW_METHODS, "POST, GET, OPTIONS"),
        (header::ACCESS_CONTROL_ALLOW_HEADERS, "Content-Type, Authorization"),
    ];
    (StatusCode::NO_CONTENT, headers)
}

/// Carries out the calls of one body, in their order.
pub(crate) async fn call(
    State(app): State<App>,
    request_id: RequestId,
    address: Address,
    asking: Result<Asking, Problem>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Problem> {
    let limits = RpcLimits { body_bytes_max: app.settings.limits.rpc_bytes_max(), ..RpcLimits::default() };
    let content_type = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let message = read(content_type, &body, &limits);
    drop(body);
    let Asking(actor) = asking?;
    let anonymous = actor == Actor::Anonymous;
    if anonymous && message.requests.iter().any(|request| request.call.as_ref().is_ok_and(needs_login)) {
        return Err(Refusal::Unauthenticated.into());
    }
    let key = idempotency_key(&headers)?;
    let mut outcomes = Vec::with_capacity(message.requests.len());
    for (index, Request { call, .. }) in message.requests.into_iter().enumerate() {
        // Each call of a batch is a command of its own, so it has a key of its own.
        let key = key.as_ref().map(|key| format!("{key}/{index}"));
        let caller = Caller { actor, address, key, request_id: request_id.clone() };
        outcomes.push(match call {
            Ok(call) => carry_out(&app, &caller, call).await,
            Err(fault) => Err(fault),
        });
    }
    let answer = message.envelope.answer(&outcomes);
    let status = if answer.body.is_empty() { StatusCode::NO_CONTENT } else { StatusCode::OK };
    Ok((status, [(header::CONTENT_TYPE, answer.content_type)], answer.body).into_response())
}

struct Caller {
    actor: Actor,
    address: Address,
    key: Option<String>,
    request_id: RequestId,
}

async fn carry_out(app: &App, caller: &Caller, call: Call) -> Result<Reply, RpcFault> {
    if let Some(told) = introspect(&call, &service_url(app)) {
        return told;
    }
    match call {
        Call::Upload { package, auto_approve: _ } => upload(app, caller, package.into()).await,
        Call::Vote { plugin_id, score } => vote(app, caller, plugin_id, score).await,
        Call::Tags => tags(app).await.map_err(|fault| caller.told(fault.into())),
        Call::Maintainers => maintainers(app, caller).await.map_err(|fault| caller.told(fault)),
        Call::ListMethods | Call::MethodHelp(_) | Call::MethodSignature(_) | Call::Describe => {
            unreachable!("introspect answers these")
        }
    }
}

impl Caller {
    /// A fault as one line; our own are logged and told by the request's id.
    fn told(&self, fault: Fault) -> RpcFault {
        match Problem::of(fault, &self.request_id) {
            Problem::Refused(refusal) => RpcFault::refused(refusal.to_string()),
            ours => RpcFault::server(ours.detail()),
        }
    }
}

/// A version, or a plugin with its first one. Whoever is trusted and owns the plugin has it public at once, asked or not.
async fn upload(app: &App, caller: &Caller, zip: Bytes) -> Result<Reply, RpcFault> {
    match app.intake.add(None, zip, caller.actor, caller.key.as_deref()).await {
        Ok(received) => {
            let done = received.done.answer;
            Ok(Reply::PluginAndVersion(done.plugin_id, done.version_id))
        }
        Err(Fault::Refused(Refusal::PackageRefused { findings })) => {
            let line =
                |finding: &cairn_domain::package::Finding| format!("{}: {}", finding.place, finding.message);
            Err(upload_fault(&findings.iter().map(line).collect::<Vec<_>>()))
        }
        Err(fault) => Err(caller.told(fault)),
    }
}

async fn vote(app: &App, caller: &Caller, plugin_id: u64, score: i64) -> Result<Reply, RpcFault> {
    let outcome = async {
        let mut read = app.projections.read().await?;
        let plugin = catalogue::plugin_by_id(&mut read, plugin_id).await?;
        drop(read);
        let unknown = || Refusal::PluginUnknown { package: format!("with the id {plugin_id}") };
        let package = plugin.ok_or_else(unknown)?.package;
        let score = u8::try_from(score).map_err(|_| Refusal::VoteOutOfRange)?;
        let key_of_the_day = app.voters.key(caller.address.0, app.clock.now());
        app.commands.send(&CastVote { package, score, key_of_the_day }, caller.actor, None).await
    };
    match outcome.await {
        Ok(_) => Ok(Reply::Vote {
            cookie_name: format!("vote-11.{plugin_id}.2c5504"),
            cookie: app.clock.now().timestamp_millis().to_string(),
        }),
        Err(fault) => Err(vote_fault(&[caller.told(fault).message])),
    }
}

async fn tags(app: &App) -> Result<Reply, StoreError> {
    let mut read = app.projections.read().await?;
    let tags = catalogue::all_tags(&mut read).await?;
    Ok(Reply::Tags(tags.into_iter().map(|tag| tag.tag).collect()))
}

/// The addresses of everybody who made a plugin; for staff, who write to them all.
async fn maintainers(app: &App, caller: &Caller) -> Result<Reply, Fault> {
    if !app.sign_in.may_act(caller.actor).await?.staff {
        return Err(Refusal::NotStaff.into());
    }
    let mut read = app.projections.read().await?;
    let mut addresses = Vec::new();
    for creator in catalogue::creators(&mut read).await? {
        addresses.extend(vault::person_by_id(read.tx(), creator.0).await?.map(|person| person.email));
    }
    addresses.sort();
    addresses.dedup();
    Ok(Reply::Text(addresses.join("\n")))
}

fn service_url(app: &App) -> String {
    app.settings.address("/plugins/RPC2/")
}
