//! Load on the DSS of `deconflict serve`: scenarios, what they found, and the report. `dss-load` runs it.
//!
//! Everything is seen from a client: the release binary in a process of its own, its answers over HTTP, its memory and time from
//! `/proc`. Generator and service share the machine; what the generator took is reported beside what the service took.

pub mod areas;
pub mod board;
pub mod busy;
pub mod disk;
pub mod figure;
pub mod flight;
pub mod growing;
pub mod load;
pub mod pool;
pub mod report;
pub mod sites;
pub mod stage;
pub mod tally;
pub mod told;
pub mod uniform;

use stage::Stage;
use std::io;

/// How the load is to be.
#[derive(Clone, Debug)]
pub struct Plan {
    /// Clients, each a USS with a connection of its own.
    pub clients: u32,
    /// How long is measured, seconds.
    pub seconds: u32,
    /// How long is flown before that, seconds.
    pub warm_up_s: u32,
    /// Where all choices come from.
    pub seed: u64,
    /// Sizes of the growing population, ascending.
    pub sizes: Vec<u64>,
}

/// A scenario.
pub struct Scenario {
    /// Its name.
    pub name: &'static str,
    /// The sentence above its table.
    pub does: &'static str,
    /// How many clients it has, if nobody says.
    pub clients: u32,
    /// One run.
    pub run: fn(&Stage, &Plan) -> io::Result<Vec<figure::Figure>>,
}

/// All scenarios, in the order of the report.
pub const ALL: [Scenario; 10] = [
    uniform::SCENARIO,
    busy::SCENARIO,
    growing::SCENARIO,
    areas::SCENARIO,
    told::SCENARIO,
    pool::NEAR,
    pool::FAR,
    pool::FAR_ONE,
    pool::FIVE,
    pool::SEVEN,
];
