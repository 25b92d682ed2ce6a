//! The packages, and sets of them.

use kodeverk::folkeregisteret::rettighetspakker;

/// A rights package: which part of the register a consumer's authority gives (consumer sheet, section 3.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Rettighetspakke {
    /// `omh`: bodies with legal authority for confidential data.
    OffentligMedHjemmel,
    /// `ouh`: public bodies; open data and false identity.
    OffentligUtenHjemmel,
    /// `puh`: private bodies that do public tasks; open data.
    PrivatUtenHjemmel,
    /// `priv`: open data by unique search; numbers only on request.
    Privat,
    /// `privuid`: as `priv`, never the number.
    PrivatUtenFolkeregisteridentifikator,
    /// `fin`: open data, family, parental responsibility, false identity.
    Finans,
    /// `pre`: as `priv`.
    Presse,
    /// `preuid`: as `privuid`.
    PresseUtenFolkeregisteridentifikator,
    /// `eid`: open data, foreign numbers, identity documents, false identity.
    Eid,
    /// `brsv`: the register of Svalbard. No matrix is published for it: it gets what every package gets, and
    /// residence on Svalbard.
    Svalbard,
}

impl Rettighetspakke {
    /// All of them, in the order of the sheet.
    pub const ALLE: [Self; 10] = [
        Self::OffentligMedHjemmel,
        Self::OffentligUtenHjemmel,
        Self::PrivatUtenHjemmel,
        Self::Privat,
        Self::PrivatUtenFolkeregisteridentifikator,
        Self::Finans,
        Self::Presse,
        Self::PresseUtenFolkeregisteridentifikator,
        Self::Eid,
        Self::Svalbard,
    ];

    /// The code, which is also its word in addresses: `offentlig-med-hjemmel`, `finans`.
    pub const fn kode(self) -> &'static str {
        match self {
            Self::OffentligMedHjemmel => "offentlig-med-hjemmel",
            Self::OffentligUtenHjemmel => "offentligutenhjemmel",
            Self::PrivatUtenHjemmel => "privatutenhjemmel",
            Self::Privat => "privat",
            Self::PrivatUtenFolkeregisteridentifikator => "privatutenfolkeregisteridentifikator",
            Self::Finans => "finans",
            Self::Presse => "presse",
            Self::PresseUtenFolkeregisteridentifikator => "presseutenfolkeregisteridentifikator",
            Self::Eid => "eid",
            Self::Svalbard => "brsv",
        }
    }

    /// The short name: `omh`, `fin`.
    pub const fn kortnavn(self) -> &'static str {
        match self {
            Self::OffentligMedHjemmel => "omh",
            Self::OffentligUtenHjemmel => "ouh",
            Self::PrivatUtenHjemmel => "puh",
            Self::Privat => "priv",
            Self::PrivatUtenFolkeregisteridentifikator => "privuid",
            Self::Finans => "fin",
            Self::Presse => "pre",
            Self::PresseUtenFolkeregisteridentifikator => "preuid",
            Self::Eid => "eid",
            Self::Svalbard => "brsv",
        }
    }

    /// The package of a code.
    pub fn av_kode(kode: &str) -> Option<Self> {
        Self::ALLE.into_iter().find(|pakke| pakke.kode() == kode)
    }

    /// The part of an address between `folkeregisteret/` and the version; it has two shapes (section 1).
    pub fn adressedel(self) -> String {
        match self {
            Self::OffentligMedHjemmel => format!("{}/api", self.kode()),
            _ => format!("api/{}", self.kode()),
        }
    }

    /// Its row in the list of packages: name and scopes.
    pub fn rad(self) -> Option<&'static rettighetspakker::Rettighetspakke> {
        rettighetspakker::finn(self.kode())
    }
}

/// A set of packages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pakker(u16);

impl Pakker {
    /// The set of one.
    pub const fn bare(pakke: Rettighetspakke) -> Self {
        Self(1 << pakke as u16)
    }

    /// Those of either set.
    #[must_use]
    pub const fn og(self, andre: Self) -> Self {
        Self(self.0 | andre.0)
    }

    /// Those that the other set lacks.
    #[must_use]
    pub const fn uten(self, andre: Self) -> Self {
        Self(self.0 & !andre.0)
    }

    /// Whether the package is among them.
    pub const fn har(self, pakke: Rettighetspakke) -> bool {
        self.0 & (1 << pakke as u16) != 0
    }

    /// Whether this is every package.
    pub const fn er_alle(self) -> bool {
        self.0 == ALLE.0
    }
}

/// Every package.
pub const ALLE: Pakker = Pakker((1 << Rettighetspakke::ALLE.len()) - 1);
/// No package.
pub const INGEN: Pakker = Pakker(0);
/// Public and private bodies with legal authority.
pub const OMH: Pakker = Pakker::bare(Rettighetspakke::OffentligMedHjemmel);
/// Public bodies without.
pub const OUH: Pakker = Pakker::bare(Rettighetspakke::OffentligUtenHjemmel);
/// Private bodies with public tasks.
pub const PUH: Pakker = Pakker::bare(Rettighetspakke::PrivatUtenHjemmel);
/// Financial institutions.
pub const FIN: Pakker = Pakker::bare(Rettighetspakke::Finans);
/// Issuers of electronic identity.
pub const EID: Pakker = Pakker::bare(Rettighetspakke::Eid);
/// The register of Svalbard.
pub const BRSV: Pakker = Pakker::bare(Rettighetspakke::Svalbard);
/// Private bodies and the press, with number on request.
pub const PRIVATE_OG_PRESSE: Pakker =
    Pakker::bare(Rettighetspakke::Privat).og(Pakker::bare(Rettighetspakke::Presse));
/// Private bodies and the press, never with a number.
pub const UTEN_NUMMER: Pakker = Pakker::bare(Rettighetspakke::PrivatUtenFolkeregisteridentifikator)
    .og(Pakker::bare(Rettighetspakke::PresseUtenFolkeregisteridentifikator));
/// The packages that show numbers without being asked.
pub const MED_NUMMER: Pakker = ALLE.uten(PRIVATE_OG_PRESSE).uten(UTEN_NUMMER);
/// The public packages of section 3.4.
pub const OFFENTLIGE: Pakker = OMH.og(OUH);
/// Those whose look-ups a person is not told of: public bodies, bodies with legal authority, the press (section 2.2).
pub const PRESSE_OG_HJEMMEL: Pakker = OFFENTLIGE
    .og(BRSV)
    .og(Pakker::bare(Rettighetspakke::Presse))
    .og(Pakker::bare(Rettighetspakke::PresseUtenFolkeregisteridentifikator));
