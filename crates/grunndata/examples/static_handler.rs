//! The ceiling for look-ups: an axum handler that sends the same bytes to everybody.
//!
//! `static_handler ADDRESS FILE` answers every path with the file as JSON. `bench/run` puts it beside the real thing.
//! It has the binary's allocator, so that the difference is the work and nothing else.

use std::error::Error;

use axum::Router;
use axum::body::Bytes;
use axum::http::header;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [address, file] = arguments.as_slice() else { return Err("static_handler ADDRESS FILE".into()) };
    let body = Bytes::from(std::fs::read(file)?);
    let handler = move || {
        let body = body.clone();
        async move { ([(header::CONTENT_TYPE, "application/json")], body) }
    };
    let routes = Router::new().route("/", axum::routing::get(handler.clone()));
    let routes = routes.route("/{*path}", axum::routing::get(handler));
    let listener = tokio::net::TcpListener::bind(address).await?;
    axum::serve(listener, routes).await?;
    Ok(())
}
