//! The native interface, `/api/v1`: the joint picture over HTTP, beside the standards and with the same tokens.
//!
//! One table (`routes.rs`) says which operations there are; dispatch and the OpenAPI description follow from it. Requests go to the desk
//! (`desk.rs`), one after the other; what parties read comes from the state that is durable.
//!
//! Nothing here decides who may see what: `deconflict-joint` does.

mod answer;
pub(crate) mod basemap;
mod desk;
mod dispatch;
mod evidence;
mod handlers;
mod joined;
mod openapi;
pub(crate) mod page;
mod routes;
mod stream;

pub(crate) use answer::{No, json_response};
pub use basemap::Basemap;
pub use desk::JointDesk;
pub(crate) use desk::NotDone;
pub(crate) use dispatch::{caller, dispatch, may_read_metrics};
pub use openapi::openapi;
pub use routes::{OPERATOR_SCOPE, PARTY_SCOPE};
