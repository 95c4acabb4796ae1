//! The rules for checking a launch: the tool's, and a platform's own (lti.md §0.2, A-60, A-61,
//! B-23, B-26 to B-28, B-40, E-01).

use lti::key::Algorithm;
use url::Origin;

use crate::directory::platforms::Platform;
use crate::directory::unknown_deployments::rule_for;
use crate::settings::launch::{
    Anonymous, DeepLinkingBy, LaunchRules, PlatformRules, UnknownDeployments, target_origins,
};
use crate::settings::public_url::PublicUrl;

/// The rules in force for one platform.
pub(super) struct Rules<'a> {
    tool: &'a LaunchRules,
    platform: &'a Platform,
}

impl<'a> Rules<'a> {
    pub(super) fn new(tool: &'a LaunchRules, platform: &'a Platform) -> Self {
        Self { tool, platform }
    }

    fn own(&self) -> &'a PlatformRules {
        &self.platform.launch
    }

    pub(super) fn allows_anonymous(&self) -> bool {
        self.own().anonymous.unwrap_or(self.tool.anonymous) == Anonymous::Allow
    }

    pub(super) fn lets_only_staff_choose(&self) -> bool {
        let own = self.own().deep_linking_by;
        own.unwrap_or(self.tool.deep_linking_by) == DeepLinkingBy::Staff
    }

    pub(super) fn leeway_seconds(&self) -> i64 {
        i64::from(
            self.own()
                .leeway_seconds
                .unwrap_or(self.tool.leeway_seconds),
        )
    }

    pub(super) fn max_age_seconds(&self) -> i64 {
        i64::from(
            self.own()
                .max_age_seconds
                .unwrap_or(self.tool.max_age_seconds),
        )
    }

    pub(super) fn target_may_differ(&self) -> bool {
        self.own()
            .target_may_differ
            .unwrap_or(self.tool.target_may_differ)
    }

    pub(super) fn trusted_audiences(&self) -> &'a [String] {
        let own = self.own().trusted_audiences.as_ref();
        own.unwrap_or(&self.tool.trusted_audiences)
    }

    /// Our origin, and the additional ones.
    pub(super) fn target_origins(&self, public: &PublicUrl) -> Vec<Origin> {
        let more = target_origins(self.tool, self.own());
        std::iter::once(public.origin()).chain(more).collect()
    }

    pub(super) fn algorithms(&self) -> Vec<Algorithm> {
        match &self.own().algorithms {
            Some(named) => named.iter().map(|algorithm| algorithm.0).collect(),
            None => Algorithm::DEFAULT.to_vec(),
        }
    }

    /// The maximum length of a token.
    pub(super) fn max_token_bytes(&self) -> usize {
        usize::from(self.tool.max_token_kilobytes) * 1024
    }

    pub(super) fn unknown_deployments(&self) -> UnknownDeployments {
        rule_for(self.tool.unknown_deployments, self.platform)
    }
}
