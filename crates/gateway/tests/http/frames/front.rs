//! What stands before a server on an address of its own: it ends TLS, or changes a word of the
//! answers.

use std::net::SocketAddr;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, copy, split};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;

use crate::support::Gateway;

/// A word that answers have, and the one that browsers see in its place. It is as long, so that
/// nothing else changes.
pub struct Change(&'static [u8], &'static [u8]);

impl Change {
    /// `Partitioned` is an attribute that no browser knows.
    pub const NO_PARTITIONED: Self = Self(b"Partitioned", b"Unheard-of!");
    /// A page of ours waits ten days for the platform's storage, and not two seconds.
    pub const ENDLESS_PATIENCE: Self = Self(b"setTimeout(done, 2000,", b"setTimeout(done, 9e8 ,");
    /// It waits for nine seconds: for what must be answered, however slow this machine is.
    pub const MORE_PATIENCE: Self = Self(b"setTimeout(done, 2000,", b"setTimeout(done, 9000,");
}

pub struct Front(TcpListener);

impl Front {
    pub async fn bind(address: &str) -> Self {
        Self(TcpListener::bind(address).await.unwrap())
    }

    pub fn url(&self, scheme: &str) -> String {
        format!("{scheme}://{}", self.0.local_addr().unwrap())
    }

    /// The server's answers reach the browser with these changes.
    pub fn change(self, before: &Gateway, changes: &'static [Change]) {
        let to = address(&before.url);
        tokio::spawn(async move {
            while let Ok((stream, _)) = self.0.accept().await {
                tokio::spawn(pass(stream, to, changes));
            }
        });
    }

    /// Browsers speak TLS, the server behind doesn't; its answers reach them with these changes.
    pub fn end_tls(self, before: &str, acceptor: TlsAcceptor, changes: &'static [Change]) {
        let to = address(before);
        tokio::spawn(async move {
            while let Ok((stream, _)) = self.0.accept().await {
                let acceptor = acceptor.clone();
                tokio::spawn(async move {
                    if let Ok(stream) = acceptor.accept(stream).await {
                        pass(stream, to, changes).await;
                    }
                });
            }
        });
    }
}

fn address(url: &str) -> SocketAddr {
    url.rsplit_once('/').unwrap().1.parse().unwrap()
}

async fn pass(
    client: impl AsyncRead + AsyncWrite + Send + 'static,
    to: SocketAddr,
    changes: &'static [Change],
) {
    let Ok(server) = TcpStream::connect(to).await else {
        return;
    };
    let (mut from_client, mut to_client) = split(client);
    let (mut from_server, mut to_server) = server.into_split();
    let asking = tokio::spawn(async move { copy(&mut from_client, &mut to_server).await.is_ok() });
    let _ = copy_changed(&mut from_server, &mut to_client, changes).await;
    let _ = to_client.shutdown().await;
    asking.abort();
}

async fn copy_changed(
    from: &mut (impl AsyncRead + Unpin),
    to: &mut (impl AsyncWrite + Unpin),
    changes: &[Change],
) -> std::io::Result<()> {
    let mut kept = Vec::new();
    while from.read_buf(&mut kept).await? > 0 {
        let mut ready = kept.len();
        for Change(known, unknown) in changes {
            while let Some(at) = kept.windows(known.len()).position(|part| part == *known) {
                kept[at..at + known.len()].copy_from_slice(unknown);
            }
            // A beginning of the word waits for its end.
            let half = (1..known.len()).rev().find(|length| kept.ends_with(&known[..*length]));
            ready = ready.min(kept.len() - half.unwrap_or(0));
        }
        to.write_all(&kept[..ready]).await?;
        to.flush().await?;
        kept.drain(..ready);
    }
    to.write_all(&kept).await
}

/// As it passes, so it does: also where the word comes in two parts.
#[tokio::test]
async fn partitioned_is_hidden_wherever_the_stream_is_cut() {
    let text = b"set-cookie: a=b; Secure; Partitioned\r\nset-cookie: c=d; Part\r\n";
    for cut in 0..text.len() {
        let (mut write, mut read) = tokio::io::duplex(1024);
        let (mut out, mut seen) = (Vec::new(), Vec::new());
        let writing = async move {
            write.write_all(&text[..cut]).await.unwrap();
            tokio::task::yield_now().await;
            write.write_all(&text[cut..]).await.unwrap();
        };
        let copying = copy_changed(&mut read, &mut out, &[Change::NO_PARTITIONED]);
        let (_, copied) = tokio::join!(writing, copying);
        copied.unwrap();
        seen.append(&mut out);
        let wanted = b"set-cookie: a=b; Secure; Unheard-of!\r\nset-cookie: c=d; Part\r\n";
        assert_eq!(seen, wanted, "{cut}");
    }
}
