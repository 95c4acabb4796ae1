//! QR codes as SVG, without script or style sheet.

use std::fmt::Write;

use qrcode::{Color, EcLevel, QrCode};

use super::chart::escaped;

/// Light modules on each side, which readers need to find the code.
const QUIET: usize = 4;
/// The width of a module in pixels.
const PIXELS: usize = 4;
/// Most modules in a row: version 20, for 666 bytes. Larger ones are hard to scan from a screen,
/// and would take a page beyond its 30 kB (portal.md PO-2).
const MOST: usize = 97;

/// A text as a QR code, unless it is too long for one. `label` describes it in plain text of ours.
/// In dark mode it is black on white, too: many readers don't recognise the reverse.
pub(super) fn qr_code(text: &str, label: &str) -> Option<String> {
    let code = QrCode::with_error_correction_level(text, EcLevel::M).ok()?;
    let width = code.width();
    if width > MOST {
        return None;
    }
    let side = width + 2 * QUIET;
    let pixels = side * PIXELS;
    let mut svg = format!(
        r##"<svg width="{pixels}" height="{pixels}" viewBox="0 0 {side} {side}" shape-rendering="crispEdges" role="img" aria-label="{}"><rect width="{side}" height="{side}" fill="#fff"/><path stroke="#000" d=""##,
        escaped(label)
    );
    for (y, row) in code.into_colors().chunks(width).enumerate() {
        draw_row(&mut svg, y + QUIET, row);
    }
    svg.push_str(r#""/></svg>"#);
    Some(svg)
}

/// Draws the dark runs of a row as strokes, which are shorter to write than rectangles.
fn draw_row(path: &mut String, y: usize, row: &[Color]) {
    let mut x = QUIET;
    // Where the last dark run ended.
    let mut pen = None;
    for run in row.chunk_by(|one, next| one == next) {
        let length = run.len();
        if run.first() == Some(&Color::Dark) {
            let _ = match pen {
                Some(end) => write!(path, "m{} 0h{length}", x - end),
                // A stroke of width 1 covers the row if it runs through its middle.
                None => write!(path, "M{x} {y}.5h{length}"),
            };
            pen = Some(x + length);
        }
        x += length;
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a panic is how a test fails")]
mod tests {
    use super::*;

    const LINK: &str = "otpauth://totp/My%20Tool:mara%40x.example\
                        ?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=My%20Tool";

    /// What a path draws: a line per row, `#` where it is dark, with the quiet zone on the left.
    fn drawn(svg: &str) -> Vec<String> {
        let (_, rest) = svg.split_once(r#" d="M"#).unwrap();
        let (path, _) = rest.split_once('"').unwrap();
        let number = |text: &str| text.parse::<usize>().unwrap();
        let rows = path.split('M').enumerate().map(|(place, row)| {
            let mut runs = row.split('h');
            let (x, y) = runs.next().unwrap().split_once(' ').unwrap();
            assert_eq!(y, format!("{}.5", place + QUIET), "{row}");
            let mut line = ".".repeat(number(x));
            for run in runs {
                let (dark, light) = run.split_once('m').unwrap_or((run, "0 0"));
                line.push_str(&"#".repeat(number(dark)));
                line.push_str(&".".repeat(number(light.strip_suffix(" 0").unwrap())));
            }
            line
        });
        rows.collect()
    }

    #[test]
    fn runs_cover_exactly_the_dark_modules() {
        let long = "%D0%9C and so on".repeat(30);
        for text in ["a", LINK, long.as_str()] {
            let svg = qr_code(text, "label").unwrap();
            let code = QrCode::with_error_correction_level(text, EcLevel::M).unwrap();
            let all = code.to_debug_str('#', '.');
            let meant = all
                .lines()
                .map(|line| format!("....{}", line.trim_end_matches('.')));
            assert_eq!(drawn(&svg), meant.collect::<Vec<_>>(), "{text}");
        }
    }

    #[test]
    fn the_ground_is_white_and_has_a_quiet_zone() {
        let svg = qr_code(LINK, "a \"b\" <c>").unwrap();
        let rows = drawn(&svg);
        let side = rows.len() + 8;
        let pixels = side * 4;
        let size =
            format!(r#"<svg width="{pixels}" height="{pixels}" viewBox="0 0 {side} {side}" shape"#);
        assert!(svg.starts_with(&size), "{svg}");
        let ground = format!(r##"<rect width="{side}" height="{side}" fill="#fff"/>"##);
        assert!(svg.contains(&ground), "{svg}");
        let label = r#"role="img" aria-label="a &quot;b&quot; &lt;c>""#;
        assert!(svg.contains(label), "{svg}");
        let widest = rows.iter().map(String::len).max();
        assert_eq!(widest, Some(side - 4));
        assert_eq!(svg.matches("<path ").count(), 1, "{svg}");
    }

    #[test]
    fn three_corners_have_the_pattern_that_readers_look_for() {
        let rows = drawn(&qr_code(LINK, "label").unwrap());
        let far = rows.len() - 7;
        for (left, top) in [(0, 0), (far, 0), (0, far)] {
            let corner = rows[top..top + 7].iter();
            let corner: Vec<&str> = corner
                .map(|row| &row[left + QUIET..left + QUIET + 7])
                .collect();
            let rings = [
                "#######", "#.....#", "#.###.#", "#.###.#", "#.###.#", "#.....#", "#######",
            ];
            assert_eq!(corner, rings, "{left} {top}");
        }
    }

    #[test]
    fn what_is_too_long_has_no_picture() {
        let longest = qr_code(&"a".repeat(666), "label").unwrap();
        assert_eq!(drawn(&longest).len(), MOST);
        assert!(longest.len() <= 20_000, "{} bytes", longest.len());
        assert_eq!(qr_code(&"a".repeat(667), "label"), None);
        assert_eq!(qr_code(&"a".repeat(10_000), "label"), None);
    }
}
