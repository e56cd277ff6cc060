//! Downloads by bursts, as many clients would ask for them.

use crate::ack::Ack;
use crate::story;
use cairn_domain::download::{self, Download};
use cairn_store::{AppenderLimits, DownloadAppender, Downloads, EncodedBatch, Ids};
use chrono::DateTime;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// How many bursts are on their way at once.
const BURSTS: u64 = 2;

/// Starts the appender and those who ask.
pub(crate) fn spawn(
    log: Downloads,
    seed: u64,
    round: u64,
    tellers: &TaskTracker,
    workers: &TaskTracker,
    cancel: &CancellationToken,
    stop_workers: &CancellationToken,
) {
    let limits = AppenderLimits::default();
    let appender = DownloadAppender::spawn(log, Ids::random(), encode, workers, stop_workers.clone(), limits);
    for burst in 0..BURSTS {
        let (appender, cancel) = (appender.clone(), cancel.clone());
        let first = round * 1_000_000 + burst * 500_000;
        tellers.spawn(async move {
            let (mut serial, mut chance) = (first, seed ^ first);
            while !cancel.is_cancelled() {
                chance =
                    chance.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                let serials = serial..serial + 1 + (chance >> 59);
                serial = serials.end;
                ask(&appender, serials).await;
            }
        });
    }
}

async fn ask(appender: &DownloadAppender<Download>, serials: std::ops::Range<u64>) {
    let receipts: Vec<_> = serials.map(|serial| (serial, appender.record(story::download(serial)))).collect();
    for (serial, receipt) in receipts {
        let Ok(receipt) = receipt else { continue };
        if let Ok(stored) = receipt.stored().await {
            crate::tell(&Ack::Download { serial, position: stored.position, index: stored.index });
        }
    }
}

fn encode(items: &[Download]) -> EncodedBatch {
    let at = |item: Option<&Download>| {
        item.and_then(|item| DateTime::from_timestamp_millis(item.at_ms))
            .expect("a batch has downloads with times")
    };
    EncodedBatch {
        first_at: at(items.first()),
        last_at: at(items.last()),
        format: u16::try_from(download::FORMAT).expect("the format is a small number"),
        body: download::encode(items),
    }
}
