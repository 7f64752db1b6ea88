# The tour of tour.c in R: R calls C by .Call only, so tour_r.c stands between. Handles are external pointers with
# finalizers, a closure is the objective.
#
# usage: Rscript tour.R SHIM
dyn.load(commandArgs(trailingOnly = TRUE)[1])

n_trials <- 30L
seed <- 7

make_space <- function() {
  space <- .Call("tour_space_create")
  .Call("tour_space_add_float", space, "x", -5, 5, 0, 0L)
  .Call("tour_space_add_float", space, "lr", 1e-5, 0.1, 0, 1L)
  .Call("tour_space_add_int", space, "layers", 1, 8, 1, 0L)
  .Call("tour_space_add_categorical", space, "kernel", c("rbf", "poly", "linear"))
  space
}

make_study <- function(strategy = NULL) .Call("tour_study_create", make_space(), strategy, seed)

evaluate <- function(trial) {
  x <- .Call("tour_trial_float", trial, "x")
  lr <- .Call("tour_trial_float", trial, "lr")
  layers <- .Call("tour_trial_int", trial, "layers")
  kernel <- .Call("tour_trial_choice", trial, "kernel")
  abs(x - 1.25) / 4 + abs(lr - 0.01) / 0.1 + abs(layers - 3) / 8 + (if (kernel == "rbf") 0 else 0.5)
}

line <- function(...) cat(..., "\n", sep = "")

# The bits of doubles, the highest first.
hex <- function(numbers) {
  vapply(numbers, function(one) paste(as.character(writeBin(one, raw(), endian = "big")), collapse = ""), "")
}

print_best <- function(title, study) {
  best <- .Call("tour_best", study)
  line(paste(c(title, best$number, hex(c(best$value, best$params))), collapse = " "))
}

line("version ", .Call("tour_version"))

asked <- make_study()
for (i in seq_len(n_trials)) {
  trial <- .Call("tour_ask", asked)
  .Call("tour_tell", asked, trial, evaluate(trial))
}
print_best("asked", asked)

refused <- tryCatch(make_study("bayesain"), error = conditionMessage)
stopifnot(is.character(refused))
line("error ", refused)

calls <- 0
called <- make_study()
callback <- .Call("tour_objective", function(trial) {
  calls <<- calls + 1
  evaluate(trial)
})
reason <- .Call("tour_optimize", called, callback, n_trials)
line("callback ", calls, " calls, ", reason)
print_best("called", called)

invisible(.Call("tour_objective_destroy", callback))
open <- .Call("tour_close", called) + .Call("tour_close", asked)
line("destroyed ", .Call("tour_destroyed"), ", open trials ", open)
