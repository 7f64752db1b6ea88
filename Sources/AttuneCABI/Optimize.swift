// swift-format-ignore-file: AlwaysUseLowerCamelCase
// Names are those of attune.h.

import Attune
import AttuneCore
import AttuneStrategies
public import CAttune
import Synchronization

@c @implementation
public func attune_study_set_progress(
  _ study: OpaquePointer!, _ fn: attune_progress_fn!, _ user_data: UnsafeMutableRawPointer!,
  _ destroy: attune_destroy_fn!, _ err: UnsafeMutablePointer<OpaquePointer?>!
) -> attune_status {
  let data = UserData(user_data, destroy)
  return entry(err) { () throws(AttuneError) in
    let study = try borrowAlone(study, "study", as: StudyHandle.self)
    try study.object.setProgress(fn.map { ProgressCallback($0, data) })
  }
}

@c @implementation
public func attune_study_optimize(
  _ study: OpaquePointer!, _ objective: OpaquePointer!, _ n_trials: Int64, _ timeout: Double,
  _ options: OpaquePointer!, _ out_reason: UnsafeMutablePointer<UnsafePointer<CChar>?>!,
  _ err: UnsafeMutablePointer<OpaquePointer?>!
) -> attune_status {
  out_reason?.pointee = nil
  return entry(err) { () throws(AttuneError) in
    let pin = try borrow(study, "study", as: StudyHandle.self)
    let objective = try borrow(objective, "objective", as: ObjectiveHandle.self).object.objective
    let run = try runOptions(n_trials, timeout, try settings(options))
    let reason = try optimize(pin.object, UInt(bitPattern: study), objective, run)
    out_reason?.pointee = reasonTexts.first { $0.name == reason.name }?.text.pointer
  }
}

private let reasonTexts =
  ([StopReason.nTrials, .timeout, .stopped, .exhausted].map(\.name) + StopRuleCatalog.names)
  .map { (name: $0, text: StaticText($0)) }

private func optimize(
  _ study: StudyHandle, _ pointer: UInt, _ objective: any Objective, _ options: RunOptions
) throws(AttuneError) -> StopReason {
  let thrown = FirstText()
  var options = options
  if let progress = study.progress {
    options.progress = { _, trial in
      let (goesOn, text) = progress.report(trial, pointer)
      if let text { thrown.set(text) }
      return goesOn
    }
  }
  let reason = try study.study.optimize(objective, options)
  if let text = thrown.text {
    throw AttuneError(.objective, "the progress callback threw an exception: \(text)")
  }
  return reason
}

/// The first text it is given.
private final class FirstText: Sendable {
  private let stored = Mutex<String?>(nil)
  var text: String? { stored.withLock { $0 } }
  func set(_ text: String) { stored.withLock { $0 = $0 ?? text } }
}

private let runKeys = [
  OptionDescription("n_jobs", .int(low: 1, high: 1024), default: .int(1), "threads"),
  OptionDescription(
    "on_failure", .string, default: .string("continue"), "what a failed trial does to the run"),
  OptionDescription(
    "max_failures", .int(low: 0, high: .max), default: .null, "the run ends with the first more"),
  OptionDescription(
    "stop_when", .string, default: .null, "stop rules, as in no-improvement=50; target=0.01"),
]

private func runOptions(
  _ trials: Int64, _ timeout: Double, _ given: [(key: String, value: Value)]
) throws(AttuneError) -> RunOptions {
  guard !timeout.isNaN else {
    throw AttuneError(
      .invalidArgument, "timeout is \(timeout), wanted seconds, or 0 for none", subject: "timeout")
  }
  // A number, or one word in its place.
  let jobs = given.first { $0.key == "n_jobs" }?.value
  let isAutomatic = jobs == .string("auto")
  if let jobs, jobs.kind == .string, !isAutomatic {
    throw AttuneError(
      .invalidArgument,
      "attune_study_optimize: option \"n_jobs\" is \(jobs.quoted), wanted int, 1 to 1024, or \"auto\"",
      subject: "options.n_jobs")
  }
  let options = try Options(
    given.filter { !isAutomatic || $0.key != "n_jobs" }, known: runKeys,
    owner: "attune_study_optimize")
  var run = RunOptions()
  run.nTrials = trials < 0 ? nil : Int(trials)
  run.timeout = timeout <= 0 || timeout.isInfinite ? nil : timeout
  run.nJobs = isAutomatic ? nil : options.int("n_jobs") ?? 1
  if let policy = options.string("on_failure"), !run.setFailurePolicy(policy) {
    throw AttuneError(
      .invalidArgument,
      "attune_study_optimize: option \"on_failure\" is \"\(policy)\", wanted "
        + RunOptions.failurePolicies, subject: "options.on_failure")
  }
  run.maxFailures = options.int("max_failures")
  run.stopWhen = options.string("stop_when").map { [$0] } ?? []
  return run
}
