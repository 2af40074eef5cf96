//! What bodies ask for, in the registry's terms. Ids that the server draws, and whoever asks, are added by the caller.

use crate::wire::id;
use crate::wire::problems::{At, Problems};
use crate::wire::url::{UrlRules, base_url};
use crate::wire::volume::{Altitudes, SubscriptionExtent, area_of_interest, subscription_extent, volumes};
use deconflict_astm as astm;
use deconflict_registry::{
    EntityId, Expected, Key, OpaqueVersion, OperationalIntentState, Ovn, OvnSuffix, RidVersion, SubscriptionId, UssAvailability,
    UssBaseUrl, UssId, Volume, Volumes,
};

/// What the body of a put of an operational intent asks for.
#[derive(Clone, Debug)]
pub struct Intent {
    /// State that the intent is to have.
    pub state: OperationalIntentState,
    /// Its volumes.
    pub volumes: Volumes,
    /// Where its details can be asked for.
    pub uss_base_url: UssBaseUrl,
    /// Which subscription keeps its manager informed.
    pub subscription: AskedSubscription,
    /// What the writer knows of.
    pub key: Key,
    /// What the OVN is to end with, if the manager chooses.
    pub ovn_suffix: Option<OvnSuffix>,
}

/// Which subscription an intent is to have.
#[derive(Clone, Debug)]
pub enum AskedSubscription {
    /// None.
    None,
    /// One that exists.
    Existing(SubscriptionId),
    /// A new, implicit one.
    Implicit {
        /// Where its owner is told.
        uss_base_url: UssBaseUrl,
        /// Whether it is about constraints too.
        notify_for_constraints: bool,
    },
}

/// What the body of a put of a constraint asks for.
#[derive(Clone, Debug)]
pub struct Constraint {
    /// Its volumes.
    pub volumes: Volumes,
    /// Where its details can be asked for.
    pub uss_base_url: UssBaseUrl,
}

/// What the body of a put of a subscription asks for.
pub struct Subscription {
    /// Where and when.
    pub extent: SubscriptionExtent,
    /// Where its owner is told.
    pub uss_base_url: UssBaseUrl,
    /// Whether it is about operational intents.
    pub notify_for_operational_intents: bool,
    /// Whether it is about constraints.
    pub notify_for_constraints: bool,
}

/// The value in a body of JSON, or what is wrong with it, and where, for people.
///
/// # Errors
/// It is no JSON, or not of this shape. The first thing that is found is said.
pub fn read<'a, T: serde::Deserialize<'a>>(body: &'a [u8]) -> Result<T, String> {
    // What is right is read at full speed; only what is wrong is read again to find out where.
    serde_json::from_slice(body).map_err(|error| explain::<T>(body).unwrap_or_else(|| in_words(&error.to_string())))
}

fn explain<'a, T: serde::Deserialize<'a>>(body: &'a [u8]) -> Option<String> {
    if body.trim_ascii().is_empty() {
        return Some("the body is empty; expected a JSON object".to_owned());
    }
    let mut json = serde_json::Deserializer::from_slice(body);
    let error = serde_path_to_error::deserialize::<_, T>(&mut json).err()?;
    let problem = in_words(&error.inner().to_string());
    match error.path().to_string().as_str() {
        "." => Some(problem),
        path => Some(format!("{path}: {problem}")),
    }
}

/// A message of the JSON reader in words that people use, without a text of the client's that has no end.
fn in_words(message: &str) -> String {
    const MAX_BYTES: usize = 300;
    let mut words = message
        .replace("expected f64", "expected a number")
        .replace("expected i32", "expected a whole number")
        .replace("expected struct ", "expected an object, ");
    if words.len() > MAX_BYTES {
        let end = (0..=MAX_BYTES).rev().find(|&end| words.is_char_boundary(end)).unwrap_or(0);
        words.truncate(end);
        words.push('…');
    }
    words
}

/// The id of an intent or a constraint in a path.
pub fn entity_id(text: &str, problems: &mut Problems) -> Option<EntityId> {
    problems.take(At::root("entityid"), id::version_4(text)).map(EntityId::from_u128)
}

/// The id of a subscription in a path.
pub fn subscription_id(text: &str, problems: &mut Problems) -> Option<SubscriptionId> {
    problems.take(At::root("subscriptionid"), id::version_4(text)).map(SubscriptionId::from_u128)
}

/// The OVN in a path; nothing inside if it is one that no server has ever issued.
pub fn ovn(text: &str, problems: &mut Problems) -> Option<Option<Ovn>> {
    if text.is_empty() {
        problems.add(At::root("ovn"), "is missing; expected the current OVN of the entity");
        return None;
    }
    Some(Ovn::parse(text))
}

/// The version of a subscription in a path; nothing inside if it is one that no server has ever issued.
pub fn version(text: &str, problems: &mut Problems) -> Option<Option<OpaqueVersion>> {
    if text.is_empty() {
        problems.add(At::root("version"), "is missing; expected the current version of the subscription");
        return None;
    }
    Some(OpaqueVersion::parse(text))
}

/// The version of something of F3411 in a path. One that no server could have issued makes no sense, as in the servers in use.
pub fn rid_version(text: &str, problems: &mut Problems) -> Option<RidVersion> {
    let version = RidVersion::parse(text);
    if version.is_none() {
        problems.add(At::root("version"), "is no version; expected the current one, 12 or 13 digits 0 to 9 and a to v");
    }
    version
}

/// The id of an area in a path.
pub fn area_id(text: &str, problems: &mut Problems) -> Option<EntityId> {
    problems.take(At::root("id"), id::version_4(text)).map(EntityId::from_u128)
}

/// The id of a subscription of F3411 in a path.
pub fn rid_subscription_id(text: &str, problems: &mut Problems) -> Option<SubscriptionId> {
    problems.take(At::root("id"), id::version_4(text)).map(SubscriptionId::from_u128)
}

/// The USS in a path.
pub fn uss_id(text: &str, problems: &mut Problems) -> Option<UssId> {
    problems.take(At::root("uss_id"), UssId::new(text))
}

/// The state that a put of an intent asks for.
pub fn state(state: astm::OperationalIntentState) -> OperationalIntentState {
    match state {
        astm::OperationalIntentState::Accepted => OperationalIntentState::Accepted,
        astm::OperationalIntentState::Activated => OperationalIntentState::Activated,
        astm::OperationalIntentState::Nonconforming => OperationalIntentState::Nonconforming,
        astm::OperationalIntentState::Contingent => OperationalIntentState::Contingent,
    }
}

/// What a put of an operational intent asks for.
pub fn intent(body: &astm::PutOperationalIntentReferenceParameters, urls: UrlRules, problems: &mut Problems) -> Option<Intent> {
    let volumes = volumes(&body.extents, Altitudes::Required, At::root("extents"), problems);
    let uss_base_url = url(&body.uss_base_url, At::root("uss_base_url"), urls, problems);
    let subscription = asked_subscription(body, urls, problems);
    let suffix = body.requested_ovn_suffix.as_deref();
    let ovn_suffix = suffix.and_then(|suffix| problems.take(At::root("requested_ovn_suffix"), id::ovn_suffix(suffix)));
    // A text that is no OVN of ours proves nothing, and harms nothing.
    let key = body.key.as_deref().unwrap_or_default().iter().filter_map(|ovn| Ovn::parse(ovn)).collect();
    Some(Intent {
        state: state(body.state),
        volumes: volumes?,
        uss_base_url: uss_base_url?,
        subscription: subscription?,
        key: Key::new(key),
        ovn_suffix,
    })
}

fn asked_subscription(
    body: &astm::PutOperationalIntentReferenceParameters,
    urls: UrlRules,
    problems: &mut Problems,
) -> Option<AskedSubscription> {
    // The servers in use take an empty id for none.
    let existing = body.subscription_id.as_deref().filter(|id| !id.is_empty());
    match (existing, &body.new_subscription) {
        (None, None) => Some(AskedSubscription::None),
        (Some(existing), None) => {
            let id = problems.take(At::root("subscription_id"), id::version_4(existing))?;
            Some(AskedSubscription::Existing(SubscriptionId::from_u128(id)))
        }
        (None, Some(new)) => {
            let at = At::root("new_subscription");
            let uss_base_url = url(&new.uss_base_url, at.field("uss_base_url"), urls, problems)?;
            let notify_for_constraints = new.notify_for_constraints.unwrap_or(false);
            Some(AskedSubscription::Implicit { uss_base_url, notify_for_constraints })
        }
        (Some(_), Some(_)) => {
            problems.add(At::root("new_subscription"), "stands beside subscription_id; expected one of them");
            None
        }
    }
}

/// What a put of a constraint asks for.
pub fn constraint(body: &astm::PutConstraintReferenceParameters, urls: UrlRules, problems: &mut Problems) -> Option<Constraint> {
    let volumes = volumes(&body.extents, Altitudes::Optional, At::root("extents"), problems);
    let uss_base_url = url(&body.uss_base_url, At::root("uss_base_url"), urls, problems);
    Some(Constraint { volumes: volumes?, uss_base_url: uss_base_url? })
}

/// What a put of a subscription asks for.
pub fn subscription(body: &astm::PutSubscriptionParameters, urls: UrlRules, problems: &mut Problems) -> Option<Subscription> {
    let extent = subscription_extent(&body.extents, At::root("extents"), problems);
    let uss_base_url = url(&body.uss_base_url, At::root("uss_base_url"), urls, problems);
    Some(Subscription {
        extent: extent?,
        uss_base_url: uss_base_url?,
        notify_for_operational_intents: body.notify_for_operational_intents.unwrap_or(false),
        notify_for_constraints: body.notify_for_constraints.unwrap_or(false),
    })
}

/// The area of a query.
pub fn area(area: Option<&astm::Volume4D>, problems: &mut Problems) -> Option<Volume> {
    let at = At::root("area_of_interest");
    match area {
        Some(area) => area_of_interest(area, at, problems),
        None => {
            problems.add(at, "is missing");
            None
        }
    }
}

/// What a declaration of an availability asks for: what is believed to be there, and what is to be.
pub fn availability(body: &astm::SetUssAvailabilityStatusParameters) -> (Expected<OpaqueVersion>, UssAvailability) {
    let expected = match body.old_version.as_str() {
        "" => Expected::Nothing,
        version => Expected::Version(OpaqueVersion::parse(version)),
    };
    let availability = match body.availability {
        astm::UssAvailabilityState::Unknown => UssAvailability::Unknown,
        astm::UssAvailabilityState::Normal => UssAvailability::Normal,
        astm::UssAvailabilityState::Down => UssAvailability::Down,
    };
    (expected, availability)
}

/// A base URL.
pub fn url(text: &str, at: At, rules: UrlRules, problems: &mut Problems) -> Option<UssBaseUrl> {
    problems.take(at, base_url(text, rules))
}
