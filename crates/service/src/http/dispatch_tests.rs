//! What no request can show from outside: a handler that panics.

use super::*;
use http_body_util::BodyExt;

#[tokio::test]
async fn a_bug_in_a_handler_costs_its_own_request_an_answer_and_nothing_else() {
    let at_once = guarded(async { panic!("a bug") });
    let later = guarded(async {
        tokio::task::yield_now().await;
        panic!("a bug")
    });
    for refusal in [at_once.await.expect_err("no answer"), later.await.expect_err("no answer")] {
        assert_eq!(refusal.kind(), "panic");
        let response = refusal.answer().response(request_id(7));
        assert_eq!(
            (response.status().as_u16(), &response.headers()["x-request-id"]),
            (500, &HeaderValue::from_static("0000000000000007"))
        );
        let body = response.into_body().collect().await.unwrap().to_bytes();
        assert_eq!(&body[..], br#"{"error_message":"internal server error"}"#, "what went wrong inside stays inside");
    }
}
