//! How the application pages through a platform's lists: it gets the platform's own addresses, and
//! sends one back as `url` (ltiaas-api.md §2.7).
//!
//! With `url`, other parameters are ignored, and some platforms lose a filter on the next page
//! (lti.md F-42). So the filters are kept in the fragment of the address, which platforms never
//! see.

use axum::http::StatusCode;
use lti::paging::Links;
use url::{Url, form_urlencoded};

use super::page_proofs::PageProofs;
use super::platform_client::{FOREIGN_ADDRESS, PlatformClient, permitted};
use super::platform_problem::external;
use super::reach::is_page_of;
use crate::launch::ServicePlace;
use crate::web::api_rule::ApiRule;
use crate::web::paging::wrong;
use crate::web::problem::Problem;

/// The start of the fragment, so that a platform's own fragment is not mistaken for it.
const MARK: &str = "hallpass&";
/// Replaces the filters in the fragment if there is a next page that can't be requested.
const CUT_OFF: &str = "cutOff";
/// In the fragment of a page whose address doesn't show that it belongs to the list: the proof that
/// it was handed out.
const PROOF: &str = "page";

/// A place's list, whose pages the application turns.
pub(super) struct PagedList<'a> {
    place: &'a ServicePlace,
    /// Its address, if the platform offers it here.
    begins: Option<Url>,
    proofs: &'a PageProofs,
}

impl<'a> PagedList<'a> {
    pub(super) fn new(
        client: &'a PlatformClient,
        place: &'a ServicePlace,
        begins: Option<&str>,
    ) -> Self {
        Self {
            place,
            begins: begins.and_then(|begins| Url::parse(begins).ok()),
            proofs: &client.proofs,
        }
    }

    /// Whether the address itself shows that it is a page of this list.
    fn shows(&self, page: &Url) -> bool {
        let begins = self.begins.as_ref();
        begins.is_some_and(|begins| is_page_of(page, begins))
    }

    fn has(&self, page: &Url, proof: Option<&str>) -> bool {
        self.shows(page) || proof.is_some_and(|proof| self.proofs.holds(self.place, page, proof))
    }

    /// The address of a page for the application, with these parameters in its fragment.
    fn handed_out(&self, mut page: Url, kept: &[(&str, &str)]) -> String {
        let proof = (!self.shows(&page)).then(|| self.proofs.of(self.place, &page));
        let proof = proof.as_deref().map(|proof| (PROOF, proof));
        let kept: Vec<(&str, &str)> = kept.iter().copied().chain(proof).collect();
        if !kept.is_empty() {
            let kept = form_urlencoded::Serializer::new(String::new())
                .extend_pairs(&kept)
                .finish();
            page.set_fragment(Some(&format!("{MARK}{kept}")));
        }
        page.into()
    }
}

/// The parameters of a request for a list.
pub(super) struct ListQuery {
    pairs: Vec<(String, String)>,
    /// The requested page, without its fragment.
    page: Option<Url>,
}

impl ListQuery {
    /// Reads a query. A page must be one of this list: by its address, or because it was handed
    /// out here.
    ///
    /// # Errors
    /// 400 for an invalid address or none of this list; 502 for a next page that can't be
    /// requested.
    pub(super) fn parse(query: Option<&str>, list: &PagedList<'_>) -> Result<Self, Problem> {
        let parsed = form_urlencoded::parse(query.unwrap_or_default().as_bytes());
        let pairs: Vec<(String, String)> = parsed
            .map(|(name, value)| (name.into_owned(), value.into_owned()))
            .filter(|(_, value)| !value.is_empty())
            .collect();
        let Some((_, page)) = pairs.iter().find(|(name, _)| name == "url") else {
            return Ok(Self { pairs, page: None });
        };
        let page = Url::parse(&address(page)).map_err(|_| wrong("url", "must be an address"))?;
        let mut page = permitted(page, list.place.addresses())?;
        let kept = page.fragment().and_then(|kept| kept.strip_prefix(MARK));
        let kept = form_urlencoded::parse(kept.unwrap_or_default().as_bytes());
        let pairs = kept.map(|(name, value)| (name.into_owned(), value.into_owned()));
        let pairs: Vec<(String, String)> = pairs.collect();
        page.set_fragment(None);
        let proof = pairs.iter().find(|(name, _)| name == PROOF);
        if !list.has(&page, proof.map(|(_, proof)| proof.as_str())) {
            return Err(FOREIGN_ADDRESS.saying(
                "This address is on the platform's host, but it is no page of this list: send back next as you got it.",
            ));
        }
        if pairs.iter().any(|(name, _)| name == CUT_OFF) {
            return Err(cut_off(&page));
        }
        Ok(Self {
            pairs,
            page: Some(page),
        })
    }

    /// A parameter under any of these names.
    pub(super) fn value(&self, names: &[&str]) -> Option<&str> {
        let mut pairs = self.pairs.iter();
        let found = pairs.find(|(name, _)| names.contains(&name.as_str()));
        found.map(|(_, value)| value.as_str())
    }

    /// `resourceLinkId`: the link that a list is narrowed to. `true` means that of the launch, if
    /// it has one, because this was a boolean in version 1. `1` is an id, which Moodle's first link
    /// has.
    pub(super) fn resource_link<'a>(&'a self, place: &'a ServicePlace) -> Option<&'a str> {
        match self.value(&["resourceLinkId"]) {
            Some("true" | "True") => place.resource_link_id.as_deref(),
            Some("false" | "False" | "0") => None,
            other => other,
        }
    }

    /// `limit`: items per page.
    ///
    /// # Errors
    /// 400 if it is not a number of 1 or more.
    pub(super) fn limit(&self) -> Result<Option<u32>, Problem> {
        let limit = self.value(&["limit"]).map(str::parse::<u32>).transpose();
        let limit = limit.ok().filter(|limit| *limit != Some(0));
        limit.ok_or_else(|| wrong("limit", "must be a number of 1 or more"))
    }

    /// The requested page.
    pub(super) const fn page(&self) -> Option<&Url> {
        self.page.as_ref()
    }
}

/// A list of the platform that can't be read to the end.
pub(super) const LIST_CUT_OFF: ApiRule = ApiRule::new(
    "LIST_CUT_OFF",
    StatusCode::BAD_GATEWAY,
    "The platform names a next page on another host, or one that is no address, so the list can't be read to its end. What \
     came before is a part of it.",
);

/// 502: after this page, the list continues where no access token may be sent, so an application
/// that paged through it has only a part.
fn cut_off(page: &Url) -> Problem {
    external(LIST_CUT_OFF.problem(), page.as_str())
}

/// Clients encode addresses once or twice (ltiaas-api.md §2.4).
fn address(value: &str) -> String {
    let is_address = |text: &str| text.starts_with("http://") || text.starts_with("https://");
    if is_address(value) {
        return value.to_owned();
    }
    let again = once_decoded(value);
    if is_address(&again) {
        again
    } else {
        value.to_owned()
    }
}

/// Decodes percent-encoding again.
pub(super) fn once_decoded(value: &str) -> String {
    // A plus and an ampersand are literal here: only the outer encoding gives them another meaning.
    let pair = format!("v={}", value.replace('+', "%2B").replace('&', "%26"));
    let mut pairs = form_urlencoded::parse(pair.as_bytes());
    pairs
        .next()
        .map(|(_, value)| value.into_owned())
        .unwrap_or_default()
}

/// The other pages, with their filters.
pub(super) struct PageLinks {
    pub next: Option<String>,
    pub prev: Option<String>,
    pub first: Option<String>,
    pub last: Option<String>,
    pub differences: Option<String>,
}

impl PageLinks {
    /// The links in an answer to a request for `asked`, a page of this list; filters that have a
    /// value are added. If the next page can't be requested, it is replaced with an address that
    /// answers with an error: a client that follows `next` learns that the list is incomplete.
    pub(super) fn new(
        list: &PagedList<'_>,
        asked: &Url,
        links: Links,
        filters: &[(&str, Option<&str>)],
    ) -> Self {
        let filters = filters.iter();
        let filters: Vec<(&str, &str)> = filters
            .filter_map(|(name, value)| Some((*name, (*value)?)))
            .collect();
        let is_cut_off = links.is_cut_off && links.next.is_none();
        let nowhere = is_cut_off.then(|| list.handed_out(asked.clone(), &[(CUT_OFF, "true")]));
        let with = |link: Option<Url>| link.map(|link| list.handed_out(link, &filters));
        Self {
            next: with(links.next).or(nowhere),
            prev: with(links.prev),
            first: with(links.first),
            last: with(links.last),
            differences: with(links.differences),
        }
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a panic is how a test fails")]
mod tests {
    use test_case::cases;

    use super::*;
    use crate::kit::clock::Random;
    use crate::kit::seal::SecretKey;

    const OWN: &str = "https://lms.example/m?c=1";

    /// A course's list of members.
    struct PagedMembers {
        place: ServicePlace,
        proofs: PageProofs,
    }

    impl PagedMembers {
        fn new() -> Self {
            Self {
                place: ServicePlace {
                    memberships: Some(OWN.into()),
                    ..ServicePlace::default()
                },
                proofs: PageProofs::new(&SecretKey::generate(&Random::default())),
            }
        }

        fn list(&self) -> PagedList<'_> {
            PagedList {
                place: &self.place,
                begins: Some(Url::parse(OWN).unwrap()),
                proofs: &self.proofs,
            }
        }

        /// The next page after the first one, as the platform's header names it.
        fn next(&self, link: &str, filters: &[(&str, Option<&str>)]) -> Option<String> {
            let first = Url::parse(OWN).unwrap();
            let links = Links::parse(&first, [link.as_bytes()]);
            PageLinks::new(&self.list(), &first, links, filters).next
        }

        fn turn(&self, page: &str) -> Result<ListQuery, Problem> {
            let query: String = form_urlencoded::Serializer::new(String::new())
                .append_pair("url", page)
                .append_pair("role", "ignored")
                .finish();
            ListQuery::parse(Some(&query), &self.list())
        }
    }

    fn asked(query: &str) -> Result<ListQuery, Problem> {
        ListQuery::parse(Some(query), &PagedMembers::new().list())
    }

    #[cases("F-42")]
    #[test]
    fn a_filter_goes_along_with_the_address() {
        let course = PagedMembers::new();
        let filters = [("role", Some("a#b&c")), ("x", None)];
        let next = course.next("<?c=1&from=2>; rel=next", &filters).unwrap();
        let asked = course.turn(&next).unwrap();
        assert_eq!(
            asked.page().unwrap().as_str(),
            "https://lms.example/m?c=1&from=2"
        );
        assert_eq!(asked.value(&["role"]), Some("a#b&c"));
    }

    #[cases("F-22")]
    #[test]
    fn turning_to_a_page_that_cant_be_asked_for_is_an_error() {
        let course = PagedMembers::new();
        let filters = [("role", Some("x"))];
        let next = course.next("<https://[>; rel=next", &filters).unwrap();
        let refused = course.turn(&next).err().unwrap();
        assert_eq!(
            (refused.status.as_u16(), refused.code),
            (502, "LIST_CUT_OFF")
        );
        assert_eq!(refused.details["externalError"], true);
        assert_eq!(refused.details["externalUrl"], OWN);
        assert_eq!(course.next("<?c=1>; rel=first", &filters), None);
    }

    #[cases("F-09", "F-22")]
    #[test]
    fn a_page_at_another_path_is_turned_to_if_it_was_handed_out() {
        let course = PagedMembers::new();
        let next = course
            .next("</pages/7?c=1>; rel=next", &[("role", Some("x"))])
            .unwrap();
        let asked = course.turn(&next).unwrap();
        assert_eq!(
            asked.page().unwrap().as_str(),
            "https://lms.example/pages/7?c=1"
        );
        assert_eq!(asked.value(&["role"]), Some("x"));
        let other = PagedMembers::new();
        for (course, page) in [
            (&course, "https://lms.example/pages/7?c=1"),
            (&course, &*next.replace("pages/7", "pages/8")),
            (&course, "https://lms.example/m?c=2"),
            (&other, &*next),
        ] {
            let refused = course.turn(page).err().map(|problem| problem.code);
            assert_eq!(refused, Some("ADDRESS_NOT_OF_THE_PLATFORM"), "{page}");
        }
        // The end of a list that goes on elsewhere is known there as well.
        let page = Url::parse("https://lms.example/pages/7?c=1").unwrap();
        let links = Links::parse(&page, [&b"<https://[>; rel=next"[..]]);
        let end = PageLinks::new(&course.list(), &page, links, &[])
            .next
            .unwrap();
        let refused = course.turn(&end).err().map(|problem| problem.code);
        assert_eq!(refused, Some("LIST_CUT_OFF"));
    }

    #[cases("F-09")]
    #[test]
    fn a_page_without_the_lists_parameters_has_to_be_handed_out() {
        let course = PagedMembers::new();
        let next = course.next("<?cursor=9>; rel=next", &[]).unwrap();
        let page = "https://lms.example/m?cursor=9";
        assert_eq!(course.turn(&next).unwrap().page().unwrap().as_str(), page);
        let refused = course.turn(page).err().map(|problem| problem.code);
        assert_eq!(refused, Some("ADDRESS_NOT_OF_THE_PLATFORM"));
    }

    #[cases("F-09")]
    #[test]
    fn only_the_launchs_own_hosts_are_asked() {
        for url in [
            "https://lms.example/m?c=1&page=2",
            "https%3A//lms.example/m?c=1&page=2",
            "https%3A%2F%2Flms.example%2Fm%3Fc%3D1",
        ] {
            let query: String = form_urlencoded::Serializer::new(String::new())
                .append_pair("url", url)
                .finish();
            assert!(asked(&query).is_ok(), "{url}");
        }
        for url in [
            "https://evil.example/m",
            "http://lms.example/m",
            "https://lms.example:8443/m",
            "https://u@lms.example/m",
            "https://lms.example.evil/m",
            "//lms.example/m",
            "file:///etc/passwd",
            "data:,x",
            "m",
        ] {
            let query: String = form_urlencoded::Serializer::new(String::new())
                .append_pair("url", url)
                .finish();
            let refused = asked(&query).err().map(|problem| problem.status.as_u16());
            assert_eq!(refused, Some(400), "{url}");
        }
    }

    #[test]
    fn a_link_is_that_of_the_launch_or_has_an_id() {
        let place = ServicePlace {
            resource_link_id: Some("14".into()),
            ..ServicePlace::default()
        };
        for (query, link) in [
            ("resourceLinkId=true", Some("14")),
            ("resourceLinkId=True", Some("14")),
            ("resourceLinkId=1", Some("1")),
            ("resourceLinkId=14", Some("14")),
            ("resourceLinkId=False", None),
            ("resourceLinkId=0", None),
            ("resourceLinkId=", None),
            ("", None),
        ] {
            let asked = asked(query).unwrap();
            assert_eq!(asked.resource_link(&place), link, "{query}");
        }
    }

    #[test]
    fn a_limit_is_a_number_of_one_or_more() {
        let limit = |query: &str| asked(query).unwrap().limit();
        assert_eq!(limit("").unwrap(), None);
        assert_eq!(limit("limit=").unwrap(), None);
        assert_eq!(limit("limit=20").unwrap(), Some(20));
        for wrong in ["limit=0", "limit=-1", "limit=ten", "limit=1.5"] {
            assert!(limit(wrong).is_err(), "{wrong}");
        }
    }
}
