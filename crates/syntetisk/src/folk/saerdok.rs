//! What the rare things write in the book: protection, other addresses, guardians, doubtful identities, corrections.

use folkeregisteret::modell::{
    Adressegradering, Bibehold, BibeholdAvNorskStatsborgerskap, Doedsfall, Egenskap, Entitet,
    Entitetsendring, FalskIdentitet, Familierelasjontype, Folkeregisteridentifikator,
    Folkeregisteridentifikatortype, Foreldreansvarstype, ForholdTilSametingetsValgmanntall, Hendelsestype,
    Identifikasjonsdokument, Identifikatorstatuskode, IdentifiserendeInformasjon, Identitetsgrunnlagstatus,
    Personidentifikasjon, Personstatus, Relatert, RelatertBiPerson, RettIdentitet, SametingetsValgmanntall,
    SamiskSpraak, SamiskSpraakType, Sivilstand, Sivilstandstype, TekniskDokumentkontroll, Tekst,
};
use identifikator::{LandkodeAlfa3, Organisasjonsnummer};
use kodeverk::folkeregisteret::identifikasjonsdokumenttype;

use super::bok::{Bok, annuller, foey_til, korriger, opphoer, registrer};
use super::familiedok::{tom_sivilstand, tomt_ansvar};
use super::land::land;
use super::livdok::{alfa3, kjoenn, navn};
use super::navn::Personnavn;
use super::saer::Trekk;
use super::steg::VALGMANNTALL_TRUKKET;
use crate::kalender::dato;

impl Bok<'_> {
    /// Writes the beginning, or the end, of something rare.
    pub(super) fn saer(&mut self, trekk: Trekk, slutt: bool) {
        use Trekk as T;
        match trekk {
            T::Fortrolig | T::FortroligOpphevet => self.vern(Adressegradering::Fortrolig, slutt),
            T::StrengtFortrolig | T::StrengtOpphevet => self.vern(Adressegradering::StrengtFortrolig, slutt),
            T::Klientadresse => self.klientadresse(slutt),
            T::UkjentBosted | T::UkjentUtenKommune => self.uten_bosted(trekk),
            T::Pendler
            | T::Militaer
            | T::Utenriks
            | T::OppholdPaaSvalbardadresse
            | T::OppholdUkjent
            | T::OppholdMatrikkel
            | T::OppholdUtland
            | T::OppholdsadresseD => self.opphold_annet_sted(trekk, slutt),
            T::Postboks | T::PostVeg | T::PostFritt => self.post(trekk, slutt),
            T::PostUtland | T::PostUtlandFritt | T::PostUtlandD => self.post_utland(trekk),
            T::Svalbard => self.svalbard(slutt),
            T::Samisk => self.samisk(),
            T::Valgmanntall => self.valgmanntall(slutt),
            T::Bibehold | T::BibeholdSlutt | T::BibeholdIkke => self.bibehold(trekk, slutt),
            T::Preferert => self.preferert(),
            T::DeltBosted => self.delt_bosted(slutt),
            T::ForeldreansvarEn => self.en_av_foreldrene(),
            T::ForeldreansvarAndre | T::ForeldreansvarOrganisasjon | T::ForeldreansvarUkjent => {
                self.andres_ansvar(trekk);
            }
            T::Doedfoedt | T::Soesken => self.annen_slekt(trekk),
            T::Partnerskap
            | T::PartnerskapSeparert
            | T::PartnerskapSkilt
            | T::PartnerskapGjenlevende
            | T::GiftUtenlands => self.partner_uten_nummer(trekk, slutt),
            T::Legitimasjon => self.legitimasjon(),
            T::UtenlandskId => self.utenlandsk_id(),
            T::Identitetskontroll => self.identitetsgrunnlag(Identitetsgrunnlagstatus::Kontrollert),
            T::Reaktivert => {
                if self.dok.status.first().map(|s| s.status) == Some(Personstatus::Inaktiv) {
                    self.ny_status(Personstatus::Midlertidig, Hendelsestype::EndringIStatus);
                }
            }
            T::VergeVoksen
            | T::VergeMidlertidig
            | T::Fremtidsfullmakt
            | T::Forvaltning
            | T::VergeMindreaarig
            | T::VergeMidlertidigMindreaarig
            | T::EnsligAsylsoeker
            | T::EnsligFlyktning => self.vergemaal(trekk, slutt),
            T::Handleevne => self.handleevne(slutt),
            T::Navneendring | T::Navneendringer | T::InaktivMeldt => {}
            _ => self.hvem_det_er(trekk, slutt),
        }
    }

    /// What changes who somebody is.
    fn hvem_det_er(&mut self, trekk: Trekk, slutt: bool) {
        use Trekk as T;
        match trekk {
            T::Kjoennsskifte | T::NyttNummer => self.nytt_nummer(trekk),
            T::FalskUkjent | T::FalskOpplysninger | T::FalskNummer => self.falsk(trekk),
            T::OpphoertNummer | T::OpphoertFoedsel => self.opphoert(),
            T::DoedAnnullert => self.doed_annullert(slutt),
            T::DoedKorrigert => self.doed_korrigert(),
            T::Forsvunnet | T::ForsvunnetDoed => {
                self.ny_status(Personstatus::Forsvunnet, Hendelsestype::EndringIStatus);
            }
            T::DublettBort => self.meld(Hendelsestype::PersonErOpphoertSomDublett),
            T::SplittGjenopprettet => self.meld(Hendelsestype::PersonErGjenopprettetVedSplitting),
            T::DublettTatt | T::SplittFra => self.sammenslaaing(trekk),
            _ => self.rettelse(trekk),
        }
    }

    fn samisk(&mut self) {
        self.sak("folkeregistermyndigheten", "Bruk av samisk språk");
        let mut t = self.terning(25);
        let alle = SamiskSpraakType::ALLE;
        let spraak = match t.under(10) {
            0 => alle.to_vec(),
            1 | 2 => vec![alle[1]],
            3 => vec![alle[2]],
            _ => vec![alle[0]],
        };
        let ny = SamiskSpraak { meta: self.meta(), spraak: spraak.try_into().unwrap_or_default() };
        registrer!(self, bruk_av_samisk_spraak, BrukAvSamiskSpraak, ny);
        self.meld(Hendelsestype::EndringIBrukAvSamiskSpraak);
    }

    fn valgmanntall(&mut self, slutt: bool) {
        if self.dag >= VALGMANNTALL_TRUKKET {
            return;
        }
        self.sak("Sametinget", "Sametingets valgmanntall");
        let forhold = match (slutt, self.terning(26).under(10)) {
            (true, _) => ForholdTilSametingetsValgmanntall::Utmeldt,
            (false, 0..=2) => ForholdTilSametingetsValgmanntall::AldriInnmeldt,
            (false, _) => ForholdTilSametingetsValgmanntall::Innmeldt,
        };
        let ny = SametingetsValgmanntall { meta: self.meta(), forhold, vedtaksdato: dato(self.dag) };
        registrer!(self, forhold_til_sametingets_valgmanntall, ForholdTilSametingetsValgmanntall, ny);
        self.meld(Hendelsestype::EndringISametingetsValgmanntall);
    }

    pub(super) fn valgmanntall_trukket(&mut self) {
        self.sak("FREG automatisk", "Sametingets valgmanntall");
        self.dok.forhold_til_sametingets_valgmanntall.clear();
        self.meld(Hendelsestype::PersonErOppdatert);
    }

    fn bibehold(&mut self, trekk: Trekk, slutt: bool) {
        self.sak("utlendingsdirektoratet", "Statsborgerskap");
        let bibeholdstatus = match (trekk, slutt) {
            (Trekk::BibeholdIkke, _) => Bibehold::NorskStatsborgerTrengerIkkeBibehold,
            (_, true) => Bibehold::HarIkkeLengerBibehold,
            _ => Bibehold::HarBibehold,
        };
        let ny = BibeholdAvNorskStatsborgerskap {
            meta: self.meta(),
            bibeholdstatus,
            dato_for_bibehold: Some(dato(self.dag)),
        };
        registrer!(self, bibehold, Bibehold, ny);
        self.meld(Hendelsestype::EndringIStatsborgerskap);
    }

    /// The father, or co-mother, has the responsibility alone.
    fn en_av_foreldrene(&mut self) {
        let Some(far) = self.borger.far.filter(|f| self.bygd.grend.en(*f).lever(self.dag)) else { return };
        let Some(nummer) = self.bygd.nummer(far, self.dag) else { return };
        self.sak("domstolen", "Foreldreansvar");
        opphoer!(self, foreldreansvar, Foreldreansvar, |_v| true);
        let medmor = self.bygd.grend.en(far).kvinne;
        let ansvar = if medmor { Foreldreansvarstype::Medmor } else { Foreldreansvarstype::Far };
        let barn = self.nummer();
        self.ansvar(ansvar, barn, nummer);
        self.meld(Hendelsestype::EndringIForeldreansvar);
    }

    fn andres_ansvar(&mut self, trekk: Trekk) {
        self.sak("domstolen", "Foreldreansvar");
        opphoer!(self, foreldreansvar, Foreldreansvar, |_v| true);
        let mut t = self.terning(29);
        let barn = self.nummer();
        let mut ny = tomt_ansvar(self, Foreldreansvarstype::Andre, barn);
        match trekk {
            Trekk::ForeldreansvarUkjent => ny.ansvar = Foreldreansvarstype::Ukjent,
            Trekk::ForeldreansvarOrganisasjon => {
                let slot = crate::faste::kommune(self.bygd.nasjon.plasser(), t.tall() >> 16);
                ny.ansvarlig_organisasjon = Organisasjonsnummer::fra_verdi(crate::nasjon::nummer(slot));
            }
            _ if t.promille(500) => {
                ny.ansvarlig_uten_identifikator = Some(RelatertBiPerson {
                    navn: navn(&Personnavn::nytt(&mut t)),
                    foedselsdato: Some(dato(self.borger.foedt() - 12_000)),
                    statsborgerskap: Some(LandkodeAlfa3::NORGE),
                    kjoenn: Some(kjoenn(t.promille(600))),
                });
            }
            _ => ny.ansvarlig = self.en_voksen(&mut t).and_then(|v| self.bygd.nummer(v, self.dag)),
        }
        foey_til!(self, foreldreansvar, Foreldreansvar, ny);
        self.meld(Hendelsestype::EndringIForeldreansvar);
    }

    fn annen_slekt(&mut self, trekk: Trekk) {
        self.sak("Helse", "Fødsel");
        let mut t = self.terning(30);
        let (rolle, min) = if trekk == Trekk::Doedfoedt {
            (Familierelasjontype::DoedfoedtBarn, Familierelasjontype::Mor)
        } else {
            (Familierelasjontype::Soesken, Familierelasjontype::Soesken)
        };
        let relatert = Relatert::RelatertPersonUtenFolkeregisteridentifikator(RelatertBiPerson {
            navn: navn(&Personnavn::nytt(&mut t)),
            foedselsdato: Some(dato(self.dag)),
            statsborgerskap: None,
            kjoenn: Some(kjoenn(t.promille(500))),
        });
        self.relasjon(relatert, rolle, Some(min));
        self.meld(Hendelsestype::EndringIFamilierelasjon);
    }

    /// A spouse, or of old a registered partner, whom the register knows by name only.
    fn partner_uten_nummer(&mut self, trekk: Trekk, slutt: bool) {
        self.sak("folkeregistermyndigheten", if slutt { "Skilsmisse" } else { "Vigsel" });
        let (type_, rolle) = match (trekk, slutt) {
            (Trekk::GiftUtenlands, _) => (Sivilstandstype::Gift, true),
            (Trekk::PartnerskapSeparert, true) => (Sivilstandstype::SeparertPartner, true),
            (Trekk::PartnerskapSkilt, true) => (Sivilstandstype::SkiltPartner, false),
            (Trekk::PartnerskapGjenlevende, true) => (Sivilstandstype::GjenlevendePartner, false),
            (_, true) => return,
            _ => (Sivilstandstype::RegistrertPartner, true),
        };
        let meta = self.meta();
        registrer!(
            self,
            sivilstand,
            Sivilstand,
            Sivilstand {
                sivilstandsdato: Some(dato(self.dag)),
                utland: Some(alfa3(land(self.borger.land).alfa3)),
                ..tom_sivilstand(meta, type_)
            }
        );
        self.meld(Hendelsestype::EndringISivilstand);
        let partner = Familierelasjontype::EktefelleEllerPartner;
        if !slutt {
            let mut t = self.terning(31);
            let relatert = Relatert::RelatertPersonUtenFolkeregisteridentifikator(RelatertBiPerson {
                navn: navn(&Personnavn::nytt(&mut t)),
                foedselsdato: Some(dato(self.borger.foedt() + t.mellom(-2000, 2000))),
                statsborgerskap: Some(alfa3(land(self.borger.land).alfa3)),
                kjoenn: Some(kjoenn((trekk == Trekk::GiftUtenlands) != self.borger.kvinne)),
            });
            self.relasjon(relatert, partner, Some(partner));
            self.meld(Hendelsestype::EndringIFamilierelasjon);
        } else if !rolle
            && opphoer!(self, familierelasjon, Familierelasjon, |v| v.relatert_persons_rolle == partner)
        {
            self.meld(Hendelsestype::EndringIFamilierelasjon);
        }
    }

    fn legitimasjon(&mut self) {
        self.sak("skatteetaten", "Person med d-nummer");
        let mut t = self.terning(32);
        let type_ = match t.under(100) {
            0..=59 => "pass",
            60..=79 => "nasjonaltIdentitetskort",
            _ => t.velg(identifikasjonsdokumenttype::alle()).kode,
        };
        let hjemland = land(self.borger.land);
        let ny = Identifikasjonsdokument {
            meta: self.meta(),
            identifikasjonsdokumentnummer: Some(Tekst::tilpass(format!("EX{:07}", t.under(10_000_000)))),
            identifikasjonsdokumenttype: Tekst::tilpass(type_),
            utstederland: alfa3(hjemland.alfa3),
            utstedernavn: t.promille(300).then(|| Tekst::tilpass("EKSEMPELMYNDIGHETEN")),
            gyldig_fra: Some(dato(self.dag - 400)),
            gyldig_til: Some(dato(self.dag + 3250)),
            dokumentkontroll: t.promille(400).then(|| TekniskDokumentkontroll {
                dokumentkontrollstatus: Tekst::tilpass("godkjent"),
                dokumentkontrolltidspunkt: Some(self.at),
            }),
        };
        foey_til!(self, legitimasjonsdokument, Legitimasjonsdokument, ny);
        self.meld(Hendelsestype::EndringILegitimasjonsdokument);
    }

    fn utenlandsk_id(&mut self) {
        self.sak("skatteetaten", "Person med d-nummer");
        let mut t = self.terning(33);
        let type_ = match t.under(10) {
            0..=6 => "utenlandskIdentifikasjonsnummer",
            7 | 8 => "taxIdentificationNumber",
            _ => "socialSecurityNumber",
        };
        let ny = Personidentifikasjon {
            meta: self.meta(),
            identifikasjonsnummer: Tekst::tilpass(format!(
                "{:06}-{:04}",
                t.under(1_000_000),
                t.under(10_000)
            )),
            identifikasjonsnummertype: Tekst::tilpass(type_),
            utstederland: alfa3(land(self.borger.land).alfa3),
        };
        foey_til!(self, utenlandsk_personidentifikasjon, UtenlandskPersonidentifikasjon, ny);
        self.meld(Hendelsestype::EndringIUtenlandskPersonidentifikasjon);
    }

    fn nytt_nummer(&mut self, trekk: Trekk) {
        self.sak("folkeregistermyndigheten", "Endring av fødselsnummer");
        self.identifikator(Folkeregisteridentifikatortype::Foedselsnummer);
        self.meld_om(Hendelsestype::EndringIIdentifikasjonsnummer, self.dag - 1);
        if trekk == Trekk::Kjoennsskifte {
            self.registrer_kjoenn(self.borger.kvinne);
            self.meld(Hendelsestype::EndringIKjoenn);
        }
    }

    fn falsk(&mut self, trekk: Trekk) {
        self.sak("politiet", "Falsk identitet");
        let mut t = self.terning(34);
        let mut opplysninger = |bok: &Self| IdentifiserendeInformasjon {
            personnavn: navn(&Personnavn::nytt(&mut t)),
            foedselsdato: Some(dato(bok.borger.foedt() + t.mellom(-4000, 4000))),
            statsborgerskap: vec![alfa3(land(bok.et_land()).alfa3)],
            kjoenn: Some(kjoenn(bok.borger.kvinne)),
        };
        let rett_identitet = match trekk {
            Trekk::FalskOpplysninger => RettIdentitet::RettIdentitetVedOpplysninger(opplysninger(self)),
            Trekk::FalskNummer => {
                let annen = self.en_voksen(&mut t).and_then(|v| self.bygd.nummer(v, self.dag));
                annen.map_or(
                    RettIdentitet::RettIdentitetErUkjent(true),
                    RettIdentitet::RettIdentitetVedIdentifikasjonsnummer,
                )
            }
            _ => RettIdentitet::RettIdentitetErUkjent(true),
        };
        let ny = FalskIdentitet { meta: self.meta(), rett_identitet, er_falsk: true };
        if self.melder {
            let mut kopi = ny.clone();
            kopi.meta.er_gjeldende = None;
            let egenskap = Some(Egenskap::FalskIdentitet(kopi));
            self.endret(Entitet::FalskIdentitet, Entitetsendring::RegistrereNy, egenskap);
        }
        self.dok.falsk_identitet = Some(ny);
        self.meld(Hendelsestype::EndringIFalskIdentitet);
        self.opphoert();
    }

    /// The number is terminated, and with it the person.
    fn opphoert(&mut self) {
        self.sak("folkeregistermyndigheten", "Opphøre person");
        korriger!(self, identifikasjonsnummer, Identifikasjonsnummer, |n| {
            n.status = Identifikatorstatuskode::Opphoert;
        });
        self.status(Personstatus::Opphoert);
        opphoer!(self, bostedsadresse, Bostedsadresse, |_v| true);
        self.meld(Hendelsestype::PersonErOpphoert);
    }

    /// A death that was not: told, and soon annulled.
    fn doed_annullert(&mut self, slutt: bool) {
        if !slutt {
            self.doed(self.dag);
            return;
        }
        self.sak("Helse", "Dødsfall");
        self.annuller_doedsfall();
        annuller!(self, status, Status);
        if let Some(forrige) = self.dok.status.first_mut() {
            forrige.meta.er_gjeldende = Some(true);
        }
        self.meld(Hendelsestype::EndringIDoedsfall);
        self.meld(Hendelsestype::PersonErReaktivert);
    }

    fn annuller_doedsfall(&mut self) {
        self.dok.doedsfall = None;
        if self.melder {
            self.endret(Entitet::Doedsfall, Entitetsendring::Annullere, None);
        }
    }

    /// Another day of death: annulled, and registered again (sheet 8.4).
    fn doed_korrigert(&mut self) {
        self.sak("Helse", "Dødsfall");
        self.annuller_doedsfall();
        self.meld(Hendelsestype::PersonErReaktivert);
        let dag = self.dag - 1;
        let ny = Doedsfall { meta: self.meta(), doedsdato: Some(dato(dag)) };
        self.doedsfall(Entitetsendring::RegistrereNy, ny);
        self.meld(Hendelsestype::PersonErDoed);
    }

    /// Two were one: the number of the other is one of the person's own, and no longer in use. A split tells that it never
    /// was so.
    fn sammenslaaing(&mut self, trekk: Trekk) {
        self.sak("folkeregistermyndigheten", "Sammenslåing");
        let Some(andre) = self.borger.saer.motpart.and_then(|m| self.bygd.nummer(m, self.dag)) else {
            return;
        };
        if trekk == Trekk::SplittFra {
            self.dok.identifikasjonsnummer.retain(|n| n.foedsels_eller_d_nummer != andre);
            if self.melder {
                self.endret(Entitet::Identifikasjonsnummer, Entitetsendring::Annullere, None);
            }
            self.meld(Hendelsestype::PersonErEndretVedSplitting);
            return;
        }
        self.annens_nummer(andre);
        self.meld(Hendelsestype::PersonErViderefoertSomGjeldendeVedSammenslaaing);
    }

    /// A number of somebody else among the person's own, as after a merge.
    pub(super) fn annens_nummer(&mut self, andre: identifikator::Personidentifikator) {
        let mut ny = Folkeregisteridentifikator {
            meta: self.meta(),
            status: Identifikatorstatuskode::Opphoert,
            foedsels_eller_d_nummer: andre,
            identifikatortype: Folkeregisteridentifikatortype::DNummer,
        };
        ny.meta.er_gjeldende = Some(false);
        if self.melder {
            let mut kopi = ny.clone();
            kopi.meta.er_gjeldende = None;
            let egenskap = Some(Egenskap::Identifikasjonsnummer(kopi));
            self.endret(Entitet::Identifikasjonsnummer, Entitetsendring::RegistrereNy, egenskap);
        }
        self.dok.identifikasjonsnummer.push(ny);
    }

    /// Corrections leave no history.
    fn rettelse(&mut self, trekk: Trekk) {
        self.sak("folkeregistermyndigheten", "Patch");
        let mut t = self.terning(35);
        let noe = match trekk {
            Trekk::FoedselKorrigert => {
                let sted = *t.velg(&["FIOLINBY", "PARAPLYVIK", "LANTERNESTAD"]);
                korriger!(self, foedsel, Foedsel, |f| f.foedested = Some(Tekst::tilpass(sted)))
            }
            Trekk::FoedselINorgeKorrigert => {
                korriger!(self, foedsel_i_norge, FoedselINorge, |f| {
                    f.foedselsinstitusjonsnavn = Some(Tekst::tilpass("LANTERNE SYKEHUS"));
                })
            }
            Trekk::KjoennKorrigert => {
                let rett = kjoenn(self.borger.kvinne);
                korriger!(self, kjoenn, Kjoenn, |k| k.kjoenn = rett)
            }
            Trekk::AdresseKorrigert if self.vern != Adressegradering::StrengtFortrolig => {
                let krets = i64::from(1 + t.under(30));
                korriger!(self, bostedsadresse, Bostedsadresse, |b| b.stemmekrets = Some(krets))
            }
            Trekk::SivilstandKorrigert => {
                let grunn = Tekst::tilpass("Patch");
                korriger!(self, sivilstand, Sivilstand, |s| s.meta.aarsak = Some(grunn))
            }
            Trekk::StatusKorrigert => {
                let grunn = Tekst::tilpass("Patch");
                korriger!(self, status, Status, |s| s.meta.aarsak = Some(grunn))
            }
            _ => trekk == Trekk::Oppdatert,
        };
        let hendelse = match trekk {
            Trekk::FoedselKorrigert => Hendelsestype::EndringIFoedsel,
            Trekk::FoedselINorgeKorrigert => Hendelsestype::EndringIFoedselINorge,
            Trekk::KjoennKorrigert => Hendelsestype::EndringIKjoenn,
            Trekk::AdresseKorrigert => Hendelsestype::EndringIBostedsadresseUtenFlytting,
            Trekk::SivilstandKorrigert => Hendelsestype::EndringISivilstand,
            Trekk::StatusKorrigert => Hendelsestype::EndringIStatus,
            _ => Hendelsestype::PersonErOppdatert,
        };
        if noe {
            self.meld(hendelse);
        }
    }
}
