//! All flights in one square of 2 m by 2 m, 0 to 20 m high, 5 s long from now on: each conflicts with each other that lives.
//!
//! Clients choose their OVNs and tell each other before they use them, as USSs do that cooperate: that of the next flight while
//! the last one ends, and that of the activation while the flight is created. So a client knows of every other write before it
//! is sent. What a client does not know in time costs it a 409 and another try with what was told meanwhile.

use crate::dss::board::Board;
use crate::dss::figure::Figure;
use crate::dss::flight::Pilot;
use crate::dss::load::Flyer;
use crate::dss::report::flown;
use crate::dss::stage::{Running, Stage, base_url};
use crate::dss::tally::{Kind, Tally};
use crate::dss::{Plan, Scenario};
use deconflict_testbed::{Connection, Corner, Extent, IntentBody, IntentSubscription, Millis, Random, now, subscription_body};
use std::io;
use std::sync::Arc;

/// The scenario.
pub const SCENARIO: Scenario = Scenario {
    name: "busy",
    does: "all flights in one square of 2 m by 2 m at the same time, one explicit subscription per client, OVNs chosen and told",
    clients: 32,
    run,
};

const FLIGHTS_PER_S_GOAL: f64 = 1_000.0;
/// A corner of the square.
const CORNER: Corner = Corner { lat: 46.0, lng: 7.0 };
/// 2 m.
const SIDE: Corner = Corner { lat: 18e-6, lng: 26e-6 };
const FLIGHT_S: i64 = 5;

fn run(stage: &Stage, plan: &Plan) -> io::Result<Vec<Figure>> {
    flown(stage, plan, flyers, FLIGHTS_PER_S_GOAL)
}

fn flyers(stage: &Stage, running: &Running, plan: &Plan) -> io::Result<Vec<Box<dyn Flyer>>> {
    flyers_through(&|client| stage.connect(running, client), plan)
}

/// The clients, each with the connection that `connect` gives it.
///
/// # Errors
/// One cannot connect, or is refused its subscription.
pub fn flyers_through(connect: &dyn Fn(u32) -> io::Result<Connection>, plan: &Plan) -> io::Result<Vec<Box<dyn Flyer>>> {
    let board = Arc::new(Board::new(plan.clients));
    let begin = now();
    let flyer = |client| {
        let mut connection = connect(client)?;
        let mut random = Random::of(plan.seed, client.into());
        let (subscription, url) = (random.uuid_v4().to_string(), base_url(client));
        let body = subscription_body(&square(begin, begin.plus_s(12 * 60 * 60)), &url);
        let answer = connection.send("PUT", &format!("/dss/v1/subscriptions/{subscription}"), &body)?;
        if answer.status != 200 {
            let body = String::from_utf8_lossy(answer.body);
            return Err(io::Error::other(format!("a subscription was refused: {} {body}", answer.status)));
        }
        let next = Intent::new(&mut random);
        board.tell(client, &[&next.created_ovn]);
        let board = Arc::clone(&board);
        let flyer = Busy { pilot: Pilot::new(connection), random, url, client, subscription, board, next };
        Ok(Box::new(flyer) as Box<dyn Flyer>)
    };
    (0..plan.clients).map(flyer).collect()
}

fn square(start: Millis, end: Millis) -> Extent {
    let corner = |north: f64, east: f64| Corner { lat: CORNER.lat + north * SIDE.lat, lng: CORNER.lng + east * SIDE.lng };
    let corners = vec![corner(0.0, 0.0), corner(0.0, 1.0), corner(1.0, 1.0), corner(1.0, 0.0)];
    Extent { corners, lower_m: 0.0, upper_m: 20.0, start, end }
}

/// An intent with the OVNs that it will have.
struct Intent {
    id: String,
    created: String,
    created_ovn: String,
    activated: String,
    activated_ovn: String,
}

impl Intent {
    fn new(random: &mut Random) -> Self {
        let (id, now) = (random.uuid_v4().to_string(), now());
        let [created, activated] = [0; 2].map(|_| random.uuid_v7(now).to_string());
        let ovn = |suffix: &str| format!("{id}_{suffix}");
        Self { created_ovn: ovn(&created), activated_ovn: ovn(&activated), id, created, activated }
    }
}

struct Busy {
    pilot: Pilot,
    random: Random,
    url: String,
    client: u32,
    subscription: String,
    board: Arc<Board>,
    /// The next flight; the others know the OVN that it begins with.
    next: Intent,
}

impl Busy {
    /// Puts the intent with what the others have told by now as its key; whether it was carried out.
    fn put(&mut self, kind: Kind, intent: &Intent, extents: &str, tally: &mut Tally) -> io::Result<bool> {
        let Self { pilot, url, client, subscription, board, .. } = self;
        let (state, ovn, ovn_suffix, expected) = match kind {
            Kind::Create => ("Accepted", "", &intent.created, &intent.created_ovn),
            _ => ("Activated", &*intent.created_ovn, &intent.activated, &intent.activated_ovn),
        };
        let subscription = IntentSubscription::Existing(subscription);
        let written = pilot.write(kind, &intent.id, ovn, tally, |body| {
            let mut key = String::new();
            board.append_key(*client, &mut key);
            IntentBody { extents, state, key: &key, uss_base_url: url, subscription, ovn_suffix }.write(body);
        })?;
        let Some(written) = written else { return Ok(false) };
        if written.ovn != *expected {
            return Err(io::Error::other(format!("asked for the OVN {expected}, got {}", written.ovn)));
        }
        Ok(true)
    }
}

impl Flyer for Busy {
    fn fly(&mut self, tally: &mut Tally) -> io::Result<()> {
        let next = Intent::new(&mut self.random);
        let intent = std::mem::replace(&mut self.next, next);
        let start = now();
        let extents = square(start, start.plus_s(FLIGHT_S)).json();

        self.board.tell(self.client, &[&intent.created_ovn, &intent.activated_ovn]);
        if !self.put(Kind::Create, &intent, &extents, tally)? {
            self.board.tell(self.client, &[&self.next.created_ovn]);
            tally.failed += 1;
            return Ok(());
        }
        let is_activated = self.put(Kind::Activate, &intent, &extents, tally)?;
        let ovn = if is_activated { &intent.activated_ovn } else { &intent.created_ovn };
        self.board.tell(self.client, &[ovn, &self.next.created_ovn]);
        let is_deleted = self.pilot.write(Kind::Delete, &intent.id, ovn, tally, |_| ())?.is_some();
        let is_whole = is_activated && is_deleted;
        tally.flights += u64::from(is_whole);
        tally.failed += u64::from(!is_whole);
        Ok(())
    }
}
