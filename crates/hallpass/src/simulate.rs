//! `hallpass simulate`: the pretend LMS and the pretend StudyReel, to test a tool with.

use std::io::Write;
use std::net::SocketAddr;
use std::time::Duration;

use clap::builder::PossibleValuesParser;
use clap::{ArgMatches, Args, Command, FromArgMatches, ValueEnum};
use simulator::lms::{self, Lms};
use simulator::profiles::Profile;
use simulator::studyreel::{self, StudyReel, StudyReelTool, Switches, Times};

use crate::conformance::CheckOptions;
use crate::http_url::http_url;
use crate::stop;

/// Starts a pretend LMS to test an LTI 1.3 tool against, whatever the tool is made of.
///
/// It has courses, teachers and students, registers tools dynamically or by hand, launches them in
/// a frame or a window, answers their service requests, and shows every message on the wire.
/// Everyone in it is invented, and nothing is kept when it stops.
#[derive(Args)]
struct LmsOptions {
    /// Address and port to listen on; port 0 takes a free one.
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8090", value_parser = listen_address)]
    listen: SocketAddr,
    /// The address for the tool and the browser, if it differs from the one listened on.
    #[arg(long, value_name = "URL")]
    public_url: Option<String>,
    /// Address and port of a second host for the authorization endpoint and the frame that passes
    /// tools' messages on, as hosted Canvas has one.
    #[arg(long, value_name = "ADDRESS", value_parser = listen_address)]
    sign_on_listen: Option<SocketAddr>,
    /// The second host's address for the tool and the browser, if it differs from the one listened
    /// on.
    #[arg(long, value_name = "URL", requires = "sign_on_listen")]
    sign_on_public_url: Option<String>,
    /// The issuer it names itself by [default: the public URL].
    #[arg(long, value_name = "URL")]
    issuer: Option<String>,
    /// The LMS it behaves like.
    #[arg(long, value_name = "NAME", default_value = "moodle", value_parser = profile_names())]
    profile: String,
}

/// Starts a pretend StudyReel to test an application's launch endpoint against.
///
/// It posts StudyReel's JSON launch for invented students, the documented example among them, and
/// judges the answer: the five members, the status, the login link. Nothing is kept when it stops.
#[derive(Args)]
struct StudyReelOptions {
    /// Address and port to listen on; port 0 takes a free one.
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8091", value_parser = listen_address)]
    listen: SocketAddr,
    /// The address for the tool and the browser, if it differs from the one listened on.
    #[arg(long, value_name = "URL")]
    public_url: Option<String>,
    /// Where launches are posted; may be given several times. Tools can also register themselves
    /// later.
    #[arg(long, value_name = "URL", value_parser = http_url)]
    launch_url: Vec<String>,
    /// The issuer of launches: a URL, or staging (which the documentation shows), production or
    /// alphalearn.
    #[arg(long, value_name = "URL", default_value = studyreel::DOCUMENTED_ISSUER, value_parser = issuer)]
    issuer: String,
    /// The deployment id of launches to --launch-url or --check.
    #[arg(long, alias = "deployment", value_name = "ID", default_value = studyreel::DOCUMENTED_DEPLOYMENT)]
    deployment_id: String,
    /// The x-api-key with which tools register themselves [default: made, and shown on its page].
    #[arg(long, value_name = "KEY")]
    api_key: Option<String>,
    /// How long to wait for an answer, in seconds.
    #[arg(long, value_name = "SECONDS", default_value_t = 10)]
    timeout: u64,
    /// An origin, beside the launch URL's own, on which login links may be; may be given several
    /// times.
    #[arg(long, value_name = "ORIGIN")]
    link_origin: Vec<String>,
    /// How times are written.
    #[arg(long, value_name = "FORM", default_value = "documented")]
    times: TimesForm,
    /// Times in the documented form, this many hours off UTC.
    #[arg(long, value_name = "HOURS", allow_hyphen_values = true, value_parser = clap::value_parser!(i8).range(-23..=23), conflicts_with = "times")]
    zone: Option<i8>,
    /// The same nonce in every launch.
    #[arg(long, value_name = "NONCE")]
    constant_nonce: Option<String>,
    /// The member that holds learning blocks.
    #[arg(long, value_name = "NAME", default_value = "learning_blocks")]
    learning_blocks_key: String,
    /// The secret to sign launches with, which StudyReel itself does not do.
    #[arg(long, value_name = "SECRET")]
    hmac_secret: Option<String>,
    /// Unknown values as JSON null, not as the text "null".
    #[arg(long)]
    json_null: bool,
    /// Numbers as JSON numbers, not as texts.
    #[arg(long)]
    numbers: bool,
    #[command(flatten)]
    check: CheckOptions,
}

#[derive(Clone, Copy, ValueEnum)]
enum TimesForm {
    /// 2024-09-19 03:14:07, UTC.
    Documented,
    /// 2024-09-19T03:14:07Z.
    Iso,
    /// Seconds since 1970.
    Epoch,
}

fn listen_address(text: &str) -> Result<SocketAddr, String> {
    let problem = "must be an address and a port, such as 127.0.0.1:8090 or 0.0.0.0:8090";
    text.parse().map_err(|_| problem.to_owned())
}

fn issuer(text: &str) -> Result<String, String> {
    Ok(match text {
        "staging" => studyreel::DOCUMENTED_ISSUER.to_owned(),
        "production" => studyreel::PRODUCTION_ISSUER.to_owned(),
        "alphalearn" => studyreel::ALPHALEARN_ISSUER.to_owned(),
        _ => text.to_owned(),
    })
}

fn profile_names() -> PossibleValuesParser {
    let names: Vec<&'static str> = Profile::all().iter().map(|profile| profile.name).collect();
    PossibleValuesParser::new(names)
}

/// The subcommand.
pub(crate) fn command() -> Command {
    let ending = "Prints one line with the address when it is ready, and runs until Ctrl-C.";
    Command::new("simulate")
        .about("Run a pretend LMS or StudyReel, to test any tool against")
        .subcommand_required(true)
        .arg_required_else_help(true)
        .subcommand(LmsOptions::augment_args(Command::new("lms")).after_help(ending))
        .subcommand(
            StudyReelOptions::augment_args(Command::new("studyreel"))
                .after_help(format!("{ending} With --check: prints a table and stops.")),
        )
}

/// Runs one of the simulators until the process is asked to stop.
pub(crate) async fn run(matches: &ArgMatches) -> anyhow::Result<()> {
    match matches.subcommand() {
        Some(("lms", matches)) => lms(LmsOptions::from_arg_matches(matches)?).await,
        Some(("studyreel", matches)) => {
            studyreel(StudyReelOptions::from_arg_matches(matches)?).await
        }
        _ => Ok(()),
    }
}

async fn lms(options: LmsOptions) -> anyhow::Result<()> {
    let stop = stop::watch()?;
    let lms = Lms::start(lms::Options {
        addr: options.listen,
        public_url: options.public_url,
        sign_on: options.sign_on_listen,
        sign_on_url: options.sign_on_public_url,
        issuer: options.issuer,
        profile: Profile::named(&options.profile).unwrap_or_else(Profile::moodle),
        ..lms::Options::default()
    })
    .await?;
    say_ready("lms", lms.url())?;
    tokio::select! {
        () = stop => Ok(()),
        () = lms.ended() => anyhow::bail!("the pretend LMS ended by itself"),
    }
}

async fn studyreel(options: StudyReelOptions) -> anyhow::Result<()> {
    let (issuer, deployment, origins) = (
        &options.issuer,
        &options.deployment_id,
        &options.link_origin,
    );
    let secret = options.hmac_secret.as_ref();
    if let Some(check) = options.check.read(issuer, deployment, origins, secret) {
        return crate::conformance::run(check, options.check.inside()).await;
    }
    let stop = stop::watch()?;
    let studyreel = StudyReel::start(studyreel::StudyReelOptions {
        addr: options.listen,
        public_url: options.public_url,
        launch_url: None,
        issuer: options.issuer,
        api_key: options.api_key,
        timeout: Duration::from_secs(options.timeout),
        link_origins: options.link_origin,
        switches: Switches {
            json_null: options.json_null,
            numbers: options.numbers,
            times: match (options.zone, options.times) {
                (Some(hours), _) => Times::Zone(hours),
                (None, TimesForm::Documented) => Times::Documented,
                (None, TimesForm::Iso) => Times::Iso,
                (None, TimesForm::Epoch) => Times::Epoch,
            },
            constant_nonce: options.constant_nonce,
            learning_blocks_key: options.learning_blocks_key,
            hmac_secret: options.hmac_secret,
        },
        ..studyreel::StudyReelOptions::default()
    })
    .await?;
    // The newest tool is launched by default, so the first one given comes last.
    for (number, url) in options.launch_url.into_iter().enumerate().rev() {
        let name = "Your tool".to_owned();
        studyreel.set_tool(StudyReelTool {
            id: format!("configured-{}", number + 1),
            name,
            ..StudyReelTool::configured(url, options.deployment_id.clone())
        });
    }
    say_ready("studyreel", studyreel.url())?;
    tokio::select! {
        () = stop => Ok(()),
        () = studyreel.ended() => anyhow::bail!("the pretend StudyReel ended by itself"),
    }
}

fn say_ready(what: &str, url: &str) -> std::io::Result<()> {
    writeln!(std::io::stdout(), "hallpass simulate {what} ready on {url}")
}
