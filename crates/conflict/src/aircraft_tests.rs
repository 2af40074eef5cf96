//! Tests of `aircraft`: what is refused.

use deconflict_spacetime::UM_PER_M;

use super::*;

const HERE: (f64, f64) = (34.5, 40.9);

fn state(altitude: Option<Altitude>, east_m_s: f64, north_m_s: f64, up_m_s: f64) -> Result<AircraftState, InvalidAircraftState> {
    let position = LatLng::degrees(HERE.0, HERE.1).unwrap();
    AircraftState::new(position, altitude, Velocity { east_m_s, north_m_s, up_m_s })
}

#[test]
fn a_state_has_a_speed_and_an_altitude_that_aircraft_have() {
    let over = |metres: f64| Some(Altitude::metres(metres, AltitudeReference::W84));
    for (altitude, east_m_s, north_m_s, up_m_s) in
        [(None, 0.0, 0.0, 0.0), (over(100_000.0), 600.0, -800.0, -1_000.0), (over(-100_000.0), -1_000.0, 0.0, 1_000.0)]
    {
        let state = state(altitude, east_m_s, north_m_s, up_m_s).unwrap();
        assert_eq!((state.altitude(), state.velocity()), (altitude, Velocity { east_m_s, north_m_s, up_m_s }));
    }
    for (east_m_s, north_m_s) in [(1_000.1, 0.0), (-800.0, 601.0), (f64::NAN, 0.0), (0.0, f64::NEG_INFINITY), (1e200, 1e200)] {
        let problem = state(over(0.0), east_m_s, north_m_s, 0.0).unwrap_err();
        assert!(matches!(problem, InvalidAircraftState::Speed { .. }), "{problem}");
    }
    for up_m_s in [1_000.1, -1_000.1, f64::NAN, f64::INFINITY] {
        let problem = state(over(0.0), 0.0, 0.0, up_m_s).unwrap_err();
        assert!(matches!(problem, InvalidAircraftState::VerticalSpeed(_)), "{problem}");
    }
    for altitude in
        [Altitude::from_um(100_000 * UM_PER_M + 1, AltitudeReference::Std), Altitude::from_um(i64::MIN, AltitudeReference::W84)]
    {
        assert_eq!(state(Some(altitude), 0.0, 0.0, 0.0), Err(InvalidAircraftState::Altitude(altitude)));
    }
}

#[test]
fn errors_say_what_was_found_and_what_was_expected() {
    let told = [
        (state(None, 2_000.0, 1.0, 0.0).unwrap_err().to_string(), "2000 m/s east and 1 m/s north are not a speed up to 1000 m/s"),
        (state(None, 0.0, 0.0, -1e4).unwrap_err().to_string(), "-10000 m/s up is outside -1000 to 1000 m/s"),
        (
            state(Some(Altitude::metres(3e5, AltitudeReference::W84)), 0.0, 0.0, 0.0).unwrap_err().to_string(),
            "an altitude of 300000 m is outside -100000 to 100000 m",
        ),
        (
            ProtectedZone::new(-1.0, 60.0).unwrap_err().to_string(),
            "a protected zone of -1 m horizontally and 60 m vertically is outside 0 to 100000 m",
        ),
        (Lookahead::seconds(1e4).unwrap_err().to_string(), "a look-ahead of 10000 s is outside 0 to 1200 s"),
    ];
    for (found, expected) in told {
        assert_eq!(found, expected);
    }
}

#[test]
fn zones_and_look_aheads_have_a_size() {
    for (horizontal_m, vertical_m) in [(0.0, 0.0), (250.0, 60.0), (100_000.0, 100_000.0)] {
        assert!(ProtectedZone::new(horizontal_m, vertical_m).is_ok());
    }
    for bad in [-0.1, 100_000.1, f64::NAN, f64::INFINITY] {
        assert!(ProtectedZone::new(bad, 60.0).is_err(), "{bad}");
        assert!(ProtectedZone::new(250.0, bad).is_err(), "{bad}");
    }
    // A thousand feet, which no sum of binary fractions is.
    assert_eq!(ProtectedZone::new(0.0, 304.8).unwrap().vertical_um(), 304_800_000);
    for bad in [-0.1, 1_200.1, f64::NAN, f64::INFINITY] {
        assert!(Lookahead::seconds(bad).is_err(), "{bad}");
    }
    assert!(Lookahead::seconds(0.0).is_ok() && Lookahead::seconds(1_200.0).is_ok());
}
