"""What is refused, in one line with a hint and the right status."""
import os

from harness import test
from spaces import COS, LINE


@test
def mistakes_of_the_command_line_have_status_2(place):
    cases = [
        (["runn"], 'no command "runn" (did you mean "run"?)'),
        (["run", "--n-trails", "3"], "(did you mean '--n-trials'?)"),
        (["run"], "no objective is given"),
        (["run", "--native", "libm.so.6", "--space", LINE], "--native lacks --call"),
        ([*COS, "-n", "-1"], "-n"),
        ([*COS, "-j", "0"], "--n-jobs is 0, wanted 1 or more"),
        ([*COS, "--timeout", "soon"], '--timeout is "soon", wanted seconds above 0'),
        ([*COS, "--direction", "minimise"], 'did you mean "minimize"?'),
        ([*COS, "--direction", "minimize", "--directions", "minimize"], "wanted one of them"),
        ([*COS, "--strategy", "gird"], 'did you mean "grid"?'),
        ([*COS, "--pruner", "meadian"], 'did you mean "median"?'),
        ([*COS, "-o", "x"], "wanted key=value"),
        ([*COS, "-o", "x=1"], 'unknown option "x"'),
        ([*COS, "--strategy-options", "{"], "--strategy-options: line 1"),
        ([*COS, "--duplicates", "never"], "wanted allow or avoid or reuse"),
        ([*COS, "--on-failure", "halt"], "wanted continue, stop or retry=N"),
        ([*COS, "--seed", "x"], "--seed is \"x\""),
        ([*COS, "--progress", "loud"], "'loud'"),
        ([*COS, "--trial-timeout", "3"], "wanted --isolate process"),
        ([*COS, "--config", "{}"], "wanted a plugin with it"),
        ([*COS, "--", "echo", "1"], "wanted one objective"),
        ([*COS, "-f", "xml"], "'xml'"),
        (["tell", "--storage", "a.db"], "--trial-number"),
        (["worker", "--study", "s", "./a.attune.so"], "no storage is given, wanted the one that all workers reach"),
        (["worker", "--storage", "a.db", "./a.attune.so"], "no study is named"),
        (["tell", "--storage", "a.db", "--trial-number", "1"], "neither --values nor --state"),
        (["tell", "--storage", "a.db", "--trial-number", "1", "--values", "a"], "wanted numbers"),
        (["ask", "--storage", "a.db"], "no space is given to create it"),
        (["importance", "--method", "fanoba"], 'did you mean "fanova"?'),
        (["strategies", "tpee"], "no strategy"),
        (["space", "check", "missing.yaml"], "cannot read missing.yaml: No such file or directory"),
        (["space", "check", "/"], "cannot read /"),
        (["plugin", "new", "9lives"], "a letter first"),
        (["plugin", "new", "--lang", "rust", "x"], "'rust'"),
    ]
    for arguments, text in cases:
        result = place.run(*arguments)
        result.fails(2, text)


@test
def errors_about_a_missing_storage_name_option_and_variable(place):
    for command in ["best", "trials", "studies", "show", "export"]:
        place.run(command).fails(2, "this folder has no study.db", "--storage FILE", "ATTUNE_STORAGE")
    place.run("ask").fails(2, "study.db has no study, and no space is given")
    assert not os.listdir(place.path)


@test
def a_missing_file_is_named_with_those_that_are_there(place):
    for command in (["best"], ["studies"], ["storage", "info"], ["storage", "check"], ["delete-study"], ["export"],
                    ["tell", "--trial-number", "0", "--values", "1"], ["enqueue", '{"x": 1}']):
        place.run(*command, "--storage", "none.db").fails(
            1, "none.db: no such file (hint: attune run ... --storage none.db makes it)")
        place.run(*command, "--storage", "nowhere/none.db").fails(1, "there is no folder nowhere")
    place.run(*COS, "-n", "1", "--storage", "one.db").ok()
    place.run("best", "--storage", "none.db").fails(1, "none.db: no such file (hint: there is one.db)")
    place.run("best").fails(2, "this folder has no study.db (hint: there is one.db)")


@test
def other_errors_have_status_1(place):
    place.run("best", "--storage", "missing.db").ok(1).notes("attune: error: ")
    place.run("run", "./missing.attune.so").fails(1, "missing.attune.so")
    place.run("run", "--native", "libnope.so.1", "--call", "f64 f(f64 x)", "--space", LINE).fails(
        1, "libnope.so.1")
    place.run("best", "--storage", "sqlite:///x.db").ok(1).notes("attune: error: ")


@test
def a_wrong_signature_is_refused_before_the_first_trial(place):
    native = ["run", "--native", "libm.so.6", "--space", LINE]
    place.run(*native, "--call", "f64 cos(f64 y)").ok(2).notes("attune: error: ", "y")
    place.run(*native, "--call", "f64 cos(quux x)").ok(2).notes("attune: error: ", "quux")
    place.run(*native, "--call", "f64 no_such_function(f64 x)").ok(1).notes("no_such_function")


@test
def malformed_spaces_are_refused_with_name_found_and_wanted(place):
    cases = [
        ('{"x": {"type": "float", "low": 2, "high": 1}}', 'parameter "x": low is 2', "high"),
        ('{"x": {"type": "float", "low": 0, "high": 1, "log": true}}', '"x"', "more than 0"),
        ('{"x": {"type": "flaot", "low": 0, "high": 1}}', '"x"', "flaot"),
        ('{"x": {"type": "float", "low": 0, "hihg": 1}}', '"x"', "hihg"),
        ('{"x": {"type": "categorical", "choices": []}}', '"x"', "at least one"),
        ('{"x": {"type": "int", "low": 1, "high": 2, "when": {"y": [1]}}}', '"x"', '"y"'),
        ('{"x": 3}', '"x"', "wanted"),
        ('{"x": ', "--space: line 1", "expected"),
        ("[1]", "cannot read [1]", ""),
    ]
    for space, *texts in cases:
        place.run("space", "check", space).fails(2, *texts)


@test
def help_goes_to_standard_output_and_names_the_statuses(place):
    help_text = place.run("--help").ok()
    help_text.says("EXIT STATUS", "130", "ATTUNE_STORAGE", "--generate-completion-script")
    assert help_text.err == ""
    for command in [
        "run", "ask", "tell", "best", "trials", "studies", "show", "export", "import", "enqueue",
        "plugin", "strategies", "pruners", "stop-rules", "space", "version",
    ]:
        place.run(command, "--help").ok().says("USAGE: attune " + command)
        place.run("help", command).ok().says("USAGE: attune " + command)
    run = place.run("run", "--help").ok()
    run.says("--trial-timeout", "nothing can end it when it", "--load-if-exists", "--n-trials")
    assert max(len(line) for line in run.out.splitlines()) <= 110
    place.run("--version").ok().says("0.1.0")
    place.run("version").ok().says("attune 0.1.0")


@test
def completions_are_written_for_three_shells(place):
    for shell in ["bash", "zsh", "fish"]:
        script = place.run("--generate-completion-script", shell).ok().says("load-if-exists")
        place.file("script." + shell, script.out)
    place.shell("bash -n script.bash").ok()


@test
def the_man_page_is_made_from_the_help(place):
    page = place.run("manual").ok().says(".TH ATTUNE 1", "attune plugin check", "\\-\\-n\\-trials")
    for line in page.out.splitlines():
        assert not line.startswith(". "), line
    place.file("attune.1", page.out)
    if place.shell("command -v man").status == 0:
        checked = place.shell("man --warnings -l attune.1 2>&1 >/dev/null")
        assert checked.out == "", checked


@test
def log_messages_follow_ATTUNE_LOG(place):
    place.run(*COS, "-n", "1", env={"ATTUNE_LOG": "loud"}).fails(2, 'ATTUNE_LOG is "loud"')
    place.run(*COS, "-n", "1", env={"ATTUNE_LOG": "off"}).ok()
