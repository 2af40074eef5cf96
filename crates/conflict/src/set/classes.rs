//! Minima by pair of classes. Does not know what a class stands for.

use crate::Minima;

/// The minima between any two classes of volumes; symmetric.
#[derive(Clone, Debug, PartialEq)]
pub struct ClassMinima {
    classes: usize,
    /// Row by row.
    minima: Vec<Minima>,
}

impl ClassMinima {
    /// Zero minima between all classes: what touches conflicts, and nothing else.
    pub fn none() -> Self {
        Self { classes: 1, minima: vec![Minima::default()] }
    }

    /// `between(a, b)` for every two of `classes` classes, asked with `a` at most `b`.
    pub fn new(classes: u8, between: impl Fn(u8, u8) -> Minima) -> Self {
        let all = || 0..classes.max(1);
        let minima = all().flat_map(|a| all().map(move |b| (a.min(b), a.max(b)))).map(|(a, b)| between(a, b)).collect();
        Self { classes: usize::from(classes.max(1)), minima }
    }

    /// The minima between two classes; a class that was not declared has those of the last.
    pub fn between(&self, a: u8, b: u8) -> Minima {
        let row = |class: u8| usize::from(class).min(self.classes - 1);
        self.minima[row(a) * self.classes + row(b)]
    }

    /// Whether nothing but touching counts, whatever the classes.
    pub fn is_none(&self) -> bool {
        self.minima.iter().all(|m| m.lateral_m <= 0.0 && m.vertical_um <= 0 && m.time_ns <= 0)
    }

    /// Half of the largest minima that a class has with any other: boxes grown by it meet if the volumes are too close.
    pub(crate) fn halves(&self, class: u8) -> Minima {
        let others = (0..self.classes).map(|other| self.between(class, u8::try_from(other).expect("at most 256 classes")));
        let widest = others.fold(Minima::default(), |widest, m| Minima {
            lateral_m: widest.lateral_m.max(m.lateral_m),
            vertical_um: widest.vertical_um.max(m.vertical_um),
            time_ns: widest.time_ns.max(m.time_ns),
        });
        Minima {
            lateral_m: widest.lateral_m / 2.0,
            vertical_um: widest.vertical_um.midpoint(1),
            time_ns: widest.time_ns.midpoint(1),
        }
    }
}
