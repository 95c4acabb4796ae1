//! `hallpass doctor`: what is right, missing or odd in a platform's configuration.

use std::process::ExitCode;

use clap::{Arg, ArgAction, ArgMatches, Command};
use gateway::kit::clock::Clock;
use gateway::kit::outbound::{AllowList, Outbound};
use gateway::operator::Operator;
use gateway::operator::doctor::{Doctor, Report, Verdict};
use gateway::settings::installation::Config;
use gateway::settings::tool::ToolSettings;

use crate::settings;
use crate::terminal::{field, say};

/// The subcommand.
pub(crate) fn command() -> Command {
    let url = Arg::new("url").required(true).value_name("URL").help(
        "Address of the platform's openid-configuration, with everything behind the question mark",
    );
    let allow = Arg::new("allow")
        .long("allow")
        .value_name("HOST")
        .action(ArgAction::Append)
        .help(
            "A host, host:port or network that may be private or plain http; may be given several times",
        );
    let doctor = Command::new("doctor")
        .about("Look at a learning platform's configuration and say what is right, odd or wrong")
        .long_about(
            "Look at a learning platform's configuration and say what is right, odd or wrong, and what Hallpass would \
             send to register.\n\nNothing is registered. But the configuration is fetched, and addresses from \
             Brightspace are good for one use: make a new one for the registration itself.\n\n\
             Exit code: 0 all is right, 1 it can't work, 2 it works and there is something to know.",
        )
        .arg(url)
        .arg(allow);
    settings::with_settings(doctor)
}

/// Looks, tells, and answers with the exit code.
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
    let doctor = Doctor {
        outbound: &Outbound::new(allowed)?,
        public_url: &config.public_url,
        tool: &tool(&config, &clock).await,
        clock: &clock,
    };
    let address = matches.get_one::<String>("url").map_or("", String::as_str);
    let report = doctor.examine(address).await;
    tell(&report)?;
    Ok(match report.verdict() {
        Verdict::Right => ExitCode::SUCCESS,
        Verdict::Wrong => ExitCode::from(1),
        Verdict::Odd => ExitCode::from(2),
    })
}

/// The tool as its owner left it, where this installation has been started before; else as it would start.
async fn tool(config: &Config, clock: &Clock) -> ToolSettings {
    let stored = match Operator::new(config, clock.clone()).await {
        Ok(operator) => {
            let tool = operator.tool().await;
            operator.close().await;
            tool.ok().flatten()
        }
        Err(_) => None,
    };
    stored.unwrap_or_else(|| config.tool.settings.clone())
}

fn tell(report: &Report) -> anyhow::Result<()> {
    for finding in &report.findings {
        let word = match finding.verdict {
            Verdict::Right => "right",
            Verdict::Odd => "odd",
            Verdict::Wrong => "WRONG",
        };
        say(format_args!("{word:<6} {}", field(&finding.what)))?;
        if !finding.advice.is_empty() {
            say(format_args!("       {}", finding.advice))?;
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
        Verdict::Right => "All is right.".to_owned(),
        Verdict::Odd => format!("It works, with {} to know.", number(Verdict::Odd)),
        Verdict::Wrong => format!("It can't work: {} must change.", number(Verdict::Wrong)),
    };
    say(format_args!("\n{end}"))?;
    Ok(())
}
