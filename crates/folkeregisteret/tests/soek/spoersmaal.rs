//! Random questions about a person or out of the air, and what brute force says to them.

use folkeregisteret::Rettighetspakke;
use folkeregisteret::modell::Persondokument;
use folkeregisteret::sporring::Soekefeil;

use crate::fasit::{self, Adresse, Spoersmaal};
use crate::folk::Terning;
use crate::register::Register;

/// The packages that may ask for a list.
pub const MED_LISTE: [Rettighetspakke; 5] = [
    Rettighetspakke::OffentligMedHjemmel,
    Rettighetspakke::OffentligUtenHjemmel,
    Rettighetspakke::PrivatUtenHjemmel,
    Rettighetspakke::Finans,
    Rettighetspakke::Eid,
];

type Parametre = Vec<(&'static str, String)>;

/// A question whose values are somebody's, whether the asker sees them or not.
pub fn om(person: &Persondokument, t: &mut Terning, entydig: bool) -> Parametre {
    let mut ut = Parametre::new();
    if entydig || t.en_av(2) {
        ut.extend(navn(person, t, entydig).map(|navn| ("navn", navn)));
    }
    if let Some(foedsel) = person.foedsel.first() {
        if let Some(dato) = foedsel.foedselsdato.filter(|_| t.en_av(3)) {
            ut.push(("foedselsdato", dato.to_string().replace('-', "")));
        }
        if t.en_av(4) && !entydig {
            ut.push(("foedselsaarFraOgMed", format!("{:04}", foedsel.foedselsaar.aar() - t.under(3) as u16)));
        }
        if t.en_av(4) && !entydig {
            ut.push(("foedselsaarTilOgMed", format!("{:04}", foedsel.foedselsaar.aar() + t.under(3) as u16)));
        }
    }
    let adresser = fasit::adresser(person, true, true);
    if !adresser.is_empty() && !t.en_av(3) {
        let valgt = t.under(adresser.len());
        // Now and then a question that mixes two addresses.
        let annen = if t.en_av(4) { t.under(adresser.len()) } else { valgt };
        adresse(&adresser[valgt], &adresser[annen], t, entydig, &mut ut);
    }
    if entydig {
        numre(person, t, &mut ut);
    } else {
        valg(person, t, &mut ut);
    }
    if t.en_av(2) {
        ut.push(("soekFonetisk", "true".to_owned()));
    }
    if t.en_av(2) {
        ut.push(("opplysningsgrunnlag", t.velg(&["historisk", "gjeldende"]).to_owned()));
    }
    ut
}

fn navn(person: &Persondokument, t: &mut Terning, hele: bool) -> Option<String> {
    if person.navn.is_empty() {
        return hele.then(|| "ANNE HANSEN".to_owned());
    }
    let ett = &person.navn[t.under(person.navn.len())];
    let annet = &person.navn[t.under(person.navn.len())];
    let ordet = |tekst: &str, t: &mut Terning| {
        let alle: Vec<&str> = tekst.split(' ').collect();
        t.velg(&alle).to_owned()
    };
    let mut ord = vec![ordet(&ett.fornavn, t)];
    if let Some(mellomnavn) = ett.mellomnavn.as_ref().filter(|_| t.en_av(3)) {
        ord.push(ordet(mellomnavn, t));
    }
    if hele || t.en_av(2) {
        ord.push(ordet(&annet.etternavn, t));
    }
    if !hele && t.en_av(3) {
        ord.reverse();
    }
    Some(if t.en_av(2) { ord.join(" ").to_lowercase() } else { ord.join("  ") })
}

fn adresse(en: &Adresse, annen: &Adresse, t: &mut Terning, entydig: bool, ut: &mut Parametre) {
    if let Some(gate) = en.gate.as_ref().filter(|_| !t.en_av(3)) {
        let kuttet: String = gate.chars().take(3 + t.under(gate.chars().count())).collect();
        ut.push(("adressenavn", kuttet));
        if let Some(hus) = annen.hus.as_ref().filter(|_| t.en_av(2)) {
            ut.push(("husnummer", if t.en_av(2) { hus.to_uppercase() } else { hus.clone() }));
        }
    }
    if let Some(post) = annen.post.as_ref().filter(|_| t.en_av(2)) {
        ut.push(("postnummer", post.clone()));
    }
    if let Some(kommune) = annen.kommune.as_ref().filter(|_| !entydig) {
        match t.under(4) {
            0 => ut.push(("kommunenummer", kommune.clone())),
            1 => ut.push(("fylkesnummer", kommune[..2].to_owned())),
            _ => {}
        }
    }
}

fn valg(person: &Persondokument, t: &mut Terning, ut: &mut Parametre) {
    if let Some(kjoenn) = person.kjoenn.first().filter(|_| t.en_av(3)) {
        ut.push(("kjoenn", kjoenn.kjoenn.kode().to_owned()));
    }
    if t.en_av(2) {
        ut.push(("inkluderOppholdsadresse", t.en_av(2).to_string()));
    }
    if !t.en_av(3) {
        ut.push(("inkluderDoede", "true".to_owned()));
    }
}

fn numre(person: &Persondokument, t: &mut Terning, ut: &mut Parametre) {
    if t.en_av(3) {
        let numre = &person.identifikasjonsnummer;
        ut.push((
            "identifikasjonsnummer",
            numre[t.under(numre.len())].foedsels_eller_d_nummer.vis().to_string(),
        ));
    }
    if let Some(n) = person.utenlandsk_personidentifikasjon.first().filter(|_| t.en_av(3)) {
        ut.push((
            "utenlandskpersonidentifikasjon",
            format!("{}-{}", n.utstederland, &*n.identifikasjonsnummer),
        ));
    }
    if let Some(d) = person.legitimasjonsdokument.first().filter(|_| t.en_av(3)) {
        let nummer = d.identifikasjonsdokumentnummer.as_deref().unwrap_or("1");
        ut.push(("legitimasjonsdokument", format!("{}-{nummer}", d.utstederland)));
    }
    if let Some(n) = person.utlendingsmyndighetenes_identifikasjonsnummer.first().filter(|_| t.en_av(3)) {
        ut.push(("utlendingsmyndighetenesIdentifikasjonsnummer", n.identifikasjonsnummer.to_string()));
    }
}

fn som_tekst(parametre: &Parametre) -> Vec<(&str, &str)> {
    parametre.iter().map(|(navn, verdi)| (*navn, verdi.as_str())).collect()
}

/// A hit list is what brute force finds. Answers how many that were.
pub fn liste_stemmer(register: &Register, pakke: Rettighetspakke, parametre: &Parametre) -> usize {
    let parametre = som_tekst(parametre);
    let spoersmaal = Spoersmaal(&parametre);
    let alle = register.sett(pakke).iter().filter(|(_, person)| spoersmaal.liste(person));
    let ventet = register.treff(alle.map(|(id, _)| *id));
    assert_eq!(register.soek(pakke, &parametre), Some(ventet.clone()), "{pakke:?} {parametre:?}");
    ventet.len()
}

/// A unique search answers with the one that brute force finds. Answers whether there was one.
pub fn entydig_stemmer(register: &Register, pakke: Rettighetspakke, parametre: &Parametre) -> bool {
    let parametre = som_tekst(parametre);
    let spoersmaal = Spoersmaal(&parametre);
    let oppgitt = |navn: &str| parametre.iter().any(|(n, _)| *n == navn);
    // The right comes of the address alone.
    let omh = pakke == Rettighetspakke::OffentligMedHjemmel;
    let utenlands = oppgitt("utenlandskpersonidentifikasjon") || oppgitt("legitimasjonsdokument");
    let duf = oppgitt("utlendingsmyndighetenesIdentifikasjonsnummer");
    let ellers = ["identifikasjonsnummer", "foedselsdato", "postnummer"].iter().any(|n| oppgitt(n))
        || utenlands
        || duf;
    let svar = register.entydig(pakke, &parametre);
    let faar_ikke = duf && !omh || utenlands && !(omh || pakke == Rettighetspakke::Eid);
    if faar_ikke {
        assert!(matches!(svar, Err(Soekefeil::Ugyldig(_))), "{pakke:?} {parametre:?}");
        return false;
    }
    if !ellers && !oppgitt("adressenavn") {
        assert!(matches!(svar, Err(Soekefeil::IkkeRettTilTreff)), "{pakke:?} {parametre:?}");
        return false;
    }
    let numre = register.sett(Rettighetspakke::OffentligMedHjemmel);
    let passer = |id, person| spoersmaal.entydig(person, &numre[&id], !ellers);
    let alle = register.sett(pakke).iter();
    let funnet: Vec<u64> = alle.filter(|(id, person)| passer(**id, person)).map(|(id, _)| *id).collect();
    match (funnet.as_slice(), svar) {
        ([en], Ok(svar)) => assert_eq!(*en, svar.person, "{pakke:?} {parametre:?}"),
        ([_], feil) => panic!("{pakke:?} {parametre:?}: {feil:?}"),
        (_, Err(Soekefeil::IkkeEntydig)) => {}
        (flere, svar) => panic!("{pakke:?} {parametre:?}: {svar:?}, not {}", flere.len()),
    }
    funnet.len() == 1
}
