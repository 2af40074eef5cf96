//! Which operation a request means, and whose it may be. One line per operation; everything else follows from this table.

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

/// Every scope of F3548.
pub const SCOPES: [&str; 5] =
    [STRATEGIC_COORDINATION, CONSTRAINT_MANAGEMENT, CONSTRAINT_PROCESSING, CONFORMANCE_MONITORING_SA, AVAILABILITY_ARBITRATION];

macro_rules! operations {
    ($($name:ident: $($scope:ident)|+;)+) => {
        /// An operation of a DSS, in the order of [`astm::DSS_OPERATIONS`].
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Operation {
            $(#[doc = concat!("`", stringify!($name), "`")] $name,)+
        }

        impl Operation {
            /// All of them.
            pub const ALL: [Self; astm::DSS_OPERATIONS.len()] = [$(Self::$name,)+];

            /// The scopes of which one suffices. F3548 also knows a combination for puts of intents
            /// (strategic coordination and constraint processing); it contains one that suffices.
            pub const fn scopes(self) -> &'static [&'static str] {
                match self {
                    $(Self::$name => &[$($scope),+],)+
                }
            }
        }

        /// The names in the table, for a test that holds them against the standard's.
        #[cfg(test)]
        const NAMES: [&str; Operation::ALL.len()] = [$(stringify!($name),)+];
    };
}

operations! {
    QueryOperationalIntentReferences: STRATEGIC_COORDINATION | CONFORMANCE_MONITORING_SA;
    GetOperationalIntentReference: STRATEGIC_COORDINATION | CONFORMANCE_MONITORING_SA;
    CreateOperationalIntentReference: STRATEGIC_COORDINATION | CONFORMANCE_MONITORING_SA;
    UpdateOperationalIntentReference: STRATEGIC_COORDINATION | CONFORMANCE_MONITORING_SA;
    DeleteOperationalIntentReference: STRATEGIC_COORDINATION | CONFORMANCE_MONITORING_SA;
    QueryConstraintReferences: CONSTRAINT_MANAGEMENT | CONSTRAINT_PROCESSING;
    GetConstraintReference: CONSTRAINT_MANAGEMENT | CONSTRAINT_PROCESSING;
    CreateConstraintReference: CONSTRAINT_MANAGEMENT;
    UpdateConstraintReference: CONSTRAINT_MANAGEMENT;
    DeleteConstraintReference: CONSTRAINT_MANAGEMENT;
    QuerySubscriptions: CONSTRAINT_PROCESSING | STRATEGIC_COORDINATION;
    GetSubscription: CONSTRAINT_PROCESSING | STRATEGIC_COORDINATION;
    CreateSubscription: CONSTRAINT_PROCESSING | STRATEGIC_COORDINATION;
    UpdateSubscription: CONSTRAINT_PROCESSING | STRATEGIC_COORDINATION;
    DeleteSubscription: CONSTRAINT_PROCESSING | STRATEGIC_COORDINATION;
    MakeDssReport: CONSTRAINT_MANAGEMENT | CONSTRAINT_PROCESSING | STRATEGIC_COORDINATION | CONFORMANCE_MONITORING_SA
        | AVAILABILITY_ARBITRATION;
    SetUssAvailability: AVAILABILITY_ARBITRATION;
    GetUssAvailability: AVAILABILITY_ARBITRATION | STRATEGIC_COORDINATION | CONFORMANCE_MONITORING_SA;
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
    /// Its method, path and statuses.
    pub const fn standard(self) -> &'static astm::Operation {
        &astm::DSS_OPERATIONS[self as usize]
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
            let parameters = parameters(operation.standard().path, path)?;
            let [first, second] = parameters.map(decoded);
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

/// `text` with `%2F` and its like replaced; what is no such code stays as it is. Nothing, if it is no text then: two names
/// that nobody can write must not become one.
fn decoded(text: &str) -> Option<Cow<'_, str>> {
    if !text.contains('%') {
        return Some(Cow::Borrowed(text));
    }
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&byte, after)) = rest.split_first() {
        let code = (byte == b'%').then(|| after.first_chunk::<2>().and_then(hex)).flatten();
        bytes.push(code.unwrap_or(byte));
        rest = if code.is_some() { &after[2..] } else { after };
    }
    String::from_utf8(bytes).ok().map(Cow::Owned)
}

fn hex(digits: &[u8; 2]) -> Option<u8> {
    let [high, low] = digits.map(|digit| (digit as char).to_digit(16));
    u8::try_from(high? * 16 + low?).ok()
}

#[cfg(test)]
#[path = "operation_tests.rs"]
mod tests;
