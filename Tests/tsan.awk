# tsan.awk: reads a log of ThreadSanitizer; prints the reports that are worth reading and how many there are.
# The Mutex of Swift's standard library is not instrumented on Linux: all that it protects looks unprotected. A stack with
# a closure of withLock in it (its argument is "inout sending": zYu in the mangled name, z_tY where it is a tuple) holds a
# Mutex; a report is left out when both of its accesses do. Two different Mutexes for one thing are therefore not found.
# What is made outside of a Mutex and handed over in it, or let go by a reference count, is reported, too: to be read.
/^WARNING: ThreadSanitizer/ { inside = 1; text = ""; accesses = 0; held = 0; counted = 0 }
inside { text = text $0 "\n" }
inside && / by (main thread|thread T[0-9]+)/ && !/(created|allocated) by/ { accesses++; counted = 0; in_access = 1; next }
inside && /^ *(Thread T|Location|Mutex|As if)/ { in_access = 0 }
inside && in_access && /^ *#[0-9]+ / && !counted && /zYu|z_tY/ { held++; counted = 1 }
inside && /^SUMMARY: ThreadSanitizer/ {
  inside = in_access = 0
  total++
  if (accesses < 2 || held < accesses) { open++; printf "%s\n", text }
}
END {
  printf "%d reports, %d of accesses in a Mutex on both sides, %d to read\n", total, total - open, open
  exit open > 0
}
