#if !defined(_GNU_SOURCE)
#define _GNU_SOURCE
#endif
#include "worker.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#if defined(__APPLE__)
#include <libproc.h>
#include <sys/resource.h>
#endif

#if !defined(MSG_NOSIGNAL)
#define MSG_NOSIGNAL 0
#endif

/* Moves a descriptor above those that spawning places. */
static int lift(int end) {
  if (end >= 16) return end;
  int lifted = fcntl(end, F_DUPFD_CLOEXEC, 16);
  int error = errno;
  close(end);
  errno = error;
  return lifted;
}

static int make_pair(int ends[2]) {
#if defined(__linux__)
  if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) == 0) return 0;
  return socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends);
#else
  if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends) != 0) return -1;
  for (int end = 0; end < 2; end++) {
    fcntl(ends[end], F_SETFD, FD_CLOEXEC);
#if defined(SO_NOSIGPIPE)
    int on = 1;
    setsockopt(ends[end], SOL_SOCKET, SO_NOSIGPIPE, &on, sizeof on);
#endif
  }
  return 0;
#endif
}

int attune_channel(int out_ends[2]) {
  if (make_pair(out_ends) != 0) return errno;
  for (int end = 0; end < 2; end++) {
    out_ends[end] = lift(out_ends[end]);
    if (out_ends[end] < 0) {
      int error = errno;
      close(out_ends[1 - end]);
      return error;
    }
  }
  return 0;
}

ssize_t attune_channel_send(int channel, const void *bytes, size_t count, int waits) {
  ssize_t result;
  do {
    result = send(channel, bytes, count, MSG_NOSIGNAL | (waits ? 0 : MSG_DONTWAIT));
  } while (result < 0 && errno == EINTR);
  if (result >= 0) return result;
  return errno == EWOULDBLOCK ? -EAGAIN : -errno;
}

ssize_t attune_channel_receive(int channel, void *bytes, size_t capacity, int waits) {
  ssize_t result;
  do {
    result = recv(channel, bytes, capacity, waits ? 0 : MSG_DONTWAIT);
  } while (result < 0 && errno == EINTR);
  if (result >= 0) return result;
  return errno == EWOULDBLOCK ? -EAGAIN : -errno;
}

double attune_child_cpu_seconds(int32_t pid) {
#if defined(__APPLE__)
  struct rusage_info_v2 info;
  if (proc_pid_rusage(pid, RUSAGE_INFO_V2, (rusage_info_t *)&info) != 0) return -1;
  return (double)(info.ri_user_time + info.ri_system_time) * 1e-9;
#else
  clockid_t clock;
  struct timespec time;
  if (clock_getcpuclockid((pid_t)pid, &clock) != 0 || clock_gettime(clock, &time) != 0) return -1;
  return (double)time.tv_sec + (double)time.tv_nsec * 1e-9;
#endif
}

int attune_private_folder(char *buffer, size_t capacity) {
  const char *base = attune_safe_getenv("TMPDIR");
  if (base == NULL || base[0] != '/') base = "/tmp";
  if (snprintf(buffer, capacity, "%s/attune-worker-XXXXXX", base) >= (int)capacity) return ENAMETOOLONG;
  return mkdtemp(buffer) == NULL ? errno : 0;
}

static int remove_entry(const char *path, const struct stat *facts, int kind, struct FTW *place) {
  (void)facts, (void)kind, (void)place;
  /* What cannot be removed stays; the rest is still gone through. */
  (void)remove(path);
  return 0;
}

void attune_remove_folder(const char *path) { nftw(path, remove_entry, 16, FTW_DEPTH | FTW_PHYS | FTW_MOUNT); }

/* ---- the worker's end ---------------------------------------------------------------------------- */

void attune_close_all(int first) {
  if (attune_close_from(first)) return;
  long limit = sysconf(_SC_OPEN_MAX);
  if (limit < 0 || limit > 65536) limit = 65536;
  for (int descriptor = first; descriptor < limit; descriptor++) close(descriptor);
}

/* What the worker's two lines are, to tell them from what an objective may open in their places. */
static struct stat lines[2];

/* In a process that the objective forked: the lines are the worker's alone. Held there they would hide its end. */
static void leave_lines(void) {
  for (int line = 0; line < 2; line++) {
    int descriptor = ATTUNE_WORKER_CHANNEL + line;
    struct stat facts;
    if (fstat(descriptor, &facts) != 0 || facts.st_ino != lines[line].st_ino || facts.st_dev != lines[line].st_dev)
      continue;
    close(descriptor);
    /* What is sent there fails, whatever this process opens next. */
    int nothing = open("/dev/null", O_RDWR | O_CLOEXEC);
    if (nothing < 0 || nothing == descriptor) continue;
    (void)dup2(nothing, descriptor);
    close(nothing);
  }
}

void attune_worker_begin(void) {
  attune_close_all(ATTUNE_WORKER_CONTROL + 1);
  if (fstat(ATTUNE_WORKER_CHANNEL, &lines[0]) == 0 && fstat(ATTUNE_WORKER_CONTROL, &lines[1]) == 0)
    (void)pthread_atfork(NULL, NULL, leave_lines);
  fcntl(ATTUNE_WORKER_CHANNEL, F_SETFD, FD_CLOEXEC);
  fcntl(ATTUNE_WORKER_CONTROL, F_SETFD, FD_CLOEXEC);
  setvbuf(stdout, NULL, _IOLBF, 0);
}

int attune_worker_limit(int limit, uint64_t value) {
  int resource;
  switch (limit) {
#if defined(__linux__)
  case ATTUNE_LIMIT_MEMORY: resource = RLIMIT_DATA; break;
#else
  case ATTUNE_LIMIT_MEMORY: resource = RLIMIT_AS; break;
#endif
  case ATTUNE_LIMIT_FILES: resource = RLIMIT_NOFILE; break;
  case ATTUNE_LIMIT_STACK: resource = RLIMIT_STACK; break;
  default: return EINVAL;
  }
  struct rlimit limits;
  if (getrlimit(resource, &limits) != 0) return errno;
  if (limits.rlim_max != RLIM_INFINITY && value > limits.rlim_max) return EPERM;
  limits.rlim_cur = (rlim_t)value;
  /* The hard limit too, so that an objective cannot raise it again. */
  limits.rlim_max = (rlim_t)value;
  return setrlimit(resource, &limits) == 0 ? 0 : errno;
}

/* What the handler below needs, written before it is installed. */
static char overflow_record[64];
static size_t overflow_size;
static uintptr_t stack_top;
static uintptr_t stack_limit;

static void on_fault(int number, siginfo_t *info, void *context) {
  (void)context;
  uintptr_t address = (uintptr_t)info->si_addr;
  uintptr_t depth = address < stack_top ? stack_top - address : 0;
  /* Past the end by less than a huge frame: nothing else lies there. */
  if (depth > stack_limit - stack_limit / 4 && depth < stack_limit + ((uintptr_t)64 << 20))
    (void)attune_channel_send(ATTUNE_WORKER_CHANNEL, overflow_record, overflow_size, 0);
  /* A fault comes again, now with its usual end; a signal that was sent has to be sent again. */
  signal(number, SIG_DFL);
  if (info->si_code <= 0) raise(number);
}

void attune_worker_watch_stack(const void *record, size_t size) {
  struct rlimit limits;
  if (size > sizeof overflow_record || getrlimit(RLIMIT_STACK, &limits) != 0) return;
  if (limits.rlim_cur == RLIM_INFINITY) return;
  memcpy(overflow_record, record, size);
  overflow_size = size;
  stack_top = (uintptr_t)__builtin_frame_address(0);
  stack_limit = (uintptr_t)limits.rlim_cur;
  size_t room = 65536;
  void *memory = mmap(NULL, room, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANON, -1, 0);
  if (memory == MAP_FAILED) return;
  stack_t stack = {.ss_sp = memory, .ss_size = room, .ss_flags = 0};
  if (sigaltstack(&stack, NULL) != 0) return;
  struct sigaction action;
  memset(&action, 0, sizeof action);
  action.sa_sigaction = on_fault;
  action.sa_flags = SA_SIGINFO | SA_ONSTACK;
  sigaction(SIGSEGV, &action, NULL);
  sigaction(SIGBUS, &action, NULL);
}

attune_usage attune_own_usage(void) {
  attune_usage out = {0, 0};
  struct rusage usage;
  if (getrusage(RUSAGE_SELF, &usage) != 0) return out;
  return attune_usage_from(&usage);
}

void attune_end_group(void) {
  kill(0, SIGKILL);
  _exit(1);
}
