/// Which trials ran at the same time.
enum TrialLanes {
  /// A lane for each trial, -1 where more than `limit` ran at once, and how many those are. No two trials of
  /// a lane overlap; the lowest free one is taken. O(n log n + n limit).
  static func pack(
    _ trials: [ReportStudy.Trial], end: Int64, limit: Int
  ) -> (lanes: [Int], left: Int) {
    var lanes = [Int](repeating: -1, count: trials.count)
    var ends: [Int64] = []
    var left = 0
    let order = trials.indices.sorted {
      (trials[$0].started, trials[$0].number) < (trials[$1].started, trials[$1].number)
    }
    for index in order {
      let trial = trials[index]
      let finish = max(trial.finished == 0 ? end : trial.finished, trial.started)
      if let free = ends.firstIndex(where: { $0 <= trial.started }) {
        lanes[index] = free
        ends[free] = finish
      } else if ends.count < limit {
        lanes[index] = ends.count
        ends.append(finish)
      } else {
        left += 1
      }
    }
    return (lanes, left)
  }
}
