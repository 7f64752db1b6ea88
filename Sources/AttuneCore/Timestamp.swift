/// Times of day as people and Optuna write them: naive UTC, `2026-11-23 08:48:51.291000`.
public enum Timestamp {
  /// The text for microseconds since 1970.
  public static func text(_ microseconds: Int64) -> String {
    let (days, inDay) = floorDivide(microseconds, 86_400_000_000)
    let (year, month, day) = civil(days)
    let second = inDay / 1_000_000
    func pad(_ number: Int64, _ width: Int) -> String {
      let digits = String(number)
      return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
    }
    return "\(pad(year, 4))-\(pad(month, 2))-\(pad(day, 2)) "
      + "\(pad(second / 3600, 2)):\(pad(second / 60 % 60, 2)):\(pad(second % 60, 2))"
      + ".\(pad(inDay % 1_000_000, 6))"
  }

  /// Microseconds since 1970 for a text with or without fraction, with "T" or a space; `nil` if it
  /// is none.
  public static func microseconds(_ text: String) -> Int64? {
    var text = Substring(text)
    if text.hasSuffix("Z") { text = text.dropLast() }
    let halves = text.split(maxSplits: 1, whereSeparator: { $0 == " " || $0 == "T" })
    guard halves.count == 2 else { return nil }
    let date = halves[0].split(separator: "-").map { Int64($0) }
    let clock = halves[1].split(separator: ".", maxSplits: 1)
    let time = clock[0].split(separator: ":").map { Int64($0) }
    guard date.count == 3, time.count == 3, let year = date[0], let month = date[1],
      let day = date[2], let hour = time[0], let minute = time[1], let second = time[2],
      (0...9999).contains(year), (1...12).contains(month), (1...31).contains(day),
      (0...23).contains(hour), (0...59).contains(minute), (0...60).contains(second)
    else { return nil }
    var fraction: Int64 = 0
    if clock.count == 2 {
      let digits = clock[1].prefix(6)
      guard let number = Int64(digits), number >= 0 else { return nil }
      fraction = (digits.count..<6).reduce(number) { value, _ in value * 10 }
    }
    let seconds = days(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second
    return seconds * 1_000_000 + fraction
  }

  private static func floorDivide(_ a: Int64, _ b: Int64) -> (Int64, Int64) {
    let remainder = (a % b + b) % b
    return ((a - remainder) / b, remainder)
  }

  /// Year, month and day of a day since 1970: eras of 400 years begin on 1 March.
  private static func civil(_ days: Int64) -> (Int64, Int64, Int64) {
    let (era, dayOfEra) = floorDivide(days + 719_468, 146_097)
    let yearOfEra =
      (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shifted = (5 * dayOfYear + 2) / 153
    let month = shifted < 10 ? shifted + 3 : shifted - 9
    let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    return (year, month, dayOfYear - (153 * shifted + 2) / 5 + 1)
  }

  private static func days(_ year: Int64, _ month: Int64, _ day: Int64) -> Int64 {
    let year = month <= 2 ? year - 1 : year
    let (era, yearOfEra) = floorDivide(year, 400)
    let shifted = month > 2 ? month - 3 : month + 9
    let dayOfYear = (153 * shifted + 2) / 5 + day - 1
    return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
  }
}
