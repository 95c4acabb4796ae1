//! The text for the administrator of an LMS.

use super::lms::{Lms, LmsLetter};
use super::ours::OurAddresses;
use super::url_way::UrlWay;
use crate::directory::tools::Tool;
use crate::web::language::Language;
use crate::web::texts::portal_connect as texts;

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
        LmsLetter::Url => return Some(url_letter(lms, tool, ours, language)),
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

/// How to register with our URL: in the LMS's own words, if the LMS is known.
pub(super) fn url_letter(
    lms: &Lms,
    tool: &Tool,
    ours: &OurAddresses,
    language: Language,
) -> String {
    let steps = match lms.has_own_steps() {
        true => numbered(lms, ours, language),
        false => {
            let steps = texts::LETTER_STEPS.with("url", &*ours.registration);
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

/// The steps in the LMS, each with the addresses it needs below it.
fn numbered(lms: &Lms, ours: &OurAddresses, language: Language) -> String {
    let mut lines = Vec::new();
    for (index, step) in lms.steps.iter().enumerate() {
        lines.push(format!("{}. {}", index + 1, step.sentence(language)));
        let copied = ours.copied(step.copied).into_iter();
        lines.extend(copied.map(|(_, value)| value.clone()));
    }
    lines.join("\n")
}
