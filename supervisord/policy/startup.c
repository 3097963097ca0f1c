/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What owns an agent or the user's next shell: see startup.h.
 */
#include "policy/startup.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "policy/expand.h"
#include "policy/resolve.h"

#define CHANGE                                                               \
	(RIGHTS_WRITE | RIGHTS_CREATE | RIGHTS_REMOVE | RIGHT_FS_MAKE_CHAR | \
	 RIGHT_FS_MAKE_BLOCK)
/* Making a directory above is what many programs do; see chain.h. */
#define REPLACE (CHANGE & ~(RIGHTS_WRITE | RIGHT_FS_MAKE_DIR))

static const char shell[] =
	"this is run by your next shell, as you and unsupervised";
static const char login[] =
	"this is run when you log in, as you and unsupervised";
static const char desktop[] = "the desktop runs this for you, unsupervised";
static const char looks[] =
	"this decides what windows look like, those that ask you for consent "
	"too, and can run code in them";
static const char service[] = "this is run as a service of yours, unsupervised";
static const char entry[] =
	"this decides who may log in as you, and what is run then";
static const char command[] =
	"your shell finds its commands here: what is put here is run as you";
static const char tool[] =
	"a tool that you or your shell start runs what this says, unsupervised";
static const char terminal[] =
	"this decides what your terminal does and runs, and Landlord asks you "
	"there";
static const char machine[] =
	"this decides what this machine runs, and as whom";

/* Where a group of places is, and the words for them. */
static const struct place {
	const char *names; /* separated by spaces; absolute, or beneath: */
	const char *base;  /* a variable of expand.h; NULL: none */
	const char *meaning;
} places[] = {
	{".profile .bash_profile .bash_login .bash_logout .bashrc "
	 ".bash_aliases .bash_completion .bash.d .bashrc.d .zshenv .zprofile "
	 ".zshrc .zlogin .zlogout .zsh .oh-my-zsh .oh-my-bash .kshrc .mkshrc "
	 ".cshrc .tcshrc .login .logout .inputrc .lessfilter .selected_editor "
	 ".nvm/nvm.sh .cargo/env .shrc .envrc",
	 "HOME", shell},
	{"fish zsh bash nushell starship.toml direnv elvish powershell",
	 "XDG_CONFIG_HOME", shell},
	{"direnv fish bash-completion", "XDG_DATA_HOME", shell},
	{".pam_environment .xprofile .xsession .xsessionrc .Xsession .xinitrc "
	 ".xserverrc .Xclients .gnomerc .dmrc .kde .kde4 .vnc .Xresources "
	 ".Xdefaults .Xmodmap .xbindkeysrc .fluxbox .icewm",
	 "HOME", login},
	{"environment.d autostart autostart-scripts plasma-workspace "
	 "plasma-localerc xfce4 i3 sway hypr openbox awesome bspwm sxhkd "
	 "labwc niri river wayfire.ini weston.ini xmonad qtile uwsm "
	 "lxsession",
	 "XDG_CONFIG_HOME", login},
	{"dconf kdeglobals kglobalshortcutsrc kwinrc mimeapps.list menus "
	 "ibus fcitx fcitx5 xdg-desktop-portal dunst mako swaync waybar "
	 "polybar eww rofi wofi autorandr xsettingsd speech-dispatcher "
	 "wireplumber pipewire pulse/default.pa pulse/daemon.conf "
	 "pulse/client.conf",
	 "XDG_CONFIG_HOME", desktop},
	{"applications desktop-directories mime kservices5 kio kxmlgui5 "
	 "nautilus nemo caja gnome-shell cinnamon plasma kwin flatpak "
	 "file-manager thunar xdg-desktop-portal gvfs-metadata orca "
	 "wireplumber",
	 "XDG_DATA_HOME", desktop},
	{".gtkrc .gtkrc-2.0 .themes .icons .fonts .fonts.conf .XCompose "
	 ".terminfo .xsettingsd",
	 "HOME", looks},
	{"gtk-2.0 gtk-3.0 gtk-4.0 glib-2.0 qt5ct qt6ct Kvantum fontconfig "
	 "vulkan Trolltech.conf",
	 "XDG_CONFIG_HOME", looks},
	{"themes icons fonts glib-2.0 vulkan", "XDG_DATA_HOME", looks},
	{"systemd", "XDG_CONFIG_HOME", service},
	{"systemd dbus-1", "XDG_DATA_HOME", service},
	{".crontab .forward .procmailrc .qmail .mailcap .maildroprc", "HOME",
	 service},
	{".ssh .rhosts .shosts .k5login .k5users", "HOME", entry},
	{".local/bin bin .bin .cargo/bin go/bin", "HOME", command},
	{".gitconfig .hgrc .vimrc .gvimrc .vim .exrc .nexrc .emacs .emacs.el "
	 ".emacs.d .nanorc .pythonrc .pythonrc.py .python_startup "
	 ".local/lib .perlrc .gnupg/gpg-agent.conf .gnupg/gpg.conf "
	 ".gnupg/scdaemon.conf .gnupg/dirmngr.conf",
	 "HOME", tool},
	{"git hg nvim vim emacs nano helix Code/User VSCodium/User",
	 "XDG_CONFIG_HOME", tool},
	{"nvim vim emacs", "XDG_DATA_HOME", tool},
	{".tmux.conf .tmux .screenrc .wezterm.lua .alacritty.toml "
	 ".alacritty.yml .byobu",
	 "HOME", terminal},
	{"tmux kitty alacritty foot wezterm ghostty terminator zellij "
	 "xfce4-terminal konsolerc",
	 "XDG_CONFIG_HOME", terminal},
	{"konsole", "XDG_DATA_HOME", terminal},
	{"/etc/profile /etc/profile.d /etc/bash.bashrc /etc/bashrc /etc/zsh "
	 "/etc/fish /etc/environment /etc/security /etc/pam.conf /etc/pam.d "
	 "/etc/passwd /etc/shadow /etc/group /etc/gshadow /etc/shells "
	 "/etc/sudoers /etc/sudoers.d /etc/doas.conf /etc/ssh "
	 "/etc/ld.so.preload /etc/ld.so.conf /etc/ld.so.conf.d "
	 "/etc/ld.so.cache /etc/crontab /etc/cron.d /etc/cron.hourly "
	 "/etc/cron.daily /etc/cron.weekly /etc/cron.monthly /etc/anacrontab "
	 "/etc/systemd /etc/init.d /etc/rc.local /etc/inittab "
	 "/etc/xdg/autostart /etc/xdg/systemd /etc/X11 /etc/dbus-1 "
	 "/etc/udev /etc/modprobe.d /etc/polkit-1 /var/spool/cron "
	 "/var/spool/at /etc/inputrc /etc/gtk-3.0 /etc/gtk-4.0",
	 NULL, machine},
};

/* A place that is visited. */
struct visit {
	const char *path; /* canonical */
	const char *base; /* where its group is; NULL: nowhere */
	const char *meaning;
};

typedef int (*visit_fn)(void *userdata, const struct visit *visit);

/*
 * Visits what a place is called and, where it is a link, what it leads to.
 * @base: has no links; NULL for an absolute name
 */
static int visit_name(const char *base, const char *name, const char *meaning,
		      struct resolve_memo *memo, visit_fn callback,
		      void *userdata)
{
	_cleanup_free_ char *path = NULL, *resolved = NULL;
	struct stat status;
	int result;

	if (asprintf(&path, "%s%s%s", base ? base : "", base ? "/" : "", name) <
	    0) {
		path = NULL;
		return -ENOMEM;
	}
	result = callback(userdata, &(const struct visit){path, base, meaning});
	/* Most are not there, or are files of one name. */
	if (result != 0 || resolve_look(memo, path, false, &status) < 0 ||
	    (!S_ISLNK(status.st_mode) && !strchr(name + 1, '/')))
		return result;
	result = resolve_path(memo, path, RESOLVE_ALL, &resolved);
	if (result < 0)
		return result == -ENOMEM ? result : 0;
	if (strcmp(resolved, path) == 0)
		return 0;
	return callback(userdata,
			&(const struct visit){resolved, NULL, meaning});
}

/* Visits a group beneath one directory. */
static int visit_group(const struct place *place, const char *base,
		       struct resolve_memo *memo, visit_fn callback,
		       void *userdata)
{
	_cleanup_free_ char *names = strdup(place->names);
	char *rest = names, *name;
	int result = names ? 0 : -ENOMEM;

	while (result == 0 && (name = strsep(&rest, " ")))
		result = visit_name(base, name, place->meaning, memo, callback,
				    userdata);
	return result;
}

/* The same, by what the directory is called and by what it is. */
static int visit_base(const struct place *place, const char *base,
		      struct resolve_memo *memo, visit_fn callback,
		      void *userdata)
{
	_cleanup_free_ char *resolved = NULL;
	struct stat status;
	int result;

	resolve_look(memo, base, true, &status);
	result = resolve_path(memo, base, RESOLVE_ALL, &resolved);
	if (result == -ENOMEM)
		return result;
	if (result == 0 && strcmp(resolved, base) != 0)
		result = visit_group(place, resolved, memo, callback, userdata);
	else
		result = 0;
	return result != 0 ? result
			   : visit_group(place, base, memo, callback, userdata);
}

/*
 * Where a group is: what the environment says, and where it is by default,
 * since not every program listens to the environment.
 */
static int visit_place(const struct place *place, struct resolve_memo *memo,
		       visit_fn callback, void *userdata)
{
	static const enum expand_source sources[] = {EXPAND_ENVIRONMENT,
						     EXPAND_SYSTEM};
	_cleanup_free_ char *first = NULL;

	if (!place->base)
		return visit_group(place, NULL, memo, callback, userdata);
	for (size_t i = 0; i < ARRAY_SIZE(sources); i++) {
		_cleanup_free_ char *base = NULL;
		int result =
			expand_variable(place->base, sources[i], NULL, &base);

		if (result == -ENOMEM)
			return result;
		if (result < 0 || strcmp(base, "/") == 0 ||
		    (first && strcmp(first, base) == 0))
			continue;
		result = visit_base(place, base, memo, callback, userdata);
		if (result != 0)
			return result;
		free(first);
		first = base;
		base = NULL;
	}
	return 0;
}

static int visit_all(struct resolve_memo *memo, visit_fn callback,
		     void *userdata)
{
	int result = 0;

	for (size_t i = 0; result == 0 && i < ARRAY_SIZE(places); i++)
		result = visit_place(&places[i], memo, callback, userdata);
	return result;
}

static int add_guard(struct rules *rules, const char *path, rights_t rights,
		     bool beneath)
{
	struct rule rule = {
		.layer = LAYER_USER,
		.effect = EFFECT_GUARD,
		.rights = rights,
		.beneath = beneath,
	};
	int result = object_init_path(&rule.object, path);

	/* A home that is not canonical has no name that a rule could be about.
	 */
	if (result == -EINVAL)
		return 0;
	if (result == 0)
		result = text_copy(&rule.origin, "built in");
	if (result == 0)
		result = rules_take(rules, &rule);
	if (result < 0)
		rule_finish(&rule);
	return result;
}

/* What a guard was added for last: neighbours share what is above them. */
struct guarding {
	struct rules *rules;
	char *above; /* owned */
};

/* What is between the base and a place could be exchanged. */
static int guard_above(struct guarding *guarding, const struct visit *visit)
{
	_cleanup_free_ char *above = strdup(visit->path);
	char *slash;
	int result = 0;

	if (!above)
		return -ENOMEM;
	while (result == 0 && (slash = strrchr(above, '/')) && slash > above) {
		*slash = '\0';
		if (!visit->base || !path_is_beneath(above, visit->base) ||
		    (guarding->above && strcmp(above, guarding->above) == 0))
			break;
		result = add_guard(guarding->rules, above, REPLACE, false);
	}
	return result;
}

static int guard(void *userdata, const struct visit *visit)
{
	struct guarding *const guarding = userdata;
	char *const slash = strrchr(visit->path, '/');
	int result = add_guard(guarding->rules, visit->path, CHANGE, true);

	if (result == 0)
		result = guard_above(guarding, visit);
	free(guarding->above);
	guarding->above =
		slash ? strndup(visit->path, slash - visit->path) : NULL;
	return result;
}

int startup_guard(struct rules *rules, struct resolve_memo *memo)
{
	struct guarding guarding = {.rules = rules};
	const int result = visit_all(memo, guard, &guarding);

	free(guarding.above);
	return result;
}

struct question {
	const char *path, *directory, *meaning;
};

static int find_meaning(void *userdata, const struct visit *visit)
{
	struct question *const question = userdata;

	if (!path_is_beneath(question->path, visit->path))
		return 0;
	question->meaning = visit->meaning;
	return 1;
}

const char *startup_meaning(const char *path)
{
	struct question question = {.path = path};

	visit_all(NULL, find_meaning, &question);
	return question.meaning;
}

static int find_between(void *userdata, const struct visit *visit)
{
	const struct question *const question = userdata;

	return path_is_beneath(question->path, visit->path) &&
	       path_is_beneath(visit->path, question->directory) &&
	       strcmp(visit->path, question->directory) != 0;
}

bool startup_stands_between(const char *directory, const char *path)
{
	struct question question = {.path = path, .directory = directory};

	/* In doubt, when memory is short, it does. */
	return visit_all(NULL, find_between, &question) != 0;
}
