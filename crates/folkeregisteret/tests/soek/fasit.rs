//! What is found, by looking at everybody.

use folkeregisteret::indeks::fonetikk::noekkel;
use folkeregisteret::indeks::ord::{gate, ord};
use folkeregisteret::modell::{
    Adressenummer, Bosted, Folkeregisterpersonnavn, Oppholdssted, Persondokument, Personstatus, Poststed,
};
use folkeregisteret::{Deler, Rettighetspakke};

/// A question as it is put.
pub struct Spoersmaal<'a>(pub &'a [(&'a str, &'a str)]);

impl Spoersmaal<'_> {
    fn verdi(&self, navn: &str) -> Option<&str> {
        self.0.iter().find(|(n, _)| *n == navn).map(|(_, v)| *v)
    }

    fn er(&self, navn: &str, verdi: &str) -> bool {
        self.verdi(navn) == Some(verdi)
    }

    fn historisk(&self) -> bool {
        self.er("opplysningsgrunnlag", "historisk")
    }

    /// Whether a hit list has the person, of whom the package sees the document.
    pub fn liste(&self, sett: &Persondokument) -> bool {
        let doed = sett.doedsfall.is_some()
            || sett.status.iter().any(|s| naa(s.meta.er_gjeldende) && s.status == Personstatus::Doed);
        (self.er("inkluderDoede", "true") || !doed)
            && self.navn(sett, false)
            && self.foedt(sett)
            && self.verdi("kjoenn").is_none_or(|kode| {
                sett.kjoenn.iter().any(|k| naa(k.meta.er_gjeldende) && k.kjoenn.kode() == kode)
            })
            && self.adresse(sett, self.er("inkluderOppholdsadresse", "true"), false)
    }

    /// Whether a unique search fits the person. Numbers are those that omh sees: they may be asked for by those, too, that
    /// never get them.
    pub fn entydig(&self, sett: &Persondokument, numre: &Persondokument, rett_av_adresse: bool) -> bool {
        let numrene = numre.identifikasjonsnummer.iter().map(|n| n.foedsels_eller_d_nummer.vis().to_string());
        let duf = sett.utlendingsmyndighetenes_identifikasjonsnummer.iter();
        let dokumenter = sett.legitimasjonsdokument.iter().filter_map(|d| {
            Some((d.utstederland.to_string(), d.identifikasjonsdokumentnummer.as_ref()?.to_string()))
        });
        let utenlandske = sett
            .utenlandsk_personidentifikasjon
            .iter()
            .map(|n| (n.utstederland.to_string(), n.identifikasjonsnummer.to_string()));
        let land = |navn, alle: Vec<(String, String)>| {
            self.verdi(navn)
                .is_none_or(|spurt| alle.iter().any(|(l, n)| format!("{l}-{n}").eq_ignore_ascii_case(spurt)))
        };
        self.navn(sett, true)
            && self.foedt(sett)
            && self.adresse(sett, false, rett_av_adresse)
            && self.verdi("identifikasjonsnummer").is_none_or(|spurt| numrene.into_iter().any(|n| n == spurt))
            && land("legitimasjonsdokument", dokumenter.collect())
            && land("utenlandskpersonidentifikasjon", utenlandske.collect())
            && self
                .verdi("utlendingsmyndighetenesIdentifikasjonsnummer")
                .is_none_or(|spurt| duf.into_iter().any(|n| *n.identifikasjonsnummer == *spurt))
    }

    fn navn(&self, sett: &Persondokument, foerst_og_sist: bool) -> bool {
        let Some(spurt) = self.verdi("navn") else { return true };
        let fonetisk = self.er("soekFonetisk", "true");
        let form = |tekst: &str| -> Vec<String> {
            ord(tekst).into_iter().map(|o| if fonetisk { noekkel(&o) } else { o }).collect()
        };
        let navn: Vec<&Folkeregisterpersonnavn> =
            sett.navn.iter().filter(|n| self.historisk() || naa(n.meta.er_gjeldende)).collect();
        let har = |ledd: [bool; 3], o: &String| {
            navn.iter().any(|n| {
                ledd[0] && form(&n.fornavn).contains(o)
                    || ledd[1] && n.mellomnavn.as_ref().is_some_and(|m| form(m).contains(o))
                    || ledd[2] && form(&n.etternavn).contains(o)
            })
        };
        let spurte: Vec<Vec<String>> = spurt.split_whitespace().map(form).collect();
        spurte.iter().enumerate().all(|(i, o)| {
            let ledd = match i {
                0 if foerst_og_sist => [true, false, false],
                _ if foerst_og_sist && i + 1 == spurte.len() => [false, false, true],
                _ => [true; 3],
            };
            o.iter().all(|o| har(ledd, o))
        })
    }

    fn foedt(&self, sett: &Persondokument) -> bool {
        let aar = |navn| self.verdi(navn).map(|aar| aar.parse::<u16>().unwrap());
        let grenser = (aar("foedselsaarFraOgMed"), aar("foedselsaarTilOgMed"));
        self.verdi("foedselsdato").is_none_or(|spurt| {
            sett.foedsel
                .iter()
                .any(|f| f.foedselsdato.is_some_and(|d| d.to_string().replace('-', "") == spurt))
        }) && (grenser == (None, None)
            || sett.foedsel.iter().any(|f| {
                let aar = f.foedselsaar.aar();
                grenser.0.is_none_or(|fra| fra <= aar) && grenser.1.is_none_or(|til| aar <= til)
            }))
    }

    fn adresse(&self, sett: &Persondokument, med_opphold: bool, uten_nummer: bool) -> bool {
        const KRAV: [&str; 5] = ["adressenavn", "husnummer", "postnummer", "kommunenummer", "fylkesnummer"];
        if KRAV.iter().all(|navn| self.verdi(navn).is_none()) {
            return true;
        }
        adresser(sett, med_opphold, self.historisk()).iter().any(|a| {
            let hus = match (self.verdi("husnummer"), uten_nummer && self.verdi("adressenavn").is_some()) {
                (Some(spurt), _) => a.hus.as_deref() == Some(&spurt.to_lowercase()),
                (None, true) => a.hus.is_none() && a.gate.is_some(),
                (None, false) => true,
            };
            hus && self
                .verdi("adressenavn")
                .is_none_or(|spurt| a.gate.as_ref().is_some_and(|g| gate(g).starts_with(&gate(spurt))))
                && self.verdi("postnummer").is_none_or(|spurt| a.post.as_deref() == Some(spurt))
                && self.verdi("kommunenummer").is_none_or(|spurt| a.kommune.as_deref() == Some(spurt))
                && self
                    .verdi("fylkesnummer")
                    .is_none_or(|spurt| a.kommune.as_ref().is_some_and(|k| k.starts_with(spurt)))
        })
    }
}

/// What a package sees of a person.
pub fn sett(person: &Persondokument, pakke: Rettighetspakke) -> Persondokument {
    pakke.filtrer(person.clone(), &Deler::alt()).dokument().clone()
}

pub fn naa(er_gjeldende: Option<bool>) -> bool {
    er_gjeldende == Some(true)
}

/// The parts of an address as they stand in the document.
#[derive(Debug, Default, Clone)]
pub struct Adresse {
    pub gate: Option<String>,
    pub hus: Option<String>,
    pub post: Option<String>,
    pub kommune: Option<String>,
}

/// Homes, and places of stay if they are wanted.
pub fn adresser(sett: &Persondokument, med_opphold: bool, historisk: bool) -> Vec<Adresse> {
    let bosteder = sett.bostedsadresse.iter().filter(|a| historisk || naa(a.meta.er_gjeldende));
    let mut ut: Vec<Adresse> = bosteder
        .map(|a| match &a.bosted {
            Bosted::UkjentBosted(u) => {
                Adresse { kommune: u.bostedskommune.map(|k| k.to_string()), ..Adresse::default() }
            }
            Bosted::Vegadresse(v) => Adresse {
                gate: Some(v.adressenavn.to_string()),
                hus: v.adressenummer.as_ref().map(hus),
                post: post(v.poststed.as_ref()),
                kommune: Some(v.kommunenummer.to_string()),
            },
            Bosted::Matrikkeladresse(m) => Adresse {
                post: post(m.poststed.as_ref()),
                kommune: Some(m.matrikkelnummer.kommunenummer.to_string()),
                ..Adresse::default()
            },
        })
        .collect();
    if med_opphold {
        ut.extend(opphold(sett, historisk));
    }
    ut
}

/// Places of stay.
pub fn opphold(sett: &Persondokument, historisk: bool) -> Vec<Adresse> {
    let opphold = sett.oppholdsadresse.iter().filter(|a| historisk || naa(a.meta.er_gjeldende));
    opphold
        .map(|a| match &a.oppholdssted {
            Oppholdssted::Vegadresse(v) => Adresse {
                gate: Some(v.adressenavn.to_string()),
                hus: v.adressenummer.as_ref().map(hus),
                post: post(v.poststed.as_ref()),
                kommune: Some(v.kommunenummer.to_string()),
            },
            Oppholdssted::Matrikkeladresse(m) => Adresse {
                post: post(m.poststed.as_ref()),
                kommune: Some(m.matrikkelnummer.kommunenummer.to_string()),
                ..Adresse::default()
            },
            _ => Adresse::default(),
        })
        .collect()
}

fn hus(nummer: &Adressenummer) -> String {
    let bokstav = nummer.husbokstav.map(|b| b.to_string().to_lowercase()).unwrap_or_default();
    format!("{}{bokstav}", nummer.husnummer.tall())
}

fn post(poststed: Option<&Poststed>) -> Option<String> {
    poststed?.postnummer.map(|p| p.to_string())
}
