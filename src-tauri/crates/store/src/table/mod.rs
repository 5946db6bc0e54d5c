//! One file a table: how it is made, what a row is, what is read from it and written to it.

pub mod absence;
pub mod area;
pub mod comparison;
pub mod conflict;
pub mod connection;
pub mod create_intent;
pub mod deleted_item;
pub mod disconnected;
pub mod due;
pub mod field;
pub mod field_option;
pub mod fuse;
pub mod integration;
pub mod item;
pub mod item_type;
pub(crate) mod item_value;
pub mod journal;
pub mod leaving;
pub mod level;
pub mod link;
pub mod link_field;
pub mod mapping;
pub mod option_identity;
pub mod pair;
pub mod person;
pub mod run;
pub mod run_due;
pub(crate) mod run_payload;
pub mod run_row;
pub mod schema_snapshot;
pub mod setting;
pub mod severing;

/// What version 1 of the file is made of, what is referred to before what refers to it.
pub(crate) const V1: &[&str] = &[
    setting::V1,
    level::V1,
    item_type::V1,
    field::V1,
    field_option::V1,
    option_identity::V1,
    area::V1,
    person::V1,
    item::V1,
    item_value::V1,
    connection::V1,
    integration::V1,
    mapping::V1,
    schema_snapshot::V1,
    link::V1,
    link_field::V1,
    run::V1,
    run_row::V1,
    run_payload::V1,
    journal::V1,
];

/// What version 2 adds.
pub(crate) const V2: &[&str] = &[journal::V2, link::V2, run_due::V2];

/// What version 3 changes.
pub(crate) const V3: &[&str] = &[link_field::V3, run::V3];

/// What version 4 changes and adds.
pub(crate) const V4: &[&str] = &[journal::V4, integration::V4, due::V4, conflict::V4];

/// What version 5 changes and adds.
pub(crate) const V5: &[&str] = &[
    item_value::V5,
    run_payload::V5,
    mapping::V5,
    create_intent::V5,
    link::V5,
    integration::V5,
    deleted_item::V5,
    absence::V5,
    severing::V5,
    run::V5,
    comparison::V5,
    fuse::V5,
    conflict::V5,
];

/// What version 6 changes: nothing in the tables, but what stands in them. The parent is now remembered, and decided
/// about, like a field, which a program that knows version 5 only would take for damage.
pub(crate) const V6: &[&str] = &[];

/// What version 7 adds.
pub(crate) const V7: &[&str] = &[journal::V7, fuse::V7];

#[cfg(test)]
mod tests;
