//! `/docs`: the document as a page, without scripts or anything external.

mod words;

use std::sync::LazyLock;

use askama::Template;
use aws_lc_rs::digest::{SHA256, digest};
use axum::http::HeaderValue;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value};

use self::words::{Piece, TypeInWords, kind, rich};
use super::complete::METHODS;
use crate::web::page::STYLE as COMMON_STYLE;

static STYLE: LazyLock<String> =
    LazyLock::new(|| format!("{COMMON_STYLE}{}", include_str!("../../templates/docs.css")));

#[derive(Template)]
#[template(path = "docs.html")]
struct DocsPage {
    style: &'static str,
    version: String,
    introduction: Vec<Piece>,
    schemes: Vec<(String, Vec<Piece>)>,
    groups: Vec<OperationGroup>,
    types: Vec<Type>,
}

/// The operations of a tag.
struct OperationGroup {
    name: String,
    anchor: String,
    description: Vec<Piece>,
    operations: Vec<Operation>,
}

struct Operation {
    id: String,
    method: String,
    path: String,
    /// The second address.
    also: Option<String>,
    summary: String,
    description: Vec<Piece>,
    scheme: Option<String>,
    parameters: Vec<SchemaMember>,
    request: Option<ShownBody>,
    answers: Vec<StatusMeaning>,
    errors: Vec<StatusMeaning>,
    command: String,
}

/// A status and its meaning: one text per line of its description.
struct StatusMeaning {
    status: String,
    says: Vec<Vec<Piece>>,
    body: Option<ShownBody>,
}

struct ShownBody {
    media_type: String,
    kind: TypeInWords,
    example: Option<String>,
}

/// A schema of the document.
struct Type {
    name: String,
    description: Vec<Piece>,
    kind: Option<TypeInWords>,
    members: Vec<SchemaMember>,
}

struct SchemaMember {
    name: String,
    location: String,
    required: bool,
    kind: TypeInWords,
    description: Vec<Piece>,
}

/// The page.
pub(super) fn render(document: &Value) -> String {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let schemes = members_of(&document["components"]["securitySchemes"])
        .map(|(name, scheme)| (name.clone(), rich(&scheme["description"])));
    let page = DocsPage {
        style: &STYLE,
        version: text(&document["info"]["version"]),
        introduction: rich(&document["info"]["description"]),
        schemes: schemes.collect(),
        groups: groups(document),
        types: members_of(&document["components"]["schemas"])
            .map(|(name, schema)| Type::new(document, name, schema))
            .collect(),
    };
    page.render().unwrap_or_default()
}

/// Allows nothing but the page's own style.
pub(super) fn policy() -> HeaderValue {
    let style = STANDARD.encode(digest(&SHA256, STYLE.as_bytes()));
    let policy = format!(
        "default-src 'none'; style-src 'sha256-{style}'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
    );
    HeaderValue::from_str(&policy).unwrap_or(HeaderValue::from_static("default-src 'none'"))
}

fn groups(document: &Value) -> Vec<OperationGroup> {
    let aliases: Map<String, Value> = members_of(&document["paths"])
        .flat_map(|(path, item)| members_of(item).map(move |(_, operation)| (path, operation)))
        .filter_map(|(path, operation)| {
            let of = operation["x-alias-of"].as_str()?;
            Some((of.to_owned(), path.as_str().into()))
        })
        .collect();
    let tags = document["tags"].as_array().into_iter().flatten();
    tags.map(|tag| {
        let name = tag["name"].as_str().unwrap_or_default();
        let mut operations = Vec::new();
        for (path, item) in members_of(&document["paths"]) {
            for (method, operation) in members_of(item) {
                if METHODS.contains(&method.as_str())
                    && operation["tags"][0] == name
                    && operation.get("x-alias-of").is_none()
                {
                    operations.push(Operation::new(method, path, operation, &aliases));
                }
            }
        }
        OperationGroup {
            name: name.to_owned(),
            anchor: name.replace([' ', ':'], ""),
            description: rich(&tag["description"]),
            operations,
        }
    })
    .collect()
}

impl Operation {
    fn new(method: &str, path: &str, operation: &Value, aliases: &Map<String, Value>) -> Self {
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let id = text(&operation["operationId"]);
        let parameters = operation["parameters"].as_array().into_iter().flatten();
        let (errors, answers) = members_of(&operation["responses"])
            .map(|(status, response)| StatusMeaning::new(status, response))
            .partition(|answer| answer.status.as_str() >= "400");
        Self {
            method: method.to_uppercase(),
            path: path.to_owned(),
            also: aliases.get(&id).map(text),
            summary: text(&operation["summary"]),
            description: rich(&operation["description"]),
            scheme: operation["security"][0]
                .as_object()
                .and_then(|scheme| scheme.keys().next().cloned()),
            parameters: parameters.map(SchemaMember::of_parameter).collect(),
            request: body(&operation["requestBody"]),
            answers,
            errors,
            command: text(&operation["x-codeSamples"][0]["source"]),
            id,
        }
    }
}

impl StatusMeaning {
    fn new(status: &str, response: &Value) -> Self {
        let says = response["description"].as_str().unwrap_or_default();
        let says = says.lines().map(|line| rich(&line.into()));
        Self {
            status: status.to_owned(),
            says: says.collect(),
            body: body(response),
        }
    }
}

impl Type {
    fn new(document: &Value, name: &str, schema: &Value) -> Self {
        let members = members(document, schema);
        Self {
            name: name.to_owned(),
            description: rich(&schema["description"]),
            kind: members.is_empty().then(|| kind(schema)),
            members,
        }
    }
}

impl SchemaMember {
    fn of_parameter(parameter: &Value) -> Self {
        Self {
            name: parameter["name"].as_str().unwrap_or_default().to_owned(),
            location: parameter["in"].as_str().unwrap_or_default().to_owned(),
            required: parameter["required"] == true,
            kind: kind(&parameter["schema"]),
            description: rich(&parameter["description"]),
        }
    }
}

/// The members of an object, including those of all its parts.
fn members(document: &Value, schema: &Value) -> Vec<SchemaMember> {
    if let Some(name) = schema["$ref"].as_str() {
        let named = document.pointer(name.trim_start_matches('#'));
        return named.map_or_else(Vec::new, |schema| members(document, schema));
    }
    let required = schema["required"].as_array();
    let own = members_of(&schema["properties"]).map(|(name, member)| SchemaMember {
        name: name.clone(),
        location: String::new(),
        required: required.is_some_and(|names| names.iter().any(|one| one == name)),
        kind: kind(member),
        description: rich(&member["description"]),
    });
    let parts = schema["allOf"].as_array().into_iter().flatten();
    // Alternatives of a type that have no name.
    let forms = schema["oneOf"].as_array().into_iter().flatten();
    let forms = forms.filter(|form| form.get("properties").is_some());
    let parts = parts.chain(forms);
    let of_parts = parts.flat_map(|part| members(document, part));
    of_parts.chain(own).collect()
}

/// The first content of a request or an answer.
fn body(of: &Value) -> Option<ShownBody> {
    let (media_type, content) = of["content"].as_object()?.iter().next()?;
    Some(ShownBody {
        media_type: media_type.clone(),
        kind: kind(&content["schema"]),
        example: content.get("example").map(|example| format!("{example:#}")),
    })
}

fn members_of(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flatten()
}
