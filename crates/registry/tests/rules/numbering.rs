//! How notifications are numbered: by count, or by the time of day, as the options say.

use crate::script::check;

#[test]
fn numbers_are_counts_unless_the_options_say_otherwise() {
    check(
        "
         0 ann put s1 new 1/10..90 +op                      => s1 #1 10..90 told 0
         0 ann put rs1 new 1/10..90                         => rs1 #2 10..90 told 0
         1 ann put op1 new Accepted 1/0..9/10..20           => op1 v1 Accepted #3 tell ann:s1=1
         2 ann put area1 new 1/10..20                       => area1 #4 10..20 tell ann:rs1=1
         3 ops options time                                 => numbered by time
         4 ann put op1 at #3 Accepted 1/0..9/10..20         => op1 v2 Accepted #6 tell ann:s1=4000
         5 ann put area1 at #4 1/10..20                     => area1 #7 10..20 tell ann:rs1=5000
         6 ann put s2 new 1/10..90 +op                      => s2 #8 10..90 told 6000 sees op1
         7 ann put rs2 new 1/10..90                         => rs2 #9 10..90 told 7000 sees area1
         8 ops options                                      => numbered by count
         9 ann put op1 at #6 Accepted 1/0..9/10..20         => op1 v3 Accepted #11 tell ann:s1=2,s2=1
         9 ann put area1 at #7 1/10..20                     => area1 #12 10..20 tell ann:rs1=2,rs2=1
        ",
    );
}

#[test]
fn the_time_of_day_is_that_at_which_the_change_was_judged() {
    check(
        "
              0 ops options time                            => numbered by time
          86399 ann put rs1 new 1/..                        => rs1 #2 86399..172799 told 86399000
          86399 ann put area1 new 1/..200000                => area1 #3 86399..200000 tell ann:rs1=86399000
             50 ann put area1 at #3 1/..                    => area1 #4 86399..200000 tell ann:rs1=86399000
          86400 ann put area1 at #4 1/..                    => area1 #5 86399..200000 tell ann:rs1=0
        ",
    );
}
