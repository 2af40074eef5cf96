//! The key check: who has to know what.

use crate::script::check;

#[test]
fn an_intent_that_shares_cell_altitude_and_time_must_be_known() {
    check(
        "
        0 ann put op1 new Accepted 1-2/100..200/10..20           => op1 v1 Accepted #1
        0 bob put op2 new Accepted 2-3/150..250/15..25           => no: MissingOvns op1
        0 bob put op2 new Accepted 2-3/150..250/15..25 key #1    => op2 v1 Accepted #3
        ",
    );
}

#[test]
fn an_intent_in_another_cell_need_not_be_known() {
    check(
        "
        0 ann put op1 new Accepted 1-2/100..200/10..20           => op1 v1 Accepted #1
        0 bob put op2 new Accepted 3-4/100..200/10..20           => op2 v1 Accepted #2
        ",
    );
}

#[test]
fn an_intent_at_another_altitude_need_not_be_known() {
    check(
        "
        0 ann put op1 new Accepted 1/100..200/10..20             => op1 v1 Accepted #1
        0 bob put op2 new Accepted 1/201..300/10..20             => op2 v1 Accepted #2
        0 bob put op3 new Accepted 1/0..99/10..20                => op3 v1 Accepted #3
        ",
    );
}

#[test]
fn an_intent_at_another_time_need_not_be_known() {
    check(
        "
        0 ann put op1 new Accepted 1/100..200/10..20             => op1 v1 Accepted #1
        0 bob put op2 new Accepted 1/100..200/21..30             => op2 v1 Accepted #2
        0 bob put op3 new Accepted 1/100..200/0..9               => op3 v1 Accepted #3
        ",
    );
}

#[test]
fn touching_counts() {
    check(
        "
        0 ann put op1 new Accepted 1/100..200/10..20             => op1 v1 Accepted #1
        0 bob put op2 new Accepted 1/200..300/10..20             => no: MissingOvns op1
        0 bob put op2 new Accepted 1/100..200/20..30             => no: MissingOvns op1
        ",
    );
}

#[test]
fn volumes_are_compared_one_by_one() {
    // The hull of the first intent holds the second in every dimension; none of its volumes does.
    check(
        "
        0 ann put op1 new Accepted 1/0..100/10..20 3/500..600/30..40   => op1 v1 Accepted #1
        0 bob put op2 new Accepted 1/0..100/30..40                     => op2 v1 Accepted #2
        0 bob put op3 new Accepted 1/500..600/10..20                   => op3 v1 Accepted #3
        0 bob put op4 new Accepted 3/0..100/30..40                     => op4 v1 Accepted #4
        0 bob put op5 new Accepted 2/0..600/10..40                     => op5 v1 Accepted #5
        0 bob put op6 new Accepted 7/0..9/0..9 3/600..700/40..50       => no: MissingOvns op1
        ",
    );
}

#[test]
fn everything_missing_is_listed_and_own_ovns_are_shown() {
    check(
        "
        0 ann put op3 new Accepted 1/0..100/10..20                     => op3 v1 Accepted #1
        0 bob put op2 new Accepted 1/0..100/10..20 key #1              => op2 v1 Accepted #2
        0 ann put op4 new Accepted 1/0..100/10..20 key #1 #2           => op4 v1 Accepted #3
        0 ann put op1 new Accepted 1/0..100/10..20 key #2              => no: MissingOvns op3 #1 op4 #3
        0 ann put op1 new Accepted 1/0..100/10..20                     => no: MissingOvns op2 op3 #1 op4 #3
        ",
    );
}

#[test]
fn an_old_ovn_proves_nothing_and_a_superfluous_one_does_no_harm() {
    check(
        "
        0 ann put op1 new Accepted 1/0..100/10..20                     => op1 v1 Accepted #1
        0 ann put op1 at #1 Accepted 1/0..100/10..21                   => op1 v2 Accepted #2
        0 bob put op2 new Accepted 1/0..100/10..20 key #1              => no: MissingOvns op1
        0 bob put op2 new Accepted 1/0..100/10..20 key #1 #2 #77       => op2 v1 Accepted #4
        ",
    );
}

#[test]
fn the_ovn_of_another_intent_with_the_same_suffix_proves_nothing() {
    check(
        "
        9 ann put op1 new Accepted 1/0..100/10..20 gets ~9.1           => op1 v1 Accepted ~9.1@op1
        9 bob put op2 new Accepted 1/0..100/10..20 key ~9.1@op2        => no: MissingOvns op1
        9 bob put op2 new Accepted 1/0..100/10..20 key ~9.1@op1        => op2 v1 Accepted #3
        ",
    );
}

#[test]
fn an_intent_need_not_know_itself_but_other_intents_of_its_manager() {
    check(
        "
        0 ann put op1 new Accepted 1/0..100/10..20                     => op1 v1 Accepted #1
        0 ann put op1 at #1 Accepted 1/0..100/10..21                   => op1 v2 Accepted #2
        0 ann put op2 new Accepted 1/0..100/10..20                     => no: MissingOvns op1 #2
        ",
    );
}

#[test]
fn activation_and_return_to_conformance_need_a_key() {
    check(
        "
        0 ann put op1 new Accepted 1/0..100/10..20                        => op1 v1 Accepted #1
        0 bob put op2 new Accepted 1/0..100/10..20 key #1 via new s1      => op2 v1 Accepted #2 via s1 tell bob:s1=1
        0 bob put op2 at #2 Activated 1/0..100/10..20 via s1              => no: MissingOvns op1
        0 bob put op2 at #2 Nonconforming 1/0..100/10..20 via s1          => op2 v2 Nonconforming #4 via s1 tell bob:s1=2
        0 bob put op2 at #4 Activated 1/0..100/10..20 via s1              => no: MissingOvns op1
        0 bob put op2 at #4 Activated 1/0..100/10..20 key #1 via s1       => op2 v3 Activated #6 via s1 tell bob:s1=3
        0 bob put op2 at #6 Contingent 1/0..100/10..20 via s1             => op2 v4 Contingent #7 via s1 tell bob:s1=4
        0 bob put op2 at #7 Contingent 1/0..100/10..25 via s1             => op2 v5 Contingent #8 via s1 tell bob:s1=5
        ",
    );
}

#[test]
fn plans_of_a_uss_that_is_down_need_not_be_known_its_flights_must() {
    check(
        "
        0 ann put op1 new Accepted 1/0..100/10..20                        => op1 v1 Accepted #1
        0 ann put op2 new Accepted 1/0..100/10..20 key #1 via new s1      => op2 v1 Accepted #2 via s1 tell ann:s1=1
        0 ann put op2 at #2 Activated 1/0..100/10..20 key #1 via s1       => op2 v2 Activated #3 via s1 tell ann:s1=2
        0 arb set ann new Down                                            => ann Down #4
        0 bob put op3 new Accepted 1/0..100/10..20                        => no: MissingOvns op2
        0 bob put op3 new Accepted 1/0..100/10..20 key #3                 => op3 v1 Accepted #6 tell ann:s1=3
        0 arb set ann at #4 Unknown                                       => ann Unknown #7
        0 bob put op4 new Accepted 1/0..100/10..20 key #3 #6              => no: MissingOvns op1
        ",
    );
}

#[test]
fn constraints_must_be_known_if_the_subscription_is_about_them() {
    check(
        "
        0 law put k1 new 1/0..100/10..20                                  => k1 v1 #1
        0 law put k2 new 1/200../10..20                                   => k2 v1 #2
        0 ann put op1 new Accepted 1/50..60/10..20                        => op1 v1 Accepted #3
        0 ann put op1 at #3 Accepted 1/50..60/10..20 via new s1           => op1 v2 Accepted #4 via s1 tell ann:s1=1
        0 ann put op1 at #4 Accepted 1/50..60/10..20 via new s2 +k        => no: MissingOvns k1
        0 ann put op1 at #4 Accepted 1/50..60/10..20 key #1 via new s2 +k => op1 v3 Accepted #6 via s2 tell ann:s2=1
        0 ann put op1 at #6 Accepted 1/50..250/10..20 key #1 via s2       => no: MissingOvns k2
        0 law put op9 new Accepted 1/0..300/10..20                        => no: MissingOvns op1
        0 law put k1 at #1 1/0..100/10..20                                => k1 v2 #9 tell ann:s2=2
        0 ann put op1 at #6 Activated 1/50..60/10..20 key #1 via s2       => no: MissingOvns k1
        0 ann put op1 at #6 Activated 1/50..60/10..20 key #9 via s2       => op1 v4 Activated #11 via s2 tell ann:s2=3
        ",
    );
}

#[test]
fn a_rejected_write_creates_no_subscription() {
    check(
        "
        0 ann put op1 new Accepted 1/0..100/10..20                        => op1 v1 Accepted #1
        0 bob put op2 new Accepted 1/0..100/10..20 via new s1             => no: MissingOvns op1
        0 bob delete s1 ?                                                 => no: DeleteOfUnknown
        ",
    );
}

#[test]
fn intents_that_have_ended_count_where_a_volume_reaches_back_to_them() {
    check(
        "
         0 ann put op1 new Accepted 1/0..100/10..20                       => op1 v1 Accepted #1
        30 bob put op2 new Accepted 1/0..100/15..40                       => no: MissingOvns op1
        30 bob put op2 new Accepted 1/0..100/30..40                       => op2 v1 Accepted #3
        ",
    );
}
