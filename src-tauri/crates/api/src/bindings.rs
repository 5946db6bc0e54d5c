//! TypeScript for what travels: written to `ui/src/api/bindings.ts`, committed, and held current by a test.

use crate::dto::*;
use crate::error::ErrorCode;
use crate::words::{ErrorSeverity, words};
use std::any::TypeId;
use std::collections::{BTreeMap, BTreeSet};
use ts_rs::{Config, TS, TypeVisitor};

/// The whole text of `bindings.ts`.
#[must_use]
pub fn typescript() -> String {
    let config = Config::new().with_large_int("number");
    let mut types = Types {
        config: &config,
        seen: BTreeSet::new(),
        declarations: BTreeMap::new(),
    };
    types.visit::<Event>();
    types.visit::<ErrorCode>();
    let mut commands = String::new();
    macro_rules! each {
        ($($name:ident($args:ty) -> $result:ty;)*) => {$(
            types.visit::<$args>();
            types.visit::<$result>();
            commands.push_str(&format!(
                "  {}: {{ args: {}; result: {} }};\n",
                stringify!($name),
                <$args as TS>::name(&config),
                <$result as TS>::name(&config),
            ));
        )*};
    }
    crate::command_table!(each);
    let mut text = String::from(
        "// Written by `UPDATE_BINDINGS=1 cargo test -p api`. Do not edit: change src-tauri/crates/api.\n\n",
    );
    for declaration in types.declarations.values() {
        text.push_str("export ");
        text.push_str(declaration);
        text.push_str("\n\n");
    }
    text.push_str(
        "/** Every command, with what it takes and gives. */\nexport interface Commands {\n",
    );
    text.push_str(&commands);
    text.push_str("}\n\n");
    text.push_str(&error_words());
    text
}

/// The table of words as a constant, so that the window says what the terminal says.
fn error_words() -> String {
    let mut text = String::from(
        "/** The one table: a code, and what a person is told. `{name}` stands for a detail. */\n\
         export const ERROR_WORDS: Record<\n  ErrorCode,\n  \
         { title: string; cause: string; cure: string; severity: \"input\" | \"waiting\" | \"broken\" }\n> = {\n",
    );
    for &code in ErrorCode::ALL {
        let entry = words(code);
        let severity = match entry.severity {
            ErrorSeverity::Input => "input",
            ErrorSeverity::Waiting => "waiting",
            ErrorSeverity::Broken => "broken",
        };
        let line = serde_json::json!({
            "title": entry.title, "cause": entry.cause, "cure": entry.cure, "severity": severity,
        });
        let name = serde_json::to_value(code).unwrap_or_default();
        text.push_str(&format!(
            "  {}: {line},\n",
            name.as_str().unwrap_or_default()
        ));
    }
    text.push_str("};\n");
    text
}

struct Types<'a> {
    config: &'a Config,
    seen: BTreeSet<TypeId>,
    declarations: BTreeMap<String, String>,
}

impl TypeVisitor for Types<'_> {
    fn visit<T: TS + 'static + ?Sized>(&mut self) {
        if !self.seen.insert(TypeId::of::<T>()) {
            return;
        }
        if T::output_path().is_some() {
            self.declarations
                .insert(T::ident(self.config), T::decl(self.config));
        }
        T::visit_dependencies(self);
        T::visit_generics(self);
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_committed_bindings_are_current() {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("../../../ui/src/api/bindings.ts");
        let fresh = super::typescript();
        if std::env::var_os("UPDATE_BINDINGS").is_some() {
            std::fs::write(&path, &fresh).expect("the bindings file can be written");
            return;
        }
        let kept = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(
            kept == fresh,
            "ui/src/api/bindings.ts is stale: UPDATE_BINDINGS=1 cargo test -p api"
        );
    }
}
