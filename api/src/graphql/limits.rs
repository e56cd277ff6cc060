//! Limits on what one GraphQL request may ask for, each tested at its edge and one past it.

use cairn_domain::Refusal;

/// Limits on a request, besides those on the bytes of its body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GraphqlLimits {
    /// Fields below each other. The standard introspection query has 15.
    pub depth_max: usize,
    /// The cost of all fields; a list costs its length times its content, and what needs a statement of its own costs
    /// [`STATEMENT`].
    pub complexity_max: usize,
    /// Selections below each other, with fragments counted.
    pub nesting_max: usize,
    /// Directives on one field.
    pub directives_max: usize,
    /// Fields of a document once all fragments are put in their places: checks walk through all of them.
    pub fields_max: usize,
    /// Items on a page of any list.
    pub page_size_max: u32,
    /// Events that are looked at for one page, whether they match or not.
    pub events_scanned_max: u32,
    /// Days that statistics tell day by day: a leap year.
    pub statistics_days_max: u32,
    /// Weeks that they tell week by week: three years, and the weeks at both ends.
    pub statistics_weeks_max: u32,
    /// Months that they tell month by month: ten years.
    pub statistics_months_max: u32,
    /// Files of a package, or of what changed between two, that are told; the others are counted.
    pub files_told_max: usize,
    /// Events of one plugin's history that are looked at.
    pub history_events_max: usize,
    /// Characters of an error message; longer ones are cut, as they may repeat what the caller sent.
    pub message_chars_max: usize,
}

/// What a field costs that asks the database by itself.
pub(crate) const STATEMENT: usize = 50;

/// What a deed costs.
pub(crate) const DEED: usize = 200;

impl Default for GraphqlLimits {
    fn default() -> Self {
        Self {
            depth_max: 15,
            complexity_max: 10_000,
            nesting_max: 24,
            directives_max: 4,
            fields_max: 2_000,
            page_size_max: 100,
            events_scanned_max: 5_000,
            statistics_days_max: 366,
            statistics_weeks_max: 157,
            statistics_months_max: 120,
            files_told_max: 2_000,
            history_events_max: 10_000,
            message_chars_max: 400,
        }
    }
}

impl GraphqlLimits {
    /// How many items a page gets: what was asked for, or 20.
    pub(crate) fn page_size(&self, first: Option<i32>) -> Result<u32, Refusal> {
        self.page_size_of("first", first)
    }

    /// The same for an argument of this name.
    pub(crate) fn page_size_of(&self, name: &'static str, items: Option<i32>) -> Result<u32, Refusal> {
        let Some(items) = items else { return Ok(PAGE_SIZE) };
        let good = u32::try_from(items).ok().filter(|items| (1..=self.page_size_max).contains(items));
        good.ok_or_else(|| Refusal::invalid(name, format!("is 1 to {}", self.page_size_max)))
    }
}

/// Items on a page when the caller does not say.
pub(crate) const PAGE_SIZE: u32 = 20;

/// The cost of a list of which `first` items are asked for. What is out of bounds is refused later and costs one item here.
pub(crate) fn cost_of_list(first: Option<i32>, each: usize) -> usize {
    let first = first.map_or(Some(PAGE_SIZE), |first| u32::try_from(first).ok()).unwrap_or(1);
    STATEMENT.saturating_add((first as usize).saturating_mul(each))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_has_one_to_a_hundred_items() {
        let limits = GraphqlLimits::default();
        assert_eq!(limits.page_size(None), Ok(20));
        assert_eq!(limits.page_size(Some(1)), Ok(1));
        assert_eq!(limits.page_size(Some(100)), Ok(100));
        for bad in [0, 101, -1, i32::MAX] {
            assert!(limits.page_size(Some(bad)).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_list_costs_its_length_times_its_content() {
        assert_eq!(cost_of_list(Some(100), 7), 50 + 700);
        assert_eq!(cost_of_list(None, 7), 50 + 140);
        assert_eq!(cost_of_list(Some(-1), 7), 50 + 7);
        assert_eq!(cost_of_list(Some(i32::MAX), usize::MAX), usize::MAX);
    }
}
