//! The schemas that a document's operations refer to.

use schemars::generate::{SchemaGenerator, SchemaSettings};
use schemars::{JsonSchema, Schema};
use serde_json::{Map, Value};

/// Collects schemas under `#/components/schemas`.
#[derive(Debug)]
pub struct Components {
    generator: SchemaGenerator,
    by_hand: Map<String, Value>,
}

impl Default for Components {
    fn default() -> Self {
        Self::new()
    }
}

impl Components {
    /// None yet.
    pub fn new() -> Self {
        let settings = SchemaSettings::draft2020_12().with(|settings| {
            settings.definitions_path = "/components/schemas".into();
            settings.meta_schema = None;
        });
        Self { generator: settings.into_generator(), by_hand: Map::new() }
    }

    /// Adds a type and all it is made of. Returns the schema to use where it occurs: a `$ref`, or the schema
    /// itself if it is too simple to have a name.
    pub fn add<T: JsonSchema>(&mut self) -> Value {
        Schema::to_value(self.generator.subschema_for::<T>())
    }

    /// Adds a schema written by hand, for answers that have no type. Returns its `$ref`.
    pub fn add_schema(&mut self, name: &str, schema: Value) -> Value {
        self.by_hand.insert(name.to_owned(), schema);
        serde_json::json!({ "$ref": format!("#/components/schemas/{name}") })
    }

    pub(super) fn into_schemas(mut self) -> Map<String, Value> {
        let mut schemas = self.generator.take_definitions(true);
        schemas.extend(self.by_hand);
        schemas
    }
}
