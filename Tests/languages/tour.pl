# The tour of tour.c in Perl by FFI::Platypus: handles are objects that let go when they are forgotten, a sub is the
# objective.
use v5.30;
use warnings;
use FFI::Platypus 2.00;

use constant { N_TRIALS => 30, N_PARAMS => 4, SEED => 7, PARAM_LOG => 1, E_OBJECTIVE => -16 };

my $ffi = FFI::Platypus->new(api => 2, lib => 'libattune.so.0');
$ffi->type('(opaque,opaque,size_t,opaque)->sint32' => 'objective_fn');
$ffi->type('(opaque)->void' => 'destroy_fn');

# The functions as they stand in attune.h.
my @handles = qw(error options space trial objective trials);
$ffi->attach(["attune_${_}_@{[$_ eq 'error' ? 'free' : $_ eq 'trial' ? 'release' : 'destroy']}" => "free_$_"]
      => ['opaque'] => 'void')
  for @handles;
$ffi->attach(attune_version_string => [] => 'string');
$ffi->attach(attune_status_name => ['sint32'] => 'string');
$ffi->attach(attune_error_status => ['opaque'] => 'sint32');
$ffi->attach(attune_error_message => ['opaque'] => 'string');
$ffi->attach([attune_study_close => 'free_study'] => ['opaque'] => 'void');
$ffi->attach(attune_study_trial_count => ['opaque'] => 'size_t');
my %fallible = (
  attune_options_create => ['opaque*'],
  attune_options_set_int => [qw(opaque string sint64)],
  attune_space_create => ['opaque*'],
  attune_space_add_float => [qw(opaque string double double double uint32)],
  attune_space_add_int => [qw(opaque string sint64 sint64 sint64 uint32)],
  attune_space_add_categorical => [qw(opaque string string[3] size_t uint32)],
  attune_study_create => [qw(string string opaque opaque size_t string opaque opaque*)],
  attune_study_ask => [qw(opaque opaque*)],
  attune_study_tell => [qw(opaque opaque double[1] size_t opaque)],
  attune_study_optimize => [qw(opaque opaque sint64 double opaque string*)],
  attune_study_best_trials => [qw(opaque opaque*)],
  attune_trial_float => [qw(opaque string double*)],
  attune_trial_int => [qw(opaque string sint64*)],
  attune_trial_choice => [qw(opaque string string*)],
  attune_objective_from_callback => [qw(objective_fn opaque destroy_fn opaque*)],
  attune_trials_number => [qw(opaque size_t sint64*)],
  attune_trials_value => [qw(opaque size_t size_t double*)],
  attune_trials_copy_params => [qw(opaque double[4] size_t opaque)],
);
while (my ($name, $arguments) = each %fallible) {
  $ffi->attach($name => [@$arguments, 'opaque*'] => 'sint32');
}

# Calls a function that takes attune_error ** last.
sub call {
  my ($name, @arguments) = @_;
  my $error;
  no strict 'refs';
  my $status = &$name(@arguments, \$error);
  return if $status == 0;
  my $text = attune_status_name(attune_error_status($error)) . ': ' . attune_error_message($error);
  free_error($error);
  die "$text\n";
}

# Calls a function whose last argument but the error is an out-parameter; gives it.
sub get {
  my $out;
  call(@_, \$out);
  return $out;
}

# A handle that is let go of when the object is forgotten.
package Handle {
  sub make {
    my ($class, $kind, @call) = @_;
    return bless { kind => $kind, pointer => main::get(@call) }, $class;
  }
  sub pointer { $_[0]{pointer} }
  sub DESTROY { main->can("free_$_[0]{kind}")->($_[0]{pointer}) }
}

sub make_space {
  my $space = Handle->make(space => 'attune_space_create');
  my $p = $space->pointer;
  call(attune_space_add_float => $p, 'x', -5, 5, 0, 0);
  call(attune_space_add_float => $p, 'lr', 1e-5, 0.1, 0, PARAM_LOG);
  call(attune_space_add_int => $p, 'layers', 1, 8, 1, 0);
  call(attune_space_add_categorical => $p, 'kernel', [qw(rbf poly linear)], 3, 0);
  return $space;
}

sub make_study {
  my ($strategy) = @_;
  my $space = make_space();
  my $options = Handle->make(options => 'attune_options_create');
  call(attune_options_set_int => $options->pointer, 'seed', SEED);
  return Handle->make(
    study => 'attune_study_create', undef, undef, $space->pointer, undef, 0, $strategy, $options->pointer
  );
}

sub evaluate {
  my ($trial) = @_;
  my $x = get(attune_trial_float => $trial, 'x');
  my $lr = get(attune_trial_float => $trial, 'lr');
  my $layers = get(attune_trial_int => $trial, 'layers');
  my $kernel = get(attune_trial_choice => $trial, 'kernel');
  return abs($x - 1.25) / 4 + abs($lr - 0.01) / 0.1 + abs($layers - 3) / 8 + ($kernel eq 'rbf' ? 0 : 0.5);
}

sub print_best {
  my ($title, $study) = @_;
  my $best = Handle->make(trials => attune_study_best_trials => $study->pointer);
  my @params = (0) x N_PARAMS;
  call(attune_trials_copy_params => $best->pointer, \@params, N_PARAMS, undef);
  my $number = get(attune_trials_number => $best->pointer, 0);
  my $value = get(attune_trials_value => $best->pointer, 0, 0);
  say join ' ', $title, $number, map { unpack 'H16', pack 'd>', $_ } $value, @params;
}

say 'version ' . attune_version_string();

my $asked = make_study();
for (1 .. N_TRIALS) {
  my $trial = Handle->make(trial => attune_study_ask => $asked->pointer);
  call(attune_study_tell => $asked->pointer, $trial->pointer, [evaluate($trial->pointer)], 1, undef);
}
print_best(asked => $asked);

eval { make_study('bayesain'); 1 } and die 'no strategy is called bayesain';
print "error $@";

my ($calls, $destroyed) = (0, 0);
# No exception may cross the library: it becomes a status.
my $objective = $ffi->closure(sub {
  my ($trial, $values) = @_;
  $calls++;
  my $value = eval { evaluate($trial) } // return E_OBJECTIVE;
  write_double($values, $value);
  return 0;
});
my $let_go = $ffi->closure(sub { $destroyed++ });
my $called = make_study();
my $callback = Handle->make(objective => attune_objective_from_callback => $objective, undef, $let_go);
my $reason = get(attune_study_optimize => $called->pointer, $callback->pointer, N_TRIALS, 0, undef);
say "callback $calls calls, $reason";
print_best(called => $called);

my @closed = map { $_->pointer } $called, $asked;
undef $callback;
undef $called;
undef $asked;
say "destroyed $destroyed, open trials " . (attune_study_trial_count($closed[0]) + attune_study_trial_count($closed[1]));

# Writes a double where C wants it.
sub write_double {
  my ($address, $number) = @_;
  state $memcpy = FFI::Platypus->new(api => 2, lib => [undef])->function(memcpy => ['opaque', 'double*', 'size_t'] => 'opaque');
  $memcpy->call($address, \$number, 8);
}
