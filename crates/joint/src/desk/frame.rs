//! Everything of the picture but claims: how it is set, and read again when claims come that it names.

use std::collections::BTreeSet;
use std::num::NonZero;
use std::sync::atomic::{AtomicUsize, Ordering};

use deconflict_plan::model::Claim;
use deconflict_plan::{Edit, Live};
use deconflict_spacetime::Time;
use serde_json::{Map, Value, json};

use super::{Answer, Desk, Refusal};
use crate::command::Effect;
use crate::pieces::{self, Filed};
use crate::rows::{Clock, Frame, Settings};
use crate::state::OPERATOR;

/// So many claims are read together when all are read.
const READ_AT_ONCE: usize = 200;

/// Sections of a frame that say nothing of where and when a claim is.
const NOT_LEANED_ON: [&str; 9] =
    ["agreements", "matters", "statements", "rules", "minima", "approach", "terms", "channels", "expect_clear"];

/// No party is called so.
const RESERVED: [&str; 2] = [OPERATOR, "service"];

impl Desk {
    pub(super) fn set_frame(&mut self, plan: &Value, settings: &Settings) -> Result<Answer, Refusal> {
        if !plan.is_object() {
            return Err(Refusal::bad("plan", "no object", "a plan file in JSON, without claims"));
        }
        if plan.get("claims").is_some() {
            return Err(Refusal::bad("plan.claims", "claims", "a plan file without claims: each party files its own"));
        }
        let parties = plan.get("parties").and_then(Value::as_array).into_iter().flatten();
        if let Some(taken) = parties.filter_map(|party| party["id"].as_str()).find(|id| RESERVED.contains(id)) {
            return Err(Refusal::bad(
                "plan.parties",
                format!("{taken:?}"),
                "another id: that one stands for whoever runs the service",
            ));
        }
        let version = self.state.frame.as_ref().map_or(1, |frame| frame.version + 1);
        let was_there = self.live.is_some();
        let before = self.plan();
        self.put(Effect::Frame(Some(Box::new(Frame { version, plan: plan.clone(), settings: settings.clone() }))));
        if settings.clock == Clock::Service {
            self.move_clock(self.draft.at_ns);
        }
        if !was_there {
            if settings.clock == Clock::Exercise {
                let frame = pieces::read_frame(plan, &self.filed())?;
                self.put(Effect::Now(frame.as_of.ns()));
            }
            self.keep_reading();
            self.read_all()?;
        } else {
            let edit = self.frame_after(&before)?;
            self.edit(edit);
        }
        let all = self.all_findings();
        self.tell(&all);
        let waiting: Vec<&String> = self.named.iter().filter(|id| !self.state.claims.contains_key(*id)).collect();
        Ok(json!({ "version": version, "waits_for_claims": waiting }))
    }

    /// What a frame that was set after another one makes of the picture: the claims are read again where they may lean on what is different.
    pub(super) fn frame_after(&mut self, before: &Value) -> Result<Edit, Refusal> {
        let frame = Some(Box::new(self.read_frame()?));
        let plan = self.plan();
        let sections = |plan: &Value| plan.as_object().cloned().unwrap_or_default();
        let (old, new) = (sections(before), sections(&plan));
        let differs = |section: &&String| !NOT_LEANED_ON.contains(&section.as_str()) && old.get(*section) != new.get(*section);
        if !old.keys().chain(new.keys()).any(|section| differs(&section)) {
            return Ok(Edit { frame, ..Edit::default() });
        }
        let put = self.read_all_claims(&plan)?.into_iter().map(|claim| self.as_lived(claim)).collect();
        self.read_dependents(&plan);
        Ok(Edit { frame, put, ..Edit::default() })
    }

    /// What hangs on what.
    fn read_dependents(&mut self, plan: &Value) {
        self.dependents.clear();
        for row in self.state.claims.values() {
            for needed in pieces::leans(plan, &row.piece) {
                self.dependents.entry(needed).or_default().insert(row.key());
            }
        }
    }

    /// Reads everything that is filed.
    pub(super) fn read_all(&mut self) -> Result<(), Refusal> {
        let mut picture = self.read_frame()?;
        let plan = self.plan();
        let claims = self.read_all_claims(&plan)?;
        picture.claims = Vec::new();
        picture.as_of = Time::from_ns(self.state.now_ns);
        // What claims are lived as hangs on the horizon of the picture.
        self.live = Some(Live::new(picture.clone()));
        picture.claims = claims.into_iter().map(|claim| self.as_lived(claim)).collect();
        self.live = Some(Live::new(picture));
        self.read_dependents(&plan);
        Ok(())
    }

    /// All claims, read on all cores, in the order of their ids.
    fn read_all_claims(&self, plan: &Value) -> Result<Vec<Claim>, Refusal> {
        let ids: Vec<&String> = self.state.claims.keys().collect();
        // Some at a time: what reading keeps of each entry to tell of problems is more than the claim.
        let parts: Vec<&[&String]> = ids.chunks(READ_AT_ONCE).collect();
        let next = AtomicUsize::new(0);
        let work = || {
            let mut read = Vec::new();
            loop {
                let at = next.fetch_add(1, Ordering::Relaxed);
                let Some(part) = parts.get(at) else { return read };
                let some: BTreeSet<String> = part.iter().map(|id| (*id).clone()).collect();
                read.push((at, pieces::read_claims(plan, &self.filed(), &some)));
            }
        };
        let cores = std::thread::available_parallelism().map_or(1, NonZero::get).min(parts.len().max(1));
        let mut read = std::thread::scope(|scope| {
            let others: Vec<_> = (1..cores).map(|_| scope.spawn(work)).collect();
            let mut read = work();
            others.into_iter().for_each(|other| read.extend(other.join().expect("reading does not panic")));
            read
        });
        read.sort_by_key(|(at, _)| *at);
        let mut claims = Vec::with_capacity(ids.len());
        for (_, part) in read {
            claims.extend(part?);
        }
        Ok(claims)
    }

    /// The frame as it is read now, without claims.
    pub(super) fn read_frame(&mut self) -> Result<deconflict_plan::model::Picture, Refusal> {
        let plan = self.plan();
        let mut picture = pieces::read_frame(&plan, &self.filed())?;
        picture.claims = Vec::new();
        self.keep_reading();
        self.named = pieces::named_by_frame(&plan);
        Ok(picture)
    }

    /// Keeps what has to be put back when the request in hand is refused.
    pub(super) fn keep_reading(&mut self) {
        if self.draft.reread.is_none() {
            self.draft.reread = Some((self.dependents.clone(), self.named.clone()));
        }
    }

    /// The frame with the agreements and matters that came up.
    pub(super) fn plan(&self) -> Value {
        let Some(frame) = &self.state.frame else { return Value::Object(Map::new()) };
        let mut plan = frame.plan.as_object().cloned().unwrap_or_default();
        for (section, papers) in &self.state.papers {
            if !matches!(section.as_str(), "agreements" | "matters" | "statements") {
                continue;
            }
            let entries = plan.entry(section.clone()).or_insert_with(|| json!([]));
            if let Value::Array(entries) = entries {
                for (id, piece) in papers {
                    entries.retain(|entry| entry.get("id").and_then(Value::as_str) != Some(id));
                    entries.push(piece.clone());
                }
            }
        }
        Value::Object(plan)
    }

    pub(super) fn filed(&self) -> Filed<'_> {
        Filed { rows: &self.state.claims, new: Default::default(), gone: BTreeSet::new() }
    }
}
