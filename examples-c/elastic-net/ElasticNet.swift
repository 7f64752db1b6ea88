// An Attune plugin in Swift: elastic net regression on real data, by the module AttunePlugin.
//
// The objective is the cross-validated root mean squared error on the diabetes table. Coordinate descent
// fits least squares with a penalty alpha * (l1_ratio * |w| + (1 - l1_ratio) / 2 * w^2) (Friedman, Hastie
// and Tibshirani, "Regularization Paths for Generalized Linear Models via Coordinate Descent", 2010).
// After each fold the mean error so far is reported, so that a pruner can end a trial early.
//
// The table is read by the C header that the C examples share: Swift calls C as it is.

import AttunePlugin
import ExampleTable

final class ElasticNet: PluginObjective {
  static let description = PluginDescription(
    id: "org.attune.examples.elastic-net", name: "Elastic net regression", version: "1.0.0",
    summary: "cross-validated error of a linear model with products of features",
    space: [
      .float("alpha", 1e-3...100, log: true),
      .float("l1_ratio", 0...1),
      .choice("features", ["plain", "squares", "products"], ordered: true),
      .float("shrink", 0.1...1).when("features", is: "squares", "products"),
    ],
    capabilities: [.threadSafe, .deterministic, .intermediate, .cancel],
    configSchema: """
      {"type": "object", "additionalProperties": false, "properties": {
       "data": {"type": "string", "default": "diabetes.csv"},
       "folds": {"type": "integer", "minimum": 2, "maximum": 20, "default": 5}}}
      """,
    maximumPoll: 100)

  /// One fold: features standardized over its training rows, column after column.
  private struct Fold {
    var columns: [[Double]]
    var target: [Double]
    /// The first rows are for training, the others are held out.
    var trainCount: Int
  }

  private let folds: [Fold]

  init(config: PluginConfig) throws {
    try config.refuseOthers(than: "data", "folds")
    let name = try config.string("data", default: "diabetes.csv")
    let count = try config.int("folds", default: 5, in: 2...20)
    folds = try Self.read(name, folds: count)
  }

  private static func read(_ name: String, folds count: Int) throws -> [Fold] {
    var table = table()
    var reason = [CChar](repeating: 0, count: 4096)
    guard table_load(&table, name, &reason, reason.count) == 0 else {
      let text = reason.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
      throw PluginError(String(decoding: text, as: UTF8.self))
    }
    defer { table_free(&table) }
    let rows = Int(table.rows)
    let width = Int(table.columns)
    guard rows >= 2 * count else {
      throw PluginError("\(name) has \(rows) rows, wanted \(2 * count)")
    }
    var fold = [CInt](repeating: 0, count: rows)
    guard table_folds(&table, CInt(count), 1, &fold) == 0 else {
      throw PluginError("out of memory")
    }
    return (0..<count).map { held in
      var scaled = [Double](repeating: 0, count: rows * width)
      table_standardize(&table, fold, CInt(held), &scaled)
      let train = (0..<rows).filter { fold[$0] != held }
      let order = train + (0..<rows).filter { fold[$0] == held }
      return Fold(
        columns: (0..<width).map { column in order.map { scaled[$0 * width + column] } },
        target: order.map { table.target[$0] }, trainCount: train.count)
    }
  }

  func evaluate(_ trial: PluginTrial) throws -> Double {
    let alpha = try trial.float("alpha")
    let ratio = try trial.float("l1_ratio")
    let features = try trial.choice("features")
    let shrink = trial.isActive("shrink") ? try trial.float("shrink") : 0
    var squares = 0.0
    var count = 0
    var used = 0
    for (number, fold) in folds.enumerated() {
      if trial.shouldStop { throw PluginError("stopped before fold \(number)") }
      let columns = Self.expanded(fold, features, shrink)
      let (weights, mean) = Self.fit(columns, fold, l1: alpha * ratio, l2: alpha * (1 - ratio))
      for row in fold.trainCount..<fold.target.count {
        var error = mean - fold.target[row]
        for (column, weight) in zip(columns, weights) where weight != 0 {
          error += weight * column[row]
        }
        squares += error * error
        count += 1
      }
      used += weights.filter { $0 != 0 }.count
      let soFar = (squares / Double(count)).squareRoot()
      try trial.reportOrPrune(step: number, soFar)
    }
    try trial.setAttribute("mean_features_used", Double(used) / Double(folds.count))
    return (squares / Double(count)).squareRoot()
  }

  /// The columns with squares, or with all products of two, centred and scaled by `shrink`.
  private static func expanded(_ fold: Fold, _ features: String, _ shrink: Double) -> [[Double]] {
    guard features != "plain" else { return fold.columns }
    var columns = fold.columns
    for (i, a) in fold.columns.enumerated() {
      for (j, b) in fold.columns.enumerated() where features == "products" ? j >= i : j == i {
        var product = zip(a, b).map { $0 * $1 }
        let train = product[..<fold.trainCount]
        let mean = train.reduce(0, +) / Double(fold.trainCount)
        let variance = train.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(fold.trainCount)
        guard variance > 0 else { continue }
        let scale = shrink / variance.squareRoot()
        for row in product.indices { product[row] = (product[row] - mean) * scale }
        columns.append(product)
      }
    }
    return columns
  }

  /// Coordinate descent until no weight moves by more than 1e-4 target units.
  private static func fit(
    _ columns: [[Double]], _ fold: Fold, l1: Double, l2: Double
  ) -> (weights: [Double], mean: Double) {
    let n = fold.trainCount
    let mean = fold.target[..<n].reduce(0, +) / Double(n)
    var residual = fold.target[..<n].map { $0 - mean }
    var weights = [Double](repeating: 0, count: columns.count)
    let norms = columns.map { column in column[..<n].reduce(0) { $0 + $1 * $1 } / Double(n) }
    for _ in 0..<1000 {
      var largest = 0.0
      for (j, column) in columns.enumerated() where norms[j] > 0 {
        var correlation = 0.0
        for row in 0..<n { correlation += column[row] * residual[row] }
        let rho = correlation / Double(n) + norms[j] * weights[j]
        let soft = max(rho.magnitude - l1, 0)
        let weight = (rho < 0 ? -soft : soft) / (norms[j] + l2)
        let move = weight - weights[j]
        guard move != 0 else { continue }
        for row in 0..<n { residual[row] -= move * column[row] }
        weights[j] = weight
        largest = max(largest, move.magnitude)
      }
      if largest < 1e-4 { break }
    }
    return (weights, mean)
  }
}

let plugin = Plugin(
  id: "org.attune.examples.elastic-net", name: "Elastic net regression", version: "1.0.0",
  license: "Apache-2.0", objectives: [ElasticNet.self])

@_cdecl("attune_plugin_entry_v1")
public func entry(_ hostMajor: UInt32, _ hostMinor: UInt32) -> UnsafeRawPointer? {
  plugin.entry(hostMajor, hostMinor)
}
