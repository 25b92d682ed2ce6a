//! What guardians and estates write in the book.

use std::sync::LazyLock;

use folkeregisteret::modell::{
    AdvokatSomKontakt, Doedsbokontakt, Hendelsestype, IdentifiserendeInformasjon, KontaktadresseForDoedsbo,
    KontaktinformasjonForDoedsbo, OrganisasjonSomKontakt, PersonSomKontakt, RettsligHandleevne, Skifteform,
    Tekst, VergeRepresentantEllerFullmektig, VergeTjeneste, VergemaalRepresentasjonEllerFremtidsfullmakt,
    Vergemaalsomfang, Vergemaaltype,
};
use identifikator::{LandkodeAlfa3, Organisasjonsnummer};
use kodeverk::folkeregisteret::vergetjenester::{self, Vergetjeneste};

use super::adresser;
use super::bok::{Bok, opphoer, registrer};
use super::bosted::Sted;
use super::livdok::{kjoenn, navn};
use super::navn::Personnavn;
use super::saer::Trekk;
use super::steg::NYE_VERGEMAAL;
use crate::faste::{REGNSKAPSFOERERE, SELSKAPER};
use crate::kalender::dato;
use crate::sted;
use crate::terning::Terning;

/// 2021-05-01, about when the offices changed names (embete), in days since 1970.
const STATSFORVALTEREN: i32 = 18_748;

/// Offices by county: number, name until the spring of 2021, name afterwards (embete).
const EMBETER: &[(&str, &str, &str)] = &[
    ("03", "fylkesmannenIOsloOgViken", "statsforvalterenIOsloOgViken"),
    ("11", "fylkesmannenIRogaland", "statsforvalterenIRogaland"),
    ("15", "fylkesmannenIMoereOgRomsdal", "statsforvaltarenIMoereOgRomsdal"),
    ("18", "fylkesmannenINordland", "statsforvalterenINordland"),
    ("31", "fylkesmannenIOsloOgViken", "statsforvalterenIOsloOgViken"),
    ("32", "fylkesmannenIOsloOgViken", "statsforvalterenIOsloOgViken"),
    ("33", "fylkesmannenIOsloOgViken", "statsforvalterenIOsloOgViken"),
    ("34", "fylkesmannenIInnlandet", "statsforvalterenIInnlandet"),
    ("39", "fylkesmannenIVestfoldOgTelemark", "statsforvaltarenIVestfoldOgTelemark"),
    ("40", "fylkesmannenIVestfoldOgTelemark", "statsforvaltarenIVestfoldOgTelemark"),
    ("42", "fylkesmannenIAgder", "statsforvalterenIAgder"),
    ("46", "fylkesmannenIVestland", "statsforvaltarenIVestland"),
    ("50", "fylkesmannenITroendelag", "statsforvalterenITroendelag"),
    ("55", "fylkesmannenITromsOgFinnmark", "statsforvalterenITromsOgFinnmark"),
    ("56", "fylkesmannenITromsOgFinnmark", "statsforvalterenITromsOgFinnmark"),
];

/// Services and tasks of guardians that are in use.
static TJENESTER: LazyLock<Vec<&'static Vergetjeneste>> =
    LazyLock::new(|| vergetjenester::alle().iter().filter(|t| !t.utgaatt).collect());

fn vergemaaltype(trekk: Trekk) -> Vergemaaltype {
    match trekk {
        Trekk::EnsligAsylsoeker => Vergemaaltype::EnsligMindreaarigAsylsoeker,
        Trekk::EnsligFlyktning => Vergemaaltype::EnsligMindreaarigFlyktning,
        Trekk::VergeMidlertidig => Vergemaaltype::MidlertidigForVoksen,
        Trekk::VergeMindreaarig => Vergemaaltype::Mindreaarig,
        Trekk::VergeMidlertidigMindreaarig => Vergemaaltype::MidlertidigForMindreaarig,
        Trekk::Forvaltning => Vergemaaltype::ForvaltningUtenforVergemaal,
        Trekk::Fremtidsfullmakt => Vergemaaltype::StadfestetFremtidsfullmakt,
        _ => Vergemaaltype::Voksen,
    }
}

impl Bok<'_> {
    /// A grown-up of the hamlet who is resident and alive, and of whom nothing special is known.
    pub(super) fn en_voksen(&self, t: &mut Terning) -> Option<u16> {
        let folk = &self.bygd.grend.folk;
        let start = t.under(folk.len() as u32) as usize;
        let passer = |i: &usize| {
            let b = &folk[*i];
            let her = self.bygd.bosteder.paa(*i as u16, self.dag).is_some_and(Sted::i_norge);
            *i != usize::from(self.i)
                && her
                && b.fyller(21) < self.dag
                && b.lever(self.dag + 1)
                && !b.saer.alene()
        };
        (0..folk.len()).map(|i| (start + i) % folk.len()).find(passer).map(|i| i as u16)
    }

    /// A guardian: a relative if there is one, else somebody.
    fn verge(&self, t: &mut Terning) -> Option<u16> {
        let b = self.borger;
        let naere = b.barn.iter().copied().chain([b.mor, b.far].into_iter().flatten());
        let mut egnet = naere.filter(|i| {
            let v = self.bygd.grend.en(*i);
            v.fyller(18) < self.dag && v.lever(self.dag + 1) && v.inn <= self.dag && !v.saer.alene()
        });
        if t.promille(600) { egnet.next().or_else(|| self.en_voksen(t)) } else { self.en_voksen(t) }
    }

    pub(super) fn vergemaal(&mut self, trekk: Trekk, slutt: bool) {
        self.sak("Statens Sivilrettsforvaltning", "Vergemål");
        let noe = if slutt {
            opphoer!(self, vergemaal_eller_fremtidsfullmakt, VergemaalEllerFremtidsfullmakt, |_v| true)
        } else {
            self.nytt_vergemaal(trekk);
            true
        };
        if noe {
            self.meld(Hendelsestype::EndringIVergemaal);
        }
    }

    pub(super) fn verge_ny_form(&mut self, trekk: Trekk) {
        self.sak("Statens Sivilrettsforvaltning", "Vergemål");
        opphoer!(self, vergemaal_eller_fremtidsfullmakt, VergemaalEllerFremtidsfullmakt, |_v| true);
        self.nytt_vergemaal(trekk);
        self.meld(Hendelsestype::EndringIVergemaal);
    }

    fn nytt_vergemaal(&mut self, trekk: Trekk) {
        let mut t = self.terning(40);
        let verge = self.verge(&mut t);
        let av = verge.map(|v| self.bygd.grend.en(v));
        let navn_ = av.map_or_else(|| Personnavn::nytt(&mut t), |v| v.navn(self.dag));
        let foedsels_eller_d_nummer = verge.and_then(|v| self.bygd.nummer(v, self.dag));
        let tom = VergeRepresentantEllerFullmektig { foedsels_eller_d_nummer, ..Default::default() };
        let verge = if self.dag >= NYE_VERGEMAAL {
            VergeRepresentantEllerFullmektig {
                navn_foedselsdato: Some(IdentifiserendeInformasjon {
                    personnavn: navn(&navn_),
                    foedselsdato: av.map(|v| dato(v.foedt())),
                    statsborgerskap: vec![LandkodeAlfa3::NORGE],
                    kjoenn: av.map(|v| kjoenn(v.kvinne)),
                }),
                tjenesteomraade: tjenester(&mut t),
                ..tom
            }
        } else {
            let asyl = matches!(trekk, Trekk::EnsligAsylsoeker | Trekk::EnsligFlyktning);
            let omfang = if asyl {
                Vergemaalsomfang::ALLE[0]
            } else {
                Vergemaalsomfang::ALLE[1 + t.under(3) as usize]
            };
            VergeRepresentantEllerFullmektig {
                navn: Some(navn(&navn_)),
                omfang: Some(omfang),
                omfanget_er_innen_personlig_omraade: t.promille(600).then(|| t.promille(500)),
                ..tom
            }
        };
        let ny = VergemaalRepresentasjonEllerFremtidsfullmakt {
            meta: self.meta(),
            vergemaaltype: Some(vergemaaltype(trekk)),
            embete: Some(Tekst::tilpass(self.embete())),
            verge,
        };
        registrer!(self, vergemaal_eller_fremtidsfullmakt, VergemaalEllerFremtidsfullmakt, ny);
    }

    fn embete(&self) -> &'static str {
        let kommune = match self.sted {
            Some(Sted::Norge { kommune, .. }) => usize::from(kommune),
            _ => sted::plass("0301"),
        };
        let nummer = sted::steder().get(kommune).map_or("0301", |s| s.kommune.kommunenummer);
        let rad = EMBETER.iter().find(|rad| nummer.starts_with(rad.0)).unwrap_or(&EMBETER[0]);
        if self.dag < STATSFORVALTEREN { rad.1 } else { rad.2 }
    }

    pub(super) fn handleevne(&mut self, slutt: bool) {
        self.sak("Statens Sivilrettsforvaltning", "Vergemål");
        // The entity came with the new form.
        if self.dag < NYE_VERGEMAAL {
            return;
        }
        if slutt {
            opphoer!(self, rettslig_handleevne, RettsligHandleevne, |_v| true);
        } else {
            let omfang = *self.terning(41).velg(&["oekonomiskeForhold", "personligeForhold"]);
            let ny = RettsligHandleevne {
                meta: self.meta(),
                rettslig_handleevneomfang: Some(Tekst::tilpass(omfang)),
            };
            registrer!(self, rettslig_handleevne, RettsligHandleevne, ny);
        }
        self.meld(Hendelsestype::EndringIRettsligHandleevne);
    }

    pub(super) fn doedsbo(&mut self) {
        self.sak("tingretten", "Dødsfall");
        let mut t = self.terning(42);
        let kommune = match self.sted {
            Some(Sted::Norge { kommune, .. }) => kommune,
            _ => sted::plass("0301") as u16,
        };
        let poststed = adresser::poststed(&mut t, kommune).unwrap_or_default();
        let linjer = vec![Tekst::tilpass(sted::gate(&mut t))];
        let Ok(adresselinje) = linjer.try_into() else { return };
        let ny = KontaktinformasjonForDoedsbo {
            meta: self.meta(),
            kontakt: self.kontakt(&mut t),
            skifteform: if t.promille(120) { Skifteform::Offentlig } else { Skifteform::Annet },
            attestutstedelsesdato: dato(self.dag),
            adresse: KontaktadresseForDoedsbo {
                adresselinje,
                poststedsnavn: poststed.poststedsnavn.unwrap_or_else(|| Tekst::tilpass("OSLO")),
                postnummer: Tekst::tilpass(
                    poststed.postnummer.map_or_else(|| "0001".to_owned(), |p| p.to_string()),
                ),
                landkode: t.promille(100).then_some(LandkodeAlfa3::NORGE),
            },
        };
        registrer!(self, kontaktinformasjon_for_doedsbo, KontaktinformasjonForDoedsbo, ny);
        self.meld(Hendelsestype::EndringIKontaktopplysningerForDoedsbo);
    }

    fn kontakt(&self, t: &mut Terning) -> Doedsbokontakt {
        let navn_ = Personnavn::nytt(t);
        let plasser = self.bygd.nasjon.plasser();
        let firma = |slot: u32| {
            let nasjon = self.bygd.nasjon;
            let navn = crate::navn::enhet(nasjon, &nasjon.ramme().plan(slot), 0);
            (Tekst::tilpass(navn), Organisasjonsnummer::fra_verdi(crate::nasjon::nummer(slot)))
        };
        match t.under(100) {
            0..=19 => {
                let (organisasjonsnavn, organisasjonsnummer) = firma(SELSKAPER.velg(plasser, t.tall() >> 16));
                Doedsbokontakt::Advokat(AdvokatSomKontakt {
                    personnavn: navn(&navn_),
                    organisasjonsnavn: Some(organisasjonsnavn),
                    organisasjonsnummer,
                })
            }
            20..=33 => {
                let (organisasjonsnavn, organisasjonsnummer) =
                    firma(REGNSKAPSFOERERE.velg(plasser, t.tall() >> 16));
                Doedsbokontakt::Organisasjon(OrganisasjonSomKontakt {
                    organisasjonsnavn,
                    organisasjonsnummer,
                    kontaktpersonnavn: t.promille(500).then(|| navn(&navn_)),
                })
            }
            34..=44 => Doedsbokontakt::Person(PersonSomKontakt {
                foedselsdato: Some(dato(self.borger.foedt() + 9000)),
                personnavn: Some(navn(&navn_)),
                foedsels_eller_d_nummer: None,
            }),
            _ => {
                let arving = self.verge(t);
                let av = arving.map(|a| self.bygd.grend.en(a));
                Doedsbokontakt::Person(PersonSomKontakt {
                    foedselsdato: av.map(|a| dato(a.foedt())),
                    personnavn: av.map(|a| navn(&a.navn(self.dag))),
                    foedsels_eller_d_nummer: arving.and_then(|a| self.bygd.nummer(a, self.dag)),
                })
            }
        }
    }
}

fn tjenester(t: &mut Terning) -> Vec<VergeTjeneste> {
    let fra = t.under(TJENESTER.len() as u32) as usize;
    let antall = 1 + t.under(5) as usize;
    let rad = |i: usize| {
        let tjeneste = TJENESTER[(fra + i * 7) % TJENESTER.len()];
        VergeTjeneste {
            verge_tjenestevirksomhet: Some(Tekst::tilpass(tjeneste.virksomhet())),
            verge_tjenesteoppgave: Some(Tekst::tilpass(tjeneste.oppgave())),
        }
    };
    (0..antall).map(rad).collect()
}
