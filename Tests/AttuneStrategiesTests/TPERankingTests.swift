import Testing

@testable import AttuneStrategies

/// That TPE takes the right trials as the good ones.
struct TPERankingTests {
  @Test("feasible complete trials come first, then pruned ones, then the least infeasible")
  func order() {
    var ranking = TPERanking(objectiveCount: 1)
    let isRanked = [
      ranking.add(0, [5], violation: 0), ranking.add(1, [-9], violation: 3),
      ranking.addPruned(2, -7, outlook: nil, violation: 0), ranking.add(3, [4], violation: 0),
      ranking.addPruned(4, -8, outlook: nil, violation: 1),
      ranking.addPruned(5, -6, outlook: nil, violation: 0),
      ranking.add(6, [-.infinity], violation: 0), ranking.add(7, [1], violation: .infinity),
      ranking.add(8, [.infinity], violation: 0),
      ranking.addPruned(9, .nan, outlook: nil, violation: 0),
    ]
    #expect(isRanked == (0..<10).map { $0 < 7 })
    #expect(ranking.best(10) == [6, 3, 0, 2, 5, 4, 1])
    #expect(ranking.best(4) == [6, 3, 0, 2])
    #expect(ranking.count == 7)
  }

  @Test("a pruned trial ranks by its outlook among complete ones, but not before the best of them")
  func outlooks() {
    var ranking = TPERanking(objectiveCount: 1)
    // Before there is a feasible complete trial, only outlooks are compared.
    let isRanked = [
      ranking.addPruned(0, 90, outlook: 6, violation: 0),
      ranking.addPruned(10, 90, outlook: 5.5, violation: 0), ranking.add(1, [4], violation: 0),
      ranking.addPruned(2, 80, outlook: 5, violation: 0), ranking.add(3, [7], violation: 0),
      ranking.addPruned(4, 70, outlook: 1, violation: 0),
      ranking.addPruned(5, 60, outlook: nil, violation: 0),
      ranking.addPruned(6, 50, outlook: 0, violation: 2),
      ranking.addPruned(7, .nan, outlook: 2, violation: 0),
      ranking.addPruned(8, 40, outlook: 0, violation: .infinity),
      ranking.addPruned(9, 30, outlook: .greatestFiniteMagnitude, violation: 0),
    ]
    #expect(isRanked == (0..<11).map { $0 != 8 && $0 != 9 })
    #expect(ranking.best(10) == [1, 4, 2, 10, 0, 3, 9, 5, 6])
    #expect(ranking.count == 9)
    let weights = ranking.weights(of: [1, 4, 2, 0])
    #expect(weights[0] == 1 && weights[1] == 1)
    #expect(weights[1] > weights[2] && weights[2] > weights[3])
    var fronts = TPERanking(objectiveCount: 2)
    let isRankedByFront = fronts.addPruned(0, 1, outlook: 1, violation: 0)
    #expect(!isRankedByFront)
  }

  @Test("a feasible trial weighs more than one that breaks constraints")
  func weights() {
    var ranking = TPERanking(objectiveCount: 1)
    for trial in 0..<3 { _ = ranking.add(trial, [1], violation: 1) }
    #expect(ranking.weights(of: [0, 1]) == [1, 1])
    _ = ranking.add(3, [9], violation: 0)
    let weights = ranking.weights(of: [3, 0])
    #expect(weights[0] > weights[1] && weights[1] > 0)
  }

  @Test("with several objectives whole fronts come first, and infeasible trials behind them")
  func fronts() {
    var ranking = TPERanking(objectiveCount: 2)
    for (trial, values) in [[3.0, 3], [1, 2], [2, 1], [4, 4], [0, 9]].enumerated() {
      _ = ranking.add(trial, values, violation: 0)
    }
    _ = ranking.add(5, [-1, -1], violation: 0.5)
    #expect(Set(ranking.best(3)) == [1, 2, 4])
    #expect(Array(ranking.best(9).suffix(3)) == [0, 3, 5])
    #expect(ranking.best(2).count == 2 && Set(ranking.best(2)).isSubset(of: [1, 2, 4]))
    // A point before all others pushes every front back.
    _ = ranking.add(6, [-2, -2], violation: 0)
    #expect(ranking.best(1) == [6])
    #expect(Set(ranking.best(4)) == [6, 1, 2, 4])
  }
}
