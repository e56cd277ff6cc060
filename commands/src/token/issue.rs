//! Issue a plugin token.

use crate::{Command, Fact, Personal};
use cairn_domain::event::{Stream, TokenIssued};
use cairn_domain::ids::TokenId;
use cairn_domain::names::{PackageName, Sha256};
use cairn_domain::{Known, Moment, Refusal};
use chrono::{DateTime, TimeDelta, Utc};
use serde::Serialize;

use super::TokenNote;

/// How long a token lives if nobody says, in days; less where the policy's longest is shorter.
pub const TOKEN_DAYS: u32 = 365;

/// Makes a credential that may upload versions of one plugin for the acting account. The plugin need not exist: the
/// token's first upload then makes it.
#[derive(Debug, Clone, Serialize)]
pub struct IssueToken {
    /// Minted by the caller.
    #[serde(skip)]
    pub token: TokenId,
    /// The plugin.
    pub package: PackageName,
    /// Digest of the secret, which the caller has minted and shows once.
    #[serde(skip)]
    pub secret_sha256: Sha256,
    /// When it ends by itself; after [`TOKEN_DAYS`] if nobody says.
    pub expires_at: Option<DateTime<Utc>>,
    /// It may also approve the plugin's versions, and its uploads may be public at once, as far as the account may.
    pub may_approve: bool,
    /// What its account calls it, for the vault.
    #[serde(skip)]
    pub note: Option<TokenNote>,
}

impl IssueToken {
    /// When it will end; refused if that is not in the future, or further away than the policy lets tokens live.
    fn end(&self, known: &Known, now: DateTime<Utc>) -> Result<DateTime<Utc>, Refusal> {
        let days_max = known.site().policy.token_days_max;
        let Some(end) = self.expires_at else {
            return Ok(now + TimeDelta::days(TOKEN_DAYS.min(days_max).into()));
        };
        if end <= now {
            return Err(Refusal::invalid("expires_at", "must be in the future"));
        }
        if end > now + TimeDelta::days(days_max.into()) {
            let message = format!("must be at most {days_max} days away: tokens live no longer here");
            return Err(Refusal::invalid("expires_at", message));
        }
        Ok(end)
    }
}

impl Command for IssueToken {
    const NAME: &'static str = "issue_token";
    type Answer = TokenId;

    fn reads(&self) -> Vec<Stream> {
        vec![Stream::Token(self.token), Stream::plugin(&self.package)]
    }

    fn decide(&self, known: &Known, moment: &Moment) -> Result<Vec<Fact>, Refusal> {
        known.acting_in_person(moment)?;
        let acting = known.acting_to_publish(moment)?;
        let account = acting.account.ok_or(Refusal::Unauthenticated)?;
        if let Some(plugin) = known.plugin_like(&self.package) {
            if plugin.package != self.package {
                return Err(Refusal::PluginUnknown { package: self.package.to_string() });
            }
            acting.may_change(plugin)?;
            plugin.must_live()?;
        }
        let issued = TokenIssued {
            token: self.token,
            account,
            package: self.package.clone(),
            secret_sha256: self.secret_sha256,
            expires_at: Some(self.end(known, moment.now)?),
            may_approve: self.may_approve,
        };
        Ok(vec![(Stream::Token(self.token), issued.into())])
    }

    fn answer(&self, _after: &Known) -> TokenId {
        self.token
    }

    fn personal(&self) -> Vec<Personal> {
        let note = |note: &TokenNote| Personal::TokenNote { token: self.token, note: Some(note.clone()) };
        self.note.iter().map(note).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::*;
    use cairn_domain::Actor;
    use cairn_domain::event::PolicySet;
    use cairn_domain::site::Policy;

    fn issue() -> IssueToken {
        IssueToken {
            token: TOKEN,
            package: lasso(),
            secret_sha256: Sha256::of(b"secret"),
            expires_at: Some("2026-04-01T00:00:00Z".parse().unwrap()),
            may_approve: false,
            note: None,
        }
    }

    fn issued_until(end: DateTime<Utc>) -> Fact {
        let issued = TokenIssued {
            token: TOKEN,
            account: ANN,
            package: lasso(),
            secret_sha256: Sha256::of(b"secret"),
            expires_at: Some(end),
            may_approve: false,
        };
        (Stream::Token(TOKEN), issued.into())
    }

    fn issued() -> Fact {
        issued_until("2026-04-01T00:00:00Z".parse().unwrap())
    }

    fn policy(policy: Policy) -> Facts {
        Fact::from((Stream::Site, PolicySet { policy }.into())).into()
    }

    #[test]
    fn an_owner_issues_a_token() {
        given([lasso_of_ann()]).when(&issue(), by(ANN)).then([issued()]);
    }

    #[test]
    fn a_plugin_that_does_not_exist_yet_may_have_one() {
        given([registered(ANN)]).when(&issue(), by(ANN)).then([issued()]);
    }

    #[test]
    fn strangers_tokens_and_nobody_issue_none() {
        let not_owner = Refusal::NotOwner { package: "lasso".into() };
        given([lasso_of_ann(), registered(BOB)]).when(&issue(), by(BOB)).refused(&not_owner);
        given([lasso_of_ann(), token_of(ANN)]).when(&issue(), by_token_of(ANN)).refused(&Refusal::TokenScope);
        given([lasso_of_ann()]).when(&issue(), Actor::Anonymous).refused(&Refusal::Unauthenticated);
    }

    #[test]
    fn where_publishers_need_a_second_factor_so_does_who_makes_a_token() {
        let strict = policy(Policy { publisher_factor: true, ..Policy::default() });
        given([lasso_of_ann(), strict]).when(&issue(), by(ANN)).refused(&Refusal::SecondFactorRequired);
    }

    #[test]
    fn a_token_ends_in_the_future() {
        let over = IssueToken { expires_at: Some(noon()), ..issue() };
        let refusal = Refusal::invalid("expires_at", "must be in the future");
        given([lasso_of_ann()]).when(&over, by(ANN)).refused(&refusal);
    }

    #[test]
    fn a_token_lives_a_year_if_nobody_says_and_no_longer_than_the_policy_lets_it() {
        let open = IssueToken { expires_at: None, ..issue() };
        let in_days = |days| noon() + TimeDelta::days(days);
        given([lasso_of_ann()]).when(&open, by(ANN)).then([issued_until(in_days(365))]);
        let short = || policy(Policy { token_days_max: 30, ..Policy::default() });
        given([lasso_of_ann(), short()]).when(&open, by(ANN)).then([issued_until(in_days(30))]);
        let edge = IssueToken { expires_at: Some(in_days(30)), ..issue() };
        given([lasso_of_ann(), short()]).when(&edge, by(ANN)).then([issued_until(in_days(30))]);
        let over = IssueToken { expires_at: Some(in_days(30) + TimeDelta::seconds(1)), ..issue() };
        let refusal =
            Refusal::invalid("expires_at", "must be at most 30 days away: tokens live no longer here");
        given([lasso_of_ann(), short()]).when(&over, by(ANN)).refused(&refusal);
    }
    #[test]
    fn a_plugin_that_is_marked_or_gone_gets_no_tokens() {
        let refusal = Refusal::PluginDeleted { package: "lasso".into() };
        given([lasso_of_ann(), marked()]).when(&issue(), by(ANN)).refused(&refusal);
        let not_owner = Refusal::NotOwner { package: "lasso".into() };
        given([lasso_of_ann(), marked(), tombstoned()]).when(&issue(), by(ANN)).refused(&not_owner);
    }
}
