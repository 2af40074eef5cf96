//! Outcomes as bytes, for whoever keeps or forwards them. `docs/registry-commands.md` is the format.

use crate::codec::{Decode, Encode, Reader, Sink, Unreadable, coded_struct};
use crate::outcome::{
    ConstraintReference, Expired, IdentificationServiceArea, OperationalIntentReference, Outcome, Rejection, RidSubscription,
    Subscriber, Subscription, UssAvailabilityStatus,
};
use alloc::vec::Vec;

/// Version of the encoding of outcomes, its first byte.
pub const OUTCOME_VERSION: u8 = 4;

impl Outcome {
    /// The bytes of the outcome.
    pub fn encode(&self) -> Vec<u8> {
        let mut out = Vec::new();
        OUTCOME_VERSION.encode(&mut out);
        Encode::encode(self, &mut out);
        out
    }

    /// The outcome that `bytes` are.
    ///
    /// # Errors
    /// They are of another version, or no outcome.
    pub fn decode(bytes: &[u8]) -> Result<Self, Unreadable> {
        Reader::only(bytes, OUTCOME_VERSION)
    }
}

coded_struct!(OperationalIntentReference {
    id,
    manager,
    uss_availability,
    version,
    state,
    ovn,
    time,
    uss_base_url,
    subscription,
});
coded_struct!(ConstraintReference { id, manager, uss_availability, version, ovn, time, uss_base_url });
coded_struct!(Subscription {
    id,
    manager,
    version,
    notification_index,
    time,
    uss_base_url,
    notify_for_operational_intents,
    notify_for_constraints,
    implicit,
    dependents,
});
coded_struct!(Subscriber { uss_base_url, subscriptions });
coded_struct!(UssAvailabilityStatus { uss, availability, version });
coded_struct!(IdentificationServiceArea { id, owner, version, time, url });
coded_struct!(RidSubscription { id, owner, version, notification_index, time, url });
coded_struct!(Expired {
    operational_intents,
    constraints,
    subscriptions,
    identification_service_areas,
    rid_subscriptions,
    reports,
    more,
});

impl Encode for Outcome {
    fn encode(&self, out: &mut impl Sink) {
        match self {
            Self::OperationalIntentPut { reference, subscribers } => (1u8, (reference, subscribers)).encode(out),
            Self::OperationalIntentDeleted { reference, subscribers } => (2u8, (reference, subscribers)).encode(out),
            Self::ConstraintPut { reference, subscribers } => (3u8, (reference, subscribers)).encode(out),
            Self::ConstraintDeleted { reference, subscribers } => (4u8, (reference, subscribers)).encode(out),
            Self::SubscriptionPut { subscription, operational_intents, constraints } => {
                (5u8, (subscription, (operational_intents, constraints))).encode(out);
            }
            Self::SubscriptionDeleted { subscription } => (6u8, subscription).encode(out),
            Self::UssAvailabilitySet(status) => (7u8, status).encode(out),
            Self::ReportFiled { id } => (8u8, id).encode(out),
            Self::Expired(expired) => (9u8, expired).encode(out),
            Self::IdentificationServiceAreaPut { service_area, subscribers } => {
                (10u8, (service_area, subscribers)).encode(out);
            }
            Self::IdentificationServiceAreaDeleted { service_area, subscribers } => {
                (11u8, (service_area, subscribers)).encode(out);
            }
            Self::RidSubscriptionPut { subscription, service_areas } => (12u8, (subscription, service_areas)).encode(out),
            Self::RidSubscriptionDeleted { subscription } => (13u8, subscription).encode(out),
            Self::OptionsSet(options) => (14u8, options).encode(out),
            Self::Carried => 15u8.encode(out),
            Self::Rejected(rejection) => (255u8, rejection).encode(out),
        }
    }
}

impl Decode for Outcome {
    fn decode(input: &mut Reader) -> Result<Self, Unreadable> {
        Ok(match u8::decode(input)? {
            1 => {
                let (reference, subscribers) = Decode::decode(input)?;
                Self::OperationalIntentPut { reference, subscribers }
            }
            2 => {
                let (reference, subscribers) = Decode::decode(input)?;
                Self::OperationalIntentDeleted { reference, subscribers }
            }
            3 => {
                let (reference, subscribers) = Decode::decode(input)?;
                Self::ConstraintPut { reference, subscribers }
            }
            4 => {
                let (reference, subscribers) = Decode::decode(input)?;
                Self::ConstraintDeleted { reference, subscribers }
            }
            5 => {
                let (subscription, (operational_intents, constraints)) = Decode::decode(input)?;
                Self::SubscriptionPut { subscription, operational_intents, constraints }
            }
            6 => Self::SubscriptionDeleted { subscription: Decode::decode(input)? },
            7 => Self::UssAvailabilitySet(Decode::decode(input)?),
            8 => Self::ReportFiled { id: Decode::decode(input)? },
            9 => Self::Expired(Decode::decode(input)?),
            10 => {
                let (service_area, subscribers) = Decode::decode(input)?;
                Self::IdentificationServiceAreaPut { service_area, subscribers }
            }
            11 => {
                let (service_area, subscribers) = Decode::decode(input)?;
                Self::IdentificationServiceAreaDeleted { service_area, subscribers }
            }
            12 => {
                let (subscription, service_areas) = Decode::decode(input)?;
                Self::RidSubscriptionPut { subscription, service_areas }
            }
            13 => Self::RidSubscriptionDeleted { subscription: Decode::decode(input)? },
            14 => Self::OptionsSet(Decode::decode(input)?),
            15 => Self::Carried,
            255 => Self::Rejected(Decode::decode(input)?),
            _ => return Err(input.invalid("a known kind of outcome before this place")),
        })
    }
}

/// The variants without contents in one table; the others are written out.
macro_rules! rejections {
    ($($tag:literal = $variant:ident),+ $(,)?) => {
        impl Encode for Rejection {
            fn encode(&self, out: &mut impl Sink) {
                match self {
                    $(Self::$variant => ($tag as u8).encode(out),)+
                    Self::TransitionNotAllowed { from, to } => (101u8, (from, to)).encode(out),
                    Self::MissingOvns { operational_intents, constraints } => {
                        (102u8, (operational_intents, constraints)).encode(out);
                    }
                    Self::DependentsNotCovered { operational_intent } => (103u8, operational_intent).encode(out),
                    Self::QuotaReached { quota, held, limit } => (104u8, (quota, (held, limit))).encode(out),
                }
            }
        }

        impl Decode for Rejection {
            fn decode(input: &mut Reader) -> Result<Self, Unreadable> {
                Ok(match u8::decode(input)? {
                    $($tag => Self::$variant,)+
                    101 => {
                        let (from, to) = Decode::decode(input)?;
                        Self::TransitionNotAllowed { from, to }
                    }
                    102 => {
                        let (operational_intents, constraints) = Decode::decode(input)?;
                        Self::MissingOvns { operational_intents, constraints }
                    }
                    103 => Self::DependentsNotCovered { operational_intent: Decode::decode(input)? },
                    104 => {
                        let (quota, (held, limit)) = Decode::decode(input)?;
                        Self::QuotaReached { quota, held, limit }
                    }
                    _ => return Err(input.invalid("a known kind of rejection before this place")),
                })
            }
        }
    };
}
rejections! {
    1 = EndInPast,
    2 = FirstStateNotAccepted,
    3 = OvnSuffixNotCurrent,
    4 = OvnSuffixSpent,
    5 = SubscriptionRequired,
    6 = NotManager,
    7 = UpdateOfUnknown,
    8 = ConstraintUpdateOfUnknown,
    9 = DeleteOfUnknown,
    10 = UssDown,
    11 = AlreadyExists,
    12 = OvnMismatch,
    13 = UnknownSubscription,
    14 = NotManagerOfSubscription,
    15 = SubscriptionNotForOperationalIntents,
    16 = SubscriptionDoesNotCover,
    17 = VersionsExhausted,
    18 = NothingToNotify,
    19 = VersionMismatch,
    20 = StartInPast,
    21 = SpanNotAscending,
    22 = SubscriptionTooLong,
    23 = HasDependents,
    24 = FreshIdTaken,
    25 = EndRequired,
    26 = TooManySubscriptions,
}
