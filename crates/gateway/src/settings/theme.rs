//! The appearance of a tool's pages: one logo and one colour. No other styling is possible, so that
//! everyone can read every page (portal.md PO-8).

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::logo::ThemeLogo;
use crate::kit::palette::{Palette, Rgb};

/// The appearance of the tool's pages: those for launches, errors and registration, and the portal.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
#[schema(as = ThemeSettings)]
pub struct Theme {
    /// The colour of links and buttons, such as `#1b4fa0`: used unchanged on light pages, and
    /// lightened as necessary on dark ones. A colour with a contrast below 4.5 on light pages is
    /// refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub color: Option<ThemeColor>,
    /// The logo as a `data:` address of a PNG, JPEG or WebP picture of at most 32 KiB.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub logo: Option<ThemeLogo>,
}

impl Theme {
    /// Whether it changes nothing.
    pub fn is_plain(&self) -> bool {
        self.color.is_none() && self.logo.is_none()
    }
}

/// A colour in which text is readable.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ThemeColor {
    accent: Rgb,
    palette: Palette,
}

impl ThemeColor {
    /// The variables it sets in our style sheets.
    pub fn style(&self) -> String {
        self.palette.style()
    }
}

impl TryFrom<String> for ThemeColor {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let accent = Rgb::parse(text.trim());
        let accent = accent.ok_or("must be # and six hexadecimal digits, such as #1b4fa0")?;
        let palette = Palette::of(accent).map_err(|(contrast, darker)| {
            // Truncated, so that an insufficient value isn't rounded up to a sufficient one.
            let contrast = (contrast * 10.0).floor() / 10.0;
            format!(
                "{accent} is too pale to be read: text needs a contrast of 4.5, and this has {contrast} on light pages; \
                 {darker} would do"
            )
        })?;
        Ok(Self { accent, palette })
    }
}

impl From<ThemeColor> for String {
    fn from(color: ThemeColor) -> Self {
        color.accent.to_string()
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a panic is how a test fails")]
mod tests {
    use serde_json::json;
    use test_case::cases;

    use super::*;

    #[cases("PO-8")]
    #[test]
    fn a_wrong_colour_is_refused_with_a_sentence() {
        let said = |text: &str| ThemeColor::try_from(text.to_owned()).unwrap_err();
        assert_eq!(
            said("blue"),
            "must be # and six hexadecimal digits, such as #1b4fa0"
        );
        assert_eq!(
            said("#ffd400"),
            "#ffd400 is too pale to be read: text needs a contrast of 4.5, and this has 1.2 on light pages; #806a00 would do"
        );
        assert!(said("red;}body{display:none").starts_with("must be #"));
    }

    #[test]
    fn a_theme_is_written_as_it_is_read() {
        let theme: Theme = serde_json::from_value(json!({"color": "#0B6B3A"})).unwrap();
        assert_eq!(
            serde_json::to_value(&theme).unwrap(),
            json!({"color": "#0b6b3a"})
        );
        assert!(!theme.is_plain() && Theme::default().is_plain());
        assert!(serde_json::from_value::<Theme>(json!({"css": "body{}"})).is_err());
    }
}
