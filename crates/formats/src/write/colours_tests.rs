//! Colours that everybody can tell apart.

use deconflict_plan::words;

use super::of_level;

/// Relative luminance, 0 to 1 (WCAG 2).
fn luminance(rgb: [u8; 3]) -> f64 {
    let linear = rgb.map(|byte| {
        let value = f64::from(byte) / 255.0;
        if value <= 0.040_45 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
    });
    0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
}

#[test]
fn every_level_has_a_colour_of_its_own_also_in_black_and_white() {
    let mut all: Vec<f64> = words::LEVELS.into_iter().map(|level| luminance(of_level(level))).collect();
    all.sort_by(f64::total_cmp);
    for pair in all.windows(2) {
        assert!((pair[1] + 0.05) / (pair[0] + 0.05) > 1.2, "{all:?}");
    }
}
