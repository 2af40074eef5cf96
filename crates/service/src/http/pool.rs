//! What the servers in use say of themselves and their pool. Ours is a pool of one.

use crate::http::answer::Answer;
use crate::http::asked::Asked;
use crate::http::refusal::Refusal;
use crate::http::upkeep::VERSION;
use crate::wire::interuss::{
    DssInstance, DssInstancesResponse, GetVersionResponse, GlobalOptionsResponse, Heartbeat, Nothing, PoolResponse,
};
use crate::wire::{Problems, query, time_text};
use axum::http::StatusCode;
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
    Answer::ok(&PoolResponse { dar_id: format!("{:032x}", asked.service.node.journal_id()) })
}

/// The instances of the pool: this one.
pub fn instances(asked: &Asked, status: StatusCode) -> Answer {
    let heartbeat = asked.service.heartbeat.lock().unwrap_or_else(PoisonError::into_inner);
    let instance = &asked.service.settings.instance;
    let instance = DssInstance {
        id: instance.id.clone(),
        public_endpoint: instance.public_endpoint.clone(),
        most_recent_heartbeat: heartbeat.clone(),
    };
    Answer::json(status, &DssInstancesResponse { dss_instances: vec![instance] })
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
