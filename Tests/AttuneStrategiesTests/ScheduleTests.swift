import AttuneCore
import Testing

@testable import AttuneStrategies

/// Whose turn it is in the portfolio while nothing better is found.
struct ScheduleTests {
  /// The share of the turns that densities have.
  private static func share(_ space: Space, staleCount: Int, valueCount: Int = 100) -> Double {
    let schedule = Schedule(Schedule.Settings(), model: ModelSpace(space))
    let arms = (0..<64).map {
      schedule.arms(
        ordinal: valueCount + $0, attempt: 0, valueCount: valueCount, staleCount: staleCount,
        quadraticRarity: 1, adaptationRarity: 1
      ).first
    }
    return Double(arms.count { $0 == .tpe }) / 64
  }

  @Test("without continuous parameters densities come after 10 + d trials, every second turn")
  func discrete() throws {
    let space = try Space([
      try LawSpace.int("n", 1, 3), try LawSpace.int("m", 0, 5), try LawSpace.int("k", 0, 4),
    ])
    #expect(Self.share(space, staleCount: 13) == 0)
    #expect(Self.share(space, staleCount: 14) == 0.5)
    // In long studies they have most turns anyway.
    #expect(Self.share(space, staleCount: 14, valueCount: 400) == 0.75)
  }

  @Test("with continuous parameters densities come after 20 + 2 d trials, every fourth turn")
  func continuous() throws {
    let space = try Space([
      try LawSpace.float("x", 0, 1), try LawSpace.int("m", 0, 5), try LawSpace.int("k", 0, 4),
    ])
    #expect(Self.share(space, staleCount: 26) == 0)
    #expect(Self.share(space, staleCount: 27) == 0.25)
  }
}
