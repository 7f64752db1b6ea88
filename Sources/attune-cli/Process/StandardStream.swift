import Glibc

/// Standard output, for results alone, and standard error, for everything else.
enum StandardStream: Int32 {
  case output = 1
  case error = 2

  /// Writes all of a text at once, so that lines of several processes do not mix.
  func write(_ text: String) {
    var text = text
    text.withUTF8 { bytes in
      var rest = UnsafeRawBufferPointer(bytes)
      while let base = rest.baseAddress, !rest.isEmpty {
        let count = Glibc.write(rawValue, base, rest.count)
        if count < 0 && errno == EINTR { continue }
        // A reader that went away is no reason to lose a study.
        guard count > 0 else { return }
        rest = UnsafeRawBufferPointer(rebasing: rest[count...])
      }
    }
  }

  func writeLine(_ text: String) { write(text + "\n") }

  var isTerminal: Bool { isatty(rawValue) == 1 }

  /// Columns of the terminal; 80 where nobody knows.
  var columns: Int {
    var size = winsize()
    if ioctl(rawValue, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 { return Int(size.ws_col) }
    return 80
  }
}
