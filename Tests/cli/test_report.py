"""The page of `attune report`: read as XML and as HTML, for every kind of study."""
import html.parser
import json
import math
import os
import re
import xml.etree.ElementTree as ElementTree

from harness import test
from spaces import COS, MIXED

A = ["--storage", "a.db"]
SECTIONS = ["best", "history", "importance", "slices", "parallel", "intermediate", "timeline", "failures"]
X = {"x": {"type": "float", "low": 0, "high": 1}, "y": {"type": "float", "low": 1e-4, "high": 1, "log": True}}
LIMIT = 3_000_000


class Page:
    """A page that is well-formed, asks for nothing from outside, and has every section."""

    def __init__(self, text, sections=SECTIONS):
        self.text = text
        assert text.startswith("<!DOCTYPE html>\n") and len(text.encode()) < LIMIT, len(text)
        self.root = ElementTree.fromstring(text.split("\n", 1)[1])
        html.parser.HTMLParser().feed(text)
        found = [element.get("id") for element in self.root.iter("section")]
        assert sorted(found) == sorted(sections), found
        links = [element.get("href") for element in self.root.iter("a")]
        assert links == [f"#{id}" for id in found], links
        for element in self.root.iter():
            assert "src" not in element.attrib and element.tag not in ["link", "img", "iframe", "object"], element
        outside = text.replace("http://www.w3.org/2000/svg", "")
        assert not re.search(r"https?://|@import|url\(", outside)
        for path in self.root.iter("{http://www.w3.org/2000/svg}path"):
            assert re.fullmatch(r"(M-?[\d.]+ -?[\d.]+(h[\d.]+|(L-?[\d.]+ -?[\d.]+)*))+", path.get("d")), path.get("d")
        self.trials = json.loads(self.root.find(".//script[@id='trials']").text)

    def section(self, id):
        return self.root.find(f".//section[@id='{id}']")

    def words(self, id):
        return "".join(self.section(id).itertext())

    def figures(self, id):
        return self.section(id).findall(".//{http://www.w3.org/2000/svg}svg")

    def numbers(self, id, name):
        """The trials of all marks of a look."""
        numbers = []
        for path in self.section(id).iter("{http://www.w3.org/2000/svg}path"):
            if name in path.get("class").split() and path.get("data-n"):
                numbers += map(int, path.get("data-n").split())
        return numbers


def imported(place, name, space, trials, directions=("minimize",), definition=None):
    document = {
        "format": "attune-study", "version": 1, "trials": trials,
        "study": {"name": name, "directions": list(directions), "strategy": "random", "seed": 7, **(definition or {})}}
    if space is not None:
        document["study"]["space"] = space
    place.file("study.json", json.dumps(document))
    place.run("import", "study.json", *A).ok()


def page(place, *arguments, sections=SECTIONS):
    return Page(place.run("report", *A, *arguments).ok().out, sections)


def trial(number, value, **more):
    x = number * 0.618 % 1
    return {"number": number, "params": {"x": x, "y": 10 ** (-4 * x)}, "value": value, "state": "COMPLETE", **more}


@test
def a_report_is_a_page_with_a_picture_for_each_section(place):
    line = "if [ {depth} -gt 6 ]; then echo 'too <deep> & \"dark\"' >&2; exit 1; fi; echo {depth}.5"
    place.run("run", *A, "--study-name", "s", "--space", MIXED, "-n", "40", "--seed", "1", "--command", line).ok()
    place.run("report", "s", *A, "-o", "r.html").ok().notes("report of study s with 40 trials written to r.html")
    made = Page(place.read("r.html"))
    best = place.run("best", *A, "-f", "json").json
    listed = place.run("trials", *A, "-f", "json").json
    complete = [t["number"] for t in listed if t["state"] == "COMPLETE"]
    assert f"Trial {best['number']}: value {best['value']}" in made.words("best")
    for name, value in best["params"].items():
        shown = value if isinstance(value, str) else json.dumps(value)
        assert name in made.words("best") and shown in made.words("best"), (name, value)
    assert sorted(made.numbers("history", "point")) == complete
    assert len(made.figures("history")) == 1 and len(made.figures("slices")) == 4
    assert "PED-ANOVA" in made.words("importance") and "degree" in made.words("importance")
    assert sorted(made.numbers("timeline", "bar")) == [t["number"] for t in listed]
    assert sorted(made.numbers("parallel", "curve")) == complete
    assert 'too <deep> & "dark"' in made.words("failures")
    assert made.root.find(".//h1").text == "s" and "bayesian" in "".join(made.root.find(".//header").itertext())
    assert set(map(int, made.trials["trials"])) >= set(complete)


@test
def a_report_of_the_same_study_is_the_same_page(place):
    place.run(*COS, "-n", "12", *A, "--seed", "1").ok()
    first = place.run("report", *A).ok().out
    assert first == place.run("report", *A, "-o", "-").ok().out
    place.file("r.html", "x" * 4_000_000)
    place.run("report", *A, "-o", "r.html").ok()
    assert place.read("r.html") == first, "an existing file is replaced"


@test
def names_of_all_kinds_are_escaped_in_a_report(place):
    name = "</title><script>alert('1')</script> & \"ü\" 日本\u202e"
    parameter = "p<img src=x onerror=\"a()\">&amp;'"
    choices = ["<b>", "]]>", "&lt;", "\u0001", "</script>", "a\nb", "\u2028"]
    space = {parameter: {"type": "categorical", "choices": choices}, "x": {"type": "float", "low": 0, "high": 1}}
    trials = [{
        "number": i, "params": {parameter: choices[i % 7], "x": i / 30}, "value": i, "state": "COMPLETE",
        "constraints": {"<c>": -1}, "attributes": {"<a>": "</script>"}} for i in range(30)]
    trials.append({"number": 30, "params": {}, "state": "FAIL", "reason": "</section><script>\u0007"})
    imported(place, name, space, trials, definition={"attributes": {"<k>&": "<v>\"'"}})
    made = page(place, name)
    assert "<script>alert" not in made.text and "<img" not in made.text and "<b>" not in made.text
    assert len(made.root.findall(".//script")) == 2
    assert made.root.find(".//h1").text == name.replace("\u202e", "\ufffd")
    assert "<v>\"'" in "".join(made.root.find(".//header").itertext())
    assert "</section><script>\\u{7}" in made.words("failures")
    assert parameter in made.words("slices") and made.trials["names"][1] == parameter
    assert "</script>" in [row[1 + 1] for row in made.trials["trials"].values()]


@test
def a_report_of_a_study_without_values_says_so(place):
    imported(place, "empty", X, [])
    made = page(place, "empty")
    assert "no trials" in "".join(made.root.find(".//header").itertext())
    for id, word in [
            ("best", "No trial is COMPLETE"), ("history", "No trial is COMPLETE"), ("importance", "Fewer than two"),
            ("slices", "No COMPLETE trial"), ("parallel", "No COMPLETE trial"), ("timeline", "No trial has begun"),
            ("intermediate", "No trial reported"), ("failures", "No trial failed")]:
        assert word in made.words(id) and not made.figures(id), (id, made.words(id))
    imported(place, "failed", X, [
        {"number": i, "params": {"x": 0.5, "y": 0.1}, "state": "FAIL", "reason": f"exit status {i % 2 + 1}"}
        for i in range(9)])
    made = page(place, "failed")
    assert "5exit status 10" in made.words("failures") and "4exit status 21" in made.words("failures")
    assert not made.figures("history") and len(made.figures("timeline")) == 1
    imported(place, "infinite", X, [trial(i, math.inf) for i in range(5)])
    made = page(place, "infinite")
    assert "All 5 COMPLETE trials have an infinite value" in made.words("history")
    assert "Trial 0: value inf" in made.words("best")
    imported(place, "mixed", X, [trial(i, math.inf if i % 3 else float(i)) for i in range(9)])
    made = page(place, "mixed")
    assert made.numbers("history", "point") == [0, 3, 6] and "6 trials with an infinite value" in made.words("history")


@test
def a_report_of_one_trial_has_its_pictures(place):
    imported(place, "one", X, [trial(0, 3.25)])
    made = page(place, "one")
    for id in ["history", "slices", "parallel", "timeline"]:
        assert made.figures(id), id
    assert "Fewer than two" in made.words("importance")


@test
def a_report_of_a_define_by_run_study_has_what_its_trials_asked_for(place):
    place.run(
        "run", *A, "--study-name", "d", "--space",
        '{"k": {"type": "categorical", "choices": ["a", "b"]},'
        ' "x": {"type": "float", "low": 0, "high": 1, "when": {"k": ["a"]}},'
        ' "n": {"type": "int", "low": 1, "high": 1000, "log": true, "when": {"k": ["b"]}}}',
        "-n", "30", "--seed", "1", "--strategy", "random", "--", "echo", "1.5").ok()
    listed = place.run("trials", *A, "-f", "json").json
    made = page(place)
    assert "inactive" in made.words("parallel")
    slices = made.figures("slices")
    for figure in slices:
        name = figure.get("aria-label").removeprefix("value by ")
        numbers = sorted(
            int(n) for path in figure.iter("{http://www.w3.org/2000/svg}path")
            for n in path.get("data-n").split())
        assert numbers == [t["number"] for t in listed if name in t["params"]], name
    assert len(slices) == 3
    # Discovered, without a declared space, as another program's trials are.
    imported(place, "undeclared", None, [
        {"number": 0, "params": {}, "value": 1, "state": "COMPLETE"}])
    assert "parameters0" in "".join(page(place, "undeclared").root.find(".//header").itertext())


@test
def a_report_shows_what_pruned_trials_reported(place):
    trials = []
    for i in range(20):
        steps = range(1, 4 if i % 4 == 3 else 11)
        trials.append(trial(
            i, 1 / (i + 1), intermediate={str(s): 1 / (i + 1) + 1 / s for s in steps},
            **({"state": "PRUNED"} if i % 4 == 3 else {})))
    imported(place, "p", X, trials)
    made = page(place)
    assert sorted(made.numbers("intermediate", "curve")) == list(range(20))
    pruned = [i for i in range(20) if i % 4 == 3]
    assert sorted(made.numbers("intermediate", "point")) == pruned, "their ends are marked"
    assert made.numbers("intermediate", "best-curve") == [18]
    assert sorted(made.numbers("history", "point")) == [i for i in range(20) if i not in pruned]


@test
def a_report_of_several_objectives_shows_each_pair_and_the_front(place):
    trials = []
    for i in range(60):
        one = trial(i, 0)
        del one["value"]
        x, y = one["params"]["x"], i / 60
        one["values"] = [x, (1 - x) ** 2 + y, -y]
        one["constraints"] = {"c": 1 if i % 10 == 9 else 0}
        trials.append(one)
    imported(place, "m", X, trials, directions=["minimize", "minimize", "maximize"])
    made = page(place, sections=SECTIONS + ["front"])
    assert len(made.figures("front")) == 3 and len(made.figures("history")) == 3
    assert len(made.figures("slices")) == 6
    front = [t["number"] for t in place.run("best", *A, "-f", "json").json]
    assert sorted(made.numbers("front", "front")) == sorted(front * 3)
    assert sorted(set(made.numbers("front", "infeasible"))) == [i for i in range(60) if i % 10 == 9]
    assert "value_2 (maximize)" in made.words("front")


@test
def a_report_of_a_long_and_wide_study_is_bounded(place):
    trials = [
        trial(
            i, math.sin(i) * 1e3 + 1e5 / (i + 1),
            state="PRUNED" if i % 8 == 1 else "COMPLETE", intermediate={"1": i, "2": 1.5},
            datetime_start=f"2026-11-23 {8 + i // 3600:02}:{i // 60 % 60:02}:{i % 60:02}",
            datetime_complete=f"2026-11-23 {8 + (i + 9) // 3600:02}:{(i + 9) // 60 % 60:02}:{(i + 9) % 60:02}")
        for i in range(2600)]
    imported(place, "long", X, trials)
    made = page(place, "long")
    drawn = made.numbers("history", "point") + made.numbers("history", "far")
    assert len(drawn) == 2000 == len(set(drawn)), len(drawn)
    assert place.run("best", *A, "--study-name", "long", "-f", "json").json["number"] in drawn
    assert "of 2275 COMPLETE trials" in made.words("parallel")
    names = [f"parameter {i} with a long name {'&<' * 40}" for i in range(300)]
    space = {name: {"type": "float", "low": 0, "high": 1} for name in names}
    imported(place, "wide", space, [{
        "number": t, "params": {name: (i * t) % 97 / 97 for i, name in enumerate(names)}, "value": t,
        "state": "COMPLETE"} for t in range(30)])
    made = page(place, "wide")
    assert len(made.figures("slices")) == 48 and "48 parameters of 300" in made.words("slices")
    assert "260 other parameters" in made.words("importance"), made.words("importance")


@test
def a_report_of_numbers_at_the_edge_of_what_numbers_can_be(place):
    space = {
        "n": {"type": "int", "low": -2 ** 63, "high": 2 ** 63 - 1},
        "f": {"type": "float", "low": -8e307, "high": 8e307}, "t": {"type": "float", "low": 0, "high": 5e-324},
        "l": {"type": "float", "low": 1e-300, "high": 1e300, "log": True},
        "one": {"type": "float", "low": 2, "high": 2}, "fixed": {"type": "fixed", "value": "<&"}}
    values = [1e308, -1e308, 1e-308, 5e-324, 0.0, -0.0, 1, -1, 1e17, 123456.789]
    imported(place, "edge", space, [
        {"number": i, "value": value, "state": "COMPLETE", "params": {
            "n": [-2 ** 63, 2 ** 63 - 1, 0][i % 3], "f": [-8e307, 8e307, 0][i % 3], "t": [0, 5e-324][i % 2],
            "l": 10.0 ** (60 * i - 290), "one": 2, "fixed": "<&"}} for i, value in enumerate(values)])
    made = page(place)
    assert len(made.figures("slices")) == 4
    for words in ["nan", "inf"]:
        assert not re.search(rf'(?:[xy]|cx|cy|d|width|height)\d?="[^"]*{words}', made.text), words


@test
def a_report_fails_in_one_line(place):
    place.run(*COS, "-n", "3", *A, "--study-name", "mine").ok()
    place.run("report", "mime", *A, "-o", "r.html").fails(1, 'no study "mime"', "attune studies")
    assert not os.path.exists(os.path.join(place.path, "r.html"))
    place.run("report", "mine", *A, "-o", "no/such/r.html").fails(1, "cannot write no/such/r.html", "No such file")
    place.run("report", "mine", *A, "-o", ".").fails(1, "cannot write .", "directory")
    place.run("report", "mine", *A, "--study-name", "other").fails(2, 'two studies are named, "mine" and "other"')
    place.run("report", "mine").fails(2, "no storage is given")
    place.run("report", "mine", "--storage", "b.db").fails(1, "b.db: no such file")
    place.run("report", "mine", *A, "-o", "/dev/full").fails(1, "cannot write /dev/full", "No space")
    Page(place.run("report", *A, env={"ATTUNE_STUDY": "mine"}).ok().out)
