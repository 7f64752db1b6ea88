import AttuneCore
import AttuneStrategies

/// Goes through the events of a study, and derives what its strategies chose from those before.
struct Replayer: ~Copyable {
  private let definition: StudyDefinition
  private var ledger: Ledger
  /// The strategies at work, by how the trials name them.
  private var proposers: [String: Proposer] = [:]
  /// What trials were chosen with that went on with another strategy than the recorded.
  private var strategies: [Int: String] = [:]
  /// Where the point of each trial is recorded, in a study that avoids duplicates.
  private var asked: [Int: [(name: String, value: Value)]] = [:]
  private var chosen: [Int: Choice] = [:]
  private(set) var result: StudyReplay

  /// How a trial was chosen anew.
  private struct Choice {
    let claim: Study.Claim
    /// `nil` where the strategy has no point, or an error for one.
    let point: Point?
    /// Whether the record says what it was chosen from.
    var isKnown = true
  }

  init(_ definition: StudyDefinition, _ events: [StudyEvent]) throws(AttuneError) {
    self.definition = definition
    ledger = Ledger(definition)
    result = StudyReplay(name: definition.name)
    for event in events {
      switch event {
      case .attribute(let number?, Study.strategyKey, let json): strategies[number] = json
      case .asked(let number, let params, _) where definition.duplicates == .avoid:
        asked[number] = params
      default: break
      }
    }
  }

  mutating func take(_ event: StudyEvent) throws(AttuneError) {
    switch event {
    case .asked(let number, let params, let seen): try compare(number, params, seen)
    case .suggested(let number, let parameter, let value): compare(number, parameter, value)
    default: break
    }
    try ledger.apply(event)
    result.trials = ledger.log.trialCount
    if case .claimed(let number, let origin, _) = event,
      origin == .strategy || origin == .enqueued
    {
      try choose(number)
    }
  }

  /// Chooses the point of a trial at the moment it was chosen first.
  private mutating func choose(_ number: Int) throws(AttuneError) {
    guard let basis = ledger.pointless[number] else { return }
    let claim = Study.Claim(
      number: number, basis: basis, given: ledger.given(to: number))
    let key = strategies[number] ?? ""
    if proposers[key] == nil { proposers[key] = try proposer(key, basis.space) }
    guard var proposer = proposers.removeValue(forKey: key) else { return }
    let isTaken = try taken(by: claim)
    let point: Point?
    do throws(AttuneError) {
      point = try proposer.point(for: claim, isTaken: isTaken)
    } catch {
      // As when it was asked: its trial is FAIL, and has no point to compare.
      point = nil
    }
    proposers[key] = proposer
    chosen[number] = Choice(claim: claim, point: point)
  }

  private func proposer(_ key: String, _ space: Space) throws(AttuneError) -> Proposer {
    guard !key.isEmpty else { return try Proposer(definition, space: space) }
    return try Proposer(try definition.withStrategy(json: key), space: space)
  }

  /// Which points were turned down as duplicates. Those that others asked for between may have been known
  /// or not.
  private func taken(by claim: Study.Claim) throws(AttuneError) -> (Point) -> Bool {
    guard definition.duplicates == .avoid else { return { _ in false } }
    let own = try asked[claim.number].map { params throws(AttuneError) in
      try claim.space.point(params)
    }
    var between: Set<Point> = []
    for number in ledger.pointless.trials where number != claim.number {
      guard let params = asked[number] else { continue }
      between.insert(try claim.space.point(params))
    }
    let seen = ledger.seen
    return { seen[$0] != nil || ($0 != own && between.contains($0)) }
  }

  // MARK: - Comparing

  private mutating func compare(
    _ number: Int, _ params: [(name: String, value: Value)], _ seen: Int?
  ) throws(AttuneError) {
    guard var choice = chosen[number] else {
      result.skipped += 1
      return
    }
    guard let seen else {
      result.skipped += 1
      choice.isKnown = false
      chosen[number] = choice
      return
    }
    let known = choice.claim.basis.history.eventCount
    guard seen == known else {
      return differ(number, "", nil, nil, "is chosen from \(seen) events, \(known) came before")
    }
    guard let point = choice.point else {
      return differ(number, "", nil, nil, "has a point, though its strategy has none for it")
    }
    let derived = choice.claim.space.params(of: point)
    for (name, value) in derived {
      let recorded = params.first { $0.name == name }?.value
      guard recorded == value else { return differ(number, name, recorded, value) }
      result.suggestions += 1
    }
    for (name, value) in params where !derived.contains(where: { $0.name == name }) {
      return differ(number, name, value, nil)
    }
  }

  /// Compares what a define-by-run objective got.
  private mutating func compare(_ number: Int, _ parameter: Parameter, _ value: Value) {
    guard let choice = chosen[number], choice.isKnown, let point = choice.point else { return }
    let proposal = Proposal(
      space: choice.claim.space, point: point, given: choice.claim.given ?? [])
    // An enqueued value out of range is not used: another is drawn.
    let slot =
      (try? proposal.slot(of: parameter))
      ?? IndependentSampler.slot(
        of: parameter, seed: definition.seed, trial: number, attempt: 0)
    let derived = parameter.distribution.value(ofSlot: slot)
    guard derived == value else { return differ(number, parameter.name, value, derived) }
    result.suggestions += 1
  }

  private mutating func differ(
    _ number: Int, _ parameter: String, _ recorded: Value?, _ derived: Value?, _ text: String? = nil
  ) {
    let found =
      text
      ?? "parameter \"\(parameter)\" is recorded as \(recorded?.quoted ?? "none"), derived "
      + "\(derived?.quoted ?? "none")"
    result.difference = StudyReplay.Difference(
      trial: number, parameter: parameter, recorded: recorded, derived: derived,
      text: "trial \(number): \(found)")
  }
}
