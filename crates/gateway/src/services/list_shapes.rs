//! Addresses of line items in products where they are not below one list for the course
//! (decision 0514).

use url::Url;

use super::path_readings::segments;

/// A part of the path of a list that belongs to one link: line items of the course's other links
/// are in lists of their own. `*` is any segment.
const LISTS_OF_ONE_LINK: [&[&str]; 2] = [
    // Open edX.
    &["lti_consumer"],
    // OpenOLAT.
    &["lti", "ags", "*", "context", "*", "lineitems"],
];

/// Whether the address is one of a list that belongs to one link.
pub(super) fn is_of_one_link(list: &Url) -> bool {
    let path = segments(list);
    let mut shapes = LISTS_OF_ONE_LINK.iter();
    shapes.any(|shape| has_part(&path, shape))
}

fn has_part(path: &[String], shape: &[&str]) -> bool {
    path.windows(shape.len()).any(|part| {
        let mut part = part.iter().zip(shape);
        part.all(|(segment, name)| *name == "*" || segment == name)
    })
}

/// The site in an address of Sakai's line items. A list is at `…/lineitems/{site}`, its line items
/// below it. The link's own line item has a signed placement in place of the site:
/// `…/lineitem/{signature}:::{site}:::content:{link}`, as had the lists of older versions.
pub(super) fn sakai_site(url: &Url) -> Option<String> {
    let path = segments(url);
    let [imsblis, lti13, list, place, ..] = path.as_slice() else {
        return None;
    };
    let is_sakai = imsblis == "imsblis" && lti13 == "lti13";
    if !is_sakai || !matches!(list.as_str(), "lineitem" | "lineitems") {
        return None;
    }
    let parts: Vec<&str> = place.split(":::").collect();
    match parts.as_slice() {
        [site] | [_, site, _] => Some((*site).to_owned()),
        _ => None,
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a panic is how a test fails")]
mod tests {
    use test_case::cases;

    use super::*;

    fn at(path: &str) -> Url {
        Url::parse(&format!("https://lms.example/{path}")).unwrap()
    }

    #[cases("F-09")]
    #[test]
    fn lists_of_one_link_are_known_by_their_path() {
        for (path, expected) in [
            ("api/lti_consumer/v1/lti/1/lti-ags", true),
            ("lti/ags/17/context/5/lineitems/", true),
            ("olat/lti/ags/17/context/5/lineitems", true),
            ("x/ags/lineitems", false),
            ("lti/ags/lineitems", false),
            ("lti/ags/context/12/lineitems", false),
            (
                "d2l/api/lti/ags/2.0/deployment/1/orgunit/2/lineitems",
                false,
            ),
            ("imsblis/lti13/lineitems/site-a", false),
        ] {
            assert_eq!(is_of_one_link(&at(path)), expected, "{path}");
        }
    }

    #[cases("F-09")]
    #[test]
    fn sakais_addresses_name_the_site() {
        for (path, site) in [
            ("imsblis/lti13/lineitems/site-a", Some("site-a")),
            ("imsblis/lti13/lineitems/site-a/5/results", Some("site-a")),
            (
                "imsblis/lti13/lineitems/x:::site-a:::content:3/5",
                Some("site-a"),
            ),
            (
                "imsblis/lti13/lineitem/x:::site-a:::content:3",
                Some("site-a"),
            ),
            (
                "imsblis/lti13/lineitem/x%3A%3A%3Asite-a%3A%3A%3Acontent%3A3",
                Some("site-a"),
            ),
            ("imsblis/lti13/lineitems/a:::site-a", None),
            (
                "imsblis/lti13/lineitems/a:::site-b:::site-a:::content:3",
                None,
            ),
            ("imsblis/lti13/lineitems", None),
            ("imsblis/lti13/token/site-a", None),
            ("imsblis/lti13/services/2/lineitems", None),
            ("x/imsblis/lti13/lineitems/site-a", None),
        ] {
            assert_eq!(sakai_site(&at(path)).as_deref(), site, "{path}");
        }
    }
}
