//! The municipality reform of 2024-01-01: three counties were parted again, and one municipality.

use std::sync::LazyLock;

use crate::sted::steder;

/// The numbers from 2024 on of those that had another one before, and that one (Statistics Norway's list).
#[rustfmt::skip]
const NUMRE: &[(&str, &str)] = &[
    ("1508", "1507"), ("1580", "1507"), ("3101", "3001"), ("3103", "3002"), ("3105", "3003"), ("3107", "3004"),
    ("3110", "3011"), ("3112", "3017"), ("3114", "3018"), ("3116", "3015"), ("3118", "3014"), ("3120", "3016"),
    ("3122", "3013"), ("3124", "3012"), ("3201", "3024"), ("3203", "3025"), ("3205", "3030"), ("3207", "3020"),
    ("3209", "3033"), ("3212", "3023"), ("3214", "3022"), ("3216", "3019"), ("3218", "3021"), ("3220", "3028"),
    ("3222", "3029"), ("3224", "3027"), ("3226", "3026"), ("3228", "3034"), ("3230", "3032"), ("3232", "3031"),
    ("3234", "3054"), ("3236", "3053"), ("3238", "3036"), ("3240", "3035"), ("3242", "3037"), ("3301", "3005"),
    ("3303", "3006"), ("3305", "3007"), ("3310", "3038"), ("3312", "3049"), ("3314", "3048"), ("3316", "3047"),
    ("3318", "3046"), ("3320", "3039"), ("3322", "3040"), ("3324", "3041"), ("3326", "3042"), ("3328", "3043"),
    ("3330", "3044"), ("3332", "3045"), ("3334", "3050"), ("3336", "3051"), ("3338", "3052"), ("3901", "3801"),
    ("3903", "3802"), ("3905", "3803"), ("3907", "3804"), ("3909", "3805"), ("3911", "3811"), ("4001", "3806"),
    ("4003", "3807"), ("4005", "3808"), ("4010", "3812"), ("4012", "3813"), ("4014", "3814"), ("4016", "3815"),
    ("4018", "3816"), ("4020", "3817"), ("4022", "3820"), ("4024", "3819"), ("4026", "3818"), ("4028", "3821"),
    ("4030", "3822"), ("4032", "3823"), ("4034", "3824"), ("4036", "3825"), ("5501", "5401"), ("5503", "5402"),
    ("5510", "5411"), ("5512", "5412"), ("5514", "5413"), ("5516", "5414"), ("5518", "5415"), ("5520", "5416"),
    ("5522", "5417"), ("5524", "5418"), ("5526", "5419"), ("5528", "5420"), ("5530", "5421"), ("5532", "5422"),
    ("5534", "5423"), ("5536", "5424"), ("5538", "5425"), ("5540", "5426"), ("5542", "5427"), ("5544", "5428"),
    ("5546", "5429"), ("5601", "5403"), ("5603", "5406"), ("5605", "5444"), ("5607", "5405"), ("5610", "5437"),
    ("5612", "5430"), ("5614", "5432"), ("5616", "5433"), ("5618", "5434"), ("5620", "5435"), ("5622", "5436"),
    ("5624", "5438"), ("5626", "5439"), ("5628", "5441"), ("5630", "5440"), ("5632", "5443"), ("5634", "5404"),
    ("5636", "5442"),
];

/// Of every place in [`steder`]: its number before the reform, where that was another one.
static FOER: LazyLock<Vec<Option<&'static str>>> = LazyLock::new(|| {
    let foer = |nummer: &str| {
        let i = NUMRE.binary_search_by_key(&nummer, |rad| rad.0).ok()?;
        NUMRE.get(i).map(|rad| rad.1)
    };
    steder().iter().map(|s| foer(s.kommune.kommunenummer)).collect()
});

/// Whether the municipality got its number in the reform.
pub(crate) fn ny(kommune: u16) -> bool {
    FOER.get(usize::from(kommune)).is_some_and(Option::is_some)
}

/// The number of a municipality, before the reform or after it.
pub(crate) fn nummer(kommune: u16, foer: bool) -> &'static str {
    let gammelt = FOER.get(usize::from(kommune)).copied().flatten().filter(|_| foer);
    let steder = steder();
    gammelt.unwrap_or(steder[usize::from(kommune).min(steder.len() - 1)].kommune.kommunenummer)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_counties_of_the_reform_are_there_and_no_others() {
        assert!(NUMRE.is_sorted_by(|a, b| a.0 < b.0));
        for sted in steder() {
            let nummer = sted.kommune.kommunenummer;
            let ventet = matches!(&nummer[..2], "31" | "32" | "33" | "39" | "40" | "55" | "56")
                || matches!(nummer, "1508" | "1580");
            assert_eq!(NUMRE.iter().any(|rad| rad.0 == nummer), ventet, "{nummer}");
        }
    }
}
