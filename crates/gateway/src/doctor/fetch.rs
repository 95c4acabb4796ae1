//! Fetches what the platform publishes, with the service's own client.

use url::Url;

use super::advice::{self, ONE_USE, chain};
use super::report::{Report, Verdict};
use crate::kit::clock::Clock;
use crate::kit::media_type::JSON;
use crate::kit::outbound::{Answer, Outbound, OutboundError, Purpose, Request};
use crate::registration::DOCUMENT_BYTES;

/// How far a platform's clock may be off before launches are at risk, in seconds.
const CLOCK: i64 = 60;

/// The configuration at an address, and the address as parsed.
pub(super) async fn configuration(
    outbound: &Outbound,
    clock: &Clock,
    address: &str,
    report: &mut Report,
) -> Option<(Url, Vec<u8>)> {
    let Ok(url) = Url::parse(address) else {
        let advice =
            "Give the address of the platform's openid-configuration, with https:// in front.";
        report.add(Verdict::Wrong, "That is no absolute address.", advice);
        return None;
    };
    let answer = match get(outbound, &url, DOCUMENT_BYTES).await {
        Ok(answer) => answer,
        Err(error) => {
            let host = advice::host(&url);
            let what = format!(
                "The configuration can't be fetched from {host}: {}.",
                chain(&error)
            );
            report.add(Verdict::Wrong, what, advice::on_fetch(&error));
            return None;
        }
    };
    if answer.status != 200 {
        let what = format!(
            "The configuration's address answers with status {}.",
            answer.status
        );
        let advice = match answer.status {
            300..=399 => "Redirects are not followed: give the address it leads to.",
            _ => ONE_USE,
        };
        report.add(Verdict::Wrong, what, advice);
        return None;
    }
    let media_type = answer.media_type();
    if media_type.contains("html") || media_type.contains("xml") {
        let what = format!("The address answers with {media_type} instead of JSON.");
        let advice = "This is a page for people, often a sign-in. Look for the address in the platform's \
                      documentation; it often ends in openid-configuration.";
        report.add(Verdict::Wrong, what, advice);
        return None;
    }
    report.right(format!(
        "The configuration is there: {} bytes of {}.",
        answer.body.len(),
        if media_type.is_empty() {
            "no named type"
        } else {
            &media_type
        }
    ));
    compare_clocks(clock, &answer, report);
    Some((url, answer.body))
}

/// Fetches one document of the platform, up to a limit in bytes.
pub(super) async fn get(
    outbound: &Outbound,
    url: &Url,
    limit: usize,
) -> Result<Answer, OutboundError> {
    let request = Request {
        purpose: Purpose::Invited,
        source: None,
        url,
        accept: JSON,
        bearer: None,
        limit,
    };
    outbound.get(request).await
}

fn compare_clocks(clock: &Clock, answer: &Answer, report: &mut Report) {
    let date = answer
        .headers
        .get("date")
        .and_then(|value| value.to_str().ok());
    let date = date.and_then(|text| jiff::fmt::rfc2822::parse(text).ok());
    let Some(date) = date else { return };
    let ahead = date.timestamp().as_second() - clock.now_seconds();
    if ahead.abs() <= CLOCK {
        report.right("Its clock and ours agree.");
        return;
    }
    let what = format!(
        "Its clock is {} seconds {} ours.",
        ahead.abs(),
        if ahead > 0 { "ahead of" } else { "behind" }
    );
    let advice = "Launches are refused as not yet valid, or as expired. Let both machines take their time from the \
                  network (NTP), or raise launch.leewaySeconds.";
    report.add(Verdict::Odd, what, advice);
}
