//! What can be asked on the command line. Parsing only: nothing is opened or checked here.

mod evidence;
mod joint;
mod service;
mod tokens;

use std::path::PathBuf;

use clap::builder::PossibleValuesParser;
use clap::{Args as ClapArgs, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;
use deconflict_formats::read::Format as FileFormat;
use deconflict_plan::model::{ClaimKind, Level};
use deconflict_spacetime::{AltitudeReference, Geoid, Time};

pub use evidence::{PartyKey, Sign, Verify};
pub use joint::{Access, Demo, Evidence, FilePlan, Follow};
pub use service::{Journal, JournalCommand, LogFormat, LogLevel, NotificationIndex, Pool, PoolCommand, Serve};
pub use tokens::{Keygen, Token};

/// What `--from` calls a plan.
pub const PLAN: &str = "plan";

/// What every help page ends with.
const EXIT_STATUS: &str = "\
Exit status:
  0  all is clear: nothing at or above --fail-on is found, open, unchecked or undecided
  1  something is
  2  the input or the command line is bad; every problem is listed";

const CHECK_EXAMPLES: &str = "\
Examples:
  deconflict check plan.toml                        what is found, for people
  deconflict check red.toml blue.toml               several files form one picture
  make-plan | deconflict check -                    from standard input, TOML or JSON
  deconflict check plan.toml --format json          for machines (docs/report.md)
  deconflict check plan.toml --format geojson       the findings on a map
  deconflict check plan.toml --format kml > a.kml   in Google Earth; czml is for Cesium
  deconflict check plan.toml --format csv > a.csv   one row a finding; ndjson: one line
  deconflict check plan.toml --at 2017-10-01T06:00Z as of another time
  deconflict check plan.toml --fail-on warn         notes and watches leave the exit status alone
  deconflict check plan.toml --for P.RUS            what that party would be told, and nothing else
  deconflict check flights.ndjson.gz zones.kml      files of other formats (docs/formats.md), with or without a plan
  deconflict check a.kml b.ndjson --geoid egm96     altitudes above mean sea level made W84
  deconflict check day.ndjson --pairs pairs.csv     only which claims conflict, of millions
  deconflict check day.ndjson --skip-invalid        go on past broken entries; they are reported as unchecked";

/// Finds where independent parties would collide in space and time, before they do.
#[derive(Debug, Parser)]
#[command(version, arg_required_else_help = true, max_term_width = 100, after_help = main_help())]
pub struct Args {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Read plans and print every finding
    Check(Check),
    /// Print the JSON Schema of plan files
    Schema,
    /// Write a small commented plan to start from
    Init(Init),
    /// Run the joint service: a DSS of ASTM F3548-21 and F3411, and the joint picture
    Serve(Box<Serve>),
    /// File a plan with a service, each party's claims with that party's token
    File(FilePlan),
    /// Print what a party is told, as it is told
    Follow(Follow),
    /// Export what proves what a party was told, and what it said to it
    Evidence(Evidence),
    /// Check what `evidence` exported, without the service: who was told what, and who said what to it
    Verify(Verify),
    /// Sign a step of a notice, a heartbeat, an offer or an answer with a party's key
    Sign(Sign),
    /// Rehearse a scenario against a live service, with a client for each party
    Demo(Demo),
    /// Look after the data directory of a DSS
    Journal(Journal),
    /// Look at a pool of several nodes
    Pool(Pool),
    /// Make a pair of keys: for tokens, for local use, or for a party to sign with
    Keygen(Keygen),
    /// Print a token for the service, for local use
    Token(Token),
    /// Print completions for a shell
    Completions(Completions),
}

/// `deconflict check`.
#[derive(Debug, ClapArgs)]
#[command(max_term_width = 100, after_help = check_help())]
pub struct Check {
    /// Plans (TOML or JSON) and files of other formats (GeoJSON, NDJSON, CSV, KML, OpenAir, ED-269/318, F3548; also packed
    /// with gzip); several form one picture; - is standard input
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// What every FILE is, where its name and contents do not tell
    #[arg(long, value_name = "FORMAT", value_parser = from_parser())]
    pub from: Option<String>,
    /// Go on past entries of other formats that are broken; each is reported as unchecked, so that nothing is clear
    #[arg(long)]
    pub skip_invalid: bool,
    /// Write the pairs of claims that conflict to this CSV file, instead of describing each
    #[arg(long, value_name = "CSV", conflicts_with_all = ["format", "party", "fail_on"])]
    pub pairs: Option<PathBuf>,
    /// The kind of claims in other formats that name none
    #[arg(long, value_enum, value_name = "KIND")]
    pub kind: Option<TrafficKind>,
    /// What altitudes in other formats are measured from where the file does not say it
    #[arg(long, value_enum, value_name = "REFERENCE")]
    pub altitude_reference: Option<Reference>,
    /// The model of mean sea level that brings altitudes in other formats from there above the ellipsoid (W84), widened by its
    /// error. Without one nothing is converted: what is measured from different references meets at any altitude
    #[arg(long, value_enum, value_name = "MODEL", default_value_t = SeaLevel::None)]
    pub geoid: SeaLevel,
    /// Total width of lines in other formats that have none, metres
    #[arg(long, value_name = "METRES", value_parser = metres)]
    pub width_m: Option<f64>,
    /// Total height around paths in other formats that have none, metres
    #[arg(long, value_name = "METRES", value_parser = metres)]
    pub height_m: Option<f64>,
    /// Take holes in polygons of other formats as part of them, instead of refusing them
    #[arg(long)]
    pub fill_holes: bool,
    /// How to print the answer
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub format: Format,
    /// Write the report to this file too, as a page with a map that opens from disk without a network
    #[arg(long, value_name = "FILE", conflicts_with = "pairs")]
    pub html: Option<PathBuf>,
    /// A map of your own to put under the picture on that page: a file of tiles (PMTiles, at most 64 MiB), such as an extract of your region
    #[arg(long, value_name = "PMTILES", requires = "html")]
    pub basemap: Option<PathBuf>,
    /// Check as of this time (UTC, such as 2017-09-14 or 2017-09-14T06:00Z) instead of the plan's; what ended before is dropped
    #[arg(long, value_name = "TIME", value_parser = time)]
    pub at: Option<Time>,
    /// Which gaps two claims must keep: the plan's, or none (only what touches is a conflict)
    #[arg(long, value_enum, default_value_t = Minima::Plan)]
    pub minima: Minima,
    /// The quietest level that makes the exit status 1
    #[arg(long, value_name = "LEVEL", value_enum, default_value_t = FailOn::Note)]
    pub fail_on: FailOn,
    /// Print what this party (id, name or alias) would be told, and nothing else
    #[arg(long = "for", value_name = "PARTY")]
    pub party: Option<String>,
}

/// `deconflict init`.
#[derive(Debug, ClapArgs)]
pub struct Init {
    /// A new file; without it, the plan goes to standard output. An existing file is never overwritten
    pub file: Option<PathBuf>,
}

/// `deconflict completions`.
#[derive(Debug, ClapArgs)]
#[command(after_help = "Example:\n  deconflict completions bash > ~/.local/share/bash-completion/completions/deconflict")]
pub struct Completions {
    /// The shell
    pub shell: Shell,
}

/// How an answer is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people
    Text,
    /// Everything, for machines
    Json,
    /// The findings that have a place, for maps
    Geojson,
    /// One finding a line, as in json
    Ndjson,
    /// One row a finding, for spreadsheets
    Csv,
    /// For Google Earth
    Kml,
    /// For Cesium
    Czml,
}

/// Which minima are used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Minima {
    /// The plan's
    Plan,
    /// None: only what touches is a conflict
    None,
}

/// A level on the command line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum FailOn {
    /// For the record
    Note,
    /// Keep an eye on it
    Watch,
    /// Act in time
    Warn,
    /// Act now
    Urgent,
    /// Lives are at stake now
    Critical,
}

impl From<FailOn> for Level {
    fn from(level: FailOn) -> Self {
        match level {
            FailOn::Note => Self::Note,
            FailOn::Watch => Self::Watch,
            FailOn::Warn => Self::Warn,
            FailOn::Urgent => Self::Urgent,
            FailOn::Critical => Self::Critical,
        }
    }
}

/// Kinds of claims that other formats hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum TrafficKind {
    /// An air operation
    Flight,
    /// An area that others must not enter
    Constraint,
    /// A protected place
    Site,
    /// Somebody is there
    Presence,
}

impl From<TrafficKind> for ClaimKind {
    fn from(kind: TrafficKind) -> Self {
        match kind {
            TrafficKind::Flight => Self::Flight,
            TrafficKind::Constraint => Self::Constraint,
            TrafficKind::Site => Self::Site,
            TrafficKind::Presence => Self::Presence,
        }
    }
}

/// What an altitude is measured from, on the command line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Reference {
    /// The WGS84 ellipsoid
    W84,
    /// Mean sea level
    Amsl,
    /// The ground
    Agl,
    /// Standard pressure, as flight levels are
    Std,
}

impl From<Reference> for AltitudeReference {
    fn from(reference: Reference) -> Self {
        match reference {
            Reference::W84 => Self::W84,
            Reference::Amsl => Self::Amsl,
            Reference::Agl => Self::Agl,
            Reference::Std => Self::Std,
        }
    }
}

/// A model of mean sea level on the command line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum SeaLevel {
    /// Convert nothing
    None,
    /// EGM96, where altitudes are measured from it, as in KML: good to 0.2 m
    Egm96,
    /// EGM96 for a mean sea level that names no model: good to 8 m
    Unnamed,
}

impl From<SeaLevel> for Option<Geoid> {
    fn from(model: SeaLevel) -> Self {
        match model {
            SeaLevel::None => None,
            SeaLevel::Egm96 => Some(Geoid::Egm96),
            SeaLevel::Unnamed => Some(Geoid::UnnamedSeaLevel),
        }
    }
}

/// What a file is: a plan, or one of the other formats.
fn from_parser() -> PossibleValuesParser {
    PossibleValuesParser::new(std::iter::once(PLAN).chain(FileFormat::ALL.iter().map(|format| format.name())))
}

fn metres(text: &str) -> Result<f64, String> {
    let metres = text.parse::<f64>().ok().filter(|metres| metres.is_finite() && *metres > 0.0);
    metres.ok_or_else(|| "expected metres above zero, such as 200".to_owned())
}

fn time(text: &str) -> Result<Time, String> {
    deconflict_plan::parse_time(text).map_err(|expected| format!("expected {expected}"))
}

fn main_help() -> String {
    let start = "  deconflict init plan.toml                         a plan to start from";
    format!("{CHECK_EXAMPLES}\n{start}\n\n{EXIT_STATUS}")
}

fn check_help() -> String {
    format!("{CHECK_EXAMPLES}\n\n{EXIT_STATUS}")
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::Args;

    #[test]
    fn the_command_line_is_well_formed() {
        Args::command().debug_assert();
    }
}
