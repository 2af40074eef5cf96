//! What the servers in use answer beyond the standards: about themselves, their pool, and versions of systems.

use crate::harness::*;
use deconflict_registry::{Options, Quotas};
use deconflict_service::http::{DSS_READ_AREAS, Operation::*, Settings};
use deconflict_service::node::NodeOptions;
use serde_json::{Value, json};

const ALICE: Uss = Uss { name: "alice", scopes: &EVERY_SCOPE };

#[tokio::test]
async fn the_version_and_the_certificates_need_no_token() {
    let world = World::new();
    let version = concat!("deconflict/v", env!("CARGO_PKG_VERSION"));
    let cases = [
        ("/aux/v1/version", json!({ "version": version })),
        ("/aux/v1/configuration/accepted_ca_certs", json!({})),
        ("/aux/v1/configuration/ca_certs", json!({})),
    ];
    for (path, expected) in cases {
        let reply = world.ask("GET", path, None, "").await;
        assert_eq!((reply.status, reply.body), (200, expected), "{path}");
    }
}

#[tokio::test]
async fn a_token_is_that_of_the_owner_who_is_named() {
    let world = World::new();
    let reader = Uss { name: "alice", scopes: &[DSS_READ_AREAS] };
    for (query, status) in [("", 200), ("owner=alice", 200), ("owner=bob", 403)] {
        let reply = world.search(&reader, ValidateOauth, query).await;
        assert_eq!(reply.status, status, "{query}: {}", reply.text);
        assert!(status != 200 || reply.body == json!({}), "{}", reply.text);
    }
}

#[tokio::test]
async fn the_pool_is_one_instance_with_the_id_of_its_log() {
    let world = World::new();
    let pool = world.call(&ALICE, GetPool, &[], &Value::Null).await.body;
    assert_eq!(pool["dar_id"], format!("{:032x}", world.service.node.journal_id()));
    let before = world.call(&ALICE, GetDssInstances, &[], &Value::Null).await.body;
    let instance = json!({ "id": AUDIENCE, "public_endpoint": format!("https://{AUDIENCE}") });
    assert_eq!(before, json!({ "dss_instances": [instance] }));

    world.search(&ALICE, PutHeartbeat, "source=first").await;
    let query = "source=a%20test&timestamp=2026-05-01T09:00:00%2B02:00&next_heartbeat_expected_before=2026-05-01T07:10:00.5Z";
    let told = world.search(&ALICE, PutHeartbeat, query).await;
    let expected = json!({
        "timestamp": "2026-05-01T07:00:00Z",
        "reporter": "alice",
        "source": "a test",
        "index": 2,
        "next_heartbeat_expected_before": "2026-05-01T07:10:00.5Z",
    });
    assert_eq!((told.status, &told.body["dss_instances"][0]["most_recent_heartbeat"]), (201, &expected), "{}", told.text);
    assert_eq!(world.call(&ALICE, GetDssInstances, &[], &Value::Null).await.body, told.body);
    for query in ["", "source=", "source=x&timestamp=", "source=x&timestamp=now", "source=x&next_heartbeat_expected_before=1"] {
        assert_eq!(world.search(&ALICE, PutHeartbeat, query).await.status, 400, "{query}");
    }
}

#[tokio::test]
async fn the_options_are_those_of_the_log() {
    for time_based_notification_index in [false, true] {
        let registry = Options { time_based_notification_index, quotas: Quotas::NONE, ..Options::default() };
        let world = World::of(Settings::default(), NodeOptions { registry, ..NodeOptions::default() });
        // They are set with the first command at the latest.
        world.call(&ALICE, CreateSubscription, &[&id(1)], &subscription(46.0, 7.0)).await;
        let expected = json!({
            "scd_global_lock": false,
            "scd_hash_lock": false,
            "time_based_notification_index": time_based_notification_index,
        });
        assert_eq!(world.call(&ALICE, GetGlobalOptions, &[], &Value::Null).await.body, expected);
    }
}

#[tokio::test]
async fn a_system_has_the_version_of_the_program() {
    let world = World::new();
    let expected = json!({ "system_identity": "a.b/c", "system_version": concat!("deconflict/v", env!("CARGO_PKG_VERSION")) });
    for operation in [GetSystemVersion, GetSystemVersionBelow] {
        assert_eq!(world.call(&ALICE, operation, &["a.b%2Fc"], &Value::Null).await.body, expected);
    }
}
