//! The joint picture: parties who share no command file claims, hear where they conflict only as far as the owners allow, and
//! record what they agree.
//!
//! Two halves. [`State`] is what the log says: [`State::apply`] puts the rows of a [`Command`] into their tables, and needs neither
//! clock nor geometry. [`Desk`] prepares: it turns a [`Request`] into one complete command, or into a [`Refusal`] that changes nothing.
//! `docs/decisions/0009-the-joint-picture.md` says why.
//!
//! No I/O, no clock, no randomness. It does not know HTTP, tokens, or how a command becomes durable.

mod command;
mod desk;
mod grid;
mod pieces;
mod reads;
mod request;
mod rows;
mod scene;
mod split;
mod state;
mod view;

pub use command::{Command, CommandError, Effect};
pub use desk::{Answer, Desk, Refusal};
pub use grid::{ALTITUDE_STEP_M, COARSE_STEP_DEG, GRID_STEP_DEG, TIME_STEP_S};
pub use pieces::{text as time_text, time_of};
pub use reads::NOT_IN_THIS_PICTURE;
pub use request::{Asked, ClaimFiled, OfferTerms, Request, Step, Who};
pub use rows::{
    Access, Accessed, AskedInDay, ClaimRow, ClaimState, Clock, Contact, Disclosed, Disclosure, Event, Foreign, Frame, Message,
    Notice, Offer, OfferState, Position, Relay, Settings, Told,
};
pub use scene::Scene;
pub use split::{Split, split};
pub use state::{OPERATOR, State};
