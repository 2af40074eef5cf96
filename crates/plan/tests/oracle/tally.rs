//! What was compared, what the oracle could not decide, and what was wrong.

use deconflict_spacetime::Time;

/// The count over all trials of a scenario.
#[derive(Default)]
pub struct Tally {
    /// The trial at hand.
    pub seed: u64,
    compared: usize,
    yes: usize,
    undecided: Vec<String>,
    wrong: Vec<String>,
}

impl Tally {
    /// The program's yes or no against the oracle's, which may not know.
    pub fn decision(&mut self, what: &str, program: bool, oracle: Option<bool>) {
        self.compared += 1;
        match oracle {
            None => self.undecided.push(format!("seed {}: {what}", self.seed)),
            Some(oracle) if oracle != program => {
                self.wrong.push(format!("seed {}: {what}: the program says {program}, the oracle {oracle}", self.seed));
            }
            Some(oracle) => self.yes += usize::from(oracle),
        }
    }

    /// A number of the program against the oracle's, within `tolerance`.
    pub fn number(&mut self, what: &str, program: f64, oracle: f64, tolerance: f64) {
        self.compared += 1;
        if program.is_nan() || (program - oracle).abs() > tolerance {
            self.wrong
                .push(format!("seed {}: {what}: the program says {program}, the oracle {oracle} within {tolerance}", self.seed));
        }
    }

    /// Panics with all that is wrong, or with too much undecided.
    pub fn finish(self, trials: usize) {
        let Self { compared, yes, undecided, wrong, .. } = self;
        println!(
            "{trials} trials, {compared} comparisons ({yes} agreed on yes), {} undecided, {} wrong",
            undecided.len(),
            wrong.len()
        );
        undecided.iter().for_each(|what| println!("undecided: {what}"));
        assert!(wrong.is_empty(), "{} of {compared} wrong:\n{}", wrong.len(), wrong.join("\n"));
        if trials == 1 {
            return;
        }
        assert!(undecided.len() * 50 < compared, "{} of {compared} undecided", undecided.len());
        assert!(yes > 0, "no trial had anything to find");
    }
}

/// Seconds from `as_of`.
pub fn seconds(as_of: Time, time: Time) -> f64 {
    time.since_ns(as_of) as f64 / 1e9
}
