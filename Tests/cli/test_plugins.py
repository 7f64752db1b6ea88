"""plugin new, check, list, path, and running what they give."""
import os
import shutil

from harness import Skip, test


def skeleton(place, language, name="my-tool"):
    place.run("plugin", "new", "--lang", language, name).ok().says(name + "/Makefile")
    made = place.shell(f"cd {name} && make CFLAGS='-O1 -Werror -Wpedantic' CXXFLAGS='-O1 -Werror'")
    made.ok()
    return f"{name}/{name}.attune.so"


def works(place, plugin, identifier="com.example.my-tool"):
    place.run("plugin", "check", plugin).ok().says(
        "all well", identifier, "thread_safe", "repeatable", "intermediate")
    findings = place.run("plugin", "check", plugin, "-f", "json").ok().json
    assert findings["passed"] and all(f["passed"] for f in findings["findings"])
    report = place.run("run", plugin, "-n", "60", "-j", "4", "--seed", "1", "-f", "json").ok().json
    assert report["trials"] == {"complete": 60, "pruned": 0, "failed": 0}, report
    assert set(report["best"]["params"]) >= {"x", "rate", "shape"} and report["best"]["value"] < 3
    steps = report["best"]["intermediate"]
    assert len(steps) == 10, steps
    pruned = place.run("run", plugin, "-n", "60", "--seed", "1", "--pruner", "median").ok()
    pruned.says(" pruned")


@test
def a_new_plugin_in_c_works(place):
    works(place, skeleton(place, "c"))


@test
def a_new_plugin_in_cpp_works(place):
    plugin = skeleton(place, "cpp")
    works(place, plugin)
    place.run("run", plugin, "-n", "2", "--config", '{"centre": 2}').ok()
    place.run("run", plugin, "-n", "2", "--config", '{"center": 2}').ok(1).notes('unknown key "center"')


@test
def make_check_and_run_of_a_skeleton_work(place):
    skeleton(place, "c", "tool")
    place.shell("cd tool && make check && make run").ok().says("all well", "50 trials")


@test
def a_skeleton_overwrites_nothing(place):
    place.run("plugin", "new", "tool").ok()
    place.run("plugin", "new", "tool").fails(1, "tool/tool.c exists")
    place.run("plugin", "new", "tool", "--dir", "other").ok().says("other/tool.c")


@test
def plugins_are_found_by_id(place):
    plugin = skeleton(place, "c")
    folder = os.path.join(place.path, ".local/lib/attune/plugins")
    assert folder in place.run("plugin", "path").ok().out.splitlines()
    os.makedirs(folder)
    shutil.copy(os.path.join(place.path, plugin), folder)
    place.run("plugin", "list").ok().says("com.example.my-tool", "0.1.0", folder)
    place.run("run", "com.example.my-tool", "-n", "3").ok().says("Study com.example.my-tool")
    place.run("plugin", "check", "com.example.my-tool").ok()
    place.run("run", "com.example.my-tol", "-n", "3").ok(1).notes('did you mean "com.example.my-tool"?')
    env = {"ATTUNE_PLUGIN_PATH": os.path.join(place.path, "my-tool")}
    first = place.run("plugin", "list", "-f", "json", env=env).ok().json
    assert len(first) == 2 and first[1]["shadowed_by"], first


@test
def a_plugin_in_this_folder_needs_no_dot(place):
    skeleton(place, "c", "tool")
    place.run("run", "tool.attune.so", "-n", "2", cwd="tool").ok()


@test
def a_narrowed_space_and_fixed_values_are_taken(place):
    plugin = skeleton(place, "c")
    space = (
        '{"x": {"type": "float", "low": 0, "high": 2}, "rate": {"type": "fixed", "value": 0.01},'
        ' "shape": {"type": "categorical", "choices": ["bowl", "valley"]},'
        ' "depth": {"type": "int", "low": 1, "high": 8, "when": {"shape": ["valley"]}}}')
    report = place.run("run", plugin, "-n", "20", "--space", space, "-f", "json").ok().json
    assert report["best"]["params"]["rate"] == 0.01 and 0 <= report["best"]["params"]["x"] <= 2
    wrong = space.replace('"x"', '"y"')
    place.run("run", plugin, "-n", "2", "--space", wrong).ok(2).notes("attune: error: ")


@test
def a_plugin_that_crashes_is_reported_by_check(place):
    plugin = skeleton(place, "c")
    source = place.read("my-tool/my-tool.c").replace(
        "double loss = 0;", "double loss = *(volatile double *)0;")
    place.file("my-tool/my-tool.c", source)
    place.shell("cd my-tool && make CFLAGS=-O0").ok()
    place.run("plugin", "check", plugin).ok(1).notes("attune: error: ", "crashed", "Segmentation fault")


@test
def a_plugin_that_breaks_its_promise_fails_the_check(place):
    plugin = skeleton(place, "c")
    source = place.read("my-tool/my-tool.c").replace(
        "eval->values[0] = loss;", "static int calls; eval->values[0] = loss + calls++;")
    place.file("my-tool/my-tool.c", source)
    place.shell("cd my-tool && make").ok()
    place.run("plugin", "check", plugin).ok(1).says("FAIL", "repeatable", "problem")


@test
def a_file_that_is_no_plugin_is_refused(place):
    place.file("text.attune.so", "no library")
    place.run("plugin", "check", "text.attune.so").ok(1).says("FAIL", "1 problem")
    place.run("run", "./text.attune.so").fails(1, "text.attune.so")


@test
def a_new_plugin_in_swift_works(place):
    if not shutil.which("swiftc"):
        raise Skip("swiftc is missing")
    works(place, skeleton(place, "swift"))
