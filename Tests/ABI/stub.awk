# stub.awk: reads a header without comments and preprocessor lines; writes a weak, empty body for every function that
# MARK declares, so that a compiler's debug information names all of its types.
BEGIN { RS = ";" }
{
  gsub(/[ \t\n]+/, " ")
  at = index($0, MARK " ")
  if (at == 0 || $0 !~ /\) ?$/) next
  declaration = substr($0, at + length(MARK) + 1)
  body = declaration ~ /^void [a-z_]+\(/ ? "{ }" : "{ return 0; }"
  print "__attribute__((weak)) " declaration " " body
}
