//! What the steps of an ordinary life write in the book: birth, names, numbers, citizenship, death.

use folkeregisteret::modell::{
    Aarstall, Doedsfall, Egenskap, Entitet, Entitetsendring, Familierelasjontype, Foedsel, FoedselINorge,
    Folkeregisteridentifikator, Folkeregisteridentifikatortype, Folkeregisterpersonnavn,
    Folkeregisterpersonstatus, Hendelsestype, Identifikatorstatuskode, Identitetsgrunnlag,
    IdentitetsgrunnlagIHendelse, Identitetsgrunnlagstatus, Kjoenn, Navnedel, Opphold, Oppholdstillatelsetype,
    Personidentifikasjon, Personkjoenn, Personnavn as Navn, Personstatus, Sivilstandstype, Statsborgerskap,
    Tekst,
};
use identifikator::LandkodeAlfa3;

use super::adresser::kommunenummer;
use super::bok::{Bok, annuller, foey_til, opphoer, registrer};
use super::borger::{DSF_START, Opphav};
use super::bosted::Sted;
use super::familiedok::tom_sivilstand;
use super::land::{self, land};
use super::navn::{Personnavn, Skrift};
use super::steg::Hva;
use crate::kalender::dato;

pub(super) fn alfa3(kode: &str) -> LandkodeAlfa3 {
    LandkodeAlfa3::parse(kode).unwrap_or(LandkodeAlfa3::UKJENT)
}

pub(super) fn navnedel(del: String) -> Navnedel {
    Navnedel::tilpass(del)
}

/// A name as part of something else.
pub(super) fn navn(navn: &Personnavn) -> Navn {
    Navn {
        fornavn: navnedel(navn.fornavn(Skrift::Stor)),
        mellomnavn: navn.mellomnavn(Skrift::Stor).map(navnedel),
        etternavn: navnedel(navn.etternavn(Skrift::Stor)),
    }
}

pub(super) const fn kjoenn(kvinne: bool) -> Kjoenn {
    if kvinne { Kjoenn::Kvinne } else { Kjoenn::Mann }
}

impl Bok<'_> {
    /// Writes a step of an ordinary life.
    pub(super) fn skriv(&mut self, hva: Hva) {
        match hva {
            Hva::Foedt { uten_navn } => self.foedt(uten_navn),
            Hva::NavnValgt => self.navn_valgt(),
            Hva::Farskap => self.farskap(),
            Hva::DNummer => self.dnummer(),
            Hva::Inaktiv(meldt) => self.inaktiv(meldt),
            Hva::IkkeBosatt => self.ikke_bosatt(),
            Hva::Innvandret(sted) => self.innvandret(sted),
            Hva::Utvandret(land) => self.utvandret(land),
            Hva::FlyttingRettet(ut) => self.flytting_rettet(ut),
            Hva::Flyttet(sted) => self.flyttet(sted),
            Hva::Kommuneregulert => self.kommuneregulert(),
            Hva::Gift(nr) | Hva::Separert(nr) | Hva::Skilt(nr) | Hva::Etterlatt(nr) => {
                self.sivilstand(hva, nr);
            }
            Hva::Navn(nr) => self.nytt_navn(nr),
            Hva::BarnFoedt(c) => self.barn_foedt(c),
            Hva::Myndig(barn) => self.myndig(barn),
            Hva::ForelderDoed(forelder) => self.forelder_doed(forelder),
            Hva::Tillatelse(permanent) => self.tillatelse(permanent),
            Hva::NorskStatsborger => self.norsk_statsborger(),
            Hva::Doed => self.doed(self.dag),
            Hva::Doedsbo => self.doedsbo(),
            Hva::Unik => self.identitetsgrunnlag(Identitetsgrunnlagstatus::Unik),
            Hva::Saer(trekk, slutt) => self.saer(trekk, slutt),
            Hva::ValgmanntallTrukket => self.valgmanntall_trukket(),
            Hva::VergeNyForm(trekk) => self.verge_ny_form(trekk),
        }
    }

    pub(super) fn identifikator(&mut self, type_: Folkeregisteridentifikatortype) {
        let Some(nummer) = self.nummer() else { return };
        for gammel in &mut self.dok.identifikasjonsnummer {
            gammel.status = Identifikatorstatuskode::Opphoert;
        }
        let meta = self.meta();
        registrer!(
            self,
            identifikasjonsnummer,
            Identifikasjonsnummer,
            Folkeregisteridentifikator {
                meta,
                status: Identifikatorstatuskode::IBruk,
                foedsels_eller_d_nummer: nummer,
                identifikatortype: type_,
            }
        );
    }

    pub(super) fn status(&mut self, status: Personstatus) {
        let meta = self.meta();
        registrer!(self, status, Status, Folkeregisterpersonstatus { meta, status });
    }

    pub(super) fn ny_status(&mut self, status: Personstatus, hendelse: Hendelsestype) {
        let savnet = status == Personstatus::Forsvunnet;
        self.sak("folkeregistermyndigheten", if savnet { "Savnet" } else { "Person med d-nummer" });
        self.status(status);
        self.meld(hendelse);
    }

    pub(super) fn registrer_kjoenn(&mut self, kvinne: bool) {
        let meta = self.meta();
        registrer!(self, kjoenn, Kjoenn, Personkjoenn { meta, kjoenn: kjoenn(kvinne) });
    }

    pub(super) fn statsborger(&mut self, kode: &str, ervervet: i32) {
        let (meta, statsborgerskap) = (self.meta(), alfa3(kode));
        let ervervsdato = Some(dato(ervervet));
        foey_til!(
            self,
            statsborgerskap,
            Statsborgerskap,
            Statsborgerskap { meta, statsborgerskap, ervervsdato }
        );
    }

    /// The identity basis has another field name in events, so it is told by hand.
    pub(super) fn grunnlag(&mut self, identitetsgrunnlagstatus: Identitetsgrunnlagstatus) {
        let meta = self.meta();
        self.dok.identitetsgrunnlag.iter_mut().for_each(|g| g.meta.er_gjeldende = Some(false));
        self.dok
            .identitetsgrunnlag
            .insert(0, Identitetsgrunnlag { meta: meta.clone(), identitetsgrunnlagstatus });
        if self.melder {
            let mut meta = meta;
            meta.er_gjeldende = None;
            let legitimasjonskontroll = identitetsgrunnlagstatus;
            let egenskap =
                Egenskap::Identitetsgrunnlag(IdentitetsgrunnlagIHendelse { meta, legitimasjonskontroll });
            self.endret(Entitet::Identitetsgrunnlag, Entitetsendring::RegistrereNy, Some(egenskap));
        }
    }

    pub(super) fn identitetsgrunnlag(&mut self, status: Identitetsgrunnlagstatus) {
        self.sak("politiet", "Identitetskontroll");
        self.grunnlag(status);
        self.meld(Hendelsestype::EndringIIdentitetsgrunnlag);
    }

    pub(super) fn sett_navn(&mut self, nytt: &Personnavn) {
        let (fornavn, mellomnavn, etternavn) =
            (nytt.fornavn(Skrift::Stor), nytt.mellomnavn(Skrift::Stor), nytt.etternavn(Skrift::Stor));
        let helt = format!("{etternavn} {fornavn} {}", mellomnavn.as_deref().unwrap_or_default());
        let originalt = self.terning(1).promille(20).then(|| Navn {
            fornavn: navnedel(nytt.fornavn(Skrift::Vanlig)),
            mellomnavn: nytt.mellomnavn(Skrift::Vanlig).map(navnedel),
            etternavn: navnedel(nytt.etternavn(Skrift::Vanlig)),
        });
        let ny = Folkeregisterpersonnavn {
            meta: self.meta(),
            forkortet_navn: (helt.chars().count() > 24).then(|| Tekst::tilpass(helt.trim_end().to_owned())),
            fornavn: navnedel(fornavn),
            mellomnavn: mellomnavn.map(navnedel),
            etternavn: navnedel(etternavn),
            originalt_navn: originalt,
        };
        registrer!(self, navn, Navn, ny);
    }

    /// What everybody has from the beginning.
    pub(super) fn grunnbok(&mut self, status: Personstatus, type_: Folkeregisteridentifikatortype) {
        let borger = self.borger;
        self.identifikator(type_);
        self.status(status);
        let kontrollert = match borger.opphav {
            Opphav::DNummer => Identitetsgrunnlagstatus::IkkeKontrollert,
            _ if self.terning(2).promille(400) => Identitetsgrunnlagstatus::IngenStatus,
            _ if self.terning(2).promille(600) => Identitetsgrunnlagstatus::IkkeKontrollert,
            _ => Identitetsgrunnlagstatus::Kontrollert,
        };
        self.grunnlag(kontrollert);
        let byttet = borger.saer.dag(super::saer::Trekk::Kjoennsskifte).is_some();
        self.registrer_kjoenn(borger.kvinne != byttet);
        self.foedsel();
        let meta = self.meta();
        let sivilstand = if type_ == Folkeregisteridentifikatortype::DNummer {
            Sivilstandstype::Uoppgitt
        } else {
            Sivilstandstype::Ugift
        };
        registrer!(self, sivilstand, Sivilstand, tom_sivilstand(meta, sivilstand));
    }

    fn foedsel(&mut self) {
        let borger = self.borger;
        let her = matches!(borger.opphav, Opphav::Norsk | Opphav::Foedselsregistrert);
        let foedt = dato(borger.foedt());
        let mut t = self.terning(3);
        let kommune = match self.bygd.bosteder.paa(self.i, borger.inn) {
            Some(Sted::Norge { kommune, .. }) => kommune,
            _ => crate::sted::trekk(&mut t) as u16,
        };
        let hjemland = land(borger.land);
        let meta = self.meta();
        let sted = crate::sted::steder().get(usize::from(kommune)).map_or("", |s| s.kommune.navn);
        registrer!(
            self,
            foedsel,
            Foedsel,
            Foedsel {
                meta,
                foedselsdato: Some(foedt),
                foedselsaar: Aarstall::av(foedt),
                foedested: Some(Tekst::tilpass(if her { sted } else { hjemland.sted })),
                foedekommune_i_norge: if her { kommunenummer(kommune, borger.foedt()) } else { None },
                foedeland: Some(alfa3(if her { "NOR" } else { hjemland.alfa3 })),
            }
        );
        if her {
            let tvilling = borger.saer.dag(super::saer::Trekk::FoedselINorgeKorrigert).is_some();
            let meta = self.meta();
            registrer!(
                self,
                foedsel_i_norge,
                FoedselINorge,
                FoedselINorge {
                    meta,
                    foedselsinstitusjonsnavn: Some(Tekst::tilpass(*t.velg(INSTITUSJONER))),
                    rekkefoelgenummer: Some(if tvilling { 21 } else { 11 }),
                }
            );
        }
    }

    fn foedt(&mut self, uten_navn: bool) {
        self.sak("folkeregistermyndigheten", "Fødsel");
        let bosatt = self.borger.opphav == Opphav::Norsk;
        let status = if bosatt { Personstatus::Bosatt } else { Personstatus::Foedselsregistrert };
        self.grunnbok(status, Folkeregisteridentifikatortype::Foedselsnummer);
        let hjemland = if bosatt { "NOR" } else { self.hjemland() };
        self.statsborger(hjemland, self.borger.foedt());
        if uten_navn {
            self.midlertidig_navn();
        } else {
            self.sett_navn(&self.borger.navn(self.borger.foedt()));
        }
        match self.bygd.bosteder.paa(self.i, self.borger.inn.max(DSF_START)) {
            Some(sted @ Sted::Norge { .. }) if bosatt => _ = self.bosted(sted, false),
            _ => self.ukjent_bosted(None),
        }
        self.slektskap(self.borger.mor, Familierelasjontype::Mor);
        if !uten_navn {
            self.slektskap(self.borger.far, self.farsrolle());
        }
        self.meld(Hendelsestype::PersonErOpprettet);
    }

    /// Until a name is chosen: the mother's first name and what it is (sheet 7.4).
    fn midlertidig_navn(&mut self) {
        let mor = self.borger.mor.map(|m| self.bygd.grend.en(m).navn(self.dag));
        let barn = self.borger.navn(self.dag);
        let hvis = mor.unwrap_or(barn).fornavn(Skrift::Stor);
        let ny = Folkeregisterpersonnavn {
            meta: self.meta(),
            fornavn: navnedel(format!("{hvis} *{}", if self.borger.kvinne { "PIKE" } else { "GUTT" })),
            mellomnavn: None,
            etternavn: navnedel(barn.etternavn(Skrift::Stor)),
            forkortet_navn: None,
            originalt_navn: None,
        };
        registrer!(self, navn, Navn, ny);
    }

    fn navn_valgt(&mut self) {
        self.sak("forelder", "Første gangs navnevalg");
        annuller!(self, navn, Navn);
        self.sett_navn(&self.borger.navn(self.dag));
        self.meld(Hendelsestype::EndringINavn);
    }

    fn dnummer(&mut self) {
        self.sak("folkeregistermyndigheten", "Tildele d-nummer");
        self.grunnbok(Personstatus::Midlertidig, Folkeregisteridentifikatortype::DNummer);
        self.statsborger(self.hjemland(), self.borger.foedt());
        self.sett_navn(&self.borger.navn(self.dag));
        self.meld(Hendelsestype::PersonErOpprettet);
    }

    fn inaktiv(&mut self, meldt: bool) {
        let hendelse = if meldt { Hendelsestype::PersonErInaktiv } else { Hendelsestype::EndringIStatus };
        self.ny_status(Personstatus::Inaktiv, hendelse);
    }

    fn ikke_bosatt(&mut self) {
        self.sak("folkeregistermyndigheten", "Uregistrert person");
        self.grunnbok(Personstatus::IkkeBosatt, Folkeregisteridentifikatortype::Foedselsnummer);
        self.statsborger("NOR", self.borger.foedt());
        self.sett_navn(&self.borger.navn(self.dag));
        self.ukjent_bosted(None);
        self.meld(Hendelsestype::PersonErOpprettet);
    }

    fn nytt_navn(&mut self, nr: u8) {
        let Some((_, nytt)) = self.borger.navn.get(usize::from(nr)) else { return };
        self.sak("folkeregistermyndigheten", "Navn");
        self.sett_navn(nytt);
        self.meld(Hendelsestype::EndringINavn);
    }

    fn tillatelse(&mut self, permanent: bool) {
        self.sak("utlendingsdirektoratet", "Opphold");
        let mut t = self.terning(6);
        if !permanent {
            let aar = dato(self.dag).year();
            let nummer = format!("{aar:04}{:06}{:02}", t.under(1_000_000), t.under(100));
            let ny = Personidentifikasjon {
                meta: self.meta(),
                identifikasjonsnummer: Tekst::tilpass(nummer),
                identifikasjonsnummertype: Tekst::tilpass("utlendingsmyndighetenesIdentifikasjonsnummer"),
                utstederland: LandkodeAlfa3::NORGE,
            };
            registrer!(
                self,
                utlendingsmyndighetenes_identifikasjonsnummer,
                UtlendingsmyndighetenesIdentifikasjonsnummer,
                ny
            );
            self.meld(Hendelsestype::EndringIUtlendingsmyndighetenesIdentifikasjonsnummer);
        }
        let oppholdstillatelse = match permanent {
            true => Oppholdstillatelsetype::Permanent,
            false if t.promille(60) => Oppholdstillatelsetype::OpplysningMangler,
            false => Oppholdstillatelsetype::Midlertidig,
        };
        let meta = self.meta();
        registrer!(
            self,
            opphold,
            Opphold,
            Opphold {
                meta,
                oppholdstillatelse,
                opphold_fra: dato(self.dag),
                opphold_til: (!permanent).then(|| dato(self.dag + 1095)),
            }
        );
        self.meld(Hendelsestype::EndringIOpphold);
    }

    fn norsk_statsborger(&mut self) {
        /// 2020-01-01, from when on nobody has to give up another citizenship, in days since 1970.
        const FLERE: i32 = 18_262;
        self.sak("utlendingsdirektoratet", "Statsborgerskap");
        if self.dag < FLERE {
            opphoer!(self, statsborgerskap, Statsborgerskap, |_v| true);
        }
        self.statsborger("NOR", self.dag);
        self.meld(Hendelsestype::EndringIStatsborgerskap);
    }

    pub(super) fn doed(&mut self, dag: i32) {
        self.sak("Helse", "Dødsfall");
        self.status(Personstatus::Doed);
        let ny = Doedsfall { meta: self.meta(), doedsdato: Some(dato(dag)) };
        self.doedsfall(Entitetsendring::RegistrereNy, ny);
        self.meld(Hendelsestype::PersonErDoed);
    }

    pub(super) fn doedsfall(&mut self, endring: Entitetsendring, ny: Doedsfall) {
        if self.melder {
            let mut kopi = ny.clone();
            kopi.meta.er_gjeldende = None;
            self.endret(Entitet::Doedsfall, endring, Some(Egenskap::Doedsfall(kopi)));
        }
        self.dok.doedsfall = Some(ny);
    }

    /// The country of which the person is a citizen from birth; one in twenty-five refugees of none.
    pub(super) fn hjemland(&self) -> &'static str {
        let fra = land(self.borger.land);
        let statsloes = fra.avtale == land::Avtale::Flukt && self.terning(8).promille(40);
        if statsloes { "XXX" } else { fra.alfa3 }
    }

    /// A country that is not the person's own.
    pub(super) fn et_land(&self) -> u8 {
        land::trekk(&mut self.terning(7))
    }
}

/// Hospitals that nobody was born in.
const INSTITUSJONER: &[&str] = &[
    "FIOLIN SYKEHUS",
    "PARAPLY UNIVERSITETSSYKEHUS",
    "LANTERNE FØDESTUE",
    "TULIPAN SYKEHUS",
    "KAKTUS FØDEAVDELING",
];
