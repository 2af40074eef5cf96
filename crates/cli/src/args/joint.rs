//! The command line of what speaks to the joint picture of a service: `file`, `follow`, `evidence`, `demo`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use deconflict_joint::Disclosed;

const FILE_EXAMPLES: &str = "\
Examples:
  deconflict file plan.toml --server https://cell.example.com --token @P.RUS.jwt
      files the claims of P.RUS, and nothing of anybody else
  deconflict file plan.toml --server http://localhost:8082 --token @operator.jwt --exercise
      sets everything but claims (operator), for an exercise with a time of its own
  deconflict file plan.toml --server http://localhost:8082 --token @operator.jwt --token @A.jwt --token @B.jwt
      the same, and the claims of two parties

Claims are sealed unless --disclose says otherwise: nobody hears of them, not even where they collide.

Exit status:
  0  everything that these tokens may file is filed
  2  nothing more is filed: the plan, a token or the service says why";

const FOLLOW_EXAMPLES: &str = "\
Examples:
  deconflict follow --server http://localhost:8082 --token @P.RUS.jwt            for people
  deconflict follow --server http://localhost:8082 --token @P.RUS.jwt --json     one JSON object a line
  deconflict follow --server http://localhost:8082 --token @P.RUS.jwt --after 17 from the event after 17 on

It goes on until it is ended, and comes back by itself when the service was away. Each event that it
has printed is told to the service as seen.

Exit status:
  0  it was ended, or --until-event was reached
  2  the service cannot be reached at the start, or says no";

const EVIDENCE_EXAMPLES: &str = "\
Examples:
  deconflict evidence 12 --server http://localhost:8082 --token @P.RUS.jwt --out notice-12.json

What is written can be checked without the service (docs/evidence.md).

Exit status:
  0  it is written
  2  there is no such notice, or the service says no";

const DEMO_EXAMPLES: &str = "\
Examples:
  deconflict demo                              two columns, two air covers (2017), as fast as it goes
  deconflict demo al-qaim-2016                 two armies who talk only through an intermediary
  deconflict demo --speed 6                    six hours of the scenario in each second
  deconflict demo --without P.IRN al-qaim-2016 what happens when a client is not there
  deconflict demo my-plan.toml                 your own plan

It starts a service on a directory of its own, and a client for each party. Everything that is
printed was told by that service.

Exit status:
  0  the scenario was played to its end
  2  something went wrong; the reason is printed";

/// How a service is reached.
#[derive(Clone, Debug, Args)]
pub struct Access {
    /// The service
    #[arg(long, value_name = "URL")]
    pub server: String,
    /// A token, or @FILE with one; also from the environment variable DECONFLICT_TOKEN
    #[arg(long, value_name = "TOKEN|@FILE")]
    pub token: Vec<String>,
    /// PEM file with certificate authorities that count instead of the system's
    #[arg(long, value_name = "FILE")]
    pub ca_file: Option<PathBuf>,
    /// Take http to other machines: for closed networks
    #[arg(long)]
    pub allow_http: bool,
}

/// What others may know of claims.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Disclose {
    /// Nothing
    Sealed,
    /// That there is something, in a coarse box
    Existence,
    /// Where they conflict, rounded outward
    ConflictOnly,
    /// Everything
    Full,
}

impl From<Disclose> for Disclosed {
    fn from(disclose: Disclose) -> Self {
        match disclose {
            Disclose::Sealed => Self::Sealed,
            Disclose::Existence => Self::Existence,
            Disclose::ConflictOnly => Self::ConflictOnly,
            Disclose::Full => Self::Full,
        }
    }
}

/// `deconflict file`.
#[derive(Debug, Args)]
#[command(max_term_width = 100, after_help = FILE_EXAMPLES)]
pub struct FilePlan {
    /// The plan (TOML or JSON)
    #[arg(value_name = "PLAN")]
    pub plan: PathBuf,
    #[command(flatten)]
    pub access: Access,
    /// What all others may know of the claims
    #[arg(long, value_enum, default_value_t = Disclose::Sealed)]
    pub disclose: Disclose,
    /// The picture has a time of its own, which the operator sets
    #[arg(long)]
    pub exercise: bool,
}

/// `deconflict follow`.
#[derive(Debug, Args)]
#[command(max_term_width = 100, after_help = FOLLOW_EXAMPLES)]
pub struct Follow {
    #[command(flatten)]
    pub access: Access,
    /// Begin after this event
    #[arg(long, value_name = "EVENT", default_value_t = 0)]
    pub after: u64,
    /// End when this event was printed
    #[arg(long, value_name = "EVENT")]
    pub until_event: Option<u64>,
    /// Keep the heads of the stream here, one a line, as the service signs them with each event: by them, `deconflict verify` finds a service that
    /// tells another story later
    #[arg(long, value_name = "FILE")]
    pub heads: Option<PathBuf>,
    /// One JSON object a line
    #[arg(long)]
    pub json: bool,
    /// Answer like a machine that agrees to everything: accept notices and offers, pass on what is held. Only in exercises
    #[arg(long)]
    pub rehearse: bool,
}

/// `deconflict evidence`.
#[derive(Debug, Args)]
#[command(max_term_width = 100, after_help = EVIDENCE_EXAMPLES)]
pub struct Evidence {
    /// The notice: the number of its event
    #[arg(value_name = "NOTICE")]
    pub notice: u64,
    #[command(flatten)]
    pub access: Access,
    /// Where it goes; standard output if nothing is said
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
}

/// `deconflict demo`.
#[derive(Debug, Args)]
#[command(max_term_width = 100, after_help = DEMO_EXAMPLES)]
pub struct Demo {
    /// euphrates-2017, al-qaim-2016, or a plan of your own
    #[arg(value_name = "SCENARIO", default_value = "euphrates-2017")]
    pub scenario: String,
    /// Hours of the scenario in a second; 0 for as fast as the clients follow
    #[arg(long, value_name = "HOURS", default_value_t = 0.0)]
    pub speed: f64,
    /// Play so many days of it
    #[arg(long, value_name = "DAYS", default_value_t = 45)]
    pub days: u32,
    /// A party whose client is not there; may be given several times
    #[arg(long, value_name = "PARTY")]
    pub without: Vec<String>,
    /// A party whose client is killed after half of the days; may be given several times
    #[arg(long, value_name = "PARTY")]
    pub kill: Vec<String>,
    /// After so many days, one side of each conflict of two flights offers a split of altitudes
    #[arg(long, value_name = "DAYS", default_value_t = 3)]
    pub offer_after: u32,
}
