/// The rows of `TrialBlock.rowCount` consecutive trials, in columns of plain memory.
///
/// `@unchecked Sendable` because of this law, which `HistoryLog` keeps: a row's point is written once,
/// before its `asked` event is appended, and its outcome once, before its `finished` event; both under
/// the owner's lock, which is also taken to make a snapshot. A snapshot reads only what its events
/// announce, so no memory is written while it is read. What must change later changes in a copy,
/// unless no snapshot is left that has the block.
final class TrialBlock: @unchecked Sendable {
  static let rowCount = 256

  let width: Int
  let wordCount: Int
  let valueCount: Int
  private let memory: UnsafeMutableRawPointer
  private let slots: UnsafeMutablePointer<UInt64>
  private let active: UnsafeMutablePointer<UInt64>
  private let values: UnsafeMutablePointer<Double>
  let started: UnsafeMutablePointer<Int64>
  let finished: UnsafeMutablePointer<Int64>
  let states: UnsafeMutablePointer<UInt8>
  let origins: UnsafeMutablePointer<UInt8>
  /// Most studies have no constraints, and no such column.
  private let violations: UnsafeMutablePointer<Double>?
  /// Nor trials that were stopped: what these would have ended with, not-a-number where unknown.
  private let outlooks: UnsafeMutablePointer<Double>?
  /// Nor gradients: a row of `width` derivatives a value, not-a-number where unknown.
  private let gradients: UnsafeMutablePointer<Double>?
  private let byteCount: Int

  init(
    width: Int, valueCount: Int, hasViolations: Bool = false, hasOutlooks: Bool = false,
    hasGradients: Bool = false
  ) {
    let rows = Self.rowCount
    self.width = width
    self.valueCount = valueCount
    wordCount = (width + 63) / 64
    let derivativeCount = hasGradients ? width * valueCount : 0
    let ownCount = 2 + (hasViolations ? 1 : 0) + (hasOutlooks ? 1 : 0)
    let wide = width + wordCount + valueCount + derivativeCount + ownCount
    byteCount = rows * (wide * 8 + 2)
    memory = UnsafeMutableRawPointer.allocate(byteCount: byteCount, alignment: 16)
    memory.initializeMemory(as: UInt8.self, repeating: 0, count: byteCount)
    var next = memory
    func column<T: BitwiseCopyable>(_ count: Int, of type: T.Type) -> UnsafeMutablePointer<T> {
      defer { next += rows * count * MemoryLayout<T>.stride }
      return next.bindMemory(to: type, capacity: rows * count)
    }
    slots = column(width, of: UInt64.self)
    active = column(wordCount, of: UInt64.self)
    values = column(valueCount, of: Double.self)
    started = column(1, of: Int64.self)
    finished = column(1, of: Int64.self)
    violations = hasViolations ? column(1, of: Double.self) : nil
    outlooks = hasOutlooks ? column(1, of: Double.self) : nil
    outlooks?.update(repeating: .nan, count: rows)
    gradients = hasGradients ? column(derivativeCount, of: Double.self) : nil
    gradients?.update(repeating: .nan, count: rows * derivativeCount)
    states = column(1, of: UInt8.self)
    origins = column(1, of: UInt8.self)
  }

  deinit { memory.deallocate() }

  var hasViolations: Bool { violations != nil }
  var hasOutlooks: Bool { outlooks != nil }
  var hasGradients: Bool { gradients != nil }

  /// A copy with room for `width` parameters, and for violations and gradients if it is to have them.
  func copy(
    width: Int, withViolations: Bool = false, withOutlooks: Bool = false,
    withGradients: Bool = false
  ) -> TrialBlock {
    let copy = TrialBlock(
      width: width, valueCount: valueCount, hasViolations: withViolations || hasViolations,
      hasOutlooks: withOutlooks || hasOutlooks, hasGradients: withGradients || hasGradients)
    for row in 0..<Self.rowCount {
      copy.setPoint(row) {
        self.slots[row * self.width + $0]
      } active: {
        self.word(row, $0)
      }
      for value in 0..<valueCount { copy.values[row * valueCount + value] = self.value(row, value) }
      copy.started[row] = started[row]
      copy.finished[row] = finished[row]
      copy.states[row] = states[row]
      copy.origins[row] = origins[row]
      if let violations { copy.setViolation(row, violations[row]) }
      if let outlooks { copy.setOutlook(row, outlooks[row]) }
      if hasGradients {
        for value in 0..<valueCount {
          for index in 0..<self.width {
            copy.setDerivative(row, value, index, derivative(row, value, index))
          }
        }
      }
    }
    return copy
  }

  private func setPoint(_ row: Int, slot: (Int) -> UInt64, active word: (Int) -> UInt64) {
    // The source may be narrower than this block: the rest stays 0.
    for index in 0..<width where word(index / 64) >> UInt64(index % 64) & 1 == 1 {
      slots[row * width + index] = slot(index)
    }
    for index in 0..<wordCount { active[row * wordCount + index] = word(index) }
  }

  func setPoint(_ row: Int, _ point: Point) {
    let own = slots + row * width
    point.slots.withUnsafeBufferPointer { slots in
      for index in 0..<min(width, slots.count) { own[index] = slots[index] }
    }
    for index in 0..<wordCount { active[row * wordCount + index] = point.active.word(index) }
  }

  private func word(_ row: Int, _ index: Int) -> UInt64 {
    index < wordCount ? active[row * wordCount + index] : 0
  }

  /// The slot of an active parameter, `nil` for an inactive one or one this block is too old for.
  func slot(_ row: Int, _ parameter: Int) -> UInt64? {
    guard parameter >= 0, parameter < width else { return nil }
    guard word(row, parameter / 64) >> UInt64(parameter % 64) & 1 == 1 else { return nil }
    return slots[row * width + parameter]
  }

  func point(_ row: Int) -> Point {
    Point(
      slots: Array(UnsafeBufferPointer(start: slots + row * width, count: width)),
      active: ActiveSet(
        words: UnsafeBufferPointer(start: active + row * wordCount, count: wordCount)))
  }

  /// Whether any parameter of a row is active.
  func hasPoint(_ row: Int) -> Bool { (0..<wordCount).contains { word(row, $0) != 0 } }

  /// Whether a row has this point, as far as its first `count` parameters go.
  func holds(_ row: Int, _ point: Point, count: Int) -> Bool {
    for index in 0..<((count + 63) / 64) {
      let mask = ActiveSet(first: min(count - 64 * index, 64)).low
      guard (word(row, index) ^ point.active.word(index)) & mask == 0 else { return false }
    }
    let own = slots + row * width
    return point.slots.withUnsafeBufferPointer { slots in
      // Mostly they are the same, which is soon told of all together.
      var difference: UInt64 = 0
      for index in 0..<min(count, width, slots.count) { difference |= own[index] ^ slots[index] }
      guard difference != 0 else { return true }
      for index in 0..<min(count, width, slots.count)
      where own[index] != slots[index] && point.active[index] {
        return false
      }
      return true
    }
  }

  /// Not-a-number for an objective that there is not.
  func value(_ row: Int, _ objective: Int) -> Double {
    guard objective >= 0, objective < valueCount else { return .nan }
    return values[row * valueCount + objective]
  }

  func setValue(_ row: Int, _ objective: Int, _ value: Double) {
    values[row * valueCount + objective] = value
  }

  func violation(_ row: Int) -> Double { violations.map { $0[row] } ?? 0 }

  /// Only in a block that has violations.
  func setViolation(_ row: Int, _ violation: Double) { violations?[row] = violation }

  /// Not-a-number where nothing is known.
  func outlook(_ row: Int) -> Double { outlooks.map { $0[row] } ?? .nan }

  /// Only in a block that has outlooks.
  func setOutlook(_ row: Int, _ outlook: Double) { outlooks?[row] = outlook }

  /// Not-a-number for a derivative that nobody gave.
  func derivative(_ row: Int, _ objective: Int, _ parameter: Int) -> Double {
    guard let gradients, objective >= 0, objective < valueCount, parameter >= 0, parameter < width
    else { return .nan }
    return gradients[(row * valueCount + objective) * width + parameter]
  }

  /// Only in a block that has gradients.
  func setDerivative(_ row: Int, _ objective: Int, _ parameter: Int, _ derivative: Double) {
    guard parameter < width else { return }
    gradients?[(row * valueCount + objective) * width + parameter] = derivative
  }
}
