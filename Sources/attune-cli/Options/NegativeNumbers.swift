/// Numbers below zero after an option, which the argument parser would take for options.
enum NegativeNumbers {
  private static let options: Set<String> = ["--values", "--value"]

  /// `--values -1 2` as `--values=-1 --values=2`.
  static func joined(_ arguments: [String]) -> [String] {
    var result: [String] = []
    var option: String?
    for (index, argument) in arguments.enumerated() {
      if argument == "--" { return result + arguments[index...] }
      if let option, Double(argument) != nil {
        result.append("\(option)=\(argument)")
        continue
      }
      option = nil
      let next = index + 1 < arguments.count ? arguments[index + 1] : ""
      if options.contains(argument), Double(next) != nil {
        option = argument
      } else {
        result.append(argument)
      }
    }
    return result
  }
}
