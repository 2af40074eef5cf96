//! What one USS may hold.

use crate::script::check;

#[test]
fn a_uss_holds_no_more_entities_than_its_quota() {
    check(
        "
          0 ann options 3/1000/100000                           => numbered by count quotas 3/1000/100000
          0 ann put op1 new Accepted 1/0..9/10..20 via new s1   => op1 v1 Accepted #2 via s1 tell ann:s1=1
          0 ann put k1 new 1/../10..20                          => k1 v1 #3
          0 ann put op2 new Accepted 2/0..9/10..20              => no: Entities 3 of 3
          0 ann put k2 new 2/../10..20                          => no: Entities 3 of 3
          0 ann put s2 new 2/10..20 +op                         => no: Entities 3 of 3
          0 ann put area1 new 2/10..20                          => no: Entities 3 of 3
          0 ann put rs1 new 2/10..20                            => no: Entities 3 of 3
          0 bob put op2 new Accepted 2/0..9/10..20              => op2 v1 Accepted #9
          0 ann delete k1 #3                                    => deleted k1 v1 #3
          0 ann put s2 new 2/10..20 +op                         => s2 #11 10..20 told 0 sees op2
        ",
    );
}

#[test]
fn cells_count_once_for_every_volume() {
    check(
        "
          0 ann options 100/4/100000                            => numbered by count quotas 100/4/100000
          0 ann put op1 new Accepted 1,2/0..9/10..20            => op1 v1 Accepted #2
          0 ann put k1 new 1,2,3/../10..20                      => no: Cells 2 of 4
          0 ann put k1 new 1,2/../10..20                        => k1 v1 #4
          0 ann put k1 at #4 3,4/../10..20                      => k1 v2 #5
          0 ann put k1 at #5 3,4,5/../10..20                    => no: Cells 4 of 4
        ",
    );
}

#[test]
fn who_holds_too_much_already_may_still_hold_less() {
    check(
        "
          0 ann put k1 new 1,2,3/../10..20                      => k1 v1 #1
          0 ann options 0/1/100000                              => numbered by count quotas 0/1/100000
          0 ann put k1 at #1 1,2/../10..20                      => k1 v2 #3
          0 ann put k2 new 1/../10..20                          => no: Entities 1 of 0
          0 ann delete k1 #3                                    => deleted k1 v2 #3
        ",
    );
}

#[test]
fn reports_count_until_they_are_no_longer_listed() {
    check(
        "
          0 ann options 9/9/8192                                => numbered by count quotas 9/9/8192
          0 ann report r1                                       => r1
          0 ann report r2                                       => r2
          0 ann report r3                                       => no: ReportBytes 8192 of 8192
          0 bob report r3                                       => r3
        101 ann expire 100                                      => expired r1 r2 r3
        101 ann report r4                                       => r4
        ",
    );
}
