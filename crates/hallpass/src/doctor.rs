//! `hallpass doctor`: what is right, missing or odd in a platform's configuration, and in what this
//! installation depends on.

use std::process::ExitCode;

use clap::{Arg, ArgAction, ArgMatches, Command};
use gateway::doctor::{Doctor, Finding, Report, Verdict, examine_provider};
use gateway::kit::clock::{Clock, iso};
use gateway::kit::outbound::{AllowList, Outbound};
use gateway::kit::text::without_code;
use gateway::operator::{Operator, OperatorError, StalledPlatform};
use gateway::settings::installation::Config;
use gateway::settings::tool::ToolSettings;
use serde_json::{Value, json};
use store::webhooks::WebhookRow;

use crate::settings;
use crate::terminal::{Ink, Inked, field, say};

/// What a report without a platform says at its end.
const NO_PLATFORM: &str = "No platform was looked at: give the address of its \
    openid-configuration, or choose Check now on its page in the portal.";

/// The subcommand.
pub(crate) fn command() -> Command {
    let url = Arg::new("url").value_name("URL").help(
        "Address of the platform's openid-configuration, with everything behind the question mark [default: only this \
         installation is looked at]",
    );
    let allow = Arg::new("allow")
        .long("allow")
        .value_name("HOST")
        .action(ArgAction::Append)
        .help(
            "A host, host:port or network that may be private or plain http; may be given several times",
        );
    let json = settings::json().help("Print JSON, as POST /admin/platforms/<id>/check answers");
    let doctor = Command::new("doctor")
        .about("Look at a learning platform's configuration and say what is right, odd or wrong")
        .long_about(
            "Look at a learning platform's configuration and say what is right, odd or wrong, and what Hallpass would \
             send to register. Without an address, only what this installation leans on: the identity provider of the \
             portal, webhooks, deliveries.\n\nNothing is registered. But the configuration is fetched, and addresses from \
             Brightspace are good for one use: make a new one for the registration itself.\n\n\
             Exit code: 0 all is right, 1 it can't work, 2 it works and there is something to know.",
        )
        .arg(url)
        .arg(allow)
        .arg(json);
    settings::with_settings(doctor)
}

/// Runs the checks, prints the findings, and returns the exit code.
pub(crate) async fn run(matches: &ArgMatches) -> anyhow::Result<ExitCode> {
    let config = settings::load(matches)?;
    let allow: Vec<&str> = matches
        .get_many::<String>("allow")
        .into_iter()
        .flatten()
        .map(String::as_str)
        .collect();
    let allow = AllowList::parse(&allow.join(","))
        .map_err(|problem| anyhow::anyhow!("--allow {problem}"))?;
    let mut allowed = config.outbound_allow.clone().and(allow);
    if config.public_url.is_developer_mode() {
        allowed = allowed.with_loopback();
    }
    let clock = Clock::default();
    let installation = Installation::of(&config, &clock).await;
    let outbound = Outbound::new(allowed)?;
    let doctor = Doctor {
        outbound: &outbound,
        public_url: &config.public_url,
        tool: &installation.tool,
        clock: &clock,
    };
    let mut report = match matches.get_one::<String>("url") {
        Some(address) => doctor.examine(address).await,
        None => Report::default(),
    };
    examine_provider(&outbound, &config, &mut report).await;
    report.findings.extend(installation.findings);
    if matches.get_flag("json") {
        say(object(&report))?;
    } else {
        tell(&report, matches.contains_id("url"))?;
    }
    Ok(match report.verdict() {
        Verdict::Right => ExitCode::SUCCESS,
        Verdict::Wrong => ExitCode::from(1),
        Verdict::Odd => ExitCode::from(2),
    })
}

/// What this installation contributes.
struct Installation {
    /// The tool as its owner configured it; without a store, as it would start.
    tool: ToolSettings,
    /// The state of its webhooks and deliveries, or that it couldn't be checked.
    findings: Vec<Finding>,
}

impl Installation {
    async fn of(config: &Config, clock: &Clock) -> Self {
        let mut found = Self {
            tool: config.tool.settings.clone(),
            findings: Vec::new(),
        };
        let operator = match Operator::new(config, clock.clone()).await {
            Ok(operator) => operator,
            Err(error) => {
                found.findings.push(unread(
                    "The store can't be read, so webhooks and deliveries were not looked at.",
                    &error,
                ));
                return found;
            }
        };
        match operator.tool().await {
            Ok(Some(tool)) => found.tool = tool,
            Ok(None) => {}
            Err(error) => found.findings.push(unread(
                "The tool's settings can't be read from the store: those that it started with were used.",
                &error,
            )),
        }
        found.findings.extend(looked_at(
            operator.disabled_webhooks().await,
            disabled_webhook,
            "No webhook is disabled.",
            "The webhooks can't be read from the store, so they were not looked at.",
        ));
        found.findings.extend(looked_at(
            operator.stalled_deliveries().await,
            stalled_deliveries,
            "No score has waited too long.",
            "The deliveries can't be read from the store, so they were not looked at.",
        ));
        operator.close().await;
        found
    }
}

/// One finding for each oddity, or a single one if there is none or the check failed.
fn looked_at<T>(
    odd: Result<Vec<T>, OperatorError>,
    finding: fn(&T) -> Finding,
    none: &str,
    failed: &str,
) -> Vec<Finding> {
    match odd {
        Ok(odd) if odd.is_empty() => vec![Finding {
            verdict: Verdict::Right,
            what: none.to_owned(),
            advice: String::new(),
        }],
        Ok(odd) => odd.iter().map(finding).collect(),
        Err(error) => vec![unread(failed, &error)],
    }
}

fn unread(what: &str, error: &OperatorError) -> Finding {
    Finding {
        verdict: Verdict::Odd,
        what: what.to_owned(),
        advice: format!("Why: {}.", without_code(&error.to_string())),
    }
}

fn disabled_webhook(webhook: &WebhookRow) -> Finding {
    let why = match webhook.disabled_reason.as_deref() {
        Some("GONE") => "it answered 410",
        _ => "every attempt failed for five days",
    };
    // An address may contain a secret in its query.
    let url = webhook.url.split('?').next().unwrap_or_default();
    Finding {
        verdict: Verdict::Odd,
        what: format!("The webhook {} ({url}) is disabled: {why}.", webhook.id),
        advice: "Nothing is sent to it. Once it works, activate it with PATCH /admin/webhooks/<id> and send what it missed \
                 with its replay; or delete it."
            .to_owned(),
    }
}

fn stalled_deliveries(stalled: &StalledPlatform) -> Finding {
    let (platform, waiting) = (&stalled.platform_id, stalled.waiting);
    let scores = if waiting == 1 { "score" } else { "scores" };
    let since = iso(stalled.since_ms);
    Finding {
        verdict: Verdict::Odd,
        what: format!("{waiting} {scores} for platform {platform} wait, the oldest since {since}."),
        advice: format!(
            "Look at the attempts with `hallpass deliveries list --platform {platform}` and `hallpass deliveries show <id>`: \
             the platform fails, or asks for a pause. They are delivered once it works."
        ),
    }
}

/// The report as JSON, with the API's names; `request` is what would be sent to register, and
/// where.
fn object(report: &Report) -> Value {
    let finding = |finding: &Finding| {
        let mut object = json!({"verdict": finding.verdict.name(), "what": finding.what});
        if !finding.advice.is_empty() {
            object["advice"] = finding.advice.as_str().into();
        }
        object
    };
    let findings: Vec<Value> = report.findings.iter().map(finding).collect();
    let mut object = json!({"verdict": report.verdict().name(), "findings": findings});
    if let Some((endpoint, request)) = &report.request {
        object["request"] = json!({"url": endpoint, "body": request});
    }
    object
}

/// Prints a report. Without a platform, what is right is only this installation.
fn tell(report: &Report, has_platform: bool) -> anyhow::Result<()> {
    for finding in &report.findings {
        let (ink, word) = match finding.verdict {
            Verdict::Right => (Ink::Good, "right"),
            Verdict::Odd => (Ink::Odd, "odd"),
            Verdict::Wrong => (Ink::Bad, "WRONG"),
        };
        Inked::new()
            .add(ink, format_args!("{word:<6}"))
            .add(Ink::Plain, format_args!(" {}", field(&finding.what)))
            .say()?;
        if !finding.advice.is_empty() {
            let advice = format!("       {}", finding.advice);
            Inked::new().add(Ink::Soft, advice).say()?;
        }
    }
    if let Some((endpoint, request)) = &report.request {
        let request = serde_json::to_string_pretty(request)?;
        say(format_args!(
            "\nTo register, Hallpass would send to {endpoint}:\n{request}"
        ))?;
    }
    let number = |verdict| {
        let all = report.findings.iter();
        match all.filter(|finding| finding.verdict == verdict).count() {
            1 => "one thing".to_owned(),
            number => format!("{number} things"),
        }
    };
    let end = match report.verdict() {
        Verdict::Right if has_platform => "All is right.".to_owned(),
        Verdict::Right => "What was looked at is right.".to_owned(),
        Verdict::Odd => format!("It works, with {} to know.", number(Verdict::Odd)),
        Verdict::Wrong => format!("It can't work: {} must change.", number(Verdict::Wrong)),
    };
    say(format_args!("\n{end}"))?;
    if !has_platform {
        say(NO_PLATFORM)?;
    }
    Ok(())
}
