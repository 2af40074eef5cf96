//! A frame that changes under claims that lean on it, and leans on claims itself. Two desks take turns: each has to follow what the other did
//! (`common::World` compares them after every step).

mod common;

use common::{World, control, exercise, flight, small_frame, to_all};
use deconflict_joint::{Desk, Disclosed, Refusal, Request, Settings, State};
use serde_json::{Value, json};

fn plan(change: impl Fn(&mut Value)) -> Value {
    let mut plan = small_frame();
    let place = |name: &str, lat: f64, lng: f64| json!({ "name": name, "lat": lat, "lng": lng });
    plan["places"] = json!([place("South", 34.2, 40.5), place("Middle", 34.4, 40.7), place("North", 34.6, 40.5)]);
    change(&mut plan);
    plan
}

fn set(world: &mut World, change: impl Fn(&mut Value), settings: Settings) {
    world.operator(Request::SetFrame { plan: plan(change), settings }).unwrap();
    // Whoever starts again from the log finds the same.
    let (again, command) = Desk::open(State::of_snapshot(world.follower.snapshot()), 0).unwrap();
    assert!(command.is_none(), "a start tells nobody anything");
    let found = |desk: &Desk| desk.live().unwrap().findings().cloned().collect::<Vec<_>>();
    assert_eq!(found(&world.desk), found(&again));
}

/// A column from one place to the next.
fn road(places: &[&str]) -> Value {
    let waypoints = places.iter().enumerate();
    let waypoints: Vec<Value> =
        waypoints.map(|(index, place)| json!({ "at": place, "eta": format!("2026-06-02T{:02}:00Z", 6 + 6 * index) })).collect();
    json!({ "id": "road", "kind": "movement", "width": "200 m", "waypoints": waypoints })
}

fn kinds(world: &World) -> Vec<String> {
    world.desk.live().unwrap().findings().map(|finding| finding.id.clone()).collect()
}

#[test]
fn desks_follow_a_frame_that_changes() {
    let mut world = World::new();
    set(&mut world, |_| (), exercise());
    world.file("A", vec![road(&["South", "North"]), control("mine", "TOWN")], to_all(Disclosed::Full)).unwrap();
    world.file("B", vec![control("ours", "TOWN")], to_all(Disclosed::Full)).unwrap();
    let hours = ["2026-06-02T06:00Z", "2026-06-02T18:00Z"];
    world
        .file("A", vec![flight("low", 34.5, 40.5, "3 km", ["1000 m", "2000 m"], hours)], to_all(Disclosed::ConflictOnly))
        .unwrap();
    world
        .file("B", vec![flight("high", 34.5, 40.5, "3 km", ["2200 m", "3000 m"], hours)], to_all(Disclosed::ConflictOnly))
        .unwrap();
    assert!(kinds(&world).contains(&"conflict:A/low+B/high".to_owned()), "300 m apart they have to be: {:?}", kinds(&world));

    // Less distance is asked for, and the conflict is over; the town lies elsewhere for whoever names it.
    let less = |plan: &mut Value| {
        plan["minima"][0]["vertical"] = json!("100 m");
        plan["areas"][0]["outline"] = json!({ "circle": { "at": { "lat": 34.9, "lng": 40.9 }, "radius": "5 km" } });
    };
    set(&mut world, less, Settings { grace_s: 60, ..exercise() });
    assert!(!kinds(&world).contains(&"conflict:A/low+B/high".to_owned()));
    let ground = |world: &World, id: &str| world.desk.live().unwrap().picture().claim(id).unwrap().ground().unwrap();
    let place = |lat, lng| deconflict_spacetime::LatLng::degrees(lat, lng).unwrap();
    assert!(ground(&world, "A/mine").contains(place(34.9, 40.9)) && !ground(&world, "A/mine").contains(place(34.5, 40.5)));

    // An area along a claim: with the claim the frame is another one.
    let along = |plan: &mut Value| {
        let stretch = json!({ "of": "A/road", "from": "South", "to": "North", "buffer": "2 km" });
        plan["areas"].as_array_mut().unwrap().push(json!({ "id": "ALONG", "outline": { "stretch": stretch } }));
    };
    set(&mut world, along, exercise());
    world.file("B", vec![control("along", "ALONG")], to_all(Disclosed::Full)).unwrap();
    world.file("A", vec![road(&["South", "Middle", "North"])], to_all(Disclosed::Full)).unwrap();
    assert!(ground(&world, "B/along").contains(place(34.4, 40.7)), "it follows the road");

    // What leans on it keeps it: else neither could be read again.
    let refused = world.operator(Request::SetFrame { plan: plan(|_| ()), settings: exercise() }).unwrap_err();
    assert!(matches!(&refused, Refusal::Bad(problems) if problems[0].1.contains("ALONG")), "{refused:?}");
    let refused = world.party("A", Request::Withdraw { id: "road".to_owned() }).unwrap_err();
    assert!(matches!(&refused, Refusal::Conflict(why) if why.contains("an area of the picture")), "{refused:?}");
    world.party("B", Request::Withdraw { id: "along".to_owned() }).unwrap();
    world.party("A", Request::Withdraw { id: "road".to_owned() }).unwrap_err();

    // Back to what it was, and everything is found again.
    set(&mut world, |_| (), exercise());
    assert!(kinds(&world).contains(&"conflict:A/low+B/high".to_owned()));
    world.party("A", Request::Withdraw { id: "road".to_owned() }).unwrap();
    world.party("A", Request::Withdraw { id: "low".to_owned() }).unwrap();
    assert!(!kinds(&world).contains(&"conflict:A/low+B/high".to_owned()));
}
