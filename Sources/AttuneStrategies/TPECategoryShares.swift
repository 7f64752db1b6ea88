import AttuneNumerics

/// How likely a categorical kernel is its own choice, and each other one.
///
/// (1[same] + 1/n) / (1 + C/n) with n kernels and C choices (Optuna's smoothing); while a study is
/// young, the others keep at least a tenth of their uniform share.
struct TPECategoryShares: Sendable {
  let same: Double
  let different: Double

  /// What an ordered or numeric dimension has.
  static let none = TPECategoryShares(same: 1, different: 1)

  private init(same: Double, different: Double) {
    (self.same, self.different) = (same, different)
  }

  init(kernelCount: Int, choiceCount: Int, isYoung: Bool) {
    let (n, c) = (Double(max(kernelCount, 1)), Double(choiceCount))
    let smoothed = (1 / n) / (1 + c / n)
    different = max(smoothed, isYoung ? 0.1 / c : 0)
    same = 1 - (c - 1) * different
  }

  /// The logs relative to the uniform distribution over `count` choices; 0 without choices.
  func logs(_ count: Int?) -> KernelDensity.CategoryLogs {
    guard let count else { return .init(same: 0, different: 0) }
    return .init(
      same: Float(Elementary.log(same * Double(count))),
      different: Float(Elementary.log(different * Double(count))))
  }

  /// The choice that the share `unit` leads to: the own one first, then the others in order.
  func category(at unit: Double, own: Int, count: Int) -> Int {
    guard unit >= same, different > 0 else { return own }
    let other = Int(min((unit - same) / different, Double(count - 2)))
    return min(other < own ? other : other + 1, count - 1)
  }
}
