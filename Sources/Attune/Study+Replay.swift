public import AttuneCore
import AttuneStorage

/// What deriving the suggestions of a recorded study again came to.
public struct StudyReplay: Sendable {
  public let name: String
  /// Trials of any state.
  public internal(set) var trials = 0
  /// Parameters that were derived again.
  public internal(set) var suggestions = 0
  /// Asked trials that could not be: added or made by another program, or with no record of what they were
  /// chosen from.
  public internal(set) var skipped = 0
  /// The first that differs from what is recorded; nothing behind it is looked at.
  public internal(set) var difference: Difference?

  /// A suggestion that is recorded as another than follows from what came before.
  public struct Difference: Sendable {
    public let trial: Int
    /// A parameter, or "" where the whole trial is meant.
    public let parameter: String
    /// `nil`: none.
    public let recorded: Value?
    /// `nil`: none.
    public let derived: Value?
    public let text: String
  }

  public var json: JSON {
    var object = JSON.Object()
    object["name"] = .string(name)
    object["trials"] = .int(Int64(trials))
    object["suggestions"] = .int(Int64(suggestions))
    object["skipped"] = .int(Int64(skipped))
    if let difference {
      object["difference"] = .object([
        "trial": .int(Int64(difference.trial)), "parameter": .string(difference.parameter),
        "recorded": difference.recorded?.json ?? .null,
        "derived": difference.derived?.json ?? .null, "text": .string(difference.text),
      ])
    }
    return .object(object)
  }
}

extension Study {
  /// Derives every suggestion of a study of a storage again from the events before it, and compares.
  ///
  /// With `strategy`, as if that one had made them.
  public static func replay(
    storage: String, name: String? = nil, strategy: String? = nil,
    strategyOptions: [(key: String, value: Value)] = []
  ) throws(AttuneError) -> StudyReplay {
    let (definition, store) = try recorded(
      storage, name: name, strategy: strategy, strategyOptions: strategyOptions)
    var events: [StudyEvent] = []
    try store.transact(keeps: false) { event throws(AttuneError) in
      events.append(event)
    } _: {
      []
    }
    var replayer = try Replayer(definition, events)
    for (index, event) in events.enumerated() {
      do throws(AttuneError) {
        try replayer.take(event)
      } catch {
        throw AttuneError(
          .storage,
          "study \"\(definition.name)\": event \(index + 1): \(error.message)",
          subject: definition.name)
      }
      if replayer.result.difference != nil { break }
    }
    return replayer.result
  }
}
