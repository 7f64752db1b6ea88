/// The files of a new plugin in C.
enum CPluginScaffold {
  static func files(_ names: PluginNames) -> [ScaffoldFile] {
    [
      ScaffoldFile("\(names.name).c", names.filled(source)),
      ScaffoldFile("Makefile", names.filled(makefile)),
    ]
  }

  private static let source = #"""
    /* @NAME@.c - an objective plugin for Attune. `make`, then `make check` and `make run`.
     *
     * What to change: SPACE below, then evaluate(). attune_plugin.h documents everything used here. */
    #include <attune_plugin.h>
    #include <math.h>

    /* The search space, in JSON. evaluate() gets the parameters in this order. */
    static const char SPACE[] =
        "{\"x\": {\"type\": \"float\", \"low\": -5, \"high\": 5},"
        " \"rate\": {\"type\": \"float\", \"low\": 1e-4, \"high\": 1, \"log\": true},"
        " \"shape\": {\"type\": \"categorical\", \"choices\": [\"bowl\", \"valley\"]},"
        /* Active in trials with shape = valley alone. */
        " \"depth\": {\"type\": \"int\", \"low\": 1, \"high\": 8, \"when\": {\"shape\": [\"valley\"]}}}";
    enum { X, RATE, SHAPE, DEPTH };

    /* One trial: read the parameters, compute, write the value (smaller is better). Any number of
     * threads may be in here at once, since the descriptor says THREAD_SAFE: use no global variables. */
    static int32_t ATTUNE_PLUGIN_CALL evaluate(void *instance, const attune_eval *eval)
    {
        const attune_host *host = eval->host;
        double x = ATTUNE_PARAM(eval, X)->number;
        double rate = ATTUNE_PARAM(eval, RATE)->number;
        int valley = ATTUNE_PARAM(eval, SHAPE)->integer == 1; /* the index of the choice */
        int64_t depth = ATTUNE_PARAM(eval, DEPTH)->active ? ATTUNE_PARAM(eval, DEPTH)->integer : 0;
        double loss = 0;
        int64_t step;
        (void)instance;

        for (step = 0; step < 10; step++) {
            loss = pow(x - 1, 2) + pow(log10(rate) + 2, 2) + (valley ? 0.1 * (double)depth : 0.5);
            loss += 1.0 / (double)(step + 1);
            /* Tell how it goes, so that a pruner may end a hopeless trial early. */
            host->report(host, eval, step, loss);
            if (host->should_prune(host, eval))
                return ATTUNE_PLUGIN_PRUNED;
        }
        if (!isfinite(loss)) {
            /* A failure is a result: the trial is FAIL with this text, and the study goes on. */
            host->set_error(host, eval, 1, "the loss is not finite");
            return ATTUNE_PLUGIN_FAILED;
        }
        eval->values[0] = loss;
        return ATTUNE_PLUGIN_OK;
    }

    static const attune_objective_descriptor objective = {
        sizeof(attune_objective_descriptor),
        /* Promises, which `attune plugin check` tries. Without THREAD_SAFE each worker gets an
         * instance of its own, made by create(). */
        ATTUNE_CAP_THREAD_SAFE | ATTUNE_CAP_DETERMINISTIC | ATTUNE_CAP_INTERMEDIATE,
        "@ID@", /* never changes: studies refer to it */
        "@NAME@",
        "0.1.0",
        "One line on what is tuned.",
        SPACE,
        NULL,     /* JSON Schema of the configuration */
        NULL,     /* directions: minimize */
        1,        /* values per trial */
        0,        /* max_poll_ms, with ATTUNE_CAP_CANCEL */
        NULL,     /* create: load data here, once, instead of in each trial */
        evaluate,
        NULL,     /* destroy: give back what create made */
    };

    static const attune_objective_descriptor *const objectives[] = {&objective};

    static const attune_plugin plugin = {
        sizeof(attune_plugin), ATTUNE_PLUGIN_ABI_MAJOR, ATTUNE_PLUGIN_ABI_MINOR,
        1, /* objectives */
        "@ID@", "@NAME@", "0.1.0", NULL, objectives, NULL,
    };

    const attune_plugin *ATTUNE_PLUGIN_CALL attune_plugin_entry_v1(uint32_t host_abi_major,
                                                                   uint32_t host_abi_minor)
    {
        (void)host_abi_minor;
        return host_abi_major == ATTUNE_PLUGIN_ABI_MAJOR ? &plugin : NULL;
    }

    """#

  private static let makefile = #"""
    # Builds @NAME@.attune.so. Put it into ~/.local/lib/attune/plugins to run it by its id.
    NAME := @NAME@
    CFLAGS ?= -O2 -g
    # The folder of attune_plugin.h.
    ATTUNE_INCLUDE ?= @INCLUDE@
    ATTUNE ?= attune

    $(NAME).attune.so: $(NAME).c
    	$(CC) -std=c99 -Wall -Wextra -fPIC -fvisibility=hidden -I$(ATTUNE_INCLUDE) $(CPPFLAGS) $(CFLAGS) \
    	  -shared $(LDFLAGS) -o $@ $< $(LDLIBS) -lm

    .PHONY: check run clean
    check: $(NAME).attune.so
    	$(ATTUNE) plugin check ./$<

    run: $(NAME).attune.so
    	$(ATTUNE) run ./$< --n-trials 50

    clean:
    	rm -f $(NAME).attune.so

    """#
}
