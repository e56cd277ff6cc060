//! Families of refresh tokens: each use of one gives the next, and who shows one that was used gives away that there are
//! two holders.

use super::{AccessTokens, Claims, REFRESH_LIFE, Use};
use cairn_commands::session::{EndSession, OpenSession};
use cairn_commands::{Commands, Fault};
use cairn_domain::event::Stream;
use cairn_domain::ids::{AccountId, SessionId};
use cairn_domain::names::Sha256;
use cairn_domain::session::{SessionEnd, SessionSort};
use cairn_domain::{Actor, Moment, Refusal};
use cairn_store::vault::{self, SessionRow};
use chrono::{DateTime, TimeDelta, Utc};

/// Within this time after a refresh token was used, the same one again gets the same answer: its holder may have lost the
/// first one on the way.
pub const RETRY_WINDOW: TimeDelta = TimeDelta::seconds(10);

/// What a client gets for credentials, or for a refresh token.
#[derive(Clone, PartialEq, Eq)]
pub struct Pair {
    /// Acts for the account, for [`super::ACCESS_LIFE`].
    pub access: String,
    /// Gets the next pair, once, within [`REFRESH_LIFE`].
    pub refresh: String,
}

/// Tokens stay out of logs.
impl std::fmt::Debug for Pair {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Pair(…)")
    }
}

/// What is known of the client that signed in.
#[derive(Debug, Clone, Default)]
pub struct Client {
    /// A few words on the program, for the account's own list of sessions.
    pub agent: Option<String>,
    /// Two letters of ISO 3166-1, as far as it is known from where.
    pub country: Option<String>,
}

impl AccessTokens {
    /// Begins a family for an account that proved itself by its password. Refused when it has a second factor: it then
    /// signs in on the site.
    pub async fn begin(
        &self,
        commands: &Commands,
        account: AccountId,
        client: Client,
    ) -> Result<Pair, Fault> {
        self.look_again_sometimes().await?;
        let session = SessionId(self.ids.v4());
        let now = self.clock.now();
        let jti = self.ids.v4().simple().to_string();
        let refresh = self.sign(&Claims::new(account, session, Use::Refresh, now, now + REFRESH_LIFE, jti));
        let open = OpenSession {
            session,
            account,
            sort: SessionSort::Api,
            secret_sha256: Sha256::of(refresh.as_bytes()),
            second_factor: false,
            agent: client.agent,
            country: client.country,
        };
        commands.send(&open, Actor::Account { account }, None).await?;
        Ok(Pair { access: self.access(account, session), refresh })
    }

    /// The next pair of the family; the token that was shown is used up.
    ///
    /// The step is one compare-and-set in the database, so of several nodes that are shown the same token one makes it.
    /// The next token is derived from the one before and the time of the step, and signatures are made without chance:
    /// whoever comes second within [`RETRY_WINDOW`] is given that very token again, on any node. Later, or for an older
    /// one, somebody has a copy: the family ends, with the access tokens that came of it, and so does the thief's way
    /// in. Where a signing key was replaced just between, the second one is refused and nothing ends.
    pub async fn refresh(&self, commands: &Commands, token: &str) -> Result<Pair, Fault> {
        let claims = self.claims(token, Use::Refresh).await?;
        let actor = Actor::Account { account: claims.sub };
        may_act(commands, &claims, self.clock.now()).await?;
        let shown = *Sha256::of(token.as_bytes()).as_bytes();
        let row = self.row(&claims).await?;
        let now = self.clock.now();
        if row.secret_sha256 == shown {
            let next = self.next(&claims, now, now + REFRESH_LIFE);
            let next_sha256 = *Sha256::of(next.as_bytes()).as_bytes();
            let mut tx = self.db.begin().await?;
            let end = now + REFRESH_LIFE;
            let stepped =
                vault::rotate_session(&mut tx, claims.sid.0, &shown, &next_sha256, now, end).await?;
            tx.commit().await?;
            if stepped {
                return Ok(Pair { access: self.access(claims.sub, claims.sid), refresh: next });
            }
        }
        let row = self.row(&claims).await?;
        let just_used = row.previous_sha256 == Some(shown) && now - row.last_used_at <= RETRY_WINDOW;
        if !just_used {
            let end = EndSession { session: claims.sid, end: SessionEnd::Reused };
            commands.send(&end, actor, None).await?;
            return Err(Refusal::TokenInvalid.into());
        }
        let next = self.next(&claims, row.last_used_at, row.expires_at);
        if *Sha256::of(next.as_bytes()).as_bytes() != row.secret_sha256 {
            return Err(Refusal::TokenInvalid.into());
        }
        Ok(Pair { access: self.access(claims.sub, claims.sid), refresh: next })
    }

    /// The account behind an access token whose family lives and whose account may act.
    pub async fn account(&self, commands: &Commands, token: &str) -> Result<(AccountId, SessionId), Fault> {
        let claims = self.claims(token, Use::Access).await?;
        may_act(commands, &claims, self.clock.now()).await?;
        Ok((claims.sub, claims.sid))
    }

    fn access(&self, account: AccountId, session: SessionId) -> String {
        let now = self.clock.now();
        let jti = self.ids.v4().simple().to_string();
        self.sign(&Claims::new(account, session, Use::Access, now, now + super::ACCESS_LIFE, jti))
    }

    /// The token that follows the one of `claims` in a step at `at`: the same whenever and wherever it is made.
    fn next(&self, claims: &Claims, at: DateTime<Utc>, end: DateTime<Utc>) -> String {
        let jti = Sha256::of(format!("next\n{}", claims.jti).as_bytes()).to_string();
        self.sign(&Claims::new(claims.sub, claims.sid, Use::Refresh, at, end, jti))
    }

    async fn row(&self, claims: &Claims) -> Result<SessionRow, Fault> {
        let mut conn = self.db.read().await?;
        let row = vault::session_by_id(&mut conn, claims.sid.0).await?;
        let row = row.filter(|row| row.account_id == claims.sub.0 && row.sort == "api");
        Ok(row.filter(|row| self.clock.now() < row.expires_at).ok_or(Refusal::TokenInvalid)?)
    }
}

/// Refuses a token whose account may not act, or whose family ended.
async fn may_act(commands: &Commands, claims: &Claims, now: DateTime<Utc>) -> Result<(), Fault> {
    let actor = Actor::Account { account: claims.sub };
    let known = commands.look(vec![Stream::Session(claims.sid)], actor).await?;
    known.acting(&Moment { now, actor })?;
    let its_own = known.session(claims.sid).is_ok_and(|session| session.opened.account == claims.sub);
    if its_own && known.session_lives(claims.sid) { Ok(()) } else { Err(Refusal::TokenInvalid.into()) }
}
