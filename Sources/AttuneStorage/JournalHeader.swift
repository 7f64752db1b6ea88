import AttuneCore

/// The first line of a journal, which says what the file is: `{"journal":"attune","version":1}`.
enum JournalHeader {
  static let version: Int64 = 1

  /// The line with its end.
  static let line: [UInt8] = {
    var writer = JSONWriter(.compact)
    writer.object { header in
      header.member("journal", "attune")
      header.member("version", version)
    }
    writer.newline()
    return writer.takeBytes()
  }()

  /// Fails unless `line` is the first line of a journal this version reads.
  static func check(_ line: ArraySlice<UInt8>, path: String) throws(AttuneError) {
    let header: JSON
    do {
      header = try JSON(parsing: line)
    } catch {
      throw foreign(path: path, "its first line is no JSON")
    }
    guard header["journal"]?.stringValue == "attune" else {
      throw foreign(
        path: path,
        "its first line is \(header.shown), wanted {\"journal\":\"attune\",\"version\":\(version)}")
    }
    guard let found = header["version"]?.int64Value, found >= 1 else {
      throw foreign(
        path: path, "its version is \(header["version"]?.shown ?? "missing"), wanted \(version)")
    }
    guard found <= version else {
      throw AttuneError(
        .storage,
        "\(path): was written by a newer Attune: version \(found), wanted at most \(version)",
        subject: path)
    }
  }

  static func foreign(path: String, _ why: String) -> AttuneError {
    AttuneError(.storage, "\(path): is no Attune journal: \(why)", subject: path)
  }
}
