/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The static layer: what it says that the kernel allows, the kernel allows, and
 * nothing else.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/landlock.h"
#include "directory.h"
#include "landlock/devices.h"
#include "landlock/layer.h"
#include "landlock/rights.h"
#include "rules.h"
#include "unit.h"

static char *root;
static struct rules rules;
static struct ruleset *policy;
static struct static_layer *layer;

static void setup(void)
{
	root = directory_make();
	directory_write(root, "open/file", "");
	directory_write(root, "mixed/public", "");
	directory_write(root, "mixed/secret", "");
	directory_write(root, "else/file", "");
	directory_write(root, "else/named", "");
	ck_assert_int_eq(symlink("else", directory_path(root, "link")), 0);
}

static void allow(const char *name, rights_t rights)
{
	rules_add(&rules, LAYER_USER, EFFECT_ALLOW, rights,
		  directory_path(root, name));
}

static void deny(const char *name, rights_t rights)
{
	rules_add(&rules, LAYER_USER, EFFECT_DENY, rights,
		  directory_path(root, name));
}

static void compile(void)
{
	ruleset_unref(policy);
	policy = rules_compile(&rules);
}

static void make_layer(int abi_limit)
{
	compile();
	ck_assert_int_eq(static_layer_new(&layer, policy, abi_limit), 0);
}

static void teardown(void)
{
	static_layer_free(layer);
	ruleset_unref(policy);
	rules_finish(&rules);
	directory_remove(root);
}

/* What the layer says of an object that is there. */
static bool covers(const char *name, rights_t rights)
{
	const char *path = directory_path(root, name);
	struct stat st;

	ck_assert_int_eq(lstat(path, &st), 0);
	return static_layer_covers(layer, path, strlen(path), rights, st.st_dev,
				   st.st_ino);
}

/* What the kernel says: opens it in a process that the layer restricts. */
static bool kernel_allows(const char *name, int flags)
{
	const char *path = directory_path(root, name);
	const pid_t pid = fork();
	int status;

	if (pid == 0) {
		if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) ||
		    syscall(SYS_landlock_restrict_self, static_layer_fd(layer),
			    0))
			_exit(2);
		if (open(path, flags) >= 0)
			_exit(0);
		_exit(errno == EACCES ? 1 : 2);
	}
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert(WIFEXITED(status) && WEXITSTATUS(status) < 2);
	return WEXITSTATUS(status) == 0;
}

static void check_read(const char *name, bool wanted)
{
	ck_assert_msg(covers(name, RIGHT_FS_READ_FILE) == wanted, "%s", name);
	ck_assert_msg(kernel_allows(name, O_RDONLY) == wanted, "%s", name);
}

START_TEST(hierarchies)
{
	setup();
	allow("open", RIGHTS_READ);
	make_layer(0);
	check_read("open/file", true);
	check_read("else/file", false);
	ck_assert(!covers("open/file", RIGHT_FS_WRITE_FILE));
	ck_assert(!kernel_allows("open/file", O_WRONLY));
	teardown();
}
END_TEST

/* A denial beneath keeps the whole directory out. */
START_TEST(exceptions)
{
	setup();
	allow("mixed", RIGHTS_READ);
	deny("mixed/secret", RIGHTS_READ);
	make_layer(0);
	check_read("mixed/secret", false);
	check_read("mixed/public", false);
	teardown();
}
END_TEST

/* A rule for a file is for the one that had the name. */
START_TEST(files)
{
	setup();
	allow("else/named", RIGHTS_READ);
	make_layer(0);
	check_read("else/named", true);
	check_read("else/file", false);
	ck_assert_int_eq(rename(directory_path(root, "else/file"),
				directory_path(root, "else/named")),
			 0);
	check_read("else/named", false);
	teardown();
}
END_TEST

/* A rule about a link is one about its name, not about where it leads. */
START_TEST(links)
{
	setup();
	allow("link", RIGHTS_READ);
	make_layer(0);
	ck_assert(!covers("link", RIGHT_FS_READ_FILE));
	check_read("else/file", false);
	teardown();
}
END_TEST

/* Nor does one lead on from a directory above that has become a link since. */
START_TEST(links_above)
{
	setup();
	directory_write(root, "else/in/file", "");
	allow("moved/in", RIGHTS_READ);
	ck_assert_int_eq(symlink("else", directory_path(root, "moved")), 0);
	make_layer(0);
	ck_assert(!covers("moved/in/file", RIGHT_FS_READ_FILE));
	check_read("else/in/file", false);
	teardown();
}
END_TEST

/* What is taken back is no longer the kernel's to answer, until it is given. */
START_TEST(revocation)
{
	setup();
	allow("open", RIGHTS_READ);
	make_layer(0);
	ck_assert(static_layer_check(layer, policy));
	deny("open/file", RIGHT_FS_READ_FILE);
	compile();
	ck_assert(!static_layer_check(layer, policy));
	ck_assert(!covers("open/file", RIGHT_FS_READ_FILE));
	ck_assert(!covers("open", RIGHT_FS_READ_DIR));
	rules_finish(&rules);
	allow("open", RIGHTS_READ | RIGHTS_WRITE);
	compile();
	ck_assert(static_layer_check(layer, policy));
	ck_assert(covers("open/file", RIGHT_FS_READ_FILE));
	/* What came later the kernel does not know. */
	ck_assert(!covers("open/file", RIGHT_FS_WRITE_FILE));
	teardown();
}
END_TEST

/* Each ABI holds what the ones before it hold, and more. */
START_TEST(abis)
{
	static const struct {
		int abi;
		rights_t right;
	} first[] = {
		{1, RIGHT_FS_READ_FILE},
		{1, RIGHT_FS_REFER},
		{3, RIGHT_FS_TRUNCATE},
		{4, RIGHT_NET_BIND_TCP},
		{4, RIGHT_NET_CONNECT_TCP},
		{5, RIGHT_FS_IOCTL_DEV},
		{6, RIGHT_SCOPE_SIGNAL},
		{6, RIGHT_SCOPE_ABSTRACT_UNIX_SOCKET},
	};

	ck_assert_uint_eq(landlock_rights_of_abi(0), 0);
	for (int abi = 1; abi < 10; abi++)
		ck_assert(!(landlock_rights_of_abi(abi - 1) &
			    ~landlock_rights_of_abi(abi)));
	for (size_t i = 0; i < sizeof(first) / sizeof(*first); i++) {
		ck_assert(landlock_rights_of_abi(first[i].abi) &
			  first[i].right);
		ck_assert(!(landlock_rights_of_abi(first[i].abi - 1) &
			    first[i].right));
	}
}
END_TEST

/* An older kernel's layer says less, and never what it does not hold. */
START_TEST(limited)
{
	setup();
	allow("open", RIGHTS_READ | RIGHTS_WRITE | RIGHT_FS_IOCTL_DEV);
	make_layer(1);
	ck_assert_int_eq(static_layer_abi(layer), 1);
	ck_assert(!static_layer_judges_files(layer));
	check_read("open/file", true);
	check_read("else/file", false);
	ck_assert(covers("open/file", RIGHT_FS_WRITE_FILE));
	ck_assert(!covers("open/file", RIGHTS_WRITE));
	teardown();
}
END_TEST

/*
 * The kernel opens nothing that may be a device which must not be controlled,
 * where it cannot keep the two apart: only what has to be executed.
 */
START_TEST(controlled)
{
	struct devices *devices;
	bool possible;

	setup();
	ck_assert_int_eq(devices_new(&devices), 0);
	possible = devices_possible(devices, directory_path(root, "open"));
	ck_assert(devices_possible(devices, "/dev"));
	ck_assert(devices_possible(devices, "/"));
	ck_assert(!devices_possible(devices, "/proc/self"));
	devices_free(devices);
	allow("open", RIGHTS_READ);
	allow("else/file", RIGHTS_READ);
	make_layer(2);
	check_read("open/file", !possible);
	check_read("else/file", true);
	ck_assert(!static_layer_opens_devices(layer));
	static_layer_free(layer);
	allow("open", RIGHT_FS_EXECUTE);
	make_layer(2);
	check_read("open/file", true);
	ck_assert(static_layer_opens_devices(layer) == possible);
	static_layer_free(layer);
	make_layer(0);
	ck_assert(!static_layer_opens_devices(layer));
	teardown();
}
END_TEST

/*
 * The kernel makes a file before it looks whether it may be opened: where it
 * may not be, the kernel makes none.
 */
START_TEST(creation)
{
	static const struct {
		rights_t above, here;
		bool makes;
	} cases[] = {
		{0, RIGHT_FS_MAKE_REG, false},
		{0, RIGHT_FS_MAKE_REG | RIGHT_FS_WRITE_FILE, false},
		{0, RIGHT_FS_MAKE_REG | RIGHT_FS_READ_FILE, false},
		{0, RIGHT_FS_MAKE_REG | RIGHTS_READ | RIGHTS_WRITE, true},
		{RIGHTS_READ, RIGHT_FS_MAKE_REG | RIGHTS_WRITE, true},
		{RIGHTS_READ | RIGHTS_WRITE, RIGHT_FS_MAKE_REG, true},
		{RIGHT_FS_MAKE_REG, RIGHTS_READ | RIGHTS_WRITE, false},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const char *path;

		setup();
		if (cases[i].above)
			allow("open", cases[i].above);
		ck_assert_int_eq(mkdir(directory_path(root, "open/in"), 0700),
				 0);
		allow("open/in", cases[i].here);
		make_layer(0);
		path = directory_path(root, "open/in/new");
		ck_assert(static_layer_covers(layer, path, strlen(path),
					      RIGHT_FS_MAKE_REG, 0,
					      0) == cases[i].makes);
		teardown();
		layer = NULL;
		policy = NULL;
		rules = (struct rules){0};
	}
}
END_TEST

UNIT_MAIN_WHERE(landlock_abi() > 0, "Landlock in this kernel", "layer",
		hierarchies, exceptions, files, links, links_above, revocation,
		abis, limited, controlled, creation);
