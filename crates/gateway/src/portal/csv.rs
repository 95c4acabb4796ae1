//! Cells of a CSV file (RFC 4180).

/// A text that others may have written: quoted, and never a formula, whichever program opens the
/// file.
pub(crate) fn cell(text: &str) -> String {
    // Some programs read full-width signs as the usual ones.
    let is_formula = text.starts_with([
        '=', '+', '-', '@', '\t', '\r', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}',
    ]);
    let guard = if is_formula { "'" } else { "" };
    format!("\"{guard}{}\"", text.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_is_no_formula_and_ends_where_it_ends() {
        assert_eq!(cell("Kestrel College"), "\"Kestrel College\"");
        assert_eq!(cell("=HYPERLINK(\"x\")"), "\"'=HYPERLINK(\"\"x\"\")\"");
        assert_eq!(cell("A, \"B\"\r\nC"), "\"A, \"\"B\"\"\r\nC\"");
        assert_eq!(cell(""), "\"\"");
    }

    #[test]
    fn a_full_width_sign_begins_no_formula_either() {
        for text in ["＝1+1", "＋1", "－1", "＠SUM(A1)"] {
            assert_eq!(cell(text), format!("\"'{text}\""));
        }
        assert_eq!(cell("1＝1"), "\"1＝1\"");
    }
}
