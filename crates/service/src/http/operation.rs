//! Which operation a request means, and whose it may be. One line per operation; everything else follows from this table.

use crate::wire::interuss;
use crate::wire::query::percent_decoded;
use axum::http::Method;
use deconflict_astm as astm;
use std::borrow::Cow;

/// Scope of those who plan flights.
pub const STRATEGIC_COORDINATION: &str = "utm.strategic_coordination";
/// Scope of those who make constraints.
pub const CONSTRAINT_MANAGEMENT: &str = "utm.constraint_management";
/// Scope of those who heed constraints.
pub const CONSTRAINT_PROCESSING: &str = "utm.constraint_processing";
/// Scope of those who watch whether flights conform; it is needed to declare that one does not.
pub const CONFORMANCE_MONITORING_SA: &str = "utm.conformance_monitoring_sa";
/// Scope of those who declare USSs down.
pub const AVAILABILITY_ARBITRATION: &str = "utm.availability_arbitration";

/// Scope of those who watch the pool of DSS instances.
pub const POOL_STATUS_READ: &str = "interuss.pool_status.read";
/// Scope of those who say that an instance is alive.
pub const POOL_STATUS_HEARTBEAT_WRITE: &str = "interuss.pool_status.heartbeat.write";
/// Scope of those who ask which version of a system runs.
pub const READ_SYSTEM_VERSIONS: &str = "interuss.versioning.read_system_versions";
/// Scope of display providers of F3411-22a.
pub const RID_DISPLAY_PROVIDER: &str = "rid.display_provider";
/// Scope of service providers of F3411-22a.
pub const RID_SERVICE_PROVIDER: &str = "rid.service_provider";
/// Scope of F3411-19 of those who look for areas and subscribe to them.
pub const DSS_READ_AREAS: &str = "dss.read.identification_service_areas";
/// Scope of F3411-19 of those who make areas.
pub const DSS_WRITE_AREAS: &str = "dss.write.identification_service_areas";

/// Every scope of F3548.
pub const SCOPES: [&str; 5] =
    [STRATEGIC_COORDINATION, CONSTRAINT_MANAGEMENT, CONSTRAINT_PROCESSING, CONFORMANCE_MONITORING_SA, AVAILABILITY_ARBITRATION];

macro_rules! operations {
    ($($family:literal below $prefix:literal in $table:path { $($name:ident = $id:literal: $($scope:ident)|+;)+ })+) => {
        /// An operation that needs a token.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Operation {
            $($(#[doc = concat!("`", $id, "`, below `", $prefix, "`")] $name,)+)+
        }

        impl Operation {
            /// All of them.
            pub const ALL: [Self; COUNT] = [$($(Self::$name,)+)+];

            /// Whether it only looks at what the log says. What is asked about the service itself it answers as it knows it.
            pub fn reads(self) -> bool {
                let astm::Operation { id, method, path, .. } = self.standard();
                let is_of_service = path.starts_with("/aux/") || path.starts_with("/versions/");
                !is_of_service && (matches!(method, astm::Method::Get) || id.starts_with("query"))
            }

            /// The scopes of which one suffices. F3548 also knows a combination for puts of intents
            /// (strategic coordination and constraint processing); it contains one that suffices.
            pub const fn scopes(self) -> &'static [&'static str] {
                match self {
                    $($(Self::$name => &[$($scope),+],)+)+
                }
            }

            /// Its method, path and statuses, as its description has them.
            pub const fn standard(self) -> &'static astm::Operation {
                match self {
                    $($(Self::$name => const { found(&$table, $id) },)+)+
                }
            }

            /// A name that no other has: the one in its description, after that of the description if it is not F3548.
            pub const fn name(self) -> &'static str {
                match self {
                    $($(Self::$name => concat!($family, $id),)+)+
                }
            }

            /// What stands before the path of its description.
            const fn prefix(self) -> &'static str {
                match self {
                    $($(Self::$name => $prefix,)+)+
                }
            }
        }

        const COUNT: usize = [$($($id,)+)+].len();

        /// The tables, each with how many of its operations are above.
        #[cfg(test)]
        const TABLES: &[(&[astm::Operation], usize)] = &[$((&$table, [$($id,)+].len()),)+];
    };
}

operations! {
    "" below "" in astm::DSS_OPERATIONS {
        QueryOperationalIntentReferences = "queryOperationalIntentReferences": STRATEGIC_COORDINATION | CONFORMANCE_MONITORING_SA;
        GetOperationalIntentReference = "getOperationalIntentReference": STRATEGIC_COORDINATION | CONFORMANCE_MONITORING_SA;
        CreateOperationalIntentReference = "createOperationalIntentReference": STRATEGIC_COORDINATION | CONFORMANCE_MONITORING_SA;
        UpdateOperationalIntentReference = "updateOperationalIntentReference": STRATEGIC_COORDINATION | CONFORMANCE_MONITORING_SA;
        DeleteOperationalIntentReference = "deleteOperationalIntentReference": STRATEGIC_COORDINATION | CONFORMANCE_MONITORING_SA;
        QueryConstraintReferences = "queryConstraintReferences": CONSTRAINT_MANAGEMENT | CONSTRAINT_PROCESSING;
        GetConstraintReference = "getConstraintReference": CONSTRAINT_MANAGEMENT | CONSTRAINT_PROCESSING;
        CreateConstraintReference = "createConstraintReference": CONSTRAINT_MANAGEMENT;
        UpdateConstraintReference = "updateConstraintReference": CONSTRAINT_MANAGEMENT;
        DeleteConstraintReference = "deleteConstraintReference": CONSTRAINT_MANAGEMENT;
        QuerySubscriptions = "querySubscriptions": CONSTRAINT_PROCESSING | STRATEGIC_COORDINATION;
        GetSubscription = "getSubscription": CONSTRAINT_PROCESSING | STRATEGIC_COORDINATION;
        CreateSubscription = "createSubscription": CONSTRAINT_PROCESSING | STRATEGIC_COORDINATION;
        UpdateSubscription = "updateSubscription": CONSTRAINT_PROCESSING | STRATEGIC_COORDINATION;
        DeleteSubscription = "deleteSubscription": CONSTRAINT_PROCESSING | STRATEGIC_COORDINATION;
        MakeDssReport = "makeDssReport": CONSTRAINT_MANAGEMENT | CONSTRAINT_PROCESSING | STRATEGIC_COORDINATION
            | CONFORMANCE_MONITORING_SA | AVAILABILITY_ARBITRATION;
        SetUssAvailability = "setUssAvailability": AVAILABILITY_ARBITRATION;
        GetUssAvailability = "getUssAvailability": AVAILABILITY_ARBITRATION | STRATEGIC_COORDINATION | CONFORMANCE_MONITORING_SA;
    }
    "ridV2_" below "/rid/v2" in astm::rid_v2::DSS_OPERATIONS {
        RidV2SearchAreas = "searchIdentificationServiceAreas": RID_DISPLAY_PROVIDER;
        RidV2GetArea = "getIdentificationServiceArea": RID_DISPLAY_PROVIDER | RID_SERVICE_PROVIDER;
        RidV2CreateArea = "createIdentificationServiceArea": RID_SERVICE_PROVIDER;
        RidV2UpdateArea = "updateIdentificationServiceArea": RID_SERVICE_PROVIDER;
        RidV2DeleteArea = "deleteIdentificationServiceArea": RID_SERVICE_PROVIDER;
        RidV2SearchSubscriptions = "searchSubscriptions": RID_DISPLAY_PROVIDER;
        RidV2GetSubscription = "getSubscription": RID_DISPLAY_PROVIDER | RID_SERVICE_PROVIDER;
        RidV2CreateSubscription = "createSubscription": RID_DISPLAY_PROVIDER;
        RidV2UpdateSubscription = "updateSubscription": RID_DISPLAY_PROVIDER;
        RidV2DeleteSubscription = "deleteSubscription": RID_DISPLAY_PROVIDER;
    }
    "ridV1_" below "" in astm::rid_v1::DSS_OPERATIONS {
        RidV1SearchAreas = "searchIdentificationServiceAreas": DSS_READ_AREAS;
        RidV1GetArea = "getIdentificationServiceArea": DSS_READ_AREAS;
        RidV1CreateArea = "createIdentificationServiceArea": DSS_WRITE_AREAS;
        RidV1UpdateArea = "updateIdentificationServiceArea": DSS_WRITE_AREAS;
        RidV1DeleteArea = "deleteIdentificationServiceArea": DSS_WRITE_AREAS;
        RidV1SearchSubscriptions = "searchSubscriptions": DSS_READ_AREAS;
        RidV1GetSubscription = "getSubscription": DSS_READ_AREAS | DSS_WRITE_AREAS;
        RidV1CreateSubscription = "createSubscription": DSS_READ_AREAS;
        RidV1UpdateSubscription = "updateSubscription": DSS_READ_AREAS;
        RidV1DeleteSubscription = "deleteSubscription": DSS_READ_AREAS;
    }
    "aux_" below "" in interuss::AUX_OPERATIONS {
        ValidateOauth = "validateOauth": DSS_READ_AREAS | DSS_WRITE_AREAS;
        GetPool = "getPool": POOL_STATUS_READ;
        GetDssInstances = "getDSSInstances": POOL_STATUS_READ;
        PutHeartbeat = "putDSSInstancesHeartbeat": POOL_STATUS_HEARTBEAT_WRITE;
        GetGlobalOptions = "getGlobalOptions": POOL_STATUS_READ;
    }
    "versioning_" below "" in interuss::VERSIONING_OPERATIONS {
        GetSystemVersion = "getVersion": READ_SYSTEM_VERSIONS;
    }
    // Clients with a base URL of their own for this description have put it there.
    "versioning_below_" below "/versioning" in interuss::VERSIONING_OPERATIONS {
        GetSystemVersionBelow = "getVersion": READ_SYSTEM_VERSIONS;
    }
}

/// The operation with this name, which a table must have for the program to compile.
const fn found(table: &'static [astm::Operation], id: &str) -> &'static astm::Operation {
    let mut at = 0;
    while !is_same(table[at].id.as_bytes(), id.as_bytes()) {
        at += 1;
    }
    &table[at]
}

const fn is_same(one: &[u8], other: &[u8]) -> bool {
    let mut at = 0;
    while at < one.len() && at < other.len() && one[at] == other[at] {
        at += 1;
    }
    at == one.len() && at == other.len()
}

/// An operation that is asked for, with the parameters of its path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call<'a> {
    /// Which.
    pub operation: Operation,
    /// The first and second parameter, decoded; empty if the path has none, or an empty one.
    pub parameters: [Cow<'a, str>; 2],
}

impl Operation {
    /// Where it is found, with parameters in braces.
    pub fn path(self) -> String {
        format!("{}{}", self.prefix(), self.standard().path)
    }
}

impl<'a> Call<'a> {
    /// What a request asks for; `None` if no operation has this method and path.
    pub fn of(method: &Method, path: &'a str) -> Option<Self> {
        let method = match *method {
            Method::GET => astm::Method::Get,
            Method::PUT => astm::Method::Put,
            Method::POST => astm::Method::Post,
            Method::DELETE => astm::Method::Delete,
            _ => return None,
        };
        Operation::ALL.into_iter().filter(|operation| operation.standard().method == method).find_map(|operation| {
            let parameters = parameters(operation.standard().path, path.strip_prefix(operation.prefix())?)?;
            let [first, second] = parameters.map(percent_decoded);
            Some(Self { operation, parameters: [first?, second?] })
        })
    }
}

/// The parameters of `path`, if it is one of `template`. A parameter may be empty: the handler says what is missing.
fn parameters<'a>(template: &str, path: &'a str) -> Option<[&'a str; 2]> {
    let (mut wanted, mut given) = (template.split('/'), path.split('/'));
    let (mut parameters, mut found) = ([""; 2], 0);
    loop {
        match (wanted.next(), given.next()) {
            (None, None) => return Some(parameters),
            (Some(name), Some(value)) if name.starts_with('{') => {
                *parameters.get_mut(found)? = value;
                found += 1;
            }
            (Some(name), Some(value)) if name == value => {}
            _ => return None,
        }
    }
}

#[cfg(test)]
#[path = "operation_tests.rs"]
mod tests;
