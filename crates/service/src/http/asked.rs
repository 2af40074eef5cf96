//! A request that was let in, and what every handler wants to know of it.

use crate::http::body::work_out;
use crate::http::refusal::Refusal;
use crate::http::service::Service;
use crate::tokens::Caller;
use crate::wire::query::Query;
use crate::wire::{Problems, UrlRules, request};
use axum::body::Bytes;
use deconflict_astm as astm;
use deconflict_registry::{Expected, UssId, Volume};
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

/// Reads a parameter of a path, or says what is wrong with it.
pub type Read<T> = fn(&str, &mut Problems) -> Option<T>;

/// What a put is about, as the path says it. What is wrong with that is said when the body was read, too: all at once.
pub struct Target<I, V> {
    id: Option<I>,
    expected: Option<Expected<V>>,
    problems: Problems,
}

impl Asked<'_> {
    /// What the path names.
    pub fn named<I>(&self, id: Read<I>) -> Result<I, Refusal> {
        let mut problems = Problems::default();
        let id = id(&self.parameters[0], &mut problems);
        problems.or(id).map_err(Refusal::Problems)
    }

    /// What the path names, and the version of it that the caller knows.
    pub fn named_version<I, V>(&self, id: Read<I>, version: Read<V>) -> Result<(I, V), Refusal> {
        let mut problems = Problems::default();
        let id = id(&self.parameters[0], &mut problems);
        let version = version(&self.parameters[1], &mut problems);
        problems.or(id.zip(version)).map_err(Refusal::Problems)
    }

    /// Something new with the id in the path.
    pub fn new_target<I, V>(&self, id: Read<I>) -> Target<I, V> {
        let mut problems = Problems::default();
        Target { id: id(&self.parameters[0], &mut problems), expected: Some(Expected::Nothing), problems }
    }

    /// What has the id in the path, in the version there; no version if it is a text that no server has ever issued.
    pub fn known_target<I, V>(&self, id: Read<I>, version: Read<Option<V>>) -> Target<I, V> {
        let mut problems = Problems::default();
        let id = id(&self.parameters[0], &mut problems);
        let expected = version(&self.parameters[1], &mut problems).map(Expected::Version);
        Target { id, expected, problems }
    }

    /// What is to be put, by the body, and where, by the path. `of` finds it in the body, or refuses the caller.
    pub async fn put<B, T, I, V>(
        &self,
        target: Target<I, V>,
        of: impl FnOnce(&B, UrlRules, &mut Problems) -> Result<Option<T>, Refusal> + Send + 'static,
    ) -> Result<(T, I, Expected<V>), Refusal>
    where
        B: DeserializeOwned,
        T: Send + 'static,
        I: Send + 'static,
        V: Send + 'static,
    {
        let urls = self.service.urls();
        let read = move |body: &[u8]| {
            let Target { id, expected, mut problems } = target;
            let body: B = request::read(body).map_err(Refusal::Form)?;
            let wanted = of(&body, urls, &mut problems)?;
            problems.or(wanted.zip(id.zip(expected))).map_err(Refusal::Problems)
        };
        let (wanted, (id, expected)) = work_out(self.service, self.body.clone(), read).await?;
        Ok((wanted, id, expected))
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
}
