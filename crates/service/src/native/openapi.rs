//! The description of the native interface, from its table.

use crate::native::routes::{OPERATOR_SCOPE, PARTY_SCOPE, ROUTES, Route, Whose};
use serde_json::{Map, Value, json};

/// The OpenAPI 3.0 description.
pub fn openapi() -> Value {
    let mut paths = Map::new();
    for route in ROUTES {
        let path = paths.entry(route.path).or_insert_with(|| json!({}));
        path[route.method.to_lowercase()] = operation(route);
    }
    json!({
        "openapi": "3.0.3",
        "info": {
            "title": "Deconflict, native interface",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "The joint picture: parties who share no command file claims, hear where they conflict, and record what they agree.",
            "license": { "name": "MIT OR Apache-2.0" },
        },
        "servers": [{ "url": "/" }],
        "paths": paths,
        "components": {
            "securitySchemes": { "token": { "type": "http", "scheme": "bearer", "bearerFormat": "JWT" } },
            "schemas": {
                "Refusal": {
                    "type": "object",
                    "required": ["message"],
                    "properties": {
                        "message": { "type": "string" },
                        "problems": { "type": "array", "items": { "type": "object", "required": ["field", "found", "expected"], "properties": {
                            "field": { "type": "string" }, "found": { "type": "string" }, "expected": { "type": "string" },
                        } } },
                    },
                },
            },
        },
    })
}

fn operation(route: &Route) -> Value {
    let scopes = match route.whose {
        Whose::Party => vec![PARTY_SCOPE],
        Whose::Operator => vec![OPERATOR_SCOPE],
        Whose::Both => vec![PARTY_SCOPE, OPERATOR_SCOPE],
    };
    let mut responses = Map::new();
    responses.insert(
        "200".to_owned(),
        json!({ "description": "It is so.", "content": { "application/json": { "schema": { "type": "object" } } } }),
    );
    let refusals = [
        ("400", "Something in it does not make sense."),
        ("401", "The token does not count."),
        ("403", "The token does not allow it, or the caller is no party of the picture."),
        ("404", "There is nothing of that name that the caller may know of."),
        ("409", "It rests on something that has changed, or the rules say no."),
        ("413", "The body is too long."),
        ("429", "Too much was asked."),
        ("503", "It cannot be stored now; ask again."),
    ];
    for (status, description) in refusals {
        let refusal = json!({ "description": description, "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Refusal" } } } });
        responses.insert(status.to_owned(), refusal);
    }
    let names = route.path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'));
    let parameters: Vec<Value> =
        names.map(|name| json!({ "name": name, "in": "path", "required": true, "schema": { "type": "string" } })).collect();
    let name = format!("{:?}", route.operation);
    let mut described = json!({
        "operationId": name[..1].to_lowercase() + &name[1..],
        "summary": route.summary,
        "description": format!("Needs the scope {}.", scopes.join(" or ")),
        "security": [{ "token": [] }],
        "parameters": parameters,
        "responses": responses,
    });
    if !route.body.is_empty() {
        let properties: Map<String, Value> = route
            .body
            .iter()
            .map(|(name, kind, what)| ((*name).to_owned(), json!({ "type": kind.trim_end_matches('?'), "description": what })))
            .zip(route.body)
            .map(|((name, mut schema), (_, kind, _))| {
                if kind.ends_with('?') {
                    schema["nullable"] = json!(true);
                }
                if schema["type"] == "array" {
                    schema["items"] = json!({});
                }
                (name, schema)
            })
            .collect();
        let required: Vec<&str> = route.body.iter().filter(|(_, kind, _)| !kind.ends_with('?')).map(|(name, ..)| *name).collect();
        let mut schema = json!({ "type": "object", "properties": properties, "additionalProperties": false });
        if !required.is_empty() {
            schema["required"] = json!(required);
        }
        described["requestBody"] = json!({ "required": true, "content": { "application/json": { "schema": schema } } });
    }
    described
}
