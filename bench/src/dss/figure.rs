//! Figures beside their goals, and the median of several runs. Does not know what was measured.

use crate::table::{count, seconds, three_digits};
use serde::Serialize;

/// What a number counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// Things.
    Count,
    /// Things a second.
    PerSecond,
    /// Seconds.
    Seconds,
    /// Bytes.
    Bytes,
    /// Parts of one.
    Share,
}

/// What is expected of a number.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Goal {
    /// At least so much.
    AtLeast(f64),
    /// At most so much.
    AtMost(f64),
}

/// A number of one run, or the median of several.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Figure {
    /// What it says.
    pub what: String,
    /// What it counts.
    pub unit: Unit,
    /// The number.
    pub measured: f64,
    /// The smallest and the largest of the runs.
    pub range: [f64; 2],
    /// What is expected; `None` where no goal was set.
    pub goal: Option<Goal>,
    /// What was wrong, if anything.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub remark: Option<String>,
}

impl Figure {
    /// A number of one run, without a goal.
    pub fn new(what: impl Into<String>, unit: Unit, measured: f64) -> Self {
        Self { what: what.into(), unit, measured, range: [measured; 2], goal: None, remark: None }
    }

    /// With this goal.
    #[must_use]
    pub fn goal(self, goal: Goal) -> Self {
        Self { goal: Some(goal), ..self }
    }

    /// Whether the goal is met; `None` without a goal.
    pub fn is_met(&self) -> Option<bool> {
        Some(match self.goal? {
            Goal::AtLeast(goal) => self.measured >= goal,
            Goal::AtMost(goal) => self.measured <= goal,
        })
    }

    /// The number as people read it.
    pub fn text(&self, number: f64) -> String {
        match self.unit {
            Unit::Count => count(number.round() as u64),
            Unit::PerSecond => format!("{} /s", count(number.round() as u64)),
            Unit::Seconds => seconds(number),
            Unit::Bytes if number < 100e3 => format!("{} B", count(number.round() as u64)),
            Unit::Bytes => format!("{} MB", three_digits(number / 1e6)),
            Unit::Share => format!("{} %", three_digits(number * 100.0)),
        }
    }
}

/// The medians of several runs that measured the same; of an even number the lower one of the two.
///
/// # Panics
/// There is no run, or they did not measure the same.
pub fn medians(runs: &[Vec<Figure>]) -> Vec<Figure> {
    let [first, others @ ..] = runs else { panic!("at least one run counts") };
    let is_same = |run: &Vec<Figure>| run.iter().map(|figure| &figure.what).eq(first.iter().map(|figure| &figure.what));
    assert!(others.iter().all(is_same), "every run measures the same");
    (0..first.len()).map(|index| median(&runs.iter().map(|run| &run[index]).collect::<Vec<_>>())).collect()
}

fn median(runs: &[&Figure]) -> Figure {
    let numbers = |number: &dyn Fn(&Figure) -> f64| {
        let mut numbers: Vec<f64> = runs.iter().map(|figure| number(figure)).collect();
        numbers.sort_by(f64::total_cmp);
        numbers
    };
    let middle = |numbers: &[f64]| numbers[(numbers.len() - 1) / 2];
    let measured = numbers(&|figure| figure.measured);
    let goals = numbers(&|figure| match figure.goal {
        Some(Goal::AtLeast(goal) | Goal::AtMost(goal)) => goal,
        None => f64::NAN,
    });
    let goal = runs[0].goal.map(|goal| match goal {
        Goal::AtLeast(_) => Goal::AtLeast(middle(&goals)),
        Goal::AtMost(_) => Goal::AtMost(middle(&goals)),
    });
    let remark = runs.iter().find_map(|figure| figure.remark.clone());
    let range = [measured[0], measured[measured.len() - 1]];
    Figure { what: runs[0].what.clone(), unit: runs[0].unit, measured: middle(&measured), range, goal, remark }
}

#[cfg(test)]
mod tests {
    use super::{Figure, Goal, Unit, medians};

    #[test]
    fn the_median_of_runs_has_the_median_goal() {
        let run = |s: f64, goal: f64| vec![Figure::new("p99", Unit::Seconds, s).goal(Goal::AtMost(goal))];
        let figures = medians(&[run(3.0, 5.0), run(1.0, 9.0), run(2.0, 1.0)]);
        let expected = Figure { range: [1.0, 3.0], ..Figure::new("p99", Unit::Seconds, 2.0) };
        assert_eq!(figures, [expected.goal(Goal::AtMost(5.0))]);
        assert_eq!(figures[0].is_met(), Some(true));
    }

    #[test]
    fn goals_are_floors_or_ceilings() {
        let figure = |goal| Figure::new("x", Unit::Count, 10.0).goal(goal).is_met();
        let goals = [Goal::AtLeast(10.0), Goal::AtLeast(11.0), Goal::AtMost(10.0), Goal::AtMost(9.0)];
        assert_eq!(goals.map(figure), [Some(true), Some(false), Some(true), Some(false)]);
        assert_eq!(Figure::new("x", Unit::Count, 10.0).is_met(), None);
    }

    #[test]
    fn figures_read_well() {
        let text = |unit, number| Figure::new("x", unit, 0.0).text(number);
        let texts = [
            text(Unit::Count, 12_345.0),
            text(Unit::PerSecond, 2_500.4),
            text(Unit::Seconds, 0.0123),
            text(Unit::Bytes, 1_984.0),
            text(Unit::Bytes, 1.5e9),
            text(Unit::Share, 0.5),
        ];
        assert_eq!(texts, ["12,345", "2,500 /s", "12.3 ms", "1,984 B", "1500 MB", "50.0 %"]);
    }
}
