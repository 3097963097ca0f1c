/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Words of a question that every agent says: see words.h. */
#include "agent/words.h"

#include <fnmatch.h>
#include <stddef.h>

#include "base/cleanup.h"
#include "base/translate.h"
#include "policy/startup.h"

const char *words_lifetime(enum lifetime lifetime)
{
	switch (lifetime) {
	case LIFETIME_ONCE:
		return "once";
	case LIFETIME_PROCESS:
		return "for this process";
	case LIFETIME_SESSION:
		return "for this session";
	default:
		return "always";
	}
}

static const char display[] = N_(
	"through this it sees all windows and all that you type, and can type "
	"and click for you");
static const char bus[] =
	N_("through this it can have programs started outside, as you and "
	   "unsupervised");
static const char root[] =
	N_("through this it can do on this machine whatever it likes");
static const char keys[] =
	N_("this uses your keys: it can sign and log in as you");
static const char sound[] = N_("this plays sound, and records it");

/* Sockets that give more than a connection, by their names. */
static const struct {
	const char *pattern, *meaning;
} sockets[] = {
	{"/tmp/.X11-unix/X*", display},	   {"/run/user/*/bus", bus},
	{"/run/user/*/systemd/*", bus},	   {"/tmp/tmux-*", bus},
	{"/run/docker.sock", root},	   {"/run/user/*/docker.sock", bus},
	{"/run/user/*/podman/*", bus},	   {"/run/podman/*", root},
	{"/run/libvirt/*", root},	   {"/run/systemd/private", root},
	{"/run/user/*/gnupg/*", keys},	   {"/run/user/*/keyring/*", keys},
	{"/run/user/*/ssh-agent*", keys},  {"*/.gnupg/S.*", keys},
	{"/tmp/ssh-*/agent.*", keys},	   {"/run/user/*/pulse/*", sound},
	{"/run/user/*/pipewire-*", sound},
};

const char *words_meaning(const struct access *access)
{
	const rights_t reading = RIGHTS_READ | RIGHT_FS_EXECUTE;
	const struct object *const object = &access->object;

	if (object->type == OBJECT_ABSTRACT)
		return fnmatch("/tmp/.X11-unix/X*", object->bytes, 0) == 0
			       ? display
			       : NULL;
	if (object->type != OBJECT_PATH)
		return NULL;
	for (size_t i = 0; (access->missing & RIGHT_FS_RESOLVE_UNIX) &&
			   i < ARRAY_SIZE(sockets);
	     i++)
		if (fnmatch(sockets[i].pattern, object->bytes, 0) == 0)
			return sockets[i].meaning;
	return access->missing & ~reading ? startup_meaning(object->bytes)
					  : NULL;
}
