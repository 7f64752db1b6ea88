/* The warden: the parent of a worker, and what ends the processes that a worker leaves. */
#if !defined(_GNU_SOURCE)
#define _GNU_SOURCE
#endif
#include "worker.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/select.h>
#include <sys/wait.h>
#include <unistd.h>

enum { ASK_TERMINATE = 'T', ASK_KILL = 'K' };
/* Rounds of ten milliseconds in which nothing that was killed has ended: such a process is the system's. */
enum { IDLE_ROUNDS = 500 };

/* ---- the host's end ------------------------------------------------------------------------------ */

void attune_warden_wake(int32_t warden) { kill((pid_t)warden, SIGCONT); }

void attune_warden_ask(int line, int32_t warden, int kills) {
  attune_warden_wake(warden);
  char byte = kills ? ASK_KILL : ASK_TERMINATE;
  (void)attune_channel_send(line, &byte, 1, 0);
}

void attune_warden_end(int32_t warden) { kill((pid_t)warden, SIGKILL); }

int attune_warden_hear(int line, attune_warden_word *out) {
  return attune_channel_receive(line, out, sizeof *out, 0) == (ssize_t)sizeof *out;
}

/* ---- the warden's end ---------------------------------------------------------------------------- */

static void on_child(int number) { (void)number; }

static void say(const attune_warden_word *word) {
  (void)attune_channel_send(ATTUNE_WORKER_LINE, word, sizeof *word, 0);
}

/* Nothing but SIGKILL is to end it, and the end of a child is to interrupt its waits. */
static void settle(void) {
  for (int descriptor = 0; descriptor < ATTUNE_WORKER_LINE; descriptor++) close(descriptor);
  static const int ignored[] = {SIGHUP,  SIGINT,  SIGQUIT, SIGTERM, SIGPIPE, SIGUSR1,
                                SIGUSR2, SIGALRM, SIGTSTP, SIGTTIN, SIGTTOU, SIGXCPU};
  for (size_t i = 0; i < sizeof ignored / sizeof ignored[0]; i++) signal(ignored[i], SIG_IGN);
  struct sigaction action;
  memset(&action, 0, sizeof action);
  action.sa_handler = on_child;
  sigaction(SIGCHLD, &action, NULL);
}

/* Takes the status of children that have ended, but for the worker's; whether the worker is among them. */
static int reap_others(pid_t worker, int *out_count) {
  for (;;) {
    siginfo_t info;
    memset(&info, 0, sizeof info);
    if (waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) != 0 || info.si_pid == 0) return 0;
    if (info.si_pid == worker) return 1;
    (void)waitpid(info.si_pid, NULL, WNOHANG);
    *out_count += 1;
  }
}

/* Waits for a word of the host at most so long, or the end of a child. */
static int is_asked(int line, long microseconds, const sigset_t *usual) {
  fd_set set;
  FD_ZERO(&set);
  if (line >= 0) FD_SET(line, &set);
  struct timespec limit = {microseconds / 1000000, (microseconds % 1000000) * 1000};
  return pselect(line + 1, &set, NULL, NULL, microseconds < 0 ? NULL : &limit, usual) > 0;
}

/* Does what the host asks; 0 when the host is gone. */
static int serve(pid_t worker) {
  char byte = 0;
  ssize_t count = attune_channel_receive(ATTUNE_WORKER_LINE, &byte, 1, 0);
  if (count == -EAGAIN) return 1;
  /* The worker has not been waited for: its group is no other's. */
  kill(-worker, count == 1 && byte == ASK_TERMINATE ? SIGTERM : SIGKILL);
  return count == 1;
}

/* Ends what the worker left: all that came to this process when their parents went, whatever group they are in. What
 * is killed is a child not waited for yet, so that its id is no other's. */
static void end_the_rest(const sigset_t *usual) {
  for (int idle = 0; idle < IDLE_ROUNDS; idle++) {
    int ended = 0;
    (void)reap_others(-1, &ended);
    if (ended > 0) idle = 0;
    siginfo_t info;
    if (waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) != 0 && errno == ECHILD) return;
    if (attune_kill_children() <= 0) return;
    (void)is_asked(-1, 10000, usual);
  }
}

/* Closing `go` lets the worker begin: its lines are open nowhere else by then, so that its end shows even if the objective
 * stops this process. */
static void keep_watch(pid_t worker, const sigset_t *usual, int go) {
  attune_warden_word word;
  memset(&word, 0, sizeof word);
  word.worker = (int32_t)worker;
  settle();
  close(go);
  say(&word);
  int line = ATTUNE_WORKER_LINE;
  int ignored = 0;
  while (!reap_others(worker, &ignored)) {
    if (is_asked(line, -1, usual) && !serve(worker)) line = -1;
  }
  kill(-worker, SIGKILL);
  int status = 0;
  struct rusage usage;
  memset(&usage, 0, sizeof usage);
  (void)wait4(worker, &status, 0, &usage);
  word.has_ended = 1;
  word.signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
  word.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : 0;
  word.usage = attune_usage_from(&usage);
  say(&word);
  end_the_rest(usual);
}

int attune_warden_begin(void) {
  /* What the host has open without meaning it for children must not stay open here as long as the worker lives. */
  attune_close_all(ATTUNE_WORKER_LINE + 1);
  attune_adopt_orphans();
  int go[2];
  if (pipe(go) != 0) return errno;
  sigset_t child, usual;
  sigemptyset(&child);
  sigaddset(&child, SIGCHLD);
  sigprocmask(SIG_BLOCK, &child, &usual);
  /* This process has one thread yet. */
  pid_t worker = fork();
  if (worker < 0) return errno;
  if (worker > 0) {
    setpgid(worker, worker);
    close(go[0]);
    keep_watch(worker, &usual, go[1]);
    _exit(0);
  }
  setpgid(0, 0);
  close(go[1]);
  char nothing;
  while (read(go[0], &nothing, 1) < 0 && errno == EINTR) continue;
  close(go[0]);
  sigprocmask(SIG_SETMASK, &usual, NULL);
  return 0;
}
