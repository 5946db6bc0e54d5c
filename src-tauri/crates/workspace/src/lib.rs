//! The product side, pure: what a workspace is made of.
//!
//! Items stand in a tree of levels, lie in product areas, and carry field values. Nothing here does
//! I/O, knows a clock, or is serialised: the store writes these types down, the api shows them.
//!
//! Deliberately absent: anything about Jira. A remote's terms reach this crate only after `sync`
//! has turned them into a [`Value`].

pub mod area;
pub mod defaults;
pub mod field;
pub mod id;
pub mod item;
pub mod level;
pub mod person;
pub mod rank;
pub mod value;

pub use area::Area;
pub use field::{Field, FieldKey, FieldOption, Kind, StatusCategory, SystemField};
pub use id::{AreaId, CustomFieldId, ItemId, ItemTypeId, LevelId, OptionId, PersonId};
pub use item::Item;
pub use level::{ItemType, Level};
pub use person::Person;
pub use rank::Rank;
pub use value::{RichFormat, RichText, Value};
