//! A limit on request bodies that are sent without a length.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, ready};

use axum::body::Body;
use bytes::Bytes;
use hyper::body::{Body as HttpBody, Frame, SizeHint};

/// Tells whether a body went over its limit, whatever the handler made of that.
#[derive(Debug, Clone, Default)]
pub(super) struct Overflow(Arc<AtomicBool>);

impl Overflow {
    pub(super) fn happened(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// Wraps a body so that reading more than `limit` bytes fails.
pub(super) fn limit(body: Body, limit: usize) -> (Body, Overflow) {
    let overflow = Overflow::default();
    (Body::new(Limited { body, left: limit, overflow: overflow.clone() }), overflow)
}

struct Limited {
    body: Body,
    left: usize,
    overflow: Overflow,
}

impl HttpBody for Limited {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let frame = ready!(Pin::new(&mut self.body).poll_frame(cx));
        let size = frame.as_ref().and_then(|f| f.as_ref().ok()?.data_ref().map(Bytes::len)).unwrap_or(0);
        if let Some(left) = self.left.checked_sub(size) {
            self.left = left;
            return Poll::Ready(frame);
        }
        self.overflow.0.store(true, Ordering::Relaxed);
        let error = io::Error::new(io::ErrorKind::FileTooLarge, "the request body is too large");
        Poll::Ready(Some(Err(axum::Error::new(error))))
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
