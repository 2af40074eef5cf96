//! Where the engine has the heads of all movements of a plan at some times: `heads PLAN MS…`, times in milliseconds since 1970, one JSON object.
//! The tests of the page hold against it what the page draws.

use std::process::ExitCode;

use deconflict_conflict::Case;
use deconflict_plan::{SourceText, read};
use deconflict_spacetime::Time;
use serde_json::{Map, Value, json};

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let name = arguments.next().expect("the first argument is a plan");
    let bytes = std::fs::read(&name).expect("the plan can be read");
    let picture = match read(&[SourceText { name, bytes }], None) {
        Ok(picture) => picture,
        Err(problems) => {
            eprintln!("{problems:#?}");
            return ExitCode::FAILURE;
        }
    };
    let times: Vec<i64> = arguments.map(|ms| ms.parse().expect("a number of milliseconds")).collect();
    let mut heads = Map::new();
    for claim in &picture.claims {
        let (Some(movement), Some(track)) = (claim.movement(), claim.track()) else { continue };
        let at = |ms: &i64| -> Value {
            let along_m = movement.head(Case::Likely).head_at(Time::from_ns(ms * 1_000_000));
            let at = track.line.point_at(along_m);
            json!([at.lng_deg(), at.lat_deg()])
        };
        heads.insert(claim.id.clone(), times.iter().map(at).collect());
    }
    println!("{}", Value::Object(heads));
    ExitCode::SUCCESS
}
