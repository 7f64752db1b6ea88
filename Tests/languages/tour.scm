;; The tour of tour.c in Guile Scheme: the FFI of (system foreign), a procedure as objective.
(use-modules (system foreign) (system foreign-library) (rnrs bytevectors) (ice-9 format) (srfi srfi-1))

(define n-trials 30)
(define n-params 4)
(define seed 7)
(define param-log 1)
(define e-objective -16)

(define library (load-foreign-library "libattune.so.0"))

(define (c-function name return . arguments)
  (foreign-library-function library name #:return-type return #:arg-types arguments))

(define status-name (c-function "attune_status_name" '* int32))
(define error-status (c-function "attune_error_status" int32 '*))
(define error-message (c-function "attune_error_message" '* '*))
(define error-free (c-function "attune_error_free" void '*))

(define (text pointer) (pointer->string pointer -1 "UTF-8"))
(define (c-text string) (if string (string->pointer string "UTF-8") %null-pointer))

;; Room for one value of eight bytes, which C writes to.
(define (room) (make-bytevector 8 0))
(define (room-pointer bytes) (make-pointer (bytevector-u64-native-ref bytes 0)))

;; A function that takes attune_error ** last, as a procedure that throws 'attune with status and message.
(define (fallible name . arguments)
  (let ((function (apply c-function name int32 (append arguments '(*)))))
    (lambda given
      (let ((err (room)))
        (unless (zero? (apply function (append given (list (bytevector->pointer err)))))
          (let* ((failed (room-pointer err))
                 (status (text (status-name (error-status failed))))
                 (message (text (error-message failed))))
            (error-free failed)
            (throw 'attune status message)))))))

;; The same where the last argument but the error is an out-parameter: gives what read finds there.
(define (getter read name . arguments)
  (let ((function (apply fallible name (append arguments '(*)))))
    (lambda given
      (let ((out (room)))
        (apply function (append given (list (bytevector->pointer out))))
        (read out)))))
(define (read-double bytes) (bytevector-ieee-double-native-ref bytes 0))
(define (read-int64 bytes) (bytevector-s64-native-ref bytes 0))
(define (read-text bytes) (text (room-pointer bytes)))

;; Calls body with a handle, and lets go of it whatever happens.
(define (call-with-handle handle release body)
  (dynamic-wind (const #t) (lambda () (body handle)) (lambda () (release handle))))

(define version (c-function "attune_version_string" '*))
(define options-create (getter room-pointer "attune_options_create"))
(define options-set-int (fallible "attune_options_set_int" '* '* int64))
(define options-destroy (c-function "attune_options_destroy" void '*))
(define space-create (getter room-pointer "attune_space_create"))
(define space-add-float (fallible "attune_space_add_float" '* '* double double double uint32))
(define space-add-int (fallible "attune_space_add_int" '* '* int64 int64 int64 uint32))
(define space-add-categorical (fallible "attune_space_add_categorical" '* '* '* size_t uint32))
(define space-destroy (c-function "attune_space_destroy" void '*))
(define study-create (getter room-pointer "attune_study_create" '* '* '* '* size_t '* '*))
(define study-close (c-function "attune_study_close" void '*))
(define study-trial-count (c-function "attune_study_trial_count" size_t '*))
(define study-ask (getter room-pointer "attune_study_ask" '*))
(define study-tell (fallible "attune_study_tell" '* '* '* size_t '*))
(define trial-release (c-function "attune_trial_release" void '*))
(define trial-float (getter read-double "attune_trial_float" '* '*))
(define trial-int (getter read-int64 "attune_trial_int" '* '*))
(define trial-choice (getter read-text "attune_trial_choice" '* '*))
(define objective-from-callback (getter room-pointer "attune_objective_from_callback" '* '* '*))
(define objective-destroy (c-function "attune_objective_destroy" void '*))
(define study-optimize (getter read-text "attune_study_optimize" '* '* int64 double '*))
(define study-best-trials (getter room-pointer "attune_study_best_trials" '*))
(define trials-number (getter read-int64 "attune_trials_number" '* size_t))
(define trials-value (getter read-double "attune_trials_value" '* size_t size_t))
(define trials-copy-params (fallible "attune_trials_copy_params" '* '* size_t '*))
(define trials-destroy (c-function "attune_trials_destroy" void '*))

(define (call-with-space body)
  (call-with-handle (space-create) space-destroy
    (lambda (space)
      (let* ((kernels (map c-text '("rbf" "poly" "linear")))
             (choices (uint-list->bytevector (map pointer-address kernels) (native-endianness) 8)))
        (space-add-float space (c-text "x") -5.0 5.0 0.0 0)
        (space-add-float space (c-text "lr") 1e-5 0.1 0.0 param-log)
        (space-add-int space (c-text "layers") 1 8 1 0)
        (space-add-categorical space (c-text "kernel") (bytevector->pointer choices) (length kernels) 0)
        (body space)))))

(define* (make-study #:optional strategy)
  (call-with-space
    (lambda (space)
      (call-with-handle (options-create) options-destroy
        (lambda (options)
          (options-set-int options (c-text "seed") seed)
          (study-create %null-pointer %null-pointer space %null-pointer 0 (c-text strategy) options))))))

(define (evaluate trial)
  (let ((x (trial-float trial (c-text "x")))
        (lr (trial-float trial (c-text "lr")))
        (layers (trial-int trial (c-text "layers")))
        (kernel (trial-choice trial (c-text "kernel"))))
    (+ (/ (abs (- x 1.25)) 4) (/ (abs (- lr 0.01)) 0.1) (/ (abs (- layers 3.0)) 8) (if (string=? kernel "rbf") 0 0.5))))

(define (hex number)
  (let ((bytes (room)))
    (bytevector-ieee-double-native-set! bytes 0 number)
    (format #f "~16,'0x" (bytevector-u64-native-ref bytes 0))))

(define (print-best title study)
  (call-with-handle (study-best-trials study) trials-destroy
    (lambda (best)
      (let ((params (make-bytevector (* 8 n-params))))
        (trials-copy-params best (bytevector->pointer params) n-params %null-pointer)
        (format #t "~a ~a ~a~{ ~a~}\n" title (trials-number best 0) (hex (trials-value best 0 0))
          (map (lambda (i) (hex (bytevector-ieee-double-native-ref params (* 8 i)))) (iota n-params)))))))

(format #t "version ~a\n" (text (version)))

(define asked (make-study))
(do ((i 0 (1+ i))) ((= i n-trials))
  (call-with-handle (study-ask asked) trial-release
    (lambda (trial)
      (let ((value (room)))
        (bytevector-ieee-double-native-set! value 0 (evaluate trial))
        (study-tell asked trial (bytevector->pointer value) 1 %null-pointer)))))
(print-best "asked" asked)

(catch 'attune
  (lambda () (make-study "bayesain") (error "no strategy is called bayesain"))
  (lambda (key status message) (format #t "error ~a: ~a\n" status message)))

(define calls 0)
(define destroyed 0)
;; Nothing may be thrown through the library: it becomes a status.
(define objective
  (procedure->pointer int32
    (lambda (trial values n-values data)
      (set! calls (1+ calls))
      (catch #t
        (lambda ()
          (bytevector-ieee-double-native-set! (pointer->bytevector values 8) 0 (evaluate trial))
          0)
        (const e-objective)))
    (list '* '* size_t '*)))
(define let-go (procedure->pointer void (lambda (data) (set! destroyed (1+ destroyed))) '(*)))
(define called (make-study))
(define callback (objective-from-callback objective %null-pointer let-go))
(define reason (study-optimize called callback n-trials 0.0 %null-pointer))
(format #t "callback ~a calls, ~a\n" calls reason)
(print-best "called" called)

(objective-destroy callback)
(study-close called)
(study-close asked)
(format #t "destroyed ~a, open trials ~a\n" destroyed (+ (study-trial-count called) (study-trial-count asked)))
