//! Each kind of message: what a valid one does, and how others are refused.

use folkeregisteret::modell::Persondokument;
use serde_json::Value;

use crate::meldinger::{
    NY, annullering, barn, dnummer_endring, doedsbo, doedsfall, e, farskap, flytting, fnr_endring, foedsel,
    innflytting, person, rekvisisjon, separasjon, skilsmisse, vigsel,
};
use crate::prove::{DNUMMER, GAMMEL, KVINNE, MANN, Prove};

/// The decision and its first reason; `manuell` stands for none yet, `-` for no reason.
pub(crate) fn utfall(svar: &Value) -> String {
    let (beslutning, om) = match svar.get("saksbeslutning") {
        Some(om) => (om["beslutning"].as_str().unwrap_or("?"), om),
        None => ("manuell", &svar["sakTilManuellBehandling"]),
    };
    let kode = om["begrunnelse"][0]["begrunnelseskode"].as_str();
    let kode = kode.or(om["begrunnelse"].as_str());
    let kode = kode.or(om["skalIkkeEndrePersoninformasjon"]["avvisningskode"].as_str());
    let kode = kode.or(om["skalIkkeTildeleDNummer"]["begrunnelse"].as_str());
    format!("{beslutning} {}", kode.unwrap_or("-"))
}

pub(crate) fn nytt_nummer(svar: &Value) -> String {
    let person = &svar["saksbeslutning"]["opprettetFolkeregisterperson"];
    person["foedselsEllerDNummer"].as_str().expect("a number").to_owned()
}

pub(crate) fn status(dok: &Persondokument) -> &'static str {
    let naa = dok.status.iter().find(|s| s.meta.er_gjeldende == Some(true));
    naa.expect("a status").status.kode()
}

pub(crate) fn stand(dok: &Persondokument) -> &'static str {
    let naa = dok.sivilstand.iter().find(|s| s.meta.er_gjeldende == Some(true));
    naa.expect("a status").sivilstand.kode()
}

/// `{number} {type}` of each.
pub(crate) fn om(nr: &str, typer: &[&str]) -> Vec<String> {
    typer.iter().map(|type_| format!("{nr} {type_}")).collect()
}

#[tokio::test]
async fn a_death_and_its_annulment() {
    let p = Prove::med_ektepar().await;
    let etterlatt = om(MANN, &["endringISivilstand", "endringIFamilierelasjon"]);
    let foer = p.ende().await;
    let svar = p.sak("doedsfall_v1", &doedsfall("1", KVINNE, "2024-11-03", "helse")).await;
    assert_eq!(utfall(&svar), "registrert -", "{svar}");
    assert_eq!(svar["saksbeslutning"]["resultatkode"], "skalRegistrereDoedsfall");
    assert_eq!(p.hendelser(foer).await, [om(KVINNE, &["personErDoed"]), etterlatt.clone()].concat());
    let dok = p.dok(KVINNE).await;
    assert_eq!((status(&dok), stand(&dok)), ("doed", "gift"), "the dead stay married");
    assert!(dok.bostedsadresse.iter().all(|b| b.meta.opphoerstidspunkt.is_some()));
    assert_eq!(stand(&p.dok(MANN).await), "enkeEllerEnkemann");

    let igjen = p.sak("doedsfall_v1", &doedsfall("2", KVINNE, "2024-11-03", "helse")).await;
    assert_eq!(utfall(&igjen), "avvist alleredeRegistrert");
    let annen = p.sak("doedsfall_v1", &doedsfall("3", KVINNE, "2024-11-04", "helse")).await;
    assert_eq!(utfall(&annen), "manuell motstridendeOpplysninger");
    assert_eq!(annen["sakTilManuellBehandling"]["saksfrist"], "2024-11-25");

    let foer = p.ende().await;
    let svar = p.sak("annullering_av_doedsfall_v1", &annullering("4", KVINNE)).await;
    assert_eq!(utfall(&svar), "registrert -", "{svar}");
    assert_eq!(p.hendelser(foer).await, [om(KVINNE, &["personErReaktivert"]), etterlatt].concat());
    let dok = p.dok(KVINNE).await;
    assert_eq!(status(&dok), "bosatt");
    assert!(dok.doedsfall.is_none() && dok.bostedsadresse[0].meta.er_gjeldende == Some(true));
    assert_eq!(stand(&p.dok(MANN).await), "gift");
    let svar = p.sak("annullering_av_doedsfall_v1", &annullering("5", KVINNE)).await;
    assert_eq!(utfall(&svar), "avvist ugyldigPersonstatus");
}

#[tokio::test]
async fn rules_that_all_cases_have() {
    let p = Prove::med_folk().await;
    for (nr, dato, kilde, ventet) in [
        ("01912499894", "2024-11-03", "helse", "avvist identifikatorFinnesIkke"),
        ("00000000000", "2024-11-03", "helse", "avvist identifikatorFinnesIkke"),
        (GAMMEL, "2024-11-21", "helse", "avvist fremtidigDato"),
        (GAMMEL, "1941-02-19", "helse", "avvist datoFoerFoedsel"),
        (GAMMEL, "2024-11-03", "nav", "avvist innsenderHarIkkeEndringsrett"),
    ] {
        let svar = p.sak("doedsfall_v1", &doedsfall(ventet, nr, dato, kilde)).await;
        assert_eq!(utfall(&svar), ventet);
    }
}

#[tokio::test]
async fn a_birth_in_wedlock() {
    let p = Prove::med_ektepar().await;
    let foer = p.ende().await;
    let melding = foedsel("1", &barn("2024-11-19", true, "kvinne"), true, &person(KVINNE), NY);
    let svar = p.sak("foedsel_v1", &melding).await;
    assert_eq!(utfall(&svar), "registrert -", "{svar}");
    let nr = nytt_nummer(&svar);
    assert!(nr.starts_with("199124"), "born on the 19th of month 11 + 80 in 24: {nr}");
    let slekt = ["endringIFamilierelasjon", "endringIForeldreansvar"];
    let ventet = [om(&nr, &["personErOpprettet"]), om(KVINNE, &slekt), om(MANN, &slekt)].concat();
    assert_eq!(p.hendelser(foer).await, ventet);
    let dok = p.dok(&nr).await;
    assert_eq!((status(&dok), &*dok.navn[0].fornavn), ("bosatt", "VAKKER*PIKE"));
    assert_eq!((dok.familierelasjon.len(), dok.foreldreansvar.len()), (2, 2));
    let flyttet = dok.bostedsadresse[0].flyttedato.map(|dato| dato.to_string());
    assert_eq!(flyttet.as_deref(), Some("2024-11-19"));
    let melding = foedsel("2", &barn("2024-11-19", true, "kvinne"), true, &person(KVINNE), NY);
    assert_eq!(utfall(&p.sak("foedsel_v1", &melding).await), "manuell muligDublett");
}

#[tokio::test]
async fn births_that_somebody_looks_at() {
    let p = Prove::med_folk().await;
    let gutt = barn("2024-11-18", true, "mann");
    let alene = p.sak("foedsel_v1", &foedsel("0", &gutt, false, &person(KVINNE), NY)).await;
    let dok = p.dok(&nytt_nummer(&alene)).await;
    assert_eq!((dok.familierelasjon.len(), dok.foreldreansvar[0].ansvar.kode()), (1, "mor"));
    let navn =
        e("navn", &(e("fornavn", "Klok") + &e("etternavn", "Ugle"))) + &e("foedselsdato", "1995-01-01");
    let jente = barn("2024-11-15", true, "kvinne");
    for (ident, barnet, gift, mor, ventet) in [
        ("1", jente.clone(), true, person(KVINNE), "manuell motstridendeOpplysninger"),
        ("2", jente.clone(), false, person(MANN), "manuell motstridendeOpplysninger"),
        ("3", jente, false, navn, "manuell ukjentIdentitet"),
        ("4", barn("2024-10-01", true, "kvinne"), false, person(KVINNE), "manuell kreverManuellVurdering"),
        ("5", barn("2024-11-21", true, "kvinne"), false, person(KVINNE), "avvist fremtidigDato"),
    ] {
        let svar = p.sak("foedsel_v1", &foedsel(ident, &barnet, gift, &mor, NY)).await;
        assert_eq!(utfall(&svar), ventet, "{ident}");
    }
}

#[tokio::test]
async fn a_child_that_was_born_dead_has_no_number() {
    let p = Prove::med_ektepar().await;
    let foer = p.ende().await;
    let melding = foedsel("1", &barn("2024-11-19", false, "mann"), true, &person(KVINNE), NY);
    let svar = p.sak("foedsel_v1", &melding).await;
    assert_eq!(svar["saksbeslutning"]["resultatkode"], "skalRegistrereDoedfoedtBarn");
    assert!(svar["saksbeslutning"].get("opprettetFolkeregisterperson").is_none());
    let slekt = ["endringIFamilierelasjon"];
    assert_eq!(p.hendelser(foer).await, [om(KVINNE, &slekt), om(MANN, &slekt)].concat());
}

#[tokio::test]
async fn a_marriage_from_wedding_to_divorce() {
    let p = Prove::med_folk().await;
    let usignert = p.sak("vigsel_v1", &vigsel("0", KVINNE, MANN, "2022-06-15", "nei")).await;
    assert_eq!(utfall(&usignert), "manuell mangelfulleOpplysninger");
    let foer = p.ende().await;
    let svar = p.sak("vigsel_v1", &vigsel("1", KVINNE, MANN, "2022-06-15", "ja")).await;
    assert_eq!(utfall(&svar), "registrert -", "{svar}");
    let to = ["endringISivilstand", "endringIFamilierelasjon"];
    assert_eq!(p.hendelser(foer).await, [om(KVINNE, &to), om(MANN, &to)].concat());
    for (ident, a, b, dato, ventet) in [
        ("2", KVINNE, MANN, "2022-06-15", "avvist alleredeRegistrert"),
        ("3", KVINNE, GAMMEL, "2023-06-15", "avvist ugyldigSivilstand"),
        ("4", GAMMEL, GAMMEL, "2023-06-15", "avvist motstridendeOpplysninger"),
    ] {
        assert_eq!(utfall(&p.sak("vigsel_v1", &vigsel(ident, a, b, dato, "ja")).await), ventet, "{ident}");
    }
    for (ident, andre, dato, ventet) in [
        ("5", GAMMEL, "2023-08-01", "avvist ikkeGiftMedHverandre"),
        ("6", MANN, "2022-01-01", "avvist datoFoerVigsel"),
    ] {
        assert_eq!(utfall(&p.sak("separasjon_v1", &separasjon(ident, KVINNE, andre, dato)).await), ventet);
    }
    let etter = "skilsmisseEtterSeparasjon";
    let for_tidlig = p.sak("skilsmisse_v1", &skilsmisse("7", KVINNE, MANN, "2024-01-01", etter)).await;
    assert_eq!(utfall(&for_tidlig), "manuell kreverManuellVurdering");
    let foer = p.ende().await;
    let svar = p.sak("separasjon_v1", &separasjon("8", KVINNE, MANN, "2023-08-01")).await;
    assert_eq!(utfall(&svar), "registrert -", "{svar}");
    assert_eq!(p.hendelser(foer).await, [om(KVINNE, &to[..1]), om(MANN, &to[..1])].concat());
    let igjen = p.sak("separasjon_v1", &separasjon("9", KVINNE, MANN, "2023-09-01")).await;
    assert_eq!(utfall(&igjen), "avvist alleredeRegistrert");
    let foer = p.ende().await;
    let svar = p.sak("skilsmisse_v1", &skilsmisse("10", KVINNE, MANN, "2024-09-01", etter)).await;
    assert_eq!(utfall(&svar), "registrert -", "{svar}");
    assert_eq!(p.hendelser(foer).await, [om(KVINNE, &to), om(MANN, &to)].concat());
    let dok = p.dok(KVINNE).await;
    assert_eq!(stand(&dok), "skilt");
    assert!(dok.familierelasjon.iter().all(|f| f.meta.er_gjeldende == Some(false)));
}

#[tokio::test]
async fn paternity_after_birth_and_before() {
    let p = Prove::med_folk().await;
    let foedt = foedsel("1", &barn("2024-11-18", true, "kvinne"), false, &person(KVINNE), NY);
    let nr = nytt_nummer(&p.sak("foedsel_v1", &foedt).await);
    let foer = p.ende().await;
    let barnet = person(&nr) + &e("erFoedt", "true");
    let svar = p.sak("farskap_v1", &farskap("2", &barnet, MANN, KVINNE)).await;
    assert_eq!(utfall(&svar), "registrert -", "{svar}");
    let to = ["endringIFamilierelasjon", "endringIForeldreansvar"];
    assert_eq!(p.hendelser(foer).await, [om(&nr, &to), om(MANN, &to), om(KVINNE, &to[1..])].concat());
    let dok = p.dok(&nr).await;
    let felles = dok.foreldreansvar.iter().filter(|f| f.meta.er_gjeldende == Some(true));
    assert_eq!(felles.filter(|f| f.ansvar.kode() == "felles").count(), 2);
    let igjen = p.sak("farskap_v1", &farskap("3", &barnet, MANN, KVINNE)).await;
    assert_eq!(utfall(&igjen), "avvist alleredeRegistrert");
    let en_til = p.sak("farskap_v1", &farskap("4", &barnet, GAMMEL, KVINNE)).await;
    assert_eq!(utfall(&en_til), "manuell motstridendeOpplysninger");

    let p = Prove::med_folk().await;
    let ventes = e("erFoedt", "false") + &e("termindato", "2024-11-25");
    assert_eq!(utfall(&p.sak("farskap_v1", &farskap("1", &ventes, MANN, KVINNE)).await), "registrert -");
    let foedt = foedsel("2", &barn("2024-11-18", true, "mann"), false, &person(KVINNE), NY);
    let dok = p.dok(&nytt_nummer(&p.sak("foedsel_v1", &foedt).await)).await;
    assert_eq!(dok.familierelasjon.len(), 2, "the father had declared himself");
}

#[tokio::test]
async fn immigration() {
    let p = Prove::med_folk().await;
    let kort = p.sak("innflytting_v1", &innflytting("0", Some(DNUMMER), "2025-03-31")).await;
    assert_eq!(utfall(&kort), "avslaatt oppholdForKort");
    let foer = p.ende().await;
    let svar = p.sak("innflytting_v1", &innflytting("1", Some(DNUMMER), "2027-10-01")).await;
    assert_eq!(utfall(&svar), "registrert -", "{svar}");
    let nr = nytt_nummer(&svar);
    let ventet = [om(DNUMMER, &["endringIIdentifikasjonsnummer"]), om(&nr, &["personErBosatt"])].concat();
    assert_eq!(p.hendelser(foer).await, ventet);
    let dok = p.dok(DNUMMER).await;
    assert_eq!(dok, p.dok(&nr).await, "both numbers lead to the person");
    assert_eq!(status(&dok), "bosatt");
    let gammelt = p.sak("doedsfall_v1", &doedsfall("2", DNUMMER, "2024-11-03", "helse")).await;
    assert_eq!(utfall(&gammelt), "avvist identifikatorErIkkeGjeldende");
    assert_eq!(gammelt["saksbeslutning"]["begrunnelse"][0]["begrunnelsesmerknad"], nr.as_str());
    let igjen = p.sak("innflytting_v1", &innflytting("3", Some(&nr), "2027-10-01")).await;
    assert_eq!(utfall(&igjen), "avvist alleredeRegistrert");
    let ny = p.sak("innflytting_v1", &innflytting("4", None, "2027-10-01")).await;
    assert_eq!(utfall(&ny), "manuell muligDublett", "name and date of birth are known now");
}

#[tokio::test]
async fn moving_notices_are_not_told_back() {
    let p = Prove::med_folk().await;
    let posten = "flyttemelding_fra_posten_v1";
    let foer = p.ende().await;
    assert_eq!(p.sak(posten, &flytting("1", KVINNE, "2024-11-10", "false")).await, Value::Null);
    assert_eq!(p.hendelser(foer).await, om(KVINNE, &["endringIBostedsadresse"]));
    p.sak(posten, &flytting("2", KVINNE, "2024-11-10", "true")).await;
    assert_eq!(p.dok(KVINNE).await.bostedsadresse.len(), 1, "undone");
    let foer = p.ende().await;
    p.sak(posten, &flytting("3", MANN, "2024-11-22", "false")).await;
    assert!(p.hendelser(foer).await.is_empty(), "it waits for its date");
    p.klokke.advance_millis(2 * 86_400_000);
    assert_eq!(p.produsent.toem().await.expect("taken"), 1);
    assert_eq!(p.hendelser(foer).await, om(MANN, &["endringIBostedsadresse"]));
    assert_eq!(p.produsent.toem().await.expect("taken"), 0);
}

#[tokio::test]
async fn changes_of_persons_with_a_foedselsnummer() {
    let p = Prove::med_folk().await;
    let (ressurs, udi) = ("fnr_endring_v1", "utlendingsmyndigheten");
    let navn = e("navn", &(e("fornavn", "Klok") + &e("etternavn", "Ugle")));
    let svensk = e("statsborgerskap", &e("statsborgerskap", &e("statsborgerskap", "SWE")));
    for (ident, hva, verb, type_) in [
        ("1", navn.clone(), "endre", "endringINavn"),
        ("2", svensk, "endre", "endringIStatsborgerskap"),
        ("3", e("foedested", "Bergen"), "korrigere", "endringIFoedsel"),
    ] {
        let foer = p.ende().await;
        let svar = p.sak(ressurs, &fnr_endring(ident, KVINNE, &hva, verb, udi)).await;
        assert_eq!(utfall(&svar), "registrert -", "{svar}");
        assert_eq!(p.hendelser(foer).await, om(KVINNE, &[type_]));
    }
    let dok = p.dok(KVINNE).await;
    let land = dok.statsborgerskap.iter().filter(|s| s.meta.er_gjeldende == Some(true)).count();
    assert_eq!((land, dok.navn.len()), (2, 2));
    for (ident, nr, verb, kilde, ventet) in [
        ("4", KVINNE, "endre", udi, "avvist alleredeRegistrert"),
        ("5", KVINNE, "korrigere", "annet", "manuell kreverManuellVurdering"),
        ("6", DNUMMER, "endre", udi, "avvist ugyldigPersonstatus"),
    ] {
        assert_eq!(utfall(&p.sak(ressurs, &fnr_endring(ident, nr, &navn, verb, kilde)).await), ventet);
    }
}

#[tokio::test]
async fn changes_of_persons_with_a_d_number() {
    let p = Prove::med_folk().await;
    let ressurs = "endring_av_dnummerperson_v3";
    let (inaktiv, midlertidig) = (e("personstatus", "inaktiv"), e("personstatus", "midlertidig"));
    let kjoenn = e("kjoenn", "mann");
    let foer = p.ende().await;
    let svar = p.sak(ressurs, &dnummer_endring("1", DNUMMER, &inaktiv)).await;
    assert_eq!(svar["saksbeslutning"]["skalEndrePersoninformasjon"]["dNummer"], DNUMMER, "{svar}");
    assert_eq!(p.hendelser(foer).await, om(DNUMMER, &["endringIStatus"]));
    let nei = e("oppholdsadresseErIkkeAktuell", "false");
    for (ident, nr, hva, ventet) in [
        ("2", DNUMMER, &kjoenn, "avvist ugyldigPersonstatus"),
        ("3", DNUMMER, &midlertidig, "registrert -"),
        ("4", DNUMMER, &kjoenn, "registrert -"),
        ("5", DNUMMER, &nei, "avvist motstridendeOpplysninger"),
        ("6", KVINNE, &kjoenn, "avvist ugyldigPersonstatus"),
        ("7", DNUMMER, &midlertidig, "avvist alleredeRegistrert"),
    ] {
        assert_eq!(utfall(&p.sak(ressurs, &dnummer_endring(ident, nr, hva)).await), ventet, "{ident}");
    }
    let navn = e("navn", &(e("fornavn", "Klok") + &e("etternavn", "Ugle")));
    let svar = p.sak(ressurs, &dnummer_endring("8", DNUMMER, &navn)).await;
    assert_eq!(
        svar["sakstype"], "endringAvPersonMedDNummer",
        "manual treatment is told in the other contract"
    );
}

#[tokio::test]
async fn requisitions_and_duplicates() {
    let p = Prove::med_folk().await;
    let ressurs = "rekvisisjon_av_dnummer_v5";
    let foer = p.ende().await;
    let svar = p.sak(ressurs, &rekvisisjon("1", "Klok", "1985-03-07", "AA1", "201512345678")).await;
    assert_eq!(utfall(&svar), "godkjent -", "{svar}");
    let tildelt = &svar["saksbeslutning"]["skalTildeleDNummer"];
    let nr = tildelt["dNummer"].as_str().expect("a number").to_owned();
    assert!(nr.starts_with("478385"), "day + 40, month + 80");
    assert_eq!(tildelt["registreringstidspunkt"], "2024-11-19T23:00:00Z", "midnight in Oslo, in UTC");
    assert_eq!(p.hendelser(foer).await, om(&nr, &["personErOpprettet"]));
    assert_eq!(status(&p.dok(&nr).await), "midlertidig");
    for (ident, navn, foedt, pass, duf, ventet) in [
        ("2", "Klok", "1985-03-07", "BB2", "201512345678", "avvist DUF-nummer er i bruk"),
        ("3", "Klok", "1985-03-07", "AA1", "", "avvist Personen har identifikasjonsnummer fra før"),
        ("4", "Annen", "1985-03-07", "CC3", "201512345678", "manuell dufNummerIBruk"),
        ("5", "klok", "1985-03-07", "DD4", "", "manuell muligDublett"),
        ("6", "Ny", "2025-03-07", "EE5", "", "avvist Fødselsdatoen er frem i tid"),
    ] {
        let svar = p.sak(ressurs, &rekvisisjon(ident, navn, foedt, pass, duf)).await;
        assert_eq!(utfall(&svar), ventet);
    }
}

#[tokio::test]
async fn contacts_for_estates() {
    let p = Prove::med_folk().await;
    let ressurs = "kontaktopplysninger_doedsbo_v1";
    let levende = p.sak(ressurs, &doedsbo("1", GAMMEL, KVINNE, "2024-11-20")).await;
    assert_eq!(utfall(&levende), "avvist ugyldigPersonstatus");
    p.sak("doedsfall_v1", &doedsfall("2", GAMMEL, "2024-11-03", "helse")).await;
    let foer = p.ende().await;
    let svar = p.sak(ressurs, &doedsbo("3", GAMMEL, KVINNE, "2024-11-20")).await;
    assert_eq!(utfall(&svar), "registrert -", "{svar}");
    assert_eq!(p.hendelser(foer).await, om(GAMMEL, &["endringIKontaktopplysningerForDoedsbo"]));
    for (ident, dato, ventet) in [
        ("4", "2024-11-02", "avvist datoFoerDoedsfall"),
        ("5", "2024-11-21", "avvist fremtidigDato"),
        ("6", "2024-11-20", "avvist alleredeRegistrert"),
    ] {
        assert_eq!(utfall(&p.sak(ressurs, &doedsbo(ident, GAMMEL, KVINNE, dato)).await), ventet);
    }
    let svar = p.sak("annullering_av_doedsfall_v1", &annullering("7", GAMMEL)).await;
    assert_eq!(utfall(&svar), "manuell motstridendeOpplysninger", "somebody looks when there is an estate");
}
