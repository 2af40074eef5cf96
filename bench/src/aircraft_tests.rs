//! The set is what it says.

use super::aircraft;

#[test]
fn the_set_is_what_it_says() {
    let all = aircraft(2_000);
    assert_eq!(all[..100], aircraft(100));
    for one in &all {
        let velocity = one.velocity();
        let speed_m_s = velocity.east_m_s.hypot(velocity.north_m_s);
        assert!((14.99..60.01).contains(&speed_m_s) && velocity.up_m_s.abs() <= 5.0, "{one:?}");
        let (lat_deg, lng_deg) = (one.position().lat_deg(), one.position().lng_deg());
        let up_m = one.altitude().expect("each has one").m();
        assert!((32.6..36.4).contains(&lat_deg) && (38.7..43.1).contains(&lng_deg) && (0.0..6_000.0).contains(&up_m), "{one:?}");
    }
}
