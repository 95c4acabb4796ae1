//! Which addresses of a platform a place reaches. The platform's host has other courses too, and
//! its own addresses for tokens and keys, so being on that host is not enough (decision 0514).

use store::platforms::{KeyMethod, PlatformRow};
use url::Url;

use super::list_shapes::{is_of_one_link, sakai_site};
use super::path_readings::{has_dots, is_plain, segments};
use super::platform_client::{FOREIGN_ADDRESS, permitted};
use super::query_readings::{keeps_query, may_name};
use crate::launch::ServicePlace;
use crate::web::problem::Problem;

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
    let is_elsewhere = list.is_some_and(|list| is_outside(&url, &list, own.as_ref(), is_listed));
    if is_elsewhere || has_dots(&url) || is_own_of(platform, &url) {
        return Err(FOREIGN_ADDRESS.saying(
            "This address is on the platform's host, but it is no line item of the course that the launch or service key is \
             for, so no access token is sent there.",
        ));
    }
    Ok(url)
}

/// Whether an address is certainly none of the list's course.
fn is_outside(url: &Url, list: &Url, own: Option<&Url>, is_listed: bool) -> bool {
    if let Some(site) = sakai_site(list) {
        let is_there = url.origin() == list.origin() && is_plain(url) && keeps_query(url, list);
        return !is_there || sakai_site(url) != Some(site);
    }
    let is_certain = match own {
        Some(own) => is_within(own, list) && (is_listed || !is_of_one_link(list)),
        None => is_listed,
    };
    is_certain && !is_within(url, list)
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
            (
                "https://lms.example/2/lineitems/7",
                "?type_id=1&type_id[]=2",
                false,
            ),
            (
                "https://lms.example/2/lineitems/7",
                "?type_id=1&%20type_id=2",
                false,
            ),
            (
                "https://lms.example/2/lineitems/7",
                "?type_id=1&type_id%00=2",
                false,
            ),
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
            (
                "https://lms.example/2/lineitems/..%20/..%20/3/lineitems/7",
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
        let of_element = (
            "https://lms.example/lti/ags/17/context/5/lineitems/",
            "https://lms.example/lti/ags/17/context/5/lineitems/3/lineitem",
        );
        for place in [
            place(Some(apart.0), Some(apart.1)),
            place(Some(of_link.0), Some(of_link.1)),
            place(Some(of_element.0), Some(of_element.1)),
            place(None, Some(apart.1)),
        ] {
            let reached =
                |path: &str| is_reached(&place, &format!("https://lms.example/{path}"), false);
            assert!(reached("api/lti_consumer/v1/lti/2/lti-ags/6"));
            for own in ["token", "keys", "auth?x=1", "TOKEN/", "/tok%65n", "token;x"] {
                assert!(!reached(own), "{own}");
            }
            for elsewhere in ["lineitem/..%20/token", "lineitem/..;/token"] {
                assert!(!reached(elsewhere), "{elsewhere}");
            }
            assert!(!is_reached(
                &place,
                "https://other.example/lineitem/b",
                false
            ));
        }
    }

    #[cases("F-09")]
    #[test]
    fn a_list_that_only_resembles_openolats_is_a_courses() {
        for list in ["x/ags/lineitems", "x/agsx/lineitems", "lti/ags/lineitems"] {
            let list = format!("https://lms.example/{list}");
            for own in ["/9", "/9?course=1"] {
                let own = format!("{list}{own}");
                let place = place(Some(&list), Some(&own));
                assert!(is_reached(&place, &format!("{list}/7"), false), "{own}");
                for id in ["https://lms.example/other", "https://lms.example/x/ags"] {
                    assert!(!is_reached(&place, id, false), "{own} {id}");
                }
            }
            let named = format!("{list}?course=1");
            let place = place(Some(&named), Some(&format!("{list}/9?course=1")));
            for (query, expected) in [("?course=1", true), ("?course=2", false), ("", false)] {
                let id = format!("{list}/1234{query}");
                assert_eq!(is_reached(&place, &id, false), expected, "{id}");
            }
        }
    }

    /// Its page keeps what the line item's address has, and that has what the list's has.
    #[cases("F-09")]
    #[test]
    fn a_line_items_results_are_of_its_course() {
        let item = url("https://lms.example/x/lineitems/1234?course=1&item=5");
        let results = lti::ags::results_url(&item);
        let page = "https://lms.example/x/lineitems/1234/results";
        for (query, expected) in [
            ("?course=1&item=5&page=2", true),
            ("?course=2", false),
            ("?course=2&item=5", false),
            ("?course=1&item=5&course[]=2", false),
            ("", false),
        ] {
            let page = url(&format!("{page}{query}"));
            assert_eq!(is_page_of(&page, &results), expected, "{page}");
        }
    }

    #[cases("F-09")]
    #[test]
    fn sakais_line_items_are_those_of_the_site() {
        let at = |path: &str| format!("https://lms.example/imsblis/lti13/{path}");
        let own = at("lineitem/x:::site-a:::content:3");
        let lists = ["lineitems/site-a", "lineitems/x:::site-a:::content:3"];
        for (list, own) in lists
            .into_iter()
            .flat_map(|list| [(list, Some(&*own)), (list, None)])
        {
            let place = place(Some(&at(list)), own);
            for (path, expected) in [
                ("lineitem/x:::site-a:::content:3", true),
                ("lineitem/x%3A%3A%3Asite-a%3A%3A%3Acontent%3A3", true),
                ("lineitems/site-a/5", true),
                ("lineitems/y:::site-a:::content:9/5", true),
                ("lineitems/site-b/5", false),
                ("lineitem/y:::site-b:::content:9", false),
                ("lineitems/y:::site-b:::content:9/5", false),
                ("lineitems/y%3A%3A%3Asite-b%3A%3A%3Acontent%3A9/5", false),
                ("lineitems/a:::site-a/5", false),
                ("lineitems/site-A/5", false),
                ("lineitems/site-a/%2e%2e/site-b/5", false),
                ("lineitems/site-a/..%2fsite-b/5", false),
                ("lineitems/site-a/..%20/site-b/5", false),
                ("lineitems/site-a/%252e%252e/site-b/5", false),
                ("token/site-a", false),
                ("groupservice/site-a", false),
            ] {
                for is_listed in [true, false] {
                    let reached = is_reached(&place, &at(path), is_listed);
                    assert_eq!(reached, expected, "{list} {own:?} {path}");
                }
            }
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
