/* libffi for Swift. Its type descriptors are mutable globals, which Swift 6 refuses to read: hand out addresses. */
#ifndef ATTUNE_CFFI_SHIM_H
#define ATTUNE_CFFI_SHIM_H
#include <ffi.h>

static inline ffi_type *attune_ffi_void(void) { return &ffi_type_void; }
static inline ffi_type *attune_ffi_i8(void) { return &ffi_type_sint8; }
static inline ffi_type *attune_ffi_i16(void) { return &ffi_type_sint16; }
static inline ffi_type *attune_ffi_i32(void) { return &ffi_type_sint32; }
static inline ffi_type *attune_ffi_i64(void) { return &ffi_type_sint64; }
static inline ffi_type *attune_ffi_u8(void) { return &ffi_type_uint8; }
static inline ffi_type *attune_ffi_u16(void) { return &ffi_type_uint16; }
static inline ffi_type *attune_ffi_u32(void) { return &ffi_type_uint32; }
static inline ffi_type *attune_ffi_u64(void) { return &ffi_type_uint64; }
static inline ffi_type *attune_ffi_f32(void) { return &ffi_type_float; }
static inline ffi_type *attune_ffi_f64(void) { return &ffi_type_double; }
static inline ffi_type *attune_ffi_pointer(void) { return &ffi_type_pointer; }

/* One prepared call. */
typedef struct attune_ffi_call {
  ffi_cif *cif;
  void (*function)(void);
  void *result; /* at least sizeof(ffi_arg): smaller integers are widened */
  void **arguments;
} attune_ffi_call;

/* Makes the call that `context` describes; the body for attune_guard_call. */
static inline void attune_ffi_perform(void *context) {
  attune_ffi_call *call = (attune_ffi_call *)context;
  ffi_call(call->cif, call->function, call->result, call->arguments);
}

#endif
