/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The places that own an agent or the user's next shell: see startup_places.h.
 */
#include "policy/startup_places.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/cleanup.h"
#include "base/translate.h"
#include "policy/expand.h"

static const char shell[] =
	N_("this is run by your next shell, as you and unsupervised");
static const char login[] =
	N_("this is run when you log in, as you and unsupervised");
static const char desktop[] = N_("the desktop runs this for you, unsupervised");
static const char looks[] = N_(
	"this decides what windows look like, those that ask you for consent "
	"too, and can run code in them");
static const char service[] =
	N_("this is run as a service of yours, unsupervised");
static const char entry[] =
	N_("this decides who may log in as you, and what is run then");
static const char command[] = N_(
	"your shell finds its commands here: what is put here is run as you");
static const char tool[] = N_("a tool that you or your shell start runs what "
			      "this says, unsupervised");
static const char terminal[] = N_(
	"this decides what your terminal does and runs, and Landlord asks you "
	"there");
static const char machine[] =
	N_("this decides what this machine runs, and as whom");

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
	 ".nvm/nvm.sh .cargo/env .shrc .envrc .xonshrc .lesskey .less",
	 "HOME", shell},
	{"fish zsh bash nushell starship.toml direnv elvish powershell "
	 "xonsh lesskey locale.conf",
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
	 "pulse/client.conf kanshi swayidle",
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
	{"systemd user-tmpfiles.d containers", "XDG_CONFIG_HOME", service},
	{"systemd dbus-1 user-tmpfiles.d", "XDG_DATA_HOME", service},
	{".crontab .forward .procmailrc .qmail .mailcap .maildroprc", "HOME",
	 service},
	{".ssh .rhosts .shosts .k5login .k5users", "HOME", entry},
	{".local/bin bin .bin .cargo/bin go/bin .pyenv/shims .pyenv/bin "
	 ".rbenv/shims .rbenv/bin .asdf/shims .asdf/bin .yarn/bin .bun/bin "
	 ".deno/bin .volta/bin .nix-profile .npm-global/bin .poetry/bin "
	 ".dotnet/tools .krew/bin .ghcup/bin .sdkman/bin",
	 "HOME", command},
	{"mise/shims pnpm", "XDG_DATA_HOME", command},
	{".gitconfig .hgrc .vimrc .gvimrc .vim .exrc .nexrc .emacs .emacs.el "
	 ".emacs.d .nanorc .pythonrc .pythonrc.py .python_startup "
	 ".local/lib .perlrc .gnupg/gpg-agent.conf .gnupg/gpg.conf "
	 ".gnupg/scdaemon.conf .gnupg/dirmngr.conf .gdbinit .npmrc "
	 ".cargo/config.toml .cargo/config .docker/config.json .asoundrc "
	 ".vscode/extensions .vscode-oss/extensions .lldbinit .irbrc .Rprofile "
	 ".psqlrc .sqliterc",
	 "HOME", tool},
	{"git hg nvim vim emacs nano helix kak micro gdb Code/User "
	 "VSCodium/User",
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
	 "/var/spool/at /etc/inputrc /etc/gtk-3.0 /etc/gtk-4.0 "
	 "/etc/tmpfiles.d /etc/update-motd.d /etc/apt/apt.conf.d "
	 "/etc/logrotate.d /etc/alternatives /etc/fstab /etc/kernel "
	 "/etc/NetworkManager /etc/network /etc/containers",
	 NULL, machine},
};

/*
 * Visits what a place is called and, where it is a link, what it leads to.
 * @nested: more than one name beneath its base, which has no links
 */
static int visit_name(const struct startup_place *visit, bool nested,
		      struct resolve_memo *memo, startup_visit_fn callback,
		      void *userdata)
{
	_cleanup_free_ char *resolved = NULL;
	enum folder_kind kind;
	struct stat status;
	int result = callback(userdata, visit);

	if (result != 0)
		return result;
	/* Most are not there, or are files of one name. */
	kind = resolve_kind(memo, visit->path);
	if (kind == FOLDER_NOTHING || kind == FOLDER_OTHER ||
	    resolve_look(memo, visit->path, false, &status) < 0 ||
	    (!S_ISLNK(status.st_mode) && !nested))
		return 0;
	result = resolve_path(memo, visit->path, RESOLVE_ALL, &resolved);
	if (result < 0)
		return result == -ENOMEM ? result : 0;
	if (strcmp(resolved, visit->path) == 0)
		return 0;
	return callback(userdata, &(const struct startup_place){
					  resolved, NULL, visit->meaning});
}

/* Visits a group beneath one directory, or beneath none. */
static int visit_group(const struct place *place, const char *base,
		       struct resolve_memo *memo, startup_visit_fn callback,
		       void *userdata)
{
	const size_t above = base ? strlen(base) + 1 : 0;
	_cleanup_free_ char *path = malloc(above + strlen(place->names) + 1);
	const struct startup_place visit = {path, base, place->meaning};
	int error = 0;
	size_t length;

	if (!path)
		return -ENOMEM;
	if (base)
		sprintf(path, "%s/", base);
	resolve_list(memo, base ? base : "/etc");
	for (const char *name = place->names; !error && *name;
	     name += length + (name[length] == ' ')) {
		length = strcspn(name, " ");
		memcpy(path + above, name, length);
		path[above + length] = '\0';
		error = visit_name(&visit, strchr(path + above + 1, '/'), memo,
				   callback, userdata);
	}
	return error;
}

/* Where groups are. */
struct base {
	const char *name; /* a variable of expand.h */
	char *path;	  /* its value; owned; NULL: none */
	char *resolved;	  /* what that is without links; NULL: not known */
};

/*
 * What the environment says, and where it is by default, since not every
 * program listens to the environment.
 */
enum { BASES = 3, SOURCES = 2 };

static int find_base(struct base *base, const char *system_home,
		     struct resolve_memo *memo)
{
	struct stat status;
	int error =
		system_home
			? expand_default(base->name, system_home, &base->path)
			: expand_variable(base->name, EXPAND_ENVIRONMENT, NULL,
					  &base->path);

	if (!error) {
		resolve_look(memo, base->path, true, &status);
		error = resolve_path(memo, base->path, RESOLVE_ALL,
				     &base->resolved);
	}
	return error == -ENOMEM ? error : 0;
}

static void forget_bases(struct base bases[SOURCES][BASES])
{
	for (size_t i = 0; i < SOURCES * BASES; i++) {
		free(bases[i / BASES][i % BASES].path);
		free(bases[i / BASES][i % BASES].resolved);
	}
}

/* @bases: to be forgotten after a failure, too */
static int find_bases(struct base bases[SOURCES][BASES],
		      struct resolve_memo *memo)
{
	static const char *const names[BASES] = {"HOME", "XDG_CONFIG_HOME",
						 "XDG_DATA_HOME"};
	_cleanup_free_ char *home = NULL;
	int error = expand_variable("HOME", EXPAND_SYSTEM, NULL, &home);

	if (error == -ENOMEM)
		return error;
	for (size_t i = 0; i < BASES; i++) {
		struct base *const said = &bases[0][i];
		struct base *const usual = &bases[1][i];

		said->name = usual->name = names[i];
		error = find_base(said, NULL, memo);
		if (!error && home)
			error = find_base(usual, home, memo);
		if (error)
			return error;
		if (said->path && usual->path &&
		    strcmp(said->path, usual->path) == 0) {
			free(usual->path);
			usual->path = NULL;
		}
	}
	return 0;
}

/* Visits a group by what its base is called and by what that is. */
static int visit_base(const struct place *place, const struct base *base,
		      struct resolve_memo *memo, startup_visit_fn callback,
		      void *userdata)
{
	int error = 0;

	if (!base->path || strcmp(base->path, "/") == 0 ||
	    strcmp(base->name, place->base) != 0)
		return 0;
	if (base->resolved && strcmp(base->resolved, base->path) != 0)
		error = visit_group(place, base->resolved, memo, callback,
				    userdata);
	return error ? error
		     : visit_group(place, base->path, memo, callback, userdata);
}

int startup_visit(struct resolve_memo *memo, startup_visit_fn callback,
		  void *userdata)
{
	struct base bases[SOURCES][BASES] = {0};
	int error = find_bases(bases, memo);

	for (size_t i = 0; !error && i < ARRAY_SIZE(places); i++) {
		if (!places[i].base)
			error = visit_group(&places[i], NULL, memo, callback,
					    userdata);
		for (size_t j = 0; places[i].base && j < SOURCES * BASES; j++)
			if (!error)
				error = visit_base(&places[i],
						   &bases[j / BASES][j % BASES],
						   memo, callback, userdata);
	}
	forget_bases(bases);
	return error;
}
