//! A request that was let in, and what every handler wants to know of it.

use crate::http::body::work_out;
use crate::http::refusal::Refusal;
use crate::http::service::Service;
use crate::tokens::Caller;
use crate::wire::query::Query;
use crate::wire::{Problems, request};
use axum::body::Bytes;
use deconflict_astm as astm;
use deconflict_registry::{EntityId, Ovn, UssId, Volume};
use serde::de::DeserializeOwned;
use std::borrow::Cow;

/// A request that was let in.
pub struct Asked<'a> {
    pub service: &'a Service,
    pub caller: &'a Caller,
    /// The caller by the registry's name.
    pub uss: UssId,
    /// The parameters of the path.
    pub parameters: &'a [Cow<'a, str>; 2],
    /// What stands behind the path.
    pub query: Query<'a>,
    pub body: Bytes,
}

impl Asked<'_> {
    /// The intent or constraint in the path.
    pub fn entity(&self) -> Result<EntityId, Refusal> {
        let mut problems = Problems::default();
        let id = request::entity_id(&self.parameters[0], &mut problems);
        problems.or(id).map_err(Refusal::Problems)
    }

    /// The intent or constraint in the path, and its OVN; no OVN if it is a text that no server has ever issued.
    pub fn entity_and_ovn(&self) -> Result<(EntityId, Option<Ovn>), Refusal> {
        let mut problems = Problems::default();
        let id = request::entity_id(&self.parameters[0], &mut problems);
        let ovn = request::ovn(&self.parameters[1], &mut problems);
        problems.or(id.zip(ovn)).map_err(Refusal::Problems)
    }

    /// The area that a query asks about. `of` finds it in the body, `refuse` says what becomes of one that makes no sense.
    pub async fn area<Q: DeserializeOwned + 'static>(
        &self,
        of: fn(Q) -> Option<astm::Volume4D>,
        refuse: fn(Problems) -> Refusal,
    ) -> Result<Volume, Refusal> {
        let read = move |body: &[u8]| {
            let area = of(request::read(body).map_err(Refusal::Form)?);
            let mut problems = Problems::default();
            let area = request::area(area.as_ref(), &mut problems);
            problems.or(area).map_err(refuse)
        };
        work_out(self.service, self.body.clone(), read).await
    }

    /// Refuses a caller without `scope`; `why` says what needs it.
    pub fn need(&self, scope: &'static str, why: &str) -> Result<(), Refusal> {
        if self.caller.has(scope) { Ok(()) } else { Err(Refusal::Scope(format!("{why} needs the scope {scope}"))) }
    }
}
