//! Rate a plugin.

use crate::{Command, Fact};
use cairn_domain::event::{Stream, VoteCast};
use cairn_domain::names::{PackageName, Sha256};
use cairn_domain::votes::Voter;
use cairn_domain::{Actor, Known, Moment, Refusal};
use serde::{Deserialize, Serialize};

/// Rates a plugin from 1 to 5. Whoever is signed in has one vote; others have one a day and key.
#[derive(Debug, Clone, Serialize)]
pub struct CastVote {
    /// The plugin.
    pub package: PackageName,
    /// 1 to 5.
    pub score: u8,
    /// Tells the votes of one anonymous caller and day apart from others'; made from a key that dies with the day.
    #[serde(skip)]
    pub key_of_the_day: Sha256,
}

/// The votes after this one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rating {
    /// How many votes count.
    pub votes: u64,
    /// Their sum.
    pub score: u64,
}

impl Command for CastVote {
    const NAME: &'static str = "cast_vote";
    type Answer = Rating;

    fn reads(&self) -> Vec<Stream> {
        vec![Stream::plugin(&self.package), Stream::votes(&self.package)]
    }

    fn decide(&self, known: &Known, moment: &Moment) -> Result<Vec<Fact>, Refusal> {
        let voter = match moment.actor {
            Actor::Account { account } => {
                known.acting(moment)?;
                Voter::Account(account)
            }
            Actor::Anonymous => Voter::OfTheDay(self.key_of_the_day),
            Actor::Token { .. } => return Err(Refusal::TokenScope),
            Actor::Operator | Actor::Site => return Err(Refusal::Unauthenticated),
        };
        let plugin = known.living(&self.package)?;
        if plugin.newest_approved().is_none() {
            return Err(Refusal::PluginUnknown { package: self.package.to_string() });
        }
        if !(1..=5).contains(&self.score) {
            return Err(Refusal::VoteOutOfRange);
        }
        if known.votes(&self.package).scores.get(&voter) == Some(&self.score) {
            return Ok(vec![]);
        }
        let vote = VoteCast { package: self.package.clone(), score: self.score, voter };
        Ok(vec![(Stream::votes(&self.package), vote.into())])
    }

    fn answer(&self, after: &Known) -> Rating {
        let scores = after.votes(&self.package).scores;
        Rating { votes: scores.len() as u64, score: scores.values().map(|score| u64::from(*score)).sum() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::*;

    fn vote(score: u8) -> CastVote {
        CastVote { package: lasso(), score, key_of_the_day: Sha256::of(b"key") }
    }

    fn cast(score: u8, voter: Voter) -> Fact {
        (Stream::votes(&lasso()), VoteCast { package: lasso(), score, voter }.into())
    }

    fn public() -> [Facts; 2] {
        [lasso_of_ann(), approved("1.0").into()]
    }

    #[test]
    fn anybody_votes() {
        let someone = Voter::OfTheDay(Sha256::of(b"key"));
        given(public()).when(&vote(5), Actor::Anonymous).then([cast(5, someone)]);
        given(public()).when(&vote(1), by(ANN)).then([cast(1, Voter::Account(ANN))]);
    }

    #[test]
    fn a_changed_mind_is_one_vote() {
        let before = cast(2, Voter::Account(ANN));
        given(public().into_iter().chain([before.clone().into()]))
            .when(&vote(4), by(ANN))
            .then([cast(4, Voter::Account(ANN))]);
        given(public().into_iter().chain([before.into()])).when(&vote(2), by(ANN)).then([]);
    }

    #[test]
    fn only_one_to_five_for_what_is_public() {
        given(public()).when(&vote(0), Actor::Anonymous).refused(&Refusal::VoteOutOfRange);
        given(public()).when(&vote(6), Actor::Anonymous).refused(&Refusal::VoteOutOfRange);
        let unknown = Refusal::PluginUnknown { package: "lasso".into() };
        given([lasso_of_ann()]).when(&vote(5), Actor::Anonymous).refused(&unknown);
    }

    #[test]
    fn the_blocked_do_not_vote() {
        given(public().into_iter().chain([blocked(ANN)]))
            .when(&vote(5), by(ANN))
            .refused(&Refusal::AccountBlocked);
    }
    #[test]
    fn nobody_votes_for_what_is_hidden() {
        given(public().into_iter().chain([marked()]))
            .when(&vote(5), Actor::Anonymous)
            .refused(&Refusal::PluginDeleted { package: "lasso".into() });
        given(public().into_iter().chain([marked(), tombstoned()]))
            .when(&vote(5), Actor::Anonymous)
            .refused(&Refusal::PluginGone { package: "lasso".into() });
    }
}
