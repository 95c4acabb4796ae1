//! Whose pages may frame ours (lti.md I-42): for each registration the origins of its own
//! addresses, those of its vendor's schools, and those an operator listed.
//!
//! Hosted Canvas, Blackboard and Schoology have one issuer for all schools, and the page around us
//! is on the school's host. Schools with separate hosts have to be listed.

use store::platforms::PlatformRow;
use url::{Host, Url};

use crate::kit::text::for_log;

/// Most entries in a platform's list.
const MOST_ORIGINS: usize = 50;
/// Longest list of a platform, in bytes. All of it goes into one header, and nginx by default
/// accepts 4 KiB of response headers
/// (docs/decisions/0377-what-others-put-into-headers-is-bounded.md).
const LIST_BYTES: usize = 1536;
/// Most bytes of the list together with the platform's own origins.
const POLICY_BYTES: usize = 2048;
/// Longest host, in bytes, as DNS has it.
const HOST_BYTES: usize = 253;

/// Issuers that stand for many schools, and the schools' hosts.
const SCHOOLS: [(&str, &str); 5] = [
    (
        "https://canvas.instructure.com",
        "https://*.instructure.com",
    ),
    (
        "https://canvas.beta.instructure.com",
        "https://*.instructure.com",
    ),
    (
        "https://canvas.test.instructure.com",
        "https://*.instructure.com",
    ),
    ("https://blackboard.com", "https://*.blackboard.com"),
    ("https://schoology.schoology.com", "https://*.schoology.com"),
];

/// What is wrong with an operator's list.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum OriginListProblem {
    /// This entry is not an origin.
    NoOrigin(String),
    TooMany,
    /// It is too long, with this many bytes.
    TooLong(usize),
}

impl OriginListProblem {
    /// A text to follow the list's name.
    pub(crate) fn says(&self) -> String {
        match self {
            Self::NoOrigin(entry) => format!(
                "must be origins such as https://lms.example.edu or https://*.example.edu; “{entry}” is not one"
            ),
            Self::TooMany => format!("must have at most {MOST_ORIGINS} entries"),
            Self::TooLong(bytes) => format!(
                "must have at most {LIST_BYTES} bytes in all, not {bytes}, because the whole list goes into one header. \
                 One entry such as https://*.example.edu covers every host below that domain"
            ),
        }
    }
}

/// Sources of a content security policy's `frame-ancestors`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct FrameOrigins(Vec<String>);

impl FrameOrigins {
    /// Everyone who may frame our pages for a platform, its own origins first. What exceeds a
    /// header's length is left out.
    pub(crate) fn of(platform: &PlatformRow) -> Self {
        let mut origins = Self::default();
        for url in [&platform.issuer, &platform.authorization_endpoint] {
            origins.add_origin_of(url);
        }
        for (issuer, schools) in SCHOOLS {
            if issuer == platform.issuer {
                origins.add(schools.to_owned());
            }
        }
        for source in Self::listed(&platform.frame_origins).0 {
            origins.add(source);
        }
        while origins.policy().len() > POLICY_BYTES {
            origins.0.pop();
        }
        origins
    }

    /// The origins of addresses; those without one are left out.
    pub(crate) fn of_urls<'a>(urls: impl IntoIterator<Item = &'a str>) -> Self {
        let mut origins = Self::default();
        for url in urls {
            origins.add_origin_of(url);
        }
        origins
    }

    /// Parses a stored list.
    pub(crate) fn listed(text: &str) -> Self {
        Self(text.split_whitespace().map(str::to_owned).collect())
    }

    /// Parses an operator's list.
    ///
    /// # Errors
    /// An entry is not an origin, or the list is too long.
    pub(crate) fn parse(entries: &[String]) -> Result<Self, OriginListProblem> {
        let mut origins = Self::default();
        for entry in entries {
            let source = source(entry);
            let no_origin = || OriginListProblem::NoOrigin(for_log(entry).to_owned());
            origins.add(source.ok_or_else(no_origin)?);
            if origins.0.len() > MOST_ORIGINS {
                return Err(OriginListProblem::TooMany);
            }
        }
        match origins.policy().len() {
            bytes if bytes > LIST_BYTES => Err(OriginListProblem::TooLong(bytes)),
            _ => Ok(origins),
        }
    }

    /// The form used in the policy and in the store.
    pub(crate) fn policy(&self) -> String {
        self.0.join(" ")
    }

    /// The sources one by one.
    pub(crate) fn into_sources(self) -> Vec<String> {
        self.0
    }

    /// The sources that `other` doesn't cover.
    #[must_use]
    pub(crate) fn beyond(self, other: &Self) -> Self {
        Self(
            self.0
                .into_iter()
                .filter(|origin| !other.cover(origin))
                .collect(),
        )
    }

    /// Whether a page with this origin may frame ours.
    pub(crate) fn cover(&self, origin: &str) -> bool {
        self.0
            .iter()
            .any(|source| match source.split_once("://*.") {
                None => source == origin,
                Some((scheme, domain)) => origin
                    .strip_prefix(scheme)
                    .and_then(|rest| rest.strip_prefix("://"))
                    .and_then(|host| host.strip_suffix(domain))
                    .is_some_and(|below| below.len() > 1 && below.ends_with('.')),
            })
    }

    fn add(&mut self, source: String) {
        if !self.0.contains(&source) {
            self.0.push(source);
        }
    }

    fn add_origin_of(&mut self, url: &str) {
        let origin = Url::parse(url)
            .ok()
            .map(|url| url.origin().ascii_serialization());
        if let Some(origin) = origin.and_then(|origin| source(&origin)) {
            self.add(origin);
        }
    }
}

/// An origin, or all hosts below a domain, in its normal form.
fn source(text: &str) -> Option<String> {
    let (scheme, rest) = text.trim().trim_end_matches('/').split_once("://")?;
    let (star, host) = match rest.strip_prefix("*.") {
        Some(domain) => ("*.", domain),
        None => ("", rest),
    };
    let url = Url::parse(&format!("{scheme}://{host}")).ok()?;
    let bare = url.path() == "/"
        && url.query().is_none()
        && url.fragment().is_none()
        && url.username().is_empty()
        && url.password().is_none();
    // An address may contain characters that would end the source in a policy.
    let host_fits = match url.host()? {
        Host::Domain(name) => {
            name.len() <= HOST_BYTES
                && name
                    .bytes()
                    .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'_'))
                && (star.is_empty() || name.contains('.'))
        }
        Host::Ipv4(_) | Host::Ipv6(_) => star.is_empty(),
    };
    let fits = matches!(url.scheme(), "http" | "https") && bare && host_fits;
    let origin = url.origin().ascii_serialization();
    let (scheme, host) = origin.split_once("://")?;
    fits.then(|| format!("{scheme}://{star}{host}"))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a panic is how a test fails")]
mod tests {
    use test_case::cases;

    use super::*;
    use crate::testing;

    #[cases("TC-162")]
    #[test]
    fn entries_are_origins_and_nothing_that_could_end_a_policy() {
        for (entry, wanted) in [
            ("https://LMS.example.edu/", "https://lms.example.edu"),
            ("https://lms.example.edu:443", "https://lms.example.edu"),
            ("http://10.0.0.1:8080", "http://10.0.0.1:8080"),
            ("https://*.example.edu", "https://*.example.edu"),
            ("https://[::1]:8443", "https://[::1]:8443"),
        ] {
            let parsed = FrameOrigins::parse(&[entry.to_owned()]).unwrap();
            assert_eq!(parsed.policy(), wanted);
        }
        for bad in [
            "*",
            "https:",
            "https://*",
            "https://*.edu",
            "https://*.1.2.3.4",
            "lms.example.edu",
            "'self'",
            "https://lms.example.edu/path",
            "https://lms.example.edu?x",
            "https://u@lms.example.edu",
            "https://a.example.edu https://b.example.edu",
            "https://a;sandbox.example.edu",
            "data:text/html,x",
            "https://a.example.edu;script-src *",
            "javascript://x",
            "https://a'b.example.edu",
            "https://a,b.example.edu",
        ] {
            let refused = Err(OriginListProblem::NoOrigin(bad.to_owned()));
            assert_eq!(FrameOrigins::parse(&[bad.to_owned()]), refused);
            assert!(!FrameOrigins::of_urls([bad]).cover("null"), "{bad}");
        }
    }

    #[test]
    fn a_list_fits_into_a_header() {
        let hosts = |count: usize, length: usize| -> Vec<String> {
            let host = |number: usize| format!("https://{number:0>width$}.de", width = length - 11);
            (0..count).map(host).collect()
        };
        let parse = |count, length| FrameOrigins::parse(&hosts(count, length));
        // Including the blanks between them.
        assert_eq!(parse(24, 63).unwrap().policy().len(), 24 * 64 - 1);
        assert_eq!(parse(25, 63), Err(OriginListProblem::TooLong(25 * 64 - 1)));
        assert_eq!(parse(50, 29).unwrap().into_sources().len(), 50);
        assert_eq!(parse(51, 20), Err(OriginListProblem::TooMany));
        assert!(parse(1, HOST_BYTES + 8).is_ok());
        let refused = parse(1, HOST_BYTES + 9);
        assert!(
            matches!(refused, Err(OriginListProblem::NoOrigin(_))),
            "{refused:?}"
        );
    }

    /// With a list that was stored before there was a limit.
    #[test]
    fn what_a_header_has_no_room_for_is_left_out() {
        let listed: Vec<String> = (0..100)
            .map(|number| format!("https://{number}.{}.example", "school".repeat(4)))
            .collect();
        let platform = PlatformRow {
            frame_origins: listed.join(" "),
            ..testing::platform()
        };
        let origins = FrameOrigins::of(&platform);
        assert!(origins.policy().len() <= POLICY_BYTES);
        assert!(origins.cover(&listed[0]) && !origins.cover(&listed[99]));
        assert!(origins.cover("https://lms.example"), "its own is first");
    }

    #[test]
    fn a_star_stands_for_hosts_below_a_domain_only() {
        let origins = FrameOrigins::listed("https://*.instructure.com https://lms.example.edu");
        for covered in [
            "https://school.instructure.com",
            "https://a.beta.instructure.com",
            "https://lms.example.edu",
        ] {
            assert!(origins.cover(covered), "{covered}");
        }
        for foreign in [
            "https://instructure.com",
            "https://notinstructure.com",
            "http://school.instructure.com",
            "https://school.instructure.com:8443",
            "https://.instructure.com",
            "null",
            "https://lms.example.edu:8443",
        ] {
            assert!(!origins.cover(foreign), "{foreign}");
        }
    }
}
