//! From query string to [`Sporring`].

use web::hal::PageRequest;
use web::query::Query;

use super::parametre::{Parameter, Regel, parametre};
use super::regler::{self, Feilliste};
use super::sortering::{Retning, bare_retning, les_sort};
use super::{Filter, Sortering, Sporring};
use crate::Feil;
use crate::modell::{Enhetstype, Versjon};

/// Page size of a search that names none.
pub const STANDARD_STORRELSE: u64 = 20;

/// A search call, read.
#[derive(Debug, Clone)]
pub struct Lest {
    /// What is searched for.
    pub sporring: Sporring,
    /// Which part is wanted.
    pub side: PageRequest,
    /// Whether the call named `size` or `page`.
    pub har_side: bool,
}

impl Lest {
    /// Whether nothing is asked for but everything (the total downloads).
    pub fn er_alt(&self) -> bool {
        self.sporring.filtre.is_empty() && self.sporring.sortering.is_empty() && !self.har_side
    }
}

/// How calls are read.
#[derive(Debug, Clone, Copy)]
pub struct Lesemaate {
    /// Which search.
    pub kind: Enhetstype,
    /// The version asked for: it decides validation too (sheet section 5.3).
    pub versjon: Versjon,
    /// Whether parameters from after 1.5.0 are known.
    pub utvidet: bool,
    /// Whether unknown parameters are refused rather than ignored.
    pub streng: bool,
}

/// Reads a search call.
///
/// # Errors
/// [`Feil::Ugyldig`] with every invalid parameter.
pub fn les(query: &Query, maate: Lesemaate) -> Result<Lest, Feil> {
    let mut feil = Feilliste::default();
    let mut filtre = Vec::new();
    for parameter in parametre(maate.kind, maate.utvidet).filter(|p| query.has(p.navn)) {
        filtre.extend(filter(parameter, query, maate, &mut feil));
    }
    if maate.streng {
        avvis_ukjente(query, maate, &mut feil);
    }
    let mut sporring = Sporring { filtre, sortering: Vec::new() };
    sporring.sortering = les_sortering(query, maate, sporring.har_navn(), &mut feil);
    let side = regler::side(query, STANDARD_STORRELSE, &mut feil);
    feil.ferdig()?;
    Ok(Lest { sporring, side, har_side: query.has("size") || query.has("page") })
}

fn les_sortering(query: &Query, maate: Lesemaate, har_navn: bool, feil: &mut Feilliste) -> Vec<Sortering> {
    let mut sortering = Vec::new();
    for verdi in query.all("sort") {
        les_sort(verdi, (maate.kind, maate.versjon), &mut sortering, feil);
    }
    if sortering.len() > sok::MAX_SORT_KEYS {
        feil.legg_til("sort", format!("Høyst {} sorteringsfelt kan oppgis", sok::MAX_SORT_KEYS), None);
    }
    let snudd = query.all("sort").any(|v| bare_retning(v) == Some(Retning::Synkende));
    if sortering.is_empty() && snudd && !har_navn {
        sortering.push(Sortering { felt: "navn", retning: Retning::Synkende });
    }
    sortering
}

fn avvis_ukjente(query: &Query, maate: Lesemaate, feil: &mut Feilliste) {
    let kjent = |navn: &str| {
        matches!(navn, "sort" | "size" | "page")
            || parametre(maate.kind, maate.utvidet).any(|p| p.navn == navn)
    };
    for (navn, verdi) in query.pairs().filter(|(navn, _)| !kjent(navn)) {
        let gyldige: Vec<&str> = parametre(maate.kind, maate.utvidet).map(|p| p.navn).collect();
        let tekst = format!(
            "{navn} er ikke en gyldig parameter. Gyldige er: {}, sort, size, page",
            gyldige.join(", ")
        );
        feil.legg_til(navn, tekst, Some(verdi));
    }
}

/// The condition of one parameter that the call has; `None` when it is empty or invalid.
fn filter(p: &Parameter, query: &Query, maate: Lesemaate, feil: &mut Feilliste) -> Option<Filter> {
    let verdi = query.first(p.navn).unwrap_or("");
    if p.regel == Regel::Navn {
        return navn(p, verdi, query, maate, feil);
    }
    let liste = || {
        let mut liste = query.list(p.navn);
        liste.retain(|v| !v.is_empty());
        liste
    };
    if liste().is_empty() {
        return None;
    }
    let eiet = |liste: Vec<&str>| liste.into_iter().map(str::to_owned).collect::<Vec<_>>();
    Some(match p.regel {
        Regel::Navn | Regel::NavnMetode => return None,
        Regel::Enheter => Filter::Enheter(regler::orgnumre(p.navn, &liste(), feil)),
        Regel::Orgnr => {
            if !regler::er_siffer(verdi, 9) {
                feil.legg_til(p.navn, regler::ORGNR_TEKST, Some(verdi));
            }
            Filter::EnAv(p.felt, vec![verdi.to_owned()])
        }
        Regel::FraAnsatte => {
            Filter::Mellom(p.felt, Some(regler::ansatte(p.navn, verdi, true, maate.versjon, feil)?), None)
        }
        Regel::TilAnsatte => {
            Filter::Mellom(p.felt, None, Some(regler::ansatte(p.navn, verdi, false, maate.versjon, feil)?))
        }
        Regel::Flagg => Filter::Flagg(p.felt, regler::boolsk(p.navn, verdi, feil)?),
        Regel::FraDato => Filter::Mellom(p.felt, Some(regler::dato(p.navn, verdi, feil)?), None),
        Regel::TilDato => Filter::Mellom(p.felt, None, Some(regler::dato(p.navn, verdi, feil)?)),
        Regel::Organisasjonsform => organisasjonsform(p, &liste(), feil),
        Regel::Verdier => Filter::EnAv(p.felt, eiet(liste())),
        Regel::FireSiffer(hva) => {
            fire_siffer(p, hva, &liste(), feil);
            Filter::EnAv(p.felt, eiet(liste()))
        }
        Regel::Kommunenummer => {
            fire_siffer(p, "Kommunenummer", &liste(), feil);
            let her = Filter::EnAv(p.felt, eiet(liste()));
            match maate.versjon {
                Versjon::V1 => her,
                Versjon::V2 => {
                    Filter::Eller(vec![her, Filter::EnAv("postadresse.kommunenummer", eiet(liste()))])
                }
            }
        }
        Regel::Verdi => Filter::EnAv(p.felt, vec![verdi.to_lowercase()]),
        Regel::Tekster => Filter::Tekst(p.felt, eiet(liste())),
        Regel::Naeringskode => naeringskode(p, &liste(), feil),
    })
}

fn navn(p: &Parameter, verdi: &str, query: &Query, maate: Lesemaate, feil: &mut Feilliste) -> Option<Filter> {
    if verdi.trim().is_empty() || verdi.chars().count() > 180 {
        feil.legg_til(p.navn, "Navn må være mellom 1 og 180 tegn", Some(verdi));
        return None;
    }
    let metode = query.first("navnMetodeForSoek").filter(|m| maate.utvidet && !m.is_empty());
    Some(match metode {
        None => Filter::Navn(verdi.to_owned()),
        Some("FORTLOEPENDE") => Filter::NavnSammenhengende(verdi.to_owned()),
        Some(annen) => {
            feil.legg_til("navnMetodeForSoek", "navnMetodeForSoek må være FORTLOEPENDE", Some(annen));
            return None;
        }
    })
}

fn organisasjonsform(p: &Parameter, liste: &[&str], feil: &mut Feilliste) -> Filter {
    let ukjente = liste.iter().filter(|kode| kodeverk::organisasjonsformer::finn(kode).is_none());
    for kode in ukjente {
        feil.legg_til_liste(p.navn, format!("{kode} er ikke en gyldig organisasjonsform"), liste);
    }
    Filter::EnAv(p.felt, liste.iter().map(|&kode| kode.to_owned()).collect())
}

fn fire_siffer(p: &Parameter, hva: &str, liste: &[&str], feil: &mut Feilliste) {
    if !liste.iter().all(|v| regler::er_siffer(v, 4)) {
        feil.legg_til_liste(p.navn, format!("{hva} må være et nummer med nøyaktig 4 siffer"), liste);
    }
}

fn naeringskode(p: &Parameter, liste: &[&str], feil: &mut Feilliste) -> Filter {
    for kode in liste.iter().filter(|kode| !kodeverk::naeringskoder::er_velformet(kode)) {
        feil.legg_til_liste(p.navn, format!("Næringskode {kode} er ugyldig"), liste);
    }
    Filter::EnAv(p.felt, liste.iter().map(|&kode| kode.to_owned()).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn maate(kind: Enhetstype, versjon: Versjon) -> Lesemaate {
        Lesemaate { kind, versjon, utvidet: true, streng: false }
    }

    fn v2(query: &str) -> Result<Lest, Feil> {
        les(&Query::parse(query), maate(Enhetstype::Enhet, Versjon::V2))
    }

    fn feilene(query: &str) -> Vec<(String, String, Option<String>)> {
        match v2(query) {
            Err(Feil::Ugyldig(feil)) => {
                feil.into_iter().map(|f| (f.parametere.join("+"), f.feilmelding, f.feilaktig_verdi)).collect()
            }
            annet => panic!("{query}: {annet:?}"),
        }
    }

    #[test]
    fn attested_texts() {
        let ett = |query: &str, p: &str, tekst: &str, verdi: Option<&str>| {
            assert_eq!(
                feilene(query),
                [(p.to_owned(), tekst.to_owned(), verdi.map(str::to_owned))],
                "{query}"
            );
        };
        ett("page=500&size=20", "size+page", "size * (page+1) kan ikke overstige 10_000", None);
        ett(
            "organisasjonsform=INC",
            "organisasjonsform",
            "INC er ikke en gyldig organisasjonsform",
            Some("[INC]"),
        );
        ett("naeringskode=49410", "naeringskode", "Næringskode 49410 er ugyldig", Some("[49410]"));
        ett(
            "organisasjonsnummer=123,310100005",
            "organisasjonsnummer",
            regler::ORGNR_TEKST,
            Some("[123, 310100005]"),
        );
        ett(
            "fraAntallAnsatte=3",
            "fraAntallAnsatte",
            "fraAntallAnsatte må være 0, 1 eller større enn 4",
            Some("3"),
        );
        ett(
            "tilAntallAnsatte=1",
            "tilAntallAnsatte",
            "tilAntallAnsatte må være 0, 4 eller større enn 4",
            Some("1"),
        );
        ett("sort=tull,ASC", "sort", "tull er ikke et gyldig sorteringsfelt", Some("tull,ASC"));
        ett("navn=", "navn", "Navn må være mellom 1 og 180 tegn", Some(""));
        ett("konkurs=True", "konkurs", "konkurs må være true eller false", Some("True"));
        ett("size=0", "size", "size må være et tall mellom 1 og 10000", Some("0"));
    }

    #[test]
    fn all_faults_at_once_and_the_edge_of_the_depth_is_allowed() {
        assert_eq!(feilene("konkurs=x&page=-1&fraStiftelsesdato=2023-02-29&kommunenummer=12,1234").len(), 4);
        assert_eq!(v2("page=499&size=20").unwrap().side, PageRequest { page: 499, size: 20 });
        assert_eq!(v2("size=10000").unwrap().side.offset(), 0);
        assert!(v2("size=10000&page=18446744073709551615").is_err());
    }

    #[test]
    fn version_decides() {
        let v1 = |q: &str| les(&Query::parse(q), maate(Enhetstype::Enhet, Versjon::V1));
        assert!(v1("fraAntallAnsatte=3").is_ok());
        assert!(
            v1("sort=naeringskode1.hjelpeenhetskode").is_ok()
                && v2("sort=naeringskode1.hjelpeenhetskode").is_err()
        );
        assert_eq!(
            v1("kommunenummer=0301").unwrap().sporring.filtre,
            [Filter::EnAv("forretningsadresse.kommunenummer", vec!["0301".to_owned()])]
        );
        assert!(
            matches!(&v2("kommunenummer=0301").unwrap().sporring.filtre[..], [Filter::Eller(to)] if to.len() == 2)
        );
    }

    #[test]
    fn sort_forms() {
        let sort = |q: &str| v2(q).unwrap().sporring.sortering;
        let navn = |retning| vec![Sortering { felt: "navn", retning }];
        assert_eq!(sort("sort=navn"), navn(Retning::Stigende));
        assert_eq!(sort("sort=navn.norwegian,desc"), navn(Retning::Synkende));
        assert_eq!(sort("sort=ASC"), []);
        assert_eq!(sort("sort=DESC"), navn(Retning::Synkende));
        assert_eq!(sort("sort=DESC&navn=a"), []);
        assert_eq!(sort("sort=konkurs,navn,DESC&sort=antallAnsatte").len(), 3);
        assert!(v2("sort=navn,navn,navn,navn,navn").is_err());
    }

    #[test]
    fn unknown_parameters_are_ignored_unless_strict() {
        assert!(v2("kommunenr=0301&includeChanges=true").is_ok());
        let streng = Lesemaate { streng: true, ..maate(Enhetstype::Enhet, Versjon::V2) };
        assert!(les(&Query::parse("kommunenr=0301"), streng).is_err());
        assert!(les(&Query::parse("kommunenummer=0301&sort=navn&page=0"), streng).is_ok());
    }
}
