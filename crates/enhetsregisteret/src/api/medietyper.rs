//! The media types of every endpoint (fact sheet section 5.1).
//!
//! In every list the first offer is what a caller without preference gets.

use web::accept::Offer;

use crate::modell::{Enhetstype, Versjon};

/// `application/vnd.brreg.enhetsregisteret.` before the given rest.
macro_rules! brreg {
    ($resten:literal) => {
        concat!("application/vnd.brreg.enhetsregisteret.", $resten)
    };
}

const JSON: &str = "application/json";
const HAL: &str = "application/hal+json";

const fn tilbud<T>(media_type: &'static str, tag: T) -> Offer<T> {
    Offer { media_type, tag }
}

const ENHET: [Offer<Versjon>; 4] = [
    tilbud(JSON, Versjon::V2),
    tilbud(HAL, Versjon::V2),
    tilbud(brreg!("enhet.v2+json;charset=UTF-8"), Versjon::V2),
    tilbud(brreg!("enhet.v1+json;charset=UTF-8"), Versjon::V1),
];
const UNDERENHET: [Offer<Versjon>; 4] = [
    tilbud(JSON, Versjon::V2),
    tilbud(HAL, Versjon::V2),
    tilbud(brreg!("underenhet.v2+json;charset=UTF-8"), Versjon::V2),
    tilbud(brreg!("underenhet.v1+json;charset=UTF-8"), Versjon::V1),
];

/// Without version 1, asking for it is 406: its offers stand last and fall away.
fn uten_v1<T>(tilbud: &'static [Offer<T>], versjon1: bool, antall_v1: usize) -> &'static [Offer<T>] {
    if versjon1 { tilbud } else { &tilbud[..tilbud.len() - antall_v1] }
}

/// Searches and look-ups of units.
pub fn enhet(kind: Enhetstype, versjon1: bool) -> &'static [Offer<Versjon>] {
    match kind {
        Enhetstype::Enhet => uten_v1(&ENHET, versjon1, 1),
        Enhetstype::Underenhet => uten_v1(&UNDERENHET, versjon1, 1),
    }
}

/// JSON answers with a vendor type of their own and only one version.
macro_rules! en_versjon {
    ($($(#[$dok:meta])* $navn:ident = $type:literal;)*) => {
        $($(#[$dok])* pub const $navn: [Offer<()>; 3] =
            [tilbud(JSON, ()), tilbud(HAL, ()), tilbud(brreg!($type), ())];)*
    };
}

en_versjon! {
    /// The root.
    ROT = "v1+json";
    /// Roles of a unit.
    ROLLE = "rolle.v1+json;charset=UTF-8";
    /// The feed of main units.
    OPPDATERING_ENHET = "oppdatering.enhet.v1+json;charset=UTF-8";
    /// The feed of sub-units.
    OPPDATERING_UNDERENHET = "oppdatering.underenhet.v1+json;charset=UTF-8";
    /// Organisation forms.
    ORGANISASJONSFORM = "organisasjonsform.v1+json;charset=UTF-8";
    /// Municipalities.
    KOMMUNE = "kommune.v1+json;charset=UTF-8";
    /// Kinds of role.
    ROLLETYPE = "rolletype.v1+json;charset=UTF-8";
    /// Kinds of role group.
    ROLLEGRUPPETYPE = "rollegruppetype.v1+json;charset=UTF-8";
    /// Whom board members represent.
    REPRESENTANT = "representant.v1+json;charset=UTF-8";
}

/// The role feed.
pub const CLOUDEVENTS: [Offer<()>; 2] = [tilbud("application/cloudevents-batch+json", ()), tilbud(JSON, ())];

/// Units on properties.
pub const MATRIKKEL: [Offer<()>; 1] = [tilbud(JSON, ())];

/// A download: which version it is, and the type it is sent as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Filtype {
    /// The version.
    pub versjon: Versjon,
    /// The `Content-Type` of the file. Some callers ask with a type that the file is not (sheet 5.2); they get it.
    pub sendes_som: &'static str,
}

const fn v1(sendes_som: &'static str) -> Filtype {
    Filtype { versjon: Versjon::V1, sendes_som }
}
const fn v2(sendes_som: &'static str) -> Filtype {
    Filtype { versjon: Versjon::V2, sendes_som }
}

const GZIP: &str = "application/gzip";
const ARK: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

macro_rules! gzip_tilbud {
    ($v2:expr, $v1:expr, $json_v2:expr) => {
        [
            tilbud($v2, v2($v2)),
            tilbud(GZIP, v2(GZIP)),
            tilbud("application/x-gzip", v2(GZIP)),
            tilbud(JSON, v2($v2)),
            tilbud($json_v2, v2($v2)),
            tilbud("application/octet-stream", v2($v2)),
            tilbud($v1, v1($v1)),
        ]
    };
}
macro_rules! ark_tilbud {
    ($v2:expr, $v1:expr) => {
        [
            tilbud($v2, v2($v2)),
            tilbud(ARK, v2(ARK)),
            tilbud("application/octet-stream", v2($v2)),
            tilbud($v1, v1($v1)),
        ]
    };
}

const ENHET_GZ: &str = brreg!("enhet.v2+gzip;charset=UTF-8");
const UNDERENHET_GZ: &str = brreg!("underenhet.v2+gzip;charset=UTF-8");
const ENHET_FIL: [Offer<Filtype>; 7] =
    gzip_tilbud!(ENHET_GZ, brreg!("enhet.v1+gzip;charset=UTF-8"), brreg!("enhet.v2+json"));
const UNDERENHET_FIL: [Offer<Filtype>; 7] =
    gzip_tilbud!(UNDERENHET_GZ, brreg!("underenhet.v1+gzip;charset=UTF-8"), brreg!("underenhet.v2+json"));
const ENHET_ARK: [Offer<Filtype>; 4] = ark_tilbud!(
    brreg!("enhet.v2+vnd.openxmlformats-officedocument.spreadsheetml.sheet;charset=UTF-8"),
    brreg!("enhet+vnd.openxmlformats-officedocument.spreadsheetml.sheet;charset=UTF-8")
);
const UNDERENHET_ARK: [Offer<Filtype>; 4] = ark_tilbud!(
    brreg!("underenhet.v2+vnd.openxmlformats-officedocument.spreadsheetml.sheet;charset=UTF-8"),
    brreg!("underenhet+vnd.openxmlformats-officedocument.spreadsheetml.sheet;charset=UTF-8")
);

macro_rules! csv_tilbud {
    ($v2:expr) => {
        [
            tilbud($v2, v2($v2)),
            tilbud(GZIP, v2(GZIP)),
            tilbud("application/x-gzip", v2(GZIP)),
            tilbud("text/csv", v2($v2)),
            tilbud("application/octet-stream", v2($v2)),
        ]
    };
}
const ENHET_CSV: [Offer<Filtype>; 5] = csv_tilbud!(ENHET_GZ);
const UNDERENHET_CSV: [Offer<Filtype>; 5] = csv_tilbud!(UNDERENHET_GZ);

/// JSON downloads.
pub fn fil(kind: Enhetstype, versjon1: bool) -> &'static [Offer<Filtype>] {
    match kind {
        Enhetstype::Enhet => uten_v1(&ENHET_FIL, versjon1, 1),
        Enhetstype::Underenhet => uten_v1(&UNDERENHET_FIL, versjon1, 1),
    }
}

/// CSV downloads.
pub fn csv(kind: Enhetstype) -> &'static [Offer<Filtype>] {
    match kind {
        Enhetstype::Enhet => &ENHET_CSV,
        Enhetstype::Underenhet => &UNDERENHET_CSV,
    }
}

/// Spreadsheets.
pub fn regneark(kind: Enhetstype, versjon1: bool) -> &'static [Offer<Filtype>] {
    match kind {
        Enhetstype::Enhet => uten_v1(&ENHET_ARK, versjon1, 1),
        Enhetstype::Underenhet => uten_v1(&UNDERENHET_ARK, versjon1, 1),
    }
}

const ROLLE_GZ: &str = brreg!("rolle.v1+gzip;charset=UTF-8");

/// The registered type of Parquet files.
pub const PARQUET: &str = "application/vnd.apache.parquet";

/// Parquet files.
pub const PARQUETFIL: [Offer<Filtype>; 2] =
    [tilbud(PARQUET, v2(PARQUET)), tilbud("application/octet-stream", v2(PARQUET))];

/// The role download, which has only one version.
pub const ROLLEFIL: [Offer<Filtype>; 5] = [
    tilbud(ROLLE_GZ, v2(ROLLE_GZ)),
    tilbud(GZIP, v2(GZIP)),
    tilbud("application/x-gzip", v2(GZIP)),
    tilbud(JSON, v2(ROLLE_GZ)),
    tilbud("application/octet-stream", v2(ROLLE_GZ)),
];
