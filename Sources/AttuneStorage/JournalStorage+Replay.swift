public import AttuneCore

extension JournalStorage {
  /// Makes something of every study in a file, in the order they were created.
  ///
  /// `begin` starts with a definition, `take` gets the study's events in order, `end` makes the
  /// result; one study is replayed after the other. Reads and parses the file once, whatever the
  /// number of studies, and holds its lock for the reading only. Throws what opening one of the
  /// studies would throw.
  public static func replay<Replayed, Result>(
    path: String, begin: (StudyDefinition) -> Replayed,
    take: (inout Replayed, StudyEvent) throws(AttuneError) -> Void,
    end: (StudyDefinition, Replayed) -> Result
  ) throws(AttuneError) -> [Result] {
    let lines = try lines(path)
    let studies = try JournalIndex(lines, path: path).studies
    let events = try events(lines, of: studies, path)
    var results: [Result] = []
    for study in studies {
      var replayed = begin(study.definition)
      for (number, event) in events[study.identifier] ?? [] {
        do throws(AttuneError) {
          try take(&replayed, event)
        } catch {
          throw JournalIndex.located(error, number, in: study.definition.name, path)
        }
      }
      results.append(end(study.definition, replayed))
    }
    return results
  }

  /// All lines of a file, with an unfinished one cut off.
  private static func lines(_ path: String) throws(AttuneError) -> [JournalFile.Line] {
    let file = try JournalFile(path: path, creates: false)
    defer { Logger.flush() }
    var found: [JournalFile.Line] = []
    try file.transact(keeps: false) { lines throws(AttuneError) in
      found = lines
    } _: {
      []
    }
    return found
  }

  /// The events of each study with the numbers of their lines, by the study's identifier.
  private static func events(
    _ lines: [JournalFile.Line], of studies: [JournalIndex.Study], _ path: String
  ) throws(AttuneError) -> [Int: [(line: Int, event: StudyEvent)]] {
    var names: [Int: String] = [:]
    for study in studies { names[study.identifier] = study.definition.name }
    var events: [Int: [(line: Int, event: StudyEvent)]] = [:]
    for (number, line) in lines where number > 1 {
      let json = try JournalIndex.parse(line, number, path)
      guard let identifier = json["study"]?.int64Value.flatMap({ Int(exactly: $0) }),
        let name = names[identifier]
      else { continue }
      do throws(AttuneError) {
        guard let event = try JournalIndex.event(json, of: name, path) else { continue }
        events[identifier, default: []].append((number, event))
      } catch {
        throw JournalIndex.located(error, number, in: name, path)
      }
    }
    return events
  }
}
