//! Bodies of requests, written by hand: they cost a load generator next to nothing.

use crate::time::Millis;
use std::fmt::Write;

/// A corner of a polygon.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Corner {
    /// Degrees north.
    pub lat: f64,
    /// Degrees east.
    pub lng: f64,
}

/// A volume in space and time.
#[derive(Clone, Debug, PartialEq)]
pub struct Extent {
    /// Corners of the outline, at least three.
    pub corners: Vec<Corner>,
    /// Metres above the ellipsoid.
    pub lower_m: f64,
    /// Metres above the ellipsoid.
    pub upper_m: f64,
    /// First instant.
    pub start: Millis,
    /// Last instant.
    pub end: Millis,
}

impl Extent {
    /// As a `Volume4D`.
    pub fn json(&self) -> String {
        let mut json = r#"{"volume":{"outline_polygon":{"vertices":["#.to_owned();
        for (index, Corner { lat, lng }) in self.corners.iter().enumerate() {
            let comma = if index == 0 { "" } else { "," };
            put(&mut json, format_args!(r#"{comma}{{"lat":{lat},"lng":{lng}}}"#));
        }
        json.push_str("]}");
        for (name, m) in [("altitude_lower", self.lower_m), ("altitude_upper", self.upper_m)] {
            put(&mut json, format_args!(r#","{name}":{{"value":{m},"reference":"W84","units":"M"}}"#));
        }
        json.push('}');
        for (name, time) in [("time_start", self.start), ("time_end", self.end)] {
            put(&mut json, format_args!(r#","{name}":{{"value":"{time}","format":"RFC3339"}}"#));
        }
        json.push('}');
        json
    }
}

/// Which subscription an intent asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IntentSubscription<'a> {
    /// None.
    None,
    /// The one with this id.
    Existing(&'a str),
    /// A new one, made by the service.
    Implicit,
}

/// A put of an operational intent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IntentBody<'a> {
    /// The extents, each as JSON, with commas between them.
    pub extents: &'a str,
    /// State.
    pub state: &'a str,
    /// The OVNs, each in quotes, with commas between them.
    pub key: &'a str,
    /// Where details can be asked for.
    pub uss_base_url: &'a str,
    /// Subscription.
    pub subscription: IntentSubscription<'a>,
    /// `requested_ovn_suffix`; none if empty.
    pub ovn_suffix: &'a str,
}

impl IntentBody<'_> {
    /// Writes it, in place of what `json` was.
    pub fn write(&self, json: &mut String) {
        let Self { extents, state, key, uss_base_url, subscription, ovn_suffix } = self;
        json.clear();
        put(json, format_args!(r#"{{"extents":[{extents}],"key":[{key}],"state":"{state}","uss_base_url":"{uss_base_url}""#));
        match subscription {
            IntentSubscription::None => {}
            IntentSubscription::Existing(id) => put(json, format_args!(r#","subscription_id":"{id}""#)),
            IntentSubscription::Implicit => {
                put(json, format_args!(r#","new_subscription":{{"uss_base_url":"{uss_base_url}"}}"#));
            }
        }
        if !ovn_suffix.is_empty() {
            put(json, format_args!(r#","requested_ovn_suffix":"{ovn_suffix}""#));
        }
        json.push('}');
    }
}

/// A put of a subscription to operational intents.
pub fn subscription_body(extent: &Extent, uss_base_url: &str) -> String {
    let extents = extent.json();
    format!(r#"{{"extents":{extents},"uss_base_url":"{uss_base_url}","notify_for_operational_intents":true}}"#)
}

fn put(json: &mut String, arguments: std::fmt::Arguments) {
    json.write_fmt(arguments).expect("a string takes everything");
}
