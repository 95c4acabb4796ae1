//! The text for the administrator of an LMS.

use super::lms::Lms;
use super::ours::OurAddresses;
use crate::directory::tools::Tool;
use crate::web::language::Language;
use crate::web::texts::portal_connect as texts;

/// The text, in the LMS's own words if we know them.
pub(super) fn letter(lms: &Lms, tool: &Tool, ours: &OurAddresses, language: Language) -> String {
    let steps = match lms.is_done_there() {
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

/// The steps in the LMS, each address under the step that needs it.
fn numbered(lms: &Lms, ours: &OurAddresses, language: Language) -> String {
    let mut lines = Vec::new();
    for (place, step) in lms.steps.iter().enumerate() {
        lines.push(format!("{}. {}", place + 1, step.sentence(language)));
        let copied = ours.copied(step.copied).into_iter();
        lines.extend(copied.map(|(_, value)| value.clone()));
    }
    lines.join("\n")
}
