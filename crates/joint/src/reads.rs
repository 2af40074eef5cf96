//! What a party reads: its own, and what others let it know. Everything here comes from the state alone, and what is told of findings from
//! what was said on the party's own stream, so that asking tells no more than waiting.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Map, Value, json};

use crate::pieces::{self, text};
use crate::rows::{ClaimRow, Disclosed, Offer};
use crate::state::State;

/// Sections of the frame that every party may read.
const FOR_ALL: [&str; 10] =
    ["plan", "sources", "places", "areas", "barriers", "parties", "minima", "approach", "terms", "centres"];

impl State {
    /// The findings that stand, as a party was told them, in the order in which it heard of them; and the claims and parties that nothing
    /// can be said of.
    pub fn findings_for(&self, party: &str) -> Value {
        let mut open: BTreeMap<u64, Value> = BTreeMap::new();
        for (index, event) in self.streams.get(party).into_iter().flat_map(|stream| &stream.events).enumerate() {
            let Ok(mut body) = serde_json::from_str::<Value>(&event.body) else { continue };
            let number = body["finding"].as_str().and_then(|name| name.strip_prefix("F-")?.parse().ok());
            let (Some(number), "finding") = (number, body["event"].as_str().unwrap_or_default()) else { continue };
            if body["change"] == "closed" {
                open.remove(&number);
            } else {
                body["number"] = json!(index + 1);
                open.insert(number, body);
            }
        }
        json!({ "findings": open.into_values().collect::<Vec<_>>(), "not_in_this_picture": NOT_IN_THIS_PICTURE })
    }

    /// A party's claims, and what it may know of others'.
    pub fn claims_for(&self, party: &str) -> Value {
        let (mut own, mut others, mut sites, mut somewhere) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        for row in self.claims.values() {
            if row.party == party {
                let mut claim = own_claim(row);
                claim["f3548"] = self.joined(&row.key());
                own.push(claim);
                continue;
            }
            match row.disclosure.towards(party) {
                // Nobody takes them all away at once: each is read by itself, and its owner can tell.
                Disclosed::Full if row.is_site() => sites.push(json!({ "claim": row.key(), "within": row.coarse })),
                Disclosed::Full => others.push(json!({ "claim": row.piece, "state": row.state })),
                Disclosed::Existence => somewhere.extend(row.coarse.clone()),
                Disclosed::Sealed | Disclosed::ConflictOnly => {}
            }
        }
        // In an order that has nothing to do with whose they are.
        somewhere.sort_by_cached_key(Value::to_string);
        json!({ "own": own, "disclosed": others, "sites": sites, "something_within": somewhere, "not_in_this_picture": NOT_IN_THIS_PICTURE })
    }

    /// Who of the users of F3548 may be where a claim is; they never see it.
    fn joined(&self, key: &str) -> Value {
        let found = self.papers.get("f3548").and_then(|papers| papers.get(key)).cloned();
        json!({ "sees_this_claim": false, "may_be_there": found.unwrap_or_else(|| json!([])) })
    }

    /// One of a party's claims, or one that it may see whole, by the id that it has for this party.
    pub fn claim_for(&self, party: &str, id: &str) -> Option<Value> {
        if let Some(row) = self.claims.get(&format!("{party}/{id}")) {
            return Some(own_claim(row));
        }
        let row = self.claims.get(id).filter(|row| row.party != party)?;
        (row.disclosure.towards(party) == Disclosed::Full).then(|| json!({ "claim": row.piece, "state": row.state }))
    }

    /// A notice with its ladder.
    pub fn notice_for(&self, party: &str, event: u64) -> Option<Value> {
        let notice = self.notices.get(party)?.get(&event)?;
        let body = self.streams.get(party)?.events.get(usize::try_from(event).ok()?.checked_sub(1)?)?;
        Some(json!({
            "notice": event,
            "finding": format!("F-{}", notice.number),
            "accept_by": (notice.due_ns > 0).then(|| text(notice.due_ns)),
            "void": notice.void,
            "escalated": notice.escalated,
            "ladder": notice.ladder,
            "event": serde_json::from_str::<Value>(&body.body).unwrap_or_default(),
        }))
    }

    /// How those are heard of that a party reaches directly, as it was told; and whom it has suspended the channel with.
    pub fn contacts_for(&self, party: &str) -> Value {
        let mut contacts: BTreeMap<String, Value> = BTreeMap::new();
        let events = self.streams.get(party).into_iter().flat_map(|stream| &stream.events);
        for event in events.filter(|event| event.body.contains("\"contact\"")) {
            let Ok(body) = serde_json::from_str::<Value>(&event.body) else { continue };
            if let ("contact", Some(other)) = (body["event"].as_str().unwrap_or_default(), body["party"].as_str()) {
                contacts.insert(other.to_owned(), json!({ "state": body["state"], "since": body["at"] }));
            }
        }
        let pairs = self.papers.get("suspended").into_iter().flat_map(BTreeMap::keys).filter_map(|pair| pair.split_once('|'));
        let with = pairs.filter_map(|(one, other)| match (one == party, other == party) {
            (true, _) => Some(other),
            (_, true) => Some(one),
            _ => None,
        });
        json!({ "contacts": contacts, "suspended": with.collect::<Vec<_>>() })
    }

    /// What a party holds for others.
    pub fn relays_for(&self, party: &str) -> Value {
        let held = self.relays.iter().filter(|(_, relay)| relay.via.get(relay.at).is_some_and(|holder| holder == party));
        let relays = held.map(|(_, relay)| {
            let message: Value = serde_json::from_str(&relay.body).unwrap_or_default();
            json!({ "relay": relay.event, "to": relay.to, "due": (relay.due_ns > 0).then(|| text(relay.due_ns)), "message": message })
        });
        json!({ "relays": relays.collect::<Vec<_>>() })
    }

    /// The offers that a party made or has to answer, oldest first: each is called by its place in this list, from 1.
    pub(crate) fn offers_of(&self, party: &str) -> impl Iterator<Item = (u64, &Arc<Offer>)> {
        let concerned = move |offer: &Offer| offer.by == party || offer.to.iter().any(|to| to == party);
        self.offers.iter().filter(move |(_, offer)| concerned(offer)).map(|(serial, offer)| (*serial, offer))
    }

    /// What a party calls an offer.
    pub(crate) fn offer_number(&self, party: &str, serial: u64) -> String {
        format!("O-{}", self.offers_of(party).take_while(|(other, _)| *other != serial).count() + 1)
    }

    /// The offer that a party calls so.
    pub(crate) fn offer_called(&self, party: &str, name: &str) -> Option<(u64, Offer)> {
        let number: usize = name.strip_prefix("O-")?.parse().ok()?;
        let (serial, offer) = self.offers_of(party).nth(number.checked_sub(1)?)?;
        Some((serial, (**offer).clone()))
    }

    /// The offers that a party made or has to answer.
    pub fn offers_for(&self, party: &str) -> Value {
        let offers = self.offers_of(party).map(|(serial, offer)| self.offer_for(party, serial, offer, "listed"));
        json!({ "offers": offers.collect::<Vec<_>>() })
    }

    /// An offer as a party may see it.
    pub(crate) fn offer_for(&self, party: &str, serial: u64, offer: &Offer, change: &str) -> Value {
        let told = self.told.get(party).and_then(|rows| rows.get(&offer.finding));
        json!({
            "event": "offer",
            "change": change,
            "offer": self.offer_number(party, serial),
            "yours": offer.by == party,
            "finding": told.map(|told| format!("F-{}", told.number)),
            "terms": offer.terms,
            "state": offer.state,
            "expires": text(offer.expires_ns),
        })
    }

    /// Agreements and matters that a party is one of the parties of.
    pub fn papers_for(&self, party: &str, section: &str) -> Value {
        let in_frame = self.frame.iter().filter_map(|frame| frame.plan.get(section)?.as_array()).flatten();
        // Agreements that came of offers are listed with these: they name claims of others.
        let raised = self.papers.get(section).filter(|_| section != "agreements").into_iter().flat_map(BTreeMap::values);
        let mut papers: BTreeMap<String, Value> = BTreeMap::new();
        for paper in in_frame.chain(raised).filter(|paper| self.is_party_of(party, paper)) {
            papers.insert(paper["id"].as_str().unwrap_or_default().to_owned(), paper.clone());
        }
        json!({ section: papers.into_values().collect::<Vec<_>>() })
    }

    fn is_party_of(&self, party: &str, paper: &Value) -> bool {
        let listed = |field: &str| paper[field].as_array().is_some_and(|names| names.iter().any(|name| name == party));
        let own = format!("{party}/");
        listed("parties")
            || listed("must_acknowledge")
            || pieces::names("matters", paper).iter().any(|name| name.starts_with(&own))
    }

    /// The picture as a party may read it, as a plan: its own claims and those that it may see whole, but for protected sites of others, which
    /// are read one by one.
    pub fn plan_for(&self, party: &str) -> Value {
        self.plan_of(party, |row| row.party == party || !row.is_site())
    }

    /// The same with the sites of others: for what is computed for a party, and not sent to it.
    pub(crate) fn plan_of(&self, party: &str, is_wanted: impl Fn(&ClaimRow) -> bool) -> Value {
        let mut plan = Map::new();
        let Some(frame) = &self.frame else { return Value::Object(plan) };
        for (section, entries) in
            frame.plan.as_object().into_iter().flatten().filter(|(name, _)| FOR_ALL.contains(&name.as_str()))
        {
            plan.insert(section.clone(), entries.clone());
        }
        let centres = frame.plan.get("centres").and_then(Value::as_array).into_iter().flatten();
        let mut ends: Vec<&str> =
            centres.filter(|centre| centre["party"] == party).filter_map(|centre| centre["id"].as_str()).collect();
        ends.push(party);
        let is_end = |name: &Value| name.as_str().is_some_and(|name| ends.contains(&name));
        let carries = |channel: &&Value| {
            is_end(&channel["from"])
                || is_end(&channel["to"])
                || channel["via"].as_array().is_some_and(|via| via.iter().any(is_end))
        };
        let channels = frame.plan.get("channels").and_then(Value::as_array).into_iter().flatten();
        plan.insert("channels".to_owned(), channels.filter(carries).cloned().collect());
        let claims = self.claims.values().filter(|row| row.party == party || row.disclosure.towards(party) == Disclosed::Full);
        let claims = claims.filter(|row| is_wanted(row));
        plan.insert("claims".to_owned(), claims.map(|row| row.piece.clone()).collect());
        for section in ["agreements", "matters"] {
            plan.insert(section.to_owned(), self.papers_for(party, section)[section].take());
        }
        Value::Object(plan)
    }
}

/// What every view says, always and in the same words.
pub const NOT_IN_THIS_PICTURE: &str = "Claims that their owners keep sealed, whoever has filed none, and whoever is no party here. \
     That nothing is listed does not mean that nothing is there.";

fn own_claim(row: &ClaimRow) -> Value {
    let piece =
        pieces::renamed("claims", &row.piece, |name| name.strip_prefix(&format!("{}/", row.party)).unwrap_or(name).to_owned());
    let mut piece = piece;
    piece["id"] = json!(row.id);
    json!({
        "claim": piece,
        "version": row.version,
        "state": row.state,
        "disclosure": row.disclosure,
        "reports": row.reports.iter().map(|report| json!({ "at": text(report.at_ns), "lat": report.lat, "lng": report.lng })).collect::<Vec<_>>(),
    })
}
