import AttuneCore
import AttuneObjectives

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The helper that opens plugins in a process of its own, so that no crash reaches a host.

let usage = """
  usage: attune-worker --scan FILE
         attune-worker --serve
         attune-worker --check FILE [--objective ID] [--config JSON] [--evaluations N]
                       [--allow-unsafe-path] [--json]

  --scan   prints what a plugin offers as one line of JSON, or {"path", "error"}
  --serve  evaluates trials for the host that started it, on descriptors 3 to 5
  --check  tries a plugin: descriptor, space, evaluations, and whether it is what it claims;
           exits with 0 when all is well, 1 when something is not
  """

/// Writes lines to standard output at once, whatever the plugin does next.
func say(_ line: String) {
  print(line)
  fflush(nil)
}

func refuse(_ message: String) -> Never {
  let text = "attune-worker: \(message)\n\(usage)\n"
  _ = text.withCString { write(STDERR_FILENO, $0, strlen($0)) }
  exit(2)
}

/// The command line, read.
struct Request {
  var scan: String?
  var serves = false
  var check: String?
  var objective: String?
  var config: String?
  var evaluations = 16
  var allowsUnsafePath = false
  var writesJSON = false

  init(_ arguments: [String]) {
    var rest = arguments[...]
    func value(_ option: String) -> String {
      guard let value = rest.popFirst() else { refuse("\(option) has no value, wanted one") }
      return value
    }
    while let argument = rest.popFirst() {
      switch argument {
      case "--serve": serves = true
      case "--scan": scan = value(argument)
      case "--check": check = value(argument)
      case "--objective": objective = value(argument)
      case "--config": config = value(argument)
      case "--evaluations":
        let text = value(argument)
        guard let count = Int(text), (1...1_000_000).contains(count) else {
          refuse("--evaluations is \(text), wanted 1 to 1000000")
        }
        evaluations = count
      case "--allow-unsafe-path": allowsUnsafePath = true
      case "--json": writesJSON = true
      case "--help", "-h":
        say(usage)
        exit(0)
      default: refuse("unknown argument \(argument)")
      }
    }
  }
}

func scan(_ path: String, _ trust: PluginTrust) -> Int32 {
  do throws(AttuneError) {
    say(JSON.object(try PluginLibrary(path: path, trust: trust).json).text())
    return 0
  } catch {
    say(JSON.object(["path": .string(path), "error": .string(error.message)]).text())
    return 1
  }
}

func check(_ path: String, _ request: Request, _ trust: PluginTrust) -> Int32 {
  let check = PluginCheck(
    path: path, objective: request.objective, config: request.config,
    evaluations: request.evaluations, trust: trust)
  if request.writesJSON {
    let findings = check.findings.map { finding in
      JSON.object([
        "name": .string(finding.name), "passed": .bool(finding.passed),
        "detail": .string(finding.detail),
      ])
    }
    let object: JSON.Object = [
      "path": .string(path), "passed": .bool(check.passed), "findings": .array(findings),
    ]
    say(JSON.object(object).text(.pretty))
  } else {
    for finding in check.findings {
      say("\(finding.passed ? "ok  " : "FAIL") \(finding.name): \(finding.detail)")
    }
  }
  return check.passed ? 0 : 1
}

let request = Request(Array(CommandLine.arguments.dropFirst()))
let trust = PluginTrust(allowsUnsafePath: request.allowsUnsafePath)

/// A file named on the command line is meant as a path, with or without `/`.
func path(_ file: String) -> String { file.contains("/") ? file : "./\(file)" }

if request.serves {
  let status = WorkerServer.run()
  if status == 2 {
    refuse("--serve is for a host that starts this program, with sockets as descriptors 3 to 5")
  }
  exit(status)
}
switch (request.scan, request.check) {
case (let file?, nil): exit(scan(path(file), trust))
case (nil, let file?): exit(check(path(file), request, trust))
default: refuse("wanted one of --scan FILE, --check FILE")
}
