//! Code lists: organisation forms, kinds of role, municipalities (fact sheet sections 13.2, 13.3, 13.5).

use axum::response::Response;
use kodeverk::organisasjonsformer::Organisasjonsform;
use serde_json::{Value, json};
use web::accept::Offer;
use web::hal::{Envelope, Links, PageRequest, resource};
use web::respond::represent;

use super::kall::{Avslag, Kall, Svar};
use super::medietyper;
use crate::lenker::i_sti;
use crate::sporring::les::STANDARD_STORRELSE;
use crate::sporring::regler::{self, Feilliste, MAKS_DYBDE};

/// A list as it is sent: where it is, under which key, and its elements with the last part of their own address.
struct Liste {
    ressurs: &'static str,
    nokkel: &'static str,
    /// Where the single codes are.
    enkelte: &'static str,
    elementer: Vec<(String, Value)>,
}

/// What a code list can be sorted by, and how many elements a page has when the call says nothing.
struct Paging {
    felter: [&'static str; 2],
    /// `None`: without being asked, everything comes on one page and there is no `page` object.
    standard: Option<u64>,
    ekstra: &'static [&'static str],
}

fn kodeverdi(kode: &str, beskrivelse: &str) -> (String, Value) {
    (i_sti(kode), json!({ "kode": kode, "beskrivelse": beskrivelse }))
}

fn formverdi(form: &Organisasjonsform) -> (String, Value) {
    let (plass, mut verdi) = kodeverdi(form.kode, form.beskrivelse);
    if let Some(utgaatt) = form.utgaatt {
        verdi["utgaatt"] = utgaatt.into();
    }
    (plass, verdi)
}

impl Kall {
    /// A list without paging.
    fn hel_liste(&self, tilbud: &'static [Offer<()>], liste: &Liste) -> Response {
        let svar = self.forhandle(tilbud).map(|tilbud| {
            let base = self.base();
            let konvolutt = self.konvolutt(liste, 0, usize::MAX);
            let lenker = Links::to_self(format!("{base}/{}", liste.ressurs));
            represent(konvolutt.finish(&lenker, None), tilbud.media_type)
        });
        self.svar(svar)
    }

    fn konvolutt<'a>(&self, liste: &'a Liste, fra: usize, antall: usize) -> Envelope<'a> {
        let base = self.base();
        let mut konvolutt = Envelope::new(liste.nokkel);
        for (plass, verdi) in liste.elementer.iter().skip(fra).take(antall) {
            let selv = Links::to_self(format!("{base}/{}/{plass}", liste.enkelte));
            konvolutt.linked_item(verdi.to_string().as_bytes(), &selv);
        }
        konvolutt
    }

    /// A list with `sort`, `size` and `page`.
    fn delt_liste(&self, tilbud: &'static [Offer<()>], mut liste: Liste, paging: &Paging) -> Svar {
        let tilbud = self.forhandle(tilbud)?;
        let mut feil = Feilliste::default();
        let sort = sorter(self, &mut liste, paging, &mut feil);
        let delt = paging.standard.is_some() || self.query.has("size") || self.query.has("page");
        let standard = paging.standard.unwrap_or(if delt { STANDARD_STORRELSE } else { MAKS_DYBDE });
        let side = regler::side(&self.query, standard, &mut feil);
        feil.ferdig()?;
        let konvolutt = self.konvolutt(&liste, side.offset() as usize, side.size as usize);
        let lenker = self.lenker(&liste, side, delt, &sort);
        let lenker = paging.ekstra.iter().fold(lenker, |lenker, &navn| {
            lenker.with(navn, format!("{}/{}/{navn}", self.base(), liste.ressurs))
        });
        let page = side.of(liste.elementer.len() as u64);
        Ok(represent(konvolutt.finish(&lenker, delt.then_some(&page)), tilbud.media_type))
    }

    fn lenker(&self, liste: &Liste, side: PageRequest, delt: bool, sort: &[String]) -> Links {
        let address = format!("{}/{}", self.base(), liste.ressurs);
        if !delt {
            return Links::to_self(web::hal::url(&address, self.query.pairs()));
        }
        let page = side.of(liste.elementer.len() as u64);
        web::hal::Paging { address: &address, query: &self.query, page, sort }.links()
    }

    /// One code, or 404.
    fn enkelt(&self, tilbud: &'static [Offer<()>], liste: &str, funnet: Option<(String, Value)>) -> Response {
        let svar = self.forhandle(tilbud).and_then(|tilbud| {
            let (plass, verdi) = funnet.ok_or(Avslag::IkkeFunnet)?;
            let selv = Links::to_self(format!("{}/{liste}/{plass}", self.base()));
            Ok(represent(resource(verdi.to_string().as_bytes(), &selv), tilbud.media_type))
        });
        self.svar(svar)
    }
}

/// Sorts by `sort`; the sort as links shall say it.
fn sorter(kall: &Kall, liste: &mut Liste, paging: &Paging, feil: &mut Feilliste) -> Vec<String> {
    let Some(verdi) = kall.query.first("sort").filter(|v| !v.is_empty()) else { return Vec::new() };
    let (felt, ord) = match verdi.split_once(',') {
        Some((felt, ord)) => (felt.trim(), ord.trim().to_ascii_lowercase()),
        None if matches!(verdi.to_ascii_lowercase().as_str(), "asc" | "desc") => {
            (paging.felter[0], verdi.to_ascii_lowercase())
        }
        None => (verdi, "asc".to_owned()),
    };
    if !paging.felter.contains(&felt) || !matches!(ord.as_str(), "asc" | "desc") {
        feil.legg_til("sort", format!("{felt} er ikke et gyldig sorteringsfelt"), Some(verdi));
        return Vec::new();
    }
    let nokkel = |v: &Value| sok::collation::key(v[felt].as_str().unwrap_or(""));
    liste.elementer.sort_by_cached_key(|(_, verdi)| nokkel(verdi));
    if ord == "desc" {
        liste.elementer.reverse();
    }
    vec![format!("{felt},{ord}")]
}

fn former(
    kall: &Kall,
    ressurs: &'static str,
    ekstra: &'static [&'static str],
    med: fn(&Organisasjonsform) -> bool,
) -> Response {
    let alle = kodeverk::organisasjonsformer::alle().iter().filter(|f| f.i_listen && med(f));
    let liste = Liste {
        ressurs,
        nokkel: "organisasjonsformer",
        enkelte: "organisasjonsformer",
        elementer: alle.map(formverdi).collect(),
    };
    let paging = Paging { felter: ["kode", "beskrivelse"], standard: None, ekstra };
    let svar = kall.delt_liste(&medietyper::ORGANISASJONSFORM, liste, &paging);
    kall.svar(svar)
}

/// `GET /organisasjonsformer`.
pub async fn organisasjonsformer(kall: Kall) -> Response {
    former(&kall, "organisasjonsformer", &["enheter", "underenheter"], |_| true)
}

/// `GET /organisasjonsformer/enheter`.
pub async fn for_enheter(kall: Kall) -> Response {
    former(&kall, "organisasjonsformer/enheter", &[], |f| f.gjelder_enheter)
}

/// `GET /organisasjonsformer/underenheter`.
pub async fn for_underenheter(kall: Kall) -> Response {
    former(&kall, "organisasjonsformer/underenheter", &[], |f| f.gjelder_underenheter)
}

/// `GET /organisasjonsformer/{kode}`. Expired forms are answered too: deleted units link to them.
pub async fn organisasjonsform(kall: Kall) -> Response {
    let funnet = kodeverk::organisasjonsformer::finn(kall.stiverdier.get("kode")).map(formverdi);
    kall.enkelt(&medietyper::ORGANISASJONSFORM, "organisasjonsformer", funnet)
}

/// The three role code lists differ in nothing but their tables.
macro_rules! rollekoder {
    ($liste:ident, $en:ident, $nokkel:literal, $tilbud:ident, $alle:expr) => {
        #[doc = concat!("`GET /roller/", $nokkel, "`.")]
        pub async fn $liste(kall: Kall) -> Response {
            let elementer = $alle.map(|rad| kodeverdi(rad.kode, rad.beskrivelse)).collect();
            let ressurs = concat!("roller/", $nokkel);
            kall.hel_liste(
                &medietyper::$tilbud,
                &Liste { ressurs, nokkel: $nokkel, enkelte: ressurs, elementer },
            )
        }

        #[doc = concat!("`GET /roller/", $nokkel, "/{kode}`.")]
        pub async fn $en(kall: Kall) -> Response {
            let funnet = kodeverk::$liste::finn(kall.stiverdier.get("kode"));
            let funnet = funnet.map(|rad| kodeverdi(rad.kode, rad.beskrivelse));
            kall.enkelt(&medietyper::$tilbud, concat!("roller/", $nokkel), funnet)
        }
    };
}

rollekoder!(rolletyper, rolletype, "rolletyper", ROLLETYPE, kodeverk::rolletyper::aapne());
rollekoder!(
    rollegruppetyper,
    rollegruppetype,
    "rollegruppetyper",
    ROLLEGRUPPETYPE,
    kodeverk::rollegruppetyper::aapne()
);
rollekoder!(
    representanter,
    representant,
    "representanter",
    REPRESENTANT,
    kodeverk::representanter::alle().iter()
);

fn kommuneverdi(rad: &kodeverk::kommuner::Kommune) -> (String, Value) {
    (rad.kommunenummer.to_owned(), json!({ "nummer": rad.kommunenummer, "navn": rad.navn }))
}

/// `GET /kommuner`.
pub async fn kommuner(kall: Kall) -> Response {
    let elementer = kodeverk::kommuner::alle().iter().map(kommuneverdi).collect();
    let liste = Liste { ressurs: "kommuner", nokkel: "kommuner", enkelte: "kommuner", elementer };
    let paging = Paging { felter: ["nummer", "navn"], standard: Some(STANDARD_STORRELSE), ekstra: &[] };
    let svar = kall.delt_liste(&medietyper::KOMMUNE, liste, &paging);
    kall.svar(svar)
}

/// `GET /kommuner/{kommunenr}`.
pub async fn kommune(kall: Kall) -> Response {
    let funnet = kodeverk::kommuner::finn(kall.stiverdier.get("kommunenr")).map(kommuneverdi);
    kall.enkelt(&medietyper::KOMMUNE, "kommuner", funnet)
}
