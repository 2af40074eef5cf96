//! The HTTP interface from outside: requests through the router, with a real node on a directory in memory, a clock that
//! stands still unless it is moved, and tokens of a key made for the test.

mod bad_requests;
mod bodies;
mod connections;
mod flows;
mod harness;
mod limits;
mod native;
mod pool;
mod privacy;
mod rid;
mod scopes;
mod statuses;
