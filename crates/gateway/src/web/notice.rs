//! What a page says about a problem, and what it offers to do.

use url::Url;

use super::language::Language;
use super::texts::{Phrase, Text, page as texts};

/// The page of a problem.
#[derive(Clone, Debug)]
pub struct Notice {
    /// The heading.
    pub title: Text,
    /// What happened and what to do; one paragraph per line.
    pub says: Phrase,
    /// The exact problem, in the English of the specifications, for the platform's operator.
    pub technical: Option<String>,
    /// What the person can do from here, in order.
    pub actions: Vec<Action>,
    /// Whether the page is in a window that the LMS closes when it gets a message (lti.md D.6).
    pub closes: bool,
    /// Whether the page shows the reference for support.
    pub referenced: bool,
}

impl Notice {
    /// A notice with a reference and nothing else.
    pub fn new(title: Text, says: impl Into<Phrase>) -> Self {
        Self {
            title,
            says: says.into(),
            technical: None,
            actions: Vec::new(),
            closes: false,
            referenced: true,
        }
    }
}

/// Something the person can do.
#[derive(Clone, Debug)]
pub enum Action {
    /// Submits a form.
    Button(Button),
    /// Opens another page.
    Link(Link),
    /// The same in small print, for people other than those the page is for.
    Aside(Link),
}

/// A form with nothing to fill in.
#[derive(Clone, Debug)]
pub struct Button {
    /// `get` or `post`.
    pub method: &'static str,
    /// The form's target.
    pub address: String,
    /// Names and values to send.
    pub fields: Vec<(&'static str, String)>,
    /// The button's label.
    pub label: Text,
    /// Whether the answer opens in a new window; from there it may redirect anywhere.
    pub new_window: bool,
}

/// A link that looks like a button.
#[derive(Clone, Debug)]
pub struct Link {
    /// Where it leads.
    pub address: Url,
    /// The words on it.
    pub label: Text,
    /// The query parameter for the page's first sentences and the reference, because the platform
    /// shows nothing else of the page.
    pub sentences_as: Option<&'static str>,
    /// The query parameter for the reference.
    pub reference_as: Option<&'static str>,
}

impl Link {
    /// The address as used on a page with this text, and this reference if it shows one.
    pub fn on_page(&self, says: &str, reference: Option<&str>, language: Language) -> String {
        let mut url = self.address.clone();
        if let Some(name) = self.sentences_as {
            let told = match reference {
                Some(reference) => {
                    let label = texts::REFERENCE.to(language);
                    format!("{says} {label} {reference}")
                }
                None => says.to_owned(),
            };
            url.query_pairs_mut().append_pair(name, &told);
        }
        if let (Some(name), Some(reference)) = (self.reference_as, reference) {
            let reference = format!("reference {reference}");
            url.query_pairs_mut().append_pair(name, &reference);
        }
        url.into()
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a panic is how a test fails")]
mod tests {
    use super::*;

    #[test]
    fn a_link_takes_along_what_it_was_asked_to() {
        let mut link = Link {
            address: Url::parse("https://lms.example.edu/back?course=7").unwrap(),
            label: texts::BACK,
            sentences_as: None,
            reference_as: None,
        };
        let on_page = |link: &Link, reference| link.on_page("No & no", reference, Language::German);
        assert_eq!(on_page(&link, Some("R1")), link.address.as_str());
        link.sentences_as = Some("message");
        link.reference_as = Some("log");
        assert_eq!(
            on_page(&link, Some("R1")),
            "https://lms.example.edu/back?course=7&message=No+%26+no+Kennzeichen+f%C3%BCr+den+Support%3A+R1&log=reference+R1"
        );
        assert_eq!(
            on_page(&link, None),
            "https://lms.example.edu/back?course=7&message=No+%26+no"
        );
    }
}
