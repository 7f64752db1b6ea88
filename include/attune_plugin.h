/* attune_plugin.h - the contract between Attune (the host) and objective plugins.
 *
 * A plugin is a shared object, named NAME.attune.so, that offers one or more objectives. It includes this
 * header alone and links nothing of Attune's.
 *
 *  P1  The shared object exports ONE symbol, attune_plugin_entry_v1, and hides the rest.
 *  P2  Structs start with uint32_t struct_size, set by whoever allocates them. Readers use only fields that
 *      lie inside struct_size. New fields go to the end; a field is never moved, retyped or reused.
 *  P3  abi_major differs: the host refuses to load. abi_minor differs: it loads, and each side uses what
 *      both have.
 *  P4  Everything else grows through get_extension(id): ids "attune.NAME/REV", of others "com.example.name/REV".
 *  P5  No exception, Swift error, panic or longjmp may leave a function. Return a status; give its text by
 *      set_error. (The host catches a C++ exception where the platform allows and makes the trial FAIL with
 *      its text, but what the plugin held is then lost.)
 *  P6  Once loaded a plugin is never unloaded; the process may load it in a scanner child and exit.
 *  P7  The host owns all it passes in, valid during the call; the plugin owns its descriptors, which live as
 *      long as the process.
 */
#ifndef ATTUNE_PLUGIN_H
#define ATTUNE_PLUGIN_H

#include <stddef.h>
#include <stdint.h>

#if defined(_WIN32)
#  define ATTUNE_PLUGIN_CALL __cdecl
#  define ATTUNE_PLUGIN_EXPORT __declspec(dllexport)
#else
#  define ATTUNE_PLUGIN_CALL
#  if defined(__GNUC__) && __GNUC__ >= 4
#    define ATTUNE_PLUGIN_EXPORT __attribute__((visibility("default")))
#  else
#    define ATTUNE_PLUGIN_EXPORT
#  endif
#endif

#define ATTUNE_PLUGIN_ABI_MAJOR 1
#define ATTUNE_PLUGIN_ABI_MINOR 0
#define ATTUNE_PLUGIN_ENTRY "attune_plugin_entry_v1"

#ifdef __cplusplus
extern "C" {
#endif

/* What evaluate returns. The numbers of attune.h; any other value is a failure. */
enum {
  ATTUNE_PLUGIN_OK = 0,      /* values are filled                                                             */
  ATTUNE_PLUGIN_PRUNED = 1,  /* stopped early because should_prune said so; values may stay NaN               */
  ATTUNE_PLUGIN_STOP = 2,    /* values are filled; end the run after this trial                               */
  ATTUNE_PLUGIN_PAUSED = 3,  /* state is kept for a later call with eval.resume = 1; only if eval.may_pause   */
  ATTUNE_PLUGIN_FAILED = -16 /* text by set_error                                                             */
};

/* attune_objective_descriptor.capabilities */
enum {
  ATTUNE_CAP_THREAD_SAFE = 1,   /* evaluate may run concurrently on ONE instance (else: one instance per worker) */
  ATTUNE_CAP_PROCESS_ONLY = 2,  /* not even two instances in one process (global state, or timing that must not
                                   be disturbed): one job per process                                            */
  ATTUNE_CAP_DETERMINISTIC = 4, /* same params, seed and fidelity give the same bits: results may be reused      */
  ATTUNE_CAP_GRADIENT = 8,      /* eval.gradient is filled when not NULL                                         */
  ATTUNE_CAP_INTERMEDIATE = 16, /* calls report and should_prune                                                 */
  ATTUNE_CAP_FIDELITY = 32,     /* honours eval.fidelity in (0,1]                                                */
  ATTUNE_CAP_CANCEL = 64,       /* polls should_stop at least every max_poll_ms                                  */
  ATTUNE_CAP_PAUSE = 128        /* can return PAUSED and go on later                                             */
};

/* attune_param_value.kind: the numbers of attune_param_kind in attune.h */
enum { ATTUNE_PLUGIN_FLOAT = 0, ATTUNE_PLUGIN_INT = 1, ATTUNE_PLUGIN_CATEGORICAL = 2 };

/* attune_param_value.choice_type: the numbers of attune_choice_type in attune.h */
enum {
  ATTUNE_PLUGIN_CHOICE_NONE = -1, /* not a categorical, or inactive */
  ATTUNE_PLUGIN_CHOICE_NULL = 0,
  ATTUNE_PLUGIN_CHOICE_BOOL = 1,
  ATTUNE_PLUGIN_CHOICE_INT = 2,
  ATTUNE_PLUGIN_CHOICE_FLOAT = 3,
  ATTUNE_PLUGIN_CHOICE_STRING = 4
};

typedef struct attune_eval attune_eval;
typedef struct attune_host attune_host;

/* One parameter of one trial. No union: every field is filled, with NaN, 0 or NULL where it says nothing.
 * kind and choice indexes are those of the plugin's own space, also where a study narrows a range, drops choices or
 * fixes a value. A parameter the plugin itself declares fixed has a place like any other: kind FLOAT or INT for a
 * number, else CATEGORICAL with one choice. */
typedef struct attune_param_value {
  double number;          /* float: its value; int: its value; choice: its index; inactive: NaN               */
  int64_t integer;        /* int: its value; choice: its index; else 0                                        */
  const char *text;       /* choice as text ("rbf", "3", "true", "null"); else NULL                           */
  double choice_number;   /* bool (0 or 1), int or float choice as a number; else NaN                         */
  int64_t choice_integer; /* bool or int choice; else 0                                                       */
  int32_t kind;           /* ATTUNE_PLUGIN_FLOAT, _INT or _CATEGORICAL                                        */
  int32_t choice_type;    /* ATTUNE_PLUGIN_CHOICE_...                                                         */
  int32_t active;         /* 0: conditional and off in this trial                                             */
  int32_t reserved;
} attune_param_value;

/* What one evaluation gets. Allocated by the host, valid until evaluate returns. */
struct attune_eval {
  uint32_t struct_size;
  uint32_t value_stride;            /* sizeof(attune_param_value) of the host: step through params with it      */
  const attune_host *host;
  void *host_data;                  /* the host's own; pass eval on, do not touch                               */
  int64_t trial_number;
  uint64_t seed;                    /* the same for the same trial of the same study, on any worker             */
  double fidelity;                  /* 1.0 = full                                                               */
  const attune_param_value *params; /* in the order of the descriptor's own space_json, whatever the study's    */
  uint64_t n_params;
  double *values;                   /* out: n_values objective values, preset to NaN                            */
  uint64_t n_values;
  double *gradient;                 /* out, or NULL: row-major n_values x n_params, preset to NaN               */
  int32_t may_pause;                /* 1: the host can continue this trial later: see attune_host_state         */
  int32_t resume;                   /* 1: this call continues a trial that returned PAUSED                      */
};

/* The i-th parameter of an evaluation, whatever the sizes both sides were built with. */
#define ATTUNE_PARAM(eval, i) \
  ((const attune_param_value *)(const void *)((const char *)(eval)->params + (size_t)(i) * (eval)->value_stride))

/* Services. None is NULL. Every function is thread-safe and callable only while the eval it names is running;
 * where eval may be NULL, also from create and destroy. Booleans are 0 and 1; 0 or a negative status is returned. */
struct attune_host {
  uint32_t struct_size;
  uint32_t abi_major;
  uint32_t abi_minor;
  uint32_t reserved;
  void *host_data;
  const char *name;    /* "attune" */
  const char *version; /* "0.1.0"  */
  /* A host extension, or NULL when this host has none of that id. */
  const void *(ATTUNE_PLUGIN_CALL *get_extension)(const attune_host *host, const char *id);
  /* One whole message, no newline at its end. level: 0 trace, 1 debug, 2 info, 3 warning, 4 error. */
  void (ATTUNE_PLUGIN_CALL *log)(const attune_host *host, const attune_eval *eval_or_null, int32_t level, const char *message);
  /* The text of the failure this call is about to return; copied. */
  void (ATTUNE_PLUGIN_CALL *set_error)(const attune_host *host, const attune_eval *eval_or_null, int32_t code, const char *message);
  /* Intermediate value at step >= 0. Returns 0; a second report at a step is ignored, a negative step is a negative
   * status. */
  int32_t (ATTUNE_PLUGIN_CALL *report)(const attune_host *host, const attune_eval *eval, int64_t step, double value);
  /* The same with all n_values values of a study with several objectives. */
  int32_t (ATTUNE_PLUGIN_CALL *report_values)(const attune_host *host, const attune_eval *eval, int64_t step, const double *values, uint64_t n_values);
  /* 1: return ATTUNE_PLUGIN_PRUNED now; where eval.may_pause is 1, save the state and return ATTUNE_PLUGIN_PAUSED. */
  int32_t (ATTUNE_PLUGIN_CALL *should_prune)(const attune_host *host, const attune_eval *eval);
  /* 1: the run is ending or this trial is cancelled; return soon. The status is recorded as at any time: OK for values
   * worth keeping, else PRUNED or FAILED. Cheap: an atomic load. */
  int32_t (ATTUNE_PLUGIN_CALL *should_stop)(const attune_host *host, const attune_eval *eval);
  /* Keeps a fact with the trial; value is JSON text. */
  int32_t (ATTUNE_PLUGIN_CALL *set_attribute)(const attune_host *host, const attune_eval *eval, const char *key, const char *json);
  /* A black-box constraint of this trial: value <= 0 is feasible. */
  int32_t (ATTUNE_PLUGIN_CALL *set_constraint)(const attune_host *host, const attune_eval *eval, const char *name, double value);
  /* Ends the run after the running trials; reason is logged. */
  void (ATTUNE_PLUGIN_CALL *request_cancel)(const attune_host *host, const attune_eval *eval, const char *reason);
};

/* The host extension "attune.state/1", found by get_extension: where a trial that pauses keeps what it needs to go on.
 *
 * An objective with ATTUNE_CAP_PAUSE is called with eval.may_pause = 1 where the pruner lets paused trials go on (option
 * resume of asha, successive_halving and hyperband). When should_prune then gives 1, it writes its state into the trial's
 * folder and returns ATTUNE_PLUGIN_PAUSED. If the trial is promoted later, evaluate is called for it again, perhaps in
 * another instance or process, with the same number, seed and parameters and with eval.resume = 1: the objective reads
 * its state and goes on behind the last step it reported. It may be paused again, and need not come to the same bits as
 * without a pause. A process may die while it goes on, and the trial be called once more with eval.resume = 1: keep the
 * old state until the new one is whole. */
#define ATTUNE_HOST_STATE "attune.state/1"
typedef struct attune_host_state {
  uint32_t struct_size;
  uint32_t reserved;
  /* The path of the trial's own folder, made when this is called; NULL where eval.may_pause is 0 or it cannot be made.
   * Valid until evaluate returns. What is in it stays while the trial is paused; the host removes it when the trial
   * ends. */
  const char *(ATTUNE_PLUGIN_CALL *folder)(const attune_host *host, const attune_eval *eval);
} attune_host_state;

typedef struct attune_objective_descriptor {
  uint32_t struct_size;
  uint32_t capabilities;          /* ATTUNE_CAP_..., or-ed                                                       */
  const char *id;                 /* "com.example.svm-cv": [a-z0-9._-], never changes                            */
  const char *name;               /* for people                                                                  */
  const char *version;            /* semantic version of the objective                                           */
  const char *description;        /* one line, or NULL                                                           */
  const char *space_json;         /* default space: {"lr": {"type": "float", "low": 1e-5, "high": 1, "log": true}} */
  const char *config_schema_json; /* JSON Schema of create's config, or NULL                                     */
  const int32_t *directions;      /* n_values of 0 minimize, 1 maximize; NULL: all minimize                      */
  uint32_t n_values;              /* objective values per trial, at least 1                                      */
  uint32_t max_poll_ms;           /* with ATTUNE_CAP_CANCEL                                                      */
  /* create: config_json is JSON text or NULL. *out_instance may stay NULL for stateless objectives. Returns 0, or
   * a negative status after set_error(host, NULL, ...). May be called from several threads. create may be NULL. */
  int32_t (ATTUNE_PLUGIN_CALL *create)(const struct attune_objective_descriptor *self, const attune_host *host,
                                       const char *config_json, void **out_instance);
  int32_t (ATTUNE_PLUGIN_CALL *evaluate)(void *instance, const attune_eval *eval);
  void (ATTUNE_PLUGIN_CALL *destroy)(void *instance); /* after the last evaluate, on any thread; may be NULL      */
} attune_objective_descriptor;

typedef struct attune_plugin {
  uint32_t struct_size;
  uint32_t abi_major; /* ATTUNE_PLUGIN_ABI_MAJOR at build time */
  uint32_t abi_minor;
  uint32_t n_objectives;
  const char *id;      /* "com.example.svm": [a-z0-9._-] */
  const char *name;
  const char *version;
  const char *license; /* SPDX, or NULL */
  const attune_objective_descriptor *const *objectives; /* array of pointers: descriptors may differ in size */
  const void *(ATTUNE_PLUGIN_CALL *get_extension)(const char *id); /* may be NULL */
} attune_plugin;

/* The entry. Fast, no I/O, no threads, idempotent, thread-safe. Returns NULL when it cannot serve host_abi_major. */
typedef const attune_plugin *(ATTUNE_PLUGIN_CALL *attune_plugin_entry_fn)(uint32_t host_abi_major, uint32_t host_abi_minor);
ATTUNE_PLUGIN_EXPORT const attune_plugin *ATTUNE_PLUGIN_CALL attune_plugin_entry_v1(uint32_t host_abi_major,
                                                                                    uint32_t host_abi_minor);

#ifdef __cplusplus
}
#endif
#endif /* ATTUNE_PLUGIN_H */
