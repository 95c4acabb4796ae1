//! Which cases of lti-testcases.md have a test here: their numbers stand in the tests' names, one by one or as
//! `tc_001_to_009`. Cases whose numbers are claimed below must be found in a test that runs on both stores.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// Logins, platform errors, launches, their claims, platform storage, key sets and rotation on both sides, and what is
/// left: what stands in traces, a store that is away, the browser and garbage.
const CLAIMED: [std::ops::RangeInclusive<u16>; 3] = [1..=181, 245..=263, 336..=341];
/// Claimed cases whose tests run on one store, and why that is enough.
const ON_ONE: [(std::ops::RangeInclusive<u16>, &str); 3] = [
    (
        166..=166,
        "what a real browser's page does; the store never hears of it",
    ),
    (
        170..=174,
        "what a real browser's page does; the store never hears of it",
    ),
    (
        181..=181,
        "what a real browser's page does; the store never hears of it",
    ),
];

/// The numbers in a test's name.
fn numbers(name: &str) -> Vec<u16> {
    let parts: Vec<&str> = name.split('_').collect();
    let number = |part: &str| (part.len() == 3).then(|| part.parse().ok()).flatten();
    let mut found = Vec::new();
    let Some(start) = parts.iter().position(|part| *part == "tc") else {
        return found;
    };
    let mut last = None;
    let mut rest = parts[start + 1..].iter();
    while let Some(part) = rest.next() {
        if *part == "and" {
            continue;
        }
        if *part == "to" {
            let end = rest.next().and_then(|end| number(end));
            let (Some(from), Some(end)) = (last, end) else {
                break;
            };
            found.extend(from + 1..=end);
            continue;
        }
        last = number(part);
        match last {
            Some(number) => found.push(number),
            None => break,
        }
    }
    found
}

/// Adds the tests of every file below a folder: each case, and whether it runs on both stores.
fn collect(folder: &Path, cases: &mut BTreeMap<u16, bool>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, cases);
            continue;
        }
        if path.extension().is_none_or(|kind| kind != "rs") {
            continue;
        }
        let mut on_both = false;
        for line in fs::read_to_string(&path).unwrap().lines() {
            match line {
                "on_both_stores! {" => on_both = true,
                "}" => on_both = false,
                _ => {}
            }
            let Some((_, rest)) = line.split_once("async fn ") else {
                continue;
            };
            let name = rest.split('(').next().unwrap();
            for number in numbers(name) {
                *cases.entry(number).or_default() |= on_both;
            }
        }
    }
}

#[test]
fn every_claimed_case_has_a_test_on_both_stores() {
    let mut cases = BTreeMap::new();
    let here = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/http");
    collect(&here, &mut cases);
    let one_will_do = |number: &u16| ON_ONE.iter().any(|(cases, _)| cases.contains(number));
    let claimed = CLAIMED.into_iter().flatten();
    let missing: Vec<u16> = claimed
        .filter(|number| match cases.get(number) {
            Some(on_both) => !on_both && !one_will_do(number),
            None => true,
        })
        .collect();
    assert_eq!(missing, [0_u16; 0], "no test on both stores carries these");
}

#[test]
fn numbers_stand_in_names() {
    assert_eq!(numbers("tc_001_to_003_007_a_login"), [1, 2, 3, 7]);
    assert_eq!(numbers("tc_150_and_152_x_159"), [150, 152]);
    assert_eq!(numbers("case_66_and_70"), [0_u16; 0]);
}
