//! Path parameters that cannot fail.

use std::convert::Infallible;
use std::fmt;

use axum::extract::{FromRequestParts, MatchedPath, OriginalUri};
use http::request::Parts;
use percent_encoding::percent_decode_str;

/// The parameters of the matched route, percent-decoded, as the caller wrote them.
///
/// axum's own `Path` answers in its own words when a parameter is not UTF-8. Here such bytes become `U+FFFD`, so
/// that they fail the register's validation and are answered in the register's words. `Debug` shows names only.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct PathParams(Vec<(String, String)>);

impl PathParams {
    fn read(template: &str, path: &str) -> Self {
        let pairs = template.split('/').zip(path.split('/')).filter_map(|(pattern, segment)| {
            let name = pattern.strip_prefix('{')?.strip_suffix('}')?;
            Some((name.to_owned(), percent_decode_str(segment).decode_utf8_lossy().into_owned()))
        });
        Self(pairs.collect())
    }

    /// The value of `{name}`; empty if the route has no such parameter.
    pub fn get(&self, name: &str) -> &str {
        self.0.iter().find(|(n, _)| n == name).map_or("", |(_, value)| value)
    }
}

impl fmt::Debug for PathParams {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.iter().map(|(name, _)| name)).finish()
    }
}

impl<S: Sync> FromRequestParts<S> for PathParams {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let Some(template) = parts.extensions.get::<MatchedPath>() else { return Ok(Self::default()) };
        // A nested router sees a shortened address, but the whole template.
        let uri = parts.extensions.get::<OriginalUri>().map_or(&parts.uri, |OriginalUri(uri)| uri);
        Ok(Self::read(template.as_str(), uri.path()))
    }
}

#[cfg(test)]
mod tests {
    use axum::Router;
    use axum::body::Body;
    use axum::routing::get;
    use http::Request;
    use tower::ServiceExt;

    use super::*;

    async fn ask(router: Router, path: &str) -> String {
        let request = Request::builder().uri(path).body(Body::empty()).unwrap();
        let response = router.oneshot(request).await.unwrap();
        assert_eq!(response.status(), 200);
        let bytes = axum::body::to_bytes(response.into_body(), usize::MAX).await.unwrap();
        String::from_utf8(bytes.to_vec()).unwrap()
    }

    #[tokio::test]
    async fn parameters_are_decoded_and_never_refused() {
        let show = |p: PathParams| async move { format!("{}|{}|{}", p.get("a"), p.get("b"), p.get("c")) };
        let router = || Router::new().route("/x/{a}/y/{b}", get(show)).route("/x/{a}/y/{b}/", get(show));
        for (path, expected) in [
            ("/x/S%C3%86R/y/2", "SÆR|2|"),
            ("/x/1/y/2/", "1|2|"),
            ("/x/%F8/y/a%2Fb", "\u{fffd}|a/b|"),
            ("/x/%zz/y/+", "%zz|+|"),
        ] {
            assert_eq!(ask(router(), path).await, expected, "{path}");
            assert_eq!(
                ask(Router::new().nest("/n", router()), &format!("/n{path}")).await,
                expected,
                "{path}"
            );
        }
    }

    #[test]
    fn debug_hides_values() {
        let shown = format!("{:?}", PathParams::read("/p/{id}", "/p/17912099997"));
        assert!(shown.contains("id") && !shown.contains("17912099997"), "{shown}");
    }
}
