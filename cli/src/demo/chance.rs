//! Numbers that look like chance and are the same each time.

/// A stream of numbers from a seed (SplitMix64).
#[derive(Debug, Clone)]
pub(super) struct Chance(u64);

impl Chance {
    /// The stream of a text: what is about one plugin does not change when another is added before it.
    pub(super) fn of(seed: u64, text: &str) -> Self {
        let hash = text.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        });
        Self(seed ^ hash)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// 0 up to, but not, `n`, which is above 0.
    pub(super) fn below(&mut self, n: usize) -> usize {
        usize::try_from(self.next() % n as u64).expect("it is below a usize")
    }

    /// From `low` to `high`, both possible.
    pub(super) fn between(&mut self, low: i64, high: i64) -> i64 {
        low + i64::try_from(self.below(usize::try_from(high - low + 1).expect("low is not above high")))
            .expect("it is below an i64")
    }

    /// 0 up to, but not, 1.
    pub(super) fn fraction(&mut self) -> f64 {
        f64::from(u32::try_from(self.next() >> 32).expect("32 bits are left")) / 4_294_967_296.0
    }

    /// True so often of a hundred times.
    pub(super) fn percent(&mut self, often: usize) -> bool {
        self.below(100) < often
    }

    /// One of these.
    pub(super) fn pick<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[self.below(of.len())]
    }

    /// So many of these, each once, in their order.
    pub(super) fn some<'a, T>(&mut self, of: &'a [T], n: usize) -> Vec<&'a T> {
        let mut left = n.min(of.len());
        let mut chosen = Vec::with_capacity(left);
        for (at, one) in of.iter().enumerate() {
            if left > 0 && self.below(of.len() - at) < left {
                chosen.push(one);
                left -= 1;
            }
        }
        chosen
    }

    /// The place of one of these, the more often the greater its weight.
    pub(super) fn weighted(&mut self, weights: &[f64]) -> usize {
        let mut at = self.fraction() * weights.iter().sum::<f64>();
        for (place, weight) in weights.iter().enumerate() {
            at -= weight;
            if at < 0.0 {
                return place;
            }
        }
        weights.len() - 1
    }

    /// 32 bytes, as a stand-in for a key.
    pub(super) fn bytes(&mut self) -> [u8; 32] {
        let mut bytes = [0; 32];
        for eight in bytes.chunks_mut(8) {
            eight.copy_from_slice(&self.next().to_be_bytes());
        }
        bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_text_gives_the_same_numbers_and_another_gives_others() {
        let draw = |seed, text| {
            let mut chance = Chance::of(seed, text);
            (0..5).map(|_| chance.below(1_000_000)).collect::<Vec<_>>()
        };
        assert_eq!(draw(1, "lasso"), draw(1, "lasso"));
        assert_ne!(draw(1, "lasso"), draw(2, "lasso"));
        assert_ne!(draw(1, "lasso"), draw(1, "loom"));
    }

    #[test]
    fn what_is_drawn_lies_within_its_bounds() {
        let mut chance = Chance::of(7, "bounds");
        for _ in 0..2_000 {
            assert!((-3..=4).contains(&chance.between(-3, 4)));
            assert!((0.0..1.0).contains(&chance.fraction()));
            assert_ne!(chance.weighted(&[1.0, 0.0, 3.0]), 1);
        }
        assert_eq!(chance.some(&[1, 2, 3, 4], 2).len(), 2);
        assert_eq!(chance.some(&[1, 2], 9), [&1, &2]);
    }
}
