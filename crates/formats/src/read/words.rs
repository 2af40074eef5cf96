//! Assumptions in the words of a user.

use super::notes::Note;
use super::options::ReadOptions;

/// What was assumed; `measure` is the greatest that goes with it.
pub fn assumption(note: Note, measure: f64, options: &ReadOptions) -> String {
    match note {
        Note::NoParty => "no party is named: each claim is on a side of its own".to_owned(),
        Note::PartyGiven => format!("no party is named: {}, as given", options.party.as_deref().unwrap_or_default()),
        Note::KindFlight => "no kind is named, but altitudes are: a flight".to_owned(),
        Note::KindGiven => "no kind is named: the kind that was given".to_owned(),
        Note::ReferenceGiven => "no altitude reference is named: the one that was given".to_owned(),
        Note::ReferenceOfFormat => "altitudes without a reference are above mean sea level, as the format says".to_owned(),
        Note::LowerMissing => "no lower edge: from the ground".to_owned(),
        Note::UpperMissing => "no upper edge: without limit".to_owned(),
        Note::FromGround => {
            "from the ground, whose height is not known: from 2000 m below the reference of the upper edge".to_owned()
        }
        Note::MixedReferences => {
            "lower and upper edge over different references: from 2000 m below the reference of the upper edge".to_owned()
        }
        Note::WidthGiven => format!("no width: {} m, as given", options.width_m.unwrap_or_default()),
        Note::HeightGiven => format!("no height: {} m around the path, as given", options.height_m.unwrap_or_default()),
        Note::PeriodStart => "no start: from the start of the period".to_owned(),
        Note::PeriodEnd => "no end: to the end of the period".to_owned(),
        Note::Always => "no times: always, from 1970 to 2170".to_owned(),
        Note::HoleFilled => "holes are filled: more is closed than the file says".to_owned(),
        Note::EdgesStray => {
            format!("edges are shortest paths: they run up to {measure:.0} m beside straight lines of a longitude/latitude map")
        }
        Note::ArcDrawn => format!("arcs are drawn with straight edges, up to {measure:.1} m outside of them"),
        Note::NamedAfterEntry => "no id: the claim has the name of its entry".to_owned(),
        Note::NameNumbered => "a name that came before: the claim has it with a number".to_owned(),
        Note::Latin1 => "not UTF-8: taken for Latin-1".to_owned(),
        Note::NoRestriction => "zones without restriction are left out".to_owned(),
        Note::ClassLeftOut => "airspace of other classes than those asked for is left out".to_owned(),
        Note::Daylight => "hours that hang on daylight: the whole day, wherever on the earth it begins".to_owned(),
        Note::NotInPeriod => "zones whose hours do not reach into the period have no volumes".to_owned(),
        Note::ActivationOpen => "activated by notice: taken as active throughout".to_owned(),
    }
}
