//! Expiry: what goes, when, and in which order.

use crate::script::check;

#[test]
fn nothing_goes_before_its_retention_is_over() {
    check(
        "
          0 ann put op1 new Accepted 1/0..9/10..20              => op1 v1 Accepted #1
          0 law put k1 new 1/../10..20                          => k1 v1 #2
          0 ann put s1 new 1/10..20 +op                         => s1 #3 10..20 told 0 sees op1
         20 ann report r1                                       => r1
        120 ann expire 100                                      => expired
        121 ann expire 100                                      => expired op1 k1 s1 r1
        121 ann expire 100                                      => expired
        ",
    );
}

#[test]
fn what_ended_first_goes_first_and_the_limit_holds() {
    check(
        "
          0 ann put op1 new Accepted 1/0..9/10..30              => op1 v1 Accepted #1
          0 ann put op2 new Accepted 2/0..9/10..20              => op2 v1 Accepted #2
          0 ann put op3 new Accepted 3/0..9/10..20              => op3 v1 Accepted #3
          0 law put k1 new 1/../10..12                          => k1 v1 #4
        100 ann expire 10 limit 2                               => expired op2 op3 more
        100 ann expire 10 limit 0                               => expired more
        100 ann expire 10 limit 2                               => expired op1 k1
        ",
    );
}

#[test]
fn the_limit_counts_cells_so_that_no_command_takes_long() {
    check(
        "
          0 ann put op1 new Accepted 1,2,3,4,5/0..9/10..20      => op1 v1 Accepted #1
          0 ann put op2 new Accepted 1,2,3/10..19/10..21        => op2 v1 Accepted #2
          0 ann put op3 new Accepted 6/0..9/10..22              => op3 v1 Accepted #3
          0 ann put op4 new Accepted 7/0..9/10..23              => op4 v1 Accepted #4
        100 ann expire 10 limit 4                               => expired op1 more
        100 ann expire 10 limit 4                               => expired op2 op3 more
        100 ann expire 10 limit 4                               => expired op4
        ",
    );
}

#[test]
fn an_implicit_subscription_goes_with_its_last_intent() {
    check(
        "
          0 ann put op1 new Accepted 1/0..9/10..20 via new s1   => op1 v1 Accepted #1 via s1 tell ann:s1=1
          0 ann put op2 new Accepted 2/0..9/10..30 via s1       => op2 v1 Accepted #2 via s1 tell ann:s1=2
        125 ann expire 100                                      => expired op1
        131 ann expire 100                                      => expired op2 s1
        ",
    );
}

#[test]
fn an_explicit_subscription_outlives_its_intents() {
    check(
        "
          0 ann put s1 new 1/10..200 +op                        => s1 #1 10..200 told 0
          0 ann put op1 new Accepted 1/0..9/10..20 via s1       => op1 v1 Accepted #2 via s1 tell ann:s1=1
        121 ann expire 100                                      => expired op1
        121 ann put s1 at #1 1/.. +op                           => s1 #4 10..200 told 1
        301 ann expire 100                                      => expired s1
        ",
    );
}

#[test]
fn expired_intents_are_no_longer_in_the_way_and_their_ids_are_free() {
    check(
        "
          0 ann put op1 new Accepted 1/0..9/10..20              => op1 v1 Accepted #1
        100 bob put op2 new Accepted 1/0..9/15..200             => no: MissingOvns op1
        100 ann expire 10                                       => expired op1
        100 bob put op2 new Accepted 1/0..9/15..200             => op2 v1 Accepted #4
        100 ann put op1 at #1 Accepted 2/0..9/15..200           => no: UpdateOfUnknown
        100 ann put op1 new Accepted 2/0..9/15..200             => op1 v1 Accepted #6
        ",
    );
}

#[test]
fn a_step_of_the_clock_erases_nothing_that_the_retention_protects() {
    // Two hours forward, and back again: the retention of 7 days (604,800 s) absorbs it.
    check(
        "
        10000 ann put op1 new Accepted 1/0..9/10000..10900      => op1 v1 Accepted #1
        17200 ann expire 604800                                 => expired
        10000 ann put op1 at #1 Accepted 1/0..9/10000..20000    => op1 v2 Accepted #3
        ",
    );
}

#[test]
fn spent_suffixes_are_forgotten_when_they_cannot_come_back() {
    check(
        "
         10 ann put op1 new Accepted 1/0..9/10..900 gets ~10.1      => op1 v1 Accepted ~10.1@op1
        310 ann put op1 at ~10.1@op1 Accepted 1/0..9/10..900        => op1 v2 Accepted #2
        310 ann expire 0                                            => expired
        310 ann put op1 at #2 Accepted 1/0..9/10..900 gets ~10.1    => no: OvnSuffixSpent
        311 ann expire 0                                            => expired
        311 ann put op1 at #2 Accepted 1/0..9/10..900 gets ~10.1    => no: OvnSuffixNotCurrent
        ",
    );
}

#[test]
fn areas_and_subscriptions_of_f3411_go_like_everything_else() {
    check(
        "
          0 sp put area1 new 1/10..20                           => area1 #1 10..20
          0 sp put area2 new 2/10..30                           => area2 #2 10..30
          0 dp put rs1 new 1/10..20                             => rs1 #3 10..20 told 0 sees area1
          0 ann report r1                                       => r1
        100 ann expire 100                                      => expired
        120 ann expire 100                                      => expired r1
        121 ann expire 100 limit 1                              => expired area1 more
        121 ann expire 100                                      => expired rs1
        121 sp put area1 at #1 1/..200                          => no: UpdateOfUnknown
        121 sp put area1 new 1/..200                            => area1 #10 121..200
        ",
    );
}
