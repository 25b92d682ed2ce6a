//! Signatures within XML documents (XML-DSig), in one narrow form: enveloped, one reference, to the whole document, RSA with
//! SHA-2, made with a trusted enterprise certificate that comes along.
//!
//! With the whole document as the only thing that can be signed, nothing can be moved to where it is read and not verified.
//! Canonical form is bergshamra's, digests and signatures are aws-lc's; nothing is fetched and no key is taken from elsewhere.

use aws_lc_rs::digest::{self, digest};
use aws_lc_rs::rsa::PublicKeyComponents;
use aws_lc_rs::signature::{
    RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_2048_8192_SHA384, RSA_PKCS1_2048_8192_SHA512, RsaParameters,
};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bergshamra_c14n::{C14nMode, canonicalize_doc};
use bergshamra_xml::{Document, NodeId, NodeSet, uppsala};
use tid::Timestamp;

use crate::trust::{Refusal, TrustList, Virksomhetssertifikat};

const NAMESPACE: &str = "http://www.w3.org/2000/09/xmldsig#";
const ENVELOPED: &str = "http://www.w3.org/2000/09/xmldsig#enveloped-signature";
/// Most processing instructions; messages have none.
const INSTRUCTIONS_MAX: usize = 64;
/// No list of prefixes for exclusive canonical form: one in the document is not of the form that is taken.
const NO_PREFIXES: [&str; 0] = [];

/// Why a signature is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SignatureRefusal {
    /// It is not of the form that is taken.
    #[error("the signature is not of the form that is taken: {0}")]
    Form(&'static str),
    /// The document is not the one that was signed.
    #[error("the document is not the one that was signed")]
    Digest,
    /// The signature was not made with the certificate's key.
    #[error("the signature was not made with the certificate's key")]
    Value,
    /// The certificate is refused.
    #[error("{0}")]
    Certificate(#[from] Refusal),
}

type Verdict<T> = Result<T, SignatureRefusal>;

/// Who signed a document; `None` if it has no signature. Who takes documents from strangers has bounded their size and depth
/// before, and refused document types.
pub fn signer(xml: &str, trust: &TrustList, now: Timestamp) -> Verdict<Option<Virksomhetssertifikat>> {
    // Canonical form takes time that grows with their square.
    if xml.matches("<?").count() > INSTRUCTIONS_MAX {
        return Err(SignatureRefusal::Form("there are too many processing instructions"));
    }
    let document = uppsala::parse(xml).map_err(|_| SignatureRefusal::Form("the document is not XML"))?;
    let found = document.get_elements_by_tag_name_ns(NAMESPACE, "Signature");
    let signature = match found.as_slice() {
        [] => return Ok(None),
        [one] => *one,
        _ => return Err(SignatureRefusal::Form("there is more than one")),
    };
    let owner = trust.verify_seal(&certificates(&document, signature)?, now)?;
    let info = one(&document, signature, "SignedInfo")?;
    reference(&document, signature, info)?;
    value(&document, signature, info, &owner)?;
    Ok(Some(owner))
}

/// The only child with a name.
fn one(document: &Document<'_>, parent: NodeId, name: &'static str) -> Verdict<NodeId> {
    match document.child_elements_by_name_ns(parent, NAMESPACE, name).as_slice() {
        [one] => Ok(*one),
        _ => Err(SignatureRefusal::Form(name)),
    }
}

fn algorithm<'d>(document: &'d Document<'_>, element: NodeId) -> Verdict<&'d str> {
    document.get_attribute(element, "Algorithm").ok_or(SignatureRefusal::Form("Algorithm"))
}

fn binary(document: &Document<'_>, element: NodeId) -> Verdict<Vec<u8>> {
    let text: String = document.text_content_deep(element).split_ascii_whitespace().collect();
    STANDARD.decode(text).map_err(|_| SignatureRefusal::Form("base64"))
}

/// The certificates that come along, the signer's first.
fn certificates(document: &Document<'_>, signature: NodeId) -> Verdict<Vec<Vec<u8>>> {
    let data = one(document, one(document, signature, "KeyInfo")?, "X509Data")?;
    let found = document.child_elements_by_name_ns(data, NAMESPACE, "X509Certificate");
    found.into_iter().map(|certificate| binary(document, certificate)).collect()
}

/// A canonical form without comments that an element names.
fn canonical(document: &Document<'_>, element: NodeId) -> Verdict<C14nMode> {
    let mode = C14nMode::from_uri(algorithm(document, element)?);
    let plain = mode.filter(|mode| !mode.with_comments() && document.children(element).is_empty());
    plain.ok_or(SignatureRefusal::Form("the canonical form"))
}

/// The digest of the document, without the signature, must be the one that is signed.
fn reference(document: &Document<'_>, signature: NodeId, info: NodeId) -> Verdict<()> {
    let reference = one(document, info, "Reference")?;
    if document.get_attribute(reference, "URI") != Some("") {
        return Err(SignatureRefusal::Form("it is not of the whole document"));
    }
    let transforms = one(document, reference, "Transforms")?;
    let transforms = document.child_elements_by_name_ns(transforms, NAMESPACE, "Transform");
    let (enveloped, mode) = match transforms.as_slice() {
        [enveloped] => (*enveloped, C14nMode::Inclusive),
        [enveloped, canonical_form] => (*enveloped, canonical(document, *canonical_form)?),
        _ => return Err(SignatureRefusal::Form("Transforms")),
    };
    if algorithm(document, enveloped)? != ENVELOPED {
        return Err(SignatureRefusal::Form("it is not enveloped"));
    }
    let method = match algorithm(document, one(document, reference, "DigestMethod")?)? {
        "http://www.w3.org/2001/04/xmlenc#sha256" => &digest::SHA256,
        "http://www.w3.org/2001/04/xmldsig-more#sha384" => &digest::SHA384,
        "http://www.w3.org/2001/04/xmlenc#sha512" => &digest::SHA512,
        _ => return Err(SignatureRefusal::Form("DigestMethod")),
    };
    let signed =
        NodeSet::all_without_comments(document).subtract(&NodeSet::tree_with_comments(signature, document));
    let content = canonicalize_doc(document, mode, Some(&signed), &NO_PREFIXES);
    let content = content.map_err(|_| SignatureRefusal::Form("the canonical form"))?;
    let stated = binary(document, one(document, reference, "DigestValue")?)?;
    if digest(method, &content).as_ref() == stated { Ok(()) } else { Err(SignatureRefusal::Digest) }
}

/// What is said of the reference must be signed with the certificate's key.
fn value(
    document: &Document<'_>,
    signature: NodeId,
    info: NodeId,
    owner: &Virksomhetssertifikat,
) -> Verdict<()> {
    let mode = canonical(document, one(document, info, "CanonicalizationMethod")?)?;
    let method: &RsaParameters = match algorithm(document, one(document, info, "SignatureMethod")?)? {
        "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256" => &RSA_PKCS1_2048_8192_SHA256,
        "http://www.w3.org/2001/04/xmldsig-more#rsa-sha384" => &RSA_PKCS1_2048_8192_SHA384,
        "http://www.w3.org/2001/04/xmldsig-more#rsa-sha512" => &RSA_PKCS1_2048_8192_SHA512,
        _ => return Err(SignatureRefusal::Form("SignatureMethod")),
    };
    let set = NodeSet::tree_without_comments(info, document);
    let content = canonicalize_doc(document, mode, Some(&set), &NO_PREFIXES);
    let content = content.map_err(|_| SignatureRefusal::Form("the canonical form"))?;
    let stated = binary(document, one(document, signature, "SignatureValue")?)?;
    let key = PublicKeyComponents { n: &owner.modulus, e: &owner.exponent };
    key.verify(method, &content, &stated).map_err(|_| SignatureRefusal::Value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Reason, Sources, TEST_POLICY, certificates_from_pem};

    /// Signed by another implementation (signxml) with a certificate of a test authority: with exclusive canonical form and
    /// SHA-256 at the end of the root, and with inclusive and SHA-512 further in.
    const AT_THE_END: &str = include_str!("../data/signert_hele.xml");
    const FURTHER_IN: &str = include_str!("../data/signert_inni.xml");

    fn trust() -> TrustList {
        let mut anchors = certificates_from_pem(include_bytes!("../data/signert_tillit.pem")).unwrap();
        let intermediates = anchors.split_off(1);
        let policies = vec![TEST_POLICY.to_owned()];
        TrustList::read(&Sources { anchors, intermediates, policies, ..Sources::default() }).unwrap()
    }

    fn at(text: &str) -> Timestamp {
        Timestamp::parse(text).unwrap()
    }

    fn verdict(xml: &str) -> Verdict<Option<String>> {
        let found = signer(xml, &trust(), at("2027-01-01T00:00:00.000Z"))?;
        Ok(found.map(|owner| owner.orgnr.to_string()))
    }

    #[test]
    fn what_another_implementation_signed_is_verified() {
        for signed in [AT_THE_END, FURTHER_IN] {
            assert_eq!(verdict(signed), Ok(Some("311015001".to_owned())));
        }
        assert_eq!(verdict("<a>b</a>"), Ok(None));
        // Neither how attributes are written nor comments are part of what is signed.
        let other = AT_THE_END.replacen("<forespoersel>", "<forespoersel ><!-- x -->", 1);
        assert_eq!(verdict(&other), Ok(Some("311015001".to_owned())));
    }

    #[test]
    fn any_change_is_seen() {
        for signed in [AT_THE_END, FURTHER_IN] {
            let changed = signed.replacen("FAGSYSTEM", "FAGSYSTEN", 1);
            assert_eq!(verdict(&changed), Err(SignatureRefusal::Digest));
            // Another digest, which nobody has signed.
            let from = signed.find("<ds:DigestValue>").unwrap() + "<ds:DigestValue>".len();
            let first = if &signed[from..=from] == "A" { "B" } else { "A" };
            let mut changed = signed.to_owned();
            changed.replace_range(from..=from, first);
            assert_eq!(verdict(&changed), Err(SignatureRefusal::Digest));
            let from = signed.find("<ds:SignatureValue>").unwrap() + "<ds:SignatureValue>".len();
            let first = if &signed[from..=from] == "A" { "B" } else { "A" };
            let mut changed = signed.to_owned();
            changed.replace_range(from..=from, first);
            assert_eq!(verdict(&changed), Err(SignatureRefusal::Value));
        }
    }

    #[test]
    fn other_forms_are_refused() {
        for (from, to) in [
            ("URI=\"\"", "URI=\"#x\""),
            ("xmldsig#enveloped-signature", "xmldsig#base64"),
            ("xmlenc#sha256", "xmldsig#sha1"),
            ("xmldsig-more#rsa-sha256", "xmldsig#rsa-sha1"),
            ("xmldsig-more#rsa-sha256", "xmldsig-more#hmac-sha256"),
            ("<ds:X509Certificate>", "<ds:X509Certificate>!"),
        ] {
            let changed = AT_THE_END.replacen(from, to, 1);
            assert_ne!(changed, AT_THE_END, "{from}");
            let verdict = verdict(&changed);
            assert!(matches!(verdict, Err(SignatureRefusal::Form(_))), "{from}: {verdict:?}");
        }
        let heavy = format!("{}{AT_THE_END}", "<?a?>".repeat(INSTRUCTIONS_MAX + 1));
        assert!(matches!(verdict(&heavy), Err(SignatureRefusal::Form(_))));
        // Two of them, so that one is verified and another read.
        let from = AT_THE_END.find("<ds:Signature ").unwrap();
        let to = AT_THE_END.find("</ds:Signature>").unwrap() + "</ds:Signature>".len();
        let twice = format!("{}{}", &AT_THE_END[..to], &AT_THE_END[from..]);
        assert_eq!(verdict(&twice), Err(SignatureRefusal::Form("there is more than one")));
    }

    #[test]
    fn the_certificate_must_be_trusted_and_in_date() {
        let late = signer(AT_THE_END, &trust(), at("2040-01-01T00:00:00.000Z"));
        assert_eq!(late, Err(SignatureRefusal::Certificate(Refusal::Untrusted(Reason::Expired))));
    }
}
