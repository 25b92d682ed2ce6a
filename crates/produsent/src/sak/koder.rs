//! The words that decisions are told in (producer sheet, sections 5.2 and 5.3).

use serde::{Deserialize, Serialize};

/// A decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Beslutning {
    /// An application was granted.
    Godkjent,
    /// Not taken under treatment: a formal or logical fault.
    Avvist,
    /// Considered, and refused on the merits.
    Avslaatt,
    /// Closed without a decision.
    Avbrutt,
    /// A reported fact was entered.
    Registrert,
}

impl Beslutning {
    /// The word in the feed.
    pub const fn kode(self) -> &'static str {
        match self {
            Self::Godkjent => "godkjent",
            Self::Avvist => "avvist",
            Self::Avslaatt => "avslaatt",
            Self::Avbrutt => "avbrutt",
            Self::Registrert => "registrert",
        }
    }

    /// Whether what the message asks for was done.
    pub const fn innvilget(self) -> bool {
        matches!(self, Self::Godkjent | Self::Registrert)
    }
}

/// `Name "code" "text";`
macro_rules! aarsaker {
    ($( $navn:ident $kode:literal $tekst:literal; )*) => {
        /// Why a case went as it did.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        #[expect(missing_docs, reason = "each has its text beside it")]
        pub enum Kode { $( $navn, )* }

        impl Kode {
            /// Every reason.
            pub const ALLE: &'static [Self] = &[$( Self::$navn, )*];

            /// The code in the feed.
            pub const fn kode(self) -> &'static str {
                match self { $( Self::$navn => $kode, )* }
            }

            /// The name in the feed.
            pub const fn navn(self) -> &'static str {
                match self { $( Self::$navn => $tekst, )* }
            }
        }
    };
}

aarsaker! {
    IdentifikatorFinnesIkke "identifikatorFinnesIkke" "Fødsels- eller d-nummer er ikke tildelt en person";
    IdentifikatorErIkkeGjeldende "identifikatorErIkkeGjeldende" "Fødsels- eller d-nummer er opphørt";
    UgyldigPersonstatus "ugyldigPersonstatus" "Personstatus er ikke forenlig med meldingen";
    FremtidigDato "fremtidigDato" "Dato er frem i tid";
    DatoFoerFoedsel "datoFoerFoedsel" "Dato er før fødselsdato";
    DatoEtterDoedsfall "datoEtterDoedsfall" "Dato er etter dødsdato";
    MotstridendeOpplysninger "motstridendeOpplysninger" "Opplysningene stemmer ikke med hverandre eller med registeret";
    MangelfulleOpplysninger "mangelfulleOpplysninger" "Opplysninger mangler";
    UkjentIdentitet "ukjentIdentitet" "Personen er oppgitt uten fødsels- eller d-nummer";
    VedleggMangler "vedleggMangler" "Vedlegg mangler";
    Adressebeskyttelse "adressebeskyttelse" "Personen har adressebeskyttelse";
    ManuellBehandlingErOensket "manuellBehandlingErOensket" "Avsender ønsker manuell behandling";
    AlleredeRegistrert "alleredeRegistrert" "Opplysningen er allerede registrert";
    UgyldigSivilstand "ugyldigSivilstand" "Sivilstand er ikke forenlig med meldingen";
    IkkeGiftMedHverandre "ikkeGiftMedHverandre" "Personene er ikke gift med hverandre";
    UnderAlder "underAlder" "Personen er under aldersgrensen";
    NaertBeslektet "naertBeslektet" "Personene er nært beslektet";
    OppholdForKort "oppholdForKort" "Oppholdet er kortere enn seks måneder";
    MuligDublett "muligDublett" "Mulig dublett";
    DufNummerIBruk "dufNummerIBruk" "DUF-nummer er i bruk";
    UkjentKommunenummer "ukjentKommunenummer" "Kommunenummer er ukjent";
    InnsenderHarIkkeEndringsrett "innsenderHarIkkeEndringsrett" "Avsender kan ikke endre opplysninger om personen";
    FinnerIkkeOpprinneligMelding "finnerIkkeOpprinneligMelding" "Opprinnelig melding finnes ikke";
    NummerserieOppbrukt "nummerserieOppbrukt" "Ledig nummer finnes ikke for datoen";
    DatoFoerVigsel "datoFoerVigsel" "Dato er før vigselen";
    DatoFoerDoedsfall "datoFoerDoedsfall" "Dato er før dødsfallet";
    KreverManuellVurdering "kreverManuellVurdering" "Saken krever manuell vurdering";
    UgyldigMelding "ugyldigMelding" "Meldingen kan ikke behandles";
}

/// A reason with what is said of it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Begrunnelse {
    /// The code.
    #[serde(rename = "begrunnelseskode")]
    pub kode: String,
    /// Its name.
    #[serde(rename = "begrunnelsesnavn")]
    pub navn: String,
    /// More, if there is more to say.
    #[serde(rename = "begrunnelsesmerknad", default, skip_serializing_if = "Option::is_none")]
    pub merknad: Option<String>,
}

impl std::fmt::Debug for Begrunnelse {
    /// Without the remark, which may name a person.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Begrunnelse({})", self.kode)
    }
}

impl From<Kode> for Begrunnelse {
    fn from(kode: Kode) -> Self {
        Self { kode: kode.kode().to_owned(), navn: kode.navn().to_owned(), merknad: None }
    }
}

impl Begrunnelse {
    /// With more said.
    pub fn med(kode: Kode, merknad: impl Into<String>) -> Self {
        Self { merknad: Some(merknad.into()), ..Self::from(kode) }
    }
}
