//! Reports probable mistakes in what was just saved, along with the success.

use super::form::PlatformForm;
use crate::directory::platforms_api::PlatformSlip;
use crate::web::language::Language;
use crate::web::texts::{Phrase, portal_platforms as texts};

/// What was done, and what deserves a second look.
pub(crate) fn with_slips(done: &Phrase, form: &PlatformForm, language: Language) -> String {
    let mut says = done.to(language).into_owned();
    for slip in PlatformSlip::of(&form.url, &form.client_id) {
        let text = match slip {
            PlatformSlip::IssuerIsNoAddress => texts::ISSUER_IS_NO_ADDRESS,
            PlatformSlip::SlashBehindIssuer => texts::SLASH_BEHIND_ISSUER,
            PlatformSlip::BlankInClientId => texts::BLANK_IN_CLIENT_ID,
        };
        says.push(' ');
        says.push_str(text.to(language));
    }
    says
}
