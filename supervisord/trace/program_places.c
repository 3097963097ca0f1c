/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "trace/program_places.h"

#include <ctype.h>
#include <stddef.h>
#include <string.h>

#include "base/cleanup.h"

#define NAME_BYTES 3 /* of a name without its version, at least */

/* Where what has the program's name is. */
static const char *const parents[] = {
	"", /* ".NAME" */
	".cache/", ".config/", ".local/share/", ".local/state/",
};

/* What has another name; in the order of the programs'. */
static const struct {
	const char *program, *place;
} places[] = {
	{"cargo", ".cargo/git"},
	{"cargo", ".cargo/registry"},
	{"chrome", ".cache/google-chrome"},
	{"chrome", ".config/google-chrome"},
	{"code", ".config/Code"},
	{"code", ".vscode"},
	{"emacs", ".emacs.d"},
	{"firefox", ".cache/mozilla/firefox"},
	{"firefox", ".mozilla/firefox"},
	{"firefox-esr", ".cache/mozilla/firefox"},
	{"firefox-esr", ".mozilla/firefox"},
	{"gimp", ".cache/gimp"},
	{"gimp", ".config/GIMP"},
	{"go", ".cache/go-build"},
	{"go", "go/pkg"},
	{"java", ".gradle/caches"},
	{"java", ".m2/repository"},
	{"node", ".cache/node-gyp"},
	{"node", ".npm/_cacache"},
	{"node", ".npm/_logs"},
	{"python", ".cache/pip"},
	{"ruby", ".bundle/cache"},
	{"ruby", ".gem"},
	{"soffice.bin", ".config/libreoffice"},
	{"steam", ".local/share/Steam"},
};

static bool is_installed(const char *program)
{
	static const char *const tops[] = {
		"/usr/",  "/opt/",	 "/bin/",      "/sbin/",
		"/snap/", "/nix/store/", "/gnu/store/"};

	for (size_t i = 0; i < ARRAY_SIZE(tops); i++)
		if (strncmp(program, tops[i], strlen(tops[i])) == 0)
			return true;
	return false;
}

/*
 * Without its version: "python3.11", "gcc-12", "gimp-2.10"; but for what is too
 * short to say anything then, as "x264".
 */
static size_t measure_name(const char *name)
{
	const size_t whole = strlen(name);
	size_t length = whole;

	while (length > 0 && (isdigit((unsigned char)name[length - 1]) ||
			      (strchr(".-", name[length - 1]) &&
			       isdigit((unsigned char)name[length]))))
		length--;
	return length >= NAME_BYTES ? length : whole;
}

static bool is_name(const char *text, const char *name, size_t length)
{
	return strncmp(text, name, length) == 0 && text[length] == '\0';
}

/* @length: of @name, which need not end there */
static bool has_its_name(const char *place, const char *name, size_t length)
{
	for (size_t i = 0; i < ARRAY_SIZE(parents); i++) {
		const size_t size = strlen(parents[i]);
		const char *rest = place + size;

		if (strncmp(place, parents[i], size) != 0)
			continue;
		if (size == 0 && *rest++ != '.')
			continue;
		if (is_name(rest, name, length))
			return true;
	}
	return false;
}

bool program_has_place(const char *program, const char *place)
{
	const char *slash = strrchr(program, '/');
	const char *name = slash ? slash + 1 : program;
	const size_t length = measure_name(name);

	if (!is_installed(program) || length == 0)
		return false;
	for (size_t i = 0; i < ARRAY_SIZE(places); i++)
		if (is_name(places[i].program, name, length) &&
		    strcmp(places[i].place, place) == 0)
			return true;
	return has_its_name(place, name, length) ||
	       has_its_name(place, name, strlen(name));
}
