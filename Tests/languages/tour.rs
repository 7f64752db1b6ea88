//! The tour of tour.c in Rust: the functions as they stand in attune.h, owned handles that let go by Drop, a closure
//! as objective.

use std::ffi::{CStr, CString};
use std::os::raw::{c_char, c_void};
use std::panic::{catch_unwind, AssertUnwindSafe};
use std::ptr::{null, null_mut};

const N_TRIALS: i64 = 30;
const N_PARAMS: usize = 4;
const SEED: i64 = 7;
const OK: i32 = 0;
const E_OBJECTIVE: i32 = -16;
const PARAM_LOG: u32 = 1;

type Handle = *mut c_void;
type ObjectiveFn = extern "C" fn(Handle, *mut f64, usize, *mut c_void) -> i32;
type DestroyFn = extern "C" fn(*mut c_void);

#[link(name = "attune")]
extern "C" {
    fn attune_version_string() -> *const c_char;
    fn attune_status_name(status: i32) -> *const c_char;
    fn attune_error_status(error: Handle) -> i32;
    fn attune_error_message(error: Handle) -> *const c_char;
    fn attune_error_free(error: Handle);
    fn attune_options_create(out: *mut Handle, err: *mut Handle) -> i32;
    fn attune_options_set_int(o: Handle, key: *const c_char, v: i64, err: *mut Handle) -> i32;
    fn attune_options_destroy(o: Handle);
    fn attune_space_create(out: *mut Handle, err: *mut Handle) -> i32;
    fn attune_space_add_float(
        s: Handle, name: *const c_char, low: f64, high: f64, step: f64, flags: u32, err: *mut Handle,
    ) -> i32;
    fn attune_space_add_int(
        s: Handle, name: *const c_char, low: i64, high: i64, step: i64, flags: u32, err: *mut Handle,
    ) -> i32;
    fn attune_space_add_categorical(
        s: Handle, name: *const c_char, choices: *const *const c_char, n: usize, flags: u32, err: *mut Handle,
    ) -> i32;
    fn attune_space_destroy(s: Handle);
    fn attune_study_create(
        storage: *const c_char, name: *const c_char, space: Handle, directions: *const i32, n_directions: usize,
        strategy: *const c_char, options: Handle, out: *mut Handle, err: *mut Handle,
    ) -> i32;
    fn attune_study_close(study: Handle);
    fn attune_study_trial_count(study: Handle) -> usize;
    fn attune_study_ask(study: Handle, out: *mut Handle, err: *mut Handle) -> i32;
    fn attune_study_tell(
        study: Handle, trial: Handle, values: *const f64, n: usize, out_state: *mut i32, err: *mut Handle,
    ) -> i32;
    fn attune_trial_release(trial: Handle);
    fn attune_trial_float(t: Handle, name: *const c_char, out: *mut f64, err: *mut Handle) -> i32;
    fn attune_trial_int(t: Handle, name: *const c_char, out: *mut i64, err: *mut Handle) -> i32;
    fn attune_trial_choice(t: Handle, name: *const c_char, out: *mut *const c_char, err: *mut Handle) -> i32;
    fn attune_objective_from_callback(
        f: ObjectiveFn, data: *mut c_void, destroy: DestroyFn, out: *mut Handle, err: *mut Handle,
    ) -> i32;
    fn attune_objective_destroy(o: Handle);
    fn attune_study_optimize(
        study: Handle, objective: Handle, n_trials: i64, timeout: f64, options: Handle, reason: *mut *const c_char,
        err: *mut Handle,
    ) -> i32;
    fn attune_study_best_trials(study: Handle, out: *mut Handle, err: *mut Handle) -> i32;
    fn attune_trials_number(ts: Handle, i: usize, out: *mut i64, err: *mut Handle) -> i32;
    fn attune_trials_value(ts: Handle, i: usize, objective: usize, out: *mut f64, err: *mut Handle) -> i32;
    fn attune_trials_copy_params(
        ts: Handle, out: *mut f64, capacity: usize, count: *mut usize, err: *mut Handle,
    ) -> i32;
    fn attune_trials_destroy(ts: Handle);
}

/// What a failed call says.
#[derive(Debug)]
struct Error {
    status: String,
    message: String,
}

type Result<T> = std::result::Result<T, Error>;

fn text(borrowed: *const c_char) -> String {
    unsafe { CStr::from_ptr(borrowed) }.to_string_lossy().into_owned()
}

fn c(text: &str) -> CString {
    CString::new(text).expect("a text without NUL")
}

/// Makes a call that takes `attune_error **` last.
fn call(body: impl FnOnce(*mut Handle) -> i32) -> Result<()> {
    let mut error = null_mut();
    if body(&mut error) == OK {
        return Ok(());
    }
    unsafe {
        let failure = Error {
            status: text(attune_status_name(attune_error_status(error))),
            message: text(attune_error_message(error)),
        };
        attune_error_free(error);
        Err(failure)
    }
}

/// A handle and what lets go of it.
struct Owned(Handle, unsafe extern "C" fn(Handle));

impl Owned {
    fn new(release: unsafe extern "C" fn(Handle), make: impl FnOnce(*mut Handle, *mut Handle) -> i32) -> Result<Owned> {
        let mut handle = null_mut();
        call(|error| make(&mut handle, error))?;
        Ok(Owned(handle, release))
    }
}

impl Drop for Owned {
    fn drop(&mut self) {
        unsafe { (self.1)(self.0) }
    }
}

fn make_space() -> Result<Owned> {
    let space = Owned::new(attune_space_destroy, |out, error| unsafe { attune_space_create(out, error) })?;
    let kernels = [c("rbf"), c("poly"), c("linear")];
    let pointers: Vec<_> = kernels.iter().map(|kernel| kernel.as_ptr()).collect();
    let (x, lr, layers, kernel) = (c("x"), c("lr"), c("layers"), c("kernel"));
    unsafe {
        call(|e| attune_space_add_float(space.0, x.as_ptr(), -5.0, 5.0, 0.0, 0, e))?;
        call(|e| attune_space_add_float(space.0, lr.as_ptr(), 1e-5, 0.1, 0.0, PARAM_LOG, e))?;
        call(|e| attune_space_add_int(space.0, layers.as_ptr(), 1, 8, 1, 0, e))?;
        call(|e| attune_space_add_categorical(space.0, kernel.as_ptr(), pointers.as_ptr(), pointers.len(), 0, e))?;
    }
    Ok(space)
}

fn make_study(strategy: Option<&str>) -> Result<Owned> {
    let space = make_space()?;
    let options = Owned::new(attune_options_destroy, |out, error| unsafe { attune_options_create(out, error) })?;
    let (seed, strategy) = (c("seed"), strategy.map(c));
    call(|error| unsafe { attune_options_set_int(options.0, seed.as_ptr(), SEED, error) })?;
    let strategy = strategy.as_ref().map_or(null(), |name| name.as_ptr());
    Owned::new(attune_study_close, |out, error| unsafe {
        attune_study_create(null(), null(), space.0, null(), 0, strategy, options.0, out, error)
    })
}

fn evaluate(trial: Handle) -> Result<f64> {
    let (mut x, mut lr, mut layers, mut kernel) = (0.0, 0.0, 0, null());
    let names = [c("x"), c("lr"), c("layers"), c("kernel")];
    call(|error| unsafe { attune_trial_float(trial, names[0].as_ptr(), &mut x, error) })?;
    call(|error| unsafe { attune_trial_float(trial, names[1].as_ptr(), &mut lr, error) })?;
    call(|error| unsafe { attune_trial_int(trial, names[2].as_ptr(), &mut layers, error) })?;
    call(|error| unsafe { attune_trial_choice(trial, names[3].as_ptr(), &mut kernel, error) })?;
    let penalty = if text(kernel) == "rbf" { 0.0 } else { 0.5 };
    Ok((x - 1.25f64).abs() / 4.0 + (lr - 0.01f64).abs() / 0.1 + (layers as f64 - 3.0).abs() / 8.0 + penalty)
}

fn print_best(title: &str, study: &Owned) -> Result<()> {
    let best = Owned::new(attune_trials_destroy, |out, error| unsafe { attune_study_best_trials(study.0, out, error) })?;
    let (mut number, mut value, mut params) = (0, 0.0, [0.0; N_PARAMS]);
    call(|error| unsafe { attune_trials_number(best.0, 0, &mut number, error) })?;
    call(|error| unsafe { attune_trials_value(best.0, 0, 0, &mut value, error) })?;
    call(|error| unsafe { attune_trials_copy_params(best.0, params.as_mut_ptr(), N_PARAMS, null_mut(), error) })?;
    print!("{title} {number} {:016x}", f64::to_bits(value));
    for param in params {
        print!(" {:016x}", f64::to_bits(param));
    }
    println!();
    Ok(())
}

type Closure<'a> = Box<dyn FnMut(Handle) -> Result<f64> + 'a>;

/// Calls the closure; neither its panic nor its error may unwind into the library.
extern "C" fn objective(trial: Handle, values: *mut f64, _: usize, data: *mut c_void) -> i32 {
    let closure = unsafe { &mut *(data as *mut Closure) };
    match catch_unwind(AssertUnwindSafe(|| closure(trial))) {
        Ok(Ok(value)) => {
            unsafe { *values = value };
            OK
        }
        _ => E_OBJECTIVE,
    }
}

extern "C" fn drop_closure(data: *mut c_void) {
    drop(unsafe { Box::from_raw(data as *mut Closure) });
}

/// Counts when it is dropped: the closure owns one, and so tells when the library lets go of it.
struct CountsDrops<'a>(&'a std::cell::Cell<i32>);

impl Drop for CountsDrops<'_> {
    fn drop(&mut self) {
        self.0.set(self.0.get() + 1)
    }
}

fn main() -> Result<()> {
    println!("version {}", text(unsafe { attune_version_string() }));

    let asked = make_study(None)?;
    for _ in 0..N_TRIALS {
        let trial = Owned::new(attune_trial_release, |out, error| unsafe { attune_study_ask(asked.0, out, error) })?;
        let value = evaluate(trial.0)?;
        call(|error| unsafe { attune_study_tell(asked.0, trial.0, &value, 1, null_mut(), error) })?;
    }
    print_best("asked", &asked)?;

    let error = make_study(Some("bayesain")).err().expect("no strategy has that name");
    println!("error {}: {}", error.status, error.message);

    let (calls, destroyed) = (std::cell::Cell::new(0), std::cell::Cell::new(0));
    let (counter, calls_made) = (CountsDrops(&destroyed), &calls);
    let closure: Closure = Box::new(move |trial| {
        let _owned = &counter;
        calls_made.set(calls_made.get() + 1);
        evaluate(trial)
    });
    let called = make_study(None)?;
    let callback = Owned::new(attune_objective_destroy, |out, error| unsafe {
        attune_objective_from_callback(objective, Box::into_raw(Box::new(closure)) as *mut c_void, drop_closure, out, error)
    })?;
    let mut reason = null();
    call(|error| unsafe { attune_study_optimize(called.0, callback.0, N_TRIALS, 0.0, null_mut(), &mut reason, error) })?;
    println!("callback {} calls, {}", calls.get(), text(reason));
    print_best("called", &called)?;

    let handles = [called.0, asked.0];
    drop((callback, called, asked));
    let open: usize = handles.iter().map(|study| unsafe { attune_study_trial_count(*study) }).sum();
    println!("destroyed {}, open trials {open}", destroyed.get());
    Ok(())
}
