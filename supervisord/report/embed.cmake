# SPDX-License-Identifier: GPL-2.0-or-later
# A file as an array of C, with a zero at its end:
#   cmake -DFILE=... -DNAME=... -DOUTPUT=... -P embed.cmake
file(READ ${FILE} bytes HEX)
string(REGEX REPLACE "(..)" "0x\\1," bytes "${bytes}")
file(WRITE ${OUTPUT}
	"extern const char ${NAME}[];\nconst char ${NAME}[] = {${bytes}0};\n")
