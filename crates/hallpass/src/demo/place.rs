//! Where the demo's servers listen.

use std::io::{self, ErrorKind};
use std::net::{Ipv4Addr, SocketAddr, SocketAddrV4};

use anyhow::Context;
use tokio::net::TcpListener;

/// The highest first port: five more follow it.
pub(super) const LAST_FIRST_PORT: u16 = u16::MAX - 5;

/// One of the servers, in order of the ports.
#[derive(Clone, Copy, Debug)]
pub(super) enum DemoServer {
    Home,
    Lms,
    StudyReel,
    Hallpass,
    App,
    /// The server for inspecting the demo during the checks of the launch contract.
    Inside,
}

/// Where all of them listen.
#[derive(Clone, Copy, Debug)]
pub(super) struct DemoPlace {
    /// One address for all of them. Without it they have different addresses, so that browsers see
    /// separate sites, as with an LMS, gateway and application in production.
    pub ip: Option<Ipv4Addr>,
    /// The first of six consecutive ports; 0 means any free ports.
    pub first_port: u16,
}

impl DemoPlace {
    /// The usual place if the ports are free, so that old bookmarks still work.
    pub(super) const USUAL: Self = Self {
        ip: None,
        first_port: 8070,
    };
    /// Any free ports.
    pub(super) const FREE: Self = Self {
        ip: None,
        first_port: 0,
    };

    /// Where a server listens.
    pub(super) fn of(self, server: DemoServer) -> SocketAddr {
        let apart = match server {
            DemoServer::Hallpass => Ipv4Addr::new(127, 0, 0, 2),
            DemoServer::App => Ipv4Addr::new(127, 0, 0, 3),
            _ => Ipv4Addr::LOCALHOST,
        };
        let port = match self.first_port {
            0 => 0,
            first => first + server as u16,
        };
        SocketAddr::from((self.ip.unwrap_or(apart), port))
    }

    /// Listens at this server's place.
    pub(super) async fn listen(self, server: DemoServer) -> anyhow::Result<TcpListener> {
        let wanted = self.of(server);
        let error = match TcpListener::bind(wanted).await {
            Ok(listener) => return Ok(listener),
            Err(error) => error,
        };
        // Some systems have only one loopback address.
        let instead = SocketAddr::from((Ipv4Addr::LOCALHOST, wanted.port()));
        if self.ip.is_none()
            && error.kind() != ErrorKind::AddrInUse
            && let Ok(listener) = TcpListener::bind(instead).await
        {
            return Ok(listener);
        }
        Err::<TcpListener, _>(error).with_context(|| format!("can't listen on {wanted}"))
    }

    /// Whether other machines can reach the demo.
    pub(super) fn is_open(self) -> bool {
        self.ip.is_some_and(|ip| ip.is_unspecified())
    }
}

/// The address at which a browser on this machine finds a listener, without a trailing slash.
pub(super) fn url(listener: &TcpListener) -> io::Result<String> {
    let mut address = listener.local_addr()?;
    if address.ip().is_unspecified() {
        address.set_ip(Ipv4Addr::LOCALHOST.into());
    }
    Ok(format!("http://{address}"))
}

/// Reads `--listen`.
pub(super) fn listen_address(text: &str) -> Result<SocketAddrV4, String> {
    let address: SocketAddrV4 = text
        .parse()
        .map_err(|_| "must be an IPv4 address and a port, such as 127.0.0.1:8070".to_owned())?;
    let ip = address.ip();
    if !ip.is_loopback() && !ip.is_unspecified() {
        let why =
            "must be a loopback address, or 0.0.0.0: anywhere else browsers and LMSs want https";
        return Err(why.to_owned());
    }
    if address.port() > LAST_FIRST_PORT {
        return Err(format!(
            "must leave room for six consecutive ports: {LAST_FIRST_PORT} at most"
        ));
    }
    Ok(address)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a panic is how a test fails")]
mod tests {
    use super::*;

    #[test]
    fn each_server_has_its_port_and_three_have_their_site() {
        let place = DemoPlace::USUAL;
        let listed = [
            DemoServer::Home,
            DemoServer::Lms,
            DemoServer::StudyReel,
            DemoServer::Hallpass,
            DemoServer::App,
            DemoServer::Inside,
        ];
        let listed = listed.map(|server| place.of(server).to_string());
        assert_eq!(
            listed,
            [
                "127.0.0.1:8070",
                "127.0.0.1:8071",
                "127.0.0.1:8072",
                "127.0.0.2:8073",
                "127.0.0.3:8074",
                "127.0.0.1:8075",
            ]
        );
        let one = DemoPlace {
            ip: Some(Ipv4Addr::UNSPECIFIED),
            first_port: LAST_FIRST_PORT,
        };
        assert_eq!(one.of(DemoServer::Inside).to_string(), "0.0.0.0:65535");
        assert!(one.is_open() && !place.is_open());
        assert_eq!(DemoPlace::FREE.of(DemoServer::App).port(), 0);
    }

    #[test]
    fn it_listens_on_this_machine_or_on_all_of_it() {
        for good in ["127.0.0.1:8070", "127.8.0.1:0", "0.0.0.0:65530"] {
            assert_eq!(listen_address(good).unwrap().to_string(), good);
        }
        for bad in [
            "192.168.1.5:8070",
            "0.0.0.0:65531",
            "127.0.0.1",
            "localhost:1",
            "[::1]:1",
        ] {
            assert!(listen_address(bad).is_err(), "{bad}");
        }
    }
}
