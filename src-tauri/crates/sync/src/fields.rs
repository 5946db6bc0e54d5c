//! Mapping the fields: which fields of the two sides can belong together, and which should.

mod check;
mod compatibility;
mod propose;

pub use check::{FieldChoice, FieldFinding, FieldFindingReason, check, choices};
pub use compatibility::{
    Compatibility, Conversion, Loss, Lost, RefusalReason, Way, compatibility, directions,
};
pub use propose::{
    CorePairs, FieldProposal, FieldReason, MissingCore, MissingCoreReason, core_pairs, propose,
};
