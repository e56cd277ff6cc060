//! Downloads of a plugin by day, QGIS version and country.

use crate::graphql::asked::Asker;
use crate::graphql::scalars::{Count, Date};
use crate::problem::Problem;
use async_graphql::SimpleObject;
use cairn_domain::Refusal;
use cairn_projections::downloads::{ByCountry, ByQgis, countries_of_plugin, days_of_plugin, qgis_of_plugin};
use chrono::{NaiveDate, TimeDelta};

/// The longest time that is told day by day: a leap year.
const DAYS_MAX: i64 = 366;

/// Days that are told when the caller does not say.
const DAYS: i64 = 30;

/// Downloads of one day.
#[derive(Debug, Clone, Copy, SimpleObject)]
pub(crate) struct DayDownloads {
    /// The day in UTC.
    day: Date,
    /// How many.
    count: Count,
}

/// Downloads by one QGIS version.
#[derive(Debug, Clone, SimpleObject)]
pub(crate) struct QgisDownloads {
    /// The version, such as 3.40; null where clients did not say it.
    qgis: Option<String>,
    /// How many.
    count: Count,
}

/// Downloads from one country.
#[derive(Debug, Clone, SimpleObject)]
pub(crate) struct CountryDownloads {
    /// ISO 3166, two upper-case letters; null where it is not known.
    country: Option<String>,
    /// How many.
    count: Count,
}

impl DayDownloads {
    pub(crate) async fn of(
        asker: &Asker,
        plugin_id: u64,
        first: Option<Date>,
        last: Option<Date>,
    ) -> Result<Vec<Self>, Problem> {
        let today = asker.app.clock.now().date_naive();
        let (first, last) = days(first.map(|day| day.0), last.map(|day| day.0), today)?;
        let mut read = asker.snapshot.read().await?;
        let days = days_of_plugin(&mut read, plugin_id, first, last).await;
        let days = days.map_err(|fault| asker.store_fault(fault))?;
        Ok(days.into_iter().map(|it| Self { day: Date(it.day), count: Count(it.n) }).collect())
    }
}

impl QgisDownloads {
    pub(crate) async fn of(
        asker: &Asker,
        plugin_id: u64,
        first: NaiveDate,
        last: NaiveDate,
    ) -> Result<Vec<Self>, Problem> {
        let mut read = asker.snapshot.read().await?;
        let found = qgis_of_plugin(&mut read, plugin_id, first, last).await;
        Ok(Self::all(found.map_err(|fault| asker.store_fault(fault))?))
    }

    pub(crate) fn all(found: Vec<ByQgis>) -> Vec<Self> {
        let text = |qgis: cairn_domain::download::QgisRelease| format!("{}.{}", qgis.major, qgis.minor);
        found.into_iter().map(|it| Self { qgis: it.qgis.map(text), count: Count(it.n) }).collect()
    }
}

impl CountryDownloads {
    pub(crate) async fn of(
        asker: &Asker,
        plugin_id: u64,
        first: NaiveDate,
        last: NaiveDate,
    ) -> Result<Vec<Self>, Problem> {
        let mut read = asker.snapshot.read().await?;
        let found = countries_of_plugin(&mut read, plugin_id, first, last).await;
        Ok(Self::all(found.map_err(|fault| asker.store_fault(fault))?))
    }

    pub(crate) fn all(found: Vec<ByCountry>) -> Vec<Self> {
        found.into_iter().map(|it| Self { country: it.country, count: Count(it.n) }).collect()
    }
}

/// The first and the last day that are meant.
fn days(
    first: Option<NaiveDate>,
    last: Option<NaiveDate>,
    today: NaiveDate,
) -> Result<(NaiveDate, NaiveDate), Refusal> {
    let last = last.unwrap_or(today);
    let beyond = || Refusal::invalid("firstDay", "is a day of the calendar");
    let default = || last.checked_sub_signed(TimeDelta::days(DAYS - 1)).ok_or_else(beyond);
    let first = first.map_or_else(default, Ok)?;
    if (last - first).num_days() >= DAYS_MAX {
        return Err(Refusal::invalid(
            "firstDay",
            format!("is at most {} days before the last", DAYS_MAX - 1),
        ));
    }
    Ok((first, last))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_year_at_most() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        let today = day("2026-03-01");
        assert_eq!(days(None, None, today), Ok((day("2026-01-31"), today)));
        assert_eq!(days(Some(day("2025-03-01")), None, today), Ok((day("2025-03-01"), today)));
        assert!(days(Some(day("2025-02-28")), None, today).is_err());
        assert!(days(None, Some(NaiveDate::MIN), today).is_err());
    }
}
