//! Whether a USS answers its peers, as an arbiter declares it.

use crate::object::objects;
use serde::{Deserialize, Deserializer, Serialize, de};

objects!(SetUssAvailabilityStatusParameters, UssAvailabilityStatus, UssAvailabilityStatusResponse);

/// Availability of a USS.
///
/// Read without regard to upper and lower case, as the servers in use do; written as below.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub enum UssAvailabilityState {
    /// Nobody has declared anything; counts as `Normal`.
    #[default]
    Unknown,
    /// Answers.
    Normal,
    /// Does not answer: it may not plan, and others need not know its plans that are not in use yet.
    Down,
}

impl<'de> Deserialize<'de> for UssAvailabilityState {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        const NAMES: [&str; 3] = ["Unknown", "Normal", "Down"];
        let name = String::deserialize(deserializer)?;
        match NAMES.map(|known| known.eq_ignore_ascii_case(&name)) {
            [true, ..] => Ok(Self::Unknown),
            [_, true, _] => Ok(Self::Normal),
            [.., true] => Ok(Self::Down),
            _ => Err(de::Error::unknown_variant(&name, &NAMES)),
        }
    }
}

/// Body of a change of an availability.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(remote = "Self")]
pub struct SetUssAvailabilityStatusParameters {
    /// Version that is to be replaced; empty, or missing, if there is none yet.
    #[serde(default)]
    pub old_version: String,
    /// What it is to be.
    pub availability: UssAvailabilityState,
}

/// Availability of one USS.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(remote = "Self")]
pub struct UssAvailabilityStatus {
    /// The USS: the `sub` of its tokens.
    pub uss: String,
    /// Its availability.
    pub availability: UssAvailabilityState,
}

/// Answer to a read or change of an availability.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(remote = "Self")]
pub struct UssAvailabilityStatusResponse {
    /// Current version; empty if nobody has ever declared anything.
    pub version: String,
    /// Whose, and what.
    pub status: UssAvailabilityStatus,
}
