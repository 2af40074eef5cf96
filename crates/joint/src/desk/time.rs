//! What time brings about: offers end, who was not heard of is silent, claims outlast their windows.

use std::collections::BTreeSet;

use deconflict_plan::{Edit, Live, intermediaries, may_be_told};
use deconflict_spacetime::{NS_PER_S, Time};
use serde_json::{Value, json};

use super::claims::ids_of;
use super::escalation::next_escalation_ns;
use super::{Answer, Desk, Refusal};
use crate::command::Effect;
use crate::pieces::text;
use crate::rows::{ClaimRow, ClaimState, Clock, Contact, Offer, OfferState};
use crate::state::OPERATOR;

impl Desk {
    /// Sets the time of the picture, forward only.
    pub(super) fn move_clock(&mut self, now_ns: i64) {
        if now_ns <= self.state.now_ns {
            return;
        }
        self.put(Effect::Now(now_ns));
        let delta = self.edit(Edit { as_of: Some(Time::from_ns(now_ns)), ..Edit::default() });
        self.tell(&ids_of(&delta));
    }

    pub(super) fn set_clock(&mut self, now_ns: i64) -> Result<Answer, Refusal> {
        if self.settings().clock != Clock::Exercise {
            return Err(Refusal::Conflict(
                "the time of this picture is that of the service; only an exercise has its own".to_owned(),
            ));
        }
        if now_ns < self.state.now_ns {
            return Err(Refusal::bad("now", text(now_ns), format!("nothing before {}", text(self.state.now_ns))));
        }
        self.move_clock(now_ns);
        self.elapse();
        Ok(json!({ "now": text(self.state.now_ns), "next_due": self.next_due_ns().map(text) }))
    }

    /// Everything that is due happens.
    pub(super) fn elapse(&mut self) -> Answer {
        self.escalate_notices();
        self.escalate_relays();
        self.end_offers();
        self.notice_silence();
        self.notice_overdue_claims();
        json!({ "now": text(self.state.now_ns) })
    }

    /// When something will be due next; `None` where nothing waits.
    pub fn next_due_ns(&self) -> Option<i64> {
        let state = &self.state;
        let settings = self.settings();
        let notices = state.notices.values().flatten().filter_map(|(_, notice)| next_escalation_ns(notice, &settings));
        let relays = state.relays.values().filter(|relay| relay.due_ns > 0 && !relay.escalated).map(|relay| relay.due_ns);
        let offers = state.offers.values().filter(|offer| offer.state == OfferState::Open).map(|offer| offer.expires_ns);
        notices.chain(relays).chain(offers).chain(self.next_change_ns()).min()
    }

    /// When a finding gets louder or ends, as far as that is known now.
    fn next_change_ns(&self) -> Option<i64> {
        let findings = self.live.iter().flat_map(Live::findings);
        let instants = findings.flat_map(|finding| {
            let of_window = finding.window.into_iter().flat_map(|window| [window.start(), window.end().plus_ns(1)]);
            of_window.chain(finding.measures.thresholds.iter().map(|(_, _, time)| *time))
        });
        let matters = self.live.iter().flat_map(|live| &live.picture().matters).filter_map(|matter| matter.due);
        instants.chain(matters).map(Time::ns).filter(|ns| *ns > self.state.now_ns).min()
    }

    fn end_offers(&mut self) {
        let now_ns = self.state.now_ns;
        let ended = self.state.offers.iter().filter(|(_, offer)| offer.state == OfferState::Open && offer.expires_ns <= now_ns);
        let ended: Vec<(u64, Offer)> = ended.map(|(number, offer)| (*number, (**offer).clone())).collect();
        for (number, offer) in ended {
            self.close_offer(number, &offer, OfferState::Expired);
        }
    }

    /// A party that was not heard of for long: what it planned can no longer be excluded.
    fn notice_silence(&mut self) {
        let limit_ns = self.settings().silent_after_s.saturating_mul(NS_PER_S);
        let now_ns = self.state.now_ns;
        let silent = self.state.contacts.iter().filter(|(_, contact)| !contact.silent && now_ns - contact.heard_ns > limit_ns);
        let silent: Vec<(String, Contact)> = silent.map(|(party, contact)| (party.clone(), contact.clone())).collect();
        for (party, contact) in silent {
            self.put(Effect::Contact(party.clone(), Some(Contact { silent: true, ..contact.clone() })));
            self.event(
                OPERATOR,
                &json!({ "event": "contact", "party": party, "state": "silent", "heard": text(contact.heard_ns) }),
            );
            self.event(&party, &json!({ "event": "contact", "state": "silent", "what": "you were not heard of: begin nothing new before you are" }));
            let what = "it was not heard of: what it planned cannot be excluded, what it has begun stays protected";
            self.tell_neighbours(
                &party,
                &json!({ "event": "contact", "party": party, "state": "silent", "heard": text(contact.heard_ns), "what": what }),
            );
            self.rethink_claims_of(&party);
        }
    }

    /// Says something of a party to those who reach it without intermediaries.
    pub(super) fn tell_neighbours(&mut self, party: &str, body: &Value) {
        let Some(live) = &self.live else { return };
        let picture = live.picture();
        let others = picture.parties.iter().filter(|other| may_be_told(other) && other.id != party);
        let reach = others.filter(|other| intermediaries(picture, &other.id, party).is_some_and(|via| via.is_empty()));
        let reach: Vec<String> = reach.map(|other| other.id.clone()).collect();
        for other in reach {
            self.event(&other, body);
        }
    }

    /// Has the engine look at the claims of a party again.
    pub(super) fn rethink_claims_of(&mut self, party: &str) {
        let claims = self.state.claims.values().filter(|row| row.party == party);
        let keys: BTreeSet<String> = claims.map(|row| row.key()).collect();
        if !keys.is_empty() {
            // They were read before, so they can be read now.
            let _ = self.changed(&keys);
        }
    }

    /// What is under way when its window ends stays protected until its owner ends it; what was only planned is over.
    fn notice_overdue_claims(&mut self) {
        let now_ns = self.state.now_ns;
        let over = self.state.claims.values().filter(|row| row.ends_ns.is_some_and(|ends_ns| ends_ns < now_ns));
        let over: Vec<ClaimRow> = over
            .filter(|row| matches!(row.state, ClaimState::UnderWay | ClaimState::OffPlan))
            .map(|row| (**row).clone())
            .collect();
        for row in over {
            let (key, party, id) = (row.key(), row.party.clone(), row.id.clone());
            self.put(Effect::Claim(key.clone(), Some(Box::new(ClaimRow { state: ClaimState::Overdue, ..row }))));
            self.event(
                &party,
                &json!({ "event": "claim", "claim": id, "state": "overdue", "what": "end it, or file when it will end" }),
            );
            let _ = self.changed(&BTreeSet::from([key]));
        }
    }
}
