//! The invariants of sheet section 20.1, for random grants against a server whose state changes at random.

use std::collections::HashSet;

use maskinporten::bevis::Skjema;
use maskinporten::modell::Tilgangstilstand;
use proptest::prelude::*;
use serde_json::{Value, json};
use vakt::Scopes;
use vakt::jws::Signer;

use crate::prove::{
    APENT, DELT, EIER, GRANT, KONSUMENT, LES, LEVERANDOR, Prove, STENGT, UTSTEDER, drift, krav, nokkel,
    orgnr, scope,
};

/// Something that happens.
#[derive(Debug, Clone)]
enum Hendelse {
    Bevis {
        iss: &'static str,
        scopes: Vec<&'static str>,
        for_hvem: Option<&'static str>,
        jti: u8,
        ressurs: bool,
    },
    Tilgang {
        scope: &'static str,
        til: &'static str,
        gitt: bool,
    },
    Delegering {
        fra: &'static str,
        gitt: bool,
    },
    Scope {
        scope: &'static str,
        aktivt: bool,
    },
    Nokkel {
        klient: &'static str,
        registrert: bool,
    },
    Nedlagt {
        klient: &'static str,
    },
    Tid {
        sekunder: u8,
    },
}

fn hendelse() -> impl Strategy<Value = Hendelse> {
    let et_scope = || prop::sample::select(vec![LES, DELT, STENGT, APENT]);
    let en_org = || prop::sample::select(vec![KONSUMENT, LEVERANDOR, EIER]);
    let iss = || prop::sample::select(vec!["konsument", "leverandor"]);
    let bevis =
        (iss(), prop::collection::vec(et_scope(), 1..3), prop::option::of(en_org()), 0..20_u8, any::<bool>());
    prop_oneof![
        12 => bevis.prop_map(|(iss, scopes, for_hvem, jti, ressurs)| Hendelse::Bevis { iss, scopes, for_hvem, jti, ressurs }),
        4 => (et_scope(), en_org(), any::<bool>()).prop_map(|(scope, til, gitt)| Hendelse::Tilgang { scope, til, gitt }),
        4 => (en_org(), any::<bool>()).prop_map(|(fra, gitt)| Hendelse::Delegering { fra, gitt }),
        2 => (iss(), any::<bool>()).prop_map(|(klient, registrert)| Hendelse::Nokkel { klient, registrert }),
        1 => iss().prop_map(|klient| Hendelse::Nedlagt { klient }),
        2 => (et_scope(), any::<bool>()).prop_map(|(scope, aktivt)| Hendelse::Scope { scope, aktivt }),
        2 => (1..30_u8).prop_map(|sekunder| Hendelse::Tid { sekunder }),
    ]
}

/// What the test itself knows of the server's state.
#[derive(Default)]
struct Fasit {
    tilganger: HashSet<(&'static str, &'static str)>,
    delegert_fra: HashSet<&'static str>,
    inaktive: HashSet<&'static str>,
    uten_nokkel: HashSet<&'static str>,
    nedlagte: HashSet<&'static str>,
    brukte: HashSet<(&'static str, u8)>,
}

impl Fasit {
    fn ny() -> Self {
        let tilganger = [(LES, KONSUMENT), (DELT, KONSUMENT)].into_iter().collect();
        Self { tilganger, delegert_fra: [KONSUMENT].into_iter().collect(), ..Self::default() }
    }

    /// Whether the client can prove who it is.
    fn kjent(&self, iss: &str) -> bool {
        !self.nedlagte.contains(iss) && !self.uten_nokkel.contains(iss)
    }

    /// Whether the grant may lead to a token.
    fn gir(
        &self,
        iss: &'static str,
        scopes: &[&'static str],
        for_hvem: Option<&'static str>,
        jti: u8,
    ) -> bool {
        let egen = if iss == "konsument" { KONSUMENT } else { LEVERANDOR };
        let pa_klienten: &[&str] =
            if iss == "konsument" { &[LES, DELT, STENGT, APENT] } else { &[DELT, STENGT, APENT] };
        let konsument = for_hvem.unwrap_or(egen);
        let god = |scope: &&'static str| {
            let tilgang = *scope == APENT || self.tilganger.contains(&(*scope, konsument));
            // The one bundle holds one scope, and goes to the supplier.
            let delegert = for_hvem.is_none()
                || (*scope == DELT && egen == LEVERANDOR && self.delegert_fra.contains(konsument));
            pa_klienten.contains(scope) && !self.inaktive.contains(scope) && tilgang && delegert
        };
        self.kjent(iss)
            && for_hvem != Some(egen)
            && !self.brukte.contains(&(iss, jti))
            && scopes.iter().all(god)
    }
}

async fn sett_nokkel(prove: &Prove, fasit: &mut Fasit, klient: &'static str, registrert: bool) {
    if registrert {
        let jwk = vakt::jwk::to_json("n-1", nokkel().algorithm(), nokkel().public_key());
        let sett = json!({ "keys": [jwk] });
        prove.mp.sett_nokler(&drift(), klient, sett.as_object().unwrap(), true).await.unwrap();
        fasit.uten_nokkel.remove(klient);
    } else {
        prove.mp.slett_nokler(&drift(), klient).await.unwrap();
        fasit.uten_nokkel.insert(klient);
    }
}

async fn skjer(prove: &Prove, fasit: &mut Fasit, hendelse: Hendelse) -> Result<(), TestCaseError> {
    let mp = &prove.mp;
    match hendelse {
        Hendelse::Tilgang { scope: navn, til, gitt } => {
            let tilstand = if gitt { Tilgangstilstand::Approved } else { Tilgangstilstand::Denied };
            mp.sett_tilgang(&drift(), &scope(navn), orgnr(til), tilstand).await.unwrap();
            if gitt {
                fasit.tilganger.insert((navn, til))
            } else {
                fasit.tilganger.remove(&(navn, til))
            };
        }
        Hendelse::Delegering { fra, gitt } if fra != LEVERANDOR => {
            let (fra_org, til) = (orgnr(fra), orgnr(LEVERANDOR));
            if gitt {
                mp.deleger(&drift(), fra_org, til, "demo-delt").await.unwrap();
                fasit.delegert_fra.insert(fra);
            } else {
                mp.trekk_delegering(&drift(), fra_org, til, "demo-delt").await.unwrap();
                fasit.delegert_fra.remove(fra);
            }
        }
        Hendelse::Delegering { .. } => {}
        Hendelse::Scope { scope: navn, aktivt } => {
            if aktivt {
                let der = mp.scope(&scope(navn)).await.unwrap();
                let felt = maskinporten::admin::Scopefelt {
                    active: Some(true),
                    accessible_for_all: der.accessible_for_all,
                    delegation_source: der.delegation_source,
                    ..Default::default()
                };
                mp.endre_scope(&drift(), &scope(navn), felt).await.unwrap();
                fasit.inaktive.remove(navn);
            } else {
                mp.slett_scope(&drift(), &scope(navn)).await.unwrap();
                fasit.inaktive.insert(navn);
            }
        }
        Hendelse::Nokkel { klient, .. } | Hendelse::Nedlagt { klient } if fasit.nedlagte.contains(klient) => {
        }
        Hendelse::Nokkel { klient, registrert } => sett_nokkel(prove, fasit, klient, registrert).await,
        Hendelse::Nedlagt { klient } => {
            mp.slett_klient(&drift(), klient).await.unwrap();
            fasit.nedlagte.insert(klient);
        }
        Hendelse::Tid { sekunder } => prove.klokke.advance_millis(i64::from(sekunder) * 1000),
        Hendelse::Bevis { iss, scopes, for_hvem, jti, ressurs } => {
            let mut endringer = json!({ "scope": scopes.join(" "), "jti": jti.to_string() });
            if let Some(orgnr) = for_hvem {
                endringer["consumer_org"] = json!(orgnr);
            }
            if ressurs {
                endringer["resource"] = json!("https://api.example.no");
            }
            let skjema = Skjema {
                grant_type: Some(GRANT.to_owned()),
                assertion: Some(prove.bevis(iss, endringer)),
                client_id: None,
                uten_virkning: Vec::new(),
            };
            let ventet = fasit.gir(iss, &scopes, for_hvem, jti);
            let svar = mp.token(&skjema, "spor").await;
            prop_assert_eq!(svar.is_ok(), ventet, "{} {:?} {:?}: {:?}", iss, scopes, for_hvem, svar);
            // Who is not known uses nothing up.
            if fasit.kjent(iss) {
                fasit.brukte.insert((iss, jti));
            }
            if let Ok(svar) = svar {
                holder(prove, iss, &scopes, for_hvem, ressurs, &svar)?;
                // 4. One grant yields at most one token.
                prop_assert_eq!(mp.token(&skjema, "spor").await.unwrap_err().kode, Some("MP-012"));
            }
        }
    }
    Ok(())
}

/// What is true of every token.
fn holder(
    prove: &Prove,
    iss: &str,
    scopes: &[&str],
    for_hvem: Option<&str>,
    ressurs: bool,
    svar: &maskinporten::utsted::Tokensvar,
) -> Result<(), TestCaseError> {
    let token = krav(&svar.access_token);
    let egen = if iss == "konsument" { KONSUMENT } else { LEVERANDOR };
    let id = |orgnr: &str| json!(format!("0192:{orgnr}"));
    // 1. and 2.
    match for_hvem {
        None => {
            prop_assert_eq!(&token["consumer"]["ID"], &id(egen));
            prop_assert!(token.get("supplier").is_none() && token.get("delegation_source").is_none());
        }
        Some(konsument) => {
            prop_assert_eq!(
                (&token["consumer"]["ID"], &token["supplier"]["ID"]),
                (&id(konsument), &id(egen))
            );
            prop_assert_ne!(&token["consumer"], &token["supplier"]);
            prop_assert!(token.contains_key("delegation_source"));
        }
    }
    // 3. Exactly what was asked for, each once; that each was good is the test's own answer above.
    let mut onsket: Vec<&str> = Vec::new();
    for scope in scopes {
        if !onsket.contains(scope) {
            onsket.push(scope);
        }
    }
    prop_assert_eq!(&token["scope"], &json!(onsket.join(" ")));
    prop_assert_eq!(Scopes::parse(&svar.scope).unwrap().iter().count(), onsket.len());
    // 5.
    let (iat, exp) = (token["iat"].as_i64().unwrap(), token["exp"].as_i64().unwrap());
    prop_assert!(exp - iat <= 120 && (exp - prove.naa() - svar.expires_in).abs() <= 1);
    // 6. Nothing but these.
    let kjente = [
        "scope",
        "iss",
        "client_amr",
        "token_type",
        "exp",
        "iat",
        "client_id",
        "jti",
        "consumer",
        "supplier",
        "delegation_source",
        "aud",
    ];
    prop_assert!(token.keys().all(|navn| kjente.contains(&navn.as_str())));
    prop_assert_eq!(token.get("aud").cloned(), ressurs.then(|| json!("https://api.example.no")));
    prop_assert_eq!((&token["client_id"], token["jti"].as_str().unwrap().len()), (&json!(iss), 43));
    // 10.
    prop_assert_eq!(&token["iss"], &json!(UTSTEDER));
    prop_assert_eq!(&maskinporten::api::metadata(prove.mp.oppsett())["issuer"], &token["iss"]);
    Ok(())
}

#[test]
fn random_grants_against_a_changing_server() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let oppsett = ProptestConfig { cases: 12, max_shrink_iters: 50, ..ProptestConfig::default() };
    let mut lop = proptest::test_runner::TestRunner::new(oppsett);
    let utfall = lop.run(&prop::collection::vec(hendelse(), 1..40), |hendelser| {
        runtime.block_on(async {
            let prove = Prove::ny().await;
            let mut fasit = Fasit::ny();
            for hendelse in hendelser {
                skjer(&prove, &mut fasit, hendelse).await?;
            }
            Ok(())
        })
    });
    utfall.unwrap();
}

#[tokio::test]
async fn one_token_for_one_grant_whatever_it_says() {
    let prove = Prove::ny().await;
    let mut sett: HashSet<Value> = HashSet::new();
    for nr in 0..30 {
        let token = prove.be(json!({ "jti": nr.to_string() })).await.token();
        assert!(sett.insert(token["jti"].clone()), "a token's id is its own");
    }
}
