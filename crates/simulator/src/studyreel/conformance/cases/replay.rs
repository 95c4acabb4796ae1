//! E. Time and replay.

use futures_util::future;
use serde_json::{Value, json};

use super::identity::failure;
use crate::studyreel::conformance::{
    Insight,
    answers::refusal,
    bench::{Bench, Draft},
    checks::{Checks, Step, expect, not_run},
    looking::inside,
};
use crate::studyreel::{DOCUMENTED_DEPLOYMENT, DOCUMENTED_ISSUER, PRINTED_EXAMPLE};

super::cases! { 'E':
    47 "What has expired is refused, within the allowance not" => expired,
    48 "What is issued in the future is refused, a few seconds ahead not" => future_issue,
    49 "exp is after iat, and not by a year" => lifetime,
    50 "Times that are none are refused" => garbage,
    51 "ISO 8601 and seconds since 1970 are times" => forms,
    52 "The printed example is expired, except in a sandbox" => printed,
    53 "The same launch again is refused" => replayed,
    54 "The same nonce or the same jti is refused" => half_replayed,
    55 "Of ten copies at once, one passes" => copies,
    56 "A refused launch uses nothing up" => corrected,
    57 "What was seen is remembered over a restart" => restarted,
}

const HOUR: i64 = 3600;

fn labelled(label: &str, message: Draft) -> (String, Draft) {
    (label.to_owned(), message)
}

async fn expired(bench: &Bench, checks: &mut Checks) -> Step {
    let within = bench.at(&bench.sub(), -HOUR - 30, -30);
    checks.sub("30 s ago", bench.ok(&within).await);
    if bench.options.sandbox {
        return not_run("the sandbox profile takes expired launches");
    }
    let sub = bench.sub();
    let hour_ago = labelled("an hour ago", bench.at(&sub, -2 * HOUR, -HOUR));
    bench.refuse_each(checks, &sub, vec![hour_ago]).await
}

async fn future_issue(bench: &Bench, checks: &mut Checks) -> Step {
    let sub = bench.sub();
    let ahead = labelled("an hour ahead", bench.at(&sub, HOUR, 2 * HOUR));
    bench.refuse_each(checks, &sub, vec![ahead]).await?;
    let near = bench.at(&bench.sub(), 5, HOUR);
    checks.sub("5 s ahead", bench.ok(&near).await);
    Ok(())
}

async fn lifetime(bench: &Bench, checks: &mut Checks) -> Step {
    let sub = bench.sub();
    let launches = vec![
        labelled("exp equal to iat", bench.at(&sub, 0, 0)),
        labelled("exp before iat", bench.at(&sub, 0, -10)),
        labelled("a year", bench.at(&sub, 0, 365 * 24 * HOUR)),
    ];
    bench.refuse_each(checks, &sub, launches).await
}

async fn garbage(bench: &Bench, checks: &mut Checks) -> Step {
    let sub = bench.sub();
    let mut launches = Vec::new();
    for odd in [
        json!("soon"),
        json!("2024-09-19"),
        json!("19/09/2024 03:14:07"),
        json!("null"),
        json!(true),
        json!(-5),
        json!("2024-13-45 99:99:99"),
    ] {
        for member in ["iat", "exp"] {
            let launch = bench.valid(&sub).with(member, odd.clone());
            launches.push((format!("{member} {odd}"), launch));
        }
    }
    bench.refuse_each(checks, &sub, launches).await
}

async fn forms(bench: &Bench, checks: &mut Checks) -> Step {
    let (now, end) = (bench.moment(0), bench.moment(HOUR));
    let zulu = "%Y-%m-%dT%H:%M:%SZ";
    let west = |seconds: i64| {
        let shifted = bench.moment(seconds - 5 * HOUR);
        json!(shifted.strftime("%Y-%m-%dT%H:%M:%S-05:00").to_string())
    };
    let forms: [(&str, Value, Value); 5] = [
        (
            "ISO with Z",
            json!(now.strftime(zulu).to_string()),
            json!(end.strftime(zulu).to_string()),
        ),
        ("ISO with an offset", west(0), west(HOUR)),
        ("a number", json!(now.as_second()), json!(end.as_second())),
        (
            "digits",
            json!(now.as_second().to_string()),
            json!(end.as_second().to_string()),
        ),
        (
            "milliseconds",
            json!(now.as_millisecond()),
            json!(end.as_millisecond()),
        ),
    ];
    for (label, iat, exp) in forms {
        let launch = bench.fresh().with("iat", iat).with("exp", exp);
        checks.sub(label, bench.ok(&launch).await);
    }
    Ok(())
}

async fn printed(bench: &Bench, _: &mut Checks) -> Step {
    // Byte for byte, unless the sender is different: then as from that sender, so that only the
    // time can be wrong.
    let sender = &bench.options.sender;
    let example = PRINTED_EXAMPLE
        .replace(DOCUMENTED_ISSUER, &sender.issuer)
        .replace(DOCUMENTED_DEPLOYMENT, &sender.deployment_id);
    let page = bench.post_raw(example.into_bytes()).await?;
    if !bench.options.sandbox {
        return refusal(page).map(drop);
    }
    if page.status == 409 {
        return not_run("the sandbox has taken the printed example before, and refuses the replay");
    }
    bench.accepted(&page).map(drop)
}

async fn replayed(bench: &Bench, _: &mut Checks) -> Step {
    let launch = bench.fresh();
    bench.ok(&launch).await?;
    let before = bench.census().await?;
    bench.refused(&launch).await?;
    expect(
        bench.census().await? == before,
        "the replay left something in the store",
    )
}

async fn half_replayed(bench: &Bench, checks: &mut Checks) -> Step {
    let launch = bench.fresh();
    bench.ok(&launch).await?;
    for member in ["nonce", "jti"] {
        let sub = bench.sub();
        let half = bench.valid(&sub).with(member, launch.0[member].clone());
        bench
            .refuse_each(
                checks,
                &sub,
                vec![labelled(&format!("the same {member}"), half)],
            )
            .await?;
    }
    Ok(())
}

async fn copies(bench: &Bench, _: &mut Checks) -> Step {
    let launch = bench.fresh();
    let pages = future::join_all((0..10).map(|_| bench.post(&launch))).await;
    let mut accepted = 0;
    for page in pages {
        let page = page?;
        if page.status == 200 {
            bench.accepted(&page)?;
            accepted += 1;
        } else {
            refusal(page)?;
        }
    }
    expect(accepted == 1, format!("{accepted} of 10 were accepted"))
}

async fn corrected(bench: &Bench, _: &mut Checks) -> Step {
    let launch = bench.fresh();
    bench
        .refused(&launch.clone().with("role", "Teacher"))
        .await?;
    bench.refused(&launch.clone().without("version")).await?;
    let accepted = bench.ok(&launch).await?;
    expect(accepted.is_new, "userType is existing")
}

async fn restarted(bench: &Bench, _: &mut Checks) -> Step {
    let sub = bench.sub();
    let launch = bench.valid(&sub);
    let first = bench.ok(&launch).await?;
    match bench.insight().and_then(Insight::restart) {
        None => return not_run("needs the app's process"),
        Some(later) => later.await.map_err(inside)?,
    }
    bench.refused(&launch).await?;
    let again = bench.ok(&bench.valid(&sub)).await?;
    if again.is_new || again.user != first.user {
        return failure("the student was forgotten");
    }
    Ok(())
}
