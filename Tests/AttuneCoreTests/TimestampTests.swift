import AttuneCore
import Testing

@Suite("Timestamps")
struct TimestampTests {
  @Test(
    "known moments read as Optuna writes them",
    arguments: [
      (0, "1970-01-01 00:00:00.000000"),
      (1_795_424_931_291_000, "2026-11-23 09:08:51.291000"),
      (951_782_400_000_000, "2000-02-29 00:00:00.000000"),
      (4_107_542_399_999_999, "2100-02-28 23:59:59.999999"),
      (4_107_542_400_000_000, "2100-03-01 00:00:00.000000"),
      (-1, "1969-12-31 23:59:59.999999"),
      (-62_135_596_800_000_000, "0001-01-01 00:00:00.000000"),
      (253_402_300_799_999_999, "9999-12-31 23:59:59.999999"),
    ] as [(Int64, String)])
  func known(microseconds: Int64, text: String) {
    #expect(Timestamp.text(microseconds) == text)
    #expect(Timestamp.microseconds(text) == microseconds)
  }

  @Test("a day in every month of leap and other years comes back")
  func roundTrip() {
    var moment: Int64 = -30_000_000_000_000_000
    while moment < 60_000_000_000_000_000 {
      #expect(Timestamp.microseconds(Timestamp.text(moment)) == moment)
      moment += 2_345_678_901_234_567 / 97
    }
  }

  @Test(
    "the ends of 64 bits are written, though beyond the years that are read",
    arguments: [
      (.min, "-290308-12-21 19:59:05.224192"), (.min + 1, "-290308-12-21 19:59:05.224193"),
      (.max, "294247-01-10 04:00:54.775807"), (.max - 1, "294247-01-10 04:00:54.775806"),
    ] as [(Int64, String)])
  func extremes(microseconds: Int64, text: String) {
    #expect(Timestamp.text(microseconds) == text)
    #expect(Timestamp.microseconds(text) == nil)
  }

  @Test("fractions of any length, T and Z are read")
  func forms() {
    let whole: Int64 = 1_795_424_931_000_000
    for (text, fraction) in [
      ("2026-11-23T09:08:51", 0), ("2026-11-23 09:08:51Z", 0), ("2026-11-23T09:08:51.5Z", 500_000),
      ("2026-11-23 09:08:51.000001", 1), ("2026-11-23 09:08:51.0000019", 1),
    ] as [(String, Int64)] {
      #expect(Timestamp.microseconds(text) == whole + fraction, "\(text)")
    }
  }

  @Test(
    "what is no time is refused, not guessed",
    arguments: [
      "", " ", "T", "2026", "2026-11-23", "2026-11-23 ", "2026-11-23 .", "2026-11-23 :",
      "2026-11-23 .5",
      "2026-11-23 09:48", "2026-13-01 00:00:00", "2026-00-01 00:00:00", "2026-02-30 00:00:00",
      "2026-11-31 00:00:00", "2025-02-29 00:00:00", "1900-02-29 00:00:00",
      "2026-11-23 24:00:00", "2026-11-23 00:60:00", "2026-11-23 00:00:61", "2026-11-23 00:00:00.",
      "2026-11-23 00:00:00.x", "2026-11-23 00:00:00.+5", "2026-11-23 00:00:00.-5",
      "2026-11-23 00:00:00.123456x", "2026-+1-23 00:00:00", "2026-11-23 00:00:+1",
      "-2026-11-23 00:00:00",
      "2026-11-23 00:00:00+01:00", "2026-11-23-01 00:00:00", "99999999999999999999-01-01 00:00:00",
      "20260-01-01 00:00:00", "2026-11-23 00:00:00.5 PM",
    ])
  func refused(text: String) {
    #expect(Timestamp.microseconds(text) == nil)
  }
}
