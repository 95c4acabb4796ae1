//! The text for the administrator of an LMS.

use super::lms::{Lms, LmsLetter};
use super::ours::OurAddresses;
use super::step::CopiedAddress;
use super::url_way::{UrlWay, activates_at_once};
use crate::directory::tools::Tool;
use crate::web::language::Language;
use crate::web::texts::portal_connect as texts;

/// The step of `LETTER_STEPS_WAIT` that registers.
const PASTED: usize = 2;

/// A letter, as far as it works and is known. Invitations have their own letters.
pub(super) fn letter(
    lms: &Lms,
    tool: &Tool,
    ours: &OurAddresses,
    client_id: Option<&str>,
    language: Language,
) -> Option<String> {
    let letter = match lms.letter {
        LmsLetter::Url if UrlWay::of(tool) != UrlWay::Open => return None,
        LmsLetter::Url => {
            let waits = !activates_at_once(tool);
            return Some(url_letter(lms, tool, ours, waits, language));
        }
        // Once it is entered, its values are known.
        LmsLetter::Values if client_id.is_some() => return None,
        LmsLetter::Values => texts::LETTER_VALUES
            .with("login", &*ours.login)
            .with("launch", &*ours.launch)
            .with("keys", &*ours.keys),
        LmsLetter::ClientId => texts::LETTER_CLIENT_ID.with("client", client_id?),
    };
    let letter = letter.with("tool", tool.name_in(language));
    Some(letter.to(language).into_owned())
}

/// How to register with our URL: in the LMS's own words, if the LMS is known. If the registration
/// `waits` for someone here, a launch before that would be refused, and the letter says so.
pub(super) fn url_letter(
    lms: &Lms,
    tool: &Tool,
    ours: &OurAddresses,
    waits: bool,
    language: Language,
) -> String {
    let steps = match lms.has_own_steps() {
        true => numbered(lms, ours, waits, language),
        false => {
            let steps = match waits {
                true => texts::LETTER_STEPS_WAIT.with("tell", tell(PASTED, language)),
                false => texts::LETTER_STEPS.into(),
            };
            let steps = steps.with("url", &*ours.registration);
            steps.to(language).into_owned()
        }
    };
    let letter = texts::LETTER
        .with("tool", tool.name_in(language))
        .with("number", lms.minutes)
        .with("steps", steps);
    let mut letter = letter.to(language).into_owned();
    if tool.settings.registration.confirm {
        letter.push_str("\n\n");
        letter.push_str(texts::LETTER_CONFIRMS.to(language));
    }
    letter
}

/// Asks the administrator to say that the step with this number is done.
fn tell(number: usize, language: Language) -> String {
    let says = texts::LETTER_TELL.with("number", number.to_string());
    says.to(language).into_owned()
}

/// The steps in the LMS, each with the addresses it needs below it.
fn numbered(lms: &Lms, ours: &OurAddresses, waits: bool, language: Language) -> String {
    let steps = lms.steps.iter();
    let mut steps: Vec<(String, CopiedAddress)> = steps
        .map(|step| (step.sentence(language), step.copied))
        .collect();
    let registers = lms.steps.iter().position(|step| step.registers);
    if let Some(index) = registers.filter(|_| waits) {
        // The last step is the launch.
        let launch = steps.len().saturating_sub(1);
        steps.insert(launch, (tell(index + 1, language), CopiedAddress::Nothing));
    }
    let mut lines = Vec::new();
    for (index, (sentence, copied)) in steps.into_iter().enumerate() {
        lines.push(format!("{}. {sentence}", index + 1));
        let copied = ours.copied(copied).into_iter();
        lines.extend(copied.map(|(_, value)| value.clone()));
    }
    lines.join("\n")
}
