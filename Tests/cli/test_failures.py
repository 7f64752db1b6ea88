"""What happens to the file of a study: full disks, missing rights, damage, other versions, locks."""
import os
import shutil
import sqlite3
import subprocess

from harness import Skip, test
from spaces import COS, LINE

A = ["--storage", "a.db"]
RANDOM = ["--strategy", "random", "--progress", "none"]


def nobody(place, *arguments):
    """Runs the command as a user who may read everything here and write nothing."""
    if os.geteuid() != 0:
        return place.run(*arguments)
    if not shutil.which("setpriv"):
        raise Skip("no setpriv")
    os.chmod(place.path, 0o755)
    who = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
    if subprocess.run([*who, place.binary, "--version"], capture_output=True).returncode != 0:
        raise Skip("another user cannot run the program where it lies")
    from harness import Result
    done = subprocess.run([*who, place.binary, *arguments], cwd=place.path, capture_output=True, text=True,
                          timeout=120, env=place.environment, stdin=subprocess.DEVNULL)
    return Result(arguments, done.returncode, done.stdout, done.stderr)


@test
def a_full_disk_ends_a_run_with_a_clear_text_and_loses_nothing(place):
    folder = os.path.join(place.path, "small")
    os.mkdir(folder)
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=6m", "tmpfs", folder], capture_output=True).returncode:
        raise Skip("a small disk needs the right to mount one")
    try:
        run = [*COS, *RANDOM, "--storage", "small/a.db", "--study-name", "s"]
        place.run(*run, "-n", "20000").fails(1, "small/a.db: no space is left to write to")
        subprocess.run(["mount", "-o", "remount,size=20m", folder], check=True)
        place.run("storage", "check", "--storage", "small/a.db", "--repair").ok()
        kept = place.run("trials", "--storage", "small/a.db", "-f", "json").ok().json
        assert [t["number"] for t in kept] == list(range(len(kept))) and len(kept) > 50, len(kept)
        place.run(*run, "-n", "3", "--load-if-exists").ok()
        again = place.run("trials", "--storage", "small/a.db", "-f", "json").ok().json
        # The trial that ran when the disk was full, if its claim found room, is the only one that the repair gives up;
        # if it had its point, that is tried again.
        whole = [t for t in kept if t["state"] == "COMPLETE"]
        lost = [t for t in again if t["state"] != "COMPLETE"]
        assert again[:len(whole)] == whole and [t["number"] for t in again] == list(range(len(again))), again[-4:]
        assert len(again) - len(lost) == len(whole) + 3, again[-4:]
        assert [(t["state"], t["reason"]) for t in lost] in ([], [("FAIL", "worker lost")]), lost
    finally:
        subprocess.run(["umount", "-l", folder], check=True)


@test
def a_limit_on_the_size_of_files_is_no_crash(place):
    run = [*COS, *RANDOM, *A, "-n", "3", "--study-name"]
    place.run(*run, "s").ok()
    size = os.path.getsize(os.path.join(place.path, "a.db")) // 512
    words = " ".join(f"'{word}'" for word in [*COS, *RANDOM, *A, "--study-name", "s", "--load-if-exists"])
    limited = place.shell(f"ulimit -f {size + 200}; attune {words} -n 20000")
    limited.fails(1, "a.db: no space is left to write to (File too large)")
    place.run("storage", "check", *A, "--repair").ok()
    place.run(*run, "s", "--load-if-exists").ok()


@test
def a_file_that_may_not_be_written_is_named(place):
    place.run(*COS, *RANDOM, "-n", "3").ok()
    os.chmod(os.path.join(place.path, "study.db"), 0o444)
    os.chmod(place.path, 0o555)
    try:
        text = "study.db: cannot be written: the file or its folder is read-only"
        nobody(place, *COS, *RANDOM, "-n", "3").fails(1, text, "--storage FILE keeps the study elsewhere")
        nobody(place, *COS, *RANDOM, "-n", "3", "--load-if-exists").fails(1, text)
        nobody(place, "ask").fails(1, text)
        nobody(place, "enqueue", '{"x": 1}').fails(1, text)
    finally:
        os.chmod(place.path, 0o755)


@test
def a_folder_that_may_not_be_written_is_named(place):
    os.chmod(place.path, 0o555)
    try:
        nobody(place, *COS, *RANDOM, "-n", "3").fails(
            1, "study.db: cannot be made: the folder . may not be written (Permission denied)", "--storage FILE keeps the study elsewhere")
        nobody(place, *COS, *RANDOM, "-n", "3", "--storage", "memory:").ok()
    finally:
        os.chmod(place.path, 0o755)


@test
def a_file_that_is_deleted_during_a_run_ends_it(place):
    place.run("run", "--space", LINE, *A, *RANDOM, "-n", "9", "--", "sh", "-c",
              "[ {$number} != 3 ] || rm a.db; echo 1").fails(
        1, "a.db: the file was deleted or moved while the study was open")
    assert not os.path.exists(os.path.join(place.path, "a.db"))


@test
def damage_is_named_and_found_by_a_check(place):
    place.run(*COS, *RANDOM, *A, "-n", "200").ok()
    connection = sqlite3.connect(os.path.join(place.path, "a.db"))
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    path = os.path.join(place.path, "a.db")
    with open(path, "r+b") as file:
        file.seek(8192)
        file.write(b"\xa5" * (os.path.getsize(path) - 8192))
    place.run("best", *A).fails(1, "a.db: the file is damaged: ")
    place.run(*COS, *RANDOM, *A, "-n", "1", "--load-if-exists").fails(1, "a.db: the file is damaged: ")
    assert place.run("storage", "check", *A).status == 1
    place.file("b.db", "this is a text, and a long one at that\n" * 40)
    place.run("best", "--storage", "b.db").fails(1, "b.db: is no SQLite database")


@test
def other_versions_are_named_with_the_one_wanted(place):
    for statement, text in (
            ("UPDATE alembic_version SET version_num = 'v9.9.0.a'",
             "its tables have version v9.9.0.a, wanted v3.2.0.a: a newer Optuna or Attune made them"),
            ("UPDATE alembic_version SET version_num = 'v3.0.0.d'", "optuna storage upgrade"),
            ("UPDATE attune_studies SET format = 7", "newer Attune: format 7, wanted at most 1")):
        place.run(*COS, *RANDOM, *A, "-n", "2").ok()
        with sqlite3.connect(os.path.join(place.path, "a.db")) as connection:
            connection.execute(statement)
        place.run("best", *A).fails(1, "a.db: ", text)
        place.run(*COS, *RANDOM, *A, "--study-name", "cos", "-n", "2", "--load-if-exists").fails(1, "a.db: ", text)
        for ending in ("", "-wal", "-shm"):
            if os.path.exists(os.path.join(place.path, "a.db" + ending)):
                os.unlink(os.path.join(place.path, "a.db" + ending))


@test
def a_lock_that_another_program_holds_is_named(place):
    place.run(*COS, *RANDOM, *A, "-n", "2").ok()
    holder = sqlite3.connect(os.path.join(place.path, "a.db"), isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    soon = ["--storage", "sqlite:///a.db?timeout=0.3"]
    place.run("ask", *soon).fails(1, "a.db: another process holds the file locked for longer than the timeout")
    place.run(*COS, *RANDOM, *soon, "-n", "2", "--load-if-exists").fails(1, "another process holds the file locked")
    holder.execute("ROLLBACK")
    holder.close()
    place.run("ask", *soon).ok()
