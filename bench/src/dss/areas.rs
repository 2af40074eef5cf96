//! Identification service areas spread over many cells: created and deleted, as service providers do around each flight.

use crate::dss::figure::{Figure, Goal, Unit};
use crate::dss::load::{Flyer, measure};
use crate::dss::report::{cores, times_of};
use crate::dss::sites::{SITES, TOP_LAYER, extent};
use crate::dss::stage::{Running, Stage, base_url};
use crate::dss::tally::{Kind, Tally};
use crate::dss::{Plan, Scenario};
use deconflict_testbed::{Connection, Random, now};
use std::io;
use std::time::Instant;

/// The scenario.
pub const SCENARIO: Scenario = Scenario {
    name: "areas",
    does: "identification service areas (F3411-22a) spread over 25,600 places: create, delete",
    clients: 64,
    run,
};

const AREAS_PER_S_GOAL: f64 = 2_500.0;

fn run(stage: &Stage, plan: &Plan) -> io::Result<Vec<Figure>> {
    stage.clear()?;
    let running = stage.start()?;
    let measured = measure(&mut flyers(stage, &running, plan)?, plan, &running.server)?;
    let tally = &measured.tally;
    let per_s = Figure::new("areas created and deleted", Unit::PerSecond, tally.flights as f64 / measured.seconds);
    let mut failed = Figure::new("areas that failed", Unit::Count, tally.failed as f64);
    failed.remark.clone_from(&tally.unexpected);
    let mut figures = vec![per_s.goal(Goal::AtLeast(AREAS_PER_S_GOAL)), failed];
    figures.extend(times_of(tally, &[Kind::Create, Kind::Delete], &[("p50", 0.5), ("p99", 0.99)]));
    figures.extend(cores(&measured));
    running.server.end()?;
    Ok(figures)
}

fn flyers(stage: &Stage, running: &Running, plan: &Plan) -> io::Result<Vec<Box<dyn Flyer>>> {
    let flyer = |client| {
        let connection = stage.connect(running, client)?;
        let random = Random::of(plan.seed, client.into());
        Ok(Box::new(Provider { connection, random, url: base_url(client) }) as Box<dyn Flyer>)
    };
    (0..plan.clients).map(flyer).collect()
}

struct Provider {
    connection: Connection,
    random: Random,
    url: String,
}

impl Provider {
    /// Sends a write; the version of the area, if it was carried out.
    fn write(&mut self, kind: Kind, path: &str, body: &str, tally: &mut Tally) -> io::Result<Option<String>> {
        let method = if kind == Kind::Delete { "DELETE" } else { "PUT" };
        let start = Instant::now();
        let answer = self.connection.send(method, path, body)?;
        let time = start.elapsed();
        if answer.status == 200
            && let Some(version) = answer.text("\"service_area\"", "version")
        {
            tally.carried_out(kind, time);
            return Ok(Some(version.to_owned()));
        }
        tally.unexpected(kind, answer.status, answer.body);
        Ok(None)
    }
}

impl Flyer for Provider {
    fn fly(&mut self, tally: &mut Tally) -> io::Result<()> {
        let path = format!("/rid/v2/dss/identification_service_areas/{}", self.random.uuid_v4());
        let start = now();
        let extents = extent(self.random.below(SITES), TOP_LAYER, start, start.plus_s(600)).json();
        let body = format!(r#"{{"extents":{extents},"uss_base_url":"{}"}}"#, self.url);
        let made = self.write(Kind::Create, &path, &body, tally)?;
        let is_whole = match made {
            Some(version) => self.write(Kind::Delete, &format!("{path}/{version}"), "", tally)?.is_some(),
            None => false,
        };
        tally.flights += u64::from(is_whole);
        tally.failed += u64::from(!is_whole);
        Ok(())
    }
}
