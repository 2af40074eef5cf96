//! F3411-22a: what a DSS is asked and answers.

use crate::{Standard, Wire, wires};
use deconflict_astm::rid_v2 as api;
use std::collections::BTreeMap;

pub fn standard() -> Standard {
    Standard::read(include_str!("../data/f3411_22a.json"), wires(), &[&api::DSS_OPERATIONS])
}

fn wires() -> BTreeMap<&'static str, Wire> {
    wires![
        Altitude,
        AltitudeReference,
        AltitudeUnits,
        Circle,
        CreateIdentificationServiceAreaParameters,
        CreateSubscriptionParameters,
        DeleteIdentificationServiceAreaResponse,
        DeleteSubscriptionResponse,
        ErrorResponse,
        GetIdentificationServiceAreaResponse,
        GetSubscriptionResponse,
        IdentificationServiceArea,
        LatLngPoint,
        Polygon,
        PutIdentificationServiceAreaResponse,
        PutSubscriptionResponse,
        Radius,
        RadiusUnits,
        SearchIdentificationServiceAreasResponse,
        SearchSubscriptionsResponse,
        SubscriberToNotify,
        Subscription,
        SubscriptionState,
        Time,
        TimeFormat,
        UpdateIdentificationServiceAreaParameters,
        UpdateSubscriptionParameters,
        Volume3D,
        Volume4D,
    ]
}
