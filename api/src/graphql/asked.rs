//! One request: who asks, with what, and how far the deeds in it reached.

use super::Schema;
use super::batch::{self, Later};
use super::documents::{self, Meant};
use super::error::{document_error, tidy};
use super::fields::fields_of;
use super::limits::GraphqlLimits;
use super::loaders::Loaders;
use super::noted::Noted;
use super::object::raw_id;
use super::received::Received;
use super::snapshot::Snapshot;
use crate::App;
use crate::problem::Problem;
use crate::request_id::RequestId;
use async_graphql::parser::types::OperationType;
use async_graphql::{Context, Error, Pos, QueryPathSegment, Request, Response, Value as ConstValue};
use cairn_commands::sign_in::Device;
use cairn_commands::{Command, Done, Fault};
use cairn_domain::ids::AccountId;
use cairn_domain::names::fold;
use cairn_domain::{Actor, Refusal};
use cairn_store::statements::counted;
use cairn_store::{StoreError, vault};
use futures_util::future::BoxFuture;
use futures_util::stream::{BoxStream, once, unfold};
use futures_util::{FutureExt, StreamExt};
use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;
use tokio::sync::OnceCell;

/// What a door knows of a request besides its document.
#[derive(Debug, Clone)]
pub struct Asked {
    /// Who asks.
    pub actor: Actor,
    /// The caller's `Idempotency-Key`; it holds for each deed of the document by itself.
    pub key: Option<String>,
    /// What the log knows the request by.
    pub request: RequestId,
    /// Where it came from; tells anonymous voters of a day apart and goes nowhere else.
    pub address: IpAddr,
    /// What is known of the browser or program, for the list of its account's sessions.
    pub device: Device,
}

/// Answers one document, for the route and for pages of this process alike. The second value is how far the registry log
/// must be read to see the deeds in it; none if there were no deeds.
///
/// Boxed, so that the crates of the doors need not compile the whole schema once more: its future is a type as large as it.
pub fn execute(app: &App, asked: Asked, request: Request) -> BoxFuture<'_, (Response, Option<u64>)> {
    let answered = execute_noted(app, asked, request);
    answered.map(|(response, position, _)| (response, position)).boxed()
}

/// [`execute`], and what was noted of it.
pub fn execute_noted(
    app: &App,
    asked: Asked,
    request: Request,
) -> BoxFuture<'_, (Response, Option<u64>, Noted)> {
    noted(app, asked, request).boxed()
}

async fn noted(app: &App, asked: Asked, mut request: Request) -> (Response, Option<u64>, Noted) {
    let (limits, started) = (limits_of(&app.schema), Instant::now());
    let reached = Arc::new(AtomicU64::new(0));
    let operation = operation_of(&mut request);
    let (mut response, statements) = match too_much(&mut request, &limits) {
        Some(refused) => (refused, 0),
        None => counted(answer(app, asked.clone(), request, &reached)).await,
    };
    tidy(&mut response, limits.message_chars_max);
    let noted = Noted::of(operation, statements, &mut response);
    noted.log(&asked, started.elapsed());
    let reached = reached.load(Ordering::Relaxed);
    (response, (reached > 0).then_some(reached), noted)
}

async fn answer(app: &App, asked: Asked, request: Request, reached: &Arc<AtomicU64>) -> Response {
    let (later, mut work) = batch::later();
    let asker = Asker::new(app, asked, &later, Arc::clone(reached));
    work.beside(app.schema.execute(request.data(asker)).boxed()).await
}

/// What a document is answered over a connection that stays: of a subscription answers as they come, of anything else one.
pub(crate) fn answers(app: App, asked: Asked, received: Received) -> BoxStream<'static, Response> {
    let begun = async move {
        let request = match admit(&app, &asked, received).await {
            Ok(request) => request,
            Err(refused) => return once(async { *refused }).boxed(),
        };
        subscribed(app, asked, request)
    };
    begun.flatten_stream().boxed()
}

fn subscribed(app: App, asked: Asked, mut request: Request) -> BoxStream<'static, Response> {
    let limits = limits_of(&app.schema);
    if let Some(mut refused) = too_much(&mut request, &limits) {
        tidy(&mut refused, limits.message_chars_max);
        return once(async { refused }).boxed();
    }
    if operation_of(&mut request).is_none_or(|(sort, _)| sort != OperationType::Subscription) {
        return once(async move { execute(&app, asked, request).await.0 }).boxed();
    }
    let (later, work) = batch::later();
    let asker = Asker::new(&app, asked, &later, Arc::default());
    let snapshot = Arc::clone(&asker.snapshot);
    let stream = app.schema.execute_stream(request.data(asker)).boxed();
    metrics::counter!("cairn_graphql_requests_total", "sort" => "subscription", "outcome" => "begun")
        .increment(1);
    let answers = unfold((stream, work, snapshot), move |(mut stream, mut work, snapshot)| async move {
        let mut response = work.beside(stream.next()).await?;
        // The next answer may be long in coming, and is of a later state.
        snapshot.release().await;
        tidy(&mut response, limits.message_chars_max);
        Some((response, (stream, work, snapshot)))
    });
    answers.boxed()
}

/// The operation of a document that would be carried out: what sort it is, and its name.
pub(crate) fn operation_of(request: &mut Request) -> Option<(OperationType, Option<String>)> {
    let wanted = request.operation_name.clone();
    let document = request.parsed_query().ok()?;
    let mut operations = document.operations.iter();
    let (name, operation) = match &wanted {
        Some(wanted) => operations.find(|(name, _)| name.is_some_and(|name| name.as_str() == wanted)),
        None => operations.next(),
    }?;
    Some((operation.node.ty, name.map(ToString::to_string)))
}

/// The document that is meant, if whoever asks may ask it; otherwise the answer that says why not.
pub(crate) async fn admit(app: &App, asked: &Asked, received: Received) -> Result<Request, Box<Response>> {
    let meant = match app.documents.meant(received) {
        Meant::Known(request) | Meant::Free(request) => return Ok(request),
        Meant::Refused(refused) => return Err(refused),
        Meant::Unknown(request) => request,
    };
    // Staff may ask anything.
    let staff = asked.actor != Actor::Anonymous
        && app.sign_in.may_act(asked.actor).await.is_ok_and(|acting| acting.staff);
    if staff { Ok(meant) } else { Err(Box::new(documents::not_known())) }
}

/// The limits that the schema was made with.
pub(crate) fn limits_of(schema: &Schema) -> GraphqlLimits {
    schema.data().copied().unwrap_or_default()
}

/// The refusal of a document that would cost much before it is known to be too much, or that is none.
pub(crate) fn too_much(request: &mut Request, limits: &GraphqlLimits) -> Option<Response> {
    if has_nul(request) {
        let problem =
            Problem::from(Refusal::invalid("text", "has a character U+0000, which no text here can have"));
        return Some(Response::from_errors(vec![Error::from(problem).into_server_error(Pos::default())]));
    }
    let fault = match request.parsed_query() {
        Ok(document) if fields_of(document) <= limits.fields_max => return None,
        Ok(_) => document_error(format!("the document has more than {} fields", limits.fields_max)),
        Err(fault) => fault,
    };
    Some(Response::from_errors(vec![fault]))
}

/// Whether there is a text with U+0000, which PostgreSQL refuses wherever it is sent: refused at the door, it is no fault of ours.
fn has_nul(request: &Request) -> bool {
    let in_document = request.query.contains('\0') || request.query.contains("\\u0000");
    let mut open: Vec<&ConstValue> = request.variables.values().collect();
    let mut in_variables = false;
    while let Some(value) = open.pop() {
        match value {
            ConstValue::String(text) => in_variables |= text.contains('\0'),
            ConstValue::List(items) => open.extend(items),
            ConstValue::Object(fields) => open.extend(fields.values()),
            _ => {}
        }
    }
    in_document || in_variables
}

/// Whoever asks, with everything that resolvers need to answer.
#[derive(Debug)]
pub(crate) struct Asker {
    pub(crate) app: App,
    asked: Asked,
    pub(crate) snapshot: Arc<Snapshot>,
    pub(crate) loaders: Loaders,
    viewer: OnceCell<Viewer>,
    reached: Arc<AtomicU64>,
}

/// What decides what somebody may see.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Viewer {
    /// The account behind the credential.
    pub(crate) account: Option<AccountId>,
    /// Sees everybody's.
    pub(crate) staff: bool,
    /// Not a plugin token: sees what is personal.
    pub(crate) in_person: bool,
}

impl Viewer {
    /// Whether they may see what is personal of this account.
    pub(crate) fn knows(&self, account: AccountId) -> bool {
        self.in_person && (self.staff || self.account == Some(account))
    }
}

/// Whoever asks.
pub(crate) fn asker<'c>(context: &Context<'c>) -> &'c Asker {
    context.data_unchecked::<Asker>()
}

impl Asker {
    fn new(app: &App, asked: Asked, later: &Later, reached: Arc<AtomicU64>) -> Self {
        let snapshot = Arc::new(Snapshot::new(app.clone(), asked.request.clone()));
        let loaders = Loaders::new(&snapshot, &asked.request, later);
        Self { app: app.clone(), asked, snapshot, loaders, viewer: OnceCell::new(), reached }
    }

    /// What the log knows the request by.
    pub(crate) fn request(&self) -> &RequestId {
        &self.asked.request
    }

    /// The actor of this request.
    pub(crate) fn actor(&self) -> Actor {
        self.asked.actor
    }

    /// Where the request came from.
    pub(crate) fn address(&self) -> IpAddr {
        self.asked.address
    }

    /// What is known of the browser or program behind the request.
    pub(crate) fn device(&self) -> Device {
        self.asked.device.clone()
    }

    /// The limits that hold.
    pub(crate) fn limits(&self) -> GraphqlLimits {
        limits_of(&self.app.schema)
    }

    /// Who sees, asked of the log once a request; refused when they may not act any more.
    pub(crate) async fn viewer(&self) -> Result<Viewer, Problem> {
        let look = || async {
            let actor = self.actor();
            if actor == Actor::Anonymous {
                return Ok(Viewer::default());
            }
            // Boxed: every resolver that asks would have all of this on the stack.
            let looking = Box::pin(self.app.sign_in.may_act(actor));
            let acting = self.snapshot.aside(looking).await.map_err(|fault| self.fault(fault))?;
            Ok(Viewer { account: acting.account, staff: acting.staff, in_person: actor.token().is_none() })
        };
        self.viewer.get_or_try_init(look).await.copied()
    }

    /// Whether they see what is not public of this plugin: its owners do, and staff.
    pub(crate) async fn reviews(&self, plugin_id: u64) -> Result<bool, Problem> {
        let viewer = self.viewer().await?;
        let Some(account) = viewer.account else { return Ok(viewer.staff) };
        Ok(viewer.staff || self.loaders.all_owners(plugin_id).await?.contains(&account))
    }

    /// Waits until the read models hold `position`, if one is demanded.
    pub(crate) async fn at_least(&self, position: Option<super::scalars::Position>) -> Result<(), Problem> {
        match position {
            Some(position) => self.snapshot.at_least(position.0).await,
            None => Ok(()),
        }
    }

    /// Sends the command of one deed.
    pub(crate) async fn send<C: Command>(
        &self,
        command: &C,
        key: Option<&str>,
    ) -> Result<Done<C::Answer>, Problem> {
        // Boxed, because the resolver of each deed would hold all of it beside those of all other deeds on the stack.
        let sending = Box::pin(self.app.commands.send(command, self.actor(), key));
        let sent = self.snapshot.aside(sending).await;
        let done = sent.map_err(|fault| self.fault(fault))?;
        self.reached(done.position);
        Ok(done)
    }

    /// Notes how far a deed reached.
    pub(crate) fn reached(&self, position: u64) {
        self.reached.fetch_max(position, Ordering::Relaxed);
    }

    /// The key of one deed: the one in its input, or the request's together with the deed's name in the document, so that
    /// two deeds of one document are two.
    pub(crate) fn key(
        &self,
        context: &Context<'_>,
        given: Option<String>,
    ) -> Result<Option<String>, Problem> {
        if let Some(key) = given {
            let good =
                (1..=255).contains(&key.len()) && key.bytes().all(|byte| (b' '..=b'~').contains(&byte));
            let fault = || Refusal::invalid("idempotencyKey", "is 1 to 255 visible ASCII characters");
            return if good { Ok(Some(key)) } else { Err(fault().into()) };
        }
        let name = context.path_node.map(|node| match node.segment {
            QueryPathSegment::Name(name) => name.to_owned(),
            QueryPathSegment::Index(index) => index.to_string(),
        });
        Ok(self.asked.key.as_ref().map(|key| format!("{key}/{}", name.unwrap_or_default())))
    }

    /// The account that a deed is about, by its name or its id. Strangers are not told which names exist.
    pub(crate) async fn account_called(&self, called: &str) -> Result<AccountId, Problem> {
        if self.actor() == Actor::Anonymous {
            return Err(Refusal::Unauthenticated.into());
        }
        let unknown = || Refusal::AccountUnknown { account: called.to_owned() };
        Ok(self.person_called(called).await?.ok_or_else(unknown)?)
    }

    /// The account of this id, or of the person with this name.
    pub(crate) async fn person_called(&self, called: &str) -> Result<Option<AccountId>, Problem> {
        if let Ok(id) = raw_id("account", called).parse() {
            return Ok(Some(id));
        }
        let look = async {
            let mut conn = self.app.projections.db().read().await?;
            vault::person_by_name(&mut conn, &fold(called)).await
        };
        let person = self.snapshot.aside(look).await.map_err(|fault| self.store_fault(fault))?;
        Ok(person.map(|person| AccountId(person.account_id)))
    }

    /// A fault of the write side.
    pub(crate) fn fault(&self, fault: Fault) -> Problem {
        Problem::of(fault, &self.asked.request)
    }

    /// A fault of the read side.
    pub(crate) fn store_fault(&self, fault: StoreError) -> Problem {
        Problem::store(fault, &self.asked.request)
    }
}
