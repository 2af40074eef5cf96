//! Commands and outcomes as text. `check` applies each line of a script and compares what comes out.
//!
//! ```text
//! 10 ann put op1 new Accepted 1-3/0..100/20..30 key #2 ~9.1@op4 via new s7 +k  =>  op1 v1 Accepted #1 via s7 tell ann:s7=1
//! ```
//!
//! A line says when (seconds), who and what. Cells are small numbers, altitudes centimetres, times seconds; an open edge is
//! left out. `#4` is the OVN or version that line 4 (of the lines with commands) gave out, `~9.1` a suffix made at second 9,
//! `?` a text that nobody ever issued. `area1` is an identification service area, `rs1` a subscription of F3411. Besides the outcome, `check` makes sure after every line that a rejected command
//! changed nothing, and that command, outcome and state survive their encodings.

use deconflict_registry::*;
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// Runs `script` from an empty registry and compares every outcome.
pub fn check(script: &str) {
    let mut registry = Registry::new();
    let mut rid_versions = RidVersions::default();
    let (mut actual, mut expected) = (String::new(), String::new());
    let lines = script.lines().map(str::trim).filter(|line| !line.is_empty());
    for (number, line) in (1..).zip(lines) {
        let (text, outcome) = line.split_once("=>").unwrap_or_else(|| panic!("no `=>` in `{line}`"));
        let words: Vec<&str> = text.split_whitespace().collect();
        let command = Words { words: &words, at: 0, number, rid_versions: &rid_versions }.command();
        let result = apply(&mut registry, &command);
        rid_versions.note(number, &result);
        let shown = show(&result, &rid_versions);
        writeln!(actual, "{} => {shown}", words.join(" ")).unwrap();
        writeln!(expected, "{} => {}", words.join(" "), outcome.trim()).unwrap();
    }
    assert!(actual == expected, "actual:\n{actual}\nexpected:\n{expected}");
}

fn apply(registry: &mut Registry, command: &Command) -> Outcome {
    let before = registry.digest();
    assert_eq!(Command::decode(&command.encode()).as_ref(), Ok(command));
    let outcome = registry.apply(command);
    assert_eq!(Outcome::decode(&outcome.encode()).as_ref(), Ok(&outcome));
    let rejected = matches!(outcome, Outcome::Rejected(_));
    assert_eq!(registry.digest() == before, rejected, "{command:?} gave {outcome:?}");
    let restored = Registry::from_snapshot(&registry.snapshot()).expect("a snapshot can be read");
    assert_eq!(restored.digest(), registry.digest());
    outcome
}

/// Which line gave out which version of F3411: the registry makes them.
#[derive(Default)]
struct RidVersions(BTreeMap<RidVersion, u128>);

impl RidVersions {
    fn note(&mut self, line: u128, outcome: &Outcome) {
        let version = match outcome {
            Outcome::IdentificationServiceAreaPut { service_area, .. } => service_area.version,
            Outcome::RidSubscriptionPut { subscription, .. } => subscription.version,
            _ => return,
        };
        assert!(self.0.last_key_value().is_none_or(|(last, _)| *last < version), "line {line} gave out an old version");
        self.0.insert(version, line);
    }

    /// `#4`, or a version that no line gave out.
    fn read(&self, text: &str) -> RidVersion {
        let line = number(text);
        let known = self.0.iter().find(|(_, known)| **known == line).map(|(version, _)| *version);
        known.unwrap_or(RidVersion::from_number(i64::MAX).unwrap())
    }

    fn show(&self, version: RidVersion) -> String {
        format!(" #{}", self.0[&version])
    }
}

/// The words of one line, read from left to right.
struct Words<'a> {
    words: &'a [&'a str],
    at: usize,
    number: u128,
    rid_versions: &'a RidVersions,
}

impl<'a> Words<'a> {
    fn next(&mut self) -> &'a str {
        self.at += 1;
        self.words.get(self.at - 1).unwrap_or_else(|| panic!("a word is missing at the end of `{}`", self.words.join(" ")))
    }

    /// Whether the next word is `word`; if so, it is taken.
    fn takes(&mut self, word: &str) -> bool {
        let is_next = self.words.get(self.at) == Some(&word);
        self.at += usize::from(is_next);
        is_next
    }

    /// "time", and then quotas as "entities/cells/bytes of reports", both if they are wanted.
    fn options(&mut self) -> Options {
        let time_based_notification_index = self.takes("time");
        let quotas = if self.at == self.words.len() {
            Quotas::NONE
        } else {
            let numbers: Vec<u64> = self.next().split('/').map(|number| number.parse().unwrap()).collect();
            Quotas { entities: numbers[0], cells: numbers[1], report_bytes: numbers[2] }
        };
        Options { time_based_notification_index, quotas, ..Options::default() }
    }

    fn command(&mut self) -> Command {
        let proposed_at = seconds(self.next());
        let caller = UssId::new(self.next()).unwrap();
        let action = match self.next() {
            "put" => self.put(caller),
            "delete" => self.delete(caller),
            "set" => self.set(),
            "report" => Action::FileReport(FileReport {
                reporter: caller,
                id: ReportId::from_u128(number(self.next())),
                body: [1, 2].into(),
            }),
            "expire" => {
                let retention_ns = u64::try_from(seconds(self.next()).ns()).unwrap();
                Action::Expire(Expire {
                    retention_ns,
                    limit: if self.takes("limit") { self.next().parse().unwrap() } else { 1000 },
                })
            }
            "options" => Action::SetOptions(self.options()),
            verb => panic!("unknown verb `{verb}`"),
        };
        assert_eq!(self.at, self.words.len(), "`{}` goes on after its end", self.words.join(" "));
        Command { proposed_at, action }
    }

    fn put(&mut self, caller: UssId) -> Action {
        let name = self.next();
        match kind(name) {
            "op" => Action::PutOperationalIntent(self.put_intent(caller, EntityId::from_u128(number(name)))),
            "k" => Action::PutConstraint(PutConstraint {
                id: EntityId::from_u128(number(name)),
                expected: self.expected(ovn),
                volumes: self.volumes(),
                uss_base_url: url(caller.as_str()),
                ovn: self.number,
                caller,
            }),
            "area" => Action::PutIdentificationServiceArea(self.put_area(caller, EntityId::from_u128(number(name)))),
            "rs" => Action::PutRidSubscription(self.put_rid_subscription(caller, SubscriptionId::from_u128(number(name)))),
            _ => {
                let (id, expected) = (SubscriptionId::from_u128(number(name)), self.expected(version));
                Action::PutSubscription(self.put_subscription(caller, id, expected))
            }
        }
    }

    fn put_intent(&mut self, caller: UssId, id: EntityId) -> PutOperationalIntent {
        let expected = self.expected(ovn);
        let state = match self.next() {
            "Accepted" => OperationalIntentState::Accepted,
            "Activated" => OperationalIntentState::Activated,
            "Nonconforming" => OperationalIntentState::Nonconforming,
            "Contingent" => OperationalIntentState::Contingent,
            state => panic!("unknown state `{state}`"),
        };
        let volumes = self.volumes();
        let key = if self.takes("key") { self.ovns() } else { Vec::new() };
        let subscription = if self.takes("via") { self.subscription(&caller) } else { IntentSubscription::None };
        let ovn = match self.takes("gets") {
            true => NewOvn::Requested(suffix(self.next().trim_start_matches('~'))),
            false => NewOvn::Issued(self.number),
        };
        let uss_base_url = url(caller.as_str());
        PutOperationalIntent { caller, id, expected, state, volumes, uss_base_url, subscription, key: Key::new(key), ovn }
    }

    fn subscription(&mut self, caller: &UssId) -> IntentSubscription {
        let version = OpaqueVersion::from_u128(self.number);
        if !self.takes("new") {
            return IntentSubscription::Existing { id: SubscriptionId::from_u128(number(self.next())), version };
        }
        let fresh = Fresh { id: SubscriptionId::from_u128(number(self.next())), version };
        IntentSubscription::Implicit { fresh, uss_base_url: url(caller.as_str()), notify_for_constraints: self.takes("+k") }
    }

    /// `1-3/20..30 url host +op +k`
    fn put_subscription(&mut self, caller: UssId, id: SubscriptionId, expected: Expected<OpaqueVersion>) -> PutSubscription {
        let (cells, start, end) = self.place();
        PutSubscription {
            id,
            expected,
            cells,
            start,
            end,
            uss_base_url: self.url(&caller),
            notify_for_operational_intents: self.takes("+op"),
            notify_for_constraints: self.takes("+k"),
            version: OpaqueVersion::from_u128(self.number),
            caller,
        }
    }

    /// `1-3/20..30 url host`
    fn put_area(&mut self, caller: UssId, id: EntityId) -> PutIdentificationServiceArea {
        let (expected, (cells, start, end)) = (self.expected_rid(), self.place());
        PutIdentificationServiceArea { id, expected, cells, start, end, url: self.url(&caller), caller }
    }

    /// `1-3/20..30 url host`
    fn put_rid_subscription(&mut self, caller: UssId, id: SubscriptionId) -> PutRidSubscription {
        let (expected, (cells, start, end)) = (self.expected_rid(), self.place());
        PutRidSubscription { id, expected, cells, start, end, url: self.url(&caller), caller }
    }

    fn place(&mut self) -> (Cells, Option<Time>, Option<Time>) {
        let (where_, when) = self.next().split_once('/').expect("cells/times");
        let (start, end) = when.split_once("..").expect("start..end");
        let edge = |text: &str| (!text.is_empty()).then(|| seconds(text));
        (cells(where_), edge(start), edge(end))
    }

    fn url(&mut self, caller: &UssId) -> UssBaseUrl {
        if self.takes("url") { url(self.next()) } else { url(caller.as_str()) }
    }

    fn delete(&mut self, caller: UssId) -> Action {
        let (name, known) = (self.next(), self.next());
        match kind(name) {
            "op" => Action::DeleteOperationalIntent(DeleteOperationalIntent {
                caller,
                id: EntityId::from_u128(number(name)),
                ovn: ovn(known),
            }),
            "k" => Action::DeleteConstraint(DeleteConstraint { caller, id: EntityId::from_u128(number(name)), ovn: ovn(known) }),
            "area" => Action::DeleteIdentificationServiceArea(DeleteIdentificationServiceArea {
                caller,
                id: EntityId::from_u128(number(name)),
                version: self.rid_versions.read(known),
            }),
            "rs" => Action::DeleteRidSubscription(DeleteRidSubscription {
                caller,
                id: SubscriptionId::from_u128(number(name)),
                version: self.rid_versions.read(known),
            }),
            _ => Action::DeleteSubscription(DeleteSubscription {
                caller,
                id: SubscriptionId::from_u128(number(name)),
                version: version(known),
            }),
        }
    }

    fn set(&mut self) -> Action {
        let uss = UssId::new(self.next()).unwrap();
        let expected = self.expected(version);
        let availability = match self.next() {
            "Unknown" => UssAvailability::Unknown,
            "Normal" => UssAvailability::Normal,
            "Down" => UssAvailability::Down,
            state => panic!("unknown availability `{state}`"),
        };
        Action::SetUssAvailability(SetUssAvailability {
            uss,
            expected,
            availability,
            version: OpaqueVersion::from_u128(self.number),
        })
    }

    fn expected<V>(&mut self, read: impl Fn(&str) -> Option<V>) -> Expected<V> {
        if self.takes("new") {
            return Expected::Nothing;
        }
        assert!(self.takes("at"), "expected `new` or `at` in `{}`", self.words.join(" "));
        Expected::Version(read(self.next()))
    }

    fn expected_rid(&mut self) -> Expected<RidVersion> {
        let rid_versions = self.rid_versions;
        self.expected(|text| text.starts_with('#').then(|| rid_versions.read(text)))
    }

    fn ovns(&mut self) -> Vec<Ovn> {
        let mut ovns = Vec::new();
        while let Some(word) = self.words.get(self.at).filter(|word| word.starts_with(['#', '~'])) {
            ovns.extend(ovn(word));
            self.at += 1;
        }
        ovns
    }

    fn volumes(&mut self) -> Volumes {
        let mut volumes = Vec::new();
        while let Some(word) = self.words.get(self.at).filter(|word| word.contains('/')) {
            volumes.push(volume(word));
            self.at += 1;
        }
        Volumes::new(volumes).unwrap()
    }
}

/// `1-3,7/0..100/20..30`
pub fn volume(text: &str) -> Volume {
    let parts: Vec<&str> = text.split('/').collect();
    let &[where_, high, when] = parts.as_slice() else { panic!("`{text}` is not cells/altitudes/times") };
    let (lower, upper) = high.split_once("..").unwrap();
    let (start, end) = when.split_once("..").unwrap();
    let edge_cm = |text: &str, open: i32| if text.is_empty() { open } else { text.parse().unwrap() };
    let edge_time = |text: &str, open: Time| if text.is_empty() { open } else { seconds(text) };
    Volume {
        cells: cells(where_),
        altitude: AltitudeBand::new(edge_cm(lower, i32::MIN), edge_cm(upper, i32::MAX)).unwrap(),
        time: TimeSpan::new(edge_time(start, Time::MIN), edge_time(end, Time::MAX)).unwrap(),
    }
}

fn cells(text: &str) -> Cells {
    let mut cells = Vec::new();
    for part in text.split(',') {
        let (first, last) = part.split_once('-').unwrap_or((part, part));
        for index in first.parse::<u64>().unwrap()..=last.parse().unwrap() {
            cells.push(Cell::from_s2(index << 35 | 1 << 34).unwrap());
        }
    }
    Cells::new(cells).unwrap()
}

fn seconds(text: &str) -> Time {
    Time::from_ns(text.parse::<i64>().unwrap() * 1_000_000_000)
}

fn url(host: &str) -> UssBaseUrl {
    UssBaseUrl::new(&format!("https://{host}")).unwrap()
}

fn kind(name: &str) -> &str {
    name.trim_end_matches(|c: char| c.is_ascii_digit())
}

fn number(name: &str) -> u128 {
    name.trim_start_matches(|c: char| !c.is_ascii_digit()).parse().unwrap_or_else(|_| panic!("no number in `{name}`"))
}

/// `#4`, `~9.1@op4`, or `?`
fn ovn(text: &str) -> Option<Ovn> {
    match text.split_once('@') {
        Some((made, entity)) => {
            let entity = EntityId::from_u128(number(entity));
            Some(Ovn::Requested { entity, suffix: suffix(made.trim_start_matches('~')) })
        }
        None => text.strip_prefix('#').map(|number| Ovn::Issued(number.parse().unwrap())),
    }
}

fn version(text: &str) -> Option<OpaqueVersion> {
    text.strip_prefix('#').map(|number| OpaqueVersion::from_u128(number.parse().unwrap()))
}

/// `9.1`: made at second 9, otherwise 1.
fn suffix(text: &str) -> OvnSuffix {
    let (made_s, rest) = text.split_once('.').unwrap();
    let (made_ms, rest) = (made_s.parse::<u128>().unwrap() * 1000, rest.parse::<u128>().unwrap());
    OvnSuffix::from_u128(made_ms << 80 | 7 << 76 | 0b10 << 62 | rest).unwrap()
}

fn show(outcome: &Outcome, rid_versions: &RidVersions) -> String {
    match outcome {
        Outcome::OperationalIntentPut { reference, subscribers } => show_intent(reference) + &show_subscribers("s", subscribers),
        Outcome::OperationalIntentDeleted { reference, subscribers } => {
            format!("deleted {}{}", show_intent(reference), show_subscribers("s", subscribers))
        }
        Outcome::ConstraintPut { reference, subscribers } => show_constraint(reference) + &show_subscribers("s", subscribers),
        Outcome::ConstraintDeleted { reference, subscribers } => {
            format!("deleted {}{}", show_constraint(reference), show_subscribers("s", subscribers))
        }
        Outcome::SubscriptionPut { subscription, operational_intents, constraints } => {
            let seen: Vec<String> = operational_intents
                .iter()
                .map(|intent| format!("op{}", intent.id.as_u128()))
                .chain(constraints.iter().map(|constraint| format!("k{}", constraint.id.as_u128())))
                .collect();
            [show_subscription(subscription), words(" sees", &seen)].concat()
        }
        Outcome::SubscriptionDeleted { subscription } => format!("deleted {}", show_subscription(subscription)),
        Outcome::UssAvailabilitySet(status) => {
            format!("{} {:?}{}", status.uss, status.availability, show_version(status.version))
        }
        Outcome::ReportFiled { id } => format!("r{}", id.as_u128()),
        Outcome::Expired(expired) => {
            let intents = expired.operational_intents.iter().map(|id| format!("op{}", id.as_u128()));
            let constraints = expired.constraints.iter().map(|id| format!("k{}", id.as_u128()));
            let subscriptions = expired.subscriptions.iter().map(|id| format!("s{}", id.as_u128()));
            let reports = expired.reports.iter().map(|id| format!("r{}", id.as_u128()));
            let areas = expired.identification_service_areas.iter().map(|id| format!("area{}", id.as_u128()));
            let rid_subscriptions = expired.rid_subscriptions.iter().map(|id| format!("rs{}", id.as_u128()));
            let entities = intents.chain(constraints).chain(subscriptions).chain(areas).chain(rid_subscriptions);
            let gone: Vec<String> = entities.chain(reports).collect();
            ["expired", &words("", &gone), if expired.more { " more" } else { "" }].concat()
        }
        Outcome::IdentificationServiceAreaPut { service_area, subscribers } => {
            show_area(service_area, rid_versions) + &show_subscribers("rs", subscribers)
        }
        Outcome::IdentificationServiceAreaDeleted { service_area, subscribers } => {
            format!("deleted {}{}", show_area(service_area, rid_versions), show_subscribers("rs", subscribers))
        }
        Outcome::RidSubscriptionPut { subscription, service_areas } => {
            let seen: Vec<String> = service_areas.iter().map(|area| format!("area{}", area.id.as_u128())).collect();
            show_rid_subscription(subscription, rid_versions) + &words(" sees", &seen)
        }
        Outcome::RidSubscriptionDeleted { subscription } => {
            format!("deleted {}", show_rid_subscription(subscription, rid_versions))
        }
        Outcome::Carried => "carried".to_owned(),
        Outcome::OptionsSet(options) => {
            let Quotas { entities, cells, report_bytes } = options.quotas;
            let numbered = if options.time_based_notification_index { "numbered by time" } else { "numbered by count" };
            let quotas =
                if options.quotas == Quotas::NONE { String::new() } else { format!(" quotas {entities}/{cells}/{report_bytes}") };
            numbered.to_owned() + &quotas
        }
        Outcome::Rejected(rejection) => format!("no: {}", show_rejection(rejection)),
    }
}

fn show_rejection(rejection: &Rejection) -> String {
    match rejection {
        Rejection::MissingOvns { operational_intents, constraints } => {
            let intents = operational_intents.iter().map(|intent| format!("op{}{}", intent.id.as_u128(), show_ovn(intent.ovn)));
            let constraints =
                constraints.iter().map(|constraint| format!("k{}{}", constraint.id.as_u128(), show_ovn(constraint.ovn)));
            words("MissingOvns", &intents.chain(constraints).collect::<Vec<_>>())
        }
        Rejection::TransitionNotAllowed { from, to } => format!("TransitionNotAllowed {from:?} {to:?}"),
        Rejection::QuotaReached { quota, held, limit } => format!("{quota:?} {held} of {limit}"),
        Rejection::DependentsNotCovered { operational_intent } => {
            format!("DependentsNotCovered op{}", operational_intent.as_u128())
        }
        plain => format!("{plain:?}"),
    }
}

fn show_intent(intent: &OperationalIntentReference) -> String {
    let via = intent.subscription.map(|id| format!(" via s{}", id.as_u128())).unwrap_or_default();
    let down = if intent.uss_availability == UssAvailability::Down { " down" } else { "" };
    format!("op{} v{} {:?}{}{via}{down}", intent.id.as_u128(), intent.version, intent.state, show_ovn(intent.ovn))
}

fn show_constraint(constraint: &ConstraintReference) -> String {
    format!("k{} v{}{}", constraint.id.as_u128(), constraint.version, show_ovn(constraint.ovn))
}

fn show_subscription(subscription: &Subscription) -> String {
    let Subscription { id, notification_index, time, dependents, implicit, .. } = subscription;
    let [start, end] = [time.start(), time.end()].map(|edge| edge.ns() / 1_000_000_000);
    let dependents: Vec<String> = dependents.iter().map(|id| format!("op{}", id.as_u128())).collect();
    let kind = if *implicit { " implicit" } else { "" };
    let version = show_version(Some(subscription.version));
    format!("s{}{version} {start}..{end} told {notification_index}{kind}{}", id.as_u128(), words(" for", &dependents))
}

fn show_area(area: &IdentificationServiceArea, rid_versions: &RidVersions) -> String {
    let [start, end] = [area.time.start(), area.time.end()].map(|edge| edge.ns() / 1_000_000_000);
    format!("area{}{} {start}..{end}", area.id.as_u128(), rid_versions.show(area.version))
}

fn show_rid_subscription(subscription: &RidSubscription, rid_versions: &RidVersions) -> String {
    let RidSubscription { id, version, notification_index, time, .. } = subscription;
    let [start, end] = [time.start(), time.end()].map(|edge| edge.ns() / 1_000_000_000);
    format!("rs{}{} {start}..{end} told {notification_index}", id.as_u128(), rid_versions.show(*version))
}

/// `kind`: what the subscriptions are called.
fn show_subscribers(kind: &str, subscribers: &[Subscriber]) -> String {
    let shown: Vec<String> = subscribers
        .iter()
        .map(|Subscriber { uss_base_url, subscriptions }| {
            let states: Vec<String> = subscriptions.iter().map(|(id, index)| format!("{kind}{}={index}", id.as_u128())).collect();
            format!("{}:{}", uss_base_url.as_str().trim_start_matches("https://"), states.join(","))
        })
        .collect();
    words(" tell", &shown)
}

fn show_ovn(ovn: Option<Ovn>) -> String {
    match ovn {
        None => String::new(),
        Some(Ovn::Issued(bits)) => format!(" #{bits}"),
        Some(Ovn::Requested { entity, suffix }) => {
            let (made_s, rest) = ((suffix.as_u128() >> 80) / 1000, suffix.as_u128() & 0xffff_ffff);
            format!(" ~{made_s}.{rest}@op{}", entity.as_u128())
        }
    }
}

fn show_version(version: Option<OpaqueVersion>) -> String {
    version.map(|version| format!(" #{}", version.as_u128())).unwrap_or_default()
}

/// `title` and the words, or nothing.
fn words(title: &str, words: &[String]) -> String {
    if words.is_empty() { String::new() } else { format!("{title} {}", words.join(" ")) }
}
