//! Second factors and recovery codes.

use super::sign_in::open;
use crate::graphql::asked::{Asker, asker};
use crate::graphql::limits::DEED;
use crate::graphql::object::FactorsObject;
use crate::graphql::scalars::Position;
use crate::problem::Problem;
use async_graphql::{Context, InputObject, Json, Object, SimpleObject};
use cairn_commands::Done;
use cairn_commands::factor::{FactorLabel, Fresh, Proof, RemoveFactor, Shown, TotpBegun};
use cairn_commands::session::SessionSecret;
use cairn_domain::Refusal;
use cairn_domain::ids::{AccountId, FactorId};
use serde_json::Value;
use uuid::Uuid;

/// Second factors and recovery codes.
#[derive(Debug, Default)]
pub(crate) struct FactorDeeds;

/// A key for an app, waiting for its first code. Nothing is demanded at signing in before that came.
#[derive(SimpleObject)]
pub(crate) struct TotpBegunPayload {
    /// What `confirmTotp` is for; it ends after ten minutes.
    ceremony: String,
    /// The key, to type into an app.
    key: String,
    /// The key with the names of site and account (`otpauth:`), for an app on the same machine.
    uri: String,
    /// The same as a picture, in SVG.
    qr_svg: String,
}

impl From<TotpBegun> for TotpBegunPayload {
    fn from(begun: TotpBegun) -> Self {
        let TotpBegun { ceremony, key, uri, qr_svg } = begun;
        Self { ceremony: ceremony.to_string(), key, uri, qr_svg }
    }
}

/// A question to a browser, waiting for its answer.
#[derive(SimpleObject)]
pub(super) struct PasskeyAskedPayload {
    /// What the answer is sent back with; it ends after ten minutes.
    pub(super) ceremony: String,
    /// What `navigator.credentials` is given, binary parts as base64url.
    pub(super) options: Json<Value>,
}

/// The first code of a new app.
#[derive(InputObject)]
struct ConfirmTotpInput {
    /// What `beginTotp` answered.
    ceremony: String,
    /// The code that the app shows now, six digits.
    #[graphql(secret)]
    code: String,
    /// What to call it, at most 64 characters.
    label: Option<String>,
    /// Where your sessions end by this, open a new one for the browser that asks; `secret` continues it.
    #[graphql(default = false)]
    sign_in: bool,
}

/// A browser's answer with a new passkey.
#[derive(InputObject)]
struct FinishPasskeyInput {
    /// What `beginPasskey` answered.
    ceremony: String,
    /// What `navigator.credentials.create` gave, binary parts as base64url.
    answer: Json<Value>,
    /// What to call it, at most 64 characters.
    label: Option<String>,
    /// Where your sessions end by this, open a new one for the browser that asks; `secret` continues it.
    #[graphql(default = false)]
    sign_in: bool,
}

/// A browser's answer with a passkey that is known.
#[derive(InputObject)]
pub(super) struct PasskeyShown {
    /// What `askPasskey` or `askPasskeyToSignIn` answered.
    ceremony: String,
    /// What `navigator.credentials.get` gave, binary parts as base64url.
    answer: Json<Value>,
}

/// A second factor to remove. For one's own, exactly one of `password`, `code`, `recoveryCode` and `passkey` is shown anew.
#[derive(InputObject)]
struct RemoveSecondFactorInput {
    /// The factor, by its id.
    factor: String,
    /// Whose it is, by name or id; your own, if left out. For admins, who help those that lost theirs.
    account: Option<String>,
    /// Your password.
    #[graphql(secret)]
    password: Option<String>,
    /// A code of an app.
    #[graphql(secret)]
    code: Option<String>,
    /// A recovery code; it is used up.
    #[graphql(secret)]
    recovery_code: Option<String>,
    /// The answer of a passkey.
    passkey: Option<PasskeyShown>,
    /// The same key again gets the first answer and does nothing; it goes before the `Idempotency-Key` of the request.
    idempotency_key: Option<String>,
}

/// What became of a second factor.
struct FactorPayload {
    done: Done<FactorId>,
    account: AccountId,
    /// Of the session that was opened in place of those that ended.
    secret: Option<SessionSecret>,
}

/// New recovery codes.
struct RecoveryCodesPayload {
    done: Done<u8>,
    codes: Vec<String>,
}

#[Object]
impl FactorDeeds {
    /// Makes a key for an app that shows codes (TOTP). `confirmTotp` adds it.
    #[graphql(complexity = "DEED + child_complexity")]
    async fn begin_totp(&self, context: &Context<'_>) -> Result<TotpBegunPayload, Problem> {
        let asker = asker(context);
        let begun = asker.snapshot.aside(asker.app.factors.begin_totp(asker.actor())).await;
        begun.map(TotpBegunPayload::from).map_err(|fault| asker.fault(fault))
    }

    /// Adds the app, whose first code shows that it works. If it is your first second factor, all your sessions end: sign in
    /// again, with it. A ceremony is used once, so this takes no idempotency key.
    #[graphql(complexity = "DEED + child_complexity")]
    async fn confirm_totp(
        &self,
        context: &Context<'_>,
        input: ConfirmTotpInput,
    ) -> Result<FactorPayload, Problem> {
        let asker = asker(context);
        let label = FactorLabel::or(input.label.as_deref(), "Authenticator app")?;
        let ceremony = ceremony_called(&input.ceremony)?;
        let adding = asker.app.factors.confirm_totp(asker.actor(), ceremony, &input.code, label);
        let done = asker.snapshot.aside(adding).await.map_err(|fault| asker.fault(fault))?;
        added(asker, done, input.sign_in).await
    }

    /// Asks for a new passkey. `finishPasskey` adds it.
    #[graphql(complexity = "DEED + child_complexity")]
    async fn begin_passkey(&self, context: &Context<'_>) -> Result<PasskeyAskedPayload, Problem> {
        let asker = asker(context);
        let begun = asker.snapshot.aside(asker.app.factors.begin_passkey(asker.actor())).await;
        let begun = begun.map_err(|fault| asker.fault(fault))?;
        Ok(PasskeyAskedPayload { ceremony: begun.ceremony.to_string(), options: Json(begun.options) })
    }

    /// Adds a passkey. If it is your first second factor, all your sessions end: sign in again, with it. A ceremony is used
    /// once, so this takes no idempotency key.
    #[graphql(complexity = "DEED + child_complexity")]
    async fn finish_passkey(
        &self,
        context: &Context<'_>,
        input: FinishPasskeyInput,
    ) -> Result<FactorPayload, Problem> {
        let asker = asker(context);
        let label = FactorLabel::or(input.label.as_deref(), "Passkey")?;
        let ceremony = ceremony_called(&input.ceremony)?;
        let adding = asker.app.factors.finish_passkey(asker.actor(), ceremony, &input.answer.0, label);
        let done = asker.snapshot.aside(adding).await.map_err(|fault| asker.fault(fault))?;
        added(asker, done, input.sign_in).await
    }

    /// Asks for one of your passkeys, to be shown anew for a deed that wants it.
    #[graphql(complexity = "DEED + child_complexity")]
    async fn ask_passkey(&self, context: &Context<'_>) -> Result<PasskeyAskedPayload, Problem> {
        let asker = asker(context);
        let account = own_account(asker).await?;
        let asked = asker.snapshot.aside(asker.app.factors.ask_passkey(account)).await;
        let asked = asked.map_err(|fault| asker.fault(fault))?;
        Ok(PasskeyAskedPayload { ceremony: asked.ceremony.to_string(), options: Json(asked.options) })
    }

    /// Removes a second factor; recovery codes go with the last one.
    #[graphql(complexity = "DEED + child_complexity")]
    async fn remove_second_factor(
        &self,
        context: &Context<'_>,
        input: RemoveSecondFactorInput,
    ) -> Result<FactorPayload, Problem> {
        let asker = asker(context);
        let key = asker.key(context, input.idempotency_key.clone())?;
        let factor = input.factor.parse().map_err(|_| Refusal::FactorUnknown)?;
        let (account, fresh) = if let Some(called) = &input.account {
            (asker.account_called(called).await?, None)
        } else {
            let account = own_account(asker).await?;
            (account, fresh_proof(asker, account, input).await?)
        };
        let done = asker.send(&RemoveFactor { account, factor, fresh }, key.as_deref()).await?;
        Ok(FactorPayload { done, account, secret: None })
    }

    /// Makes ten recovery codes; earlier ones are good no longer. Each stands in for a second factor once. They are shown this
    /// once, so this takes no idempotency key.
    #[graphql(complexity = "DEED + child_complexity")]
    async fn make_recovery_codes(&self, context: &Context<'_>) -> Result<RecoveryCodesPayload, Problem> {
        let asker = asker(context);
        let made = asker.snapshot.aside(asker.app.factors.make_recovery_codes(asker.actor())).await;
        let (done, codes) = made.map_err(|fault| asker.fault(fault))?;
        asker.reached(done.position);
        Ok(RecoveryCodesPayload {
            done,
            codes: codes.iter().map(cairn_commands::factor::RecoveryCode::reveal).collect(),
        })
    }
}

/// After a factor was added. The first one ended all sessions: who has just shown it may go on in this browser.
async fn added(asker: &Asker, done: Done<FactorId>, sign_in: bool) -> Result<FactorPayload, Problem> {
    asker.reached(done.position);
    let account = asker.actor().account().ok_or(Refusal::Unauthenticated)?;
    let opening = Box::pin(async {
        if !sign_in || !asker.app.sign_in.sessions_of(account).await?.is_empty() {
            return Ok(None);
        }
        let proof = Proof::JustAdded { factor: done.answer };
        Ok(Some(open(asker, account, Some(proof)).await?.secret))
    });
    let secret = asker.snapshot.aside(opening).await.map_err(|fault| asker.fault(fault))?;
    Ok(FactorPayload { done, account, secret })
}

/// The account that asks in person.
async fn own_account(asker: &Asker) -> Result<AccountId, Problem> {
    let viewer = asker.viewer().await?;
    if asker.actor().token().is_some() {
        return Err(Refusal::TokenScope.into());
    }
    Ok(viewer.account.ok_or(Refusal::Unauthenticated)?)
}

/// What was shown anew, found right.
async fn fresh_proof(
    asker: &Asker,
    account: AccountId,
    input: RemoveSecondFactorInput,
) -> Result<Option<Fresh>, Problem> {
    let shown = shown(input.code, input.recovery_code, input.passkey)?;
    let proven = match (input.password, shown) {
        (None, None) => return Ok(None),
        (Some(_), Some(_)) => return Err(one_only().into()),
        (Some(password), None) => {
            let right = asker.app.sign_in.is_password_of(account, &password, asker.address());
            asker.snapshot.aside(right).await.map(|()| Fresh::Password)
        }
        (None, Some(shown)) => {
            let proven = asker.app.sign_in.prove(account, &shown, asker.address());
            asker.snapshot.aside(proven).await.map(Fresh::Factor)
        }
    };
    proven.map(Some).map_err(|fault| asker.fault(fault))
}

/// What was shown of a second factor, if anything was.
pub(super) fn shown(
    code: Option<String>,
    recovery_code: Option<String>,
    passkey: Option<PasskeyShown>,
) -> Result<Option<Shown>, Refusal> {
    Ok(match (code, recovery_code, passkey) {
        (Some(code), None, None) => Some(Shown::Code(code)),
        (None, Some(code), None) => Some(Shown::RecoveryCode(code)),
        (None, None, Some(PasskeyShown { ceremony, answer })) => {
            Some(Shown::Passkey { ceremony: ceremony_called(&ceremony)?, answer: answer.0 })
        }
        (None, None, None) => None,
        _ => return Err(one_only()),
    })
}

fn one_only() -> Refusal {
    Refusal::invalid("input", "show exactly one thing of password, code, recoveryCode and passkey")
}

/// The ceremony that a text names; what names none has ended as well.
fn ceremony_called(text: &str) -> Result<Uuid, Refusal> {
    Uuid::try_parse(text).map_err(|_| Refusal::SecondFactorWrong)
}

/// What became of a second factor.
#[Object]
impl FactorPayload {
    /// Reads that hold the registry log up to here see it.
    async fn position(&self) -> Position {
        Position(self.done.position)
    }

    /// Whether the idempotency key was used before, so that nothing was done now.
    async fn repeated(&self) -> bool {
        self.done.repeated
    }

    /// The id of the factor in events.
    async fn factor_id(&self) -> String {
        self.done.answer.to_string()
    }

    /// What continues the session that was opened in place of those that ended, as the value of this site's session cookie. It
    /// is told this once; null if none was opened.
    async fn secret(&self) -> Option<String> {
        self.secret.as_ref().map(SessionSecret::reveal)
    }

    /// What the account has now.
    async fn second_factors(&self, context: &Context<'_>) -> Result<FactorsObject, Problem> {
        let asker = asker(context);
        let summary = asker.snapshot.aside(asker.app.factors.summary(self.account)).await;
        summary.map(FactorsObject).map_err(|fault| asker.fault(fault))
    }
}

/// New recovery codes.
#[Object]
impl RecoveryCodesPayload {
    /// Reads that hold the registry log up to here see it.
    async fn position(&self) -> Position {
        Position(self.done.position)
    }

    /// The codes, to be written down. They are shown this once and kept nowhere.
    async fn codes(&self) -> &[String] {
        &self.codes
    }
}
