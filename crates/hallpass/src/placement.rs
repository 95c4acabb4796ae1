//! `hallpass placement explain`: where a StudyReel launch would place a student, and why, in plain
//! words.

use std::fmt::{Display, Write as _};
use std::io::Read;

use ::studyreel::placement::{
    LearningPath, Placement, PlacementReason, PlacementRules, Precedence, Preview, grade_name,
};
use ::studyreel::{PayloadRefusal, Reported, with_members};
use anyhow::Context;
use clap::{Arg, ArgAction, ArgGroup, ArgMatches, Command};
use gateway::kit::clock::Clock;
use gateway::operator::{Operator, OperatorError};
use gateway::settings::installation::Config;
use gateway::studyreel::OfferedPaths;
use serde_json::Map;

use crate::settings;
use crate::terminal::{field, note, say};

const SUBJECTS: [&str; 4] = ["math", "language", "science", "reading"];

/// The subcommand.
pub(crate) fn command() -> Command {
    let measure = |name: &'static str, value: &'static str, help: &'static str| {
        Arg::new(name)
            .long(name)
            .value_name(value)
            .value_parser(of_subject)
            .action(ArgAction::Append)
            .help(help)
    };
    let explain = Command::new("explain")
        .about("Show where a launch would place a student, and why")
        .long_about(
            "Show where a launch would place a student who is new, and why: which input decided, which contradict each \
             other, where the student would begin, and by which norms.\n\n\
             Works with the learning paths and the rule of the running installation, given the settings that `hallpass \
             serve` runs with; before its first start, with those of the settings. Nothing is stored. The same as POST \
             /admin/placement/preview.",
        )
        .arg(
            Arg::new("launch")
                .value_name("FILE")
                .help("A launch as JSON, or only its placement members; - for standard input"),
        )
        .arg(measure(
            "grade",
            "SUBJECT=GRADE",
            "StudyReel's grade for math, language, science or reading; may be given several times",
        ))
        .arg(measure(
            "rit",
            "SUBJECT=SCORE",
            "The MAP RIT score likewise",
        ))
        .arg(
            Arg::new("age-grade")
                .long("age-grade")
                .value_name("GRADE")
                .allow_hyphen_values(true)
                .help("The grade expected from age"),
        )
        .arg(
            Arg::new("json")
                .long("json")
                .action(ArgAction::SetTrue)
                .help("Print what POST /admin/placement/preview answers"),
        )
        .group(
            ArgGroup::new("measures")
                .args(["launch", "grade", "rit", "age-grade"])
                .multiple(true)
                .required(true),
        );
    Command::new("placement")
        .about("Explain where StudyReel students start")
        .subcommand_required(true)
        .arg_required_else_help(true)
        .subcommand(settings::with_settings(explain))
}

fn of_subject(text: &str) -> Result<(String, String), String> {
    text.split_once('=')
        .filter(|(subject, _)| SUBJECTS.contains(subject))
        .map(|(subject, value)| (subject.to_owned(), value.to_owned()))
        .ok_or_else(|| {
            format!(
                "must be a subject, = and a value, such as math=5; the subjects are {}",
                SUBJECTS.join(", ")
            )
        })
}

/// Runs the subcommand.
pub(crate) async fn run(matches: &ArgMatches) -> anyhow::Result<()> {
    let Some(("explain", matches)) = matches.subcommand() else {
        return Ok(());
    };
    let config = settings::load(matches)?;
    let (rules, offer) = installation(&config).await?;
    let preview = Preview::of(&launch(matches)?, &offer.in_force, &rules).map_err(unreadable)?;
    let told = if matches.get_flag("json") {
        serde_json::to_string_pretty(&preview)?
    } else {
        in_words(&preview, &rules, &offer)
    };
    say(told)?;
    Ok(())
}

fn unreadable(refusal: PayloadRefusal) -> anyhow::Error {
    anyhow::anyhow!("the launch can't be read: {refusal}")
}

/// The launch from the command line: the file's members, overridden by flags.
fn launch(matches: &ArgMatches) -> anyhow::Result<Vec<u8>> {
    let mut body = match matches.get_one::<String>("launch").map(String::as_str) {
        None => b"{}".to_vec(),
        Some("-") => {
            let mut body = Vec::new();
            std::io::stdin().lock().read_to_end(&mut body)?;
            body
        }
        Some(path) => std::fs::read(path).with_context(|| format!("{path} can't be read"))?,
    };
    let mut members = Map::new();
    for (flag, prefix) in [("grade", "studyreel_grade_"), ("rit", "map_rit_")] {
        for (subject, value) in matches
            .get_many::<(String, String)>(flag)
            .unwrap_or_default()
        {
            members.insert(format!("{prefix}{subject}"), value.as_str().into());
        }
    }
    if let Some(grade) = matches.get_one::<String>("age-grade") {
        members.insert("age_grade".to_owned(), grade.as_str().into());
    }
    // Without flags, the launch stays unchanged, byte for byte.
    if !members.is_empty() {
        body = with_members(&body, &members).map_err(unreadable)?;
    }
    Ok(body)
}

/// The rule and paths in force: from the store if there is one, otherwise those of a first start.
async fn installation(config: &Config) -> anyhow::Result<(PlacementRules, OfferedPaths)> {
    let (stored, tool) = match Operator::new(config, Clock::default()).await {
        Ok(operator) => {
            let found = (operator.learning_paths().await?, operator.tool().await?);
            operator.close().await;
            found
        }
        Err(OperatorError::NoStore(error)) => {
            tell_no_store(&error)?;
            (Vec::new(), None)
        }
        Err(error) => return Err(error.into()),
    };
    let rules = tool.unwrap_or_else(|| config.tool.settings.clone());
    Ok((
        rules.studyreel.placement,
        OfferedPaths::of(&config.learning_paths, stored),
    ))
}

fn tell_no_store(error: &impl Display) -> std::io::Result<()> {
    note(format_args!(
        "There is no store to read yet ({error}): this is by the settings alone."
    ))
}

/// Everything a person needs to follow the decision.
fn in_words(preview: &Preview, rules: &PlacementRules, offer: &OfferedPaths) -> String {
    let mut told = String::new();
    for (placement, path) in preview.placement.iter().zip(&offer.in_force) {
        told.push_str(&of_path(placement, path, rules));
        told.push('\n');
    }
    let (first, second) = match rules.precedence {
        Precedence::SrFirst => ("StudyReel's grade", "the MAP score"),
        Precedence::RitFirst => ("the MAP score", "StudyReel's grade"),
    };
    let paths = if offer.standard {
        "the standard ones; none were defined".to_owned()
    } else {
        let from_file = offer.from_file.len();
        let from_api = offer.in_force.len() - from_file;
        format!("{from_file} of the setting learning_paths, {from_api} of /admin/learning-paths")
    };
    let norms = preview.norms;
    let lines = [
        format!(
            "Rule:   {first}, else {second}, else the age grade, else the path's lowest grade. {} grades or more between \
             the first two are a conflict. A MAP score gives no grade above {}.",
            rules.conflict_threshold, rules.rit_grade_cap
        ),
        format!(
            "Norms:  {} ({}), published by {}. {}",
            norms.title,
            norms.version,
            norms.publisher,
            norms.source.trim()
        ),
        format!("Paths:  {paths}."),
        format!("Version {}. Nothing was stored.", preview.rule_version),
    ];
    told + &lines.join("\n")
}

/// One path: the result, and what became of each input.
fn of_path(placement: &Placement, path: &LearningPath, rules: &PlacementRules) -> String {
    let mut told = format!("{}: {}", placement.subject, grade_name(placement.grade));
    if placement.starts_with_diagnostic {
        told.push_str(", with a diagnostic first");
    } else if placement.diagnostic_recommended {
        told.push_str(", and a diagnostic is recommended");
    }
    told.push('\n');
    let mut row = |name: &str, text: &str| {
        // Writing to a string can't fail.
        let _ = writeln!(told, "  {name:<18} {}", field(text));
    };
    let inputs = &placement.inputs;
    let contradicts = |decided: bool| match (decided, placement.conflict) {
        (true, _) => "decided".to_owned(),
        (false, true) => format!(
            "in conflict with what decided: {} grades or more apart",
            rules.conflict_threshold
        ),
        (false, false) => "not needed".to_owned(),
    };
    let studyreel = contradicts(placement.reason == PlacementReason::StudyreelGrade);
    row("StudyReel's grade", &outcome(&inputs.grade, &studyreel));
    let points = placement.rit_grade.map_or_else(String::new, |grade| {
        format!("points to {}; ", grade_name(grade))
    });
    let rit = points + &contradicts(placement.reason == PlacementReason::MapRit);
    row("MAP score", &outcome(&inputs.rit, &rit));
    let age = if placement.reason == PlacementReason::AgeGrade {
        "decided"
    } else {
        "not needed"
    };
    row("Age grade", &outcome(&inputs.age_grade, age));
    if placement.reason == PlacementReason::Unknown {
        row("Nothing is known", "the path's lowest grade decided");
    }
    let grades = path.grades.as_slice().iter().map(|grade| grade.to_string());
    let mut offered = format!(
        "\"{}\" ({}), which offers the grades {}",
        path.id,
        path.title,
        grades.collect::<Vec<_>>().join(" ")
    );
    if let Some(meant) = placement.clamped_from {
        let _ = write!(offered, ": {} is not among them", grade_name(meant));
    }
    row("Path", &offered);
    let entry = placement.entry.as_deref();
    row("Begins at", entry.unwrap_or("no entry point is defined"));
    if !path.weekly_goal.is_null() {
        row("Weekly goal", &path.weekly_goal.to_string());
    }
    row("In one sentence", &placement.explanation);
    told
}

/// An input as sent, and what became of it.
fn outcome<T: Display>(input: &Reported<T>, became: &str) -> String {
    match (&input.raw, &input.value, input.warning) {
        (_, Some(value), _) => {
            let value = value.to_string();
            let sent = input.raw.as_deref().filter(|raw| *raw != value);
            let sent = sent.map_or_else(String::new, |raw| format!(" (sent as {raw:?})"));
            format!("{value}{sent}: {became}")
        }
        (None, None, None) => "not sent".to_owned(),
        (None, None, Some(warning)) => warning.to_string(),
        (Some(raw), None, None) => format!("{raw:?}: unknown"),
        (Some(raw), None, Some(warning)) => format!("{raw:?}: {warning}"),
    }
}
