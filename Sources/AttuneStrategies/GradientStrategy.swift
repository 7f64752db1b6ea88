public import AttuneCore
import AttuneNumerics

extension RandomPurpose {
  /// The change of a branch by `GradientStrategy`.
  static let gradient: UInt32 = 0x4752_4101
}

/// Follows the gradients that an objective gives, from several starts and in several branches.
///
/// For: smooth objectives that give derivatives by their continuous parameters (`set_gradient`, a plugin
/// with `ATTUNE_CAP_GRADIENT`, a native function with `f64* grad`), to full precision in tens of trials,
/// also where other parameters are choices or whole numbers. Local searches are L-BFGS-B (see
/// `LBFGSB`) in the unit cube of the continuous parameters, starts are chosen by multi-level single
/// linkage (see `DescentStarts`) among points of Sobol's sequence. Enqueued and added trials start
/// at once, so give the best point you know.
///
/// The other parameters, and those whose derivative is NaN, make a branch, which a search keeps. Where
/// there are branches, every second search starts from the best trial with another choice or level, in a
/// branch without search; so what was learnt of the continuous parameters goes along. Others start
/// from the best trial with continuous parameters changed, or anywhere, whichever brings more; once
/// there are some minima, also from the bottom of the bowl that they lie in (`Funnel`). A search whose
/// last gains, five times over, would not reach the best value rests, ever longer.
///
/// One evaluation of a search runs at a time; further workers get other searches, then samples, so none
/// ever waits. A failed, pruned or infeasible evaluation halves its step; a search that finds no way down
/// a steep slope, as of a noisy function, goes on by averaged steps (`AveragedDescent`), and with `noisy`
/// all do. Without gradients it is `sobol` and changes of the best branch. One objective.
///
/// Options: `n_startup_trials` = 1 or more (4), samples with gradients before the first search;
/// `tolerance` = 0 to 1 (1e-9), the share of the value below which two gains in a row end a search;
/// `noisy` (false).
///
/// An ask and a tell together take some 40 µs with ten parameters, after a thousand trials too.
public struct GradientStrategy: Strategy {
  public static let description = StrategyDescription(
    name: "gradient",
    summary: "descent along gradients from many starts, within each branch of the other parameters",
    supportsSeveralObjectives: false, supportsConditions: true, supportsDefineByRun: true,
    options: [
      OptionDescription(
        "n_startup_trials", .int(low: 1, high: 1 << 20), default: .int(4),
        "samples with gradients before the first search that no given trial starts"),
      OptionDescription(
        "tolerance", .float(low: 0, high: 1), default: .float(1e-9),
        "the share of the value below which two gains in a row end a search"),
      OptionDescription(
        "noisy", .bool, default: .bool(false),
        "values or gradients differ when repeated: averaged steps in place of line searches"),
    ])

  private let genes: Genes
  private let startupCount: Int
  private var design: SobolStrategy
  private var log: DescentLog

  public init(space: Space, directions: [Direction], options: Options) throws(AttuneError) {
    genes = Genes(space)
    startupCount = options.int("n_startup_trials") ?? 4
    design = try SobolStrategy(space: space, directions: directions, options: .none)
    log = DescentLog(
      smooth: SmoothSpace(space), direction: directions.first ?? .minimize,
      startupCount: startupCount, tolerance: options.float("tolerance") ?? 1e-9,
      isNoisy: options.bool("noisy") ?? false)
  }

  public mutating func propose(_ request: Request, given history: History) -> Point? {
    log.read(history)
    guard request.attempt == 0, request.given == nil else {
      return design.propose(request, given: history)
    }
    var rest = log.unknownCount(before: request.number)
    if let point = descent(&rest) { return point }
    let sample = log.sampleCount + rest
    let kind = log.kind(ofSample: sample)
    if kind == .neighbour, let point = neighbour(request, history) { return point }
    if kind == .funnel, let point = log.funnel(in: history)?.point { return point }
    if kind == .kick || kind == .neighbour || kind == .funnel, let point = kick(request, history) {
      return point
    }
    let place = Request(seed: request.seed, number: request.number, ordinal: sample)
    return design.propose(place, given: history)
  }

  /// The next point of the oldest search that waits for one, or of a new search. `rest` searches are
  /// left to others, and counted down.
  private func descent(_ rest: inout Int) -> Point? {
    for search in log.searches where log.isWaiting(search) {
      if rest == 0 { return search.next }
      rest -= 1
    }
    for index in log.starts.ready(sampleCount: startupCount) {
      guard let point = log.opening(of: index) else { continue }
      if rest == 0 { return point }
      rest -= 1
    }
    return nil
  }

  private func stream(_ request: Request) -> RandomStream {
    RandomStream(
      seed: request.seed, trial: UInt64(truncatingIfNeeded: request.number),
      stream: RandomPurpose.gradient)
  }

  /// The best trial with smooth parameters changed: all of them, or about two.
  private func kick(_ request: Request, _ history: History) -> Point? {
    guard let best = log.best else { return nil }
    let parent = log.smooth.point(of: best.trial, in: history)
    let moved = log.smooth.parameters.filter { parent[$0] != nil }
    guard !moved.isEmpty else { return nil }
    var stream = stream(request)
    let deviation = [0.3, 0.1, 0.03, 0.01][Int(stream.nextBelow(4))]
    let share = stream.next() & 1 == 0 ? 1 : 2 / Double(moved.count)
    func changed() -> Point {
      genes.point(request) { index in
        guard let slot = parent[index] else { return genes.drawn(index, &stream) }
        guard moved.contains(index), stream.nextUnit() < share else { return slot }
        let distribution = genes.space.parameters[index].distribution
        let unit = distribution.unit(ofSlot: slot)
        return distribution.slot(atUnit: Genes.reflected(unit, deviation: deviation, &stream))
      }
    }
    var child = changed()
    for _ in 0..<Genes.allowedLimit where !genes.space.allows(child) { child = changed() }
    return child
  }

  /// The best trial with another choice or level, in a branch without search; `nil` where none is found.
  private func neighbour(_ request: Request, _ history: History) -> Point? {
    guard let best = log.best else { return nil }
    let parent = log.smooth.point(of: best.trial, in: history)
    let free = genes.free(parent, request).filter { !log.smooth.parameters.contains($0) }
    guard !free.isEmpty else { return nil }
    var stream = stream(request)
    for _ in 0..<10 {
      let changed = free[Int(stream.nextBelow(UInt64(free.count)))]
      let child = genes.point(request) { index in
        guard let slot = parent[index] else { return genes.drawn(index, &stream) }
        guard index == changed else { return slot }
        return genes.changed(index, slot, &stream) { unit, stream in
          Genes.reflected(unit, deviation: 0.15, &stream)
        }
      }
      if !log.starts.hasSearch(log.smooth.branch(of: child)), !log.seen.contains(child),
        genes.space.allows(child)
      {
        return child
      }
    }
    return nil
  }
}
