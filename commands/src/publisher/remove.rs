//! Remove a trusted publisher.

use crate::{Command, Fact};
use cairn_domain::event::{PublisherRemoved, Stream};
use cairn_domain::ids::PublisherId;
use cairn_domain::names::PackageName;
use cairn_domain::{Known, Moment, Refusal};
use serde::Serialize;

/// Lets a workflow publish no longer. Tokens that its runs got end at once.
#[derive(Debug, Clone, Serialize)]
pub struct RemovePublisher {
    /// The plugin.
    pub package: PackageName,
    /// The publisher.
    pub publisher: PublisherId,
}

impl Command for RemovePublisher {
    const NAME: &'static str = "remove_publisher";
    type Answer = PublisherId;

    fn reads(&self) -> Vec<Stream> {
        vec![Stream::publishers(&self.package), Stream::plugin(&self.package)]
    }

    fn decide(&self, known: &Known, moment: &Moment) -> Result<Vec<Fact>, Refusal> {
        let acting = known.acting_in_person(moment)?;
        let publishers = known.publishers(&self.package);
        let named = publishers.named.get(&self.publisher);
        let its_own = named.is_some_and(|named| acting.account == Some(named.account));
        let owns = known.plugin_like(&self.package).is_some_and(|plugin| acting.owns(plugin));
        match acting.must_be_staff() {
            _ if its_own || owns => {}
            Err(Refusal::NotStaff) => return Err(Refusal::PublisherUnknown),
            staff => staff?,
        }
        let named = named.ok_or(Refusal::PublisherUnknown)?;
        let removed = PublisherRemoved { package: named.package.clone(), publisher: self.publisher };
        Ok(vec![(Stream::publishers(&self.package), removed.into())])
    }

    fn answer(&self, _after: &Known) -> PublisherId {
        self.publisher
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::publisher::stories::*;
    use crate::testing::*;

    fn remove() -> RemovePublisher {
        RemovePublisher { package: lasso(), publisher: PUBLISHER }
    }

    fn removed() -> Fact {
        let event = PublisherRemoved { package: lasso(), publisher: PUBLISHER };
        (Stream::publishers(&lasso()), event.into())
    }

    #[test]
    fn who_named_it_owners_and_staff_remove_a_publisher() {
        let of_bob = || Facts::from(publisher_named(PUBLISHER, BOB));
        given([registered(BOB), of_bob()]).when(&remove(), by(BOB)).then([removed()]);
        given([lasso_of_ann(), registered(BOB), of_bob()]).when(&remove(), by(ANN)).then([removed()]);
        given([registered(SUE), staff(SUE), of_bob()]).when(&remove(), by(SUE)).then([removed()]);
    }

    #[test]
    fn others_do_not_even_learn_that_it_exists() {
        let of_ann = Facts::from(publisher_named(PUBLISHER, ANN));
        given([lasso_of_ann(), of_ann, registered(BOB)])
            .when(&remove(), by(BOB))
            .refused(&Refusal::PublisherUnknown);
        given([lasso_of_ann()]).when(&remove(), by(ANN)).refused(&Refusal::PublisherUnknown);
    }
}
