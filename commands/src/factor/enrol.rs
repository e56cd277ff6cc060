//! Adding a factor, in two steps: what is new is shown to work before it is demanded.

use super::qr::qr_svg;
use super::totp::TotpKey;
use super::{AddFactor, FactorLabel, Factors, MakeRecoveryCodes, RECOVERY_CODES, RecoveryCode, damaged};
use crate::{Done, Fault};
use cairn_domain::account::FactorSort;
use cairn_domain::ids::{AccountId, FactorId};
use cairn_domain::{Actor, Refusal};
use cairn_store::vault;
use serde_json::Value;
use uuid::Uuid;

const TOTP_ADDED: &str = "totp_added";
const PASSKEY_ADDED: &str = "passkey_added";

/// A key for an app, waiting for its first code.
#[derive(Clone)]
pub struct TotpBegun {
    /// What the second step is for.
    pub ceremony: Uuid,
    /// The key, to type into an app.
    pub key: String,
    /// The key with the names of site and account, for an app on the same machine.
    pub uri: String,
    /// The same as a picture.
    pub qr_svg: String,
}

/// A question to a browser, waiting for its answer.
#[derive(Debug, Clone)]
pub struct PasskeyBegun {
    /// What the second step is for.
    pub ceremony: Uuid,
    /// What `navigator.credentials` is given, binary parts as base64url.
    pub options: Value,
}

/// Keys stay out of logs: only the ceremony is shown.
impl std::fmt::Debug for TotpBegun {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TotpBegun").field("ceremony", &self.ceremony).finish_non_exhaustive()
    }
}

impl Factors {
    /// Makes a key for an app of the acting account. Nothing is demanded before [`Factors::confirm_totp`].
    pub async fn begin_totp(&self, actor: Actor) -> Result<TotpBegun, Fault> {
        let account = self.owner(actor).await?;
        let key = TotpKey::new(self.commands.ids().bytes());
        let ceremony = self.begin(account, TOTP_ADDED, key.bytes().to_vec()).await?;
        self.shown(account, ceremony, &key).await
    }

    /// What [`Factors::begin_totp`] showed, for the page that asks again after a wrong code.
    pub async fn totp_begun(&self, actor: Actor, ceremony: Uuid) -> Result<TotpBegun, Fault> {
        let account = self.owner(actor).await?;
        let key = self.key_begun(account, ceremony).await?;
        self.shown(account, ceremony, &key).await
    }

    /// Adds the app whose code of now this is.
    pub async fn confirm_totp(
        &self,
        actor: Actor,
        ceremony: Uuid,
        code: &str,
        label: FactorLabel,
    ) -> Result<Done<FactorId>, Fault> {
        let account = self.owner(actor).await?;
        let key = self.key_begun(account, ceremony).await?;
        let step = key.step_of(code, self.clock.now()).ok_or(Refusal::SecondFactorWrong)?;
        let (sort, secret) = (FactorSort::Totp, key.bytes().to_vec());
        let factor = FactorId(self.commands.ids().v4());
        let command = AddFactor { account, factor, sort, label, secret, step, ceremony };
        self.commands.send(&command, actor, None).await
    }

    /// Asks the browser for a passkey of the acting account.
    pub async fn begin_passkey(&self, actor: Actor) -> Result<PasskeyBegun, Fault> {
        let account = self.owner(actor).await?;
        let name = self.name_of(account).await?;
        let has: Vec<Vec<u8>> =
            self.kept_passkeys(account).await?.into_iter().map(|row| row.secret).collect();
        let asked = self.passkeys.ask_new(account.0, &name, &has)?;
        let ceremony = self.begin(account, PASSKEY_ADDED, asked.state).await?;
        Ok(PasskeyBegun { ceremony, options: asked.options })
    }

    /// Adds the passkey that answered.
    pub async fn finish_passkey(
        &self,
        actor: Actor,
        ceremony: Uuid,
        answer: &Value,
        label: FactorLabel,
    ) -> Result<Done<FactorId>, Fault> {
        let account = self.owner(actor).await?;
        let state = self.begun(account, PASSKEY_ADDED, ceremony).await?;
        let secret = self.passkeys.check_new(answer, &state)?;
        let factor = FactorId(self.commands.ids().v4());
        let sort = FactorSort::Passkey;
        let command = AddFactor { account, factor, sort, label, secret, step: 0, ceremony };
        self.commands.send(&command, actor, None).await
    }

    /// Gives the acting account new recovery codes, which nobody can show again.
    pub async fn make_recovery_codes(&self, actor: Actor) -> Result<(Done<u8>, Vec<RecoveryCode>), Fault> {
        let account = self.owner(actor).await?;
        let codes: Vec<RecoveryCode> =
            (0..RECOVERY_CODES).map(|_| RecoveryCode::new(self.commands.ids().bytes())).collect();
        let sha256s = codes.iter().map(|code| code.sha256(account)).collect();
        let done = self.commands.send(&MakeRecoveryCodes { account, sha256s }, actor, None).await?;
        Ok((done, codes))
    }

    async fn key_begun(&self, account: AccountId, ceremony: Uuid) -> Result<TotpKey, Fault> {
        let state = self.begun(account, TOTP_ADDED, ceremony).await?;
        TotpKey::from_bytes(&state).ok_or_else(|| damaged("the new key"))
    }

    async fn shown(&self, account: AccountId, ceremony: Uuid, key: &TotpKey) -> Result<TotpBegun, Fault> {
        let uri = key.uri(&self.issuer, &self.name_of(account).await?);
        let qr_svg = qr_svg(&uri).map_err(|_| damaged("the address of a key"))?;
        Ok(TotpBegun { ceremony, key: key.reveal(), uri, qr_svg })
    }

    async fn name_of(&self, account: AccountId) -> Result<String, Fault> {
        let mut conn = self.commands.registry().db().read().await?;
        let person = vault::person_by_id(&mut conn, account.0).await?;
        Ok(person.ok_or(Refusal::AccountErased)?.name)
    }
}
