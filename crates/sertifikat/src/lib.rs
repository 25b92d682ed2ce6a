//! Enterprise certificates (virksomhetssertifikater): whose they are, and whether they can be trusted.
//!
//! An enterprise certificate names an organisation by its number and is issued under rules that the Norwegian
//! trust list vouches for. Maskinporten takes a signature made with one as proof of who asks (fact sheet of
//! Maskinporten, sections 4.4 and 17.2); producers of Folkeregisteret show one when they connect. This crate
//! knows certificates and neither tokens nor HTTP:
//!
//! - [`Certificate`]: one certificate, read strictly, with the questions that matter here;
//! - [`TrustList`]: whom we trust, and [`TrustList::verify`], which is the whole decision;
//! - [`signer`]: who signed an XML document;
//! - [`TestCa`]: an authority of our own, for everything that is not production.
//!
//! Path building, signatures, validity, constraints and revocation are webpki's, the verifier that TLS uses.
//! Nothing is ever fetched: what a certificate says of addresses (AIA, distribution points) is not read.

mod certificate;
mod orgnr;
mod testca;
mod trust;
mod xmldsig;

pub use certificate::{Certificate, Malformed};
pub use orgnr::NoOrganisation;
pub use testca::{Issued, Order, Profile, TEST_POLICY, TestCa, TestCaFault};
pub use trust::{
    Reason, Refusal, Revocation, Sources, TrustList, UnusableTrust, Virksomhetssertifikat,
    certificates_from_pem,
};

pub use xmldsig::{SignatureRefusal, signer};

#[cfg(test)]
mod tests;
