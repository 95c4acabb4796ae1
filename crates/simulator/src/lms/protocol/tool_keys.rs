//! Tools' keys: fetched, cached, and used to check tools' signatures.

use serde_json::Value;

use crate::{
    Error,
    jose::{self, BadToken},
    lms::state::Platform,
    tool::ToolFacts,
};

/// The claims of a tool's token, verified with its pasted key or its key set. An unknown key causes
/// the set to be fetched again.
pub(crate) async fn verified(
    platform: &Platform,
    facts: &ToolFacts,
    token: &str,
) -> Result<Value, String> {
    if let Some(key) = &facts.public_key {
        return jose::verify_with(token, key).map_err(|problem| problem.to_string());
    }
    let keys = tool_keys(platform, &facts.jwks_url, false)
        .await
        .map_err(|error| error.to_string())?;
    let result = match jose::verify(token, &keys) {
        Err(BadToken::UnknownKid) => {
            let keys = tool_keys(platform, &facts.jwks_url, true)
                .await
                .map_err(|error| error.to_string())?;
            jose::verify(token, &keys)
        }
        other => other,
    };
    result.map_err(|problem| problem.to_string())
}

/// A tool's cached key set; fetched if `fresh` or not cached yet.
async fn tool_keys(platform: &Platform, url: &str, fresh: bool) -> Result<Value, Error> {
    if !fresh && let Some(keys) = platform.memory().tool_keys.get(url) {
        return Ok(keys.clone());
    }
    let fetched = platform.browser.get(url).await;
    let (status, body) = fetched
        .as_ref()
        .map_or((None, &[][..]), |page| (Some(page.status), &page.body));
    let mut memory = platform.memory();
    memory
        .wire
        .record_fetch(platform.clock.now(), url, status, body);
    let keys = fetched?.json()?;
    memory.tool_keys.insert(url.to_owned(), keys.clone());
    Ok(keys)
}
