//! The route table: a route cannot be served undocumented.
//!
//! A handler goes in together with its [`Operation`]; out come a router and the documentation of exactly the
//! routes it serves.

use std::collections::BTreeMap;

use axum::Router;
use axum::handler::Handler;
use axum::response::IntoResponse;
use axum::routing::{MethodFilter, MethodRouter, on, options};
use http::{HeaderValue, StatusCode, header};
use serde_json::Value;

/// The methods a table can hold. HEAD comes with GET; OPTIONS is answered for every route.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "the methods need no explanation")]
pub enum Verb {
    Get,
    Post,
    Put,
    Patch,
    Delete,
}

impl Verb {
    /// The key of a path item in OpenAPI.
    pub(crate) fn key(self) -> &'static str {
        match self {
            Self::Get => "get",
            Self::Post => "post",
            Self::Put => "put",
            Self::Patch => "patch",
            Self::Delete => "delete",
        }
    }

    fn filter(self) -> MethodFilter {
        match self {
            Self::Get => MethodFilter::GET,
            Self::Post => MethodFilter::POST,
            Self::Put => MethodFilter::PUT,
            Self::Patch => MethodFilter::PATCH,
            Self::Delete => MethodFilter::DELETE,
        }
    }

    fn allow(self) -> &'static str {
        match self {
            Self::Get => "GET,HEAD",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
        }
    }
}

/// What one route does, for its callers.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Operation {
    /// Unique in the document; generated clients name their methods after it.
    pub id: String,
    /// One line, in Norwegian.
    pub summary: String,
    /// The rest, CommonMark; may be empty.
    pub description: String,
    /// Every parameter the handler reads, those of the path included.
    pub parameters: Vec<Parameter>,
    /// Media types and schemas of the request body; empty if it takes none.
    pub request_body: Vec<(String, Value)>,
    /// Every status it can answer with.
    pub responses: Vec<Answer>,
}

/// Where a parameter stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Location {
    /// In the path template, `{name}`.
    Path,
    /// In the query.
    Query,
    /// A request header.
    Header,
}

/// One parameter.
#[derive(Debug, Clone, PartialEq)]
pub struct Parameter {
    /// Its name, as it is sent.
    pub name: String,
    /// Where it stands.
    pub location: Location,
    /// Whether it must be given; path parameters always must.
    pub required: bool,
    /// Its JSON schema.
    pub schema: Value,
    /// What it means, in Norwegian.
    pub description: String,
    /// Whether a list is comma-separated (`style: form`, `explode: false`).
    pub comma_separated: bool,
}

impl Parameter {
    /// A path parameter.
    pub fn path(name: &str, schema: Value, description: &str) -> Self {
        Self { location: Location::Path, required: true, ..Self::query(name, schema, description) }
    }

    /// An optional query parameter. One whose schema is an array is a comma-separated list.
    pub fn query(name: &str, schema: Value, description: &str) -> Self {
        Self {
            name: name.to_owned(),
            location: Location::Query,
            required: false,
            comma_separated: schema["type"] == "array",
            schema,
            description: description.to_owned(),
        }
    }

    /// An optional header.
    pub fn header(name: &str, schema: Value, description: &str) -> Self {
        Self { location: Location::Header, ..Self::query(name, schema, description) }
    }
}

/// One possible answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// When it comes and what it means, in Norwegian.
    pub description: String,
    /// Media types and schemas of the body; empty if there is none.
    pub content: Vec<(String, Value)>,
    /// Header names, their schemas and meanings.
    pub headers: Vec<(String, Value, String)>,
}

impl Answer {
    /// An answer without body.
    pub fn empty(status: u16, description: &str) -> Self {
        Self { status, description: description.to_owned(), content: Vec::new(), headers: Vec::new() }
    }

    /// With a body in one more media type.
    #[must_use]
    pub fn content(mut self, media_type: &str, schema: Value) -> Self {
        self.content.push((media_type.to_owned(), schema));
        self
    }

    /// With one more header.
    #[must_use]
    pub fn header(mut self, name: &str, schema: Value, description: &str) -> Self {
        self.headers.push((name.to_owned(), schema, description.to_owned()));
        self
    }
}

/// A documented route.
#[derive(Debug, Clone, PartialEq)]
pub struct PathDoc {
    /// The full path template.
    pub path: String,
    /// The method.
    pub verb: Verb,
    /// The group it is shown in.
    pub tag: String,
    /// What it does.
    pub operation: Operation,
}

/// The routes of one surface, growing.
#[derive(Debug)]
pub struct Table<S = ()> {
    prefix: String,
    tag: String,
    routes: BTreeMap<String, (MethodRouter<S>, Vec<Verb>)>,
    docs: Vec<PathDoc>,
}

impl<S: Clone + Send + Sync + 'static> Table<S> {
    /// An empty table. `prefix` comes before every path; `tag` groups the routes in the documentation.
    pub fn new(prefix: &str, tag: &str) -> Self {
        let prefix = prefix.trim_end_matches('/').to_owned();
        Self { prefix, tag: tag.to_owned(), routes: BTreeMap::new(), docs: Vec::new() }
    }

    /// The routes added from here on belong to another group.
    #[must_use]
    pub fn tag(mut self, tag: &str) -> Self {
        tag.clone_into(&mut self.tag);
        self
    }

    /// A GET route, which answers HEAD too.
    #[must_use]
    pub fn get<H, T>(self, path: &str, handler: H, operation: Operation) -> Self
    where
        H: Handler<T, S>,
        T: 'static,
    {
        self.route(Verb::Get, path, handler, operation)
    }

    /// A route. `path` is relative to the prefix, with parameters as `{name}`; it is served with and without a
    /// slash at the end (sheet section 3).
    ///
    /// # Panics
    /// At start-up, from the router, when method and path are already taken.
    #[must_use]
    pub fn route<H, T>(mut self, verb: Verb, path: &str, handler: H, operation: Operation) -> Self
    where
        H: Handler<T, S>,
        T: 'static,
    {
        let path = format!("{}/{}", self.prefix, path.trim_matches('/'));
        let path = if path.len() > 1 { path.trim_end_matches('/') } else { &path };
        let (router, verbs) = self.routes.entry(path.to_owned()).or_default();
        *router = std::mem::take(router).merge(on(verb.filter(), handler));
        verbs.push(verb);
        self.docs.push(PathDoc { path: path.to_owned(), verb, tag: self.tag.clone(), operation });
        self
    }

    /// The router and its documentation, in the order the routes were added.
    pub fn into_parts(self) -> (Router<S>, Vec<PathDoc>) {
        let mut router = Router::new();
        for (path, (methods, verbs)) in self.routes {
            let methods = methods.merge(options_of(&verbs));
            if path.len() > 1 {
                router = router.route(&format!("{path}/"), methods.clone());
            }
            router = router.route(&path, methods);
        }
        (router, self.docs)
    }
}

/// Answers OPTIONS with the methods there are.
fn options_of<S: Clone + Send + Sync + 'static>(verbs: &[Verb]) -> MethodRouter<S> {
    let mut allow: Vec<&str> = verbs.iter().map(|verb| verb.allow()).collect();
    allow.push("OPTIONS");
    let allow = HeaderValue::try_from(allow.join(",")).unwrap_or(HeaderValue::from_static("OPTIONS"));
    options(move || async move { (StatusCode::OK, [(header::ALLOW, allow)]).into_response() })
}

#[cfg(test)]
mod tests {
    use axum::body::Body;
    use axum::extract::Path;
    use http::Request;
    use serde_json::json;
    use tower::ServiceExt;

    use super::*;

    fn named(id: &str) -> Operation {
        Operation { id: id.to_owned(), ..Operation::default() }
    }

    fn table() -> Table {
        Table::new("/api/", "Enheter")
            .get("/", || async { "rot" }, named("rot"))
            .get("/enheter/{orgnr}", |Path(n): Path<String>| async move { n }, named("hent"))
            .route(Verb::Post, "/enheter/{orgnr}", || async { "ny" }, named("ny"))
            .tag("Filer")
            .get("/enheter/lastned", || async { "fil" }, named("fil"))
    }

    async fn ask(method: &str, path: &str) -> (u16, String, String) {
        let (router, _) = table().into_parts();
        let request = Request::builder().method(method).uri(path).body(Body::empty()).unwrap();
        let response = router.oneshot(request).await.unwrap();
        let allow = response.headers().get(header::ALLOW).map(|v| v.to_str().unwrap().to_owned());
        let status = response.status().as_u16();
        let body = axum::body::to_bytes(response.into_body(), usize::MAX).await.unwrap();
        (status, allow.unwrap_or_default(), String::from_utf8(body.to_vec()).unwrap())
    }

    #[tokio::test]
    async fn every_route_with_and_without_slash() {
        for (path, body) in [
            ("/api", "rot"),
            ("/api/", "rot"),
            ("/api/enheter/S%C3%86R", "SÆR"),
            ("/api/enheter/1/", "1"),
            ("/api/enheter/lastned", "fil"),
            ("/api/enheter/lastned/", "fil"),
        ] {
            assert_eq!(ask("GET", path).await, (200, String::new(), body.to_owned()), "{path}");
            assert_eq!(ask("HEAD", path).await, (200, String::new(), String::new()), "{path}");
        }
    }

    #[tokio::test]
    async fn methods() {
        assert_eq!(ask("POST", "/api/enheter/1").await.2, "ny");
        assert_eq!(
            ask("OPTIONS", "/api/enheter/1").await,
            (200, "GET,HEAD,POST,OPTIONS".into(), String::new())
        );
        let (status, allow, _) = ask("DELETE", "/api/enheter/1").await;
        assert_eq!((status, allow.as_str()), (405, "GET,HEAD,POST,OPTIONS"));
    }

    #[test]
    fn documentation_keeps_order_and_groups() {
        let (_, docs) = table().into_parts();
        let shown: Vec<_> = docs.iter().map(|d| (d.path.as_str(), d.verb.key(), d.tag.as_str())).collect();
        let expected = [
            ("/api", "get", "Enheter"),
            ("/api/enheter/{orgnr}", "get", "Enheter"),
            ("/api/enheter/{orgnr}", "post", "Enheter"),
            ("/api/enheter/lastned", "get", "Filer"),
        ];
        assert_eq!(shown, expected);
        let root = Table::<()>::new("", "x").get("/", || async {}, named("rot")).into_parts().1;
        assert_eq!(root[0].path, "/");
    }

    #[test]
    fn arrays_are_comma_separated() {
        assert!(Parameter::query("k", json!({"type": "array"}), "").comma_separated);
        assert!(!Parameter::query("k", json!({"type": "string"}), "").comma_separated);
    }
}
