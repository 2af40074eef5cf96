//! Numbers by chance: SplitMix64 of Sebastiano Vigna (public domain).

use deconflict_registry::Time;
use std::collections::BTreeMap;

pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    pub fn wide(&mut self) -> u128 {
        u128::from(self.next()) << 64 | u128::from(self.next())
    }

    pub fn below(&mut self, limit: u64) -> u64 {
        self.next() % limit
    }

    /// Both ends belong to it.
    pub fn between(&mut self, first: i64, last: i64) -> i64 {
        first + self.below((last - first) as u64 + 1) as i64
    }

    pub fn one_in(&mut self, chances: u64) -> bool {
        self.below(chances) == 0
    }

    pub fn index(&mut self, count: usize) -> usize {
        self.below(count as u64) as usize
    }

    pub fn one_of<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        &items[self.index(items.len())]
    }

    /// A key of `map`: of three, the one that ends last, so that what is alive is chosen more often. None if there is none,
    /// and now and then although there are some.
    pub fn key_near_end<K: Copy, V>(&mut self, map: &BTreeMap<K, V>, end: impl Fn(&V) -> Time) -> Option<K> {
        if map.is_empty() || self.one_in(40) {
            return None;
        }
        let three = [(); 3].map(|()| map.iter().nth(self.index(map.len())).expect("the index is below the length"));
        three.into_iter().max_by_key(|(_, value)| end(value)).map(|(key, _)| *key)
    }
}
