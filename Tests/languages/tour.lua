-- The tour of tour.c in LuaJIT: the FFI reads attune.h itself, the collector lets go of handles.
local ffi = require("ffi")

local N_TRIALS, N_PARAMS, SEED = 30, 4, 7

-- LuaJIT knows declarations but no preprocessor: the header needs no more than this.
local path = assert(arg[1], "usage: tour.lua ATTUNE_H")
local file = assert(io.open(path))
local header = file:read("*a"):gsub("/%*.-%*/", ""):gsub("\\\n", "")
header = header:gsub("#ifdef __cplusplus.-#endif", ""):gsub("[ \t]*#[^\n]*", "")
file:close()
ffi.cdef((header:gsub("ATTUNE_API", ""):gsub("ATTUNE_CALL", "")))
local C = ffi.load("attune")

-- Calls a function that takes attune_error ** last; raises {status, message}.
local function call(name, ...)
  local err = ffi.new("attune_error *[1]")
  local arguments = { ... }
  arguments[select("#", ...) + 1] = err
  if C[name](unpack(arguments, 1, select("#", ...) + 1)) ~= C.ATTUNE_OK then
    local failed = ffi.gc(err[0], C.attune_error_free)
    error({
      status = ffi.string(C.attune_status_name(C.attune_error_status(failed))),
      message = ffi.string(C.attune_error_message(failed)),
    })
  end
end

-- Calls a function whose last argument but the error is an out-parameter of a type; gives what it wrote.
local function get(ctype, name, ...)
  local out = ffi.new(ctype .. "[1]")
  local arguments = { ... }
  arguments[select("#", ...) + 1] = out
  call(name, unpack(arguments, 1, select("#", ...) + 1))
  return out[0]
end

-- A handle that the collector lets go of, or release does at once.
local function make(kind, release, name, ...)
  return ffi.gc(get(kind .. " *", name, ...), release)
end
local function release(handle, with)
  with(ffi.gc(handle, nil))
end

local function make_space()
  local space = make("attune_space", C.attune_space_destroy, "attune_space_create")
  local kernels = ffi.new("const char *[3]", { "rbf", "poly", "linear" })
  call("attune_space_add_float", space, "x", -5, 5, 0, 0)
  call("attune_space_add_float", space, "lr", 1e-5, 0.1, 0, C.ATTUNE_PARAM_LOG)
  call("attune_space_add_int", space, "layers", 1, 8, 1, 0)
  call("attune_space_add_categorical", space, "kernel", kernels, 3, 0)
  return space
end

local function make_study(strategy)
  local options = make("attune_options", C.attune_options_destroy, "attune_options_create")
  call("attune_options_set_int", options, "seed", SEED)
  return make("attune_study", C.attune_study_close, "attune_study_create",
    nil, nil, make_space(), nil, 0, strategy, options)
end

local function evaluate(trial)
  local x = get("double", "attune_trial_float", trial, "x")
  local lr = get("double", "attune_trial_float", trial, "lr")
  local layers = tonumber(get("int64_t", "attune_trial_int", trial, "layers"))
  local kernel = ffi.string(get("const char *", "attune_trial_choice", trial, "kernel"))
  return math.abs(x - 1.25) / 4 + math.abs(lr - 0.01) / 0.1 + math.abs(layers - 3) / 8 + (kernel == "rbf" and 0 or 0.5)
end

local bits = ffi.new("union { double number; struct { uint32_t low, high; } half; }")
local function hex(number)
  bits.number = number
  return ("%08x%08x"):format(bits.half.high, bits.half.low)
end

local function print_best(title, study)
  local best = make("attune_trials", C.attune_trials_destroy, "attune_study_best_trials", study)
  local params = ffi.new("double[?]", N_PARAMS)
  call("attune_trials_copy_params", best, params, N_PARAMS, nil)
  local words = { title, tostring(tonumber(get("int64_t", "attune_trials_number", best, 0))) }
  words[#words + 1] = hex(get("double", "attune_trials_value", best, 0, 0))
  for i = 0, N_PARAMS - 1 do words[#words + 1] = hex(params[i]) end
  print(table.concat(words, " "))
end

print("version " .. ffi.string(C.attune_version_string()))

local asked = make_study()
for _ = 1, N_TRIALS do
  local trial = make("attune_trial", C.attune_trial_release, "attune_study_ask", asked)
  call("attune_study_tell", asked, trial, ffi.new("double[1]", evaluate(trial)), 1, nil)
  release(trial, C.attune_trial_release)
end
print_best("asked", asked)

local is_made, refused = pcall(make_study, "bayesain")
assert(not is_made, "no strategy is called bayesain")
print(("error %s: %s"):format(refused.status, refused.message))

-- No error may cross the library: it becomes a status.
local calls, destroyed = 0, 0
local fn = ffi.cast("attune_objective_fn", function(trial, values)
  calls = calls + 1
  local is_good, value = pcall(evaluate, trial)
  if not is_good then return C.ATTUNE_E_OBJECTIVE end
  values[0] = value
  return C.ATTUNE_OK
end)
local let_go = ffi.cast("attune_destroy_fn", function() destroyed = destroyed + 1 end)
-- Code that the compiler made must not be on the stack where C calls back.
local optimize = function(...) return get("const char *", "attune_study_optimize", ...) end
jit.off(optimize, true)
jit.off(call)
jit.off(get)
local called = make_study()
local callback = make("attune_objective", C.attune_objective_destroy, "attune_objective_from_callback", fn, nil, let_go)
local reason = optimize(called, callback, N_TRIALS, 0, nil)
print(("callback %d calls, %s"):format(calls, ffi.string(reason)))
print_best("called", called)

release(callback, C.attune_objective_destroy)
release(called, C.attune_study_close)
release(asked, C.attune_study_close)
fn:free()
let_go:free()
local open = tonumber(C.attune_study_trial_count(called) + C.attune_study_trial_count(asked))
print(("destroyed %d, open trials %d"):format(destroyed, open))
