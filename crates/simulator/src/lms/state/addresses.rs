//! The platform's addresses as the world and its tools see them.

use super::Platform;
use crate::{profiles::Endpoints, tool::Tool};

impl Platform {
    pub(crate) fn url(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }

    pub(crate) fn endpoints(&self) -> Endpoints {
        let paths = self.profile.paths;
        Endpoints {
            issuer: self.memory().issuer.clone(),
            configuration: self.registration_url(paths.configuration),
            registration: self.registration_url(paths.registration),
            authorization: format!("{}{}", self.sign_on, paths.authorization),
            jwks: self.url(paths.jwks),
            token: self.url(paths.token),
            audience: self.url(paths.audience.unwrap_or(paths.token)),
        }
    }

    /// Empty if tools can't register themselves.
    fn registration_url(&self, path: &str) -> String {
        match self.profile.manual {
            Some(_) => String::new(),
            None => self.url(path),
        }
    }

    /// The addresses for one tool.
    pub(crate) fn endpoints_of(&self, tool: &Tool) -> Endpoints {
        let mut endpoints = self.endpoints();
        if let Some(passport) = &tool.passport {
            endpoints.jwks = format!("{}/{passport}", endpoints.jwks);
            endpoints.token = format!("{}/{passport}", endpoints.token);
            endpoints.audience.clone_from(&endpoints.token);
        }
        endpoints
    }

    pub(crate) fn memberships_url(&self, tool: &Tool, course: &str) -> String {
        let services = self.profile.paths.services;
        self.url(&format!(
            "{services}/CourseSection/{course}/bindings/{}/memberships",
            tool.deployment_id
        ))
    }

    pub(crate) fn groups_url(&self, course: &str, list: &str) -> String {
        let services = self.profile.paths.services;
        self.url(&format!("{services}/{course}/{list}"))
    }

    pub(crate) fn line_items_url(&self, tool: &Tool, course: &str) -> String {
        let services = self.profile.paths.services;
        self.url(&format!(
            "{services}/{course}/lineitems?type_id={}",
            tool.deployment_id
        ))
    }

    pub(crate) fn line_item_url(&self, tool: &Tool, course: &str, item: u64) -> String {
        let services = self.profile.paths.services;
        self.url(&format!(
            "{services}/{course}/lineitems/{item}/lineitem?type_id={}",
            tool.deployment_id
        ))
    }
}
