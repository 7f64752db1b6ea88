import AttuneCore
import CGuard

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// What a worker writes to its standard output and error: lines for the log, and the end of the errors.
struct WorkerOutput {
  /// One of the two streams, read line by line.
  private struct Stream {
    var descriptor: Int32
    let name: String
    var line: [UInt8] = []
  }

  /// Longer lines are cut, more lines of a trial are left out of the log.
  private static let lineLimit = 4096
  private static let linesPerTrial = 200

  private var streams: [Stream]
  private var buffer = [UInt8](repeating: 0, count: 65_536)
  private var lineCount = 0
  private(set) var errors = ChildProcess.TailText()

  init(output: Int32, errors: Int32) {
    streams = [
      Stream(descriptor: output, name: "stdout"), Stream(descriptor: errors, name: "stderr"),
    ]
    for stream in streams { _ = fcntl(stream.descriptor, F_SETFL, O_NONBLOCK) }
  }

  /// The open descriptors to wait for; -1 for a closed one.
  var outputDescriptor: Int32 { streams[0].descriptor }
  var errorDescriptor: Int32 { streams[1].descriptor }

  /// Forgets what belongs to the trial before.
  mutating func beginTrial() {
    guard lineCount > 0 || !errors.isEmpty else { return }
    lineCount = 0
    errors = ChildProcess.TailText()
  }

  mutating func close() {
    for index in streams.indices { ChildProcess.Streams.close(&streams[index].descriptor) }
  }

  /// Reads a piece of what is there from both streams, and logs whole lines.
  mutating func serve(_ log: (String) -> Void) {
    for index in streams.indices { _ = readPiece(index, log) }
  }

  /// Reads all that an ended worker left, at most 16 MiB a stream.
  mutating func drain(_ log: (String) -> Void) {
    for index in streams.indices {
      var pieces = 0
      while pieces < 256, readPiece(index, log) { pieces += 1 }
      endLine(index, log)
    }
  }

  private mutating func readPiece(_ index: Int, _ log: (String) -> Void) -> Bool {
    let descriptor = streams[index].descriptor
    guard descriptor >= 0 else { return false }
    let count = buffer.withUnsafeMutableBytes { bytes in
      #if canImport(Glibc)
        Glibc.read(descriptor, bytes.baseAddress, bytes.count)
      #elseif canImport(Musl)
        Musl.read(descriptor, bytes.baseAddress, bytes.count)
      #else
        Darwin.read(descriptor, bytes.baseAddress, bytes.count)
      #endif
    }
    guard count > 0 else {
      if count == 0 || (errno != EAGAIN && errno != EINTR) {
        ChildProcess.Streams.close(&streams[index].descriptor)
      }
      return false
    }
    if index == 1 { errors.append(buffer[..<count]) }
    split(index, count, log)
    return true
  }

  private mutating func split(_ index: Int, _ count: Int, _ log: (String) -> Void) {
    // A flood is read and forgotten.
    guard lineCount <= Self.linesPerTrial else { return }
    var start = 0
    for place in 0..<count where buffer[place] == UInt8(ascii: "\n") {
      keep(index, start..<place)
      endLine(index, log)
      start = place + 1
      if lineCount > Self.linesPerTrial { return }
    }
    keep(index, start..<count)
  }

  private mutating func keep(_ index: Int, _ range: Range<Int>) {
    let room = Self.lineLimit - streams[index].line.count
    streams[index].line.append(contentsOf: buffer[range].prefix(max(0, room)))
  }

  private mutating func endLine(_ index: Int, _ log: (String) -> Void) {
    defer { streams[index].line.removeAll(keepingCapacity: true) }
    guard !streams[index].line.isEmpty else { return }
    lineCount += 1
    if lineCount <= Self.linesPerTrial {
      log("\(streams[index].name): \(String(decoding: streams[index].line, as: UTF8.self))")
    } else if lineCount == Self.linesPerTrial + 1 {
      log("more output of this trial is left out of the log")
    }
  }
}
