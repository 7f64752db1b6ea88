/// Every test problem.
enum ProblemCatalog {
  static let all: [ProblemFamily] =
    NumericFamilies.all + ScaledFamilies.all + MixedFamilies.all + TabularFamilies.all
    + TrainingFamilies.all + ConditionalFamilies.all + noisy

  private static let noisy: [ProblemFamily] =
    ([NumericFamilies.hartmann(6), ScaledFamilies.rateValley, MixedFamilies.small]
    + [TabularFamilies.small] + TrainingFamilies.small
    + NumericFamilies.all.filter { ["sphere-5", "rosenbrock-5", "ackley-10"].contains($0.name) })
    .map { $0.noisy(0.1, 0.6) }
}
