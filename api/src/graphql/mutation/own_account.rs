//! What people do with their own accounts: sign up, prove the address, change password and address, end sessions, take their
//! data along, erase.

use crate::accounts::{self, NewAccount};
use crate::graphql::asked::{Asker, asker};
use crate::graphql::limits::DEED;
use crate::graphql::object::{AccountObject, raw_id};
use crate::graphql::scalars::Position;
use crate::problem::Problem;
use async_graphql::{Context, InputObject, Json, Object, SimpleObject};
use cairn_commands::account::{InviteToSignUp, export};
use cairn_commands::session::{EndSession, EndSessions};
use cairn_commands::{Done, Fault};
use cairn_domain::Refusal;
use cairn_domain::ids::{AccountId, ChallengeId, SessionId};
use cairn_domain::session::SessionEnd;
use serde_json::Value;

/// What people do with their own accounts.
#[derive(Debug, Default)]
pub(crate) struct OwnAccountDeeds;

/// An account to make.
#[derive(InputObject)]
struct RegisterInput {
    /// The name to sign in with: 1 to 150 letters, digits or one of `_ . @ + -`.
    name: String,
    /// Where mail goes.
    email: String,
    /// The password, 8 characters or more; only staff may leave it out.
    #[graphql(secret)]
    password: Option<String>,
    /// The last part of the link in an invitation.
    #[graphql(secret)]
    invitation: Option<String>,
    /// The same key again gets the first answer and does nothing; it goes before the `Idempotency-Key` of the request.
    idempotency_key: Option<String>,
}

/// Somebody to invite.
#[derive(InputObject)]
struct InviteToSignUpInput {
    /// Where the invitation goes.
    #[graphql(secret)]
    email: String,
    /// The same key again gets the first answer and does nothing; it goes before the `Idempotency-Key` of the request.
    idempotency_key: Option<String>,
}

/// A new password to set by a mailed link.
#[derive(InputObject)]
struct ResetPasswordInput {
    /// The last part of the link.
    #[graphql(secret)]
    link: String,
    /// The new password, 8 characters or more.
    #[graphql(secret)]
    password: String,
}

/// Another address.
#[derive(InputObject)]
struct ChangeEmailInput {
    /// Where mail goes from now on.
    #[graphql(secret)]
    email: String,
    /// The account's password.
    #[graphql(secret)]
    password: String,
}

/// Another password.
#[derive(InputObject)]
struct ChangePasswordInput {
    /// The password until now.
    #[graphql(secret)]
    old: String,
    /// The password from now on, 8 characters or more.
    #[graphql(secret)]
    new: String,
}

/// An account to erase.
#[derive(InputObject)]
struct EraseAccountInput {
    /// The account, by name or id; your own, if left out. Only admins erase others.
    account: Option<String>,
    /// Your password, if you erase your own account and it has one.
    #[graphql(secret)]
    password: Option<String>,
}

/// What became of your account.
struct OwnAccountPayload(Done<AccountId>);

/// That something was asked for.
#[derive(SimpleObject)]
struct AskedPayload {
    /// Always true: whether there is such an account is told to nobody.
    asked: bool,
}

/// An invitation that is on its way.
#[derive(SimpleObject)]
struct SignUpInvitedPayload {
    /// Reads that hold the registry log up to here see it.
    position: Position,
    /// What the log knows the invitation by.
    challenge_id: String,
}

#[Object]
impl OwnAccountDeeds {
    /// Makes an account: your own, where the policy or an invitation lets you, or as staff somebody's. A link to prove the address
    /// goes there.
    #[graphql(complexity = "DEED + child_complexity")]
    async fn register(
        &self,
        context: &Context<'_>,
        input: RegisterInput,
    ) -> Result<OwnAccountPayload, Problem> {
        let asker = asker(context);
        let RegisterInput { name, email, password, invitation, idempotency_key } = input;
        let key = asker.key(context, idempotency_key)?;
        let new = NewAccount { name, email, password, invitation };
        let registering = accounts::sign_up(&asker.app, asker.actor(), new, asker.address(), key.as_deref());
        done(asker, Box::pin(registering)).await
    }

    /// Sends somebody a link to make an account, which lets them in even where only invited people may. For staff.
    #[graphql(complexity = "DEED + child_complexity")]
    async fn invite_to_sign_up(
        &self,
        context: &Context<'_>,
        input: InviteToSignUpInput,
    ) -> Result<SignUpInvitedPayload, Problem> {
        let asker = asker(context);
        let key = asker.key(context, input.idempotency_key)?;
        let challenge = ChallengeId(asker.app.commands.ids().v4());
        let command = InviteToSignUp { challenge, email: input.email.parse()? };
        let done = asker.send(&command, key.as_deref()).await?;
        Ok(SignUpInvitedPayload { position: Position(done.position), challenge_id: done.answer.to_string() })
    }

    /// Sends a link by which a new password can be set to the address of the account with this name or address.
    #[graphql(complexity = "DEED + child_complexity")]
    async fn ask_password_reset(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The name to sign in with, or the address.", secret)] account: String,
    ) -> Result<AskedPayload, Problem> {
        let asker = asker(context);
        let asking = accounts::ask_reset(&asker.app, &account, asker.address());
        asker.snapshot.aside(asking).await.map_err(|fault| asker.fault(fault))?;
        Ok(AskedPayload { asked: true })
    }

    /// Sets a new password by a mailed link. All sessions and access tokens of the account end.
    #[graphql(complexity = "DEED + child_complexity")]
    async fn reset_password(
        &self,
        context: &Context<'_>,
        input: ResetPasswordInput,
    ) -> Result<OwnAccountPayload, Problem> {
        let asker = asker(context);
        done(asker, Box::pin(accounts::reset(&asker.app, &input.link, &input.password))).await
    }

    /// Sends the link that proves your address once more.
    #[graphql(complexity = "DEED + child_complexity")]
    async fn ask_email_confirmation(&self, context: &Context<'_>) -> Result<OwnAccountPayload, Problem> {
        let asker = asker(context);
        let account = own(asker).await?;
        done(asker, Box::pin(accounts::ask_confirmation(&asker.app, asker.actor(), account))).await
    }

    /// Proves an address by a mailed link.
    #[graphql(complexity = "DEED + child_complexity")]
    async fn confirm_email(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The last part of the link.", secret)] link: String,
    ) -> Result<OwnAccountPayload, Problem> {
        let asker = asker(context);
        done(asker, Box::pin(accounts::confirm(&asker.app, &link))).await
    }

    /// Gives your account another address and sends a link there to prove it.
    #[graphql(complexity = "DEED + child_complexity")]
    async fn change_email(
        &self,
        context: &Context<'_>,
        input: ChangeEmailInput,
    ) -> Result<OwnAccountPayload, Problem> {
        let asker = asker(context);
        let account = own(asker).await?;
        let ChangeEmailInput { email, password } = input;
        let changing = accounts::change_email(&asker.app, account, &email, &password, asker.address());
        done(asker, Box::pin(changing)).await
    }

    /// Sets another password. All sessions and access tokens of your account end, this one too.
    #[graphql(complexity = "DEED + child_complexity")]
    async fn change_password(
        &self,
        context: &Context<'_>,
        input: ChangePasswordInput,
    ) -> Result<OwnAccountPayload, Problem> {
        let asker = asker(context);
        let account = own(asker).await?;
        let changing =
            accounts::change_password(&asker.app, account, &input.old, &input.new, asker.address());
        done(asker, Box::pin(changing)).await
    }

    /// Ends a session of yours at once; as staff anybody's.
    #[graphql(complexity = "DEED + child_complexity")]
    async fn end_session(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The id of the session.")] session: String,
    ) -> Result<Position, Problem> {
        let asker = asker(context);
        let session: SessionId = raw_id("session", &session).parse().map_err(|_| Refusal::SessionUnknown)?;
        let command = EndSession { session, end: SessionEnd::Revoked };
        Ok(Position(asker.send(&command, None).await?.position))
    }

    /// Ends all sessions and access tokens of your account, this one too; as staff of anybody's.
    #[graphql(complexity = "DEED + child_complexity")]
    async fn sign_out_everywhere(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The account, by name or id; your own, if left out.")] account: Option<String>,
    ) -> Result<OwnAccountPayload, Problem> {
        let asker = asker(context);
        let account = called_or_own(asker, account).await?;
        Ok(OwnAccountPayload(asker.send(&EndSessions { account }, None).await?))
    }

    /// Everything that is kept about your account, as one document without secrets.
    #[graphql(complexity = "DEED")]
    async fn export_my_data(&self, context: &Context<'_>) -> Result<Json<Value>, Problem> {
        let asker = asker(context);
        let account = own(asker).await?;
        let exported = asker.snapshot.aside(export(&asker.app.commands, account)).await;
        exported.map(Json).map_err(|fault| asker.fault(fault))
    }

    /// Forgets everything about the holder of an account and ends its credentials; plugins that nobody else owns must be handed
    /// over or deleted before. Nothing brings it back.
    #[graphql(complexity = "DEED + child_complexity")]
    async fn erase_account(
        &self,
        context: &Context<'_>,
        input: EraseAccountInput,
    ) -> Result<OwnAccountPayload, Problem> {
        let asker = asker(context);
        let account = called_or_own(asker, input.account).await?;
        let password = input.password.as_deref();
        let erasing = accounts::erase(&asker.app, asker.actor(), account, password, asker.address());
        done(asker, Box::pin(erasing)).await
    }
}

/// The account that asks in person.
async fn own(asker: &Asker) -> Result<AccountId, Problem> {
    if asker.actor().token().is_some() {
        return Err(Refusal::TokenScope.into());
    }
    Ok(asker.viewer().await?.account.ok_or(Refusal::Unauthenticated)?)
}

async fn called_or_own(asker: &Asker, called: Option<String>) -> Result<AccountId, Problem> {
    match called {
        Some(called) => asker.account_called(&called).await,
        None => own(asker).await,
    }
}

/// Does it beside the snapshot that is being read, and notes how far it reached.
async fn done(
    asker: &Asker,
    deed: impl Future<Output = Result<Done<AccountId>, Fault>> + Send,
) -> Result<OwnAccountPayload, Problem> {
    let done = asker.snapshot.aside(deed).await.map_err(|fault| asker.fault(fault))?;
    asker.reached(done.position);
    Ok(OwnAccountPayload(done))
}

/// What became of your account.
#[Object]
impl OwnAccountPayload {
    /// Reads that hold the registry log up to here see it.
    async fn position(&self) -> Position {
        Position(self.0.position)
    }

    /// Whether the idempotency key was used before, so that nothing was done now.
    async fn repeated(&self) -> bool {
        self.0.repeated
    }

    /// The id of the account in events.
    async fn account_id(&self) -> String {
        self.0.answer.to_string()
    }

    /// The account, read when readers have caught up.
    async fn account(&self, context: &Context<'_>) -> Result<Option<AccountObject>, Problem> {
        let asker = asker(context);
        asker.snapshot.at_least(self.0.position).await?;
        Ok(asker.loaders.account(self.0.answer).await?.map(AccountObject))
    }
}
