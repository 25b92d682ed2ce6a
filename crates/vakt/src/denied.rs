//! Why a request does not get in, and how it is told.

use axum::response::{IntoResponse, Response};
use http::{HeaderValue, header};
use web::fault::Fault;

/// A refusal. The body is the register's own (see [`web::fault`]); status and challenge are the same everywhere:
/// 401 for a token that is missing or does not hold, 403 for one that holds and gives no access (sheet section
/// 14.1), with `WWW-Authenticate` as RFC 6750 has it. Texts are ours; nothing of the token is repeated.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Denied {
    /// No `Authorization: Bearer …`.
    #[error("no bearer token was sent")]
    NoToken,
    /// A token that does not hold.
    #[error("the token is not valid: {0}")]
    Invalid(&'static str),
    /// A token that holds and gives no access, for another reason than its scopes.
    #[error("the token gives no access here: {0}")]
    Forbidden(&'static str),
    /// A token without any of the scopes that open this.
    #[error("the token lacks the scope")]
    Scope {
        /// The scopes, any of which would do, with spaces between them.
        any_of: String,
    },
    /// More calls than the limits allow.
    #[error("too many calls; there is room in {wait_ms} ms")]
    TooMany {
        /// Milliseconds until there is room.
        wait_ms: u32,
    },
    /// The issuer's keys, or its answer, cannot be had.
    #[error("the issuer of the token cannot be reached")]
    Unavailable,
}

impl Denied {
    fn fault(&self) -> Fault {
        match self {
            Self::NoToken | Self::Invalid(_) => Fault::Unauthenticated,
            Self::Forbidden(_) | Self::Scope { .. } => Fault::Forbidden,
            Self::TooMany { wait_ms } => Fault::TooManyRequests { wait_ms: *wait_ms },
            Self::Unavailable => Fault::Unavailable,
        }
    }

    /// RFC 6750, section 3: no error code when there was no token at all.
    fn challenge(&self) -> Option<String> {
        Some(match self {
            Self::NoToken => "Bearer".to_owned(),
            Self::Invalid(why) => format!("Bearer error=\"invalid_token\", error_description=\"{why}\""),
            Self::Forbidden(why) => {
                format!("Bearer error=\"insufficient_scope\", error_description=\"{why}\"")
            }
            Self::Scope { any_of } => format!("Bearer error=\"insufficient_scope\", scope=\"{any_of}\""),
            Self::TooMany { .. } | Self::Unavailable => return None,
        })
    }
}

impl IntoResponse for Denied {
    fn into_response(self) -> Response {
        tracing::debug!(why = %self, "a request was refused");
        let mut response = self.fault().into_response();
        if let Some(value) = self.challenge().and_then(|text| HeaderValue::try_from(text).ok()) {
            response.headers_mut().insert(header::WWW_AUTHENTICATE, value);
        }
        response
    }
}
