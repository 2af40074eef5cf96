//! Operational intents: ownership, versions, states, OVNs, and their subscriptions.

use crate::script::check;

#[test]
fn every_write_gives_a_new_ovn_and_version_even_if_nothing_changes() {
    check(
        "
        0 ann put op1 new Accepted 1/0..9/10..20        => op1 v1 Accepted #1
        0 ann put op1 at #1 Accepted 1/0..9/10..20      => op1 v2 Accepted #2
        0 ann put op1 at #2 Accepted 1/0..9/10..20      => op1 v3 Accepted #3
        0 ann delete op1 #3                             => deleted op1 v3 Accepted #3
        0 ann put op1 new Accepted 1/0..9/10..20        => op1 v1 Accepted #5
        ",
    );
}

#[test]
fn a_write_needs_the_current_ovn() {
    check(
        "
        0 ann put op1 new Accepted 1/0..9/10..20        => op1 v1 Accepted #1
        0 ann put op1 at #7 Accepted 1/0..9/10..20      => no: OvnMismatch
        0 ann put op1 at ? Accepted 1/0..9/10..20       => no: OvnMismatch
        0 ann put op1 new Accepted 1/0..9/10..20        => no: AlreadyExists
        0 ann delete op1 #7                             => no: OvnMismatch
        0 ann delete op1 ?                              => no: OvnMismatch
        0 ann put op2 at #1 Accepted 1/0..9/10..20      => no: UpdateOfUnknown
        0 ann put op2 at ? Accepted 1/0..9/10..20       => no: UpdateOfUnknown
        0 ann delete op2 #1                             => no: DeleteOfUnknown
        ",
    );
}

#[test]
fn only_the_manager_writes_and_that_is_said_before_the_ovn_is_compared() {
    check(
        "
        0 ann put op1 new Accepted 1/0..9/10..20        => op1 v1 Accepted #1
        0 bob put op1 at #1 Accepted 1/0..9/10..20      => no: NotManager
        0 bob put op1 at ? Accepted 1/0..9/10..20       => no: NotManager
        0 bob put op1 new Accepted 1/0..9/10..20        => no: NotManager
        0 bob delete op1 #1                             => no: NotManager
        0 bob delete op1 ?                              => no: NotManager
        ",
    );
}

#[test]
fn an_intent_begins_accepted() {
    check(
        "
        0 ann put op1 new Activated 1/0..9/10..20 via new s1      => no: FirstStateNotAccepted
        0 ann put op1 new Nonconforming 1/0..9/10..20 via new s1  => no: FirstStateNotAccepted
        0 ann put op1 new Contingent 1/0..9/10..20 via new s1     => no: FirstStateNotAccepted
        ",
    );
}

/// Every way between two states, from an intent that is brought into the first of them.
#[test]
fn the_transitions_are_those_of_the_standard() {
    const WAYS: [(&str, [bool; 4]); 4] = [
        ("Accepted", [true, true, true, true]),
        ("Activated", [false, true, true, true]),
        ("Nonconforming", [false, true, true, true]),
        ("Contingent", [false, false, false, true]),
    ];
    for (from, allowed) in WAYS {
        for (to, is_allowed) in ["Accepted", "Activated", "Nonconforming", "Contingent"].into_iter().zip(allowed) {
            let outcome = match is_allowed {
                true => format!("op1 v3 {to} #3 via s1 tell ann:s1=3"),
                false => format!("no: TransitionNotAllowed {from} {to}"),
            };
            check(&format!(
                "
                0 ann put op1 new Accepted 1/0..9/10..20 via new s1   => op1 v1 Accepted #1 via s1 tell ann:s1=1
                0 ann put op1 at #1 {from} 1/0..9/10..20 via s1       => op1 v2 {from} #2 via s1 tell ann:s1=2
                0 ann put op1 at #2 {to} 1/0..9/10..20 via s1         => {outcome}
                "
            ));
        }
    }
}

#[test]
fn the_end_may_not_be_in_the_past_the_start_may() {
    check(
        "
        50 ann put op1 new Accepted 1/0..9/10..49                 => no: EndInPast
        50 ann put op1 new Accepted 1/0..9/10..20 2/0..9/30..50   => op1 v1 Accepted #2
        51 ann put op1 at #2 Accepted 1/0..9/10..50               => no: EndInPast
        ",
    );
}

#[test]
fn log_time_never_goes_back() {
    check(
        "
        50 ann put op1 new Accepted 1/0..9/10..60                 => op1 v1 Accepted #1
        20 ann put op2 new Accepted 2/0..9/10..40                 => no: EndInPast
        20 ann put op2 new Accepted 2/0..9/10..50                 => op2 v1 Accepted #3
        ",
    );
}

#[test]
fn a_rejected_command_does_not_move_log_time() {
    check(
        "
        90 ann put op1 new Accepted 1/0..9/10..60                 => no: EndInPast
        20 ann put op1 new Accepted 1/0..9/10..60                 => op1 v1 Accepted #2
        ",
    );
}

#[test]
fn a_requested_ovn_is_given_if_its_suffix_was_made_about_now() {
    check(
        "
        1000 ann put op1 new Accepted 1/0..9/10..2000 gets ~699.1         => no: OvnSuffixNotCurrent
        1000 ann put op1 new Accepted 1/0..9/10..2000 gets ~1301.1        => no: OvnSuffixNotCurrent
        1000 ann put op1 new Accepted 1/0..9/10..2000 gets ~281474976.1   => no: OvnSuffixNotCurrent
        1000 ann put op1 new Accepted 1/0..9/10..2000 gets ~700.1         => op1 v1 Accepted ~700.1@op1
        1000 ann put op1 at ~700.1@op1 Accepted 1/0..9/10..2000 gets ~1300.1 => op1 v2 Accepted ~1300.1@op1
        1000 ann put op1 at ~1300.1@op1 Accepted 1/0..9/10..2000          => op1 v3 Accepted #6
        ",
    );
}

#[test]
fn a_requested_ovn_is_given_once_even_across_a_deletion() {
    check(
        "
        10 ann put op1 new Accepted 1/0..9/10..90 gets ~10.1              => op1 v1 Accepted ~10.1@op1
        10 ann put op1 at ~10.1@op1 Accepted 1/0..9/10..90 gets ~10.1     => no: OvnSuffixSpent
        10 ann put op1 at ~10.1@op1 Accepted 1/0..9/10..90                => op1 v2 Accepted #3
        10 ann put op1 at #3 Accepted 1/0..9/10..90 gets ~10.1            => no: OvnSuffixSpent
        10 ann delete op1 #3                                              => deleted op1 v2 Accepted #3
        10 ann put op1 new Accepted 1/0..9/10..90 gets ~10.1              => no: OvnSuffixSpent
        10 ann put op2 new Accepted 2/0..9/10..90 gets ~10.1              => op2 v1 Accepted ~10.1@op2
        ",
    );
}

#[test]
fn a_suffix_that_was_only_refused_is_not_spent() {
    check(
        "
        10 ann put op1 new Accepted 1/0..9/10..90                         => op1 v1 Accepted #1
        10 bob put op2 new Accepted 1/0..9/10..90 gets ~10.1              => no: MissingOvns op1
        10 bob put op2 new Accepted 1/0..9/10..90 key #1 gets ~10.1       => op2 v1 Accepted ~10.1@op2
        ",
    );
}

#[test]
fn an_intent_that_is_not_accepted_needs_a_subscription() {
    check(
        "
        0 ann put op1 new Accepted 1/0..9/10..20                  => op1 v1 Accepted #1
        0 ann put op1 at #1 Activated 1/0..9/10..20               => no: SubscriptionRequired
        0 ann put op1 at #1 Nonconforming 1/0..9/10..20           => no: SubscriptionRequired
        0 ann put op1 at #1 Contingent 1/0..9/10..20              => no: SubscriptionRequired
        0 ann put op1 at #1 Activated 1/0..9/10..20 via new s1    => op1 v2 Activated #5 via s1 tell ann:s1=1
        ",
    );
}

#[test]
fn a_named_subscription_is_the_callers_own_and_covers_every_volume() {
    check(
        "
        0 ann put s1 new 1-3/10..20 +op                                   => s1 #1 10..20 told 0
        0 ann put s2 new 1-3/10..20 +k                                    => s2 #2 10..20 told 0
        0 bob put op1 new Accepted 1/0..9/10..20 via s9                   => no: UnknownSubscription
        0 bob put op1 new Accepted 1/0..9/10..20 via s1                   => no: NotManagerOfSubscription
        0 ann put op1 new Accepted 1/0..9/10..20 via s2                   => no: SubscriptionNotForOperationalIntents
        0 ann put op1 new Accepted 1/0..9/10..21 via s1                   => no: SubscriptionDoesNotCover
        0 ann put op1 new Accepted 1/0..9/9..20 via s1                    => no: SubscriptionDoesNotCover
        0 ann put op1 new Accepted 3-4/0..9/10..20 via s1                 => no: SubscriptionDoesNotCover
        0 ann put op1 new Accepted 1/0..9/11..12 0/0..9/11..12 via s1     => no: SubscriptionDoesNotCover
        0 ann put op1 new Accepted 1/0..9/10..20 3/0..9/11..12 via s1     => op1 v1 Accepted #10 via s1 tell ann:s1=1
        ",
    );
}

#[test]
fn an_implicit_subscription_covers_exactly_its_intent_and_is_told_at_once() {
    check(
        "
        0 ann put op1 new Accepted 1/0..9/10..20 3/0..9/15..30 via new s1 => op1 v1 Accepted #1 via s1 tell ann:s1=1
        0 bob put op2 new Accepted 3/50..60/10..12                        => op2 v1 Accepted #2 tell ann:s1=2
        0 bob put op3 new Accepted 2/50..60/10..12                        => op3 v1 Accepted #3
        0 bob put op4 new Accepted 1/50..60/31..40                        => op4 v1 Accepted #4
        0 ann delete s1 #1                                                => no: HasDependents
        0 ann put s1 at #1 1,3/..  +op                                    => s1 #6 10..30 told 2 for op1 sees op1 op2
        ",
    );
}

#[test]
fn an_implicit_subscription_goes_with_the_deletion_of_its_last_intent_and_is_told_of_it() {
    check(
        "
        0 ann put op1 new Accepted 1/0..9/10..20 via new s1               => op1 v1 Accepted #1 via s1 tell ann:s1=1
        0 ann put op2 new Accepted 1/0..9/10..20 key #1 via s1            => op2 v1 Accepted #2 via s1 tell ann:s1=2
        0 ann delete op1 #1                                               => deleted op1 v1 Accepted #1 via s1 tell ann:s1=3
        0 bob put op3 new Accepted 1/50..60/10..12                        => op3 v1 Accepted #4 tell ann:s1=4
        0 ann delete op2 #2                                               => deleted op2 v1 Accepted #2 via s1 tell ann:s1=5
        0 bob put op3 at #4 Accepted 1/50..60/10..12                      => op3 v2 Accepted #6
        0 ann delete s1 #1                                                => no: DeleteOfUnknown
        ",
    );
}

#[test]
fn an_implicit_subscription_goes_when_its_intent_takes_another_or_none() {
    check(
        "
        0 ann put s5 new 1/10..20 +op                                     => s5 #1 10..20 told 0
        0 ann put op1 new Accepted 1/0..9/10..20 via new s1               => op1 v1 Accepted #2 via s1 tell ann:s1=1,s5=1
        0 ann put op1 at #2 Accepted 1/0..9/10..20 via new s2             => op1 v2 Accepted #3 via s2 tell ann:s2=1,s5=2
        0 ann delete s1 #2                                                => no: DeleteOfUnknown
        0 ann put op1 at #3 Accepted 1/0..9/10..20 via s5                 => op1 v3 Accepted #5 via s5 tell ann:s5=3
        0 ann delete s2 #3                                                => no: DeleteOfUnknown
        0 ann put op1 at #5 Accepted 1/0..9/10..20 via new s3             => op1 v4 Accepted #7 via s3 tell ann:s3=1,s5=4
        0 ann put op1 at #7 Accepted 1/0..9/10..20                        => op1 v5 Accepted #8 tell ann:s5=5
        0 ann delete s3 #7                                                => no: DeleteOfUnknown
        0 ann delete s5 #1                                                => deleted s5 #1 10..20 told 5
        ",
    );
}

#[test]
fn an_implicit_subscription_grows_for_an_intent_that_names_it() {
    check(
        "
        0 ann put op1 new Accepted 1/0..9/10..20 via new s1               => op1 v1 Accepted #1 via s1 tell ann:s1=1
        0 ann put op1 at #1 Accepted 1-2/0..9/5..30 via s1                => op1 v2 Accepted #2 via s1 tell ann:s1=2
        0 ann put op2 new Accepted 4/0..9/40..50 via s1                   => op2 v1 Accepted #3 via s1 tell ann:s1=3
        0 bob put op3 new Accepted 4/50..60/1..6                          => op3 v1 Accepted #4 tell ann:s1=4
        0 ann put s1 at #3 1-2,4/.. +op                                   => s1 #5 5..50 told 4 for op1 op2 sees op1 op2 op3
        ",
    );
}

#[test]
fn a_subscription_that_its_owner_writes_is_explicit_from_then_on() {
    check(
        "
        0 ann put op1 new Accepted 1/0..9/10..20 via new s1               => op1 v1 Accepted #1 via s1 tell ann:s1=1
        0 ann put s1 at #1 1/.. +op                                       => s1 #2 10..20 told 1 for op1 sees op1
        0 ann delete op1 #1                                               => deleted op1 v1 Accepted #1 via s1 tell ann:s1=2
        0 ann delete s1 #2                                                => deleted s1 #2 10..20 told 2
        ",
    );
}

#[test]
fn the_id_of_an_implicit_subscription_must_be_new() {
    check(
        "
        0 ann put s1 new 1/10..20 +op                                     => s1 #1 10..20 told 0
        0 ann put op1 new Accepted 1/0..9/10..20 via new s1               => no: FreshIdTaken
        ",
    );
}

#[test]
fn what_needs_only_the_request_is_said_first() {
    check(
        "
        50 ann put op1 new Accepted 1/0..9/10..90                             => op1 v1 Accepted #1
        50 bob put op1 new Activated 1/0..9/10..20 gets ~999.1                => no: EndInPast
        50 bob put op1 new Activated 1/0..9/10..90 gets ~999.1                => no: FirstStateNotAccepted
        50 bob put op1 at ? Activated 1/0..9/10..90 gets ~999.1               => no: OvnSuffixNotCurrent
        50 bob put op1 at ? Activated 1/0..9/10..90                           => no: SubscriptionRequired
        50 bob put op1 at ? Activated 1/0..9/10..90 via s9                    => no: NotManager
        50 ann put op1 at ? Activated 1/0..9/10..90 via s9                    => no: OvnMismatch
        50 ann put op1 at #1 Activated 1/0..9/10..90 via s9                   => no: UnknownSubscription
        ",
    );
}
