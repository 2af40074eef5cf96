//! Subscriptions: times, versions, ownership, dependents, and what they are told.

use crate::script::check;

#[test]
fn a_subscription_is_created_updated_and_deleted_with_its_version() {
    check(
        "
        0 ann put s1 new 1/10..20 +op         => s1 #1 10..20 told 0
        0 ann put s1 new 1/10..20 +op         => no: AlreadyExists
        0 ann put s1 at ? 1/10..20 +op        => no: VersionMismatch
        0 ann put s1 at #9 1/10..20 +op       => no: VersionMismatch
        0 ann put s1 at #1 1/10..30 +op       => s1 #5 10..30 told 0
        0 ann put s2 at #1 1/10..30 +op       => no: UpdateOfUnknown
        0 ann delete s1 #1                    => no: VersionMismatch
        0 ann delete s1 ?                     => no: VersionMismatch
        0 ann delete s1 #5                    => deleted s1 #5 10..30 told 0
        0 ann delete s1 #5                    => no: DeleteOfUnknown
        ",
    );
}

#[test]
fn an_update_compares_the_version_before_the_owner_a_deletion_the_owner_first() {
    check(
        "
        0 ann put s1 new 1/10..20 +op         => s1 #1 10..20 told 0
        0 bob put s1 at #9 1/10..20 +op       => no: VersionMismatch
        0 bob put s1 at #1 1/10..20 +op       => no: NotManager
        0 bob delete s1 #9                    => no: NotManager
        ",
    );
}

#[test]
fn a_subscription_is_about_something() {
    check("0 ann put s1 new 1/10..20 => no: NothingToNotify");
}

#[test]
fn missing_times_are_filled_in() {
    check(
        "
        1000 ann put s1 new 1/.. +op          => s1 #1 1000..87400 told 0
        1000 ann put s2 new 1/2000.. +op      => s2 #2 2000..88400 told 0
        1000 ann put s3 new 1/..5000 +op      => s3 #3 1000..5000 told 0
        2000 ann put s1 at #1 1/.. +op        => s1 #4 1000..87400 told 0
        2000 ann put s1 at #4 1/..3000 +op    => s1 #5 1000..3000 told 0
        2000 ann put s1 at #5 1/2500.. +op    => s1 #6 2500..3000 told 0
        ",
    );
}

#[test]
fn a_subscription_starts_about_now_or_later_and_lasts_a_day_at_most() {
    check(
        "
        1000 ann put s1 new 1/699..2000 +op   => no: StartInPast
        1000 ann put s1 new 1/700..2000 +op   => s1 #2 700..2000 told 0
        1000 ann put s2 new 1/1000..87401 +op => no: SubscriptionTooLong
        1000 ann put s2 new 1/1000..87400 +op => s2 #4 1000..87400 told 0
        1000 ann put s3 new 1/2000..2000 +op  => no: SpanNotAscending
        1000 ann put s3 new 1/2000..1999 +op  => no: SpanNotAscending
        1000 ann put s3 new 1/900..999 +op    => no: EndInPast
        3000 ann put s1 at #2 1/..87100 +op   => s1 #8 700..87100 told 0
        3000 ann put s1 at #8 1/..87101 +op   => no: SubscriptionTooLong
        ",
    );
}

#[test]
fn an_answer_carries_what_the_subscription_is_about_without_regard_to_altitude() {
    check(
        "
        0 ann put op2 new Accepted 1/0..9/10..20        => op2 v1 Accepted #1
        0 ann put op1 new Accepted 1/500..600/20..30    => op1 v1 Accepted #2
        0 ann put op3 new Accepted 1/0..9/30..40        => op3 v1 Accepted #3
        0 law put k1 new 1/../15..16                    => k1 v1 #4
        0 ann put s1 new 1/10..20 +op                   => s1 #5 10..20 told 0 sees op1 op2
        0 ann put s2 new 1/10..20 +k                    => s2 #6 10..20 told 0 sees k1
        0 bob put s3 new 1/10..20 +op +k                => s3 #7 10..20 told 0 sees op1 op2 k1
        ",
    );
}

#[test]
fn a_change_is_told_where_the_intent_was_and_where_it_is() {
    check(
        "
        0 ann put s1 new 1/10..20 +op                   => s1 #1 10..20 told 0
        0 bob put s2 new 2/10..20 +op                   => s2 #2 10..20 told 0
        0 cyd put s3 new 1/21..30 +op                   => s3 #3 21..30 told 0
        0 ann put op1 new Accepted 1/0..9/10..20        => op1 v1 Accepted #4 tell ann:s1=1
        0 ann put op1 at #4 Accepted 2/0..9/10..20      => op1 v2 Accepted #5 tell ann:s1=2 bob:s2=1
        0 ann put op1 at #5 Accepted 2/0..9/10..20      => op1 v3 Accepted #6 tell bob:s2=2
        0 ann delete op1 #6                             => deleted op1 v3 Accepted #6 tell bob:s2=3
        ",
    );
}

#[test]
fn subscribers_are_grouped_by_address() {
    check(
        "
        0 ann put s3 new 1/10..20 url x +op             => s3 #1 10..20 told 0
        0 bob put s2 new 1/10..20 url y +op             => s2 #2 10..20 told 0
        0 cyd put s1 new 1/10..20 url x +op             => s1 #3 10..20 told 0
        0 ann put op1 new Accepted 1/0..9/10..20        => op1 v1 Accepted #4 tell x:s1=1,s3=1 y:s2=1
        ",
    );
}

#[test]
fn a_subscription_that_has_ended_is_told_nothing() {
    check(
        "
         0 ann put s1 new 1/10..20 +op                  => s1 #1 10..20 told 0
         0 ann put op1 new Accepted 1/0..9/10..20       => op1 v1 Accepted #2 tell ann:s1=1
        21 ann put op1 at #2 Accepted 1/0..9/10..30     => op1 v2 Accepted #3
        21 ann put s1 at #1 1/..40 +op                  => s1 #4 10..40 told 1 sees op1
        21 ann put op1 at #3 Accepted 1/0..9/10..30     => op1 v3 Accepted #5 tell ann:s1=2
        ",
    );
}

#[test]
fn an_update_keeps_the_notification_index_and_a_notification_keeps_the_version() {
    check(
        "
        0 ann put s1 new 1/10..20 +op                   => s1 #1 10..20 told 0
        0 ann put op1 new Accepted 1/0..9/10..20        => op1 v1 Accepted #2 tell ann:s1=1
        0 ann put s1 at #1 1/10..20 +op                 => s1 #3 10..20 told 1 sees op1
        0 ann put op1 at #2 Accepted 1/0..9/10..20      => op1 v2 Accepted #4 tell ann:s1=2
        0 ann delete s1 #3                              => deleted s1 #3 10..20 told 2
        ",
    );
}

#[test]
fn a_subscription_keeps_covering_what_depends_on_it() {
    check(
        "
        0 ann put s1 new 1-3/10..20 +op +k                  => s1 #1 10..20 told 0
        0 ann put op2 new Accepted 3/0..9/14..16 via s1     => op2 v1 Accepted #2 via s1 tell ann:s1=1
        0 ann put op1 new Accepted 1/0..9/12..19 via s1     => op1 v1 Accepted #3 via s1 tell ann:s1=2
        0 ann put s1 at #1 1-3/10..18 +op                   => no: DependentsNotCovered op1
        0 ann put s1 at #1 1-2/10..20 +op                   => no: DependentsNotCovered op2
        0 ann put s1 at #1 1-3/10..20 +k                    => no: DependentsNotCovered op1
        0 ann put s1 at #1 1,3/12..19 +op                   => s1 #7 12..19 told 2 for op1 op2 sees op1 op2
        0 ann put s1 at #7 1-9/5..50 +op                    => s1 #8 5..50 told 2 for op1 op2 sees op1 op2
        0 ann delete s1 #8                                  => no: HasDependents
        0 ann delete op1 #3                                 => deleted op1 v1 Accepted #3 via s1 tell ann:s1=3
        0 ann put s1 at #8 3/14..16 +op                     => s1 #11 14..16 told 3 for op2 sees op2
        ",
    );
}

#[test]
fn the_start_of_a_renewed_subscription_is_compared_with_a_tolerance() {
    check(
        "
        1000 ann put s1 new 1/1000..9000 +op                => s1 #1 1000..9000 told 0
        1000 ann put op1 new Accepted 1/0..9/1000..9000 via s1 => op1 v1 Accepted #2 via s1 tell ann:s1=1
        2000 ann put s1 at #1 1/2301..9000 +op              => no: DependentsNotCovered op1
        2000 ann put s1 at #1 1/2300..9000 +op              => s1 #4 2300..9000 told 1 for op1 sees op1
        ",
    );
}

#[test]
fn volumes_that_are_over_need_not_be_covered_any_more() {
    check(
        "
         0 ann put s1 new 1-2/10..40 +op                              => s1 #1 10..40 told 0
         0 ann put op1 new Accepted 1/0..9/10..20 2/0..9/20..40 via s1 => op1 v1 Accepted #2 via s1 tell ann:s1=1
        20 ann put s1 at #1 2/10..40 +op                              => no: DependentsNotCovered op1
        21 ann put s1 at #1 2/10..40 +op                              => s1 #4 10..40 told 1 for op1 sees op1
        ",
    );
}
