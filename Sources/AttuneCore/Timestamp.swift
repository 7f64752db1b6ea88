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

  /// Microseconds since 1970 for a text with or without fraction, with "T" or a space, with or without
  /// "Z"; `nil` if it is none. Digits beyond the sixth of a fraction are dropped.
  public static func microseconds(_ text: String) -> Int64? {
    var bytes = text.utf8[...]
    if bytes.last == UInt8(ascii: "Z") { bytes = bytes.dropLast() }
    guard let year = number(&bytes, digits: 4, until: "-"),
      let month = number(&bytes, digits: 2, until: "-"), (1...12).contains(month),
      let day = number(&bytes, digits: 2, until: " T"),
      day >= 1, day <= length(ofMonth: month, year: year),
      let hour = number(&bytes, digits: 2, until: ":"), hour < 24,
      let minute = number(&bytes, digits: 2, until: ":"), minute < 60,
      let second = number(&bytes, digits: 2, until: "."), second <= 60
    else { return nil }
    guard let fraction = fraction(&bytes) else { return nil }
    let seconds = days(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second
    return seconds * 1_000_000 + fraction
  }

  /// Microseconds since 1970, UTC, for a text that may end in an offset such as +09:00 or Z; `naive`
  /// gives the UTC time of one without.
  public static func microseconds(_ text: String, naive: (Int64) -> Int64) -> Int64? {
    if text.utf8.last == UInt8(ascii: "Z") { return microseconds(text) }
    let bytes = Array(text.utf8)
    // "2026-11-23T08:48": the first sign behind the date is that of an offset.
    guard let sign = bytes.indices.dropFirst(16).first(where: { [0x2B, 0x2D].contains(bytes[$0]) })
    else { return microseconds(text).map(naive) }
    var offset = bytes[(sign + 1)...].filter { $0 != UInt8(ascii: ":") }
    if offset.count == 2 { offset += [0x30, 0x30] }
    guard [4, 6].contains(offset.count), offset.allSatisfy({ (0x30...0x39).contains($0) }),
      let local = microseconds(String(decoding: bytes[..<sign], as: UTF8.self))
    else { return nil }
    func pair(_ index: Int) -> Int64 {
      guard index + 1 < offset.count else { return 0 }
      return Int64(offset[index] - 0x30) * 10 + Int64(offset[index + 1] - 0x30)
    }
    let seconds = pair(0) * 3600 + pair(2) * 60 + pair(4)
    return local - (bytes[sign] == 0x2B ? seconds : -seconds) * 1_000_000
  }

  /// So many digits, and one of the separators behind them; a "." may be missing at the end.
  private static func number(
    _ bytes: inout Substring.UTF8View, digits: Int, until separators: String
  ) -> Int64? {
    var value: Int64 = 0
    for _ in 0..<digits {
      guard let digit = bytes.popFirst(), (0x30...0x39).contains(digit) else { return nil }
      value = value * 10 + Int64(digit - 0x30)
    }
    guard let byte = bytes.first else { return separators == "." ? value : nil }
    guard separators.utf8.contains(byte) else { return nil }
    // The point stays, to tell "51." from "51".
    if separators != "." { bytes.removeFirst() }
    return value
  }

  /// Microseconds of a fraction, "" or a point and digits.
  private static func fraction(_ bytes: inout Substring.UTF8View) -> Int64? {
    guard bytes.popFirst() != nil else { return 0 }
    guard !bytes.isEmpty else { return nil }
    var value: Int64 = 0
    var unit: Int64 = 100_000
    for digit in bytes {
      guard (0x30...0x39).contains(digit) else { return nil }
      value += Int64(digit - 0x30) * unit
      unit /= 10
    }
    return value
  }

  private static func length(ofMonth month: Int64, year: Int64) -> Int64 {
    switch month {
    case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }

  private static func floorDivide(_ a: Int64, _ b: Int64) -> (Int64, Int64) {
    let remainder = a % b
    return remainder < 0 ? (a / b - 1, remainder + b) : (a / b, remainder)
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
