//! Numbers and tables as people read them. Knows no figures.

/// A count in few letters, for names: 10k, 1M.
pub fn short(count: u32) -> String {
    match count {
        0 => "0".to_owned(),
        _ if count.is_multiple_of(1_000_000) => format!("{}M", count / 1_000_000),
        _ if count.is_multiple_of(1_000) => format!("{}k", count / 1_000),
        _ => count.to_string(),
    }
}

/// A count with its thousands apart: 20,997,894.
pub fn count(count: u64) -> String {
    let digits = count.to_string();
    let groups = digits.as_bytes().rchunks(3).rev().map(|group| String::from_utf8_lossy(group));
    groups.collect::<Vec<_>>().join(",")
}

/// A time in the unit that suits it, with three digits.
pub fn seconds(s: f64) -> String {
    let (value, unit) = match s {
        s if s >= 1.0 => (s, "s"),
        s if s >= 1e-3 => (s * 1e3, "ms"),
        s if s >= 1e-6 => (s * 1e6, "µs"),
        s => (s * 1e9, "ns"),
    };
    format!("{} {unit}", three_digits(value))
}

/// A number with three digits, or with all digits before the point.
pub fn three_digits(value: f64) -> String {
    let decimals = if value < 9.995 {
        2
    } else if value < 99.95 {
        1
    } else {
        0
    };
    format!("{value:.decimals$}")
}

/// A size in MB.
pub fn megabytes(bytes: u64) -> String {
    format!("{} MB", three_digits(bytes as f64 / 1e6))
}

/// Rows under a head, the first column to the left and all others to the right, two spaces apart.
pub fn aligned(head: &[&str], rows: &[Vec<String>]) -> String {
    let head: Vec<String> = head.iter().map(|cell| (*cell).to_owned()).collect();
    let all: Vec<&Vec<String>> = std::iter::once(&head).chain(rows).collect();
    let width = |column: usize| all.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..head.len()).map(width).collect();
    let line = |row: &&Vec<String>| {
        let cell = |(column, cell): (usize, &String)| match column {
            0 => format!("{cell:<width$}", width = widths[0]),
            _ => format!("{cell:>width$}", width = widths[column]),
        };
        row.iter().enumerate().map(cell).collect::<Vec<_>>().join("  ").trim_end().to_owned() + "\n"
    };
    all.iter().map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::{aligned, count, seconds, short};

    #[test]
    fn numbers_read_well() {
        assert_eq!([1, 999, 1_000, 125_000, 1_000_000].map(short), ["1", "999", "1k", "125k", "1M"]);
        assert_eq!([0, 999, 1_000, 20_997_894].map(count), ["0", "999", "1,000", "20,997,894"]);
        assert_eq!(
            [2.0, 0.9999, 0.3, 0.0123, 4.1e-6, 2.5e-8].map(seconds),
            ["2.00 s", "1000 ms", "300 ms", "12.3 ms", "4.10 µs", "25.0 ns"]
        );
    }

    #[test]
    fn columns_are_aligned() {
        let rows = [vec!["u10k".to_owned(), "1".to_owned()], vec!["mixed".to_owned(), "1,000 µs".to_owned()]];
        let expected = "\
set    measured
u10k          1
mixed  1,000 µs
";
        assert_eq!(aligned(&["set", "measured"], &rows), expected);
    }
}
