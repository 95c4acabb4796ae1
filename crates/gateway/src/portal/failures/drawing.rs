//! A sequence diagram with four lifelines as SVG, without script or style sheet, for light and
//! dark.

use std::fmt::Write;

use crate::portal::chart::escaped;

const WIDTH: u32 = 590;
/// Where the events start, below the names.
const TOP: u32 = 64;
/// Longest line of a check, in letters.
const LETTERS: usize = 36;
/// Distance between two checks.
const ROW: u32 = 17;

/// The participants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Lifeline {
    Browser,
    Lms,
    Hallpass,
    Application,
}

impl Lifeline {
    const ALL: [Self; 4] = [Self::Browser, Self::Lms, Self::Hallpass, Self::Application];

    /// The x coordinate of its middle.
    const fn x(self) -> u32 {
        match self {
            Self::Browser => 70,
            Self::Lms => 220,
            Self::Hallpass => 370,
            Self::Application => 520,
        }
    }
}

/// The meaning of an arrow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Arrow {
    /// It happened.
    Done,
    /// It must have happened, or should have.
    Meant,
    /// It happened, and failed.
    Failed,
}

/// A picture that grows downwards.
#[derive(Debug)]
pub(super) struct Drawing {
    body: String,
    /// The y coordinate of the next element.
    y: u32,
}

impl Default for Drawing {
    fn default() -> Self {
        Self {
            body: String::new(),
            y: TOP,
        }
    }
}

impl Drawing {
    /// An arrow from one participant to another; `below` says when it happened, or how long it
    /// took.
    pub(super) fn arrow(
        &mut self,
        from: Lifeline,
        to: Lifeline,
        arrow: Arrow,
        says: &str,
        below: &str,
    ) {
        let (colour, dashes) = match arrow {
            Arrow::Done => ("ok", ""),
            Arrow::Meant => ("edge", r#" stroke-dasharray="4 4""#),
            Arrow::Failed => ("bad", ""),
        };
        let (from, to, y) = (from.x(), to.x(), self.y + 20);
        let (begin, end, point, back) = match from < to {
            true => (from + 5, to - 5, to - 12, "7 4 -7 4"),
            false => (from - 5, to + 5, to + 12, "-7 4 7 4"),
        };
        let middle = u32::midpoint(from, to);
        let (above, under, tip) = (y - 9, y + 16, y - 4);
        let (ink, weight) = match arrow {
            Arrow::Failed => ("bad", r#" font-weight="600""#),
            _ => ("ink", ""),
        };
        let _ = write!(
            self.body,
            r#"<g stroke="var(--{colour})" stroke-width="2" fill="none"><path d="M{begin} {y}H{end}"{dashes}/><path d="m{point} {tip} {back}"/></g><text x="{middle}" y="{above}" text-anchor="middle" fill="var(--{ink})"{weight}>{}</text>"#,
            escaped(says)
        );
        if !below.is_empty() {
            let _ = write!(
                self.body,
                r#"<text x="{middle}" y="{under}" text-anchor="middle" font-size="11.5" fill="var(--soft)" stroke="var(--paper)" stroke-width="5" paint-order="stroke">{}</text>"#,
                escaped(below)
            );
        }
        self.y += 50;
    }

    /// Our checks, and the one that failed.
    pub(super) fn checks<'s>(&mut self, done: impl Iterator<Item = &'s str>, failed: Option<&str>) {
        let mut rows = String::new();
        let mut y = self.y + 20;
        for step in done {
            let mark = y - 4;
            let _ = write!(
                rows,
                r#"<path d="m241 {mark} 3 3 6-7" stroke="var(--ok)" stroke-width="2" fill="none"/><text x="258" y="{y}" font-size="12">{}</text>"#,
                escaped(step)
            );
            y += ROW;
        }
        for (at, line) in wrapped(failed.unwrap_or_default()).iter().enumerate() {
            let mark = y - 8;
            if at == 0 {
                let _ = write!(
                    rows,
                    r#"<path d="m241 {mark} 8 8m0-8-8 8" stroke="var(--bad)" stroke-width="2"/>"#
                );
            }
            let _ = write!(
                rows,
                r#"<text x="258" y="{y}" font-size="12" font-weight="700" fill="var(--bad)">{}</text>"#,
                escaped(line)
            );
            y += ROW;
        }
        if rows.is_empty() {
            return;
        }
        let height = y - self.y - 12;
        let _ = write!(
            self.body,
            r#"<rect x="230" y="{}" width="280" height="{height}" rx="6" fill="var(--paper)" stroke="var(--edge)"/>{rows}"#,
            self.y
        );
        self.y += height + 14;
    }

    /// The finished picture with the names of the four; ours is marked if the attempt failed there.
    /// `label` describes the picture in a sentence.
    pub(super) fn finish(self, names: [&str; 4], has_failed: bool, label: &str) -> String {
        let height = self.y + 8;
        let mut svg = format!(
            r#"<svg class="wide picture" viewBox="0 0 {WIDTH} {height}" font-size="13" fill="currentColor" role="img" aria-label="{}">"#,
            escaped(label)
        );
        for (line, name) in Lifeline::ALL.into_iter().zip(names) {
            let (middle, left) = (line.x(), line.x() - 62);
            let (fill, stroke) = match has_failed && line == Lifeline::Hallpass {
                true => ("badbg", "bad"),
                false => ("sunk", "line"),
            };
            let _ = write!(
                svg,
                r#"<path d="M{middle} 44V{height}" stroke="var(--line)"/><rect x="{left}" y="8" width="124" height="36" rx="8" fill="var(--{fill})" stroke="var(--{stroke})"/><text x="{middle}" y="31" text-anchor="middle" font-weight="600">{}</text>"#,
                escaped(name)
            );
        }
        svg.push_str(&self.body);
        svg.push_str("</svg>");
        svg
    }
}

/// Wraps a sentence into lines that fit.
fn wrapped(text: &str) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        let letters = word.chars().count() + 1;
        match lines.last_mut() {
            Some(line) if line.chars().count() + letters <= LETTERS => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_told_is_an_arrow_between_two_lines() {
        let mut drawing = Drawing::default();
        drawing.arrow(
            Lifeline::Lms,
            Lifeline::Hallpass,
            Arrow::Done,
            "a < b",
            "10:34:31",
        );
        drawing.arrow(
            Lifeline::Hallpass,
            Lifeline::Browser,
            Arrow::Failed,
            "error page",
            "",
        );
        let svg = drawing.finish(["a", "b", "c", "d"], false, "a \"walk\"");
        for part in [
            r#"viewBox="0 0 590 172""#,
            r#"aria-label="a &quot;walk&quot;""#,
            r#"<g stroke="var(--ok)" stroke-width="2" fill="none"><path d="M225 84H365"/><path d="m358 80 7 4 -7 4"/></g>"#,
            ">a &lt; b</text>",
            r#"<text x="295" y="100""#,
            r#"<path d="M365 134H75"/><path d="m82 130 -7 4 7 4"/>"#,
            r#"<text x="220" y="125" text-anchor="middle" fill="var(--bad)" font-weight="600">error page"#,
        ] {
            assert!(svg.contains(part), "{part}: {svg}");
        }
        assert!(!svg.contains("badbg"), "{svg}");
    }

    #[test]
    fn checks_have_a_box_of_their_height_and_the_last_is_marked() {
        let mut drawing = Drawing::default();
        let long = "The tool is not switched on for this part of the school";
        drawing.checks(["form read", "state opened"].into_iter(), Some(long));
        let svg = drawing.finish(["a", "b", "c", "d"], true, "");
        for part in [
            r#"<rect x="230" y="64" width="280" height="76""#,
            r#"<text x="258" y="84" font-size="12">form read</text>"#,
            r#"<text x="258" y="118" font-size="12" font-weight="700" fill="var(--bad)">The tool is not switched on for this</text>"#,
            ">part of the school</text>",
            r#"fill="var(--badbg)" stroke="var(--bad)"/><text x="370""#,
        ] {
            assert!(svg.contains(part), "{part}: {svg}");
        }
        assert_eq!(svg.matches("stroke=\"var(--ok)\"").count(), 2, "{svg}");
        let mut empty = Drawing::default();
        empty.checks([].into_iter(), None);
        assert!(
            !empty
                .finish(["", "", "", ""], false, "")
                .contains("x=\"230\"")
        );
    }
}
