import CGuard

/// A foreign call inside C++'s try and catch: its result, and the text of what it threw.
func guarded<Result>(
  _ call: (UnsafeMutablePointer<attune_caught>) -> Result
) -> (result: Result, thrown: String?) {
  withUnsafeTemporaryAllocation(of: CChar.self, capacity: 1024) { text in
    text[0] = 0
    var caught = attune_caught(text: text.baseAddress, capacity: text.count, thrown: 0)
    let result = call(&caught)
    return (result, caught.thrown == 0 ? nil : String(cString: text.baseAddress ?? caught.text))
  }
}
