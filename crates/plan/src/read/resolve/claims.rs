//! Claims: what each kind holds, the volumes that come of it, and the sides that claims are on.

use std::collections::BTreeMap;

use deconflict_spacetime::{NS_PER_S, Time, TimeSpan, Volume4D};

use super::ground::Ground;
use super::names::Lookup;
use super::window::{Defaults, Window};
use super::{Resolver, plain};
use crate::format::{self, ClaimKind};
use crate::model::{self, ClaimBody, Picture};
use crate::read::gather::Entry;
use crate::read::tree::{At, quoted};
use crate::words;

/// What a claim occupies, whether its window is open, and the stretch it was given as.
type Occupied = (ClaimBody, bool, Option<(String, f64)>);

/// Digits of a symbol's code.
const SYMBOL_DIGITS: usize = 20;
/// How far to either side of the picture's instant a site without times lasts: a hundred years.
const ALWAYS_NS: i64 = 36_525 * 86_400 * NS_PER_S;

impl Resolver<'_> {
    /// The movement that brings about an event.
    fn bounding_movement(&self, event: Option<&String>) -> Option<String> {
        let Lookup::Id(id) = self.names.events.look_up(event?) else { return None };
        self.plan.events.iter().find(|entry| entry.value.id == id)?.value.movement.clone()
    }

    /// All claims, each on its party's own side until the sides are known.
    pub fn claims(&mut self) -> Vec<model::Claim> {
        let plan = self.plan;
        plan.claims.iter().filter_map(|entry| self.claim(entry)).collect()
    }

    fn claim(&mut self, entry: &Entry<format::Claim>) -> Option<model::Claim> {
        let (at, claim) = (&entry.at, &entry.value);
        let fits = self.only_fields_that_fit(at, claim);
        let party = self.owner(at, claim);
        let supports_at = at.field("supports");
        let with_index = claim.supports.iter().enumerate();
        let supports: Vec<String> = with_index.filter_map(|(index, id)| self.movement(&supports_at.element(index), id)).collect();
        self.source(at, claim.source.as_ref());
        let symbol = self.symbol(at, claim);
        let body = match claim.kind {
            ClaimKind::Movement => self.columns.get(&claim.id).cloned().flatten().map(|column| match column.movement {
                Some(movement) => (ClaimBody::Movement(column.track, Box::new(movement)), column.open, None),
                None => (ClaimBody::Track(column.track), column.open, None),
            }),
            ClaimKind::Authority => self.authority(at, claim),
            ClaimKind::Flight | ClaimKind::Constraint | ClaimKind::Site | ClaimKind::Presence => self.volumes(at, claim),
        };
        let (party, (body, window_open, stretch_of)) = (party?, body?);
        fits.then(|| model::Claim {
            id: claim.id.clone(),
            name: claim.name.clone().unwrap_or_else(|| claim.id.clone()),
            kind: claim.kind,
            operation: claim.operation.clone().unwrap_or_else(|| claim.id.clone()),
            side: party.as_ref().map_or_else(|| format!("claim:{}", claim.id), |party| format!("party:{party}")),
            party,
            priority: claim.priority.unwrap_or(0),
            supports,
            body,
            window_open,
            bound_from: self.bounding_movement(claim.when.as_ref().and_then(|when| when.from.as_ref())),
            bound_until: self.bounding_movement(claim.when.as_ref().and_then(|when| when.until.as_ref())),
            bank: claim.bank.as_ref().map(|bank| *plain(at, bank).1),
            keeps_to: Vec::new(),
            basis: claim.basis.unwrap_or_default(),
            stretch_of,
            symbol,
            note: claim.note.clone(),
        })
    }

    /// A symbol that takes no side: this picture knows no friends and no enemies.
    fn symbol(&mut self, at: &At, claim: &format::Claim) -> Option<String> {
        let given = claim.symbol.as_ref()?;
        let is_code = given.len() == SYMBOL_DIGITS && given.bytes().all(|byte| byte.is_ascii_digit());
        if is_code && (b'0'..=b'2').contains(&given.as_bytes()[2]) && given.as_bytes()[3] == b'4' {
            return Some(given.clone());
        }
        let expected = "the 20 digits of a MIL-STD-2525D symbol with the standard identity neutral (fourth digit 4), such as \"10041000001211000000\"";
        self.problems.add(&at.field("symbol"), quoted(given), expected);
        None
    }

    /// The party of a claim: outer `None` if it is not good, inner for a site that has none.
    fn owner(&mut self, at: &At, claim: &format::Claim) -> Option<Option<String>> {
        let at = at.field("party");
        let Some(name) = &claim.party else {
            if claim.kind == ClaimKind::Site {
                return Some(None);
            }
            self.problems.add(&at, "nothing", "the party that makes the claim (only a site may have none)");
            return None;
        };
        match self.names.sides.look_up(name) {
            Lookup::Unknown(_) => self.look_up(|names| &names.parties, &at, name).map(Some),
            Lookup::Broken => None,
            Lookup::Id(side) => {
                let plan = self.plan;
                let lead = plan.sides.iter().find(|entry| entry.value.id == side).and_then(|entry| entry.value.lead.as_ref());
                let Some(lead) = lead else {
                    self.problems.add(
                        &at,
                        format!("the side {}, which has no lead", quoted(name)),
                        "a party, or a side with a `lead`",
                    );
                    return None;
                };
                // A lead that is not known is reported where the side is.
                if let Lookup::Id(party) = self.names.parties.look_up(lead) { Some(Some(party)) } else { None }
            }
        }
    }

    /// Reports fields that a claim of this kind does not have.
    fn only_fields_that_fit(&mut self, at: &At, claim: &format::Claim) -> bool {
        use ClaimKind::{Authority, Constraint, Flight, Movement, Presence, Site};
        const VOLUMES: &[ClaimKind] = &[Flight, Constraint, Site, Presence];
        const AREAS: &[ClaimKind] = &[Flight, Constraint, Site, Presence, Authority];
        const COLUMNS: &[ClaimKind] = &[Movement];
        let fields: [(&'static str, bool, &[ClaimKind]); 12] = [
            ("function", claim.function.is_some(), &[Authority]),
            ("outline", claim.outline.is_some(), AREAS),
            ("lower", claim.lower.is_some(), VOLUMES),
            ("upper", claim.upper.is_some(), VOLUMES),
            ("daily", claim.daily.is_some(), VOLUMES),
            ("volumes", !claim.volumes.is_empty(), VOLUMES),
            ("waypoints", !claim.waypoints.is_empty(), COLUMNS),
            ("width", claim.width.is_some(), COLUMNS),
            ("speed", claim.speed.is_some(), COLUMNS),
            ("pass_length", claim.pass_length.is_some(), COLUMNS),
            ("holds", claim.holds, COLUMNS),
            ("bank", claim.bank.is_some(), COLUMNS),
        ];
        let mut good = true;
        for (field, given, kinds) in fields {
            if given && !kinds.contains(&claim.kind) {
                let kinds: Vec<&str> = kinds.iter().map(|kind| words::claim_kind(*kind)).collect();
                let found = format!("`{field}` in a claim of kind {}", words::claim_kind(claim.kind));
                self.problems.add(&at.field(field), found, format!("`{field}` only in a claim of kind {}", kinds.join(", ")));
                good = false;
            }
        }
        good
    }

    fn authority(&mut self, at: &At, claim: &format::Claim) -> Option<Occupied> {
        if claim.function.is_none() {
            self.problems.add(&at.field("function"), "nothing", "what the authority is for: `control`, `lead` or `notify`");
        }
        let ground = self.required_outline(at, claim.outline.as_ref());
        let window = self.claim_window(at, claim);
        let ((area, stretch_of), window) = (ground?, window?);
        Some((ClaimBody::Authority { function: claim.function?, area, span: window.span }, window.open, stretch_of))
    }

    fn required_outline(&mut self, at: &At, outline: Option<&format::Outline>) -> Option<Ground> {
        let at = at.field("outline");
        let Some(outline) = outline else {
            self.problems.add(&at, "nothing", "an outline, such as { circle = { at = \"Abu Kamal\", radius = \"8 km\" } }");
            return None;
        };
        self.outline(&at, outline)
    }

    fn claim_window(&mut self, at: &At, claim: &format::Claim) -> Option<Window> {
        // A protected place is always one. Who is somewhere in one plan is not there in another's time.
        let (start, end) = match claim.kind {
            // Daily hours are written out day by day: they go as far as the picture does.
            ClaimKind::Site if claim.daily.is_some() => (self.header.span.start(), Some(self.header.span.end())),
            ClaimKind::Site => (self.header.as_of.plus_ns(-ALWAYS_NS), Some(self.header.as_of.plus_ns(ALWAYS_NS))),
            _ => (self.header.start(at.file), None),
        };
        self.reaches_horizon |= claim.kind == ClaimKind::Site && claim.daily.is_some() && claim.end.is_none();
        self.window(at, (claim.start.as_ref(), claim.end.as_ref()), claim.when.as_ref(), Defaults { start, end })
    }

    /// The volumes of a flight, constraint, site or presence.
    fn volumes(&mut self, at: &At, claim: &format::Claim) -> Option<Occupied> {
        let window = self.claim_window(at, claim);
        if claim.volumes.is_empty() {
            let ground = self.required_outline(at, claim.outline.as_ref());
            let band = self.band(at, (claim.lower.as_ref(), claim.upper.as_ref()), claim.kind == ClaimKind::Flight);
            let window = window?;
            let spans = self.spans(at, claim, window.span);
            let ((area, stretch_of), band, spans) = (ground?, band?, spans?);
            let volumes = spans.into_iter().map(|span| Volume4D { area: area.clone(), band, span }).collect();
            return Some((ClaimBody::Volumes(volumes), window.open, stretch_of));
        }
        let mut good = claim.outline.is_none();
        if !good {
            self.problems.add(&at.field("outline"), "`outline` and `volumes` together", "one of the two");
        }
        let mut volumes = Vec::new();
        for (index, volume) in claim.volumes.iter().enumerate() {
            match self.volume(&at.field("volumes").element(index), claim, volume, window) {
                Some(parts) => volumes.extend(parts),
                None => good = false,
            }
        }
        let window = window?;
        good.then_some((ClaimBody::Volumes(volumes), window.open, None))
    }

    /// One of several volumes: what it does not say it has from its claim.
    fn volume(
        &mut self,
        at: &At,
        claim: &format::Claim,
        volume: &format::VolumeText,
        window: Option<Window>,
    ) -> Option<Vec<Volume4D>> {
        let ground = self.outline(&at.field("outline"), &volume.outline);
        let edges = (volume.lower.as_ref().or(claim.lower.as_ref()), volume.upper.as_ref().or(claim.upper.as_ref()));
        let band = self.band(at, edges, claim.kind == ClaimKind::Flight);
        let window = window?;
        let defaults = Defaults { start: window.span.start(), end: Some(window.span.end()) };
        let own = self.window(at, (volume.start.as_ref(), volume.end.as_ref()), None, defaults)?;
        let spans = self.spans(at, claim, own.span);
        let ((area, _), band) = (ground?, band?);
        Some(spans?.into_iter().map(|span| Volume4D { area: area.clone(), band, span }).collect())
    }

    /// The times of a volume: its span, or the daily hours in it.
    fn spans(&mut self, at: &At, claim: &format::Claim, span: TimeSpan) -> Option<Vec<TimeSpan>> {
        match &claim.daily {
            Some(daily) => self.days(&at.field("daily"), daily, span),
            None => Some(vec![span]),
        }
    }

    /// All declared sides; puts their claims on them.
    pub fn sides(&mut self, claims: &mut [model::Claim]) -> Vec<model::Side> {
        let plan = self.plan;
        let mut sides = Vec::new();
        let mut listed: BTreeMap<String, String> = BTreeMap::new();
        for entry in &plan.sides {
            let (at, side) = (&entry.at, &entry.value);
            let claims_at = at.field("claims");
            for (index, id) in side.claims.iter().enumerate() {
                if let Some(other) = listed.insert(id.clone(), side.id.clone()).filter(|other| *other != side.id) {
                    let found = format!("{}, which is on the side {} already", quoted(id), quoted(&other));
                    self.problems.add(&claims_at.element(index), found, "a claim on one side only");
                }
            }
            let mut party =
                |field: &'static str, name: Option<&String>| self.look_up_some(|names| &names.parties, &at.field(field), name);
            let (lead, supporter) = (party("lead", side.lead.as_ref()), party("supporter", side.supporter.as_ref()));
            let deconflicted_by = side.deconflicted_by.as_ref().and_then(|given| {
                let (at, name) = plain(&at.field("deconflicted_by"), given);
                self.look_up(|names| &names.parties, &at, name)
            });
            sides.push(model::Side {
                id: side.id.clone(),
                name: side.name.clone().unwrap_or_else(|| side.id.clone()),
                lead,
                members: self.look_up_all(|names| &names.parties, &at.field("members"), &side.members),
                supporter,
                claims: self.look_up_all(|names| &names.claims, &claims_at, &side.claims),
                deconflicted_by,
                review: self.given_time(&at.field("review"), side.review.as_ref()),
                basis: side.basis.unwrap_or_default(),
            });
        }
        for claim in claims {
            if let Some(side) = listed.get(&claim.id) {
                claim.side.clone_from(side);
            }
        }
        sides
    }
}

/// Drops the claims, and of the others the volumes, that ended before `as_of`, and what was assumed of dropped claims.
/// What names a dropped claim still does.
///
/// What ended so lately that a time minimum still counts is kept, and so is what an event may yet make last longer.
pub fn drop_what_ended_before(picture: &mut Picture, as_of: Time) {
    let longest_ns = picture.minima.values().map(|minima| minima.time_ns).max().unwrap_or(0);
    let over = |end: Time| end < as_of.plus_ns(-longest_ns);
    let ended = |claim: &mut model::Claim| {
        if claim.window_open || claim.bound_until.is_some() {
            return false;
        }
        match &mut claim.body {
            ClaimBody::Volumes(volumes) => {
                volumes.retain(|volume| !over(volume.span.end()));
                volumes.is_empty()
            }
            ClaimBody::Movement(_, movement) => over(movement.end()),
            ClaimBody::Authority { span, .. } => over(span.end()),
            ClaimBody::Track(_) => false,
        }
    };
    let mut dropped = Vec::new();
    picture.claims.retain_mut(|claim| {
        let ended = ended(claim);
        if ended {
            dropped.push(claim.id.clone());
        }
        !ended
    });
    let claims = &picture.claims;
    picture.assumptions.retain(|assumption| {
        let of = |id: &String| is_of_claim(&assumption.path, id);
        !dropped.iter().any(of) || claims.iter().any(|claim| of(&claim.id))
    });
}

/// Whether a path in the plan is a claim's or leads into it.
fn is_of_claim(path: &str, id: &str) -> bool {
    let rest = path.strip_prefix("claims.").and_then(|path| path.strip_prefix(id));
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
}
