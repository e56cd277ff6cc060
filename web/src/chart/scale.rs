//! From numbers to places on a drawing, in whole numbers throughout: the same chart is the same text everywhere.

/// A whole axis, in the parts that places on it are counted in.
pub(super) const WHOLE: u64 = 10_000;

/// The marks of an axis that begins at 0: its last one is not below the largest number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Axis {
    /// The number at the end of the axis; at least 1.
    pub(super) top: u128,
    /// The numbers that are named, 0 and `top` among them.
    pub(super) ticks: Vec<u128>,
}

/// The most steps between 0 and the end.
const STEPS_MAX: u128 = 4;

impl Axis {
    /// An axis for numbers up to `most`, with steps of 1, 2 or 5 times a power of ten.
    pub(super) fn to(most: u64) -> Self {
        let most = u128::from(most.max(1));
        let mut power = 1;
        let step = loop {
            let fits = [1, 2, 5].into_iter().map(|n| n * power).find(|step| step * STEPS_MAX >= most);
            match fits {
                Some(step) => break step,
                None => power *= 10,
            }
        };
        let steps = most.div_ceil(step);
        Self { top: steps * step, ticks: (0..=steps).map(|n| n * step).collect() }
    }

    /// Where a number lies, from 0 to [`WHOLE`].
    pub(super) fn place(&self, n: u128) -> u64 {
        u64::try_from(n * u128::from(WHOLE) / self.top).map_or(WHOLE, |place| place.min(WHOLE))
    }
}

/// A place as a percentage, for attributes.
pub(super) fn percent(place: u64) -> String {
    format!("{}.{:02}%", place / 100, place % 100)
}

/// Where the one at `index` of `count` stands: the first and the last at the ends, one alone in the middle.
pub(super) fn along(index: usize, count: usize) -> u64 {
    match count {
        0 | 1 => WHOLE / 2,
        _ => u64::try_from(index).unwrap_or(0) * WHOLE / u64::try_from(count - 1).unwrap_or(1),
    }
}

/// A number of an axis, short: `500`, `20k`, `1.5M`.
pub(super) fn short(n: u128) -> String {
    const UNITS: [(u128, &str); 4] =
        [(1_000_000_000_000_000, "P"), (1_000_000_000, "G"), (1_000_000, "M"), (1_000, "k")];
    let Some((unit, sign)) = UNITS.into_iter().find(|(unit, _)| n >= *unit) else { return n.to_string() };
    let tenths = n / (unit / 10);
    if tenths.is_multiple_of(10) || tenths >= 1_000 {
        format!("{}{sign}", tenths / 10)
    } else {
        format!("{}.{}{sign}", tenths / 10, tenths % 10)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_axis_has_round_marks_and_room_for_the_largest() {
        for (most, ticks) in [
            (0, vec![0, 1]),
            (1, vec![0, 1]),
            (4, vec![0, 1, 2, 3, 4]),
            (5, vec![0, 2, 4, 6]),
            (7, vec![0, 2, 4, 6, 8]),
            (99, vec![0, 50, 100]),
            (1_234, vec![0, 500, 1_000, 1_500]),
        ] {
            assert_eq!(Axis::to(most).ticks, ticks, "{most}");
        }
        for most in (0..5_000).chain([u64::MAX - 1, u64::MAX]) {
            let axis = Axis::to(most);
            assert!(axis.top >= u128::from(most) && axis.ticks.last() == Some(&axis.top), "{most}");
            assert!(axis.ticks.len() <= 5, "{most}: {axis:?}");
        }
    }

    #[test]
    fn places_stay_on_the_axis() {
        let axis = Axis::to(u64::MAX);
        assert_eq!(axis.place(0), 0);
        assert!(axis.place(u128::from(u64::MAX)) <= WHOLE);
        assert_eq!(Axis::to(100).place(50), WHOLE / 2);
        assert_eq!((along(0, 1), along(0, 3), along(1, 3), along(2, 3)), (5_000, 0, 5_000, 10_000));
        assert_eq!(percent(along(1, 4)), "33.33%");
    }

    #[test]
    fn marks_are_short() {
        for (n, text) in
            [(0, "0"), (999, "999"), (1_000, "1k"), (1_500, "1.5k"), (200_000, "200k"), (2_500_000, "2.5M")]
        {
            assert_eq!(short(n), text);
        }
        assert_eq!(short(20_000_000_000_000_000_000), "20000P");
    }
}
