//! The settings that a registered tool should change.

use serde_json::{Value, json};

use crate::settings::studyreel::StudyReelSettings;

/// The patch of the settings that lets only this deployment of these issuers launch, and only by
/// the launch URL with the capability.
pub fn allowing(studyreel: &StudyReelSettings, issuers: &[String], deployment: &str) -> Value {
    let mut change = json!({
        "deployments": studyreel.deployments,
        "requireCapability": true,
    });
    if let Value::Array(listed) = &mut change["deployments"] {
        for issuer in issuers {
            let this = json!({"issuer": issuer, "id": deployment});
            if !listed.contains(&this) {
                listed.push(this);
            }
        }
    }
    let missing = not_allowed(studyreel, issuers);
    if !missing.is_empty() {
        change["issuers"] = studyreel.issuers.iter().chain(missing).cloned().collect();
    }
    json!({"studyreel": change})
}

/// Those of these issuers that may not launch yet.
pub fn not_allowed<'a>(studyreel: &StudyReelSettings, issuers: &'a [String]) -> Vec<&'a String> {
    let is_allowed = |issuer: &&String| {
        let same = |allowed: &String| allowed.trim_end_matches('/') == issuer.as_str();
        studyreel.issuers.iter().any(same)
    };
    let missing = issuers.iter().filter(|issuer| !is_allowed(issuer));
    missing.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_deployment_is_added_once_and_its_issuer_if_it_is_new() {
        let settings = StudyReelSettings {
            issuers: vec!["https://a.example/".into()],
            ..StudyReelSettings::default()
        };
        let issuers = ["https://a.example", "https://b.example"].map(str::to_owned);
        assert_eq!(not_allowed(&settings, &issuers), [&issuers[1]]);
        let change = allowing(&settings, &issuers, "1");
        let listed = &change["studyreel"]["deployments"];
        assert_eq!(
            *listed,
            json!([{"issuer": issuers[0], "id": "1"}, {"issuer": issuers[1], "id": "1"}])
        );
        let allowed = &change["studyreel"]["issuers"];
        assert_eq!(*allowed, json!(["https://a.example/", issuers[1]]));
        let known = allowing(&settings, &issuers[..1], "1");
        assert_eq!(known["studyreel"].get("issuers"), None);
    }
}
