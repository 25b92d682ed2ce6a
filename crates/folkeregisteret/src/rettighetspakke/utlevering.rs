//! The filter, and what has passed it.

use kodeverk::folkeregisteret::hendelsetyper;

use super::deler::Deler;
use super::regler::{Dokumentsil, Syn, Vern};
use super::{PRIVATE_OG_PRESSE, Rettighetspakke, Tjeneste, UTEN_NUMMER};
use crate::format::{Json, Skriver, Xml};
use crate::modell::felttype::Verdi;
use crate::modell::{
    DokumentForHendelse, Egenskap, Egenskapshendelse, Entitet, Hendelsestype, LagretHendelse, Persondokument,
    UgyldigDokument,
};

impl Rettighetspakke {
    /// What a consumer of this package gets of a person. The document is used up: what is left of it is the answer.
    pub fn filtrer(self, dokument: Persondokument, deler: &Deler) -> Utlevering {
        self.filtrer_arkivert(dokument, deler, Vern::Ingen)
    }

    /// The same from the stored form, of which only what may be delivered is read at all.
    ///
    /// # Errors
    /// [`UgyldigDokument`] when what is stored is no document.
    pub fn filtrer_lagret(self, lagret: &[u8], deler: &Deler) -> Result<Utlevering, UgyldigDokument> {
        let trengs = deler.utvalg(self).gjeldende.og(Entitet::Adressebeskyttelse);
        Ok(self.filtrer(Persondokument::fra_json_bare(lagret, trengs)?, deler))
    }

    /// The same for a document as it was: the protection of the person's addresses as it is now counts too, for what
    /// was open then may be so no longer.
    pub fn filtrer_arkivert(self, mut dokument: Persondokument, deler: &Deler, naa: Vern) -> Utlevering {
        let syn = Syn::ny(self, Vern::av(&dokument).max(naa));
        dokument.sil_entiteter(&mut Dokumentsil { utvalg: deler.utvalg(self), syn });
        Utlevering(dokument)
    }

    /// What a consumer of this package gets of an event document; `None` if it has none. `naa` is the protection of the
    /// person's addresses as it is now.
    pub fn filtrer_hendelsesdokument(
        self,
        mut dokument: DokumentForHendelse,
        naa: Vern,
    ) -> Option<Hendelsesutlevering> {
        if !self.har(Tjeneste::Hendelsesdokument) {
            return None;
        }
        let graderinger = dokument.hendelse.egenskapshendelse.iter().filter_map(|e| match &e.egenskap {
            Some(Egenskap::Adressebeskyttelse(gradering)) => Some(Vern::av_innslag(gradering)),
            _ => None,
        });
        let syn = Syn::ny(self, graderinger.fold(naa, Vern::max));
        dokument.hendelse.egenskapshendelse.retain_mut(|endring| sil_egenskap(endring, syn));
        dokument.sil(self);
        Some(Hendelsesutlevering(dokument))
    }

    /// What a consumer of this package sees of an event on its feed; `None` if it does not see it.
    ///
    /// A package sees the events of what it gets. The private and press packages see `endringIPerson` in place of every
    /// open one (section 8.4); elsewhere outside omh a change of protection shows as `personErOppdatert`, for the
    /// marking itself is confidential.
    pub fn filtrer_feed(self, mut hendelse: LagretHendelse) -> Option<Feedutlevering> {
        hendelse.hendelse.hendelsetype = hendelse.hendelse.hendelsetype.slik_den_vises(self)?;
        hendelse.sil(self);
        Some(Feedutlevering(hendelse))
    }
}

/// Whether the package gets this change of an entity, after what it does not get is taken away.
fn sil_egenskap(endring: &mut Egenskapshendelse, syn: Syn) -> bool {
    endring.entitet.pakker().har(syn.pakke)
        && endring
            .egenskap
            .as_mut()
            .is_none_or(|egenskap| egenskap.entitet() == endring.entitet && egenskap.anvend(syn))
}

impl Hendelsestype {
    /// The type as the feed of a package shows it; `None` if it does not.
    pub fn slik_den_vises(self, pakke: Rettighetspakke) -> Option<Self> {
        let rad = hendelsetyper::finn(self.kode())?;
        if rad.pakker.split(' ').any(|kortnavn| kortnavn == pakke.kortnavn()) {
            Some(self)
        } else if !rad.aapen {
            None
        } else if PRIVATE_OG_PRESSE.og(UTEN_NUMMER).har(pakke) {
            Some(Self::EndringIPerson)
        } else {
            Some(Self::PersonErOppdatert)
        }
    }
}

/// A person document that has passed the filter of a package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Utlevering(Persondokument);

impl Utlevering {
    /// Writes it as JSON to the end of a buffer.
    pub fn skriv_json(&self, ut: &mut Vec<u8>) {
        self.0.skriv_json(ut);
    }

    /// Writes it as an XML document to the end of a buffer.
    pub fn skriv_xml(&self, ut: &mut Vec<u8>) {
        self.0.skriv_xml(ut);
    }

    /// Writes the elements inside the root element, to stand inside another document where the person namespace has a
    /// prefix, given with its colon.
    pub fn skriv_xml_innhold(&self, ut: &mut Vec<u8>, prefiks: &str) {
        self.0.skriv_xml_innhold(ut, prefiks);
    }

    /// What is delivered, to be looked at: for the log of what was delivered, and for tests.
    pub fn dokument(&self) -> &Persondokument {
        &self.0
    }
}

/// An event document that has passed the filter of a package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hendelsesutlevering(DokumentForHendelse);

impl Hendelsesutlevering {
    /// Writes it as JSON to the end of a buffer.
    pub fn skriv_json(&self, ut: &mut Vec<u8>) {
        self.0.skriv_json(ut);
    }

    /// Writes it as an XML document to the end of a buffer.
    pub fn skriv_xml(&self, ut: &mut Vec<u8>) {
        self.0.skriv_xml(ut);
    }

    /// Writes the elements inside the root element, to stand inside another document where the event namespace has a
    /// prefix, given with its colon.
    pub fn skriv_xml_innhold(&self, ut: &mut Vec<u8>, prefiks: &str) {
        self.0.skriv_xml_innhold(ut, prefiks);
    }
}

/// An event on the feed that has passed the filter of a package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Feedutlevering(LagretHendelse);

impl Feedutlevering {
    /// Its number on the feed.
    pub fn sekvensnummer(&self) -> i64 {
        self.0.sekvensnummer
    }

    /// Writes it as JSON to the end of a buffer.
    pub fn skriv_json(&self, ut: &mut Vec<u8>) {
        Verdi::skriv(&self.0, &mut Json::til(ut));
    }

    /// Writes it as the element `lagretHendelse`, whose namespace has a prefix, given with its colon.
    pub fn skriv_xml(&self, ut: &mut Vec<u8>, prefiks: &str) {
        Xml::med_prefiks(ut, prefiks).felt("lagretHendelse", |ut| Verdi::skriv(&self.0, ut));
    }
}
