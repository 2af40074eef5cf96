//! The command line of `keygen` and `token`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use deconflict_service::tokens::{LONGEST_LIFE_S, SigningAlgorithm};

const KEYGEN_EXAMPLES: &str = "\
Examples:
  deconflict keygen --out auth                     writes auth.key (private) and auth.pem (public)
  deconflict keygen --out keys/                    into a folder: keys/token.key, keys/token.pem
  deconflict keygen --out auth --algorithm rs256   for clients that know RSA only
  deconflict keygen --signing --out P.RUS          a party's own: what it says is signed with it

Whoever has the private key of tokens can speak for every USS. In a real coordination cell an
authority has it, and nobody else. Whoever has that of a party can sign for it.

Exit status:
  0  both files are written
  2  nothing is written: a file exists already or cannot be written, or the command line is bad";

const TOKEN_EXAMPLES: &str = "\
Examples:
  deconflict token --key auth.key --sub uss1 --aud localhost --scope utm.strategic_coordination
  TOKEN=$(deconflict token --key auth.key --sub uss1 --aud localhost --ttl 10min \\
      --scope 'utm.strategic_coordination utm.constraint_processing')
  curl -H \"Authorization: Bearer $TOKEN\" http://localhost:8082/dss/v1/uss_availability/uss1

For local use: to try things out, and for tests. In a real coordination cell an authority gives out
tokens, after it has seen who asks; this command believes every --sub and --scope. Nothing but the
token goes to standard output.

Exit status:
  0  the token is printed
  2  the key or the command line is bad";

/// `deconflict keygen`.
#[derive(Debug, Args)]
#[command(max_term_width = 100, after_help = KEYGEN_EXAMPLES)]
pub struct Keygen {
    /// What the key signs with
    #[arg(long, value_enum, default_value_t = Algorithm::Ed25519)]
    pub algorithm: Algorithm,
    /// The key is for a party to sign what it says (docs/evidence.md), always Ed25519; prints the public key as the service takes it
    #[arg(long, conflicts_with = "algorithm")]
    pub signing: bool,
    /// Where the keys go: a folder that exists, or what both file names begin with. An existing file is never overwritten
    #[arg(long, value_name = "DIR|PREFIX")]
    pub out: PathBuf,
}

/// `deconflict token`.
#[derive(Debug, Args)]
#[command(max_term_width = 100, after_help = TOKEN_EXAMPLES)]
pub struct Token {
    /// The private key (PEM: Ed25519, P-256 or RSA), such as `deconflict keygen` makes
    #[arg(long, value_name = "FILE")]
    pub key: PathBuf,
    /// The USS that the token speaks for, at most 256 bytes
    #[arg(long, value_name = "USS", value_parser = subject)]
    pub sub: String,
    /// What it may do: scopes between spaces, or several times
    #[arg(long, value_name = "SCOPES", required = true)]
    pub scope: Vec<String>,
    /// Who shall accept it: one of the service's audiences, such as its host name; may be given several times
    #[arg(long, value_name = "HOST", required = true, value_parser = name)]
    pub aud: Vec<String>,
    /// Who issues it
    #[arg(long, value_name = "NAME", default_value = "deconflict", value_parser = name)]
    pub iss: String,
    /// How long it counts, such as 30s, 10min or 1h, which is the longest that an F3548 service accepts
    #[arg(long, value_name = "TIME", default_value = "1h", value_parser = life_s)]
    pub ttl: i64,
}

/// What a key signs with, on the command line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Algorithm {
    /// EdDSA with Ed25519: small and quick
    Ed25519,
    /// ECDSA on P-256
    Es256,
    /// RSA of 2048 bits, which every client knows
    Rs256,
}

impl From<Algorithm> for SigningAlgorithm {
    fn from(algorithm: Algorithm) -> Self {
        match algorithm {
            Algorithm::Ed25519 => Self::Ed25519,
            Algorithm::Es256 => Self::Es256,
            Algorithm::Rs256 => Self::Rs256,
        }
    }
}

fn name(text: &str) -> Result<String, String> {
    if text.is_empty() { Err("expected a name".to_owned()) } else { Ok(text.to_owned()) }
}

fn subject(text: &str) -> Result<String, String> {
    let is_good = (1..=256).contains(&text.len()) && !text.chars().any(char::is_control);
    if is_good { Ok(text.to_owned()) } else { Err("expected a name of 1 to 256 bytes without control characters".to_owned()) }
}

/// Seconds, from a number and its unit.
fn life_s(text: &str) -> Result<i64, String> {
    let unit_at = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (number, unit) = text.split_at(unit_at);
    let unit_s = match unit.trim() {
        "s" => Some(1),
        "m" | "min" => Some(60),
        "h" => Some(3600),
        _ => None,
    };
    let life_s = unit_s.and_then(|unit_s| number.parse::<i64>().ok()?.checked_mul(unit_s));
    life_s
        .filter(|life_s| (1..=LONGEST_LIFE_S).contains(life_s))
        .ok_or_else(|| "expected a time from 1s to 1h with its unit, such as 10min".to_owned())
}

#[cfg(test)]
mod tests {
    use super::life_s;

    #[test]
    fn lives_have_a_unit_and_end_within_an_hour() {
        for (text, expected_s) in [("1s", 1), ("90 s", 90), ("10min", 600), ("10m", 600), ("60 min", 3600), ("1h", 3600)] {
            assert_eq!(life_s(text), Ok(expected_s), "{text}");
        }
        for bad in [
            "",
            "1",
            "0s",
            "-1s",
            "3601s",
            "61min",
            "2h",
            "1d",
            "h",
            "1.5h",
            "1 h 1s",
            "99999999999999999999s",
            "9223372036854775807h",
        ] {
            assert!(life_s(bad).is_err(), "{bad}");
        }
    }
}
