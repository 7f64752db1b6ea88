import Attune
import AttuneCore
import Foundation

/// A process that works on the only study of a file, for tests that need another one, one to kill or
/// one without room to write.
///
/// `study-process hold PATH TRIALS` does the same, then asks for one more, prints it, and waits.
/// `study-process work PATH TRIALS` asks and tells, and prints each trial it has told. `study-process
/// full PATH BYTES` lets files grow no further than so many bytes beyond the file's size, works until
/// writing fails, then lets them grow again; it prints what each call came to. `study-process share PATH
/// TOTAL` runs a deterministic study with three threads until it has so many trials.
@main
struct StudyProcess {
  static func main() {
    let arguments = CommandLine.arguments
    guard arguments.count == 4, let count = Int(arguments[3]) else {
      print("usage: study-process work|hold|full|share PATH COUNT")
      exit(2)
    }
    do throws(AttuneError) {
      let study = try Study.open(storage: arguments[2])
      switch arguments[1] {
      case "work": try work(study, trials: count)
      case "hold":
        try work(study, trials: count)
        say("asked \(try study.ask().number)")
        while true { sleep(60) }
      case "share":
        try study.setPruner("median", options: [("n_startup_trials", .int(2))])
        var options = RunOptions(nJobs: 3)
        options.totalTrials = count
        try study.optimize(SlowObjective(), options)
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
    // Transactions go to the file beside the database first.
    stat(path + "-wal", &status)
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

/// Gives a trial a value by its parameters, after a moment of any length.
private final class SlowObjective: Objective, Evaluator {
  var description: ObjectiveDescription { ObjectiveDescription(kind: "callback", id: "slow") }

  func makeEvaluator(for space: Space, valueCount: Int) throws(AttuneError) -> any Evaluator {
    SlowObjective()
  }

  func evaluate(
    _ trial: any EvaluatedTrial, values: UnsafeMutableBufferPointer<Double>
  ) -> Evaluation {
    usleep(UInt32.random(in: 0...3000))
    values[0] = 0
    for (index, param) in trial.space.params(of: trial.point).enumerated() {
      values[0] +=
        (param.value.number ?? Double(param.value.text.utf8.count)) * Double(index + 1) / 8
    }
    do throws(AttuneError) {
      for step in 0..<3 {
        try trial.report(step: Int64(step), values: [values[0] * Double(4 - step)])
        if try trial.shouldPrune() { return .pruned }
        usleep(UInt32.random(in: 0...500))
      }
    } catch { return .fail(Failure(error.message)) }
    return trial.number % 7 == 3 ? .fail(Failure("every seventh")) : .complete
  }
}
