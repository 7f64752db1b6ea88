import Testing

@testable import AttuneStrategies

/// That an arm is judged by how often it wins beside the others.
struct ArmCreditTests {
  private static func ratio(_ trials: [(isOwn: Bool, isWin: Bool)]) -> Double {
    var credit = ArmCredit()
    for trial in trials { credit.follow(isOwn: trial.isOwn, isWin: trial.isWin) }
    return credit.ratio
  }

  @Test("an arm without a trial is as good as the others, whatever they did")
  func untried() {
    #expect(Self.ratio([]) == 1)
    #expect(Self.ratio([(false, true), (false, false), (false, true)]) == 1)
  }

  @Test("one trial counts by the rule of succession")
  func one() {
    #expect(Self.ratio([(true, false)]) == (1.0 / 3) / (1.0 / 2))
    #expect(Self.ratio([(true, true)]) == (2.0 / 3) / (1.0 / 2))
  }

  @Test("the arm that wins more often has the credit, and loses it when it stops winning")
  func turns() {
    let good = (0..<20).map { (isOwn: $0 % 2 == 0, isWin: $0 % 2 == 0) }
    let bad = (0..<40).map { (isOwn: $0 % 2 == 0, isWin: $0 % 2 == 1) }
    #expect(Self.ratio(good) > 3)
    #expect(Self.ratio(good + bad) < 0.5)
    #expect(Self.ratio(bad + good) > Self.ratio(good + bad))
  }

  @Test("arms that win alike have alike credit")
  func alike() {
    let same = (0..<200).map { (isOwn: $0 % 2 == 0, isWin: $0 % 4 < 2) }
    #expect((Self.ratio(same) - 1).magnitude < 0.05)
  }
}
