/// " (did you mean "x"?)" for the known name nearest to `name`, or "".
public func suggestion(for name: String, among known: [String]) -> String {
  let best = known.map { (distance: editDistance(name, $0), name: $0) }
    .min { $0.distance < $1.distance }
  // A third of the letters may differ, but a name of one or two must share one.
  guard let best, best.distance <= max(1, min(name.count, 64) / 3), best.distance < name.count
  else { return "" }
  return " (did you mean \"\(best.name)\"?)"
}

/// Insertions, deletions, replacements and swaps of neighbours that turn one name into another: the
/// optimal string alignment distance, letter case ignored, of the first 64 characters.
private func editDistance(_ a: String, _ b: String) -> Int {
  let a = Array(a.lowercased().unicodeScalars.prefix(64))
  let b = Array(b.lowercased().unicodeScalars.prefix(64))
  var older = [Int](repeating: 0, count: b.count + 1)
  var old = Array(0...b.count)
  for i in a.indices {
    var row = old
    row[0] = i + 1
    for j in b.indices {
      row[j + 1] = min(old[j] + (a[i] == b[j] ? 0 : 1), row[j] + 1, old[j + 1] + 1)
      if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] {
        row[j + 1] = min(row[j + 1], older[j - 1] + 1)
      }
    }
    (older, old) = (old, row)
  }
  return old[b.count]
}
