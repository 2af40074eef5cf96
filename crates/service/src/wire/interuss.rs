//! What the servers in use answer beyond the standards: bodies and operations of InterUSS's `aux` 1.1.0 and of its versioning
//! interface 0.1.2, in our own words. Operations that need no token (`getVersion` and the lists of certificates) are not in the
//! tables.

use deconflict_astm::{Method, Operation};
use serde::{Deserialize, Serialize};

const fn operation(id: &'static str, method: Method, path: &'static str, success: u16, refusals: &'static [u16]) -> Operation {
    Operation { id, method, path, success, refusals }
}

/// About the server and its pool.
pub const AUX_OPERATIONS: [Operation; 5] = [
    operation("validateOauth", Method::Get, "/aux/v1/validate_oauth", 200, &[401, 403]),
    operation("getPool", Method::Get, "/aux/v1/pool", 200, &[401, 403]),
    operation("getDSSInstances", Method::Get, "/aux/v1/pool/dss_instances", 200, &[401, 403]),
    operation("putDSSInstancesHeartbeat", Method::Put, "/aux/v1/pool/dss_instances/heartbeat", 201, &[400, 401, 403]),
    operation("getGlobalOptions", Method::Get, "/aux/v1/configuration/global_options", 200, &[401, 403]),
];

/// About versions of systems.
pub const VERSIONING_OPERATIONS: [Operation; 1] =
    [operation("getVersion", Method::Get, "/versions/{system_identity}", 200, &[401, 403, 404])];

/// Nothing to say.
#[derive(Debug, Serialize)]
pub struct Nothing {}

/// Which airspace representation the instances of a pool share.
#[derive(Debug, Serialize)]
pub struct PoolResponse {
    /// Its id.
    pub dar_id: String,
    /// How its nodes are doing, where there are several: more than the servers in use say.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nodes: Option<Vec<PoolNode>>,
}

/// How a node of a pool is doing, as it last said.
#[derive(Debug, Serialize)]
pub struct PoolNode {
    /// Its name.
    pub name: String,
    /// The version of its program.
    pub version: String,
    /// How many records of the log it has applied.
    pub position: u64,
    /// The digest of its state there, 32 hexadecimal digits.
    pub digest: String,
    /// How many records its newest snapshot contains.
    pub snapshot: Option<u64>,
    /// How long nothing new was heard of it.
    pub silent_for_s: f64,
    /// How far its clock seems to be ahead of that of the answering node.
    pub clock_ahead_s: f64,
    /// Whether its state is that of the answering node at the same position; null if that is not known.
    pub agrees: Option<bool>,
    /// Why it takes no commands; null if it does.
    pub refusal: Option<String>,
}

/// The instances of a pool.
#[derive(Debug, Serialize)]
pub struct DssInstancesResponse {
    /// Each of them.
    pub dss_instances: Vec<DssInstance>,
}

/// An instance of a pool.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct DssInstance {
    /// What it is called.
    pub id: String,
    /// Where it is reached.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub public_endpoint: Option<String>,
    /// The last that was heard of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub most_recent_heartbeat: Option<Heartbeat>,
}

/// Somebody said that an instance is alive.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Heartbeat {
    /// When; RFC 3339.
    pub timestamp: String,
    /// Who said it.
    pub reporter: String,
    /// What made it say so.
    pub source: String,
    /// Counts the heartbeats since the start of the instance, from 1.
    pub index: u64,
    /// When the next one is expected at the latest; RFC 3339.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_heartbeat_expected_before: Option<String>,
}

/// Options that all instances of a pool must share.
#[derive(Debug, Serialize)]
pub struct GlobalOptionsResponse {
    /// Whether writes of intents lock everything.
    pub scd_global_lock: bool,
    /// Whether they lock by hashes of cells.
    pub scd_hash_lock: bool,
    /// Whether notifications bear the time of day in place of a count.
    pub time_based_notification_index: bool,
}

/// Which version of a system runs.
#[derive(Debug, Serialize)]
pub struct GetVersionResponse<'a> {
    /// The system.
    pub system_identity: &'a str,
    /// Its version.
    pub system_version: &'static str,
}
