//! Which scope lets in to which operation: the table of the standards again, in plain words, so that ours is not only compared
//! with itself.

use crate::harness::*;
use deconflict_service::http::{Operation, Operation::*};
use serde_json::Value;

/// The scopes of which one suffices.
fn expected(operation: Operation) -> &'static [&'static str] {
    const SC: &str = "utm.strategic_coordination";
    const CM: &str = "utm.constraint_management";
    const CP: &str = "utm.constraint_processing";
    const SA: &str = "utm.conformance_monitoring_sa";
    const AA: &str = "utm.availability_arbitration";
    const DP: &str = "rid.display_provider";
    const SP: &str = "rid.service_provider";
    const R: &str = "dss.read.identification_service_areas";
    const W: &str = "dss.write.identification_service_areas";
    match operation {
        QueryOperationalIntentReferences
        | GetOperationalIntentReference
        | CreateOperationalIntentReference
        | UpdateOperationalIntentReference
        | DeleteOperationalIntentReference => &[SC, SA],
        QueryConstraintReferences | GetConstraintReference => &[CM, CP],
        CreateConstraintReference | UpdateConstraintReference | DeleteConstraintReference => &[CM],
        QuerySubscriptions | GetSubscription | CreateSubscription | UpdateSubscription | DeleteSubscription => &[SC, CP],
        MakeDssReport => &[SC, CM, CP, SA, AA],
        SetUssAvailability => &[AA],
        GetUssAvailability => &[AA, SC, SA],
        RidV2SearchAreas | RidV2SearchSubscriptions => &[DP],
        RidV2GetArea | RidV2GetSubscription => &[DP, SP],
        RidV2CreateArea | RidV2UpdateArea | RidV2DeleteArea => &[SP],
        RidV2CreateSubscription | RidV2UpdateSubscription | RidV2DeleteSubscription => &[DP],
        RidV1SearchAreas | RidV1GetArea | RidV1SearchSubscriptions => &[R],
        RidV1CreateArea | RidV1UpdateArea | RidV1DeleteArea => &[W],
        RidV1CreateSubscription | RidV1UpdateSubscription | RidV1DeleteSubscription => &[R],
        RidV1GetSubscription | ValidateOauth => &[R, W],
        GetPool | GetDssInstances | GetGlobalOptions => &["interuss.pool_status.read"],
        PutHeartbeat => &["interuss.pool_status.heartbeat.write"],
        GetSystemVersion | GetSystemVersionBelow => &["interuss.versioning.read_system_versions"],
    }
}

#[tokio::test]
async fn each_scope_lets_in_where_it_should_and_nowhere_else() {
    let world = World::new();
    for operation in Operation::ALL {
        let parameters = vec!["x"; operation.path().matches('{').count()];
        for scope in EVERY_SCOPE {
            let reply = world.call(&Uss { name: "alice", scopes: &[scope] }, operation, &parameters, &Value::Null).await;
            let is_let_in = reply.status != 403;
            assert_eq!(is_let_in, expected(operation).contains(&scope), "{operation:?} with {scope}: {}", reply.text);
        }
    }
}
