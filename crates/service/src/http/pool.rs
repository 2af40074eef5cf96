//! What the servers in use say of themselves and their pool: of one node, or of those that follow the same log.
//!
//! A node of a pool tells the others which instance it is and who said that it is alive (`Node::say`), so that each can answer for all.

use crate::http::answer::Answer;
use crate::http::asked::Asked;
use crate::http::refusal::Refusal;
use crate::http::service::{Instance, Service};
use crate::http::upkeep::VERSION;
use crate::node;
use crate::wire::interuss::{
    DssInstance, DssInstancesResponse, GetVersionResponse, GlobalOptionsResponse, Heartbeat, Nothing, PoolNode, PoolResponse,
};
use crate::wire::{Problems, query, time_text};
use axum::http::StatusCode;
use deconflict_journal::Position;
use deconflict_registry::Time;
use std::sync::PoisonError;

/// The token counts; and, if an owner is named, it is that owner's.
pub fn validate(asked: &Asked) -> Result<Answer, Refusal> {
    match asked.query.get("owner") {
        Some(owner) if !owner.is_empty() && owner != asked.caller.subject => {
            Err(Refusal::Scope("the token is not that of this owner".to_owned()))
        }
        _ => Ok(Answer::ok(&Nothing {})),
    }
}

/// Which airspace representation this is: that of one log, so it is called as the log is.
pub fn pool(asked: &Asked) -> Answer {
    let node = &asked.service.node;
    let nodes = node.pool().map(|nodes| nodes.into_iter().map(how_it_is).collect());
    Answer::ok(&PoolResponse { dar_id: format!("{:032x}", node.journal_id()), nodes })
}

fn how_it_is(node: node::PoolNode) -> PoolNode {
    PoolNode {
        name: node.name,
        version: node.version,
        position: node.position.get(),
        digest: format!("{:032x}", node.digest),
        snapshot: node.snapshot.map(Position::get),
        silent_for_s: node.silent_for.as_secs_f64(),
        clock_ahead_s: node.clock_ahead_ns as f64 / 1e9,
        agrees: node.agrees,
        refusal: node.refusal,
    }
}

/// The instances of the pool: this one, and the other nodes as they last said.
pub fn instances(asked: &Asked, status: StatusCode) -> Answer {
    let own = this_instance(asked.service);
    let name = asked.service.node.name();
    let instances = asked.service.node.pool().map_or_else(
        || vec![own.clone()],
        |nodes| nodes.into_iter().map(|node| if Some(&*node.name) == name { own.clone() } else { other(node) }).collect(),
    );
    Answer::json(status, &DssInstancesResponse { dss_instances: instances })
}

/// This instance, and the last that somebody said of it.
pub fn this_instance(service: &Service) -> DssInstance {
    let heartbeat = service.heartbeat.lock().unwrap_or_else(PoisonError::into_inner);
    let Instance { id, public_endpoint } = service.settings.instance.clone();
    DssInstance { id, public_endpoint, most_recent_heartbeat: heartbeat.clone() }
}

/// What another node says of itself. If nobody said that it is alive, its own word counts.
fn other(node: node::PoolNode) -> DssInstance {
    let said = node.says.and_then(|says| serde_json::from_value(says).ok());
    let unnamed = || DssInstance { id: node.name.clone(), public_endpoint: None, most_recent_heartbeat: None };
    let instance: DssInstance = said.unwrap_or_else(unnamed);
    let own_word = || Heartbeat {
        timestamp: time_text(Time::from_ns(node.wall_ns - node.wall_ns.rem_euclid(1_000))),
        reporter: node.name.clone(),
        source: "the node itself".to_owned(),
        index: node.count,
        next_heartbeat_expected_before: None,
    };
    DssInstance { most_recent_heartbeat: instance.most_recent_heartbeat.or_else(|| Some(own_word())), ..instance }
}

/// Somebody says that this instance is alive.
pub fn heartbeat(asked: &Asked) -> Result<Answer, Refusal> {
    let mut problems = Problems::default();
    let source = query::needed(&asked.query, "source", &mut problems);
    let timestamp = query::instant(&asked.query, "timestamp", &mut problems);
    let expected_before = query::instant(&asked.query, "next_heartbeat_expected_before", &mut problems);
    let (source, (timestamp, expected_before)) =
        problems.or(source.zip(timestamp.zip(expected_before))).map_err(Refusal::Problems)?;
    {
        let mut latest = asked.service.heartbeat.lock().unwrap_or_else(PoisonError::into_inner);
        *latest = Some(Heartbeat {
            timestamp: time_text(timestamp.unwrap_or_else(|| asked.service.now_in_whole_us())),
            reporter: asked.caller.subject.to_string(),
            source: source.to_owned(),
            index: latest.as_ref().map_or(0, |latest| latest.index) + 1,
            next_heartbeat_expected_before: expected_before.map(time_text),
        });
    }
    asked.service.tell_pool();
    Ok(instances(asked, StatusCode::CREATED))
}

/// What all instances of a pool have to be set to alike. There are no locks here that could differ.
pub fn global_options(asked: &Asked) -> Answer {
    let options = asked.service.node.read(|registry, _| registry.options());
    Answer::ok(&GlobalOptionsResponse {
        scd_global_lock: false,
        scd_hash_lock: false,
        time_based_notification_index: options.time_based_notification_index,
    })
}

/// The version of this program, whatever the asker calls the system that it is.
pub fn version(asked: &Asked) -> Result<Answer, Refusal> {
    match &*asked.parameters[0] {
        "" => Err(Refusal::NotThere),
        system_identity => Ok(Answer::ok(&GetVersionResponse { system_identity, system_version: VERSION })),
    }
}
