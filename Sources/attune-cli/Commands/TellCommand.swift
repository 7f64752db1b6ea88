import ArgumentParser
import Attune
import AttuneCore

/// Says how a trial that was asked for ended.
struct TellCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tell",
    abstract: "Say how a trial ended.",
    discussion: """
      attune tell --trial-number 3 --values 0.12
      attune tell --trial-number 4 --state fail --reason 'out of memory'
      """)

  @OptionGroup var storage: StorageOptions

  @Option(help: ArgumentHelp("The number that `attune ask` gave.", valueName: "n"))
  var trialNumber: Int

  @Option(
    name: [.long, .customLong("value")],
    help: ArgumentHelp(
      "The value, or one for each direction: --values 0.12 -3.", valueName: "value"))
  var values: [String] = []

  @Option(
    help: ArgumentHelp("complete (the default with --values), pruned or fail.", valueName: "state"),
    completion: .list(["complete", "pruned", "fail"]))
  var state: String?

  @Option(help: ArgumentHelp("Why it failed, kept with the trial.", valueName: "text"))
  var reason: String?

  @Flag(help: "Do nothing when the trial is finished already.")
  var skipIfFinished = false

  @OptionGroup var format: FormatOptions

  func run() throws {
    let outcome = try outcome()
    let study = try storage.open()
    defer { study.close() }
    if skipIfFinished, let finished = try finishedState(study) {
      StandardStream.error.writeLine(
        "attune: note: trial \(trialNumber) is \(finished.name) already, left as it is")
      return report(finished)
    }
    let trial = try study.resumeTrial(trialNumber)
    switch outcome {
    case .complete(let values):
      let state = try study.tell(trial, values: values)
      if state == .fail {
        StandardStream.error.writeLine(
          "attune: note: NaN is no value: trial \(trialNumber) is FAIL")
      }
      report(state)
    case .pruned:
      try study.tell(trial, .pruned, reason: reason)
      report(.pruned)
    case .fail(let failure):
      try study.tell(trial, .fail, reason: failure.reason)
      report(.fail)
    }
  }

  private func outcome() throws(CommandError) -> Outcome {
    var numbers: [Double] = []
    for text in values {
      guard let number = Double(text) else {
        throw .usage("--values is \"\(text)\", wanted numbers")
      }
      numbers.append(number)
    }
    guard let state = state?.lowercased() else {
      guard !numbers.isEmpty else {
        throw .usage(
          "neither --values nor --state is given, wanted how the trial ended",
          hint: "--values 0.12, or --state fail")
      }
      return try complete(numbers)
    }
    switch try OptionValue.choice(
      state, of: ["complete", "pruned", "fail"], option: "--state")
    {
    case "complete":
      guard !numbers.isEmpty else {
        throw .usage("--state complete lacks --values, wanted one for each direction")
      }
      return try complete(numbers)
    case "pruned":
      try refuseValues("pruned", numbers)
      return .pruned
    default:
      try refuseValues("fail", numbers)
      return .fail(Failure(reason ?? "told as failed"))
    }
  }

  private func complete(_ numbers: [Double]) throws(CommandError) -> Outcome {
    guard reason == nil else {
      throw .usage("--reason is given for a complete trial, wanted --state fail with it")
    }
    return .complete(numbers)
  }

  private func refuseValues(_ state: String, _ numbers: [Double]) throws(CommandError) {
    guard numbers.isEmpty else {
      throw .usage("--values are given with --state \(state), wanted one of them")
    }
  }

  private func finishedState(_ study: Study) throws(AttuneError) -> TrialState? {
    let finished = try study.trials([.complete, .pruned, .fail])
    for index in 0..<finished.count where finished[index].number == trialNumber {
      return finished[index].state
    }
    return nil
  }

  private func report(_ state: TrialState) {
    if format.format == .table {
      return StandardStream.output.writeLine("trial \(trialNumber): \(state.name)")
    }
    Listing(object: ["number": .int(Int64(trialNumber)), "state": .string(state.name)])
      .print(format.format)
  }
}
