//! What parties set down: minima, thresholds, rules, agreements, matters, expectations.

use std::collections::BTreeMap;

use deconflict_conflict::Minima;

use super::names::Lookup;
use super::quantities::{Bound, Edge};
use super::{Resolver, plain};
use crate::format::{self, ClaimKind, Given, Level, RuleCheck};
use crate::model::{self, Change};
use crate::read::gather::Entry;
use crate::read::tree::{At, quoted};

impl Resolver<'_> {
    /// Minima by pair of kinds; where two files give some for one pair, the larger of each.
    pub fn minima(&mut self) -> BTreeMap<(ClaimKind, ClaimKind), Minima> {
        let plan = self.plan;
        let mut minima: BTreeMap<(ClaimKind, ClaimKind), (Minima, At)> = BTreeMap::new();
        for entry in &plan.minima {
            let (at, row) = (&entry.at, &entry.value);
            let mut length = |field: &'static str, given: Option<&Given<format::Length>>| {
                let (at, text) = plain(&at.field(field), given?);
                self.length_um(&at, text, Bound::NotNegative)
            };
            let (lateral_um, vertical_um) = (length("lateral", row.lateral.as_ref()), length("vertical", row.vertical.as_ref()));
            let time_ns = self.given_duration_ns(&at.field("time"), row.time.as_ref(), Bound::NotNegative).unwrap_or(0);
            let own = Minima { lateral_m: lateral_um.unwrap_or(0) as f64 / 1e6, vertical_um: vertical_um.unwrap_or(0), time_ns };
            let pair = (row.kinds[0].min(row.kinds[1]), row.kinds[0].max(row.kinds[1]));
            match minima.get_mut(&pair) {
                None => {
                    minima.insert(pair, (own, at.clone()));
                }
                Some((known, first)) if first.file != at.file => {
                    *known = Minima {
                        lateral_m: known.lateral_m.max(own.lateral_m),
                        vertical_um: known.vertical_um.max(own.vertical_um),
                        time_ns: known.time_ns.max(own.time_ns),
                    };
                }
                Some((_, first)) => {
                    let found = format!("minima for the same two kinds as in {}", self.problems.whereabouts(first));
                    self.problems.add(&at.field("kinds"), found, "each pair of kinds once in a file");
                }
            }
        }
        minima.into_iter().map(|(pair, (minima, _))| (pair, minima)).collect()
    }

    /// Two different movements.
    fn two_movements(&mut self, at: &At, claims: &[String; 2]) -> Option<[String; 2]> {
        let [a, b] = [0, 1].map(|index: usize| self.movement(&at.element(index), &claims[index]));
        self.two_different(at, a?, b?)
    }

    fn two_different(&mut self, at: &At, a: String, b: String) -> Option<[String; 2]> {
        if a == b {
            self.problems.add(at, format!("{} twice", quoted(&a)), "two different claims");
            return None;
        }
        Some([a, b])
    }

    /// Approach thresholds, the largest distance first.
    pub fn approach(&mut self) -> Vec<model::ApproachThreshold> {
        let plan = self.plan;
        let mut approach = Vec::new();
        for entry in &plan.approach {
            let (at, threshold) = (&entry.at, &entry.value);
            let distance_m = self.given_length_m(&at.field("distance"), &threshold.distance, Bound::Positive);
            let claims = threshold.claims.as_ref().map(|claims| self.two_movements(&at.field("claims"), claims));
            let (Some(distance_m), None | Some(Some(_))) = (distance_m, &claims) else { continue };
            approach.push(model::ApproachThreshold { distance_m, level: threshold.level, claims: claims.flatten() });
        }
        approach.sort_by(|a, b| b.distance_m.total_cmp(&a.distance_m));
        approach
    }

    /// All rules.
    pub fn rules(&mut self) -> Vec<model::Rule> {
        let plan = self.plan;
        plan.rules.iter().map(|entry| self.rule(entry)).collect()
    }

    fn rule(&mut self, entry: &Entry<format::Rule>) -> model::Rule {
        let (at, rule) = (&entry.at, &entry.value);
        self.check_rule_fields(at, rule);
        let distance_m =
            rule.distance.as_ref().and_then(|given| self.given_length_m(&at.field("distance"), given, Bound::Positive));
        model::Rule {
            id: rule.id.clone(),
            text: rule.text.clone(),
            check: rule.check,
            claims: self.look_up_all(|names| &names.claims, &at.field("claims"), &rule.claims),
            parties: self.look_up_all(|names| &names.parties, &at.field("parties"), &rule.parties),
            distance_m,
            via: self.look_up_all(|names| &names.parties, &at.field("via"), &rule.via),
            barrier: self.look_up_some(|names| &names.barriers, &at.field("barrier"), rule.barrier.as_ref()),
            agreement: self.look_up_some(|names| &names.agreements, &at.field("agreement"), rule.agreement.as_ref()),
            level: rule.level.unwrap_or(Level::Warn),
            valid_from: self.given_time(&at.field("valid_from"), rule.valid_from.as_ref()),
            basis: rule.basis.unwrap_or_default(),
        }
    }

    /// Reports fields that a check needs and does not have, or has and does not need.
    fn check_rule_fields(&mut self, at: &At, rule: &format::Rule) {
        use RuleCheck::{BorderAcknowledged, MeetingLine, RelayOnly, StaysWithin};
        let needed = [
            (
                "distance",
                rule.distance.is_some(),
                matches!(rule.check, MeetingLine | StaysWithin),
                "a distance, such as \"15 km\"",
            ),
            ("barrier", rule.barrier.is_some(), rule.check == BorderAcknowledged, "the barrier whose crossing is acknowledged"),
            ("via", !rule.via.is_empty(), rule.check == RelayOnly, "the intermediaries that messages go through"),
        ];
        for (field, given, needed, expected) in needed {
            if needed && !given {
                self.problems.add(&at.field(field), "nothing", expected);
            } else if given && !needed {
                self.problems.add(&at.field(field), format!("`{field}`, which this check does not use"), "no such field here");
            }
        }
        if rule.check == RelayOnly && rule.parties.len() < 2 {
            self.problems.add(&at.field("parties"), format!("{} parties", rule.parties.len()), "at least two parties");
        }
        if rule.check == MeetingLine && !matches!(rule.claims.len(), 0 | 2) {
            self.problems.add(&at.field("claims"), format!("{} claims", rule.claims.len()), "two movements, or none for all");
        }
    }

    /// All agreements.
    pub fn agreements(&mut self) -> Vec<model::Agreement> {
        let plan = self.plan;
        plan.agreements.iter().map(|entry| self.agreement(entry)).collect()
    }

    fn agreement(&mut self, entry: &Entry<format::Agreement>) -> model::Agreement {
        let (at, agreement) = (&entry.at, &entry.value);
        let parties_at = at.field("parties");
        let parties = self.look_up_all(|names| &names.parties, &parties_at, &agreement.parties);
        let mut different = parties.clone();
        different.sort_unstable();
        different.dedup();
        let unknown = agreement.parties.len() - parties.len();
        if different.len() + unknown < 2 {
            let found = match agreement.parties.first() {
                Some(only) => format!("one party, {}", quoted(only)),
                None => "an agreement that names nobody".to_owned(),
            };
            self.problems.add(&parties_at, found, "the parties that signed, at least two");
        }
        let mut signers = |field: &'static str, names: &[String]| -> Vec<String> {
            let at = at.field(field);
            names.iter().enumerate().filter_map(|(index, name)| self.party_or_centre(&at.element(index), name)).collect()
        };
        let must_acknowledge = signers("must_acknowledge", &agreement.must_acknowledge);
        let acknowledged = signers("acknowledged", &agreement.acknowledged);
        self.only_participants(&parties_at, &agreement.parties);
        self.only_participants(&at.field("must_acknowledge"), &agreement.must_acknowledge);
        self.only_participants(&at.field("acknowledged"), &agreement.acknowledged);
        let (valid_from, valid_until) = self.validity(at, (agreement.valid_from.as_ref(), agreement.valid_until.as_ref()));
        let changes_at = at.field("changes");
        let changes = agreement.changes.iter().enumerate();
        let changes = changes.flat_map(|(index, change)| self.changes(&changes_at.element(index), change)).collect();
        let lines_at = at.field("meeting_lines");
        let lines = agreement.meeting_lines.iter().enumerate();
        let meeting_lines = lines.filter_map(|(index, line)| self.meeting_line(&lines_at.element(index), line)).collect();
        let crossings_at = at.field("crossings");
        let crossings = agreement.crossings.iter().enumerate();
        let crossings = crossings.filter_map(|(index, id)| self.movement(&crossings_at.element(index), id)).collect();
        self.source(at, agreement.source.as_ref());
        model::Agreement {
            id: agreement.id.clone(),
            parties,
            text: agreement.text.clone(),
            valid_from,
            valid_until,
            must_acknowledge,
            acknowledged,
            changes,
            meeting_lines,
            crossings,
            matters: self.look_up_all(|names| &names.matters, &at.field("matters"), &agreement.matters),
        }
    }

    /// Reports non-participants among the names: they agree to nothing and acknowledge nothing.
    fn only_participants(&mut self, at: &At, names: &[String]) {
        for (index, name) in names.iter().enumerate() {
            let Lookup::Id(id) = self.names.parties.look_up(name) else { continue };
            if self.plan.parties.iter().any(|entry| entry.value.id == id && !entry.value.participant) {
                let found = format!("{}, a non-participant", quoted(name));
                self.problems.add(&at.element(index), found, "a party that takes part");
            }
        }
    }

    fn meeting_line(&mut self, at: &At, line: &format::MeetingLineText) -> Option<([String; 2], model::Spot)> {
        let claims = self.two_movements(&at.field("claims"), &line.claims);
        let spot_at = at.field("at");
        let spot = self.position(&spot_at, &line.at);
        let (claims, spot) = (claims?, spot?);
        // A line that is not on both roads would stop a movement somewhere else than was agreed.
        for id in &claims {
            let track = self.columns.get(id)?.as_ref()?.track.clone();
            self.along_m(&spot_at, &track, &spot)?;
        }
        Some((claims, spot))
    }

    /// The changes that one entry of an agreement makes, in the order of the format's fields.
    fn changes(&mut self, at: &At, text: &format::ChangeText) -> Vec<(String, Change)> {
        let claim = self.look_up(|names| &names.claims, &at.field("claim"), &text.claim);
        let lower = text.lower.as_ref().and_then(|text| self.altitude(&at.field("lower"), text, Edge::Lower));
        let upper = text.upper.as_ref().and_then(|text| self.altitude(&at.field("upper"), text, Edge::Upper));
        if let (Some(lower), Some(upper), Some(text)) = (lower, upper, &text.lower)
            && lower.um() >= upper.um()
        {
            let expected = format!("a lower edge below the upper one, {} m", upper.m());
            self.problems.add(&at.field("lower"), quoted(&text.0), expected);
        }
        let delay = text.delay.as_ref().and_then(|text| self.duration_ns(&at.field("delay"), text, Bound::Positive));
        let start = text.start.as_ref().and_then(|text| self.time(&at.field("start"), text));
        let end = text.end.as_ref().and_then(|text| self.time(&at.field("end"), text));
        if let (Some(start), Some(end)) = (start, end)
            && end <= start
        {
            let expected = format!("an end after the start, {}", crate::words::time(start));
            self.problems.add(&at.field("end"), crate::words::time(end), expected);
        }
        let stop = text.stop_at.as_ref().and_then(|place| self.stop(&at.field("stop_at"), claim.as_ref()?, place));
        let keep = text.keep_to.as_ref().and_then(|keep| {
            let barrier = self.look_up(|names| &names.barriers, &at.field("keep_to").field("barrier"), &keep.barrier)?;
            Some(Change::KeepTo(barrier, keep.bank))
        });
        let nothing = text.lower.is_none() && text.upper.is_none() && text.delay.is_none() && text.start.is_none();
        if nothing && text.end.is_none() && text.stop_at.is_none() && text.keep_to.is_none() {
            self.problems.add(at, "a change of nothing", "`lower`, `upper`, `delay`, `start`, `end`, `stop_at` or `keep_to`");
        }
        let all = [
            lower.map(|altitude| Change::Lower(altitude.um())),
            upper.map(|altitude| Change::Upper(altitude.um())),
            delay.map(Change::Delay),
            start.map(Change::Start),
            end.map(Change::End),
            stop,
            keep,
        ];
        let Some(claim) = claim else { return Vec::new() };
        all.into_iter().flatten().map(|change| (claim.clone(), change)).collect()
    }

    fn stop(&mut self, at: &At, claim: &str, place: &format::Position) -> Option<Change> {
        let spot = self.position(at, place)?;
        let id = self.movement(at, claim)?;
        let track = self.columns.get(&id)?.as_ref()?.track.clone();
        self.along_m(at, &track, &spot).map(Change::StopAt)
    }

    /// All matters; one that names no parties is between the owners of its claims.
    pub fn matters(&mut self, claims: &[model::Claim]) -> Vec<model::Matter> {
        let plan = self.plan;
        let mut matters = Vec::new();
        for entry in &plan.matters {
            let (at, matter) = (&entry.at, &entry.value);
            let about = self.look_up_all(|names| &names.claims, &at.field("claims"), &matter.claims);
            let mut parties = self.look_up_all(|names| &names.parties, &at.field("parties"), &matter.parties);
            if parties.is_empty() {
                let owners = about.iter().filter_map(|id| claims.iter().find(|claim| claim.id == *id)?.party.clone());
                for owner in owners {
                    if !parties.contains(&owner) {
                        parties.push(owner);
                    }
                }
            }
            let with_at = at.field("escalates_with");
            let with = matter.escalates_with.iter().enumerate();
            matters.push(model::Matter {
                id: matter.id.clone(),
                text: matter.text.clone(),
                state: matter.state,
                claims: about,
                areas: self.look_up_all(|names| &names.areas, &at.field("areas"), &matter.areas),
                function: matter.function,
                parties,
                stake: matter.stake.clone(),
                risk: matter.risk.clone(),
                owner: self.look_up_some(|names| &names.parties, &at.field("owner"), matter.owner.as_ref()),
                due: self.given_time(&at.field("due"), matter.due.as_ref()),
                escalates_with: with.filter_map(|(index, id)| self.movement(&with_at.element(index), id)).collect(),
                source: self.source(at, matter.source.as_ref()),
            });
        }
        matters
    }

    /// All pairs that are expected to be clear.
    pub fn expectations(&mut self) -> Vec<model::Expectation> {
        let plan = self.plan;
        plan.expect_clear.iter().filter_map(|entry| self.expectation(entry)).collect()
    }

    fn expectation(&mut self, entry: &Entry<format::ExpectClear>) -> Option<model::Expectation> {
        let (at, expected) = (&entry.at, &entry.value);
        let claims_at = at.field("claims");
        let [a, b] =
            [0, 1].map(|index: usize| self.look_up(|names| &names.claims, &claims_at.element(index), &expected.claims[index]));
        let until = expected.until.as_ref().map(|place| self.position(&at.field("until"), place));
        if until.is_some() && a.is_some() {
            self.movement(&claims_at.element(0), &expected.claims[0])?;
        }
        let least_m =
            expected.at_least.as_ref().map(|given| self.given_length_m(&at.field("at_least"), given, Bound::NotNegative));
        let claims = self.two_different(&claims_at, a?, b?)?;
        let mut until = match until {
            Some(spot) => Some(spot?),
            None => None,
        };
        // The name that is meant for people, where one is given.
        if let (Some(spot), Some(name)) = (&mut until, &expected.until_name) {
            spot.name.clone_from(name);
        }
        Some(model::Expectation { claims, until, at_least_m: least_m.flatten().unwrap_or(0.0), text: expected.text.clone() })
    }
}
