//! `hallpass studyreel register`: registers the tool with StudyReel, once.

mod key;

use std::io::Write;

use clap::{ArgMatches, Args, Command, FromArgMatches, ValueEnum};
use gateway::kit::clock::{Clock, iso};
use gateway::kit::outbound::Outbound;
use gateway::operator::studyreel_register::{
    Contact, Listing, PRODUCTION, RegisterOutcome, Registrar, STAGING, allowing, base_text,
    likely_deployment, likely_issuers, not_allowed,
};
use gateway::settings::installation::Config;
use url::Url;

use self::key::ask_for_key;
use crate::settings;
use crate::terminal::field;
use crate::unrecorded;

/// Registers the tool with StudyReel, under the launch URL that holds its secret, and says what to
/// allow then.
///
/// Works on the store itself, with the settings that `hallpass serve` runs with, and beside running
/// servers. StudyReel's API key is the setting studyreel_api_key: best
/// HALLPASS_STUDYREEL_API_KEY_FILE, since other users of the machine can see a command line. If it
/// isn't set, it is asked for, or read from standard input.
///
/// What was registered is kept: run again, it sends nothing unless something has changed.
#[derive(Args)]
struct Register {
    /// Which StudyReel.
    #[arg(
        long,
        value_enum,
        value_name = "NAME",
        required_unless_present = "url",
        conflicts_with = "url"
    )]
    environment: Option<Environment>,
    /// The address of another one, such as a simulator's.
    #[arg(long, value_name = "URL", value_parser = base_url)]
    url: Option<Url>,
    /// The tool's name [default: the tool's setting name].
    #[arg(long, value_name = "TEXT")]
    name: Option<String>,
    /// Short text for students [default: the tool's setting description].
    #[arg(long, value_name = "TEXT")]
    description: Option<String>,
    /// The tool's logo [default: the tool's setting logoUrl].
    #[arg(long, value_name = "URL", value_parser = web_address)]
    logo_url: Option<Url>,
    /// The cover image of its page.
    #[arg(long, value_name = "URL", value_parser = web_address)]
    cover_image_url: Option<Url>,
    /// The application's version. StudyReel tells tools apart by name and version.
    #[arg(long, value_name = "TEXT", default_value = "1.0")]
    app_version: String,
    /// Its state in StudyReel.
    #[arg(long, value_name = "TEXT", default_value = "active")]
    status: String,
    /// The platform's name, as StudyReel wants it.
    #[arg(long, value_name = "TEXT", default_value = "1EdTech")]
    platform: String,
    /// A names and roles service of yours.
    #[arg(long, value_name = "URL", value_parser = web_address)]
    names_and_roles_service: Option<Url>,
    /// A grade service of yours.
    #[arg(long, value_name = "URL", value_parser = web_address)]
    grade_service: Option<Url>,
    /// Where browsers are sent; may be given several times [default: where login links lead].
    #[arg(long, value_name = "URL", value_parser = web_address)]
    redirect_uri: Vec<Url>,
    /// Whom to ask: 'Name <address>'; may be given several times.
    #[arg(long, value_name = "CONTACT", value_parser = contact)]
    contact: Vec<Contact>,
    /// The issuer that its launches will name: a URL, or staging or production; may be given
    /// several times [default: StudyReel's address, and for production staging's too, since it
    /// isn't documented which it is].
    #[arg(long, value_name = "URL", value_parser = issuer)]
    issuer: Vec<String>,
    /// Show what would be sent, and send nothing.
    #[arg(long)]
    dry_run: bool,
    /// Send it although it is registered already.
    #[arg(long)]
    again: bool,
}

#[derive(Clone, Copy, ValueEnum)]
enum Environment {
    Production,
    Staging,
}

fn web_address(text: &str) -> Result<Url, String> {
    match Url::parse(text) {
        Ok(url) if matches!(url.scheme(), "http" | "https") => Ok(url),
        _ => Err("must be an http or https URL".to_owned()),
    }
}

fn base_url(text: &str) -> Result<Url, String> {
    let url = web_address(text)?;
    if url.query().is_some() || url.fragment().is_some() || !url.username().is_empty() {
        return Err("must be an address without user name, question mark or fragment".into());
    }
    Ok(url)
}

fn issuer(text: &str) -> Result<String, String> {
    match text {
        "staging" => Ok(STAGING.to_owned()),
        "production" => Ok(PRODUCTION.to_owned()),
        _ => base_url(text).map(|url| base_text(&url)),
    }
}

fn contact(text: &str) -> Result<Contact, String> {
    let parts = text
        .strip_suffix('>')
        .and_then(|text| text.split_once('<'))
        .map(|(name, email)| (name.trim(), email.trim()));
    match parts {
        Some((name, email)) if !name.is_empty() && email.contains('@') => Ok(Contact {
            name: name.to_owned(),
            email: email.to_owned(),
        }),
        _ => Err("must be a name and an address, such as 'Ada Moss <ada@example.com>'".into()),
    }
}

/// The subcommand.
pub(crate) fn command() -> Command {
    let register = settings::with_settings(Register::augment_args(Command::new("register")));
    Command::new("studyreel")
        .about("Register the tool with StudyReel")
        .subcommand_required(true)
        .arg_required_else_help(true)
        .subcommand(register)
}

/// Runs the subcommand.
pub(crate) async fn run(matches: &ArgMatches) -> anyhow::Result<()> {
    let Some(("register", matches)) = matches.subcommand() else {
        return Ok(());
    };
    let options = Register::from_arg_matches(matches)?;
    let config = settings::load(matches)?;
    let mut allowed = config.outbound_allow.clone();
    if config.public_url.is_developer_mode() {
        allowed = allowed.with_loopback();
    }
    let outbound = Outbound::new(allowed)?;
    let registrar = Registrar::open(config.clone(), outbound, Clock::default()).await?;
    let result = register(&registrar, &options, &config).await;
    unrecorded::tell(registrar.unrecorded());
    registrar.close().await;
    result
}

async fn register(
    registrar: &Registrar,
    options: &Register,
    config: &Config,
) -> anyhow::Result<()> {
    let base = match (options.environment, &options.url) {
        (_, Some(url)) => url.clone(),
        (Some(Environment::Staging), None) => Url::parse(STAGING)?,
        (Some(Environment::Production) | None, None) => Url::parse(PRODUCTION)?,
    };
    let listing = listing(registrar, options);
    registrar.check(&base, &listing)?;
    let mut out = std::io::stdout().lock();
    if options.dry_run {
        let body = serde_json::to_string_pretty(&listing)?;
        let base = base_text(&base);
        writeln!(
            out,
            "Would send to {base}/tools/register, with your API key:\n{body}"
        )?;
        return Ok(());
    }
    let known = registrar.known(&base, &listing).await?;
    let registered = match known {
        Some(known) if registrar.is_current(&known, &listing) && !options.again => {
            RegisterOutcome {
                registration: known,
                sent: false,
            }
        }
        known => {
            if let Some(known) = known.filter(|known| known.is_open()) {
                let at = iso(known.asked_at);
                writeln!(
                    out,
                    "The attempt of {at} got no answer. StudyReel may know the tool already."
                )?;
            }
            let api_key = match &config.studyreel_api_key {
                Some(key) => key.clone(),
                None => ask_for_key()?,
            };
            registrar.register(&base, &listing, api_key.trim()).await?
        }
    };
    let issuers = match options.issuer.as_slice() {
        [] => likely_issuers(&base),
        given => given.to_vec(),
    };
    tell(
        &mut out,
        registrar,
        config,
        &base,
        &listing,
        &registered,
        &issuers,
    )
}

fn listing(registrar: &Registrar, options: &Register) -> Listing {
    let settings = registrar.settings();
    let text = |url: &Url| url.as_str().to_owned();
    let logo = options.logo_url.as_ref().or(settings.logo_url.as_ref());
    let description = options
        .description
        .as_ref()
        .or(settings.description.as_ref());
    let redirects = match options.redirect_uri.as_slice() {
        [] => vec![registrar.login_url()],
        given => given.iter().map(text).collect(),
    };
    Listing {
        name: options.name.as_ref().unwrap_or(&settings.name).clone(),
        description: description.cloned().unwrap_or_default(),
        launch_url: registrar.launch_url(),
        logo_url: logo.map(text).unwrap_or_default(),
        cover_image_url: options.cover_image_url.as_ref().map(text),
        status: options.status.clone(),
        platform: options.platform.clone(),
        version: options.app_version.clone(),
        names_and_roles_service: options.names_and_roles_service.as_ref().map(text),
        grade_service: options.grade_service.as_ref().map(text),
        redirect_uris: redirects,
        contacts: options.contact.clone(),
    }
}

/// Prints what is registered, and what to allow.
fn tell(
    out: &mut impl Write,
    registrar: &Registrar,
    config: &Config,
    base: &Url,
    listing: &Listing,
    registered: &RegisterOutcome,
    issuers: &[String],
) -> anyhow::Result<()> {
    let registration = &registered.registration;
    let (name, version, studyreel) = (&listing.name, &listing.version, base_text(base));
    if registered.sent {
        writeln!(out, "Registered {name} {version} with {studyreel}.")?;
    } else {
        let at = iso(registration.registered_at.unwrap_or(registration.asked_at));
        writeln!(
            out,
            "{name} {version} is registered with {studyreel} since {at}. Nothing was sent; --again sends it all the same."
        )?;
    }
    if let Some(id) = &registration.remote_id {
        writeln!(out, "Its id there: {}", field(id))?;
    }
    let deployment = match &registration.deployment_id {
        Some(deployment) => {
            writeln!(out, "Its deployment: {}", field(deployment))?;
            deployment.clone()
        }
        None => {
            let likely = likely_deployment(listing);
            writeln!(
                out,
                "StudyReel named no deployment. By its rule it should be {likely}: check the first launch."
            )?;
            likely
        }
    };
    let named = issuers.join(" or ");
    writeln!(out, "The issuer of its launches: {named}")?;
    for issuer in not_allowed(&registrar.settings().studyreel, issuers) {
        writeln!(
            out,
            "{issuer} is not in studyreel.issuers yet: the command below adds it."
        )?;
    }
    let change = allowing(&registrar.settings().studyreel, issuers, &deployment);
    let public_url = config.public_url.as_str();
    writeln!(
        out,
        "\nTo let only this deployment launch, and only by the launch URL that was registered:\n  \
         curl -X PATCH {public_url}/admin/tool -H 'Authorization: Bearer <API key>' \\\n    \
         -H 'Content-Type: application/json' -d '{}'",
        field(change).replace('\'', "'\\''")
    )?;
    Ok(())
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a panic is how a test fails")]
mod tests {
    use super::*;

    #[test]
    fn contacts_and_addresses_are_read_or_refused() {
        let ada = contact("Ada Moss <ada@example.com>").unwrap();
        assert_eq!(
            (ada.name.as_str(), ada.email.as_str()),
            ("Ada Moss", "ada@example.com")
        );
        for bad in [
            "ada@example.com",
            "<ada@example.com>",
            "Ada <ada>",
            "Ada <ada@example.com",
        ] {
            assert!(contact(bad).is_err(), "{bad}");
        }
        assert!(base_url("https://studyreel.example/").is_ok());
        for bad in [
            "ftp://a.example",
            "https://a.example/?x",
            "https://u@a.example",
            "a.example",
        ] {
            assert!(base_url(bad).is_err(), "{bad}");
        }
    }
}
