//! The description of an ED-269 zone, as far as a constraint of F3548 carries it. No geometry: that is in the constraint.

use crate::object::objects;
use serde::{Deserialize, Serialize};

objects!(Authority, GeoZoneAdditionalProperties, GeoZone);

/// What a zone asks of those who fly in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum CodeZoneType {
    /// The same for everybody.
    #[serde(rename = "COMMON")]
    Common,
    /// Made for one aircraft or operator.
    #[serde(rename = "CUSTOMIZED")]
    Customized,
    /// Nobody may fly.
    #[serde(rename = "PROHIBITED")]
    Prohibited,
    /// Only with an authorisation.
    #[serde(rename = "REQ_AUTHORISATION")]
    ReqAuthorisation,
    /// Only under conditions.
    #[serde(rename = "CONDITIONAL")]
    Conditional,
    /// Nothing is asked.
    #[serde(rename = "NO_RESTRICTION")]
    NoRestriction,
}

/// Why there is a zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum CodeZoneReasonType {
    /// Other air traffic.
    #[serde(rename = "AIR_TRAFFIC")]
    AirTraffic,
    /// A sensitive place.
    #[serde(rename = "SENSITIVE")]
    Sensitive,
    /// Privacy.
    #[serde(rename = "PRIVACY")]
    Privacy,
    /// People on the ground.
    #[serde(rename = "POPULATION")]
    Population,
    /// Nature.
    #[serde(rename = "NATURE")]
    Nature,
    /// Noise.
    #[serde(rename = "NOISE")]
    Noise,
    /// Foreign territory.
    #[serde(rename = "FOREIGN_TERRITORY")]
    ForeignTerritory,
    /// An emergency.
    #[serde(rename = "EMERGENCY")]
    Emergency,
    /// Something else.
    #[serde(rename = "OTHER")]
    Other,
}

/// What an authority does about a zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum CodeAuthorityRole {
    /// It authorises flights.
    #[serde(rename = "AUTHORIZATION")]
    Authorization,
    /// It is told of flights.
    #[serde(rename = "NOTIFICATION")]
    Notification,
    /// It gives information.
    #[serde(rename = "INFORMATION")]
    Information,
}

/// An authority that is in charge of a zone. At least one of its addresses is expected.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(remote = "Self")]
pub struct Authority {
    /// Its name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The service within it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub service: Option<String>,
    /// Whom to ask for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contact_name: Option<String>,
    /// Its web site.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub site_url: Option<String>,
    /// Its e-mail address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// Its telephone number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// Its role.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub purpose: Option<CodeAuthorityRole>,
    /// How long before a flight it wants to hear: an ISO 8601 duration.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub interval_before: Option<String>,
}

/// Room for national additions; none is defined, and none is kept.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(remote = "Self")]
pub struct GeoZoneAdditionalProperties {}

/// A zone of ED-269.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(remote = "Self")]
pub struct GeoZone {
    /// Unique within the country, at most 7 characters.
    pub identifier: String,
    /// ISO 3166-1 alpha-3 code.
    pub country: String,
    /// Who is in charge.
    pub zone_authority: Vec<Authority>,
    /// Name in common use.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// What it asks.
    pub r#type: CodeZoneType,
    /// Whether flying is forbidden, conditional or free.
    pub restriction: String,
    /// Under which conditions the zone may be used.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub restriction_conditions: Option<Vec<String>>,
    /// Region within the country.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub region: Option<u16>,
    /// Why there is a zone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<Vec<CodeZoneReasonType>>,
    /// Why, if no reason of the list fits.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub other_reason_info: Option<String>,
    /// Whether exemptions from regulations are possible: a text, not a boolean.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub regulation_exemption: Option<String>,
    /// Class of U-space.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub u_space_class: Option<String>,
    /// What to show to pilots.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// National additions.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub additional_properties: Option<GeoZoneAdditionalProperties>,
}
