//! What each operation reads from its request, and asks of the desk or of the state.

use crate::native::answer::No;
use crate::native::dispatch::{Asked, ok};
use crate::native::evidence::About;
use crate::native::routes::Operation;
use crate::native::{evidence, stream};
use axum::body::Body;
use axum::http::{Response, header};
use deconflict_joint::{
    ClaimFiled, ClaimState, Disclosure, Message, OPERATOR, OfferTerms, Position, Request, Settings, State, Step, Who,
};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

pub async fn answer(operation: Operation, asked: Asked<'_>) -> Result<Response<Body>, No> {
    use Operation::{
        AnswerNotice, CloseMatter, DecideOffer, DiscloseClaim, EndAgreement, FileClaim, FileClaims, GetAccess, GetAgreements,
        GetClaim, GetClaims, GetEvents, GetEvidence, GetFindings, GetFrame, GetMatters, GetNotice, GetOffers, GetPicture,
        GetProposals, GetRelays, GetScene, GetStatus, Heartbeat, MakeOffer, MakeStatement, PassRelay, RaiseMatter,
        ReportPosition, SendMessage, SetClaimState, SetClock, SetFrame, SetKey, WithdrawClaim,
    };
    let id = asked.parameter.to_string();
    match operation {
        GetStatus => {
            let has_basemap = asked.service.basemap().is_some();
            asked.read(|state, me| Some(status(state, me, has_basemap)))
        }
        GetFrame => asked.read(|state, _| state.frame.as_ref().map(|frame| json!(**frame))),
        GetPicture => asked.read(|state, me| Some(if me == OPERATOR { whole_picture(state) } else { state.plan_for(me) })),
        GetClaims => asked.read(|state, me| Some(state.claims_for(me))),
        // Reading a site of another leaves a line in its log before it is answered.
        GetClaim if asked.service.node.read_joint(|state| state.site_of_another(asked.me(), &id).is_some()) => {
            asked.ask(Request::Read { id }).await
        }
        GetClaim => asked.read(|state, me| state.claim_for(me, &id)),
        GetAccess => asked.read(|state, me| state.access_for(me, &id)),
        GetFindings => asked.read(|state, me| Some(state.findings_for(me))),
        GetNotice => {
            let notice = number(&id)?;
            asked.read(|state, me| state.notice_for(me, notice))
        }
        GetRelays => asked.read(|state, me| Some(state.relays_for(me))),
        GetOffers => asked.read(|state, me| Some(state.offers_for(me))),
        GetAgreements => asked.read(|state, me| Some(state.papers_for(me, "agreements"))),
        GetMatters => asked.read(|state, me| Some(state.papers_for(me, "matters"))),
        GetEvidence => {
            let notice = number(&id)?;
            asked.read(|state, me| evidence::bundle(state, me, notice, asked.service.evidence_key()))
        }
        GetEvents => stream::events(&asked),
        GetProposals => {
            let me = asked.me().to_owned();
            let proposals = asked.service.joint.look(move |desk| desk.proposals(&me, &id)).await?;
            Ok(ok(&proposals.map_err(|refusal| No::NotDone(crate::native::desk::NotDone::Refused(refusal)))?))
        }
        GetScene => {
            let me = asked.me().to_owned();
            let scene = asked.service.joint.look(move |desk| desk.scene(&me)).await?;
            let scene = scene.ok_or(No::NotThere)?;
            // Whoever files does not wait for somebody else's map.
            let drawn = tokio::task::spawn_blocking(move || scene.into_json()).await;
            Ok(ok(&drawn.map_err(|_| No::Panicked)?))
        }
        SetFrame => {
            let Framed { plan, settings } = asked.body()?;
            asked.ask(Request::SetFrame { plan, settings }).await
        }
        SetClock => {
            let Now { now } = asked.body()?;
            let now_ns = instant("now", &now)?;
            asked.ask(Request::SetClock { now_ns }).await
        }
        FileClaims => {
            let Filed { claims } = asked.body()?;
            asked.ask(Request::File(claims)).await
        }
        FileClaim => {
            let mut filed: ClaimFiled = asked.body()?;
            match filed.claim.as_object_mut() {
                Some(fields) if fields.get("id").is_none_or(|named| *named == id) => {
                    drop(fields.insert("id".to_owned(), json!(id)))
                }
                Some(_) => return Err(form("claim.id", "another id than in the path", "the same, or none")),
                None => return Err(form("claim", "no object", "a claim as a plan file has it")),
            }
            asked.ask(Request::File(vec![filed])).await
        }
        WithdrawClaim => asked.ask(Request::Withdraw { id }).await,
        DiscloseClaim => {
            let disclosure: Disclosure = asked.body()?;
            asked.ask(Request::Disclose { id, disclosure }).await
        }
        SetClaimState => {
            let Stated { state } = asked.body()?;
            asked.ask(Request::SetState { id, state }).await
        }
        ReportPosition => {
            let Reported { at, lat, lng } = asked.body()?;
            let position = Position { at_ns: instant("at", &at)?, lat, lng };
            asked.ask(Request::Report { id, position }).await
        }
        AnswerNotice => {
            let (notice, step): (u64, Step) = (number(&id)?, asked.body()?);
            evidence::check_signed(&asked, step.signed.as_ref(), &About::Step { notice, step: &step.step })?;
            asked.ask(Request::Answer { notice, step }).await
        }
        PassRelay => {
            let relay = number(&id)?;
            asked.ask(Request::Pass { relay }).await
        }
        SendMessage => {
            let message: Message = asked.body()?;
            asked.ask(Request::Send(message)).await
        }
        MakeOffer => {
            let mut body: Value = asked.body()?;
            let taken = |body: &mut Value, field: &str| body.as_object_mut().and_then(|fields| fields.remove(field));
            let (counters, signed) = (taken(&mut body, "counters"), taken(&mut body, "signed"));
            let counters = counters.and_then(|counters| counters.as_str().map(str::to_owned));
            evidence::check_signed(&asked, signed.as_ref(), &About::Offer)?;
            let terms: OfferTerms = serde_path_to_error::deserialize(body).map_err(|error| unfit(&error))?;
            asked.ask(Request::Offer { terms, counters, signed }).await
        }
        DecideOffer => {
            let Decided { accept, signed } = asked.body()?;
            evidence::check_signed(&asked, signed.as_ref(), &About::Decision { accept })?;
            asked.ask(Request::Decide { offer: id, accept, signed }).await
        }
        EndAgreement => asked.ask(Request::EndAgreement { id }).await,
        RaiseMatter => {
            let Raised { matter } = asked.body()?;
            asked.ask(Request::Raise(matter)).await
        }
        MakeStatement => {
            let Said { statement, confirmed } = asked.body()?;
            asked.ask(Request::State { statement, confirmed }).await
        }
        CloseMatter => asked.ask(Request::Close { id }).await,
        Heartbeat => {
            let Beat { seen, signed } = asked.body()?;
            evidence::check_signed(&asked, signed.as_ref(), &About::Head)?;
            let mut answer = asked.service.joint.ask(asked.who.clone(), Request::Heartbeat { seen, signed }).await?;
            let head =
                asked.service.node.read_joint(|state| evidence::signed_head(state, asked.me(), asked.service.evidence_key()));
            answer["head"] = json!(head);
            Ok(ok(&answer))
        }
        SetKey => {
            let Keyed { key } = asked.body()?;
            evidence::check_key(&key)?;
            asked.ask(Request::SetKey { key }).await
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Framed {
    plan: Value,
    #[serde(default)]
    settings: Settings,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Now {
    now: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Filed {
    claims: Vec<ClaimFiled>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Stated {
    state: ClaimState,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Reported {
    at: String,
    lat: f64,
    lng: f64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Decided {
    accept: bool,
    #[serde(default)]
    signed: Option<Value>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Raised {
    matter: Value,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Said {
    statement: Value,
    #[serde(default)]
    confirmed: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Beat {
    seen: u64,
    #[serde(default)]
    signed: Option<Value>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Keyed {
    key: String,
}

impl Asked<'_> {
    /// The recipient whose stream and reads these are.
    pub fn me(&self) -> &str {
        match &self.who {
            Who::Party(id) => id,
            Who::Operator | Who::Service => OPERATOR,
        }
    }

    async fn ask(&self, request: Request) -> Result<Response<Body>, No> {
        Ok(ok(&self.service.joint.ask(self.who.clone(), request).await?))
    }

    fn read(&self, read: impl FnOnce(&State, &str) -> Option<Value>) -> Result<Response<Body>, No> {
        let body = self.service.node.read_joint(|state| read(state, self.me()));
        body.map(|body| ok(&body)).ok_or(No::NotThere)
    }

    /// The body as what it has to be.
    fn body<T: DeserializeOwned>(&self) -> Result<T, No> {
        let mut reader = serde_json::Deserializer::from_slice(&self.body);
        let body = serde_path_to_error::deserialize(&mut reader).map_err(|error| unfit(&error))?;
        reader.end().map_err(|error| form("", &error.to_string(), "one JSON object"))?;
        Ok(body)
    }

    /// A header as text.
    pub fn header(&self, name: &header::HeaderName) -> Option<&str> {
        self.head.headers.get(name)?.to_str().ok()
    }
}

fn status(state: &State, me: &str, has_basemap: bool) -> Value {
    let heard = |(party, contact): (&String, &deconflict_joint::Contact)| {
        let said = json!({ "latest_event": state.latest(party), "seen": contact.seen, "silent": contact.silent });
        (party.clone(), said)
    };
    let parties: Option<serde_json::Map<String, Value>> = (me == OPERATOR).then(|| state.contacts.iter().map(heard).collect());
    let head = state.streams.get(me).and_then(|stream| stream.hashes.last());
    json!({
        "you": me,
        "now": (state.frame.is_some()).then(|| deconflict_joint::time_text(state.now_ns)),
        "clock": state.frame.as_ref().map(|frame| frame.settings.clock),
        "latest_event": state.latest(me),
        "head": head.map(ToString::to_string),
        "others": (me != OPERATOR).then(|| state.contacts_for(me)),
        "key": state.keys.get(me),
        "parties": parties,
        "basemap": has_basemap.then_some("/basemap.pmtiles"),
    })
}

/// The whole picture, for whoever runs it, but for protected sites of parties.
fn whole_picture(state: &State) -> Value {
    let mut plan = state.frame.as_ref().map_or_else(|| json!({}), |frame| frame.plan.clone());
    // Sites of parties leave the service one by one only, and are written down.
    let claims = state.claims.values().filter(|row| !row.is_site() || row.party == OPERATOR);
    plan["claims"] = claims.map(|row| row.piece.clone()).collect();
    plan
}

fn number(text: &str) -> Result<u64, No> {
    text.parse().map_err(|_| No::NotThere)
}

fn instant(field: &str, text: &str) -> Result<i64, No> {
    deconflict_joint::time_of(text).map_err(|expected| form(field, text, &expected))
}

pub fn form(field: &str, found: &str, expected: &str) -> No {
    No::Form(vec![(field.to_owned(), found.to_owned(), expected.to_owned())])
}

fn unfit<E: std::fmt::Display>(error: &serde_path_to_error::Error<E>) -> No {
    let path = error.path().to_string();
    form(if path == "." { "" } else { &path }, &error.inner().to_string(), "what /api/v1/openapi.json says of this body")
}
