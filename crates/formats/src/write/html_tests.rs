//! Names in balloons: shown, never run.

use deconflict_plan::report::Location;
use deconflict_spacetime::AltitudeReference;

use super::super::samples::{at, bare, conflict, hostile, picture, report};
use super::{description, escaped};

#[test]
fn only_our_own_elements_are_elements() {
    let picture = picture(AltitudeReference::W84);
    let html = description(&picture, &report(Vec::new()), &hostile());
    let mut rest = html.as_str();
    for ours in ["<p>", "</p>", "<table>", "</table>", "<tr>", "</tr>", "<th>", "</th>", "<td>", "</td>"] {
        assert!(rest.contains(ours), "{ours} in {html}");
    }
    while let Some(start) = rest.find('<') {
        let end = rest[start..].find('>').expect("it ends") + start;
        let name = rest[start..=end].trim_matches(['<', '>', '/']);
        assert!(["p", "table", "tr", "th", "td"].contains(&name), "{name} in {html}");
        rest = &rest[end + 1..];
    }
    assert!(!html.contains("$[") && !html.contains(char::is_control), "{html}");
    assert!(html.contains("&lt;script&gt;"), "what somebody wrote is shown: {html}");
}

#[test]
fn it_says_who_when_where_and_who_is_told() {
    let finding = conflict(Location::Point(at(46.0, 7.0)));
    let html = description(&picture(AltitudeReference::Amsl), &report(Vec::new()), &finding);
    for part in ["RED Red Fire", "1000 to 1500 m above mean sea level", "2026-03-01 06:00Z", "<th>tell</th>", "They touch."] {
        assert!(html.contains(part), "{part} in {html}");
    }
}

#[test]
fn a_finding_of_which_nothing_is_known_has_its_headline() {
    let html = description(&picture(AltitudeReference::W84), &report(Vec::new()), &bare());
    assert_eq!(html, "<p>Who leads?</p><table></table>");
}

#[test]
fn special_characters_are_escaped() {
    assert_eq!(escaped("<a href='x'>\"&$[b]\u{1b}"), "&lt;a href=&#39;x&#39;&gt;&quot;&amp;&#36;[b] ");
}
