import Attune
import AttuneCore
import Foundation

/// A process that works on the only study of a file, for tests that need another one, one to kill or
/// one without room to write.
///
/// `study-process work PATH TRIALS` asks and tells, and prints each trial it has told. `study-process
/// full PATH BYTES` lets files grow no further than so many bytes beyond the file's size, works until
/// writing fails, then lets them grow again; it prints what each call came to.
@main
struct StudyProcess {
  static func main() {
    let arguments = CommandLine.arguments
    guard arguments.count == 4, let count = Int(arguments[3]) else {
      print("usage: study-process work|full PATH COUNT")
      exit(2)
    }
    do throws(AttuneError) {
      let study = try Study.open(storage: arguments[2])
      switch arguments[1] {
      case "work": try work(study, trials: count)
      case "full": try fill(study, arguments[2], room: count)
      default: exit(2)
      }
    } catch {
      say("error \(error.code.name): \(error.message)")
      exit(1)
    }
  }

  private static func work(_ study: Study, trials: Int) throws(AttuneError) {
    for _ in 0..<trials {
      let trial = try study.ask()
      try trial.report(step: 0, values: [0.5])
      try study.tell(trial, values: [try trial.float("x")])
      say("told \(trial.number)")
    }
  }

  private static func fill(_ study: Study, _ path: String, room: Int) throws(AttuneError) {
    let open = try study.ask(count: 3)
    limit(path, room: room)
    note("tell") { () throws(AttuneError) in try study.tell(open[0], values: [7]) }
    note("tell again") { () throws(AttuneError) in try study.tell(open[0], values: [7]) }
    note("ask") { () throws(AttuneError) in try study.ask() }
    note("add") { () throws(AttuneError) in
      try study.addTrial(json: #"{"params": {"x": 0}, "value": 1}"#)
    }
    say("trials \(study.trialCount)")
    limit(path, room: nil)
    // Another process takes the next number before this one can write again.
    let other = try Study.open(storage: path)
    say("other \(try other.ask().number)")
    note("tell later") { () throws(AttuneError) in try study.tell(open[1], values: [8]) }
    say("next \(try study.ask().number)")
  }

  /// The most that a file may hold, as on a full disk; `nil` for no limit.
  private static func limit(_ path: String, room: Int?) {
    signal(SIGXFSZ, SIG_IGN)
    let resource = __rlimit_resource_t(RLIMIT_FSIZE.rawValue)
    var limits = rlimit()
    getrlimit(resource, &limits)
    var status = stat()
    stat(path, &status)
    limits.rlim_cur = room.map { rlim_t(Int(status.st_size) + $0) } ?? limits.rlim_max
    setrlimit(resource, &limits)
  }

  private static func note<T>(_ what: String, _ body: () throws(AttuneError) -> T) {
    do throws(AttuneError) {
      _ = try body()
      say("\(what): done")
    } catch {
      say("\(what): \(error.code.name): \(error.message)")
    }
  }

  /// One write a line: what a reader sees has happened.
  private static func say(_ line: String) {
    FileHandle.standardOutput.write(Data("\(line)\n".utf8))
  }
}
