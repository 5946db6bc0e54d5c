//! Steps 5 and 6.

use super::connections::integration;
use crate::app::App;
use crate::convert;
use crate::dto::{
    Field, FieldChoice, FieldMapping, FieldPairsArgs, FieldRemark, FieldSuggestion, Hierarchy,
    Integration, ItemType, Level, RemoteField, RemoteOption, RemoteType, SampleNode, SampleTree,
    SchemaArgs, Severity, TypeChoice, TypePairsArgs, TypeProposal, TypeRemark, ValueLine, Values,
    ValuesArgs,
};
use crate::error::ErrorDto;
use crate::reasons::{self, Names};
use engine::{EngineError, FieldsView, HierarchyView};
use store::IntegrationId;
use sync::fields::Compatibility;
use sync::remote::RemoteKind;
use workspace::{FieldKey, SystemField};

impl App {
    /// Everything that step 5 shows.
    ///
    /// # Errors
    /// `project_gone`, or what Jira says.
    pub async fn hierarchy(&self, args: SchemaArgs) -> Result<Hierarchy, ErrorDto> {
        let view = self
            .engine
            .hierarchy(IntegrationId(args.integration_id), args.refresh)
            .await?;
        Ok(hierarchy(&view))
    }

    /// What is to say about pairs of types.
    ///
    /// # Errors
    /// What Jira says, if the project was never looked at.
    pub async fn hierarchy_check(&self, args: TypePairsArgs) -> Result<Vec<TypeRemark>, ErrorDto> {
        let id = IntegrationId(args.integration_id);
        let view = self
            .engine
            .check_hierarchy(id, convert::type_pairs(args.pairs))
            .await?;
        Ok(type_remarks(&view, &names(&view)))
    }

    /// How the tree will look.
    ///
    /// # Errors
    /// What Jira says.
    pub async fn hierarchy_sample(&self, args: TypePairsArgs) -> Result<SampleTree, ErrorDto> {
        let id = IntegrationId(args.integration_id);
        let pairs = convert::type_pairs(args.pairs);
        let view = self.engine.check_hierarchy(id, pairs.clone()).await?;
        let names = names(&view);
        let nodes = self
            .engine
            .sample_tree(id, &pairs)
            .await?
            .into_iter()
            .map(|node| SampleNode {
                remark: match (node.item_type, node.note) {
                    (None, _) => Some("Its type is not mapped, so it is skipped".to_owned()),
                    (_, Some(note)) => Some(reasons::parent_note(note).to_owned()),
                    _ => None,
                },
                remote_type: names.remote_type(&node.issue.type_id),
                key: node.issue.key,
                title: node.issue.title,
                item_type: node.item_type.map(|id| id.0),
                depth: node.depth,
            })
            .collect();
        Ok(SampleTree { nodes })
    }

    /// Keeps pairs of types.
    ///
    /// # Errors
    /// `mapping_refused`.
    pub async fn hierarchy_save(&self, args: TypePairsArgs) -> Result<Integration, ErrorDto> {
        let id = IntegrationId(args.integration_id);
        let pairs = convert::type_pairs(args.pairs);
        match self.engine.save_hierarchy(id, pairs).await {
            Ok(view) => Ok(integration(&view)),
            Err(error) => Err(self.refusal(id, error).await),
        }
    }

    /// Everything that step 6 shows.
    ///
    /// # Errors
    /// `project_gone`, or what Jira says.
    pub async fn field_mapping(&self, args: SchemaArgs) -> Result<FieldMapping, ErrorDto> {
        let view = self
            .engine
            .fields(IntegrationId(args.integration_id), args.refresh)
            .await?;
        Ok(field_mapping(&view))
    }

    /// What is to say about pairs of fields.
    ///
    /// # Errors
    /// `bad_request` for a field key that is none.
    pub async fn field_mapping_check(
        &self,
        args: FieldPairsArgs,
    ) -> Result<Vec<FieldRemark>, ErrorDto> {
        let id = IntegrationId(args.integration_id);
        let view = self
            .engine
            .check_fields(id, convert::field_pairs(args.pairs)?)
            .await?;
        Ok(field_remarks(&view))
    }

    /// Keeps pairs of fields.
    ///
    /// # Errors
    /// `mapping_refused`, `mapping_missing`.
    pub async fn field_mapping_save(&self, args: FieldPairsArgs) -> Result<Integration, ErrorDto> {
        let id = IntegrationId(args.integration_id);
        let pairs = convert::field_pairs(args.pairs)?;
        match self.engine.save_fields(id, pairs).await {
            Ok(view) => Ok(integration(&view)),
            Err(error) => Err(self.refusal(id, error).await),
        }
    }

    /// An error on the wire; the refusals of a mapping with the names of what they are about, as far as those can
    /// be found out.
    pub(crate) async fn refusal(&self, id: IntegrationId, error: EngineError) -> ErrorDto {
        if !matches!(
            error,
            EngineError::TypesRefused(_) | EngineError::FieldsRefused(_)
        ) {
            return error.into();
        }
        let names = match self.engine.fields(id, false).await {
            Ok(view) => Names::new(&view.levels, &view.types, &view.fields, &view.schema),
            Err(_) => Names::default(),
        };
        let texts: Vec<String> = match &error {
            EngineError::TypesRefused(findings) => findings
                .iter()
                .map(|finding| {
                    let of = finding.remote_type.as_ref().map(|id| names.remote_type(id));
                    named(of, &reasons::type_finding(&finding.reason, &names))
                })
                .collect(),
            EngineError::FieldsRefused(findings) => findings
                .iter()
                .map(|finding| {
                    let of = finding.field.map(|key| names.field(key));
                    named(of, &reasons::field_finding(&finding.reason, &names))
                })
                .collect(),
            _ => Vec::new(),
        };
        ErrorDto::from(error).with("messages", &texts.join(". "))
    }

    /// Proposed pairs of choices.
    ///
    /// # Errors
    /// `field_gone`, `not_found`.
    pub async fn field_values(&self, args: ValuesArgs) -> Result<Values, ErrorDto> {
        let id = IntegrationId(args.integration_id);
        let key = convert::field_key(&args.field)?;
        let (field, remote, proposals) = self
            .engine
            .field_values(id, key, &args.remote_field)
            .await?;
        let lines = remote
            .options
            .iter()
            .map(|option| {
                let found = proposals
                    .pairs
                    .iter()
                    .find(|found| found.pair.remote_option == option.id);
                ValueLine {
                    remote: RemoteOption {
                        id: option.id.clone(),
                        name: option.name.clone(),
                    },
                    option: found.map(|found| found.pair.option.0),
                    confidence: found.map_or(0, |found| found.confidence),
                    reason: found
                        .map_or("", |found| reasons::value_reason(found.reason))
                        .to_owned(),
                }
            })
            .collect();
        Ok(Values {
            lines,
            grows: field.choices_grow(),
        })
    }

    /// The workspace's levels and types.
    ///
    /// # Errors
    /// What the database meets.
    pub async fn levels(&self, _: crate::dto::Nothing) -> Result<Vec<Level>, ErrorDto> {
        let (found, types) = self
            .engine
            .store()
            .read(|read| Ok((store::level::list(read)?, store::item_type::list(read)?)))
            .await
            .map_err(EngineError::from)?;
        Ok(levels(&found, &types))
    }
}

/// A finding, behind the name of what it is about.
fn named(of: Option<String>, text: &str) -> String {
    match of {
        Some(name) if !name.is_empty() => format!("{name}: {text}"),
        _ => text.to_owned(),
    }
}

fn names(view: &HierarchyView) -> Names {
    Names::new(&view.levels, &view.types, &view.fields, &view.schema)
}

fn levels(levels: &[workspace::Level], types: &[workspace::ItemType]) -> Vec<Level> {
    levels
        .iter()
        .map(|level| Level {
            id: level.id.0,
            singular: level.singular.clone(),
            plural: level.plural.clone(),
            types: types
                .iter()
                .filter(|kind| kind.level == level.id)
                .map(|kind| ItemType {
                    id: kind.id.0,
                    singular: kind.singular.clone(),
                    plural: kind.plural.clone(),
                    icon: kind.icon.clone(),
                    colour: kind.colour.clone(),
                })
                .collect(),
        })
        .collect()
}

fn hierarchy(view: &HierarchyView) -> Hierarchy {
    let names = names(view);
    let mut remote_types: Vec<RemoteType> = view
        .schema
        .types
        .iter()
        .map(|remote| RemoteType {
            id: remote.id.clone(),
            name: remote.name.clone(),
            level_name: reasons::level_name(remote.level),
            level: remote.level,
        })
        .collect();
    remote_types.sort_by_key(|remote| std::cmp::Reverse(remote.level));
    let choices = view
        .types
        .iter()
        .flat_map(|kind| {
            sync::types::choices(
                &view.levels,
                &view.types,
                &view.schema.types,
                &view.pairs,
                kind.id,
            )
            .into_iter()
            .map(|choice| TypeChoice {
                item_type: kind.id.0,
                remote_type: choice.remote_type,
                refusal: choice
                    .refused
                    .map(|finding| reasons::type_finding(&finding.reason, &names)),
            })
        })
        .collect();
    Hierarchy {
        levels: levels(&view.levels, &view.types),
        remote_types,
        choices,
        pairs: view.pairs.iter().map(convert::type_pair).collect(),
        proposals: view
            .proposals
            .iter()
            .map(|proposal| TypeProposal {
                item_type: proposal.item_type.0,
                remote_type: proposal.remote_type.clone(),
                confidence: proposal.confidence,
                reason: reasons::type_reason(proposal.reason).to_owned(),
            })
            .collect(),
        saved: view.saved,
        remarks: type_remarks(view, &names),
    }
}

fn type_remarks(view: &HierarchyView, names: &Names) -> Vec<TypeRemark> {
    view.findings
        .iter()
        .map(|finding| TypeRemark {
            item_type: finding.item_type.map(|id| id.0),
            remote_type: finding.remote_type.clone(),
            severity: convert::severity(finding.reason.severity()),
            text: reasons::type_finding(&finding.reason, names),
        })
        .collect()
}

fn field_mapping(view: &FieldsView) -> FieldMapping {
    let mappable = |field: &&workspace::Field| {
        !matches!(
            field.key,
            FieldKey::System(SystemField::Status | SystemField::DevStatus)
        )
    };
    FieldMapping {
        fields: view
            .fields
            .iter()
            .filter(mappable)
            .map(|found| field(found, view))
            .collect(),
        remote_fields: view
            .schema
            .fields
            .iter()
            .map(|found| remote_field(found, view))
            .collect(),
        pairs: view
            .mapping
            .fields
            .iter()
            .map(convert::field_pair)
            .collect(),
        suggestions: view
            .proposals
            .iter()
            .map(|proposal| FieldSuggestion {
                pair: convert::field_pair(&proposal.pair),
                confidence: proposal.confidence,
                reason: reasons::field_reason(proposal.reason),
            })
            .collect(),
        remarks: field_remarks(view),
        saved: view.saved,
    }
}

fn field(found: &workspace::Field, view: &FieldsView) -> Field {
    let names = Names::new(&view.levels, &view.types, &view.fields, &view.schema);
    let choices = view
        .schema
        .fields
        .iter()
        .filter_map(|remote| {
            let compatibility = sync::fields::compatibility(found, remote);
            let directions = sync::fields::directions(found, remote);
            let refusal = match &compatibility {
                Compatibility::Refused(reason) => Some(reasons::refusal(reason, &names)),
                _ => None,
            };
            let note = reasons::conversion_note(&compatibility);
            let plain = refusal.is_none() && note.is_none() && directions.len() == 4;
            (!plain).then(|| FieldChoice {
                remote_field: remote.id.clone(),
                refusal,
                note,
                directions: directions.into_iter().map(convert::direction).collect(),
            })
        })
        .collect();
    Field {
        key: found.key.to_string(),
        name: found.name.clone(),
        kind: reasons::kind(found.kind).to_owned(),
        options: view
            .options
            .iter()
            .filter(|option| option.field == found.key)
            .map(convert::option)
            .collect(),
        sample: None,
        choices,
    }
}

fn remote_field(found: &sync::remote::RemoteField, view: &FieldsView) -> RemoteField {
    let mapped = &view.mapping.types;
    let on_create = found
        .on_create
        .as_ref()
        .map(|types| mapped.iter().all(|pair| types.contains(&pair.remote_type)));
    RemoteField {
        id: found.id.clone(),
        name: found.name.clone(),
        kind: match &found.kind {
            RemoteKind::Unsupported(_) => "Another kind".to_owned(),
            kind => reasons::remote_kind(kind),
        },
        custom: found.id.starts_with("customfield_"),
        on_create,
        options: found
            .options
            .iter()
            .map(|option| RemoteOption {
                id: option.id.clone(),
                name: option.name.clone(),
            })
            .collect(),
        sample: view.samples.get(&found.id).and_then(convert::remote_text),
    }
}

fn field_remarks(view: &FieldsView) -> Vec<FieldRemark> {
    let names = Names::new(&view.levels, &view.types, &view.fields, &view.schema);
    let missing = view.missing.iter().map(|missing| FieldRemark {
        field: Some(missing.field.to_string()),
        remote_field: None,
        severity: Severity::Warning,
        text: reasons::missing_core(&missing.reason),
    });
    let found = view.findings.iter().map(|finding| FieldRemark {
        field: finding.field.map(|key| key.to_string()),
        remote_field: finding.remote_field.clone(),
        severity: convert::severity(finding.reason.severity()),
        text: reasons::field_finding(&finding.reason, &names),
    });
    missing.chain(found).collect()
}
