//! The rules of the registry as tables: commands and their outcomes as text, in front of one `check`.

mod availability;
mod constraints;
mod expiry;
mod intents;
mod key;
mod numbering;
mod queries;
mod quotas;
mod rid_subscriptions;
mod script;
mod service_areas;
mod subscriptions;
