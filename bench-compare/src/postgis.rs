//! PostGIS, from Debian, in a cluster of its own that listens on no network and is stopped at the end.

use crate::engines::blank;
use crate::install::{folder, said, succeed};
use deconflict_bench::answers::Answer;
use deconflict_bench::case::{Figure, Outcome};
use deconflict_bench::known::Known;
use deconflict_bench::measure::Times;
use deconflict_bench::w::Record;
use std::fs;
use std::io::{BufWriter, Write as _};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

/// Its name in the report.
pub const NAME: &str = "postgis";
const LOAD: &str = include_str!("postgis_load.sql");
const JOIN: &str = include_str!("postgis_join.sql");
/// One run: the join of the larger sets takes minutes, and the first one is no slower than the others.
const RUNS: usize = 1;

pub fn run(known: &Known, threads: usize, _runs: usize) -> Outcome {
    let programs = programs().unwrap_or_else(|| {
        succeed(Command::new("apt-get").args(["install", "--yes", "--no-install-recommends", "postgresql-15-postgis-3"]));
        programs().expect("the package brings PostgreSQL 15")
    });
    let cluster = Cluster::start(programs);
    let (records, answer) = (cluster.folder.join("set.csv"), cluster.folder.join("pairs.csv"));
    write_csv(&records, &known.workload.records(2));
    cluster.sql(&LOAD.replace("{SET}", &records.to_string_lossy()));
    let times: Vec<Duration> = (0..RUNS).map(|_| cluster.timed(&JOIN.replace("{PAIRS}", &answer.to_string_lossy()))).collect();
    let version = cluster.sql("SELECT 'PostGIS ' || postgis_lib_version();");
    let text = fs::read_to_string(&answer).expect("the join wrote its pairs");
    let pair = |line: &str| line.split_once(',').and_then(|(a, b)| Some((a.parse().ok()?, b.parse().ok()?)));
    let pairs: Vec<(u32, u32)> = text.lines().map(|line| pair(line).expect("two numbers a line")).collect();
    Outcome {
        runs: times.len(),
        figures: vec![Figure::median(&Times::new(times), None)],
        answer: Answer::planar(&pairs, Some(known)),
        parsed_bytes: u64::from(known.workload.volumes()) * 72,
        peak_bytes: None,
        remarks: vec![format!("{}; one run without a warm-up, on as many workers as it likes", version.trim())],
        ..blank(NAME, known, threads)
    }
}

/// The folder of `initdb`, `pg_ctl` and `psql`, if PostGIS is installed for PostgreSQL 15.
fn programs() -> Option<PathBuf> {
    let is_there = Path::new("/usr/share/postgresql/15/extension/postgis.control").exists();
    is_there.then(|| PathBuf::from("/usr/lib/postgresql/15/bin"))
}

/// A database server in a folder of its own; stopped when dropped.
struct Cluster {
    programs: PathBuf,
    folder: PathBuf,
    is_root: bool,
}

impl Cluster {
    fn start(programs: PathBuf) -> Self {
        let folder = folder().join("postgis");
        let is_root = said(Command::new("id").arg("--user")).trim() == "0";
        let cluster = Self { programs, folder, is_root };
        if cluster.folder.exists() {
            fs::remove_dir_all(&cluster.folder).expect("what an earlier run left can be removed");
        }
        fs::create_dir(&cluster.folder).expect("a folder can be made");
        if cluster.is_root {
            // PostgreSQL refuses to run as root; the package made this user.
            succeed(Command::new("chown").arg("postgres").arg(&cluster.folder));
        }
        let data = cluster.folder.join("data");
        succeed(cluster.program("initdb").args(["--auth=trust", "--username=bench", "--no-sync", "--pgdata"]).arg(&data));
        // Memory for a machine of some GB; durability is not what is compared.
        let options = format!(
            "-c listen_addresses= -c unix_socket_directories={} -c fsync=off -c shared_buffers=1GB -c work_mem=256MB \
             -c maintenance_work_mem=1GB -c max_wal_size=8GB -c jit=off",
            cluster.folder.display()
        );
        let log = cluster.folder.join("log");
        succeed(
            cluster
                .program("pg_ctl")
                .args(["start", "--wait", "--options", &options, "--log"])
                .arg(log)
                .arg("--pgdata")
                .arg(&data),
        );
        cluster
    }

    /// Runs statements; gives back what they print.
    fn sql(&self, statements: &str) -> String {
        let mut command = self.program("psql");
        command.args(["--no-psqlrc", "--quiet", "--tuples-only", "--no-align", "--set=ON_ERROR_STOP=1", "--username=bench"]);
        said(command.arg("--host").arg(&self.folder).args(["--dbname=postgres", "--command", statements]))
    }

    fn timed(&self, statements: &str) -> Duration {
        let start = std::time::Instant::now();
        self.sql(statements);
        start.elapsed()
    }

    fn program(&self, name: &str) -> Command {
        let path = self.programs.join(name);
        let mut command = Command::new(if self.is_root { Path::new("runuser") } else { &path });
        if self.is_root {
            command.args(["--user", "postgres", "--"]).arg(&path);
        }
        command.current_dir(&self.folder);
        command
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        let data = self.folder.join("data");
        let stopped = self.program("pg_ctl").args(["stop", "--wait", "--mode=fast", "--pgdata"]).arg(data).output();
        if !stopped.is_ok_and(|output| output.status.success()) {
            eprintln!("the server in `{}` could not be stopped", self.folder.display());
        }
    }
}

/// One line a volume: its number, then the eighteen numbers of W's files.
fn write_csv(path: &Path, records: &[Record]) {
    let write = || {
        let mut file = BufWriter::new(fs::File::create(path)?);
        for (number, record) in records.iter().enumerate() {
            let words = record.words().map(|word| word.to_string());
            writeln!(file, "{number},{}", words.join(","))?;
        }
        file.flush()
    };
    write().unwrap_or_else(|error| panic!("cannot write `{}`: {error}", path.display()));
}
