/* What only Linux has, behind the last part of worker.h. */
#if !defined(_GNU_SOURCE)
#define _GNU_SOURCE
#endif
#include "worker.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#if defined(__linux__)

#include <dirent.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#if __has_include(<linux/landlock.h>)
#include <linux/landlock.h>
#endif
#include <linux/seccomp.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

int attune_processor_count(void) {
  cpu_set_t set;
  CPU_ZERO(&set);
  if (sched_getaffinity(0, sizeof set, &set) == 0) return CPU_COUNT(&set);
  long count = sysconf(_SC_NPROCESSORS_ONLN);
  return count > 0 ? (int)count : 1;
}

int attune_close_from(int first) {
#if defined(SYS_close_range)
  return syscall(SYS_close_range, first, ~0U, 0) == 0;
#else
  (void)first;
  return 0;
#endif
}

void attune_adopt_orphans(void) { (void)prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0); }

/* Whether a process is a child of this one, as its line in /proc says. */
static int is_child(const char *name) {
  char path[64], line[512];
  if (snprintf(path, sizeof path, "/proc/%s/stat", name) >= (int)sizeof path) return 0;
  FILE *file = fopen(path, "r");
  if (file == NULL) return 0;
  size_t size = fread(line, 1, sizeof line - 1, file);
  fclose(file);
  line[size] = '\0';
  /* A name may hold anything, also a parenthesis: what follows the last one is the state and the parent. */
  const char *end = strrchr(line, ')');
  int parent = 0;
  return end != NULL && sscanf(end + 1, " %*c %d", &parent) == 1 && parent == (int)getpid();
}

int attune_kill_children(void) {
  int count = 0;
  FILE *file = fopen("/proc/thread-self/children", "r");
  if (file != NULL) {
    int pid;
    while (fscanf(file, "%d", &pid) == 1) count += kill((pid_t)pid, SIGKILL) == 0;
    fclose(file);
    return count;
  }
  /* Kernels without that file still have one for each process. */
  DIR *folder = opendir("/proc");
  if (folder == NULL) return 0;
  struct dirent *entry;
  while ((entry = readdir(folder)) != NULL)
    if (entry->d_name[0] >= '1' && entry->d_name[0] <= '9' && is_child(entry->d_name))
      count += kill((pid_t)atoi(entry->d_name), SIGKILL) == 0;
  closedir(folder);
  return count;
}

int attune_child_watch(int32_t pid) {
#if defined(SYS_pidfd_open)
  return (int)syscall(SYS_pidfd_open, pid, 0);
#else
  (void)pid;
  return -1;
#endif
}

#if defined(__x86_64__)
#define ATTUNE_AUDIT_ARCH AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define ATTUNE_AUDIT_ARCH AUDIT_ARCH_AARCH64
#endif

#if defined(ATTUNE_AUDIT_ARCH) && defined(LANDLOCK_CREATE_RULESET_VERSION) && defined(SYS_landlock_create_ruleset)

/* The first version of landlock that also guards truncation; before it a file could be emptied. */
enum { WANTED_LANDLOCK = 3 };

int attune_sandbox_available(char *why, size_t capacity) {
  long version = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
  if (version >= WANTED_LANDLOCK) return 1;
  if (version < 0)
    snprintf(why, capacity, "this kernel has no landlock (%s), wanted Linux 6.2 or later with it", strerror(errno));
  else
    snprintf(why, capacity, "this kernel's landlock has version %ld, wanted %d or later (Linux 6.2)", version,
             WANTED_LANDLOCK);
  return 0;
}

#if !defined(LANDLOCK_ACCESS_FS_TRUNCATE)
#define LANDLOCK_ACCESS_FS_TRUNCATE (1ULL << 14)
#endif
#define WRITES                                                                                                    \
  (LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_REMOVE_DIR | LANDLOCK_ACCESS_FS_REMOVE_FILE |              \
   LANDLOCK_ACCESS_FS_MAKE_CHAR | LANDLOCK_ACCESS_FS_MAKE_DIR | LANDLOCK_ACCESS_FS_MAKE_REG |                    \
   LANDLOCK_ACCESS_FS_MAKE_SOCK | LANDLOCK_ACCESS_FS_MAKE_FIFO | LANDLOCK_ACCESS_FS_MAKE_BLOCK |                 \
   LANDLOCK_ACCESS_FS_MAKE_SYM | LANDLOCK_ACCESS_FS_REFER | LANDLOCK_ACCESS_FS_TRUNCATE)

static int allow(int rules, const char *path, uint64_t access) {
  struct landlock_path_beneath_attr attribute;
  memset(&attribute, 0, sizeof attribute);
  attribute.allowed_access = access;
  attribute.parent_fd = open(path, O_PATH | O_CLOEXEC);
  if (attribute.parent_fd < 0) return -1;
  long result = syscall(SYS_landlock_add_rule, rules, LANDLOCK_RULE_PATH_BENEATH, &attribute, 0);
  int error = errno;
  close(attribute.parent_fd);
  errno = error;
  return (int)result;
}

/* The kernel's struct as of version 6: older headers have less of it, older kernels take less of it. */
typedef struct landlock_wants {
  uint64_t files;
  uint64_t network; /* from version 4: bind and connect by TCP */
  uint64_t scope;   /* from version 6: abstract UNIX sockets and signals to processes outside */
} landlock_wants;

/* Reading stays as it was; writing is left in one folder. */
static int guard_files(const char *writable) {
  landlock_wants wants = {WRITES, 3, 3};
  long version = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
  size_t size = version >= 6 ? 24 : version >= 4 ? 16 : 8;
  int rules = (int)syscall(SYS_landlock_create_ruleset, &wants, size, 0);
  if (rules < 0) return -1;
  int result = allow(rules, writable, WRITES);
  if (result == 0) result = allow(rules, "/dev/null", LANDLOCK_ACCESS_FS_WRITE_FILE);
  if (result == 0) result = (int)syscall(SYS_landlock_restrict_self, rules, 0);
  int error = errno;
  close(rules);
  errno = error;
  return result;
}

#define LOAD(field) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, field))
#define REFUSE BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM)
#define DENY(call) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_##call, 0, 1), REFUSE

/* Refuses with EPERM: sockets, programs, other processes, mounts, and the ways around this filter. */
static int guard_calls(void) {
  struct sock_filter filter[] = {
      LOAD(arch),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ATTUNE_AUDIT_ARCH, 1, 0),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
      LOAD(nr),
#if defined(__x86_64__)
      /* The calls of the x32 ABI have numbers of their own. */
      BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x40000000u, 0, 1),
      REFUSE,
#endif
      DENY(socket), DENY(connect), DENY(bind), DENY(listen), DENY(accept), DENY(accept4),
      DENY(execve), DENY(execveat),
      DENY(ptrace), DENY(process_vm_readv), DENY(process_vm_writev),
#if defined(SYS_pidfd_getfd)
      DENY(pidfd_getfd),
#endif
#if defined(SYS_io_uring_setup)
      DENY(io_uring_setup),
#endif
      DENY(mount), DENY(umount2), DENY(pivot_root), DENY(chroot), DENY(unshare), DENY(setns),
      DENY(bpf), DENY(perf_event_open), DENY(userfaultfd), DENY(keyctl), DENY(add_key),
      DENY(request_key), DENY(init_module), DENY(finit_module), DENY(delete_module), DENY(kexec_load), DENY(reboot),
      DENY(swapon), DENY(swapoff), DENY(sethostname), DENY(setdomainname), DENY(acct), DENY(settimeofday),
      DENY(clock_settime), DENY(fchmod), DENY(fchmodat), DENY(fchown), DENY(fchownat), DENY(setxattr),
      DENY(lsetxattr), DENY(fsetxattr), DENY(removexattr), DENY(lremovexattr), DENY(fremovexattr),
      /* Out of the process group, where a kill would not find it. */
      DENY(setsid), DENY(setpgid),
#if defined(__x86_64__)
      DENY(chmod), DENY(chown), DENY(lchown),
#endif
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  };
  struct sock_fprog program = {(unsigned short)(sizeof filter / sizeof filter[0]), filter};
  return (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_TSYNC, &program);
}

int attune_sandbox_enter(const char *writable, char *why, size_t capacity) {
  if (!attune_sandbox_available(why, capacity)) return 0;
  const char *step = "no_new_privs";
  int result = prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
  if (result == 0) {
    step = "landlock";
    result = guard_files(writable);
  }
  if (result == 0) {
    step = "seccomp";
    result = guard_calls();
  }
  if (result == 0) return 1;
  snprintf(why, capacity, "%s is refused: %s", step, strerror(errno));
  return 0;
}

#else

int attune_sandbox_available(char *why, size_t capacity) {
  snprintf(why, capacity, "it is not built in, wanted a build on Linux 5.13 or later, for x86-64 or arm64");
  return 0;
}

int attune_sandbox_enter(const char *writable, char *why, size_t capacity) {
  (void)writable;
  return attune_sandbox_available(why, capacity);
}

#endif

#else

#include <unistd.h>

int attune_close_from(int first) {
  (void)first;
  return 0;
}

int attune_processor_count(void) {
  long count = sysconf(_SC_NPROCESSORS_ONLN);
  return count > 0 ? (int)count : 1;
}

void attune_adopt_orphans(void) {}

int attune_kill_children(void) { return 0; }

int attune_child_watch(int32_t pid) {
  (void)pid;
  return -1;
}

int attune_sandbox_available(char *why, size_t capacity) {
  snprintf(why, capacity, "this system has none, wanted Linux 6.2 or later");
  return 0;
}

int attune_sandbox_enter(const char *writable, char *why, size_t capacity) {
  (void)writable;
  return attune_sandbox_available(why, capacity);
}

#endif
