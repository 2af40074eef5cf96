//! The picture as a page with a map draws it for one recipient: its own claims and those that it may see whole, as they are lived. What was told
//! of findings is on its stream, and not here.

use deconflict_plan::drawn;
use deconflict_plan::model::Claim;
use serde_json::{Value, json};

use crate::desk::Desk;
use crate::pieces::of_ms;
use crate::rows::{Accessed, Disclosed};
use crate::state::OPERATOR;

/// So many claims are drawn at most: a page that has to draw more is of no use. How many were left out is said.
const MOST_CLAIMS: usize = 10_000;
/// A picture without claims is shown for so long, milliseconds.
const EMPTY_MS: i64 = 86_400_000;

/// A scene, of which the claims are not drawn yet: that takes a while, and needs no desk.
#[derive(Clone, Debug)]
pub struct Scene {
    rest: Value,
    claims: Vec<Claim>,
}

impl Scene {
    /// The scene as JSON; `docs/report.md` has the shape.
    pub fn into_json(mut self) -> Value {
        self.rest["claims"] = self.claims.iter().map(drawn::claim).collect();
        self.rest
    }
}

impl Desk {
    /// The scene of a recipient; `None` until there is a picture.
    pub fn scene(&self, recipient: &str) -> Option<Scene> {
        let picture = self.live()?.picture();
        let visible: Vec<&Claim> = picture.claims.iter().filter(|claim| self.is_drawn_for(recipient, &claim.id)).collect();
        let now_ms = of_ms(self.state().now_ns);
        // From what is shown alone: how long the whole picture lasts hangs on what is not.
        let spans = visible.iter().filter_map(|claim| claim.span());
        let (from, until) = spans.fold((now_ms, now_ms), |(from, until), span| {
            (from.min(drawn::ms(span.start())), until.max(drawn::ms(span.end()).min(now_ms.saturating_add(400 * EMPTY_MS))))
        });
        let left_out = visible.len().saturating_sub(MOST_CLAIMS);
        let party = |party: &deconflict_plan::model::Party| json!({ "id": party.id, "name": party.name, "participant": party.participant });
        let reader = picture.party(recipient);
        let rest = json!({
            "title": picture.title,
            "id": picture.id,
            "reader": reader.map(|party| json!({ "id": party.id, "name": party.name })),
            "as_of": now_ms,
            "span": [from, if until > from { until } else { from + EMPTY_MS }],
            "altitude_reference": picture.altitude_reference.name(),
            "parties": picture.parties.iter().map(party).collect::<Vec<_>>(),
            "left_out": left_out,
            "areas": drawn::areas(picture),
            "barriers": drawn::barriers(picture),
            "places": drawn::places(picture),
            "findings": [],
        });
        Some(Scene { rest, claims: visible.into_iter().take(MOST_CLAIMS).cloned().collect() })
    }

    /// Its own, and what it may see whole; sites of others only once it has read them, as the page is no way around their log.
    fn is_drawn_for(&self, recipient: &str, claim: &str) -> bool {
        let state = self.state();
        let Some(row) = state.claims.get(claim) else { return false };
        if row.party == recipient {
            return true;
        }
        let may_see = recipient == OPERATOR || row.disclosure.towards(recipient) == Disclosed::Full;
        if !row.is_site() || !may_see {
            return may_see;
        }
        let log = state.accesses.get(claim).into_iter().flatten().rev().filter(|line| line.by == recipient);
        log.take_while(|line| line.what != Accessed::Withdrawal)
            .any(|line| line.what == Accessed::Read && line.version == row.version)
    }
}
