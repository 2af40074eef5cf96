//! A joint picture without a service: a desk, and a second state that only follows the log.

#![allow(dead_code)]

use deconflict_joint::{
    Asked, ClaimFiled, Clock, Command, Desk, Disclosed, Disclosure, Refusal, Request, Settings, State, Who, split,
};
use serde_json::{Value, json};

/// Two desks that take turns, as those of two nodes over one log; what was logged, and a state that follows.
pub struct World {
    pub desk: Desk,
    beside: Desk,
    pub log: Vec<Vec<u8>>,
    pub follower: State,
    pub at_ns: i64,
}

impl World {
    pub fn new() -> Self {
        let desk = || {
            let (desk, command) = Desk::open(State::default(), 0).unwrap();
            assert_eq!(None, command);
            desk
        };
        Self { desk: desk(), beside: desk(), log: Vec::new(), follower: State::default(), at_ns: 0 }
    }

    pub fn ask(&mut self, who: Who, request: Request) -> Result<Value, Refusal> {
        let before = self.desk.state().clone();
        match self.desk.prepare(Asked { who, at_ns: self.at_ns, request }) {
            Ok((command, answer)) => {
                if let Some(command) = command {
                    let record = command.encode();
                    assert!(self.follower.apply(Command::decode(&record).unwrap()), "the follower is where the desk was");
                    self.log.push(record);
                    self.take_turns(command);
                }
                assert_eq!(self.follower.now_ns, self.desk.state().now_ns, "what is not in the log is nowhere");
                Ok(answer)
            }
            Err(refusal) => {
                assert_eq!(before.digest(), self.desk.state().digest(), "a refusal changes nothing: {refusal}");
                Err(refusal)
            }
        }
    }

    /// The other desk follows, is then where this one is, and has the next request.
    fn take_turns(&mut self, command: Command) {
        let asked = command.asked.clone();
        assert!(self.beside.follow(command).unwrap(), "both desks are over one log");
        assert_eq!(self.desk.state().digest(), self.beside.state().digest(), "after {asked}");
        let found = |desk: &Desk| desk.live().map(|live| live.findings().cloned().collect::<Vec<_>>());
        assert_eq!(found(&self.desk), found(&self.beside), "after {asked}");
        std::mem::swap(&mut self.desk, &mut self.beside);
    }

    pub fn operator(&mut self, request: Request) -> Result<Value, Refusal> {
        self.ask(Who::Operator, request)
    }

    pub fn party(&mut self, party: &str, request: Request) -> Result<Value, Refusal> {
        self.ask(Who::Party(party.to_owned()), request)
    }

    /// All events of a recipient from a number on.
    pub fn events(&self, recipient: &str, after: u64) -> Vec<Value> {
        let stream = self.follower.streams.get(recipient);
        let events = stream.map(|stream| &stream.events[usize::try_from(after).unwrap().min(stream.events.len())..]);
        events.into_iter().flatten().map(|event| serde_json::from_str(&event.body).unwrap()).collect()
    }

    pub fn file(&mut self, party: &str, claims: Vec<Value>, disclosure: Disclosure) -> Result<Value, Refusal> {
        let filed = claims.into_iter().map(|claim| ClaimFiled { claim, disclosure: Some(disclosure.clone()), replaces: None });
        self.party(party, Request::File(filed.collect()))
    }
}

pub fn exercise() -> Settings {
    Settings { clock: Clock::Exercise, silent_after_s: 3650 * 86_400, ..Settings::default() }
}

pub fn to_all(others: Disclosed) -> Disclosure {
    Disclosure { others, ..Disclosure::default() }
}

/// The plan of a scenario as JSON.
pub fn scenario(text: &str) -> Value {
    toml::from_str(text).unwrap()
}

/// A world with a scenario's frame and claims; flights are told of conflicts only, everything else is open.
pub fn filed(text: &str) -> World {
    let parts = split(&scenario(text)).unwrap();
    let mut world = World::new();
    world.operator(Request::SetFrame { plan: parts.frame, settings: exercise() }).unwrap();
    for (party, claims) in parts.claims {
        let filed: Vec<ClaimFiled> = claims
            .into_iter()
            .map(|claim| {
                let others = if claim["kind"] == "flight" { Disclosed::ConflictOnly } else { Disclosed::Full };
                ClaimFiled { claim, disclosure: Some(to_all(others)), replaces: None }
            })
            .collect();
        let who = if party == "operator" { Who::Operator } else { Who::Party(party) };
        world.ask(who, Request::File(filed)).unwrap();
    }
    world
}

/// A plan of two air forces over one valley, and a relay.
pub fn small_frame() -> Value {
    json!({
        "plan": { "id": "small", "title": "Small", "as_of": "2026-06-01", "horizon": "10 d", "altitude_reference": "W84" },
        "parties": [{ "id": "A", "name": "Air A" }, { "id": "B", "name": "Air B" }, { "id": "C", "name": "Air C", "operates": true }],
        "channels": [{ "id": "AB", "from": "A", "to": "B" }, { "id": "AC", "from": "A", "to": "C", "via": ["B"] }],
        "areas": [{ "id": "TOWN", "outline": { "circle": { "at": { "lat": 34.5, "lng": 40.5 }, "radius": "5 km" } } }],
        "matters": [{ "id": "M", "text": "Who controls the town?", "parties": ["A", "B"], "areas": ["TOWN"], "function": "control" }],
        "approach": [{ "distance": "50 km", "level": "urgent" }],
        "minima": [{ "kinds": ["flight", "flight"], "lateral": "1 km", "vertical": "300 m", "time": "5 min" }],
    })
}

/// A column from south to north.
pub fn column(id: &str, lng: f64) -> Value {
    json!({
        "id": id, "kind": "movement", "width": "200 m",
        "waypoints": [
            { "at": { "lat": 34.2, "lng": lng }, "eta": "2026-06-02T06:00Z" },
            { "at": { "lat": 34.6, "lng": lng }, "eta": "2026-06-02T18:00Z" },
        ],
    })
}

/// Control of an area.
pub fn control(id: &str, area: &str) -> Value {
    json!({ "id": id, "kind": "authority", "function": "control", "outline": { "areas": [area] } })
}

/// A flight in a circle.
pub fn flight(id: &str, lat: f64, lng: f64, radius: &str, band: [&str; 2], hours: [&str; 2]) -> Value {
    json!({
        "id": id, "kind": "flight",
        "outline": { "circle": { "at": { "lat": lat, "lng": lng }, "radius": radius } },
        "lower": band[0], "upper": band[1], "start": hours[0], "end": hours[1],
    })
}
