//! D. Required claims.

use serde_json::{Value, json};

use crate::studyreel::conformance::{
    answers::refusal,
    bench::{Bench, Draft},
    checks::{Checks, Step, expect, not_run},
};

super::cases! { 'D':
    37 "Each required member is missed, by name" => missing,
    38 "Each required member has its type" => retyped,
    39 "Only LtiResourceLinkRequest" => message_type,
    40 "Only version 1.3" => version,
    41 "resourceLink is an object with an id" => resource_link,
    42 "Only the issuers that are allowed, to the letter" => issuer,
    43 "Only the deployments that are allowed, each with its issuer" => deployment,
    44 "Only students" => role,
    45 "sub names somebody" => subject,
    46 "A launch never reaches an account that it did not create" => foreign_account,
}

const REQUIRED: [&str; 14] = [
    "messageType",
    "version",
    "resourceLink",
    "iss",
    "deployment_id",
    "target_link_uri",
    "role",
    "sub",
    "given_name",
    "family_name",
    "nonce",
    "iat",
    "exp",
    "jti",
];

/// V for one student, with one member set to each of the values in turn.
fn each(bench: &Bench, sub: &str, member: &str, values: &[Value]) -> Vec<(String, Draft)> {
    let launch = |value: &Value| {
        let label: String = value.to_string().chars().take(60).collect();
        let launch = bench.valid(sub).with(member, value.clone());
        (format!("{member} {label}"), launch)
    };
    values.iter().map(launch).collect()
}

async fn missing(bench: &Bench, checks: &mut Checks) -> Step {
    let sub = bench.sub();
    for member in REQUIRED {
        let page = bench.refused(&bench.valid(&sub).without(member)).await;
        let named = page.and_then(|page| {
            let named = page.text().contains(member);
            expect(named, "the message does not name the member")
        });
        checks.sub(member, named);
    }
    bench.refuse_each(checks, &sub, Vec::new()).await
}

async fn retyped(bench: &Bench, checks: &mut Checks) -> Step {
    let sub = bench.sub();
    let mut launches = Vec::new();
    for member in REQUIRED
        .into_iter()
        .filter(|member| *member != "resourceLink")
    {
        let mut odd = vec![json!(["x"]), json!({"x": 1}), json!(true)];
        if !["jti", "iat", "exp"].contains(&member) {
            odd.push(json!(7));
        }
        // Names are not essential, and a target is only a hint.
        if !["given_name", "family_name", "target_link_uri"].contains(&member) {
            odd.extend([json!(""), Value::Null]);
        }
        launches.extend(each(bench, &sub, member, &odd));
    }
    bench.refuse_each(checks, &sub, launches).await?;
    let jti: u64 = crate::random::digits(15).parse().unwrap_or_default();
    let now = bench.clock.seconds();
    for (label, launch) in [
        ("integer jti", bench.fresh().with("jti", jti)),
        ("empty given_name", bench.fresh().with("given_name", "")),
        ("empty family_name", bench.fresh().with("family_name", "")),
        (
            "numeric iat and exp",
            bench.fresh().with("iat", now).with("exp", now + 3600),
        ),
    ] {
        checks.sub(label, bench.ok(&launch).await);
    }
    Ok(())
}

async fn message_type(bench: &Bench, checks: &mut Checks) -> Step {
    let sub = bench.sub();
    let odd = [
        "LtiDeepLinkingRequest",
        "ltiresourcelinkrequest",
        "LTIRESOURCELINKREQUEST",
        "LtiResourceLinkRequest2",
    ];
    let launches = each(bench, &sub, "messageType", &odd.map(Value::from));
    bench.refuse_each(checks, &sub, launches).await
}

async fn version(bench: &Bench, checks: &mut Checks) -> Step {
    let sub = bench.sub();
    let odd = ["1.1.0", "2.0", "1.30", "1.2", "1"].map(Value::from);
    bench
        .refuse_each(checks, &sub, each(bench, &sub, "version", &odd))
        .await?;
    checks.sub("1.3", bench.ok(&bench.fresh().with("version", "1.3")).await);
    Ok(())
}

async fn resource_link(bench: &Bench, checks: &mut Checks) -> Step {
    let sub = bench.sub();
    let odd = [
        json!({}),
        json!("default"),
        Value::Null,
        json!({"id": ""}),
        json!([]),
    ];
    bench
        .refuse_each(checks, &sub, each(bench, &sub, "resourceLink", &odd))
        .await?;
    let elsewhere = bench
        .fresh()
        .with("resourceLink", json!({"id": "elsewhere", "title": "T"}));
    let opened = match bench.ok(&elsewhere).await {
        Ok(accepted) => bench.visit(&accepted.link).await,
        Err(stop) => Err(stop),
    };
    let opened = opened.and_then(|end| {
        let why = format!("its login link does not open: {}", end.without_session());
        expect(end.signed_in(), why)
    });
    checks.sub("an unknown id", opened);
    Ok(())
}

async fn issuer(bench: &Bench, checks: &mut Checks) -> Step {
    let sub = bench.sub();
    let own = &bench.options.sender.issuer;
    let odd = [
        json!("https://studyreel.example.com"),
        json!(format!("{own}.evil.example")),
        json!(
            own.replacen("https:", "http:", 1) + if own.starts_with("https:") { "" } else { "x" }
        ),
        json!("https://studyreel.alphaledtech.com"),
        json!(format!("{own}//")),
        json!(format!("{own}/x")),
    ];
    bench
        .refuse_each(checks, &sub, each(bench, &sub, "iss", &odd))
        .await?;
    let slash = bench
        .fresh()
        .with("iss", format!("{}/", own.trim_end_matches('/')));
    checks.sub("one trailing slash", bench.ok(&slash).await);
    Ok(())
}

async fn deployment(bench: &Bench, checks: &mut Checks) -> Step {
    let sub = bench.sub();
    let own = &bench.options.sender.deployment_id;
    let unknown = crate::random::alphanumeric(24);
    let odd = [
        json!(unknown),
        json!(""),
        json!(format!("{own}x")),
        json!("x".repeat(300)),
    ];
    let launches = each(bench, &sub, "deployment_id", &odd);
    bench.refuse_each(checks, &sub, launches).await?;
    match &bench.options.second_sender {
        Some(second) if second.deployment_id != *own => {
            let sub = bench.sub();
            let launches = each(bench, &sub, "deployment_id", &[json!(second.deployment_id)]);
            bench.refuse_each(checks, &sub, launches).await
        }
        _ => {
            not_run("unknown ones are refused; needs a second issuer with a deployment of its own")
        }
    }
}

async fn role(bench: &Bench, checks: &mut Checks) -> Step {
    let sub = bench.sub();
    let odd = [
        json!("Teacher"),
        json!("Administrator"),
        json!("Parent"),
        json!(["Student"]),
        json!(["Student", "Teacher"]),
        json!("Student,Teacher"),
        json!("http://purl.imsglobal.org/vocab/lis/v2/membership#Instructor"),
    ];
    bench
        .refuse_each(checks, &sub, each(bench, &sub, "role", &odd))
        .await?;
    for good in [
        "student",
        "LEARNER",
        "http://purl.imsglobal.org/vocab/lis/v2/membership#Learner",
        "http://purl.imsglobal.org/vocab/lis/v2/institution/person#Student",
    ] {
        let launch = bench.fresh().with("role", good);
        let accepted = bench.ok(&launch).await;
        let judged = match (accepted, bench.insight()) {
            (Ok(accepted), Some(_)) => bench
                .seen(&accepted.link)
                .await
                .and_then(|seen| expect(seen.is_student, "the session is no student's")),
            (accepted, _) => accepted.map(drop),
        };
        checks.sub(good, judged);
    }
    Ok(())
}

async fn subject(bench: &Bench, checks: &mut Checks) -> Step {
    for sub in [
        "null",
        "   ",
        &"x".repeat(10_000),
        "check\u{0}zero@example.com",
        "check\nline@example.com",
        "check\u{7f}delete@example.com",
    ] {
        let label: String = sub.chars().take(20).collect();
        checks.sub(
            &format!("{label:?}"),
            bench.refused(&bench.valid(sub)).await,
        );
    }
    Ok(())
}

async fn foreign_account(bench: &Bench, _: &mut Checks) -> Step {
    let Some(staff) = &bench.options.staff_account else {
        return not_run("needs the address of an account that StudyReel did not create");
    };
    let page = bench.post(&bench.valid(staff)).await?;
    if page.status != 200 {
        return refusal(page).map(drop);
    }
    let accepted = bench.accepted(&page)?;
    let end = bench.visit(&accepted.link).await?;
    match bench.look(&end).await? {
        Some(seen) => expect(
            seen.is_student && seen.user_id == accepted.user,
            "the session is that account's",
        ),
        None if accepted.is_new => Ok(()),
        None => not_run(
            "an existing account was opened: whether it is that one, or an earlier run's, needs a look inside",
        ),
    }
}
