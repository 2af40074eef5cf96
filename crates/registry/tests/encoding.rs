//! The encodings: pinned byte for byte, unambiguous, and safe to read from anybody.

use deconflict_registry::*;

fn uss(name: &str) -> UssId {
    UssId::new(name).unwrap()
}

fn url(text: &str) -> UssBaseUrl {
    UssBaseUrl::new(text).unwrap()
}

fn cell(index: u64) -> Cell {
    Cell::from_s2(index << 35 | 1 << 34).unwrap()
}

fn volumes() -> Volumes {
    let volume = |cells: &[u64], lower_cm, upper_cm, start, end| Volume {
        cells: Cells::new(cells.iter().copied().map(cell).collect()).unwrap(),
        altitude: AltitudeBand::new(lower_cm, upper_cm).unwrap(),
        time: TimeSpan::new(Time::from_ns(start), Time::from_ns(end)).unwrap(),
    };
    Volumes::new(vec![volume(&[1, 0x17ff_ffff], -100, 2000, 5, 6), volume(&[2], i32::MIN, i32::MAX, -7, 9)]).unwrap()
}

fn suffix() -> OvnSuffix {
    OvnSuffix::from_u128(0x0192_b9ff_793a_7a18_9b61_552a_7ed2_77b3).unwrap()
}

fn entity(bits: u128) -> EntityId {
    EntityId::from_u128(bits)
}

fn rid_version(number: i64) -> RidVersion {
    RidVersion::from_number(number).unwrap()
}

fn put_area() -> PutIdentificationServiceArea {
    PutIdentificationServiceArea {
        caller: uss("sp"),
        id: entity(0x71),
        expected: Expected::Nothing,
        cells: Cells::new(vec![cell(3), cell(4)]).unwrap(),
        start: Some(Time::from_ns(5)),
        end: Some(Time::from_ns(6)),
        url: url("s"),
    }
}

fn put_rid_subscription() -> PutRidSubscription {
    PutRidSubscription {
        caller: uss("dp"),
        id: SubscriptionId::from_u128(0x72),
        expected: Expected::Nothing,
        cells: Cells::new(vec![cell(3)]).unwrap(),
        start: None,
        end: Some(Time::from_ns(9)),
        url: url("t"),
    }
}

/// One command of every kind, and of every variant within.
fn commands() -> Vec<Command> {
    let fresh = Fresh { id: SubscriptionId::from_u128(0x51), version: OpaqueVersion::from_u128(0x52) };
    let requested = Ovn::Requested { entity: entity(0x11), suffix: suffix() };
    let put = PutOperationalIntent {
        caller: uss("uss1"),
        id: entity(0x00010203_0405_4607_8809_0a0b0c0d0e0f),
        expected: Expected::Nothing,
        state: OperationalIntentState::Accepted,
        volumes: volumes(),
        uss_base_url: url("https://a"),
        subscription: IntentSubscription::Implicit { fresh, uss_base_url: url("https://b"), notify_for_constraints: true },
        key: Key::new(vec![requested, Ovn::Issued(7)]),
        ovn: NewOvn::Requested(suffix()),
    };
    let subscription = PutSubscription {
        caller: uss("ü"),
        id: SubscriptionId::from_u128(0x51),
        expected: Expected::Version(None),
        cells: Cells::new(vec![cell(3)]).unwrap(),
        start: None,
        end: Some(Time::from_ns(i64::MAX)),
        uss_base_url: url("u"),
        notify_for_operational_intents: true,
        notify_for_constraints: false,
        version: OpaqueVersion::from_u128(0x53),
    };
    let availability = |availability| SetUssAvailability {
        uss: uss("b"),
        expected: Expected::Version(Some(OpaqueVersion::from_u128(1))),
        availability,
        version: OpaqueVersion::from_u128(2),
    };
    let actions = vec![
        Action::PutOperationalIntent(put.clone()),
        Action::PutOperationalIntent(PutOperationalIntent {
            expected: Expected::Version(Some(Ovn::Issued(9))),
            state: OperationalIntentState::Nonconforming,
            subscription: IntentSubscription::Existing { id: SubscriptionId::from_u128(5), version: OpaqueVersion::from_u128(6) },
            key: Key::default(),
            ovn: NewOvn::Issued(u128::MAX),
            ..put.clone()
        }),
        Action::PutOperationalIntent(PutOperationalIntent {
            state: OperationalIntentState::Contingent,
            subscription: IntentSubscription::None,
            ..put
        }),
        Action::DeleteOperationalIntent(DeleteOperationalIntent { caller: uss("a"), id: entity(1), ovn: Some(requested) }),
        Action::PutConstraint(PutConstraint {
            caller: uss("a"),
            id: entity(1),
            expected: Expected::Version(None),
            volumes: volumes(),
            uss_base_url: url("c"),
            ovn: 3,
        }),
        Action::DeleteConstraint(DeleteConstraint { caller: uss("a"), id: entity(1), ovn: None }),
        Action::PutSubscription(subscription),
        Action::DeleteSubscription(DeleteSubscription { caller: uss("a"), id: SubscriptionId::from_u128(1), version: None }),
        Action::SetUssAvailability(availability(UssAvailability::Unknown)),
        Action::SetUssAvailability(availability(UssAvailability::Normal)),
        Action::SetUssAvailability(availability(UssAvailability::Down)),
        Action::FileReport(FileReport { reporter: uss("a"), id: ReportId::from_u128(1), body: [1, 2, 3].into() }),
        Action::Expire(Expire { retention_ns: u64::MAX, limit: 9 }),
        Action::PutIdentificationServiceArea(put_area()),
        Action::PutIdentificationServiceArea(PutIdentificationServiceArea {
            expected: Expected::Version(Some(rid_version(0x0102))),
            start: None,
            ..put_area()
        }),
        Action::DeleteIdentificationServiceArea(DeleteIdentificationServiceArea {
            caller: uss("a"),
            id: entity(1),
            version: rid_version(i64::MAX),
        }),
        Action::PutRidSubscription(put_rid_subscription()),
        Action::DeleteRidSubscription(DeleteRidSubscription {
            caller: uss("a"),
            id: SubscriptionId::from_u128(1),
            version: rid_version(0),
        }),
        Action::SetOptions(Options::default()),
        Action::SetOptions(Options {
            time_based_notification_index: true,
            quotas: Quotas { entities: 1, cells: 2, report_bytes: 3 },
            retention_ns: 4,
        }),
        Action::Carry(Carry { record: b"J1 {}".as_slice().into() }),
    ];
    actions.into_iter().map(|action| Command { proposed_at: Time::from_ns(-2), action }).collect()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// One outcome of every kind.
fn outcomes() -> Vec<Outcome> {
    let time = TimeSpan::new(Time::from_ns(5), Time::from_ns(6)).unwrap();
    let intent = |ovn| OperationalIntentReference {
        id: entity(1),
        manager: uss("a"),
        uss_availability: UssAvailability::Down,
        version: 2,
        state: OperationalIntentState::Activated,
        ovn,
        time,
        uss_base_url: url("b"),
        subscription: Some(SubscriptionId::from_u128(3)),
    };
    let constraint = ConstraintReference {
        id: entity(4),
        manager: uss("c"),
        uss_availability: UssAvailability::Normal,
        version: i32::MAX,
        ovn: Some(Ovn::Issued(5)),
        time,
        uss_base_url: url("d"),
    };
    let subscription = Subscription {
        id: SubscriptionId::from_u128(6),
        manager: uss("e"),
        version: OpaqueVersion::from_u128(7),
        notification_index: 8,
        time,
        uss_base_url: url("f"),
        notify_for_operational_intents: true,
        notify_for_constraints: false,
        implicit: true,
        dependents: vec![entity(9), entity(10)],
    };
    let subscribers = || {
        let subscriptions = vec![(SubscriptionId::from_u128(11), 12), (SubscriptionId::from_u128(13), 14)];
        vec![Subscriber { uss_base_url: url("g"), subscriptions }]
    };
    let status = UssAvailabilityStatus { uss: uss("h"), availability: UssAvailability::Unknown, version: None };
    let expired = Expired {
        operational_intents: vec![entity(15)],
        constraints: vec![],
        subscriptions: vec![SubscriptionId::from_u128(16)],
        identification_service_areas: vec![entity(21)],
        rid_subscriptions: vec![SubscriptionId::from_u128(22)],
        reports: vec![ReportId::from_u128(17)],
        more: true,
    };
    let service_area =
        IdentificationServiceArea { id: entity(23), owner: uss("i"), version: rid_version(24), time, url: url("j") };
    let rid_subscription = RidSubscription {
        id: SubscriptionId::from_u128(25),
        owner: uss("k"),
        version: rid_version(26),
        notification_index: 27,
        time,
        url: url("l"),
    };
    let mut outcomes = vec![
        Outcome::OperationalIntentPut { reference: intent(Some(Ovn::Issued(18))), subscribers: subscribers() },
        Outcome::OperationalIntentDeleted { reference: intent(None), subscribers: vec![] },
        Outcome::ConstraintPut { reference: constraint.clone(), subscribers: subscribers() },
        Outcome::ConstraintDeleted { reference: constraint.clone(), subscribers: vec![] },
        Outcome::SubscriptionPut {
            subscription: subscription.clone(),
            operational_intents: vec![intent(None)],
            constraints: vec![constraint.clone()],
        },
        Outcome::SubscriptionDeleted { subscription },
        Outcome::UssAvailabilitySet(status),
        Outcome::ReportFiled { id: ReportId::from_u128(19) },
        Outcome::Expired(expired),
        Outcome::IdentificationServiceAreaPut { service_area: service_area.clone(), subscribers: subscribers() },
        Outcome::IdentificationServiceAreaDeleted { service_area: service_area.clone(), subscribers: vec![] },
        Outcome::RidSubscriptionPut { subscription: rid_subscription.clone(), service_areas: vec![service_area] },
        Outcome::RidSubscriptionDeleted { subscription: rid_subscription },
        Outcome::OptionsSet(Options { time_based_notification_index: true, ..Options::default() }),
        Outcome::Carried,
    ];
    outcomes.extend(
        [
            Rejection::EndInPast,
            Rejection::FirstStateNotAccepted,
            Rejection::OvnSuffixNotCurrent,
            Rejection::OvnSuffixSpent,
            Rejection::SubscriptionRequired,
            Rejection::NotManager,
            Rejection::UpdateOfUnknown,
            Rejection::ConstraintUpdateOfUnknown,
            Rejection::DeleteOfUnknown,
            Rejection::UssDown,
            Rejection::AlreadyExists,
            Rejection::OvnMismatch,
            Rejection::UnknownSubscription,
            Rejection::NotManagerOfSubscription,
            Rejection::SubscriptionNotForOperationalIntents,
            Rejection::SubscriptionDoesNotCover,
            Rejection::VersionsExhausted,
            Rejection::NothingToNotify,
            Rejection::VersionMismatch,
            Rejection::StartInPast,
            Rejection::SpanNotAscending,
            Rejection::SubscriptionTooLong,
            Rejection::HasDependents,
            Rejection::FreshIdTaken,
            Rejection::EndRequired,
            Rejection::TooManySubscriptions,
            Rejection::TransitionNotAllowed { from: OperationalIntentState::Contingent, to: OperationalIntentState::Accepted },
            Rejection::MissingOvns { operational_intents: vec![intent(None)], constraints: vec![constraint] },
            Rejection::DependentsNotCovered { operational_intent: entity(20) },
            Rejection::QuotaReached { quota: Quota::Entities, held: 3, limit: 4 },
            Rejection::QuotaReached { quota: Quota::Cells, held: u64::MAX, limit: 4 },
            Rejection::QuotaReached { quota: Quota::ReportBytes, held: 3, limit: 0 },
        ]
        .map(Outcome::Rejected),
    );
    outcomes
}

/// The formats in bytes. A line that differs is a change of format: it belongs with a new version and a change of
/// `docs/registry-commands.md`. A failing test prints the lines as they are now.
#[track_caller]
fn check_golden(golden: &str, actual: impl IntoIterator<Item = Vec<u8>>) {
    let actual: String = actual.into_iter().map(|bytes| hex(&bytes) + "\n").collect();
    assert!(actual == golden, "the bytes have changed; now they are\n{actual}");
}

#[test]
fn the_bytes_of_commands_are_pinned() {
    check_golden(include_str!("golden/commands.txt"), commands().iter().map(Command::encode));
}

#[test]
fn the_bytes_of_outcomes_are_pinned() {
    check_golden(include_str!("golden/outcomes.txt"), outcomes().iter().map(Outcome::encode));
}

#[test]
fn the_bytes_of_a_snapshot_are_pinned() {
    check_golden(include_str!("golden/snapshot.txt"), [busy_registry().snapshot()]);
}

#[test]
fn every_outcome_comes_back_and_a_cut_one_is_refused() {
    for outcome in outcomes() {
        let bytes = outcome.encode();
        for end in 0..bytes.len() {
            assert!(Outcome::decode(&bytes[..end]).is_err(), "cut at {end}: {outcome:?}");
        }
        assert_eq!(Outcome::decode(&bytes), Ok(outcome));
    }
}

#[test]
fn the_bytes_of_one_command_are_as_documented() {
    let command = Command {
        proposed_at: Time::from_ns(1),
        action: Action::SetUssAvailability(SetUssAvailability {
            uss: uss("b"),
            expected: Expected::Version(Some(OpaqueVersion::from_u128(0x0102))),
            availability: UssAvailability::Down,
            version: OpaqueVersion::from_u128(0xff),
        }),
    };
    let documented = [
        "04",                               // version of the format
        "0100000000000000",                 // proposed at 1 ns
        "07",                               // set availability
        "010062",                           // a text of one byte, "b"
        "02",                               // a version is expected:
        "02010000000000000000000000000000", // 0x0102
        "02",                               // Down
        "ff000000000000000000000000000000", // the new version
    ];
    assert_eq!(hex(&command.encode()), documented.concat());
}

#[test]
fn every_command_comes_back() {
    for command in commands() {
        assert_eq!(Command::decode(&command.encode()), Ok(command));
    }
}

#[test]
fn a_command_of_another_version_is_named_as_such() {
    let mut bytes = commands()[0].encode();
    bytes[0] = COMMAND_VERSION + 1;
    let refusal = Command::decode(&bytes).unwrap_err();
    assert_eq!(refusal, Unreadable::Version { found: COMMAND_VERSION + 1, known: COMMAND_VERSION });
    assert!(refusal.to_string().contains("version 5, this program reads version 4"), "{refusal}");
    assert!(matches!(Outcome::decode(&[9]), Err(Unreadable::Version { found: 9, .. })));
    assert!(matches!(Registry::from_snapshot(&[9]), Err(Unreadable::Version { found: 9, .. })));
}

#[test]
fn a_command_that_is_cut_or_goes_on_is_refused() {
    for command in commands() {
        let mut bytes = command.encode();
        for end in 0..bytes.len() {
            assert!(Command::decode(&bytes[..end]).is_err(), "cut at {end}: {command:?}");
        }
        bytes.push(0);
        assert_eq!(Command::decode(&bytes), Err(Unreadable::Trailing { at: bytes.len() - 1 }));
    }
}

#[test]
fn values_that_make_no_sense_are_refused() {
    let encoded = |action: Action| Command { proposed_at: Time::from_ns(0), action }.encode();
    let subscription = |cells: &[u64]| {
        let Action::PutSubscription(put) = commands().remove(6).action else { panic!() };
        Action::PutSubscription(PutSubscription { cells: Cells::new(cells.iter().copied().map(cell).collect()).unwrap(), ..put })
    };
    let with_cells = encoded(subscription(&[3, 4]));
    let swapped = {
        let at = with_cells.windows(8).position(|window| window == [3, 0, 0, 0, 4, 0, 0, 0]).unwrap();
        let mut bytes = with_cells.clone();
        bytes[at..at + 8].copy_from_slice(&[4, 0, 0, 0, 3, 0, 0, 0]);
        bytes
    };
    assert!(Command::decode(&with_cells).is_ok());
    assert!(
        matches!(Command::decode(&swapped), Err(Unreadable::Invalid { expected, .. }) if expected.contains("ascending cells"))
    );

    let report = encoded(Action::FileReport(FileReport { reporter: uss("ab"), id: ReportId::from_u128(1), body: [].into() }));
    let mut not_utf8 = report.clone();
    not_utf8[12] = 0xff;
    assert!(matches!(Command::decode(&not_utf8), Err(Unreadable::Invalid { expected, .. }) if expected.contains("UTF-8")));
    let mut unknown_kind = report;
    unknown_kind[9] = 77;
    assert!(
        matches!(Command::decode(&unknown_kind), Err(Unreadable::Invalid { expected, .. }) if expected.contains("kind of command"))
    );
}

#[test]
fn a_snapshot_whose_records_do_not_ascend_is_refused() {
    const IDS: [u128; 2] = [0x11 << 120, 0x22 << 120];
    let mut registry = Registry::new();
    for bits in IDS {
        let Action::PutConstraint(put) = commands().into_iter().find(is_put_constraint).unwrap().action else { panic!() };
        let put = PutConstraint { id: entity(bits), expected: Expected::Nothing, ovn: bits, ..put };
        let outcome = registry.apply(&Command { proposed_at: Time::from_ns(0), action: Action::PutConstraint(put) });
        assert!(matches!(outcome, Outcome::ConstraintPut { .. }));
    }
    let snapshot = registry.snapshot();
    assert!(Registry::from_snapshot(&snapshot).is_ok());
    let at = |bits: u128| snapshot.windows(16).position(|window| window == bits.to_le_bytes()).unwrap();
    let [first, second] = IDS.map(at);
    let len = second - first;
    let mut swapped = snapshot.clone();
    swapped[first..second + len].rotate_left(len);
    assert!(
        matches!(Registry::from_snapshot(&swapped), Err(Unreadable::Invalid { expected, .. }) if expected.contains("greater"))
    );
}

fn is_put_constraint(command: &Command) -> bool {
    matches!(command.action, Action::PutConstraint(_))
}

#[test]
fn a_promise_of_a_huge_list_takes_no_memory() {
    let mut bytes = vec![OUTCOME_VERSION, 9];
    bytes.extend(u32::MAX.to_le_bytes());
    assert!(matches!(Outcome::decode(&bytes), Err(Unreadable::Invalid { .. })));
}

/// Damaged commands: whatever is read at all is written back as the same bytes, so nothing has two encodings, and a registry
/// takes it without a panic.
#[test]
fn damaged_commands_are_refused_or_mean_exactly_what_they_say() {
    let mut random = 1u64;
    let mut below = |limit: usize| {
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (random >> 33) as usize % limit
    };
    let originals: Vec<Vec<u8>> = commands().iter().map(Command::encode).collect();
    let mut registry = Registry::new();
    let mut read = 0;
    for round in 0..60_000 {
        let mut bytes = originals[round % originals.len()].clone();
        for _ in 0..=below(3) {
            let at = below(bytes.len());
            match below(4) {
                0 => bytes[at] = below(256) as u8,
                1 => bytes[at] ^= 1 << below(8),
                2 => bytes.truncate(at.max(1)),
                _ => bytes.insert(at, below(256) as u8),
            }
        }
        if let Ok(command) = Command::decode(&bytes) {
            read += 1;
            assert_eq!(command.encode(), bytes);
            let outcome = registry.apply(&command);
            let encoded = outcome.encode();
            assert_eq!(Outcome::decode(&encoded), Ok(outcome));
        }
    }
    assert!(read > 1000, "only {read} damaged commands could be read: the test tests nothing");
    assert!(registry.accepted() > 100, "only {} commands were accepted", registry.accepted());
    assert_eq!(Registry::from_snapshot(&registry.snapshot()).map(|restored| restored.digest()), Ok(registry.digest()));
}

fn busy_registry() -> Registry {
    let mut registry = Registry::new();
    for (number, action) in (0u128..).zip([
        Action::SetUssAvailability(SetUssAvailability {
            uss: uss("b"),
            expected: Expected::Nothing,
            availability: UssAvailability::Down,
            version: OpaqueVersion::from_u128(2),
        }),
        Action::FileReport(FileReport { reporter: uss("a"), id: ReportId::from_u128(1), body: [1, 2, 3].into() }),
        Action::PutConstraint(PutConstraint {
            caller: uss("law"),
            id: entity(1),
            expected: Expected::Nothing,
            volumes: volumes(),
            uss_base_url: url("c"),
            ovn: 3,
        }),
        Action::PutOperationalIntent(PutOperationalIntent {
            caller: uss("a"),
            id: entity(2),
            expected: Expected::Nothing,
            state: OperationalIntentState::Accepted,
            volumes: volumes(),
            uss_base_url: url("d"),
            subscription: IntentSubscription::Implicit {
                fresh: Fresh { id: SubscriptionId::from_u128(4), version: OpaqueVersion::from_u128(5) },
                uss_base_url: url("e"),
                notify_for_constraints: false,
            },
            key: Key::default(),
            ovn: NewOvn::Issued(6),
        }),
        Action::PutRidSubscription(put_rid_subscription()),
        Action::PutIdentificationServiceArea(put_area()),
        Action::SetOptions(Options { time_based_notification_index: true, ..Options::default() }),
    ]) {
        let outcome = registry.apply(&Command { proposed_at: Time::from_ns(number as i64), action });
        assert!(!matches!(outcome, Outcome::Rejected(_)), "{outcome:?}");
    }
    registry
}

#[test]
fn a_snapshot_comes_back_with_the_same_digest_and_answers() {
    let registry = busy_registry();
    let restored = Registry::from_snapshot(&registry.snapshot()).unwrap();
    assert_eq!(restored.digest(), registry.digest());
    assert_eq!(restored.snapshot(), registry.snapshot());
    assert_eq!((restored.accepted(), restored.log_time()), (registry.accepted(), registry.log_time()));
    assert_eq!(restored.counts(), registry.counts());
    let subscription = SubscriptionId::from_u128(4);
    assert_eq!(restored.subscription(subscription), registry.subscription(subscription));
    let (mut one, mut other) = (registry, restored);
    for command in commands() {
        assert_eq!(one.apply(&command), other.apply(&command));
        assert_eq!(one.digest(), other.digest());
    }
}

#[test]
fn any_damage_to_a_snapshot_is_noticed() {
    let bytes = busy_registry().snapshot();
    for at in 0..bytes.len() {
        for bit in 0..8 {
            let mut damaged = bytes.clone();
            damaged[at] ^= 1 << bit;
            assert!(Registry::from_snapshot(&damaged).is_err(), "bit {bit} of byte {at}");
        }
        assert!(Registry::from_snapshot(&bytes[..at]).is_err(), "cut at {at}");
    }
    let mut longer = bytes;
    longer.push(0);
    assert!(Registry::from_snapshot(&longer).is_err());
}

#[test]
fn the_digest_of_a_state_is_pinned() {
    assert_eq!(format!("{:032x}", Registry::new().digest()), "c15ca60a35ef07ba95bf064db780768c");
    assert_eq!(format!("{:032x}", busy_registry().digest()), "5068cb28fa65cf73e5a280b704fdc2d8");
}

#[test]
fn the_digest_does_not_depend_on_the_order_of_what_is_there() {
    let report = |number| Command {
        proposed_at: Time::from_ns(0),
        action: Action::FileReport(FileReport { reporter: uss("a"), id: ReportId::from_u128(number), body: [].into() }),
    };
    let digest = |numbers: [u128; 3]| {
        let mut registry = Registry::new();
        for number in numbers {
            registry.apply(&report(number));
        }
        registry.digest()
    };
    assert_eq!(digest([1, 2, 3]), digest([3, 1, 2]));
    assert_ne!(digest([1, 2, 3]), digest([1, 2, 4]));
}

#[test]
fn ovns_and_versions_come_back_from_their_texts_and_from_nothing_else() {
    let issued = Ovn::Issued(0xab);
    assert_eq!(issued.to_string(), "000000000000000000000000000000ab");
    assert_eq!(Ovn::parse(&issued.to_string()), Some(issued));
    let requested = Ovn::Requested { entity: entity(0x00010203_0405_4607_8809_0a0b0c0d0e0f), suffix: suffix() };
    assert_eq!(requested.to_string(), "00010203-0405-4607-8809-0a0b0c0d0e0f_0192b9ff-793a-7a18-9b61-552a7ed277b3");
    assert_eq!(Ovn::parse(&requested.to_string()), Some(requested));
    for foreign in [
        "",
        "_",
        "Available from USS",
        "000000000000000000000000000000AB",
        "0000000000000000000000000000000ab",
        "00010203-0405-4607-8809-0a0b0c0d0e0f_0192b9ff-793a-4a18-9b61-552a7ed277b3",
        "00010203-0405-4607-8809-0a0b0c0d0e0f",
        "000102030405460788090a0b0c0d0e0f_0192b9ff793a7a189b61552a7ed277b3",
        "0001020-30405-4607-8809-0a0b0c0d0e0f_0192b9ff-793a-7a18-9b61-552a7ed277b3",
        "00010203-0405-4607-8809-0a0b0c0d0e0g_0192b9ff-793a-7a18-9b61-552a7ed277b3",
        "é0000000000000000000000000000000",
    ] {
        assert_eq!(Ovn::parse(foreign), None, "{foreign}");
        assert_eq!(OpaqueVersion::parse(foreign), None, "{foreign}");
    }
    let version = OpaqueVersion::from_u128(0xab);
    assert_eq!(OpaqueVersion::parse(&version.to_string()), Some(version));
}

#[test]
fn cells_are_s2_cells_of_level_13() {
    for face in 0..6u64 {
        let id = face << 61 | 0x2a5_5a5a << 35 | 1 << 34;
        assert_eq!(Cell::from_s2(id).unwrap().s2(), id);
    }
    // Level 12, level 14, no face, no cell.
    for id in [1u64 << 36, 1 << 32, 7 << 61 | 1 << 34, 0] {
        assert_eq!(Cell::from_s2(id), Err(InvalidCell { id }));
    }
}

#[test]
fn values_that_cannot_be_are_not_made() {
    let cells = || Cells::new(vec![cell(1)]).unwrap();
    let time = |start, end| TimeSpan::new(Time::from_ns(start), Time::from_ns(end));
    assert!(time(1, 0).is_err());
    assert!(AltitudeBand::new(1, 0).is_err());
    assert_eq!(Cells::new(vec![]), Err(InvalidVolumes::NoCells));
    let many: Vec<Cell> = (0..=MAX_CELLS as u64).map(cell).collect();
    assert_eq!(Cells::new(many), Err(InvalidVolumes::TooManyCells { found: MAX_CELLS + 1 }));
    assert_eq!(Volumes::new(vec![]), Err(InvalidVolumes::NoVolumes));
    let volume = |span: TimeSpan| Volume { cells: cells(), altitude: AltitudeBand::ALL, time: span };
    let lasting = volume(time(0, 1).unwrap());
    let instant = volume(time(1, 1).unwrap());
    assert_eq!(Volumes::new(vec![lasting.clone(), instant]), Err(InvalidVolumes::NoDuration { volume: 1 }));
    let found = MAX_VOLUMES + 1;
    assert_eq!(Volumes::new(vec![lasting; found]), Err(InvalidVolumes::TooManyVolumes { found }));
    assert!(UssId::new("").is_err());
    assert!(UssId::new(&"x".repeat(UssId::MAX_BYTES + 1)).is_err());
    assert!(UssBaseUrl::new(&"x".repeat(UssBaseUrl::MAX_BYTES)).is_ok());
}
