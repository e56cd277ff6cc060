//! Identities elsewhere that sign in to an account.

use crate::graphql::asked::{Asker, asker};
use crate::graphql::limits::DEED;
use crate::graphql::object::IdentityObject;
use crate::graphql::scalars::Position;
use crate::problem::Problem;
use async_graphql::{Context, InputObject, Object, SimpleObject};
use cairn_commands::identity::UnlinkIdentity;
use cairn_domain::Refusal;
use cairn_domain::ids::AccountId;
use cairn_store::vault;

/// Identities elsewhere.
#[derive(Debug, Default)]
pub(crate) struct IdentityDeeds;

/// Who you are in the directory.
#[derive(InputObject)]
struct LinkDirectoryInput {
    /// Your name there.
    #[graphql(secret)]
    name: String,
    /// Your password there; it is asked for once and not kept.
    #[graphql(secret)]
    password: String,
}

/// An identity to unlink.
#[derive(InputObject)]
struct UnlinkIdentityInput {
    /// Its id, 64 hexadecimal digits.
    identity: String,
    /// The account, by name or id; your own, if left out. Only admins unlink others'.
    account: Option<String>,
    /// The same key again gets the first answer and does nothing; it goes before the `Idempotency-Key` of the request.
    idempotency_key: Option<String>,
}

/// What signs in to the account now.
#[derive(SimpleObject)]
struct IdentitiesPayload {
    /// Reads that hold the registry log up to here see it.
    position: Position,
    /// The identities of the account, the oldest first.
    identities: Vec<IdentityObject>,
}

#[Object]
impl IdentityDeeds {
    /// Lets whoever has this name and password in the directory sign in to your account. Identities of a provider are linked on
    /// the page of your account, since the browser goes there.
    #[graphql(complexity = "DEED + child_complexity")]
    async fn link_directory(
        &self,
        context: &Context<'_>,
        input: LinkDirectoryInput,
    ) -> Result<IdentitiesPayload, Problem> {
        let asker = asker(context);
        let account = own(asker).await?;
        let sign_in = &asker.app.sign_in;
        let linking = async {
            let vouched = sign_in.vouched(input.name.trim(), &input.password, asker.address()).await?;
            sign_in.identities().link(account, &vouched).await?;
            Ok(asker.app.commands.registry().head().await?)
        };
        let head = asker.snapshot.aside(linking).await.map_err(|fault| asker.fault(fault))?;
        asker.reached(head);
        payload(asker, account, head).await
    }

    /// Lets an identity sign in no longer. Refused where nobody could sign in to the account any more.
    #[graphql(complexity = "DEED + child_complexity")]
    async fn unlink_identity(
        &self,
        context: &Context<'_>,
        input: UnlinkIdentityInput,
    ) -> Result<IdentitiesPayload, Problem> {
        let asker = asker(context);
        let account = match input.account {
            Some(called) => asker.account_called(&called).await?,
            None => own(asker).await?,
        };
        let key = asker.key(context, input.idempotency_key)?;
        let identity = input.identity.parse().map_err(|_| Refusal::IdentityUnknown)?;
        let done = asker.send(&UnlinkIdentity { account, identity }, key.as_deref()).await?;
        payload(asker, account, done.position).await
    }
}

/// The account that asks in person.
async fn own(asker: &Asker) -> Result<AccountId, Problem> {
    if asker.actor().token().is_some() {
        return Err(Refusal::TokenScope.into());
    }
    Ok(asker.viewer().await?.account.ok_or(Refusal::Unauthenticated)?)
}

/// The vault is as it was left by the deed: it is not a read model.
async fn payload(asker: &Asker, account: AccountId, position: u64) -> Result<IdentitiesPayload, Problem> {
    let looking = async {
        let mut conn = asker.app.projections.db().read().await?;
        vault::identities_of(&mut conn, account.0).await
    };
    let rows = asker.snapshot.aside(looking).await.map_err(|fault| asker.store_fault(fault))?;
    let identities = rows.into_iter().map(|row| IdentityObject::of(&asker.app, row)).collect();
    Ok(IdentitiesPayload { position: Position(position), identities })
}
