//! The decisions and their index.

use std::collections::BTreeMap;

use house::{File, files};

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

/// The rows of the index, each with the heading of the area it stands under.
fn rows(index: &str) -> Vec<(&str, &str)> {
    let mut area = "";
    let mut rows = Vec::new();
    for line in index.lines() {
        area = line.strip_prefix("## ").unwrap_or(area);
        if line.starts_with("| 0") || line.starts_with("| 1") {
            rows.push((area, line));
        }
    }
    rows
}

/// Headings of the index that stand in it more than once: rows under the second are found by no
/// one.
fn headed_twice(index: &str) -> Vec<String> {
    let mut seen = BTreeMap::new();
    let mut twice = Vec::new();
    for (heading, number) in index
        .lines()
        .zip(1..)
        .filter(|(line, _)| line.starts_with('#'))
    {
        if let Some(first) = seen.insert(heading, number) {
            twice.push(format!(
                "the heading `{heading}` stands in lines {first} and {number}"
            ));
        }
    }
    twice
}

/// The row that a decision ought to have: number, title, date and status as they are in its file.
fn row_of(number: &str, name: &str, file: &File) -> String {
    let member = |start: &str| {
        let found = file.text.lines().find_map(|line| line.strip_prefix(start));
        found.unwrap_or_default()
    };
    let status = member("- Status: ");
    let status = status
        .strip_prefix("superseded by [")
        .and_then(|rest| rest.get(..4))
        .map_or(status.to_owned(), |successor| {
            format!("superseded by {successor}")
        });
    let (title, date) = (member("# "), member("- Date: "));
    format!("| {number} | [{title}]({name}) | {date} | {status} |")
}

#[test]
fn the_index_says_what_the_decisions_say() {
    let files = files();
    let index = files.iter().find(|f| f.path == INDEX).expect(INDEX);
    let rows = rows(&index.text);
    let all = decisions(&files);
    assert!(all.len() > 80, "only {} decisions were found", all.len());
    let mut wrong = Vec::new();
    for (number, name, file) in &all {
        let wanted = row_of(number, name, file);
        let count = rows.iter().filter(|(_, row)| **row == wanted).count();
        if count != 1 {
            wrong.push(format!("{count} rows, wanted 1: {wanted}"));
        }
    }
    for pair in rows.windows(2) {
        let [(area, row), (next_area, next)] = pair else {
            continue;
        };
        if area == next_area && row >= next {
            wrong.push(format!("out of order under {area}: {next}"));
        }
    }
    wrong.extend(headed_twice(&index.text));
    assert_eq!(rows.len(), all.len(), "rows and decisions");
    assert!(wrong.is_empty(), "{INDEX}:\n{}", wrong.join("\n"));
}

#[test]
fn a_planted_second_heading_of_the_index_is_found() {
    let index = "# Decisions\n\n## Store\n| 0001 |\n## Traces\n## Store\n";
    let wrong = ["the heading `## Store` stands in lines 3 and 6"];
    assert_eq!(headed_twice(index), wrong);
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
