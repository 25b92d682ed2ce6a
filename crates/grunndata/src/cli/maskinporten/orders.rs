//! The orders that the arguments of `grunndata maskinporten …` stand for.

use maskinporten::admin::{self, Klientfelt, NyRessurs, NySystembruker, NyttSystem, Scopefelt};
use maskinporten::kommando::Kommando;
use maskinporten::modell::{Samtykkerett, Spraaktekst, Tokentype};
use serde_json::{Map, json};

use super::{
    Delegering, Klient, Nokler, NoklerFra, NyttSamtykke, Samtykke, ScopeCommand, SettScope, Signering, Spor,
    Systembruker, Tilgang, What,
};

impl What {
    /// The order; `None` for what has to do with files first: [`Klient::Nokler`].
    pub fn order(&self) -> Option<Kommando> {
        Some(match self {
            Self::Klient(klient) => return klient.order(),
            Self::Scope(scope) => scope.order(),
            Self::Tilgang(tilgang) => tilgang.order(),
            Self::Delegering(delegering) => delegering.order(),
            Self::Systembruker(bruker) => bruker.order(),
            Self::Samtykke(Samtykke::Ny(nytt)) => Kommando::NyttSamtykke(nytt.samtykke()),
            Self::Samtykke(Samtykke::Trekk { id }) => Kommando::TrekkSamtykke { id: id.clone() },
            Self::Signering(Signering::Status) => Kommando::Signeringsnokler,
            Self::Signering(Signering::Bytt { straks }) => Kommando::ByttSigneringsnokkel { straks: *straks },
            Self::Spor(Spor { bevis: true, fra, antall }) => {
                Kommando::Utstedelser { fra: *fra, antall: *antall }
            }
            Self::Spor(Spor { fra, antall, .. }) => Kommando::Spor { fra: *fra, antall: *antall },
        })
    }
}

impl NyttSamtykke {
    fn samtykke(&self) -> admin::NyttSamtykke {
        let resource =
            self.ressurs.iter().map(|value| json!({ "type": "urn:altinn:resource", "value": value }));
        let rett = Samtykkerett {
            action: self.handling.clone(),
            resource: resource.collect(),
            metadata: Map::new(),
        };
        admin::NyttSamtykke {
            from: self.fra.clone(),
            to: self.til,
            valid_to: self.gyldig_til,
            rights: vec![rett],
        }
    }
}

impl Klient {
    fn order(&self) -> Option<Kommando> {
        Some(match self {
            Self::Liste { orgnr, alle } => Kommando::Klienter { orgnr: *orgnr, alle: *alle },
            Self::Vis { client_id } => Kommando::Klient { client_id: client_id.clone() },
            Self::Ny(ny) => Kommando::NyKlient(Box::new(Klientfelt {
                client_id: ny.client_id.clone(),
                client_name: ny.navn.clone(),
                scopes: ny.scope.clone(),
                access_token_lifetime: ny.levetid,
                client_orgno: Some(ny.orgnr),
                ..Klientfelt::default()
            })),
            Self::Scopes { client_id, legg_til, fjern } => Kommando::EndreScopes {
                client_id: client_id.clone(),
                legg_til: legg_til.clone(),
                fjern: fjern.clone(),
            },
            Self::Slett { client_id } => Kommando::SlettKlient { client_id: client_id.clone() },
            Self::Nokler(Nokler { client_id, fra: NoklerFra { slett: true, .. }, .. }) => {
                Kommando::SlettNokler { client_id: client_id.clone() }
            }
            Self::Nokler(_) => return None,
        })
    }
}

impl ScopeCommand {
    fn order(&self) -> Kommando {
        match self {
            Self::Liste { orgnr } => Kommando::Scopes { orgnr: *orgnr },
            Self::Prefiks { prefix: Some(prefix), orgnr: Some(orgnr) } => {
                Kommando::NyPrefiks { prefix: prefix.clone(), orgnr: *orgnr }
            }
            Self::Prefiks { .. } => Kommando::Prefikser,
            Self::Sett(sett) => {
                Kommando::SettScope { scope: sett.scope.clone(), felt: Box::new(sett.felt()) }
            }
            Self::Slett { scope } => Kommando::SlettScope { scope: scope.clone() },
        }
    }
}

impl SettScope {
    fn felt(&self) -> Scopefelt {
        Scopefelt {
            description: self.beskrivelse.clone(),
            visibility: Some(if self.privat { "PRIVATE" } else { "PUBLIC" }.to_owned()),
            accessible_for_all: self.for_alle,
            delegation_source: self.delegeringskilde.clone(),
            at_max_age: self.levetid_maks,
            token_type: if self.opak { Tokentype::Opaque } else { Tokentype::SelfContained },
            enforced_aud_for_introspection: self.introspeksjon.clone(),
            active: Some(true),
            ..Scopefelt::default()
        }
    }
}

impl Tilgang {
    fn order(&self) -> Kommando {
        match self {
            Self::Liste { scope, orgnr } => Kommando::Tilganger { scope: scope.clone(), orgnr: *orgnr },
            Self::Gi { scope, orgnr } => {
                Kommando::SettTilgang { scope: scope.clone(), orgnr: *orgnr, gitt: true }
            }
            Self::Trekk { scope, orgnr } => {
                Kommando::SettTilgang { scope: scope.clone(), orgnr: *orgnr, gitt: false }
            }
        }
    }
}

impl Delegering {
    fn order(&self) -> Kommando {
        match self {
            Self::Liste { konsument, leverandor, scope } => {
                Kommando::Delegeringer { consumer: *konsument, supplier: *leverandor, scope: scope.clone() }
            }
            Self::Ordninger => Kommando::Ressurser,
            Self::Ordning { ressurs, eier, scope, tittel } => Kommando::SettRessurs(NyRessurs {
                owner_org: *eier,
                resourceid: Some(ressurs.clone()),
                scopes: scope.clone(),
                title: vec![Spraaktekst { code: "nb_NO".to_owned(), value: tittel.clone() }],
                description: Vec::new(),
                default_language: "nb_NO".to_owned(),
                required_security_level: 2,
            }),
            Self::Gi(par) => Kommando::Deleger {
                consumer: par.konsument,
                supplier: par.leverandor,
                resourceid: par.ressurs.clone(),
            },
            Self::Trekk(par) => Kommando::TrekkDelegering {
                consumer: par.konsument,
                supplier: par.leverandor,
                resourceid: par.ressurs.clone(),
            },
        }
    }
}

impl Systembruker {
    fn order(&self) -> Kommando {
        match self {
            Self::System { id, klient } => Kommando::SettSystem(NyttSystem {
                id: id.clone(),
                name: String::new(),
                client_ids: klient.clone(),
            }),
            Self::Ny { system, kunde, referanse } => Kommando::NySystembruker(NySystembruker {
                system_id: system.clone(),
                owner_org: *kunde,
                external_ref: referanse.clone(),
            }),
            Self::Slett { id } => Kommando::SlettSystembruker { id: id.clone() },
        }
    }
}
