//! What time brings about: what is overdue escalates, offers end, who was not heard of is silent, claims outlast their windows.

use std::collections::BTreeSet;

use deconflict_plan::model::Level;
use deconflict_plan::words;
use deconflict_plan::{Edit, Live};
use deconflict_spacetime::{NS_PER_S, Time};
use serde_json::{Value, json};

use super::claims::ids_of;
use super::{Answer, Desk, Refusal};
use crate::command::Effect;
use crate::grid;
use crate::pieces::text;
use crate::rows::{ClaimRow, ClaimState, Clock, Contact, Notice, Offer, OfferState, Relay};
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
        let notices = state.notices.values().flatten().map(|(_, notice)| notice);
        let notices = notices.filter(|notice| notice.due_ns > 0 && !notice.escalated && !notice.void && !is_answered(notice));
        let notices = notices.map(|notice| notice.due_ns);
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
        instants.map(Time::ns).filter(|ns| *ns > self.state.now_ns).min()
    }

    fn escalate_notices(&mut self) {
        let now_ns = self.state.now_ns;
        let mut late: Vec<(String, u64, Notice)> = Vec::new();
        for (party, notices) in &self.state.notices {
            for (event, notice) in notices {
                if notice.due_ns > 0 && notice.due_ns < now_ns && !notice.escalated && !notice.void && !is_answered(notice) {
                    late.push((party.clone(), *event, (**notice).clone()));
                }
            }
        }
        for (party, event, notice) in late {
            let (finding, number, level) = (notice.finding.clone(), notice.number, notice.level);
            self.put(Effect::Notice(party.clone(), event, Some(Box::new(Notice { escalated: true, ..notice }))));
            let (finding_id, level) = (format!("F-{number}"), words::level(level));
            self.event(&party, &json!({ "event": "overdue", "notice": event, "finding": finding_id, "level": level }));
            self.event(
                OPERATOR,
                &json!({ "event": "overdue", "party": party, "notice": event, "finding": finding, "level": level }),
            );
            self.tell_others_of_silence(&party, &finding);
        }
    }

    /// Those who know of the same finding without intermediaries hear that another has not answered.
    fn tell_others_of_silence(&mut self, party: &str, finding: &str) {
        let Some(live) = &self.live else { return };
        let picture = live.picture();
        let others: Vec<(String, u64)> = self
            .state
            .told
            .iter()
            .filter(|(other, _)| *other != party)
            .filter_map(|(other, rows)| Some((other.clone(), rows.get(finding).filter(|told| told.open)?.number)))
            .filter(|(other, _)| deconflict_plan::intermediaries(picture, other, party).is_some_and(|via| via.is_empty()))
            .collect();
        for (other, number) in others {
            self.event(&other, &json!({ "event": "unanswered", "finding": format!("F-{number}"), "what": "the other party has not answered in time" }));
        }
    }

    /// A relay that is overdue: the operator hears of it, and unless the plan forbids it both ends get a word without names.
    fn escalate_relays(&mut self) {
        let now_ns = self.state.now_ns;
        let late = self.state.relays.iter().filter(|(_, relay)| relay.due_ns > 0 && relay.due_ns < now_ns && !relay.escalated);
        let late: Vec<(u64, Relay)> = late.map(|(number, relay)| (*number, (**relay).clone())).collect();
        for (number, relay) in late {
            self.put(Effect::Relay(number, Some(Box::new(Relay { escalated: true, ..relay.clone() }))));
            let holder = relay.via[relay.at].clone();
            self.event(&holder, &json!({ "event": "relay", "relay": relay.event, "change": "overdue", "to": relay.to }));
            self.event(OPERATOR, &json!({ "event": "overdue", "party": holder, "relay": relay.event, "to": relay.to }));
            let Some(live) = &self.live else { continue };
            let Some(finding) = live.finding(&relay.finding).cloned() else { continue };
            if Self::forbids_anonymous(live.picture(), &finding.parties) {
                continue;
            }
            let Some(told) = self.state.told.get(&relay.to).and_then(|rows| rows.get(&relay.finding)).filter(|told| told.open)
            else {
                continue;
            };
            let body = json!({
                "event": "anonymous",
                "finding": format!("F-{}", told.number),
                "region": finding.place.as_ref().and_then(|place| grid::around(place, grid::GRID_STEP_DEG)),
                "band_m": finding.altitude_m.map(grid::band),
                "window": finding.window.map(grid::window),
                "what": "somebody else may be there; who has to tell you has not done so in time",
            });
            self.event(&relay.to, &body);
        }
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
            self.rethink_claims_of(&party);
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

/// Whether somebody said yes or no.
pub(super) fn is_answered(notice: &Notice) -> bool {
    notice.level == Level::Note
        || notice.ladder.iter().any(|step: &Value| matches!(step["step"].as_str(), Some("accepted" | "unable")))
}
