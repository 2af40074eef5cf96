//! F3411-19: what a DSS is asked and answers.

use crate::{Standard, Wire, wires};
use deconflict_astm::rid_v1 as api;
use std::collections::BTreeMap;

pub fn standard() -> Standard {
    Standard::read(include_str!("../data/f3411_19.json"), wires(), &[&api::DSS_OPERATIONS])
}

fn wires() -> BTreeMap<&'static str, Wire> {
    wires![
        CreateIdentificationServiceAreaParameters,
        CreateSubscriptionParameters,
        DeleteIdentificationServiceAreaResponse,
        DeleteSubscriptionResponse,
        ErrorResponse,
        GeoPolygon,
        GetIdentificationServiceAreaResponse,
        GetSubscriptionResponse,
        IdentificationServiceArea,
        LatLngPoint,
        PutIdentificationServiceAreaResponse,
        PutSubscriptionResponse,
        SearchIdentificationServiceAreasResponse,
        SearchSubscriptionsResponse,
        SubscriberToNotify,
        Subscription,
        SubscriptionCallbacks,
        SubscriptionState,
        UpdateIdentificationServiceAreaParameters,
        UpdateSubscriptionParameters,
        Volume3D,
        Volume4D,
    ]
}
