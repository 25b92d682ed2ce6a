//! What a generator of clients would stumble over.

use std::collections::HashSet;

use serde_json::Value;

/// Looks a document over and says what is wrong with it: references that lead nowhere, operation ids that are
/// missing or used twice, path parameters that do not agree with the template, parameters listed twice,
/// operations without answers, answers without a description. Empty when all is well; registers assert that.
pub fn problems(document: &Value) -> Vec<String> {
    let mut found = Vec::new();
    references(document, document, &mut found);
    let mut ids = HashSet::new();
    let paths = document["paths"].as_object().into_iter().flatten();
    for (path, item) in paths {
        for (verb, operation) in item.as_object().into_iter().flatten() {
            let place = format!("{verb} {path}");
            match operation["operationId"].as_str() {
                None => found.push(format!("{place}: no operationId")),
                Some(id) if !ids.insert(id) => found.push(format!("{place}: operationId {id} is taken")),
                Some(_) => {}
            }
            parameters(path, &place, operation, &mut found);
            answers(&place, operation, &mut found);
        }
    }
    found
}

fn parameters(path: &str, place: &str, operation: &Value, found: &mut Vec<String>) {
    let mut declared = HashSet::new();
    for parameter in operation["parameters"].as_array().into_iter().flatten() {
        let (name, location) =
            (parameter["name"].as_str().unwrap_or(""), parameter["in"].as_str().unwrap_or(""));
        if !declared.insert((location, name)) {
            found.push(format!("{place}: {location} parameter {name} is listed twice"));
        }
        if location == "path" && parameter["required"] != true {
            found.push(format!("{place}: path parameter {name} must be required"));
        }
    }
    let in_template: HashSet<&str> = names_in(path).collect();
    let in_list: HashSet<&str> = declared.iter().filter(|(l, _)| *l == "path").map(|(_, n)| *n).collect();
    for name in in_template.symmetric_difference(&in_list) {
        found.push(format!("{place}: path parameter {name} is not in both template and list"));
    }
}

fn names_in(path: &str) -> impl Iterator<Item = &str> {
    path.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| name)
}

fn answers(place: &str, operation: &Value, found: &mut Vec<String>) {
    let answers = operation["responses"].as_object();
    if answers.is_none_or(serde_json::Map::is_empty) {
        found.push(format!("{place}: no responses"));
    }
    for (status, answer) in answers.into_iter().flatten() {
        if answer["description"].as_str().is_none_or(str::is_empty) {
            found.push(format!("{place}: response {status} has no description"));
        }
    }
}

/// Every `$ref` in `value` must lead somewhere in `document`.
fn references(document: &Value, value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            if let Some(target) = members.get("$ref").and_then(Value::as_str) {
                let pointer = target.strip_prefix('#');
                if pointer.is_none_or(|pointer| document.pointer(pointer).is_none()) {
                    found.push(format!("$ref {target} leads nowhere"));
                }
            }
            members.values().for_each(|member| references(document, member, found));
        }
        Value::Array(items) => items.iter().for_each(|item| references(document, item, found)),
        _ => {}
    }
}
