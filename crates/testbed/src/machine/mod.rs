//! Machines that are not well: a disk that is slow, a clock that is wrong, each for single processes and to be changed while they run.
//!
//! Both are a page of C beside this file, made by the C compiler with which Rust links, too. Linux only.

use crate::engine::{NEED_ENGINES, find};
use std::fs::{self, File};
use std::io;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

/// A disk on which each sync waits, one after the other, for the processes that are started through it.
#[derive(Debug)]
pub struct SlowDisk {
    launcher: PathBuf,
    waits: Number,
}

impl SlowDisk {
    /// A disk that is not slow yet, with its files named after `name` in `folder`. `None` where there is no C compiler, or no Linux
    /// that lets us (seccomp with user notification, 5.5).
    ///
    /// # Errors
    /// It cannot be made, or may not be and [`NEED_ENGINES`] is set.
    pub fn new(folder: &Path, name: &str) -> io::Result<Option<Self>> {
        let source = ("slow_disk.c", include_str!("slow_disk.c"));
        let Some(launcher) = compile(folder, source, &[])? else { return Ok(None) };
        let disk = Self { launcher, waits: Number::new(folder.join(format!("{name}.slow")))? };
        let tried = disk.command(Path::new("true")).output()?;
        if tried.status.success() {
            return Ok(Some(disk));
        }
        let said = String::from_utf8_lossy(&tried.stderr);
        if std::env::var_os(NEED_ENGINES).is_some() {
            return Err(io::Error::other(format!("no disk can be made slow here: {said}")));
        }
        eprintln!("passed over: no disk can be made slow here: {said}");
        Ok(None)
    }

    /// How `program` is started on it. The process is the program's own.
    pub fn command(&self, program: &Path) -> Command {
        let mut command = Command::new(&self.launcher);
        command.arg(&self.waits.file).arg(program);
        command
    }

    /// Has each sync wait so long from now on.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn set(&self, wait: Duration) -> io::Result<()> {
        self.waits.set(i64::try_from(wait.as_millis()).map_err(io::Error::other)?)
    }
}

/// A clock that is wrong for the processes that are started by it. It is the wall clock alone; time passes as it does.
#[derive(Debug)]
pub struct WrongClock {
    library: PathBuf,
    off: Number,
}

impl WrongClock {
    /// A clock that is right yet, with its files named after `name` in `folder`. `None` where there is no C compiler or no Linux.
    ///
    /// # Errors
    /// It cannot be made.
    pub fn new(folder: &Path, name: &str) -> io::Result<Option<Self>> {
        let source = ("wrong_clock.c", include_str!("wrong_clock.c"));
        let Some(library) = compile(folder, source, &["-shared", "-fPIC"])? else { return Ok(None) };
        Ok(Some(Self { library, off: Number::new(folder.join(format!("{name}.off")))? }))
    }

    /// Has the program that `command` starts see this clock. It has to ask the C library what time it is.
    pub fn seen_by(&self, command: &mut Command) {
        command.env("LD_PRELOAD", &self.library).env("WRONG_CLOCK", &self.off.file);
    }

    /// Sets it so many milliseconds off, ahead if positive.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn set(&self, off_ms: i64) -> io::Result<()> {
        self.off.set(off_ms)
    }
}

/// A number that other processes look at; they never see half of it.
#[derive(Debug)]
struct Number {
    file: PathBuf,
}

impl Number {
    fn new(file: PathBuf) -> io::Result<Self> {
        fs::write(&file, 0_i64.to_ne_bytes())?;
        Ok(Self { file })
    }

    fn set(&self, number: i64) -> io::Result<()> {
        File::options().write(true).open(&self.file)?.write_all_at(&number.to_ne_bytes(), 0)
    }
}

/// What the compiler makes of a source, in `folder`; made once.
fn compile(folder: &Path, (name, source): (&str, &str), arguments: &[&str]) -> io::Result<Option<PathBuf>> {
    if !cfg!(target_os = "linux") {
        return Ok(None);
    }
    let Some(compiler) = find("cc") else { return Ok(None) };
    let (file, made) = (folder.join(name), folder.join(name).with_extension("made"));
    if !made.exists() {
        fs::write(&file, source)?;
        let output = Command::new(compiler).arg("-O1").args(arguments).arg("-o").arg(&made).arg(&file).output()?;
        if !output.status.success() {
            return Err(io::Error::other(format!("{name}: {}", String::from_utf8_lossy(&output.stderr))));
        }
    }
    Ok(Some(made))
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;
    use std::time::{Instant, SystemTime};

    fn folder(name: &str) -> PathBuf {
        let folder = std::env::temp_dir().join(format!("deconflict-machine-{name}-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        folder
    }

    #[test]
    fn a_slow_disk_makes_each_sync_wait_and_nothing_else() {
        let folder = folder("disk");
        let Some(disk) = SlowDisk::new(&folder, "one").unwrap() else { return };
        let takes = |program: &str, file: &str| {
            let begun = Instant::now();
            assert!(disk.command(Path::new(program)).arg(folder.join(file)).status().unwrap().success());
            begun.elapsed()
        };
        let wait = Duration::from_millis(300);
        disk.set(wait).unwrap();
        assert!(takes("touch", "file") < wait);
        assert!(takes("sync", "file") >= wait);
        disk.set(Duration::ZERO).unwrap();
        assert!(takes("sync", "file") < wait);
        fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn a_wrong_clock_is_off_by_what_it_is_told() {
        let folder = folder("clock");
        let Some(clock) = WrongClock::new(&folder, "one").unwrap() else { return };
        for off_s in [0, -20, 3_600] {
            clock.set(off_s * 1_000).unwrap();
            let mut command = Command::new("date");
            clock.seen_by(command.arg("+%s"));
            let said: i64 = String::from_utf8(command.output().unwrap().stdout).unwrap().trim().parse().unwrap();
            let now = SystemTime::UNIX_EPOCH.elapsed().unwrap().as_secs().cast_signed();
            assert!((said - now - off_s).abs() <= 1, "{said} at {now}, {off_s} off");
        }
        fs::remove_dir_all(folder).unwrap();
    }
}
