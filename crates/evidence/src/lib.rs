//! Records that prove, without the service and without a network, who was told what and who said what to it.
//!
//! What a recipient was told is a chain of hashes ([`link`]); what a party says is signed with its key ([`Signed`]); a [`Bundle`] holds both
//! for one notice, and [`verify()`] says what they prove and what they do not. `docs/evidence.md` defines every byte.
//!
//! No I/O, no clock, no randomness. It does not know the joint picture, HTTP or tokens: the text of a notice is bytes to it, and a time is
//! what a signer states.

mod bundle;
mod compare;
mod hash;
mod heads;
mod key;
mod ladder;
mod not_proved;
mod problem;
mod reader;
mod signed;
mod statement;
mod strict;
mod verify;
mod words;

pub use bundle::{Bundle, Entry, FORMAT, PartyKey, SignedBy};
pub use compare::{Difference, compare};
pub use hash::{Hash, InvalidHash, link};
pub use heads::hold_against;
pub use key::{InvalidKey, PublicKey, SecretKey};
pub use ladder::{Countersigned, Proof, Rung, Vouched, Word};
pub use problem::{Problem, ProblemKind};
pub use signed::{InvalidSignature, Signed};
pub use statement::{Head, Statement, Step, StepKind};
pub use verify::{SERVICE, Standing, Verdict, verify};
