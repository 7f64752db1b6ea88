/* Both ends of a worker process: its descriptors, its limits, and what it used.
 *
 * POSIX throughout; what only Linux has is in linux.c, behind the functions marked so here, which say "not here"
 * elsewhere.
 */
#ifndef ATTUNE_WORKER_H
#define ATTUNE_WORKER_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "system.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The descriptors a worker finds its channel and its control stream at, and the line of its warden. */
enum { ATTUNE_WORKER_CHANNEL = 3, ATTUNE_WORKER_CONTROL = 4, ATTUNE_WORKER_LINE = 5 };
/* No packet on a channel is larger. */
enum { ATTUNE_PACKET_SIZE = 65536 };

/* ---- the host's end ------------------------------------------------------------------------------ */

/* A connected pair that keeps the boundaries of packets where the system can, both ends closed in children and above
 * the descriptors of workers. Returns 0, or errno. */
int attune_channel(int out_ends[2]);
/* Sends or receives a packet, never with SIGPIPE; without `waits` the result is -EAGAIN where it would wait. Returns
 * the number of bytes, 0 for a closed channel when receiving, or -errno. */
ssize_t attune_channel_send(int channel, const void *bytes, size_t count, int waits);
ssize_t attune_channel_receive(int channel, void *bytes, size_t capacity, int waits);
/* The processor time a running child has used, or a negative number where the system does not say. */
double attune_child_cpu_seconds(int32_t pid);
/* A folder that only this user can open, in TMPDIR or /tmp; its path is written to buffer. Returns 0, or errno. */
int attune_private_folder(char *buffer, size_t capacity);
/* Removes a folder with all in it, never following a symbolic link. */
void attune_remove_folder(const char *path);

/* ---- the warden: between a host and a worker ----------------------------------------------------- */

/* What a warden tells its host: who the worker is, and then how it ended and what it used. */
typedef struct attune_warden_word {
  int32_t worker;
  int32_t has_ended;
  int32_t exit_code;
  int32_t signal;
  attune_usage usage;
} attune_warden_word;

/* Goes on as a worker, in a child of this process, which stays as its warden: it waits for the worker, ends all that
 * comes from it, also what has left its process group, and ends itself. So it does when the host is gone. To be called
 * before there is a second thread. Returns 0, or errno. */
int attune_warden_begin(void);
/* Lets a warden go on that an objective may have stopped. */
void attune_warden_wake(int32_t warden);
/* Asks a warden to send SIGTERM, or SIGKILL, to the worker's process group. */
void attune_warden_ask(int line, int32_t warden, int kills);
/* Ends a warden that does not end by itself. */
void attune_warden_end(int32_t warden);
/* The next word of a warden; 0 when there is none at this moment. */
int attune_warden_hear(int line, attune_warden_word *out);

/* ---- the worker's end ---------------------------------------------------------------------------- */

/* Closes all descriptors from `first` on. */
void attune_close_all(int first);
/* Closes all descriptors but the standard three, channel and control stream, and writes lines of standard output at once. */
void attune_worker_begin(void);
/* What attune_worker_limit limits. Memory is what can be written to, in bytes; stack is the main thread's. */
enum { ATTUNE_LIMIT_MEMORY = 0, ATTUNE_LIMIT_FILES = 1, ATTUNE_LIMIT_STACK = 2 };
/* Returns 0, or errno. */
int attune_worker_limit(int limit, uint64_t value);
/* From here on an overflow of the main thread's stack sends `record` before it ends the process. Call in main. */
void attune_worker_watch_stack(const void *record, size_t size);
attune_usage attune_own_usage(void);
/* Ends this process and all others of its group. */
void attune_end_group(void) __attribute__((noreturn));

/* ---- Linux's own --------------------------------------------------------------------------------- */

/* How many processors this process may use; elsewhere, how many there are. */
int attune_processor_count(void);
/* Closes all descriptors from `first` on; 0 when there is no such call. */
int attune_close_from(int first);
/* From here on orphaned descendants of this process become its children. */
void attune_adopt_orphans(void);
/* Sends SIGKILL to all children of this process, which must have one thread; how many took it, 0 elsewhere. */
int attune_kill_children(void);
/* A descriptor that is readable once the child has ended, or -1 where there is none. */
int attune_child_watch(int32_t pid);
/* Whether this system can sandbox; 0 with the reason in `why` when it cannot. */
int attune_sandbox_available(char *why, size_t capacity);
/* Takes from this process for good: new privileges, the network, starting programs, writing anywhere but in `writable`
 * and to /dev/null, and, from Linux 6.12 on, signals to processes outside. Returns 1, or 0 with the reason in `why`. */
int attune_sandbox_enter(const char *writable, char *why, size_t capacity);

#ifdef __cplusplus
}
#endif
#endif
