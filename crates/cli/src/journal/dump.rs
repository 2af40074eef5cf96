//! A record as a line of JSON: where it lies, its hashes, and which command it is. Areas, keys and bodies of reports are left
//! out.

use deconflict_journal::Dumped;
use deconflict_registry::{Action, Command, Expected, IntentSubscription, NewOvn, OpaqueVersion, Ovn, RidVersion};
use jiff::Timestamp;
use serde_json::{Value, json};

/// The line of a record.
pub fn line(record: &Dumped<'_>) -> Value {
    let mut line = json!({
        "position": record.position.get(),
        "file": record.file,
        "offset": record.offset,
        "epoch": record.epoch,
        "evidence": record.evidence,
        "bytes": record.content.len(),
        "content_sha256": record.content_hash.to_string(),
        "hash": record.hash.to_string(),
    });
    match Command::decode(record.content) {
        Ok(command) => {
            let time = Timestamp::from_nanosecond(i128::from(command.proposed_at.ns()));
            line["proposed_at"] = time.map_or(Value::Null, |time| json!(time.to_string()));
            line["command"] = action(&command.action);
        }
        Err(error) => line["unreadable"] = json!(error.to_string()),
    }
    line
}

fn action(action: &Action) -> Value {
    match action {
        Action::PutOperationalIntent(put) => json!({
            "kind": "put_operational_intent",
            "caller": put.caller.as_str(),
            "id": put.id.to_string(),
            "expected_ovn": expected(&put.expected, Ovn::to_string),
            "state": format!("{:?}", put.state),
            "volumes": put.volumes.as_slice().len(),
            "subscription": match &put.subscription {
                IntentSubscription::None => Value::Null,
                IntentSubscription::Existing { id, .. } => json!(id.to_string()),
                IntentSubscription::Implicit { fresh, .. } => json!(fresh.id.to_string()),
            },
            "key": put.key.as_slice().len(),
            "ovn": put.ovn.of(put.id).to_string(),
        }),
        Action::DeleteOperationalIntent(delete) => json!({
            "kind": "delete_operational_intent",
            "caller": delete.caller.as_str(),
            "id": delete.id.to_string(),
            "ovn": delete.ovn.map(|ovn| ovn.to_string()),
        }),
        Action::PutConstraint(put) => json!({
            "kind": "put_constraint",
            "caller": put.caller.as_str(),
            "id": put.id.to_string(),
            "expected_ovn": expected(&put.expected, Ovn::to_string),
            "volumes": put.volumes.as_slice().len(),
            "ovn": NewOvn::Issued(put.ovn).of(put.id).to_string(),
        }),
        Action::DeleteConstraint(delete) => json!({
            "kind": "delete_constraint",
            "caller": delete.caller.as_str(),
            "id": delete.id.to_string(),
            "ovn": delete.ovn.map(|ovn| ovn.to_string()),
        }),
        Action::PutSubscription(put) => json!({
            "kind": "put_subscription",
            "caller": put.caller.as_str(),
            "id": put.id.to_string(),
            "expected_version": expected(&put.expected, OpaqueVersion::to_string),
            "cells": put.cells.as_slice().len(),
            "version": put.version.to_string(),
        }),
        Action::DeleteSubscription(delete) => json!({
            "kind": "delete_subscription",
            "caller": delete.caller.as_str(),
            "id": delete.id.to_string(),
            "version": delete.version.map(|version| version.to_string()),
        }),
        Action::SetUssAvailability(set) => json!({
            "kind": "set_uss_availability",
            "uss": set.uss.as_str(),
            "expected_version": expected(&set.expected, OpaqueVersion::to_string),
            "availability": format!("{:?}", set.availability),
            "version": set.version.to_string(),
        }),
        Action::PutIdentificationServiceArea(put) => json!({
            "kind": "put_identification_service_area",
            "caller": put.caller.as_str(),
            "id": put.id.to_string(),
            "expected_version": expected(&put.expected, RidVersion::to_string),
            "cells": put.cells.as_slice().len(),
        }),
        Action::DeleteIdentificationServiceArea(delete) => json!({
            "kind": "delete_identification_service_area",
            "caller": delete.caller.as_str(),
            "id": delete.id.to_string(),
            "version": delete.version.to_string(),
        }),
        Action::PutRidSubscription(put) => json!({
            "kind": "put_rid_subscription",
            "caller": put.caller.as_str(),
            "id": put.id.to_string(),
            "expected_version": expected(&put.expected, RidVersion::to_string),
            "cells": put.cells.as_slice().len(),
        }),
        Action::DeleteRidSubscription(delete) => json!({
            "kind": "delete_rid_subscription",
            "caller": delete.caller.as_str(),
            "id": delete.id.to_string(),
            "version": delete.version.to_string(),
        }),
        Action::SetOptions(options) => json!({
            "kind": "set_options",
            "time_based_notification_index": options.time_based_notification_index,
            "quota_entities": options.quotas.entities,
            "quota_cells": options.quotas.cells,
            "quota_report_bytes": options.quotas.report_bytes,
        }),
        Action::FileReport(file) => json!({
            "kind": "file_report",
            "caller": file.reporter.as_str(),
            "id": file.id.to_string(),
            "report_bytes": file.body.len(),
        }),
        Action::Carry(carry) => match deconflict_joint::Command::decode(&carry.record) {
            // Who asked for what; the rows are the parties' own.
            Ok(command) => json!({
                "kind": "joint",
                "caller": command.by,
                "asked": command.asked,
                "after": command.after,
                "rows": command.effects.len(),
            }),
            Err(error) => json!({ "kind": "carry", "record_bytes": carry.record.len(), "unknown": error.to_string() }),
        },
        Action::Expire(expire) => json!({
            "kind": "expire",
            "retention_s": expire.retention_ns / 1_000_000_000,
            "limit": expire.limit,
        }),
    }
}

/// What a writer believed was there: nothing (`null`), a version, or a text that nobody ever issued.
fn expected<V>(expected: &Expected<V>, text: impl Fn(&V) -> String) -> Value {
    match expected {
        Expected::Nothing => Value::Null,
        Expected::Version(Some(version)) => json!(text(version)),
        Expected::Version(None) => json!("never issued"),
    }
}
