//! Constraints: ownership, versions, who is told.

use crate::script::check;

#[test]
fn a_constraint_is_created_updated_and_deleted_with_its_ovn() {
    check(
        "
        0 law put k1 new 1/../10..20          => k1 v1 #1
        0 law put k1 new 1/../10..20          => no: AlreadyExists
        0 law put k1 at ? 1/../10..20         => no: OvnMismatch
        0 law put k1 at #9 1/../10..20        => no: OvnMismatch
        0 law put k1 at #1 1/../10..20        => k1 v2 #5
        0 law put k2 at #1 1/../10..20        => no: ConstraintUpdateOfUnknown
        0 law delete k1 #1                    => no: OvnMismatch
        0 law delete k1 ?                     => no: OvnMismatch
        0 law delete k1 #5                    => deleted k1 v2 #5
        0 law delete k1 #5                    => no: DeleteOfUnknown
        ",
    );
}

#[test]
fn only_the_manager_writes() {
    check(
        "
        0 law put k1 new 1/../10..20          => k1 v1 #1
        0 bob put k1 new 1/../10..20          => no: NotManager
        0 bob put k1 at #1 1/../10..20        => no: NotManager
        0 bob delete k1 #1                    => no: NotManager
        ",
    );
}

#[test]
fn the_end_may_not_be_in_the_past() {
    check("50 law put k1 new 1/../10..49 => no: EndInPast");
}

#[test]
fn subscriptions_about_constraints_are_told_and_no_others() {
    check(
        "
        0 ann put s1 new 1/10..20 +k          => s1 #1 10..20 told 0
        0 bob put s2 new 1/10..20 +op +k      => s2 #2 10..20 told 0
        0 cyd put s3 new 1/10..20 +op         => s3 #3 10..20 told 0
        0 law put k1 new 1/../15..25          => k1 v1 #4 tell ann:s1=1 bob:s2=1
        0 law put k1 at #4 5/../15..25        => k1 v2 #5 tell ann:s1=2 bob:s2=2
        0 law put k1 at #5 5/../15..25        => k1 v3 #6
        0 law put k1 at #6 1/../15..25        => k1 v4 #7 tell ann:s1=3 bob:s2=3
        0 law delete k1 #7                    => deleted k1 v4 #7 tell ann:s1=4 bob:s2=4
        ",
    );
}

#[test]
fn a_uss_that_is_down_may_write_constraints() {
    check(
        "
        0 arb set law new Down                => law Down #1
        0 law put k1 new 1/../10..20          => k1 v1 #2
        0 law delete k1 #2                    => deleted k1 v1 #2
        ",
    );
}

#[test]
fn an_intent_and_a_constraint_may_have_the_same_id() {
    check(
        "
        0 law put k1 new 1/../10..20          => k1 v1 #1
        0 ann put op1 new Accepted 1/0..9/10..20 => op1 v1 Accepted #2
        0 law delete k1 #2                    => no: OvnMismatch
        0 law delete k1 #1                    => deleted k1 v1 #1
        ",
    );
}
