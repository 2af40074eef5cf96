//! `cargo xtask conformance`: a stranger's client makes thousands of requests of our own description of the DSS, and looks whether the
//! service keeps to it: schemathesis, from PyPI, in a folder of its own below `target/`.

use crate::run::{cargo, root, succeed, succeed_keeping};
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

/// The version that was tried; others word their options differently.
const SCHEMATHESIS: &str = "schemathesis==4.32.5";

/// The name that the tokens of a run are for.
const AUDIENCE: &str = "localhost";

const SCOPES: &str = "utm.strategic_coordination utm.constraint_management utm.constraint_processing \
                      utm.conformance_monitoring_sa utm.availability_arbitration rid.service_provider rid.display_provider \
                      dss.read.identification_service_areas dss.write.identification_service_areas \
                      interuss.pool_status.read interuss.pool_status.heartbeat.write interuss.versioning.read_system_versions";

/// What schemathesis asks beyond the description, and we answer otherwise, as the servers in use do: an unknown method is 404 and not
/// 405, and rules of the standard that no schema can say (an end in the past, a flight in the way) refuse requests of the right shape.
const NOT_ASKED: &str = "unsupported_method,positive_data_acceptance";

/// Of the native interface, too: who may not ask hears so before the form of its request is looked at.
const NOT_ASKED_NATIVE: &str = "unsupported_method,positive_data_acceptance,ignored_auth,missing_required_header";

/// Builds the service, starts it, and has it asked. `examples`: how many requests of each kind.
pub fn run(examples: &str) -> Result<Vec<String>, String> {
    let schemathesis = installed()?;
    succeed(&mut cargo(&["build", "--locked", "--package", "deconflict"]))?;
    let binary = target().join("debug").join("deconflict");
    let folder = target().join("conformance").join("data");
    match std::fs::remove_dir_all(&folder) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            return Err(format!("cannot clear {}: {error}", folder.display()));
        }
        _ => {}
    }
    std::fs::create_dir_all(&folder).map_err(|error| format!("cannot make {}: {error}", folder.display()))?;
    succeed(Command::new(&binary).arg("keygen").arg("--out").arg(&folder).stdout(Stdio::null()))?;
    let service = Service::start(&binary, &folder)?;
    let ask = |description: &str, token: &str, not_asked: &str| {
        let mut asking = Command::new(&schemathesis);
        asking.current_dir(&folder).args(["run", "--seed", "1", "--max-examples", examples, "--exclude-checks", not_asked]);
        asking.args(["--no-color", "--header", &format!("Authorization: Bearer {token}")]);
        asking.arg(format!("{}{description}", service.url));
        succeed_keeping(&mut asking, |line| line.contains("generated") || line.contains("passed") || line.contains("failed"))
    };
    let mut kept = ask("/dss/v1/openapi.json", &token(&binary, &folder, "uss1", SCOPES)?, NOT_ASKED)?;
    // The native interface needs a picture to be asked about.
    let operator = token(&binary, &folder, "cell", "deconflict.operator")?;
    let mut filing = Command::new(&binary);
    filing.args(["file", "scenarios/euphrates-2017.toml", "--exercise", "--server", &service.url, "--token", &operator]);
    succeed(filing.current_dir(root()).stdout(Stdio::null()))?;
    for token in [token(&binary, &folder, "P.RUS", "deconflict.party")?, operator] {
        kept.extend(ask("/api/v1/openapi.json", &token, NOT_ASKED_NATIVE)?);
    }
    Ok(kept)
}

/// The program, installed if it is not there.
fn installed() -> Result<PathBuf, String> {
    let folder = target().join("conformance").join("venv");
    let program = folder.join("bin").join("schemathesis");
    if !program.exists() {
        println!("schemathesis is missing; installing {SCHEMATHESIS} from PyPI into {}. This happens once.", folder.display());
        let make = || succeed(Command::new("python3").args(["-m", "venv"]).arg(&folder));
        if make().is_err() {
            println!("Python 3 with venv is missing; installing it with apt-get.");
            succeed(Command::new("apt-get").args(["install", "--yes", "python3-venv"]))?;
            make()?;
        }
        succeed(Command::new(folder.join("bin").join("pip")).args(["install", "--quiet", SCHEMATHESIS]))?;
    }
    Ok(program)
}

fn target() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from)
}

fn token(binary: &Path, folder: &Path, subject: &str, scopes: &str) -> Result<String, String> {
    let mut command = Command::new(binary);
    command.args(["token", "--sub", subject, "--aud", AUDIENCE, "--scope", scopes, "--key"]).arg(folder.join("token.key"));
    let made = command.output().map_err(|error| format!("cannot make a token: {error}"))?;
    if made.status.success() {
        Ok(String::from_utf8_lossy(&made.stdout).trim().to_owned())
    } else {
        Err(format!("cannot make a token: {}", String::from_utf8_lossy(&made.stderr)))
    }
}

/// A service that runs until this is dropped.
struct Service {
    child: Child,
    url: String,
}

impl Service {
    fn start(binary: &Path, folder: &Path) -> Result<Self, String> {
        let mut command = Command::new(binary);
        command.args(["serve", "--listen", "127.0.0.1:0", "--rate-limit", "0", "--log-level", "warn", "--audience", AUDIENCE]);
        command.arg("--data").arg(folder.join("dss")).arg("--public-key").arg(folder.join("token.pem"));
        let mut child = command.stdout(Stdio::piped()).spawn().map_err(|error| format!("the service does not start: {error}"))?;
        let mut line = String::new();
        let read = BufReader::new(child.stdout.as_mut().expect("it is piped")).read_line(&mut line);
        let mut service = Self { child, url: String::new() };
        read.map_err(|error| format!("the service does not say where it listens: {error}"))?;
        let url = line.trim().strip_prefix("deconflict listens on ");
        service.url = url.ok_or_else(|| format!("the service said {line:?}, and not where it listens"))?.to_owned();
        Ok(service)
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        // It ends with us in any case.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
