//! 17.2: certificates.

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{RSA_PKCS1_SHA256, RsaKeyPair};
use rcgen::{
    BasicConstraints, CertificateParams, CertificateRevocationListParams, CustomExtension, DnType, DnValue,
    IsCa, Issuer, KeyIdMethod, KeyPair, KeyUsagePurpose, PKCS_RSA_SHA256, PublicKeyData, RevokedCertParams,
    RsaKeySize, SerialNumber, SignatureAlgorithm, date_time_ymd,
};
use rustls_pki_types::CertificateDer;
use serde_json::{Value, json};
use vakt::jws::{CertificateChain, KeyHint, RsaSigner, Signer, sign};
use vakt::{jwk, pem};

use super::tavle::{UTEN_KID, Ventet, ig};
use super::verden::{LEVERANDOR, SERT, Verden, raa, skriv};
use crate::nation::Data;
use crate::program::run;

type Der = CertificateDer<'static>;

const MP_120: Ventet = ig("MP-120");
const MP_122: Ventet = ig("MP-122");
const MP_123: Ventet = ig("MP-123");
const MP_124: Ventet = ig("MP-124");
/// The certificate with this number is revoked.
const TILBAKEKALT: u64 = 4711;
const LAAST: u64 = 4712;

/// A root, an authority under it, and the keys of an enterprise and of an attacker.
pub struct Autoritet {
    rot: KeyPair,
    mellom: KeyPair,
    eget: KeyPair,
    angriper: KeyPair,
}

fn params(navn: &str) -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name = rcgen::DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, navn);
    (params.not_before, params.not_after) = (date_time_ymd(2020, 1, 1), date_time_ymd(2040, 1, 1));
    params
}

fn utsteder(navn: &str, under: u8) -> CertificateParams {
    let mut params = params(navn);
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(under));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    params
}

fn blad() -> CertificateParams {
    let mut params = navnlost();
    attributt(&mut params, &[2, 5, 4, 97], &format!("NTRNO-{LEVERANDOR}"));
    params
}

fn navnlost() -> CertificateParams {
    let mut params = params(&format!("FIKTIV {LEVERANDOR} AS"));
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params
}

fn attributt(params: &mut CertificateParams, oid: &[u64], verdi: &str) {
    params.distinguished_name.push(DnType::from_oid(oid), DnValue::Utf8String(verdi.to_owned()));
}

fn kopi(nokkel: &KeyPair) -> KeyPair {
    KeyPair::from_pkcs8_der_and_sign_algo(&nokkel.serialized_der().into(), &PKCS_RSA_SHA256).expect("a key")
}

fn signer(nokkel: &KeyPair) -> RsaSigner {
    RsaSigner::from_pkcs8_der(nokkel.serialized_der()).expect("a key").named("n-1")
}

impl Autoritet {
    pub fn ny() -> Self {
        let ny = || KeyPair::generate_rsa_for(&PKCS_RSA_SHA256, RsaKeySize::_2048).expect("a key");
        Self { rot: ny(), mellom: ny(), eget: ny(), angriper: ny() }
    }

    fn rotutsteder(&self) -> Issuer<'static, KeyPair> {
        Issuer::new(utsteder("rot", 2), kopi(&self.rot))
    }

    fn mellomutsteder(&self) -> Issuer<'static, KeyPair> {
        Issuer::new(utsteder("mellom", 0), kopi(&self.mellom))
    }

    fn rot_der(&self) -> Der {
        utsteder("rot", 2).self_signed(&self.rot).expect("a certificate").der().clone()
    }

    fn mellom_der(&self) -> Der {
        utsteder("mellom", 0)
            .signed_by(&self.mellom, &self.rotutsteder())
            .expect("a certificate")
            .der()
            .clone()
    }

    fn utsted(&self, params: &CertificateParams) -> Der {
        params.signed_by(&self.eget, &self.mellomutsteder()).expect("a certificate").der().clone()
    }

    fn med_nummer(&self, nummer: u64) -> Der {
        let mut params = blad();
        params.serial_number = Some(SerialNumber::from(nummer));
        self.utsted(&params)
    }

    /// A key that is locked to a certificate, which is revoked later.
    pub fn laast_jwk(&self) -> Value {
        let signer = signer(&self.eget);
        let mut jwk = jwk::to_json("laast-1", signer.algorithm(), signer.public_key());
        jwk["x5c"] = CertificateChain::to_json(&[self.med_nummer(LAAST).to_vec()]);
        jwk
    }

    /// The list of what is revoked.
    fn liste(&self, neste_aar: i32) -> Vec<u8> {
        let post = |nummer| RevokedCertParams {
            serial_number: SerialNumber::from(nummer),
            revocation_time: date_time_ymd(2025, 1, 1),
            reason_code: None,
            invalidity_date: None,
        };
        let liste = CertificateRevocationListParams {
            this_update: date_time_ymd(2024, 1, 1),
            next_update: date_time_ymd(neste_aar, 1, 1),
            crl_number: SerialNumber::from(1),
            issuing_distribution_point: None,
            revoked_certs: vec![post(TILBAKEKALT), post(LAAST)],
            key_identifier_method: KeyIdMethod::Sha256,
        };
        liste.signed_by(&self.mellomutsteder()).expect("a list").der().to_vec()
    }

    /// The files that the server is configured with.
    pub fn skriv(&self, data: &Data) {
        skriv(&data.beside("rot.pem"), pem::encode("CERTIFICATE", &self.rot_der()).as_bytes());
        skriv(&data.beside("mellom.pem"), pem::encode("CERTIFICATE", &self.mellom_der()).as_bytes());
        skriv(&data.beside("tilbakekalte.der"), &self.liste(2039));
        skriv(&data.beside("gammel-liste.der"), &self.liste(2025));
    }

    /// The certificate with some bytes replaced by as many others, signed again.
    fn lappet(&self, der: &Der, fra: &[u8], til: &[u8]) -> Der {
        let mut bytes = der.to_vec();
        let sted = bytes.windows(fra.len()).position(|vindu| vindu == fra).expect("it is there");
        bytes[sted..sted + fra.len()].copy_from_slice(til);
        let kropp = 4..8 + usize::from(u16::from_be_bytes([bytes[6], bytes[7]]));
        let par = RsaKeyPair::from_pkcs8(self.mellom.serialized_der()).expect("a key");
        let mut signatur = vec![0; 256];
        par.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), &bytes[kropp], &mut signatur).expect("a signature");
        let slutt = bytes.len() - 256;
        bytes[slutt..].copy_from_slice(&signatur);
        bytes.into()
    }
}

/// The claims of the client that has a certificate instead of keys.
fn krav(v: &Verden) -> serde_json::Map<String, Value> {
    v.krav(&json!({ "iss": "sertifikat", "scope": SERT }))
}

/// Its grant, with a chain and a key.
fn send(v: &Verden, kjede: &[Der], nokkel: &KeyPair) -> crate::server::Answer {
    let der: Vec<Vec<u8>> = kjede.iter().map(|der| der.to_vec()).collect();
    v.send(&sign(&signer(nokkel), KeyHint::Certificates(&der), &krav(v)).expect("a signature"))
}

pub fn rader(v: &mut Verden) {
    let god = v.ca.utsted(&blad());
    v.godtas("the leaf alone", &send(v, std::slice::from_ref(&god), &v.ca.eget));
    v.godtas("with authority and root", &send(v, &[god, v.ca.mellom_der(), v.ca.rot_der()], &v.ca.eget));
    fremmede(v);
    gyldighet(v);
    bruk(v);
    orgnummer(v);
    form(v);
    nokler(v);
    svake(v);
    andre_oppsett(v);
}

fn fremmede(v: &mut Verden) {
    let selv = blad().self_signed(&v.ca.angriper).expect("a certificate").der().clone();
    v.tavle.avslag("A30", "self-signed", &send(v, std::slice::from_ref(&selv), &v.ca.angriper), MP_120);
    let rot = utsteder("angriper", 2);
    let rot_der = rot.self_signed(&v.ca.angriper).expect("a certificate").der().clone();
    let under = Issuer::new(rot, kopi(&v.ca.angriper));
    let falsk = blad().signed_by(&v.ca.angriper, &under).expect("a certificate").der().clone();
    v.tavle.avslag("A31", "own root", &send(v, &[falsk.clone(), rot_der], &v.ca.angriper), MP_120);
    let tvilling = Issuer::new(utsteder("mellom", 0), kopi(&v.ca.angriper));
    let tvilling = blad().signed_by(&v.ca.angriper, &tvilling).expect("a certificate").der().clone();
    v.tavle.avslag("A31", "our authority's name", &send(v, &[tvilling], &v.ca.angriper), MP_120);
    let ekte = v.ca.utsted(&blad());
    for forst in [selv, falsk] {
        v.tavle.avslag(
            "A32",
            "a genuine one second",
            &send(v, &[forst, ekte.clone()], &v.ca.angriper),
            MP_120,
        );
    }
    v.tavle.avslag("A33", "signed by another", &send(v, &[ekte], &v.ca.angriper), MP_124);
    let mut annen = navnlost();
    attributt(&mut annen, &[2, 5, 4, 97], "NTRNO-311015001");
    v.tavle.avslag("A34", "another organisation's", &send(v, &[v.ca.utsted(&annen)], &v.ca.eget), MP_122);
    // The path ends at an authority that nobody has, and the certificate says where to fetch it.
    let mut ukjent = blad();
    let url = format!("{}/ca", v.felle.adresse);
    let lengde = |tekst: usize| u8::try_from(tekst).expect("a short address");
    let aia = [
        &[
            0x30,
            lengde(url.len() + 14),
            0x30,
            lengde(url.len() + 12),
            6,
            8,
            0x2b,
            6,
            1,
            5,
            5,
            7,
            0x30,
            2,
            0x86,
        ][..],
        &[lengde(url.len())],
        url.as_bytes(),
    ];
    ukjent.custom_extensions =
        vec![CustomExtension::from_oid_content(&[1, 3, 6, 1, 5, 5, 7, 1, 1], aia.concat())];
    let borte = Issuer::new(utsteder("borte", 0), kopi(&v.ca.angriper));
    let ukjent = ukjent.signed_by(&v.ca.eget, &borte).expect("a certificate").der().clone();
    v.tavle.avslag("A45", "an address in the certificate", &send(v, &[ukjent], &v.ca.eget), MP_120);
    v.tavle.holder("A45", "nobody was called", v.felle.urort());
}

fn gyldighet(v: &mut Verden) {
    let mut utlopt = blad();
    utlopt.not_after = date_time_ymd(2021, 1, 1);
    let mut tidlig = blad();
    tidlig.not_before = date_time_ymd(2039, 1, 1);
    for (hva, params) in [("expired", utlopt), ("not yet", tidlig)] {
        v.tavle.avslag("A35", hva, &send(v, &[v.ca.utsted(&params)], &v.ca.eget), MP_120);
    }
    let mut gammel = utsteder("gammel mellom", 0);
    gammel.not_after = date_time_ymd(2021, 1, 1);
    let der = gammel.signed_by(&v.ca.angriper, &v.ca.rotutsteder()).expect("a certificate").der().clone();
    let under = Issuer::new(gammel, kopi(&v.ca.angriper));
    let eget = blad().signed_by(&v.ca.eget, &under).expect("a certificate").der().clone();
    v.tavle.avslag("A35", "an expired authority", &send(v, &[eget, der], &v.ca.eget), MP_120);
    let tilbakekalt = v.ca.med_nummer(TILBAKEKALT);
    v.tavle.avslag("A36", "revoked", &send(v, &[tilbakekalt], &v.ca.eget), MP_120);
}

fn bruk(v: &mut Verden) {
    let mut uten = blad();
    uten.key_usages = vec![KeyUsagePurpose::ContentCommitment];
    let mut konge = blad();
    konge.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    for (hva, params) in [("no digitalSignature", uten), ("CA:TRUE", konge)] {
        v.tavle.avslag("A39", hva, &send(v, &[v.ca.utsted(&params)], &v.ca.eget), MP_120);
    }
    let virksomhet = v.ca.utsted(&blad());
    let under = Issuer::new(blad(), kopi(&v.ca.eget));
    let kopiert = blad().signed_by(&v.ca.angriper, &under).expect("a certificate").der().clone();
    v.tavle.avslag(
        "A39",
        "issued by an enterprise",
        &send(v, &[kopiert, virksomhet], &v.ca.angriper),
        MP_120,
    );
    let dypere = utsteder("under", 0);
    let der = dypere.signed_by(&v.ca.angriper, &v.ca.mellomutsteder()).expect("a certificate").der().clone();
    let under = Issuer::new(dypere, kopi(&v.ca.angriper));
    let eget = blad().signed_by(&v.ca.eget, &under).expect("a certificate").der().clone();
    v.tavle.avslag("A39", "one authority too many", &send(v, &[eget, der], &v.ca.eget), MP_120);
}

fn orgnummer(v: &mut Verden) {
    const ORGID: &[u64] = &[2, 5, 4, 97];
    const NUMMER: &[u64] = &[2, 5, 4, 5];
    let mut params = navnlost();
    attributt(&mut params, NUMMER, LEVERANDOR);
    v.godtas("SEID 1", &send(v, &[v.ca.utsted(&params)], &v.ca.eget));
    v.tavle.avslag("A40", "only in the name", &send(v, &[v.ca.utsted(&navnlost())], &v.ca.eget), MP_122);
    for verdi in ["NTRNO-31202600", "NTRNO-3120260070", "NTRSE-312026007", "312026007", "ntrno-312026007"] {
        let mut params = navnlost();
        attributt(&mut params, ORGID, verdi);
        v.tavle.avslag("A40", verdi, &send(v, &[v.ca.utsted(&params)], &v.ca.eget), MP_122);
    }
    let mut params = navnlost();
    attributt(&mut params, &[2, 5, 4, 99], LEVERANDOR);
    attributt(&mut params, NUMMER, LEVERANDOR);
    let to = v.ca.lappet(&v.ca.utsted(&params), &[0x55, 4, 99], &[0x55, 4, 5]);
    v.tavle.avslag("A40", "two serial numbers", &send(v, &[to], &v.ca.eget), MP_122);
}

fn form(v: &mut Verden) {
    let god = CertificateChain::to_json(&[v.ca.utsted(&blad()).to_vec()]);
    let tekst = god[0].as_str().expect("a text").to_owned();
    let slutt = |bytes: &[u8]| CertificateChain::to_json(&[bytes.to_vec()]);
    let der = v.ca.utsted(&blad());
    for x5c in [
        json!(tekst),
        json!({ "0": tekst }),
        json!([]),
        json!([1]),
        json!(null),
        json!([format!("{tekst}\n")]),
        json!([format!("-----BEGIN CERTIFICATE-----\n{tekst}\n-----END CERTIFICATE-----")]),
        json!([tekst.replace('+', "-").replace('/', "_") + "-"]),
        json!(vec![tekst.clone(); 50]),
        slutt(b"ikke DER"),
        slutt(&[&der[..], b"\0"].concat()),
        slutt(&der[..der.len() - 1]),
        slutt(&vec![0x30; 9_000]),
    ] {
        let header = json!({ "alg": "RS256", "x5c": x5c }).to_string();
        let payload = serde_json::to_vec(&krav(v)).expect("JSON");
        let bevis = raa(&header, &payload, |inn| signer(&v.ca.eget).sign(inn).expect("a signature"));
        let svar = v.send(&bevis);
        // Fifty certificates do not fit into an assertion at all.
        let ventet = if svar.status == 413 { Ventet(413, "invalid_request", "") } else { MP_123 };
        v.tavle.avslag("A41", &format!("{x5c:.40}"), &svar, ventet);
    }
}

fn nokler(v: &mut Verden) {
    let kjede = [v.ca.utsted(&blad()).to_vec()];
    let krav = v.krav(&json!({ "iss": "leverandor", "scope": SERT }));
    let bevis = sign(&signer(&v.ca.eget), KeyHint::Certificates(&kjede), &krav).expect("a signature");
    v.tavle.avslag("A42", "keys, and only x5c", &v.send(&bevis), UTEN_KID);
    let payload = serde_json::to_vec(&v.krav(&json!({ "iss": "laast", "scope": SERT }))).expect("JSON");
    let header = json!({ "alg": "RS256", "kid": "laast-1", "x5c": CertificateChain::to_json(&kjede) });
    let bevis = raa(&header.to_string(), &payload, |inn| signer(&v.ca.eget).sign(inn).expect("a signature"));
    v.tavle.avslag("A43", "its own is revoked, the key is in another", &v.send(&bevis), MP_120);
    let header = json!({ "alg": "RS256", "kid": "laast-1" });
    let bevis =
        raa(&header.to_string(), &payload, |inn| signer(&v.ca.angriper).sign(inn).expect("a signature"));
    v.tavle.avslag("A43", "its own is revoked", &v.send(&bevis), MP_120);
}

/// A public key of 1024 bits, which nobody has.
struct Kort(Vec<u8>);

impl PublicKeyData for Kort {
    fn der_bytes(&self) -> &[u8] {
        &self.0
    }

    fn algorithm(&self) -> &'static SignatureAlgorithm {
        &PKCS_RSA_SHA256
    }
}

fn svake(v: &mut Verden) {
    let god = v.ca.utsted(&blad());
    let sha256 = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 11];
    for (hva, siste) in [("MD5", 4), ("SHA-1", 5)] {
        let mut svak = sha256;
        svak[8] = siste;
        let lappet = v.ca.lappet(&v.ca.lappet(&god, &sha256, &svak), &sha256, &svak);
        v.tavle.avslag("A44", hva, &send(v, &[lappet], &v.ca.eget), MP_120);
    }
    let mut modulus = vec![0xff; 129];
    (modulus[0], modulus[128]) = (0, 0xfd);
    let tall = [&[2, 0x81, 129][..], &modulus, &[2, 3, 1, 0, 1]].concat();
    let kort = Kort([&[0x30, 0x81, u8::try_from(tall.len()).expect("short")][..], &tall].concat());
    let der = blad().signed_by(&kort, &v.ca.mellomutsteder()).expect("a certificate").der().clone();
    v.tavle.avslag("A44", "1024 bits", &send(v, &[der], &v.ca.eget), MP_120);
}

/// Rows that need the server to be set up otherwise.
fn andre_oppsett(v: &mut Verden) {
    let god = [v.ca.utsted(&blad())];
    let gammel = format!("maskinporten.tillit_tilbakekalte={}", v.fil("gammel-liste.der"));
    v.start(&["maskinporten.tillit_tilbakekalling=hardt"]);
    v.godtas("A37: a list in date", &send(v, &god, &v.ca.eget));
    v.start(&["maskinporten.tillit_tilbakekalling=hardt", &gammel]);
    v.tavle.avslag("A37", "the list is out of date", &send(v, &god, &v.ca.eget), MP_120);
    v.start(&["maskinporten.tillit_tilbakekalling=hardt", "maskinporten.tillit_tilbakekalte="]);
    v.tavle.avslag("A37", "there is no list", &send(v, &god, &v.ca.eget), MP_120);
    v.start(&[]);
    let ut = v.fil("proeve");
    let utsted = ["virksomhetssertifikat", "--orgnr", LEVERANDOR, "--navn", "FIKTIV AS", "--ut", &ut];
    run(&v.data.path(), &utsted).ok();
    let les = |navn: &str| std::fs::read(format!("{ut}/{LEVERANDOR}{navn}")).expect("a file");
    let proeve = sertifikat::certificates_from_pem(&les(".pem")).expect("certificates");
    let nokkel = RsaSigner::from_pkcs8_pem(&les(".key.pem")).expect("a key");
    let nokkel = KeyPair::from_pkcs8_der_and_sign_algo(
        &nokkel.to_pkcs8_der().expect("a key").as_slice().into(),
        &PKCS_RSA_SHA256,
    );
    let nokkel = nokkel.expect("a key");
    v.tavle.avslag("A38", "the test authority in production", &send(v, &proeve, &nokkel), MP_120);
    v.start(&[
        "maskinporten.tillit_rot_fil=",
        "maskinporten.tillit_mellom_fil=",
        "maskinporten.tillit_tilbakekalte=",
    ]);
    v.godtas("A38: the test authority in test", &send(v, &proeve, &nokkel));
    v.tavle.avslag("A38", "production in test", &send(v, &god, &v.ca.eget), MP_120);
}
