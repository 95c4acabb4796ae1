//! The usual names of LMSs.

/// Product families as platforms send them, and the usual name of the LMS.
const FAMILIES: [(&str, &str); 15] = [
    ("moodle", "Moodle"),
    ("canvas", "Canvas"),
    ("desire2learn", "Brightspace"),
    ("d2l", "Brightspace"),
    ("brightspace", "Brightspace"),
    ("BlackboardLearn", "Blackboard"),
    ("blackboard", "Blackboard"),
    ("sakai", "Sakai"),
    ("sakailms.org", "Sakai"),
    ("schoology", "Schoology"),
    ("openedx", "Open edX"),
    ("ilias", "ILIAS"),
    ("ilias.de", "ILIAS"),
    ("openolat", "OpenOlat"),
    ("hallpass-simulator", "Hallpass"),
];

/// Issuers of vendors that use one for all schools, for platforms that were registered by hand.
const ISSUERS: [(&str, &str); 3] = [
    ("instructure.com", "Canvas"),
    ("blackboard.com", "Blackboard"),
    ("schoology.com", "Schoology"),
];

/// The usual name of an LMS with this product family and issuer, if we know it.
pub(crate) fn known_lms(family: Option<&str>, issuer: &str) -> Option<&'static str> {
    let found = match family {
        Some(family) => {
            let mut all = FAMILIES.iter();
            all.find(|(code, _)| code.eq_ignore_ascii_case(family))
        }
        None => {
            let host = host_of(issuer);
            ISSUERS.iter().find(|(domain, _)| host.ends_with(domain))
        }
    };
    found.map(|(_, name)| *name)
}

/// Every family of the LMS that has this one, in lower case. None has more than three.
pub(crate) fn families_like(family: &str) -> Vec<String> {
    let name = known_lms(Some(family), "");
    let alike = FAMILIES.iter().filter(|(_, lms)| Some(*lms) == name);
    alike.map(|(code, _)| code.to_ascii_lowercase()).collect()
}

/// The same, or else the family itself; empty if nothing is known.
pub(crate) fn lms_name(family: Option<&str>, issuer: &str) -> String {
    let unknown = family.unwrap_or_default();
    known_lms(family, issuer).unwrap_or(unknown).to_owned()
}

/// The host of an issuer, or the issuer itself if it is not an address.
pub(crate) fn host_of(issuer: &str) -> String {
    let host = url::Url::parse(issuer).ok();
    let host = host.and_then(|url| url.host_str().map(str::to_owned));
    host.unwrap_or_else(|| issuer.to_owned())
}

/// An issuer as people tell it from others: its host with port and path, without the scheme. Two
/// LMSs may share a host.
pub(crate) fn place_of(issuer: &str) -> String {
    let place = issuer.split_once("://").map_or(issuer, |(_, place)| place);
    place.trim_end_matches('/').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lmss_have_the_names_that_people_use() {
        assert_eq!(lms_name(Some("moodle"), "https://x.example"), "Moodle");
        assert_eq!(lms_name(Some("other"), "https://x.example"), "other");
        assert_eq!(lms_name(None, "https://canvas.instructure.com"), "Canvas");
        assert_eq!(lms_name(None, "https://x.example/a"), "");
        assert_eq!(host_of("https://x.example/a"), "x.example");
        assert_eq!(host_of("no address"), "no address");
        assert_eq!(place_of("https://x.example/"), "x.example");
        assert_eq!(place_of("http://127.0.0.1:8071"), "127.0.0.1:8071");
        assert_eq!(place_of("https://x.example/moodle"), "x.example/moodle");
        assert_eq!(place_of("no address"), "no address");
    }

    /// As their configurations and launches have them (crates/simulator/src/profiles).
    #[test]
    fn every_lms_is_known_by_what_it_calls_itself() {
        for (family, name) in [
            ("moodle", "Moodle"),
            ("canvas", "Canvas"),
            ("desire2learn", "Brightspace"),
            ("BlackboardLearn", "Blackboard"),
            ("sakailms.org", "Sakai"),
            ("sakai", "Sakai"),
            ("schoology", "Schoology"),
            ("openedx", "Open edX"),
            ("ilias.de", "ILIAS"),
            ("openolat", "OpenOlat"),
        ] {
            assert_eq!(known_lms(Some(family), ""), Some(name), "{family}");
            let alike = families_like(family);
            assert!(alike.contains(&family.to_ascii_lowercase()), "{alike:?}");
        }
        for (code, _) in FAMILIES {
            assert!(families_like(code).len() <= 3, "{code}");
        }
        assert!(families_like("another").is_empty());
    }
}
