//! Compares queries of addresses as servers may read them, which differ in names and separators
//! (decision 0514).

use url::{Url, form_urlencoded};

/// A parameter of a query.
struct QueryParameter {
    name: String,
    value: String,
    /// Names that servers may read it by: PHP turns dots and blanks into `_` and ends a name at a
    /// bracket or zero byte, others ignore capitals. So only letters and digits count here.
    folded: [String; 2],
}

impl QueryParameter {
    fn new(name: String, value: String) -> Self {
        let letters = |name: &str| {
            let letters = name.chars().filter(|letter| letter.is_alphanumeric());
            letters.collect::<String>().to_lowercase()
        };
        let beginning = name.split(['[', '\0']).next().unwrap_or_default();
        Self {
            folded: [letters(&name), letters(beginning)],
            name,
            value,
        }
    }

    fn is(&self, other: &Self) -> bool {
        self.name == other.name && self.value == other.value
    }

    /// Whether a server may take one for the other.
    fn may_be(&self, other: &Self) -> bool {
        let mut names = self.folded.iter();
        names.any(|name| other.folded.contains(name))
    }
}

/// The query as servers may read it: most split it at `&`, old ones at `;`, too.
fn readings(url: &Url) -> [Vec<QueryParameter>; 2] {
    let query = url.query().unwrap_or_default();
    [query.to_owned(), query.replace(';', "&")].map(|query| {
        form_urlencoded::parse(query.as_bytes())
            .map(|(name, value)| QueryParameter::new(name.into_owned(), value.into_owned()))
            .collect()
    })
}

/// Whether every parameter of the list's own address is there, and no other that a server may take
/// for one of them.
pub(super) fn keeps_query(page: &Url, list: &Url) -> bool {
    let mut readings = readings(page).into_iter().zip(readings(list));
    readings.all(|(page, own)| {
        let is_there = |own: &QueryParameter| page.iter().any(|given| given.is(own));
        let is_changed = |given: &QueryParameter| {
            own.iter().any(|own| own.may_be(given)) && !own.iter().any(|own| own.is(given))
        };
        own.iter().all(is_there) && !page.iter().any(is_changed)
    })
}

/// Whether a server may find every parameter of the other address here.
pub(super) fn may_name(url: &Url, other: &Url) -> bool {
    let mut readings = readings(url).into_iter().zip(readings(other));
    readings.any(|(given, other)| {
        other.iter().all(|other| {
            given
                .iter()
                .any(|given| given.may_be(other) && given.value.eq_ignore_ascii_case(&other.value))
        })
    })
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a panic is how a test fails")]
mod tests {
    use test_case::cases;

    use super::*;

    fn url(text: &str) -> Url {
        Url::parse(text).unwrap()
    }

    #[cases("F-09")]
    #[test]
    fn no_server_reads_a_page_as_another_lists() {
        let begins = url("https://lms.example/members?course_id=2");
        for (more, expected) in [
            ("page=2", true),
            ("course_id=2", true),
            ("filter[role]=x;y", true),
            ("course=3", true),
            ("course.id=3", false),
            ("course+id=3", false),
            ("course[id=3", false),
            ("course_id[=3", false),
            ("course_id[]=3", false),
            ("course_id[]=2", false),
            ("course_id%00=3", false),
            ("course%ff_id=3", false),
            ("course_id[x]=3", false),
            ("%20course_id=3", false),
            ("course_id%00x=3", false),
            ("Course_ID=3", false),
            ("page=2;course_id=3", false),
            ("page=2;course.id=3", false),
        ] {
            let page = url(&format!("{begins}&{more}"));
            assert_eq!(keeps_query(&page, &begins), expected, "{more}");
        }
        let similar = url("https://lms.example/members?course=1&coursex=5");
        assert!(!keeps_query(
            &url(&format!("{similar}&course[x]=5")),
            &similar
        ));
        let odd = url("https://lms.example/members?course=a;b&g[x]=1&g[y]=2");
        assert!(keeps_query(&url(&format!("{odd}&page=2")), &odd));
    }
}
