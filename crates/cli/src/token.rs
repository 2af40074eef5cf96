//! `deconflict token`: a token for local use, signed with a key of one's own.

use std::time::{SystemTime, UNIX_EPOCH};

use deconflict_service::tokens::{NewToken, SigningKey};

use crate::args::Token;
use crate::{Status, output};

/// Prints the token and nothing else.
pub fn run(arguments: &Token) -> Status {
    match make(arguments) {
        Ok(token) => output::print_plain(&format!("{token}\n"), Status::Clear),
        Err(why) => {
            output::complain(&format!("error: {why}\n"));
            Status::BadInput
        }
    }
}

fn make(arguments: &Token) -> Result<String, String> {
    let Token { key, sub, scope, aud, iss, ttl } = arguments;
    let file = key.display();
    let pem = std::fs::read_to_string(key).map_err(|error| format!("cannot read {file}: {error}"))?;
    let key = SigningKey::from_pem(&pem).map_err(|error| format!("{file}: {error}"))?;
    let now = SystemTime::now().duration_since(UNIX_EPOCH).map_err(|_| "the clock says that it is before 1970".to_owned())?;
    let now_s = i64::try_from(now.as_secs()).map_err(|_| "the clock is beyond all time".to_owned())?;
    let token = NewToken {
        issuer: iss,
        subject: sub,
        audiences: aud,
        scope: &scope.join(" "),
        issued_at_s: now_s,
        expires_at_s: now_s.saturating_add(*ttl),
    };
    key.token(&token).map_err(|error| error.to_string())
}
