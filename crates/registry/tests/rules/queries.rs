//! Questions that change nothing.

use crate::script::volume;
use deconflict_registry::*;

fn uss(name: &str) -> UssId {
    UssId::new(name).unwrap()
}

fn url() -> UssBaseUrl {
    UssBaseUrl::new("https://uss.example").unwrap()
}

fn put_intent(number: u128, text: &str) -> Action {
    Action::PutOperationalIntent(PutOperationalIntent {
        caller: uss("ann"),
        id: EntityId::from_u128(number),
        expected: Expected::Nothing,
        state: OperationalIntentState::Accepted,
        volumes: Volumes::new(vec![volume(text)]).unwrap(),
        uss_base_url: url(),
        subscription: IntentSubscription::None,
        key: Key::default(),
        ovn: NewOvn::Issued(number),
    })
}

fn put_constraint(number: u128, text: &str) -> Action {
    Action::PutConstraint(PutConstraint {
        caller: uss("law"),
        id: EntityId::from_u128(number),
        expected: Expected::Nothing,
        volumes: Volumes::new(vec![volume(text)]).unwrap(),
        uss_base_url: url(),
        ovn: number,
    })
}

fn put_subscription(number: u128, end_s: i64) -> Action {
    Action::PutSubscription(PutSubscription {
        caller: uss("ann"),
        id: SubscriptionId::from_u128(number),
        expected: Expected::Nothing,
        cells: volume("1/../..").cells,
        start: None,
        end: Some(Time::from_ns(end_s * 1_000_000_000)),
        uss_base_url: url(),
        notify_for_operational_intents: true,
        notify_for_constraints: false,
        version: OpaqueVersion::from_u128(number),
    })
}

fn put_area(number: u128, text: &str) -> Action {
    let Volume { cells, time, .. } = volume(text);
    Action::PutIdentificationServiceArea(PutIdentificationServiceArea {
        caller: uss("sp"),
        id: EntityId::from_u128(number),
        expected: Expected::Nothing,
        cells,
        start: Some(time.start()),
        end: Some(time.end()),
        url: url(),
    })
}

fn put_rid_subscription(number: u128, end_s: i64) -> Action {
    Action::PutRidSubscription(PutRidSubscription {
        caller: uss("dp"),
        id: SubscriptionId::from_u128(number),
        expected: Expected::Nothing,
        cells: volume("1/../..").cells,
        start: None,
        end: Some(Time::from_ns(end_s * 1_000_000_000)),
        url: url(),
    })
}

fn registry(actions: impl IntoIterator<Item = Action>) -> Registry {
    let mut registry = Registry::new();
    for action in actions {
        let outcome = registry.apply(&Command { proposed_at: Time::from_ns(0), action });
        assert!(!matches!(outcome, Outcome::Rejected(_)), "{outcome:?}");
    }
    registry
}

#[test]
fn intents_are_found_by_cell_altitude_and_time_with_open_edges() {
    let registry = registry([put_intent(2, "1-2/0..100/10..20"), put_intent(1, "2-3/500..600/30..40")]);
    let found = |text: &str| -> Vec<u128> {
        registry.operational_intents_in(&volume(text), &uss("ann")).iter().map(|intent| intent.id.as_u128()).collect()
    };
    assert_eq!(found("2/../.."), [1, 2]);
    assert_eq!(found("1/../.."), [2]);
    assert_eq!(found("2/101../.."), [1]);
    assert_eq!(found("2/..100/.."), [2]);
    assert_eq!(found("2/../21.."), [1]);
    assert_eq!(found("2/../..20"), [2]);
    assert_eq!(found("2/../20..20"), [2]);
    assert_eq!(found("2/101..499/.."), [0; 0]);
    assert_eq!(found("4/../.."), [0; 0]);
}

#[test]
fn constraints_are_found_without_regard_to_altitude() {
    let registry = registry([put_constraint(1, "1/0..100/10..20")]);
    let found = |text: &str| registry.constraints_in(&volume(text), &uss("law")).len();
    assert_eq!(found("1/200..300/15..16"), 1);
    assert_eq!(found("1/200..300/21..22"), 0);
}

#[test]
fn only_the_manager_is_told_an_ovn() {
    let registry = registry([put_intent(1, "1/0..100/10..20"), put_constraint(2, "1/0..100/10..20")]);
    let intent = |caller: &str| registry.operational_intent(EntityId::from_u128(1), &uss(caller)).unwrap().ovn;
    assert_eq!(intent("ann"), Some(Ovn::Issued(1)));
    assert_eq!(intent("law"), None);
    let constraint = |caller: &str| registry.constraint(EntityId::from_u128(2), &uss(caller)).unwrap().ovn;
    assert_eq!(constraint("ann"), None);
    assert_eq!(constraint("law"), Some(Ovn::Issued(2)));
    assert_eq!(registry.operational_intent(EntityId::from_u128(2), &uss("law")), None);
}

#[test]
fn only_own_subscriptions_that_have_not_ended_are_found_but_any_can_be_read_by_id() {
    let registry = registry([put_subscription(1, 20), put_subscription(2, 40)]);
    let found = |caller: &str, now_s: i64| -> Vec<u128> {
        let now = Time::from_ns(now_s * 1_000_000_000);
        registry.subscriptions_in(&volume("1/../.."), &uss(caller), now).iter().map(|sub| sub.id.as_u128()).collect()
    };
    assert_eq!(found("ann", 20), [1, 2]);
    assert_eq!(found("ann", 21), [2]);
    assert_eq!(found("bob", 0), [0; 0]);
    assert!(registry.subscription(SubscriptionId::from_u128(1)).is_some());
    assert!(registry.subscription(SubscriptionId::from_u128(3)).is_none());
}

#[test]
fn areas_that_have_not_ended_are_found_by_cell_and_time() {
    let registry = registry([put_area(2, "1-2/../10..20"), put_area(1, "2-3/../30..40")]);
    let found = |text: &str, now_s: i64| -> Vec<u128> {
        let Volume { cells, time, .. } = volume(text);
        let now = Time::from_ns(now_s * 1_000_000_000);
        registry.identification_service_areas_in(&cells, time, now).iter().map(|area| area.id.as_u128()).collect()
    };
    assert_eq!(found("2/../..", 0), [1, 2]);
    assert_eq!(found("1/../..", 0), [2]);
    assert_eq!(found("4/../..", 0), [0; 0]);
    assert_eq!(found("2/../21..", 0), [1]);
    assert_eq!(found("2/../..29", 0), [2]);
    assert_eq!(found("2/../20..30", 0), [1, 2]);
    assert_eq!(found("2/../21..29", 0), [0; 0]);
    assert_eq!(found("2/../..", 20), [1, 2]);
    assert_eq!(found("2/../..", 21), [1]);
    assert_eq!(found("2/../10..20", 21), [0; 0]);
    let ended = registry.identification_service_area(EntityId::from_u128(2)).unwrap();
    assert_eq!((ended.owner, ended.url), (uss("sp"), url()));
    assert_eq!(registry.identification_service_area(EntityId::from_u128(3)), None);
}

#[test]
fn only_own_subscriptions_of_f3411_that_have_not_ended_are_found_but_any_can_be_read_by_id() {
    let registry = registry([put_rid_subscription(1, 20), put_rid_subscription(2, 40)]);
    let found = |cells: &str, owner: &str, now_s: i64| -> Vec<u128> {
        let (cells, now) = (volume(cells).cells, Time::from_ns(now_s * 1_000_000_000));
        registry.rid_subscriptions_in(&cells, &uss(owner), now).iter().map(|sub| sub.id.as_u128()).collect()
    };
    assert_eq!(found("1-2/../..", "dp", 20), [1, 2]);
    assert_eq!(found("1/../..", "dp", 21), [2]);
    assert_eq!(found("2/../..", "dp", 0), [0; 0]);
    assert_eq!(found("1/../..", "sp", 0), [0; 0]);
    assert_eq!(registry.rid_subscription(SubscriptionId::from_u128(1)).unwrap().owner, uss("dp"));
    assert_eq!(registry.rid_subscription(SubscriptionId::from_u128(3)), None);
    assert_eq!(registry.subscription(SubscriptionId::from_u128(1)), None);
}

#[test]
fn a_version_of_f3411_is_the_time_of_its_write_and_no_other_write_has_it() {
    const NOW_NS: i64 = 1_777_593_600_000_000_000;
    let mut registry = Registry::new();
    let mut put = |proposed_at, action| match registry.apply(&Command { proposed_at: Time::from_ns(proposed_at), action }) {
        Outcome::IdentificationServiceAreaPut { service_area, .. } => service_area.version.number(),
        Outcome::RidSubscriptionPut { subscription, .. } => subscription.version.number(),
        other => panic!("{other:?}"),
    };
    let area = |number| put_area(number, "1/../2000000000..2000000001");
    assert_eq!(put(NOW_NS, area(1)), NOW_NS);
    assert_eq!(put(NOW_NS, area(2)), NOW_NS + 1);
    assert_eq!(put(NOW_NS - 5, area(3)), NOW_NS + 2);
    assert_eq!(put(NOW_NS + 2, put_rid_subscription(1, NOW_NS / 1_000_000_000 + 9)), NOW_NS + 3);
    assert_eq!(put(NOW_NS + 50, area(4)), NOW_NS + 50);
}

#[test]
fn options_are_as_they_were_set_and_survive_a_snapshot() {
    assert_eq!(
        Registry::new().options(),
        Options { time_based_notification_index: false, quotas: Quotas::NONE, retention_ns: 604_800_000_000_000 }
    );
    let options = Options { time_based_notification_index: true, ..Options::default() };
    let registry = registry([Action::SetOptions(options)]);
    assert_eq!(registry.options(), options);
    assert_eq!(Registry::from_snapshot(&registry.snapshot()).unwrap().options(), options);
}

#[test]
fn a_number_that_is_the_time_of_day_is_that_of_the_latest_command() {
    let options = Options { time_based_notification_index: true, ..Options::default() };
    let mut registry = registry([put_subscription(1, 40), put_rid_subscription(1, 40), Action::SetOptions(options)]);
    let report = FileReport { reporter: uss("ann"), id: ReportId::from_u128(1), body: [].into() };
    registry.apply(&Command { proposed_at: Time::from_ns(7_000_000_000), action: Action::FileReport(report) });
    let id = SubscriptionId::from_u128(1);
    assert_eq!(registry.subscription(id).unwrap().notification_index, 7_000);
    assert_eq!(registry.rid_subscription(id).unwrap().notification_index, 7_000);
}

#[test]
fn a_uss_of_which_nothing_was_declared_is_unknown_and_has_no_version() {
    let status = Registry::new().uss_availability(&uss("ann"));
    assert_eq!(status, UssAvailabilityStatus { uss: uss("ann"), availability: UssAvailability::Unknown, version: None });
}

#[test]
fn counts_say_how_much_there_is() {
    let registry = registry([
        put_intent(1, "1/0..9/10..20"),
        put_constraint(1, "1/../10..20"),
        put_subscription(1, 20),
        put_area(1, "1/../10..20"),
        put_area(2, "1/../10..20"),
        put_rid_subscription(1, 20),
    ]);
    let expected = Counts {
        operational_intents: 1,
        constraints: 1,
        subscriptions: 1,
        identification_service_areas: 2,
        rid_subscriptions: 1,
        ..Counts::default()
    };
    assert_eq!(registry.counts(), expected);
    assert_eq!(registry.accepted(), 6);
    assert_eq!(registry.log_time(), Time::from_ns(0));
}
