//! How a tool's portal looks, beyond the common style sheet (portal.md PO-8).

use super::assets;
use crate::directory::tools::Tool;
use crate::settings::logo::ThemeLogo;

/// What a tool's theme adds to pages.
#[derive(Clone, Debug, Default)]
pub(crate) struct PortalLook {
    /// The address of a style sheet.
    pub(crate) style: Option<String>,
    /// The address of the logo.
    pub(crate) logo: Option<String>,
}

impl PortalLook {
    pub(crate) fn of(tool: &Tool) -> Self {
        let theme = &tool.settings.theme;
        Self {
            style: theme.color.map(assets::theme),
            logo: theme.logo.as_ref().map(ThemeLogo::path),
        }
    }
}
