//! A busy cell through a pool: nodes, each beside an etcd, and clients of all of them; on one machine, or as if they were cities apart.
//!
//! Kernel queues (netem) are not to be had everywhere, so what is between two cities is a proxy of ours on loopback: it delays each piece, and
//! stalls what follows a lost one for as long as a sender takes to send again. What it cannot show is how TCP's windows shrink.

use crate::dss::busy::flyers_through;
use crate::dss::figure::{Figure, Goal, Unit};
use crate::dss::load::measure;
use crate::dss::report::{baseline_around, figures};
use crate::dss::stage::Stage;
use crate::dss::{Plan, Scenario};
use deconflict_testbed::{EtcdCluster, Proxy, Way};
use std::io;
use std::net::SocketAddr;
use std::time::Duration;

/// Three nodes on one machine.
pub const NEAR: Scenario = Scenario {
    name: "pool",
    does: "the busy square through three nodes on three etcds, all on this machine",
    clients: 48,
    run: |stage, plan| run(stage, plan, Pool { sites: 3, way: Way::default(), through: Through::All, goal_per_s: 500.0 }),
};

/// Three nodes as if they were cities apart.
pub const FAR: Scenario = Scenario {
    name: "pool-far",
    does: "the same with 16.5 ± 7.5 ms between any two sites, one way, and 0.025 % of all pieces lost; a site is a node and an etcd",
    clients: 96,
    run: |stage, plan| run(stage, plan, Pool { sites: 3, way: FAR_WAY, through: Through::All, goal_per_s: 200.0 }),
};

/// The same, with all clients at one site.
pub const FAR_ONE: Scenario = Scenario {
    name: "pool-far-one",
    does: "the same with all clients at one site, another one with each seed: whether or not etcd's leader is there",
    clients: 144,
    run: |stage, plan| run(stage, plan, Pool { sites: 3, way: FAR_WAY, through: Through::One, goal_per_s: 200.0 }),
};

/// Five nodes and etcds.
pub const FIVE: Scenario = Scenario {
    name: "pool-5",
    does: "the busy square through five nodes on five etcds, all on this machine",
    clients: 50,
    run: |stage, plan| run(stage, plan, Pool { sites: 5, way: Way::default(), through: Through::All, goal_per_s: 500.0 }),
};

/// Seven nodes and etcds.
pub const SEVEN: Scenario = Scenario {
    name: "pool-7",
    does: "the busy square through seven nodes on seven etcds, all on this machine",
    clients: 49,
    run: |stage, plan| run(stage, plan, Pool { sites: 7, way: Way::default(), through: Through::All, goal_per_s: 500.0 }),
};

const FAR_WAY: Way = Way {
    is_cut_there: false,
    is_cut_back: false,
    delay: (Duration::from_millis(9), Duration::from_millis(24)),
    lost_per_million: 250,
};

/// Through which nodes clients come.
enum Through {
    All,
    One,
}

struct Pool {
    /// Each is a node and an etcd.
    sites: usize,
    /// Between two sites.
    way: Way,
    through: Through,
    goal_per_s: f64,
}

fn run(stage: &Stage, plan: &Plan, pool: Pool) -> io::Result<Vec<Figure>> {
    let Pool { sites, way, through, goal_per_s } = pool;
    let is_far = way != Way::default();
    let folder = stage.folder().join(format!("pool-{}", plan.seed));
    let between = |port: u16| -> io::Result<u16> {
        if !is_far {
            return Ok(port);
        }
        let proxy = Proxy::start(port)?;
        proxy.set(way);
        Ok(proxy.port())
    };
    let cluster = EtcdCluster::start(&made(&folder)?, sites, |_, port| between(port))?;
    let cluster = cluster.ok_or_else(|| io::Error::other("etcd is not installed (Debian: etcd-server)"))?;
    let (baseline, (measured, rejoined)) = baseline_around(stage.folder(), || {
        let mut nodes = Vec::new();
        for site in 0..sites {
            // The own etcd first; the others are there when it is not.
            let mut hosts = vec![format!("127.0.0.1:{}", cluster.port(site))];
            for other in (0..sites).filter(|other| *other != site) {
                hosts.push(format!("127.0.0.1:{}", between(cluster.port(other))?));
            }
            let journal = format!("etcd://{}/bench{}", hosts.join(","), plan.seed);
            nodes.push(stage.start_node(&format!("n{site}-{}", plan.seed), &journal)?);
        }
        let addresses: Vec<SocketAddr> =
            nodes.iter_mut().map(|node| node.ready().map(|(address, _)| address)).collect::<Result<_, _>>()?;
        let one = usize::try_from(plan.seed).unwrap_or_default() % sites;
        let site = |client: u32| match through {
            Through::All => client as usize % sites,
            Through::One => one,
        };
        let mut flyers = flyers_through(&|client| stage.connect_to(addresses[site(client)], client), plan)?;
        let measured = measure(&mut flyers, plan, &nodes[0])?;
        drop(flyers);
        let rejoined = nodes.iter().filter_map(|node| node.usage()).map(|usage| usage.cpu_s).sum::<f64>();
        nodes.into_iter().try_for_each(deconflict_testbed::Server::end)?;
        Ok((measured, rejoined))
    })?;
    drop(cluster);
    std::fs::remove_dir_all(&folder)?;
    let rate =
        Figure::new("flights, through all nodes together", Unit::PerSecond, measured.tally.flights as f64 / measured.seconds);
    let mut found = vec![rate.goal(Goal::AtLeast(goal_per_s))];
    found.extend(figures(&measured, baseline).into_iter().filter(|figure| !figure.what.starts_with("service, ")));
    found.push(Figure::new("all nodes, processor time since their start", Unit::Seconds, rejoined));
    Ok(found)
}

fn made(folder: &std::path::Path) -> io::Result<std::path::PathBuf> {
    std::fs::create_dir_all(folder)?;
    Ok(folder.to_owned())
}
