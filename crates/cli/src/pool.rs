//! `deconflict pool`: what the nodes of a pool last said, as the engine has it.

use std::fmt::Write as _;
use std::time::Duration;

use deconflict_journal::chain;
use deconflict_service::node::{PoolNode, told};

use crate::args::{Pool, PoolCommand};
use crate::{Status, output};

/// A node that runs says something new once a second.
const BETWEEN_LOOKS: Duration = Duration::from_millis(2_500);

/// Does what was asked.
pub fn run(pool: &Pool) -> Status {
    let PoolCommand::Status { journal } = &pool.command;
    match journal.engine().and_then(|engine| told(&*engine, BETWEEN_LOOKS)) {
        Ok(nodes) if nodes.is_empty() => output::print_plain(
            "no node has said anything here: there is no pool, or none of its nodes has ever started\n",
            Status::Found,
        ),
        Ok(nodes) => {
            let status = if nodes.iter().all(is_well) { Status::Clear } else { Status::Found };
            output::print_plain(&table(&nodes), status)
        }
        Err(error) => {
            output::complain(&format!("error: {}\n", chain(&error)));
            Status::BadInput
        }
    }
}

fn is_well(node: &PoolNode) -> bool {
    node.silent_for.is_zero() && node.refusal.is_none() && node.agrees != Some(false)
}

fn table(nodes: &[PoolNode]) -> String {
    let most = nodes.iter().map(|node| node.position.get()).max().unwrap_or(0);
    let mut text =
        format!("{:<16} {:>12} {:>8}  {:<32}  {:<8}  what it says\n", "node", "position", "behind", "digest", "version");
    for node in nodes {
        let PoolNode { name, position, digest, version, .. } = node;
        let behind = most - position.get();
        let says = match (&node.refusal, node.agrees) {
            _ if !node.silent_for.is_zero() => "nothing: it does not run, or is cut off",
            (_, Some(false)) => "its state is not that of the others",
            (Some(refusal), _) => refusal,
            (None, _) => "well",
        };
        writeln!(text, "{name:<16} {position:>12} {behind:>8}  {digest:032x}  {version:<8}  {says}").expect("it is a text");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use deconflict_journal::Position;

    #[test]
    fn the_table_says_who_is_behind_and_who_is_not_well() {
        let node = |name: &str, position, silent_s| PoolNode {
            name: name.to_owned(),
            version: "0.1.0".to_owned(),
            position: Position::new(position),
            stored: Position::new(position),
            digest: 7,
            snapshot: None,
            silent_for: Duration::from_secs(silent_s),
            clock_ahead_ns: 0,
            agrees: None,
            refusal: None,
            wall_ns: 0,
            count: 1,
            says: None,
        };
        let text = table(&[node("a", 12, 0), node("b", 10, 3)]);
        let lines: Vec<_> = text.lines().collect();
        assert!(lines[1].starts_with("a") && lines[1].ends_with("well"), "{text}");
        assert!(lines[2].contains(" 2  ") && lines[2].contains("nothing"), "{text}");
    }
}
