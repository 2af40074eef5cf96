//! Colours: few, and never the only bearer of a meaning.

use anstyle::{AnsiColor, Style};
use deconflict_plan::model::Level;

/// Headings and ids.
pub const BOLD: Style = Style::new().bold();
/// Labels and what is only for reference.
pub const DIM: Style = Style::new().dimmed();
/// What must not be overlooked.
pub const LOUD: Style = AnsiColor::Yellow.on_default().bold();
/// What is clear.
pub const CLEAR: Style = AnsiColor::Green.on_default().bold();

/// The style of a level.
pub fn level(level: Level) -> Style {
    match level {
        Level::Critical => AnsiColor::BrightWhite.on(AnsiColor::Red).bold(),
        Level::Urgent => AnsiColor::Red.on_default().bold(),
        Level::Warn => AnsiColor::Yellow.on_default().bold(),
        Level::Watch => AnsiColor::Cyan.on_default().bold(),
        Level::Note => Style::new().bold(),
    }
}
