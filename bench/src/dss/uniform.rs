//! Flights spread over many cells, each with an implicit subscription of its own, as a USS flies that keeps none.

use crate::dss::figure::Figure;
use crate::dss::flight::Pilot;
use crate::dss::load::Flyer;
use crate::dss::report::flown;
use crate::dss::sites::{SITES, TOP_LAYER, extent};
use crate::dss::stage::{Running, Stage, base_url};
use crate::dss::tally::{Kind, Tally};
use crate::dss::{Plan, Scenario};
use deconflict_testbed::{IntentBody, IntentSubscription, Random, now};
use std::io;

/// The scenario.
pub const SCENARIO: Scenario = Scenario {
    name: "uniform",
    does: "flights spread over 25,600 places, each with an implicit subscription: create Accepted, activate, delete",
    clients: 64,
    run,
};

const FLIGHTS_PER_S_GOAL: f64 = 2_500.0;

fn run(stage: &Stage, plan: &Plan) -> io::Result<Vec<Figure>> {
    flown(stage, plan, flyers, FLIGHTS_PER_S_GOAL)
}

/// Clients that fly at places of their own, above the population.
///
/// # Errors
/// They cannot connect.
pub fn flyers(stage: &Stage, running: &Running, plan: &Plan) -> io::Result<Vec<Box<dyn Flyer>>> {
    let flyer = |client| {
        let pilot = Pilot::new(stage.connect(running, client)?);
        let random = Random::of(plan.seed, client.into());
        let url = base_url(client);
        Ok(Box::new(Uniform { pilot, random, url, client: client.into(), clients: plan.clients.into() }) as Box<dyn Flyer>)
    };
    (0..plan.clients).map(flyer).collect()
}

struct Uniform {
    pilot: Pilot,
    random: Random,
    url: String,
    client: u64,
    clients: u64,
}

impl Flyer for Uniform {
    fn fly(&mut self, tally: &mut Tally) -> io::Result<()> {
        let id = self.random.uuid_v4().to_string();
        // Nobody else flies there, so that nobody needs to know of anybody.
        let site = self.random.below(SITES / self.clients) * self.clients + self.client;
        let start = now().plus_s(60);
        let extents = extent(site, TOP_LAYER, start, start.plus_s(600)).json();
        let uss_base_url = &self.url;
        let put = |state, subscription, body: &mut String| {
            IntentBody { extents: &extents, state, key: "", uss_base_url, subscription, ovn_suffix: "" }.write(body);
        };

        let created =
            self.pilot.write(Kind::Create, &id, "", tally, |body| put("Accepted", IntentSubscription::Implicit, body))?;
        let Some(created) = created else {
            tally.failed += 1;
            return Ok(());
        };
        let subscription = IntentSubscription::Existing(&created.subscription);
        let activated =
            self.pilot.write(Kind::Activate, &id, &created.ovn, tally, |body| put("Activated", subscription, body))?;
        let ovn = &activated.as_ref().unwrap_or(&created).ovn;
        let deleted = self.pilot.write(Kind::Delete, &id, ovn, tally, |_| ())?;
        let is_whole = activated.is_some() && deleted.is_some();
        tally.flights += u64::from(is_whole);
        tally.failed += u64::from(!is_whole);
        Ok(())
    }
}
