//! Our addresses that an LMS asks for.

use super::step::CopiedAddress;
use crate::directory::tools::Tool;
use crate::portal::room::Portal;
use crate::web::texts::{Text, portal_connect as texts, portal_pages as pages};

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
