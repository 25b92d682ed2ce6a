//! The fields of the index.

use sok::{Field, Schema, SearchError};

/// A value as it is now, and as it was.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Tidsfelt {
    pub(crate) gjeldende: Field,
    pub(crate) tidligere: Field,
}

/// The parts of addresses. What is put in begins with which of the person's addresses it is of ([`super::spor`]).
#[derive(Debug, Clone, Copy)]
pub(crate) struct Adressefelter {
    pub(crate) gate: Field,
    pub(crate) husnummer: Field,
    pub(crate) postnummer: Field,
    pub(crate) kommune: Field,
}

/// Every field.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Felter {
    /// The number that the person is told by, as a number.
    pub(crate) gjeldende_nummer: Field,
    /// Numbers, current and past.
    pub(crate) nummer: Field,
    /// Words of names, each after the letter of its part ([`super::Navneledd`]).
    pub(crate) navn: Tidsfelt,
    /// Phonetic keys of the same.
    pub(crate) lyd: Tidsfelt,
    /// `yyyy-MM-dd`.
    pub(crate) foedselsdato: Field,
    pub(crate) foedselsaar: Field,
    /// The same as a word: who is born in some few years is read off, not looked for among everybody.
    pub(crate) foedselsaar_ord: Field,
    pub(crate) kjoenn: Field,
    /// Set on the dead only.
    pub(crate) doed: Field,
    pub(crate) doedsaar: Field,
    /// As those without authority see it ([`crate::sporring::Statusgruppe`]).
    pub(crate) status: Field,
    pub(crate) statsborgerskap: Field,
    pub(crate) sivilstand: Field,
    pub(crate) utenlandsk: Field,
    pub(crate) legitimasjon: Field,
    pub(crate) duf: Field,
    /// Of addresses that every package sees.
    pub(crate) aapne: Adressefelter,
    /// Of those that only omh does.
    pub(crate) graderte: Adressefelter,
}

impl Felter {
    pub(crate) fn ny() -> Result<(Schema, Self), SearchError> {
        let mut bygger = Schema::builder();
        let mut ord = |navn: &str| bygger.keyword(navn).field();
        let mut adressefelter = |slag: &str| Adressefelter {
            gate: ord(&format!("adresse.{slag}.gate")),
            husnummer: ord(&format!("adresse.{slag}.husnummer")),
            postnummer: ord(&format!("adresse.{slag}.postnummer")),
            kommune: ord(&format!("adresse.{slag}.kommune")),
        };
        let (aapne, graderte) = (adressefelter("aapen"), adressefelter("gradert"));
        let felter = Self {
            nummer: ord("nummer"),
            navn: Tidsfelt { gjeldende: ord("navn"), tidligere: ord("navn.tidligere") },
            lyd: Tidsfelt { gjeldende: ord("lyd"), tidligere: ord("lyd.tidligere") },
            foedselsdato: ord("foedselsdato"),
            foedselsaar_ord: ord("foedselsaar.ord"),
            kjoenn: ord("kjoenn"),
            status: ord("status"),
            statsborgerskap: ord("statsborgerskap"),
            sivilstand: ord("sivilstand"),
            utenlandsk: ord("utenlandskPersonidentifikasjon"),
            legitimasjon: ord("legitimasjonsdokument"),
            duf: ord("utlendingsmyndighetenesIdentifikasjonsnummer"),
            gjeldende_nummer: bygger.number("gjeldendeNummer").field(),
            foedselsaar: bygger.number("foedselsaar").field(),
            doedsaar: bygger.number("doedsaar").field(),
            doed: bygger.flag("doed").field(),
            aapne,
            graderte,
        };
        Ok((bygger.build()?, felter))
    }
}
