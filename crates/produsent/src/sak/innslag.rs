//! The lists of the person document, so that a rule can enter, correct and end values of any of them in the same way.

use folkeregisteret::modell::{
    Bostedsadresse, DeltBosted, Egenskap, Entitet, Familierelasjon, Foedsel, FoedselINorge,
    Folkeregisteridentifikator, Folkeregisterpersonnavn, Folkeregisterpersonstatus, Foreldreansvar,
    GraderingAvAdresse, Identifikasjonsdokument, Identitetsgrunnlag, IdentitetsgrunnlagIHendelse,
    InnflyttingTilNorge, Kontaktadresse, KontaktadresseIUtlandet, KontaktinformasjonForDoedsbo, Opphold,
    Oppholdsadresse, Persondokument, Personkjoenn, Registermetadata, Sivilstand, Statsborgerskap,
    VergemaalRepresentasjonEllerFremtidsfullmakt,
};

/// A value in a list of the person document.
pub trait Innslag: Clone {
    /// Which entity it is.
    const ENTITET: Entitet;

    /// Its metadata.
    fn meta(&self) -> &Registermetadata;
    /// The same, to be changed.
    fn meta_mut(&mut self) -> &mut Registermetadata;
    /// The list.
    fn felt(dok: &mut Persondokument) -> &mut Vec<Self>;
    /// As events have it.
    fn egenskap(self) -> Egenskap;
}

macro_rules! innslag {
    ($( $type:ident $entitet:ident $felt:ident; )*) => {
        $(impl Innslag for $type {
            const ENTITET: Entitet = Entitet::$entitet;

            fn meta(&self) -> &Registermetadata {
                &self.meta
            }

            fn meta_mut(&mut self) -> &mut Registermetadata {
                &mut self.meta
            }

            fn felt(dok: &mut Persondokument) -> &mut Vec<Self> {
                &mut dok.$felt
            }

            fn egenskap(self) -> Egenskap {
                Egenskap::$entitet(self)
            }
        })*
    };
}

innslag! {
    Folkeregisteridentifikator Identifikasjonsnummer identifikasjonsnummer;
    KontaktinformasjonForDoedsbo KontaktinformasjonForDoedsbo kontaktinformasjon_for_doedsbo;
    Identifikasjonsdokument Legitimasjonsdokument legitimasjonsdokument;
    Folkeregisterpersonstatus Status status;
    DeltBosted DeltBosted delt_bosted;
    Personkjoenn Kjoenn kjoenn;
    Foedsel Foedsel foedsel;
    FoedselINorge FoedselINorge foedsel_i_norge;
    Familierelasjon Familierelasjon familierelasjon;
    Sivilstand Sivilstand sivilstand;
    Folkeregisterpersonnavn Navn navn;
    GraderingAvAdresse Adressebeskyttelse adressebeskyttelse;
    Bostedsadresse Bostedsadresse bostedsadresse;
    Oppholdsadresse Oppholdsadresse oppholdsadresse;
    InnflyttingTilNorge Innflytting innflytting;
    Kontaktadresse Postadresse postadresse;
    KontaktadresseIUtlandet PostadresseIUtlandet postadresse_i_utlandet;
    Foreldreansvar Foreldreansvar foreldreansvar;
    Statsborgerskap Statsborgerskap statsborgerskap;
    Opphold Opphold opphold;
    VergemaalRepresentasjonEllerFremtidsfullmakt VergemaalEllerFremtidsfullmakt vergemaal_eller_fremtidsfullmakt;
}

/// Events have it under another name (consumer sheet, section 8.3).
impl Innslag for Identitetsgrunnlag {
    const ENTITET: Entitet = Entitet::Identitetsgrunnlag;

    fn meta(&self) -> &Registermetadata {
        &self.meta
    }

    fn meta_mut(&mut self) -> &mut Registermetadata {
        &mut self.meta
    }

    fn felt(dok: &mut Persondokument) -> &mut Vec<Self> {
        &mut dok.identitetsgrunnlag
    }

    fn egenskap(self) -> Egenskap {
        let legitimasjonskontroll = self.identitetsgrunnlagstatus;
        Egenskap::Identitetsgrunnlag(IdentitetsgrunnlagIHendelse { meta: self.meta, legitimasjonskontroll })
    }
}
