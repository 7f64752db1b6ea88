import Glibc

/// Runs a program and keeps what it prints; its standard error is ours.
struct ProgramOutput {
  let text: String
  /// The exit status; `nil` when a signal ended it.
  let status: Int32?
  /// The signal that ended it, or `nil`.
  let signal: Int32?

  init(_ program: String, _ arguments: [String]) throws(CommandError) {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else {
      throw CommandError("cannot run \(program): \(String(cString: strerror(errno)))")
    }
    _ = fcntl(ends[0], F_SETFD, FD_CLOEXEC)
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    posix_spawn_file_actions_adddup2(&actions, ends[1], 1)
    if ends[1] != 1 { posix_spawn_file_actions_addclose(&actions, ends[1]) }
    defer { posix_spawn_file_actions_destroy(&actions) }
    var pid = pid_t()
    var words = ([program] + arguments).map { strdup($0) } + [nil]
    defer { for word in words { free(word) } }
    let code = posix_spawn(&pid, program, &actions, nil, &words, environ)
    close(ends[1])
    guard code == 0 else {
      close(ends[0])
      throw CommandError("cannot run \(program): \(String(cString: strerror(code)))")
    }
    text = Self.readAll(ends[0])
    close(ends[0])
    var result: Int32 = 0
    while waitpid(pid, &result, 0) < 0 && errno == EINTR {}
    let number = result & 0x7f
    status = number == 0 ? (result >> 8) & 0xff : nil
    signal = number == 0 ? nil : number
  }

  private static func readAll(_ descriptor: Int32) -> String {
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 14)
    while true {
      let count = read(descriptor, &buffer, buffer.count)
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { break }
      bytes.append(contentsOf: buffer[..<count])
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
