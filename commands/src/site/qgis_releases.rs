//! Tell which QGIS versions feeds mean by `latest`, `stable` and `ltr`.

use crate::{Command, Fact};
use cairn_domain::event::{QgisReleasesSet, Stream};
use cairn_domain::qgis_version::FeedVersion;
use cairn_domain::site::QgisReleases;
use cairn_domain::{Actor, Known, Moment, Refusal};
use serde::Serialize;

/// From now on feeds mean these QGIS versions by their labels. Staff may set any; the repository itself, when it learns of them
/// from the list it was told to follow, only goes forward: a list that was put back by mistake takes no plugins away.
#[derive(Debug, Clone, Serialize)]
pub struct SetQgisReleases {
    /// All three, each `major.minor`; a patch number is cut off.
    pub releases: QgisReleases,
}

impl Command for SetQgisReleases {
    const NAME: &'static str = "set_qgis_releases";
    type Answer = QgisReleases;

    fn reads(&self) -> Vec<Stream> {
        vec![Stream::Site]
    }

    fn decide(&self, known: &Known, moment: &Moment) -> Result<Vec<Fact>, Refusal> {
        known.acting_staff(moment)?;
        let before = known.site().releases.as_ref();
        let [latest, stable, ltr] = labels(&self.releases).map(|(label, text)| minor(label, text));
        let (latest, stable, ltr) = (latest?, stable?, ltr?);
        if let (Actor::Site, Some(before)) = (moment.actor, before) {
            for ((label, known), told) in labels(before).into_iter().zip([latest, stable, ltr]) {
                if told < minor(label, known)? {
                    return Err(Refusal::QgisReleaseOlder { known: format!("QGIS {known}") });
                }
            }
        }
        let text = |(major, minor): (u16, u16)| format!("{major}.{minor}");
        let releases = QgisReleases { latest: text(latest), stable: text(stable), ltr: text(ltr) };
        if before == Some(&releases) {
            return Ok(vec![]);
        }
        Ok(vec![(Stream::Site, QgisReleasesSet { releases }.into())])
    }

    fn answer(&self, after: &Known) -> QgisReleases {
        after.site().releases.clone().unwrap_or_else(|| self.releases.clone())
    }
}

fn labels(releases: &QgisReleases) -> [(&'static str, &str); 3] {
    [("latest", &releases.latest), ("stable", &releases.stable), ("ltr", &releases.ltr)]
}

/// The two numbers of a release. Feeds are made for a minor version, so one without is not enough.
fn minor(label: &str, text: &str) -> Result<(u16, u16), Refusal> {
    match text.parse() {
        Ok(FeedVersion::Minor(major, minor) | FeedVersion::Patch(major, minor, _)) => Ok((major, minor)),
        _ => Err(Refusal::invalid(label, "a QGIS version looks like 3.40, with at most three digits a part")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::*;

    fn releases(latest: &str, ltr: &str) -> QgisReleases {
        QgisReleases { latest: latest.into(), stable: ltr.into(), ltr: ltr.into() }
    }

    fn set(latest: &str, ltr: &str) -> SetQgisReleases {
        SetQgisReleases { releases: releases(latest, ltr) }
    }

    fn happened(latest: &str, ltr: &str) -> Fact {
        (Stream::Site, QgisReleasesSet { releases: releases(latest, ltr) }.into())
    }

    fn sue() -> [Facts; 2] {
        [registered(SUE), staff(SUE)]
    }

    #[test]
    fn staff_set_them_forward_and_back() {
        given(sue()).when(&set("3.44", "3.40"), by(SUE)).then([happened("3.44", "3.40")]);
        let newer = sue().into_iter().chain([happened("4.0", "3.44").into()]);
        given(newer).when(&set("3.44", "3.40"), by(SUE)).then([happened("3.44", "3.40")]);
    }

    #[test]
    fn the_schedule_goes_forward_only() {
        let before = || [happened("3.44", "3.40").into()];
        given([]).when(&set("3.44", "3.40"), Actor::Site).then([happened("3.44", "3.40")]);
        given(before()).when(&set("4.0", "3.44"), Actor::Site).then([happened("4.0", "3.44")]);
        let older = |known: &str| Refusal::QgisReleaseOlder { known: format!("QGIS {known}") };
        given(before()).when(&set("3.42", "3.40"), Actor::Site).refused(&older("3.44"));
        given(before()).when(&set("4.0", "3.34"), Actor::Site).refused(&older("3.40"));
        // By number, not by text.
        given([happened("3.9", "3.4").into()])
            .when(&set("3.10", "3.4"), Actor::Site)
            .then([happened("3.10", "3.4")]);
    }

    #[test]
    fn nobody_else_may() {
        given([registered(ANN)]).when(&set("3.44", "3.40"), by(ANN)).refused(&Refusal::NotStaff);
        given([]).when(&set("3.44", "3.40"), Actor::Anonymous).refused(&Refusal::Unauthenticated);
    }

    #[test]
    fn a_release_has_two_numbers_and_a_patch_is_cut_off() {
        given([]).when(&set("3.44.5", "3.40.12"), Actor::Operator).then([happened("3.44", "3.40")]);
        given([]).when(&set("999.999", "3.40"), Actor::Operator).then([happened("999.999", "3.40")]);
        for bad in ["", "3", "latest", "3.x", "1000.1", "3.1000", "-3.4"] {
            let message = "a QGIS version looks like 3.40, with at most three digits a part";
            given([]).when(&set(bad, "3.40"), Actor::Operator).refused(&Refusal::invalid("latest", message));
            given([]).when(&set("3.44", bad), Actor::Operator).refused(&Refusal::invalid("stable", message));
        }
    }

    #[test]
    fn already_so_is_not_an_error() {
        given([happened("3.44", "3.40").into()]).when(&set("3.44.1", "3.40.0"), Actor::Site).then([]);
    }
}
