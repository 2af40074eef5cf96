//! Identification service areas: times, versions, ownership, and whom a change is told.

use crate::script::check;

#[test]
fn an_area_is_created_updated_and_deleted_with_its_version() {
    check(
        "
        0 sp put area1 new 1/10..20           => area1 #1 10..20
        0 sp put area1 new 1/10..20           => no: AlreadyExists
        0 sp put area1 at ? 1/10..20          => no: VersionMismatch
        0 sp put area1 at #9 1/10..20         => no: VersionMismatch
        0 sp put area1 at #1 1/10..30         => area1 #5 10..30
        0 sp put area2 at #1 1/10..30         => no: UpdateOfUnknown
        0 sp delete area1 #1                  => no: VersionMismatch
        0 sp delete area2 #5                  => no: DeleteOfUnknown
        0 sp delete area1 #5                  => deleted area1 #5 10..30
        0 sp delete area1 #5                  => no: DeleteOfUnknown
        0 sp put area1 new 1/10..20           => area1 #11 10..20
        0 sp delete area1 #5                  => no: VersionMismatch
        ",
    );
}

#[test]
fn an_update_compares_the_owner_before_the_version_a_deletion_the_version_first() {
    check(
        "
        0 sp put area1 new 1/10..20           => area1 #1 10..20
        0 eve put area1 at #9 1/10..20        => no: NotManager
        0 eve put area1 at #1 1/10..20        => no: NotManager
        0 eve put area1 new 1/10..20          => no: AlreadyExists
        0 eve delete area1 #9                 => no: VersionMismatch
        0 eve delete area1 #1                 => no: NotManager
        ",
    );
}

#[test]
fn what_is_there_is_asked_before_the_times() {
    check(
        "
        1000 sp put area1 new 1/1000..2000    => area1 #1 1000..2000
        1000 sp put area1 new 1/1..2          => no: AlreadyExists
        1000 sp put area2 at #1 1/1..2        => no: UpdateOfUnknown
        1000 sp put area1 at #9 1/1..2        => no: VersionMismatch
        1000 eve put area1 at #1 1/1..2       => no: NotManager
        ",
    );
}

#[test]
fn an_area_has_an_end_and_starts_about_now_or_later() {
    check(
        "
        1000 sp put area1 new 1/..            => no: EndRequired
        1000 sp put area1 new 1/2000..        => no: EndRequired
        1000 sp put area1 new 1/699..         => no: StartInPast
        1000 sp put area1 new 1/699..2000     => no: StartInPast
        1000 sp put area1 new 1/700..2000     => area1 #5 700..2000
        1000 sp put area2 new 1/..2000        => area2 #6 1000..2000
        1000 sp put area3 new 1/2000..2000    => no: SpanNotAscending
        1000 sp put area3 new 1/2000..1999    => no: SpanNotAscending
        1000 sp put area3 new 1/900..999      => no: EndInPast
        1000 sp put area3 new 1/900..1000     => area3 #10 900..1000
        1000 sp put area4 new 1/..900000000   => area4 #11 1000..900000000
        ",
    );
}

#[test]
fn an_update_keeps_the_times_that_are_not_given() {
    check(
        "
        1000 sp put area1 new 1/1000..5000    => area1 #1 1000..5000
        2000 sp put area1 at #1 2/..          => area1 #2 1000..5000
        2000 sp put area1 at #2 2/..6000      => area1 #3 1000..6000
        2000 sp put area1 at #3 2/1699..      => no: StartInPast
        2000 sp put area1 at #3 2/1700..      => area1 #5 1700..6000
        7000 sp put area1 at #5 2/..          => no: EndInPast
        ",
    );
}

#[test]
fn a_change_is_told_where_the_area_was_and_where_it_is() {
    check(
        "
        0 dp put rs1 new 1/0..100             => rs1 #1 0..100 told 0
        0 dp put rs2 new 2-3/0..100           => rs2 #2 0..100 told 0
        0 sp put area1 new 1/10..20           => area1 #3 10..20 tell dp:rs1=1
        0 sp put area1 at #3 2/10..20         => area1 #4 10..20 tell dp:rs1=2,rs2=1
        0 sp put area1 at #4 3-4/10..20       => area1 #5 10..20 tell dp:rs2=2
        0 sp put area2 new 4/10..20           => area2 #6 10..20
        0 sp delete area1 #5                  => deleted area1 #5 10..20 tell dp:rs2=3
        ",
    );
}

#[test]
fn every_live_subscription_there_is_told_whenever_the_area_is() {
    check(
        "
         0 dp put rs1 new 1/0..20             => rs1 #1 0..20 told 0
         0 dp put rs2 new 1/50..60            => rs2 #2 50..60 told 0
        20 sp put area1 new 1/1000..2000      => area1 #3 1000..2000 tell dp:rs1=1,rs2=1
        21 sp put area1 at #3 1/1000..2000    => area1 #4 1000..2000 tell dp:rs2=2
        61 sp delete area1 #4                 => deleted area1 #4 1000..2000
        ",
    );
}

#[test]
fn subscribers_are_grouped_by_address_and_the_owner_is_among_them() {
    check(
        "
        0 dp put rs3 new 1/0..20 url x        => rs3 #1 0..20 told 0
        0 sp put rs2 new 1/0..20 url y        => rs2 #2 0..20 told 0
        0 bob put rs1 new 1/0..20 url x       => rs1 #3 0..20 told 0
        0 sp put area1 new 1/10..20           => area1 #4 10..20 tell x:rs1=1,rs3=1 y:rs2=1
        ",
    );
}

#[test]
fn the_two_standards_do_not_meet() {
    check(
        "
        0 ann put s1 new 1/10..20 +op +k      => s1 #1 10..20 told 0
        0 ann put rs1 new 1/10..20            => rs1 #2 10..20 told 0
        0 ann put area1 new 1/10..20          => area1 #3 10..20 tell ann:rs1=1
        0 ann put op1 new Accepted 1/0..9/10..20 => op1 v1 Accepted #4 tell ann:s1=1
        0 ann put s2 new 1/10..20 +op +k      => s2 #5 10..20 told 0 sees op1
        0 ann put rs2 new 1/10..20            => rs2 #6 10..20 told 0 sees area1
        0 ann delete rs1 #2                   => deleted rs1 #2 10..20 told 1
        0 ann delete s1 #1                    => deleted s1 #1 10..20 told 1
        ",
    );
}
