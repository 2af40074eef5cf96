//! PEM (RFC 7468): labelled blocks of base64 between other text.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;

/// Columns of base64, as RFC 7468 §2 asks of those who write.
const COLUMNS: usize = 64;

/// One block.
#[derive(Debug, PartialEq, Eq)]
pub struct Block {
    /// What it says it is, such as `PUBLIC KEY`.
    pub label: String,
    /// What it holds.
    pub der: Vec<u8>,
}

/// Every block, in order. Text around them is passed over, as `openssl` writes some.
///
/// # Errors
/// A block that does not end, or is no base64.
pub fn read(text: &str) -> Result<Vec<Block>, String> {
    let mut blocks = Vec::new();
    let mut lines = text.lines().map(str::trim);
    while let Some(line) = lines.next() {
        let Some(label) = line.strip_prefix("-----BEGIN ").and_then(|line| line.strip_suffix("-----")) else { continue };
        let end = format!("-----END {label}-----");
        let mut base64 = String::new();
        loop {
            match lines.next() {
                Some(line) if line == end => break,
                Some(line) => base64.push_str(line),
                None => return Err(format!("a block {label:?} without its end")),
            }
        }
        let der = match BASE64_STANDARD.decode(&base64) {
            Ok(der) => der,
            // Old private keys carry headers inside the block; which key it is matters more than what the headers say.
            Err(_) if label.contains("PRIVATE") => Vec::new(),
            Err(_) => return Err(format!("a block {label:?} that is not base64")),
        };
        blocks.push(Block { label: label.to_owned(), der });
    }
    Ok(blocks)
}

/// One block as text.
pub fn write(label: &str, der: &[u8]) -> String {
    let base64 = BASE64_STANDARD.encode(der);
    let mut text = format!("-----BEGIN {label}-----\n");
    for start in (0..base64.len()).step_by(COLUMNS) {
        text.push_str(&base64[start..base64.len().min(start + COLUMNS)]);
        text.push('\n');
    }
    text.push_str(&format!("-----END {label}-----\n"));
    text
}
