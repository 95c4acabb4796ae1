//! Advice in a trace for operators: it names requests of the API, and they use commands and the
//! portal.

/// The command or the page for each request, those that contain another one first.
const WAYS: [(&str, &str); 10] = [
    (
        "GET /admin/platforms/<id>/deployments",
        "hallpass platforms show <id>, or Deployments in the portal",
    ),
    (
        "POST /admin/platforms/<id>/deployments",
        "Deployments of the platform in the portal, or hallpass apply",
    ),
    (
        "GET /admin/platforms/<id>/blocked",
        "Blocked people of the platform in the portal",
    ),
    (
        "PUT /admin/platforms/<id>",
        "Settings of the platform in the portal, or hallpass apply",
    ),
    (
        "DELETE /admin/platforms/<id>",
        "hallpass platforms remove <id>",
    ),
    ("GET /admin/platforms", "hallpass platforms list"),
    ("POST /admin/invites", "Connect an LMS in the portal"),
    (
        "PATCH /admin/tool",
        "Tool settings in the portal or hallpass apply",
    ),
    ("GET /admin/tool", "hallpass export"),
    // Nothing else shows the launch URL and the secrets for StudyReel.
    ("GET /admin/studyreel", "the API's GET /admin/studyreel"),
];

/// The advice with a command or a page of the portal instead of each request. A platform's id may
/// be filled in already.
pub(super) fn for_operators(advice: &str, platform_id: Option<&str>) -> String {
    let filled = |text: &str| match platform_id {
        Some(id) => text.replace("<id>", id),
        None => text.to_owned(),
    };
    let mut told = advice.to_owned();
    for (request, way) in WAYS {
        told = told.replace(&filled(request), &filled(way));
    }
    told
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::advice::all_advice;

    #[test]
    fn operators_are_told_commands_and_pages() {
        let told = for_operators("Add it (PUT /admin/platforms/p1).", Some("p1"));
        assert_eq!(
            told,
            "Add it (Settings of the platform in the portal, or hallpass apply)."
        );
        let told = for_operators("Delete it (DELETE /admin/platforms/<id>).", None);
        assert_eq!(told, "Delete it (hallpass platforms remove <id>).");
    }

    #[test]
    fn every_request_in_advice_has_a_command_or_a_page() {
        let mut number = 0;
        for advice in all_advice() {
            number += usize::from(advice.contains("/admin/"));
            let told = for_operators(advice, None);
            let told = told.replace("the API's GET /admin/studyreel", "");
            assert!(!told.contains("/admin"), "{told}");
        }
        assert!(number > 10, "only {number} were found");
    }
}
