//! Where clients that fly at the same place tell each other their OVNs before they use them.

use std::sync::{Mutex, PoisonError};

/// What each client has told the others.
pub struct Board {
    /// OVNs, each in quotes, with commas between them.
    told: Vec<Mutex<String>>,
}

impl Board {
    /// A board for so many clients, who have told nothing.
    pub fn new(clients: u32) -> Self {
        Self { told: (0..clients).map(|_| Mutex::default()).collect() }
    }

    /// A client tells its OVNs, in place of what it told before.
    pub fn tell(&self, client: u32, ovns: &[&str]) {
        let mut told = self.told[client as usize].lock().unwrap_or_else(PoisonError::into_inner);
        told.clear();
        for ovn in ovns {
            let comma = if told.is_empty() { "" } else { "," };
            told.extend([comma, "\"", ovn, "\""]);
        }
    }

    /// Appends what all but this client have told, with commas between them.
    pub fn append_key(&self, client: u32, key: &mut String) {
        let begin = key.len();
        for (_, told) in self.told.iter().enumerate().filter(|(other, _)| *other != client as usize) {
            let told = told.lock().unwrap_or_else(PoisonError::into_inner);
            if key.len() > begin && !told.is_empty() {
                key.push(',');
            }
            key.push_str(&told);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Board;

    #[test]
    fn a_key_is_what_the_others_told() {
        let board = Board::new(4);
        let key = |client| {
            let mut key = "[".to_owned();
            board.append_key(client, &mut key);
            key + "]"
        };
        assert_eq!(key(0), "[]");
        board.tell(1, &["a", "b"]);
        board.tell(3, &["c"]);
        assert_eq!([0, 1, 2, 3].map(key), [r#"["a","b","c"]"#, r#"["c"]"#, r#"["a","b","c"]"#, r#"["a","b"]"#]);
        board.tell(1, &["d"]);
        assert_eq!(key(0), r#"["d","c"]"#);
    }
}
