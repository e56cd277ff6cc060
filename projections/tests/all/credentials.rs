use crate::support::*;
use cairn_domain::event::{
    CiTokenIssued, Event, PublisherNamed, PublisherRemoved, Stream, TokenIssued, TokenRevoked,
};
use cairn_domain::ids::{PublisherId, TokenId};
use cairn_domain::names::{PackageName, Sha256};
use cairn_domain::publisher::{Run, Workflow};
use cairn_projections::people;
use cairn_store::both;
use chrono::TimeDelta;
use uuid::Uuid;

const RELEASE: PublisherId = PublisherId(Uuid::from_u128(0x90));
const NIGHTLY: PublisherId = PublisherId(Uuid::from_u128(0x91));
const KEPT: TokenId = TokenId(Uuid::from_u128(0x70));
const OF_RUN: TokenId = TokenId(Uuid::from_u128(0x71));

fn workflow(file: &str) -> Workflow {
    Workflow {
        issuer: "https://ci.example".into(),
        repository: "Ann/Lasso".into(),
        workflow: file.into(),
        environment: Some("release".into()),
        ref_pattern: None,
    }
}

fn named(publisher: PublisherId, package: &PackageName, file: &str) -> (Stream, Event) {
    let event = PublisherNamed {
        package: package.clone(),
        publisher,
        account: ANN,
        workflow: workflow(file),
        may_approve: false,
    };
    (Stream::publishers(package), event.into())
}

both!(publishers_are_told_by_plugin_account_and_repository_until_they_are_removed, |t| {
    let house = House::new(&t).await;
    let (lasso, other) = (package("lasso"), package("other"));
    house.seen([named(RELEASE, &lasso, "release.yml")]).await;
    house.seen([named(NIGHTLY, &other, "nightly.yml")]).await;
    let mut read = house.projections.read().await.unwrap();
    let ids = |list: &[people::Publisher]| list.iter().map(|one| one.id).collect::<Vec<_>>();
    let of_lasso = people::publishers_for(&mut read, &lasso).await.unwrap();
    assert_eq!(ids(&of_lasso), [RELEASE]);
    assert_eq!((&of_lasso[0].workflow, of_lasso[0].account), (&workflow("release.yml"), ANN));
    assert_eq!(ids(&people::publishers_of(&mut read, ANN).await.unwrap()), [NIGHTLY, RELEASE]);
    assert_eq!(people::publishers_of(&mut read, BOB).await.unwrap(), []);
    let found = people::publishers_of_repository(&mut read, "https://ci.example", "ann/LASSO").await;
    assert_eq!(ids(&found.unwrap()), [NIGHTLY, RELEASE]);
    let elsewhere = people::publishers_of_repository(&mut read, "https://other.example", "ann/lasso").await;
    assert_eq!(elsewhere.unwrap(), []);
    drop(read);

    let removed = PublisherRemoved { package: lasso.clone(), publisher: RELEASE };
    house.seen([(Stream::publishers(&lasso), removed.into())]).await;
    let mut read = house.projections.read().await.unwrap();
    assert_eq!(people::publishers_for(&mut read, &lasso).await.unwrap(), []);
    let gone = people::publisher(&mut read, RELEASE).await.unwrap().unwrap();
    assert_eq!(gone.removed_at, Some(start() + TimeDelta::seconds(3)));
});

both!(tokens_of_runs_are_known_and_not_listed_among_those_that_people_keep, |t| {
    let house = House::new(&t).await;
    let lasso = package("lasso");
    let kept = TokenIssued {
        token: KEPT,
        account: ANN,
        package: lasso.clone(),
        secret_sha256: Sha256::of(b"secret"),
        expires_at: None,
        may_approve: true,
    };
    let of_run = CiTokenIssued {
        token: OF_RUN,
        publisher: RELEASE,
        account: ANN,
        package: lasso.clone(),
        secret_sha256: Sha256::of(b"secret"),
        expires_at: start() + TimeDelta::minutes(10),
        may_approve: false,
        run: Run {
            issuer: "https://ci.example".into(),
            repository: "ann/lasso".into(),
            workflow: "release.yml".into(),
            environment: None,
            git_ref: Some("refs/tags/v1".into()),
            commit: Some("0a1b".into()),
        },
    };
    house.seen([named(RELEASE, &lasso, "release.yml")]).await;
    house.seen([(Stream::Token(KEPT), kept.into()), (Stream::Token(OF_RUN), of_run.into())]).await;
    house.seen([(Stream::Token(OF_RUN), TokenRevoked { token: OF_RUN, reason: None }.into())]).await;
    let mut read = house.projections.read().await.unwrap();
    let of_run = people::token(&mut read, OF_RUN).await.unwrap().unwrap();
    assert!(of_run.revoked_at.is_some());
    let run = of_run.run.unwrap();
    assert_eq!((run.publisher, run.repository.as_str()), (RELEASE, "ann/lasso"));
    assert_eq!((run.git_ref.as_deref(), run.commit.as_deref()), (Some("refs/tags/v1"), Some("0a1b")));
    for listed in [
        people::tokens_of(&mut read, ANN).await.unwrap(),
        people::tokens_for(&mut read, &lasso).await.unwrap(),
    ] {
        let [only] = &listed[..] else { panic!("{listed:?}") };
        assert_eq!((only.id, only.may_approve, only.last_used), (KEPT, true, None));
    }
});
