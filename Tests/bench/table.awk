# table.awk: reads the lines of several runs of the bench programs (name, measured, wanted) and prints their medians
# with the ratio of measured to wanted and a verdict. A line whose measured is no number is a heading.
function median(name,   n, i, j, t, a) {
  n = counts[name]
  for (i = 1; i <= n; i++) a[i] = values[name, i]
  for (i = 2; i <= n; i++) for (j = i; j > 1 && a[j - 1] > a[j]; j--) { t = a[j]; a[j] = a[j - 1]; a[j - 1] = t }
  return n % 2 ? a[(n + 1) / 2] : (a[n / 2] + a[n / 2 + 1]) / 2
}
{
  # The name ends where two blanks or more begin.
  at = match($0, /  +/)
  if (at == 0) next
  name = substr($0, 1, at - 1)
  n = split(substr($0, at), field, " ")
  if (field[1] !~ /^-?[0-9.]+(e[-+]?[0-9]+)?$/) { measured = 0 } else { measured = 1 }
  if (!(name in counts)) { order[++names] = name; counts[name] = 0; is_row[name] = measured }
  if (measured) {
    values[name, ++counts[name]] = field[1] + 0
    if (n >= 3) { sign[name] = field[2]; wanted[name] = field[3] + 0 }
  }
}
END {
  for (i = 1; i <= names; i++) {
    name = order[i]
    if (!is_row[name]) {
      printf "\n%-44s %12s %12s %7s\n", name, "measured", "wanted", "ratio"
      continue
    }
    m = median(name)
    text = m >= 1000 ? sprintf("%.0f", m) : m >= 100 ? sprintf("%.1f", m) : sprintf("%.2f", m)
    if (!(name in sign) || (sign[name] != "<=" && sign[name] != ">=")) { printf "%-44s %12s\n", name, text; continue }
    good = sign[name] == "<=" ? m <= wanted[name] : m >= wanted[name]
    printf "%-44s %12s %12s %7.2f  %s\n", name, text, sign[name] " " wanted[name], m / wanted[name], \
      good ? "ok" : sign[name] == "<=" ? "over" : "under"
  }
}
