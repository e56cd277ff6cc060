use crate::support::*;
use cairn_domain::event::{Stream, TrustGranted, VersionDeleted, VersionUnapproved, VoteCast};
use cairn_domain::qgis_version::FeedVersion;
use cairn_domain::votes::Voter;
use cairn_projections::Name;
use cairn_projections::feed::{Coding, FeedKey, FeedSettings, Feeds};
use cairn_projections::testing::{append_downloads, random_downloads};
use cairn_store::vault::{self, AuthorWords, PackageAuthor};
use cairn_store::{both, testing::TestDb};
use std::time::Duration;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

const PATIENCE: Duration = Duration::from_secs(20);

struct Running {
    feeds: Feeds,
    tracker: TaskTracker,
    cancel: CancellationToken,
}

async fn running(house: &House, counts_every: Duration) -> Running {
    let (tracker, cancel) = (TaskTracker::new(), CancellationToken::new());
    let base_url = "https://plugins.example.org".to_owned();
    let settings = FeedSettings { base_url, counts_every, author_email: true };
    let feeds = Feeds::start(&house.projections, settings, &tracker, cancel.clone()).await.unwrap();
    Running { feeds, tracker, cancel }
}

impl Running {
    async fn text(&self) -> String {
        let key = FeedKey { version: FeedVersion::Minor(3, 40), stable_only: false, package_name: None };
        let body = self.feeds.body(&key).await;
        String::from_utf8(body.bytes(Coding::Identity).to_vec()).unwrap()
    }

    async fn stop(self) {
        self.cancel.cancel();
        self.tracker.close();
        self.tracker.wait().await;
    }
}

async fn put_author(t: &TestDb, name: &str, number: &str) {
    let mut tx = t.db.begin().await.unwrap();
    let sha256 = file(name, number).sha256.to_string();
    let author = PackageAuthor { sha256, author: "Ann & Co".into(), email: "ann@example.org".into() };
    let found_by = AuthorWords { key: "ann & co".into(), words: vec!["ann".into(), "co".into()] };
    vault::put_package_author(&mut tx, &author, &found_by).await.unwrap();
    tx.commit().await.unwrap();
}

both!(an_approval_is_in_the_feed_and_a_withdrawal_takes_it_out, |t| {
    let house = House::new(&t).await;
    put_author(&t, "lasso", "1.0").await;
    house.seen(new_plugin("lasso", ANN)).await;
    let running = running(&house, Duration::from_hours(1)).await;
    assert_eq!(running.feeds.position(), 3);
    assert!(!running.text().await.contains("lasso"));

    let head = house.seen([approved("lasso", "1.0")]).await;
    running.feeds.wait_for(head, PATIENCE).await.unwrap();
    let text = running.text().await;
    for expected in [
        "<pyqgis_plugin name=\"lasso\" version=\"1.0\" plugin_id=\"1\">",
        "<author_name>Ann &amp; Co</author_name>",
        "<author_email>ann@example.org</author_email>",
        "<trusted>False</trusted>",
        "<tags>raster</tags>",
        "https://plugins.example.org/plugins/lasso/version/1.0/download/",
    ] {
        assert!(text.contains(expected), "{expected} in {text}");
    }
    let trusted = (Stream::Account(ANN), TrustGranted { account: ANN, reason: None }.into());
    let head = house.seen([joined(ANN), trusted]).await;
    running.feeds.wait_for(head, PATIENCE).await.unwrap();
    assert!(running.text().await.contains("<trusted>True</trusted>"));

    let back = VersionUnapproved { package: package("lasso"), version: "1.0".parse().unwrap(), reason: None };
    let head = house.seen([of("lasso", back)]).await;
    running.feeds.wait_for(head, PATIENCE).await.unwrap();
    assert!(!running.text().await.contains("lasso"));
    running.stop().await;
});

both!(numbers_wait_for_the_beat_and_bodies_stay_the_same, |t| {
    let house = House::new(&t).await;
    house.seen(new_plugin("lasso", ANN).into_iter().chain([approved("lasso", "1.0")])).await;
    let slow = running(&house, Duration::from_hours(1)).await;
    let before = slow.text().await;
    let voter = Voter::Account(ANN);
    let vote = VoteCast { package: package("lasso"), score: 4, voter };
    let head = house.happened([(Stream::votes(&package("lasso")), vote.into())]).await;
    append_downloads(&house.downloads, &random_downloads(1, 30, &[2]), 10).await.unwrap();
    house.projections.catch_up().await.unwrap();
    slow.feeds.wait_for(head, PATIENCE).await.unwrap();
    assert_eq!(slow.text().await, before);
    slow.stop().await;

    let quick = running(&house, Duration::from_millis(50)).await;
    let counted = quick.text().await;
    assert!(
        counted.contains("<downloads>30</downloads>") && counted.contains("<rating_votes>1</rating_votes>")
    );
    append_downloads(&house.downloads, &random_downloads(1, 12, &[2]), 10).await.unwrap();
    house.projections.catch_up().await.unwrap();
    for _ in 0..400 {
        if quick.text().await.contains("<downloads>42</downloads>") {
            break;
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    assert!(quick.text().await.contains("<downloads>42</downloads>"));
    quick.stop().await;
});

both!(feeds_follow_workers_and_new_generations, |t| {
    let house = House::new(&t).await;
    house.seen(new_plugin("lasso", ANN).into_iter().chain([approved("lasso", "1.0")])).await;
    let running = running(&house, Duration::from_hours(1)).await;
    house.projections.spawn_workers(&running.tracker, running.cancel.clone());
    house.projections.rebuild(Name::Catalogue, |_, _| {}).await.unwrap();
    let head = house.happened(new_plugin("other", ANN).into_iter().chain([approved("other", "1.0")])).await;
    running.feeds.wait_for(head, PATIENCE).await.unwrap();
    let text = running.text().await;
    assert!(text.contains("name=\"lasso\"") && text.contains("name=\"other\""), "{text}");

    let gone = VersionDeleted { package: package("lasso"), version: "1.0".parse().unwrap(), reason: None };
    let head = house.happened([of("lasso", gone)]).await;
    house.projections.wait_for(head, PATIENCE).await.unwrap();
    house.projections.rebuild(Name::Catalogue, |_, _| {}).await.unwrap();
    running.feeds.wait_for(head, PATIENCE).await.unwrap();
    let text = running.text().await;
    assert!(!text.contains("name=\"lasso\"") && text.contains("name=\"other\""), "{text}");
    let late = running.feeds.wait_for(head + 1, Duration::from_millis(20)).await.unwrap_err();
    assert_eq!((late.have, late.want), (head, head + 1));
    running.stop().await;
});
