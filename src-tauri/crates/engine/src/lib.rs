//! The doing: connections, schema, import runs, secrets.
