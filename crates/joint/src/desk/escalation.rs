//! What is overdue gets around: first to whoever knows of the same thing and reaches the silent one directly, then to whoever knows of it at
//! all, through those in between, and at last to the operator alone, who has a telephone.
//!
//! Nobody hears of anything here that it did not know of: who answers what is nobody else's business.

use deconflict_plan::model::Level;
use deconflict_plan::words;
use deconflict_spacetime::NS_PER_S;
use serde_json::{Value, json};

use super::Desk;
use crate::command::Effect;
use crate::grid;
use crate::rows::{Notice, Relay, Settings};
use crate::state::OPERATOR;

/// So often it is said that nobody answers; each time after the time that its level has.
const STEPS: u8 = 3;
/// From this step on, those hear of it, too, who reach the silent one only through others.
const THROUGH_OTHERS: u8 = 2;

impl Desk {
    pub(super) fn escalate_notices(&mut self) {
        let (now_ns, settings) = (self.state.now_ns, self.settings());
        let mut late: Vec<(String, u64, Notice)> = Vec::new();
        for (party, notices) in &self.state.notices {
            for (event, notice) in notices {
                if next_escalation_ns(notice, &settings).is_some_and(|next_ns| next_ns < now_ns) {
                    late.push((party.clone(), *event, (**notice).clone()));
                }
            }
        }
        for (party, event, mut notice) in late {
            let before = notice.escalated;
            // Where much time has passed at once, the steps in between are not said one after the other.
            while next_escalation_ns(&notice, &settings).is_some_and(|next_ns| next_ns < now_ns) {
                notice.escalated += 1;
            }
            let (step, finding, level) = (notice.escalated, notice.finding.clone(), words::level(notice.level));
            let number = format!("F-{}", notice.number);
            self.put(Effect::Notice(party.clone(), event, Some(Box::new(notice))));
            self.event(&party, &json!({ "event": "overdue", "notice": event, "finding": number, "level": level, "step": step }));
            let mut word =
                json!({ "event": "overdue", "party": party, "notice": event, "finding": finding, "level": level, "step": step });
            if step == STEPS {
                word["what"] = json!("nobody answers: reach the party by another way");
            }
            self.event(OPERATOR, &word);
            self.tell_others_of_silence(&party, &finding, before, step);
        }
    }

    /// Those who know of the same finding hear that another has not answered.
    fn tell_others_of_silence(&mut self, party: &str, finding: &str, before: u8, step: u8) {
        let Some(live) = &self.live else { return };
        let picture = live.picture();
        let knowing = self.state.told.iter().filter(|(other, _)| *other != party);
        let knowing = knowing.filter_map(|(other, rows)| Some((other, rows.get(finding).filter(|told| told.open)?.number)));
        let ways: Vec<(String, u64, Vec<String>)> = knowing
            .filter_map(|(other, number)| Some((other.clone(), number, deconflict_plan::intermediaries(picture, party, other)?)))
            .collect();
        for (other, number, via) in ways {
            let what = "the other party has not answered in time";
            let body = json!({ "event": "unanswered", "finding": format!("F-{number}"), "step": step, "what": what });
            if via.is_empty() {
                self.event(&other, &body);
            } else if before < THROUGH_OTHERS && step >= THROUGH_OTHERS {
                self.begin_relay(&other, "", &via, &body, false);
            }
        }
    }

    /// A relay that is overdue: the operator hears of it, and unless the plan forbids it both ends get a word without names.
    pub(super) fn escalate_relays(&mut self) {
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
}

/// When it is said next that nobody has answered; `None` if that is not to be said, or was said often enough.
pub(super) fn next_escalation_ns(notice: &Notice, settings: &Settings) -> Option<i64> {
    if notice.due_ns <= 0 || notice.void || notice.escalated >= STEPS || is_answered(notice) {
        return None;
    }
    let within_s = settings.acknowledge_s[notice.level as usize].max(1);
    let later_ns = within_s.saturating_mul(NS_PER_S).saturating_mul(i64::from(notice.escalated));
    Some(notice.due_ns.saturating_add(later_ns))
}

/// Whether somebody said yes or no.
fn is_answered(notice: &Notice) -> bool {
    notice.level == Level::Note
        || notice.ladder.iter().any(|step: &Value| matches!(step["step"].as_str(), Some("accepted" | "unable")))
}
