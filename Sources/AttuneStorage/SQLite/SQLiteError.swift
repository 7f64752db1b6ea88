import AttuneCore
import CSQLite

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// What went wrong in SQLite, said so that the user can help it.
enum SQLiteError {
  static func opening(
    _ path: String, _ code: Int32, database: OpaquePointer?, creates: Bool
  ) -> AttuneError {
    let isMissing = sqlite3_system_errno(database) == ENOENT
    if code & 0xFF == SQLITE_CANTOPEN, isMissing, !creates {
      return AttuneError(.notFound, "\(path): no such file", subject: path)
    }
    // SQLite tries once more without the right to make it, and then misses the file.
    if code & 0xFF == SQLITE_CANTOPEN, isMissing, let why = obstacle(path) {
      return AttuneError(.io, "\(path): cannot be made: \(why)", subject: path)
    }
    return running(path, code, database: database)
  }

  /// Why there can be no new file of that path; `nil` where nothing speaks against it.
  private static func obstacle(_ path: String) -> String? {
    let slash = path.lastIndex(of: "/")
    let folder = slash.map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
    if access(folder, F_OK) != 0 { return "there is no folder \(folder)" }
    return access(folder, W_OK) == 0
      ? nil : "the folder \(folder) may not be written (\(reason(errno) ?? "no reason given"))"
  }

  static func deleted(_ path: String) -> AttuneError {
    AttuneError(
      .storage, "\(path): the file was deleted or moved while the study was open", subject: path)
  }

  static func running(_ path: String, _ code: Int32, database: OpaquePointer?) -> AttuneError {
    let said = database.flatMap { sqlite3_errmsg($0) } ?? sqlite3_errstr(code)
    let detail = said.map { String(cString: $0) } ?? "error \(code)"
    // SQLite forgets the system's number where a commit fails.
    let known = sqlite3_system_errno(database)
    let system = known != 0 ? known : errno
    func error(_ kind: AttuneError.Code, _ text: String) -> AttuneError {
      AttuneError(kind, "\(path): \(text)", subject: path)
    }
    if code == attune_sqlite_moved { return deleted(path) }
    switch code & 0xFF {
    case SQLITE_BUSY, SQLITE_LOCKED:
      return error(
        .storage, "another process holds the file locked for longer than the timeout (\(detail))")
    case SQLITE_FULL: return error(.io, "no space is left to write to")
    case SQLITE_READONLY, SQLITE_PERM, SQLITE_AUTH:
      return error(.io, "cannot be written: the file or its folder is read-only")
    case SQLITE_CANTOPEN:
      return error(.io, "cannot be opened: \(reason(system) ?? detail)")
    case SQLITE_IOERR:
      // A limit on the size of files, or a full quota, is no fault of the disk.
      if [EFBIG, ENOSPC, EDQUOT].contains(system) {
        return error(.io, "no space is left to write to (\(reason(system) ?? detail))")
      }
      return error(.io, "cannot be read or written: \(reason(system) ?? detail)")
    case SQLITE_CORRUPT: return error(.storage, "the file is damaged: \(detail)")
    case SQLITE_NOTADB: return error(.storage, "is no SQLite database")
    case SQLITE_CONSTRAINT:
      let isTaken = code == attune_sqlite_taken_value || code == attune_sqlite_taken_key
      return error(isTaken ? .alreadyExists : .storage, detail)
    case SQLITE_NOMEM: return error(.outOfMemory, "SQLite has no memory left")
    case SQLITE_TOOBIG: return error(.invalidArgument, "a text is too long for SQLite")
    default: return error(.storage, "\(detail) (SQLite code \(code))")
    }
  }

  private static func reason(_ code: Int32) -> String? {
    code == 0 ? nil : String(cString: strerror(code))
  }
}
