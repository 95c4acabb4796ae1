//! The rule for deployments that appear for the first time.

use lti::registration::CloudVendor;

use super::platforms::Platform;
use crate::settings::launch::UnknownDeployments;

/// What a tool's rule means for platforms with this issuer. Any of the schools that share a client
/// id could admit itself, so a person has to decide which are ours (A-26, B-53).
pub(crate) fn rule_of_tool(of_tool: UnknownDeployments, issuer: &str) -> UnknownDeployments {
    match of_tool {
        UnknownDeployments::Auto if CloudVendor::shares_client_ids(issuer) => {
            UnknownDeployments::Pending
        }
        policy => policy,
    }
}

/// The rule in force for a platform: its own, or the tool's.
pub(crate) fn rule_for(of_tool: UnknownDeployments, platform: &Platform) -> UnknownDeployments {
    let own = platform.unknown_deployments.as_deref();
    own.and_then(UnknownDeployments::from_name)
        .unwrap_or_else(|| rule_of_tool(of_tool, &platform.issuer))
}
