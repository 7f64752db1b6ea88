#if !defined(_GNU_SOURCE)
#define _GNU_SOURCE
#endif
#include "system.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#if defined(__APPLE__)
#include <crt_externs.h>
#include <mach-o/dyld.h>
#else
extern char **environ;
#endif

const char *attune_safe_getenv(const char *name) {
#if defined(__GLIBC__)
  return secure_getenv(name);
#else
  return getuid() == geteuid() && getgid() == getegid() ? getenv(name) : NULL;
#endif
}

char **attune_environment(void) {
#if defined(__APPLE__)
  return *_NSGetEnviron();
#else
  return environ;
#endif
}

int attune_image_path(char *buffer, size_t capacity) {
  Dl_info info;
  if (!dladdr((const void *)(uintptr_t)&attune_image_path, &info) || info.dli_fname == NULL) return 0;
  /* The loader knows the program itself by argv[0], which may be any text. */
  if (strchr(info.dli_fname, '/') == NULL) return attune_program_path(buffer, capacity);
  return snprintf(buffer, capacity, "%s", info.dli_fname) < (int)capacity;
}

int attune_program_path(char *buffer, size_t capacity) {
#if defined(__linux__)
  ssize_t size = readlink("/proc/self/exe", buffer, capacity - 1);
  if (size <= 0) return 0;
  buffer[size] = '\0';
  return 1;
#elif defined(__APPLE__)
  uint32_t size = (uint32_t)capacity;
  return _NSGetExecutablePath(buffer, &size) == 0;
#else
  (void)buffer, (void)capacity;
  return 0;
#endif
}

void *attune_open_library(const char *path) { return dlopen(path, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE); }

int attune_file_facts_of(const char *path, attune_file_facts *out) {
  struct stat facts;
  if (stat(path, &facts) != 0) return errno;
  out->is_regular = S_ISREG(facts.st_mode);
  out->mode = (uint32_t)(facts.st_mode & 07777);
  out->owner = (uint32_t)facts.st_uid;
  out->size = (uint64_t)facts.st_size;
  out->inode = (uint64_t)facts.st_ino;
  out->device = (uint64_t)facts.st_dev;
#if defined(__APPLE__)
  out->modified_ns = (int64_t)facts.st_mtimespec.tv_sec * 1000000000 + facts.st_mtimespec.tv_nsec;
#else
  out->modified_ns = (int64_t)facts.st_mtim.tv_sec * 1000000000 + facts.st_mtim.tv_nsec;
#endif
  return 0;
}

/* Moves a descriptor above the standard three, so that spawning can place those freely. */
static int lift(int end) {
  if (end > 2) return end;
  int lifted = fcntl(end, F_DUPFD_CLOEXEC, 3);
  int error = errno;
  close(end);
  errno = error;
  return lifted;
}

int attune_pipe(int out_ends[2]) {
#if defined(__linux__)
  if (pipe2(out_ends, O_CLOEXEC) != 0) return errno;
#else
  if (pipe(out_ends) != 0) return errno;
  fcntl(out_ends[0], F_SETFD, FD_CLOEXEC);
  fcntl(out_ends[1], F_SETFD, FD_CLOEXEC);
#endif
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

/* What a child shall do first; undone by the caller on every path. */
static int prepare(posix_spawn_file_actions_t *actions, posix_spawnattr_t *attributes, const int ends[], int count) {
  for (int target = 0; target < count; target++) {
    int error = ends[target] < 0
                    ? posix_spawn_file_actions_addopen(actions, target, "/dev/null", target == 0 ? O_RDONLY : O_WRONLY, 0)
                    : posix_spawn_file_actions_adddup2(actions, ends[target], target);
    if (error != 0) return error;
  }
  sigset_t none, usual;
  sigemptyset(&none);
  sigemptyset(&usual);
  sigaddset(&usual, SIGPIPE);
  sigaddset(&usual, SIGINT);
  sigaddset(&usual, SIGTERM);
  sigaddset(&usual, SIGCHLD);
  sigaddset(&usual, SIGXFSZ);
  int error = posix_spawnattr_setflags(
      attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  if (error == 0) error = posix_spawnattr_setpgroup(attributes, 0);
  if (error == 0) error = posix_spawnattr_setsigmask(attributes, &none);
  if (error == 0) error = posix_spawnattr_setsigdefault(attributes, &usual);
  return error;
}

int attune_spawn(int32_t *out_pid, const char *program, int search, char *const argv[], char *const environment[],
                 const int ends[], int count) {
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  int error = posix_spawn_file_actions_init(&actions);
  if (error != 0) return error;
  error = posix_spawnattr_init(&attributes);
  if (error != 0) {
    posix_spawn_file_actions_destroy(&actions);
    return error;
  }
  pid_t pid = -1;
  error = prepare(&actions, &attributes, ends, count);
  if (error == 0)
    error = search ? posix_spawnp(&pid, program, &actions, &attributes, argv, environment)
                   : posix_spawn(&pid, program, &actions, &attributes, argv, environment);
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  *out_pid = (int32_t)pid;
  return error;
}

attune_usage attune_usage_from(const struct rusage *usage) {
  attune_usage out;
  out.cpu_seconds = (double)usage->ru_utime.tv_sec + (double)usage->ru_utime.tv_usec * 1e-6 +
                    (double)usage->ru_stime.tv_sec + (double)usage->ru_stime.tv_usec * 1e-6;
#if defined(__APPLE__)
  out.peak_memory = (uint64_t)usage->ru_maxrss;
#else
  out.peak_memory = (uint64_t)usage->ru_maxrss * 1024;
#endif
  return out;
}

int attune_has_ended(int32_t pid) {
  siginfo_t info;
  memset(&info, 0, sizeof info);
  int result;
  do {
    result = waitid(P_PID, (id_t)pid, &info, WEXITED | WNOHANG | WNOWAIT);
  } while (result != 0 && errno == EINTR);
  if (result != 0) return -errno;
  return info.si_pid == pid;
}

int attune_reap(int32_t pid, int32_t *out_exit_code, int32_t *out_signal, attune_usage *out_usage) {
  int status;
  struct rusage usage;
  pid_t result;
  do {
    result = wait4(pid, &status, 0, &usage);
  } while (result < 0 && errno == EINTR);
  if (result < 0) return errno;
  *out_signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
  *out_exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : 0;
  if (out_usage != NULL) *out_usage = attune_usage_from(&usage);
  return 0;
}

const char *attune_signal_name(int32_t signal) {
#define NAME(name) \
  case name:       \
    return #name
  switch (signal) {
    NAME(SIGHUP); NAME(SIGINT); NAME(SIGQUIT); NAME(SIGILL); NAME(SIGTRAP); NAME(SIGABRT); NAME(SIGBUS);
    NAME(SIGFPE); NAME(SIGKILL); NAME(SIGUSR1); NAME(SIGSEGV); NAME(SIGUSR2); NAME(SIGPIPE); NAME(SIGALRM);
    NAME(SIGTERM); NAME(SIGXCPU); NAME(SIGXFSZ); NAME(SIGSYS);
  default: return NULL;
  }
#undef NAME
}
