//! Who is told what, and when again.
//!
//! For each finding and recipient there is one row of what the recipient knows. What it may see now is held against that row: a finding that
//! it did not know opens, one that it may no longer see closes, one that says something else changes. A notice, which asks for an answer, goes
//! out once for each level of one content: what changes voids the old one, what flickers between two levels does not ring twice.

use std::collections::{BTreeMap, BTreeSet};

use deconflict_plan::Live;
use deconflict_plan::model::Level;
use deconflict_plan::report::{Finding, FindingKind};
use deconflict_plan::words;
use deconflict_spacetime::NS_PER_S;
use serde_json::{Value, json};

use super::Desk;
use crate::command::Effect;
use crate::pieces::text;
use crate::rows::{Notice, Relay, Told};
use crate::view::{Seen, routed, seen};

/// A finding that closed and comes back within so many seconds only flickers.
const HOLD_S: i64 = 600;

/// What is said about a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Said {
    Opened,
    Changed,
    Closed,
}

impl Said {
    const fn word(self) -> &'static str {
        match self {
            Self::Opened => "opened",
            Self::Changed => "changed",
            Self::Closed => "closed",
        }
    }
}

impl Desk {
    /// The findings that anybody knows, and those that the engine has.
    pub(super) fn all_findings(&self) -> BTreeSet<String> {
        let known = self.state.told.values().flat_map(BTreeMap::keys).cloned();
        let found = self.live.iter().flat_map(Live::findings).map(|finding| finding.id.clone());
        known.chain(found).collect()
    }

    /// The findings that rest on any of these claims.
    pub(super) fn findings_of(&self, claims: &BTreeSet<String>) -> BTreeSet<String> {
        let of_claims = self.live.iter().flat_map(|live| claims.iter().flat_map(|claim| live.findings_of(claim)));
        of_claims.map(|finding| finding.id.clone()).collect()
    }

    /// Tells everybody what changed for them about these findings.
    pub(super) fn tell(&mut self, findings: &BTreeSet<String>) {
        let findings = &self.with_matters(findings);
        let mut order: Vec<(Option<Finding>, &String)> =
            findings.iter().map(|id| (self.live.as_ref().and_then(|live| live.finding(id)).cloned(), id)).collect();
        // The loudest first, as in a report. Ids are names of claims, which a recipient may not know: they must not decide for it.
        order.sort_by_key(|(finding, _)| std::cmp::Reverse(finding.as_ref().map(|finding| finding.level)));
        let mut news: BTreeMap<String, Vec<(String, Option<Seen>)>> = BTreeMap::new();
        for (finding, id) in order {
            let mut recipients: BTreeSet<String> = self
                .state
                .told
                .iter()
                .filter(|(_, rows)| rows.get(id).is_some_and(|told| told.open))
                .map(|(party, _)| party.clone())
                .collect();
            let Some(live) = &self.live else { continue };
            if let Some(finding) = &finding {
                recipients.extend(routed(live.picture(), finding).into_keys());
            }
            for recipient in recipients {
                let now = finding.as_ref().and_then(|finding| seen(&self.state, live, finding, &recipient));
                news.entry(recipient).or_default().push((id.clone(), now));
            }
        }
        for (recipient, mut news) in news {
            // Findings of one level come in the order of what the recipient may see of them.
            news.sort_by_cached_key(|(_, now)| now.as_ref().map(|now| (std::cmp::Reverse(now.level), now.content.to_string())));
            for (id, now) in news {
                self.tell_one(&recipient, &id, now);
            }
        }
    }

    /// These findings, and with them the matters: how loud one is for a recipient hangs on the approaches that this recipient may see.
    fn with_matters(&self, findings: &BTreeSet<String>) -> BTreeSet<String> {
        let mut all = findings.clone();
        let has_matters = self.live.as_ref().is_some_and(|live| !live.picture().matters.is_empty());
        if has_matters && !findings.is_empty() {
            let found = self.live.iter().flat_map(Live::findings).filter(|finding| finding.kind == FindingKind::Open);
            all.extend(found.map(|finding| finding.id.clone()));
        }
        all
    }

    fn tell_one(&mut self, recipient: &str, id: &str, now: Option<Seen>) {
        let before = self.state.told.get(recipient).and_then(|rows| rows.get(id)).cloned();
        let Some(now) = now else {
            if let Some(before) = before.filter(|before| before.open) {
                self.close_finding(recipient, id, &before);
            }
            return;
        };
        let (serials, versions) = self.serials_and_versions(id);
        let same_claims = before.as_ref().is_some_and(|before| before.serials == serials);
        let content = now.content.to_string();
        let before = before.filter(|_| same_claims);
        let said = match &before {
            None => Said::Opened,
            Some(before) if !before.open => Said::Opened,
            Some(before) if before.content == content && before.level == now.level => {
                if before.versions != versions {
                    self.put(Effect::Told(
                        recipient.to_owned(),
                        id.to_owned(),
                        Some(Box::new(Told { versions, ..(**before).clone() })),
                    ));
                }
                return;
            }
            Some(_) => Said::Changed,
        };
        let same_content = before.as_ref().is_some_and(|before| before.content == content);
        let number = before.as_ref().map_or_else(|| self.next_number(recipient), |before| before.number);
        // What was gone for long and comes back rings again; what only flickers does not.
        let flickers =
            before.as_ref().is_none_or(|before| before.open || self.state.now_ns - before.closed_ns < HOLD_S * NS_PER_S);
        let before_ringing = before.as_ref().filter(|_| same_content && flickers);
        let mut noticed = before_ringing.map(|before| before.noticed.clone()).unwrap_or_default();
        let loudest = noticed.iter().copied().max();
        let asks = now.level > Level::Note && loudest.is_none_or(|loudest| loudest < now.level);
        if asks {
            noticed.push(now.level);
        }
        let notice = before_ringing.and_then(|before| before.notice);
        match notice {
            Some(notice) => self.stand_again(recipient, notice),
            None => self.void_notices(recipient, id),
        }
        let closed_ns = before.as_ref().map_or(0, |before| before.closed_ns);
        let told = Told { number, serials, versions, open: true, closed_ns, level: now.level, content, noticed, notice };
        self.put(Effect::Told(recipient.to_owned(), id.to_owned(), Some(Box::new(told))));
        self.say(recipient, id, said, Some(&now), asks);
    }

    fn close_finding(&mut self, recipient: &str, id: &str, before: &Told) {
        self.void_notices(recipient, id);
        self.put(Effect::Told(
            recipient.to_owned(),
            id.to_owned(),
            Some(Box::new(Told { open: false, closed_ns: self.state.now_ns, ..before.clone() })),
        ));
        self.say(recipient, id, Said::Closed, None, false);
    }

    /// Says it to the recipient, or to the first of the intermediaries that are to pass it on.
    fn say(&mut self, recipient: &str, id: &str, said: Said, now: Option<&Seen>, asks: bool) {
        let Some(told) = self.state.told.get(recipient).and_then(|rows| rows.get(id)).cloned() else { return };
        let on_its_way = self.state.relays.iter().find(|(_, relay)| relay.to == recipient && relay.finding == id);
        let on_its_way = on_its_way.map(|(number, relay)| (*number, relay.clone()));
        let via = match (now, &on_its_way) {
            (Some(now), _) => now.via.clone(),
            (None, Some((_, relay))) => relay.via.clone(),
            (None, None) => self.ways_to(recipient, id),
        };
        let mut body = json!({
            "event": "finding",
            "change": said.word(),
            "finding": format!("F-{}", told.number),
            "level": words::level(told.level),
            "what": now.map(|now| now.content.clone()),
        });
        if via.is_empty() {
            self.say_to(recipient, id, body, now.filter(|_| asks));
            return;
        }
        if let Some(now) = now.filter(|_| asks) {
            body["key_fields"] = json!(now.key_fields.keys().collect::<Vec<_>>());
        }
        match on_its_way {
            // What has not been passed on is replaced by what holds now.
            Some((number, relay)) => {
                let relay = Relay { body: body.to_string(), asks: relay.asks || asks, ..(*relay).clone() };
                let holder = relay.via[relay.at].clone();
                self.put(Effect::Relay(number, Some(Box::new(relay))));
                self.event(
                    &holder,
                    &json!({ "event": "relay", "relay": number, "change": "changed", "to": recipient, "message": body }),
                );
            }
            None => self.begin_relay(recipient, id, &via, &body, asks),
        }
    }

    /// Through whom the recipient hears of a finding that it may no longer see: as it heard of it.
    fn ways_to(&self, recipient: &str, id: &str) -> Vec<String> {
        let notice = self.state.told.get(recipient).and_then(|rows| rows.get(id)).and_then(|told| told.notice);
        let event =
            notice.and_then(|event| self.state.streams.get(recipient)?.events.get(usize::try_from(event).ok()?.checked_sub(1)?));
        let body: Option<Value> = event.and_then(|event| serde_json::from_str(&event.body).ok());
        let via = body.and_then(|body| body.get("via").cloned()).and_then(|via| serde_json::from_value(via).ok());
        via.unwrap_or_default()
    }

    /// Says it to the recipient itself; asks for an answer where `asks` gives what to read back.
    pub(super) fn say_to(&mut self, recipient: &str, id: &str, mut body: Value, asks: Option<&Seen>) {
        let Some(seen) = asks else {
            self.event(recipient, &body);
            return;
        };
        self.notify(recipient, id, &mut body, seen.key_fields.clone());
    }

    /// An event that asks for an answer.
    pub(super) fn notify(&mut self, recipient: &str, id: &str, body: &mut Value, key_fields: BTreeMap<String, String>) {
        let Some(told) = self.state.told.get(recipient).and_then(|rows| rows.get(id)).cloned() else { return };
        let within_s = self.settings().acknowledge_s[told.level as usize];
        let due_ns = if within_s > 0 { self.state.now_ns.saturating_add(within_s.saturating_mul(NS_PER_S)) } else { 0 };
        body["accept_by"] = if due_ns > 0 { json!(text(due_ns)) } else { Value::Null };
        body["read_back"] = json!(key_fields.keys().collect::<Vec<_>>());
        let event = self.event(recipient, body);
        let at = text(self.state.now_ns);
        let notice = Notice {
            finding: id.to_owned(),
            number: told.number,
            level: told.level,
            versions: told.versions.clone(),
            key_fields,
            due_ns,
            escalated: 0,
            void: false,
            ladder: vec![json!({ "step": "sent", "at": at }), json!({ "step": "logged", "at": at })],
        };
        self.put(Effect::Notice(recipient.to_owned(), event, Some(Box::new(notice))));
        self.put(Effect::Told(
            recipient.to_owned(),
            id.to_owned(),
            Some(Box::new(Told { notice: Some(event), ..(*told).clone() })),
        ));
    }

    /// A notice whose finding was gone for a moment holds again.
    fn stand_again(&mut self, recipient: &str, event: u64) {
        let notice = self.state.notices.get(recipient).and_then(|notices| notices.get(&event)).filter(|notice| notice.void);
        if let Some(notice) = notice.map(|notice| (**notice).clone()) {
            self.put(Effect::Notice(recipient.to_owned(), event, Some(Box::new(Notice { void: false, ..notice }))));
        }
    }

    fn void_notices(&mut self, recipient: &str, id: &str) {
        let notices = self.state.notices.get(recipient).into_iter().flatten();
        let standing: Vec<(u64, Notice)> = notices
            .filter(|(_, notice)| notice.finding == id && !notice.void)
            .map(|(event, notice)| (*event, (**notice).clone()))
            .collect();
        for (event, notice) in standing {
            self.put(Effect::Notice(recipient.to_owned(), event, Some(Box::new(Notice { void: true, ..notice }))));
        }
    }

    fn next_number(&self, recipient: &str) -> u64 {
        let rows = self.state.told.get(recipient).into_iter().flatten();
        rows.map(|(_, told)| told.number).max().unwrap_or(0) + 1
    }

    /// Serials and versions of the claims that a finding rests on.
    pub(super) fn serials_and_versions(&self, id: &str) -> (Vec<u64>, Vec<u64>) {
        let finding = self.live.as_ref().and_then(|live| live.finding(id));
        let claims = finding.into_iter().flat_map(|finding| &finding.claims);
        let rows = claims.filter_map(|claim| self.state.claims.get(claim));
        rows.map(|row| (row.serial, row.version)).unzip()
    }
}
