//! Atlassian's descriptions: which operation a request is, and what the description has against it or its answer.

use super::repairs::Repair;
use super::schema::{Side, Validators};
use flate2::read::GzDecoder;
use practice_jira::{Exchange, Face};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::io::Read as _;

/// One document.
pub struct Description {
    document: Value,
    validators: Validators,
}

/// Something that does not fit a description.
#[derive(Debug, Clone)]
pub struct Violation {
    /// Whose description.
    pub face: Face,
    /// Method and path template, or the plain path where no template fits.
    pub operation: String,
    /// `path`, `query`, `request`, or the status of the answer.
    pub place: String,
    /// Where, as a JSON pointer; `*` stands for places in lists, issue fields of one's own and the like.
    pub pointer: String,
    /// The rule that is broken.
    pub rule: String,
    /// An example, in the words of the validator.
    pub example: String,
}

impl Violation {
    /// What makes two violations the same.
    pub fn kind(&self) -> [&str; 4] {
        [&self.operation, &self.place, &self.pointer, &self.rule]
    }
}

impl std::fmt::Display for Violation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self {
            operation,
            place,
            pointer,
            rule,
            example,
            ..
        } = self;
        write!(f, "{operation} | {place} | {pointer} | {rule} | {example}")
    }
}

/// What looking at one exchange gave.
#[derive(Debug, Default)]
pub struct Findings {
    /// Method and template, if the request is described.
    pub operation: Option<String>,
    /// What does not fit.
    pub violations: Vec<Violation>,
}

/// The descriptions of one face.
pub struct Descriptions {
    face: Face,
    documents: Vec<Description>,
}

impl Descriptions {
    /// Reads the documents that describe a face, with these repairs made.
    pub fn of(face: Face, repairs: &[&Repair]) -> Self {
        let packed: &[&[u8]] = match face {
            Face::Cloud => &[
                include_bytes!("../../openapi/jira-cloud-platform-v3.json.gz"),
                include_bytes!("../../openapi/jira-cloud-software-agile-1.0.json.gz"),
            ],
            Face::DataCenter => &[include_bytes!(
                "../../openapi/jira-software-dc-10.3.json.gz"
            )],
        };
        let documents = packed.iter().map(|packed| {
            let mut text = String::new();
            GzDecoder::new(*packed)
                .read_to_string(&mut text)
                .expect("the document unpacks");
            let mut document = serde_json::from_str(&text).expect("the document is JSON");
            for repair in repairs {
                repair.make(&mut document);
            }
            Description {
                document,
                validators: Validators::default(),
            }
        });
        Self {
            face,
            documents: documents.collect(),
        }
    }

    /// The path as the documents write it. Version 2 of the platform on Cloud has the same operations as version 3.
    fn described_path(&self, path: &str) -> String {
        match self.face {
            Face::Cloud => {
                let path = match path.strip_prefix("/_gateway/ex/jira/") {
                    Some(rest) => rest.split_once('/').map_or("/", |(_, path)| path),
                    None => path.trim_start_matches('/'),
                };
                format!("/{path}").replacen("/rest/api/2/", "/rest/api/3/", 1)
            }
            Face::DataCenter => path.strip_prefix("/rest").unwrap_or(path).to_owned(),
        }
    }

    /// Looks at an exchange.
    pub fn look(&mut self, exchange: &Exchange) -> Findings {
        let request = &exchange.request;
        let path = self.described_path(request.uri().path());
        let method = request.method().as_str();
        let found = self
            .documents
            .iter()
            .enumerate()
            .filter_map(|(at, one)| {
                template(&one.document["paths"], &path, method).map(|t| (at, t))
            })
            .next();
        let Some((at, template)) = found else {
            return Findings {
                operation: None,
                violations: vec![Violation {
                    face: self.face,
                    operation: format!("{method} {path}"),
                    place: "path".to_owned(),
                    pointer: String::new(),
                    rule: "described".to_owned(),
                    example: "no operation".to_owned(),
                }],
            };
        };
        let face = self.face;
        let one = &mut self.documents[at];
        let operation = format!("{method} {template}");
        let mut looking = Looking {
            face,
            description: one,
            operation: &operation,
            violations: Vec::new(),
        };
        looking.path(&template, &path, method);
        looking.query(&template, method, request.uri().query().unwrap_or(""));
        looking.request_body(&template, method, exchange);
        looking.answer(&template, method, exchange);
        let violations = looking.violations;
        Findings {
            operation: Some(operation),
            violations,
        }
    }
}

/// The template that fits a path: of several the one with most words of its own.
fn template(paths: &Value, path: &str, method: &str) -> Option<String> {
    let segments: Vec<&str> = path.split('/').collect();
    let fits = |template: &&String| {
        let parts: Vec<&str> = template.split('/').collect();
        parts.len() == segments.len()
            && parts
                .iter()
                .zip(&segments)
                .all(|(part, segment)| part.starts_with('{') || part == segment)
    };
    paths
        .as_object()?
        .iter()
        .filter(|(_, operations)| operations.get(method.to_lowercase()).is_some())
        .map(|(template, _)| template)
        .filter(fits)
        .min_by_key(|template| template.matches('{').count())
        .cloned()
}

struct Looking<'a> {
    face: Face,
    description: &'a mut Description,
    operation: &'a str,
    violations: Vec<Violation>,
}

impl Looking<'_> {
    fn say(&mut self, place: &str, pointer: String, rule: &str, example: String) {
        self.violations.push(Violation {
            face: self.face,
            operation: self.operation.to_owned(),
            place: place.to_owned(),
            pointer,
            rule: rule.to_owned(),
            example,
        });
    }

    fn operation(&self, template: &str, method: &str) -> &Value {
        &self.description.document["paths"][template][method.to_lowercase()]
    }

    /// The parameters of an operation that are in `place`, by name.
    fn parameters(&self, template: &str, method: &str, place: &str) -> BTreeMap<String, Value> {
        let shared = &self.description.document["paths"][template]["parameters"];
        let own = &self.operation(template, method)["parameters"];
        [shared, own]
            .into_iter()
            .filter_map(Value::as_array)
            .flatten()
            .map(|parameter| self.resolved(parameter))
            .filter(|parameter| parameter["in"] == place)
            .map(|parameter| (text(&parameter["name"]), parameter.clone()))
            .collect()
    }

    /// Follows a reference to something that is not a schema.
    fn resolved<'v>(&'v self, value: &'v Value) -> &'v Value {
        match value["$ref"].as_str() {
            Some(reference) => self
                .description
                .document
                .pointer(reference.trim_start_matches('#'))
                .expect("references lead somewhere"),
            None => value,
        }
    }

    fn path(&mut self, template: &str, path: &str, method: &str) {
        let parameters = self.parameters(template, method, "path");
        for (part, segment) in template.split('/').zip(path.split('/')) {
            let name = part.trim_start_matches('{').trim_end_matches('}');
            if let (true, Some(parameter)) = (part.starts_with('{'), parameters.get(name)) {
                self.parameter("path", name, &parameter["schema"], &[segment.to_owned()]);
            }
        }
    }

    fn query(&mut self, template: &str, method: &str, query: &str) {
        let parameters = self.parameters(template, method, "query");
        let mut given: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
            given
                .entry(name.into_owned())
                .or_default()
                .push(value.into_owned());
        }
        for (name, parameter) in &parameters {
            if parameter["required"] == true && !given.contains_key(name) {
                self.say("query", format!("/{name}"), "required", String::new());
            }
        }
        for (name, values) in given {
            match parameters.get(&name) {
                Some(parameter) => self.parameter("query", &name, &parameter["schema"], &values),
                None => self.say("query", format!("/{name}"), "known", values.join(" & ")),
            }
        }
    }

    /// Checks one parameter, its text read as the schema says.
    fn parameter(&mut self, place: &str, name: &str, schema: &Value, values: &[String]) {
        let plain = self.resolved(schema).clone();
        let value = if plain["type"] == "array" {
            let item = self.resolved(&plain["items"]);
            values.iter().map(|value| typed(item, value)).collect()
        } else if let [value] = values {
            typed(&plain, value)
        } else {
            json!(values)
        };
        self.check(place, schema, Side::Request, &value, &format!("/{name}"));
    }

    fn request_body(&mut self, template: &str, method: &str, exchange: &Exchange) {
        let described = self.resolved(&self.operation(template, method)["requestBody"]);
        let (described, bytes) = (described.clone(), exchange.request.body());
        if bytes.is_empty() {
            if described["required"] == true {
                self.say("request", String::new(), "required", "no body".to_owned());
            }
            return;
        }
        let Some(schema) = described["content"].get("application/json") else {
            self.say("request", String::new(), "described", shown(bytes));
            return;
        };
        match serde_json::from_slice(bytes) {
            Ok(body) => self.check("request", &schema["schema"], Side::Request, &body, ""),
            Err(error) => self.say("request", String::new(), "json", error.to_string()),
        }
    }

    fn answer(&mut self, template: &str, method: &str, exchange: &Exchange) {
        let (status, bytes) = (
            exchange.response.status().as_str().to_owned(),
            exchange.response.body(),
        );
        let responses = &self.operation(template, method)["responses"];
        let Some(described) = responses.get(&status).or_else(|| responses.get("default")) else {
            return self.say(&status, String::new(), "described", shown(bytes));
        };
        let described = self.resolved(described).clone();
        let Some(schema) = described["content"].get("application/json") else {
            if status == "204" && !bytes.is_empty() {
                self.say(&status, String::new(), "empty", shown(bytes));
            }
            return;
        };
        if bytes.is_empty() {
            // Some operations say that their answer has any content, and mean none.
            if schema["schema"].get("$ref").is_some() || schema["schema"].get("type").is_some() {
                self.say(&status, String::new(), "json", "no body".to_owned());
            }
            return;
        }
        let named = exchange.response.headers().get("content-type");
        let named = named.and_then(|kind| kind.to_str().ok()).unwrap_or("");
        if !named.starts_with("application/json") {
            return self.say(
                &status,
                String::new(),
                "json",
                format!("{named}: {}", shown(bytes)),
            );
        }
        match serde_json::from_slice(bytes) {
            Ok(body) => self.check(&status, &schema["schema"], Side::Answer, &body, ""),
            Err(error) => self.say(&status, String::new(), "json", error.to_string()),
        }
    }

    fn check(&mut self, place: &str, schema: &Value, side: Side, value: &Value, under: &str) {
        let Description {
            document,
            validators,
        } = &mut *self.description;
        for wrong in validators.errors(document, schema, side, value) {
            self.say(
                place,
                format!("{under}{}", wrong.pointer),
                &wrong.rule,
                wrong.words,
            );
        }
    }
}

/// A text of a path or query as the type that its schema names; what cannot be read stays text.
fn typed(schema: &Value, value: &str) -> Value {
    let read = match schema["type"].as_str() {
        Some("integer") => value.parse::<i64>().ok().map(Value::from),
        Some("number") => value.parse::<f64>().ok().map(Value::from),
        Some("boolean") => value.parse::<bool>().ok().map(Value::from),
        _ => None,
    };
    read.unwrap_or_else(|| value.into())
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn shown(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).chars().take(120).collect()
}
