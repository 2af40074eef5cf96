//! `deconflict evidence`: what proves what a party was told of a notice, and what it said to it.

use crate::args::Evidence;
use crate::client::Client;
use crate::{Status, output};

/// Fetches the evidence and writes it.
pub fn run(arguments: &Evidence) -> Status {
    let bundle = Client::one(&arguments.access).and_then(|client| client.get(&format!("/api/v1/evidence/{}", arguments.notice)));
    let text = match bundle {
        Ok(bundle) => format!("{bundle:#}\n"),
        Err(why) => {
            output::complain(&format!("error: {why}\n"));
            return Status::BadInput;
        }
    };
    let Some(path) = &arguments.out else { return output::print_plain(&text, Status::Clear) };
    match output::write_whole(path, |out| std::io::Write::write_all(out, text.as_bytes())) {
        Ok(()) => Status::Clear,
        Err(error) => {
            output::complain(&format!("error: cannot write {}: {error}\n", path.display()));
            Status::BadInput
        }
    }
}
