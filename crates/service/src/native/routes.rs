//! Which operations there are: one line each; dispatch and description follow from this table.

use axum::http::Method;

/// Scope of a party of the picture; the subject of its token is its id there.
pub const PARTY_SCOPE: &str = "deconflict.party";
/// Scope of whoever runs the picture for all.
pub const OPERATOR_SCOPE: &str = "deconflict.operator";

/// Whose an operation is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whose {
    /// Parties'.
    Party,
    /// The operator's.
    Operator,
    /// Either's.
    Both,
}

/// An operation.
#[derive(Clone, Copy, Debug)]
pub struct Route {
    /// Which.
    pub operation: Operation,
    /// GET, PUT, POST or DELETE.
    pub method: &'static str,
    /// With parameters in braces.
    pub path: &'static str,
    /// Whose it is.
    pub whose: Whose,
    /// In one line.
    pub summary: &'static str,
    /// The fields of its body, each with its type and what it is; none for an operation without a body.
    pub body: &'static [(&'static str, &'static str, &'static str)],
}

macro_rules! routes {
    ($($operation:ident $method:ident $path:literal $whose:ident $summary:literal { $($field:literal: $kind:literal = $what:literal),* $(,)? })+) => {
        /// An operation of the native interface.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Operation {
            $(#[doc = $summary] $operation,)+
        }

        /// All of them.
        pub const ROUTES: &[Route] = &[$(Route {
            operation: Operation::$operation,
            method: stringify!($method),
            path: $path,
            whose: Whose::$whose,
            summary: $summary,
            body: &[$(($field, $kind, $what)),*],
        }),+];
    };
}

routes! {
    GetStatus GET "/api/v1/status" Both "Who you are here, what time it is in the picture, and your latest event" {}
    GetFrame GET "/api/v1/frame" Operator "Everything of the picture but claims" {}
    SetFrame PUT "/api/v1/frame" Operator "Set everything of the picture but claims" {
        "plan": "object" = "a plan file in JSON, without claims",
        "settings": "object?" = "how the picture is run",
    }
    SetClock PUT "/api/v1/clock" Operator "In an exercise, set the time of the picture" { "now": "string" = "an instant in RFC 3339" }
    GetPicture GET "/api/v1/picture" Both "The picture as a plan: your own claims, and those that you may see whole" {}
    GetScene GET "/api/v1/scene" Both "What a page with a map draws for you: your own claims, and those that you may see whole" {}
    FileClaims POST "/api/v1/claims" Both "File claims, all of them or none" { "claims": "array" = "each as for one claim" }
    GetClaims GET "/api/v1/claims" Party "Your claims, and what others let you know of theirs" {}
    FileClaim PUT "/api/v1/claims/{claim}" Party "File one claim" {
        "claim": "object" = "the claim as a plan file has it",
        "disclosure": "object?" = "what others may know of it; sealed if nothing is said",
        "replaces": "integer?" = "the version that it replaces, 0 for none",
    }
    GetClaim GET "/api/v1/claims/{claim}" Party "One of your claims, or one that you may see whole; reading a protected site of another is written down for its owner" {}
    GetAccess GET "/api/v1/claims/{claim}/access" Party "Who has read a protected site of yours, whom you let, and from whom you withdrew it" {}
    WithdrawClaim DELETE "/api/v1/claims/{claim}" Party "A claim of yours ends" {}
    DiscloseClaim PUT "/api/v1/claims/{claim}/disclosure" Party "Set what others may know of a claim" {
        "others": "string?" = "sealed, existence, conflict-only or full, towards everybody who is not named",
        "to": "object?" = "the same by party",
    }
    SetClaimState PUT "/api/v1/claims/{claim}/state" Party "Say what became of a claim" {
        "state": "string" = "planned, under-way or off-plan",
    }
    ReportPosition POST "/api/v1/claims/{claim}/reports" Party "Say where it was: its times are counted from there" {
        "at": "string" = "when, in RFC 3339",
        "lat": "number" = "latitude, degrees",
        "lng": "number" = "longitude, degrees",
    }
    GetFindings GET "/api/v1/findings" Party "The findings that stand, as you were told them" {}
    GetProposals GET "/api/v1/findings/{finding}/proposals" Party "The smallest changes that would settle a finding, from what you may know" {}
    GetEvents GET "/api/v1/events" Both "What you are told: a live stream (text/event-stream) from Last-Event-ID or ?after= on, or a list" {}
    GetNotice GET "/api/v1/notices/{notice}" Party "A notice with its ladder" {}
    AnswerNotice POST "/api/v1/notices/{notice}/steps" Party "Say what became of a notice" {
        "step": "string" = "displayed, read-back, accepted or unable",
        "role": "string?" = "in which role",
        "machine": "boolean?" = "whether no person has seen it",
        "fields": "object?" = "for a read-back: the key fields, typed again",
        "signed": "object?" = "what was signed of it",
    }
    GetRelays GET "/api/v1/relays" Party "What you hold for others" {}
    PassRelay POST "/api/v1/relays/{relay}" Party "Pass on what you hold" {}
    SendMessage POST "/api/v1/messages" Party "A message to a party; stop and resume need no addressee" {
        "to": "string?" = "a party",
        "template": "string" = "notify, request, propose, counter, accept, unable, correct, suspend, stop, resume, standby or line test",
        "finding": "string?" = "the finding that it is about",
        "facts": "array?" = "at most three texts",
        "text": "string?" = "free text: not machine-checked",
        "role": "string?" = "in which role",
    }
    GetOffers GET "/api/v1/offers" Party "The offers that you made or have to answer" {}
    MakeOffer POST "/api/v1/offers" Party "Offer something about a finding" {
        "finding": "string" = "the finding",
        "changes": "array" = "changes as an agreement has them; claim is one of yours, or \"counterpart\"",
        "text": "string?" = "what it says, for people",
        "valid_until": "string?" = "until when the agreement is to hold",
        "review": "string?" = "when it is looked at again",
        "without_prejudice": "boolean?" = "whether nothing may be drawn from it for another case",
        "expires": "string?" = "when the offer ends",
        "counters": "string?" = "the offer that this one answers",
        "signed": "object?" = "the terms as signed",
    }
    DecideOffer POST "/api/v1/offers/{offer}/decision" Party "Accept or refuse an offer" {
        "accept": "boolean" = "yes or no",
        "signed": "object?" = "the terms as signed",
    }
    EndAgreement DELETE "/api/v1/offers/{offer}" Party "An agreement that came of an offer ends now" {}
    GetAgreements GET "/api/v1/agreements" Party "Agreements of the picture that you are a party of" {}
    GetMatters GET "/api/v1/matters" Party "Matters that you are a party of" {}
    RaiseMatter POST "/api/v1/matters" Party "Raise a matter" { "matter": "object" = "the matter as a plan file has it" }
    MakeStatement POST "/api/v1/statements" Party "Say what you know: it is checked, and counts when it is sent again, confirmed" {
        "statement": "object" = "the statement as a plan file has it",
        "confirmed": "boolean?" = "whether it counts",
    }
    CloseMatter POST "/api/v1/matters/{matter}/closing" Party "Give your word that a matter is closed" {}
    Heartbeat POST "/api/v1/heartbeat" Party "You are there, and have seen your events up to one" {
        "seen": "integer" = "the highest event that you have seen",
        "signed": "object?" = "the head of your stream as you sign it",
    }
    SetKey PUT "/api/v1/key" Party "The key with which you sign; it is set once" { "key": "string" = "32 bytes in base64url" }
    GetEvidence GET "/api/v1/evidence/{notice}" Party "Everything that proves what you were told of a notice, and what you said to it" {}
}

impl Route {
    /// The route of a request, with the parameter of its path, decoded.
    pub fn of<'a>(method: &Method, path: &'a str) -> Option<(&'static Self, Option<std::borrow::Cow<'a, str>>)> {
        ROUTES.iter().filter(|route| route.method == method.as_str()).find_map(|route| {
            let (mut wanted, mut given, mut parameter) = (route.path.split('/'), path.split('/'), None);
            loop {
                match (wanted.next(), given.next()) {
                    (None, None) => return Some((route, parameter)),
                    (Some(name), Some(value)) if name.starts_with('{') && !value.is_empty() => {
                        parameter = Some(crate::wire::query::percent_decoded(value)?);
                    }
                    (Some(name), Some(value)) if name == value => {}
                    _ => return None,
                }
            }
        })
    }
}
