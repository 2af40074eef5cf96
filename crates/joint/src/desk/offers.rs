//! Offers about a finding, and the agreements that come of them.
//!
//! An agreement is an entry of the plan like any other: it changes claims in a copy while it is in force, and what it hid is there again when it
//! ends. All sign the same terms. When the last one accepts, the engine is asked again, and if the finding would still be there, nothing is agreed.

use std::collections::BTreeSet;

use deconflict_plan::Edit;
use deconflict_plan::parse_time;
use deconflict_spacetime::NS_PER_S;
use serde_json::{Value, json};

use super::claims::ids_of;
use super::{Answer, Desk, Refusal};
use crate::command::Effect;
use crate::pieces::text;
use crate::request::OfferTerms;
use crate::rows::{Disclosed, Offer, OfferState};

/// How a claim of the other is named by whoever may not know it.
const COUNTERPART: &str = "counterpart";

impl Desk {
    pub(super) fn offer(
        &mut self,
        party: &str,
        terms: &OfferTerms,
        counters: Option<&str>,
        signed: Option<&Value>,
    ) -> Result<Answer, Refusal> {
        let (finding, number) = self.finding_known_as(party, &terms.finding)?;
        if let Some(counters) = counters {
            let (serial, countered) = self.offer_to_answer(party, counters)?;
            if countered.state != OfferState::Open || countered.finding != finding {
                return Err(Refusal::Conflict(format!("offer {counters} is no longer open, or about another finding")));
            }
            self.close_offer(serial, &countered, OfferState::Countered);
        }
        let (changes, owners) = self.changes_of(party, &finding, &terms.changes)?;
        let to: Vec<String> = owners.into_iter().filter(|owner| owner != party).collect();
        if to.is_empty() {
            return Err(Refusal::Conflict("all of its claims are yours: change them".to_owned()));
        }
        let (_, versions) = self.serials_and_versions(&finding);
        let expires_ns = self.instant("expires", terms.expires.as_deref())?;
        let latest_ns = self.state.now_ns.saturating_add(self.settings().offer_s.saturating_mul(NS_PER_S));
        let expires_ns = expires_ns.map_or(latest_ns, |expires_ns| expires_ns.min(latest_ns));
        self.instant("valid_until", terms.valid_until.as_deref())?;
        self.instant("review", terms.review.as_deref())?;
        let serial = self.next_serial();
        let of = |change: &Value| {
            if change["claim"].as_str().is_some_and(|claim| claim.starts_with(&format!("{party}/"))) {
                "of-offerer"
            } else {
                "of-other"
            }
        };
        let neutral_changes: Vec<Value> = changes
            .iter()
            .map(|change| {
                let mut neutral = change.clone();
                neutral["claim"] = json!(of(change));
                neutral
            })
            .collect();
        let neutral = json!({
            "changes": neutral_changes,
            "text": terms.text,
            "valid_until": terms.valid_until,
            "review": terms.review,
            "without_prejudice": terms.without_prejudice,
        });
        let offer = Offer {
            by: party.to_owned(),
            to: to.clone(),
            finding: finding.clone(),
            versions,
            terms: neutral,
            changes,
            expires_ns,
            accepted: vec![party.to_owned()],
            state: OfferState::Open,
            signed: signed.cloned().into_iter().collect(),
        };
        self.put(Effect::Offer(serial, Some(Box::new(offer.clone()))));
        for other in &to {
            let body = self.state.offer_for(other, serial, &offer, "new");
            self.event(other, &body);
        }
        let name = self.state.offer_number(party, serial);
        Ok(json!({ "offer": name, "finding": format!("F-{number}"), "terms": offer.terms, "expires": text(expires_ns) }))
    }

    /// The changes with the ids of the picture, and whose claims they are about: the finding's owners have to agree, whoever's claim moves.
    fn changes_of(&self, party: &str, finding: &str, changes: &[Value]) -> Result<(Vec<Value>, BTreeSet<String>), Refusal> {
        let found = self.live.as_ref().and_then(|live| live.finding(finding));
        let claims: Vec<String> = found.map(|found| found.claims.clone()).unwrap_or_default();
        let owners: BTreeSet<String> =
            claims.iter().filter_map(|claim| Some(self.state.claims.get(claim)?.party.clone())).collect();
        if !owners.contains(party) {
            return Err(Refusal::NotAllowed("only the owner of a claim of the finding may offer something".to_owned()));
        }
        if changes.is_empty() {
            return Err(Refusal::bad("changes", "none", "at least one change"));
        }
        let mut resolved = Vec::new();
        for (index, change) in changes.iter().enumerate() {
            let field = format!("changes[{index}].claim");
            let name = change.get("claim").and_then(Value::as_str).unwrap_or_default();
            let own = format!("{party}/{name}");
            let claim = if name == COUNTERPART {
                claims.iter().find(|claim| !claim.starts_with(&format!("{party}/"))).cloned()
            } else if claims.contains(&own) {
                Some(own)
            } else {
                claims.iter().find(|claim| *claim == name && self.state.disclosed(claim, party) == Disclosed::Full).cloned()
            };
            let Some(claim) = claim else {
                return Err(Refusal::bad(
                    &field,
                    format!("{name:?}"),
                    format!("a claim of your own in the finding, or {COUNTERPART:?}"),
                ));
            };
            let mut change = change.clone();
            change["claim"] = json!(claim);
            resolved.push(change);
        }
        Ok((resolved, owners))
    }

    fn instant(&self, field: &str, given: Option<&str>) -> Result<Option<i64>, Refusal> {
        let Some(given) = given else { return Ok(None) };
        let time = parse_time(given).map_err(|expected| Refusal::bad(field, format!("{given:?}"), expected))?;
        if time.ns() <= self.state.now_ns {
            return Err(Refusal::bad(field, given, format!("an instant after {}", text(self.state.now_ns))));
        }
        Ok(Some(time.ns()))
    }

    /// A finding by the number that a party knows it by; one that stands.
    pub(super) fn finding_known_as(&self, party: &str, name: &str) -> Result<(String, u64), Refusal> {
        let number = name.strip_prefix("F-").and_then(|number| number.parse().ok());
        let known = number.and_then(|number| self.state.finding_numbered(party, number)).filter(|(_, told)| told.open);
        // What waits with an intermediary is not known yet.
        let waits = |id: &String| self.state.relays.values().any(|relay| relay.to == party && relay.finding == *id && relay.asks);
        let known = known.filter(|(id, told)| told.notice.is_some() || !waits(id));
        known
            .map(|(id, told)| (id.clone(), told.number))
            .ok_or_else(|| Refusal::NotFound(format!("you have no open finding {name:?}")))
    }

    /// Ends an offer without an agreement, and tells everybody concerned.
    pub(super) fn close_offer(&mut self, serial: u64, offer: &Offer, state: OfferState) {
        let offer = Offer { state, ..offer.clone() };
        self.put(Effect::Offer(serial, Some(Box::new(offer.clone()))));
        for party in std::iter::once(&offer.by).chain(&offer.to) {
            let body = self.state.offer_for(party, serial, &offer, "ended");
            self.event(party, &body);
        }
    }

    /// An offer that a party has to answer, by the name that it has for this party.
    fn offer_to_answer(&self, party: &str, name: &str) -> Result<(u64, Offer), Refusal> {
        let offer = self.state.offer_called(party, name).filter(|(_, offer)| offer.by != party);
        offer.ok_or_else(|| Refusal::NotFound(format!("you have no offer {name:?} to answer")))
    }

    pub(super) fn decide(&mut self, party: &str, name: &str, accept: bool, signed: Option<&Value>) -> Result<Answer, Refusal> {
        let (serial, offer) = self.offer_to_answer(party, name)?;
        if offer.state != OfferState::Open {
            return Err(Refusal::Conflict(format!("offer {name} is no longer open")));
        }
        if offer.expires_ns <= self.state.now_ns {
            return Err(Refusal::Conflict(format!("offer {name} has ended")));
        }
        let (_, versions) = self.serials_and_versions(&offer.finding);
        if versions != offer.versions {
            return Err(Refusal::Conflict("a claim that the offer rests on has changed; it has to be offered again".to_owned()));
        }
        if !accept {
            self.close_offer(serial, &offer, OfferState::Refused);
            return Ok(json!({ "offer": name, "state": "refused" }));
        }
        let mut accepted = offer.clone();
        if !accepted.accepted.iter().any(|known| known == party) {
            accepted.accepted.push(party.to_owned());
            accepted.signed.extend(signed.cloned());
        }
        if accepted.to.iter().any(|to| !accepted.accepted.contains(to)) {
            self.put(Effect::Offer(serial, Some(Box::new(accepted))));
            return Ok(json!({ "offer": name, "state": "open", "accepted": true }));
        }
        accepted.state = OfferState::Agreed;
        self.put(Effect::Offer(serial, Some(Box::new(accepted.clone()))));
        let id = format!("agreement-{serial}");
        let parties: BTreeSet<&String> = accepted.accepted.iter().collect();
        let mut piece = json!({
            "id": id,
            "parties": parties,
            "acknowledged": parties,
            "text": if accepted.terms["text"].as_str().unwrap_or_default().is_empty() { json!("Agreed about a finding") } else { accepted.terms["text"].clone() },
            "changes": accepted.changes,
            "valid_from": text(self.state.now_ns),
        });
        if let Some(until) = accepted.terms["valid_until"].as_str() {
            piece["valid_until"] = json!(until);
        }
        self.put(Effect::Paper("agreements".to_owned(), id.clone(), Some(piece)));
        let frame = self.read_frame()?;
        let delta = self.edit(Edit { frame: Some(Box::new(frame)), ..Edit::default() });
        if self.live.as_ref().is_some_and(|live| live.finding(&accepted.finding).is_some()) {
            return Err(Refusal::Conflict("with these changes the conflict would still be there: nothing was agreed".to_owned()));
        }
        self.tell(&ids_of(&delta));
        for other in std::iter::once(&accepted.by).chain(&accepted.to) {
            let body = self.state.offer_for(other, serial, &accepted, "agreed");
            self.event(other, &body);
        }
        Ok(json!({ "offer": name, "state": "agreed" }))
    }

    /// One of its parties ends an agreement that came of an offer, now.
    pub(super) fn end_agreement(&mut self, party: &str, name: &str) -> Result<Answer, Refusal> {
        let called = self.state.offer_called(party, name).filter(|(_, offer)| offer.state == OfferState::Agreed);
        let (serial, offer) = called.ok_or_else(|| Refusal::NotFound(format!("you have no agreement {name:?}")))?;
        self.put(Effect::Paper("agreements".to_owned(), format!("agreement-{serial}"), None));
        self.read_frame_again()?;
        self.close_offer(serial, &offer, OfferState::Ended);
        Ok(json!({ "agreement": name, "state": "ended" }))
    }
}
