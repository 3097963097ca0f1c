/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Rules of the command line: see given_rules.h. */
#include "run/given_rules.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include "base/cleanup.h"
#include "policy/host.h"
#include "policy/project.h"

static const char contradiction[] =
	"either --connect or --no-network, which refuses all ports";

#define ALL_RIGHTS (RIGHTS_READ | RIGHTS_WRITE | RIGHTS_CREATE | RIGHTS_REMOVE)

/* Takes the object. @origin: for whoever asks where a rule comes from */
static int add(struct rules *rules, enum effect effect, rights_t rights,
	       struct object *object, bool beneath, const char *origin)
{
	struct rule rule = {
		.layer = LAYER_USER,
		.effect = effect,
		.rights = rights & object_rights(object->type),
		.object = *object,
		.beneath = beneath,
		.origin = strdup(origin),
	};
	const int error = rule.origin ? rules_take(rules, &rule) : -ENOMEM;

	*object = (struct object){0};
	if (error)
		rule_finish(&rule);
	return error;
}

/* Of a file only what can be done to it itself. */
static int add_path(struct rules *rules, rights_t rights, const char *path,
		    const char *origin)
{
	char canonical[PATH_MAX];
	struct object object;
	struct stat st;
	int error;

	if (!realpath(path, canonical) || stat(canonical, &st) < 0)
		return -errno;
	error = object_init_path(&object, canonical);
	if (error)
		return error;
	if (!S_ISDIR(st.st_mode))
		rights &= RIGHT_FS_READ_FILE | RIGHTS_WRITE | RIGHT_FS_EXECUTE;
	/* As a policy file says it, so that what is refused there stays so. */
	return add(rules, EFFECT_ALLOW, rights, &object, true, origin);
}

static bool has_ports(const struct rules *rules, enum effect effect)
{
	for (size_t i = 0; i < rules->count; i++)
		if (rules->items[i].object.type == OBJECT_PORT &&
		    rules->items[i].effect == effect)
			return true;
	return false;
}

static int add_peer(struct rules *rules, struct object *object)
{
	return add(rules, EFFECT_ALLOW,
		   RIGHT_NET_CONNECT_TCP | RIGHT_NET_CONNECT_SEND_UDP, object,
		   false, "--connect");
}

/* Each of its addresses, of this moment. */
static int add_host(struct rules *rules, const char *host,
		    const char **ret_expected)
{
	static char expected[256]; /* one mistake ends us */
	struct object objects[HOST_ADDRESSES_MAX];
	const char *reason = NULL;
	size_t count = 0;
	int error = host_look_up(host, objects, &count, &reason);

	if (error == -EINVAL)
		*ret_expected = "HOST:PORT, with a port from 0 to 65535";
	if (error == -ENOENT) {
		snprintf(expected, sizeof(expected),
			 "a host that can be looked up (%s), or an address",
			 reason ? reason : "it has no address");
		*ret_expected = expected;
		error = -EINVAL;
	}
	for (size_t i = 0; !error && i < count; i++)
		error = add_peer(rules, &objects[i]);
	return error;
}

static int add_port(struct rules *rules, const char *port,
		    const char **ret_expected)
{
	struct object object;
	bool beneath;
	int error;

	if (has_ports(rules, EFFECT_DENY)) {
		*ret_expected = contradiction;
		return -EINVAL;
	}
	if (host_is_named(port))
		return add_host(rules, port, ret_expected);
	error = object_parse(port, RIGHT_NET_CONNECT_TCP, &object, &beneath,
			     ret_expected);
	return error ? error : add_peer(rules, &object);
}

/* No port, and no other kind of socket that leads to one. */
static int add_no_network(struct rules *rules, const char **ret_expected)
{
	static const int families[] = {AF_INET, AF_INET6};
	struct object any = {.type = OBJECT_PORT, .any = true};
	int error;

	if (has_ports(rules, EFFECT_ALLOW)) {
		*ret_expected = contradiction;
		return -EINVAL;
	}
	error = add(rules, EFFECT_DENY, RIGHTS_NET, &any, false,
		    "--no-network");

	for (size_t i = 0; !error && i < ARRAY_SIZE(families); i++) {
		struct object sockets = {.type = OBJECT_SOCKET,
					 .family = families[i],
					 .socket_type = -1,
					 .protocol = -1};

		error = add(rules, EFFECT_DENY, RIGHT_PERM_SOCKET_CREATE,
			    &sockets, false, "--no-network");
	}
	return error;
}

static int add_project(struct rules *rules, const char **ret_expected)
{
	_cleanup_free_ char *project = project_of(".");
	const char *home = getenv("HOME");
	char canonical[PATH_MAX];

	if (!project) {
		*ret_expected = "to be started in a project: beneath a "
				"directory with .git, .hg, .svn or .bzr";
		return -EINVAL;
	}
	if (home && realpath(home, canonical) &&
	    strcmp(project, canonical) == 0) {
		*ret_expected =
			"another project than the whole home directory; "
			"--rw DIRECTORY says which part of it is meant";
		return -EINVAL;
	}
	/* What is built there is run there. */
	return add_path(rules, ALL_RIGHTS | RIGHT_FS_EXECUTE, project,
			"--project");
}

int given_rules_add(struct rules *rules, enum given option, const char *value,
		    const char **ret_expected)
{
	switch (option) {
	case GIVEN_READ_ONLY:
		return add_path(rules, RIGHTS_READ, value, "--ro");
	case GIVEN_READ_WRITE:
		return add_path(rules, ALL_RIGHTS, value, "--rw");
	case GIVEN_EXECUTE:
		return add_path(rules, RIGHTS_READ | RIGHT_FS_EXECUTE, value,
				"--exec");
	case GIVEN_CONNECT:
		return add_port(rules, value, ret_expected);
	case GIVEN_NO_NETWORK:
		return add_no_network(rules, ret_expected);
	case GIVEN_PROJECT:
		return add_project(rules, ret_expected);
	}
	return -EINVAL;
}
