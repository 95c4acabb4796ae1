//! Bar charts as SVG, without script or style sheet, for light and dark.

use std::fmt::Write;

/// Width of one bar and the gap beside it.
const STEP: u64 = 10;
const HEIGHT: u64 = 60;

/// A bar per number, in this colour (`accent`, `bad`). `most` fills the height: charts that are
/// compared have the same. The last bar is pale, because its time isn't over. Below the chart,
/// `label` describes the chart in a sentence of plain text of ours.
pub(super) fn bars(numbers: &[u64], most: u64, colour: &str, label: &str) -> String {
    let most = most.max(1);
    let width = STEP * u64::try_from(numbers.len()).unwrap_or(1);
    let mut svg = format!(
        r#"<svg class="wide" height="{HEIGHT}" viewBox="0 0 {width} {HEIGHT}" preserveAspectRatio="none" role="img" aria-label="{}" fill="var(--{colour})"><path d="M0 59.5H{width}" stroke="var(--line)" vector-effect="non-scaling-stroke"/>"#,
        escaped(label)
    );
    let last = numbers.len().saturating_sub(1);
    for (at, number) in numbers.iter().enumerate() {
        if *number == 0 {
            continue;
        }
        // Any number above zero must be visible.
        let height = (number * HEIGHT / most).max(1);
        let left = STEP * u64::try_from(at).unwrap_or(0) + 1;
        let top = HEIGHT - height;
        let pale = if at == last { r#" opacity=".5""# } else { "" };
        let _ = write!(
            svg,
            r#"<rect x="{left}" y="{top}" width="8" height="{height}"{pale}/>"#
        );
    }
    svg.push_str("</svg>");
    // The same sentence for those who see the bars.
    let _ = write!(
        svg,
        r#"<p class="help" aria-hidden="true">{}</p>"#,
        escaped(label)
    );
    svg
}

/// A part as a percentage, rounded to the nearest.
pub(super) fn percent_of(part: u64, whole: u64) -> u64 {
    let whole = whole.max(1);
    part.saturating_mul(200).saturating_add(whole) / whole.saturating_mul(2)
}

/// Text for an attribute or between tags.
pub(super) fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentages_are_rounded_to_the_nearest() {
        let told = [(2, 3), (12, 21), (1, 8), (0, 0), (3, 3)];
        let told = told.map(|(part, whole)| percent_of(part, whole));
        assert_eq!(told, [67, 57, 13, 0, 100]);
    }

    #[test]
    fn the_highest_bar_fills_the_height_and_none_is_lost() {
        let svg = bars(&[0, 1, 600], 600, "accent", "a \"b\" <c>");
        assert_eq!(svg.matches("<rect").count(), 2);
        assert!(
            svg.contains(r#"<rect x="11" y="59" width="8" height="1"/>"#),
            "{svg}"
        );
        assert!(
            svg.contains(r#"<rect x="21" y="0" width="8" height="60" opacity=".5"/>"#),
            "{svg}"
        );
        assert!(svg.contains("a &quot;b&quot; &lt;c>"), "{svg}");
        let beside = bars(&[300], 600, "bad", "on the same scale");
        assert!(
            beside.contains(r#"y="30" width="8" height="30""#),
            "{beside}"
        );
        let empty = bars(&[], 0, "bad", "none");
        assert!(empty.ends_with("</svg><p class=\"help\" aria-hidden=\"true\">none</p>"));
    }
}
