//! The decisions and their index.

use house::{File, files, links};

const FOLDER: &str = "docs/decisions/";
const INDEX: &str = "docs/decisions/README.md";

/// The decisions' files, with the number and the name of each.
fn decisions(files: &[File]) -> Vec<(&str, &str, &File)> {
    let named = files.iter().filter(|f| f.path != INDEX);
    let named = named.filter_map(|f| Some((f.path.strip_prefix(FOLDER)?, f)));
    named
        .map(|(name, file)| (name.split('-').next().unwrap_or_default(), name, file))
        .collect()
}

#[test]
fn every_decision_is_in_the_index_once() {
    let files = files();
    let index = files.iter().find(|f| f.path == INDEX).expect(INDEX);
    let rows: Vec<String> = links(&index.text)
        .into_iter()
        .map(|link| link.target)
        .collect();
    let mut wrong = Vec::new();
    for (_, name, _) in decisions(&files) {
        let count = rows.iter().filter(|row| *row == name).count();
        if count != 1 {
            wrong.push(format!("{FOLDER}{name}: {count} rows in {INDEX}, wanted 1"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_decision_has_a_number_a_date_and_a_status() {
    let files = files();
    let all = decisions(&files);
    let mut wrong = Vec::new();
    for (number, name, file) in &all {
        if number.len() != 4 || !number.bytes().all(|b| b.is_ascii_digit()) {
            wrong.push(format!(
                "{FOLDER}{name}: the name must begin with four digits and a hyphen"
            ));
        }
        if all.iter().filter(|(other, ..)| other == number).count() > 1 {
            wrong.push(format!(
                "{FOLDER}{name}: the number {number} is taken twice"
            ));
        }
        if !file.text.starts_with("# ") {
            wrong.push(format!("{}:1: must begin with a title", file.path));
        }
        for member in ["- Date: 20", "- Status: "] {
            if !file.text.lines().any(|line| line.starts_with(member)) {
                wrong.push(format!("{}:3: no line begins with `{member}`", file.path));
            }
        }
        let status = file
            .text
            .lines()
            .find_map(|line| line.strip_prefix("- Status: "));
        let status = status.unwrap_or_default();
        let successor = status
            .strip_prefix("superseded by [")
            .and_then(|s| s.get(..4));
        let known = successor.is_some_and(|s| all.iter().any(|(other, ..)| *other == s));
        if status != "accepted" && !known {
            wrong.push(format!(
                "{}: status `{status}` is neither `accepted` nor `superseded by [NNNN](…)`",
                file.path
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
