//! `hallpass doctor`: what is right, missing or odd in a platform's configuration, with the same
//! client and the same checks as a registration. Nothing is registered, but a single-use address is
//! used up.
//!
//! `api` checks a registered platform: its keys, its endpoints, its state. `provider` checks the
//! identity provider that people use to sign in to the portal.

mod advice;
pub(crate) mod api;
pub(crate) mod clock;
mod endpoints;
mod fetch;
pub(crate) mod found;
pub(crate) mod launch_url;
mod platform;
mod provider;
mod report;
mod request;
mod tokens;

use lti::registration::{AuthorizationServer, CheckedConfiguration, PlatformConfiguration};
use serde_json::Value;
use url::Url;

use self::advice::{PRIVATE, capital, sentence, without_query};
pub use self::provider::examine_provider;
pub use self::report::{Finding, Report, Verdict};
use crate::kit::clock::Clock;
use crate::kit::outbound::Outbound;
use crate::settings::public_url::PublicUrl;
use crate::settings::tool::ToolSettings;
use lti::json::mended_value;

/// What a check needs: the tool as it would register.
pub struct Doctor<'a> {
    /// The service's own client.
    pub outbound: &'a Outbound,
    /// Our public address.
    pub public_url: &'a PublicUrl,
    /// What the tool is set up for: messages, services, launch rules.
    pub tool: &'a ToolSettings,
    /// Compared with the platform's.
    pub clock: &'a Clock,
}

impl Doctor<'_> {
    /// Checks the configuration at an address.
    pub async fn examine(&self, address: &str) -> Report {
        let mut report = Report::default();
        if let Some((url, document)) =
            fetch::configuration(self.outbound, self.clock, address, &mut report).await
        {
            self.read(&url, &document, &mut report).await;
        }
        report
    }

    async fn read(&self, url: &Url, document: &[u8], report: &mut Report) {
        let configuration = match PlatformConfiguration::parse(document) {
            Ok(configuration) => configuration,
            Err(error) => {
                name_missing(document, report);
                report.add(
                    Verdict::Wrong,
                    sentence(&error),
                    advice::on_document(&error),
                );
                return;
            }
        };
        report.right(format!("Issuer: {}", configuration.issuer));
        let mut reachable = true;
        for (name, endpoint) in configuration.endpoints() {
            match self.outbound.permits(endpoint.url()) {
                Ok(()) => report.right(format!("{name}: {}", without_query(endpoint))),
                Err(blocked) => {
                    reachable = false;
                    let what = format!("{name}: {}: {blocked}.", without_query(endpoint));
                    report.add(Verdict::Wrong, what, PRIVATE);
                }
            }
        }
        match configuration.check(url) {
            Ok(checked) => tell_checked(&configuration, &checked, report),
            Err(error) => {
                report.add(
                    Verdict::Wrong,
                    sentence(&error),
                    advice::on_document(&error),
                );
                return;
            }
        }
        if !reachable {
            return;
        }
        let (keys, tokens) = (&configuration.jwks_uri, &configuration.token_endpoint);
        let found = endpoints::look_at_keys(self.outbound, keys.url()).await;
        report.findings.extend(found.iter().map(Finding::from));
        let found = tokens::look_at_tokens(self.outbound, tokens.url()).await;
        report.findings.push(Finding::from(&found));
        request::compose(self.tool, self.public_url, &configuration, report);
    }
}

fn tell_checked(
    configuration: &PlatformConfiguration,
    checked: &CheckedConfiguration,
    report: &mut Report,
) {
    let family = configuration.product_family_code.as_deref();
    let version = configuration
        .version
        .as_deref()
        .unwrap_or("of an unnamed version");
    report.right(match family {
        Some(family) => format!("It says that it is {family} {version}."),
        None => "It doesn't say which product it is.".into(),
    });
    let hosts: Vec<String> = checked
        .foreign_origins
        .iter()
        .map(url::Origin::ascii_serialization)
        .collect();
    if checked.vendor.is_some() {
        report.right("The issuer is a vendor's, for many schools; its hosts are known.");
    } else if !hosts.is_empty() {
        let what = format!("It also uses {}.", hosts.join(", "));
        let advice = "Hosted platforms do that. Make sure that these hosts belong to the platform: they see what \
                      people do in the tool.";
        report.add(Verdict::Odd, what, advice);
    }
    if checked.foreign_token_endpoint {
        report.add(
            Verdict::Odd,
            "Access tokens come from another host than the platform's.",
            "It can register only with an invitation (POST /admin/invites). Make sure first that \
             the host is its own: what we fetch there could be another platform's.",
        );
    }
    if let AuthorizationServer::Usable(server) = &checked.authorization_server {
        report.right(format!(
            "Requests for access tokens are addressed to {server}."
        ));
    }
    for warning in &checked.warnings {
        let what = format!("{}.", capital(&warning.to_string()));
        report.add(Verdict::Odd, what, advice::on_oddity(warning));
    }
}

/// Reports every required member that is missing; parsing stops at the first.
fn name_missing(document: &[u8], report: &mut Report) {
    const REQUIRED: [&str; 5] = [
        "issuer",
        "authorization_endpoint",
        "registration_endpoint",
        "jwks_uri",
        "token_endpoint",
    ];
    let Ok(Value::Object(members)) = mended_value(document) else {
        return;
    };
    for name in REQUIRED {
        match members.get(name).and_then(Value::as_str) {
            Some(_) => report.right(format!("{name} is there.")),
            None => report.add(
                Verdict::Wrong,
                format!("{name} is missing."),
                "The platform doesn't take dynamic registrations like this one; register the tool by hand instead.",
            ),
        }
    }
}
