//! Which addresses of a platform a place reaches. The platform's host has other courses too, and
//! its own addresses for tokens and keys, so being on that host is not enough (decision 0514).

use percent_encoding::percent_decode_str;
use store::platforms::{KeyMethod, PlatformRow};
use url::Url;

use super::platform_client::{FOREIGN_ADDRESS, permitted};
use super::query_readings::{keeps_query, may_name};
use crate::launch::ServicePlace;
use crate::web::problem::Problem;

/// A segment in the addresses of lists that belong to one link (Sakai, Open edX, OpenOLAT): line
/// items of the course's other links are in lists of their own.
const LISTS_OF_ONE_LINK: [&str; 3] = ["imsblis", "lti_consumer", "ags"];

/// Whether an address shows that it is a page of the list that begins at `begins`: pages differ in
/// the query, but not in what the list's own query says, which may be the course.
pub(super) fn is_page_of(page: &Url, begins: &Url) -> bool {
    is_at(page, begins) && keeps_query(page, begins)
}

/// An address from the application that is to be a line item of this place. `is_listed` says that
/// the platform's product has one list per course, and line items' addresses below it. In other
/// products this counts if the place's own line item is there.
///
/// # Errors
/// 400 if it is on another host, or certainly none of this place.
pub(super) fn line_item(
    url: Url,
    place: &ServicePlace,
    platform: &PlatformRow,
    is_listed: bool,
) -> Result<Url, Problem> {
    let url = permitted(url, place.addresses())?;
    let grades = place.grades.as_ref();
    let own = grades.and_then(|grades| parsed(grades.line_item.as_deref()));
    if own.as_ref().is_some_and(|own| is_page_of(&url, own)) {
        return Ok(url);
    }
    let list = grades.and_then(|grades| parsed(grades.line_items.as_deref()));
    let is_elsewhere = list.is_some_and(|list| {
        let is_certain = match &own {
            Some(own) => is_within(own, &list) && (is_listed || !is_of_one_link(&list)),
            None => is_listed,
        };
        is_certain && !is_within(&url, &list)
    });
    if is_elsewhere || is_own_of(platform, &url) {
        return Err(FOREIGN_ADDRESS.saying(
            "This address is on the platform's host, but it is no line item of the course that the launch or service key is \
             for, so no access token is sent there.",
        ));
    }
    Ok(url)
}

fn parsed(address: Option<&str>) -> Option<Url> {
    Url::parse(address?).ok()
}

/// Whether an address is the list, or below it.
fn is_within(url: &Url, list: &Url) -> bool {
    url.origin() == list.origin()
        && segments(url).starts_with(&segments(list))
        && is_plain(url)
        && keeps_query(url, list)
}

fn is_of_one_link(list: &Url) -> bool {
    segments(list).iter().any(|segment| {
        let mut names = LISTS_OF_ONE_LINK.iter();
        names.any(|name| segment.eq_ignore_ascii_case(name))
    })
}

/// Whether an address is the platform's for logins, tokens or keys, as any server may read it.
fn is_own_of(platform: &PlatformRow, url: &Url) -> bool {
    let keys = matches!(platform.key_method, KeyMethod::JwkSet).then_some(&platform.key_value);
    let own = [&platform.authorization_endpoint, &platform.token_endpoint];
    let mut own = own.into_iter().chain(keys);
    let folded = |url: &Url| segments(url).join("/").to_ascii_lowercase();
    own.any(|own| {
        Url::parse(own).is_ok_and(|own| {
            url.origin() == own.origin() && folded(url) == folded(&own) && may_name(url, &own)
        })
    })
}

fn is_at(url: &Url, other: &Url) -> bool {
    url.origin() == other.origin() && segments(url) == segments(other)
}

/// The path as platforms may read it: without encoding and empty segments, and without parameters
/// of segments (`;…`), which some servers remove before they follow `..`. Capitals count: they tell
/// some platforms' ids apart.
fn segments(url: &Url) -> Vec<String> {
    let path = percent_decode_str(url.path()).decode_utf8_lossy();
    let segments = path
        .split(['/', '\\'])
        .map(|segment| segment.split(';').next().unwrap_or_default())
        .filter(|segment| !segment.is_empty());
    segments.map(str::to_owned).collect()
}

/// Whether no server can read the path as another: it leads nowhere else, and is encoded once.
fn is_plain(url: &Url) -> bool {
    segments(url).iter().all(|segment| {
        let folded = segment.to_ascii_lowercase();
        let is_encoded = ["%2e", "%2f", "%5c", "%3b", "%25"]
            .iter()
            .any(|code| folded.contains(code));
        !matches!(&*folded, "." | "..") && !is_encoded
    })
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a panic is how a test fails")]
mod tests {
    use test_case::cases;

    use super::*;
    use crate::launch::GradeAddresses;
    use crate::testing::platform;

    fn url(text: &str) -> Url {
        Url::parse(text).unwrap()
    }

    fn place(line_items: Option<&str>, line_item: Option<&str>) -> ServicePlace {
        ServicePlace {
            memberships: Some("https://lms.example/m".into()),
            grades: Some(GradeAddresses {
                line_items: line_items.map(str::to_owned),
                line_item: line_item.map(str::to_owned),
                scopes: Vec::new(),
            }),
            ..ServicePlace::default()
        }
    }

    fn is_reached(place: &ServicePlace, id: &str, is_listed: bool) -> bool {
        line_item(url(id), place, &platform(), is_listed).is_ok()
    }

    #[cases("F-09")]
    #[test]
    fn pages_of_a_list_differ_in_the_query_alone() {
        let begins = url("https://lms.example/members?course=2");
        for (page, expected) in [
            ("https://lms.example/members?course=2&page=2", true),
            ("https://lms.example/members/?page=2&course=2", true),
            ("https://lms.example/members?cursor=of-course-3", false),
            ("https://lms.example/members?COURSE=2", false),
            ("https://lms.example/Members?course=2", false),
            ("https://lms.example/members?course=3", false),
            ("https://lms.example/members?course=2&COURSE=3", false),
            ("https://lms.example/members/3?course=2", false),
            ("https://lms.example/token", false),
            ("https://other.example/members?course=2", false),
        ] {
            assert_eq!(is_page_of(&url(page), &begins), expected, "{page}");
        }
    }

    #[cases("F-09")]
    #[test]
    fn a_line_item_is_in_the_places_list() {
        let place = place(
            Some("https://lms.example/2/lineitems?type_id=1"),
            Some("https://lms.example/2/lineitems/1/lineitem?type_id=1"),
        );
        let own = "?type_id=1";
        for (id, query, expected) in [
            ("https://lms.example/2/lineitems/1/lineitem", own, true),
            ("https://lms.example/2/lineitems/7/lineitem", own, true),
            (
                "https://lms.example/2/lineitems/7",
                "?type_id=1&page=2",
                true,
            ),
            ("https://lms.example/2/lineitems/7", "?type_id=2", false),
            ("https://lms.example/2/lineitems/7", "", false),
            ("https://lms.example/3/lineitems/7", own, false),
            ("https://lms.example/2/lineItems/7", own, false),
            (
                "https://lms.example/2/lineitems/..%2F..%2F3/lineitems/7",
                own,
                false,
            ),
            (
                "https://lms.example/2/lineitems/..;/..;/3/lineitems/7",
                own,
                false,
            ),
            ("https://lms.example/2/lineitems/..%3b/..%3B/3", own, false),
            (
                "https://lms.example/2/lineitems/%252E%252e%252f3",
                own,
                false,
            ),
            ("https://lms.example/2/lineitems2/7", own, false),
            ("https://lms.example/m", own, false),
            ("https://lms.example/token", own, false),
            ("https://lms.example:444/2/lineitems/7", own, false),
            ("http://lms.example/2/lineitems/7", own, false),
            ("https://evil.example/2/lineitems/7", own, false),
            ("https://lms.example@evil.example/2/lineitems/7", own, false),
        ] {
            let id = format!("{id}{query}");
            for is_listed in [true, false] {
                assert_eq!(is_reached(&place, &id, is_listed), expected, "{id}");
            }
        }
    }

    #[cases("F-09")]
    #[test]
    fn where_lists_dont_show_their_items_any_may_be_meant() {
        let apart = (
            "https://lms.example/lineitems/a",
            "https://lms.example/lineitem/a",
        );
        let of_link = (
            "https://lms.example/api/lti_consumer/v1/lti/1/lti-ags",
            "https://lms.example/api/lti_consumer/v1/lti/1/lti-ags/5",
        );
        for place in [
            place(Some(apart.0), Some(apart.1)),
            place(Some(of_link.0), Some(of_link.1)),
            place(None, Some(apart.1)),
        ] {
            let reached =
                |path: &str| is_reached(&place, &format!("https://lms.example/{path}"), false);
            assert!(reached("api/lti_consumer/v1/lti/2/lti-ags/6"));
            for own in ["token", "keys", "auth?x=1", "TOKEN/", "/tok%65n", "token;x"] {
                assert!(!reached(own), "{own}");
            }
            assert!(!is_reached(
                &place,
                "https://other.example/lineitem/b",
                false
            ));
        }
    }

    /// An LMS with one path, which routes by the query.
    #[cases("F-09")]
    #[test]
    fn the_platforms_own_addresses_may_differ_in_the_query() {
        let at = |query: &str| format!("https://lms.example/index.php?{query}");
        let platform = PlatformRow {
            token_endpoint: at("r=token"),
            ..platform()
        };
        let place = place(
            Some(&at("r=lineitems&course=2")),
            Some(&at("r=lineitem&id=7")),
        );
        for (query, expected) in [
            ("r=lineitem&id=7", true),
            ("r=lineitem&id=9", true),
            ("id=9", true),
            ("r=token", false),
            ("r=token&id=9", false),
            ("r=lineitem&id=9&r=Token", false),
            ("id=9;r=token", false),
            ("r[]=token", false),
        ] {
            for is_listed in [true, false] {
                let reached = line_item(url(&at(query)), &place, &platform, is_listed);
                assert_eq!(reached.is_ok(), expected, "{query} {is_listed}");
            }
        }
    }

    #[cases("F-09")]
    #[test]
    fn capitals_tell_courses_apart() {
        let place = place(
            Some("https://lms.example/aB/lineitems"),
            Some("https://lms.example/aB/lineitems/1"),
        );
        for (course, expected) in [("aB", true), ("Ab", false), ("%61B", true)] {
            let id = format!("https://lms.example/{course}/lineitems/2");
            assert_eq!(is_reached(&place, &id, true), expected, "{id}");
        }
    }

    #[test]
    fn without_an_own_line_item_the_product_decides() {
        let place = place(Some("https://lms.example/2/lineitems"), None);
        for (id, is_listed, expected) in [
            ("https://lms.example/2/lineitems/7", true, true),
            ("https://lms.example/3/lineitems/7", true, false),
            ("https://lms.example/3/lineitems/7", false, true),
        ] {
            assert_eq!(
                is_reached(&place, id, is_listed),
                expected,
                "{id} {is_listed}"
            );
        }
    }
}
