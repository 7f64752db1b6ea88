/* SQLite for Swift. SQLITE_TRANSIENT is a cast and extended codes are sums: Swift imports neither. */
#ifndef ATTUNE_CSQLITE_SHIM_H
#define ATTUNE_CSQLITE_SHIM_H
#include <sqlite3.h>

static const int attune_sqlite_moved = SQLITE_READONLY_DBMOVED;
static const int attune_sqlite_taken_key = SQLITE_CONSTRAINT_PRIMARYKEY;
static const int attune_sqlite_taken_value = SQLITE_CONSTRAINT_UNIQUE;

/* Binds text that SQLite copies. */
static inline int attune_sqlite_bind_text(sqlite3_stmt *statement, int index, const char *text, sqlite3_uint64 count) {
  return sqlite3_bind_text64(statement, index, text, count, SQLITE_TRANSIENT, SQLITE_UTF8);
}

#endif
