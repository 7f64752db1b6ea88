/* What the system gives as macros, globals or GNU extensions, for Swift to call.
 *
 * Linux's own ways stand beside the POSIX ones here and nowhere else among the objectives.
 */
#ifndef ATTUNE_SYSTEM_H
#define ATTUNE_SYSTEM_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The environment, or NULL under setuid and the like. */
const char *attune_safe_getenv(const char *name);
char **attune_environment(void);

/* The path of the shared library or executable that holds this function, as the loader knows it. 0 when unknown. */
int attune_image_path(char *buffer, size_t capacity);
/* The path of the running program. 0 when unknown. */
int attune_program_path(char *buffer, size_t capacity);

/* dlopen as every shared object here is opened: everything resolved at once, symbols kept apart, never unmapped. */
void *attune_open_library(const char *path);

/* What a file is, without S_ISREG and struct timespec. Returns 0, or errno. */
typedef struct attune_file_facts {
  int32_t is_regular;
  uint32_t mode; /* permission bits and sticky bit */
  uint32_t owner;
  uint64_t size;
  uint64_t inode;
  uint64_t device;
  int64_t modified_ns;
} attune_file_facts;
int attune_file_facts_of(const char *path, attune_file_facts *out);

/* ---- child processes ---------------------------------------------------------------------------- */

/* A pipe whose ends are closed in children and are never 0, 1 or 2. Returns 0, or errno. */
int attune_pipe(int out_ends[2]);
/* Starts a program in a process group of its own with `ends` as its descriptors 0 to count - 1 (-1: /dev/null), no
 * blocked signals and SIGPIPE as usual. search: look in PATH. Ends from the fourth on must not be below count. Returns
 * 0, or errno. */
int attune_spawn(int32_t *out_pid, const char *program, int search, char *const argv[], char *const environment[],
                 const int ends[], int count);
/* Whether a child has ended, without taking its status: its process group stays reserved. 1, 0 or -errno. */
int attune_has_ended(int32_t pid);
/* What a process has used: processor time of all its threads, and the most memory it held at a time, in bytes. */
typedef struct attune_usage {
  double cpu_seconds;
  uint64_t peak_memory;
} attune_usage;
struct rusage;
attune_usage attune_usage_from(const struct rusage *usage);
/* Waits for a child and says how it ended: exit_code, or signal when not 0; and what it used (may be NULL). Returns 0,
 * or errno. */
int attune_reap(int32_t pid, int32_t *out_exit_code, int32_t *out_signal, attune_usage *out_usage);
/* "SIGSEGV", or NULL for a number without a name. */
const char *attune_signal_name(int32_t signal);

#ifdef __cplusplus
}
#endif
#endif
