/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Layers, settings and grants: the policy as a whole. */
#include <errno.h>

#include "base/cleanup.h"
#include "policy/expand.h"
#include "policy/startup.h"
#include "store/grants.h"
#include "layers.h"

START_TEST(layers_and_precedence)
{
	static const struct expectation cases[] = {
		{"/v/x", EFFECT_ALLOW},	     {"/v/ask", EFFECT_ASK},
		{"/v/admin", EFFECT_DENY},   {"/v/user", EFFECT_DENY},
		{"/v/drop", EFFECT_DENY},    {"/app", EFFECT_ALLOW},
		{"/app-drop", EFFECT_ALLOW}, {"/other", EFFECT_ASK},
		{"/backup", EFFECT_ASK},     {"/file", EFFECT_ALLOW},
	};
	const char *files[] = {NULL, NULL};

	set_up();
	directory_write(root, "vendor/base.ini",
			"[allow]\nread = /v\n[ask]\nread = /v/ask\n");
	directory_write(root, "admin/base.ini", "[deny]\nread = /v/admin\n");
	directory_write(root, "user/base.ini",
			"[allow]\nread = /v/admin\n[deny]\nread = /v/user\n");
	directory_write(root, "user/base.d/10-a.ini", "[deny]\nread=/v/drop");
	directory_write(root, "user/base.d/b.ini~", "[allow]\nread=/backup");
	directory_write(root, "user/base.d/.c.ini", "[allow]\nread=/backup");
	directory_write(root, "user/apps/app.ini", "[allow]\nread=/app");
	directory_write(root, "user/apps/app.d/x.ini",
			"[allow]\nread=/app-drop");
	directory_write(root, "user/apps/other.ini", "[allow]\nread=/other");
	directory_write(root, "file.ini", "[allow]\nread=/file");
	files[0] = directory_path(root, "file.ini");
	options.files = files;
	expect(cases, ARRAY_SIZE(cases));
	tear_down();
}
END_TEST

START_TEST(rules_know_where_they_come_from)
{
	struct file_errors errors = {0};
	struct policy policy;
	const struct rule *rule;

	set_up();
	directory_write(root, "user/base.ini",
			"\xef\xbb\xbf[allow]\n# one\n\n  read_file , "
			"execute = /a b/$\n");
	ck_assert_int_eq(policy_load("app", &options, &policy, &errors), 0);
	ck_assert_uint_eq(errors.count, 0);
	rule = &policy.rules.items[policy.rules.count - 1];
	ck_assert_str_eq(rule->object.bytes, "/a b");
	ck_assert(!rule->beneath);
	ck_assert_uint_eq(rule->rights, RIGHT_FS_READ_FILE | RIGHT_FS_EXECUTE);
	ck_assert_str_eq(strrchr(rule->origin, '/'), "/base.ini:4");
	policy_finish(&policy);
	tear_down();
}
END_TEST

/* What is read once for all apps gives each what a load of its own does. */
START_TEST(apps_share_what_is_common)
{
	static const char *const apps[] = {"app", "other", "none", "app"};
	struct file_errors errors = {0};
	struct policy_common *common;

	set_up();
	directory_write(root, "user/base.ini", "[deny]\nread=/all\n");
	directory_write(root, "user/apps/app.ini",
			"[allow]\nread=/app\n[settings]\ntimeout=7\n");
	directory_write(root, "vendor/apps/other.ini", "[allow]\nread=/other");
	ck_assert_int_eq(policy_common_load(&options, &common, &errors), 0);
	for (size_t i = 0; i < ARRAY_SIZE(apps); i++) {
		struct policy shared, alone;

		ck_assert_int_eq(
			policy_load_app(common, apps[i], &shared, &errors), 0);
		ck_assert_int_eq(
			policy_load(apps[i], &options, &alone, &errors), 0);
		ck_assert(policy_equal(&shared, &alone));
		policy_finish(&shared);
		policy_finish(&alone);
	}
	ck_assert_uint_eq(errors.count, 0);
	policy_common_free(common);
	/* A failure of what is common is one of each. */
	directory_write(root, "user/base.ini", "[deny]\nraed=/all\n");
	ck_assert_int_eq(policy_common_load(&options, &common, &errors), 0);
	ck_assert_uint_eq(errors.count, 1);
	for (size_t i = 0; i < ARRAY_SIZE(apps); i++) {
		struct policy shared;

		ck_assert_int_eq(
			policy_load_app(common, apps[i], &shared, &errors),
			-EBADMSG);
	}
	ck_assert_uint_eq(errors.count, 1);
	policy_common_free(common);
	file_errors_finish(&errors);
	tear_down();
}
END_TEST

START_TEST(own_files_are_protected)
{
	struct file_errors errors = {0};
	struct ruleset *ruleset;
	char path[4096];

	set_up();
	directory_write(root, "user/base.ini",
			"[allow]\nread, write, create, remove = /\n");
	ck_assert_int_eq(policy_compile("app", &options, NULL, 1, NOW, &ruleset,
					NULL, &errors),
			 0);
	snprintf(path, sizeof(path), "%s/apps/x.ini", options.user_dir);
	ck_assert_int_eq(judge(ruleset, path, RIGHT_FS_WRITE_FILE),
			 EFFECT_DENY);
	ck_assert_int_eq(judge(ruleset, path, RIGHT_FS_READ_FILE),
			 EFFECT_ALLOW);
	ck_assert_int_eq(judge(ruleset, options.grants_dir, RIGHT_FS_MAKE_REG),
			 EFFECT_DENY);
	/* Nothing takes the place of a directory above them, and nobody else
	 * is let into it. */
	ck_assert_int_eq(judge(ruleset, root, RIGHT_FS_WRITE_FILE),
			 EFFECT_DENY);
	ck_assert_int_eq(judge(ruleset, root, RIGHT_FS_REMOVE_DIR),
			 EFFECT_DENY);
	snprintf(path, sizeof(path), "%s/other", root);
	ck_assert_int_eq(
		judge(ruleset, path, RIGHT_FS_REMOVE_DIR | RIGHT_FS_WRITE_FILE),
		EFFECT_ALLOW);
	ruleset_unref(ruleset);
	tear_down();
}
END_TEST

/* What the user's base.ini says alone. */
static struct ruleset *compile_base(const char *policy)
{
	struct file_errors errors = {0};
	struct ruleset *ruleset;

	directory_write(root, "user/base.ini", policy);
	ck_assert_int_eq(policy_compile("app", &options, NULL, 1, NOW, &ruleset,
					NULL, &errors),
			 0);
	file_errors_finish(&errors);
	return ruleset;
}

static const struct {
	const char *policy, *path;
	enum effect effect;
} guarded_cases[] = {
	{"[allow]\nread, write = ~\n", "/home/u/x", EFFECT_ALLOW},
	{"[allow]\nread, write = ~\n", "/home/u/.bashrc", EFFECT_ASK},
	{"[allow]\nread, write = /\n", "/home/u/.bashrc", EFFECT_ASK},
	{"[allow]\nread, write = ~\n", "/home/u/.ssh/rc", EFFECT_ASK},
	{"[allow]\nwrite = ~/.config\n", "/home/u/.config/autostart/x",
	 EFFECT_ASK},
	{"[allow]\nwrite = ~/.config\n", "/home/u/.config/x", EFFECT_ALLOW},
	{"[allow]\nwrite = ~/.bashrc\n", "/home/u/.bashrc", EFFECT_ALLOW},
	{"[allow]\nwrite = ~/.config/autostart/x\n",
	 "/home/u/.config/autostart/x", EFFECT_ALLOW},
	{"[allow]\nwrite = ~/.config/autostart/x\n",
	 "/home/u/.config/autostart/y", EFFECT_ASK},
	{"[deny]\nwrite = ~\n", "/home/u/.bashrc", EFFECT_DENY},
	{"[deny]\nwrite = ~\n[allow]\nwrite = ~/.bashrc\n", "/home/u/.bashrc",
	 EFFECT_ALLOW},
};

static const char *const startup_kinds[] = {
	".zshrc",
	".profile",
	".config/fish/x",
	".config/systemd/user/x",
	".local/bin/x",
	".local/share/dbus-1/services/x",
	".config/gtk-4.0/x",
	".config/environment.d/x",
	".config/dconf/user",
	".local/share/applications/x",
	".themes/x",
	".gitconfig",
	".xprofile",
	".pam_environment",
	".vimrc",
	".local/lib/python3/x",
	".config/glib-2.0/settings/keyfile",
	".config/dunst/dunstrc",
	".config/xdg-desktop-portal/portals.conf",
	".config/pulse/default.pa",
	".local/share/gvfs-metadata/home",
	".local/share/orca/orca-customizations.py",
	".local/share/themes/x",
	".local/share/systemd/user/x",
	".local/share/icons/x",
	".fonts/x",
	".config/kanshi/config",
	".gdbinit",
};

/* What owns the next shell or an agent is in nobody's scope. */
START_TEST(startup_places_are_guarded)
{
	set_up();
	for (size_t i = 0; i < ARRAY_SIZE(guarded_cases); i++) {
		struct ruleset *ruleset = compile_base(guarded_cases[i].policy);

		ck_assert_msg(judge(ruleset, guarded_cases[i].path,
				    RIGHT_FS_WRITE_FILE) ==
				      guarded_cases[i].effect,
			      "%zu: %s", i, guarded_cases[i].path);
		ruleset_unref(ruleset);
	}
	tear_down();
}
END_TEST

START_TEST(every_startup_place_is_known)
{
	struct ruleset *ruleset;
	char path[256];

	set_up();
	ruleset = compile_base("[allow]\nread, write = ~\n");
	for (size_t i = 0; i < ARRAY_SIZE(startup_kinds); i++) {
		snprintf(path, sizeof(path), "/home/u/%s", startup_kinds[i]);
		ck_assert_msg(judge(ruleset, path, RIGHT_FS_WRITE_FILE) ==
				      EFFECT_ASK,
			      "%s", path);
		ck_assert_int_eq(judge(ruleset, path, RIGHT_FS_READ_FILE),
				 EFFECT_ALLOW);
		ck_assert_msg(startup_meaning(path) != NULL, "%s", path);
		ck_assert(startup_stands_between("/home/u", path));
	}
	ruleset_unref(ruleset);
	ck_assert_ptr_null(startup_meaning("/home/u/x"));
	ck_assert(!startup_stands_between("/home/u", "/home/u/x"));
	ck_assert(!startup_stands_between("/home/u/.ssh", "/home/u/.ssh/rc"));
	tear_down();
}
END_TEST

/* What several files have in common; the nearest set of a name counts. */
START_TEST(sets_are_included)
{
	static const struct expectation cases[] = {
		{"/user/x", EFFECT_ALLOW},	{"/deep/x", EFFECT_ALLOW},
		{"/vendor/x", EFFECT_ASK},	{"/admins/x", EFFECT_DENY},
		{"/app/x", EFFECT_ALLOW},	{"/unused/x", EFFECT_ASK},
		{"/of-vendor/x", EFFECT_ALLOW},
	};

	set_up();
	directory_write(root, "user/apps/app.ini",
			"# shared\ninclude = common\ninclude=of-vendor\n\n"
			"[allow]\nread = /app\nread = /admins\n");
	directory_write(root, "user/sets/common.ini",
			"include = deep\n[allow]\nread = /user\n");
	directory_write(root, "vendor/sets/common.ini",
			"[allow]\nread = /vendor\n");
	directory_write(root, "vendor/sets/of-vendor.ini",
			"[allow]\nread = /of-vendor\n");
	directory_write(root, "vendor/sets/deep.ini",
			"[allow]\nread = /deep\n");
	directory_write(root, "user/sets/unused.ini",
			"[allow]\nread = /unused\n");
	directory_write(root, "admin/base.ini", "include = floor\n");
	/* It is no set of the administrator's. */
	directory_write(root, "user/sets/floor.ini", "[allow]\nread = /\n");
	directory_write(root, "vendor/sets/floor.ini",
			"[deny]\nread = /admins\n");
	expect(cases, ARRAY_SIZE(cases));
	tear_down();
}
END_TEST

/* What is missing may have been a refusal. */
START_TEST(sets_that_cannot_be_included)
{
	static const struct {
		const char *text, *says;
	} cases[] = {
		{"include = nothing\n", "there is no set \"nothing\""},
		{"include = ../base\n", "bad name of a set \"../base\""},
		{"include = /etc/x\n", "bad name of a set"},
		{"include = a b\n", "bad name of a set"},
		{"include = a # b\n", "bad name of a set"},
		{"include =\n", "bad name of a set"},
		{"include = .hidden\n", "bad name of a set"},
		{"include = again\n", "too many files that include each other"},
		{"include = bad\n", "unknown right \"raed\""},
		{"include = link\n", "is a link that leads nowhere"},
		{"read = /x\n", "no section above"},
		{"[allow]\ninclude = bad\n", "unknown right \"include\""},
	};

	set_up();
	directory_write(root, "user/sets/again.ini", "include = again\n");
	directory_write(root, "user/sets/bad.ini", "[deny]\nraed = /x\n");
	directory_write(root, "vendor/sets/x.ini", "");
	ck_assert_int_eq(
		symlink("/nowhere", directory_path(root, "user/sets/link.ini")),
		0);
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct file_errors errors = {0};
		struct policy policy = {0};
		const bool allow = cases[i].text[0] == '[';

		directory_write(root, "user/base.ini", cases[i].text);
		ck_assert_msg(policy_load("app", &options, &policy, &errors) ==
				      (allow ? 0 : -EBADMSG),
			      "%s", cases[i].text);
		ck_assert_uint_ge(errors.count, 1);
		ck_assert_msg(
			strstr(errors.items[0].sentence, cases[i].says) != NULL,
			"%s: %s", cases[i].text, errors.items[0].sentence);
		policy_finish(&policy);
		file_errors_finish(&errors);
	}
	tear_down();
}
END_TEST

/* Who may write a set counts as for the file itself. */
START_TEST(sets_must_be_trusted)
{
	struct file_errors errors = {0};
	struct policy policy = {0};

	set_up();
	directory_write(root, "user/base.ini", "include = common\n");
	directory_write(root, "user/sets/common.ini", "[allow]\nread = /x\n");
	ck_assert_int_eq(
		chmod(directory_path(root, "user/sets/common.ini"), 0666), 0);
	ck_assert_int_eq(policy_load("app", &options, &policy, &errors),
			 -EBADMSG);
	file_errors_finish(&errors);
	ck_assert_int_eq(
		chmod(directory_path(root, "user/sets/common.ini"), 0644), 0);
	ck_assert_int_eq(chmod(directory_path(root, "user/sets"), 0777), 0);
	ck_assert_int_eq(policy_load("app", &options, &policy, &errors),
			 -EBADMSG);
	file_errors_finish(&errors);
	tear_down();
}
END_TEST

START_TEST(settings_of_layers)
{
	struct file_errors errors = {0};
	struct policy policy;

	set_up();
	directory_write(root, "vendor/base.ini",
			"[settings]\ntimeout = 2m\nmax-rate = 5\n"
			"max-lifetime = 30d\n");
	directory_write(root, "user/base.ini",
			"[settings]\ntimeout = 30\nno-agent = wait\n"
			"answers = desktop\nprompt = short\n");
	directory_write(root, "admin/base.ini", "[settings]\ntimeout = 1h\n");
	ck_assert_int_eq(policy_load("app", &options, &policy, &errors), 0);
	ck_assert_int_eq(policy.settings.timeout, 3600);
	ck_assert_int_eq(policy.settings.max_rate, 5);
	ck_assert_int_eq(policy.settings.max_lifetime, 30 * 86400);
	ck_assert_int_eq(policy.settings.max_questions, 64);
	ck_assert_int_eq(policy.settings.no_agent, NO_AGENT_WAIT);
	ck_assert_int_eq(policy.settings.answers, ANSWERS_DESKTOP);
	ck_assert_int_eq(policy.from.answers, LAYER_USER);
	ck_assert(policy.settings.terse);
	ck_assert_uint_eq(errors.count, 0);
	policy_finish(&policy);
	tear_down();
}
END_TEST

START_TEST(grants_are_part_of_it)
{
	struct rules more = {0};
	struct rule rule = {.layer = LAYER_USER,
			    .effect = EFFECT_ALLOW,
			    .rights = RIGHTS_READ,
			    .beneath = true};
	struct grants *grants;

	set_up();
	ck_assert_int_eq(object_init_path(&rule.object, "/granted"), 0);
	ck_assert_int_eq(rules_take(&more, &rule), 0);
	ck_assert_int_eq(grants_open(&grants, options.grants_dir, "app"), 0);
	ck_assert_int_eq(grants_add(grants, &more, "terminal", NOW), 0);
	grants_close(grants);
	rules_finish(&more);
	expect((const struct expectation[]){{"/granted/x", EFFECT_ALLOW},
					    {"/other", EFFECT_ASK}},
	       2);
	tear_down();
}
END_TEST

static const struct {
	const char *path;
	rights_t right;
	enum effect effect;
} vendor_cases[] = {
	{"/usr/bin/git", RIGHT_FS_EXECUTE, EFFECT_ALLOW},
	{"/usr/lib64/ld-linux-x86-64.so.2", RIGHT_FS_EXECUTE, EFFECT_ALLOW},
	{"/etc/ld.so.cache", RIGHT_FS_READ_FILE, EFFECT_ALLOW},
	{"/etc/nsswitch.conf", RIGHT_FS_READ_FILE, EFFECT_ALLOW},
	{"/etc/shadow", RIGHT_FS_READ_FILE, EFFECT_ASK},
	{"/etc/ssl/private/key.pem", RIGHT_FS_READ_FILE, EFFECT_ASK},
	{"/etc/ssl/certs/ca.pem", RIGHT_FS_READ_FILE, EFFECT_ALLOW},
	{"/etc/ssh/ssh_config", RIGHT_FS_READ_FILE, EFFECT_ALLOW},
	{"/etc/ssh/ssh_host_rsa_key", RIGHT_FS_READ_FILE, EFFECT_ASK},
	{"/etc/passwd", RIGHT_FS_WRITE_FILE, EFFECT_ASK},
	{"/dev/null", RIGHT_FS_WRITE_FILE, EFFECT_ALLOW},
	{"/dev/null", RIGHT_FS_TRUNCATE, EFFECT_ALLOW},
	{"/dev/tty", RIGHT_FS_IOCTL_DEV, EFFECT_ALLOW},
	{"/dev/pts/3", RIGHT_FS_READ_FILE, EFFECT_ASK},
	{"/dev/shm/x", RIGHT_FS_READ_FILE, EFFECT_ASK},
	{"/dev/sda", RIGHT_FS_READ_FILE, EFFECT_ASK},
	{"/proc/1/stat", RIGHT_FS_READ_FILE, EFFECT_ALLOW},
	{"/proc/sys/kernel/core_pattern", RIGHT_FS_WRITE_FILE, EFFECT_ASK},
	{"/sys/devices/system/cpu/online", RIGHT_FS_READ_FILE, EFFECT_ALLOW},
	{"/", RIGHT_FS_READ_DIR, EFFECT_ALLOW},
	{"/home", RIGHT_FS_READ_DIR, EFFECT_ASK},
	{"/home/u/.bashrc", RIGHT_FS_READ_FILE, EFFECT_ASK},
	{"/tmp/x", RIGHT_FS_READ_FILE, EFFECT_ASK},
	{"/root/.ssh/id_rsa", RIGHT_FS_READ_FILE, EFFECT_ASK},
};

/* The policy that is shipped: no errors, programs start, secrets are asked. */
START_TEST(vendor_base)
{
	struct file_errors errors = {0};
	struct ruleset *ruleset;

	set_up();
	options.vendor_dir = TEST_SOURCE_DIR "/contrib/policy";
	ck_assert_int_eq(policy_compile("app", &options, NULL, 1, NOW, &ruleset,
					NULL, &errors),
			 0);
	for (size_t i = 0; i < errors.count; i++)
		ck_abort_msg("%u: %s", errors.items[i].line,
			     errors.items[i].sentence);
	for (size_t i = 0; i < ARRAY_SIZE(vendor_cases); i++)
		ck_assert_msg(judge(ruleset, vendor_cases[i].path,
				    vendor_cases[i].right) ==
				      vendor_cases[i].effect,
			      "%s", vendor_cases[i].path);
	/* The kernel can answer for what starting programs opens. */
	ck_assert_uint_eq(ruleset_uniform_path(ruleset, "/usr", 4, NULL),
			  RIGHTS_READ | RIGHT_FS_EXECUTE | RIGHT_FS_IOCTL_DEV);
	ck_assert_uint_eq(
		ruleset_uniform_path(ruleset, "/etc/ld.so.cache", 16, NULL),
		RIGHTS_READ);
	ck_assert_uint_eq(ruleset_uniform_path(ruleset, "/proc", 5, NULL),
			  RIGHTS_READ);
	ck_assert_uint_eq(ruleset_uniform_path(ruleset, "/etc", 4, NULL), 0);
	ruleset_unref(ruleset);
	tear_down();
}
END_TEST

UNIT_MAIN("policy", layers_and_precedence, rules_know_where_they_come_from,
	  apps_share_what_is_common, own_files_are_protected,
	  startup_places_are_guarded, every_startup_place_is_known,
	  sets_are_included, sets_that_cannot_be_included, sets_must_be_trusted,
	  settings_of_layers, grants_are_part_of_it, vendor_base);
