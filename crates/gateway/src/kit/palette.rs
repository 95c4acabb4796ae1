//! The colours of pages that are derived from one accent, in light and in dark, and whether text is
//! readable on them (WCAG 2.2, 1.4.3).

use std::fmt;

/// The minimum contrast of text.
const TEXT: f64 = 4.5;

const WHITE: Rgb = Rgb([0xff; 3]);
const BLACK: Rgb = Rgb([0; 3]);

/// The backgrounds of pages, as in their style sheets: of sheets, and around them.
const LIGHT: [Rgb; 2] = [WHITE, Rgb([0xee, 0xf2, 0xf8])];
const DARK: [Rgb; 2] = [Rgb([0x1a, 0x21, 0x30]), Rgb([0x10, 0x14, 0x1d])];

/// How much accent is in the tint of notes and selected lines, in percent.
const TINT_LIGHT: u8 = 10;
const TINT_DARK: u8 = 15;
/// How much the accent changes under the pointer, in percent.
const HOVER_LIGHT: u8 = 25;
const HOVER_DARK: u8 = 35;

/// An sRGB colour: red, green and blue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rgb([u8; 3]);

/// The colours derived from the accent, in one scheme.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct SchemeColors {
    /// Links, filled buttons, the bar at the top.
    accent: Rgb,
    /// The accent under the pointer.
    hover: Rgb,
    /// Text on either.
    on: Rgb,
    /// The background of notes and selected lines.
    tint: Rgb,
}

/// The colours derived from the accent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Palette {
    light: SchemeColors,
    dark: SchemeColors,
}

impl Rgb {
    /// Parses `#1b4fa0`.
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.strip_prefix('#')?;
        let is_hex = digits.len() == 6 && digits.bytes().all(|b| b.is_ascii_hexdigit());
        let number = u32::from_str_radix(digits, 16).ok().filter(|_| is_hex)?;
        let [_, red, green, blue] = number.to_be_bytes();
        Some(Self([red, green, blue]))
    }

    /// From 1, for the same colour, to 21, for black and white.
    pub fn contrast(self, other: Self) -> f64 {
        let (one, two) = (self.luminance(), other.luminance());
        (one.max(two) + 0.05) / (one.min(two) + 0.05)
    }

    /// Relative luminance, from 0 to 1.
    fn luminance(self) -> f64 {
        let linear = |part: u8| {
            let part = f64::from(part) / 255.0;
            if part <= 0.04045 {
                part / 12.92
            } else {
                ((part + 0.055) / 1.055).powf(2.4)
            }
        };
        let [red, green, blue] = self.0.map(linear);
        0.2126 * red + 0.7152 * green + 0.0722 * blue
    }

    /// Mixed with this percentage of another colour.
    fn mixed(self, other: Self, percent: u8) -> Self {
        let part = |own: u8, other: u8| {
            let (own, other, share) = (u32::from(own), u32::from(other), u32::from(percent));
            let mixed = (own * (100 - share.min(100)) + other * share.min(100) + 50) / 100;
            u8::try_from(mixed).unwrap_or(u8::MAX)
        };
        let ([r, g, b], [red, green, blue]) = (self.0, other.0);
        Self([part(r, red), part(g, green), part(b, blue)])
    }
}

impl fmt::Display for Rgb {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [red, green, blue] = self.0;
        write!(f, "#{red:02x}{green:02x}{blue:02x}")
    }
}

impl SchemeColors {
    fn light(accent: Rgb) -> Self {
        Self {
            accent,
            hover: accent.mixed(BLACK, HOVER_LIGHT),
            on: WHITE,
            tint: WHITE.mixed(accent, TINT_LIGHT),
        }
    }

    fn dark(accent: Rgb) -> Self {
        let [paper, ground] = DARK;
        Self {
            accent,
            hover: accent.mixed(WHITE, HOVER_DARK),
            on: ground,
            tint: paper.mixed(accent, TINT_DARK),
        }
    }

    /// The lowest contrast of the accent on its backgrounds.
    fn lowest(&self, grounds: [Rgb; 2]) -> f64 {
        let grounds = grounds.into_iter().chain([self.tint]);
        let contrasts = grounds.map(|ground| self.accent.contrast(ground));
        contrasts.fold(f64::INFINITY, f64::min)
    }

    fn variables(&self) -> String {
        let Self {
            accent,
            hover,
            on,
            tint,
        } = self;
        format!(":root{{--accent:{accent};--hover:{hover};--on:{on};--tint:{tint}}}")
    }
}

impl Palette {
    /// The palette with this accent in light, and in dark with the nearest lighter one that is
    /// readable there.
    ///
    /// # Errors
    /// Text in this colour is not readable in light: its contrast, and the nearest darker colour
    /// that would be.
    pub fn of(accent: Rgb) -> Result<Self, (f64, Rgb)> {
        let light = SchemeColors::light(accent);
        let lowest = light.lowest(LIGHT);
        if lowest < TEXT {
            let mut darker = (1..=100).map(|percent| accent.mixed(BLACK, percent));
            let reads = |accent: &Rgb| SchemeColors::light(*accent).lowest(LIGHT) >= TEXT;
            return Err((lowest, darker.find(reads).unwrap_or(BLACK)));
        }
        let mut lighter = (0..=100).map(|percent| SchemeColors::dark(accent.mixed(WHITE, percent)));
        let dark = lighter.find(|scheme| scheme.lowest(DARK) >= TEXT);
        Ok(Self {
            light,
            dark: dark.unwrap_or_else(|| SchemeColors::dark(WHITE)),
        })
    }

    /// The palette as variables of our style sheets.
    pub fn style(&self) -> String {
        let (light, dark) = (self.light.variables(), self.dark.variables());
        format!("{light}@media (prefers-color-scheme:dark){{{dark}}}")
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a panic is how a test fails")]
mod tests {
    use test_case::cases;

    use super::*;

    const SHEETS: [&str; 2] = [
        include_str!("../../templates/page.css"),
        include_str!("../../templates/portal/portal.css"),
    ];

    fn rgb(text: &str) -> Rgb {
        Rgb::parse(text).unwrap()
    }

    /// The values of a variable in a style sheet, in light and in dark.
    fn variable(sheet: &str, name: &str) -> [Rgb; 2] {
        let mark = format!("--{name}:");
        let mut values = sheet.split(&mark).skip(1);
        let mut next = || {
            let rest = values.next().unwrap();
            let value = rest.split([';', '}']).next().unwrap();
            // `#fff` is short for six digits.
            match value {
                "#fff" => WHITE,
                value => rgb(value),
            }
        };
        [next(), next()]
    }

    #[test]
    fn style_sheets_stand_on_what_is_measured() {
        for sheet in SHEETS {
            let [paper, ground] = ["paper", "ground"].map(|name| variable(sheet, name));
            assert_eq!([paper[0], ground[0]], LIGHT);
            assert_eq!([paper[1], ground[1]], DARK);
        }
    }

    #[test]
    fn contrasts_are_those_of_the_specification() {
        assert!((BLACK.contrast(WHITE) - 21.0).abs() < 1e-9);
        assert!((WHITE.contrast(WHITE) - 1.0).abs() < 1e-9);
        // The pair used in the specification's examples.
        assert!((rgb("#767676").contrast(WHITE) - 4.54).abs() < 0.01);
        assert_eq!(rgb("#1B4fa0").to_string(), "#1b4fa0");
        for wrong in [
            "1b4fa0", "#1b4fa", "#1b4fa00", "#1b4fg0", "#+b4fa0", "#éfa0",
        ] {
            assert_eq!(Rgb::parse(wrong), None, "{wrong}");
        }
    }

    #[cases("PO-8")]
    #[test]
    fn a_pale_colour_is_refused_with_one_that_would_do() {
        for pale in ["#ffd400", "#ffffff", "#7aa7e0", "#00b050"] {
            let (contrast, darker) = Palette::of(rgb(pale)).unwrap_err();
            assert!(contrast < TEXT, "{pale}: {contrast}");
            assert!(Palette::of(darker).is_ok(), "{pale}: {darker}");
        }
        assert!(Palette::of(rgb("#1b4fa0")).is_ok());
    }

    /// For every accepted colour on a grid: text in it is readable on every background, and so is
    /// our text on the tint.
    #[cases("PO-8")]
    #[test]
    fn whatever_colour_is_taken_text_can_be_read() {
        let [ink, soft, focus] = ["ink", "soft", "focus"].map(|name| variable(SHEETS[1], name));
        let steps = || (0..=255u8).step_by(15);
        let mut taken = 0;
        for red in steps() {
            for green in steps() {
                for blue in steps() {
                    let accent = Rgb([red, green, blue]);
                    let Ok(palette) = Palette::of(accent) else {
                        continue;
                    };
                    taken += 1;
                    let schemes = [(palette.light, LIGHT), (palette.dark, DARK)];
                    for (at, (scheme, grounds)) in schemes.into_iter().enumerate() {
                        let SchemeColors {
                            accent: shown,
                            hover,
                            on,
                            tint,
                        } = scheme;
                        assert!(scheme.lowest(grounds) >= TEXT, "{accent} {at}: {shown}");
                        for ground in [shown, hover] {
                            assert!(on.contrast(ground) >= TEXT, "{accent} {at}: on {ground}");
                        }
                        for text in [ink[at], soft[at]] {
                            assert!(
                                text.contrast(tint) >= TEXT,
                                "{accent} {at}: {text} on {tint}"
                            );
                        }
                        assert!(focus[at].contrast(tint) >= 3.0, "{accent} {at}: the focus");
                    }
                }
            }
        }
        assert!(taken > 1000, "only {taken}");
    }

    #[test]
    fn a_style_has_both_schemes() {
        let style = Palette::of(rgb("#0b6b3a")).unwrap().style();
        assert!(
            style.starts_with(":root{--accent:#0b6b3a;--hover:#"),
            "{style}"
        );
        assert!(
            style.contains("@media (prefers-color-scheme:dark){:root{--accent:#"),
            "{style}"
        );
        assert_eq!(style.matches('{').count(), style.matches('}').count());
    }
}
