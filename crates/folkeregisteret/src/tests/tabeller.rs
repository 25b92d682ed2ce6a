//! The sheet's tables: `|` between fields.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use kodeverk::folkeregisteret as fr;

/// A row by the names of its columns.
pub(super) type Rad = BTreeMap<&'static str, &'static str>;

macro_rules! tabeller {
    ($($navn:ident $fil:literal)*) => {
        $(pub(super) static $navn: LazyLock<Vec<Rad>> =
            LazyLock::new(|| les(include_str!(concat!("data/", $fil, ".csv"))));)*
    };
}

tabeller! {
    ENTITETER "entiteter"
    ENTITET_PER_PAKKE "entitet_per_pakke"
    FELTMODELL "feltmodell"
    FELT_PER_PAKKE "felt_per_pakke"
    HENDELSETYPER "hendelsetyper"
    PART_VERDIER "part_verdier"
    TJENESTER_PER_PAKKE "tjenester_per_pakke"
}

fn les(csv: &'static str) -> Vec<Rad> {
    let mut linjer = csv.lines().map(|linje| linje.split('|'));
    let hode: Vec<&str> = linjer.next().unwrap().collect();
    linjer.map(|felt| hode.iter().copied().zip(felt).collect()).collect()
}

/// A field of a type.
#[derive(Debug, Clone, Copy)]
pub(super) struct Felt {
    pub(super) navn: &'static str,
    pub(super) datatype: &'static str,
    pub(super) liste: bool,
    pub(super) min: usize,
    pub(super) maks: Option<usize>,
    pub(super) valg: bool,
    pub(super) kodeliste: &'static str,
}

/// The fields of every type, in order.
pub(super) static TYPER: LazyLock<BTreeMap<&'static str, Vec<Felt>>> = LazyLock::new(|| {
    let mut rader: Vec<&Rad> = FELTMODELL.iter().collect();
    rader.sort_by_key(|rad| rad["rekkefoelge"].parse::<u32>().unwrap());
    let mut typer: BTreeMap<&str, Vec<Felt>> = BTreeMap::new();
    typer.insert("FratattRettsligHandleevne", Vec::new());
    for rad in rader {
        typer.entry(rad["type"]).or_default().push(Felt {
            navn: rad["felt"],
            datatype: rad["datatype"],
            liste: rad["form"] == "liste",
            min: rad["min"].parse().unwrap(),
            maks: rad["maks"].parse().ok(),
            // An estate's contact is kept by number and by facts; which is told is a rule.
            valg: !rad["valggruppe"].is_empty() && rad["type"] != "PersonSomKontakt",
            kodeliste: rad["kodeliste"],
        });
    }
    typer
});

/// The type of an entity.
pub(super) fn entitetstype(entitet: &str) -> &'static str {
    ENTITETER.iter().find(|rad| rad["entitet"] == entitet).unwrap()["type"]
}

/// Whether a type is an entity's, and so begins with metadata.
pub(super) fn er_entitet(type_: &str) -> bool {
    ENTITETER.iter().any(|rad| rad["type"] == type_)
}

/// The codes of a closed list; `None` for open ones. What is never stored is left out.
pub(super) fn koder(kodeliste: &str) -> Option<Vec<&'static str>> {
    macro_rules! lister {
        ($($liste:ident)*) => {
            match kodeliste {
                $(stringify!($liste) => fr::$liste::alle().iter().map(|rad| rad.kode).collect(),)*
                _ => return None,
            }
        };
    }
    let mut koder: Vec<&str> = lister!(
        adressegradering adressetype_preferert bibehold bruksenhetstype familierelasjonstype foreldreansvarstype
        identifikatorstatus identifikatortype identitetsgrunnlagstatus kjoenn opphold_annet_sted oppholdstillatelsetype
        oppholdsvarighet_svalbard personstatus sametingets_valgmanntall samisk_spraak sivilstand skifteform
        vergemaalsomfang vergemaaltype
    );
    if kodeliste == "personstatus" {
        koder.retain(|kode| *kode != "aktiv");
    }
    Some(koder)
}
