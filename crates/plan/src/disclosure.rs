//! What one party would be told, and nothing else.
//!
//! Works on a finished report: it leaves out, and never adds but who passes a finding on. A finding is shown to
//! - a party that has a notice of it,
//! - an intermediary that passes such a notice on,
//! - a member of a declared side whose lead has a notice of it, if the finding is about a claim of that side.
//!
//! Another's movement is told as the part that matters, where and when the two meet, never as a track: no stretch of its road,
//! and not where its head is at a time.
//!
//! The title of a picture is written by whoever made it, about everybody; it is not passed on either.

use crate::model::{Assumption, Party, Picture, Side};
use crate::report::{Finding, FindingKind, Location, Measures, Proposal, Report, Standing};
use crate::words;

/// The report as `party` (an id) would be told it: only findings that are routed to it, without what it is not to know.
///
/// Empty for a party that is unknown, is a non-participant, or is not to be told.
pub fn for_party(picture: &Picture, report: &Report, party: &str) -> Report {
    let mut told = Report {
        id: report.id.clone(),
        title: format!("as told to {party}"),
        as_of: report.as_of,
        findings: Vec::new(),
        movements: Vec::new(),
        statements: Vec::new(),
        expectations: Vec::new(),
        assumptions: Vec::new(),
    };
    let Some(party) = picture.party(party).filter(|party| may_be_told(party)) else { return told };
    let reader = Reader { picture, party };
    told.findings = report.findings.iter().filter_map(|finding| reader.finding(finding)).collect();
    told.movements = report.movements.iter().filter(|movement| reader.owns(&movement.claim)).cloned().collect();
    told.assumptions = report.assumptions.iter().filter(|assumption| reader.may_know(assumption)).cloned().collect();
    told
}

/// One finding as `party` (an id) would be told it; `None` if it is not.
pub fn finding_for_party(picture: &Picture, finding: &Finding, party: &str) -> Option<Finding> {
    let party = picture.party(party).filter(|party| may_be_told(party))?;
    Reader { picture, party }.finding(finding)
}

/// Whether anything may ever be said to this party.
pub fn may_be_told(party: &Party) -> bool {
    party.participant && party.told
}

/// The party with this id, name or alias.
///
/// # Errors
/// No party has it: the nearest id, name or alias that one has, if any is near.
pub fn party_named<'a>(picture: &'a Picture, text: &str) -> Result<&'a Party, Option<String>> {
    let names = |party: &'a Party| [&party.id, &party.name].into_iter().chain(&party.aliases);
    if let Some(party) =
        picture.party(text).or_else(|| picture.parties.iter().find(|party| names(party).any(|name| name == text)))
    {
        return Ok(party);
    }
    let all = picture.parties.iter().flat_map(names);
    let near = all.map(|name| (strsim::jaro_winkler(&name.to_lowercase(), &text.to_lowercase()), name));
    Err(near.filter(|(alike, _)| *alike > 0.75).max_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, name)| name.clone()))
}

/// One party that reads a report.
struct Reader<'a> {
    picture: &'a Picture,
    party: &'a Party,
}

impl Reader<'_> {
    /// The finding as this party hears it; `None` if it does not.
    fn finding(&self, finding: &Finding) -> Option<Finding> {
        let id = &self.party.id;
        let passes_on = |via: &Option<Vec<String>>| via.as_ref().is_some_and(|via| via.contains(id));
        let mut notify: Vec<_> =
            finding.notify.iter().filter(|notice| notice.party == *id || passes_on(&notice.via)).cloned().collect();
        let mut finding = finding.clone();
        self.hide_tracks(&mut finding);
        let finding = &finding;
        let mut details = finding.details.clone();
        if notify.is_empty() {
            let (lead, side) = self.told_by_lead(finding)?;
            notify.extend(finding.notify.iter().filter(|notice| notice.party == *lead).cloned());
            details.push(format!("You are told by {lead}, which leads {}.", side.name));
        } else if notify.iter().all(|notice| notice.party != *id) {
            let to: Vec<&str> = notify.iter().map(|notice| notice.party.as_str()).collect();
            details.push(format!("You pass this on to {}.", to.join(" and ")));
        }
        for notice in notify.iter_mut().filter(|notice| notice.party != *id) {
            notice.members.clear();
        }
        Some(Finding {
            notify,
            details,
            // That another party concerned does not hear of it matters; why it does not, is not this party's business.
            cannot_tell: finding.cannot_tell.iter().map(|(party, _)| (party.clone(), String::new())).collect(),
            standing: self.standing(&finding.standing),
            proposals: finding.proposals.iter().filter(|proposal| self.concerned_by(proposal)).cloned().collect(),
            ..finding.clone()
        })
    }

    /// Leaves of another's movement only the part that matters. What was measured is told; sentences may name places on its road.
    fn hide_tracks(&self, finding: &mut Finding) {
        if finding.claims.iter().all(|claim| self.owns(claim)) {
            return;
        }
        match finding.kind {
            FindingKind::Converging => {
                finding.place = self.meeting_place(finding);
                self.cut_to_own_road(finding);
                finding.details = meeting_details(&finding.measures);
            }
            FindingKind::Approach => {
                finding.place = self.own_head(finding);
                finding.details = approach_details(&finding.measures);
            }
            FindingKind::Rule if matches!(finding.place, Some(Location::Line(_))) => finding.place = self.own_head(finding),
            _ => {}
        }
    }

    /// The likely meeting where it is certain or on this party's own road; otherwise the end that both share.
    fn meeting_place(&self, finding: &Finding) -> Option<Location> {
        if let Some(Location::Point(_)) = finding.place {
            return finding.place.clone();
        }
        let own = finding.claims.iter().position(|claim| self.owns(claim));
        let line = &self.picture.claim(finding.claims.get(own.unwrap_or(0))?)?.track()?.line;
        let likely_km = finding.measures.place_km.map_or(0.0, |[likely, ..]| likely);
        // Along the joined line the first claim's road is before the shared end, the second's after it.
        let before_end_km = match own {
            Some(0) => (-likely_km).max(0.0),
            Some(_) => likely_km.max(0.0),
            None => 0.0,
        };
        Some(Location::Point(line.point_at(line.length_m() - before_end_km * 1000.0)))
    }

    /// The range of the meeting only as far as it is on this party's own road.
    fn cut_to_own_road(&self, finding: &mut Finding) {
        let owns = |index: usize| finding.claims.get(index).is_some_and(|claim| self.owns(claim));
        let (first, second) = (owns(0), owns(1));
        if let Some([likely, min, max]) = &mut finding.measures.place_km {
            *min = if first { *min } else { min.max(likely.min(0.0)) };
            *max = if second { *max } else { max.min(likely.max(0.0)) };
        }
    }

    /// The one end of a line between two heads that is on this party's own road; none where it is not plain which one that is.
    fn own_head(&self, finding: &Finding) -> Option<Location> {
        const ON_ROAD_M: f64 = 1.0;
        let own = finding.claims.iter().find(|claim| self.owns(claim))?;
        let line = &self.picture.claim(own)?.track()?.line;
        let Some(Location::Line(ends)) = &finding.place else { return finding.place.clone() };
        let mut on_road = ends.iter().filter(|end| line.nearest(**end).1 <= ON_ROAD_M);
        match (on_road.next(), on_road.next()) {
            (Some(head), None) => Some(Location::Point(*head)),
            _ => None,
        }
    }

    /// The lead that tells this party, as a member of a side, of a finding about that side.
    fn told_by_lead(&self, finding: &Finding) -> Option<(&String, &Side)> {
        self.picture.sides.iter().find_map(|side| {
            let lead = side.lead.as_ref()?;
            let about = finding.claims.iter().filter_map(|id| self.picture.claim(id)).any(|claim| claim.side == side.id);
            let told = finding.notify.iter().any(|notice| notice.party == *lead);
            (about && told && side.members.contains(&self.party.id)).then_some((lead, side))
        })
    }

    fn standing(&self, standing: &Standing) -> Standing {
        match standing {
            Standing::AgreedNotInForce { agreement, .. } if self.knows_agreement(agreement) => standing.clone(),
            _ => Standing::Unagreed,
        }
    }

    fn knows_agreement(&self, id: &str) -> bool {
        self.picture.agreement(id).is_some_and(|agreement| {
            agreement.parties.contains(&self.party.id)
                || agreement.must_acknowledge.contains(&self.party.id)
                || agreement.changes.iter().any(|(claim, _)| self.owns(claim))
        })
    }

    fn concerned_by(&self, proposal: &Proposal) -> bool {
        proposal.accept.contains(&self.party.id) || proposal.changes.iter().any(|(claim, _)| self.owns(claim))
    }

    fn owns(&self, claim: &str) -> bool {
        self.picture.claim(claim).is_some_and(|claim| claim.party.as_ref() == Some(&self.party.id))
    }

    /// Only what is assumed about its own claims: an assumption about another's says where that other is.
    fn may_know(&self, assumption: &Assumption) -> bool {
        assumption.claim(self.picture).is_some_and(|claim| self.owns(claim))
    }
}

/// When two columns meet, without where.
fn meeting_details(measures: &Measures) -> Vec<String> {
    let mut details = Vec::new();
    if let Some([earliest, likely, latest]) = measures.meeting.map(|times| times.map(words::minute)) {
        details.push(if earliest == latest {
            format!("They meet on {likely}.")
        } else {
            format!("They meet between {earliest} and {latest}, likely {likely}.")
        });
    }
    details
}

/// How close two heads come, without where they are.
fn approach_details(measures: &Measures) -> Vec<String> {
    let mut details = Vec::new();
    let steps: Vec<String> = measures
        .thresholds
        .iter()
        .map(|(km, _, time)| format!("{} from {}", words::round_length(km * 1000.0), words::minute(*time)))
        .collect();
    if !steps.is_empty() {
        details.push(format!("Heads within {}.", steps.join("; ")));
    }
    details.extend(measures.distance_km.map(|km| format!("They come as close as {}.", words::length(km * 1000.0))));
    details
}

impl Assumption {
    /// The claim that this is an assumption about, by its path: "claims.RU-1.lower".
    pub fn claim<'a>(&self, picture: &'a Picture) -> Option<&'a str> {
        let path = self.path.strip_prefix("claims.")?;
        let ids = picture.claims.iter().map(|claim| claim.id.as_str());
        // Ids may contain dots: the longest that fits is meant.
        ids.filter(|id| path.strip_prefix(id).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '['])))
            .max_by_key(|id| id.len())
    }
}

#[cfg(test)]
#[path = "disclosure_tests.rs"]
mod tests;
