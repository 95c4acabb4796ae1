//! Our addresses that an LMS asks for.

use super::step::CopiedAddress;
use crate::directory::tools::Tool;
use crate::portal::room::Portal;
use crate::settings::public_url::PublicUrl;
use crate::web::language::Language;
use crate::web::texts::{Text, portal_connect as texts, portal_pages as pages};

/// A warning if the tool's addresses lead to the computer that opens them, as in a first try.
pub(crate) fn only_here(portal: &Portal, tool: &Tool, language: Language) -> Option<String> {
    warning(&tool.address(&portal.public_url), language)
}

fn warning(address: &PublicUrl, language: Language) -> Option<String> {
    let says = texts::ONLY_HERE.with("address", address.as_str());
    let is_here = address.is_loopback();
    is_here.then(|| says.to(language).into_owned())
}

/// The addresses that an LMS may ask for: those of this platform, if it is known.
pub(super) struct OurAddresses {
    pub(super) registration: String,
    pub(super) login: String,
    pub(super) launch: String,
    pub(super) keys: String,
    canvas: String,
}

impl OurAddresses {
    pub(super) fn new(portal: &Portal, tool: &Tool, platform_id: Option<&str>) -> Self {
        let suffix = platform_id.map_or_else(String::new, |id| format!("/{id}"));
        Self {
            registration: portal.address(tool, "/lti/register"),
            login: portal.address(tool, &format!("/lti/login{suffix}")),
            launch: portal.address(tool, "/lti/launch"),
            keys: portal.address(tool, &format!("/lti/keys{suffix}")),
            canvas: portal.address(tool, "/register/canvas"),
        }
    }

    /// With an invitation's link instead of the public address.
    pub(super) fn invited(mut self, link: &str) -> Self {
        link.clone_into(&mut self.registration);
        self
    }

    /// What to copy, with its label.
    pub(super) fn copied(&self, copied: CopiedAddress) -> Vec<(Text, &String)> {
        match copied {
            CopiedAddress::Nothing => Vec::new(),
            CopiedAddress::RegistrationUrl => vec![(texts::REGISTRATION_URL, &self.registration)],
            CopiedAddress::CanvasUrl => vec![(texts::CANVAS_URL, &self.canvas)],
            CopiedAddress::LaunchUrl => vec![(pages::LAUNCH_URL, &self.launch)],
            CopiedAddress::OurAddresses => vec![
                (pages::LOGIN_URL, &self.login),
                (pages::LAUNCH_URL, &self.launch),
                (pages::KEYSET_URL, &self.keys),
            ],
        }
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a panic is how a test fails")]
mod tests {
    use super::*;

    #[test]
    fn only_addresses_of_this_machine_are_warned_about() {
        let warned = |url: &str| warning(&PublicUrl::parse(url).unwrap(), Language::English);
        for here in ["http://127.0.0.1:8080", "http://localhost:8080"] {
            let says = warned(here).unwrap();
            assert!(says.contains(here) && says.contains("public_url"), "{says}");
        }
        assert_eq!(warned("https://lti.example.com"), None);
    }
}
