//! Issue a plugin token.

use crate::{Command, Fact};
use cairn_domain::event::{Stream, TokenIssued};
use cairn_domain::ids::TokenId;
use cairn_domain::names::{PackageName, Sha256};
use cairn_domain::{Known, Moment, Refusal};
use chrono::{DateTime, Utc};
use serde::Serialize;

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
    /// When it ends by itself.
    pub expires_at: Option<DateTime<Utc>>,
}

impl Command for IssueToken {
    const NAME: &'static str = "issue_token";
    type Answer = TokenId;

    fn reads(&self) -> Vec<Stream> {
        vec![Stream::Token(self.token), Stream::plugin(&self.package)]
    }

    fn decide(&self, known: &Known, moment: &Moment) -> Result<Vec<Fact>, Refusal> {
        let acting = known.acting_in_person(moment)?;
        let account = acting.account.ok_or(Refusal::Unauthenticated)?;
        if let Some(plugin) = known.plugin_like(&self.package) {
            if plugin.package != self.package {
                return Err(Refusal::PluginUnknown { package: self.package.to_string() });
            }
            acting.may_change(plugin)?;
        }
        if self.expires_at.is_some_and(|end| end <= moment.now) {
            return Err(Refusal::invalid("expires_at", "must be in the future"));
        }
        let issued = TokenIssued {
            token: self.token,
            account,
            package: self.package.clone(),
            secret_sha256: self.secret_sha256,
            expires_at: self.expires_at,
            may_approve: true,
        };
        Ok(vec![(Stream::Token(self.token), issued.into())])
    }

    fn answer(&self, _after: &Known) -> TokenId {
        self.token
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::*;
    use cairn_domain::Actor;

    fn issue() -> IssueToken {
        IssueToken {
            token: TOKEN,
            package: lasso(),
            secret_sha256: Sha256::of(b"secret"),
            expires_at: Some("2026-04-01T00:00:00Z".parse().unwrap()),
        }
    }

    fn issued() -> Fact {
        let issued = TokenIssued {
            token: TOKEN,
            account: ANN,
            package: lasso(),
            secret_sha256: Sha256::of(b"secret"),
            expires_at: issue().expires_at,
            may_approve: true,
        };
        (Stream::Token(TOKEN), issued.into())
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
    fn a_token_ends_in_the_future() {
        let over = IssueToken { expires_at: Some(noon()), ..issue() };
        let refusal = Refusal::invalid("expires_at", "must be in the future");
        given([lasso_of_ann()]).when(&over, by(ANN)).refused(&refusal);
    }
}
