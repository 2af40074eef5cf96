//! `deconflict demo`: a scenario, played against a live service by separate clients. It knows no answer: everything that it prints was told
//! by the service.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use deconflict_joint::{Disclosed, OPERATOR, Split, time_of, time_text};
use deconflict_plan::model::{ClaimKind, Picture};
use deconflict_plan::{SourceText, may_be_told};
use deconflict_service::native::{OPERATOR_SCOPE, PARTY_SCOPE};
use deconflict_service::tokens::{LONGEST_LIFE_S, NewToken, SigningAlgorithm, SigningKey};
use serde_json::{Value, json};

use crate::args::{Access, Demo};
use crate::client::{Client, No};
use crate::file::split_text;
use crate::{Status, follow, output};

/// The scenarios that come with the program.
const SCENARIOS: [(&str, &str); 2] = [
    ("euphrates-2017", include_str!("../../../scenarios/euphrates-2017.toml")),
    ("al-qaim-2016", include_str!("../../../scenarios/al-qaim-2016.toml")),
];
const SECOND_NS: i64 = 1_000_000_000;
const HOUR_NS: i64 = 3600 * SECOND_NS;
const DAY_NS: i64 = 24 * HOUR_NS;
/// The clock of the picture moves by at most so much at a time.
const STEP_NS: i64 = 6 * HOUR_NS;
/// How long the clients may take to hear and answer everything before the clock moves on without them.
const PATIENCE: Duration = Duration::from_secs(20);
const AUDIENCE: &str = "localhost";

/// Plays the scenario.
pub fn run(demo: &Demo) -> Status {
    match play(demo) {
        Ok(()) => Status::Clear,
        Err(why) => {
            output::complain(&format!("error: {why}\n"));
            Status::BadInput
        }
    }
}

fn play(demo: &Demo) -> Result<(), No> {
    let (name, bytes) = scenario(&demo.scenario)?;
    let parts = split_text(&name, bytes.clone())?;
    let picture =
        deconflict_plan::read(&[SourceText { name, bytes }], None).map_err(|problems| format!("{} problems", problems.len()))?;
    let mut stage = Stage::set(&picture, demo)?;
    stage.begin(&parts, demo)?;
    let (start_ns, mut now_ns) = (picture.as_of.ns(), picture.as_of.ns());
    let end_ns = start_ns + i64::from(demo.days) * DAY_NS;
    let (mut offered, mut killed) = (false, false);
    stage.until_quiet()?;
    while now_ns < end_ns {
        if !killed && now_ns >= start_ns + (end_ns - start_ns) / 2 {
            killed = true;
            stage.kill(&demo.kill);
        }
        if !offered && now_ns >= start_ns + i64::from(demo.offer_after) * DAY_NS {
            offered = true;
            stage.offer_splits(&picture)?;
        }
        let due_ns = stage.next_due_ns.map_or(i64::MAX, |due_ns| (due_ns.max(now_ns).div_euclid(SECOND_NS) + 1) * SECOND_NS);
        let next_ns = (now_ns + STEP_NS).min(due_ns).min(end_ns);
        if demo.speed > 0.0 {
            std::thread::sleep(Duration::from_secs_f64((next_ns - now_ns) as f64 / HOUR_NS as f64 / demo.speed));
        }
        now_ns = next_ns;
        stage.clock(now_ns)?;
        stage.until_quiet()?;
    }
    stage.summary();
    Ok(())
}

fn scenario(name: &str) -> Result<(String, Vec<u8>), No> {
    match SCENARIOS.iter().find(|(known, _)| *known == name) {
        Some((name, text)) => Ok(((*name).to_owned(), text.as_bytes().to_vec())),
        None => fs::read(name).map(|bytes| (name.to_owned(), bytes)).map_err(|error| {
            let known: Vec<&str> = SCENARIOS.iter().map(|(name, _)| *name).collect();
            format!("cannot read {name}: {error}; the scenarios that come with the program are {}", known.join(" and "))
        }),
    }
}

/// A service, a client for each party, and what they say.
struct Stage {
    folder: PathBuf,
    service: Child,
    url: String,
    operator: Client,
    speakers: BTreeMap<String, Client>,
    followers: BTreeMap<String, Child>,
    told: Receiver<(String, u64, Value)>,
    tell: Sender<(String, u64, Value)>,
    tallies: BTreeMap<String, Tally>,
    next_due_ns: Option<i64>,
}

/// What one recipient was told.
#[derive(Default)]
struct Tally {
    opened: usize,
    closed: usize,
    through: BTreeMap<String, usize>,
    direct: usize,
    agreed: usize,
    overdue: usize,
}

impl Stage {
    fn set(picture: &Picture, demo: &Demo) -> Result<Self, No> {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let folder = std::env::temp_dir().join(format!("deconflict-demo-{}-{}", std::process::id(), since.subsec_nanos()));
        fs::create_dir_all(&folder).map_err(|error| format!("cannot make {}: {error}", folder.display()))?;
        let key = SigningKey::generate(SigningAlgorithm::Ed25519).map_err(|error| error.to_string())?;
        let pem = folder.join("authority.pem");
        write(&pem, &key.public_pem().map_err(|error| error.to_string())?)?;
        let program = std::env::current_exe().map_err(|error| error.to_string())?;
        let log = fs::File::create(folder.join("log")).map_err(|error| error.to_string())?;
        let mut service = Command::new(&program)
            .args(["serve", "--listen", "127.0.0.1:0", "--audience", AUDIENCE, "--data"])
            .arg(folder.join("data"))
            .arg("--public-key")
            .arg(&pem)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn()
            .map_err(|error| format!("cannot start the service: {error}"))?;
        let mut line = String::new();
        let stdout = service.stdout.take().expect("it is piped");
        BufReader::new(stdout).read_line(&mut line).map_err(|error| error.to_string())?;
        let url = line.trim_end().strip_prefix("deconflict listens on ").map(str::to_owned);
        let url = url.ok_or_else(|| format!("the service did not start; {} says why", folder.join("log").display()))?;
        let access = |subject: &str, scope: &str| -> Result<Access, No> {
            let token = folder.join(format!("{subject}.jwt"));
            write(&token, &token_of(&key, subject, scope)?)?;
            Ok(Access { server: url.clone(), token: vec![format!("@{}", token.display())], ca_file: None, allow_http: false })
        };
        let operator = Client::one(&access(OPERATOR, OPERATOR_SCOPE)?)?;
        let mut speakers = BTreeMap::new();
        for party in picture.parties.iter().filter(|party| may_be_told(party) && party.registered) {
            speakers.insert(party.id.clone(), Client::one(&access(&party.id, PARTY_SCOPE)?)?);
        }
        let unknown: Vec<&String> =
            demo.without.iter().chain(&demo.kill).filter(|party| !speakers.contains_key(*party)).collect();
        if let Some(unknown) = unknown.first() {
            let known: Vec<&str> = speakers.keys().map(String::as_str).collect();
            return Err(format!("{unknown} has no client; these have: {}", known.join(", ")));
        }
        let (tell, told) = channel();
        let (followers, tallies) = (BTreeMap::new(), BTreeMap::new());
        Ok(Self { folder, service, url, operator, speakers, followers, told, tell, tallies, next_due_ns: None })
    }

    /// Files everything, and starts the clients.
    fn begin(&mut self, parts: &Split, demo: &Demo) -> Result<(), No> {
        output::print_plain(
            &format!("{} runs on {}\n", parts.frame["plan"]["title"].as_str().unwrap_or("A picture"), self.url),
            Status::Clear,
        );
        // Days pass in a second here: who has nothing to say is not silent for that.
        let settings = json!({ "clock": "exercise", "silent_after_s": 20 * 86_400 });
        self.operator.ask("PUT", "/api/v1/frame", Some(&json!({ "plan": parts.frame, "settings": settings })))?;
        let parties: BTreeSet<String> = self.speakers.keys().filter(|party| !demo.without.contains(party)).cloned().collect();
        for party in parties {
            self.follow(&party)?;
        }
        for (party, claims) in &parts.claims {
            let client = if party == OPERATOR { Some(&self.operator) } else { self.speakers.get(party) };
            let Some(client) = client else {
                output::print_plain(
                    &format!("{party} has no client: its {} claims are not filed\n", claims.len()),
                    Status::Clear,
                );
                continue;
            };
            // Where aircraft fly is told only where they conflict; what moves on the ground is told whole.
            let (flights, others): (Vec<Value>, Vec<Value>) = claims.iter().cloned().partition(|claim| claim["kind"] == "flight");
            for (claims, others) in [(others, Disclosed::Full), (flights, Disclosed::ConflictOnly)] {
                if !claims.is_empty() {
                    crate::file::file_claims(client, &claims, others)?;
                }
            }
        }
        Ok(())
    }

    /// Starts the client of a party, a process of its own.
    fn follow(&mut self, party: &str) -> Result<(), No> {
        let program = std::env::current_exe().map_err(|error| error.to_string())?;
        let token = format!("@{}", self.folder.join(format!("{party}.jwt")).display());
        let mut child = Command::new(program)
            .args(["follow", "--json", "--rehearse", "--server", &self.url, "--token", &token])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|error| format!("cannot start a client: {error}"))?;
        let stdout = child.stdout.take().expect("it is piped");
        let (party_of_thread, tell) = (party.to_owned(), self.tell.clone());
        std::thread::spawn(move || {
            for line in BufReader::new(stdout).lines().map_while(Result::ok) {
                let Ok(said) = serde_json::from_str::<Value>(&line) else { continue };
                if tell.send((party_of_thread.clone(), said["number"].as_u64().unwrap_or(0), said["event"].clone())).is_err() {
                    return;
                }
            }
        });
        self.followers.insert(party.to_owned(), child);
        Ok(())
    }

    fn clock(&mut self, now_ns: i64) -> Result<(), No> {
        let answer = self.operator.ask("PUT", "/api/v1/clock", Some(&json!({ "now": time_text(now_ns) })))?;
        self.next_due_ns = answer["next_due"].as_str().and_then(|due| time_of(due).ok());
        Ok(())
    }

    /// Waits until every client has seen, and answered, everything; prints what they were told meanwhile.
    fn until_quiet(&mut self) -> Result<(), No> {
        let begun = Instant::now();
        loop {
            let status = self.operator.get("/api/v1/status")?;
            let quiet = |party: &String| {
                let said = &status["parties"][party];
                said["latest_event"].as_u64().unwrap_or(0) <= said["seen"].as_u64().unwrap_or(0)
            };
            let all_quiet = self.followers.keys().all(quiet);
            self.print_told();
            if all_quiet || begun.elapsed() > PATIENCE {
                break;
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        // What clients have seen they have printed; it may still be on its way here.
        std::thread::sleep(Duration::from_millis(2));
        self.print_told();
        Ok(())
    }

    fn print_told(&mut self) {
        while let Ok((party, number, event)) = self.told.try_recv() {
            let tally = self.tallies.entry(party.clone()).or_default();
            match (event["event"].as_str().unwrap_or_default(), event["change"].as_str().unwrap_or_default()) {
                ("finding", "opened") => tally.opened += 1,
                ("finding", "closed") => tally.closed += 1,
                ("offer", "agreed") => tally.agreed += 1,
                ("overdue", _) if event["step"] == 1 => tally.overdue += 1,
                _ => {}
            }
            if matches!(event["event"].as_str(), Some("finding" | "message")) {
                match event["via"].as_array().and_then(|via| via.last()?.as_str()) {
                    Some(last) => *tally.through.entry(last.to_owned()).or_default() += 1,
                    None => tally.direct += 1,
                }
            }
            output::print_plain(&format!("{party:<9}{}\n", follow::line(number, &event)), Status::Clear);
        }
    }

    fn kill(&mut self, parties: &[String]) {
        for party in parties {
            if let Some(mut child) = self.followers.remove(party) {
                let _ = child.kill();
                let _ = child.wait();
                // What it had passed on before others have printed, too.
                std::thread::sleep(Duration::from_millis(200));
                self.print_told();
                output::print_plain(&format!("{party:<9}      (its client was killed)\n"), Status::Clear);
            }
        }
    }

    /// One side of each conflict of two flights offers to split the altitudes in the middle of what both would use.
    fn offer_splits(&mut self, picture: &Picture) -> Result<(), No> {
        let vertical_m = picture.minima(ClaimKind::Flight, ClaimKind::Flight).vertical_um as f64 / 1e6;
        let speakers: Vec<(String, Client)> =
            self.speakers.iter().map(|(party, client)| (party.clone(), client.clone())).collect();
        for (_, client) in speakers {
            let mut tried = BTreeSet::new();
            loop {
                let findings = client.get("/api/v1/findings")?;
                let of_flights = |found: &&Value| {
                    found["what"]["kind"] == "conflict"
                        && found["what"]["counterpart"]["kind"] == "flight"
                        && found["what"]["band_m"].is_array()
                };
                let open = findings["findings"].as_array().into_iter().flatten().filter(of_flights);
                let Some(found) = open.into_iter().find(|found| !tried.contains(&found["finding"].to_string())).cloned() else {
                    break;
                };
                tried.insert(found["finding"].to_string());
                let edge = |index: usize| found["what"]["band_m"][index].as_f64().unwrap_or(0.0);
                let middle_m = (edge(0) + edge(1)) / 2.0;
                let terms = json!({
                    "finding": found["finding"],
                    "text": "Keep apart by altitude",
                    "changes": [
                        { "claim": found["what"]["own"][0], "upper": format!("{} m", middle_m - vertical_m / 2.0) },
                        { "claim": "counterpart", "lower": format!("{} m", middle_m + vertical_m / 2.0) },
                    ],
                });
                if let Err(why) = client.ask("POST", "/api/v1/offers", Some(&terms)) {
                    output::complain(&format!("{why}\n"));
                }
                self.until_quiet()?;
            }
        }
        Ok(())
    }

    fn summary(&self) {
        let mut text = String::from("\nWhat each was told:\n");
        for (party, tally) in &self.tallies {
            let through: Vec<String> = tally.through.iter().map(|(via, count)| format!("{count} through {via}")).collect();
            let through = if through.is_empty() { String::new() } else { format!(", {}", through.join(", ")) };
            text.push_str(&format!(
                "{party:<9}{} findings opened, {} closed; {} told directly{through}; {} agreed; {} overdue\n",
                tally.opened, tally.closed, tally.direct, tally.agreed, tally.overdue
            ));
        }
        output::print_plain(&text, Status::Clear);
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        for child in self.followers.values_mut().chain([&mut self.service]) {
            let _ = child.kill();
            let _ = child.wait();
        }
        let _ = fs::remove_dir_all(&self.folder);
    }
}

fn token_of(key: &SigningKey, subject: &str, scope: &str) -> Result<String, No> {
    let now_s = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs() as i64);
    let token = NewToken {
        issuer: "demo",
        subject,
        audiences: &[AUDIENCE.to_owned()],
        scope,
        issued_at_s: now_s,
        expires_at_s: now_s + LONGEST_LIFE_S,
    };
    key.token(&token).map_err(|error| error.to_string())
}

fn write(path: &std::path::Path, text: &str) -> Result<(), No> {
    fs::write(path, text).map_err(|error| format!("cannot write {}: {error}", path.display()))
}
