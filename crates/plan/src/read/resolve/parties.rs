//! Parties and how they relate to and reach each other.

use std::collections::BTreeMap;

use super::Resolver;
use super::names::Lookup;
use super::quantities::Bound;
use crate::format;
use crate::model;
use crate::read::gather::Entry;
use crate::read::tree::{At, quoted};

impl Resolver<'_> {
    /// All parties; that they operate because they own a claim is added later.
    pub fn parties(&mut self) -> Vec<model::Party> {
        let plan = self.plan;
        let mut parties = Vec::new();
        for entry in &plan.parties {
            let party = &entry.value;
            let part_of = self.look_up_some(|names| &names.parties, &entry.at.field("part_of"), party.part_of.as_ref());
            parties.push(model::Party {
                id: party.id.clone(),
                name: party.name.clone(),
                aliases: party.aliases.clone(),
                part_of,
                registered: party.registered,
                told: party.told && party.participant,
                participant: party.participant,
                operates: party.operates == Some(true),
            });
        }
        self.report_cycles(&parties);
        parties
    }

    /// Reports each cycle of `part_of` once, at its first party.
    fn report_cycles(&mut self, parties: &[model::Party]) {
        let plan = self.plan;
        let above: BTreeMap<&str, &str> =
            parties.iter().filter_map(|party| Some((party.id.as_str(), party.part_of.as_deref()?))).collect();
        let mut told: Vec<&str> = Vec::new();
        for entry in &plan.parties {
            let mut chain = vec![entry.value.id.as_str()];
            while let Some(next) = chain.last().and_then(|last| above.get(last)) {
                // A chain that runs into a cycle further up is no cycle of its own.
                if chain[1..].contains(next) || told.contains(next) {
                    break;
                }
                chain.push(next);
                if *next == chain[0] {
                    self.problems.add(
                        &entry.at.field("part_of"),
                        format!("a cycle: {}", chain.join(" part of ")),
                        "a party that is no part of itself",
                    );
                    told.extend(&chain);
                    break;
                }
            }
        }
    }

    /// All relations.
    pub fn relations(&mut self) -> Vec<model::Relation> {
        let plan = self.plan;
        plan.relations.iter().filter_map(|entry| self.relation(entry)).collect()
    }

    fn relation(&mut self, entry: &Entry<format::Relation>) -> Option<model::Relation> {
        let (at, relation) = (&entry.at, &entry.value);
        let from = self.look_up(|names| &names.parties, &at.field("from"), &relation.from);
        let to = self.look_up(|names| &names.parties, &at.field("to"), &relation.to);
        let place = self.look_up_some(|names| &names.places, &at.field("place"), relation.place.as_ref());
        let as_given = |text: &Option<format::TimeText>| text.clone().map(format::Given::Plain);
        let (valid_from, valid_until) = (as_given(&relation.valid_from), as_given(&relation.valid_until));
        let (valid_from, valid_until) = self.validity(at, (valid_from.as_ref(), valid_until.as_ref()));
        self.source(at, relation.source.as_ref());
        Some(model::Relation {
            from: from?,
            to: to?,
            kind: relation.kind,
            confidence: relation.confidence.clone(),
            place,
            valid_from,
            valid_until,
        })
    }

    /// A party or a centre, by id, or a party by name.
    pub fn party_or_centre(&mut self, at: &At, name: &str) -> Option<String> {
        if let Lookup::Id(id) = self.names.centres.look_up(name) {
            return Some(id);
        }
        if self.plan.broken.contains(&("centres", name.to_owned())) {
            return None;
        }
        match (self.names.parties.look_up(name), self.names.centres.look_up(name)) {
            (Lookup::Id(id), _) => Some(id),
            (Lookup::Unknown(_), Lookup::Unknown(expected)) if expected.contains("did you mean") => {
                self.problems.add(at, quoted(name), expected.replace("a known centre", "a known party or centre"));
                None
            }
            _ => self.look_up(|names| &names.parties, at, name),
        }
    }

    /// All channels.
    pub fn channels(&mut self) -> Vec<model::Channel> {
        let plan = self.plan;
        plan.channels.iter().filter_map(|entry| self.channel(entry)).collect()
    }

    fn channel(&mut self, entry: &Entry<format::Channel>) -> Option<model::Channel> {
        let (at, channel) = (&entry.at, &entry.value);
        let from = self.party_or_centre(&at.field("from"), &channel.from);
        let to = self.party_or_centre(&at.field("to"), &channel.to);
        let via_at = at.field("via");
        let via = self.look_up_all(|names| &names.parties, &via_at, &channel.via);
        if from.is_some() && from == to {
            self.problems.add(&at.field("to"), quoted(&channel.to), "another end than `from`");
        }
        for (index, id) in via.iter().enumerate() {
            let own_end = [&from, &to].iter().any(|end| end.as_ref() == Some(id));
            if own_end || via[..index].contains(id) {
                let found = if own_end {
                    format!("{}, an end of the channel itself", quoted(id))
                } else {
                    format!("{} twice", quoted(id))
                };
                self.problems.add(&via_at.element(index), found, "intermediaries between the two ends, each once");
            }
        }
        let delay_ns = self.given_duration_ns(&at.field("delay"), channel.delay.as_ref(), Bound::NotNegative);
        let within =
            self.given_duration_ns(&at.field("acknowledge_within"), channel.acknowledge_within.as_ref(), Bound::Positive);
        let (valid_from, valid_until) = self.validity(at, (channel.valid_from.as_ref(), channel.valid_until.as_ref()));
        self.source(at, channel.source.as_ref());
        Some(model::Channel {
            id: channel.id.clone(),
            from: from?,
            to: to?,
            via,
            delay_ns: delay_ns.unwrap_or(0),
            acknowledge_within_ns: within,
            purpose: channel.purpose.clone(),
            valid_from,
            valid_until,
        })
    }

    /// All coordination centres.
    pub fn centres(&mut self) -> Vec<model::Centre> {
        let plan = self.plan;
        plan.centres.iter().filter_map(|entry| self.centre(entry)).collect()
    }

    fn centre(&mut self, entry: &Entry<format::Centre>) -> Option<model::Centre> {
        let (at, centre) = (&entry.at, &entry.value);
        let party = self.look_up(|names| &names.parties, &at.field("party"), &centre.party);
        let spot = self.position(&at.field("at"), &centre.at);
        let uncertainty = centre.uncertainty.as_ref();
        let uncertainty_m = uncertainty.and_then(|text| self.length_m(&at.field("uncertainty"), text, Bound::NotNegative));
        let mut reported_at = Vec::new();
        for (index, report) in centre.reported_at.iter().enumerate() {
            let at = at.field("reported_at").element(index);
            let source = self.source(&at, report.source.as_ref());
            reported_at.extend(self.position(&at.field("at"), &report.at).map(|spot| (spot, source)));
        }
        Some(model::Centre {
            id: centre.id.clone(),
            name: centre.name.clone().unwrap_or_else(|| centre.id.clone()),
            uncertainty_m: uncertainty_m.unwrap_or(0.0),
            reported_at,
            source: self.source(at, centre.source.as_ref()),
            party: party?,
            at: spot?,
        })
    }
}
