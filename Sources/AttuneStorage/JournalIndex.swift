import AttuneCore

/// The studies that the lines of a whole journal create and do not delete.
struct JournalIndex {
  struct Study {
    let identifier: Int
    let definition: StudyDefinition
  }

  private(set) var studies: [Study] = []
  private(set) var nextIdentifier = 0

  init(_ lines: [JournalFile.Line], path: String) throws(AttuneError) {
    for (number, line) in lines {
      if number == 1 {
        try JournalHeader.check(line, path: path)
        continue
      }
      // Only lines that create or delete matter here, and only they need parsing.
      guard line.contains(subsequence: "\"create\":") || line.contains(subsequence: "\"delete\":")
      else { continue }
      try read(try Self.parse(line, number, path), number, path)
    }
  }

  private mutating func read(
    _ json: JSON, _ number: Int, _ path: String
  ) throws(AttuneError) {
    guard let identifier = json["study"]?.int64Value.flatMap({ Int(exactly: $0) }) else { return }
    if let object = json["create"]?.objectValue {
      let (next, overflow) = identifier.addingReportingOverflow(1)
      guard identifier >= 0, !overflow else {
        throw AttuneError(
          .storage, "\(path): line \(number): study is \(identifier), wanted a small number",
          subject: path)
      }
      do throws(AttuneError) {
        studies.append(Study(identifier: identifier, definition: try .init(json: object)))
      } catch {
        throw AttuneError(
          .storage, "\(path): line \(number): \(error.message)", subject: path)
      }
      nextIdentifier = max(nextIdentifier, next)
    } else if json["delete"]?.boolValue == true {
      studies.removeAll { $0.identifier == identifier }
    }
  }

  func study(named name: String) -> Study? { studies.first { $0.definition.name == name } }

  static func parse(
    _ line: ArraySlice<UInt8>, _ number: Int, _ path: String
  ) throws(AttuneError) -> JSON {
    do {
      return try JSON(parsing: line, firstLine: number)
    } catch {
      throw AttuneError(.storage, "\(path): \(error.description)", subject: path)
    }
  }

  /// The event of a study's line; `nil` for the one that creates it. `notFound` where it is deleted.
  static func event(
    _ json: JSON, of name: String, _ path: String
  ) throws(AttuneError) -> StudyEvent? {
    if json["create"] != nil { return nil }
    if json["delete"]?.boolValue == true {
      throw AttuneError(.notFound, "study \"\(name)\" was deleted from \(path)", subject: name)
    }
    return try StudyEvent(journal: json)
  }

  /// An error with the file and the line it is in, unless it names them already.
  static func located(
    _ error: AttuneError, _ number: Int, in name: String, _ path: String
  ) -> AttuneError {
    if error.subject == name || error.message.hasPrefix(path) { return error }
    return AttuneError(.storage, "\(path): line \(number): \(error.message)", subject: path)
  }
}

extension ArraySlice<UInt8> {
  fileprivate func contains(subsequence: StaticString) -> Bool {
    let wanted = UnsafeBufferPointer(
      start: subsequence.utf8Start, count: subsequence.utf8CodeUnitCount)
    guard let first = wanted.first, count >= wanted.count else { return false }
    return withUnsafeBufferPointer { bytes in
      for start in 0...(bytes.count - wanted.count) where bytes[start] == first {
        if bytes[start..<start + wanted.count].elementsEqual(wanted) { return true }
      }
      return false
    }
  }
}
