//! Tests of fresh ids.

use super::*;

#[test]
fn a_uuid_says_version_4_and_the_variant_of_the_standard() {
    for ids in [Ids::seeded(1), Ids::system().unwrap()] {
        let (mut all_zeros, mut all_ones) = (u128::MAX, 0);
        for _ in 0..200 {
            let id = ids.uuid_v4();
            assert_eq!((id >> 76 & 0xf, id >> 62 & 0b11), (4, 0b10));
            (all_zeros, all_ones) = (all_zeros & id, all_ones | id);
        }
        // Every other bit was seen as 0 and as 1.
        let fixed = all_zeros | !all_ones;
        assert_eq!(fixed, 0xf << 76 | 0b11 << 62);
    }
}

#[test]
fn a_seed_repeats_its_ids_and_the_system_does_not() {
    let draw = |ids: Ids| [ids.bits(), ids.bits()];
    assert_eq!(draw(Ids::seeded(7)), draw(Ids::seeded(7)));
    assert_ne!(draw(Ids::seeded(7)), draw(Ids::seeded(8)));
    assert_ne!(draw(Ids::system().unwrap()), draw(Ids::system().unwrap()));
}
