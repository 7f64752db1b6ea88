import Attune
import AttuneCore
import Foundation

/// `study-process PATH TRIALS`: opens the only study of a file, asks and tells, and prints each trial
/// it has told, once `tell` has returned.
@main
struct StudyProcess {
  static func main() {
    let arguments = CommandLine.arguments
    guard arguments.count == 3, let count = Int(arguments[2]) else {
      print("usage: study-process PATH TRIALS")
      exit(2)
    }
    do throws(AttuneError) {
      let study = try Study.open(storage: arguments[1])
      for _ in 0..<count {
        let trial = try study.ask()
        try trial.report(step: 0, values: [0.5])
        try study.tell(trial, values: [try trial.float("x")])
        // One write a line: what a reader sees was told.
        FileHandle.standardOutput.write(Data("told \(trial.number)\n".utf8))
      }
    } catch {
      print("error \(error.code.name): \(error.message)")
      exit(1)
    }
  }
}
