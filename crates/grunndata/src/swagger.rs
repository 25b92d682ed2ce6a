//! `/docs`: Swagger UI from vendored files, and nothing from other hosts.

use axum::Router;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{Html, IntoResponse, Redirect};
use axum::routing::{MethodRouter, get};
use web::respond::{self, ETag, Validators};

/// Of the npm package `swagger-ui-dist`; see `vendor/README.md`.
const VERSION: &str = "5.35.0";

const STYLE: &str = include_str!("../vendor/swagger-ui/swagger-ui.css");
const BUNDLE: &str = include_str!("../vendor/swagger-ui/swagger-ui-bundle.js");

/// No validator badge: it would send the document's address to another host.
const PAGE: &str = r#"<!doctype html>
<html lang="nb">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>grunndata – API-dokumentasjon</title>
<link rel="stylesheet" href="docs/swagger-ui.css">
</head>
<body>
<div id="swagger-ui"></div>
<script src="docs/swagger-ui-bundle.js"></script>
<script src="docs/start.js"></script>
</body>
</html>
"#;

const START: &str = "\
SwaggerUIBundle({ url: 'openapi.json', dom_id: '#swagger-ui', deepLinking: true, validatorUrl: null, tryItOutEnabled: true });
";

/// Only this host: whatever the document says, the page can load and call nothing else.
const POLICY: &str =
    "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'";

/// Where the page and its files lie.
pub(crate) const PATHS: [&str; 4] =
    ["/docs", "/docs/swagger-ui.css", "/docs/swagger-ui-bundle.js", "/docs/start.js"];

/// The page and its files. They are not API and stand in no OpenAPI document.
pub(crate) fn routes() -> Router {
    let [docs, style, bundle, start] = PATHS;
    Router::new()
        .route(docs, get(page))
        .route("/docs/", get(|| async { Redirect::permanent("../docs") }))
        .route(style, file(STYLE, "text/css; charset=utf-8"))
        .route(bundle, file(BUNDLE, "text/javascript; charset=utf-8"))
        .route(start, file(START, "text/javascript; charset=utf-8"))
}

async fn page() -> impl IntoResponse {
    ([(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY))], Html(PAGE))
}

fn file(text: &'static str, content_type: &'static str) -> MethodRouter {
    let etag = ETag::weak(&format!("{VERSION}-{}", text.len()));
    let validators = Validators { etag: Some(etag), last_modified: None };
    get(move |headers: HeaderMap| async move {
        respond::conditional(&headers, &validators, || respond::represent(text.as_bytes(), content_type))
    })
}
