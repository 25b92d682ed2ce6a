//! Addresses, in every shape that the model has.

use folkeregisteret::modell::{
    Adressenummer, Bosted, Bruksenhetstype, Husbokstav, Husnummer, InternasjonalAdresse,
    InternasjonalAdresseIFrittFormat, Matrikkeladresse, Matrikkelnummer, Poststed, Tekst, UkjentBosted,
    Vegadresse, VegadresseForPost,
};
use identifikator::{Kommunenummer, Landkode, Postnummer};

use super::grend::Grend;
use super::kommunereform;
use super::land::{Land, land};
use crate::sted::{self, steder};
use crate::terning::{Merke, Terning};

/// 2024-01-01, in days since 1970.
const REFORM: i32 = 19_723;

/// A dwelling.
pub(super) struct Bolig {
    pub bosted: Bosted,
    /// Its key in the cadastre.
    pub noekkel: Option<Tekst>,
    pub kretser: Option<[i64; 4]>,
}

fn tekst(verdi: String) -> Tekst {
    Tekst::tilpass(verdi)
}

/// A municipality number as it was on a day.
pub(super) fn kommunenummer(kommune: u16, dag: i32) -> Option<Kommunenummer> {
    Kommunenummer::parse(kommunereform::nummer(kommune, dag < REFORM)).ok()
}

/// The dwelling with a running number in the hamlet: the same whenever it is asked for, but for the number of the
/// municipality.
pub(super) fn bolig(grend: &Grend, (kommune, nr): (u16, u32), dag: i32) -> Bolig {
    let mut t = grend.terning.gren(Merke::Bosted, nr);
    let Some(kommunenummer) = kommunenummer(kommune, dag) else {
        let bosted = Bosted::UkjentBosted(UkjentBosted::default());
        return Bolig { bosted, noekkel: None, kretser: None };
    };
    let (noekkel, kast) = (500_000_000 + u64::from(grend.nr) * 8192 + u64::from(nr), t.under(1000));
    let type_ = match t.under(1000) {
        0..=949 => Bruksenhetstype::Bolig,
        950..=962 => Bruksenhetstype::AnnetEnnBolig,
        963..=980 => Bruksenhetstype::Fritidsbolig,
        981..=990 => Bruksenhetstype::IkkeGodkjentBolig,
        _ => Bruksenhetstype::UnummerertBruksenhet,
    };
    let enhet = (type_ != Bruksenhetstype::UnummerertBruksenhet)
        .then(|| tekst(format!("H{:02}{:02}", 1 + t.under(4), 1 + t.under(8).min(t.under(8)))));
    let bosted = if kast < 70 {
        Bosted::Matrikkeladresse(matrikkel(&mut t, kommune, kommunenummer, (enhet, type_)))
    } else {
        Bosted::Vegadresse(veg(&mut t, kommune, kommunenummer, (enhet, type_)))
    };
    let mut krets = || i64::from(1 + t.under(30));
    let kretser = Some([100 * krets() + krets(), krets(), krets(), krets()]);
    Bolig { bosted, noekkel: Some(tekst(noekkel.to_string())), kretser }
}

pub(super) fn poststed(t: &mut Terning, kommune: u16) -> Option<Poststed> {
    let steder = steder();
    let sted = &steder[usize::from(kommune).min(steder.len() - 1)];
    let kode = sted.gateadresse(t)?;
    Some(Poststed {
        poststedsnavn: Some(Tekst::tilpass(kode.poststed)),
        postnummer: Postnummer::parse(kode.postnummer).ok(),
    })
}

fn husnummer(t: &mut Terning) -> Option<Adressenummer> {
    let husnummer = Husnummer::ny(1 + t.under(120).min(t.under(120)) as u16)?;
    let bokstav = t.promille(110).then(|| ['A', 'B', 'C', 'D', 'E'][t.under(5) as usize]);
    Some(Adressenummer { husnummer, husbokstav: bokstav.and_then(Husbokstav::ny) })
}

type Enhet = (Option<Tekst>, Bruksenhetstype);

fn veg(t: &mut Terning, kommune: u16, kommunenummer: Kommunenummer, (enhet, type_): Enhet) -> Vegadresse {
    Vegadresse {
        kommunenummer,
        bruksenhetsnummer: enhet,
        bruksenhetstype: Some(type_),
        adressenavn: tekst(sted::gatenavn(t)),
        adressenummer: husnummer(t),
        adressekode: Some(tekst((1000 + t.under(9000)).to_string())),
        adressetilleggsnavn: t.promille(30).then(|| tekst(format!("{}tunet", sted::stamme(t)))),
        poststed: poststed(t, kommune),
        co_adressenavn: None,
    }
}

fn matrikkel(
    t: &mut Terning,
    kommune: u16,
    kommunenummer: Kommunenummer,
    (enhet, type_): Enhet,
) -> Matrikkeladresse {
    let mut tall = |n| i64::from(1 + t.under(n));
    let matrikkelnummer = Matrikkelnummer {
        kommunenummer,
        gaardsnummer: tall(400),
        bruksnummer: tall(900),
        festenummer: (tall(10) == 1).then(|| tall(120)),
    };
    Matrikkeladresse {
        bruksenhetsnummer: enhet,
        bruksenhetstype: Some(type_),
        matrikkelnummer,
        undernummer: None,
        adressetilleggsnavn: None,
        poststed: poststed(t, kommune),
        co_adressenavn: None,
    }
}

/// A road address somewhere in the country.
pub(super) fn et_sted(t: &mut Terning, dag: i32) -> Option<Vegadresse> {
    let kommune = sted::trekk(t) as u16;
    let enhet = (Some(tekst(format!("H{:02}01", 1 + t.under(3)))), Bruksenhetstype::Bolig);
    kommunenummer(kommune, dag).map(|nummer| veg(t, kommune, nummer, enhet))
}

/// A cadastre address somewhere in the country.
pub(super) fn et_matrikkelsted(t: &mut Terning, dag: i32) -> Option<Matrikkeladresse> {
    let kommune = sted::trekk(t) as u16;
    kommunenummer(kommune, dag)
        .map(|nummer| matrikkel(t, kommune, nummer, (None, Bruksenhetstype::Fritidsbolig)))
}

/// A road address for post.
pub(super) fn for_post(t: &mut Terning) -> VegadresseForPost {
    let kommune = sted::trekk(t) as u16;
    VegadresseForPost {
        adressenavn: Some(tekst(sted::gatenavn(t))),
        adressenummer: husnummer(t),
        poststed: poststed(t, kommune),
        ..VegadresseForPost::default()
    }
}

fn landkode(land: &Land) -> Option<Landkode> {
    Landkode::parse(land.alfa2).ok()
}

/// A structured address abroad.
pub(super) fn utenlands(t: &mut Terning, nr: u8) -> Option<InternasjonalAdresse> {
    let land = land(nr);
    Some(InternasjonalAdresse {
        co_adressenavn: None,
        adressenavn: Some(tekst(format!("{} {}", land.gate, 1 + t.under(90)))),
        bygning: t.promille(100).then(|| tekst(format!("{}", 1 + t.under(9)))),
        etasjenummer: None,
        boenhet: t.promille(200).then(|| tekst(format!("{}", 1 + t.under(60)))),
        postboks: None,
        postkode: Some(Tekst::tilpass(land.postkode)),
        by_eller_stedsnavn: Some(Tekst::tilpass(land.sted)),
        distriktsnavn: None,
        region: None,
        landkode: landkode(land)?,
    })
}

/// An address abroad in lines.
pub(super) fn utenlands_fritt(t: &mut Terning, nr: u8) -> InternasjonalAdresseIFrittFormat {
    let land = land(nr);
    InternasjonalAdresseIFrittFormat {
        adresselinje: vec![tekst(format!("{} {}", land.gate, 1 + t.under(90)))],
        postkode: Some(Tekst::tilpass(land.postkode)),
        by_eller_stedsnavn: Some(Tekst::tilpass(land.sted)),
        landkode: landkode(land),
    }
}
