/* A plugin that does each evil thing on command: parameter "deed" says which. The config, a JSON text, is the path of a
 * file that takes the ids of the processes it starts; "crash", "refuse" and "hang" make create do so. */
#if !defined(_GNU_SOURCE)
#define _GNU_SOURCE
#endif
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <netinet/in.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "attune_plugin.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const char space[] =
    "{\"x\": {\"type\": \"float\", \"low\": -1, \"high\": 1},"
    " \"deed\": {\"type\": \"categorical\", \"choices\": [\"ok\", \"segv\", \"null\", \"abort\", \"fpe\", \"exit\", \"exit0\","
    " \"_exit\", \"overflow\", \"memory\", \"loop\", \"deadlock\", \"stubborn\", \"slow\", \"close\", \"close-stay\","
    " \"flood\", \"garbage\", \"stale\", \"huge\", \"children\", \"children-segv\", \"killed\", \"twin\", \"stopped\","
    " \"last-words\", \"files\", \"sandbox\", \"fail\", \"nan\", \"seed\","
    " \"escape\", \"escape-segv\", \"group\", \"warden\", \"freeze\"]}}";

typedef struct state {
  char pids[1024];
} state;

static int32_t create(const attune_objective_descriptor *self, const attune_host *host, const char *config, void **out) {
  (void)self;
  state *made = calloc(1, sizeof *made);
  size_t size = config ? strlen(config) : 0;
  if (size >= 2 && config[0] == '"') snprintf(made->pids, sizeof made->pids, "%.*s", (int)size - 2, config + 1);
  if (strcmp(made->pids, "crash") == 0) {
    fprintf(stderr, "no data here\n");
    abort();
  }
  if (strcmp(made->pids, "hang") == 0) sleep(600);
  if (strcmp(made->pids, "refuse") == 0) {
    host->set_error(host, NULL, 42, "this config is refused");
    free(made);
    return -2;
  }
  *out = made;
  return 0;
}

static int descend(volatile char *above, int depth) {
  volatile char here[4096];
  if (depth == 1 << 30) return 0;
  here[depth % 4096] = above[0];
  return descend(here, depth + 1) + here[0];
}

static double allocate_all(void) {
  for (;;) {
    char *piece = malloc(1 << 20);
    if (piece == NULL) {
      fprintf(stderr, "no memory left\n");
      raise(SIGSEGV);
      return 0;
    }
    memset(piece, 1, 1 << 16);
  }
}

static void live_on(void) {
  signal(SIGTERM, SIG_IGN);
  for (;;) sleep(600);
}

static void note(const state *made, pid_t pid) {
  FILE *file = fopen(made->pids, "a");
  if (file == NULL) return;
  fprintf(file, "%d\n", (int)pid);
  fclose(file);
}

static void start_children(const state *made, int count) {
  for (int i = 0; i < count; i++) {
    pid_t pid = fork();
    if (pid == 0) live_on();
    note(made, pid);
  }
}

/* A child that leaves the group as a daemon does, with a child of its own; then it goes, or lives on. */
static void start_daemon(const state *made, int lives) {
  int ready[2];
  char byte = 0;
  if (pipe(ready) != 0) return;
  pid_t daemon = fork();
  if (daemon == 0) {
    setsid();
    pid_t pid = fork();
    if (pid == 0) live_on();
    note(made, pid);
    if (!lives) _exit(0);
    note(made, getpid());
    if (write(ready[1], &byte, 1) == 1) live_on();
    _exit(1);
  }
  if (lives)
    while (read(ready[0], &byte, 1) < 0 && errno == EINTR) continue;
  else
    waitpid(daemon, NULL, 0);
  close(ready[0]);
  close(ready[1]);
}

/* A message whose header is sound and which belongs to another evaluation. */
static void send_stale(void) {
  unsigned char message[48] = {48, 0, 0, 0, 0x7E, 0xA7, 1, 26, 99};
  send(3, message, sizeof message, 0);
}

static const char *try_sandbox(void) {
  char path[1024];
  const char *folder = getenv("TMPDIR");
  snprintf(path, sizeof path, "%s/inside", folder ? folder : "/nowhere");
  FILE *inside = fopen(path, "w");
  if (inside == NULL) return "cannot write in TMPDIR";
  fclose(inside);
  if (fopen("/tmp/attune-chaos-outside", "w") != NULL) return "wrote outside";
  if (socket(AF_INET, SOCK_STREAM, 0) >= 0) return "has a socket";
  if (setsid() >= 0) return "left its group";
  /* Signals are guarded from version 6 of landlock on; the call that tells the version is 444 everywhere. */
  if (syscall(444, NULL, 0, 1) >= 6 && kill(getppid(), 0) == 0) return "may signal its host";
  pid_t pid = fork();
  if (pid == 0) {
    execl("/bin/true", "true", (char *)NULL);
    _exit(errno == EPERM ? 7 : 8);
  }
  int status = 0;
  waitpid(pid, &status, 0);
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 7) return "started a program";
  if (fopen("/etc/passwd", "r") == NULL) return "cannot read";
  return NULL;
}

static int32_t count_files(const attune_eval *eval) {
  int count = 0;
  while (open("/dev/null", O_RDONLY) >= 0 && count < 100000) count += 1;
  eval->values[0] = count;
  return ATTUNE_PLUGIN_OK;
}

static int32_t evaluate(void *instance, const attune_eval *eval) {
  const attune_host *host = eval->host;
  double x = ATTUNE_PARAM(eval, 0)->number;
  const char *deed = ATTUNE_PARAM(eval, 1)->text;
  static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
#define IS(name) (strcmp(deed, name) == 0)
  eval->values[0] = x * x;
  if (IS("segv")) raise(SIGSEGV);
  if (IS("null")) *(volatile int *)strchr("", 1) = 1;
  if (IS("abort")) abort();
  if (IS("fpe")) raise(SIGFPE);
  if (IS("exit")) exit(7);
  if (IS("exit0")) exit(0);
  if (IS("_exit")) _exit(9);
  if (IS("overflow")) eval->values[0] = descend((volatile char *)deed, 0);
  if (IS("memory")) eval->values[0] = allocate_all();
  if (IS("loop")) for (volatile int i = 0;; i++) continue;
  if (IS("deadlock")) {
    pthread_mutex_lock(&lock);
    pthread_mutex_lock(&lock);
  }
  if (IS("stubborn")) {
    signal(SIGTERM, SIG_IGN);
    for (;;) sleep(600);
  }
  if (IS("slow")) {
    while (!host->should_stop(host, eval)) usleep(1000);
    return ATTUNE_PLUGIN_OK;
  }
  if (IS("close")) for (int i = 0; i < 64; i++) close(i);
  if (IS("close-stay")) {
    for (int i = 0; i < 64; i++) close(i);
    for (;;) sleep(600);
  }
  if (IS("flood"))
    for (int i = 0; i < 20000; i++) {
      printf("a line of output that says nothing, number %d\n", i);
      fprintf(stderr, "a line of errors that says nothing, number %d\n", i);
    }
  if (IS("garbage")) send(3, "this is no message of any protocol", 34, 0);
  if (IS("stale")) send_stale();
  if (IS("huge")) {
    unsigned char message[16] = {0xFF, 0xFF, 0xFF, 0xFF, 0x7E, 0xA7, 1, 26};
    send(3, message, sizeof message, 0);
  }
  if (IS("children") || IS("children-segv")) start_children(instance, 3);
  if (IS("children-segv")) raise(SIGSEGV);
  if (IS("escape") || IS("escape-segv")) {
    start_daemon(instance, 1);
    start_daemon(instance, 0);
  }
  if (IS("escape-segv")) raise(SIGSEGV);
  if (IS("group")) kill(0, SIGKILL);
  if (IS("warden")) {
    kill(getppid(), SIGKILL);
    for (;;) sleep(600);
  }
  if (IS("freeze")) {
    kill(getppid(), SIGSTOP);
    raise(SIGSEGV);
  }
  if (IS("killed")) kill(getpid(), SIGKILL);
  if (IS("twin")) fork();
  if (IS("stopped")) raise(SIGSTOP);
  if (IS("last-words")) {
    printf("all is well\n");
    fprintf(stderr, "matrix of 3 x 4\nis not square\n");
    abort();
  }
  if (IS("files")) return count_files(eval);
  if (IS("sandbox")) {
    const char *leak = try_sandbox();
    if (leak == NULL) return ATTUNE_PLUGIN_OK;
    host->set_error(host, eval, 3, leak);
    return ATTUNE_PLUGIN_FAILED;
  }
  if (IS("fail")) {
    host->set_error(host, eval, 7, "the matrix is singular");
    return ATTUNE_PLUGIN_FAILED;
  }
  if (IS("nan")) eval->values[0] = NAN;
  if (IS("seed")) eval->values[0] = (double)(eval->seed >> 11) + x;
  return ATTUNE_PLUGIN_OK;
}

static void destroy(void *instance) { free(instance); }

static const attune_objective_descriptor chaos = {
    sizeof(attune_objective_descriptor), 0, "org.attune.chaos.deeds", "Chaos", "1.0.0", "does what deed says", space,
    NULL, NULL, 1, 0, create, evaluate, destroy};
static const attune_objective_descriptor *const objectives[] = {&chaos};
static const attune_plugin plugin = {sizeof(attune_plugin), ATTUNE_PLUGIN_ABI_MAJOR, ATTUNE_PLUGIN_ABI_MINOR,
                                     COUNT(objectives), "org.attune.chaos", "Chaos", "1.0.0", "Apache-2.0",
                                     objectives, NULL};

const attune_plugin *attune_plugin_entry_v1(uint32_t major, uint32_t minor) {
  (void)minor;
  return major == ATTUNE_PLUGIN_ABI_MAJOR ? &plugin : NULL;
}
