//! A mapping as a file: readable TOML, by names with ids beside them, no secrets.
//!
//! Reading goes by the id where it is still there, else by the name.

use crate::arguments::OfIntegration;
use crate::output::{Failure, Output, read_file};
use crate::show;
use api::App;
use api::dto::{
    Direction, FieldMapping, FieldPair, FieldPairsArgs, Hierarchy, Integration, SchemaArgs,
    TypePair, TypePairsArgs, ValuePair, Winner,
};
use serde::{Deserialize, Serialize};
use std::path::Path;
use std::process::ExitCode;

/// The file.
#[derive(Debug, Serialize, Deserialize)]
struct MappingFile {
    /// Whether this is what is saved (or else the proposal). Ignored when read.
    #[serde(default)]
    saved: bool,
    types: Vec<TypeEntry>,
    fields: Vec<FieldEntry>,
}

#[derive(Debug, Serialize, Deserialize)]
struct TypeEntry {
    workspace: String,
    jira: String,
    #[serde(default)]
    jira_id: String,
}

#[derive(Debug, Serialize, Deserialize)]
struct FieldEntry {
    workspace: String,
    jira: String,
    #[serde(default)]
    jira_id: String,
    direction: Direction,
    winner: Winner,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    values: Vec<ValueEntry>,
}

#[derive(Debug, Serialize, Deserialize)]
struct ValueEntry {
    jira: String,
    #[serde(default)]
    jira_id: String,
    #[serde(default)]
    workspace: Option<String>,
}

pub async fn show(app: &App, options: OfIntegration) -> Result<ExitCode, Failure> {
    let integration = show::integration(app, &options.integration).await?;
    let (hierarchy, fields) = both(app, integration.id).await?;
    let file = write(&hierarchy, &fields);
    let text = toml::to_string_pretty(&file).map_err(|error| Failure::Local(error.to_string()))?;
    Output::new(options.json).print(&file, |_| text);
    Ok(ExitCode::SUCCESS)
}

/// Saves what is proposed (or was saved before).
pub async fn save_proposal(app: &App, integration_id: i64) -> Result<Integration, Failure> {
    let hierarchy = app
        .hierarchy(SchemaArgs {
            integration_id,
            refresh: true,
        })
        .await?;
    app.hierarchy_save(TypePairsArgs {
        integration_id,
        pairs: hierarchy.pairs,
    })
    .await?;
    let mapping = app
        .field_mapping(SchemaArgs {
            integration_id,
            refresh: false,
        })
        .await?;
    let mut pairs = mapping.pairs;
    if !mapping.saved {
        pairs.extend(
            mapping
                .suggestions
                .into_iter()
                .map(|suggestion| suggestion.pair),
        );
    }
    Ok(app
        .field_mapping_save(FieldPairsArgs {
            integration_id,
            pairs,
        })
        .await?)
}

/// Saves what a file says.
pub async fn apply(app: &App, integration_id: i64, path: &Path) -> Result<Integration, Failure> {
    let text = read_file(path)?;
    let file: MappingFile = if text.trim_start().starts_with('{') {
        serde_json::from_str(&text).map_err(|error| unreadable(path, &error))?
    } else {
        toml::from_str(&text).map_err(|error| unreadable(path, &error))?
    };
    let (hierarchy, fields) = both(app, integration_id).await?;
    let types = read_types(&file, &hierarchy)?;
    let pairs = read_fields(&file, &fields)?;
    app.hierarchy_save(TypePairsArgs {
        integration_id,
        pairs: types,
    })
    .await?;
    Ok(app
        .field_mapping_save(FieldPairsArgs {
            integration_id,
            pairs,
        })
        .await?)
}

/// Both mappings. A guest may not ask Jira what the project has: it goes by what the owner saw last.
async fn both(app: &App, integration_id: i64) -> Result<(Hierarchy, FieldMapping), Failure> {
    let hierarchy = app
        .hierarchy(SchemaArgs {
            integration_id,
            refresh: app.is_owner(),
        })
        .await?;
    let fields = app
        .field_mapping(SchemaArgs {
            integration_id,
            refresh: false,
        })
        .await?;
    Ok((hierarchy, fields))
}

fn unreadable(path: &Path, error: &dyn std::fmt::Display) -> Failure {
    Failure::Usage(format!("{} is not a mapping: {error}", path.display()))
}

fn write(hierarchy: &Hierarchy, mapping: &FieldMapping) -> MappingFile {
    let type_name = |id: i64| {
        let types = hierarchy.levels.iter().flat_map(|level| &level.types);
        types
            .into_iter()
            .find(|kind| kind.id == id)
            .map_or_else(String::new, |kind| kind.singular.clone())
    };
    let remote_type = |id: &str| {
        let found = hierarchy.remote_types.iter().find(|kind| kind.id == id);
        found.map_or_else(String::new, |kind| kind.name.clone())
    };
    let types = hierarchy
        .pairs
        .iter()
        .map(|pair| TypeEntry {
            workspace: type_name(pair.item_type),
            jira: remote_type(&pair.remote_type),
            jira_id: pair.remote_type.clone(),
        })
        .collect();
    let mut pairs: Vec<&FieldPair> = mapping.pairs.iter().collect();
    if !mapping.saved {
        pairs.extend(
            mapping
                .suggestions
                .iter()
                .map(|suggestion| &suggestion.pair),
        );
    }
    let fields = pairs
        .into_iter()
        .map(|pair| write_field(pair, mapping))
        .collect();
    MappingFile {
        saved: hierarchy.saved && mapping.saved,
        types,
        fields,
    }
}

fn write_field(pair: &FieldPair, mapping: &FieldMapping) -> FieldEntry {
    let field = mapping.fields.iter().find(|field| field.key == pair.field);
    let remote = mapping
        .remote_fields
        .iter()
        .find(|field| field.id == pair.remote_field);
    let values = pair
        .values
        .iter()
        .map(|value| ValueEntry {
            jira: remote
                .and_then(|remote| {
                    remote
                        .options
                        .iter()
                        .find(|option| option.id == value.remote_option)
                })
                .map_or_else(String::new, |option| option.name.clone()),
            jira_id: value.remote_option.clone(),
            workspace: value.option.and_then(|id| {
                let options = field.map(|field| &field.options)?;
                options
                    .iter()
                    .find(|option| option.id == id)
                    .map(|option| option.name.clone())
            }),
        })
        .collect();
    FieldEntry {
        workspace: pair.field.clone(),
        jira: remote.map_or_else(String::new, |remote| remote.name.clone()),
        jira_id: pair.remote_field.clone(),
        direction: pair.direction,
        winner: pair.winner,
        values,
    }
}

fn read_types(file: &MappingFile, hierarchy: &Hierarchy) -> Result<Vec<TypePair>, Failure> {
    let mut pairs = Vec::new();
    for entry in &file.types {
        let types = hierarchy.levels.iter().flat_map(|level| &level.types);
        let item_type = types
            .into_iter()
            .find(|kind| kind.singular == entry.workspace)
            .ok_or_else(|| missing("workspace type", &entry.workspace))?;
        let remote = hierarchy
            .remote_types
            .iter()
            .find(|kind| kind.id == entry.jira_id)
            .or_else(|| {
                hierarchy
                    .remote_types
                    .iter()
                    .find(|kind| kind.name == entry.jira)
            })
            .ok_or_else(|| missing("Jira type", &entry.jira))?;
        pairs.push(TypePair {
            item_type: item_type.id,
            remote_type: remote.id.clone(),
        });
    }
    Ok(pairs)
}

fn read_fields(file: &MappingFile, mapping: &FieldMapping) -> Result<Vec<FieldPair>, Failure> {
    let mut pairs = Vec::new();
    for entry in &file.fields {
        let field = mapping
            .fields
            .iter()
            .find(|field| field.key == entry.workspace)
            .or_else(|| {
                mapping
                    .fields
                    .iter()
                    .find(|field| field.name == entry.workspace)
            })
            .ok_or_else(|| missing("workspace field", &entry.workspace))?;
        let remote = mapping
            .remote_fields
            .iter()
            .find(|remote| remote.id == entry.jira_id)
            .or_else(|| {
                mapping
                    .remote_fields
                    .iter()
                    .find(|remote| remote.name == entry.jira)
            })
            .ok_or_else(|| missing("Jira field", &entry.jira))?;
        let mut values = Vec::new();
        for value in &entry.values {
            let option = match &value.workspace {
                None => None,
                Some(name) => Some(
                    field
                        .options
                        .iter()
                        .find(|option| option.name == *name)
                        .ok_or_else(|| missing("choice", name))?
                        .id,
                ),
            };
            let remote_option = remote
                .options
                .iter()
                .find(|option| option.id == value.jira_id)
                .or_else(|| {
                    remote
                        .options
                        .iter()
                        .find(|option| option.name == value.jira)
                })
                .ok_or_else(|| missing("Jira option", &value.jira))?;
            values.push(ValuePair {
                remote_option: remote_option.id.clone(),
                option,
            });
        }
        let core = mapping
            .pairs
            .iter()
            .any(|pair| pair.core && pair.field == field.key);
        pairs.push(FieldPair {
            field: field.key.clone(),
            remote_field: remote.id.clone(),
            direction: entry.direction,
            winner: entry.winner,
            values,
            core,
        });
    }
    Ok(pairs)
}

fn missing(what: &str, name: &str) -> Failure {
    Failure::Usage(format!(
        "The mapping names a {what} that is not there: {name:?}"
    ))
}
