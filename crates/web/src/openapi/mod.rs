//! OpenAPI 3.1 documents, from route tables and model types.

mod check;
mod components;

use serde_json::{Map, Value, json};

use crate::routes::{Answer, Location, Operation, Parameter, PathDoc};
pub use check::problems;
pub use components::Components;

/// The `info` object.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Info {
    /// The name of the API.
    pub title: String,
    /// The version of the API, not of the program.
    pub version: String,
    /// CommonMark; may be empty.
    pub description: String,
}

/// The document. `servers` are base addresses; tags are listed in the order in which they first occur.
pub fn document(info: &Info, servers: &[String], paths: &[PathDoc], components: Components) -> Value {
    let mut items = Map::new();
    let mut tags: Vec<&str> = Vec::new();
    for doc in paths {
        let item = items.entry(doc.path.as_str()).or_insert_with(|| json!({}));
        item[doc.verb.key()] = operation(&doc.operation, &doc.tag);
        if !tags.contains(&doc.tag.as_str()) {
            tags.push(&doc.tag);
        }
    }
    json!({
        "openapi": "3.1.0",
        "info": without_empty(json!({
            "title": info.title, "version": info.version, "description": info.description,
        })),
        "servers": servers.iter().map(|url| json!({ "url": url })).collect::<Vec<_>>(),
        "tags": tags.iter().map(|name| json!({ "name": name })).collect::<Vec<_>>(),
        "paths": items,
        "components": { "schemas": components.into_schemas() },
    })
}

fn operation(operation: &Operation, tag: &str) -> Value {
    let body = (!operation.request_body.is_empty())
        .then(|| json!({ "required": true, "content": content(&operation.request_body) }));
    let responses = operation.responses.iter().map(|a| (a.status.to_string(), answer(a)));
    without_empty(json!({
        "operationId": operation.id,
        "tags": [tag],
        "summary": operation.summary,
        "description": operation.description,
        "parameters": operation.parameters.iter().map(parameter).collect::<Vec<_>>(),
        "requestBody": body,
        "responses": responses.collect::<Map<_, _>>(),
    }))
}

fn parameter(parameter: &Parameter) -> Value {
    let location = match parameter.location {
        Location::Path => "path",
        Location::Query => "query",
        Location::Header => "header",
    };
    let mut value = json!({
        "name": parameter.name,
        "in": location,
        "required": parameter.required,
        "schema": parameter.schema,
        "description": parameter.description,
    });
    if parameter.comma_separated && parameter.location == Location::Query {
        value["style"] = json!("form");
        value["explode"] = json!(false);
    }
    without_empty(value)
}

fn answer(answer: &Answer) -> Value {
    let header = |(name, schema, description): &(String, Value, String)| {
        (name.clone(), without_empty(json!({ "schema": schema, "description": description })))
    };
    let mut value = json!({ "description": answer.description });
    if !answer.content.is_empty() {
        value["content"] = content(&answer.content);
    }
    if !answer.headers.is_empty() {
        value["headers"] = Value::Object(answer.headers.iter().map(header).collect());
    }
    value
}

fn content(kinds: &[(String, Value)]) -> Value {
    let media = |(kind, schema): &(String, Value)| (kind.clone(), json!({ "schema": schema }));
    Value::Object(kinds.iter().map(media).collect())
}

/// Drops members that say nothing. `responses` and `schema` stay, since the specification asks for them.
fn without_empty(mut value: Value) -> Value {
    if let Value::Object(members) = &mut value {
        members.retain(|name, member| match member {
            Value::Null => false,
            Value::String(text) => !text.is_empty(),
            Value::Array(items) => !items.is_empty(),
            Value::Object(inner) => !inner.is_empty() || matches!(name.as_str(), "responses" | "schema"),
            _ => true,
        });
    }
    value
}

#[cfg(test)]
mod tests;
