// The tour of tour.c in Go by cgo: a closure as objective, passed through C by its cgo.Handle.
package main

/*
#cgo LDFLAGS: -lattune
#include <attune.h>
#include <stdlib.h>

extern attune_status goObjective(attune_trial *trial, double *values, size_t n_values, void *data);
extern void goLetGo(void *data);
*/
import "C"

import (
	"errors"
	"fmt"
	"log"
	"math"
	"runtime/cgo"
	"unsafe"
)

const (
	nTrials = 30
	nParams = 4
	seed    = 7
)

// Error is what a failed call says.
type Error struct{ Status, Message string }

func (e *Error) Error() string { return e.Status + ": " + e.Message }

// failed makes an error of a failed call's, which it releases.
func failed(status C.attune_status, e *C.attune_error) error {
	if status == C.ATTUNE_OK {
		return nil
	}
	defer C.attune_error_free(e)
	return &Error{C.GoString(C.attune_status_name(C.attune_error_status(e))), C.GoString(C.attune_error_message(e))}
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

// text gives a text to C for the length of one call.
func text(s string, call func(*C.char) C.attune_status) C.attune_status {
	c := C.CString(s)
	defer C.free(unsafe.Pointer(c))
	return call(c)
}

func makeSpace() *C.attune_space {
	var space *C.attune_space
	var e *C.attune_error
	check(failed(C.attune_space_create(&space, &e), e))
	check(failed(text("x", func(name *C.char) C.attune_status {
		return C.attune_space_add_float(space, name, -5, 5, 0, 0, &e)
	}), e))
	check(failed(text("lr", func(name *C.char) C.attune_status {
		return C.attune_space_add_float(space, name, 1e-5, 0.1, 0, C.ATTUNE_PARAM_LOG, &e)
	}), e))
	check(failed(text("layers", func(name *C.char) C.attune_status {
		return C.attune_space_add_int(space, name, 1, 8, 1, 0, &e)
	}), e))
	check(failed(text("kernel", func(name *C.char) C.attune_status {
		kernels := []string{"rbf", "poly", "linear"}
		size := C.size_t(len(kernels)) * C.size_t(unsafe.Sizeof((*C.char)(nil)))
		memory := C.malloc(size)
		defer C.free(memory)
		choices := unsafe.Slice((**C.char)(memory), len(kernels))
		for i, kernel := range kernels {
			choices[i] = C.CString(kernel)
			defer C.free(unsafe.Pointer(choices[i]))
		}
		return C.attune_space_add_categorical(space, name, &choices[0], C.size_t(len(kernels)), 0, &e)
	}), e))
	return space
}

func makeStudy(strategy string) (*C.attune_study, error) {
	space := makeSpace()
	defer C.attune_space_destroy(space)
	var options *C.attune_options
	var e *C.attune_error
	check(failed(C.attune_options_create(&options, &e), e))
	defer C.attune_options_destroy(options)
	check(failed(text("seed", func(key *C.char) C.attune_status {
		return C.attune_options_set_int(options, key, seed, &e)
	}), e))
	var study *C.attune_study
	status := text(strategy, func(name *C.char) C.attune_status {
		if strategy == "" {
			name = nil
		}
		return C.attune_study_create(nil, nil, space, nil, 0, name, options, &study, &e)
	})
	return study, failed(status, e)
}

func evaluate(trial *C.attune_trial) (float64, error) {
	var x, lr C.double
	var layers C.int64_t
	var kernel *C.char
	var e *C.attune_error
	for _, read := range []struct {
		name string
		call func(*C.char) C.attune_status
	}{
		{"x", func(name *C.char) C.attune_status { return C.attune_trial_float(trial, name, &x, &e) }},
		{"lr", func(name *C.char) C.attune_status { return C.attune_trial_float(trial, name, &lr, &e) }},
		{"layers", func(name *C.char) C.attune_status { return C.attune_trial_int(trial, name, &layers, &e) }},
		{"kernel", func(name *C.char) C.attune_status { return C.attune_trial_choice(trial, name, &kernel, &e) }},
	} {
		if err := failed(text(read.name, read.call), e); err != nil {
			return 0, err
		}
	}
	value := math.Abs(float64(x)-1.25)/4 + math.Abs(float64(lr)-0.01)/0.1 + math.Abs(float64(layers)-3)/8
	if C.GoString(kernel) != "rbf" {
		value += 0.5
	}
	return value, nil
}

func printBest(title string, study *C.attune_study) {
	var best *C.attune_trials
	var number C.int64_t
	var value C.double
	var params [nParams]C.double
	var e *C.attune_error
	check(failed(C.attune_study_best_trials(study, &best, &e), e))
	defer C.attune_trials_destroy(best)
	check(failed(C.attune_trials_number(best, 0, &number, &e), e))
	check(failed(C.attune_trials_value(best, 0, 0, &value, &e), e))
	check(failed(C.attune_trials_copy_params(best, &params[0], nParams, nil, &e), e))
	fmt.Printf("%s %d %016x", title, number, math.Float64bits(float64(value)))
	for _, param := range params {
		fmt.Printf(" %016x", math.Float64bits(float64(param)))
	}
	fmt.Println()
}

type objective struct {
	evaluate  func(*C.attune_trial) (float64, error)
	destroyed func()
}

//export goObjective
func goObjective(trial *C.attune_trial, values *C.double, nValues C.size_t, data unsafe.Pointer) C.attune_status {
	value, err := (*(*cgo.Handle)(data)).Value().(objective).evaluate(trial)
	if err != nil || nValues != 1 {
		return C.ATTUNE_E_OBJECTIVE
	}
	*values = C.double(value)
	return C.ATTUNE_OK
}

//export goLetGo
func goLetGo(data unsafe.Pointer) {
	handle := *(*cgo.Handle)(data)
	handle.Value().(objective).destroyed()
	handle.Delete()
	C.free(data)
}

func main() {
	fmt.Println("version", C.GoString(C.attune_version_string()))
	var e *C.attune_error

	asked, err := makeStudy("")
	check(err)
	for i := 0; i < nTrials; i++ {
		var trial *C.attune_trial
		check(failed(C.attune_study_ask(asked, &trial, &e), e))
		value, err := evaluate(trial)
		check(err)
		told := C.double(value)
		check(failed(C.attune_study_tell(asked, trial, &told, 1, nil, &e), e))
		C.attune_trial_release(trial)
	}
	printBest("asked", asked)

	var refused *Error
	if _, err = makeStudy("bayesain"); !errors.As(err, &refused) {
		log.Fatal("no strategy is called bayesain")
	}
	fmt.Println("error", refused)

	calls, destroyed := 0, 0
	called, err := makeStudy("")
	check(err)
	// C may keep no pointer to Go's memory: the handle lies in C's.
	data := C.malloc(C.size_t(unsafe.Sizeof(cgo.Handle(0))))
	*(*cgo.Handle)(data) = cgo.NewHandle(objective{
		func(trial *C.attune_trial) (float64, error) { calls++; return evaluate(trial) },
		func() { destroyed++ },
	})
	var callback *C.attune_objective
	check(failed(C.attune_objective_from_callback(C.attune_objective_fn(C.goObjective), data,
		C.attune_destroy_fn(C.goLetGo), &callback, &e), e))
	var reason *C.char
	check(failed(C.attune_study_optimize(called, callback, nTrials, 0, nil, &reason, &e), e))
	fmt.Printf("callback %d calls, %s\n", calls, C.GoString(reason))
	printBest("called", called)

	C.attune_objective_destroy(callback)
	C.attune_study_close(called)
	C.attune_study_close(asked)
	fmt.Printf("destroyed %d, open trials %d\n", destroyed, C.attune_study_trial_count(called)+C.attune_study_trial_count(asked))
}
