//! The database: thumbnails by client and number.

use std::path::{Path, PathBuf};

use redb::{Database, Durability, ReadableDatabase, ReadableTableMetadata, TableDefinition};
use tempfile::TempDir;

use crate::cannot;

/// Which client's, which of its uploads.
pub type Key = (u32, u32);

const THUMBNAILS: TableDefinition<Key, &[u8]> = TableDefinition::new("thumbnails");

/// A database in a file.
#[derive(Debug)]
pub struct Store {
    database: Database,
    path: PathBuf,
    /// The folder that is removed with everything in it, where nobody wants to keep it.
    _folder: Option<TempDir>,
}

impl Store {
    /// Opens the database in this file, or a new one for a while.
    ///
    /// # Errors
    ///
    /// A sentence, where the file is not to be had, or is no database.
    pub fn open(file: Option<&Path>) -> Result<Store, String> {
        let folder = match file {
            Some(_) => None,
            None => Some(tempfile::tempdir().map_err(|error| format!("no folder: {error}"))?),
        };
        let path = file.map(Path::to_owned);
        let path = path.or_else(|| Some(folder.as_ref()?.path().join("thumbnails.redb")));
        let path = path.expect("a file, or a folder for one");
        let database = Database::create(&path);
        let database = database.map_err(|error| cannot("cannot be a database", &path, error))?;
        let store = Store { database, path, _folder: folder };
        store.write(Durability::Immediate, |_| Ok(()))?;
        Ok(store)
    }

    /// Keeps a thumbnail, until the machine fails or [`close`](Store::close) makes it last.
    ///
    /// # Errors
    ///
    /// A sentence, where there is no room for it.
    pub fn keep(&self, key: Key, png: &[u8]) -> Result<(), String> {
        self.write(Durability::None, |table| table.insert(key, png).map(drop))
    }

    /// How many thumbnails there are.
    ///
    /// # Errors
    ///
    /// A sentence, where the file cannot be read.
    pub fn count(&self) -> Result<u64, String> {
        let count = || -> Result<u64, redb::Error> {
            Ok(self.database.begin_read()?.open_table(THUMBNAILS)?.len()?)
        };
        count().map_err(|error| cannot("cannot be read", &self.path, error))
    }

    /// Makes everything last.
    ///
    /// # Errors
    ///
    /// A sentence, where there is no room for it.
    pub fn close(&self) -> Result<(), String> {
        self.write(Durability::Immediate, |_| Ok(()))
    }

    fn write(
        &self,
        durability: Durability,
        change: impl FnOnce(&mut redb::Table<Key, &[u8]>) -> Result<(), redb::StorageError>,
    ) -> Result<(), String> {
        let write = || -> Result<(), redb::Error> {
            let mut transaction = self.database.begin_write()?;
            transaction.set_durability(durability)?;
            change(&mut transaction.open_table(THUMBNAILS)?)?;
            Ok(transaction.commit()?)
        };
        write().map_err(|error| cannot("cannot be written", &self.path, error))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_is_there_when_the_file_is_opened_again() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("x.redb");
        let store = Store::open(Some(&file)).expect("a new file");
        assert_eq!(store.count(), Ok(0));
        store.keep((1, 2), b"small").expect("room");
        store.keep((1, 2), b"other").expect("room");
        store.close().expect("room");
        drop(store);
        assert_eq!(Store::open(Some(&file)).expect("the same file").count(), Ok(1));
    }

    #[test]
    fn a_file_that_is_no_database_is_told_in_a_sentence() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("x.redb");
        std::fs::write(&file, "a shopping list").expect("room");
        let error = Store::open(Some(&file)).expect_err("it is no database");
        assert!(error.contains("x.redb cannot be a database"), "{error}");
    }
}
