//! A connection whose bytes are counted as they arrive, below TLS, because a handshake's bytes are
//! held as well.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use super::passing::passes_writes_on;
use super::slots::ConnectionSlot;

/// Tells a slot about arriving bytes.
pub(super) struct CountedStream<S> {
    stream: S,
    slot: Arc<ConnectionSlot>,
}

impl<S> CountedStream<S> {
    pub(super) fn new(stream: S, slot: Arc<ConnectionSlot>) -> Self {
        Self { stream, slot }
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for CountedStream<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let read = Pin::new(&mut self.stream).poll_read(context, buffer);
        let came = buffer.filled().len().saturating_sub(before);
        if came > 0 {
            self.slot.received(came);
        }
        read
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for CountedStream<S> {
    passes_writes_on!();

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
