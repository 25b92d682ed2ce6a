//! The words and schemas of our own surface in the OpenAPI document.

use serde_json::{Value, json};
use web::accept::Offer;
use web::openapi::Components;
use web::routes::{Operation, Parameter};

use super::historikk::STANDARD_VERSJONER;
use super::skjema;
use super::sok::{MAKS_FASETTVERDIER, STANDARD_FASETTVERDIER};
use crate::api::dokumentasjon::{Dok, TIDSPUNKT, en_av, liste, operasjon, orgnr, streng};
use crate::modell::Enhetstype;
use crate::sporring::regler::MAKS_DYBDE;
use crate::utvidet::ansatte::Ansattopplysning;
use crate::utvidet::fasett::Fasett;
use crate::utvidet::hint::Hint;

const JSON: [Offer<()>; 1] = [Offer { media_type: "application/json", tag: () }];

/// Writes the operations, on top of the imitated surface's.
pub struct Utvidetdok {
    dok: Dok,
    ansatte: Value,
    merke: Value,
    versjon: Value,
    side: Value,
    visning: Value,
    fasett: Value,
    hint: Value,
    personer: Value,
}

impl Utvidetdok {
    /// Collects the schemas.
    pub fn new(dok: Dok, skjemaer: &mut Components) -> Self {
        Self {
            dok,
            ansatte: skjemaer.add::<Ansattopplysning>(),
            merke: skjemaer.add::<skjema::VersjonMerke>(),
            versjon: skjemaer.add::<skjema::VersjonSvar>(),
            side: skjemaer.add::<skjema::Side>(),
            visning: skjemaer.add::<skjema::Visningssvar>(),
            fasett: skjemaer.add::<skjema::Fasettsvar>(),
            hint: skjemaer.add::<Hint>(),
            personer: skjemaer.add::<skjema::Personsvar>(),
        }
    }

    /// A document with what we add.
    fn med_tillegg(&self, dokument: &Value) -> Value {
        let tillegg = json!({ "_ansatte": self.ansatte, "_versjon": self.merke });
        json!({ "allOf": [dokument, { "type": "object", "properties": tillegg, "required": ["_versjon"] }] })
    }

    fn ferdig(op: Operation, id: String, beskrivelse: &str) -> Operation {
        Operation { id, description: beskrivelse.to_owned(), ..op }
    }

    /// A unit as it was.
    pub fn hent(&self, kind: Enhetstype) -> Operation {
        let skjema = self.med_tillegg(&self.dok.enhet[kind as usize]);
        let svar = self.dok.svar(&JSON, "Enheten slik den var.", &skjema);
        let op = operasjon(String::new(), "Hent slik den var", som_var(), self.dok.oppslag(svar));
        Self::ferdig(
            op,
            format!("utvidet_hent_{}", kind.entall()),
            "Er enheten fjernet fra avgivelsen, er svaret 410 uansett tidspunkt; før første versjon er det 404. \
             Lenkene går til den kompatible flaten. _ansatte skiller antall som er skjult (1 til 4), null, og ikke \
             registrert.",
        )
    }

    /// Roles as they were.
    pub fn roller(&self) -> Operation {
        let skjema = self.med_tillegg(&self.dok.roller);
        let svar = self.dok.svar(&JSON, "Rollene slik de var.", &skjema);
        let op = operasjon(String::new(), "Hent rollene slik de var", som_var(), self.dok.oppslag(svar));
        Self::ferdig(
            op,
            "utvidet_hent_roller".to_owned(),
            "404 når enheten ikke hadde roller da, eller var slettet.",
        )
    }

    /// A history.
    pub fn historikk(&self, hva: &str) -> Operation {
        let skjema = self.dok.konvolutt("versjoner", &self.versjon, true);
        let svar = self.dok.svar(&JSON, "En side av versjonene, eldste først.", &skjema);
        let svar: Vec<_> = self.dok.oppslag(svar).into_iter().filter(|svar| svar.status != 304).collect();
        let heltall =
            |minst: u64, standard: u64| json!({ "type": "integer", "minimum": minst, "default": standard });
        let parametre = vec![
            orgnr(),
            Parameter::query("size", heltall(1, STANDARD_VERSJONER), "Sidestørrelse"),
            Parameter::query("page", heltall(0, 0), "Sidenummer fra 0"),
        ];
        let op = operasjon(String::new(), "Hent historikken", parametre, svar);
        Self::ferdig(
            op,
            format!("utvidet_historikk_{hva}"),
            "Hver versjon med hva som ble endret fra den forrige, som JSON Patch. Skjulte ansattetall er ikke med. \
             Er enheten fjernet fra avgivelsen, er svaret 410.",
        )
    }

    /// The search for people.
    pub fn personer(&self, beskrivelse: &str, parametre: Vec<Parameter>) -> Operation {
        let svar = self.dok.med_400(self.dok.svar(&JSON, "En side av personene.", &self.personer));
        let op = operasjon(String::new(), "Søk personer med roller i næring", parametre, svar);
        Self::ferdig(op, "utvidet_sok_personer".to_owned(), beskrivelse)
    }

    /// The search.
    pub fn sok(&self, kind: Enhetstype) -> Operation {
        let enheter = liste(&self.med_tillegg(&self.dok.levende[kind as usize]));
        let skjema = json!({
            "type": "object",
            "properties": {
                "_embedded": { "type": "object", "properties": { kind.flertall(): enheter } },
                "_links": self.dok.lenker,
                "page": self.side,
                "visning": self.visning,
                "fasetter": liste(&self.fasett),
                "hint": liste(&self.hint),
            },
            "required": ["_links", "page", "visning", "fasetter", "hint"],
        });
        let svar = self.dok.med_400(self.dok.svar(&JSON, "En side av søkeresultatet.", &skjema));
        let mut parametre = self.dok.sokeparametre(kind);
        parametre.extend(egne_parametre(kind));
        let op = operasjon(String::new(), "Søk, med hjelp", parametre, svar);
        Self::ferdig(op, format!("utvidet_sok_{}", kind.flertall()), &sokebeskrivelse())
    }
}

fn sokebeskrivelse() -> String {
    format!(
        "Som søket på den kompatible flaten, og mer. Med page og size når søket {MAKS_DYBDE} enheter; følg lenken \
         next for å gå videre uten grense. Sidene som henger sammen gjennom next, viser enhetene slik de var ved \
         visning.sekvensnummer. Så lenge visning.fast er true, er også utvalg og rekkefølge de samme som på første \
         side; visningen holdes i fem minutter etter siste bruk, og ikke over en omstart. Etterpå fortsetter søket \
         fra samme sted i registeret slik det er nå, og hint sier fra. Sortert på antallAnsatte er det ingen next, \
         for en markør ville røpe skjulte antall. Enheter som i mellomtiden er fjernet fra avgivelsen, vises aldri, så \
         en side kan ha færre enheter enn size."
    )
}

fn som_var() -> Vec<Parameter> {
    let tidspunkt = json!({ "anyOf": [streng(TIDSPUNKT), { "type": "string", "format": "date" }] });
    vec![
        orgnr(),
        Parameter::query("tidspunkt", tidspunkt, "Slik det var da. En dato: ved slutten av dagen (UTC)"),
        Parameter::query(
            "sekvensnummer",
            json!({ "type": "integer", "minimum": 1 }),
            "Slik det var etter endringen med dette nummeret. Ikke sammen med tidspunkt",
        ),
    ]
}

fn egne_parametre(kind: Enhetstype) -> Vec<Parameter> {
    let navn = en_av(Fasett::for_sok(kind).map(|fasett| fasett.navn));
    let mut ut = vec![
        Parameter::query(
            "skrivefeil",
            en_av(["auto", "nei", "ja"].into_iter()),
            "Om navn med skrivefeil skal treffe: én feil i ord fra fire bokstaver, to fra åtte. auto: når det er under \
             fem treff uten. De kommer etter treff uten skrivefeil",
        ),
        Parameter::query("fasetter", liste(&navn), "Tell treffene etter disse"),
        Parameter::query(
            "fasettverdier",
            json!({ "type": "integer", "minimum": 1, "maximum": MAKS_FASETTVERDIER, "default": STANDARD_FASETTVERDIER }),
            "Antall verdier i hver fasett",
        ),
        Parameter::query("markoer", streng("^([0-9a-f]{2})+$"), "Hvor neste side begynner; fra lenken next"),
    ];
    if kind == Enhetstype::Enhet {
        let tekst = json!({ "type": "string", "minLength": 1, "maxLength": 180 });
        ut.push(Parameter::query(
            "tekst",
            tekst,
            "Ord som alle står i vedtektsfestet formål eller aktivitet",
        ));
    }
    ut
}
