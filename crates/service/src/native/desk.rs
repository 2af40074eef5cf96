//! The thread of the desk: it prepares one command after the other, has it made durable, and answers only then.
//!
//! If a command cannot be stored it is taken back. In a pool each node has a desk, and they take turns without asking each other: a command
//! rests on the one before it, and counts only if none came between. Who was overtaken follows what the others did, and prepares anew.
//! Who cannot follow, because too much has happened, opens the desk over what the log says.

use crate::native::joined;
use crate::node::{Node, Unavailable};
use deconflict_joint::{Answer, Asked, Command, Desk, Refusal, Request, Who};
use deconflict_registry::{Action, Carry};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, TrySendError, sync_channel};
use std::time::{Duration, Instant};
use tokio::sync::oneshot;
use tracing::{error, warn};

/// As many requests wait at most.
const WAITING: usize = 4_096;
/// How often the desk looks whether something is due.
const TICK: Duration = Duration::from_secs(1);
/// A command that others get ahead of is prepared again for so long.
const PATIENCE: Duration = Duration::from_secs(5);

/// Why a request was not carried out.
#[derive(Debug)]
pub enum NotDone {
    /// The rules say no.
    Refused(Refusal),
    /// It could not be stored.
    Unavailable(Unavailable),
}

type Done = Result<Answer, NotDone>;

enum Job {
    Ask(Box<(Who, Request)>, oneshot::Sender<Done>),
    Look(Box<dyn FnOnce(&Desk) + Send>),
}

/// A handle of the desk. When the last one is dropped, the thread ends.
#[derive(Clone)]
pub struct JointDesk {
    jobs: SyncSender<Job>,
}

impl JointDesk {
    /// Begins the thread.
    pub fn begin(node: Node) -> Self {
        let (jobs, waiting) = sync_channel(WAITING);
        let work = Work { node, desk: None, joined: (0, None) };
        let thread = std::thread::Builder::new().name("joint-desk".to_owned()).spawn(move || work.run(&waiting));
        if let Err(error) = thread {
            error!(%error, "no thread for the joint picture: its requests are refused");
        }
        Self { jobs }
    }

    /// Has a request carried out; the answer comes when it is durable.
    pub async fn ask(&self, who: Who, request: Request) -> Done {
        let (answer, waits) = oneshot::channel();
        self.push(Job::Ask(Box::new((who, request)), answer))?;
        waits.await.unwrap_or(Err(NotDone::Unavailable(Unavailable::Stopping)))
    }

    /// Lets `look` see the desk, between two requests.
    pub async fn look<T: Send + 'static>(&self, look: impl FnOnce(&Desk) -> T + Send + 'static) -> Result<T, NotDone> {
        let (answer, waits) = oneshot::channel();
        self.push(Job::Look(Box::new(move |desk| drop(answer.send(look(desk))))))?;
        waits.await.map_err(|_| NotDone::Unavailable(Unavailable::Stopping))
    }

    fn push(&self, job: Job) -> Result<(), NotDone> {
        self.jobs.try_send(job).map_err(|error| {
            NotDone::Unavailable(match error {
                TrySendError::Full(_) => Unavailable::Overloaded,
                TrySendError::Disconnected(_) => Unavailable::Stopping,
            })
        })
    }
}

struct Work {
    node: Node,
    desk: Option<Desk>,
    /// How many commands of the DSS there were when claims were last held against it, and up to which claim that got.
    joined: (u64, Option<String>),
}

/// So many claims are held against the DSS at a time when something changed there.
const JOINED_AT_ONCE: usize = 500;

impl Work {
    fn run(mut self, jobs: &Receiver<Job>) {
        // Reading a large picture takes seconds: nobody should have to ask first.
        let has_frame = self.node.read_joint(|joint| joint.frame.is_some());
        if let Some(Err(error)) = has_frame.then(|| self.desk()) {
            error!(?error, "the joint picture cannot be opened: its requests are refused");
        }
        let mut ticked = Instant::now();
        loop {
            // Also where there is always something to do, time passes.
            let rest = TICK.saturating_sub(ticked.elapsed());
            if rest.is_zero() {
                self.tick();
                ticked = Instant::now();
            }
            match jobs.recv_timeout(rest) {
                Ok(Job::Ask(asked, answer)) => {
                    let done = self.ask(&asked.0, &asked.1);
                    let is_done = done.is_ok();
                    drop(answer.send(done));
                    if is_done {
                        self.join(touched(&asked.0, &asked.1));
                    }
                }
                Ok(Job::Look(look)) => match self.desk() {
                    Ok(desk) => look(desk),
                    Err(error) => warn!(?error, "the joint picture cannot be looked at"),
                },
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return,
            }
        }
    }

    /// What is due without anybody asking.
    fn tick(&mut self) {
        if !self.node.read_joint(|joint| joint.frame.is_some()) {
            return;
        }
        if let Err(NotDone::Refused(refusal)) = self.ask(&Who::Service, &Request::Elapse) {
            warn!(%refusal, "what is due could not be done");
        }
        self.join_in_turn();
    }

    /// Holds claims against the DSS, and tells their owners what that changed.
    fn join(&mut self, claims: Vec<String>) {
        for key in claims {
            let node = self.node.clone();
            let Ok(desk) = self.desk() else { return };
            let Some(claim) = desk.live().and_then(|live| live.picture().claim(&key)) else { continue };
            let references = node.read(|registry, _| joined::references(registry, claim));
            if let Err(error) = self.ask(&Who::Service, &Request::Join { claim: key, references }) {
                warn!(?error, "a claim could not be held against the DSS");
            }
        }
    }

    /// Where the DSS has changed, holds all claims against it again, some at each tick.
    fn join_in_turn(&mut self) {
        // Commands of the joint picture are carried by the DSS's: they are no news from it.
        let carried = self.node.read_joint(|joint| joint.applied);
        let accepted = self.node.read(|registry, _| registry.accepted()).saturating_sub(carried);
        let (seen, at) = self.joined.clone();
        if at.is_none() && accepted == seen {
            return;
        }
        let from = at.unwrap_or_default();
        let keys: Vec<String> = self.node.read_joint(|joint| {
            let rest = joint.claims.range::<String, _>((std::ops::Bound::Excluded(&from), std::ops::Bound::Unbounded));
            rest.map(|(key, _)| key.clone()).take(JOINED_AT_ONCE).collect()
        });
        let last = keys.last().cloned();
        let is_all = keys.len() < JOINED_AT_ONCE;
        self.join(keys);
        // What came while they were held against it makes another round.
        self.joined = (if is_all { accepted } else { seen }, last.filter(|_| !is_all));
    }

    /// The desk over what the log says.
    fn desk(&mut self) -> Result<&mut Desk, NotDone> {
        if self.desk.as_mut().is_some_and(|desk| !follows(desk, &self.node)) {
            self.desk = None;
        }
        let begun = Instant::now();
        while self.desk.is_none() && begun.elapsed() < PATIENCE {
            let state = self.node.read_joint(Clone::clone);
            let (desk, command) = Desk::open(state, self.now_ns()).map_err(NotDone::Refused)?;
            match command.map_or(Ok(()), |command| store(&self.node, &command)) {
                Ok(()) => self.desk = Some(desk),
                Err(Unavailable::Overtaken) => {}
                Err(unavailable) => return Err(NotDone::Unavailable(unavailable)),
            }
        }
        self.desk.as_mut().ok_or(NotDone::Unavailable(Unavailable::Overloaded))
    }

    fn ask(&mut self, who: &Who, request: &Request) -> Done {
        let begun = Instant::now();
        while begun.elapsed() < PATIENCE {
            let (node, at_ns) = (self.node.clone(), self.now_ns());
            let desk = self.desk()?;
            let asked = Asked { who: who.clone(), at_ns, request: request.clone() };
            let (command, answer) = desk.prepare(asked).map_err(NotDone::Refused)?;
            let Some(command) = command else { return Ok(answer) };
            match store(&node, &command) {
                Ok(()) => return Ok(answer),
                Err(unavailable) => {
                    desk.take_back();
                    if unavailable != Unavailable::Overtaken {
                        return Err(NotDone::Unavailable(unavailable));
                    }
                }
            }
        }
        Err(NotDone::Unavailable(Unavailable::Overloaded))
    }

    fn now_ns(&self) -> i64 {
        self.node.read(|_, now| now.ns())
    }
}

/// The claims that a request may have moved.
fn touched(who: &Who, request: &Request) -> Vec<String> {
    let Who::Party(party) = who else { return Vec::new() };
    let key = |id: &str| format!("{party}/{id}");
    match request {
        Request::File(claims) => claims.iter().filter_map(|filed| filed.claim.get("id")?.as_str()).map(key).collect(),
        Request::Report { id, .. } | Request::SetState { id, .. } => vec![key(id)],
        _ => Vec::new(),
    }
}

/// Whether a desk is, or could be brought, where the log is.
fn follows(desk: &mut Desk, node: &Node) -> bool {
    let Some(since) = node.joint_since(desk.state().applied) else { return false };
    since.into_iter().all(|command| desk.follow(command).unwrap_or(false))
}

/// Has a command made durable and applied.
fn store(node: &Node, command: &Command) -> Result<(), Unavailable> {
    node.propose_and_wait(Action::Carry(Carry { record: command.encode().into() })).map(drop)
}
