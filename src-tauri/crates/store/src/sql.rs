//! A snapshot to read and a transaction to write: what the tables' functions are given.

use crate::code::Code;
use crate::error::StoreError;
use jiff::Timestamp;
use jiff::civil::Date;
use rusqlite::{Connection, OptionalExtension as _, Params, Row};
use std::ops::Deref;

/// One snapshot of the workspace.
#[derive(Debug)]
pub struct Read<'c> {
    connection: &'c Connection,
}

/// One transaction that writes. Reads through it see its own writes.
#[derive(Debug)]
pub struct WriteTx<'c> {
    read: Read<'c>,
}

impl<'c> Read<'c> {
    pub(crate) fn new(connection: &'c Connection) -> Self {
        Self { connection }
    }

    /// All rows of a query.
    pub(crate) fn all<T>(
        &self,
        sql: &str,
        params: impl Params,
        mut each: impl FnMut(&Row<'_>) -> Result<T, StoreError>,
    ) -> Result<Vec<T>, StoreError> {
        let mut statement = self.connection.prepare_cached(sql)?;
        let mut rows = statement.query(params)?;
        let mut all = Vec::new();
        while let Some(row) = rows.next()? {
            all.push(each(row)?);
        }
        Ok(all)
    }

    /// The first row of a query, if there is one.
    pub(crate) fn one<T>(
        &self,
        sql: &str,
        params: impl Params,
        each: impl FnOnce(&Row<'_>) -> Result<T, StoreError>,
    ) -> Result<Option<T>, StoreError> {
        let mut statement = self.connection.prepare_cached(sql)?;
        let mut rows = statement.query(params)?;
        rows.next()?.map(each).transpose()
    }

    /// A number that a query always yields.
    pub(crate) fn number(&self, sql: &str, params: impl Params) -> Result<i64, StoreError> {
        let mut statement = self.connection.prepare_cached(sql)?;
        let number: Option<i64> = statement.query_row(params, |row| row.get(0)).optional()?;
        Ok(number.unwrap_or(0))
    }
}

impl<'c> WriteTx<'c> {
    pub(crate) fn new(connection: &'c Connection) -> Self {
        Self {
            read: Read::new(connection),
        }
    }

    /// Runs a statement; gives how many rows it changed.
    pub(crate) fn run(&self, sql: &str, params: impl Params) -> Result<usize, StoreError> {
        Ok(self.connection.prepare_cached(sql)?.execute(params)?)
    }

    /// Runs a statement that must change a row, or what the caller named does not exist.
    pub(crate) fn change(
        &self,
        what: &'static str,
        id: impl std::fmt::Display,
        sql: &str,
        params: impl Params,
    ) -> Result<(), StoreError> {
        match self.run(sql, params)? {
            0 => Err(StoreError::not_found(what, id)),
            _ => Ok(()),
        }
    }

    /// Inserts one row; gives its number.
    pub(crate) fn insert(&self, sql: &str, params: impl Params) -> Result<i64, StoreError> {
        self.connection.prepare_cached(sql)?.execute(params)?;
        Ok(self.last_id())
    }

    /// The number of the row that was inserted last.
    pub(crate) fn last_id(&self) -> i64 {
        self.connection.last_insert_rowid()
    }
}

impl<'c> Deref for WriteTx<'c> {
    type Target = Read<'c>;

    fn deref(&self) -> &Read<'c> {
        &self.read
    }
}

/// Columns in our own terms.
pub(crate) trait Columns {
    /// A member of a closed list.
    fn code<T: Code>(&self, column: usize) -> Result<T, StoreError>;
    /// A member of a closed list, or the empty text.
    fn code_opt<T: Code>(&self, column: usize) -> Result<Option<T>, StoreError>;
    /// A moment.
    fn moment(&self, column: usize) -> Result<Timestamp, StoreError>;
    /// A moment, or NULL.
    fn moment_opt(&self, column: usize) -> Result<Option<Timestamp>, StoreError>;
    /// A day, or the empty text.
    fn day_opt(&self, column: usize) -> Result<Option<Date>, StoreError>;
    /// A text, or the empty text for none.
    fn text_opt(&self, column: usize) -> Result<Option<String>, StoreError>;
    /// Text that is looked at and not kept.
    fn str(&self, column: usize) -> Result<&str, StoreError>;
}

impl Columns for Row<'_> {
    fn code<T: Code>(&self, column: usize) -> Result<T, StoreError> {
        let code = self.str(column)?;
        T::from_code(code)
            .ok_or_else(|| StoreError::corrupt(format!("\"{code}\" is no {}", T::WHAT)))
    }

    fn code_opt<T: Code>(&self, column: usize) -> Result<Option<T>, StoreError> {
        match self.str(column)? {
            "" => Ok(None),
            _ => self.code(column).map(Some),
        }
    }

    fn moment(&self, column: usize) -> Result<Timestamp, StoreError> {
        moment(self.get(column)?)
    }

    fn moment_opt(&self, column: usize) -> Result<Option<Timestamp>, StoreError> {
        self.get::<_, Option<i64>>(column)?.map(moment).transpose()
    }

    fn day_opt(&self, column: usize) -> Result<Option<Date>, StoreError> {
        match self.str(column)? {
            "" => Ok(None),
            day => day
                .parse()
                .map(Some)
                .map_err(|_| StoreError::corrupt(format!("\"{day}\" is no day"))),
        }
    }

    fn text_opt(&self, column: usize) -> Result<Option<String>, StoreError> {
        let text = self.str(column)?;
        Ok((!text.is_empty()).then(|| text.to_owned()))
    }

    fn str(&self, column: usize) -> Result<&str, StoreError> {
        self.get_ref(column)?
            .as_str()
            .map_err(|error| StoreError::corrupt(format!("column {column}: {error}")))
    }
}

/// A day as a column holds it.
pub(crate) fn day(day: Option<Date>) -> String {
    day.map(|day| day.to_string()).unwrap_or_default()
}

/// A moment as a column holds it.
pub(crate) fn ms(moment: Option<Timestamp>) -> Option<i64> {
    moment.map(Timestamp::as_millisecond)
}

/// Numbers as a parameter of `json_each`, which takes a list of any length without a new statement.
pub(crate) fn json_numbers(numbers: impl IntoIterator<Item = i64>) -> String {
    let mut text = String::from("[");
    for number in numbers {
        if text.len() > 1 {
            text.push(',');
        }
        text.push_str(&number.to_string());
    }
    text.push(']');
    text
}

/// Texts as a parameter of `json_each`.
pub(crate) fn json_texts<S: AsRef<str>>(texts: &[S]) -> String {
    serde_json::Value::from(texts.iter().map(AsRef::as_ref).collect::<Vec<&str>>()).to_string()
}

/// A count as SQLite keeps one.
pub(crate) fn count(number: i64) -> u64 {
    u64::try_from(number).unwrap_or(0)
}

fn moment(ms: i64) -> Result<Timestamp, StoreError> {
    Timestamp::from_millisecond(ms)
        .map_err(|_| StoreError::corrupt(format!("{ms} ms lies outside of the calendar")))
}
