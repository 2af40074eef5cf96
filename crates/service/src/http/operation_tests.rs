//! The table against the standard's, and which paths mean what.

use super::*;

#[test]
fn every_operation_of_every_description_is_there_under_a_name_of_its_own() {
    // That each is found by its name in its description, the program would not compile without.
    for (description, listed) in TABLES {
        assert_eq!(description.len(), *listed);
    }
    let names: std::collections::BTreeSet<&str> = Operation::ALL.into_iter().map(Operation::name).collect();
    assert_eq!(names.len(), Operation::ALL.len());
    assert_eq!(Operation::CreateSubscription.name(), "createSubscription");
    assert_eq!(Operation::RidV2CreateSubscription.name(), "ridV2_createSubscription");
    assert_eq!(Operation::RidV1CreateSubscription.name(), "ridV1_createSubscription");
    assert!(Operation::ALL.into_iter().all(|operation| !operation.scopes().is_empty()));
}

fn call(method: Method, path: &str) -> Option<(Operation, [String; 2])> {
    Call::of(&method, path).map(|call| (call.operation, call.parameters.map(Cow::into_owned)))
}

#[test]
fn every_operation_is_found_by_its_method_and_path() {
    for operation in Operation::ALL {
        let (standard, path) = (operation.standard(), operation.path());
        let mut names = path.split('/').filter(|segment| segment.starts_with('{'));
        let expected = [names.next().unwrap_or_default().to_owned(), names.next().unwrap_or_default().to_owned()];
        let method = format!("{:?}", standard.method).to_uppercase().parse().unwrap();
        assert_eq!(call(method, &path), Some((operation, expected)));
    }
}

#[test]
fn an_empty_segment_is_a_parameter() {
    let found = call(Method::PUT, "/dss/v1/operational_intent_references/").unwrap();
    assert_eq!(found, (Operation::CreateOperationalIntentReference, [String::new(), String::new()]));
    let found = call(Method::PUT, "/dss/v1/operational_intent_references/x/").unwrap();
    assert_eq!(found, (Operation::UpdateOperationalIntentReference, ["x".to_owned(), String::new()]));
    let found = call(Method::DELETE, "/dss/v1/subscriptions//").unwrap();
    assert_eq!(found, (Operation::DeleteSubscription, [String::new(), String::new()]));
}

#[test]
fn codes_in_parameters_are_decoded() {
    let cases = [("a%20b", "a b"), ("a%2Fb", "a/b"), ("%C3%A9", "é"), ("%", "%"), ("%zz", "%zz"), ("%2", "%2"), ("%00", "\0")];
    for (text, expected) in cases {
        let found = call(Method::GET, &format!("/dss/v1/uss_availability/{text}")).unwrap();
        assert_eq!(found.1[0], expected, "{text}");
    }
}

#[test]
fn what_is_no_operation_is_not_found() {
    let cases = [
        (Method::GET, "/"),
        (Method::GET, ""),
        (Method::POST, "/dss/v1/operational_intent_references"),
        (Method::GET, "/dss/v1/operational_intent_references/a/b"),
        (Method::PUT, "/dss/v1/operational_intent_references/a/b/c"),
        (Method::POST, "/dss/v1/operational_intent_references/a"),
        (Method::PATCH, "/dss/v1/operational_intent_references/a"),
        (Method::HEAD, "/dss/v1/operational_intent_references/a"),
        (Method::GET, "/dss/v1/reports"),
        (Method::GET, "/DSS/v1/uss_availability/a"),
        (Method::GET, "/dss/v2/uss_availability/a"),
        (Method::GET, "dss/v1/uss_availability/a"),
        (Method::GET, "/v2/dss/subscriptions/a"),
        (Method::GET, "/rid/v1/dss/subscriptions/a"),
        (Method::GET, "/dss/subscriptions/a"),
        (Method::GET, "/rid/v2/v1/dss/subscriptions/a"),
        (Method::GET, "/versioning/dss/v1/uss_availability/a"),
        (Method::POST, "/aux/v1/pool"),
        // No UTF-8, a byte alone and a slash that is written too long.
        (Method::GET, "/dss/v1/uss_availability/%ff"),
        (Method::GET, "/dss/v1/uss_availability/%C0%AF"),
    ];
    for (method, path) in cases {
        assert_eq!(call(method.clone(), path), None, "{method} {path}");
    }
    // The servers in use read this as an id, and so do we; it is no UUID.
    assert_eq!(call(Method::GET, "/dss/v1/subscriptions/query").unwrap().0, Operation::GetSubscription);
}
