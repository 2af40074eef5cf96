//! Nodes over engines that are reached by TLS and ask for a password: they work as any others, and whoever is not let in is told why.

use crate::pool::{Folder, Pool, Register, status_by};
use deconflict_testbed::{Certificates, EtcdCluster, PostgresServer, Random, now};
use std::path::Path;

const PASSWORD: &str = "k7Rw-yJ2pQz";
const WRONG: &str = "n4Ts-bV9xLm";
/// The end of an address: the authority, and the file with a password.
fn keys(folder: &Path, certificates: &Certificates, password: &str) -> String {
    let file = folder.join(format!("{password}.file"));
    std::fs::write(&file, password).expect("it is ours");
    format!("ca={}&password-file={}", certificates.authority().display(), file.display())
}

fn check(folder: &Folder, certificates: &Certificates, address: &str) {
    let good = format!("{address}?{}", keys(&folder.0, certificates, PASSWORD));
    let pool = Pool::start(folder, &[good.clone(), good]);
    let mut random = Random::new(5);
    let register = Register::new(&mut random, 0, now().plus_s(3_600));
    let (ovn, suffix) = register.fresh(&mut random, &None);
    let (status, body) = register.write(&mut pool.client(0), &None, &suffix).expect("an answer");
    assert_eq!(status, 201, "{body}");
    assert_eq!(register.read(&mut pool.client(1)).expect("an answer"), (200, Some(ovn)));
    pool.wait_until_equal();

    let wrong = format!("{address}?{}", keys(&folder.0, certificates, WRONG));
    let output = status_by(&wrong);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.code() == Some(2) && said.contains("authentication failed") && !said.contains(WRONG), "{said}");
}

#[test]
fn two_nodes_on_etcd_with_tls_and_a_password() {
    let folder = Folder::new("pool-etcd-secured");
    let Some(certificates) = Certificates::new(&folder.0, "DNS:localhost").expect("certificates") else { return };
    let user = ("north", PASSWORD, "test/");
    let Some(etcd) = EtcdCluster::start_secured(&folder.0, &certificates, user).expect("etcd starts") else { return };
    check(&folder, &certificates, &format!("etcd://north@localhost:{}/test", etcd.port(0)));
}

#[test]
fn two_nodes_on_postgresql_with_tls_and_a_password() {
    let folder = Folder::new("pool-postgres-secured");
    let Some(certificates) = Certificates::new(&folder.0, "DNS:localhost").expect("certificates") else { return };
    let started = PostgresServer::start_secured(&folder.0, &certificates, PASSWORD).expect("PostgreSQL starts");
    let Some(server) = started else { return };
    check(&folder, &certificates, &format!("postgres://localhost:{}", server.port()));
}
