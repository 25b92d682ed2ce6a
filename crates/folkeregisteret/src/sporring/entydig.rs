//! `personer/entydigsoek`: the one person that some facts fit (consumer sheet, section 9.1).

use sok::Query;
use tid::Date;

use super::krav::{Adressekrav, Adressevalg, Navnekrav, Navnevalg};
use super::parametre::{Parametre, sifre, ugyldig};
use super::{Soekefeil, Treff};
use crate::indeks::{Adresseslag, Felter, UTEN_NUMMER, landnummer};
use crate::modell::Entitet;
use crate::rettighetspakke::{ALLE, EID, OMH, Pakker};
use crate::{Personindeks, Rettighetspakke};

/// A fact that a person is searched by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kriterium {
    /// `navn`.
    Navn,
    /// `identifikasjonsnummer`.
    Identifikasjonsnummer,
    /// `foedselsdato`.
    Foedselsdato,
    /// `adressenavn`, with `husnummer` if the address has one: together one fact.
    Adresse,
    /// `postnummer`.
    Postnummer,
    /// `utenlandskpersonidentifikasjon`.
    UtenlandskPersonidentifikasjon,
    /// `legitimasjonsdokument`.
    Legitimasjonsdokument,
    /// `utlendingsmyndighetenesIdentifikasjonsnummer`.
    Utlendingsmyndighetene,
}

use Kriterium::{
    Adresse, Foedselsdato, Identifikasjonsnummer, Legitimasjonsdokument, Navn, Postnummer,
    UtenlandskPersonidentifikasjon, Utlendingsmyndighetene,
};

/// Which facts together give a right to a hit, and in which packages.
pub const RETT_TIL_TREFF: [([Kriterium; 2], Pakker); 9] = [
    ([Navn, Identifikasjonsnummer], ALLE),
    ([Navn, Foedselsdato], ALLE),
    ([Navn, Adresse], ALLE),
    ([Navn, Postnummer], ALLE),
    ([Navn, UtenlandskPersonidentifikasjon], OMH.og(EID)),
    ([Navn, Legitimasjonsdokument], OMH.og(EID)),
    ([Navn, Utlendingsmyndighetene], OMH),
    ([Foedselsdato, UtenlandskPersonidentifikasjon], OMH),
    ([Foedselsdato, Legitimasjonsdokument], OMH),
];

/// A unique search, read and found valid for a package.
#[derive(Clone, PartialEq, Eq)]
pub struct Entydigsoek {
    pakke: Rettighetspakke,
    navn: Option<Navnekrav>,
    fonetisk: bool,
    historisk: bool,
    nummer: Option<String>,
    foedselsdato: Option<Date>,
    adresse: Adressekrav,
    utenlandsk: Option<String>,
    legitimasjon: Option<String>,
    duf: Option<String>,
}

impl Entydigsoek {
    /// The parameters of the service, but for `part`.
    pub const PARAMETRE: [&str; 11] = [
        "identifikasjonsnummer",
        "utenlandskpersonidentifikasjon",
        "legitimasjonsdokument",
        "utlendingsmyndighetenesIdentifikasjonsnummer",
        "foedselsdato",
        "navn",
        "postnummer",
        "adressenavn",
        "husnummer",
        "soekFonetisk",
        "opplysningsgrunnlag",
    ];

    /// Reads the parameters of a call. `part` is not looked at.
    ///
    /// # Errors
    /// [`Soekefeil::Ugyldig`] for a parameter that cannot be used, also because the package does not get such facts;
    /// [`Soekefeil::IkkeRettTilTreff`].
    pub fn les<'a>(
        parametre: impl IntoIterator<Item = (&'a str, &'a str)>,
        pakke: Rettighetspakke,
    ) -> Result<Self, Soekefeil> {
        let p = Parametre::les(parametre, &Self::PARAMETRE)?;
        let nummer = |verdi: &str| sifre(verdi, 11).then(|| verdi.to_owned());
        let duf = |verdi: &str| Some(verdi.to_owned());
        let mut soek = Self {
            pakke,
            navn: p.navn()?,
            fonetisk: p.flagg("soekFonetisk")?,
            historisk: p.historisk()?,
            nummer: p.tolket("identifikasjonsnummer", nummer, "må ha elleve siffer")?,
            foedselsdato: p.foedselsdato()?,
            adresse: Adressekrav {
                gate: p.adressenavn()?,
                husnummer: p.husnummer()?,
                postnummer: p.postnummer()?,
                ..Adressekrav::default()
            },
            utenlandsk: landnummeret(&p, "UtenlandskPersonidentifikasjon")?,
            legitimasjon: landnummeret(&p, "Legitimasjonsdokument")?,
            duf: p.tolket("utlendingsmyndighetenesIdentifikasjonsnummer", duf, "")?,
        };
        soek.kontroller()?;
        if soek.adresse.gate.is_some() && soek.adresse.husnummer.is_none() && !soek.har_rett(|k| k != Adresse)
        {
            soek.adresse.husnummer = Some(UTEN_NUMMER.to_owned());
        }
        Ok(soek)
    }

    fn kontroller(&self) -> Result<(), Soekefeil> {
        if self.navn.as_ref().is_some_and(|navn| navn.antall() < 2) {
            return Err(ugyldig("navn", "må inneholde både fornavn og etternavn"));
        }
        if self.adresse.husnummer.is_some() && self.adresse.gate.is_none() {
            return Err(ugyldig("husnummer", "må oppgis sammen med adressenavn"));
        }
        for (entitet, verdi) in [
            (Entitet::UtenlandskPersonidentifikasjon, &self.utenlandsk),
            (Entitet::Legitimasjonsdokument, &self.legitimasjon),
            (Entitet::UtlendingsmyndighetenesIdentifikasjonsnummer, &self.duf),
        ] {
            if verdi.is_some() && !entitet.pakker().har(self.pakke) {
                return Err(ugyldig(entitet.navn(), "kan ikke søkes på i denne rettighetspakken"));
            }
        }
        if self.har_rett(|_| true) { Ok(()) } else { Err(Soekefeil::IkkeRettTilTreff) }
    }

    fn er_oppgitt(&self, kriterium: Kriterium) -> bool {
        match kriterium {
            Navn => self.navn.is_some(),
            Identifikasjonsnummer => self.nummer.is_some(),
            Foedselsdato => self.foedselsdato.is_some(),
            Adresse => self.adresse.gate.is_some(),
            Postnummer => self.adresse.postnummer.is_some(),
            UtenlandskPersonidentifikasjon => self.utenlandsk.is_some(),
            Legitimasjonsdokument => self.legitimasjon.is_some(),
            Utlendingsmyndighetene => self.duf.is_some(),
        }
    }

    /// Whether the facts that are given, of those that count, give a right to a hit.
    fn har_rett(&self, teller: impl Fn(Kriterium) -> bool) -> bool {
        RETT_TIL_TREFF.iter().any(|(kriterier, pakker)| {
            pakker.har(self.pakke) && kriterier.iter().all(|k| teller(*k) && self.er_oppgitt(*k))
        })
    }

    fn query(&self, felter: &Felter) -> Query {
        let mut krav = Vec::new();
        if let Some(navn) = &self.navn {
            navn.foerst_og_sist(Navnevalg::ny(felter, self.fonetisk, self.historisk), &mut krav);
        }
        let dato = self.foedselsdato.map(|dato| dato.to_string());
        for (felt, verdi) in [
            (felter.nummer, &self.nummer),
            (felter.foedselsdato, &dato),
            (felter.utenlandsk, &self.utenlandsk),
            (felter.legitimasjon, &self.legitimasjon),
            (felter.duf, &self.duf),
        ] {
            krav.extend(verdi.clone().map(|verdi| Query::Equals(felt, verdi)));
        }
        let valg = Adressevalg { pakke: self.pakke, slag: &[Adresseslag::Bosted], historisk: self.historisk };
        krav.extend(self.adresse.query(felter, valg));
        Query::And(krav)
    }
}

/// A parameter with a country and a number. The text of the error is the real service's.
fn landnummeret(p: &Parametre<'_>, navn: &str) -> Result<Option<String>, Soekefeil> {
    let lest = p.tolket(navn, les_landnummer, "");
    lest.map_err(|_| Soekefeil::Ugyldig(format!("{navn} er ikke på gyldig format")))
}

/// `AFG-1458-4555`: a country in three letters, the first hyphen, a number.
fn les_landnummer(verdi: &str) -> Option<String> {
    let (land, nummer) = verdi.split_once('-')?;
    let land = land.to_ascii_uppercase();
    let gyldig = land.len() == 3 && land.bytes().all(|b| b.is_ascii_uppercase()) && !nummer.trim().is_empty();
    gyldig.then(|| landnummer(&land, nummer))
}

impl Personindeks {
    /// The one person that a search fits.
    ///
    /// # Errors
    /// [`Soekefeil::IkkeEntydig`] when there is none, or more than one; [`Soekefeil::Indeks`].
    pub fn entydigsoek(&self, soek: &Entydigsoek) -> Result<Treff, Soekefeil> {
        match self.foerste(&soek.query(self.felter()), 2)?.as_slice() {
            [en] => Ok(*en),
            _ => Err(Soekefeil::IkkeEntydig),
        }
    }
}
