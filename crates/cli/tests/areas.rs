//! Many identification service areas at once, over real sockets: no answer is a 5xx, none is stale, and what was acknowledged
//! is there after a kill (SIGKILL) under load.

use deconflict_testbed::{Authority, Connection, Corner, Extent, Random, Server, now};
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

const BINARY: &str = env!("CARGO_BIN_EXE_deconflict");
const SEED: u64 = 20_261_126;
const PROVIDERS: usize = 12;
const SCOPES: &str = "rid.service_provider rid.display_provider dss.read.identification_service_areas";
/// Acknowledged writes of all before each kill.
const WRITES: u64 = 2_000;
const KILLS: usize = 4;

/// What one provider knows of its areas.
struct Provider {
    number: usize,
    token: String,
    random: Random,
    /// Versions by id.
    areas: BTreeMap<String, String>,
    /// What was deleted.
    gone: Vec<String>,
    /// The write that was not answered when the kill came, by the id of its area.
    in_doubt: Option<String>,
}

impl Provider {
    /// Its own corner of the world, that all its areas are in.
    fn corner(&self) -> Corner {
        Corner { lat: 46.0 + 0.1 * self.number as f64, lng: 7.0 }
    }

    fn body(&self) -> String {
        let Corner { lat, lng } = self.corner();
        let corners = vec![Corner { lat, lng }, Corner { lat, lng: lng + 0.002 }, Corner { lat: lat + 0.002, lng }];
        let extent = Extent { corners, lower_m: 0.0, upper_m: 100.0, start: now(), end: now().plus_s(3_600) };
        format!(r#"{{"extents":{},"uss_base_url":"https://sp{}.example.com"}}"#, extent.json(), self.number)
    }

    /// Writes, reads and searches, until the service is gone; how many writes were acknowledged goes into `written`.
    fn work(&mut self, address: SocketAddr, written: &AtomicU64) {
        let Ok(mut connection) = Connection::open(address, &self.token) else { return };
        while self.write(&mut connection).is_ok() {
            written.fetch_add(1, Ordering::Relaxed);
            if self.random.below(4) == 0 && self.search(&mut connection).is_err() {
                return;
            }
        }
    }

    fn write(&mut self, connection: &mut Connection) -> std::io::Result<()> {
        const MOST: usize = 20;
        let at = self.random.below(2 * MOST as u64) as usize;
        let known = self.areas.iter().nth(at).map(|(id, version)| (id.clone(), version.clone()));
        let (method, id, version, body) = match known {
            Some((id, version)) if self.random.below(2) == 0 => ("DELETE", id, format!("/{version}"), String::new()),
            Some((id, version)) => ("PUT", id, format!("/{version}"), self.body()),
            None => ("PUT", self.random.uuid_v4().to_string(), String::new(), self.body()),
        };
        self.in_doubt = Some(id.clone());
        let path = format!("/rid/v2/dss/identification_service_areas/{id}");
        let answer = connection.send(method, &format!("{path}{version}"), &body)?;
        assert_eq!(answer.status, 200, "{method} {path}: {}", String::from_utf8_lossy(answer.body));
        let version = answer.text("\"service_area\"", "version").expect("a version").to_owned();
        self.in_doubt = None;
        if method == "DELETE" {
            self.areas.remove(&id);
            self.gone.push(id.clone());
        } else {
            self.areas.insert(id.clone(), version.clone());
        }
        // Whoever has the answer sees what was written, through the other version, too.
        let answer = connection.send("GET", &format!("/v1/dss/identification_service_areas/{id}"), "")?;
        match method {
            "DELETE" => assert_eq!(answer.status, 404, "{id} is gone"),
            _ => assert_eq!((answer.status, answer.text("", "version")), (200, Some(&*version)), "{id} is what was written"),
        }
        Ok(())
    }

    fn search(&self, connection: &mut Connection) -> std::io::Result<()> {
        let Corner { lat, lng } = self.corner();
        let area = format!("area={lat},{lng},{lat},{},{},{lng}", lng + 0.002, lat + 0.002);
        let answer = connection.send("GET", &format!("/rid/v2/dss/identification_service_areas?{area}"), "")?;
        assert_eq!(answer.status, 200, "{}", String::from_utf8_lossy(answer.body));
        let body: serde_json::Value = serde_json::from_slice(answer.body).expect("JSON");
        let areas = body["service_areas"].as_array().expect("a list").iter();
        let text = |area: &serde_json::Value, name: &str| area[name].as_str().expect("a text").to_owned();
        let found: BTreeMap<String, String> = areas.map(|area| (text(area, "id"), text(area, "version"))).collect();
        assert_eq!(found, self.areas, "nobody else writes there");
        Ok(())
    }

    /// After a kill: one write at most was carried out without an answer; everything else is as it was acknowledged.
    fn check(&mut self, address: SocketAddr) {
        let mut connection = Connection::open(address, &self.token).expect("it listens");
        if let Some(id) = self.in_doubt.take() {
            let answer =
                connection.send("GET", &format!("/rid/v2/dss/identification_service_areas/{id}"), "").expect("an answer");
            match answer.status {
                200 => drop(self.areas.insert(id, answer.text("", "version").expect("a version").to_owned())),
                status => {
                    assert_eq!(status, 404);
                    self.areas.remove(&id);
                }
            }
        }
        self.search(&mut connection).expect("an answer");
        for id in self.gone.drain(..) {
            let answer =
                connection.send("GET", &format!("/rid/v2/dss/identification_service_areas/{id}"), "").expect("an answer");
            assert_eq!(answer.status, 404, "{id} is gone");
        }
    }
}

#[test]
fn many_areas_at_once_are_never_answered_with_5xx_or_what_is_stale_and_survive_kills() {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("areas-{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).expect("a folder");
    let authority = Authority::new(Path::new(BINARY), &folder).expect("keys");
    let provider = |number: usize| Provider {
        number,
        token: authority.token(&format!("sp{number}"), SCOPES).expect("a token"),
        random: Random::of(SEED, number as u64),
        areas: BTreeMap::new(),
        gone: Vec::new(),
        in_doubt: None,
    };
    let mut providers: Vec<Provider> = (0..PROVIDERS).map(provider).collect();
    for kill in 0..=KILLS {
        let arguments = ["--snapshot-every", "300", "--rate-limit", "0"];
        let mut server = Server::start(Path::new(BINARY), &folder, &authority, &arguments).expect("the service starts");
        let (address, _) = server.ready().unwrap_or_else(|error| panic!("after {kill} kills: {error}"));
        providers.iter_mut().for_each(|provider| provider.check(address));
        if kill == KILLS {
            server.end().expect("it ends well when it is asked to");
            break;
        }
        let written = AtomicU64::new(0);
        std::thread::scope(|scope| {
            let workers: Vec<_> = providers.iter_mut().map(|provider| scope.spawn(|| provider.work(address, &written))).collect();
            while written.load(Ordering::Relaxed) < WRITES && !workers.iter().any(|worker| worker.is_finished()) {
                std::thread::yield_now();
            }
            server.kill().expect("killed");
        });
        assert!(written.load(Ordering::Relaxed) >= WRITES, "nobody stopped before the kill");
    }
    std::fs::remove_dir_all(&folder).expect("it is ours");
}
