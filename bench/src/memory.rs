//! How much memory this process took at most, from Linux' `/proc`. Elsewhere nothing is said.

use std::fs;

/// Forgets the peak so far, so that [`peak_bytes`] is that of what follows; says whether the system did so.
pub fn forget_peak() -> bool {
    fs::write("/proc/self/clear_refs", "5").is_ok()
}

/// The largest resident size since the start, or since [`forget_peak`].
pub fn peak_bytes() -> Option<u64> {
    status_bytes(&fs::read_to_string("/proc/self/status").ok()?, "VmHWM")
}

/// The resident size now.
pub fn resident_bytes() -> Option<u64> {
    status_bytes(&fs::read_to_string("/proc/self/status").ok()?, "VmRSS")
}

/// What a reader has to know of the peak, if [`forget_peak`] said no.
pub fn remark(was_forgotten: bool) -> Option<String> {
    (!was_forgotten).then(|| "the peak includes the making of the set: the system keeps it since the start".to_owned())
}

/// A line such as `VmHWM:     1234 kB` of `/proc/self/status`.
fn status_bytes(status: &str, name: &str) -> Option<u64> {
    let line = status.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'))?;
    let kib: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kib * 1024)
}

#[cfg(test)]
mod tests {
    use super::status_bytes;

    #[test]
    fn a_line_of_the_status_is_read() {
        let status = "Name:\tbench\nVmHWM:\t    1234 kB\nVmRSS:\t     999 kB\n";
        assert_eq!(status_bytes(status, "VmHWM"), Some(1_263_616));
        assert_eq!(status_bytes(status, "VmSwap"), None);
        assert_eq!(status_bytes("VmHWM: many\n", "VmHWM"), None);
    }
}
