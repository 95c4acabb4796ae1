//! Resolves names, but only to addresses that we may connect to.

use std::io;
use std::net::{SocketAddr, ToSocketAddrs};
use std::sync::Arc;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};

use super::address::{AllowList, BlockedAddress, is_public};
use super::slots::LookUpSlot;

tokio::task_local! {
    /// What a look-up within an exchange occupies. The library passes on nothing but the name.
    pub(super) static LOOK_UP: LookUpSlot;
}

/// Resolves names and returns only addresses that passed the policy, so that the connection goes to
/// a checked one.
pub(super) struct Resolver {
    allowed: Arc<AllowList>,
}

impl Resolver {
    pub(super) fn new(allowed: Arc<AllowList>) -> Self {
        Self { allowed }
    }
}

impl Resolve for Resolver {
    fn resolve(&self, name: Name) -> Resolving {
        let allowed = self.allowed.clone();
        // Read here, and not in the future: the library may go on with that in another task.
        let slot = LOOK_UP.try_with(LookUpSlot::clone);
        Box::pin(async move {
            let host = name.as_str().to_owned();
            let look_up = move || (host.as_str(), 0).to_socket_addrs().map(Iterator::collect);
            let found = looked_up(slot?, look_up).await?;
            let checked = checked(found, name.as_str(), &allowed)?;
            Ok(Box::new(checked.into_iter()) as Addrs)
        })
    }
}

/// What a look-up finds that may block for long. It can't be stopped, so it keeps its slot until
/// its own end, even if its exchange was given up (decision 0520).
async fn looked_up(
    slot: LookUpSlot,
    look_up: impl FnOnce() -> io::Result<Vec<SocketAddr>> + Send + 'static,
) -> io::Result<Vec<SocketAddr>> {
    let looking = tokio::task::spawn_blocking(move || {
        let found = look_up();
        drop(slot);
        found
    });
    looking.await?
}

/// The addresses of a name, if we may connect to all of them. A single forbidden address blocks the
/// name, because the next answer could be that one alone. The connection goes to these addresses,
/// without resolving again.
fn checked(
    found: Vec<SocketAddr>,
    name: &str,
    allowed: &AllowList,
) -> Result<Vec<SocketAddr>, BlockedAddress> {
    let listed = allowed.has_name(name);
    let fits = |address: &SocketAddr| {
        listed || is_public(address.ip()) || allowed.has_address(address.ip())
    };
    if found.is_empty() || !found.iter().all(fits) {
        return Err(BlockedAddress::NotPublic);
    }
    Ok(found)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a panic is how a test fails")]
mod tests {
    use std::sync::mpsc;
    use std::time::Duration;

    use test_case::cases;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpListener;
    use url::Url;

    use super::*;
    use crate::kit::outbound::slots::ExchangeSlots;
    use crate::kit::outbound::{Outbound, Purpose, Request};

    /// What a name resolves to under an allow-list; `None` if it is blocked.
    async fn resolve(name: &str, allowed: &str) -> Option<Vec<SocketAddr>> {
        let resolver = Resolver::new(Arc::new(AllowList::parse(allowed).unwrap()));
        let slots = ExchangeSlots::default();
        let slot = slots.take(Purpose::Service, name, None, Duration::ZERO);
        let slot = slot.await.unwrap().look_up();
        let resolving = LOOK_UP.sync_scope(slot, || resolver.resolve(name.parse().unwrap()));
        match resolving.await {
            Ok(found) => Some(found.collect()),
            Err(error) => {
                assert_eq!(
                    *error.downcast::<BlockedAddress>().unwrap(),
                    BlockedAddress::NotPublic
                );
                None
            }
        }
    }

    #[cases("TC-228")]
    #[tokio::test]
    async fn a_name_that_leads_inside_is_blocked_unless_listed() {
        assert_eq!(resolve("localhost", "").await, None);
        assert_eq!(
            resolve("localhost", "lms.example.com,127.0.0.2").await,
            None
        );
        assert!(!resolve("localhost", "localhost").await.unwrap().is_empty());
        assert!(resolve("localhost", "127.0.0.0/8,::1").await.is_some());
    }

    #[tokio::test]
    async fn an_address_listed_with_a_port_opens_no_other_by_name() {
        assert_eq!(
            resolve("localhost", "127.0.0.1:8000,[::1]:8000").await,
            None
        );
        assert_eq!(resolve("localhost", "127.0.0.1:80,[::1]:443").await, None);
        // Unlisted names can only be reached at port 443.
        assert!(
            resolve("localhost", "127.0.0.1:443,[::1]:443")
                .await
                .is_some()
        );
        let permits = |url: &str, allowed: &str| {
            let outbound = Outbound::new(AllowList::parse(allowed).unwrap()).unwrap();
            outbound.permits(&Url::parse(url).unwrap())
        };
        let listed = "10.0.0.5:8000,lms.example.edu:8443";
        for (url, permitted) in [
            ("http://10.0.0.5:8000/", Ok(())),
            ("https://10.0.0.5/", Err(BlockedAddress::NotPublic)),
            ("https://10.0.0.5:8001/", Err(BlockedAddress::Port)),
            ("https://lms.example.edu:8443/", Ok(())),
            ("https://lms.example.edu/", Err(BlockedAddress::Port)),
            ("https://lms.example.edu:8000/", Err(BlockedAddress::Port)),
            ("https://other.example.edu:8000/", Err(BlockedAddress::Port)),
        ] {
            assert_eq!(permits(url, listed), permitted, "{url}");
        }
    }

    /// Decision 0520.
    #[tokio::test]
    async fn a_look_up_that_was_given_up_keeps_its_slot() {
        let slots = ExchangeSlots::default();
        let take = |host, patience| slots.take(Purpose::Configuration, host, None, patience);
        let mut unanswered = Vec::new();
        for _ in 0..2 {
            let slot = take("slow:443", Duration::ZERO).await.unwrap();
            let (answer, answered) = mpsc::channel::<()>();
            unanswered.push(answer);
            let looking = looked_up(slot.look_up(), move || {
                let _ = answered.recv();
                Ok(Vec::new())
            });
            let given_up = tokio::time::timeout(Duration::from_millis(1), looking).await;
            assert!(given_up.is_err());
        }
        assert!(take("slow:443", Duration::from_millis(20)).await.is_none());
        assert!(take("other:443", Duration::ZERO).await.is_some());
        drop(unanswered);
        let minute = Duration::from_secs(60);
        assert!(take("slow:443", minute).await.is_some());
    }

    #[tokio::test]
    async fn a_client_looks_names_up_in_the_slot_of_its_exchange() {
        let server = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let port = server.local_addr().unwrap().port();
        let serving = tokio::spawn(async move {
            let (mut client, _) = server.accept().await.unwrap();
            assert_ne!(client.read(&mut [0; 1024]).await.unwrap(), 0);
            let answer = b"HTTP/1.1 204 No Content\r\n\r\n";
            client.write_all(answer).await.unwrap();
        });
        let outbound = Outbound::new(AllowList::parse("localhost").unwrap()).unwrap();
        let url = Url::parse(&format!("http://localhost:{port}/")).unwrap();
        let request = Request {
            purpose: Purpose::Service,
            source: None,
            url: &url,
            accept: "*/*",
            bearer: None,
            limit: 0,
        };
        // Without a slot the look-up would fail.
        assert_eq!(outbound.get(request).await.unwrap().status, 204);
        serving.await.unwrap();
    }

    #[cases("TC-229", "TC-230")]
    #[test]
    fn one_inside_address_spoils_the_whole_answer() {
        let addresses = |list: &[&str]| -> Vec<SocketAddr> {
            list.iter()
                .map(|ip| SocketAddr::new(ip.parse().unwrap(), 0))
                .collect()
        };
        let none = AllowList::default();
        let public = addresses(&["8.8.8.8", "2606:4700::1"]);
        assert_eq!(
            checked(public.clone(), "lms.example.edu", &none),
            Ok(public)
        );
        for mixed in [
            &["8.8.8.8", "10.0.0.1"][..],
            &["127.0.0.1", "8.8.8.8"],
            &["8.8.8.8", "::ffff:10.0.0.1"],
            &[],
        ] {
            assert_eq!(
                checked(addresses(mixed), "lms.example.edu", &none),
                Err(BlockedAddress::NotPublic),
                "{mixed:?}"
            );
        }
        let listed = AllowList::parse("10.0.0.1").unwrap();
        assert!(
            checked(
                addresses(&["8.8.8.8", "10.0.0.1"]),
                "lms.example.edu",
                &listed
            )
            .is_ok()
        );
        assert!(
            checked(
                addresses(&["8.8.8.8", "10.0.0.2"]),
                "lms.example.edu",
                &listed
            )
            .is_err()
        );
    }
}
