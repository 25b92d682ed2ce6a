//! Files on disk, for downloads (sheet 12.1).
//!
//! The file *is* the representation: it is never content-encoded, and its validators, length and bytes all come
//! from one open handle, so that HEAD and GET agree and a file renamed into place never mixes with its
//! predecessor. Memory use does not depend on the file's size.

mod body;
mod range;

use std::io;
use std::path::Path;
use std::time::UNIX_EPOCH;

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use tid::Timestamp;
use tokio::fs::File;
use tokio::io::AsyncSeekExt;

use crate::respond::{ETag, Validators};
use body::FileBody;
use range::Wanted;

/// What to say about a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Described {
    /// `Content-Type`.
    pub content_type: &'static str,
    /// `Content-Disposition`; see [`attachment`].
    pub disposition: Option<HeaderValue>,
    /// The entity tag; made from length and modification time if none.
    pub etag: Option<ETag>,
}

/// `attachment; filename="…"`. Characters that need care in a quoted string are replaced by `_`.
pub fn attachment(name: &str) -> HeaderValue {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_' | ' ');
    let name: String = name.chars().map(|c| if plain(c) { c } else { '_' }).collect();
    HeaderValue::try_from(format!("attachment; filename=\"{name}\""))
        .unwrap_or(HeaderValue::from_static("attachment"))
}

/// Answers GET or HEAD with a file: 200, 206 for a single range, 304, or 416. Several ranges in one request, and
/// ranges that cannot be read, are answered with the whole file, as RFC 9110 section 14.2 allows.
///
/// # Errors
/// What opening the file says; `NotFound` is the caller's to answer. Errors after that cut the connection.
pub async fn serve(
    method: &Method,
    request: &HeaderMap,
    path: &Path,
    described: &Described,
) -> io::Result<Response> {
    let mut file = File::open(path).await?;
    let (length, validators) = look(&file, described).await?;
    if validators.not_modified(request) {
        return Ok(answer(StatusCode::NOT_MODIFIED, &validators, Body::empty()));
    }
    let range = request.get(header::RANGE).filter(|_| *method == Method::GET);
    let wanted = match range.and_then(|value| value.to_str().ok()) {
        Some(text) if validators.range_applies(request) => range::read(text, length),
        _ => Wanted::Whole,
    };
    let (status, start, end) = match wanted {
        Wanted::Whole => (StatusCode::OK, 0, length),
        Wanted::Part { start, end } => (StatusCode::PARTIAL_CONTENT, start, end),
        Wanted::Nothing => {
            let mut response = answer(StatusCode::RANGE_NOT_SATISFIABLE, &validators, Body::empty());
            set(&mut response, header::CONTENT_RANGE, format!("bytes */{length}"));
            return Ok(response);
        }
    };
    file.seek(io::SeekFrom::Start(start)).await?;
    let mut response =
        answer(status, &validators, Body::new(FileBody::new(file.into_std().await, end - start)));
    if status == StatusCode::PARTIAL_CONTENT {
        set(&mut response, header::CONTENT_RANGE, format!("bytes {start}-{}/{length}", end - 1));
    }
    set(&mut response, header::CONTENT_LENGTH, (end - start).to_string());
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(described.content_type));
    headers.extend(described.disposition.clone().map(|value| (header::CONTENT_DISPOSITION, value)));
    Ok(response)
}

/// Length and validators, from the open handle.
async fn look(file: &File, described: &Described) -> io::Result<(u64, Validators)> {
    let metadata = file.metadata().await?;
    if !metadata.is_file() {
        return Err(io::ErrorKind::NotFound.into());
    }
    let modified = metadata.modified()?.duration_since(UNIX_EPOCH).unwrap_or_default();
    let made = || ETag::strong(&format!("{:x}-{:x}", metadata.len(), modified.as_nanos()));
    let millis = i64::try_from(modified.as_millis()).unwrap_or(i64::MAX);
    let validators = Validators {
        etag: Some(described.etag.clone().unwrap_or_else(made)),
        last_modified: Some(Timestamp::from_millis(millis)),
    };
    Ok((metadata.len(), validators))
}

fn answer(status: StatusCode, validators: &Validators, body: Body) -> Response {
    let mut response = (status, body).into_response();
    validators.write(response.headers_mut());
    response.headers_mut().insert(header::ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    response
}

fn set(response: &mut Response, name: HeaderName, value: String) {
    response.headers_mut().extend(HeaderValue::try_from(value).map(|value| (name, value)));
}

#[cfg(test)]
mod tests {
    use http_body_util::BodyExt;

    use super::*;

    const LENGTH: usize = 300_000;

    struct Fixture {
        path: tempfile::TempPath,
        bytes: Vec<u8>,
    }

    impl Fixture {
        fn new() -> Self {
            let bytes: Vec<u8> = (0..LENGTH).map(|i| (i * 31 % 251) as u8).collect();
            let path = tempfile::NamedTempFile::new().unwrap().into_temp_path();
            std::fs::write(&path, &bytes).unwrap();
            Self { path, bytes }
        }

        async fn ask(&self, method: Method, lines: &[(&str, &str)]) -> (StatusCode, HeaderMap, Vec<u8>) {
            let described = Described {
                content_type: "application/vnd.brreg.enhetsregisteret.enhet.v2+gzip;charset=UTF-8",
                disposition: Some(attachment("enheter_alle.json.gz")),
                etag: None,
            };
            let pair =
                |(n, v): &(&str, &str)| (n.parse::<HeaderName>().unwrap(), HeaderValue::from_str(v).unwrap());
            let request = lines.iter().map(pair).collect();
            let response = serve(&method, &request, &self.path, &described).await.unwrap();
            let (head, body) = response.into_parts();
            (head.status, head.headers, body.collect().await.unwrap().to_bytes().to_vec())
        }
    }

    #[tokio::test]
    async fn the_whole_file_with_its_head() {
        let f = Fixture::new();
        let (status, headers, body) = f.ask(Method::GET, &[]).await;
        assert_eq!(status, StatusCode::OK);
        assert!(body == f.bytes);
        assert_eq!(headers[header::CONTENT_LENGTH], LENGTH.to_string());
        assert_eq!(headers[header::CONTENT_DISPOSITION], "attachment; filename=\"enheter_alle.json.gz\"");
        assert_eq!(headers[header::ACCEPT_RANGES], "bytes");
        assert!(!headers.contains_key(header::CONTENT_ENCODING));
        let (_, again, _) = f.ask(Method::HEAD, &[("range", "bytes=0-1")]).await;
        assert_eq!(again, headers);
        for name in ["if-none-match", "if-modified-since"] {
            let validator = &headers[if name == "if-none-match" { "etag" } else { "last-modified" }];
            let (status, again, body) = f.ask(Method::GET, &[(name, validator.to_str().unwrap())]).await;
            assert_eq!((status, body.len()), (StatusCode::NOT_MODIFIED, 0));
            assert_eq!(again[header::ETAG], headers[header::ETAG]);
        }
    }

    #[tokio::test]
    async fn single_ranges() {
        let f = Fixture::new();
        for (range, start, end) in
            [("bytes=0-0", 0, 1), ("bytes=100000-299999", 100_000, LENGTH), ("bytes=-5", LENGTH - 5, LENGTH)]
        {
            let (status, headers, body) = f.ask(Method::GET, &[("range", range)]).await;
            assert_eq!(status, StatusCode::PARTIAL_CONTENT, "{range}");
            assert!(body == f.bytes[start..end], "{range}");
            assert_eq!(headers[header::CONTENT_RANGE], format!("bytes {start}-{}/{LENGTH}", end - 1));
            assert_eq!(headers[header::CONTENT_LENGTH], (end - start).to_string());
        }
        let (status, headers, body) = f.ask(Method::GET, &[("range", "bytes=300000-")]).await;
        assert_eq!((status, body.len()), (StatusCode::RANGE_NOT_SATISFIABLE, 0));
        assert_eq!(headers[header::CONTENT_RANGE], format!("bytes */{LENGTH}"));
        let stale = [("range", "bytes=0-9"), ("if-range", "\"gammel\"")];
        assert_eq!(f.ask(Method::GET, &stale).await.0, StatusCode::OK);
    }

    #[tokio::test]
    async fn a_missing_file_is_the_callers_and_a_shrinking_one_cuts_the_answer() {
        let described = Described { content_type: "text/csv", disposition: None, etag: None };
        let ask = |path: std::path::PathBuf| {
            let described = described.clone();
            async move { serve(&Method::GET, &HeaderMap::new(), &path, &described).await }
        };
        assert_eq!(ask("/nowhere/at/all".into()).await.unwrap_err().kind(), io::ErrorKind::NotFound);
        assert_eq!(ask(std::env::temp_dir()).await.unwrap_err().kind(), io::ErrorKind::NotFound);
        let f = Fixture::new();
        let response = ask(f.path.to_path_buf()).await.unwrap();
        std::fs::OpenOptions::new().write(true).open(&f.path).unwrap().set_len(10).unwrap();
        assert!(response.into_body().collect().await.is_err());
    }

    #[test]
    fn names_cannot_break_out() {
        assert_eq!(attachment("a\"b\r\nc/ø.gz"), "attachment; filename=\"a_b__c__.gz\"");
    }
}
