//! The course in which a handle is chosen.

use crate::kit::id::id_from;
use crate::kit::seal;
use crate::launch::ServicePlace;
use crate::launch::facts::Facts;

/// A course of a platform, for one tool: the same for all its links.
pub(crate) struct Course {
    /// Its hash.
    pub(super) id: String,
    pub(super) tool_id: String,
    pub(super) platform_id: String,
    pub(super) deployment_id: String,
    /// The platform's id for the course; absent outside courses.
    pub(super) context_id: Option<String>,
}

impl Course {
    /// The course of a launch.
    pub(crate) fn of(tool_id: &str, facts: &Facts) -> Self {
        let context = facts.context.as_ref().map(|context| context.id.as_str());
        let from = &facts.platform;
        Self::new(tool_id, &from.id, &from.deployment_id, context)
    }

    /// The course of a place.
    pub(crate) fn at(tool_id: &str, place: &ServicePlace) -> Self {
        let context = place.context_id.as_deref();
        Self::new(tool_id, &place.platform_id, &place.deployment_id, context)
    }

    fn new(tool_id: &str, platform_id: &str, deployment_id: &str, context: Option<&str>) -> Self {
        // Outside courses, handles are unique per deployment.
        let part = context.map_or_else(String::new, |context| format!("+{context}"));
        let parts = ["course", tool_id, platform_id, deployment_id, &part];
        Self {
            id: id_from(&seal::hash(&parts)),
            tool_id: tool_id.to_owned(),
            platform_id: platform_id.to_owned(),
            deployment_id: deployment_id.to_owned(),
            context_id: context.map(str::to_owned),
        }
    }

    /// The id of a handle's reservation here.
    pub(super) fn reservation(&self, handle: &str) -> String {
        id_from(&seal::hash(&["reservation", &self.id, handle]))
    }
}
