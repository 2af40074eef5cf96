//! Claims that have no id but a name: the first keeps it, later ones of the same name get a number.

use std::collections::HashMap;

use super::notes::Note;
use super::properties::Reporter;

/// Names so far, and how often each came.
#[derive(Debug, Default)]
pub struct Names {
    times: HashMap<String, usize>,
}

impl Names {
    /// The name itself, or with a number if it came before: "CTR #2".
    pub fn unique(&mut self, name: String, to: &mut Reporter) -> String {
        let times = self.times.entry(name.clone()).or_insert(0);
        *times += 1;
        if *times == 1 {
            return name;
        }
        to.note(Note::NameNumbered);
        let mut number = *times;
        loop {
            let numbered = format!("{name} #{number}");
            // Somebody may have numbered names the same way.
            if !self.times.contains_key(&numbered) {
                self.times.insert(numbered.clone(), 1);
                return numbered;
            }
            number += 1;
        }
    }
}
