//! Messages.

/// An element.
pub(crate) fn e(navn: &str, innhold: &str) -> String {
    format!("<{navn}>{innhold}</{navn}>")
}

fn med_hode(rot: &str, navnerom: &str, ident: &str, forespoersel: &str) -> String {
    let hode = e("avsendersMeldingsidentifikator", ident)
        + &e("avsendersInnsendingstidspunkt", "2024-11-20T10:15:30+01:00");
    let innhold = e("innsending", &hode) + &e("forespoersel", forespoersel);
    format!("<{rot} xmlns=\"folkeregisteret:melding:{navnerom}\">{innhold}</{rot}>")
}

pub(crate) fn person(nr: &str) -> String {
    e("foedselsEllerDNummer", nr)
}

pub(crate) fn doedsfall(ident: &str, nr: &str, dato: &str, kilde: &str) -> String {
    let doed = e("foedselsnummer", nr) + &e("doedsdato", dato);
    let f = e("forespoerselssdato", "2024-11-20")
        + &e("kilde", kilde)
        + &e("avsendersSaksbehandler", "B1")
        + &e("doedPerson", &doed);
    med_hode("meldingOmDoedsfall", "doedsfall:v1", ident, &f)
}

pub(crate) fn annullering(ident: &str, nr: &str) -> String {
    let f = e("forespoerselssdato", "2024-11-20")
        + &e("kilde", "tingretten")
        + &e("avsendersSaksbehandler", "B1")
        + &e("levendePerson", &e("foedselsnummer", nr));
    med_hode("meldingOmAnnulleringAvDoedsfall", "annulleringavdoedsfall:v1", ident, &f)
}

/// A birth; `mor` is an element's contents, `til_slutt` what it ends with.
pub(crate) fn foedsel(ident: &str, barn: &str, gift: bool, mor: &str, til_slutt: &str) -> String {
    let sted = e("foedselsinstitusjonsnavn", "Testsykehuset")
        + &e("foedekommunenummer", "0301")
        + &e("foedekommunenavn", "Oslo");
    let foedsel = e("foreldreBorSammen", "true")
        + &e("foreldreErGift", &gift.to_string())
        + &e("barn", barn)
        + &e("mor", mor)
        + &e("foedested", &sted);
    let f = e("foedsel", &foedsel)
        + &e("registreringsdato", "2024-11-19")
        + &e("innsender", &e("innsendertype", "helse"))
        + til_slutt;
    med_hode("foedselsmelding", "nyfolkeregisterperson:foedselsmelding:v1", ident, &f)
}

/// How a birth ends that corrects none.
pub(crate) const NY: &str = "<erKorrigertForespoersel>false</erKorrigertForespoersel>";

pub(crate) fn barn(dato: &str, levende: bool, kjoenn: &str) -> String {
    e("foedselsdato", dato) + &e("erLevendefoedt", &levende.to_string()) + &e("kjoenn", kjoenn)
}

pub(crate) fn vigsel(ident: &str, a: &str, b: &str, dato: &str, underskrevet: &str) -> String {
    let vigsel = e("vigselsdato", dato) + &e("vigselsmyndighet", "ansattIKommune") + &e("vigselsland", "NOR");
    let f = e("kilde", "ansattIKommune")
        + &e("ektefelle", &person(a))
        + &e("ektefelle", &person(b))
        + &e("vigsel", &vigsel)
        + &e("vigselsmeldingErKorrektUnderskrevet", underskrevet)
        + &e("personeneStemmerMedProevingsattest", "ja");
    med_hode("meldingOmVigsel", "vigsel:v1", ident, &f)
}

pub(crate) fn separasjon(ident: &str, a: &str, b: &str, dato: &str) -> String {
    let separasjon = e("separasjonsdato", dato)
        + &e("hjemmel", "enEktefelleKreverSeparasjon")
        + &e("sivilstandsmyndighet", "fylkesmannen");
    let f = e("kilde", "fylkesmannen")
        + &e("ektefelleEllerPartner", &person(a))
        + &e("ektefelleEllerPartner", &person(b))
        + &e("separasjon", &separasjon);
    med_hode("meldingOmSeparasjon", "separasjon:v1", ident, &f)
}

pub(crate) fn skilsmisse(ident: &str, a: &str, b: &str, dato: &str, hjemmel: &str) -> String {
    let part =
        |nr: &str, ja: &str| e("ektefelleEllerPartner", &(person(nr) + &e("erBegjaererAvSkilsmisse", ja)));
    let skilsmisse =
        e("skilsmissedato", dato) + &e("hjemmel", hjemmel) + &e("sivilstandsmyndighet", "domstolen");
    let f = e("kilde", "fylkesmannen") + &part(a, "true") + &part(b, "false") + &e("skilsmisse", &skilsmisse);
    med_hode("meldingOmSkilsmisse", "skilsmisse:v1", ident, &f)
}

pub(crate) fn farskap(ident: &str, barnet: &str, far: &str, mor: &str) -> String {
    let vurdering = e("skjemaErAttestert", "true") + &e("vedlagtFarskapsskjemaErOriginalt", "true");
    let far = person(far) + &e("datoForErklaeringen", "2024-11-18") + &e("harSignert", "true");
    let f = e("registreringsdato", "2024-11-20")
        + &e("innsender", &e("innsendertype", "nav"))
        + &e("saksbehandlersVurdering", &vurdering)
        + &e("barnet", barnet)
        + &e("far", &far)
        + &e("mor", &(person(mor) + &e("harSignert", "true")));
    med_hode("meldingOmRegistreringAvFarskap", "farskap:v1", ident, &f)
}

pub(crate) fn innflytting(ident: &str, nr: Option<&str>, til: &str) -> String {
    let bosted = e("ukjentBosted", &e("bostedskommune", "0301")) + &e("erKlientadresse", "false");
    let opphold =
        e("oppholdstillatelse", "midlertidig") + &e("oppholdFra", "2024-10-01") + &e("oppholdTil", til);
    let kandidat = nr.map(person).unwrap_or_default()
        + &e("navn", &(e("fornavn", "VAKKER") + &e("etternavn", "BLOMST")))
        + &e("foedselsdato", "1985-03-07")
        + &e("foedeland", "SYR")
        + &e("kjoenn", "kvinne")
        + &e("sivilstand", &(e("sivilstand", "ugift") + &e("erPaastandsbasert", "true")))
        + &e("statsborgerskap", &e("statsborgerskap", "SYR"))
        + &e("bostedsadresse", &bosted)
        + &e("legitimasjonskontroll", "kontrollert")
        + &e("opphold", &opphold);
    let f = e("kilde", "utlendingsdirektoratet")
        + &e("registreringsdato", "2024-11-04")
        + &e("avsendersSaksbehandler", "B1")
        + &e("kandidat", &kandidat);
    med_hode("meldingOmInnflytting", "nyfolkeregisterperson:innflytting:v1", ident, &f)
}

pub(crate) fn flytting(ident: &str, nr: &str, dato: &str, annullering: &str) -> String {
    let vei = e("adressenavn", "Nyveien")
        + &e("adressenummer", &e("husnummer", "2"))
        + &e("poststed", &(e("poststedsnavn", "OSLO") + &e("postnummer", "0150")));
    let f = e("personSomFlytter", &e("foedselsnummer", nr))
        + &e("nyAdresse", &(e("vegadresse", &vei) + &e("flyttedato", dato)))
        + &e("registreringsdato", "2024-11-04")
        + &e("samtykke", &(e("samtykketype", "vegadresse") + &e("samtykkeverdi", "samtykkeErGitt")))
        + &e("adresseendringsidentifikator", "AE-1")
        + &e("erAnnullering", annullering)
        + &e("innsender", nr);
    med_hode(
        "meldingOmFlyttingFraPosten",
        "endringavfolkeregisterperson:meldingomflyttingfraposten:v1",
        ident,
        &f,
    )
}

pub(crate) fn fnr_endring(ident: &str, nr: &str, hva: &str, verb: &str, kilde: &str) -> String {
    let p = hva.to_owned()
        + &e("foedselsnummer", nr)
        + &e("endringstype", verb)
        + &e("erVedtakOmIdentitetsendring", "false");
    let f = e("kilde", kilde)
        + &e("forespoerselsdato", "2024-11-04")
        + &e("avsendersSaksbehandler", "B1")
        + &e("person", &p);
    let navnerom = "endringavfolkeregisterperson:endringavpersonmedfoedselsnummer:v1";
    med_hode("meldingOmEndringAvPersonMedFoedselsnummer", navnerom, ident, &f)
}

pub(crate) fn dnummer_endring(ident: &str, nr: &str, hva: &str) -> String {
    let p = hva.to_owned() + &e("dNummer", nr) + &e("endringstype", "endre");
    let f = e("kilde", "nav")
        + &e("forespoerselsdato", "2024-11-04")
        + &e("avsendersSaksbehandler", "B1")
        + &e("person", &p);
    let navnerom = "nyfolkeregisterperson:endringavpersonmeddnummer:v3";
    med_hode("meldingOmEndringAvPersonMedDNummer", navnerom, ident, &f)
}

pub(crate) fn rekvisisjon(ident: &str, navn: &str, foedt: &str, pass: &str, duf: &str) -> String {
    let type_ = e("identifikasjonsnummertype", "utlendingsmyndighetenesIdentifikasjonsnummer");
    let duf = if duf.is_empty() {
        String::new()
    } else {
        e("personidentifikasjon", &(e("identifikasjonsnummer", duf) + &type_ + &e("utstederland", "NOR")))
    };
    let dokument = e("identifikasjonsdokumentnummer", pass)
        + &e("identifikasjonsdokumenttype", "pass")
        + &e("utstederland", "SWE");
    let kandidat = e("navn", &(e("fornavn", navn) + &e("etternavn", "Blomst")))
        + &e("foedselsdatoErKjent", "true")
        + &e("foedselsdato", foedt)
        + &e("kjoenn", "kvinne")
        + &e("statsborgerskap", "SWE")
        + &e("harUkjentOppholdsadresse", "true")
        + &e("skalFaaUtskrift", "true");
    let f = e("kandidat", &kandidat)
        + &e("kilde", "nav")
        + &e("rekvireringsdato", "2024-11-04")
        + &e("identifikasjon", &(duf + &e("dokumentgrunnlag", &dokument)))
        + &e("avsendersSaksbehandler", "B1")
        + &e("identitetskontrollKreves", "true");
    med_hode("rekvisisjonAvDNummer", "nyfolkeregisterperson:rekvisisjonavdnummer:v5", ident, &f)
}

pub(crate) fn doedsbo(ident: &str, avdoed: &str, kontakt: &str, dato: &str) -> String {
    let adresse = e("adresselinje", "Testveien 1") + &e("poststedsnavn", "OSLO") + &e("postnummer", "0150");
    let saksbehandler = e("fornavn", "Klok") + &e("etternavn", "Ugle");
    let avsender = e("virksomhetsnavn", "Test tingrett") + &e("saksbehandler", &saksbehandler);
    let f = e("avdoed", &person(avdoed))
        + &e("kontaktinformasjon", &(e("person", &person(kontakt)) + &e("adresse", &adresse)))
        + &e("avsender", &avsender)
        + &e("skifteform", "annet")
        + &e("attestutstedelsesdato", dato);
    med_hode("meldingOmKontakopplysningerForDoedsbo", "endringavkontaktopplysningerfordoedsbo:v1", ident, &f)
}
