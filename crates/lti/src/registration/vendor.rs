//! Known platforms: product families as they name themselves, and vendors that spread over several
//! hosts (D-13).

use url::Url;

/// The product named in a configuration. It is self-reported: use it for quirks, never for trust.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "each variant is the product of its name")]
#[non_exhaustive]
pub enum Family {
    Blackboard,
    Brightspace,
    Canvas,
    Ilias,
    Moodle,
    Sakai,
    Other,
}

impl Family {
    /// The family of a `product_family_code`.
    #[must_use]
    pub fn from_code(code: &str) -> Self {
        match code.to_ascii_lowercase().as_str() {
            "blackboardlearn" | "blackboard" => Self::Blackboard,
            "desire2learn" | "brightspace" => Self::Brightspace,
            "canvas" => Self::Canvas,
            "ilias" | "ilias.de" => Self::Ilias,
            "moodle" => Self::Moodle,
            "sakailms.org" | "sakai" => Self::Sakai,
            _ => Self::Other,
        }
    }
}

/// A vendor with one issuer for many schools, so the configuration may come from a host other than
/// the issuer's. Everything else must match exactly.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum CloudVendor {
    /// Canvas hosted by Instructure, including its beta and test sites.
    Canvas,
    /// Blackboard Learn.
    Blackboard,
}

impl CloudVendor {
    /// The vendor with exactly this issuer.
    #[must_use]
    pub fn of_issuer(issuer: &str) -> Option<Self> {
        match issuer {
            "https://canvas.instructure.com"
            | "https://canvas.beta.instructure.com"
            | "https://canvas.test.instructure.com" => Some(Self::Canvas),
            "https://blackboard.com" => Some(Self::Blackboard),
            _ => None,
        }
    }

    /// Whether this issuer gives a tool one client id for all its schools, so that only the
    /// deployment distinguishes them.
    #[must_use]
    pub fn shares_client_ids(issuer: &str) -> bool {
        matches!(
            issuer,
            "https://blackboard.com" | "https://schoology.schoology.com"
        )
    }

    /// Whether an address belongs to this vendor: https, the default port, and a host that is one
    /// of its domains or a subdomain of one.
    #[must_use]
    pub fn owns(self, url: &Url) -> bool {
        let domains: &[&str] = match self {
            Self::Canvas => &["instructure.com", "canvaslms.com"],
            Self::Blackboard => &["blackboard.com"],
        };
        url.scheme() == "https"
            && url.port().is_none()
            && domains.iter().any(|domain| is_below(url, domain))
    }
}

/// Whether the host is `domain` or a subdomain of it.
pub(super) fn is_below(url: &Url, domain: &str) -> bool {
    url.host_str().is_some_and(|host| {
        host.strip_suffix(domain)
            .is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
    })
}
