/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What programs write to terminals, and what they should not. */
#include <string.h>

#include "screens.h"

uint64_t random_next(uint64_t *seed)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 7;
	*seed ^= *seed << 17;
	return *seed >> 20;
}

/* What ordinary programs write; "#" stands for a number. */
static const char *const pieces[] = {
	"text ",
	"\r\n",
	"\t",
	"\b",
	"\033[?25l",
	"\033[?25h",
	"\033[?1h",
	"\033[?1l",
	"\033[?7l",
	"\033[?7h",
	"\033[?6h",
	"\033[?6l",
	"\033[?5h",
	"\033[?5l",
	"\033[4h",
	"\033[4l",
	"\033[?1049h",
	"\033[?1049l",
	"\033[?2004h",
	"\033[?2004l",
	"\033[?1000h",
	"\033[?1002h",
	"\033[?1003h",
	"\033[?1002l",
	"\033[?1004h",
	"\033[?1004l",
	"\033=",
	"\033>",
	"\033(0",
	"\033(B",
	"\033)0",
	"\033)B",
	"\016",
	"\017",
	"\0337",
	"\0338",
	"\033[s",
	"\033[u",
	"\033[#;#r",
	"\033[r",
	"\033[#;#H",
	"\033[#A",
	"\033[2J",
	"\033[K",
	"\033[#mX",
	"\033[1;3#;4#m",
	"\033[38;5;#m",
	"\033[L",
	"\033M",
	"\033D",
	"\033E",
	"\033[#X",
	"\033[#@",
	"\033[#P",
	"\033[?12;25h",
	"\033[?1;25l",
	"\033]0;t#\a",
	"\033]2;t\033\\",
	"\033[22;2t",
	"\033[?1;7h",
	"\xc3\xa9",
	"\xe2\x80\x9d",
	"\xf0\x9f\x98\x80",
	"\033[?2026l",
};

/* What is put into them to see who reads it how. */
static const char *const specks[] = {
	"\b",
	"\177",
	"\001",
	"\005",
	"\030",
	"\032",
	"\033",
	"(",
	" ",
	"#",
	"[",
	"]",
	"?",
	";",
	"0",
	"000000000000000000000000000000000000000000000000000000000000",
	"\xc2\x9b",
	"\x9b",
	"\xe2\x80",
	"\x9d",
	"\xc2\x9d",
	"$",
	">",
	":",
	"\033[!p",
	"\033P",
	"\033^",
	"\033_",
	"\033]10;#010203",
	"\a",
	"\n",
	"\033%@",
	"\033*0",
	"\033n",
	"\033[?69h",
	"\033[5;20s",
	"\033[?47h",
	"\033[20h",
	"\033[2h",
	"\033N",
	"\033V",
	"\033#8",
	"\033[3g",
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static size_t add(char *ret, size_t length, size_t size, const char *piece,
		  uint64_t *seed)
{
	for (; *piece && length + 2 < size; piece++) {
		if (*piece == '#' && piece[1]) {
			const unsigned int number = random_next(seed) % 30;

			if (number >= 10)
				ret[length++] = (char)('0' + number / 10);
			ret[length++] = (char)('0' + number % 10);
		} else {
			ret[length++] = *piece;
		}
	}
	return length;
}

size_t random_output(uint64_t *seed, char *ret, size_t size)
{
	/* Every other output is one of an ordinary program. */
	const bool odd = random_next(seed) & 1;
	size_t length = 0;

	for (unsigned int i = random_next(seed) % 20 + 1; i > 0; i--) {
		const size_t before = length;

		length = add(ret, length, size,
			     pieces[random_next(seed) % COUNT(pieces)], seed);
		if (odd && random_next(seed) % 3 == 0) {
			const char *const speck =
				specks[random_next(seed) % COUNT(specks)];
			const size_t at =
				before +
				random_next(seed) % (length - before + 1);

			if (length + strlen(speck) >= size)
				break;
			memmove(ret + at + strlen(speck), ret + at,
				length - at);
			memcpy(ret + at, speck, strlen(speck));
			length += strlen(speck);
		}
	}
	return length;
}

const char *const hostile[] = {
	/* Margins in which nothing is seen, behind somebody's back. */
	"\033[1;2r",
	"\033\b[1;2r",
	"\033\177[1;2r",
	"\033[1;\b2r",
	"\033[\1771;2r",
	"\033(\033[1;2r",
	"\033 c\033[1;2r",
	"\033(c\033[1;2r",
	"\033[000000000000000000000000000000000000000000000000000000001;2r",
	"\x9b"
	"1;2r",
	"\xc2\x9b"
	"1;2r",
	"\033[1;2r\033[?6h",
	"\033[?69h\033[1;2s",
	"\033[?69h\033[1;2s\033[61\"p",
	"\033[20;24r\033[24;1H\0337\033[?6h\033[?69h\033[79;80s",
	/* Wrapping, inserting, inverting, line ends, local echo. */
	"\033[?7l\033[1;80H",
	"\033[4h",
	"\033[?5h",
	"\033[20h",
	"\033[12l",
	"\033[3h",
	"\033[2h",
	"\033[?45h",
	"\033[?95h",
	/* No colour, the same colours, hidden, protected. */
	"\033[8m",
	"\033[30;40m",
	"\033]10;#000000\a\033]11;#000000\a",
	"\033]\001"
	"10;#000000\a",
	"\033]4;7;#000000\033\\",
	"\033[8m\0337",
	"\033Vprotected",
	"\033[1\"q",
	"\033[30;40m\033[8]",
	"\033]P7000000",
	/* Other characters. */
	"\033(0",
	"\033)0\016",
	"\033*0\033n",
	"\033+0\033o",
	"\033*0\033N",
	"\033*0\033~",
	"\033%@",
	"\033(K",
	"\033(%5",
	/* What is open: strings, sequences, characters. */
	"\033]0;",
	"\033P",
	"\033Pq",
	"\033^",
	"\033_",
	"\033X",
	"\033k",
	"\033[",
	"\033[1;",
	"\033",
	"\033(",
	"\033 ",
	"\033%",
	"\033#",
	"\xe2\x80",
	"\xf0\x9f",
	"\033Ptmux;",
	"\033]8;;http://x/\033\\",
	"\033]52;c;",
	/* Other places to write to. */
	"\033[?1049h",
	"\033[?47h",
	"\033[?1047h",
	"\033[5i",
	"\033[?5i",
	"\033[2$~\033[1$}",
	"\033[1$~",
	"\033[?38h",
	"\033[?2l",
	"\033[?2026h",
	"\033[?1046l",
	"\033[?9001h",
	"\033[>31u",
	"\033[?1003h\033[?1004h",
	"\033#3",
	"\033#6",
	"\033#8",
	"\033l",
	"\033[24;80H\033[?45h\b",
	"\033[?3h",
	"\033[?8452h",
	"\033[!p",
	"\033c\033[?69h",
	"\033[62;1\"p\033[1;2r",
	"\033[?42h",
	NULL,
};
