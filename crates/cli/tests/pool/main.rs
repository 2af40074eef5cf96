//! Pools of three nodes over real engines on this machine: what one node was told, every node knows, and no node that is killed takes
//! anything with it that was acknowledged.
//!
//! Where etcd or PostgreSQL are not installed, their tests are passed over with a line; with `DECONFLICT_NEED_ENGINES` set, they fail.

#![cfg(unix)]

mod client;
mod faults;
mod fence;
mod field;
mod gateway;
mod history;
mod joint;
mod pool;
mod secured;
mod upgrade;

use deconflict_testbed::{Random, now};
use pool::{Client, Engine, Folder, Pool, Register};

const SEED: u64 = 20_261_126;

/// Whatever is written through any node is seen through every other, at once.
fn everybody_sees_everything(pool: &Pool, registers: &[Register], random: &mut Random) {
    let mut clients: Vec<Client> = (0..pool.len()).map(|node| pool.client(node)).collect();
    for (number, register) in registers.iter().enumerate() {
        let mut ovn = None;
        // Each node in turn replaces what the one before it wrote.
        for turn in 0..2 * clients.len() {
            let (next, suffix) = register.fresh(random, &ovn);
            let node = (number + turn) % clients.len();
            let (status, body) = register.write(&mut clients[node], &ovn, &suffix).expect("an answer");
            assert_eq!(status, if ovn.is_none() { 201 } else { 200 }, "{body}");
            for client in &mut clients {
                assert_eq!(register.read(client).expect("an answer"), (200, Some(next.clone())));
            }
            // What it replaced cannot be replaced again, through whichever node.
            let (status, body) = register.write(&mut clients[(node + 1) % 3], &ovn, &suffix).expect("an answer");
            assert_eq!(status, 409, "{body}");
            ovn = Some(next);
        }
    }
}

fn check(folder: &Folder, engine: &Engine) {
    let mut random = Random::new(SEED);
    let mut pool = Pool::start(folder, &[engine.address(), engine.address(), engine.address()]);
    let registers: Vec<Register> = (0..8).map(|place| Register::new(&mut random, place, now().plus_s(3_600))).collect();
    everybody_sees_everything(&pool, &registers[..3], &mut random);
    pool.wait_until_equal();

    // A node dies behind its answer; the others have what it answered, and it has it when it is back.
    for (node, register) in registers[3..6].iter().enumerate() {
        let (ovn, suffix) = register.fresh(&mut random, &None);
        let (status, body) = register.write(&mut pool.client(node), &None, &suffix).expect("an answer");
        assert_eq!(status, 201, "{body}");
        pool.kill(node);
        let other = &mut pool.client((node + 1) % 3);
        assert_eq!(register.read(other).expect("an answer"), (200, Some(ovn.clone())));
        // The others go on meanwhile.
        let (newer, suffix) = register.fresh(&mut random, &Some(ovn.clone()));
        assert_eq!(register.write(other, &Some(ovn), &suffix).expect("an answer").0, 200);
        pool.revive(node);
        pool.wait_until_ready(node);
        assert_eq!(register.read(&mut pool.client(node)).expect("an answer"), (200, Some(newer)));
    }
    // A disk is lost: what another node has is copied, and the node goes on under its name.
    pool.kill(2);
    pool.replace_disk(2, 0);
    pool.revive(2);
    pool.wait_until_ready(2);
    for (register, other) in registers[..6].iter().map(|register| (register, register.read(&mut pool.client(0)))) {
        assert_eq!(register.read(&mut pool.client(2)).expect("an answer"), other.expect("an answer"));
    }
    only_who_is_let_copies_the_log(&pool, folder);
    everybody_sees_everything(&pool, &registers[6..], &mut random);
    pool.wait_until_equal();
    instances_are_true(&pool);
}

/// The log has everything of everybody, and beside it lies what nobody may have.
fn only_who_is_let_copies_the_log(pool: &Pool, folder: &Folder) {
    let refused = pool.fetch(&folder.0.join("stolen"), 0, "deconflict.operator deconflict.party utm.strategic_coordination");
    let said = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(!refused.status.success() && said.contains("deconflict.journal.copy"), "{said}");
    let mut copier = pool.client_as(0, "somebody", "deconflict.journal.copy");
    for name in ["evidence.key", "lock", "..%2Fevidence.key", "00000000000000000000.tmp"] {
        let (status, body) = copier.send("GET", &format!("/aux/v1/pool/journal/{name}"), "").expect("an answer");
        assert!(status == 404 || status == 400, "{name}: {status} {body}");
    }
}

/// Every node knows of every node; a heartbeat that one was sent is told by all.
fn instances_are_true(pool: &Pool) {
    let path = "/aux/v1/pool/dss_instances";
    let (status, _) = pool
        .client(1)
        .send("PUT", &format!("{path}/heartbeat?source=test&timestamp=2026-05-01T07:00:00Z"), "")
        .expect("an answer");
    assert_eq!(status, 201);
    let begun = std::time::Instant::now();
    loop {
        let (status, body) = pool.client(0).send("GET", path, "").expect("an answer");
        let instances = body["dss_instances"].as_array().expect("a list");
        let names: Vec<&str> = instances.iter().filter_map(|instance| instance["id"].as_str()).collect();
        assert_eq!((status, &names[..]), (200, &["n0", "n1", "n2"][..]), "{body}");
        let beat = |index: usize| &instances[index]["most_recent_heartbeat"];
        if beat(1)["source"] == "test" {
            assert_eq!(beat(2)["reporter"], "n2", "nobody spoke for it: {body}");
            break;
        }
        assert!(begun.elapsed().as_secs() < 30, "the heartbeat is not told: {body}");
    }
    let ids: Vec<String> = (0..3)
        .map(|node| pool.client(node).send("GET", "/aux/v1/pool", "").expect("an answer").1["dar_id"].to_string())
        .collect();
    assert!(ids.iter().all(|id| *id == ids[0]), "it is one log: {ids:?}");
    let (_, body) = pool.client(2).send("GET", "/aux/v1/pool", "").expect("an answer");
    let nodes = body["nodes"].as_array().expect("a list");
    assert!(nodes.len() == 3 && nodes.iter().all(|node| node["refusal"].is_null() && node["agrees"] != false), "{body}");
}

#[test]
fn three_nodes_on_one_etcd() {
    let folder = Folder::new("pool-etcd-1");
    let Some(engine) = Engine::etcd(&folder, 1) else { return };
    check(&folder, &engine);
}

#[test]
fn three_nodes_on_three_etcd() {
    let folder = Folder::new("pool-etcd-3");
    let Some(engine) = Engine::etcd(&folder, 3) else { return };
    check(&folder, &engine);
}

#[test]
fn three_nodes_on_postgresql() {
    let folder = Folder::new("pool-postgres");
    let Some(engine) = Engine::postgres(&folder) else { return };
    check(&folder, &engine);
}
