//! G. The login link.

mod session;

use futures_util::future;
use reqwest::Method;
use url::Url;

use super::identity::token;
use crate::browser::{Page, Request};
use crate::html;
use crate::studyreel::conformance::{
    End, Insight,
    answers::{refusal, unexpected},
    bench::Bench,
    checks::{Checks, Step, expect, not_run},
    looking::inside,
};

super::cases! { 'G':
    66 "The link opens once" => once,
    67 "Of ten browsers at once, one gets in" => race,
    68 "A link that is too old shows a friendly page" => too_old,
    69 "Programs that only look use nothing up" => lookers,
    70 "Wrong tokens look like used ones" => wrong_tokens,
    71 "Nobody is led off-site" => redirects,
    72 "The link's host is the app's, whatever the request says" => forged_host,
    73 "The second student's link replaces the first student's session" => session::two_students,
    74 "Cookies and headers of the session" => session::cookies,
    75 "A student's session reaches nothing else" => session::scope,
    76 "The token is not stored in clear" => stored,
}

const EVIL: &str = "evil.example";
/// Longer than the longest permitted lifetime of a link.
const TOO_OLD: u64 = 901;

fn is_in(end: &End) -> Step {
    expect(
        end.signed_in(),
        format!("the link does not open: {}", end.without_session()),
    )
}

fn is_out(end: &End) -> Step {
    expect(end.refused(), unexpected(&end.page, "a refusal with 4xx"))
}

async fn link(bench: &Bench) -> Step<String> {
    Ok(bench.ok(&bench.fresh()).await?.link)
}

/// What a visitor sees who is turned away.
fn read(end: &End) -> (u16, String) {
    (end.page.status, html::visible_text(&end.page.text()))
}

async fn once(bench: &Bench, _: &mut Checks) -> Step {
    let link = link(bench).await?;
    is_in(&bench.visit(&link).await?)?;
    is_out(&bench.visit(&link).await?)
}

async fn race(bench: &Bench, _: &mut Checks) -> Step {
    let link = link(bench).await?;
    let ends = future::join_all((0..10).map(|_| bench.visit(&link))).await;
    let mut opened = 0;
    for end in ends {
        let end = end?;
        if end.signed_in() {
            opened += 1;
        } else {
            is_out(&end)?;
        }
    }
    expect(opened == 1, format!("{opened} of 10 got in"))
}

async fn too_old(bench: &Bench, _: &mut Checks) -> Step {
    let link = link(bench).await?;
    match bench.insight().and_then(|insight| insight.advance(TOO_OLD)) {
        None => return not_run("needs the app's clock"),
        Some(later) => later.await.map_err(inside)?,
    }
    bench
        .clock
        .set_offset(i64::try_from(TOO_OLD).unwrap_or(i64::MAX));
    let end = bench.visit(&link).await?;
    is_out(&end)?;
    expect(read(&end).1.len() > 20, "the page does not say what to do")
}

async fn lookers(bench: &Bench, checks: &mut Checks) -> Step {
    let link = link(bench).await?;
    let slack = "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)";
    for (method, name, value) in [
        (Method::HEAD, "accept", "*/*"),
        (Method::OPTIONS, "origin", "https://evil.example"),
        (Method::GET, "sec-purpose", "prefetch"),
        (Method::GET, "sec-purpose", "prefetch;prerender"),
        (Method::GET, "purpose", "prefetch"),
        (Method::GET, "user-agent", slack),
        (Method::GET, "user-agent", "facebookexternalhit/1.1"),
    ] {
        let request = Request::new(method.clone(), &link)?.no_redirects();
        let page = bench.browser().send(request.header(name, value)).await;
        let page = page.map_err(Into::into).and_then(|page: Page| {
            expect(
                page.status < 500,
                unexpected(&page, "anything but a failure"),
            )
        });
        checks.sub(&format!("{method} with {name}: {value}"), page);
    }
    is_in(&bench.visit(&link).await?)
}

async fn wrong_tokens(bench: &Bench, checks: &mut Checks) -> Step {
    let used = link(bench).await?;
    is_in(&bench.visit(&used).await?)?;
    let closed = bench.visit(&used).await?;
    is_out(&closed)?;
    let fresh = link(bench).await?;
    let token = token(&fresh);
    let mut shorter = token.clone();
    let last = shorter.pop();
    let altered = format!("{shorter}{}", if last == Some('A') { 'B' } else { 'A' });
    let without = Url::parse(&fresh).map(|mut url| {
        url.set_query(None);
        url.set_fragment(None);
        url.to_string()
    });
    for (label, wrong) in [
        ("altered", fresh.replace(&token, &altered)),
        ("truncated", fresh.replace(&token, &shorter)),
        ("empty", fresh.replace(&token, "")),
        ("missing", without.unwrap_or_default()),
    ] {
        // If the token is in the path, a wrong one leads to another address, which need not be a
        // login page.
        let same_page = wrong.contains("token=") || !fresh.contains("token=");
        let end = bench.visit(&wrong).await.and_then(|end| {
            is_out(&end)?;
            let alike = read(&end) == read(&closed);
            expect(alike || !same_page, "it looks different from a used one")
        });
        checks.sub(label, end);
    }
    let end = bench.visit(&fresh).await;
    checks.sub("the right one", end.and_then(|end| is_in(&end)));
    Ok(())
}

fn is_evil(url: &Url) -> bool {
    url.scheme() == "javascript"
        || url
            .host_str()
            .is_some_and(|host| host == EVIL || host.ends_with(".evil.example"))
}

fn stays(end: &End) -> Step {
    let on_the_way = end.page.hops.iter().any(|hop| is_evil(&hop.url));
    expect(
        !on_the_way && !is_evil(&end.url),
        "the browser is sent off-site",
    )?;
    let script = end
        .page
        .text()
        .to_ascii_lowercase()
        .contains("=\"javascript:");
    expect(!script, "the page holds a javascript: link")
}

async fn redirects(bench: &Bench, checks: &mut Checks) -> Step {
    for target in [
        "studyreel://learn",
        "https://evil.example/",
        "javascript:alert(1)",
        "//evil.example",
    ] {
        for next in [
            "",
            "next=https://evil.example",
            "next=//evil.example",
            "redirect=https://evil.example&return_to=//evil.example",
        ] {
            let accepted = bench
                .ok(&bench.fresh().with("target_link_uri", target))
                .await?;
            let mut link = accepted.link;
            if !next.is_empty() {
                link.push(if link.contains('?') { '&' } else { '?' });
                link.push_str(next);
            }
            let end = bench.visit(&link).await.and_then(|end| stays(&end));
            checks.sub(&format!("{target} {next}"), end);
        }
    }
    Ok(())
}

async fn forged_host(bench: &Bench, checks: &mut Checks) -> Step {
    for name in ["x-forwarded-host", "x-host", "forwarded", "host"] {
        let value = if name == "forwarded" {
            "host=evil.example"
        } else {
            EVIL
        };
        let request = bench.request(bench.fresh().bytes())?.header(name, value);
        let page = bench.send(request).await;
        let judged = page.and_then(|page| match page.status {
            // A server with several hosts may not know one with that name.
            400..500 if name == "host" => refusal(page).map(drop),
            _ => bench.accepted(&page).map(drop),
        });
        checks.sub(name, judged);
    }
    Ok(())
}

async fn stored(bench: &Bench, _: &mut Checks) -> Step {
    let token = token(&link(bench).await?);
    let dump = match bench.insight().and_then(Insight::dump) {
        None => return not_run("needs the app's store"),
        Some(later) => later.await.map_err(inside)?,
    };
    expect(!dump.is_empty(), "the store is empty")?;
    let hex: String = token.bytes().map(|byte| format!("{byte:02x}")).collect();
    for text in [token.as_bytes(), hex.as_bytes()] {
        let found = dump.windows(text.len()).any(|part| part == text);
        expect(!found, "the store holds the token")?;
    }
    Ok(())
}
