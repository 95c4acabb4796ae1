//! C. Placement, by the rule of studyreel.md §9.5.

use super::optional::math;
use crate::studyreel::conformance::{
    Basis, Placed, Seen,
    bench::Bench,
    checks::{Checks, Step, expect, not_run},
};
use crate::studyreel::{Student, message};

super::cases! { 'C':
    30 "The documented example's measures" => documented,
    31 "RIT alone places by the norms" => rit_alone,
    32 "Grades beyond the path are clamped" => clamped,
    33 "The same measures give the same placement" => reproducible,
    34 "Launching again changes nothing" => unchanged,
    35 "A higher grade is reacted to, and nothing is lost" => higher,
    36 "Values turned null leave the placement alone" => forgotten,
}

async fn documented(bench: &Bench, _: &mut Checks) -> Step {
    let john = message::write(
        &Student::documented(),
        &crate::studyreel::Switches::default(),
        "",
        "",
        1,
        bench.clock.now(),
    );
    let mut launch = bench.fresh();
    for (name, value) in &john {
        if name.starts_with("studyreel_grade_")
            || name.starts_with("map_rit_")
            || name == "age_grade"
        {
            launch = launch.with(name, value.clone());
        }
    }
    let seen = bench.placed(&launch).await?;
    for (subject, grade, conflict) in [
        ("math", 5, true),
        ("language", 5, true),
        ("science", 6, true),
        ("reading", 5, false),
    ] {
        let Some(placed) = seen.placed(subject) else {
            continue;
        };
        expect(
            placed.grade == grade || placed.clamped,
            format!("{subject} is at grade {}, not {grade}", placed.grade),
        )?;
        expect(
            placed.conflict == conflict,
            format!("{subject}: the conflict mark is {}", placed.conflict),
        )?;
    }
    expect(!seen.placements.is_empty(), "there is no placement")
}

fn math_of(seen: &Seen) -> Step<&Placed> {
    match seen.placed("math") {
        Some(placed) => Ok(placed),
        None => not_run("the app offers no math"),
    }
}

async fn rit_alone(bench: &Bench, _: &mut Checks) -> Step {
    let seen = bench.placed(&math(bench, "null", "190")).await?;
    let placed = math_of(&seen)?;
    expect(
        placed.basis == Basis::Rit,
        format!("math was placed by {:?}", placed.basis),
    )?;
    expect(
        placed.grade == 3 || placed.clamped,
        format!("math is at grade {}, not 3", placed.grade),
    )
}

async fn clamped(bench: &Bench, checks: &mut Checks) -> Step {
    for (grade, value) in [("13", 13), ("-1", -1)] {
        let seen = bench.placed(&math(bench, grade, "null")).await;
        let seen = seen.and_then(|seen| {
            let placed = math_of(&seen)?;
            expect(
                placed.basis == Basis::StudyReel,
                format!("math was placed by {:?}", placed.basis),
            )?;
            expect(
                placed.clamped || placed.grade == value,
                format!("math is at grade {} without a word of why", placed.grade),
            )
        });
        checks.sub(grade, seen);
    }
    Ok(())
}

async fn reproducible(bench: &Bench, _: &mut Checks) -> Step {
    let one = bench.placed(&math(bench, "6", "201")).await?;
    let other = bench.placed(&math(bench, "6", "201")).await?;
    expect(one.placements == other.placements, "the placements differ")
}

/// Launches one student twice, with different math grades, and returns both results.
async fn twice(bench: &Bench, first: &str, second: &str) -> Step<(Seen, Seen)> {
    let sub = bench.sub();
    let launch = |grade: &str| {
        let rit = if grade == "null" { "null" } else { "212" };
        math(bench, grade, rit).with("sub", sub.as_str())
    };
    let accepted = bench.ok(&launch(first)).await?;
    let before = bench.seen(&accepted.link).await;
    let made = bench.census().await?;
    let again = bench.ok(&launch(second)).await?;
    expect(
        !again.is_new && again.user == accepted.user,
        "launching again made another account",
    )?;
    let (before, after) = (before?, bench.seen(&again.link).await?);
    if let (Some(made), Some(now)) = (made, bench.census().await?) {
        expect(
            now.enrolments == made.enrolments && now.accounts == made.accounts,
            "launching again made another enrolment",
        )?;
    }
    let mut subjects: Vec<&str> = after
        .placements
        .iter()
        .map(|p| p.subject.as_str())
        .collect();
    subjects.sort_unstable();
    subjects.dedup();
    expect(
        subjects.len() == after.placements.len(),
        "a subject has two placements",
    )?;
    Ok((before, after))
}

async fn unchanged(bench: &Bench, _: &mut Checks) -> Step {
    let (before, after) = twice(bench, "5", "5").await?;
    expect(
        before.placements == after.placements,
        "the placement has changed",
    )
}

async fn higher(bench: &Bench, _: &mut Checks) -> Step {
    let (before, after) = twice(bench, "5", "7").await?;
    let (before, after) = (math_of(&before)?, math_of(&after)?);
    expect(
        after.grade >= before.grade,
        format!("math went down from {} to {}", before.grade, after.grade),
    )
}

async fn forgotten(bench: &Bench, _: &mut Checks) -> Step {
    let (before, after) = twice(bench, "7", "null").await?;
    expect(
        before.placements == after.placements,
        "the placement has changed",
    )
}
