//! Exchange a CI service's word about a run for a token.

use crate::{Command, Fact};
use cairn_domain::event::{CiTokenIssued, IdentityTokenSpent, PublisherNamed, Stream};
use cairn_domain::ids::TokenId;
use cairn_domain::names::{PackageName, Sha256};
use cairn_domain::publisher::Run;
use cairn_domain::{Actor, Known, Moment, Refusal};
use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

/// How long a run may upload after it asked: ample for a package, and too short to be worth stealing.
pub const CI_TOKEN_LIFE: TimeDelta = TimeDelta::minutes(10);

/// Makes a token of a few minutes for a run of a trusted publisher. The door has believed the service's identity token;
/// it is worth nothing from now on. Whoever asks needs no other credential.
#[derive(Debug, Clone, Serialize)]
pub struct ExchangeIdentity {
    /// Minted by the caller.
    #[serde(skip)]
    pub token: TokenId,
    /// Digest of the secret, which the caller has minted and shows once.
    #[serde(skip)]
    pub secret_sha256: Sha256,
    /// The plugin that the run wants to publish.
    pub package: PackageName,
    /// What the service says of the run.
    pub run: Run,
    /// What the identity token is named among its issuer's.
    pub jti: String,
}

/// What a run gets to know.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exchanged {
    /// The token.
    pub token: TokenId,
    /// The plugin it uploads.
    pub package: PackageName,
    /// When it ends by itself.
    pub expires_at: DateTime<Utc>,
}

impl ExchangeIdentity {
    fn spends(&self) -> Stream {
        Stream::identity_token(&self.run.issuer, &self.jti)
    }

    /// The publisher that the run is, whose account may still publish the plugin.
    fn publisher(&self, known: &Known, moment: &Moment) -> Option<PublisherNamed> {
        let lives = |named: &PublisherNamed| {
            let account = Moment { actor: Actor::Account { account: named.account }, ..*moment };
            let acting = known.acting(&account).ok();
            let plugin = known.plugin_like(&self.package);
            acting.is_some_and(|acting| plugin.is_none_or(|plugin| acting.may_change(plugin).is_ok()))
        };
        let named = known.publishers(&self.package).named.into_values();
        let mut fitting = named
            .filter(|named| named.package == self.package && named.workflow.is(&self.run) && lives(named));
        fitting.next()
    }
}

impl Command for ExchangeIdentity {
    const NAME: &'static str = "exchange_identity";
    type Answer = Exchanged;

    fn reads(&self) -> Vec<Stream> {
        vec![
            Stream::Token(self.token),
            self.spends(),
            Stream::publishers(&self.package),
            Stream::plugin(&self.package),
        ]
    }

    fn decide(&self, known: &Known, moment: &Moment) -> Result<Vec<Fact>, Refusal> {
        let spends = self.spends();
        if known.is_spent(&spends) {
            return Err(Refusal::IdentityTokenSpent);
        }
        let refusal = || Refusal::NoTrustedPublisher { package: self.package.to_string() };
        let publisher = self.publisher(known, moment).ok_or_else(refusal)?;
        let issued = CiTokenIssued {
            token: self.token,
            publisher: publisher.publisher,
            account: publisher.account,
            package: publisher.package,
            secret_sha256: self.secret_sha256,
            expires_at: moment.now + CI_TOKEN_LIFE,
            may_approve: publisher.may_approve,
            run: self.run.clone(),
        };
        let spent = IdentityTokenSpent { token: self.token };
        Ok(vec![(Stream::Token(self.token), issued.into()), (spends, spent.into())])
    }

    fn answer(&self, after: &Known) -> Exchanged {
        let token = after.token(self.token).expect("the deed just decided upon made the token");
        let expires_at = token.expires_at.expect("a token of a run ends by itself");
        Exchanged { token: self.token, package: token.package.clone(), expires_at }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::publisher::stories::*;
    use crate::testing::*;
    use cairn_domain::event::PublisherRemoved;
    use cairn_domain::ids::AccountId;

    fn exchange() -> ExchangeIdentity {
        ExchangeIdentity {
            token: TOKEN,
            secret_sha256: Sha256::of(b"secret"),
            package: lasso(),
            run: run(),
            jti: "7".into(),
        }
    }

    fn issued_for(account: AccountId) -> Fact {
        let issued = CiTokenIssued {
            token: TOKEN,
            publisher: PUBLISHER,
            account,
            package: lasso(),
            secret_sha256: Sha256::of(b"secret"),
            expires_at: noon() + TimeDelta::minutes(10),
            may_approve: false,
            run: run(),
        };
        (Stream::Token(TOKEN), issued.into())
    }

    fn spent() -> Fact {
        (Stream::identity_token(&run().issuer, "7"), IdentityTokenSpent { token: TOKEN }.into())
    }

    fn named() -> Facts {
        publisher_named(PUBLISHER, ANN).into()
    }

    #[test]
    fn a_run_of_the_publisher_gets_a_token_of_ten_minutes() {
        given([lasso_of_ann(), named()]).when(&exchange(), Actor::Anonymous).then([issued_for(ANN), spent()]);
    }

    #[test]
    fn a_publisher_may_wait_for_a_plugin_to_come() {
        given([registered(ANN), named()])
            .when(&exchange(), Actor::Anonymous)
            .then([issued_for(ANN), spent()]);
    }

    #[test]
    fn an_identity_token_is_good_once() {
        given([lasso_of_ann(), named(), spent().into()])
            .when(&exchange(), Actor::Anonymous)
            .refused(&Refusal::IdentityTokenSpent);
        let another = ExchangeIdentity { jti: "8".into(), ..exchange() };
        let Outcome(outcome) =
            given([lasso_of_ann(), named(), spent().into()]).when(&another, Actor::Anonymous);
        assert!(outcome.is_ok(), "{outcome:?}");
    }

    #[test]
    fn other_runs_get_none() {
        let none = Refusal::NoTrustedPublisher { package: "lasso".into() };
        for other in [
            Run { workflow: ".github/workflows/test.yml".into(), ..run() },
            Run { git_ref: Some("refs/heads/main".into()), ..run() },
            Run { repository: "bob/lasso".into(), ..run() },
        ] {
            let other = ExchangeIdentity { run: other, ..exchange() };
            given([lasso_of_ann(), named()]).when(&other, Actor::Anonymous).refused(&none);
        }
        given([lasso_of_ann()]).when(&exchange(), Actor::Anonymous).refused(&none);
        let removed = PublisherRemoved { package: lasso(), publisher: PUBLISHER };
        let removed = Fact::from((Stream::publishers(&lasso()), removed.into()));
        given([lasso_of_ann(), named(), removed.into()]).when(&exchange(), Actor::Anonymous).refused(&none);
    }

    #[test]
    fn a_publisher_is_dead_with_its_account_and_when_that_owns_the_plugin_no_longer() {
        let none = Refusal::NoTrustedPublisher { package: "lasso".into() };
        given([lasso_of_ann(), named(), blocked(ANN)]).when(&exchange(), Actor::Anonymous).refused(&none);
        let of_bob = Facts::from(publisher_named(PUBLISHER, BOB));
        given([lasso_of_ann(), registered(BOB), of_bob]).when(&exchange(), Actor::Anonymous).refused(&none);
    }
}
