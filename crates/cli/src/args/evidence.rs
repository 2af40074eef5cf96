//! The command line of `verify` and `sign`. Parsing only.

use std::path::PathBuf;

use clap::Args;

const VERIFY_EXAMPLES: &str = "\
Examples:
  deconflict verify notice-12.json --key P.RUS=P.RUS.pem --key service=service.pem
  deconflict verify ours.json theirs.json          each for itself, and whether they tell one history
  deconflict verify notice-12.json --json          for machines
  deconflict verify notice-12.json --key P.RUS=6kpsY-KcUgq-9VB7Eycv7TnNkLRP-jNv1fn6I8cVwX4

It needs no service and no network. Without --key, the keys that the file names are used, and whoever
made the file may have made them, too: the answer then says so. Give keys that you had from the
parties themselves. What is proved, and what is not: docs/evidence.md.

Exit status:
  0  every file holds, and no two contradict each other; what is not proved is listed
  1  a file is refuted, or two files contradict each other; every problem is listed
  2  a file is no bundle, or was laid out anew; a file or key cannot be read; or the command line is bad";

const SIGN_EXAMPLES: &str = "\
Examples:
  deconflict keygen --signing --out P.RUS          makes P.RUS.key and P.RUS.pem
  deconflict sign --key P.RUS.key '{\"heartbeat\":{\"stream\":\"P.RUS\",\"seq\":40,\"hash\":\"…\"},\"at\":\"2017-09-14T06:00:00Z\"}'
  deconflict sign --key P.RUS.key @step.json
  make-content | deconflict sign --key P.RUS.key -

It prints one JSON object with content, key and signature, as the service takes it (`signed`). The
content is signed as it is, byte by byte; one that could not be checked later is refused.

Exit status:
  0  it is signed
  2  the key or the content is bad; every problem is listed";

/// `deconflict verify`.
#[derive(Debug, Args)]
#[command(max_term_width = 100, after_help = VERIFY_EXAMPLES)]
pub struct Verify {
    /// Files that `deconflict evidence` wrote; - is standard input
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// The key of a party, or of the service (`service`), as you know it: a file (PEM or base64url) or the base64url itself; may be
    /// given several times
    #[arg(long = "key", value_name = "PARTY=FILE|BASE64URL", value_parser = party_key)]
    pub keys: Vec<PartyKey>,
    /// Heads of the stream that `deconflict follow --heads` kept: the files are held against them, too
    #[arg(long, value_name = "FILE")]
    pub heads: Option<PathBuf>,
    /// Print everything as JSON
    #[arg(long)]
    pub json: bool,
}

/// Whose key it is, and where it is or what.
#[derive(Clone, Debug)]
pub struct PartyKey {
    /// The party, or `service`.
    pub party: String,
    /// A file, or the key itself.
    pub key: String,
}

/// `deconflict sign`.
#[derive(Debug, Args)]
#[command(max_term_width = 100, after_help = SIGN_EXAMPLES)]
pub struct Sign {
    /// The private key (PEM: Ed25519), such as `deconflict keygen --signing` makes
    #[arg(long, value_name = "FILE")]
    pub key: PathBuf,
    /// What to sign (docs/evidence.md): the JSON text, @FILE, or - for standard input
    #[arg(value_name = "CONTENT")]
    pub content: String,
}

fn party_key(text: &str) -> Result<PartyKey, String> {
    match text.split_once('=') {
        Some((party, key)) if !party.is_empty() && !key.is_empty() => {
            Ok(PartyKey { party: party.to_owned(), key: key.to_owned() })
        }
        _ => Err("expected PARTY=FILE or PARTY=KEY, such as P.RUS=P.RUS.pem".to_owned()),
    }
}
