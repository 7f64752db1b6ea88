/// How the page looks. Colours are those of Okabe and Ito, and ColorBrewer's YlGnBu for what is ordered:
/// people who do not see all colours tell them apart.
enum ReportStyle {
  static let sheet = """

    :root { --page: #fff; --ink: #1d2530; --faint: #66707d; --rule: #e3e7ec; --axis: #9aa3ae; --band: #f4f6f8;
      --complete: #0072b2; --pruned: #e69f00; --fail: #d55e00; --running: #009e73; --waiting: #9aa3ae;
      --best: #d55e00; --others: #9aa3ae; --infeasible: #b0a8b9; --c0: #d3e8a8; --c1: #a3d9b1; --c2: #6fc6bd;
      --c3: #41b6c4; --c4: #1d91c0; --c5: #225ea8; --c6: #253494; --c7: #081d58; }
    @media (prefers-color-scheme: dark) { :root { --page: #14181e; --ink: #dde3ea; --faint: #97a1ad;
      --rule: #2a313a; --axis: #67717d; --band: #1a2027; --complete: #56b4e9; --best: #ff9b50;
      --infeasible: #6d6576; --others: #5b6570; --c0: #23406b; --c1: #22548c; --c2: #1f74b1; --c3: #1d91c0;
      --c4: #41b6c4; --c5: #7fcdbb; --c6: #c7e9b4; --c7: #f7fcb9; } }
    * { box-sizing: border-box; }
    body { margin: 0 auto; padding: 24px 20px 60px; max-width: 1140px; background: var(--page); color: var(--ink);
      font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "DejaVu Sans", sans-serif; }
    h1 { font-size: 26px; margin: 0 0 6px; overflow-wrap: anywhere; }
    h2 { font-size: 18px; margin: 40px 0 10px; padding-bottom: 4px; border-bottom: 1px solid var(--rule); }
    h3 { font-size: 15px; margin: 18px 0 6px; }
    nav { margin: 18px 0 0; display: flex; flex-wrap: wrap; gap: 4px 18px; font-size: 14px; }
    a { color: var(--complete); }
    .chips { margin: 0 0 14px; }
    .facts { display: flex; flex-wrap: wrap; gap: 8px 28px; margin: 0; }
    .facts dt { color: var(--faint); font-size: 12px; }
    .facts dd { margin: 0; overflow-wrap: anywhere; }
    .key { display: inline-flex; align-items: center; gap: 6px; margin-right: 18px; }
    .legend, .note { color: var(--faint); font-size: 13px; margin: 6px 0; }
    .swatch { display: inline-block; width: 11px; height: 11px; border-radius: 3px; background: var(--waiting); }
    .ramp { display: inline-flex; } .ramp .swatch { border-radius: 0; width: 14px; }
    .scroll { overflow: auto; max-height: 420px; }
    table { border-collapse: collapse; font-size: 14px; }
    th, td { text-align: left; padding: 3px 22px 3px 0; border-bottom: 1px solid var(--rule); vertical-align: top;
      font-variant-numeric: tabular-nums; max-width: 640px; overflow-wrap: anywhere; }
    th { color: var(--faint); font-weight: normal; }
    footer { margin-top: 48px; color: var(--faint); font-size: 12px; }
    figure { margin: 0; min-width: 0; }
    .grid3, .grid2 { display: grid; gap: 14px 18px; grid-template-columns: repeat(3, 1fr); }
    .grid2 { grid-template-columns: repeat(2, 1fr); }
    @media (max-width: 800px) { .grid3, .grid2 { grid-template-columns: 1fr; } }
    svg.plot { display: block; width: 100%; height: auto; overflow: visible; }
    svg text { font: 11px system-ui, -apple-system, "Segoe UI", Roboto, "DejaVu Sans", sans-serif; fill: var(--faint); }
    svg text.title { fill: var(--ink); font-size: 12px; }
    svg text.halo { paint-order: stroke; stroke: var(--page); stroke-width: 3px; fill: var(--ink); }
    .grid { stroke: var(--rule); } .axis { stroke: var(--axis); } .band { fill: var(--band); } rect.bar { fill: var(--complete); }
    path { fill: none; }
    path.point { stroke-width: 5px; stroke-linecap: round; stroke-opacity: .75; }
    path.bar { stroke-linecap: butt; }
    path.curve { stroke-width: 1px; stroke-opacity: .55; stroke-linejoin: round; }
    path.best-line, path.best-curve { stroke: var(--best); stroke-width: 2px; stroke-opacity: 1; }
    path.curve.on { stroke-width: 3px; stroke-opacity: 1; }
    path.far { stroke: var(--faint); stroke-width: 4px; }
    path.front { stroke-opacity: 1; stroke-width: 7px; }
    circle.mark { fill: none; stroke: var(--ink); stroke-width: 1.5px; pointer-events: none; }
    #tip { position: fixed; display: none; pointer-events: none; padding: 6px 10px; max-width: 360px; z-index: 1;
      background: var(--page); border: 1px solid var(--axis); border-radius: 5px; font-size: 12px; line-height: 1.4;
      white-space: pre-wrap; overflow-wrap: anywhere; box-shadow: 0 2px 8px #0003; }

    """ + looks

  /// A rule for each colour: as stroke of marks, as ground of legends.
  private static let looks: String = {
    let names =
      ["complete", "pruned", "fail", "running", "waiting", "infeasible", "others"] + Ramp.names
    let rules = names.map { name in
      "path.\(name) { stroke: var(--\(name)); } .swatch.\(name) { background: var(--\(name)); }\n"
    }
    return rules.joined()
      + "path.front { stroke: var(--best); } .swatch.front, .swatch.best-key { background: var(--best); }\n"
  }()
}
