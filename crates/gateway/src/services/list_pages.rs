//! Reads the pages of a platform's list, one after the other: to the end, or for one answer.

use std::collections::HashSet;
use std::time::Duration;

use lti::paging::Links;
use url::Url;

use crate::kit::clock::Stopwatch;

/// The most pages to read for one answer.
const MOST_FOR_ONE_ANSWER: usize = 20;

/// The progress of reading a list: no page is read twice.
pub(super) struct ListPages {
    url: Url,
    seen: HashSet<Url>,
    most: usize,
    /// Since when it is read, and after which time no further page is, if there is such a limit.
    time: Option<(Stopwatch, Duration)>,
}

/// Why a list can't be read to the end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ListUnending {
    /// It continues at an address where no access token may be sent, or that is invalid.
    CutOff,
    /// It returns to a page that was already read, or has too many pages.
    Endless,
    /// The time for it is over.
    TooSlow,
}

impl ListPages {
    /// The first page of a list; at most this many pages are read.
    pub(super) fn beginning(url: Url, most: usize) -> Self {
        let seen = HashSet::from([url.clone()]);
        Self {
            url,
            seen,
            most,
            time: None,
        }
    }

    /// The first page of a list that is searched while an application waits for one page of it. The
    /// application can turn the pages after that itself, so no further one is read after `time` or
    /// 20 pages.
    pub(super) fn for_one_answer(url: Url, time: Duration) -> Self {
        Self {
            time: Some((Stopwatch::start(), time)),
            ..Self::beginning(url, MOST_FOR_ONE_ANSWER)
        }
    }

    /// The page to request.
    pub(super) const fn url(&self) -> &Url {
        &self.url
    }

    /// Moves to the next page. Returns false if this was the last.
    ///
    /// # Errors
    /// There is more, but it can't be read.
    pub(super) fn turn(&mut self, links: &Links) -> Result<bool, ListUnending> {
        let Some(next) = &links.next else {
            return match links.is_cut_off {
                true => Err(ListUnending::CutOff),
                false => Ok(false),
            };
        };
        if self
            .time
            .is_some_and(|(begun, time)| begun.elapsed() >= time)
        {
            return Err(ListUnending::TooSlow);
        }
        if self.seen.len() >= self.most || !self.seen.insert(next.clone()) {
            return Err(ListUnending::Endless);
        }
        self.url = next.clone();
        Ok(true)
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a panic is how a test fails")]
mod tests {
    use super::*;

    fn page(number: u32) -> Url {
        Url::parse(&format!("https://lms.example/list?page={number}")).unwrap()
    }

    fn to(number: u32) -> Links {
        let link = format!("<{}>; rel=next", page(number));
        Links::parse(&page(0), [link.as_bytes()])
    }

    #[test]
    fn a_list_is_read_to_its_end_and_no_page_twice() {
        let mut pages = ListPages::beginning(page(1), 3);
        assert_eq!(pages.turn(&to(2)), Ok(true));
        assert_eq!(pages.url(), &page(2));
        assert_eq!(pages.turn(&Links::default()), Ok(false));
        assert_eq!(pages.turn(&to(1)), Err(ListUnending::Endless));
        assert_eq!(pages.turn(&to(3)), Ok(true));
        assert_eq!(
            pages.turn(&to(4)),
            Err(ListUnending::Endless),
            "it has three at most"
        );
        let cut_off = Links::parse(&page(0), [&b"<https://[>; rel=next"[..]]);
        assert_eq!(pages.turn(&cut_off), Err(ListUnending::CutOff));
    }

    #[test]
    fn an_answer_waits_for_so_many_pages_and_so_long() {
        let mut pages = ListPages::for_one_answer(page(1), Duration::MAX);
        let turned = (2..).take_while(|number| pages.turn(&to(*number)) == Ok(true));
        assert_eq!(turned.count() + 1, MOST_FOR_ONE_ANSWER);
        let mut pages = ListPages::for_one_answer(page(1), Duration::ZERO);
        assert_eq!(pages.turn(&to(2)), Err(ListUnending::TooSlow));
        assert_eq!(pages.url(), &page(1));
        assert_eq!(pages.turn(&Links::default()), Ok(false), "it was the last");
    }
}
