//! Grants signed with enterprise certificates (sheet 4.1 and 4.4; attack rows A30 to A46). What makes a certificate
//! good is tested where it is judged; here it is how the judgement is answered.

use serde_json::json;
use sertifikat::{Issued, Order, Profile, TestCa};
use tid::{Clock, SeededRandom};
use vakt::jws::{CertificateChain, KeyHint, RsaSigner, Signer, sign};

use crate::prove::{KONSUMENT, LES, LEVERANDOR, Prove, drift, nokkel, orgnr};

fn utsted(ca: &TestCa, prove: &Prove, til: &str) -> (Vec<Vec<u8>>, RsaSigner) {
    let order = Order { orgnr: orgnr(til), navn: "Prøve AS".to_owned(), profile: Profile::Seid2, days: 30 };
    let Issued { chain, key } = ca.issue(&order, prove.klokke.now(), &SeededRandom::new(9)).unwrap();
    let chain = chain.iter().map(|der| der.as_ref().to_vec()).collect();
    (chain, RsaSigner::from_pkcs8_der(&key).unwrap())
}

#[tokio::test]
async fn a_client_without_keys_signs_with_its_certificate() {
    let prove = Prove::med_sertifikater().await;
    prove.klient_uten_nokkel("virksomhet", KONSUMENT, &[LES]).await;
    let ca = prove.ca.as_ref().unwrap();
    let (kjede, signerer) = utsted(ca, &prove, KONSUMENT);
    let bevis = |kjede: &[Vec<u8>], signerer: &RsaSigner| {
        sign(signerer, KeyHint::Certificates(kjede), &prove.krav("virksomhet", json!({}))).unwrap()
    };
    for kjede in [&kjede[..], &kjede[..1]] {
        let token = prove.send(&bevis(kjede, &signerer)).await.token();
        assert_eq!(token["client_amr"], "virksomhetssertifikat");
    }
    let avslag = async |bevis: String| {
        let (status, error, kode, tekst) = prove.send(&bevis).await.avslag();
        assert_eq!((status, error.as_str()), (400, "invalid_grant"), "{tekst}");
        (kode, tekst)
    };
    let (andres, andres_nokkel) = utsted(ca, &prove, LEVERANDOR);
    let annen_ca = TestCa::create(prove.klokke.now(), &SeededRandom::new(4)).unwrap();
    let (fremmed, fremmed_nokkel) = utsted(&annen_ca, &prove, KONSUMENT);
    let ugyldig =
        "Invalid assertion. Client authentication failed. The JWT is signed with an invalid certificate.";
    assert_eq!(avslag(bevis(&fremmed, &fremmed_nokkel)).await, ("MP-120".into(), ugyldig.into()), "A31");
    let foran = [fremmed[0].clone(), kjede[0].clone()];
    assert_eq!(avslag(bevis(&foran, &fremmed_nokkel)).await.0, "MP-120", "A32");
    assert_eq!(avslag(bevis(&kjede, &andres_nokkel)).await.0, "MP-124", "A33");
    let annen = "Invalid JWT. Invalid organization number for client. Does not match certificate orgno";
    assert_eq!(avslag(bevis(&andres, &andres_nokkel)).await, ("MP-122".into(), annen.into()), "A34");
    let x5c = ("MP-123".to_owned(), "Invalid JWT header x5c".to_owned());
    assert_eq!(avslag(bevis(&[vec![1, 2, 3]], &signerer)).await, x5c, "A41");
    assert_eq!(avslag(bevis(&vec![kjede[0].clone(); 6], &signerer)).await, x5c, "A41");
    let uten = sign(&signerer, KeyHint::Kid, &prove.krav("virksomhet", json!({}))).unwrap();
    assert_eq!(avslag(uten).await, x5c, "A21: a client without keys must show a certificate");
    prove.klokke.advance_millis(31 * 86_400_000);
    assert_eq!(avslag(bevis(&kjede, &signerer)).await.0, "MP-120", "A35");
}

#[tokio::test]
async fn no_trust_no_certificates() {
    let prove = Prove::ny().await;
    prove.klient_uten_nokkel("virksomhet", KONSUMENT, &[LES]).await;
    let ca = TestCa::create(prove.klokke.now(), &SeededRandom::new(4)).unwrap();
    let (kjede, signerer) = utsted(&ca, &prove, KONSUMENT);
    let bevis = sign(&signerer, KeyHint::Certificates(&kjede), &prove.krav("virksomhet", json!({}))).unwrap();
    assert_eq!(prove.send(&bevis).await.avslag().2, "MP-120", "A38");
}

#[tokio::test]
async fn a_key_locked_to_a_certificate() {
    let prove = Prove::med_sertifikater().await;
    prove.klient_uten_nokkel("laast", KONSUMENT, &[LES]).await;
    let (kjede, signerer) = utsted(prove.ca.as_ref().unwrap(), &prove, KONSUMENT);
    let (andres, _) = utsted(prove.ca.as_ref().unwrap(), &prove, LEVERANDOR);
    let sett = |signerer: &dyn Signer, kjede: &[Vec<u8>]| {
        let mut jwk = vakt::jwk::to_json("laast-1", signerer.algorithm(), signerer.public_key());
        jwk["x5c"] = CertificateChain::to_json(kjede);
        json!({ "keys": [jwk] }).as_object().unwrap().clone()
    };
    for daarlig in [sett(&*nokkel(), &kjede), sett(&signerer, &andres), sett(&signerer, &[vec![1]])] {
        assert!(prove.mp.sett_nokler(&drift(), "laast", &daarlig, true).await.is_err());
    }
    prove.mp.sett_nokler(&drift(), "laast", &sett(&signerer, &kjede), true).await.unwrap();
    let signerer = signerer.named("laast-1");
    let bevis = || sign(&signerer, KeyHint::Kid, &prove.krav("laast", json!({}))).unwrap();
    assert_eq!(prove.send(&bevis()).await.token()["client_amr"], "private_key_jwt");
    prove.klokke.advance_millis(31 * 86_400_000);
    assert_eq!(
        prove.send(&bevis()).await.avslag().2,
        "MP-120",
        "A43: the certificate must be good at token time"
    );
}
