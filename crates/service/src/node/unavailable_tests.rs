//! What callers are told, and when to come back.

use super::*;

#[track_caller]
fn check(refusal: Unavailable, text: &str, retry_after_s: u64) {
    assert_eq!((refusal.to_string().as_str(), refusal.retry_after_s()), (text, retry_after_s));
}

#[test]
fn refusals_say_what_is_wrong_and_for_how_long() {
    let failed = |is_final| Unavailable::JournalFailed { reason: "no sync".to_owned(), may_be_stored: false, is_final };
    check(Unavailable::DiskFull, "the disk is full; nothing can be stored until there is room", 30);
    check(failed(false), "the log cannot be written: no sync", 5);
    check(failed(true), "the log cannot be written until somebody has looked after it: no sync", 600);
    check(
        Unavailable::JournalFailed { reason: "no sync".to_owned(), may_be_stored: true, is_final: false },
        "the log cannot be written, and it is not known whether this request was stored: no sync",
        5,
    );
    check(
        Unavailable::ClockStepped { by_ns: -7_200_000_000_000, trusted_in_ns: 1_500_000_000 },
        "the clock of this server jumped by -7200.0 s; it is not trusted for another 2 s",
        2,
    );
    check(
        Unavailable::ClockBehindLog { by_ns: 7_200_000_000_000 },
        "the clock of this server is 7200.0 s behind the latest entry of its log",
        3600,
    );
    check(Unavailable::Overloaded, "too many requests are waiting to be stored", 1);
    check(Unavailable::Stopping, "the service is stopping", 5);
    check(
        Unavailable::TooLong { bytes: 17, max_bytes: 16 },
        "the request takes 17 bytes in the log; at most 16 are possible",
        3600,
    );
}
