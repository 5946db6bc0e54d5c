//! The command table, its data types, error codes and TypeScript bindings.
