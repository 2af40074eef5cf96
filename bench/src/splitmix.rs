//! Counter-based random numbers: the k-th number of the i-th thing is a function of seed, i and k alone.
//!
//! So a set can be made in pieces, in any order and on any number of threads, and a larger set begins with the smaller one.
//! Does not know what the numbers are for.

/// Numbers of one thing, in order.
#[derive(Clone, Debug)]
pub struct Draws {
    base: u64,
    next: u64,
}

/// Most numbers that one thing may draw: with more it would share numbers with the next thing.
pub const DRAWS_MAX: u64 = 1024;

impl Draws {
    /// The numbers of thing `i` under `seed`, from the first on.
    pub const fn of(seed: u64, i: u64) -> Self {
        Self { base: seed.wrapping_mul(0x9E37_79B9_7F4A_7C15).wrapping_add(i.wrapping_mul(DRAWS_MAX)), next: 0 }
    }

    /// Goes on with number `k`.
    pub const fn skip_to(&mut self, k: u64) {
        self.next = k;
    }

    /// The next number, uniform in 0 (included) to 1 (excluded), a multiple of 2⁻⁵³.
    pub fn unit(&mut self) -> f64 {
        assert!(self.next < DRAWS_MAX, "a thing draws at most {DRAWS_MAX} numbers");
        let bits = splitmix(self.base.wrapping_add(self.next));
        self.next += 1;
        (bits >> 11) as f64 / 9_007_199_254_740_992.0
    }

    /// The next number, uniform in `from` (included) to `to` (excluded).
    pub fn between(&mut self, from: f64, to: f64) -> f64 {
        from + self.unit() * (to - from)
    }

    /// A unit vector, by a rational parametrisation: no sine, so that every machine has the same bits.
    ///
    /// Draws two numbers. The directions are not quite uniform within a quadrant.
    pub fn direction(&mut self) -> [f64; 2] {
        let quadrant = self.unit();
        let t = self.unit();
        unit_vector(quadrant * 4.0, t)
    }
}

/// The unit vector in `quadrant` (0 to 4, rounded down) at `t` (0 to 1, ascending with the angle).
pub fn unit_vector(quadrant: f64, t: f64) -> [f64; 2] {
    let c = (1.0 - t * t) / (1.0 + t * t);
    let s = (2.0 * t) / (1.0 + t * t);
    if quadrant < 1.0 {
        [c, s]
    } else if quadrant < 2.0 {
        [-s, c]
    } else if quadrant < 3.0 {
        [-c, -s]
    } else {
        [s, -c]
    }
}

/// Sebastiano Vigna's SplitMix64 (public domain): the output for the state `x`.
const fn splitmix(x: u64) -> u64 {
    let z = x.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}
