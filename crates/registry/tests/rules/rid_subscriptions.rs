//! Subscriptions of F3411: times, versions, ownership, how many there may be, and what an answer carries.

use crate::script::check;
use std::fmt::Write as _;

#[test]
fn a_subscription_is_created_updated_and_deleted_with_its_version() {
    check(
        "
        0 dp put rs1 new 1/10..20             => rs1 #1 10..20 told 0
        0 dp put rs1 new 1/10..20             => no: AlreadyExists
        0 dp put rs1 at ? 1/10..20            => no: VersionMismatch
        0 dp put rs1 at #9 1/10..20           => no: VersionMismatch
        0 dp put rs1 at #1 1/10..30           => rs1 #5 10..30 told 0
        0 dp put rs2 at #1 1/10..30           => no: UpdateOfUnknown
        0 dp delete rs1 #1                    => no: VersionMismatch
        0 dp delete rs1 #5                    => deleted rs1 #5 10..30 told 0
        0 dp delete rs1 #5                    => no: DeleteOfUnknown
        ",
    );
}

#[test]
fn the_version_is_compared_before_the_owner() {
    check(
        "
        0 dp put rs1 new 1/10..20             => rs1 #1 10..20 told 0
        0 eve put rs1 at #9 1/10..20          => no: VersionMismatch
        0 eve put rs1 at #1 1/10..20          => no: NotManager
        0 eve delete rs1 #9                   => no: VersionMismatch
        0 eve delete rs1 #1                   => no: NotManager
        ",
    );
}

#[test]
fn missing_times_are_filled_in_and_a_day_is_the_longest() {
    check(
        "
        1000 dp put rs1 new 1/..              => rs1 #1 1000..87400 told 0
        1000 dp put rs2 new 1/2000..          => rs2 #2 2000..88400 told 0
        1000 dp put rs3 new 1/..5000          => rs3 #3 1000..5000 told 0
        1000 dp put rs4 new 1/699..           => no: StartInPast
        1000 dp put rs4 new 1/700..           => rs4 #5 700..87100 told 0
        1000 dp put rs5 new 1/1000..87401     => no: SubscriptionTooLong
        1000 dp put rs5 new 1/2000..2000      => no: SpanNotAscending
        1000 dp put rs5 new 1/900..999        => no: EndInPast
        2000 dp put rs1 at #1 1/..            => rs1 #9 1000..87400 told 0
        2000 dp put rs1 at #9 1/..87401       => no: SubscriptionTooLong
        2000 dp put rs1 at #9 1/..3000        => rs1 #11 1000..3000 told 0
        ",
    );
}

#[test]
fn an_answer_carries_the_areas_there_that_have_not_ended() {
    check(
        "
         0 sp put area2 new 1/500..600        => area2 #1 500..600
         0 sp put area1 new 1-2/10..20        => area1 #2 10..20
         0 sp put area3 new 2/10..20          => area3 #3 10..20
        20 dp put rs1 new 1/..40              => rs1 #4 20..40 told 0 sees area1 area2
        21 dp put rs1 at #4 1/..40            => rs1 #5 20..40 told 0 sees area2
        ",
    );
}

#[test]
fn an_update_begins_to_count_anew_and_a_notification_keeps_the_version() {
    check(
        "
        0 dp put rs1 new 1/10..20             => rs1 #1 10..20 told 0
        0 sp put area1 new 1/10..20           => area1 #2 10..20 tell dp:rs1=1
        0 sp put area1 at #2 1/10..20         => area1 #3 10..20 tell dp:rs1=2
        0 dp put rs1 at #1 1/10..20           => rs1 #4 10..20 told 0 sees area1
        0 sp put area1 at #3 1/10..20         => area1 #5 10..20 tell dp:rs1=1
        0 dp delete rs1 #4                    => deleted rs1 #4 10..20 told 1
        ",
    );
}

/// `count` lines in which `dp` makes as many subscriptions in `place`, from `rs1` on.
fn ten(place: &str) -> String {
    (1..=10).fold(String::new(), |mut lines, number| {
        writeln!(lines, "0 dp put rs{number} new {place} => rs{number} #{number} 0..20 told 0").unwrap();
        lines
    })
}

#[test]
fn one_owner_has_ten_live_subscriptions_in_a_cell_at_most() {
    check(
        &(ten("1-2/0..20")
            + "
             0 dp put rs11 new 2-3/0..20      => no: TooManySubscriptions
             0 dp put rs11 new 3/0..20        => rs11 #12 0..20 told 0
             0 bob put rs12 new 2-3/0..20     => rs12 #13 0..20 told 0
             0 dp delete rs4 #4               => deleted rs4 #4 0..20 told 0
             0 dp put rs13 new 2-3/0..20      => rs13 #15 0..20 told 0
             0 dp put rs14 new 2/0..20        => no: TooManySubscriptions
            20 dp put rs14 new 2/..30         => no: TooManySubscriptions
            21 dp put rs14 new 2/..30         => rs14 #18 21..30 told 0
            "),
    );
}

#[test]
fn an_update_counts_the_subscription_itself() {
    check(
        &(ten("1/0..20")
            + "
             0 dp put rs1 at #1 1/0..20       => no: TooManySubscriptions
             0 dp put rs1 at #1 2/0..20       => rs1 #12 0..20 told 0
             0 dp put rs2 at #2 1/0..20       => rs2 #13 0..20 told 0
            "),
    );
}

#[test]
fn subscriptions_that_begin_later_count_too() {
    check(
        &(ten("1/0..20").replace("0..20", "15..20")
            + "
             0 dp put rs11 new 1/0..5         => no: TooManySubscriptions
            "),
    );
}

#[test]
fn the_limit_is_asked_last() {
    check(
        &(ten("1/0..20")
            + "
             0 dp put rs11 new 1/5..5         => no: SpanNotAscending
             0 dp put rs1 new 1/0..20         => no: AlreadyExists
             0 eve put rs1 at #1 1/0..20      => no: NotManager
             0 dp put rs1 at #2 1/0..20       => no: VersionMismatch
            "),
    );
}
