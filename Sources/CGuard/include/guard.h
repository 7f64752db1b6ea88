#ifndef ATTUNE_GUARD_H
#define ATTUNE_GUARD_H
#endif
