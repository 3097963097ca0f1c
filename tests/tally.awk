# SPDX-License-Identifier: GPL-2.0-or-later
#
# Counts what ran, from the output of `ctest -V` (lines begin "N: ", those of
# several tests mixed) or of one program: TAP lines and the closing lines of
# Check. A test of ctest that prints neither counts as one. Prints every failure
# and every skip with its reason, and as the last line "PASSED FAILED SKIPPED".

# The end of test n of ctest.
function end_test(n, name, verdict) {
	if (verdict == "Passed" && !counted[n])
		passed++
	if (verdict == "Skipped") {
		skipped++
		print "  skip  " name (reason[n] == "" ? "" : ": " reason[n])
	}
	if (verdict != "Passed" && verdict != "Skipped" && !bad[n]) {
		failed++
		print "  FAIL  " name " (" verdict ")"
	}
}

function fail(n, text) {
	failed++
	bad[n]++
	print "  FAIL  " text
}

# "3/12 Test  #3: unit/object ......   Passed    0.01 sec"
/^ *[0-9]+\/[0-9]+ Test +#[0-9]+: / {
	n = name = verdict = $0
	sub(/^.*#/, "", n)
	sub(/:.*$/, "", n)
	sub(/^.*#[0-9]+: /, "", name)
	verdict = name
	sub(/ .*$/, "", name)
	sub(/^[^ ]+ [ .]*/, "", verdict)
	sub(/^\**/, "", verdict)
	sub(/ .*$/, "", verdict)
	end_test(n, name, verdict)
	next
}

{
	n = ""
	line = $0
	if (line ~ /^[0-9]+: /) {
		n = line
		sub(/:.*$/, "", n)
		sub(/^[0-9]+: /, "", line)
	}
}

# "73%: Checks: 15, Failures: 0, Errors: 4"
line ~ /^[0-9]+%: Checks: / {
	split(line, numbers, /[^0-9]+/)
	wrong = numbers[3] + numbers[4]
	passed += numbers[2] - wrong
	failed += wrong
	bad[n] += wrong
	counted[n] += numbers[2]
	next
}
# "test-x.c:203:E:terminal:test_output:0: (after this point) ..."
line ~ /:[FE]:[a-zA-Z_-]+:[a-zA-Z0-9_-]+:[0-9]+: / { print "  FAIL  " line }

line ~ /^ok .*# *SKIP/ {
	skipped++
	counted[n]++
	sub(/^ok +[0-9]* *-? */, "", line)
	print "  skip  " line
	next
}
line ~ /^ok / {
	passed++
	counted[n]++
}
line ~ /^not ok / {
	counted[n]++
	sub(/^not ok +[0-9]* *-? */, "", line)
	fail(n, line)
}
line ~ /^[Ss]kipped: / { reason[n] = substr(line, 10) }

END { print passed + 0, failed + 0, skipped + 0 }
