//! The code lists of Folkeregisteret (consumer sheet, sections 3, 7 and 8).
//!
//! Most have a code and a text in bokmål; those are of type [`Kode`].

/// A code with its text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Kode {
    /// The code, as documents have it.
    pub kode: &'static str,
    /// The text of the code.
    pub beskrivelse: &'static str,
}

impl crate::tabell::Rad for Kode {
    fn kode(&self) -> &'static str {
        self.kode
    }
}

/// A module for each list of codes with texts.
macro_rules! enkle_lister {
    ($($(#[$doc:meta])* $modul:ident $fil:literal;)*) => {
        $($(#[$doc])*
        pub mod $modul {
            use super::Kode;

            rader!(Kode, $fil, |[kode, beskrivelse]| Kode { kode, beskrivelse });
        })*
    };
}

enkle_lister! {
    /// How protected an address is.
    adressegradering "folkeregisteret/adressegradering.csv";
    /// Which address a person prefers; phased out on 2021-10-16.
    adressetype_preferert "folkeregisteret/adressetype_preferert.csv";
    /// Retention of citizenship.
    bibehold "folkeregisteret/bibehold.csv";
    /// Kinds of dwellings and other units.
    bruksenhetstype "folkeregisteret/bruksenhetstype.csv";
    /// Offices of county governors that see to guardianships; an open list.
    embete "folkeregisteret/embete.csv";
    /// What happened to an entity in an event document.
    entitetsendring "folkeregisteret/entitetsendring.csv";
    /// Roles in family relations.
    familierelasjonstype "folkeregisteret/familierelasjonstype.csv";
    /// Who has parental responsibility.
    foreldreansvarstype "folkeregisteret/foreldreansvarstype.csv";
    /// Kinds of identity documents; an open list.
    identifikasjonsdokumenttype "folkeregisteret/identifikasjonsdokumenttype.csv";
    /// Kinds of numbers given by others; an open list.
    identifikasjonsnummertype "folkeregisteret/identifikasjonsnummertype.csv";
    /// Whether an identifier is in use.
    identifikatorstatus "folkeregisteret/identifikatorstatus.csv";
    /// Kinds of identifiers.
    identifikatortype "folkeregisteret/identifikatortype.csv";
    /// How well an identity is checked.
    identitetsgrunnlagstatus "folkeregisteret/identitetsgrunnlagstatus.csv";
    /// Sex.
    kjoenn "folkeregisteret/kjoenn.csv";
    /// Why somebody stays elsewhere than at home.
    opphold_annet_sted "folkeregisteret/opphold_annet_sted.csv";
    /// Kinds of residence permits.
    oppholdstillatelsetype "folkeregisteret/oppholdstillatelsetype.csv";
    /// How long a stay on Svalbard is expected to be.
    oppholdsvarighet_svalbard "folkeregisteret/oppholdsvarighet_svalbard.csv";
    /// Statuses that an extract can ask for.
    personstatustyper_uttrekk "folkeregisteret/personstatustyper_uttrekk.csv";
    /// Ties to the electoral roll of the Sami parliament; withdrawn on 2023-04-03.
    sametingets_valgmanntall "folkeregisteret/sametingets_valgmanntall.csv";
    /// Sami languages.
    samisk_spraak "folkeregisteret/samisk_spraak.csv";
    /// Marital statuses.
    sivilstand "folkeregisteret/sivilstand.csv";
    /// Authorities of a marital status; an open list, in two spellings.
    sivilstand_myndighet "folkeregisteret/sivilstand_myndighet.csv";
    /// How an estate is divided.
    skifteform "folkeregisteret/skifteform.csv";
    /// The extent of a guardianship, in the format until 2023-11-01.
    vergemaalsomfang "folkeregisteret/vergemaalsomfang.csv";
    /// Kinds of guardianships.
    vergemaaltype "folkeregisteret/vergemaaltype.csv";
}

/// Statuses of persons.
pub mod personstatus {
    use crate::tabell::ja;

    /// A status.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub struct Personstatus {
        /// The code.
        pub kode: &'static str,
        /// The text of the code.
        pub beskrivelse: &'static str,
        /// Confidential.
        pub taushetsbelagt: bool,
        /// The code that those without right to confidential statuses see.
        pub vises_som: &'static str,
        /// Whose status it is: `fnr`, `dnr`, `fnr og dnr`.
        pub gjelder: &'static str,
    }

    kodeliste!(Personstatus.kode, "folkeregisteret/personstatus.csv", |[
        kode,
        beskrivelse,
        hemmelig,
        vises_som,
        gjelder,
    ]| Personstatus {
        kode,
        beskrivelse,
        taushetsbelagt: ja(hemmelig),
        vises_som,
        gjelder,
    });
}

/// What guardians see to.
pub mod vergetjenester {
    use crate::tabell::ja;

    /// A service and a task there.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub struct Vergetjeneste {
        /// Service and task, as in `nav/pensjon`; documents have them in a field each.
        pub kode: &'static str,
        /// The text of the service.
        pub omraade: &'static str,
        /// The text of the task.
        pub beskrivelse: &'static str,
        /// No longer given.
        pub utgaatt: bool,
    }

    impl Vergetjeneste {
        /// The code of the service, `vergeTjenestevirksomhet`.
        pub fn virksomhet(&self) -> &'static str {
            self.kode.split('/').next().unwrap_or_default()
        }

        /// The code of the task, `vergeTjenesteoppgave`.
        pub fn oppgave(&self) -> &'static str {
            self.kode.split('/').nth(1).unwrap_or_default()
        }
    }

    kodeliste!(Vergetjeneste.kode, "folkeregisteret/vergetjenester.csv", |[
        kode,
        omraade,
        beskrivelse,
        utgaatt,
    ]| Vergetjeneste {
        kode,
        omraade,
        beskrivelse,
        utgaatt: ja(utgaatt),
    });
}

/// Countries that ISO 3166-1 does not have.
pub mod landkoder_spesial {
    use crate::tabell::verdi;

    /// A country, or what stands in its place.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub struct Land {
        /// Three letters, in all fields but foreign addresses.
        pub kode: &'static str,
        /// Two letters, in foreign addresses.
        pub alfa2: Option<&'static str>,
        /// The text of the code.
        pub beskrivelse: &'static str,
    }

    kodeliste!(Land.kode, "folkeregisteret/landkoder_spesial.csv", |[kode, alfa2, beskrivelse]| Land {
        kode,
        alfa2: verdi(alfa2),
        beskrivelse,
    });
}

/// Types of events.
pub mod hendelsetyper {
    use crate::tabell::ja;

    /// A type of event.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub struct Hendelsetype {
        /// The code.
        pub kode: &'static str,
        /// The text of the code.
        pub beskrivelse: &'static str,
        /// `opprettelse`, `status`, `egenskap`, `forstaaelse`, `generalisert`, `foreldet`.
        pub gruppe: &'static str,
        /// There is an event document.
        pub hendelsesdokument: bool,
        /// There is a person document.
        pub persondokument: bool,
        /// The short names of the packages whose feed shows it as it is, with blanks between.
        pub pakker: &'static str,
        /// The private and press packages see it, as `endringIPerson`.
        pub aapen: bool,
    }

    kodeliste!(Hendelsetype.kode, "folkeregisteret/hendelsetyper.csv", |[
        kode,
        beskrivelse,
        gruppe,
        hendelsesdokument,
        persondokument,
        pakker,
        aapen,
    ]| Hendelsetype {
        kode,
        beskrivelse,
        gruppe,
        hendelsesdokument: ja(hendelsesdokument),
        persondokument: ja(persondokument),
        pakker,
        aapen: ja(aapen),
    });
}

/// Rights packages.
pub mod rettighetspakker {
    use crate::tabell::verdi;

    /// A rights package.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub struct Rettighetspakke {
        /// The code, its word in addresses.
        pub kode: &'static str,
        /// The short name: `omh`.
        pub kortnavn: &'static str,
        /// The name.
        pub navn: &'static str,
        /// The scope of its tokens.
        pub scope: &'static str,
        /// The scope of industry bodies that act for their members.
        pub scope_segmentansvarlig: Option<&'static str>,
    }

    kodeliste!(Rettighetspakke.kode, "folkeregisteret/rettighetspakker.csv", |[
        kode,
        kortnavn,
        navn,
        scope,
        segmentansvarlig,
    ]| Rettighetspakke {
        kode,
        kortnavn,
        navn,
        scope,
        scope_segmentansvarlig: verdi(segmentansvarlig),
    });
}
