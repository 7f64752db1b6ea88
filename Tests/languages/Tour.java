import com.sun.jna.Callback;
import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import com.sun.jna.StringArray;
import com.sun.jna.ptr.DoubleByReference;
import com.sun.jna.ptr.LongByReference;
import com.sun.jna.ptr.PointerByReference;

/** The tour of tour.c in Java by JNA: handles that try closes, a lambda as objective. size_t is a long here. */
public final class Tour {
  private static final int N_TRIALS = 30;
  private static final int N_PARAMS = 4;
  private static final int SEED = 7;
  private static final int OK = 0;
  private static final int E_OBJECTIVE = -16;
  private static final int PARAM_LOG = 1;

  /** The functions as they stand in attune.h. */
  interface Attune extends Library {
    Attune INSTANCE = Native.load("attune", Attune.class);

    interface ObjectiveFn extends Callback {
      int call(Pointer trial, Pointer values, long nValues, Pointer data);
    }

    interface DestroyFn extends Callback {
      void call(Pointer data);
    }

    String attune_version_string();
    String attune_status_name(int status);
    int attune_error_status(Pointer error);
    String attune_error_message(Pointer error);
    void attune_error_free(Pointer error);
    int attune_options_create(PointerByReference out, PointerByReference err);
    int attune_options_set_int(Pointer o, String key, long v, PointerByReference err);
    void attune_options_destroy(Pointer o);
    int attune_space_create(PointerByReference out, PointerByReference err);
    int attune_space_add_float(Pointer s, String name, double low, double high, double step, int flags,
        PointerByReference err);
    int attune_space_add_int(Pointer s, String name, long low, long high, long step, int flags, PointerByReference err);
    int attune_space_add_categorical(Pointer s, String name, StringArray choices, long n, int flags,
        PointerByReference err);
    void attune_space_destroy(Pointer s);
    int attune_study_create(String storage, String name, Pointer space, int[] directions, long nDirections,
        String strategy, Pointer options, PointerByReference out, PointerByReference err);
    void attune_study_close(Pointer study);
    long attune_study_trial_count(Pointer study);
    int attune_study_ask(Pointer study, PointerByReference out, PointerByReference err);
    int attune_study_tell(Pointer study, Pointer trial, double[] values, long n, Pointer state, PointerByReference err);
    void attune_trial_release(Pointer trial);
    int attune_trial_float(Pointer t, String name, DoubleByReference out, PointerByReference err);
    int attune_trial_int(Pointer t, String name, LongByReference out, PointerByReference err);
    int attune_trial_choice(Pointer t, String name, PointerByReference out, PointerByReference err);
    int attune_objective_from_callback(ObjectiveFn fn, Pointer data, DestroyFn destroy, PointerByReference out,
        PointerByReference err);
    void attune_objective_destroy(Pointer o);
    int attune_study_optimize(Pointer study, Pointer objective, long nTrials, double timeout, Pointer options,
        PointerByReference reason, PointerByReference err);
    int attune_study_best_trials(Pointer study, PointerByReference out, PointerByReference err);
    int attune_trials_number(Pointer ts, long i, LongByReference out, PointerByReference err);
    int attune_trials_value(Pointer ts, long i, long objective, DoubleByReference out, PointerByReference err);
    int attune_trials_copy_params(Pointer ts, double[] out, long capacity, LongByReference count,
        PointerByReference err);
    void attune_trials_destroy(Pointer ts);
  }

  private static final Attune LIB = Attune.INSTANCE;

  /** What a failed call says. */
  static final class AttuneException extends RuntimeException {
    AttuneException(Pointer error) {
      super(LIB.attune_status_name(LIB.attune_error_status(error)) + ": " + LIB.attune_error_message(error));
      LIB.attune_error_free(error);
    }
  }

  interface Call {
    int with(PointerByReference error);
  }

  interface Make {
    int with(PointerByReference out, PointerByReference error);
  }

  interface Release {
    void of(Pointer handle);
  }

  static void call(Call body) {
    var error = new PointerByReference();
    if (body.with(error) != OK) throw new AttuneException(error.getValue());
  }

  /** A handle and what lets go of it. */
  record Owned(Pointer handle, Release release) implements AutoCloseable {
    static Owned make(Release release, Make make) {
      var out = new PointerByReference();
      call(error -> make.with(out, error));
      return new Owned(out.getValue(), release);
    }

    @Override
    public void close() {
      release.of(handle);
    }
  }

  static Owned makeSpace() {
    var space = Owned.make(LIB::attune_space_destroy, LIB::attune_space_create);
    var kernels = new StringArray(new String[] {"rbf", "poly", "linear"}, "UTF-8");
    call(error -> LIB.attune_space_add_float(space.handle, "x", -5, 5, 0, 0, error));
    call(error -> LIB.attune_space_add_float(space.handle, "lr", 1e-5, 0.1, 0, PARAM_LOG, error));
    call(error -> LIB.attune_space_add_int(space.handle, "layers", 1, 8, 1, 0, error));
    call(error -> LIB.attune_space_add_categorical(space.handle, "kernel", kernels, 3, 0, error));
    return space;
  }

  static Owned makeStudy(String strategy) {
    try (var space = makeSpace(); var options = Owned.make(LIB::attune_options_destroy, LIB::attune_options_create)) {
      call(error -> LIB.attune_options_set_int(options.handle, "seed", SEED, error));
      return Owned.make(LIB::attune_study_close, (out, error) ->
          LIB.attune_study_create(null, null, space.handle, null, 0, strategy, options.handle, out, error));
    }
  }

  static double evaluate(Pointer trial) {
    var x = new DoubleByReference();
    var lr = new DoubleByReference();
    var layers = new LongByReference();
    var kernel = new PointerByReference();
    call(error -> LIB.attune_trial_float(trial, "x", x, error));
    call(error -> LIB.attune_trial_float(trial, "lr", lr, error));
    call(error -> LIB.attune_trial_int(trial, "layers", layers, error));
    call(error -> LIB.attune_trial_choice(trial, "kernel", kernel, error));
    return Math.abs(x.getValue() - 1.25) / 4 + Math.abs(lr.getValue() - 0.01) / 0.1
        + Math.abs(layers.getValue() - 3.0) / 8 + (kernel.getValue().getString(0, "UTF-8").equals("rbf") ? 0 : 0.5);
  }

  static void printBest(String title, Owned study) {
    try (var best = Owned.make(LIB::attune_trials_destroy,
        (out, error) -> LIB.attune_study_best_trials(study.handle, out, error))) {
      var number = new LongByReference();
      var value = new DoubleByReference();
      var params = new double[N_PARAMS];
      call(error -> LIB.attune_trials_number(best.handle, 0, number, error));
      call(error -> LIB.attune_trials_value(best.handle, 0, 0, value, error));
      call(error -> LIB.attune_trials_copy_params(best.handle, params, N_PARAMS, null, error));
      System.out.printf("%s %d %016x", title, number.getValue(), Double.doubleToRawLongBits(value.getValue()));
      for (double param : params) System.out.printf(" %016x", Double.doubleToRawLongBits(param));
      System.out.println();
    }
  }

  private static int calls = 0;
  private static int destroyed = 0;

  /** Called by the library; no exception may leave it. */
  static int objective(Pointer trial, Pointer values, long nValues, Pointer data) {
    calls++;
    try {
      values.setDouble(0, evaluate(trial));
      return OK;
    } catch (RuntimeException refused) {
      System.err.println(refused);
      return E_OBJECTIVE;
    }
  }

  public static void main(String[] arguments) {
    System.out.println("version " + LIB.attune_version_string());
    Pointer[] closed = new Pointer[2];

    try (var asked = makeStudy(null)) {
      closed[0] = asked.handle;
      for (int i = 0; i < N_TRIALS; i++) {
        try (var trial = Owned.make(LIB::attune_trial_release,
            (out, error) -> LIB.attune_study_ask(asked.handle, out, error))) {
          double[] values = {evaluate(trial.handle)};
          call(error -> LIB.attune_study_tell(asked.handle, trial.handle, values, 1, null, error));
        }
      }
      printBest("asked", asked);
    }

    try (var none = makeStudy("bayesain")) {
      throw new AssertionError("no strategy is called bayesain: " + none);
    } catch (AttuneException refused) {
      System.out.println("error " + refused.getMessage());
    }

    // JNA's trampolines live as long as these: a callback that the collector takes away crashes.
    Attune.ObjectiveFn fn = Tour::objective;
    Attune.DestroyFn letGo = data -> destroyed++;
    try (var called = makeStudy(null); var callback = Owned.make(LIB::attune_objective_destroy,
        (out, error) -> LIB.attune_objective_from_callback(fn, null, letGo, out, error))) {
      closed[1] = called.handle;
      var reason = new PointerByReference();
      call(error -> LIB.attune_study_optimize(called.handle, callback.handle, N_TRIALS, 0, null, reason, error));
      System.out.printf("callback %d calls, %s%n", calls, reason.getValue().getString(0, "UTF-8"));
      printBest("called", called);
    }
    java.lang.ref.Reference.reachabilityFence(fn);
    long open = LIB.attune_study_trial_count(closed[0]) + LIB.attune_study_trial_count(closed[1]);
    System.out.printf("destroyed %d, open trials %d%n", destroyed, open);
  }
}
