/// " (did you mean "x"?)" for the known name nearest to `name`, or "".
public func suggestion(for name: String, among known: [String]) -> String {
  let best = known.map { (distance: editDistance(name, $0), name: $0) }
    .min { $0.distance < $1.distance }
  guard let best, best.distance <= max(1, name.count / 3) else { return "" }
  return " (did you mean \"\(best.name)\"?)"
}

/// Levenshtein's distance between the first 64 characters of two names, letter case ignored.
private func editDistance(_ a: String, _ b: String) -> Int {
  let a = Array(a.lowercased().unicodeScalars.prefix(64))
  let b = Array(b.lowercased().unicodeScalars.prefix(64))
  var row = Array(0...b.count)
  for (i, x) in a.enumerated() {
    var diagonal = row[0]
    row[0] = i + 1
    for (j, y) in b.enumerated() {
      let cost = x == y ? diagonal : 1 + min(diagonal, row[j], row[j + 1])
      diagonal = row[j + 1]
      row[j + 1] = cost
    }
  }
  return row[b.count]
}
