# frozen_string_literal: true

# The tour of tour.c in Ruby by Fiddle: blocks that close what they opened, a block as objective.
require "fiddle/import"

# The functions as they stand in attune.h, and what a failed one raises.
module Attune
  extend Fiddle::Importer
  dlload "libattune.so.0"

  typealias "handle", "void *"
  extern "char *attune_version_string()"
  extern "char *attune_status_name(int32_t)"
  extern "int32_t attune_error_status(handle)"
  extern "char *attune_error_message(handle)"
  extern "void attune_error_free(handle)"
  extern "int32_t attune_options_create(void *, void *)"
  extern "int32_t attune_options_set_int(handle, char *, int64_t, void *)"
  extern "void attune_options_destroy(handle)"
  extern "int32_t attune_space_create(void *, void *)"
  extern "int32_t attune_space_add_float(handle, char *, double, double, double, uint32_t, void *)"
  extern "int32_t attune_space_add_int(handle, char *, int64_t, int64_t, int64_t, uint32_t, void *)"
  extern "int32_t attune_space_add_categorical(handle, char *, void *, size_t, uint32_t, void *)"
  extern "void attune_space_destroy(handle)"
  extern "int32_t attune_study_create(char *, char *, handle, void *, size_t, char *, handle, void *, void *)"
  extern "void attune_study_close(handle)"
  extern "size_t attune_study_trial_count(handle)"
  extern "int32_t attune_study_ask(handle, void *, void *)"
  extern "int32_t attune_study_tell(handle, handle, void *, size_t, void *, void *)"
  extern "void attune_trial_release(handle)"
  extern "int32_t attune_trial_float(handle, char *, void *, void *)"
  extern "int32_t attune_trial_int(handle, char *, void *, void *)"
  extern "int32_t attune_trial_choice(handle, char *, void *, void *)"
  extern "int32_t attune_objective_from_callback(void *, void *, void *, void *, void *)"
  extern "void attune_objective_destroy(handle)"
  extern "int32_t attune_study_optimize(handle, handle, int64_t, double, handle, void *, void *)"
  extern "int32_t attune_study_best_trials(handle, void *, void *)"
  extern "int32_t attune_trials_number(handle, size_t, void *, void *)"
  extern "int32_t attune_trials_value(handle, size_t, size_t, void *, void *)"
  extern "int32_t attune_trials_copy_params(handle, void *, size_t, void *, void *)"
  extern "void attune_trials_destroy(handle)"

  PARAM_LOG = 1
  E_OBJECTIVE = -16

  # What a failed call says.
  class Error < StandardError; end

  # Memory of eight bytes that the library writes to.
  def self.out
    Fiddle::Pointer.malloc(8, Fiddle::RUBY_FREE)
  end

  # Calls a function that takes attune_error ** last.
  def self.call(name, *arguments)
    error = out
    return if public_send(name, *arguments, error).zero?

    message = "#{attune_status_name(attune_error_status(error.ptr))}: #{attune_error_message(error.ptr)}"
    attune_error_free(error.ptr)
    raise Error, message
  end

  # Calls a function whose last argument but the error is an out-parameter; gives it, unpacked.
  def self.get(format, name, *arguments)
    value = out
    call(name, *arguments, value)
    value[0, 8].unpack1(format)
  end

  # A handle, for the length of the block.
  def self.open(release, name, *arguments)
    handle = get("J", name, *arguments)
    begin
      yield handle
    ensure
      public_send(release, handle)
    end
  end
end

N_TRIALS = 30
N_PARAMS = 4
SEED = 7

def open_space
  Attune.open(:attune_space_destroy, :attune_space_create) do |space|
    texts = %w[rbf poly linear].map { |kernel| Fiddle::Pointer[kernel] }
    kernels = texts.map(&:to_i).pack("J*")
    Attune.call(:attune_space_add_float, space, "x", -5.0, 5.0, 0.0, 0)
    Attune.call(:attune_space_add_float, space, "lr", 1e-5, 0.1, 0.0, Attune::PARAM_LOG)
    Attune.call(:attune_space_add_int, space, "layers", 1, 8, 1, 0)
    Attune.call(:attune_space_add_categorical, space, "kernel", kernels, texts.size, 0)
    yield space
  end
end

def open_study(strategy = nil, &block)
  study = open_space do |space|
    Attune.open(:attune_options_destroy, :attune_options_create) do |options|
      Attune.call(:attune_options_set_int, options, "seed", SEED)
      Attune.get("J", :attune_study_create, nil, nil, space, nil, 0, strategy, options)
    end
  end
  begin
    block.call(study)
  ensure
    Attune.attune_study_close(study)
  end
end

def evaluate(trial)
  x = Attune.get("d", :attune_trial_float, trial, "x")
  lr = Attune.get("d", :attune_trial_float, trial, "lr")
  layers = Attune.get("q", :attune_trial_int, trial, "layers")
  kernel = Fiddle::Pointer.new(Attune.get("J", :attune_trial_choice, trial, "kernel")).to_s
  (x - 1.25).abs / 4 + (lr - 0.01).abs / 0.1 + (layers - 3.0).abs / 8 + (kernel == "rbf" ? 0 : 0.5)
end

def print_best(title, study)
  Attune.open(:attune_trials_destroy, :attune_study_best_trials, study) do |best|
    number = Attune.get("q", :attune_trials_number, best, 0)
    value = Attune.get("d", :attune_trials_value, best, 0, 0)
    params = Fiddle::Pointer.malloc(8 * N_PARAMS, Fiddle::RUBY_FREE)
    Attune.call(:attune_trials_copy_params, best, params, N_PARAMS, nil)
    numbers = [value, *params[0, 8 * N_PARAMS].unpack("d*")]
    puts "#{title} #{number} #{numbers.map { |one| [one].pack("G").unpack1("H*") }.join(" ")}"
  end
end

puts "version #{Attune.attune_version_string}"
closed = []

open_study do |asked|
  closed << asked
  N_TRIALS.times do
    Attune.open(:attune_trial_release, :attune_study_ask, asked) do |trial|
      Attune.call(:attune_study_tell, asked, trial, [evaluate(trial)].pack("d"), 1, nil)
    end
  end
  print_best("asked", asked)
end

begin
  open_study("bayesain") { abort "no strategy is called bayesain" }
rescue Attune::Error => e
  puts "error #{e.message}"
end

calls = 0
destroyed = 0
types = [Fiddle::TYPE_VOIDP, Fiddle::TYPE_VOIDP, Fiddle::TYPE_SIZE_T, Fiddle::TYPE_VOIDP]
# No exception may cross the library: it becomes a status.
objective = Fiddle::Closure::BlockCaller.new(Fiddle::TYPE_INT, types) do |trial, values, _, _|
  calls += 1
  values[0, 8] = [evaluate(trial)].pack("d")
  0
rescue StandardError => e
  warn e.message
  Attune::E_OBJECTIVE
end
let_go = Fiddle::Closure::BlockCaller.new(Fiddle::TYPE_VOID, [Fiddle::TYPE_VOIDP]) { destroyed += 1 }
open_study do |called|
  closed << called
  Attune.open(:attune_objective_destroy, :attune_objective_from_callback, objective, nil, let_go) do |callback|
    reason = Attune.get("J", :attune_study_optimize, called, callback, N_TRIALS, 0.0, nil)
    puts "callback #{calls} calls, #{Fiddle::Pointer.new(reason)}"
    print_best("called", called)
  end
end
puts "destroyed #{destroyed}, open trials #{closed.sum { |study| Attune.attune_study_trial_count(study) }}"
