//! Known platforms: the families by their own word, and the vendors whose hosts differ (D-13).

use url::Url;

/// The product a configuration says it is. Self-reported: a hint for quirks, never for trust.
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

/// A vendor whose issuer stands for many schools, so that the configuration may come from
/// another host than the issuer's. Everything else has to match exactly.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Vendor {
    /// Canvas as hosted by Instructure, with its beta and test sites.
    Canvas,
    /// Blackboard Learn.
    Blackboard,
}

impl Vendor {
    /// The vendor of this exact issuer.
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

    /// Whether this issuer gives a tool one client id for all of its schools, so that only the deployment tells one
    /// from another.
    #[must_use]
    pub fn shares_client_ids(issuer: &str) -> bool {
        matches!(
            issuer,
            "https://blackboard.com" | "https://schoology.schoology.com"
        )
    }

    /// Whether an address is one of this vendor's: https, the usual port, and a host equal to or
    /// below one of its domains, on a label boundary.
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

/// Whether the host is `domain` or ends in `.domain`.
pub(super) fn is_below(url: &Url, domain: &str) -> bool {
    url.host_str().is_some_and(|host| {
        host.strip_suffix(domain)
            .is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
    })
}
