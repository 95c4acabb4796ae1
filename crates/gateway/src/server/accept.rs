//! Accepts connections.

use std::io::ErrorKind;
use std::net::SocketAddr;
use std::time::Duration;

use futures_util::FutureExt;
use tokio::net::{TcpListener, TcpSocket, TcpStream};

use super::connections::Connections;
use super::slots::ConnectionSlots;
use super::trouble::Trouble;
use crate::web::client::{Clients, Source};

/// The length of the listen queue. If it is too short, connections are dropped in the first minute
/// of a school's lesson, and browsers only retry after a second.
const BACKLOG: u32 = 4_096;
/// The pause after a failed accept: other connections have to close first.
const BREATH: Duration = Duration::from_millis(50);

/// Listens at an address, like `TcpListener::bind`, but with a longer queue.
pub(super) fn listen(address: SocketAddr) -> std::io::Result<TcpListener> {
    let socket = match address {
        SocketAddr::V4(_) => TcpSocket::new_v4()?,
        SocketAddr::V6(_) => TcpSocket::new_v6()?,
    };
    // A restart need not wait until the last server's connections have timed out.
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(BACKLOG)
}

/// Accepts connections and starts serving them.
pub(super) struct Accepting {
    listener: TcpListener,
    slots: ConnectionSlots,
    clients: Clients,
    connections: Connections,
    failed: Trouble,
    refused: Trouble,
    full: Trouble,
    crowded: Trouble,
}

impl Accepting {
    pub(super) fn new(
        listener: TcpListener,
        slots: ConnectionSlots,
        clients: Clients,
        connections: Connections,
    ) -> Self {
        Self {
            listener,
            slots,
            clients,
            connections,
            failed: Trouble::default(),
            refused: Trouble::default(),
            full: Trouble::default(),
            crowded: Trouble::default(),
        }
    }

    /// Accepts connections until dropped; none is lost then.
    pub(super) async fn serve(&mut self) {
        loop {
            let (full, crowded) = (&mut self.full, &mut self.crowded);
            let all_busy = || {
                if let Some(times) = full.is_due() {
                    tracing::warn!(times, "all connections are busy: new ones wait");
                }
            };
            let asked = || {
                if let Some(times) = crowded.is_due() {
                    tracing::warn!(
                        times,
                        "all connections are taken: silent ones were closed to make room"
                    );
                }
            };
            self.slots.room(all_busy, asked).await;
            match self.listener.accept().await {
                Ok((stream, from)) => self.take(stream, from),
                Err(error) if error.kind() == ErrorKind::ConnectionAborted => {}
                Err(error) => {
                    // Probably out of file descriptors.
                    if let Some(times) = self.failed.is_due() {
                        tracing::warn!(%error, times, "connections were not accepted");
                    }
                    self.slots.make_room();
                    tokio::time::sleep(BREATH).await;
                }
            }
        }
    }

    /// Accepts the connections that are already waiting, and no more.
    pub(super) fn finish(mut self) {
        for _ in 0..BACKLOG {
            let Some(Ok((stream, from))) = self.listener.accept().now_or_never() else {
                return;
            };
            self.take(stream, from);
        }
    }

    fn take(&mut self, stream: TcpStream, from: SocketAddr) {
        let source = Source::of_address(from.ip());
        let is_proxy = self.clients.is_proxy(from.ip());
        if let Some(slot) = self.slots.take(source, is_proxy) {
            self.connections.serve(stream, from, slot);
        } else if let Some(times) = self.refused.is_due() {
            tracing::warn!(
                times,
                "connections were refused: all that one address may have are busy. If it is a proxy of yours, name it in \
                 trusted_proxies"
            );
        }
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a panic is how a test fails")]
mod tests {
    use super::*;

    /// A connection that finds no slot is retried after a second.
    #[tokio::test]
    async fn four_hundred_connections_at_once_find_a_place() {
        let listener = listen("127.0.0.1:0".parse().unwrap()).unwrap();
        let address = listener.local_addr().unwrap();
        let connect = || {
            let connecting = TcpStream::connect(address);
            tokio::spawn(tokio::time::timeout(Duration::from_millis(900), connecting))
        };
        let connecting: Vec<_> = (0..400).map(|_| connect()).collect();
        let mut open = Vec::new();
        for connected in connecting {
            open.push(connected.await.unwrap().unwrap().unwrap());
        }
        assert_eq!(open.len(), 400);
    }
}
