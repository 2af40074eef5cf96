//! An etcd cluster.

use crate::certificates::Certificates;
use crate::connection::Connection;
use crate::engine::{find, free_port, until};
use crate::machine::SlowDisk;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;

/// An etcd cluster on this machine.
pub struct EtcdCluster {
    binary: PathBuf,
    members: Vec<EtcdMember>,
}

/// One server of an etcd cluster.
struct EtcdMember {
    arguments: Vec<String>,
    log: PathBuf,
    /// Where clients are meant to come.
    port: u16,
    /// Where whoever sets it up comes, without TLS; the same if there is none.
    plain_port: u16,
    disk: Option<Arc<SlowDisk>>,
    process: Option<Child>,
}

impl EtcdMember {
    fn connect(&self) -> io::Result<Connection> {
        Connection::open(([127, 0, 0, 1], self.plain_port).into(), "")
    }
}

impl EtcdCluster {
    /// Starts `count` servers. Where others reach server n on the port that `peer_port(n, port)` gives, there must be
    /// something that leads to its own port. `None` if etcd is not installed.
    ///
    /// # Errors
    /// They do not start.
    pub fn start(folder: &Path, count: usize, peer_port: impl FnMut(usize, u16) -> io::Result<u16>) -> io::Result<Option<Self>> {
        Self::start_with(folder, count, peer_port, None, Vec::new())
    }

    /// The same, with a server on each of `disks`.
    ///
    /// # Errors
    /// They do not start.
    pub fn start_on(
        folder: &Path,
        disks: Vec<Arc<SlowDisk>>,
        peer_port: impl FnMut(usize, u16) -> io::Result<u16>,
    ) -> io::Result<Option<Self>> {
        Self::start_with(folder, disks.len(), peer_port, None, disks)
    }

    /// Starts one server that clients reach by TLS, and lets in only its users: `root`, and `user` with whatever begins with
    /// `prefix`; both have the same password. What
    /// they are given for it runs out when they have said nothing for two seconds. `None` if etcd is not installed.
    ///
    /// # Errors
    /// It does not start, or does not take its users.
    pub fn start_secured(
        folder: &Path,
        certificates: &Certificates,
        (user, password, prefix): (&str, &str, &str),
    ) -> io::Result<Option<Self>> {
        let Some(cluster) = Self::start_with(folder, 1, |_, port| Ok(port), Some(certificates), Vec::new())? else {
            return Ok(None);
        };
        let mut connection = cluster.members[0].connect()?;
        let (from, mut to) = (prefix.as_bytes(), prefix.as_bytes().to_vec());
        *to.last_mut().ok_or_else(|| io::Error::other("the prefix is empty"))? += 1;
        let range = format!(r#""key":"{}","range_end":"{}""#, base64(from), base64(&to));
        for (path, body) in [
            ("user/add", format!(r#"{{"name":"root","password":"{password}"}}"#)),
            ("user/add", format!(r#"{{"name":"{user}","password":"{password}"}}"#)),
            ("role/add", r#"{"name":"limited"}"#.to_owned()),
            ("role/grant", format!(r#"{{"name":"limited","perm":{{"permType":"READWRITE",{range}}}}}"#)),
            ("user/grant", format!(r#"{{"user":"{user}","role":"limited"}}"#)),
            ("user/grant", r#"{"user":"root","role":"root"}"#.to_owned()),
            ("enable", "{}".to_owned()),
        ] {
            let answer = connection.send("POST", &format!("/v3/auth/{path}"), &body)?;
            if answer.status != 200 {
                let said = String::from_utf8_lossy(answer.body);
                return Err(io::Error::other(format!("auth/{path} was answered with {} and {said}", answer.status)));
            }
        }
        Ok(Some(cluster))
    }

    fn start_with(
        folder: &Path,
        count: usize,
        mut peer_port: impl FnMut(usize, u16) -> io::Result<u16>,
        certificates: Option<&Certificates>,
        disks: Vec<Arc<SlowDisk>>,
    ) -> io::Result<Option<Self>> {
        let Some(binary) = find("etcd") else { return Ok(None) };
        let mut ports = Vec::new();
        for index in 0..count {
            let (plain, peer) = (free_port()?, free_port()?);
            ports.push((plain, peer, peer_port(index, peer)?));
        }
        let cluster: Vec<_> =
            ports.iter().enumerate().map(|(index, (.., others))| format!("e{index}=http://127.0.0.1:{others}")).collect();
        let mut members = Vec::new();
        for (index, (plain, peer, others)) in ports.iter().enumerate() {
            let secured = certificates.map(|certificates| Ok::<_, io::Error>((free_port()?, certificates))).transpose()?;
            let mut listens = format!("http://127.0.0.1:{plain}");
            listens.extend(secured.map(|(port, _)| format!(",https://127.0.0.1:{port}")));
            let mut arguments = vec![
                format!("--name=e{index}"),
                format!("--data-dir={}", folder.join(format!("etcd-{index}")).display()),
                format!("--listen-client-urls={listens}"),
                format!("--advertise-client-urls={listens}"),
                format!("--listen-peer-urls=http://127.0.0.1:{peer}"),
                format!("--initial-advertise-peer-urls=http://127.0.0.1:{others}"),
                format!("--initial-cluster={}", cluster.join(",")),
                "--logger=zap".to_owned(),
                "--log-level=warn".to_owned(),
            ];
            if let Some((_, certificates)) = secured {
                arguments.push(format!("--cert-file={}", certificates.certificate().display()));
                arguments.push(format!("--key-file={}", certificates.key().display()));
                // Tokens run out as soon as they can, and passwords are checked quickly.
                arguments.extend(["--auth-token-ttl=1".to_owned(), "--bcrypt-cost=4".to_owned()]);
            }
            let log = folder.join(format!("etcd-{index}.log"));
            let port = secured.map_or(*plain, |(port, _)| port);
            let disk = disks.get(index).cloned();
            members.push(EtcdMember { arguments, log, port, plain_port: *plain, disk, process: None });
        }
        let mut cluster = Self { binary, members };
        for index in 0..count {
            cluster.revive(index)?;
        }
        cluster.wait_until_ready()?;
        Ok(Some(cluster))
    }

    /// How many servers it has.
    #[expect(clippy::len_without_is_empty, reason = "a cluster has a server")]
    pub fn len(&self) -> usize {
        self.members.len()
    }

    /// Where clients reach server `index`.
    pub fn port(&self, index: usize) -> u16 {
        self.members[index].port
    }

    /// Its process, if it runs.
    pub fn process(&self, index: usize) -> Option<u32> {
        self.members[index].process.as_ref().map(Child::id)
    }

    /// Kills a server (SIGKILL).
    ///
    /// # Errors
    /// The system does not let us.
    pub fn kill(&mut self, index: usize) -> io::Result<()> {
        if let Some(mut process) = self.members[index].process.take() {
            process.kill()?;
            process.wait()?;
        }
        Ok(())
    }

    /// Starts a server that does not run.
    ///
    /// # Errors
    /// It does not start.
    pub fn revive(&mut self, index: usize) -> io::Result<()> {
        let member = &mut self.members[index];
        let log = fs::File::options().append(true).create(true).open(&member.log)?;
        let mut command = member.disk.as_ref().map_or_else(|| Command::new(&self.binary), |disk| disk.command(&self.binary));
        command.args(&member.arguments).stdin(Stdio::null()).stdout(Stdio::null()).stderr(log);
        member.process = Some(command.spawn()?);
        Ok(())
    }

    /// Waits until every server that runs says that the cluster has a leader.
    ///
    /// # Errors
    /// It takes too long.
    pub fn wait_until_ready(&self) -> io::Result<()> {
        self.members.iter().filter(|member| member.process.is_some()).try_for_each(|member| {
            until(|| {
                let mut connection = member.connect().ok()?;
                let answer = connection.send("GET", "/health", "").ok()?;
                String::from_utf8_lossy(answer.body).contains("\"true\"").then_some(())
            })
        })
    }
}

impl Drop for EtcdCluster {
    fn drop(&mut self) {
        for index in 0..self.members.len() {
            let _ = self.kill(index);
        }
    }
}

/// RFC 4648, section 4.
fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let digits = |piece: &[u8]| {
        let bits = (0..3).fold(0, |bits, index| bits << 8 | usize::from(piece.get(index).copied().unwrap_or(0)));
        let digit = move |place: usize| if place > piece.len() { '=' } else { char::from(DIGITS[bits >> (18 - 6 * place) & 63]) };
        [digit(0), digit(1), digit(2), digit(3)]
    };
    bytes.chunks(3).flat_map(digits).collect()
}

#[cfg(test)]
mod tests {
    use super::base64;

    #[test]
    fn bytes_in_base64() {
        for (bytes, text) in [("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg==")] {
            assert_eq!(base64(bytes.as_bytes()), text);
        }
    }
}
