//! B. Type variants of optional data.

mod extras;

use serde_json::{Value, json};

use crate::studyreel::conformance::{
    Basis, Placed, Seen,
    bench::{Bench, Draft},
    checks::{Checks, Step, expect, not_run},
};

super::cases! { 'B':
    14 "Measures of \"null\": placed by age" => text_null,
    15 "Measures of JSON null: the same placement" => json_null,
    16 "No optional members: the default entry and a diagnostic" => absent,
    17 "Nothing known is unknown, not kindergarten" => unknown,
    18 "Numbers mean the same as texts" => numbers,
    19 "05, 5.0 and blanks around 5 are grade 5" => fives,
    20 "K and 0 are kindergarten" => kindergarten,
    21 "Unusable grades are unknown" => odd_grades,
    22 "Unusable RIT scores are unknown" => odd_rits,
    23 "A RIT of 190.4 is 190" => rounded,
    24 "The acquisition source may be anything, or missing" => source,
    25 "Learning blocks are taken" => extras::blocks,
    26 "Malformed learning blocks do no harm" => extras::odd_blocks,
    27 "Names in every script stay as they are" => extras::scripts,
    28 "Names with markup and code are inert" => extras::hostile,
    29 "No family name, and no word for it" => extras::mononym,
}

pub(super) const SUBJECTS: [&str; 4] = ["math", "language", "science", "reading"];

/// Sets every measure of the four subjects to one value.
fn measures(message: Draft, value: &Value) -> Draft {
    SUBJECTS.iter().fold(message, |message, subject| {
        message
            .with(&format!("studyreel_grade_{subject}"), value.clone())
            .with(&format!("map_rit_{subject}"), value.clone())
    })
}

/// V with these measures for math.
pub(super) fn math(bench: &Bench, grade: impl Into<Value>, rit: impl Into<Value>) -> Draft {
    bench
        .fresh()
        .with("studyreel_grade_math", grade)
        .with("map_rit_math", rit)
}

fn by(seen: &Seen, basis: Basis) -> Step {
    expect(!seen.placements.is_empty(), "there is no placement")?;
    let wrong = seen.placements.iter().find(|placed| placed.basis != basis);
    match wrong {
        None => Ok(()),
        Some(placed) => expect(
            false,
            format!(
                "{} was placed by {:?}, not {basis:?}",
                placed.subject, placed.basis
            ),
        ),
    }
}

/// Checks the basis of the math placement.
fn math_by(seen: &Seen, basis: Basis) -> Step {
    match seen.placed("math") {
        Some(placed) if placed.basis == basis => Ok(()),
        Some(placed) => expect(
            false,
            format!("math was placed by {:?}, not {basis:?}", placed.basis),
        ),
        None => not_run("the app offers no math"),
    }
}

fn same(one: &Seen, other: &Seen) -> Step {
    expect(
        one.placements == other.placements,
        "the placement is another one",
    )
}

async fn text_null(bench: &Bench, _: &mut Checks) -> Step {
    let seen = bench
        .placed(&measures(bench.fresh(), &json!("null")))
        .await?;
    by(&seen, Basis::Age)?;
    let grade_5 = |placed: &Placed| placed.grade == 5 || placed.clamped;
    expect(
        seen.placements.iter().all(grade_5),
        "age grade 5 led to another grade",
    )
}

async fn json_null(bench: &Bench, _: &mut Checks) -> Step {
    let null = bench.placed(&measures(bench.fresh(), &Value::Null)).await?;
    let text = bench
        .placed(&measures(bench.fresh(), &json!("null")))
        .await?;
    same(&null, &text)
}

/// V without optional members.
fn bare(bench: &Bench) -> Draft {
    let mut message = bench
        .fresh()
        .without("age_grade")
        .without("user_acquisition_source");
    for subject in SUBJECTS {
        message = message
            .without(&format!("studyreel_grade_{subject}"))
            .without(&format!("map_rit_{subject}"));
    }
    message
}

async fn absent(bench: &Bench, _: &mut Checks) -> Step {
    let seen = bench.placed(&bare(bench)).await?;
    by(&seen, Basis::Unknown)?;
    expect(
        seen.placements.iter().all(|placed| placed.diagnostic),
        "no diagnostic is marked",
    )
}

async fn unknown(bench: &Bench, checks: &mut Checks) -> Step {
    for (label, nothing) in [
        ("\"null\"", json!("null")),
        ("JSON null", Value::Null),
        ("empty", json!("")),
        ("n/a", json!("N/A")),
    ] {
        let launch = measures(bench.fresh(), &nothing).with("age_grade", nothing);
        let seen = bench.placed(&launch).await;
        checks.sub(label, seen.and_then(|seen| by(&seen, Basis::Unknown)));
    }
    Ok(())
}

async fn numbers(bench: &Bench, _: &mut Checks) -> Step {
    let number = bench
        .placed(&math(bench, 5, 190).with("age_grade", 5))
        .await?;
    let text = bench.placed(&math(bench, "5", "190")).await?;
    same(&number, &text)
}

async fn fives(bench: &Bench, checks: &mut Checks) -> Step {
    let plain = checks.sub("\"5\"", bench.placed(&math(bench, "5", "null")).await);
    for five in ["05", "5.0", " 5 "] {
        let seen = bench.placed(&math(bench, five, "null")).await;
        let seen = seen.and_then(|seen| {
            math_by(&seen, Basis::StudyReel)?;
            plain.as_ref().map_or(Ok(()), |plain| same(&seen, plain))
        });
        checks.sub(&format!("{five:?}"), seen);
    }
    Ok(())
}

async fn kindergarten(bench: &Bench, checks: &mut Checks) -> Step {
    for k in [json!("K"), json!("0"), json!(0), json!("Kindergarten")] {
        let seen = bench.placed(&math(bench, k.clone(), "null")).await;
        let seen = seen.and_then(|seen| {
            math_by(&seen, Basis::StudyReel)?;
            let lowest = |placed: &Placed| placed.grade == 0 || placed.clamped;
            expect(
                seen.placed("math").is_some_and(lowest),
                "math is at another grade",
            )
        });
        checks.sub(&k.to_string(), seen);
    }
    Ok(())
}

async fn odd_grades(bench: &Bench, checks: &mut Checks) -> Step {
    for odd in [
        json!("99"),
        json!("-7"),
        json!("abc"),
        json!({}),
        json!([]),
        json!(true),
    ] {
        let seen = bench.placed(&math(bench, odd.clone(), "null")).await;
        checks.sub(
            &odd.to_string(),
            seen.and_then(|seen| math_by(&seen, Basis::Age)),
        );
    }
    Ok(())
}

/// Launches V with `map_rit_math` written like this, which need not be a number that this program
/// can represent.
async fn rit_written(bench: &Bench, written: &str) -> Step<Seen> {
    let body = bench.fresh().text();
    let body = body.replace(
        r#""map_rit_math":"null""#,
        &format!(r#""map_rit_math":{written}"#),
    );
    let accepted = bench.accepted(&bench.post_raw(body.into_bytes()).await?)?;
    bench.seen(&accepted.link).await
}

async fn odd_rits(bench: &Bench, checks: &mut Checks) -> Step {
    for odd in [
        r#""0""#, r#""999""#, r#""abc""#, "-5", "1e999", "{}", "true",
    ] {
        let seen = rit_written(bench, odd).await;
        let seen = seen.and_then(|seen| {
            expect(!seen.rit.contains_key("math"), "a RIT score was understood")?;
            math_by(&seen, Basis::Age)
        });
        checks.sub(odd, seen);
    }
    Ok(())
}

async fn rounded(bench: &Bench, checks: &mut Checks) -> Step {
    for written in [r#""190.4""#, "190.4", r#""190""#] {
        let seen = rit_written(bench, written).await;
        let seen = seen.and_then(|seen| {
            let rit = seen.rit.get("math");
            expect(rit == Some(&190), format!("the RIT score is {rit:?}"))
        });
        checks.sub(written, seen);
    }
    Ok(())
}

async fn source(bench: &Bench, checks: &mut Checks) -> Step {
    let missing = bench.fresh().without("user_acquisition_source");
    checks.sub("missing", bench.ok(&missing).await);
    for other in [
        json!("A friend"),
        json!(""),
        json!(7),
        Value::Null,
        json!({}),
    ] {
        let launch = bench.fresh().with("user_acquisition_source", other.clone());
        checks.sub(&other.to_string(), bench.ok(&launch).await);
    }
    Ok(())
}
