//! Errors: the body that says what was wrong, and the report about an exchange that failed.

use crate::Time;
use crate::object::objects;
use serde::{Deserialize, Serialize};

objects!(ErrorResponse, ExchangeRecord, ErrorReport);

/// Body of an answer that says no.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(remote = "Self")]
pub struct ErrorResponse {
    /// What was wrong, for people.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
}

/// Which side of an exchange kept the record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum RecorderRole {
    /// The one that asked.
    Client,
    /// The one that was asked.
    Server,
}

/// One request and its answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(remote = "Self")]
pub struct ExchangeRecord {
    /// Full address that was asked.
    pub url: String,
    /// HTTP method.
    pub method: String,
    /// Headers of request and answer, `Authorization` at least.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub headers: Option<Vec<String>>,
    /// Who kept this record.
    pub recorder_role: RecorderRole,
    /// When the request left or came in.
    pub request_time: Time,
    /// Body of the request, in Base64.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request_body: Option<String>,
    /// When the answer left or came in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub response_time: Option<Time>,
    /// Body of the answer, in Base64.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub response_body: Option<String>,
    /// HTTP status of the answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub response_code: Option<i32>,
    /// What was wrong with it, for people.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub problem: Option<String>,
}

/// A report about an exchange that failed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(remote = "Self")]
pub struct ErrorReport {
    /// Given by the server that takes the report, at most 128 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub report_id: Option<String>,
    /// The exchange.
    pub exchange: ExchangeRecord,
}
