//! Anything that has an id, by its id alone, as Relay has it. Who may see a thing here is who may see it by the ordinary
//! questions: an id is a name, not a key.

use super::asked::{Asker, Viewer, asker};
use super::limits::STATEMENT;
use super::object::{
    AccountObject, EventObject, InvitationObject, PluginObject, PublisherObject, SessionObject, TeamObject,
    TokenObject, VersionObject, own_id,
};
use super::query::plugin_called;
use super::scalars::Position;
use crate::credentials::{Credentials, Sight};
use crate::problem::Problem;
use async_graphql::{Context, ID, Interface, Object};
use cairn_commands::Fault;
use cairn_domain::Refusal;
use cairn_domain::ids::AccountId;
use cairn_domain::names::PackageName;
use cairn_projections::catalogue::plugins_owned_by;
use cairn_projections::people;
use cairn_store::vault;
use futures_util::future::try_join_all;
use uuid::Uuid;

/// Anything that has an id of its own.
#[derive(Debug, Interface)]
#[graphql(name = "Node", field(name = "id", ty = "ID", desc = "One of a kind among all things."))]
#[expect(clippy::large_enum_variant, reason = "it lives for one answer, and few are asked for at once")]
pub(crate) enum NodeObject {
    /// A plugin.
    Plugin(PluginObject),
    /// A version of a plugin.
    Version(VersionObject),
    /// An account.
    Account(AccountObject),
    /// A team.
    Team(TeamObject),
    /// An event of the log.
    Event(EventObject),
    /// A plugin token.
    Token(TokenObject),
    /// A trusted publisher.
    Publisher(PublisherObject),
    /// A session.
    Session(SessionObject),
    /// An invitation to own a plugin.
    Invitation(InvitationObject),
}

/// Questions for things by their ids.
#[derive(Debug, Default)]
pub(crate) struct NodeQueries;

#[Object]
impl NodeQueries {
    /// The thing with this id; null if there is none or you may not see it.
    #[graphql(complexity = "STATEMENT + child_complexity")]
    async fn node(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The `id` of anything.")] id: ID,
        #[graphql(desc = "Wait until the answer holds the registry log up to here.")] at_least: Option<
            Position,
        >,
    ) -> Result<Option<NodeObject>, Problem> {
        let asker = asker(context);
        asker.at_least(at_least).await?;
        Box::pin(thing(asker, &id)).await
    }

    /// The things with these ids, in their order; null in place of those that are not there or that you may not see. At most
    /// 100.
    #[graphql(
        complexity = "ids.len().saturating_mul(STATEMENT / 5 + child_complexity).saturating_add(STATEMENT)"
    )]
    async fn nodes(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The `id`s of anything, 100 at most.")] ids: Vec<ID>,
        #[graphql(desc = "Wait until the answer holds the registry log up to here.")] at_least: Option<
            Position,
        >,
    ) -> Result<Vec<Option<NodeObject>>, Problem> {
        let asker = asker(context);
        let most = asker.limits().page_size_max as usize;
        if ids.len() > most {
            return Err(
                Refusal::invalid("ids", format!("are at most {most}; ask for the others next")).into()
            );
        }
        asker.at_least(at_least).await?;
        // Together, so that loaders see all of them at once.
        try_join_all(ids.iter().map(|id| Box::pin(thing(asker, id)))).await
    }
}

/// What has this id, if it is there and whoever asks may see it.
async fn thing(asker: &Asker, id: &ID) -> Result<Option<NodeObject>, Problem> {
    let Some((sort, own)) = own_id(id) else { return Ok(None) };
    let (sort, own) = (sort.as_str(), own.as_str());
    let number = || own.parse::<u64>().ok();
    let uuid = || own.parse::<Uuid>().ok();
    Ok(match sort {
        "plugin" => found(number().map(|id| plugin(asker, id))).await?.map(NodeObject::Plugin),
        "version" => found(number().map(|id| version(asker, id))).await?.map(NodeObject::Version),
        "account" => found(uuid().map(|id| account(asker, AccountId(id)))).await?.map(NodeObject::Account),
        "team" => found(own.parse().ok().as_ref().map(|name| TeamObject::called(asker, name)))
            .await?
            .map(NodeObject::Team),
        "event" => found(uuid().map(|id| Box::pin(event(asker, id)))).await?.map(NodeObject::Event),
        "token" => found(uuid().map(|id| Box::pin(token(asker, id)))).await?.map(NodeObject::Token),
        "publisher" => {
            found(uuid().map(|id| Box::pin(publisher(asker, id)))).await?.map(NodeObject::Publisher)
        }
        "session" => found(uuid().map(|id| session(asker, id))).await?.map(NodeObject::Session),
        "invitation" => found(uuid().map(|id| invitation(asker, id))).await?.map(NodeObject::Invitation),
        _ => None,
    })
}

/// What a search answers; nothing where the id cannot be one, so that there is no search.
async fn found<T>(
    search: Option<impl Future<Output = Result<Option<T>, Problem>>>,
) -> Result<Option<T>, Problem> {
    match search {
        // Boxed, because each of the nine would stand beside the others on the stack.
        Some(search) => Box::pin(search).await,
        None => Ok(None),
    }
}

async fn plugin(asker: &Asker, id: u64) -> Result<Option<PluginObject>, Problem> {
    let Some(plugin) = asker.loaders.plugin(id).await? else { return Ok(None) };
    let seen = plugin.is_public() || asker.reviews(plugin.id).await?;
    Ok(seen.then_some(PluginObject(plugin)))
}

async fn version(asker: &Asker, id: u64) -> Result<Option<VersionObject>, Problem> {
    let Some(version) = asker.loaders.version(id).await? else { return Ok(None) };
    if plugin(asker, version.plugin_id).await?.is_none() {
        return Ok(None);
    }
    let seen = version.approved || asker.reviews(version.plugin_id).await?;
    Ok(seen.then_some(VersionObject(version)))
}

/// An account is seen by itself and staff, and by everybody where its name stands beside a plugin that they see anyway.
pub(in crate::graphql) async fn account(
    asker: &Asker,
    id: AccountId,
) -> Result<Option<AccountObject>, Problem> {
    let Some(account) = asker.loaders.account(id).await? else { return Ok(None) };
    let viewer = asker.viewer().await?;
    let seen = viewer.staff || viewer.account == Some(id) || owns_in_public(asker, id).await?;
    Ok(seen.then_some(AccountObject(account)))
}

async fn owns_in_public(asker: &Asker, id: AccountId) -> Result<bool, Problem> {
    let mut read = asker.snapshot.read().await?;
    let owned = plugins_owned_by(&mut read, id).await.map_err(|fault| asker.store_fault(fault))?;
    Ok(owned.iter().any(cairn_projections::catalogue::Plugin::is_public))
}

async fn event(asker: &Asker, id: Uuid) -> Result<Option<EventObject>, Problem> {
    let viewer = asker.viewer().await?;
    let found = asker.snapshot.aside(asker.app.commands.registry().find(id)).await;
    let found = found.map_err(|fault| asker.store_fault(fault))?;
    Ok(found.and_then(|recorded| EventObject::of(recorded, viewer)))
}

async fn token(asker: &Asker, id: Uuid) -> Result<Option<TokenObject>, Problem> {
    let viewer = in_person(asker).await?;
    let found = {
        let mut read = asker.snapshot.read().await?;
        people::token(&mut read, cairn_domain::ids::TokenId(id)).await
    };
    let Some(token) = found.map_err(|fault| asker.store_fault(fault))? else { return Ok(None) };
    let seen = match viewer {
        Some(viewer) if viewer.knows(token.account) => true,
        Some(_) => credentials(asker, &token.package).await?.tokens.iter().any(|it| it.id == token.id),
        None => false,
    };
    Ok(seen.then_some(TokenObject(token)))
}

async fn publisher(asker: &Asker, id: Uuid) -> Result<Option<PublisherObject>, Problem> {
    let viewer = in_person(asker).await?;
    let found = {
        let mut read = asker.snapshot.read().await?;
        people::publisher(&mut read, cairn_domain::ids::PublisherId(id)).await
    };
    let Some(publisher) = found.map_err(|fault| asker.store_fault(fault))? else { return Ok(None) };
    let seen = match viewer {
        Some(viewer) if viewer.knows(publisher.account) => true,
        Some(_) => {
            credentials(asker, &publisher.package).await?.publishers.iter().any(|it| it.id == publisher.id)
        }
        None => false,
    };
    Ok(seen.then_some(PublisherObject(publisher)))
}

async fn session(asker: &Asker, id: Uuid) -> Result<Option<SessionObject>, Problem> {
    let Some(viewer) = in_person(asker).await? else { return Ok(None) };
    let row = {
        let mut read = asker.snapshot.read().await?;
        vault::session_by_id(read.tx(), id).await
    };
    let row = row.map_err(|fault| asker.store_fault(fault))?;
    let now = asker.app.clock.now();
    let seen = row.filter(|row| viewer.knows(AccountId(row.account_id)) && row.expires_at > now);
    Ok(seen.map(SessionObject))
}

async fn invitation(asker: &Asker, id: Uuid) -> Result<Option<InvitationObject>, Problem> {
    let Some(viewer) = in_person(asker).await? else { return Ok(None) };
    let found = {
        let mut read = asker.snapshot.read().await?;
        people::invitation(&mut read, cairn_domain::ids::InvitationId(id)).await
    };
    let Some(invitation) = found.map_err(|fault| asker.store_fault(fault))? else { return Ok(None) };
    if invitation.expires_at <= asker.app.clock.now() {
        return Ok(None);
    }
    let seen = viewer.knows(invitation.account)
        || match plugin_called(asker, invitation.package.as_str()).await? {
            Some(plugin) => asker.reviews(plugin.0.id).await?,
            None => false,
        };
    Ok(seen.then_some(InvitationObject(invitation)))
}

/// Who asks, unless it is a stranger or a plugin token, which see nothing that is personal.
async fn in_person(asker: &Asker) -> Result<Option<Viewer>, Problem> {
    let viewer = asker.viewer().await?;
    Ok(Some(viewer).filter(|viewer| viewer.in_person && (viewer.staff || viewer.account.is_some())))
}

/// What whoever asks may see of a plugin's credentials.
async fn credentials(asker: &Asker, package: &PackageName) -> Result<Credentials, Problem> {
    let sight = asker.snapshot.aside(Sight::of(&asker.app, asker.actor(), package)).await;
    let sight = match sight {
        Ok(sight) => sight,
        Err(Fault::Refused(_)) => return Ok(Credentials::default()),
        Err(fault) => return Err(asker.fault(fault)),
    };
    let mut read = asker.snapshot.read().await?;
    sight.look(&mut read, package).await.map_err(|fault| asker.store_fault(fault))
}
