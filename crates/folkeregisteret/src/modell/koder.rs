//! The closed code lists of the documents (consumer sheet, sections 7.4 and 8). `kodeverk::folkeregisteret` has their
//! texts. Open lists (`embete`, `myndighet`, `identifikasjonsdokumenttype`, …) are [`super::Tekst`].

koder! {
    /// How protected an address is (section 3.5). In order: the later, the more.
    Adressegradering {
        /// Not graded.
        Ugradert,
        /// The address would reveal that its holder is a client of something; this address only.
        Klientadresse,
        /// Kode 7.
        Fortrolig,
        /// Kode 6.
        StrengtFortrolig,
    }
}

koder! {
    /// Which address a person prefers. Phased out.
    Adressetype {
        /// Home.
        Bostedsadresse,
        /// Stay.
        Oppholdsadresse,
        /// Post in Norway.
        Postadresse,
        /// Post abroad.
        PostadresseIUtlandet,
    }
}

koder! {
    /// Retention of citizenship.
    Bibehold {
        /// Retained.
        HarBibehold,
        /// No longer retained.
        HarIkkeLengerBibehold,
        /// Not needed.
        NorskStatsborgerTrengerIkkeBibehold,
    }
}

koder! {
    /// The kind of a dwelling or other unit.
    Bruksenhetstype {
        /// Dwelling.
        Bolig,
        /// Other than a dwelling.
        AnnetEnnBolig,
        /// Holiday home.
        Fritidsbolig,
        /// Dwelling that is not approved.
        IkkeGodkjentBolig,
        /// Unit without a number.
        UnummerertBruksenhet,
    }
}

koder! {
    /// What happened to an entity in an event document.
    Entitetsendring {
        /// A new value; the one before becomes historic.
        RegistrereNy,
        /// The value is replaced, for it should never have been.
        Korrigere,
        /// The value is removed, for it should never have been.
        Annullere,
        /// Defined, not in use.
        KorrigereHistorisk,
    }
}

koder! {
    /// A role in a family relation.
    Familierelasjontype {
        /// Mother.
        Mor,
        /// Father.
        Far,
        /// Co-mother.
        Medmor,
        /// Child.
        Barn,
        /// Sibling.
        Soesken,
        /// Spouse or registered partner.
        EktefelleEllerPartner,
        /// Still-born child.
        DoedfoedtBarn,
    }
}

koder! {
    /// Who has the parental responsibility.
    Foreldreansvarstype {
        /// The parents together.
        Felles,
        /// The mother.
        Mor,
        /// The father.
        Far,
        /// The co-mother.
        Medmor,
        /// Others than the parents.
        Andre,
        /// Unknown.
        Ukjent,
    }
}

koder! {
    /// Whether an identifier is in use.
    Identifikatorstatuskode {
        /// In use.
        IBruk,
        /// Terminated.
        Opphoert,
    }
}

koder! {
    /// The kind of an identifier.
    Folkeregisteridentifikatortype {
        /// Fødselsnummer.
        Foedselsnummer,
        /// D-number.
        DNummer,
    }
}

koder! {
    /// How well a person's identity is checked.
    Identitetsgrunnlagstatus {
        /// No status.
        IngenStatus,
        /// Not checked.
        IkkeKontrollert,
        /// An identity document was checked.
        Kontrollert,
        /// Face biometrics are locked to the number; from 2027-02-01.
        Unik,
    }
}

koder! {
    /// Sex.
    Kjoenn {
        /// Woman.
        Kvinne,
        /// Man.
        Mann,
    }
}

koder! {
    /// Why somebody stays elsewhere than at home.
    OppholdAnnetSted {
        /// Military service.
        Militaer,
        /// Foreign service.
        Utenriks,
        /// On Svalbard.
        PaaSvalbard,
        /// Commuter.
        Pendler,
    }
}

koder! {
    /// The kind of a residence permit.
    Oppholdstillatelsetype {
        /// Temporary.
        Midlertidig,
        /// Permanent.
        Permanent,
        /// Not known.
        OpplysningMangler,
    }
}

koder! {
    /// How long a stay on Svalbard is expected to be.
    OppholdsvarighetType {
        /// Less than six months.
        UnderSeksMaaneder,
        /// Over six months.
        OverSeksMaaneder,
        /// Over twelve months.
        OverTolvMaaneder,
        /// Unknown.
        Ukjent,
    }
}

koder! {
    /// The status of a person.
    Personstatus {
        /// Resident.
        Bosatt,
        /// Emigrated.
        Utflyttet,
        /// Missing.
        Forsvunnet,
        /// Dead; final.
        Doed,
        /// Terminated; final.
        Opphoert,
        /// Born in Norway, not to be resident.
        Foedselsregistrert,
        /// Has an active D-number.
        Midlertidig,
        /// Has an inactive D-number.
        Inaktiv,
        /// Has a fødselsnummer, is not resident.
        IkkeBosatt,
        /// Never stored: what those without right to confidential statuses see in their place.
        Aktiv,
    }
}

koder! {
    /// The tie to the electoral roll of the Sami parliament. Withdrawn.
    ForholdTilSametingetsValgmanntall {
        /// Enrolled.
        Innmeldt,
        /// Withdrawn.
        Utmeldt,
        /// Never enrolled.
        AldriInnmeldt,
    }
}

koder! {
    /// A Sami language.
    SamiskSpraakType {
        /// Northern Sami.
        Nordsamisk,
        /// Southern Sami.
        Soersamisk,
        /// Lule Sami.
        Lulesamisk,
    }
}

koder! {
    /// Marital status.
    Sivilstandstype {
        /// Not stated.
        Uoppgitt,
        /// Unmarried.
        Ugift,
        /// Married.
        Gift,
        /// Widow or widower.
        EnkeEllerEnkemann,
        /// Divorced.
        Skilt,
        /// Separated.
        Separert,
        /// Registered partner.
        RegistrertPartner,
        /// Separated partner.
        SeparertPartner,
        /// Divorced partner.
        SkiltPartner,
        /// Surviving partner.
        GjenlevendePartner,
    }
}

koder! {
    /// How an estate is divided.
    Skifteform {
        /// By the court.
        Offentlig,
        /// In any other way.
        Annet,
    }
}

koder! {
    /// The extent of a guardianship, in the format until 2023-11-01.
    Vergemaalsomfang {
        /// Personal and financial interests in an immigration case.
        UtlendingssakerPersonligeOgOekonomiskeInteresser,
        /// Personal and financial interests.
        PersonligeOgOekonomiskeInteresser,
        /// Financial interests.
        OekonomiskeInteresser,
        /// Personal interests.
        PersonligeInteresser,
    }
}

koder! {
    /// The kind of a guardianship or lasting power of attorney.
    Vergemaaltype {
        /// For an unaccompanied minor who seeks asylum.
        EnsligMindreaarigAsylsoeker,
        /// For an unaccompanied minor who is a refugee.
        EnsligMindreaarigFlyktning,
        /// For an adult.
        Voksen,
        /// For an adult, temporary.
        MidlertidigForVoksen,
        /// For a minor.
        Mindreaarig,
        /// For a minor, temporary.
        MidlertidigForMindreaarig,
        /// Management outside guardianship.
        ForvaltningUtenforVergemaal,
        /// Confirmed lasting power of attorney.
        StadfestetFremtidsfullmakt,
    }
}

koder! {
    /// What happened (section 8.4). `hendelsestype` in event documents, `hendelsetype` on the feed.
    Hendelsestype {
        /// A person has been created.
        PersonErOpprettet,
        /// The person has a new number.
        EndringIIdentifikasjonsnummer,
        /// A correction by machine; stands in for any other type.
        PersonErOppdatert,
        /// Registered dead.
        PersonErDoed,
        /// Registered emigrated.
        PersonErUtflyttet,
        /// Resident by immigration.
        PersonErBosatt,
        /// The D-number has become inactive.
        PersonErInaktiv,
        /// Another change of status.
        EndringIStatus,
        /// The number is terminated.
        PersonErOpphoert,
        /// A terminated or dead person is restored.
        PersonErReaktivert,
        /// Takes over the number of a duplicate.
        PersonErViderefoertSomGjeldendeVedSammenslaaing,
        /// Merged away as a duplicate; no person document.
        PersonErOpphoertSomDublett,
        /// Keeps going after wrongly linked numbers were split.
        PersonErEndretVedSplitting,
        /// Restored when wrongly linked numbers were split.
        PersonErGjenopprettetVedSplitting,
        /// Changed `identitetsgrunnlag`.
        EndringIIdentitetsgrunnlag,
        /// Changed `utenlandskPersonidentifikasjon`.
        EndringIUtenlandskPersonidentifikasjon,
        /// Changed `utlendingsmyndighetenesIdentifikasjonsnummer`.
        EndringIUtlendingsmyndighetenesIdentifikasjonsnummer,
        /// Changed `legitimasjonsdokument`.
        EndringILegitimasjonsdokument,
        /// Changed `falskIdentitet`.
        EndringIFalskIdentitet,
        /// Changed `kontaktinformasjonForDoedsbo`.
        EndringIKontaktopplysningerForDoedsbo,
        /// Changed `deltBosted`.
        EndringIDeltBosted,
        /// Changed `foedsel`.
        EndringIFoedsel,
        /// Changed `foedselINorge`.
        EndringIFoedselINorge,
        /// Changed `kjoenn`.
        EndringIKjoenn,
        /// Changed `familierelasjon`.
        EndringIFamilierelasjon,
        /// Changed `sivilstand`.
        EndringISivilstand,
        /// Changed `doedsfall`.
        EndringIDoedsfall,
        /// Changed `navn`.
        EndringINavn,
        /// Changed protection; perhaps with the addresses.
        EndringIAdressebeskyttelse,
        /// A move.
        EndringIBostedsadresse,
        /// Changed data about the home, no move.
        EndringIBostedsadresseUtenFlytting,
        /// Changed data about the home as municipalities change.
        EndringIBostedsadresseVedKommuneregulering,
        /// Changed `oppholdsadresse`.
        EndringIOppholdsadresse,
        /// Changed `innflytting`.
        EndringIInnflytting,
        /// Changed `utflytting`.
        EndringIUtflytting,
        /// Changed `brukAvSamiskSpraak`.
        EndringIBrukAvSamiskSpraak,
        /// Withdrawn.
        EndringISametingetsValgmanntall,
        /// Changed postal addresses.
        EndringIKontaktinformasjon,
        /// Changed `foreldreansvar`.
        EndringIForeldreansvar,
        /// Changed citizenship or its retention.
        EndringIStatsborgerskap,
        /// Changed `opphold`.
        EndringIOpphold,
        /// Changed `oppholdPaaSvalbard`.
        EndringIOppholdPaaSvalbard,
        /// Changed guardianship.
        EndringIVergemaal,
        /// Changed `rettsligHandleevne`.
        EndringIRettsligHandleevne,
        /// Never used.
        EndringIFratattRettsligHandleevne,
        /// What the private and press packages see in place of every open type.
        EndringIPerson,
        /// Legacy, of 2017.
        EndringIAnnenIdentifikasjon,
    }
}
