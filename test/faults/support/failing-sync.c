/*
 * Preloaded into the broker: from the moment that the file named in FAILING_SYNC_TRIGGER exists, every sync of a file
 * fails as on a disk that is gone. What was synced before is the disk's; the rest may be anywhere.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

static int is_broken(void) {
  const char *trigger = getenv("FAILING_SYNC_TRIGGER");
  int before = errno;
  int is_there = trigger != NULL && access(trigger, F_OK) == 0;
  errno = before;
  return is_there;
}

static int sync_unless_broken(const char *name, int file) {
  int (*real)(int) = (int (*)(int))dlsym(RTLD_NEXT, name);
  if (!is_broken()) return real(file);
  errno = EIO;
  return -1;
}

int fsync(int file) { return sync_unless_broken("fsync", file); }
int fdatasync(int file) { return sync_unless_broken("fdatasync", file); }
