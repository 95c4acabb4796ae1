//! The registration that we would send, and what the platform doesn't offer of it.

use lti::registration::{PlatformConfiguration, ToolRegistration};

use super::advice::{capital, without_query};
use super::report::{Report, Verdict};
use crate::registration::wanted;
use crate::settings::public_url::PublicUrl;
use crate::settings::tool::ToolSettings;

/// Builds the request and reports what the platform doesn't offer of it.
pub(super) fn compose(
    tool: &ToolSettings,
    public_url: &PublicUrl,
    configuration: &PlatformConfiguration,
    report: &mut Report,
) {
    let wanted = wanted(tool, public_url, "/<id>", None);
    compare_services(&wanted, configuration, report);
    match wanted.request(configuration) {
        Ok(request) => {
            let to = without_query(&configuration.registration_endpoint);
            report.request = Some((to, request));
        }
        Err(error) => {
            let advice = "Change the messages in the tool's settings (GET /admin/tool).";
            report.add(Verdict::Wrong, capital(&format!("{error}.")), advice);
        }
    }
    if public_url.is_developer_mode() {
        let what = format!("The tool's own address is {}.", public_url.as_str());
        let advice = "A platform on another machine can't reach it. Set public_url to the https address of this \
                      service.";
        report.add(Verdict::Odd, what, advice);
    }
}

fn compare_services(
    wanted: &ToolRegistration,
    configuration: &PlatformConfiguration,
    report: &mut Report,
) {
    let asked = wanted.scopes(configuration);
    for scope in wanted
        .services
        .scopes()
        .filter(|scope| !asked.contains(scope))
    {
        let what = format!("It doesn't offer {scope}.");
        let advice = "The tool's settings want it. Launches work; what needs it doesn't.";
        report.add(Verdict::Odd, what, advice);
    }
    let deep_linking = configuration.messages.iter().flatten();
    let mut types = deep_linking
        .map(|message| message.message_type.as_str())
        .peekable();
    if wanted.deep_linking_uri.is_some()
        && types.peek().is_some()
        && !types.any(|name| name == "LtiDeepLinkingRequest")
    {
        let advice = "Teachers can't choose content in the tool; links to the tool itself work.";
        report.add(Verdict::Odd, "It doesn't offer deep linking.", advice);
    }
}
