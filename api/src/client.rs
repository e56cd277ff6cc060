//! What a request tells of the client behind it, as coarsely as the statistics need it.

use crate::App;
use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::HeaderMap;
use axum::http::header::USER_AGENT;
use axum::http::request::Parts;
use cairn_domain::download::{Channel, OsClass, QgisRelease};
use std::convert::Infallible;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};

/// The address a request came from. Used for the country, the voter of the day and, as a keyed digest, for counting failed
/// sign-ins; never stored or logged.
#[derive(Debug, Clone, Copy)]
pub struct Address(pub IpAddr);

impl FromRequestParts<App> for Address {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Infallible> {
        let forwarded = || {
            let mut lines =
                parts.headers.get_all("x-forwarded-for").iter().filter_map(|line| line.to_str().ok());
            lines.next_back()?.rsplit(',').next()?.trim().parse().ok()
        };
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|peer| peer.0.ip());
        let told = if app.settings.behind_proxy { forwarded() } else { None };
        Ok(Self(told.or(peer).unwrap_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED))))
    }
}

/// What the `User-Agent` says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Agent {
    /// The QGIS release, when QGIS asks.
    pub(crate) qgis: Option<QgisRelease>,
    /// The operating system.
    pub(crate) os: OsClass,
    /// The sort of client.
    pub(crate) channel: Channel,
}

impl Agent {
    /// Reads what real clients send: `Mozilla/5.0 QGIS/34006/Debian GNU/Linux 13 (trixie)` from QGIS,
    /// `Mozilla/5.0 QGIS/3.40.6/Linux` from qgis-plugin-manager, `QGISDeploymentToolbelt/0.47.0`.
    pub(crate) fn of(headers: &HeaderMap) -> Self {
        let text = headers.get(USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let told =
            text.split_once("QGIS/").map(|(_, rest)| rest.split(['/', ' ']).next().unwrap_or_default());
        let channel = match told {
            _ if text.starts_with("QGISDeploymentToolbelt/") => Channel::Toolbelt,
            Some(version) if version.contains('.') => Channel::PluginManager,
            Some(_) => Channel::Qgis,
            None => Channel::Other,
        };
        Self { qgis: told.and_then(release), os: os(text), channel }
    }
}

/// `34006` is 3.40.6 (X·10000 + Y·100 + Z); `3.40.6` is itself.
fn release(told: &str) -> Option<QgisRelease> {
    if let Some((major, rest)) = told.split_once('.') {
        let minor = rest.split('.').next().unwrap_or_default();
        return Some(QgisRelease {
            major: major.parse().ok()?,
            minor: minor.parse().ok().filter(|minor| *minor < 1000)?,
        });
    }
    let number: u32 = told.parse().ok()?;
    let major = u16::try_from(number / 10_000).ok().filter(|major| *major > 0)?;
    Some(QgisRelease { major, minor: u16::try_from(number / 100 % 100).ok()? })
}

fn os(text: &str) -> OsClass {
    let has = |word: &str| text.contains(word);
    if has("Windows") {
        OsClass::Windows
    } else if has("macOS") || has("Mac OS") || has("Darwin") {
        OsClass::MacOs
    } else if ["Linux", "X11", "Ubuntu", "Debian", "Fedora", "Arch", "openSUSE"].iter().any(|word| has(word))
    {
        OsClass::Linux
    } else {
        OsClass::Unknown
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn agent(text: &str) -> Agent {
        let mut headers = HeaderMap::new();
        headers.insert(USER_AGENT, text.parse().unwrap());
        Agent::of(&headers)
    }

    #[test]
    fn real_clients_are_told_apart() {
        let qgis = |major, minor| Some(QgisRelease { major, minor });
        for (text, release, os, channel) in [
            ("Mozilla/5.0 QGIS/32216", qgis(3, 22), OsClass::Unknown, Channel::Qgis),
            (
                "Mozilla/5.0 QGIS/34006/Debian GNU/Linux 13 (trixie)",
                qgis(3, 40),
                OsClass::Linux,
                Channel::Qgis,
            ),
            ("Mozilla/5.0 QGIS/40001/Windows 11 Version 2009", qgis(4, 0), OsClass::Windows, Channel::Qgis),
            ("Mozilla/5.0 QGIS/3.40.6/Linux", qgis(3, 40), OsClass::Linux, Channel::PluginManager),
            ("QGISDeploymentToolbelt/0.47.0", None, OsClass::Unknown, Channel::Toolbelt),
            ("curl/8.5.0", None, OsClass::Unknown, Channel::Other),
            ("QGIS/", None, OsClass::Unknown, Channel::Qgis),
            ("QGIS/99999999999", None, OsClass::Unknown, Channel::Qgis),
        ] {
            assert_eq!(agent(text), Agent { qgis: release, os, channel }, "{text}");
        }
    }
}
