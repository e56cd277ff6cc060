//! Signing in and out. What continues a session is answered here this once; whoever asks keeps it, and a page makes a cookie of
//! it.

use super::factors::{PasskeyAskedPayload, PasskeyShown, shown};
use crate::graphql::asked::{Asker, asker};
use crate::graphql::limits::DEED;
use crate::graphql::object::raw_id;
use crate::graphql::scalars::Position;
use crate::problem::Problem;
use async_graphql::{Context, InputObject, Json, Object, SimpleObject};
use cairn_commands::Fault;
use cairn_commands::factor::Proof;
use cairn_commands::session::EndSession;
use cairn_commands::sign_in::{NewSession, SignedIn};
use cairn_domain::Refusal;
use cairn_domain::ids::{AccountId, SessionId};
use cairn_domain::session::SessionEnd;

/// Signing in and out.
#[derive(Debug, Default)]
pub(crate) struct SignInDeeds;

/// Somebody who signs in.
#[derive(InputObject)]
struct SignInInput {
    /// The name to sign in with; that of the directory, if there is one, is good too.
    #[graphql(secret)]
    name: String,
    /// The password.
    #[graphql(secret)]
    password: String,
}

/// A second factor, shown to sign in. Exactly one of `code`, `recoveryCode` and `passkey`.
#[derive(InputObject)]
struct ShowSecondFactorInput {
    /// What `signIn` answered.
    #[graphql(secret)]
    pending: String,
    /// A code of an app.
    #[graphql(secret)]
    code: Option<String>,
    /// A recovery code; it is used up.
    #[graphql(secret)]
    recovery_code: Option<String>,
    /// The answer of a passkey to `askPasskeyToSignIn`.
    #[graphql(secret)]
    passkey: Option<PasskeyShown>,
}

/// A session that was opened, or what is left to do for one.
#[derive(Default, SimpleObject)]
struct SignInPayload {
    /// What continues the session, as the value of this site's session cookie. It is told this once and kept nowhere; null
    /// while a second factor is to be shown.
    secret: Option<String>,
    /// What `showSecondFactor` takes within five minutes; null if the password was all it took.
    pending: Option<String>,
    /// Reads that hold the registry log up to here see the session; null while there is none.
    position: Option<Position>,
}

#[Object]
impl SignInDeeds {
    /// Opens a session of a browser for who has this name and password. Whoever has a second factor shows it next. Who fails too
    /// often waits, by name and by address.
    #[graphql(complexity = "DEED + child_complexity")]
    async fn sign_in(&self, context: &Context<'_>, input: SignInInput) -> Result<SignInPayload, Problem> {
        let asker = asker(context);
        let sign_in = &asker.app.sign_in;
        let signing = Box::pin(async {
            match sign_in.with_password(input.name.trim(), &input.password, asker.address()).await? {
                SignedIn::Done(account) => opened(asker, account, None).await,
                SignedIn::FactorNeeded(pending) => {
                    let pending = Some(sign_in.hand_out(&pending).await?);
                    Ok(SignInPayload { pending, ..SignInPayload::default() })
                }
            }
        });
        asker.snapshot.aside(signing).await.map_err(|fault| asker.fault(fault))
    }

    /// Opens the session of somebody whose password was right, by a second factor.
    #[graphql(complexity = "DEED + child_complexity")]
    async fn show_second_factor(
        &self,
        context: &Context<'_>,
        input: ShowSecondFactorInput,
    ) -> Result<SignInPayload, Problem> {
        let asker = asker(context);
        let sign_in = &asker.app.sign_in;
        let shown = shown(input.code, input.recovery_code, input.passkey)?;
        let shown = shown.ok_or(Refusal::SecondFactorWrong)?;
        let showing = Box::pin(async {
            let account = sign_in.take_back(&input.pending).await?.account;
            let proof = sign_in.prove(account, &shown, asker.address()).await?;
            opened(asker, account, Some(proof)).await
        });
        asker.snapshot.aside(showing).await.map_err(|fault| asker.fault(fault))
    }

    /// Asks for one of the passkeys of somebody whose password was right.
    #[graphql(complexity = "DEED + child_complexity")]
    async fn ask_passkey_to_sign_in(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "What `signIn` answered.", secret)] pending: String,
    ) -> Result<PasskeyAskedPayload, Problem> {
        let asker = asker(context);
        let asking = Box::pin(async {
            let account = asker.app.sign_in.take_back(&pending).await?.account;
            asker.app.factors.ask_passkey(account).await
        });
        let asked = asker.snapshot.aside(asking).await.map_err(|fault| asker.fault(fault))?;
        Ok(PasskeyAskedPayload { ceremony: asked.ceremony.to_string(), options: Json(asked.options) })
    }

    /// Ends a session of yours because you leave; `endSession` tells the log that it was revoked.
    #[graphql(complexity = "DEED + child_complexity")]
    async fn sign_out(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The id of the session.")] session: String,
    ) -> Result<Position, Problem> {
        let asker = asker(context);
        let session: SessionId = raw_id("session", &session).parse().map_err(|_| Refusal::SessionUnknown)?;
        let command = EndSession { session, end: SessionEnd::SignedOut };
        Ok(Position(asker.send(&command, None).await?.position))
    }
}

async fn opened(asker: &Asker, account: AccountId, proof: Option<Proof>) -> Result<SignInPayload, Fault> {
    let new = open(asker, account, proof).await?;
    let (secret, position) = (Some(new.secret.reveal()), Some(Position(new.position)));
    Ok(SignInPayload { secret, pending: None, position })
}

/// Opens a session of the browser that asks, and notes how far the log reached by it.
pub(super) async fn open(
    asker: &Asker,
    account: AccountId,
    proof: Option<Proof>,
) -> Result<NewSession, Fault> {
    let new = asker.app.sign_in.open_session(account, proof, asker.device()).await?;
    asker.reached(new.position);
    Ok(new)
}
