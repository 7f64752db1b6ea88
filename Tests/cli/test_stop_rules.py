"""Stop rules: --stop-when of run and worker, stop_when of study files."""
from harness import test
from spaces import COS, LINE

#: Values that fall by 1 from 9 on, and values that rise.
FALLING = ("--", "sh", "-c", "echo $((9 - $ATTUNE_TRIAL_NUMBER))")
RISING = ("--", "sh", "-c", "echo $ATTUNE_TRIAL_NUMBER")


@test
def a_run_ends_when_nothing_improves_any_more(place):
    run = ("run", "--space", LINE, "--storage", "s.db", "--study-name", "s", "--stop-when", "no-improvement=6")
    place.run(*run, *RISING).ok().says(
        "7 trials", "ended by no_improvement: nothing better in 6 trials than 0.0 of trial 0")
    # It holds on the study as it is: going on makes no trial.
    report = place.run(*run, "--load-if-exists", "-f", "json", *RISING).ok().json
    assert report["stop_reason"] == "no_improvement", report
    assert report["stop_text"] == "nothing better in 6 trials than 0.0 of trial 0", report
    assert report["trials"]["complete"] == 0, report


@test
def the_first_rule_to_hold_ends_the_run(place):
    rules = ("--stop-when", "no-improvement=50", "--stop-when", "target=4", "--stop-when", "target=2")
    report = place.run("run", "--space", LINE, *rules, "-f", "json", *FALLING).ok().json
    assert report["stop_reason"] == "target" and report["stop_text"] == "trial 5 has 4.0, the target is 4.0", report
    assert report["trials"]["complete"] == 6, report
    # A target is no end by itself: the usual number of trials is.
    report = place.run(*COS, "--stop-when", "target=-2", "-f", "json").ok().json
    assert report["stop_reason"] == "n_trials" and report["trials"]["complete"] == 100, report
    report = place.run(*COS, "--direction", "maximize", "--stop-when", "target=0.5", "-f", "json").ok().json
    assert report["stop_reason"] == "target" and report["best"]["value"] >= 0.5, report


@test
def models_end_a_run_that_has_converged(place):
    for rule in ("regret-bound=0.05", "expected-improvement"):
        report = place.run(*COS, "--seed", "1", "-n", "90", "--stop-when", rule, "-f", "json").ok().json
        assert report["stop_reason"] == rule.split("=")[0].replace("-", "_"), report
        assert 20 <= report["trials"]["complete"] < 90 and report["best"]["value"] < -0.999, report


@test
def a_study_file_says_it_too(place):
    text = f"space: {LINE}\ncommand: [sh, -c, 'echo $ATTUNE_TRIAL_NUMBER']\nstudy_name: s\nstorage: f.db\n"
    place.file("one.yaml", text + "stop_when: no-improvement=4\n")
    place.run("run", "one.yaml").ok().says("5 trials", "no_improvement")
    place.file("two.yaml", text + "stop_when: [target=-1, 'no-improvement=2,min_delta=0.5']\n")
    place.run("run", "two.yaml", "--study-name", "two").ok().says("3 trials", "nothing better by more than 0.5")
    place.run("run", "two.yaml", "--study-name", "three", "--stop-when", "target=0").ok().says(
        "1 trial", "ended by target")
    place.file("bad.yaml", text + "stop_when: [target]\n")
    place.run("run", "bad.yaml", "--study-name", "four").fails(2, "target=0.01")
    place.file("worse.yaml", text + "stop_when: [targets=1]\n")
    place.run("run", "worse.yaml").fails(2, "worse.yaml:5", 'no stop rule "targets"', "target")


@test
def workers_of_one_study_end_together(place):
    worker = (
        "worker", "--space", LINE, "--study-name", "s", "--storage", "w.db", "--stop-when", "no-improvement=20",
        "--", "echo", "1")
    for process in [place.start(*worker) for _ in range(2)]:
        assert process.wait(timeout=120) == 0
    trials = place.run("trials", "--storage", "w.db", "-f", "json").ok().json
    # The first to end is the best; when twenty more have ended, the other may run one more.
    assert 21 <= len(trials) <= 22, len(trials)


@test
def errors_name_rule_found_and_wanted(place):
    cases = [
        ("no-improvment=3", 'no stop rule "no_improvment" (did you mean "no_improvement"?)', "regret_bound"),
        ("=3", "wanted a name"),
        ("no-improvement=3,5", 'found "5"', "key=value"),
    ]
    for rule, *texts in cases:
        place.run(*COS, "--stop-when", rule).fails(2, "--stop-when", *texts)
    cases = [
        ("no-improvement=0", 'stop rule no_improvement: option "patience" is 0, wanted int, 1 to'),
        ("target=good", 'stop rule target: option "value" is "good", wanted float'),
        ("target", "stop rule target: no value is given"),
        ("target=1,speed=2", 'unknown option "speed"', "value"),
    ]
    for rule, *texts in cases:
        place.run(*COS, "--stop-when", rule).fails(2, *texts)
    place.run(
        "run", "--space", LINE, "--directions", "minimize", "maximize", "--stop-when", "target=1",
        "--", "sh", "-c", "echo 1 2").fails(1, "stop rule target compares one value", "2 objectives")
    # What could not begin leaves no study behind.
    assert place.run("studies", "-f", "json").ok().json == []


@test
def the_rules_are_listed(place):
    place.run("stop-rules").ok().says("no_improvement", "target", "regret_bound", "expected_improvement")
    place.run("stop-rules", "no-improvement").ok().says("patience", "min_delta", "--stop-when no_improvement,key=value")
    place.run("run", "--help").ok().says("--stop-when", "no-improvement=50", "attune stop-rules")
