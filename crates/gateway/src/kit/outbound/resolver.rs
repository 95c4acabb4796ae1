//! Resolves names, but only to addresses that we may connect to.

use std::net::SocketAddr;
use std::sync::Arc;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};

use super::address::{AllowList, BlockedAddress, is_public};

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
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?.collect();
            let checked = checked(found, name.as_str(), &allowed)?;
            Ok(Box::new(checked.into_iter()) as Addrs)
        })
    }
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
    use test_case::cases;
    use url::Url;

    use super::*;
    use crate::kit::outbound::Outbound;

    /// What a name resolves to under an allow-list; `None` if it is blocked.
    async fn resolve(name: &str, allowed: &str) -> Option<Vec<SocketAddr>> {
        let allowed = Arc::new(AllowList::parse(allowed).unwrap());
        match (Resolver { allowed }).resolve(name.parse().unwrap()).await {
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
