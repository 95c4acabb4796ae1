//! The payload of an `id_token`.

mod payload;
mod scene;

use serde_json::{Map, Value, json};

use self::{
    payload::{
        BasicOutcome, Context, DeepLinkingSettings, Extension, ForUser, GradeService, GroupService,
        Link, Names, Payload, Presentation, RosterService, SourcedIds, ToolPlatform,
    },
    scene::Scene,
};
use crate::{
    Error,
    claim_names::claim_name,
    lms::state::{Launch, Memory, Message, Platform},
    people::{Course, Person, Position, ResourceLink},
    random,
    tool::{AGS_SCOPES, GROUPS_SCOPE, Tool},
};

/// A complete, correct payload for this launch, with the launch's own changes.
pub(crate) fn of(platform: &Platform, launch: &Launch, nonce: &str) -> Result<Value, Error> {
    let mut memory = platform.memory();
    let scene = Scene::of(&memory, launch)?;
    let grades = scene.tool.grades();
    let endpoint = grades.then(|| grade_service(platform, &mut memory, &scene, launch));
    let payload = Payload {
        endpoint,
        ..payload(platform, &memory, &scene, launch, nonce)
    };
    let mut claims: Map<String, Value> = serde_json::to_value(payload)?
        .as_object()
        .into_iter()
        .flatten()
        .map(|(name, value)| (claim_name(name), value.clone()))
        .collect();
    (platform.profile.launch.shape)(&mut claims);
    for (name, value) in &launch.changes {
        match value {
            Some(value) => drop(claims.insert(claim_name(name), value.clone())),
            None => drop(claims.shift_remove(&claim_name(name))),
        }
    }
    if launch.message == Message::DeepLinking {
        let settings = claims.get(&claim_name("deep_linking_settings"));
        let asked = (launch.tool.clone(), launch.course.clone());
        memory
            .asked
            .insert(asked, settings.cloned().unwrap_or_default());
    }
    Ok(Value::Object(claims))
}

/// Everything except the grade service, because that creates the link's line item on first use.
fn payload<'a>(
    platform: &Platform,
    memory: &'a Memory,
    scene: &'a Scene,
    launch: &Launch,
    nonce: &'a str,
) -> Payload<'a> {
    let style = &platform.profile.launch;
    let now = platform.clock.seconds();
    let Scene {
        tool,
        person,
        course,
        link,
        reviewed,
        ..
    } = scene;
    let link = link.as_ref();
    Payload {
        nonce,
        iat: now,
        exp: now + style.token_seconds,
        iss: &memory.issuer,
        aud: &tool.client_id,
        deployment_id: &tool.deployment_id,
        target_link_uri: memory.target(tool, launch),
        sub: &person.id,
        lis: sourced_ids(scene),
        roles: roles(person.position),
        context: context(scene),
        message_type: launch.message.name(),
        resource_link: link.map(|link| Link {
            title: &link.title,
            description: &link.description,
            id: &link.id,
        }),
        basic_outcome: link.and_then(|link| basic_outcome(platform, scene, link)),
        names: tool.facts.names.then(|| names(person)),
        ext: Extension {
            user_username: tool.facts.names.then_some(person.username.as_str()),
            lms: format!("{}-2", platform.profile.name),
        },
        email: tool.facts.email.then_some(person.email.as_str()),
        launch_presentation: presentation(platform, launch),
        tool_platform: tool_platform(platform),
        version: "1.3.0",
        custom: custom(platform, scene),
        endpoint: None,
        for_user: reviewed.as_ref().map(|person| for_user(tool, person)),
        namesroleservice: tool.roster().then(|| RosterService {
            context_memberships_url: platform.memberships_url(tool, &course.id),
            service_versions: ["1.0", "2.0"],
        }),
        groupsservice: tool.groups().then(|| group_service(platform, course)),
        deep_linking_settings: (launch.message == Message::DeepLinking)
            .then(|| deep_linking_settings(platform, scene, launch)),
    }
}

fn names(person: &Person) -> Names<'_> {
    Names {
        given_name: &person.given_name,
        family_name: &person.family_name,
        name: person.name(),
    }
}

/// The person whose submission is under review.
fn for_user<'a>(tool: &Tool, person: &'a Person) -> ForUser<'a> {
    ForUser {
        user_id: &person.id,
        names: tool.facts.names.then(|| names(person)),
        email: tool.facts.email.then_some(person.email.as_str()),
        roles: roles(person.position),
    }
}

fn sourced_ids(scene: &Scene) -> SourcedIds<'_> {
    SourcedIds {
        person_sourcedid: &scene.person.sourcedid,
        course_section_sourcedid: &scene.course.sourcedid,
    }
}

fn context(scene: &Scene) -> Context<'_> {
    Context {
        id: &scene.course.id,
        label: &scene.course.label,
        title: &scene.course.title,
        r#type: ["CourseSection"],
    }
}

/// The role URIs of a position.
fn roles(position: Position) -> Vec<String> {
    const LIS: &str = "http://purl.imsglobal.org/vocab/lis/v2";
    let names: &[&str] = match position {
        Position::Administrator => &[
            "institution/person#Administrator",
            "membership#Instructor",
            "system/person#Administrator",
        ],
        Position::Teacher => &["membership#Instructor"],
        Position::Student => &["membership#Learner"],
    };
    names.iter().map(|name| format!("{LIS}/{name}")).collect()
}

fn basic_outcome(platform: &Platform, scene: &Scene, link: &ResourceLink) -> Option<BasicOutcome> {
    let path = platform.profile.launch.basic_outcomes?;
    let Scene { tool, person, .. } = scene;
    let data = json!({ "instanceid": link.id, "userid": person.id, "typeid": tool.deployment_id });
    tool.grades().then(|| BasicOutcome {
        lis_result_sourcedid: json!({ "data": data, "hash": "not-checked" }).to_string(),
        lis_outcome_service_url: platform.url(path),
    })
}

fn presentation(platform: &Platform, launch: &Launch) -> Presentation {
    let opened = launch.message != Message::DeepLinking;
    let target = if launch.window { "window" } else { "iframe" };
    let back = format!("/return?course={}&link={}", launch.course, launch.link);
    Presentation {
        locale: "en",
        document_target: opened.then_some(target),
        return_url: opened.then(|| platform.url(&back)),
    }
}

fn tool_platform(platform: &Platform) -> ToolPlatform {
    ToolPlatform {
        product_family_code: platform.profile.launch.product_family_code,
        version: platform.profile.launch.version,
        guid: "5f2d1c7a9b0e4836a1d4c8e7b6f50312",
        name: "Example School",
        description: "The pretend LMS of an invented school",
    }
}

/// The custom parameters of the tool and the link, with their variables substituted.
fn custom(platform: &Platform, scene: &Scene) -> Map<String, Value> {
    let own = scene.link.iter().flat_map(|link| &link.custom);
    let own = own.chain(scene.review.iter().flat_map(|review| &review.custom));
    let mut custom: Map<String, Value> = scene
        .tool
        .facts
        .custom
        .iter()
        .chain(own)
        .map(|(name, value)| {
            let resolved = scene.resolve(value.as_str().unwrap_or_default());
            (name.clone(), resolved.into())
        })
        .collect();
    if scene.tool.roster() {
        let memberships = platform.memberships_url(&scene.tool, &scene.course.id);
        custom.insert("context_memberships_url".to_owned(), memberships.into());
    }
    custom
}

fn grade_service(
    platform: &Platform,
    memory: &mut Memory,
    scene: &Scene,
    launch: &Launch,
) -> GradeService {
    let tool = &scene.tool;
    let lineitem = scene.link.as_ref().map(|link| {
        let book = &mut memory.gradebook;
        let item = match &scene.review {
            Some(review) => review.line_item,
            None => book.of_link(&tool.client_id, &launch.course, &link.id, &link.title),
        };
        platform.line_item_url(tool, &launch.course, item)
    });
    GradeService {
        scope: AGS_SCOPES
            .into_iter()
            .filter(|scope| tool.facts.scopes.iter().any(|own| own == scope))
            .collect(),
        lineitems: platform.line_items_url(tool, &launch.course),
        lineitem,
    }
}

fn group_service(platform: &Platform, course: &Course) -> GroupService {
    GroupService {
        scope: [GROUPS_SCOPE],
        context_groups_url: platform.groups_url(&course.id, "groups"),
        context_group_sets_url: platform.groups_url(&course.id, "group_sets"),
        service_versions: ["1.0"],
    }
}

fn deep_linking_settings<'a>(
    platform: &Platform,
    scene: &'a Scene,
    launch: &Launch,
) -> DeepLinkingSettings<'a> {
    let path = platform.profile.paths.deep_linking_return;
    let tool = &scene.tool;
    let back = format!("{path}?course={}&id={}", launch.course, tool.client_id);
    let style = &platform.profile.deep_linking;
    DeepLinkingSettings {
        accept_types: style.types,
        accept_presentation_document_targets: style.targets,
        accept_media_types: style.media_types,
        accept_copy_advice: false,
        accept_multiple: style.multiple,
        accept_lineitem: style.line_item,
        accept_unsigned: false,
        auto_create: false,
        can_confirm: false,
        deep_link_return_url: platform.url(&back),
        title: &tool.facts.name,
        text: "",
        // Characters that a tool might be tempted to change.
        data: style
            .data
            .then(|| format!("{}<&\"é\"/>", random::alphanumeric(24))),
    }
}
