//! What a route asks of a token (sheet section 14.1).

use std::sync::Arc;

use identifikator::Personidentifikator;

use crate::denied::Denied;
use crate::konsument::Konsument;
use crate::scope::Scope;

/// The audience that a route asks for: an explicit choice, never "don't care" by accident.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Audience {
    /// The token must be restricted to this, or to a list with this in it. Then it is of no use elsewhere.
    Required(Arc<str>),
    /// The token must not be restricted: `aud` absent, or `unspecified`. One that is restricted is meant for
    /// somebody else.
    Unrestricted,
}

/// What a token must be to open a route.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Access {
    /// Any of these scopes opens it. Which one it was may decide what is seen; that is the handler's to ask.
    pub any_of: Vec<Scope>,
    /// For whom the token must be.
    pub audience: Audience,
    /// Whether the token must be restricted to a person. The handler must then also ask
    /// [`Konsument::is_about`].
    pub person: bool,
    /// Whether tokens for system users and consents are taken. What they may is said by the details, so a route
    /// that only looks at the consumer must not take them.
    pub details: bool,
    /// Whether a connection made with a verified certificate opens the route without a token. The handler must then ask
    /// for the [`CertificateHolder`](crate::CertificateHolder).
    pub certificates: bool,
}

impl Access {
    /// A route for unrestricted tokens with any of some scopes, as the registers' are (sheet section 14.2).
    pub fn any_of(scopes: impl IntoIterator<Item = Scope>) -> Self {
        let any_of = scopes.into_iter().collect();
        Self { any_of, audience: Audience::Unrestricted, person: false, details: false, certificates: false }
    }

    /// The same, open also to connections made with a certificate.
    #[must_use]
    pub fn or_certificate(self) -> Self {
        Self { certificates: true, ..self }
    }

    /// Whether a verified caller may come in.
    pub fn check(&self, konsument: &Konsument) -> Result<(), Denied> {
        match &self.audience {
            Audience::Required(_) if konsument.audience.is_empty() => {
                return Err(Denied::Invalid("the token is not restricted to this audience"));
            }
            Audience::Required(own) if !konsument.audience.contains(own) => {
                return Err(Denied::Invalid("the token is for another audience"));
            }
            Audience::Unrestricted if !konsument.audience.is_empty() => {
                return Err(Denied::Invalid("the token is restricted to an audience"));
            }
            _ => {}
        }
        if !self.any_of.iter().any(|scope| konsument.has(scope)) {
            let names: Vec<&str> = self.any_of.iter().map(Scope::as_str).collect();
            return Err(Denied::Scope { any_of: names.join(" ") });
        }
        if self.person && konsument.pid.is_none() {
            return Err(Denied::Forbidden("the token is not restricted to a person"));
        }
        if !self.details && !konsument.authorization_details.is_empty() {
            return Err(Denied::Forbidden("the token is for a system user or a consent"));
        }
        Ok(())
    }
}

impl Konsument {
    /// Whether a token restricted to a person is about this one; one that is not restricted is about anybody.
    pub fn is_about(&self, person: Personidentifikator) -> Result<(), Denied> {
        if self.pid.is_none_or(|pid| pid == person) {
            Ok(())
        } else {
            Err(Denied::Forbidden("the token is restricted to another person"))
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::scope::Scopes;

    fn scope(text: &str) -> Scope {
        text.parse().unwrap()
    }

    fn konsument(scopes: &str) -> Konsument {
        Konsument {
            consumer: "311015001".parse().unwrap(),
            supplier: None,
            delegation_source: None,
            scopes: Scopes::known(scopes),
            issuer: "i".into(),
            client_id: "c".into(),
            audience: Vec::new(),
            pid: None,
            authorization_details: Vec::new(),
            expires: 0,
        }
    }

    #[test]
    fn a164_scopes_are_compared_whole() {
        let access = |name| Access::any_of([scope(name)]);
        let refused = |asked: &str| Err(Denied::Scope { any_of: asked.to_owned() });
        assert_eq!(access("demo:a.read").check(&konsument("x:y demo:a.read")), Ok(()));
        assert_eq!(access("demo:a.read").check(&konsument("demo:a")), refused("demo:a.read"));
        assert_eq!(access("demo:a").check(&konsument("demo:a.read")), refused("demo:a"));
        assert_eq!(access("demo:a").check(&konsument("demo:A")), refused("demo:a"));
        let either = Access::any_of([scope("a:b"), scope("a:c")]);
        assert_eq!(either.check(&konsument("a:c")), Ok(()));
        assert_eq!(either.check(&konsument("a:d")), refused("a:b a:c"));
        assert!(Access::any_of([]).check(&konsument("a:b")).is_err(), "nothing opens nothing");
    }

    #[test]
    fn a166_audience() {
        let mine =
            Access { audience: Audience::Required("urn:min".into()), ..Access::any_of([scope("a:b")]) };
        let open = Access::any_of([scope("a:b")]);
        let token = |audience: &[&str]| Konsument {
            audience: audience.iter().map(|a| (*a).into()).collect(),
            ..konsument("a:b")
        };
        assert!(mine.check(&token(&["urn:min"])).is_ok() && mine.check(&token(&["x", "urn:min"])).is_ok());
        for audience in [&[][..], &["urn:annen"], &["urn:min/"], &["urn"]] {
            assert!(matches!(mine.check(&token(audience)), Err(Denied::Invalid(_))), "{audience:?}");
        }
        assert!(open.check(&token(&[])).is_ok());
        assert!(matches!(open.check(&token(&["urn:min"])), Err(Denied::Invalid(_))));
    }

    #[test]
    fn a169_a170_persons_and_system_users() {
        let person = Access { person: true, ..Access::any_of([scope("a:b")]) };
        assert!(matches!(person.check(&konsument("a:b")), Err(Denied::Forbidden(_))));
        let pid = |text: &str| Personidentifikator::parse(text).unwrap();
        let restricted = Konsument { pid: Some(pid("17912099997")), ..konsument("a:b") };
        assert!(person.check(&restricted).is_ok());
        assert!(restricted.is_about(pid("17912099997")).is_ok());
        assert!(matches!(restricted.is_about(pid("41814061033")), Err(Denied::Forbidden(_))));
        let system = Konsument { authorization_details: vec![json!({"type": "x"})], ..konsument("a:b") };
        let plain = Access::any_of([scope("a:b")]);
        assert!(matches!(plain.check(&system), Err(Denied::Forbidden(_))));
        assert!(Access { details: true, ..plain }.check(&system).is_ok());
        assert!(!format!("{restricted:?}").contains("17912099997"));
    }
}
