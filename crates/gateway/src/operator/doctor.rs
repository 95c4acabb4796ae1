//! What is right, missing or odd in a platform's configuration, seen through the same client and the same checks as a
//! registration: `hallpass doctor`. Nothing is registered; but an address that is good for one use is used up.

use lti::key::KeySet;
use lti::registration::{
    AuthorizationServer, CheckedConfiguration, ConfigurationError, Endpoint, PlatformConfiguration,
    ToolRegistration, Warning,
};
use serde_json::Value;
use url::Url;

use crate::kit::clock::Clock;
use crate::kit::outbound::{Answer, Outbound, OutboundError, Purpose, Request};
use crate::registration::offer::LIMIT;
use crate::registration::wanted::wanted;
use crate::settings::public_url::PublicUrl;
use crate::settings::tool::ToolSettings;

/// How much a platform's clock may be off before launches are at risk, in seconds.
const CLOCK: i64 = 60;
const PRIVATE: &str = "If the platform stands in your own network, open its host: --allow HOST here, and the setting \
                       outbound_allow for the server.";
const ONE_USE: &str = "Addresses from Brightspace and Canvas are good for one use or one hour: let the platform make a \
                       new one, and give it here with everything behind the question mark.";

/// How good a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// As it should be.
    Right,
    /// It works, but somebody should know.
    Odd,
    /// It can't work.
    Wrong,
}

/// One thing that was looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// How good it is.
    pub verdict: Verdict,
    /// What was found, in one sentence.
    pub what: String,
    /// What it means and what to do; empty where nothing needs doing.
    pub advice: String,
}

/// Everything that was found.
#[derive(Debug, Default)]
pub struct Report {
    /// In the order of looking.
    pub findings: Vec<Finding>,
    /// Where the registration would go, and what it would say.
    pub request: Option<(String, Value)>,
}

impl Report {
    /// The worst of all findings.
    pub fn verdict(&self) -> Verdict {
        let verdicts = self.findings.iter().map(|finding| finding.verdict);
        verdicts.max().unwrap_or(Verdict::Right)
    }

    fn add(&mut self, verdict: Verdict, what: impl Into<String>, advice: &str) {
        self.findings.push(Finding {
            verdict,
            what: what.into(),
            advice: advice.to_owned(),
        });
    }

    fn right(&mut self, what: impl Into<String>) {
        self.add(Verdict::Right, what, "");
    }
}

/// Who looks: the tool as it would register.
pub struct Doctor<'a> {
    /// The service's own client.
    pub outbound: &'a Outbound,
    /// What the world calls us.
    pub public_url: &'a PublicUrl,
    /// The tool.
    pub tool: &'a ToolSettings,
    /// Our clock.
    pub clock: &'a Clock,
}

impl Doctor<'_> {
    /// Looks at the configuration behind an address.
    pub async fn examine(&self, address: &str) -> Report {
        let mut report = Report::default();
        if let Some((url, document)) = self.fetch(address, &mut report).await {
            self.read(&url, &document, &mut report).await;
        }
        report
    }

    async fn fetch(&self, address: &str, report: &mut Report) -> Option<(Url, Vec<u8>)> {
        let Ok(url) = Url::parse(address) else {
            let advice =
                "Give the address of the platform's openid-configuration, with https:// in front.";
            report.add(Verdict::Wrong, "That is no absolute address.", advice);
            return None;
        };
        let answer = match self.get(&url).await {
            Ok(answer) => answer,
            Err(error) => {
                let what = format!("The configuration can't be fetched: {}.", chain(&error));
                report.add(Verdict::Wrong, what, advice_on(&error));
                return None;
            }
        };
        if answer.status != 200 {
            let what = format!(
                "The configuration's address answers with status {}.",
                answer.status
            );
            let advice = match answer.status {
                300..=399 => "Redirects are not followed: give the address it leads to.",
                _ => ONE_USE,
            };
            report.add(Verdict::Wrong, what, advice);
            return None;
        }
        let media_type = answer.media_type();
        if media_type.contains("html") || media_type.contains("xml") {
            let what = format!("The address answers with {media_type} instead of JSON.");
            let advice = "This is a page for people, often a sign-in. Look for the address in the platform's \
                          documentation; it often ends in openid-configuration.";
            report.add(Verdict::Wrong, what, advice);
            return None;
        }
        report.right(format!(
            "The configuration is there: {} bytes of {}.",
            answer.body.len(),
            if media_type.is_empty() {
                "no named type"
            } else {
                &media_type
            }
        ));
        self.compare_clocks(&answer, report);
        Some((url, answer.body))
    }

    async fn get(&self, url: &Url) -> Result<Answer, OutboundError> {
        let request = Request {
            purpose: Purpose::Registration,
            url,
            accept: "application/json",
            bearer: None,
            limit: LIMIT,
        };
        self.outbound.get(request).await
    }

    fn compare_clocks(&self, answer: &Answer, report: &mut Report) {
        let date = answer
            .headers
            .get("date")
            .and_then(|value| value.to_str().ok());
        let date = date.and_then(|text| jiff::fmt::rfc2822::parse(text).ok());
        let Some(date) = date else { return };
        let ahead = date.timestamp().as_second() - self.clock.now_seconds();
        if ahead.abs() <= CLOCK {
            report.right("Its clock and ours agree.");
            return;
        }
        let what = format!(
            "Its clock is {} seconds {} ours.",
            ahead.abs(),
            if ahead > 0 { "ahead of" } else { "behind" }
        );
        let advice = "Launches are refused as not yet valid, or as expired. Let both machines take their time from the \
                      network (NTP), or raise launch.leewaySeconds.";
        report.add(Verdict::Odd, what, advice);
    }

    async fn read(&self, url: &Url, document: &[u8], report: &mut Report) {
        let configuration = match PlatformConfiguration::parse(document) {
            Ok(configuration) => configuration,
            Err(error) => {
                name_missing(document, report);
                report.add(Verdict::Wrong, sentence(&error), advice_on_document(&error));
                return;
            }
        };
        report.right(format!("Issuer: {}", configuration.issuer));
        let endpoints = [
            (
                "authorization_endpoint",
                &configuration.authorization_endpoint,
            ),
            (
                "registration_endpoint",
                &configuration.registration_endpoint,
            ),
            ("jwks_uri", &configuration.jwks_uri),
            ("token_endpoint", &configuration.token_endpoint),
        ];
        let mut reachable = true;
        for (name, endpoint) in endpoints {
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
            Ok(checked) => self.tell_checked(&configuration, &checked, report),
            Err(error) => {
                report.add(Verdict::Wrong, sentence(&error), advice_on_document(&error));
                return;
            }
        }
        if !reachable {
            return;
        }
        self.look_at_keys(&configuration.jwks_uri, report).await;
        self.look_at_tokens(&configuration.token_endpoint, report)
            .await;
        self.compose(&configuration, report);
    }

    fn tell_checked(
        &self,
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
        if let AuthorizationServer::Usable(server) = &checked.authorization_server {
            report.right(format!(
                "Requests for access tokens are addressed to {server}."
            ));
        }
        for warning in &checked.warnings {
            let what = format!("{}.", capital(&warning.to_string()));
            report.add(Verdict::Odd, what, advice_on_oddity(warning));
        }
    }

    async fn look_at_keys(&self, endpoint: &Endpoint, report: &mut Report) {
        const NO_LAUNCHES: &str =
            "Every launch is checked with a key from there, so none would be accepted.";
        let answer = match self.get(endpoint.url()).await {
            Ok(answer) if answer.status == 200 => answer,
            Ok(answer) => {
                let what = format!(
                    "The key set's address answers with status {}.",
                    answer.status
                );
                return report.add(Verdict::Wrong, what, NO_LAUNCHES);
            }
            Err(error) => {
                let what = format!("The key set can't be fetched: {}.", chain(&error));
                return report.add(Verdict::Wrong, what, NO_LAUNCHES);
            }
        };
        let keys = match KeySet::parse(&answer.body) {
            Ok(keys) => keys,
            Err(error) => {
                let what = format!("The key set can't be used: {error}.");
                return report.add(Verdict::Wrong, what, NO_LAUNCHES);
            }
        };
        for (kid, fault) in keys.passed_over() {
            let kid = kid.as_deref().unwrap_or("without an id");
            let advice = "It is left aside. Launches signed with it are refused.";
            report.add(
                Verdict::Odd,
                format!("The key {kid} in the key set: {fault}."),
                advice,
            );
        }
        for kid in keys.ambiguous() {
            let advice = "None of them is used. The platform must give every key an id of its own.";
            report.add(
                Verdict::Odd,
                format!("Several keys share the id {kid}."),
                advice,
            );
        }
        match keys.len() {
            0 => report.add(
                Verdict::Wrong,
                "The key set has no key that can be used.",
                NO_LAUNCHES,
            ),
            1 => report.right("The key set has one usable key."),
            number => report.right(format!("The key set has {number} usable keys.")),
        }
    }

    /// Any answer will do: what it says to a stranger doesn't matter.
    async fn look_at_tokens(&self, endpoint: &Endpoint, report: &mut Report) {
        match self.get(endpoint.url()).await {
            Ok(_) | Err(OutboundError::TooLarge(_)) => report.right("The token endpoint answers."),
            Err(error) => {
                let what = format!("The token endpoint doesn't answer: {}.", chain(&error));
                let advice =
                    "Launches work, but no grades and no rosters until this service can reach it.";
                report.add(Verdict::Odd, what, advice);
            }
        }
    }

    fn compose(&self, configuration: &PlatformConfiguration, report: &mut Report) {
        let wanted = wanted(self.tool, self.public_url, "/<id>", None);
        self.compare_services(&wanted, configuration, report);
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
        if self.public_url.is_developer_mode() {
            let what = format!("The tool's own address is {}.", self.public_url.as_str());
            let advice = "A platform on another machine can't reach it. Set public_url to the https address of this \
                          service.";
            report.add(Verdict::Odd, what, advice);
        }
    }

    fn compare_services(
        &self,
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
            let advice =
                "Teachers can't choose content in the tool; links to the tool itself work.";
            report.add(Verdict::Odd, "It doesn't offer deep linking.", advice);
        }
    }
}

/// Every required member that isn't there, since reading stops at the first.
fn name_missing(document: &[u8], report: &mut Report) {
    const REQUIRED: [&str; 5] = [
        "issuer",
        "authorization_endpoint",
        "registration_endpoint",
        "jwks_uri",
        "token_endpoint",
    ];
    let Ok(Value::Object(members)) = serde_json::from_slice(document) else {
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

/// An endpoint without what may be a secret in its query.
fn without_query(endpoint: &Endpoint) -> String {
    let mut url = endpoint.url().clone();
    if url.query().is_some() {
        url.set_query(Some("…"));
    }
    url.to_string().replace("%E2%80%A6", "…")
}

/// An error and what caused it: for the operator, who asked.
fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        text = format!("{text}: {inner}");
        cause = inner.source();
    }
    text
}

fn sentence(error: &ConfigurationError) -> String {
    format!("{}.", capital(&error.to_string()))
}

fn capital(text: &str) -> String {
    let mut characters = text.chars();
    let first = characters.next().map(char::to_uppercase);
    first.into_iter().flatten().chain(characters).collect()
}

fn advice_on(error: &OutboundError) -> &'static str {
    match error {
        OutboundError::Blocked(_) => PRIVATE,
        OutboundError::TooLarge(_) => "No real configuration is that large. Check the address.",
        OutboundError::TimedOut => {
            "Check that this machine can reach the platform: its name, its port, and the firewalls in between."
        }
        _ => {
            "Check that this machine can reach the platform, and that its certificate is one that browsers trust, with \
             the whole chain."
        }
    }
}

fn advice_on_document(error: &ConfigurationError) -> &'static str {
    match error {
        ConfigurationError::Json(_) => {
            "The document must be one JSON object without doubled members. The platform's administrator has to mend it."
        }
        ConfigurationError::MissingMember(_) | ConfigurationError::BadAddress(_) => {
            "The platform's administrator has to mend the configuration, or register the tool by hand."
        }
        ConfigurationError::NotHttps(_) => {
            "The platform has to use https everywhere; often its own address (wwwroot, server URL) is set to http."
        }
        ConfigurationError::IssuerMismatch { .. } => {
            "A platform may speak only for its own host. Often the platform's own address is set wrongly, or it is \
             reached here by another name than the one it gives itself."
        }
        ConfigurationError::Unsupported { .. } => {
            "Every LTI 1.3 tool needs this. Look for a newer release of the platform."
        }
    }
}

fn advice_on_oddity(warning: &Warning) -> &'static str {
    match warning {
        Warning::NameWithSpace | Warning::MessagesAsNames => {
            "Old releases of Moodle do that; it is read all the same."
        }
        Warning::MissingList(_) => "The usual is assumed.",
        Warning::NoVersion => "Nothing depends on it.",
        Warning::AuthorizationServerIgnored => {
            "Canvas does that. Requests for access tokens are addressed to the token endpoint instead."
        }
        Warning::AuthorizationServerForeign => {
            "Requests for access tokens are addressed to the token endpoint instead. If the platform refuses them, set \
             authorizationServer of the registered platform by hand, once you are sure whose host that is."
        }
    }
}
