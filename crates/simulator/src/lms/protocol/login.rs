//! The beginning of a launch: the login initiation.

use serde_json::json;

use crate::{
    Error,
    lms::state::{Launch, LoginRequest, Message, PendingLogin, Platform},
    people::Position,
    profiles::AuthorizationStyle,
};

/// Starts a launch: returns the form that the LMS's page posts to the tool.
pub(crate) fn request(platform: &Platform, launch: &Launch) -> Result<LoginRequest, Error> {
    check(platform, launch)?;
    let mut memory = platform.memory();
    let tool = memory.tool(&launch.tool)?.clone();
    memory.launches += 1;
    let launch_id = format!("ltilaunch{}_{}", launch.link, 100_000_000 + memory.launches);
    let course_module = launch.link.parse::<u64>().unwrap_or_default() + 1;
    let (login_hint, message_hint) = match authorization_style(platform) {
        AuthorizationStyle::Strict => (
            launch.user.clone(),
            json!({ "cmid": course_module, "launchid": launch_id }).to_string(),
        ),
        AuthorizationStyle::OpenEdx => (launch.user.clone(), launch_id.clone()),
        AuthorizationStyle::OpenOlat => {
            let claims = json!({ "deploymentKey": 17, "launchid": launch_id });
            let key = memory.key();
            (key.sign(&key.header(), &claims)?, launch.user.clone())
        }
    };
    let login = PendingLogin {
        launch: launch.clone(),
        login_hint: login_hint.clone(),
    };
    let now = platform.clock.now();
    memory.history.begin(&launch_id, launch, now);
    memory.logins.insert(launch_id, login);
    let target = memory.target(&tool, launch);
    let mut fields = vec![
        ("iss".to_owned(), memory.issuer.clone()),
        ("target_link_uri".to_owned(), target),
        ("login_hint".to_owned(), login_hint),
        ("lti_message_hint".to_owned(), message_hint),
        ("client_id".to_owned(), tool.client_id),
        ("lti_deployment_id".to_owned(), tool.deployment_id),
    ];
    if let Some(storage) = platform.profile.launch.storage {
        fields.push(("lti_storage_target".to_owned(), storage.target().to_owned()));
    }
    let request = LoginRequest {
        url: tool.facts.login_url,
        fields,
        by_get: platform
            .profile
            .manual
            .is_some_and(|manual| manual.login_by_get),
    };
    memory.wire.record_login(now, &request);
    Ok(request)
}

pub(crate) fn authorization_style(platform: &Platform) -> AuthorizationStyle {
    let manual = platform.profile.manual;
    manual.map_or(AuthorizationStyle::Strict, |manual| manual.authorization)
}

/// Checks that everything in a launch exists, and that its tool is active.
pub(crate) fn check(platform: &Platform, launch: &Launch) -> Result<(), Error> {
    let memory = platform.memory();
    if !memory.tool(&launch.tool)?.active {
        return Err(Error::unknown("active tool", &launch.tool));
    }
    let person = memory.person(&launch.user)?;
    let course = memory.course(&launch.course)?;
    match launch.message {
        Message::ResourceLink | Message::SubmissionReview
            if !course.links.iter().any(|link| link.id == launch.link) =>
        {
            Err(Error::unknown("resource link", &launch.link))
        }
        Message::DeepLinking if person.position == Position::Student => {
            Err(Error::unknown("teacher", &launch.user))
        }
        _ => Ok(()),
    }
}
