import Attune
import AttuneCore

/// A study as one page of HTML that needs nothing else: no network, no fonts, no libraries.
///
/// The same study gives the same bytes. Its size is bounded whatever the number of trials: below 3 MB.
struct ReportPage {
  let text: String

  init(_ study: Study) throws {
    let study = try ReportStudy(study)
    let curves = IntermediatePlot.records(study)
    var page = Markup()
    page.add("<!DOCTYPE html>\n")
    page.element("html", ["lang": "en"]) { html in
      html.add("\n")
      html.element("head") { Self.writeHead(&$0, study.name) }
      html.add("\n")
      html.element("body") { body in
        ReportHeader(study: study).write(to: &body)
        let sections = Self.sections(study, curves)
        body.element("nav") { nav in
          for section in sections {
            nav.element("a", ["href": "#\(section.id)"], text: section.title)
          }
        }
        for section in sections { section.write(to: &body) }
        body.element("footer", text: "attune \(AttuneCommand.version)")
        Self.writeScript(&body, study, curves)
      }
    }
    text = page.text + "\n"
  }

  private static func writeHead(_ head: inout Markup, _ name: String) {
    head.add("<meta charset=\"utf-8\"/>")
    head.add("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>")
    head.add("<meta name=\"color-scheme\" content=\"light dark\"/>")
    head.element("title", text: "\(name.prefix(300)) - attune")
    head.add("<style>\(ReportStyle.sheet)</style>")
  }

  private static func sections(
    _ study: ReportStudy, _ curves: [TrialRecord]
  ) -> [ReportSection] {
    let isSingle = study.directions.count == 1
    var sections = [
      ReportSection("best", isSingle ? "Best trial" : "Best trials") {
        BestTable(study: study).write(to: &$0)
      },
      ReportSection("history", "Optimization history") { page in
        for objective in study.directions.indices.prefix(8) {
          HistoryPlot(study: study, objective: objective).write(to: &page)
        }
      },
    ]
    if !isSingle {
      sections.append(
        ReportSection("front", "Pareto front") { FrontPlots(study: study).write(to: &$0) })
    }
    sections += [
      ReportSection("importance", "Parameter importance") {
        ImportancePlot(study: study).write(to: &$0)
      },
      ReportSection("slices", "Slices") { SlicePlots(study: study).write(to: &$0) },
      ReportSection("parallel", "Parallel coordinates") {
        ParallelPlot(study: study).write(to: &$0)
      },
      ReportSection("intermediate", "Intermediate values") {
        writeCurves(&$0, study, curves)
      },
      ReportSection("timeline", "Timeline") { TimelinePlot(study: study).write(to: &$0) },
      ReportSection("failures", "Failures") {
        FailureTable(failures: study.failures).write(to: &$0)
      },
    ]
    return sections
  }

  private static func writeCurves(
    _ page: inout Markup, _ study: ReportStudy, _ curves: [TrialRecord]
  ) {
    guard !curves.isEmpty else { return page.note("No trial reported intermediate values.") }
    for objective in study.directions.indices.prefix(4) {
      IntermediatePlot(study: study, objective: objective).write(to: &page, curves)
    }
    let states = Set(curves.map(\.state))
    var keys = [TrialState.complete, .pruned, .fail, .running].filter(states.contains).map {
      (name: $0.name.lowercased(), meaning: $0.name)
    }
    if study.directions.count == 1, curves.last?.number == study.best.first?.number {
      keys.append((name: "best-key", meaning: "best trial"))
    }
    page.legend(keys)
    let reporting = study.trials.count { $0.hasReports }
    if curves.count < reporting {
      page.note("\(curves.count) of \(reporting) trials that reported.")
    }
  }

  private static func writeScript(
    _ body: inout Markup, _ study: ReportStudy, _ curves: [TrialRecord]
  ) {
    var numbers = Set(study.drawn.map { study.trials[$0].number })
    numbers.formUnion(curves.map(\.number))
    if study.trials.count <= TrialSample.limit { numbers.formUnion(study.trials.map(\.number)) }
    let json = TrialTexts(study: study, numbers: numbers.sorted()).json.text()
    // In a script "<" may end it, and "&" is no XML; within JSON's strings both may be written so.
    var safe = ""
    for scalar in json.unicodeScalars {
      switch scalar {
      case "<", ">", "&", "\u{7F}"..."\u{9F}", "\u{202A}"..."\u{202E}", "\u{2066}"..."\u{2069}",
        "\u{FFFE}", "\u{FFFF}":
        let digits = String(scalar.value, radix: 16)
        safe += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: safe.unicodeScalars.append(scalar)
      }
    }
    body.add("<script type=\"application/json\" id=\"trials\">\(safe)</script>\n")
    body.add("<div id=\"tip\"></div><script>\(ReportScript.text)</script>")
  }
}
