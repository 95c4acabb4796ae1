//! A. Happy path and identity.

use futures_util::future;
use serde_json::{Map, Value, json};

use crate::studyreel::conformance::{
    bench::{Bench, Draft},
    checks::{Checks, Step, Stop, expect, not_run},
};

super::cases! { 'A':
    1 "An unseen student is new" => unseen,
    2 "The next launch finds the same student and makes another link" => again,
    3 "Two students have two user ids" => two_students,
    4 "The login link is absolute, on the app's origin, with a long token" => link_form,
    5 "The link opens a session of that student, without the token in the address" => session,
    6 "An e-mail-like sub is compared without case and surrounding blanks" => case_and_blanks,
    7 "An opaque sub is as good as an address" => opaque,
    8 "The same sub of another issuer is another account" => other_issuer,
    9 "Twenty first launches at once make one account" => parallel,
    10 "A new name is taken over" => renamed,
    11 "The content type may name a charset" => charset,
    12 "Unknown members are ignored" => unknown_members,
    13 "Order and whitespace of the body do not matter" => layout,
}

async fn unseen(bench: &Bench, _: &mut Checks) -> Step {
    let first = bench.ok(&bench.fresh()).await?;
    expect(first.is_new, "userType is existing for an unseen student")
}

async fn again(bench: &Bench, _: &mut Checks) -> Step {
    let sub = bench.sub();
    let first = bench.ok(&bench.valid(&sub)).await?;
    let second = bench.ok(&bench.valid(&sub)).await?;
    expect(!second.is_new, "userType is new the second time")?;
    expect(second.user == first.user, "userID has changed")?;
    expect(second.link != first.link, "loginLink is the same")
}

async fn two_students(bench: &Bench, _: &mut Checks) -> Step {
    let one = bench.ok(&bench.fresh()).await?;
    let other = bench.ok(&bench.fresh()).await?;
    expect(one.user != other.user, "both have the same userID")
}

/// The longest value in the link that could be a token: in the query, path or fragment.
pub(super) fn token(link: &str) -> String {
    let Ok(url) = url::Url::parse(link) else {
        return String::new();
    };
    if let Some((_, token)) = url.query_pairs().find(|(name, _)| name == "token") {
        return token.into_owned();
    }
    let values = url.query_pairs().map(|(_, value)| value.into_owned());
    let path = url.path().split('/').map(str::to_owned);
    let fragment = url.fragment().unwrap_or_default().split(['=', '&', '/']);
    let all = values.chain(path).chain(fragment.map(str::to_owned));
    all.max_by_key(String::len).unwrap_or_default()
}

async fn link_form(bench: &Bench, _: &mut Checks) -> Step {
    let token = token(&bench.ok(&bench.fresh()).await?.link);
    let safe = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~');
    expect(
        token.len() >= 32,
        format!("the token has {} characters only", token.len()),
    )?;
    expect(
        token.bytes().all(safe),
        "the token has characters that are not URL-safe",
    )
}

async fn session(bench: &Bench, _: &mut Checks) -> Step {
    let name = crate::random::alphanumeric(12);
    let accepted = bench
        .ok(&bench.fresh().with("given_name", name.as_str()))
        .await?;
    let end = bench.visit(&accepted.link).await?;
    let token = token(&accepted.link);
    expect(
        !end.url.as_str().contains(&token),
        "the token is still in the address",
    )?;
    match bench.look(&end).await? {
        Some(seen) => expect(
            seen.user_id == accepted.user,
            "the session is another user's",
        ),
        None if end.page.text().contains(&name) => Ok(()),
        None => not_run(
            "signed in; whose session it is needs a look inside, or a page with the student's name",
        ),
    }
}

async fn case_and_blanks(bench: &Bench, checks: &mut Checks) -> Step {
    let sub = bench.sub();
    let first = bench.ok(&bench.valid(&sub)).await?;
    for same in [sub.to_ascii_uppercase(), format!("  {sub} ")] {
        let again = bench.ok(&bench.valid(&same)).await.and_then(|again| {
            expect(!again.is_new, "userType is new")?;
            expect(again.user == first.user, "userID differs")
        });
        checks.sub(&format!("{same:?}"), again);
    }
    Ok(())
}

async fn opaque(bench: &Bench, _: &mut Checks) -> Step {
    let sub = format!("stu_{}", crate::random::digits(10));
    let first = bench.ok(&bench.valid(&sub)).await?;
    expect(first.is_new, "userType is existing")
}

async fn other_issuer(bench: &Bench, _: &mut Checks) -> Step {
    let sub = bench.sub();
    let first = bench.ok(&bench.valid(&sub)).await?;
    let Some(second) = &bench.options.second_sender else {
        return not_run("needs a second issuer that may launch");
    };
    let launch = bench
        .valid(&sub)
        .with("iss", second.issuer.as_str())
        .with("deployment_id", second.deployment_id.as_str());
    let other = bench.ok(&launch).await?;
    expect(other.is_new, "userType is existing")?;
    expect(
        other.user != first.user,
        "both issuers' students share one userID",
    )
}

async fn parallel(bench: &Bench, _: &mut Checks) -> Step {
    let sub = bench.sub();
    let before = bench.census().await?;
    let launches: Vec<Draft> = (0..20).map(|_| bench.valid(&sub)).collect();
    let answers = future::join_all(launches.iter().map(|launch| bench.ok(launch))).await;
    let mut users = Vec::new();
    let mut new = 0;
    for answer in answers {
        let answer = answer?;
        new += usize::from(answer.is_new);
        users.push(answer.user);
    }
    users.sort_unstable();
    users.dedup();
    expect(new == 1, format!("{new} of 20 were new"))?;
    expect(users.len() == 1, format!("{} user ids", users.len()))?;
    if let (Some(before), Some(after)) = (before, bench.census().await?) {
        let made = after.accounts.saturating_sub(before.accounts);
        expect(made == 1, format!("{made} accounts were made"))?;
    }
    Ok(())
}

async fn renamed(bench: &Bench, _: &mut Checks) -> Step {
    let sub = bench.sub();
    let first = bench.ok(&bench.valid(&sub)).await?;
    let family = crate::random::alphanumeric(12);
    let second = bench
        .ok(&bench.valid(&sub).with("family_name", family.as_str()))
        .await?;
    expect(
        !second.is_new && second.user == first.user,
        "a new name made a new account",
    )?;
    bench.shows(&sub, "Ada", &family).await.map(drop)
}

async fn charset(bench: &Bench, _: &mut Checks) -> Step {
    let body = bench.fresh().bytes();
    let request = bench.request(body.clone())?;
    let request = request.body("application/json; charset=utf-8", body);
    bench.accepted(&bench.send(request).await?).map(drop)
}

async fn unknown_members(bench: &Bench, checks: &mut Checks) -> Step {
    for (label, value) in [
        ("flat", json!("x")),
        ("nested", json!({"a": [1, {"b": null}], "sub": "other"})),
        ("list", json!([[], {}])),
    ] {
        let launch = bench
            .fresh()
            .with("unknown_member", value.clone())
            .with("https://example.com/claim", value);
        checks.sub(label, bench.ok(&launch).await);
    }
    Ok(())
}

async fn layout(bench: &Bench, checks: &mut Checks) -> Step {
    let reversed: Map<String, Value> = bench.fresh().0.into_iter().rev().collect();
    let reversed = Value::Object(reversed).to_string();
    let pretty = format!("\n\t{:#}\r\n ", Value::Object(bench.fresh().0));
    for (label, body) in [("another order", reversed), ("whitespace", pretty)] {
        let page = bench.post_raw(body.into_bytes()).await;
        checks.sub(label, page.and_then(|page| bench.accepted(&page)));
    }
    Ok(())
}

/// A failure in words.
pub(super) fn failure<T>(why: impl Into<String>) -> Step<T> {
    Err(Stop::Failed(why.into()))
}
