import AttuneCore

/// The largest regrets that are allowed: a checked-in file, for a guard against loss of quality.
///
/// Lines are `seeds N`, `trials N`, and `STRATEGY BLOCK MEAN GEO`, where BLOCK is a group of
/// problems, `all` or `balanced`, and MEAN and GEO the regrets allowed after the last trial. What
/// follows `#` is a comment.
struct QualityThresholds: Equatable {
  struct Line: Equatable {
    let strategy: String
    let block: String
    let mean: Double
    let geometric: Double
  }

  let seeds: Int
  let trials: Int
  let lines: [Line]

  var strategies: [String] {
    lines.map(\.strategy).reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
  }

  init(parsing text: String) throws {
    var (seeds, trials, lines): (Int?, Int?, [Line]) = (nil, nil, [])
    for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
    {
      let words = line.prefix { $0 != "#" }.split(separator: " ").map(String.init)
      switch words.count {
      case 0: continue
      case 2 where words[0] == "seeds": seeds = Int(words[1])
      case 2 where words[0] == "trials": trials = Int(words[1])
      case 4:
        guard let mean = Double(words[2]), let geometric = Double(words[3]) else { fallthrough }
        lines.append(Line(strategy: words[0], block: words[1], mean: mean, geometric: geometric))
      default:
        throw AttuneError(
          .invalidArgument,
          "line \(index + 1) is \"\(line)\", wanted STRATEGY BLOCK MEAN GEO, seeds N or trials N")
      }
    }
    guard let seeds, let trials, seeds > 0, trials > 0 else {
      throw AttuneError(.invalidArgument, "thresholds need lines \"seeds N\" and \"trials N\"")
    }
    (self.seeds, self.trials, self.lines) = (seeds, trials, lines)
  }

  private init(seeds: Int, trials: Int, lines: [Line]) {
    (self.seeds, self.trials, self.lines) = (seeds, trials, lines)
  }

  /// The lines of these strategies and groups; `nil` and no group mean all. The error says that
  /// nothing is left to check.
  func limited(to strategies: [String]?, groups: Set<String>) throws -> QualityThresholds {
    let lines = lines.filter { line in
      (strategies?.contains(line.strategy) ?? true)
        && (groups.isEmpty || groups.contains(line.block))
    }
    guard !lines.isEmpty else {
      throw AttuneError(.invalidArgument, "there are no thresholds for these strategies and groups")
    }
    return QualityThresholds(seeds: seeds, trials: trials, lines: lines)
  }

  /// Thresholds a little above what was measured: a change of the engine that only changes luck
  /// moves a mean by about as much.
  init(of blocks: [QualityBlock], strategies: [String], seeds: Int, trials: Int) {
    (self.seeds, self.trials) = (seeds, trials)
    lines = strategies.flatMap { strategy in
      blocks.compactMap { block in
        let means = block.means(of: strategy)
        guard let mean = means.arithmetic.last, let geometric = means.geometric.last,
          mean.isFinite, geometric.isFinite
        else { return nil }
        let isWide = [QualityBlock.all, QualityBlock.balanced].contains(block.name)
        return Line(
          strategy: strategy, block: block.name, mean: mean * (isWide ? 1.05 : 1.15) + 0.01,
          // The least that a geometric mean can be must not exceed its own threshold, rounded.
          geometric: max(geometric * (isWide ? 1.15 : 1.4), 2 * QualityMeans.floor))
      }
    }
  }

  var text: String {
    var text =
      "# The largest regrets allowed: attune-bench quality --check compares with them, and\n"
    text += "# --write-check writes them anew.\n"
    text += "seeds \(seeds)\ntrials \(trials)\n\n# strategy  problems      mean     geo\n"
    for line in lines {
      text +=
        line.strategy.padded(to: 12) + line.block.padded(to: 12)
        + line.mean.decimal(3).padded(to: 6, onLeft: true)
        + line.geometric.decimal(4).padded(to: 8, onLeft: true) + "\n"
    }
    return text
  }

  /// A sentence for each threshold that is exceeded, or that nothing was measured for.
  func shortfalls(_ blocks: [QualityBlock]) -> [String] {
    lines.flatMap { line -> [String] in
      guard let means = blocks.first(where: { $0.name == line.block })?.means(of: line.strategy),
        let mean = means.arithmetic.last, let geometric = means.geometric.last, means.count > 0
      else { return ["\(line.strategy), \(line.block): not measured"] }
      return [("mean", mean, line.mean), ("geometric mean", geometric, line.geometric)].compactMap {
        name, found, allowed in
        found <= allowed
          ? nil
          : "\(line.strategy), \(line.block): \(name) of regret is \(found.decimal(4)), "
            + "wanted at most \(allowed.decimal(4))"
      }
    }
  }
}
