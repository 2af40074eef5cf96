//! Colours of the levels on a map. Never the only bearer of a meaning: the level stands beside them as a word.
//!
//! Any two differ in lightness, so that they can be told apart by people who see less colour, and on paper without any.

use deconflict_plan::model::Level;

/// Red, green, blue.
pub const fn of_level(level: Level) -> [u8; 3] {
    match level {
        Level::Critical => [0x7A, 0x01, 0x77],
        Level::Urgent => [0xE6, 0x55, 0x0D],
        Level::Warn => [0xFD, 0xD0, 0x20],
        Level::Watch => [0x41, 0xB6, 0xE6],
        Level::Note => [0x98, 0x98, 0x98],
    }
}

#[cfg(test)]
#[path = "colours_tests.rs"]
mod tests;
