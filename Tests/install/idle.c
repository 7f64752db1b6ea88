/* idle.c - what a host pays for the library: milliseconds to open it, resident memory of an idle process.
 * usage: idle LIBRARY     prints "MILLISECONDS MEGABYTES" */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdint.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

int main(int argc, char **argv) {
  struct timespec from, to;
  void *library;
  int32_t (*version)(void);
  long pages = 0, ignored = 0;
  FILE *file;
  if (argc != 2) return 2;
  clock_gettime(CLOCK_MONOTONIC, &from);
  library = dlopen(argv[1], RTLD_NOW | RTLD_LOCAL);
  clock_gettime(CLOCK_MONOTONIC, &to);
  if (!library) {
    fprintf(stderr, "idle: %s\n", dlerror());
    return 1;
  }
  *(void **)&version = dlsym(library, "attune_version");
  if (!version || version() <= 0) return 1;
  file = fopen("/proc/self/statm", "r");
  if (!file || fscanf(file, "%ld %ld", &ignored, &pages) != 2) return 1;
  fclose(file);
  printf("%.2f %.1f\n", (double)(to.tv_sec - from.tv_sec) * 1e3 + (double)(to.tv_nsec - from.tv_nsec) * 1e-6,
         (double)pages * (double)sysconf(_SC_PAGESIZE) / 1e6);
  return 0;
}
