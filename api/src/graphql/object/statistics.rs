//! Numbers over time: of everything, and of one plugin.

use super::{CountryDownloads, PluginObject, QgisDownloads, VersionObject};
use crate::graphql::asked::{Asker, asker};
use crate::graphql::limits::{GraphqlLimits, STATEMENT, cost_of_list};
use crate::graphql::scalars::{Count, Date};
use crate::problem::Problem;
use async_graphql::{Context, Enum, Object, SimpleObject};
use cairn_domain::Refusal;
use cairn_projections::catalogue::{Totals, totals};
use cairn_projections::downloads;
use cairn_projections::people::{Deed, deeds};
use chrono::{Datelike as _, Months, NaiveDate, TimeDelta};
use std::collections::BTreeMap;

/// Months in which a plugin had an upload, if it is active.
const ACTIVE_MONTHS: u32 = 12;

/// What numbers are added up by.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Enum)]
pub(crate) enum StatisticsStep {
    /// By day in UTC.
    #[default]
    Day,
    /// By week, from Monday to Sunday.
    Week,
    /// By month of the calendar.
    Month,
}

/// The time that numbers are asked for, as a caller gave it.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct AskedSpan {
    /// The first day; 29 days, 25 weeks or 11 months before the last if left out.
    pub(crate) from: Option<Date>,
    /// The last day; today if left out.
    pub(crate) to: Option<Date>,
    /// By day if left out.
    pub(crate) by: Option<StatisticsStep>,
}

/// How many there were in a part of the time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, SimpleObject)]
pub(crate) struct CountInTime {
    /// The first day of the part.
    from: Date,
    /// Its last day.
    to: Date,
    /// How many.
    count: Count,
}

/// A plugin and how often it was downloaded in the time.
#[derive(Debug, Clone, SimpleObject)]
pub(crate) struct PluginDownloads {
    /// The plugin.
    plugin: PluginObject,
    /// How often.
    count: Count,
}

/// A public version and how often it was downloaded in the time.
#[derive(Debug, Clone, SimpleObject)]
pub(crate) struct PluginVersionDownloads {
    /// The plugin it is a version of.
    plugin: PluginObject,
    /// The version.
    version: VersionObject,
    /// How often.
    count: Count,
}

/// Downloads of one version.
#[derive(Debug, Clone, SimpleObject)]
pub(crate) struct VersionDownloads {
    /// The version number; null if the version was deleted.
    number: Option<String>,
    /// How many.
    count: Count,
}

/// Everything that visitors see, counted.
#[derive(Debug, Clone, Copy, SimpleObject)]
pub(crate) struct StatisticsTotals {
    /// The plugins that lists have.
    plugins: Count,
    /// Their public versions, yanked ones too.
    versions: Count,
    /// Downloads of all time, also of what was deleted since.
    downloads: Count,
    /// The accounts that registered the plugins.
    authors: Count,
    /// The plugins whose newest version on offer was uploaded in the last twelve months.
    active_plugins: Count,
}

/// Whole steps of time, one after the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Span {
    first: NaiveDate,
    last: NaiveDate,
    by: StatisticsStep,
}

impl Span {
    /// Reads what a caller asks for, within the limits.
    pub(crate) fn of(limits: &GraphqlLimits, asked: AskedSpan, today: NaiveDate) -> Result<Self, Refusal> {
        let AskedSpan { from, to, by } = asked;
        let by = by.unwrap_or_default();
        let beyond = |name| Refusal::invalid(name, "is a day between 1970 and 2200");
        let good = |day: NaiveDate| (1970..=2200).contains(&day.year());
        let to = to.map_or(today, |day| day.0);
        let default = match by {
            StatisticsStep::Day => to.checked_sub_signed(TimeDelta::days(29)),
            StatisticsStep::Week => to.checked_sub_signed(TimeDelta::weeks(25)),
            StatisticsStep::Month => to.checked_sub_months(Months::new(11)),
        };
        let from =
            from.map(|day| day.0).or(default).filter(|day| good(*day)).ok_or_else(|| beyond("from"))?;
        if !good(to) {
            return Err(beyond("to"));
        }
        if from > to {
            return Err(Refusal::invalid("from", "is not after `to`"));
        }
        let span = Self { first: begin(from, by), last: end(to, by), by };
        let (steps, most, words) = match by {
            StatisticsStep::Day => (span.days(), limits.statistics_days_max, "days"),
            StatisticsStep::Week => (span.days() / 7, limits.statistics_weeks_max, "weeks"),
            StatisticsStep::Month => (span.months(), limits.statistics_months_max, "months"),
        };
        if steps > i64::from(most) {
            let sentence = format!("and `to` are at most {most} {words} apart; ask by a longer step");
            return Err(Refusal::invalid("from", sentence));
        }
        Ok(span)
    }

    fn days(&self) -> i64 {
        (self.last - self.first).num_days() + 1
    }

    fn months(&self) -> i64 {
        let month = |day: NaiveDate| i64::from(day.year()) * 12 + i64::from(day.month0());
        month(self.last) - month(self.first) + 1
    }

    /// All steps of the span with what was counted in them; 0 where that is nothing.
    fn series(&self, counts: impl IntoIterator<Item = (NaiveDate, u64)>) -> Vec<CountInTime> {
        let mut steps: BTreeMap<NaiveDate, u64> = BTreeMap::new();
        let mut at = self.first;
        while at <= self.last {
            steps.insert(at, 0);
            let Some(next) = end(at, self.by).succ_opt() else { break };
            at = next;
        }
        for (day, n) in counts {
            if let Some(count) = steps.get_mut(&begin(day, self.by)) {
                *count += n;
            }
        }
        let step =
            |(first, n)| CountInTime { from: Date(first), to: Date(end(first, self.by)), count: Count(n) };
        steps.into_iter().map(step).collect()
    }
}

/// The first day of the step that a day is in.
fn begin(day: NaiveDate, by: StatisticsStep) -> NaiveDate {
    match by {
        StatisticsStep::Day => day,
        StatisticsStep::Week => day - TimeDelta::days(day.weekday().num_days_from_monday().into()),
        StatisticsStep::Month => day.with_day(1).expect("each month has a first day"),
    }
}

/// The last day of the step that a day is in.
fn end(day: NaiveDate, by: StatisticsStep) -> NaiveDate {
    match by {
        StatisticsStep::Day => day,
        StatisticsStep::Week => begin(day, by) + TimeDelta::days(6),
        StatisticsStep::Month => begin(day, by) + Months::new(1) - TimeDelta::days(1),
    }
}

/// The numbers of everything in a time.
#[derive(Debug, Clone, Copy)]
pub(crate) struct StatisticsObject(pub(crate) Span);

impl StatisticsObject {
    async fn deeds(&self, asker: &Asker, which: Deed) -> Result<Vec<CountInTime>, Problem> {
        let mut read = asker.snapshot.read().await?;
        let found = deeds(&mut read, self.0.first, self.0.last).await;
        let found = found.map_err(|fault| asker.store_fault(fault))?;
        let of_it = found.into_iter().filter(|it| it.deed == which);
        Ok(self.0.series(of_it.map(|it| (it.day, it.n))))
    }
}

/// The numbers of everything in a time. Series have each step of it; those in which nothing was counted have 0.
#[Object(name = "Statistics")]
impl StatisticsObject {
    /// The first day.
    async fn from(&self) -> Date {
        Date(self.0.first)
    }

    /// The last day; it may be to come.
    async fn to(&self) -> Date {
        Date(self.0.last)
    }

    /// What series are added up by.
    async fn by(&self) -> StatisticsStep {
        self.0.by
    }

    /// Downloads step by step.
    #[graphql(complexity = "STATEMENT + child_complexity")]
    async fn downloads(&self, context: &Context<'_>) -> Result<Vec<CountInTime>, Problem> {
        let asker = asker(context);
        let mut read = asker.snapshot.read().await?;
        let days = downloads::days_of_all(&mut read, self.0.first, self.0.last).await;
        let days = days.map_err(|fault| asker.store_fault(fault))?;
        Ok(self.0.series(days.into_iter().map(|it| (it.day, it.n))))
    }

    /// Downloads in the time by QGIS version, the oldest first.
    #[graphql(complexity = "STATEMENT + child_complexity")]
    async fn downloads_by_qgis(&self, context: &Context<'_>) -> Result<Vec<QgisDownloads>, Problem> {
        let asker = asker(context);
        let mut read = asker.snapshot.read().await?;
        let found = downloads::qgis_of_all(&mut read, self.0.first, self.0.last).await;
        Ok(QgisDownloads::all(found.map_err(|fault| asker.store_fault(fault))?))
    }

    /// Downloads in the time by country, most first.
    #[graphql(complexity = "STATEMENT + child_complexity")]
    async fn downloads_by_country(&self, context: &Context<'_>) -> Result<Vec<CountryDownloads>, Problem> {
        let asker = asker(context);
        let mut read = asker.snapshot.read().await?;
        let found = downloads::countries_of_all(&mut read, self.0.first, self.0.last).await;
        Ok(CountryDownloads::all(found.map_err(|fault| asker.store_fault(fault))?))
    }

    /// The plugins that were downloaded most in the time, of those that lists have.
    #[graphql(complexity = "2 * STATEMENT + cost_of_list(first, child_complexity)")]
    async fn top_plugins(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "How many, 1 to 100; 20 if left out.")] first: Option<i32>,
    ) -> Result<Vec<PluginDownloads>, Problem> {
        let asker = asker(context);
        let first = asker.limits().page_size(first)?;
        let top = {
            let mut read = asker.snapshot.read().await?;
            downloads::top_plugins(&mut read, self.0.first, self.0.last, first).await
        };
        let top = top.map_err(|fault| asker.store_fault(fault))?;
        let plugins = futures_util::future::try_join_all(top.iter().map(|(id, _)| asker.loaders.plugin(*id)));
        let plugins = plugins.await?.into_iter().zip(top);
        let told =
            |(plugin, (_, n))| Some(PluginDownloads { plugin: PluginObject(plugin?), count: Count(n) });
        Ok(plugins.filter_map(told).collect())
    }

    /// The public versions that were downloaded most in the time: those of the 2,000 plugins that were downloaded most.
    #[graphql(complexity = "3 * STATEMENT + cost_of_list(first, child_complexity)")]
    async fn top_versions(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "How many, 1 to 100; 20 if left out.")] first: Option<i32>,
    ) -> Result<Vec<PluginVersionDownloads>, Problem> {
        let asker = asker(context);
        let first = asker.limits().page_size(first)?;
        let top = {
            let mut read = asker.snapshot.read().await?;
            downloads::top_versions(&mut read, self.0.first, self.0.last, first).await
        };
        let top = top.map_err(|fault| asker.store_fault(fault))?;
        let told = top.into_iter().map(|(id, n)| async move {
            let Some(version) = asker.loaders.version(id).await? else { return Ok(None) };
            let plugin = asker.loaders.plugin(version.plugin_id).await?;
            let (version, count) = (VersionObject(version), Count(n));
            Ok(plugin.map(|it| PluginVersionDownloads { plugin: PluginObject(it), version, count }))
        });
        let told: Result<Vec<_>, Problem> = futures_util::future::try_join_all(told).await;
        Ok(told?.into_iter().flatten().collect())
    }

    /// Files that came, step by step: versions that were uploaded, and replaced before they were public.
    #[graphql(complexity = "STATEMENT + child_complexity")]
    async fn uploads(&self, context: &Context<'_>) -> Result<Vec<CountInTime>, Problem> {
        self.deeds(asker(context), Deed::Upload).await
    }

    /// Versions that were approved, step by step.
    #[graphql(complexity = "STATEMENT + child_complexity")]
    async fn approvals(&self, context: &Context<'_>) -> Result<Vec<CountInTime>, Problem> {
        self.deeds(asker(context), Deed::Approval).await
    }

    /// Plugins that were registered, step by step.
    #[graphql(complexity = "STATEMENT + child_complexity")]
    async fn new_plugins(&self, context: &Context<'_>) -> Result<Vec<CountInTime>, Problem> {
        self.deeds(asker(context), Deed::Plugin).await
    }

    /// Accounts that were made, step by step.
    #[graphql(complexity = "STATEMENT + child_complexity")]
    async fn new_accounts(&self, context: &Context<'_>) -> Result<Vec<CountInTime>, Problem> {
        self.deeds(asker(context), Deed::Account).await
    }

    /// Everything that visitors see now, whatever the time that is asked for.
    #[graphql(complexity = "2 * STATEMENT + child_complexity")]
    async fn totals(&self, context: &Context<'_>) -> Result<StatisticsTotals, Problem> {
        let asker = asker(context);
        let now = asker.app.clock.now();
        let active_since = now.checked_sub_months(Months::new(ACTIVE_MONTHS)).unwrap_or(now);
        let mut read = asker.snapshot.read().await?;
        let counted = totals(&mut read, active_since).await;
        let Totals { plugins, versions, authors, active } =
            counted.map_err(|fault| asker.store_fault(fault))?;
        let downloads = downloads::all_downloads(&mut read).await;
        Ok(StatisticsTotals {
            plugins: Count(plugins),
            versions: Count(versions),
            downloads: Count(downloads.map_err(|fault| asker.store_fault(fault))?),
            authors: Count(authors),
            active_plugins: Count(active),
        })
    }
}

/// The numbers of one plugin in a time.
#[derive(Debug, Clone, Copy)]
pub(crate) struct PluginStatisticsObject {
    pub(crate) plugin_id: u64,
    pub(crate) span: Span,
}

/// The numbers of one plugin in a time. Series have each step of it; those in which nothing was counted have 0.
#[Object(name = "PluginStatistics")]
impl PluginStatisticsObject {
    /// The first day.
    async fn from(&self) -> Date {
        Date(self.span.first)
    }

    /// The last day; it may be to come.
    async fn to(&self) -> Date {
        Date(self.span.last)
    }

    /// What series are added up by.
    async fn by(&self) -> StatisticsStep {
        self.span.by
    }

    /// Downloads step by step.
    #[graphql(complexity = "STATEMENT + child_complexity")]
    async fn downloads(&self, context: &Context<'_>) -> Result<Vec<CountInTime>, Problem> {
        let asker = asker(context);
        let mut read = asker.snapshot.read().await?;
        let days =
            downloads::days_of_plugin(&mut read, self.plugin_id, self.span.first, self.span.last).await;
        let days = days.map_err(|fault| asker.store_fault(fault))?;
        Ok(self.span.series(days.into_iter().map(|it| (it.day, it.n))))
    }

    /// Downloads by QGIS version, the oldest first: in all of the months that the time touches.
    #[graphql(complexity = "STATEMENT + child_complexity")]
    async fn downloads_by_qgis(&self, context: &Context<'_>) -> Result<Vec<QgisDownloads>, Problem> {
        QgisDownloads::of(asker(context), self.plugin_id, self.span.first, self.span.last).await
    }

    /// Downloads by country, most first: in all of the months that the time touches.
    #[graphql(complexity = "STATEMENT + child_complexity")]
    async fn downloads_by_country(&self, context: &Context<'_>) -> Result<Vec<CountryDownloads>, Problem> {
        CountryDownloads::of(asker(context), self.plugin_id, self.span.first, self.span.last).await
    }

    /// Downloads in the time by version, most first, those of deleted versions too. At most 200 versions.
    #[graphql(complexity = "STATEMENT + 10 * child_complexity")]
    async fn downloads_by_version(&self, context: &Context<'_>) -> Result<Vec<VersionDownloads>, Problem> {
        let asker = asker(context);
        let (first, last) = (self.span.first, self.span.last);
        // Numbers of versions that wait are for those who may see them.
        let reviews = asker.reviews(self.plugin_id).await?;
        let all = asker.loaders.versions(self.plugin_id).await?;
        let mut read = asker.snapshot.read().await?;
        let found = downloads::versions_of_plugin(&mut read, self.plugin_id, first, last).await;
        let found = found.map_err(|fault| asker.store_fault(fault))?;
        let seen = |id| reviews || all.iter().any(|version| version.id == id && version.approved);
        let told = |it: downloads::ByVersion| VersionDownloads {
            number: it.version.filter(|_| seen(it.version_id)).map(|number| number.to_string()),
            count: Count(it.n),
        };
        Ok(found.into_iter().take(VERSIONS_MAX).map(told).collect())
    }
}

/// Versions of one plugin that are told.
const VERSIONS_MAX: usize = 200;

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn span(from: Option<&str>, to: Option<&str>, by: StatisticsStep) -> Result<(String, String), String> {
        let date = |text: Option<&str>| text.map(|text| Date(day(text)));
        let asked = AskedSpan { from: date(from), to: date(to), by: Some(by) };
        let span = Span::of(&GraphqlLimits::default(), asked, day("2026-03-04"));
        span.map(|span| (span.first.to_string(), span.last.to_string())).map_err(|no| no.to_string())
    }

    #[test]
    fn a_span_is_whole_days_weeks_or_months() {
        let whole = |first: &str, last: &str| Ok((first.to_owned(), last.to_owned()));
        assert_eq!(span(None, None, StatisticsStep::Day), whole("2026-02-03", "2026-03-04"));
        assert_eq!(span(None, None, StatisticsStep::Month), whole("2025-04-01", "2026-03-31"));
        let (from, to) = (Some("2026-02-25"), Some("2026-03-04"));
        assert_eq!(span(from, to, StatisticsStep::Week), whole("2026-02-23", "2026-03-08"));
        assert_eq!(span(from, to, StatisticsStep::Month), whole("2026-02-01", "2026-03-31"));
    }

    #[test]
    fn a_span_is_no_longer_than_its_step_allows() {
        for (first, beyond, by) in [
            ("2025-03-04", "2025-03-03", StatisticsStep::Day),
            ("2023-03-06", "2023-03-05", StatisticsStep::Week),
            ("2016-04-01", "2016-03-31", StatisticsStep::Month),
        ] {
            assert!(span(Some(first), None, by).is_ok(), "{first}");
            let refused = span(Some(beyond), None, by).unwrap_err();
            assert!(refused.contains("ask by a longer step"), "{refused}");
        }
    }

    #[test]
    fn days_that_cannot_be_are_refused() {
        assert!(span(Some("2026-03-05"), None, StatisticsStep::Day).unwrap_err().contains("not after"));
        for (from, to) in [(Some("1969-12-31"), Some("1970-01-05")), (None, Some("2201-01-01"))] {
            assert!(span(from, to, StatisticsStep::Day).unwrap_err().contains("between 1970 and 2200"));
        }
        for far in [NaiveDate::MIN, NaiveDate::MAX] {
            let asked = AskedSpan { to: Some(Date(far)), ..AskedSpan::default() };
            assert!(Span::of(&GraphqlLimits::default(), asked, day("2026-03-04")).is_err());
        }
    }

    #[test]
    fn each_step_is_told_also_when_nothing_was() {
        let asked = AskedSpan {
            from: Some(Date(day("2026-01-15"))),
            to: Some(Date(day("2026-03-04"))),
            by: Some(StatisticsStep::Month),
        };
        let span = Span::of(&GraphqlLimits::default(), asked, day("2026-03-04")).unwrap();
        let counts = [("2026-01-31", 2), ("2026-03-01", 3), ("2026-03-31", 4), ("2026-04-01", 9)];
        let series = span.series(counts.map(|(at, n)| (day(at), n)));
        let told: Vec<_> = series.iter().map(|it| (it.from.0.to_string(), it.count.0)).collect();
        let expected = [("2026-01-01".into(), 2), ("2026-02-01".into(), 0), ("2026-03-01".into(), 7)];
        assert_eq!(told, expected);
        assert_eq!(series[1].to.0, day("2026-02-28"));
    }
}
