//! Between the wire and the registry: bodies of F3548 and F3411 become commands and questions, outcomes become bodies.
//!
//! Everything that can be told from a request alone is checked here, and all that is wrong with it is said at once. It does
//! not know who asks, scopes, statuses or the state of the registry.
//!
//! Differences from the servers in use, which read with Go's decoder: names of fields are read in their own case only, and
//! nothing but white space may follow the body.

mod answer;
mod id;
pub mod interuss;
mod problems;
pub mod query;
pub mod request;
mod rid;
mod time;
mod url;
mod volume;

pub use answer::{
    conflict, constraint_changed, constraint_reference, intent_changed, intent_reference, subscription, subscription_put,
    uss_availability, wire_time,
};
pub use problems::Problems;
pub use rid::{Rid, RidV1, RidV2};
pub use time::write as time_text;
pub use url::UrlRules;
