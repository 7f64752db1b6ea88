"""The bar on a terminal, and signals."""
import os
import pty
import re
import select
import signal
import struct
import subprocess
import time

from harness import test
from spaces import COS, LINE


def on_terminal(place, *arguments, columns=80, env=None, timeout=60):
    """Standard error is a terminal; gives what it got, standard output and the status."""
    import fcntl
    import termios
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    process = subprocess.Popen(
        [place.binary, *arguments], cwd=place.path, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=slave, env={**place.environment, "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8", **(env or {})})
    os.close(slave)
    drawn = b""
    end = time.time() + timeout
    while time.time() < end:
        if select.select([master], [], [], 0.1)[0]:
            try:
                data = os.read(master, 65536)
            except OSError:
                break
            if not data:
                break
            drawn += data
    out = process.stdout.read().decode()
    os.close(master)
    return drawn.decode(), out, process.wait(timeout=timeout)


def screens(drawn):
    return [s for s in re.split(r"\r|\x1b\[K|\n", drawn) if s.strip()]


@test
def a_bar_shows_best_value_count_and_time(place):
    drawn, out, status = on_terminal(
        place, "run", "--space", LINE, "-n", "8", "--", "sh", "-c", "sleep 0.15; echo 0.25")
    assert status == 0 and "Best trial 0" in out, (drawn, out)
    bars = [s for s in screens(drawn) if "|" in s]
    assert len(bars) >= 5, drawn
    assert re.fullmatch(
        r"Best trial: 0\. Best value: 0\.25: 100%\|█+\| 8/8 \[00:0\d<00:00, .*\] *", bars[-1]), bars[-1]
    assert re.match(r"(Best trial: 0\. Best value: 0\.25: )?\d+%\|[█▏▎▍▌▋▊▉ ]+\| \d/8 \[00:0\d<", bars[2])
    assert "Trial 0 finished" not in drawn, "lines and bar exclude each other"
    assert "Next:" in drawn


@test
def a_bar_fits_the_terminal(place):
    for columns in (40, 60, 120):
        drawn, _, status = on_terminal(place, *COS, "-n", "200", columns=columns)
        assert status == 0
        bars = [s for s in screens(drawn) if "/200 [" in s or "%" in s]
        assert bars and all(len(b.rstrip()) < columns for b in bars), (columns, bars)
    drawn, _, _ = on_terminal(place, *COS, "-n", "20", env={"LC_ALL": "C", "LANG": "C"})
    assert "#" in drawn and "█" not in drawn, drawn


@test
def a_bar_is_drawn_at_most_ten_times_a_second(place):
    start = time.time()
    drawn, _, status = on_terminal(place, *COS, "-n", "20000")
    assert status == 0
    assert drawn.count("\x1b[K") <= 12 * (time.time() - start + 1), drawn.count("\x1b[K")


@test
def the_clock_of_the_bar_goes_on_during_a_long_trial(place):
    drawn, _, _ = on_terminal(
        place, "run", "--space", LINE, "-n", "1", "--", "sh", "-c", "sleep 2.2; echo 1")
    assert "[00:01<" in drawn and "[00:02<" in drawn, drawn


@test
def failures_stand_above_the_bar(place):
    drawn, _, status = on_terminal(place, "run", "--space", LINE, "-n", "3", "--", "false")
    assert status == 3 and "trial 0 failed: command false: exit status 1" in drawn, drawn
    assert "3 failed" in drawn


def interrupt(place, number, wait_for):
    run = place.start(
        "run", "--space", LINE, "-n", "1000", "--storage", "a.db", "--study-name", "s", "--", "sh",
        "-c", "touch begun-$ATTUNE_TRIAL_NUMBER; sleep 0.5; echo 1; touch done-$ATTUNE_TRIAL_NUMBER")
    end = time.time() + 30
    while time.time() < end and not os.path.exists(os.path.join(place.path, wait_for)):
        time.sleep(0.02)
    run.send_signal(number)
    return run


@test
def ctrl_c_ends_after_the_running_trial_and_keeps_everything(place):
    for number, status in ((signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)):
        for name in os.listdir(place.path):
            os.unlink(os.path.join(place.path, name))
        run = interrupt(place, number, "begun-1")
        out, err = run.communicate(timeout=30)
        assert run.returncode == status, (status, run.returncode, out, err)
        assert "ending after the running trials" in err and "interrupted" in out, (out, err)
        assert os.path.exists(os.path.join(place.path, "done-1")), "the running trial comes to its end"
        trials = place.run("trials", "--storage", "a.db", "-f", "json").ok().json
        assert [t["state"] for t in trials] == ["COMPLETE"] * len(trials) and len(trials) == 2, trials
        assert "Best trial 0" in out


@test
def a_second_ctrl_c_kills(place):
    run = place.start(
        "run", "--space", LINE, "-n", "10", "--storage", "a.db", "--study-name", "s", "--", "sh",
        "-c", "touch begun; exec sleep 120.7531")
    end = time.time() + 30
    while time.time() < end and not os.path.exists(os.path.join(place.path, "begun")):
        time.sleep(0.02)
    run.send_signal(signal.SIGINT)
    time.sleep(0.3)
    assert run.poll() is None, "the first one waits for the running trial"
    start = time.time()
    run.send_signal(signal.SIGINT)
    run.communicate(timeout=30)
    # The run may come to its end while the program is being ended.
    assert run.returncode in (-signal.SIGINT, 130) and time.time() - start < 5, run.returncode
    time.sleep(0.3)
    left = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True).stdout
    assert "sleep 120.7531" not in left, "no program is left behind"


@test
def an_interrupted_study_goes_on(place):
    run = interrupt(place, signal.SIGINT, "begun-1")
    run.communicate(timeout=30)
    place.run(
        "run", "--space", LINE, "-n", "2", "--storage", "a.db", "--study-name", "s",
        "--load-if-exists", "--", "echo", "0").ok()
    trials = place.run("trials", "--storage", "a.db", "-f", "json").json
    assert [t["number"] for t in trials] == list(range(len(trials))) and len(trials) == 4
