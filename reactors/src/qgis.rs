//! Which QGIS versions there are, learned from a list in the format of QGIS's own version.json.

use cairn_commands::site::SetQgisReleases;
use cairn_commands::{Commands, Fault};
use cairn_domain::Actor;
use cairn_domain::site::QgisReleases;
use cairn_outside::http::{Outgoing, OutgoingError};
use serde::Deserialize;
use std::time::Duration;

/// Where QGIS versions are learned from.
#[derive(Debug, Clone)]
pub struct QgisVersions {
    /// The address of the list.
    pub url: String,
    /// How often it is fetched.
    pub every: Duration,
    /// The client it is fetched with.
    pub outgoing: Outgoing,
}

/// The list, as far as it matters here; it has `dev`, dates and names besides.
#[derive(Debug, Deserialize)]
struct Document {
    latest: Release,
    ltr: Release,
}

/// One release.
#[derive(Debug, Deserialize)]
struct Release {
    /// As 3.44.5.
    version: String,
}

/// Why nothing was learned.
#[derive(Debug, thiserror::Error)]
pub(crate) enum LearnFault {
    /// The list could not be fetched, or is none.
    #[error(transparent)]
    Outgoing(#[from] OutgoingError),
    /// What it says was refused, or the log does not answer.
    #[error(transparent)]
    Command(#[from] Fault),
}

/// Fetches the list. It has no `stable`: the long-term release is what most people should use, and what feeds have always meant
/// by that. What the list calls versions need not be any.
pub async fn fetch(versions: &QgisVersions) -> Result<QgisReleases, OutgoingError> {
    let Document { latest, ltr } = versions.outgoing.get_json(&versions.url).await?;
    Ok(QgisReleases { latest: latest.version, stable: ltr.version.clone(), ltr: ltr.version })
}

/// Fetches the list and tells the log what it says.
pub(crate) async fn learn(versions: &QgisVersions, commands: &Commands) -> Result<QgisReleases, LearnFault> {
    let releases = fetch(versions).await?;
    Ok(commands.send(&SetQgisReleases { releases }, Actor::Site, None).await?.answer)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Node;
    use cairn_outside::http::OutgoingSettings;
    use cairn_store::both;
    use std::sync::{Arc, Mutex};
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpListener;
    use tokio_util::task::TaskTracker;

    #[test]
    fn the_list_is_read_as_qgis_publishes_it() {
        let list = r#"{
            "latest": {"version": "3.44.5", "major": "3", "minor": "44", "patch": "5", "name": "Solothurn", "date": "2025-11-14",
                       "binary": "1", "note": null},
            "ltr": {"version": "3.40.12", "major": "3", "minor": "40", "patch": "12", "name": "Bratislava"},
            "dev": {"version": "3.99", "major": "3", "minor": "99"}
        }"#;
        let list: Document = serde_json::from_str(list).unwrap();
        assert_eq!((list.latest.version.as_str(), list.ltr.version.as_str()), ("3.44.5", "3.40.12"));
        assert!(serde_json::from_str::<Document>(r#"{"latest": {"version": "3.44.5"}}"#).is_err());
    }

    /// A web server that answers everything with the text it holds.
    async fn web_server(answer: Arc<Mutex<String>>) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/version.json", listener.local_addr().unwrap());
        TaskTracker::new().spawn(async move {
            loop {
                let (mut connection, _) = listener.accept().await.unwrap();
                let mut request = [0; 4096];
                let read = connection.read(&mut request).await.unwrap();
                assert!(request[..read].starts_with(b"GET /version.json HTTP/1.1"));
                let body = answer.lock().unwrap().clone();
                let head =
                    format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\nConnection: close\r\n\r\n", body.len());
                connection.write_all(format!("{head}{body}").as_bytes()).await.unwrap();
            }
        });
        url
    }

    fn list(latest: &str, ltr: &str) -> String {
        format!(r#"{{"latest": {{"version": "{latest}"}}, "ltr": {{"version": "{ltr}"}}}}"#)
    }

    fn releases(latest: &str, ltr: &str) -> QgisReleases {
        QgisReleases { latest: latest.into(), stable: ltr.into(), ltr: ltr.into() }
    }

    both!(the_log_learns_what_the_list_says_and_keeps_it_when_the_list_goes_wrong, |t| {
        let node = Node::on(&t);
        let answer = Arc::new(Mutex::new(list("3.44.5", "3.40.12")));
        let allowed = vec!["127.0.0.1".parse().unwrap()];
        let outgoing = Outgoing::new(OutgoingSettings { allowed, ..OutgoingSettings::default() }).unwrap();
        let url = web_server(Arc::clone(&answer)).await;
        let versions = QgisVersions { url, every: Duration::from_mins(1), outgoing };
        let known = async || {
            let known = node.commands.look(vec![], Actor::Site).await.unwrap();
            known.site().releases.clone()
        };
        assert_eq!(learn(&versions, &node.commands).await.unwrap(), releases("3.44", "3.40"));
        let head = node.tools.registry.head().await.unwrap();
        learn(&versions, &node.commands).await.unwrap();
        assert_eq!(node.tools.registry.head().await.unwrap(), head, "the same again is no event");

        for (wrong, code) in
            [(list("3.40.1", "3.40.12"), "qgis_release_older"), (list("new", "3.40.12"), "invalid_input")]
        {
            *answer.lock().unwrap() = wrong;
            match learn(&versions, &node.commands).await {
                Err(LearnFault::Command(Fault::Refused(refusal))) => assert_eq!(refusal.code(), code),
                other => panic!("{other:?}"),
            }
        }
        *answer.lock().unwrap() = "<html>moved</html>".into();
        assert!(matches!(learn(&versions, &node.commands).await, Err(LearnFault::Outgoing(_))));
        assert_eq!(known().await, Some(releases("3.44", "3.40")));

        *answer.lock().unwrap() = list("4.0.0", "3.44.9");
        learn(&versions, &node.commands).await.unwrap();
        assert_eq!(known().await, Some(releases("4.0", "3.44")));
    });

    both!(a_list_on_a_private_address_is_not_asked_unless_that_is_allowed, |t| {
        let node = Node::on(&t);
        let url = web_server(Arc::new(Mutex::new(list("3.44.5", "3.40.12")))).await;
        let outgoing = Outgoing::new(OutgoingSettings::default()).unwrap();
        let versions = QgisVersions { url, every: Duration::from_mins(1), outgoing };
        assert!(matches!(learn(&versions, &node.commands).await, Err(LearnFault::Outgoing(_))));
        assert_eq!(node.tools.registry.head().await.unwrap(), 0);
    });
}
