/// The logarithm of a weighted sum of product kernels at many points, eight kernels at a time.
///
/// At a point x, ln Σᵢ exp(lᵢ − Σⱼ ((xⱼ − μᵢⱼ) / (σᵢⱼ √2))² + Σ categorical + Σ tabulated), where
/// lᵢ is the kernel's log weight including its normalisation, which is the caller's affair. A
/// categorical variable adds one of two numbers, the same for all kernels, as its category is the
/// kernel's own or not; a tabulated one adds an entry of the kernel's own table, such as the log
/// mass of a discrete cell. A kernel may lack any variable: it then adds 0.
///
/// Kernels lie in blocks of eight lanes, in single precision: the error of a log density is below
/// 1e-5 · max(1, |result|) where distances are up to a hundred deviations. The order of summation is
/// fixed, so results are the same on every machine.
///
/// (Layout and costs after measurements of several: kernels in lanes beat variables in lanes, and
/// stopping early on far blocks is slower than never stopping.)
public struct KernelDensity: Sendable {
  /// Which variables a density has.
  public struct Shape: Sendable, Hashable {
    /// The number of variables with a normal kernel.
    public let numeric: Int
    /// The number of variables with a same-or-different kernel.
    public let categorical: Int
    /// For each variable with a table, its number of entries.
    public let levels: [Int]

    /// Creates a shape; negative numbers count as 0.
    public init(numeric: Int, categorical: Int = 0, levels: [Int] = []) {
      self.numeric = max(numeric, 0)
      self.categorical = max(categorical, 0)
      self.levels = levels.map { max($0, 0) }
    }

    /// The numbers that make up a point: numeric, then categories, then levels.
    public var pointLength: Int { numeric + categorical + levels.count }
  }

  /// The log weight of a lane without kernel.
  static let absent: Float = -1e30

  /// The variables.
  public let shape: Shape
  /// The number of kernels.
  public private(set) var count = 0
  /// Block by block: the log weights; for each numeric variable μ and 1/(σ√2); the categories; the
  /// tables. Eight lanes each.
  var elements: [Float] = []
  /// For each block, how many of its categories are lacking.
  private(set) var lackingCounts: [Int32] = []
  let blockLength: Int
  let tableStarts: [Int]

  /// Creates a density of no kernels, with room for `capacity`.
  public init(shape: Shape, capacity: Int = 0) {
    self.shape = shape
    var length = 8 * (1 + 2 * shape.numeric + shape.categorical)
    var starts: [Int] = []
    for levels in shape.levels {
      starts.append(length)
      length += 8 * levels
    }
    blockLength = length
    tableStarts = starts
    elements.reserveCapacity((max(capacity, 0) + 7) / 8 * length)
  }

  /// The number of blocks in use.
  var blockCount: Int { (count + 7) / 8 }

  /// Adds a kernel that lacks every variable, and returns its number. O(1) but for growth.
  @discardableResult
  public mutating func append(logWeight: Float) -> Int {
    let kernel = count
    if kernel % 8 == 0 && elements.count < (kernel / 8 + 1) * blockLength {
      elements.append(contentsOf: repeatElement(0, count: blockLength))
      lackingCounts.append(0)
    }
    if kernel % 8 == 0 {
      for lane in 0..<8 { elements[kernel / 8 * blockLength + lane] = Self.absent }
    }
    count += 1
    clear(kernel)
    setLogWeight(logWeight, of: kernel)
    return kernel
  }

  /// Removes the last kernel, if there is one.
  public mutating func removeLast() {
    guard count > 0 else { return }
    count -= 1
    elements[start(count)] = Self.absent
  }

  /// Copies kernel `source` over kernel `target`.
  public mutating func copy(_ source: Int, over target: Int) {
    precondition(source >= 0 && source < count && target >= 0 && target < count)
    lackingCounts[target / 8] += lackingCount(source) - lackingCount(target)
    for offset in Swift.stride(from: 0, to: blockLength, by: 8) {
      elements[start(target) + offset] = elements[start(source) + offset]
    }
  }

  /// Removes all kernels and keeps the room.
  public mutating func removeAll() {
    count = 0
  }

  /// Sets a kernel's log weight. −∞ and not-a-number stand for no kernel.
  public mutating func setLogWeight(_ logWeight: Float, of kernel: Int) {
    precondition(kernel >= 0 && kernel < count)
    elements[start(kernel)] = logWeight > Self.absent ? logWeight : Self.absent
  }

  /// Sets a kernel's numeric variable. A deviation that is not positive makes it lack the variable.
  public mutating func setNumeric(
    _ variable: Int, mean: Float, deviation: Float, of kernel: Int
  ) {
    precondition(variable >= 0 && variable < shape.numeric && kernel >= 0 && kernel < count)
    let place = start(kernel) + 8 * (1 + 2 * variable)
    let isPresent = deviation > 0
    elements[place] = isPresent ? mean : 0
    // The limit keeps the square of a scaled distance finite, so that 0 distance stays 0.
    elements[place + 8] = isPresent ? Swift.min(0.707106781 / deviation, 1e18) : 0
  }

  /// Sets a kernel's category, or nil (or a negative one) if it lacks the variable.
  public mutating func setCategory(_ category: Int?, variable: Int, of kernel: Int) {
    precondition(variable >= 0 && variable < shape.categorical && kernel >= 0 && kernel < count)
    let place = categoryPlace(variable, of: kernel)
    let number = Swift.max(category.map { Float($0) } ?? -1, -1)
    if (elements[place] < 0) != (number < 0) {
      lackingCounts[kernel / 8] += number < 0 ? 1 : -1
    }
    elements[place] = number
  }

  /// Sets a kernel's table, an entry a level, or nil if it lacks the variable.
  public mutating func setTable(_ entries: [Float]?, variable: Int, of kernel: Int) {
    precondition(variable >= 0 && variable < shape.levels.count && kernel >= 0 && kernel < count)
    let levels = shape.levels[variable]
    precondition(entries.map { $0.count == levels } ?? true)
    let place = start(kernel) + tableStarts[variable]
    elements.withUnsafeMutableBufferPointer { elements in
      for level in 0..<levels { elements[place + 8 * level] = entries?[level] ?? 0 }
    }
  }

  private func start(_ kernel: Int) -> Int { kernel / 8 * blockLength + kernel % 8 }

  private func categoryPlace(_ variable: Int, of kernel: Int) -> Int {
    start(kernel) + 8 * (1 + 2 * shape.numeric + variable)
  }

  private func lackingCount(_ kernel: Int) -> Int32 {
    var count: Int32 = 0
    for variable in 0..<shape.categorical
    where elements[categoryPlace(variable, of: kernel)] < 0 { count += 1 }
    return count
  }

  private mutating func clear(_ kernel: Int) {
    lackingCounts[kernel / 8] -= lackingCount(kernel)
    for offset in Swift.stride(from: 0, to: blockLength, by: 8) {
      elements[start(kernel) + offset] = 0
    }
    for variable in 0..<shape.categorical { setCategory(nil, variable: variable, of: kernel) }
  }
}
