import AttuneCore

/// A trial without a study, which keeps nothing: what is left is the cost of the evaluator.
final class SilentTrial: EvaluatedTrial {
  let number = 0
  let seed: UInt64 = 1
  let space: Space
  let point: Point
  let fidelity = 1.0
  let shouldStop = false
  let wantsGradient = false

  init(_ space: Space, _ point: Point) {
    self.space = space
    self.point = point
  }

  func report(step: Int64, values: [Double]) throws(AttuneError) {}
  func shouldPrune() throws(AttuneError) -> Bool { false }
  func setAttribute(_ key: String, json: String) throws(AttuneError) {}
  func setConstraint(_ name: String, _ value: Double) throws(AttuneError) {}
  func setGradient(_ gradient: [Double]) throws(AttuneError) {}
  func requestCancel(reason: String) {}
  func log(_ level: LogLevel, _ message: String) {}
}
