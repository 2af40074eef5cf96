//! Availability, what a USS that is down may not do, and reports.

use crate::script::check;

#[test]
fn a_declaration_replaces_the_version_it_names() {
    check(
        "
        0 arb set ann at #1 Down              => no: VersionMismatch
        0 arb set ann at ? Down               => no: VersionMismatch
        0 arb set ann new Down                => ann Down #3
        0 arb set ann new Normal              => no: VersionMismatch
        0 arb set ann at ? Normal             => no: VersionMismatch
        0 arb set ann at #3 Normal            => ann Normal #6
        0 arb set ann at #3 Down              => no: VersionMismatch
        0 arb set bob new Unknown             => bob Unknown #8
        ",
    );
}

#[test]
fn a_uss_that_is_down_may_neither_plan_nor_activate_nor_delete() {
    check(
        "
        0 ann put op1 new Accepted 1/0..9/10..20 via new s1           => op1 v1 Accepted #1 via s1 tell ann:s1=1
        0 arb set ann new Down                                        => ann Down #2
        0 ann put op2 new Accepted 2/0..9/10..20                      => no: UssDown
        0 ann put op1 at #1 Accepted 1/0..9/10..20 via s1             => no: UssDown
        0 ann put op1 at #1 Activated 1/0..9/10..20 via s1            => no: UssDown
        0 ann delete op1 #1                                           => no: UssDown
        0 ann put op1 at #1 Nonconforming 1/0..9/10..20 via s1        => op1 v2 Nonconforming #7 via s1 down tell ann:s1=2
        0 ann put op1 at #7 Activated 1/0..9/10..20 via s1            => no: UssDown
        0 ann put op1 at #7 Contingent 1/0..9/10..20 via s1           => op1 v3 Contingent #9 via s1 down tell ann:s1=3
        0 arb set ann at #2 Unknown                                   => ann Unknown #10
        0 ann delete op1 #9                                           => deleted op1 v3 Contingent #9 via s1 tell ann:s1=4
        ",
    );
}

#[test]
fn that_a_uss_is_down_is_said_after_whose_it_is_and_before_its_ovn() {
    check(
        "
        0 ann put op1 new Accepted 1/0..9/10..20      => op1 v1 Accepted #1
        0 bob put op2 new Accepted 2/0..9/10..20      => op2 v1 Accepted #2
        0 arb set ann new Down                        => ann Down #3
        0 ann put op2 at ? Accepted 2/0..9/10..20     => no: NotManager
        0 ann put op3 at ? Accepted 2/0..9/10..20     => no: UpdateOfUnknown
        0 ann put op1 at ? Accepted 1/0..9/10..20     => no: UssDown
        0 ann delete op1 ?                            => no: UssDown
        ",
    );
}

#[test]
fn a_uss_that_is_down_may_write_subscriptions() {
    check(
        "
        0 arb set ann new Down                        => ann Down #1
        0 ann put s1 new 1/10..20 +op                 => s1 #2 10..20 told 0
        0 ann delete s1 #2                            => deleted s1 #2 10..20 told 0
        ",
    );
}

#[test]
fn a_report_is_kept_under_its_id() {
    check(
        "
        0 ann report r1                               => r1
        0 bob report r1                               => no: FreshIdTaken
        0 bob report r2                               => r2
        ",
    );
}
