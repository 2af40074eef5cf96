//! Protected sites: shown whole only to those whom their owner names, read one by one, each reading written down for the owner.
//!
//! Does not know what a reader does with what it has read: a withdrawal is told, and cannot be enforced.

use deconflict_spacetime::NS_PER_S;
use serde_json::{Value, json};

use super::{Answer, Desk, Refusal};
use crate::command::Effect;
use crate::pieces::text;
use crate::rows::{Access, Accessed, AskedInDay, ClaimRow, Disclosed, Disclosure};
use crate::state::OPERATOR;

/// Reading the same version again within so many seconds is the same reading.
const SAME_READING_S: i64 = 3600;

impl Desk {
    /// One of a party's claims, or one that it may see whole; where that is a site of another, its owner can tell afterwards.
    pub(super) fn read_claim(&mut self, party: &str, id: &str) -> Result<Answer, Refusal> {
        let not_there = || Refusal::NotFound(format!("there is no claim {id:?} that you may see"));
        let found = self.state.claim_for(party, id).ok_or_else(not_there)?;
        let Some(version) = self.state.site_of_another(party, id).map(|row| row.version) else { return Ok(found) };
        let now_ns = self.state.now_ns;
        let log = self.state.accesses.get(id).into_iter().flatten();
        let is_same = |line: &Access| {
            line.what == Accessed::Read
                && line.version == version
                && now_ns - line.at_ns < SAME_READING_S.saturating_mul(NS_PER_S)
        };
        if log.rev().take_while(|line| line.what != Accessed::Withdrawal).any(|line| line.by == party && is_same(line)) {
            return Ok(found);
        }
        let (today, most) = (self.asked_today(party), self.settings().site_reads);
        if today.sites >= most {
            return Err(Refusal::TooMuch(format!("{} sites of others were read today, and {most} may be", today.sites)));
        }
        let sites = today.sites + 1;
        self.put(Effect::Asked(party.to_owned(), Some(AskedInDay { sites, ..today })));
        self.write_down(id, party, version, Accessed::Read);
        if sites == most {
            let what = json!({ "event": "alarm", "what": "reading sites", "party": party, "sites_read_today": sites });
            self.event(OPERATOR, &what);
        }
        Ok(found)
    }

    /// Whether a party may let all others see a site whole: its consent goes to each by name.
    pub(super) fn may_disclose(row: &ClaimRow, disclosure: &Disclosure) -> Result<(), Refusal> {
        if row.is_site() && row.party != OPERATOR && disclosure.others == Disclosed::Full {
            let expected = "at most \"conflict-only\": whoever is to see a site whole is named in \"to\"";
            return Err(Refusal::bad("disclosure.others", "\"full\" for a protected site", expected));
        }
        Ok(())
    }

    /// Writes down who may see a site whole from now on, and who no longer; tells those that have read it.
    pub(super) fn keep_consent(&mut self, key: &str, before: Option<&ClaimRow>, after: Option<&ClaimRow>) {
        let Some(row) = after.or(before).filter(|row| row.is_site()) else { return };
        let (owner, version) = (row.party.clone(), row.version);
        let named = |row: Option<&ClaimRow>| -> Vec<String> {
            let named = row.into_iter().flat_map(|row| row.disclosure.to.iter());
            named.filter(|(_, disclosed)| **disclosed == Disclosed::Full).map(|(party, _)| party.clone()).collect()
        };
        let (named_before, named_after) = (named(before), named(after));
        for party in named_after.iter().filter(|party| !named_before.contains(party)) {
            self.write_down(key, party, version, Accessed::Consent);
        }
        let is_shown =
            |row: Option<&ClaimRow>, party: &str| row.is_some_and(|row| row.disclosure.towards(party) == Disclosed::Full);
        let mut gone: Vec<String> = named_before.into_iter().filter(|party| !is_shown(after, party)).collect();
        let readers = self.readers_of(key);
        gone.extend(readers.iter().filter(|party| is_shown(before, party) && !is_shown(after, party)).cloned());
        gone.sort();
        gone.dedup();
        for party in gone {
            if readers.contains(&party) && party != owner {
                let what = "its owner no longer shows it to you: do not count on what you have read, and do not keep it";
                self.event(&party, &json!({ "event": "site", "claim": key, "change": "withdrawn", "what": what }));
            }
            self.write_down(key, &party, version, Accessed::Withdrawal);
        }
    }

    /// Those who have read a site since it was last withdrawn from them.
    fn readers_of(&self, key: &str) -> Vec<String> {
        let mut readers = Vec::new();
        for line in self.state.accesses.get(key).into_iter().flatten() {
            match line.what {
                Accessed::Read if !readers.contains(&line.by) => readers.push(line.by.clone()),
                Accessed::Withdrawal => readers.retain(|reader| *reader != line.by),
                Accessed::Read | Accessed::Consent => {}
            }
        }
        readers
    }

    fn write_down(&mut self, key: &str, by: &str, version: u64, what: Accessed) {
        let line = Access { at_ns: self.state.now_ns, by: by.to_owned(), version, what };
        self.put(Effect::Access(key.to_owned(), Some(line)));
    }
}

impl crate::State {
    /// A protected site of somebody else that a party may see whole.
    pub fn site_of_another(&self, party: &str, id: &str) -> Option<&ClaimRow> {
        let row = self.claims.get(id).filter(|row| row.party != party && row.is_site())?;
        (row.disclosure.towards(party) == Disclosed::Full).then_some(row)
    }

    /// Who has read a site of the party, who was allowed to and from whom it was withdrawn, oldest first; `None` if the party never had such a site.
    pub fn access_for(&self, party: &str, id: &str) -> Option<Value> {
        let key = format!("{party}/{id}");
        let is_there = self.claims.get(&key).is_some_and(|row| row.is_site());
        let log = self.accesses.get(&key).filter(|log| is_there || !log.is_empty());
        if !is_there && log.is_none() {
            return None;
        }
        let lines = log
            .into_iter()
            .flatten()
            .map(|line| json!({ "at": text(line.at_ns), "party": line.by, "version": line.version, "what": line.what }));
        Some(json!({ "claim": id, "access": lines.collect::<Vec<_>>() }))
    }
}
