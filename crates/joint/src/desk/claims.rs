//! Claims: what a party may file, change and end, and what real life makes of them.

use std::collections::{BTreeMap, BTreeSet};

use deconflict_plan::model::Claim;
use deconflict_plan::words::length;
use deconflict_plan::{Delta, Edit, lasting, misread, reported, unsure};
use deconflict_spacetime::{LatLng, NS_PER_S, Time, distance_m};
use serde_json::{Value, json};

use super::{Answer, Desk, Refusal};
use crate::command::Effect;
use crate::grid;
use crate::pieces::{self, Filed};
use crate::request::ClaimFiled;
use crate::rows::{AskedInDay, ClaimRow, ClaimState, Disclosed, Disclosure, Foreign, Position};
use crate::state::OPERATOR;

/// The papers that say who of the users of F3548 may be where a claim is.
pub(crate) const JOINED: &str = "f3548";
const DAY_NS: i64 = 86_400 * NS_PER_S;
/// What is under way past its end is protected to the horizon of the picture, and at least so many days.
const OVERDUE_DAYS: i64 = 30;
/// Position reports that are kept of a claim.
const REPORTS_KEPT: usize = 100;
/// A column that is seen farther from its line than half its width and this much, metres, is off its plan.
const OFF_PLAN_M: f64 = 500.0;
/// No column is faster than this, kilometres an hour.
const COLUMN_KM_H: f64 = 150.0;
/// No aircraft is faster than this, kilometres an hour.
const AIRCRAFT_KM_H: f64 = 3_500.0;
/// A report this far from its claim, metres, is worth a word, and a slip where another reading of its numbers would be near.
const FAR_M: f64 = 50_000.0;

impl Desk {
    /// Files claims of a party: all of them or none.
    pub(super) fn file(&mut self, party: &str, claims: &[ClaimFiled]) -> Result<Answer, Refusal> {
        let mut new: BTreeMap<String, (String, Value, Option<Disclosure>)> = BTreeMap::new();
        let mut bad = Vec::new();
        for (index, filed) in claims.iter().enumerate() {
            let owner = filed.claim.get("party").and_then(Value::as_str);
            if owner.is_some_and(|owner| owner != party) {
                let found = format!("{:?}", owner.unwrap_or_default());
                bad.push((format!("claims[{index}].party"), found, format!("{party:?}, which files it, or nothing")));
                continue;
            }
            let Some((id, mut piece)) = pieces::of_party(party, &filed.claim) else {
                bad.push((format!("claims[{index}].id"), "no text".to_owned(), "a short name".to_owned()));
                continue;
            };
            if id.is_empty() || id.contains('/') || id.len() > 200 {
                bad.push((format!("claims[{index}].id"), format!("{id:?}"), "1 to 200 characters without \"/\"".to_owned()));
                continue;
            }
            if party == OPERATOR {
                // A site of nobody: whoever runs the service only keeps it.
                piece.as_object_mut().map(|fields| fields.remove("party"));
            }
            let key = format!("{party}/{id}");
            let there = self.state.claims.get(&key).map_or(0, |row| row.version);
            if let Some(wanted) = filed.replaces.filter(|wanted| *wanted != there) {
                let is = if there == 0 { "is not there".to_owned() } else { format!("has version {there}") };
                return Err(Refusal::Conflict(format!("claim {id:?} {is}, not {wanted}")));
            }
            self.may_name(party, &piece, index, &mut bad);
            if new.insert(key, (id.clone(), piece, filed.disclosure.clone())).is_some() {
                bad.push((format!("claims[{index}].id"), format!("{id:?} twice"), "each claim once".to_owned()));
            }
        }
        if !bad.is_empty() {
            return Err(Refusal::Bad(bad));
        }
        self.spend(party, claims.len() as u64)?;
        let ids: BTreeSet<String> = new.keys().cloned().collect();
        let pieces = new.iter().map(|(key, (_, piece, _))| (key.clone(), piece.clone())).collect();
        let read = self.read_claims(&ids, pieces)?;
        let mut versions = serde_json::Map::new();
        for (key, (id, piece, disclosure)) in new {
            let claim = read.iter().find(|claim| claim.id == key);
            let span = claim.and_then(Claim::span);
            let old = self.state.claims.get(&key).cloned();
            let serial = match &old {
                Some(old) => old.serial,
                None => self.next_serial(),
            };
            let row = ClaimRow {
                party: party.to_owned(),
                id: id.clone(),
                serial,
                version: old.as_ref().map_or(1, |old| old.version + 1),
                piece,
                disclosure: disclosure.or_else(|| old.as_ref().map(|old| old.disclosure.clone())).unwrap_or_default(),
                state: ClaimState::Planned,
                reports: Vec::new(),
                ends_ns: span.map(|span| span.end().ns()),
                starts_ns: span.map(|span| span.start().ns()),
                coarse: claim.and_then(Claim::ground).map(|ground| grid::coarse(&ground)),
            };
            Self::may_disclose(&row, &row.disclosure)?;
            versions.insert(id, json!(row.version));
            self.keep_dependents(&key, Some(&row.piece));
            self.keep_consent(&key, old.as_deref(), Some(&row));
            self.put(Effect::Claim(key, Some(Box::new(row))));
        }
        let opened = self.changed(&ids)?;
        self.count_opened(party, opened);
        Ok(json!({ "versions": versions }))
    }

    /// Claims that the operator files for those who file nothing themselves: non-participants, and sites of nobody.
    pub(super) fn file_for_others(&mut self, claims: &[ClaimFiled]) -> Result<Answer, Refusal> {
        let picture = self.picture()?;
        let mut by_party: BTreeMap<String, Vec<ClaimFiled>> = BTreeMap::new();
        for (index, filed) in claims.iter().enumerate() {
            let owner = filed.claim.get("party").and_then(Value::as_str).unwrap_or_default();
            let of_nobody = filed.claim.get("party").is_none();
            if !of_nobody && picture.party(owner).is_none_or(|party| party.participant) {
                let expected = "a non-participant, or nobody for a site: parties that take part file their own claims";
                return Err(Refusal::bad(&format!("claims[{index}].party"), format!("{owner:?}"), expected));
            }
            let owner = if of_nobody { OPERATOR } else { owner };
            let disclosure = filed.disclosure.clone().or(Some(Disclosure { others: Disclosed::Full, to: BTreeMap::new() }));
            by_party.entry(owner.to_owned()).or_default().push(ClaimFiled { disclosure, ..filed.clone() });
        }
        let mut answers = serde_json::Map::new();
        for (party, claims) in by_party {
            answers.insert(party.clone(), self.file(&party, &claims)?);
        }
        Ok(Value::Object(answers))
    }

    /// A claim may be given as a stretch only of what its party may see whole.
    fn may_name(&self, party: &str, piece: &Value, index: usize, bad: &mut Vec<(String, String, String)>) {
        let mut stretch = piece.clone();
        if let Some(fields) = stretch.as_object_mut() {
            fields.remove("supports");
        }
        for name in pieces::names("claims", &stretch) {
            let own = name.strip_prefix(party).is_some_and(|rest| rest.starts_with('/'));
            if !own && self.state.disclosed(&name, party) != Disclosed::Full {
                bad.push((format!("claims[{index}]"), format!("{name:?}"), "a claim that you may see whole".to_owned()));
            }
        }
    }

    pub(super) fn withdraw(&mut self, party: &str, id: &str) -> Result<Answer, Refusal> {
        let row = self.own(party, id)?;
        let key = row.key();
        if pieces::along_areas(&self.plan()).contains(&key) {
            let why = "an area of the picture lies along this claim: the operator has to change the area first";
            return Err(Refusal::Conflict(why.to_owned()));
        }
        self.keep_dependents(&key, None);
        if self.state.papers.get(JOINED).is_some_and(|papers| papers.contains_key(&key)) {
            self.put(Effect::Paper(JOINED.to_owned(), key.clone(), None));
        }
        self.keep_consent(&key, Some(&row), None);
        self.put(Effect::Claim(key.clone(), None));
        self.changed(&BTreeSet::from([key]))?;
        Ok(json!({ "withdrawn": id, "version": row.version }))
    }

    pub(super) fn disclose(&mut self, party: &str, id: &str, disclosure: &Disclosure) -> Result<Answer, Refusal> {
        let row = self.own(party, id)?;
        let unknown: Vec<(String, String, String)> = disclosure
            .to
            .keys()
            .filter(|name| self.picture().is_ok_and(|picture| picture.party(name).is_none()))
            .map(|name| (format!("to.{name}"), format!("{name:?}"), "a party of the picture".to_owned()))
            .collect();
        if !unknown.is_empty() {
            return Err(Refusal::Bad(unknown));
        }
        Self::may_disclose(&row, disclosure)?;
        let key = row.key();
        let disclosed = ClaimRow { disclosure: disclosure.clone(), ..row.clone() };
        self.keep_consent(&key, Some(&row), Some(&disclosed));
        self.put(Effect::Claim(key.clone(), Some(Box::new(disclosed))));
        let touched = self.findings_of(&BTreeSet::from([key]));
        self.tell(&touched);
        Ok(json!({ "disclosure": disclosure }))
    }

    pub(super) fn set_state(&mut self, party: &str, id: &str, state: ClaimState) -> Result<Answer, Refusal> {
        let row = self.own(party, id)?;
        let key = row.key();
        self.put(Effect::Claim(key.clone(), Some(Box::new(ClaimRow { state, ..row }))));
        self.changed(&BTreeSet::from([key]))?;
        Ok(json!({ "state": state }))
    }

    /// Where a column or flight was: its times are counted from there on.
    pub(super) fn report(&mut self, party: &str, id: &str, position: &Position) -> Result<Answer, Refusal> {
        let mut row = self.own(party, id)?;
        let at = LatLng::degrees(position.lat, position.lng).map_err(|_| {
            Refusal::bad("position", format!("{}, {}", position.lat, position.lng), "latitude and longitude in degrees")
        })?;
        if position.at_ns > self.state.now_ns + 5 * NS_PER_S {
            return Err(Refusal::bad(
                "at",
                pieces::text(position.at_ns),
                format!("nothing later than {}", pieces::text(self.state.now_ns)),
            ));
        }
        if row.reports.last().is_some_and(|last| last.at_ns >= position.at_ns) {
            return Err(Refusal::Conflict("a later report, or this one, is there already".to_owned()));
        }
        let key = row.key();
        let claim = self.read_claims(&BTreeSet::from([key.clone()]), BTreeMap::new())?.pop();
        let claim = claim.ok_or_else(|| Refusal::NotFound(format!("claim {id:?} cannot be read")))?;
        if let Some(last) = row.reports.last() {
            not_too_fast(&claim, last, position)?;
        }
        let remarks = remarks_on(&claim, position, at)?;
        let mut echo = match claim.track() {
            Some(track) => {
                let (along_m, away_m) = track.line.nearest(at);
                row.state = if away_m > track.width_m / 2.0 + OFF_PLAN_M { ClaimState::OffPlan } else { ClaimState::UnderWay };
                json!({ "along_m": along_m.round(), "away_m": away_m.round(), "state": row.state })
            }
            None => {
                row.state = ClaimState::UnderWay;
                json!({ "state": row.state })
            }
        };
        echo["remarks"] = json!(remarks);
        row.reports.push(position.clone());
        if row.reports.len() > REPORTS_KEPT {
            row.reports.remove(0);
        }
        self.put(Effect::Claim(key.clone(), Some(Box::new(row))));
        self.changed(&BTreeSet::from([key]))?;
        Ok(echo)
    }

    /// Tells the owner of a claim who of the users of F3548 may be there. Nothing is certain: the DSS knows cells, and no outlines.
    pub(super) fn join(&mut self, key: &str, references: Option<&[Foreign]>) -> Answer {
        let Some(row) = self.state.claims.get(key).cloned() else { return Value::Null };
        let found = references.map_or_else(|| json!("too large to tell"), |references| json!(references));
        let before = self.state.papers.get(JOINED).and_then(|papers| papers.get(key)).cloned().unwrap_or_else(|| json!([]));
        if found == before {
            return Value::Null;
        }
        self.put(Effect::Paper(JOINED.to_owned(), key.to_owned(), Some(found.clone())));
        self.event(
            &row.party,
            &json!({
                "event": "f3548",
                "claim": row.id,
                "certainty": "cannot-exclude",
                "references": found,
                "what": "users of F3548 share cells, band and time with this claim, or did; they do not see it: ask their managers",
            }),
        );
        Value::Null
    }

    /// A claim of a party.
    pub(super) fn own(&self, party: &str, id: &str) -> Result<ClaimRow, Refusal> {
        let row = self.state.claims.get(&format!("{party}/{id}"));
        row.map(|row| (**row).clone()).ok_or_else(|| Refusal::NotFound(format!("you have no claim {id:?}")))
    }

    /// Reads claims by id, some of them new.
    fn read_claims(&self, ids: &BTreeSet<String>, new: BTreeMap<String, Value>) -> Result<Vec<Claim>, Refusal> {
        let filed = Filed { rows: &self.state.claims, new, gone: BTreeSet::new() };
        Ok(pieces::read_claims(&self.plan(), &filed, ids)?)
    }

    pub(super) fn keep_dependents(&mut self, key: &str, piece: Option<&Value>) {
        let plan = self.plan();
        let old = self.state.claims.get(key).map(|row| pieces::leans(&plan, &row.piece)).unwrap_or_default();
        let new = piece.map(|piece| pieces::leans(&plan, piece)).unwrap_or_default();
        if old.is_empty() && new.is_empty() {
            return;
        }
        self.keep_reading();
        for needed in old {
            self.dependents.entry(needed).or_default().remove(key);
        }
        for needed in new {
            self.dependents.entry(needed).or_default().insert(key.to_owned());
        }
    }

    /// Has the engine look again at claims whose rows were put or taken away, and at what hangs on them; tells of what that changed, and
    /// gives how many findings opened.
    pub(super) fn changed(&mut self, keys: &BTreeSet<String>) -> Result<usize, Refusal> {
        let delta = self.look_again(keys)?;
        let opened = delta.opened.len();
        let mut touched = ids_of(&delta);
        touched.extend(self.findings_of(keys));
        self.tell(&touched);
        Ok(opened)
    }

    /// Has the engine look again at claims whose rows were put or taken away, and at what hangs on them.
    pub(super) fn look_again(&mut self, keys: &BTreeSet<String>) -> Result<Delta, Refusal> {
        if keys.is_empty() {
            return Ok(Delta::default());
        }
        let mut all = keys.clone();
        let mut waiting: Vec<String> = keys.iter().cloned().collect();
        while let Some(key) = waiting.pop() {
            let hang_on_it = self.dependents.get(&key).cloned().unwrap_or_default();
            waiting.extend(hang_on_it.into_iter().filter(|other| all.insert(other.clone())));
        }
        let (there, gone): (BTreeSet<String>, BTreeSet<String>) =
            all.into_iter().partition(|key| self.state.claims.contains_key(key));
        let put: Vec<Claim> = self.read_claims(&there, BTreeMap::new())?.into_iter().map(|claim| self.as_lived(claim)).collect();
        let named = there.iter().chain(&gone).any(|key| self.named.contains(key));
        let frame = if named { Some(Box::new(self.read_frame()?)) } else { None };
        Ok(self.edit(Edit { put, remove: gone.into_iter().collect(), frame, as_of: None }))
    }

    pub(super) fn edit(&mut self, edit: Edit) -> Delta {
        let Some(live) = &mut self.live else { return Delta::default() };
        let (delta, undo) = live.apply(edit);
        self.draft.edits.push(undo);
        delta
    }

    /// The claim as it has to be counted with: where it was seen, past its end while it is under way, unsure while its owner is silent.
    pub(super) fn as_lived(&self, claim: Claim) -> Claim {
        let Some(row) = self.state.claims.get(&claim.id) else { return claim };
        let mut claim = claim;
        for report in &row.reports {
            let Ok(at) = LatLng::degrees(report.lat, report.lng) else { continue };
            if let Ok((seen, _)) = reported(&claim, at, Time::from_ns(report.at_ns)) {
                claim = seen;
            }
        }
        match row.state {
            ClaimState::Overdue => {
                let horizon = self.live.as_ref().map_or(self.state.now_ns, |live| live.picture().span.end().ns());
                // The same end whenever it is worked out: with the present in it, a start would tell everybody something new.
                let later = row.ends_ns.unwrap_or(self.state.now_ns).saturating_add(OVERDUE_DAYS * DAY_NS);
                claim = lasting(&claim, Time::from_ns(horizon.max(later)));
            }
            ClaimState::OffPlan => claim = unsure(&claim, 0),
            ClaimState::Planned | ClaimState::UnderWay => {}
        }
        let silent = self.state.contacts.get(&row.party).is_some_and(|contact| contact.silent);
        if silent && row.state == ClaimState::Planned {
            claim = unsure(&claim, self.settings().grace_s.saturating_mul(NS_PER_S));
        }
        claim
    }

    /// Counts what a party asks in a day.
    fn spend(&mut self, party: &str, claims: u64) -> Result<(), Refusal> {
        let today = self.asked_today(party);
        let budget = self.settings().budget;
        if today.filed + claims > budget {
            return Err(Refusal::TooMuch(format!("{} claims were filed or changed today, and {budget} may be", today.filed)));
        }
        self.put(Effect::Asked(party.to_owned(), Some(AskedInDay { filed: today.filed + claims, ..today })));
        Ok(())
    }

    pub(super) fn asked_today(&self, party: &str) -> AskedInDay {
        let day = self.draft.at_ns.div_euclid(DAY_NS);
        let asked = self.state.asked.get(party).copied().filter(|asked| asked.day == day);
        asked.unwrap_or(AskedInDay { day, ..AskedInDay::default() })
    }

    /// A party whose filings open very many findings may be feeling its way: the operator is told, once a day.
    fn count_opened(&mut self, party: &str, opened: usize) {
        let today = self.asked_today(party);
        let after = today.opened + opened as u64;
        self.put(Effect::Asked(party.to_owned(), Some(AskedInDay { opened: after, ..today })));
        let alarm = self.settings().scan_alarm;
        if today.opened < alarm && alarm <= after {
            self.event(
                OPERATOR,
                &json!({ "event": "alarm", "what": "scanning", "party": party, "findings_opened_today": after }),
            );
        }
    }
}

/// A report that is too far from the last one to have got there is a mistake of the one or the other.
fn not_too_fast(claim: &Claim, last: &Position, now: &Position) -> Result<(), Refusal> {
    let most_km_h = if claim.track().is_some() { COLUMN_KM_H } else { AIRCRAFT_KM_H };
    let (Ok(from), Ok(to)) = (LatLng::degrees(last.lat, last.lng), LatLng::degrees(now.lat, now.lng)) else { return Ok(()) };
    let hours = (now.at_ns - last.at_ns) as f64 / 3.6e12;
    let km_h = distance_m(from, to) / 1000.0 / hours;
    if km_h <= most_km_h {
        return Ok(());
    }
    let expected = format!("at most {most_km_h} km/h since the last report, at {}", pieces::text(last.at_ns));
    Err(Refusal::bad("position", format!("{km_h:.0} km/h"), expected))
}

/// What is to be said of where a report is, beside its claim: how far away, and how its numbers may have been meant.
///
/// # Errors
/// It is so far away that it is a slip, and another reading of the numbers would put it near the claim.
fn remarks_on(claim: &Claim, position: &Position, at: LatLng) -> Result<Vec<String>, Refusal> {
    let Some(ground) = claim.ground() else { return Ok(Vec::new()) };
    let away_m = ground.distance_m(at);
    let read = misread(at, |point| ground.distance_m(point));
    let meant = read.map(|read| format!("{} it would be {} from the claim", read.how, length(read.away_m)));
    match meant {
        Some(meant) if away_m > FAR_M => {
            let found = format!("{}, {}, which is {} away", position.lat, position.lng, length(away_m));
            Err(Refusal::bad("position", found, format!("where the claim is: {meant}")))
        }
        Some(meant) => Ok(vec![format!("{} from the claim; {meant}", length(away_m))]),
        None if away_m > FAR_M => Ok(vec![format!("{} from the claim", length(away_m))]),
        None => Ok(Vec::new()),
    }
}

/// The findings that a change touched.
pub(super) fn ids_of(delta: &Delta) -> BTreeSet<String> {
    delta.opened.iter().chain(&delta.changed).chain(&delta.closed).map(|finding| finding.id.clone()).collect()
}
