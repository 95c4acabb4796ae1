//! Ports that nobody else is given while a test has them.
//!
//! A port that was asked for and let go may be another's before a server listens on it: another
//! test's, another program's, or that of a connection going out. Linux gives a port to nobody who
//! asks for any one, and to no connection, while a socket is bound to it on every address. A server
//! may still listen there: both allow the other's address to be used (SO_REUSEADDR), and the socket
//! that holds the port doesn't listen. Until a server does, connections are refused.

use std::net::Ipv4Addr;

use tokio::net::{TcpListener, TcpSocket};

/// A port of this machine, on every IPv4 address, until it is dropped.
pub struct HeldPort {
    _holder: TcpSocket,
    pub number: u16,
}

impl HeldPort {
    pub fn new() -> Self {
        let holder = TcpSocket::new_v4().unwrap();
        holder.set_reuseaddr(true).unwrap();
        holder.bind((Ipv4Addr::UNSPECIFIED, 0).into()).unwrap();
        let number = holder.local_addr().unwrap().port();
        Self { _holder: holder, number }
    }

    /// Listens there, at an address of this machine.
    pub async fn listen(&self, host: &str) -> TcpListener {
        TcpListener::bind((host, self.number)).await.unwrap()
    }
}
