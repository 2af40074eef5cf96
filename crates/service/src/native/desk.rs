//! The thread of the desk: it prepares one command after the other, has it made durable, and answers only then.
//!
//! If a command cannot be stored it is taken back. If the log says something else than the desk believes, because a command was stored
//! after all or another node wrote one, the desk is opened anew over what the log says.

use crate::native::joined;
use crate::node::{Node, Unavailable};
use deconflict_joint::{Answer, Asked, Command, Desk, Refusal, Request, Who};
use deconflict_registry::{Action, Carry, Outcome};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, TrySendError, sync_channel};
use std::time::Duration;
use tokio::sync::{oneshot, watch};
use tracing::{error, warn};

/// As many requests wait at most.
const WAITING: usize = 4_096;
/// How often the desk looks whether something is due.
const TICK: Duration = Duration::from_secs(1);
/// A command that another one got ahead of is prepared again so often.
const ATTEMPTS: usize = 5;

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
    changed: watch::Receiver<u64>,
}

impl JointDesk {
    /// Begins the thread.
    pub fn begin(node: Node) -> Self {
        let (jobs, waiting) = sync_channel(WAITING);
        let (tell, changed) = watch::channel(0);
        let work = Work { node, desk: None, tell, joined: (0, None) };
        let thread = std::thread::Builder::new().name("joint-desk".to_owned()).spawn(move || work.run(&waiting));
        if let Err(error) = thread {
            error!(%error, "no thread for the joint picture: its requests are refused");
        }
        Self { jobs, changed }
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

    /// Says when something may have been told to somebody.
    pub fn changes(&self) -> watch::Receiver<u64> {
        self.changed.clone()
    }
}

struct Work {
    node: Node,
    desk: Option<Desk>,
    tell: watch::Sender<u64>,
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
        loop {
            match jobs.recv_timeout(TICK) {
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
                Err(RecvTimeoutError::Timeout) => self.tick(),
                Err(RecvTimeoutError::Disconnected) => return,
            }
        }
    }

    /// What is due without anybody asking.
    fn tick(&mut self) {
        let (has_frame, applied) = self.node.read_joint(|joint| (joint.frame.is_some(), joint.applied));
        // Another node may have told somebody something.
        self.tell.send_if_modified(|told| std::mem::replace(told, applied) != applied);
        if !has_frame {
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
        let applied = self.node.read_joint(|joint| joint.applied);
        if self.desk.as_ref().is_some_and(|desk| desk.state().applied != applied) {
            self.desk = None;
        }
        for _ in 0..ATTEMPTS {
            if self.desk.is_some() {
                break;
            }
            let state = self.node.read_joint(Clone::clone);
            let (desk, command) = Desk::open(state, self.now_ns()).map_err(NotDone::Refused)?;
            let is_stored = match command {
                Some(command) => store(&self.node, &command).map_err(NotDone::Unavailable)?,
                None => true,
            };
            self.desk = is_stored.then_some(desk);
        }
        self.desk.as_mut().ok_or(NotDone::Unavailable(Unavailable::Overloaded))
    }

    fn ask(&mut self, who: &Who, request: &Request) -> Done {
        for _ in 0..ATTEMPTS {
            let (node, at_ns) = (self.node.clone(), self.now_ns());
            let desk = self.desk()?;
            let asked = Asked { who: who.clone(), at_ns, request: request.clone() };
            let (command, answer) = desk.prepare(asked).map_err(NotDone::Refused)?;
            let Some(command) = command else { return Ok(answer) };
            match store(&node, &command) {
                Ok(true) => {
                    self.tell.send_replace(command.after + 1);
                    return Ok(answer);
                }
                // Somebody got ahead: what the desk believes is no longer so.
                Ok(false) => self.desk = None,
                Err(unavailable) => {
                    desk.take_back();
                    return Err(NotDone::Unavailable(unavailable));
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

/// Has a command made durable; whether it was applied, too: not if another one got ahead of it.
fn store(node: &Node, command: &Command) -> Result<bool, Unavailable> {
    let action = Action::Carry(Carry { record: command.encode().into() });
    match node.propose_and_wait(action)? {
        Outcome::Carried => Ok(node.read_joint(|joint| joint.applied == command.after + 1)),
        other => {
            error!(?other, "a record of the joint picture was answered with something else");
            Ok(false)
        }
    }
}
