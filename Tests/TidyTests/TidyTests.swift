import Foundation
import Testing

/// Taste as tests: what the house style says that no compiler checks.
@Suite("House style")
struct TidyTests {
  /// Files above 300 lines, and why each is not two. None is above 500.
  static let long: [String: String] = [
    "Sources/AttuneNumerics/SobolTable.swift": "one table of published direction numbers"
  ]

  @Test("most files are short; a long one says why")
  func lengths() {
    for file in SourceTree.sources {
      let count = file.lines.count - 1
      #expect(count <= 500, "\(file) has \(count) lines")
      if count > 300 { #expect(Self.long[file.path] != nil, "\(file) has \(count) lines") }
    }
    let counts = SourceTree.sources.map(\.lines.count).sorted()
    #expect(counts[counts.count / 2] < 150, "the median file has \(counts[counts.count / 2]) lines")
  }

  @Test("the library needs no Foundation, no Dispatch and no Swift tasks")
  func imports() throws {
    let banned = #/^\s*(public |internal |@\w+ )*import (Foundation\w*|Dispatch|_Concurrency)\b/#
    let tasks = #/\b(Task\s*[.{]|Task\.detached|withTaskGroup|async let|await )/#
    for file in SourceTree.sources where SourceTree.libraryTargets.contains(file.target) {
      for (index, line) in Self.code(file).enumerated() {
        #expect(try banned.firstMatch(in: line) == nil, "\(file):\(index + 1): \(line)")
        #expect(try tasks.firstMatch(in: line) == nil, "\(file):\(index + 1): \(line)")
      }
    }
  }

  @Test("arrows go down: a target imports only what stands below it")
  func siblings() throws {
    let below: [String: Set<String>] = [
      "AttuneNumerics": ["CLanes"], "AttuneCore": ["AttuneNumerics"],
      "AttuneStrategies": ["AttuneCore", "AttuneNumerics", "CLanes"],
      "AttuneStorage": ["AttuneCore", "CSQLite"],
      "AttuneObjectives": ["AttuneCore", "CAttune", "CFFI", "CGuard"],
      "AttunePlugin": ["CAttune"],
      "Attune": [
        "AttuneCore", "AttuneNumerics", "AttuneStrategies", "AttuneStorage", "AttuneObjectives",
      ],
      "attune-worker": ["AttuneCore", "AttuneObjectives"],
    ]
    let statement = #/^\s*(?:public |internal |@\w+ )*import ((?:Attune|C[A-Z])\w*)/#
    for file in SourceTree.sources {
      guard let allowed = below[file.target] else { continue }
      for line in file.lines {
        guard let match = try statement.firstMatch(in: line) else { continue }
        #expect(allowed.contains(String(match.1)), "\(file): \(line)")
      }
    }
  }

  @Test("no force: no try!, no as!, no force-unwrap, no fatalError in the library")
  func force() throws {
    let forced = #/\btry!|\bas!|fatalError\(|[\w\)\]]!(?:[\s\.\)\],\[]|$)/#
    for file in SourceTree.sources where SourceTree.libraryTargets.contains(file.target) {
      // The functions of the C header have implicitly unwrapped pointers in their signatures.
      if file.target == "AttuneCABI" { continue }
      for (index, line) in Self.code(file).enumerated() {
        #expect(try forced.firstMatch(in: line) == nil, "\(file):\(index + 1): \(line)")
      }
    }
  }

  @Test("no drawers: a file is named for what is in it")
  func drawers() {
    for file in SourceTree.sources + SourceTree.tests {
      for drawer in ["Utils", "Util", "Common", "Helpers", "Helper", "Misc", "Manager"] {
        #expect(
          file.name != "\(drawer).swift" && !file.name.hasSuffix("\(drawer).swift"), "\(file)")
      }
    }
  }

  @Test("every strategy and pruner has a test file of its own")
  func strategies() {
    let names = Set(SourceTree.tests.map(\.name))
    for file in SourceTree.sources where file.target == "AttuneStrategies" {
      for ending in ["Strategy.swift", "Pruner.swift"] where file.name.hasSuffix(ending) {
        // A pruner that never prunes is tested with the studies that use it.
        if file.name == "NonePruner.swift" { continue }
        let wanted = file.name.replacingOccurrences(of: ".swift", with: "Tests.swift")
        #expect(names.contains(wanted), "\(file) has no \(wanted)")
      }
    }
  }

  @Test("public types and functions say what they are")
  func documented() throws {
    let declaration =
      #/^\s*(?:@\w+(?:\([^)]*\))?\s+)*public (?:static |final |mutating |indirect )*(?:func|struct|class|enum|protocol|typealias) (\w+|==)/#
    // What a protocol wants is documented there.
    let known: Set<String> = [
      "hash", "==", "makeEvaluator", "evaluate", "report", "setAttribute", "setConstraint",
      "setGradient", "requestCancel", "log", "propose", "shouldPrune", "reasonToPrune",
      "follow", "reasonToStop", "promotion",
    ]
    for file in SourceTree.sources where SourceTree.libraryTargets.contains(file.target) {
      // C documentation lives in attune.h, not twice.
      if file.target == "AttuneCABI" { continue }
      for (index, line) in file.lines.enumerated() {
        guard let match = try declaration.firstMatch(in: line), !known.contains(String(match.1))
        else { continue }
        var above = index - 1
        while above >= 0, Self.isAttribute(file.lines[above]) { above -= 1 }
        let isDocumented =
          above >= 0 && file.lines[above].trimmingCharacters(in: .whitespaces).hasPrefix("///")
        #expect(isDocumented || Self.speaksForItself(line), "\(file):\(index + 1): \(line)")
      }
    }
  }

  @Test("no committed text names the machine it was written on, and nothing waits in a comment")
  func remains() {
    for file in SourceTree.sources + SourceTree.tests {
      for (index, line) in file.lines.enumerated() {
        // Put together here, so that this file may be held to its own rule.
        let folders = ["work", "root", "home", "Users"].map { "/" + $0 + "/" }
        let notes = ["FIX" + "ME", "HA" + "CK", "TO" + "DO"]
        for word in folders + notes {
          #expect(!line.contains(word), "\(file):\(index + 1): \(line)")
        }
      }
    }
  }

  private static func isAttribute(_ line: String) -> Bool {
    line.trimmingCharacters(in: .whitespaces).hasPrefix("@")
  }

  /// A line of accessors, such as `public func bool(_ key: String) -> Bool? {` of a documented type.
  private static func speaksForItself(_ line: String) -> Bool {
    let names = ["bool", "int", "float", "string", "encode", "main"]
    return names.contains { line.contains("func \($0)(") }
  }

  /// The lines of a file without comments and the insides of string literals.
  private static func code(_ file: SourceTree.File) -> [String] {
    var isInText = false
    return file.lines.map { line in
      if line.contains("\"\"\"") {
        isInText.toggle()
        return ""
      }
      if isInText || line.trimmingCharacters(in: .whitespaces).hasPrefix("//") { return "" }
      var kept = ""
      var isQuoted = false
      var last: Character = " "
      for character in line {
        if character == "\"", last != "\\" {
          isQuoted.toggle()
        } else if !isQuoted {
          if character == "/", last == "/" { break }
          kept.append(character)
        }
        last = character
      }
      return kept
    }
  }
}
