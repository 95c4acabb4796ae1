//! The provider's buttons.

use crate::oidc::Oidc;
use crate::portal::room::Portal;
use crate::portal::signed_in::with_next;
use crate::web::language::Language;
use crate::web::texts::portal_oidc as texts;

/// A link to the provider.
pub(in crate::portal) struct ProviderButton {
    pub(in crate::portal) label: String,
    pub(in crate::portal) address: String,
}

impl Portal {
    /// The provider's button, which continues to `next`; `None` if there is no provider.
    pub(in crate::portal) fn provider_button(
        &self,
        language: Language,
        next: &str,
    ) -> Option<ProviderButton> {
        let oidc = self.own.oidc.as_ref()?;
        let label = texts::SIGN_IN_WITH.with("name", &*oidc.settings().label);
        Some(ProviderButton {
            label: label.to(language).into_owned(),
            address: with_next("/portal/oidc/sign-in", next),
        })
    }

    /// The reauthentication button, which continues to `next`; `None` if no provider can
    /// reauthenticate.
    pub(in crate::portal) fn confirmation_button(
        &self,
        language: Language,
        next: &str,
    ) -> Option<ProviderButton> {
        let oidc = self.own.oidc.as_ref();
        let settings = oidc.map(Oidc::settings)?;
        let label = texts::SIGN_IN_AGAIN.with("name", &*settings.label);
        settings.can_reauthenticate().then(|| ProviderButton {
            label: label.to(language).into_owned(),
            address: with_next("/portal/confirm/oidc", next),
        })
    }
}
