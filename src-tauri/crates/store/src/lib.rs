//! SQLite: migrations, one file a table, one writer, a pool of readers.
