//! Fills a new workspace with what every workspace starts with.

use crate::error::StoreError;
use crate::sql::WriteTx;
use crate::table::field_option::NewOption;
use crate::table::item_type::NewItemType;
use crate::table::{area, field, field_option, item_type, level, setting};
use jiff::Timestamp;
use workspace::{SystemField, defaults};

/// Under which setting the moment stands at which the workspace was made.
const MADE_AT: &str = "workspace.made_at";

pub(crate) fn new_workspace(tx: &WriteTx<'_>, now: Timestamp) -> Result<(), StoreError> {
    setting::set(tx, MADE_AT, &now.to_string())?;
    for default in &defaults::LEVELS {
        let level = level::create(tx, default.singular, default.plural)?;
        for (singular, plural, icon, colour) in default.types {
            item_type::create(
                tx,
                &NewItemType {
                    level,
                    singular: (*singular).to_owned(),
                    plural: (*plural).to_owned(),
                    icon: (*icon).to_owned(),
                    colour: (*colour).to_owned(),
                },
            )?;
        }
    }
    for system in SystemField::ALL {
        field::create_system(tx, system)?;
    }
    for (name, category, colour) in defaults::STATUSES {
        field_option::create(
            tx,
            &NewOption {
                colour: Some(colour.to_owned()),
                category: Some(category),
                ..NewOption::named(SystemField::Status.into(), name)
            },
        )?;
    }
    for (system, names) in defaults::CHOICES {
        for name in names {
            field_option::create(tx, &NewOption::named(system.into(), name))?;
        }
    }
    area::create(tx, None, defaults::AREA).map(drop)
}
