//! 25 to 29: learning blocks and names.

use serde_json::{Value, json};

use crate::studyreel::conformance::{
    answers::unexpected,
    bench::Bench,
    checks::{Checks, Step, expect},
};

fn block() -> Value {
    json!({"amount": 400, "curriculumIds": ["8e1f-d7sc-4b9e"], "description": "A year of grade 4"})
}

pub(super) async fn blocks(bench: &Bench, checks: &mut Checks) -> Step {
    for key in ["learning_blocks", "learningBlocks", "learningBlock"] {
        let launch = bench.fresh().with(key, json!([block(), block()]));
        let accepted = checks.sub(key, bench.ok(&launch).await);
        // The application decides whether to keep them: what can't be seen is not checked.
        let (Some(accepted), true) = (accepted, bench.insight().is_some()) else {
            continue;
        };
        let seen = bench.seen(&accepted.link).await?;
        if let Some(kept) = seen.learning_blocks {
            checks.sub(
                key,
                expect(kept == 2, format!("{kept} of 2 blocks are kept")),
            );
        }
    }
    Ok(())
}

pub(super) async fn odd_blocks(bench: &Bench, checks: &mut Checks) -> Step {
    let many = vec![block(); 10_000];
    let small = vec![json!(1); 10_000];
    for (label, odd) in [
        ("a text", json!("x")),
        ("an object", json!({"a": 1})),
        ("odd elements", json!([1, null, {"amount": "many"}, []])),
        ("10,000 entries", Value::Array(many)),
        ("10,000 numbers", Value::Array(small)),
    ] {
        let page = bench
            .post(&bench.fresh().with("learning_blocks", odd))
            .await;
        let page = page.and_then(|page| match page.status {
            413 => Ok(()),
            200 => bench.accepted(&page).map(drop),
            _ => expect(false, unexpected(&page, "200 or 413")),
        });
        checks.sub(label, page);
    }
    checks.sub("the next launch", bench.ok(&bench.fresh()).await);
    Ok(())
}

pub(super) async fn scripts(bench: &Bench, checks: &mut Checks) -> Step {
    for (given, family) in [
        ("Zoë", "Ångström"),
        ("花子", "山田"),
        ("😀", "O'Brien"),
        ("نور", "שלום"),
    ] {
        let shown = bench.shows(&bench.sub(), given, family).await;
        checks.sub(given, shown);
    }
    Ok(())
}

pub(super) async fn hostile(bench: &Bench, checks: &mut Checks) -> Step {
    for (given, family) in [
        ("<script>alert(1)</script>", "{{7*7}}"),
        ("'; DROP TABLE students; --", "${jndi:x}"),
        ("<img src=x onerror=alert(1)>", "%s%n<%= 7*7 %>"),
    ] {
        let shown = bench.shows(&bench.sub(), given, family).await;
        let shown = shown.and_then(|page| {
            expect(
                !page.contains("<script>alert(1)") && !page.contains("<img src=x"),
                "the page holds the markup",
            )
        });
        checks.sub(given, shown);
    }
    Ok(())
}

pub(super) async fn mononym(bench: &Bench, checks: &mut Checks) -> Step {
    for family in ["", "null"] {
        let launch = bench
            .fresh()
            .with("given_name", "Budi")
            .with("family_name", family);
        let seen = bench.placed(&launch).await;
        let seen = seen
            .and_then(|seen| expect(seen.name == "Budi", format!("the name is {:?}", seen.name)));
        checks.sub(&format!("{family:?}"), seen);
    }
    Ok(())
}
