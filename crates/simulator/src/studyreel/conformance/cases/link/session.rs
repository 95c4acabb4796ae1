//! 73 to 75: the session that a link opens.

use reqwest::Method;

use super::{is_in, link};
use crate::{
    browser::{Browser, Request},
    studyreel::conformance::{
        answers::unexpected,
        bench::Bench,
        checks::{Checks, Step, expect, not_run},
    },
};

fn cookie_values(browser: &Browser, link: &str) -> Vec<(String, String)> {
    let cookies = browser.cookies(link).into_iter();
    cookies
        .filter(|cookie| cookie.http_only)
        .map(|cookie| (cookie.name, cookie.value))
        .collect()
}

pub(super) async fn two_students(bench: &Bench, _: &mut Checks) -> Step {
    let first = bench.ok(&bench.fresh()).await?;
    let second = bench.ok(&bench.fresh()).await?;
    let browser = bench.browser();
    is_in(&bench.visit_in(&browser, &first.link).await?)?;
    let before = cookie_values(&browser, &first.link);
    let end = bench.visit_in(&browser, &second.link).await?;
    is_in(&end)?;
    let after = cookie_values(&browser, &first.link);
    expect(
        before.is_empty() || before.iter().any(|cookie| !after.contains(cookie)),
        "the browser still has the first student's session",
    )?;
    match bench.look(&end).await? {
        Some(seen) => expect(
            seen.user_id == second.user,
            "the session is not the second student's",
        ),
        None => not_run("the session changed; whose it is now needs a look inside"),
    }
}

pub(super) async fn cookies(bench: &Bench, checks: &mut Checks) -> Step {
    let secure = link(bench).await?.starts_with("https:");
    let browser = bench.browser();
    let first = link(bench).await?;
    let end = bench.visit_in(&browser, &first).await?;
    is_in(&end)?;
    for cookie in end.set_cookies() {
        attributes(checks, cookie, secure);
    }
    headers(bench, checks).await?;
    let names = cookie_values(&browser, &first).into_iter();
    let names: Vec<String> = names.map(|(name, _)| name).collect();
    planted_session(bench, checks, &names).await
}

fn attributes(checks: &mut Checks, cookie: &str, secure: bool) {
    let name = cookie.split('=').next().unwrap_or_default().to_owned();
    let attributes = cookie.to_ascii_lowercase();
    let has = |attribute: &str| {
        attributes
            .split(';')
            .skip(1)
            .any(|part| part.trim().starts_with(attribute))
    };
    for (good, problem) in [
        (has("httponly"), "the cookie is not HttpOnly"),
        (has("samesite"), "the cookie has no SameSite"),
        (has("secure") || !secure, "the cookie is not Secure"),
    ] {
        checks.sub(&name, expect(good, problem));
    }
}

/// The headers of the answer to the request that carried the token.
async fn headers(bench: &Bench, checks: &mut Checks) -> Step {
    let request = Request::new(Method::GET, &link(bench).await?)?.no_redirects();
    let answer = bench.browser().send(request).await?;
    let cache = answer.header("cache-control").unwrap_or_default();
    checks.sub(
        "Cache-Control",
        expect(cache.contains("no-store"), "it is not no-store"),
    );
    let referrer = answer.header("referrer-policy").unwrap_or_default();
    checks.sub(
        "Referrer-Policy",
        expect(referrer == "no-referrer", "it is not no-referrer"),
    );
    Ok(())
}

/// An attacker may have planted a session id of their choice in the browser.
async fn planted_session(bench: &Bench, checks: &mut Checks, names: &[String]) -> Step {
    let browser = bench.browser();
    let link = link(bench).await?;
    for name in names {
        let planted = format!("{name}=chosen-by-somebody-else; Path=/; HttpOnly");
        browser.set_cookie(&link, &planted)?;
    }
    let had = cookie_values(&browser, &link);
    is_in(&bench.visit_in(&browser, &link).await?)?;
    let mut kept = cookie_values(&browser, &link).into_iter();
    checks.sub(
        "session id",
        expect(
            !kept.any(|cookie| had.contains(&cookie)),
            "it is the same before and after",
        ),
    );
    Ok(())
}

pub(super) async fn scope(bench: &Bench, checks: &mut Checks) -> Step {
    let browser = bench.browser();
    let end = bench.visit_in(&browser, &link(bench).await?).await?;
    is_in(&end)?;
    if bench.options.private_urls.is_empty() {
        return not_run("needs addresses that no student may read");
    }
    let mut proofs = vec![None];
    proofs.extend(end.handed_over().into_iter().map(Some));
    for url in &bench.options.private_urls {
        for proof in &proofs {
            let mut request = Request::new(Method::GET, url)?.no_redirects();
            if let Some(proof) = proof {
                request = request.header("authorization", &format!("Bearer {proof}"));
            }
            let page = browser.send(request).await?;
            let refused = matches!(page.status, 401 | 403 | 404);
            checks.sub(url, expect(refused, unexpected(&page, "403")));
        }
    }
    Ok(())
}
