/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
/*
 * Landlock - User space API
 *
 * Copyright © 2017-2020 Mickaël Salaün <mic@digikod.net>
 * Copyright © 2018-2020 ANSSI
 * Copyright © 2021-2025 Microsoft Corporation
 */

#ifndef _LINUX_LANDLOCK_H
#define _LINUX_LANDLOCK_H

#include <linux/ioctl.h>
#include <linux/types.h>

/**
 * struct landlock_ruleset_attr - Ruleset definition.
 *
 * Argument of sys_landlock_create_ruleset().
 *
 * This structure defines a set of *handled access rights*, a set of actions on
 * different object types, which should be denied by default when the ruleset is
 * enacted.  Vice versa, access rights that are not specifically listed here are
 * not going to be denied by this ruleset when it is enacted.
 *
 * For historical reasons, the %LANDLOCK_ACCESS_FS_REFER right is always denied
 * by default, even when its bit is not set in @handled_access_fs.  In order to
 * add new rules with this access right, the bit must still be set explicitly
 * (cf. `Filesystem flags`_).
 *
 * The explicit listing of *handled access rights* is required for backwards
 * compatibility reasons.  In most use cases, processes that use Landlock will
 * *handle* a wide range or all access rights that they know about at build time
 * (and that they have tested with a kernel that supported them all).
 *
 * @quiet_access_fs and @quiet_access_net are bitmasks of actions for which a
 * denial by this layer will not trigger a log if the corresponding object (or
 * its children, for filesystem rules) is marked with the "quiet" bit via
 * %LANDLOCK_ADD_RULE_QUIET, even if logging would normally take place per
 * landlock_restrict_self() flags.  @quiet_scoped is similar, except that it
 * does not require marking any objects as quiet - if the ruleset is created
 * with any bits set in @quiet_scoped, then denial of such scoped resources will
 * not trigger any log.  These 3 fields are available since Landlock ABI version
 * 10.
 *
 * @quiet_access_fs, @quiet_access_net and @quiet_scoped must be a subset of
 * @handled_access_fs, @handled_access_net and @scoped respectively.
 *
 * @handled_permissions is available since Landlock ABI version 12.  The denials
 * of permissions are quieted by the rules themselves, for each member of the
 * set that they are about (e.g.
 * &landlock_namespace_attr.quiet_namespace_types).
 *
 * This structure can grow in future Landlock versions.
 */
struct landlock_ruleset_attr {
	/**
	 * @handled_access_fs: Bitmask of handled filesystem actions
	 * (cf. `Filesystem flags`_).
	 */
	__u64 handled_access_fs;
	/**
	 * @handled_access_net: Bitmask of handled network actions (cf. `Network
	 * flags`_).
	 */
	__u64 handled_access_net;
	/**
	 * @scoped: Bitmask of scopes (cf. `Scope flags`_)
	 * restricting a Landlock domain from accessing outside
	 * resources (e.g. IPCs).
	 */
	__u64 scoped;
	/**
	 * @quiet_access_fs: Bitmask of filesystem actions which should not be
	 * logged if per-object quiet flag is set.
	 */
	__u64 quiet_access_fs;
	/**
	 * @quiet_access_net: Bitmask of network actions which should not be
	 * logged if per-object quiet flag is set.
	 */
	__u64 quiet_access_net;
	/**
	 * @quiet_scoped: Bitmask of scoped actions which should not be logged.
	 */
	__u64 quiet_scoped;
	/**
	 * @handled_permissions: Bitmask of handled permissions (cf. `Permission
	 * flags`_).
	 */
	__u64 handled_permissions;
};

/**
 * DOC: landlock_create_ruleset_flags
 *
 * **Flags**
 *
 * %LANDLOCK_CREATE_RULESET_VERSION
 *     Get the highest supported Landlock ABI version (starting at 1).
 *
 * %LANDLOCK_CREATE_RULESET_ERRATA
 *     Get a bitmask of fixed issues for the current Landlock ABI version.
 *
 * %LANDLOCK_CREATE_RULESET_SUPERVISOR
 *     Create a supervisor instead of a ruleset (cf. `Supervisor`_).  A
 *     supervisor cannot be enforced: it hands out the rulesets to enforce, and
 *     changes the rules of the resulting domains while they run.  Supported
 *     since Landlock ABI version 14.
 */
/* clang-format off */
#define LANDLOCK_CREATE_RULESET_VERSION			(1U << 0)
#define LANDLOCK_CREATE_RULESET_ERRATA			(1U << 1)
#define LANDLOCK_CREATE_RULESET_SUPERVISOR		(1U << 2)
/* clang-format on */

/**
 * DOC: landlock_add_rule_flags
 *
 * **Flags**
 *
 * %LANDLOCK_ADD_RULE_QUIET
 *     Together with the quiet_* fields in struct landlock_ruleset_attr,
 *     this flag controls whether Landlock will log audit messages when
 *     access to the objects covered by this rule is denied by this layer.
 *
 *     If logging is enabled, when Landlock denies an access, it will
 *     suppress the log if all of the following are true:
 *
 *     - this layer is the innermost layer that denied the access;
 *     - all accesses denied by this layer are part of the quiet_* fields
 *       in the related struct landlock_ruleset_attr;
 *     - the object (or one of its parents, for filesystem rules) is
 *       marked as "quiet" via %LANDLOCK_ADD_RULE_QUIET.
 *
 *     Because logging is only suppressed by a layer if the layer denies
 *     access, a sandboxed program cannot use this flag to "hide" access
 *     denials, without denying itself the access in the first place.
 *
 *     The effect of this flag does not depend on the value of
 *     allowed_access in the passed in rule_attr.  When this flag is
 *     present, the caller is also allowed to pass in an empty
 *     allowed_access.
 *
 * %LANDLOCK_ADD_RULE_INTERSECT
 *     Only keep the access rights that both the staged rule for the same object
 *     and the passed in rule_attr allow, and the quiet flag only if
 *     %LANDLOCK_ADD_RULE_QUIET is set as well.  A rule without any of them is
 *     removed, hence an empty allowed_access removes a rule.  Without a staged
 *     rule, there is nothing to do.  As for any other change, the committed rules
 *     stay the same until the next commit.  For rule types that go with a
 *     permission, only keep the members that are both staged and part of the
 *     passed in rule_attr.  This flag is only for supervisors (cf.
 *     `Supervisor`_).
 */

/* clang-format off */
#define LANDLOCK_ADD_RULE_QUIET			(1U << 0)
#define LANDLOCK_ADD_RULE_INTERSECT		(1U << 1)
/* clang-format on */

/**
 * DOC: landlock_restrict_self_flags
 *
 * **Flags**
 *
 * By default, denied accesses originating from programs that sandbox themselves
 * are logged via the audit subsystem. Such events typically indicate unexpected
 * behavior, such as bugs or exploitation attempts. However, to avoid excessive
 * logging, access requests denied by a domain not created by the originating
 * program are not logged by default. The rationale is that programs should know
 * their own behavior, but not necessarily the behavior of other programs.  This
 * default configuration is suitable for most programs that sandbox themselves.
 * For specific use cases, the following flags allow programs to modify this
 * default logging behavior.
 *
 * The %LANDLOCK_RESTRICT_SELF_LOG_SAME_EXEC_OFF and
 * %LANDLOCK_RESTRICT_SELF_LOG_NEW_EXEC_ON flags apply to the newly created
 * Landlock domain.
 *
 * %LANDLOCK_RESTRICT_SELF_LOG_SAME_EXEC_OFF
 *     Disables logging of denied accesses originating from the thread creating
 *     the Landlock domain, as well as its children, as long as they continue
 *     running the same executable code (i.e., without an intervening
 *     :manpage:`execve(2)` call). This is intended for programs that execute
 *     unknown code without invoking :manpage:`execve(2)`, such as script
 *     interpreters. Programs that only sandbox themselves should not set this
 *     flag, so users can be notified of unauthorized access attempts via system
 *     logs.
 *
 * %LANDLOCK_RESTRICT_SELF_LOG_NEW_EXEC_ON
 *     Enables logging of denied accesses after an :manpage:`execve(2)` call,
 *     providing visibility into unauthorized access attempts by newly executed
 *     programs within the created Landlock domain. This flag is recommended
 *     only when all potential executables in the domain are expected to comply
 *     with the access restrictions, as excessive audit log entries could make
 *     it more difficult to identify critical events.
 *
 * %LANDLOCK_RESTRICT_SELF_LOG_SUBDOMAINS_OFF
 *     Disables logging of denied accesses originating from nested Landlock
 *     domains created by the caller or its descendants. This flag should be set
 *     according to runtime configuration, not hardcoded, to avoid suppressing
 *     important security events. It is useful for container runtimes or
 *     sandboxing tools that may launch programs which themselves create
 *     Landlock domains and could otherwise generate excessive logs. Unlike
 *     ``LANDLOCK_RESTRICT_SELF_LOG_SAME_EXEC_OFF``, this flag only affects
 *     future nested domains, not the one being created. It can also be used
 *     with a @ruleset_fd value of -1 to mute subdomain logs without creating a
 *     domain.  When combined with %LANDLOCK_RESTRICT_SELF_TSYNC and a
 *     @ruleset_fd value of -1, this configuration is propagated to all threads
 *     of the current process.
 *
 * The following flag supports policy enforcement in multithreaded processes:
 *
 * %LANDLOCK_RESTRICT_SELF_TSYNC
 *     Applies the new Landlock configuration atomically to all threads of the
 *     current process, including the Landlock domain and logging
 *     configuration. This overrides the Landlock configuration of sibling
 *     threads, irrespective of previously established Landlock domains and
 *     logging configurations on these threads.
 *
 *     If the calling thread is running with no_new_privs, this operation
 *     enables no_new_privs on the sibling threads as well.
 *
 * The following flag ties the no_new_privs attribute to the ruleset
 * enforcement:
 *
 * %LANDLOCK_RESTRICT_SELF_NO_NEW_PRIVS
 *     Sets the no_new_privs attribute of the calling thread only once the
 *     enforcement of the ruleset succeeded: no_new_privs is set if and only
 *     if sys_landlock_restrict_self() succeeds.  This removes the need for a
 *     prior :manpage:`prctl(2)` ``PR_SET_NO_NEW_PRIVS`` call (or
 *     %CAP_SYS_ADMIN use).  This flag requires a ruleset.  When
 *     combined with %LANDLOCK_RESTRICT_SELF_TSYNC, no_new_privs is set on the
 *     sibling threads as well.
 */
/* clang-format off */
#define LANDLOCK_RESTRICT_SELF_LOG_SAME_EXEC_OFF		(1U << 0)
#define LANDLOCK_RESTRICT_SELF_LOG_NEW_EXEC_ON			(1U << 1)
#define LANDLOCK_RESTRICT_SELF_LOG_SUBDOMAINS_OFF		(1U << 2)
#define LANDLOCK_RESTRICT_SELF_TSYNC				(1U << 3)
#define LANDLOCK_RESTRICT_SELF_NO_NEW_PRIVS			(1U << 4)
/* clang-format on */

/**
 * enum landlock_rule_type - Landlock rule type
 *
 * Argument of sys_landlock_add_rule().
 */
enum landlock_rule_type {
	/**
	 * @LANDLOCK_RULE_PATH_BENEATH: Type of a &struct
	 * landlock_path_beneath_attr .
	 */
	LANDLOCK_RULE_PATH_BENEATH = 1,
	/**
	 * @LANDLOCK_RULE_NET_PORT: Type of a &struct
	 * landlock_net_port_attr .
	 */
	LANDLOCK_RULE_NET_PORT,
	/**
	 * @LANDLOCK_RULE_NAMESPACE: Type of a &struct
	 * landlock_namespace_attr .
	 */
	LANDLOCK_RULE_NAMESPACE,
	/**
	 * @LANDLOCK_RULE_CAPABILITY: Type of a &struct
	 * landlock_capability_attr .
	 */
	LANDLOCK_RULE_CAPABILITY,
	/**
	 * @LANDLOCK_RULE_SOCKET: Type of a &struct landlock_socket_attr .
	 */
	LANDLOCK_RULE_SOCKET,
};

/**
 * struct landlock_path_beneath_attr - Path hierarchy definition
 *
 * Argument of sys_landlock_add_rule().
 */
struct landlock_path_beneath_attr {
	/**
	 * @allowed_access: Bitmask of allowed actions for this file hierarchy
	 * (cf. `Filesystem flags`_).
	 */
	__u64 allowed_access;
	/**
	 * @parent_fd: File descriptor, preferably opened with ``O_PATH``,
	 * which identifies the parent directory of a file hierarchy, or just a
	 * file.
	 */
	__s32 parent_fd;
	/*
	 * This struct is packed to avoid trailing reserved members.
	 * Cf. security/landlock/syscalls.c:build_check_abi()
	 */
} __attribute__((packed));

/**
 * struct landlock_net_port_attr - Network port definition
 *
 * Argument of sys_landlock_add_rule().
 */
struct landlock_net_port_attr {
	/**
	 * @allowed_access: Bitmask of allowed network actions for a port
	 * (cf. `Network flags`_).
	 */
	__u64 allowed_access;
	/**
	 * @port: Network port in host endianness.
	 *
	 * It should be noted that port 0 passed to :manpage:`bind(2)` will bind
	 * to an available port from the ephemeral port range.  This can be
	 * configured with the ``/proc/sys/net/ipv4/ip_local_port_range`` sysctl
	 * (also used for IPv6), and within that range, on a per-socket basis
	 * with ``setsockopt(IP_LOCAL_PORT_RANGE)``.
	 *
	 * A Landlock rule with port 0 and the %LANDLOCK_ACCESS_NET_BIND_TCP or
	 * %LANDLOCK_ACCESS_NET_BIND_UDP right means that requesting to bind on
	 * port 0 is allowed and it will automatically translate to binding on a
	 * kernel-assigned ephemeral port.
	 */
	__u64 port;
};

/**
 * struct landlock_namespace_attr - Set of namespace types
 *
 * Argument of sys_landlock_add_rule().  Several rules add up.
 *
 * Types that the running kernel does not know are accepted and ignored: they
 * cannot be used anyway.
 */
struct landlock_namespace_attr {
	/**
	 * @permissions: Must be %LANDLOCK_PERMISSION_NAMESPACE_USE (cf.
	 * `Permission flags`_).
	 */
	__u64 permissions;
	/**
	 * @allowed_namespace_types: Bitmask of the namespace types (``CLONE_NEW*``)
	 * that may be used.
	 */
	__u64 allowed_namespace_types;
	/**
	 * @quiet_namespace_types: Bitmask of the namespace types
	 * (``CLONE_NEW*``) the denials of which should not be logged.
	 */
	__u64 quiet_namespace_types;
};

/**
 * struct landlock_capability_attr - Set of capabilities
 *
 * Argument of sys_landlock_add_rule().  Several rules add up.
 *
 * Capabilities that the running kernel does not know are accepted and ignored:
 * they cannot be used anyway.  However, new capabilities tend to be split from
 * existing ones (e.g. ``CAP_BPF`` from ``CAP_SYS_ADMIN``).  A rule should then
 * only name the capabilities that its author knows, and not all the bits.
 */
struct landlock_capability_attr {
	/**
	 * @permissions: Must be %LANDLOCK_PERMISSION_CAPABILITY_USE (cf.
	 * `Permission flags`_).
	 */
	__u64 permissions;
	/**
	 * @allowed_capabilities: Bitmask of the capabilities (``1ULL <<
	 * CAP_*``) that may be used.
	 */
	__u64 allowed_capabilities;
	/**
	 * @quiet_capabilities: Bitmask of the capabilities (``1ULL <<
	 * CAP_*``) the denials of which should not be logged.
	 */
	__u64 quiet_capabilities;
};

/**
 * struct landlock_socket_attr - Sockets to create
 *
 * Argument of sys_landlock_add_rule().
 *
 * The family, the type and the protocol are compared with the arguments of
 * :manpage:`socket(2)`, without the type's flags (e.g. ``SOCK_CLOEXEC``).  They
 * are not translated: a rule for the protocol 0, which lets the family choose,
 * does not allow the same protocol by its number, and vice versa.  The obsolete
 * ``SOCK_PACKET`` type of ``AF_INET`` is an exception of the kernel, which takes
 * it for one of ``AF_PACKET``; a rule must name the latter.
 */
struct landlock_socket_attr {
	/**
	 * @permissions: Must be %LANDLOCK_PERMISSION_SOCKET_CREATE (cf.
	 * `Permission flags`_), or 0 along with %LANDLOCK_ADD_RULE_QUIET, which
	 * makes the denials of these sockets quiet.
	 */
	__u64 permissions;
	/**
	 * @wildcards: Bitmask of `Socket wildcards`_.  The related members must
	 * then be 0.
	 */
	__u32 wildcards;
	/**
	 * @family: Address family, e.g. ``AF_INET``.
	 */
	__u32 family;
	/**
	 * @type: Type of the socket without flags, e.g. ``SOCK_STREAM``.
	 */
	__u32 type;
	/**
	 * @protocol: Protocol, from 0 to 65535, with the same value as for
	 * :manpage:`socket(2)`.
	 */
	__u32 protocol;
};

/**
 * DOC: socket_wildcards
 *
 * Socket wildcards
 * ~~~~~~~~~~~~~~~~
 *
 * - %LANDLOCK_SOCKET_ANY_TYPE: The rule is about all the types of sockets,
 *   including unknown ones.
 * - %LANDLOCK_SOCKET_ANY_PROTOCOL: The rule is about all the protocols, including
 *   those that a rule cannot name.
 */
/* clang-format off */
#define LANDLOCK_SOCKET_ANY_TYPE			(1U << 0)
#define LANDLOCK_SOCKET_ANY_PROTOCOL			(1U << 1)
/* clang-format on */

/**
 * DOC: fs_access
 *
 * A set of actions on kernel objects may be defined by an attribute (e.g.
 * &struct landlock_path_beneath_attr) including a bitmask of access.
 *
 * Filesystem flags
 * ~~~~~~~~~~~~~~~~
 *
 * These flags enable to restrict a sandboxed process to a set of actions on
 * files and directories.  Files or directories opened before the sandboxing
 * are not subject to these restrictions.
 *
 * The following access rights apply only to files:
 *
 * - %LANDLOCK_ACCESS_FS_EXECUTE: Execute a file.
 * - %LANDLOCK_ACCESS_FS_WRITE_FILE: Open a file with write access.  When
 *   opening files for writing, you will often additionally need the
 *   %LANDLOCK_ACCESS_FS_TRUNCATE right.  In many cases, these system calls
 *   truncate existing files when overwriting them (e.g., :manpage:`creat(2)`).
 * - %LANDLOCK_ACCESS_FS_READ_FILE: Open a file with read access.
 * - %LANDLOCK_ACCESS_FS_TRUNCATE: Truncate a file with :manpage:`truncate(2)`,
 *   :manpage:`ftruncate(2)`, :manpage:`creat(2)`, or :manpage:`open(2)` with
 *   ``O_TRUNC``.  This access right is available since the third version of the
 *   Landlock ABI.
 * - %LANDLOCK_ACCESS_FS_IOCTL_DEV: Invoke :manpage:`ioctl(2)` commands on an opened
 *   character or block device.
 *
 *   This access right applies to all `ioctl(2)` commands implemented by device
 *   drivers.  However, the following common IOCTL commands continue to be
 *   invokable independent of the %LANDLOCK_ACCESS_FS_IOCTL_DEV right:
 *
 *   * IOCTL commands targeting file descriptors (``FIOCLEX``, ``FIONCLEX``),
 *   * IOCTL commands targeting file descriptions (``FIONBIO``, ``FIOASYNC``),
 *   * IOCTL commands targeting file systems (``FIFREEZE``, ``FITHAW``,
 *     ``FIGETBSZ``, ``FS_IOC_GETFSUUID``, ``FS_IOC_GETFSSYSFSPATH``)
 *   * Some IOCTL commands which do not make sense when used with devices, but
 *     whose implementations are safe and return the right error codes
 *     (``FS_IOC_FIEMAP``, ``FICLONE``, ``FICLONERANGE``, ``FIDEDUPERANGE``)
 *
 *   This access right is available since the fifth version of the Landlock
 *   ABI.
 * - %LANDLOCK_ACCESS_FS_RESOLVE_UNIX: Look up pathname UNIX domain sockets
 *   (:manpage:`unix(7)`).  On UNIX domain sockets, this restricts both calls to
 *   :manpage:`connect(2)` as well as calls to :manpage:`sendmsg(2)` with an
 *   explicit recipient address.
 *
 *   This access right applies only to connections to UNIX server sockets which
 *   were created outside of the newly created Landlock domain (e.g. from within
 *   a parent domain or from an unrestricted process).  Newly created UNIX
 *   servers within the same Landlock domain continue to be accessible.  In this
 *   regard, %LANDLOCK_ACCESS_FS_RESOLVE_UNIX has the same semantics as the
 *   ``LANDLOCK_SCOPE_*`` flags.
 *
 *   If a resolution attempt is denied, the operation returns an ``EACCES``
 *   error, in line with other filesystem access rights (but different to
 *   denials for abstract UNIX domain sockets).
 *
 *   This access right is available since the ninth version of the Landlock ABI.
 *
 *   The rationale for this design is described in
 *   :ref:`Documentation/security/landlock.rst <scoped-flags-interaction>`.
 *
 * Whether an opened file can be truncated with :manpage:`ftruncate(2)` or used
 * with `ioctl(2)` is determined during :manpage:`open(2)`, in the same way as
 * read and write permissions are checked during :manpage:`open(2)` using
 * %LANDLOCK_ACCESS_FS_READ_FILE and %LANDLOCK_ACCESS_FS_WRITE_FILE.  However,
 * these two access rights are checked for each operation if only the committed
 * rules of a supervisor (cf. `Supervisor`_) may grant them.
 *
 * A directory can receive access rights related to files or directories.  The
 * following access right is applied to the directory itself, and the
 * directories beneath it:
 *
 * - %LANDLOCK_ACCESS_FS_READ_DIR: Open a directory or list its content.
 *
 * However, the following access rights only apply to the content of a
 * directory, not the directory itself:
 *
 * - %LANDLOCK_ACCESS_FS_REMOVE_DIR: Remove an empty directory or rename one.
 * - %LANDLOCK_ACCESS_FS_REMOVE_FILE: Unlink (or rename) a file.
 * - %LANDLOCK_ACCESS_FS_MAKE_CHAR: Create (or rename or link) a character
 *   device.
 * - %LANDLOCK_ACCESS_FS_MAKE_DIR: Create (or rename) a directory.
 * - %LANDLOCK_ACCESS_FS_MAKE_REG: Create (or rename or link) a regular file.
 *   This also guards the creation of whiteout objects as used in OverlayFS.
 * - %LANDLOCK_ACCESS_FS_MAKE_SOCK: Create (or rename or link) a UNIX domain
 *   socket.
 * - %LANDLOCK_ACCESS_FS_MAKE_FIFO: Create (or rename or link) a named pipe.
 * - %LANDLOCK_ACCESS_FS_MAKE_BLOCK: Create (or rename or link) a block device.
 * - %LANDLOCK_ACCESS_FS_MAKE_SYM: Create (or rename or link) a symbolic link.
 * - %LANDLOCK_ACCESS_FS_REFER: Link or rename a file from or to a different
 *   directory (i.e. reparent a file hierarchy).
 *
 *   This access right is available since the second version of the Landlock
 *   ABI.
 *
 *   This is the only access right which is denied by default by any ruleset,
 *   even if the right is not specified as handled at ruleset creation time.
 *   The only way to make a ruleset grant this right is to explicitly allow it
 *   for a specific directory by adding a matching rule to the ruleset.
 *
 *   In particular, when using the first Landlock ABI version, Landlock will
 *   always deny attempts to reparent files between different directories.
 *
 *   In addition to the source and destination directories having the
 *   %LANDLOCK_ACCESS_FS_REFER access right, the attempted link or rename
 *   operation must meet the following constraints:
 *
 *   * The reparented file may not gain more access rights in the destination
 *     directory than it previously had in the source directory.  If this is
 *     attempted, the operation results in an ``EXDEV`` error.
 *
 *   * When linking or renaming, the ``LANDLOCK_ACCESS_FS_MAKE_*`` right for the
 *     respective file type must be granted for the destination directory.
 *     Otherwise, the operation results in an ``EACCES`` error.
 *
 *   * When renaming, the ``LANDLOCK_ACCESS_FS_REMOVE_*`` right for the
 *     respective file type must be granted for the source directory.  Otherwise,
 *     the operation results in an ``EACCES`` error.
 *
 *   If multiple requirements are not met, the ``EACCES`` error code takes
 *   precedence over ``EXDEV``.
 *
 * .. warning::
 *
 *   It is currently not possible to restrict some file-related actions
 *   accessible through these syscall families: :manpage:`chdir(2)`,
 *   :manpage:`stat(2)`, :manpage:`flock(2)`, :manpage:`chmod(2)`,
 *   :manpage:`chown(2)`, :manpage:`setxattr(2)`, :manpage:`utime(2)`,
 *   :manpage:`fcntl(2)`, :manpage:`access(2)`.
 *   Future Landlock evolutions will enable to restrict them.
 */
/* clang-format off */
#define LANDLOCK_ACCESS_FS_EXECUTE			(1ULL << 0)
#define LANDLOCK_ACCESS_FS_WRITE_FILE			(1ULL << 1)
#define LANDLOCK_ACCESS_FS_READ_FILE			(1ULL << 2)
#define LANDLOCK_ACCESS_FS_READ_DIR			(1ULL << 3)
#define LANDLOCK_ACCESS_FS_REMOVE_DIR			(1ULL << 4)
#define LANDLOCK_ACCESS_FS_REMOVE_FILE			(1ULL << 5)
#define LANDLOCK_ACCESS_FS_MAKE_CHAR			(1ULL << 6)
#define LANDLOCK_ACCESS_FS_MAKE_DIR			(1ULL << 7)
#define LANDLOCK_ACCESS_FS_MAKE_REG			(1ULL << 8)
#define LANDLOCK_ACCESS_FS_MAKE_SOCK			(1ULL << 9)
#define LANDLOCK_ACCESS_FS_MAKE_FIFO			(1ULL << 10)
#define LANDLOCK_ACCESS_FS_MAKE_BLOCK			(1ULL << 11)
#define LANDLOCK_ACCESS_FS_MAKE_SYM			(1ULL << 12)
#define LANDLOCK_ACCESS_FS_REFER			(1ULL << 13)
#define LANDLOCK_ACCESS_FS_TRUNCATE			(1ULL << 14)
#define LANDLOCK_ACCESS_FS_IOCTL_DEV			(1ULL << 15)
#define LANDLOCK_ACCESS_FS_RESOLVE_UNIX			(1ULL << 16)
/* clang-format on */

/**
 * DOC: net_access
 *
 * Network flags
 * ~~~~~~~~~~~~~~~~
 *
 * These flags enable to restrict a sandboxed process to a set of network
 * actions.
 *
 * The following access rights apply to TCP port numbers:
 *
 * - %LANDLOCK_ACCESS_NET_BIND_TCP: Bind TCP sockets to the given local
 *   port. Support added in Landlock ABI version 4.
 * - %LANDLOCK_ACCESS_NET_CONNECT_TCP: Connect TCP sockets to the given
 *   remote port. Support added in Landlock ABI version 4.
 *
 * And similarly for UDP port numbers:
 *
 * - %LANDLOCK_ACCESS_NET_BIND_UDP: Bind UDP sockets to the given local
 *   port. Support added in Landlock ABI version 10.
 * - %LANDLOCK_ACCESS_NET_CONNECT_SEND_UDP: Set the remote port of UDP
 *   sockets to the given port, or send datagrams to the given remote port
 *   ignoring any destination pre-set on a socket. Support added in
 *   Landlock ABI version 10.
 *
 * .. note:: Setting a remote address or sending a first datagram
 *   auto-binds UDP sockets to an ephemeral local source port if not
 *   already bound. To allow this if both %LANDLOCK_ACCESS_NET_BIND_UDP
 *   and %LANDLOCK_ACCESS_NET_CONNECT_SEND_UDP are handled, you need to
 *   either:
 *
 *   - use a socket already bound to a port before the ruleset started
 *     being enforced;
 *   - or grant %LANDLOCK_ACCESS_NET_BIND_UDP on port 0, meaning "any
 *     port in the ephemeral port range";
 *   - or grant %LANDLOCK_ACCESS_NET_BIND_UDP on a specific port, and
 *     call :manpage:`bind(2)` on that port before trying to
 *     :manpage:`connect(2)` or send datagrams.
 *
 * .. note:: Sending datagrams to an ``AF_UNSPEC`` destination address
 *   family is not supported for IPv6 UDP sockets: you will need to use a
 *   ``NULL`` address instead.
 */
/* clang-format off */
#define LANDLOCK_ACCESS_NET_BIND_TCP			(1ULL << 0)
#define LANDLOCK_ACCESS_NET_CONNECT_TCP			(1ULL << 1)
#define LANDLOCK_ACCESS_NET_BIND_UDP			(1ULL << 2)
#define LANDLOCK_ACCESS_NET_CONNECT_SEND_UDP		(1ULL << 3)
/* clang-format on */

/**
 * DOC: scope
 *
 * Scope flags
 * ~~~~~~~~~~~
 *
 * These flags enable to isolate a sandboxed process from a set of IPC actions.
 * Setting a flag for a ruleset will isolate the Landlock domain to forbid
 * connections to resources outside the domain.
 *
 * This is supported since Landlock ABI version 6, but for the scopes which tell
 * otherwise.
 *
 * Scopes:
 *
 * - %LANDLOCK_SCOPE_ABSTRACT_UNIX_SOCKET: Restrict a sandboxed process from
 *   connecting to an abstract UNIX socket created by a process outside the
 *   related Landlock domain (e.g., a parent domain or a non-sandboxed process).
 * - %LANDLOCK_SCOPE_SIGNAL: Restrict a sandboxed process from sending a signal
 *   to another process outside the domain.
 * - %LANDLOCK_SCOPE_PATHNAME_UNIX_SOCKET: Restrict a sandboxed process from
 *   connecting or sending to a pathname UNIX socket created by a process outside
 *   the related Landlock domain.  If %LANDLOCK_ACCESS_FS_RESOLVE_UNIX is handled
 *   by the same ruleset, then its rules are exceptions, and this flag does not
 *   change what is allowed.  Otherwise there is no exception, and a denied request
 *   fails with an ``EPERM`` error.  Support added in Landlock ABI version 13.
 */
/* clang-format off */
#define LANDLOCK_SCOPE_ABSTRACT_UNIX_SOCKET		(1ULL << 0)
#define LANDLOCK_SCOPE_SIGNAL		                (1ULL << 1)
#define LANDLOCK_SCOPE_PATHNAME_UNIX_SOCKET		(1ULL << 2)
/* clang-format on*/

/**
 * DOC: permission
 *
 * Permission flags
 * ~~~~~~~~~~~~~~~~
 *
 * These flags enable to restrict what a sandboxed process can do with members of
 * a set which is defined by another part of the kernel, whatever the object.  All
 * the members are denied, including the ones that a future kernel may add, but
 * for those which are allowed by rules.
 *
 * - %LANDLOCK_PERMISSION_NAMESPACE_USE: Create namespaces, with
 *   :manpage:`unshare(2)`, :manpage:`clone(2)` or by detaching mounts (e.g.
 *   :manpage:`open_tree(2)`), and enter namespaces with :manpage:`setns(2)`.
 *   Which types may be used is told by rules of type %LANDLOCK_RULE_NAMESPACE.
 *   The namespaces that the process is in remain usable.  A denied request fails
 *   with an ``EPERM`` error.
 * - %LANDLOCK_PERMISSION_CAPABILITY_USE: Use :manpage:`capabilities(7)`, in
 *   whatever user namespace.  Which ones may be used is told by rules of type
 *   %LANDLOCK_RULE_CAPABILITY.  This never gives a capability to anyone, and does
 *   not change the capability sets of a thread: to use one, it must be both in
 *   the effective set and allowed.  A denied request fails as it would without
 *   the capability, e.g. with an ``EPERM`` error, or with ``EACCES`` for files
 *   which can only be opened thanks to ``CAP_DAC_OVERRIDE``.
 * - %LANDLOCK_PERMISSION_SOCKET_CREATE: Create sockets, with
 *   :manpage:`socket(2)`, :manpage:`socketpair(2)` or :manpage:`io_uring(7)`.
 *   Which ones may be created is told by rules of type %LANDLOCK_RULE_SOCKET.
 *   Existing sockets remain usable, and so do those that are received or
 *   accepted.  A denied request fails with an ``EACCES`` error, before the family
 *   has a say.  Support added in Landlock ABI version 13.
 *
 * These flags are available since Landlock ABI version 12, but for those which
 * tell otherwise.
 */
/* clang-format off */
#define LANDLOCK_PERMISSION_NAMESPACE_USE		(1ULL << 0)
#define LANDLOCK_PERMISSION_CAPABILITY_USE		(1ULL << 1)
#define LANDLOCK_PERMISSION_SOCKET_CREATE		(1ULL << 2)
/* clang-format on */

/**
 * DOC: supervisor
 *
 * Supervisor
 * ~~~~~~~~~~
 *
 * A supervisor is created with landlock_create_ruleset() and
 * %LANDLOCK_CREATE_RULESET_SUPERVISOR.  It fixes the handled access rights, the
 * scopes and the quiet masks of all the layers it will supervise.
 * landlock_add_rule() stages rules on it, and the following :manpage:`ioctl(2)`
 * commands apply to its file descriptor:
 *
 * %LANDLOCK_IOCTL_GET_SUPERVISEE
 *     Return a new close-on-exec ruleset file descriptor.  It accepts
 *     landlock_add_rule(), for rules that will never change, and exactly one
 *     landlock_restrict_self(), which creates a supervised domain.
 * %LANDLOCK_IOCTL_COMMIT
 *     Atomically replace the committed rules with a copy of the staged ones.
 *     Staged rules have no effect until then.
 * %LANDLOCK_IOCTL_CLEAR
 *     Drop all the staged rules.  Together with a new set of rules and a
 *     commit, this takes granted rights away.  The argument must be 0.  See
 *     %LANDLOCK_ADD_RULE_INTERSECT to change one rule.
 * %LANDLOCK_IOCTL_GET_NOTIF_FD
 *     Return the close-on-exec notification file descriptor of this
 *     supervisor.  This succeeds only once.  The argument must be 0.
 *
 * A supervised layer grants the union of its static rules and of its
 * supervisor's committed rules.
 *
 * Notification
 * ~~~~~~~~~~~~
 *
 * As soon as the notification file descriptor exists, requests that are denied
 * by a supervised layer, and by no layer without a supervisor, are reported to
 * the supervisor of the youngest denying layer.  The thread waits for the
 * answer whenever the request can be answered.
 *
 * %LANDLOCK_IOCTL_RECV
 *     Take the oldest event that was not yet received.
 * %LANDLOCK_IOCTL_SEND
 *     Answer an event.
 * %LANDLOCK_IOCTL_REQUEUE
 *     Deliver all the events again which were received and not answered, with
 *     the same cookies and before newer ones, and return their number.  This is
 *     for a process that takes over from another one, e.g. because that one
 *     died.  The argument must be 0.
 *
 * The notification file descriptor is readable as long as there is an event to
 * receive, and hangs up (%EPOLLHUP) once the last supervised domain is gone, and
 * there is no supervisee ruleset left which could create another one.  A process
 * of another domain only gets %EPOLLERR.
 * Closing the last copy of it denies all the pending requests, and the following
 * ones at once; the committed rules stay in place.  A child process which enforces
 * a supervisee ruleset and does not execute another program has to close its own
 * copy, or it would wait for ever when its supervisor is gone.
 *
 * Using a supervisor, adding a rule to one of its supervisee rulesets, receiving
 * and answering is restricted to the domain that created the supervisor; any
 * other domain gets %EPERM whoever passed it the file descriptor.
 */

/**
 * struct landlock_supervisee_attr - Supervisee definition
 *
 * Argument of %LANDLOCK_IOCTL_GET_SUPERVISEE.
 */
struct landlock_supervisee_attr {
	/**
	 * @cookie: Value chosen by the supervisor, reported in
	 * &landlock_event.supervisee for all the requests from the domain that
	 * will be created with this supervisee ruleset.
	 */
	__u64 cookie;
	/**
	 * @flags: Must be 0.
	 */
	__u64 flags;
};

/**
 * struct landlock_commit_attr - Commit request
 *
 * Argument of %LANDLOCK_IOCTL_COMMIT.
 */
struct landlock_commit_attr {
	/**
	 * @generation: Set by the kernel to the number of the new committed set
	 * of rules.  The first commit creates the generation 1, and generation
	 * 0 is the state without any committed rule.
	 */
	__u64 generation;
	/**
	 * @flags: 0 or %LANDLOCK_COMMIT_WAKE.
	 */
	__u64 flags;
};

/**
 * DOC: commit_flags
 *
 * Commit flags
 * ~~~~~~~~~~~~
 *
 * - %LANDLOCK_COMMIT_WAKE: Judge again all the requests which are waiting for an
 *   answer of this supervisor.  Those that are now allowed go on, and their events
 *   are gone, as if they were withdrawn.  Those that are still denied go on
 *   waiting, with the same event.
 */
/* clang-format off */
#define LANDLOCK_COMMIT_WAKE				(1U << 0)
/* clang-format on */

/**
 * struct landlock_recv_attr - Event reception
 *
 * Argument of %LANDLOCK_IOCTL_RECV.
 */
struct landlock_recv_attr {
	/**
	 * @buf: Address of the 8-byte-aligned buffer that receives a &struct
	 * landlock_event followed by its records.
	 */
	__u64 buf;
	/**
	 * @size: Size of @buf.  Set by the kernel to the length of the event,
	 * also when the buffer is too small.
	 */
	__u32 size;
	/**
	 * @flags: Must be 0.
	 */
	__u32 flags;
};

/**
 * struct landlock_answer_attr - Answer to an event
 *
 * Argument of %LANDLOCK_IOCTL_SEND.
 */
struct landlock_answer_attr {
	/**
	 * @cookie: The &landlock_event.cookie of the event to answer.
	 */
	__u64 cookie;
	/**
	 * @answer: See &enum landlock_answer .
	 */
	__u32 answer;
	/**
	 * @flags: Must be 0.
	 */
	__u32 flags;
};

/* clang-format off */
#define LANDLOCK_IOCTL_MAGIC 0xF5
#define LANDLOCK_IOCTL_GET_SUPERVISEE \
	_IOW(LANDLOCK_IOCTL_MAGIC, 0, struct landlock_supervisee_attr)
#define LANDLOCK_IOCTL_COMMIT \
	_IOWR(LANDLOCK_IOCTL_MAGIC, 1, struct landlock_commit_attr)
#define LANDLOCK_IOCTL_CLEAR \
	_IO(LANDLOCK_IOCTL_MAGIC, 2)
#define LANDLOCK_IOCTL_GET_NOTIF_FD \
	_IO(LANDLOCK_IOCTL_MAGIC, 3)
#define LANDLOCK_IOCTL_RECV \
	_IOWR(LANDLOCK_IOCTL_MAGIC, 4, struct landlock_recv_attr)
#define LANDLOCK_IOCTL_SEND \
	_IOW(LANDLOCK_IOCTL_MAGIC, 5, struct landlock_answer_attr)
#define LANDLOCK_IOCTL_REQUEUE \
	_IO(LANDLOCK_IOCTL_MAGIC, 6)
/* clang-format on */

/**
 * enum landlock_answer - Answer to an event
 *
 * Used as &landlock_answer_attr.answer
 */
enum landlock_answer {
	/**
	 * @LANDLOCK_ANSWER_DENY: Deny the request.
	 */
	LANDLOCK_ANSWER_DENY = 1,
	/**
	 * @LANDLOCK_ANSWER_RETRY: Judge the request again, against the rules
	 * which are committed by then.  If it is still denied, then it fails
	 * without another event.
	 */
	LANDLOCK_ANSWER_RETRY,
	/**
	 * @LANDLOCK_ANSWER_ALLOW: Allow this request once, for the layer that was
	 * asked.  Nothing else is allowed: neither another system call, nor
	 * another task, operation, object, name or access right.  If the same
	 * system call makes several requests (e.g. to create and to open a
	 * file), then each of them is an event, and is asked once.  What a file
	 * gains by being moved or linked to another directory, see
	 * %LANDLOCK_EVENT_MORE_ACCESS, is not lost afterwards.
	 */
	LANDLOCK_ANSWER_ALLOW,
};

/**
 * struct landlock_event - Header of an event
 *
 * A denied request, as returned by %LANDLOCK_IOCTL_RECV.  The records follow
 * the header.
 */
struct landlock_event {
	/**
	 * @len: Length of the whole event: the header, all the records and
	 * their padding.  Always a multiple of 8.
	 */
	__u32 len;
	/**
	 * @header_len: Length of the header, which is the offset of the first
	 * record.  May grow with future versions.
	 */
	__u32 header_len;
	/**
	 * @flags: Combination of the `Event flags`_.
	 */
	__u32 flags;
	/**
	 * @operation: Requested operation, see &enum
	 * landlock_operation .
	 */
	__u32 operation;
	/**
	 * @cookie: Identifies this event for this supervisor.  Never 0 and never
	 * reused.
	 */
	__u64 cookie;
	/**
	 * @supervisee: The &landlock_supervisee_attr.cookie of the supervisee
	 * ruleset that created the denying domain.
	 */
	__u64 supervisee;
	/**
	 * @domain_id: ID of the denying domain, as logged by audit.
	 */
	__u64 domain_id;
	/**
	 * @generation: The &landlock_commit_attr.generation against which the
	 * request was judged.
	 */
	__u64 generation;
	/**
	 * @pid: ID of the requesting process in the PID namespace of the
	 * receiver, or 0 if it is not visible from there.
	 */
	__s32 pid;
	/**
	 * @tid: Same as @pid for the requesting thread.
	 */
	__s32 tid;
	/**
	 * @pidfd: Close-on-exec process file descriptor of the requesting
	 * process, owned by the receiver.  It is -1 if the process is already
	 * reaped, or if @pid is 0.
	 */
	__s32 pidfd;
	/**
	 * @num_lost: Number of requests of this supervisor which were denied
	 * without an event since the previous received event, because a bound
	 * was reached or memory was exhausted.  Saturates.
	 */
	__u32 num_lost;
	/**
	 * @call_id: Identifies the system call that waits.  A system call which
	 * makes several requests (e.g. to create and to open a file) has an event
	 * for each of them, maybe for several supervisors, all with the same
	 * value.  It is 0 for a notice.
	 */
	__u64 call_id;
};

/**
 * DOC: event_flags
 *
 * Event flags
 * ~~~~~~~~~~~
 *
 * - %LANDLOCK_EVENT_NOTIFY_ONLY: The request was already denied; there is
 *   nothing to answer.
 * - %LANDLOCK_EVENT_OVERFLOW: &landlock_event.num_lost is not 0.
 * - %LANDLOCK_EVENT_NO_OBJECT_FD: The receiver is not allowed to look at the
 *   requesting process (ptrace access check), thus all the object file
 *   descriptors of the records are -1.  If all that forbids this is the dumpable
 *   attribute of the process (see :manpage:`prctl(2)`) or a user namespace, i.e.
 *   both have the same user and no capability is missing, then each &struct
 *   landlock_path_record is followed by a &struct landlock_text_record if the
 *   directory can be reached from the root directory of the receiver.
 * - %LANDLOCK_EVENT_NO_OBJECT_NAME: In all other cases, set along with
 *   %LANDLOCK_EVENT_NO_OBJECT_FD.  The names are empty, and the device and inode
 *   numbers and the modes are 0, too.
 * - %LANDLOCK_EVENT_MORE_ACCESS: A file would be moved or linked to a directory
 *   where the denying domain has access rights on it that it does not have now.
 */
/* clang-format off */
#define LANDLOCK_EVENT_NOTIFY_ONLY			(1U << 0)
#define LANDLOCK_EVENT_OVERFLOW				(1U << 1)
#define LANDLOCK_EVENT_NO_OBJECT_FD			(1U << 2)
#define LANDLOCK_EVENT_MORE_ACCESS			(1U << 3)
#define LANDLOCK_EVENT_NO_OBJECT_NAME			(1U << 4)
/* clang-format on */

/**
 * enum landlock_operation - Requested operation
 *
 * Used as &landlock_event.operation
 */
enum landlock_operation {
	/**
	 * @LANDLOCK_OPERATION_OPEN: Open or execute a file, which may be created or
	 * truncated by the same system call, or list a directory.
	 */
	LANDLOCK_OPERATION_OPEN = 1,
	/**
	 * @LANDLOCK_OPERATION_TRUNCATE: Truncate a file.
	 */
	LANDLOCK_OPERATION_TRUNCATE,
	/**
	 * @LANDLOCK_OPERATION_IOCTL: Use an IOCTL command of a device.
	 */
	LANDLOCK_OPERATION_IOCTL,
	/**
	 * @LANDLOCK_OPERATION_CREATE: Create a file of any type.
	 */
	LANDLOCK_OPERATION_CREATE,
	/**
	 * @LANDLOCK_OPERATION_REMOVE: Remove a file or a directory.
	 */
	LANDLOCK_OPERATION_REMOVE,
	/**
	 * @LANDLOCK_OPERATION_RENAME: Rename, with or without replacement.
	 */
	LANDLOCK_OPERATION_RENAME,
	/**
	 * @LANDLOCK_OPERATION_EXCHANGE: Exchange two files.
	 */
	LANDLOCK_OPERATION_EXCHANGE,
	/**
	 * @LANDLOCK_OPERATION_LINK: Create a hard link.
	 */
	LANDLOCK_OPERATION_LINK,
	/**
	 * @LANDLOCK_OPERATION_RESOLVE_UNIX: Look up a pathname UNIX socket to
	 * connect or send to.
	 */
	LANDLOCK_OPERATION_RESOLVE_UNIX,
	/**
	 * @LANDLOCK_OPERATION_BIND: Bind a socket to a port.
	 */
	LANDLOCK_OPERATION_BIND,
	/**
	 * @LANDLOCK_OPERATION_CONNECT: Connect a socket to a port.
	 */
	LANDLOCK_OPERATION_CONNECT,
	/**
	 * @LANDLOCK_OPERATION_SEND: Send a datagram to a port.
	 */
	LANDLOCK_OPERATION_SEND,
	/**
	 * @LANDLOCK_OPERATION_MOUNT: Change the filesystem topology.
	 */
	LANDLOCK_OPERATION_MOUNT,
	/**
	 * @LANDLOCK_OPERATION_PTRACE: Access the state of another process.
	 */
	LANDLOCK_OPERATION_PTRACE,
	/**
	 * @LANDLOCK_OPERATION_SIGNAL: Send a signal.
	 */
	LANDLOCK_OPERATION_SIGNAL,
	/**
	 * @LANDLOCK_OPERATION_ABSTRACT_UNIX: Connect or send to an abstract UNIX
	 * socket.
	 */
	LANDLOCK_OPERATION_ABSTRACT_UNIX,
	/**
	 * @LANDLOCK_OPERATION_CAPABILITY: Use a capability.  This is never
	 * answerable, and one of several checks that a system call makes.
	 * There is no other notice about the same capability and the same
	 * thread as long as one is not received.
	 */
	LANDLOCK_OPERATION_CAPABILITY,
	/**
	 * @LANDLOCK_OPERATION_NAMESPACE: Create namespaces or enter existing
	 * ones, with one event for all the types of a system call.
	 */
	LANDLOCK_OPERATION_NAMESPACE,
	/**
	 * @LANDLOCK_OPERATION_SOCKET: Create a socket, or a pair of them.
	 */
	LANDLOCK_OPERATION_SOCKET,
};

/**
 * enum landlock_record_type - Type of an event record
 */
enum landlock_record_type {
	/**
	 * @LANDLOCK_RECORD_BLOCKERS: Type of a &struct
	 * landlock_blockers_record .
	 */
	LANDLOCK_RECORD_BLOCKERS = 1,
	/**
	 * @LANDLOCK_RECORD_PATH: Type of a &struct landlock_path_record .
	 */
	LANDLOCK_RECORD_PATH,
	/**
	 * @LANDLOCK_RECORD_NET: Type of a &struct landlock_net_record .
	 */
	LANDLOCK_RECORD_NET,
	/**
	 * @LANDLOCK_RECORD_SOCKET: Type of a &struct landlock_socket_record .
	 */
	LANDLOCK_RECORD_SOCKET,
	/**
	 * @LANDLOCK_RECORD_IOCTL: Type of a &struct landlock_ioctl_record .
	 */
	LANDLOCK_RECORD_IOCTL,
	/**
	 * @LANDLOCK_RECORD_TASK: Type of a &struct landlock_task_record .
	 */
	LANDLOCK_RECORD_TASK,
	/**
	 * @LANDLOCK_RECORD_TEXT: Type of a &struct landlock_text_record .
	 */
	LANDLOCK_RECORD_TEXT,
	/**
	 * @LANDLOCK_RECORD_CAPABILITY: Type of a &struct
	 * landlock_capability_record .
	 */
	LANDLOCK_RECORD_CAPABILITY,
	/**
	 * @LANDLOCK_RECORD_NAMESPACE: Type of a &struct
	 * landlock_namespace_record .
	 */
	LANDLOCK_RECORD_NAMESPACE,
};

/**
 * enum landlock_record_role - Role of the object of a record
 */
enum landlock_record_role {
	/**
	 * @LANDLOCK_ROLE_TARGET: The only object of the request.
	 */
	LANDLOCK_ROLE_TARGET = 1,
	/**
	 * @LANDLOCK_ROLE_SOURCE: Old name of a renamed or linked file, or the
	 * first name of an exchange.
	 */
	LANDLOCK_ROLE_SOURCE,
	/**
	 * @LANDLOCK_ROLE_DESTINATION: New name of a renamed or linked file, or
	 * the second name of an exchange.
	 */
	LANDLOCK_ROLE_DESTINATION,
};

/**
 * struct landlock_record - Common start of all the event records
 *
 * Unknown records should be skipped thanks to their length.
 */
struct landlock_record {
	/**
	 * @type: Type of the record, see &enum landlock_record_type .
	 */
	__u16 type;
	/**
	 * @role: Role of the related object, see &enum landlock_record_role .
	 */
	__u16 role;
	/**
	 * @len: Length of the record including this header and the padding.
	 * Always a multiple of 8.
	 */
	__u32 len;
};

/**
 * enum landlock_blocker_type - Meaning of a set of blockers
 */
enum landlock_blocker_type {
	/**
	 * @LANDLOCK_BLOCKER_FS: Bitmask of `Filesystem flags`_.
	 */
	LANDLOCK_BLOCKER_FS = 1,
	/**
	 * @LANDLOCK_BLOCKER_NET: Bitmask of `Network flags`_.
	 */
	LANDLOCK_BLOCKER_NET,
	/**
	 * @LANDLOCK_BLOCKER_SCOPE: Bitmask of `Scope flags`_.
	 */
	LANDLOCK_BLOCKER_SCOPE,
	/**
	 * @LANDLOCK_BLOCKER_FS_TOPOLOGY: Filesystem topology change, without
	 * access right.
	 */
	LANDLOCK_BLOCKER_FS_TOPOLOGY,
	/**
	 * @LANDLOCK_BLOCKER_PTRACE: Access to a process which is not in the
	 * domain, without access right.
	 */
	LANDLOCK_BLOCKER_PTRACE,
	/**
	 * @LANDLOCK_BLOCKER_PERMISSION: Bitmask of `Permission flags`_.
	 */
	LANDLOCK_BLOCKER_PERMISSION,
};

/**
 * struct landlock_blockers_record - Missing access rights for an object
 *
 * Precedes the record of the object with the same role.  A request with two
 * objects has two of these records, and so does one with an object which both a
 * missing access right and a scope deny.
 */
struct landlock_blockers_record {
	/**
	 * @hdr: Common header with type %LANDLOCK_RECORD_BLOCKERS.
	 */
	struct landlock_record hdr;
	/**
	 * @type: See &enum landlock_blocker_type .
	 */
	__u32 type;
	/**
	 * @__pad: Set to 0.
	 */
	__u32 __pad;
	/**
	 * @access: Access rights that the denying domain is missing.  It may be
	 * 0 for one of the two objects of a request, or for both of them when a
	 * file would only gain access rights by being moved.
	 */
	__u64 access;
};

/**
 * struct landlock_path_record - File of a request
 *
 * A file is identified by its parent directory and its name in this directory,
 * whether it exists or not.
 */
struct landlock_path_record {
	/**
	 * @hdr: Common header with type %LANDLOCK_RECORD_PATH.
	 */
	struct landlock_record hdr;
	/**
	 * @fd: Close-on-exec ``O_PATH`` file descriptor of the parent
	 * directory, owned by the receiver, or -1 (see
	 * %LANDLOCK_EVENT_NO_OBJECT_FD).
	 */
	__s32 fd;
	/**
	 * @flags: Combination of the `Path flags`_.
	 */
	__u32 flags;
	/**
	 * @dev_major: Major number of the device containing the file.
	 */
	__u32 dev_major;
	/**
	 * @dev_minor: Minor number of the device containing the file.
	 */
	__u32 dev_minor;
	/**
	 * @ino: Inode number of the file, or 0 if it does not exist.
	 */
	__u64 ino;
	/**
	 * @mode: File type and mode of the file, as in &stat.st_mode.  If the
	 * file does not exist, only the type to create, if any.
	 */
	__u32 mode;
	/**
	 * @name_len: Length of @name without the terminating NUL byte.
	 */
	__u32 name_len;
	/**
	 * @name: Name of the file in the parent directory.  NUL-terminated and
	 * padded with zeros.
	 */
	char name[];
};

/**
 * DOC: path_flags
 *
 * Path flags
 * ~~~~~~~~~~
 *
 * - %LANDLOCK_PATH_SELF: The file has no parent directory (e.g. it is the root
 *   directory, or it is not linked in any directory): the file descriptor
 *   refers to the file itself and the name is empty.
 * - %LANDLOCK_PATH_UNNAMED: The file will be created without a name (i.e.
 *   ``O_TMPFILE``) in the directory that the file descriptor refers to, and the
 *   name is empty.
 */
/* clang-format off */
#define LANDLOCK_PATH_SELF				(1U << 0)
#define LANDLOCK_PATH_UNNAMED				(1U << 1)
/* clang-format on */

/**
 * struct landlock_net_record - Network address of a request
 */
struct landlock_net_record {
	/**
	 * @hdr: Common header with type %LANDLOCK_RECORD_NET.
	 */
	struct landlock_record hdr;
	/**
	 * @family: Address family: ``AF_INET``, ``AF_INET6`` or ``AF_UNSPEC``.
	 */
	__u16 family;
	/**
	 * @socket_type: Type of the socket, e.g. ``SOCK_STREAM``.
	 */
	__u16 socket_type;
	/**
	 * @protocol: Protocol of the socket, e.g. ``IPPROTO_TCP``.
	 */
	__u16 protocol;
	/**
	 * @port: Port in host endianness.
	 */
	__u16 port;
	/**
	 * @addr: IPv6 address, or IPv4 address in the first four bytes, in
	 * network byte order.
	 */
	__u8 addr[16];
};

/**
 * struct landlock_socket_record - Socket of a request
 *
 * This is either a UNIX socket to connect or send to, or a socket to create.
 */
struct landlock_socket_record {
	/**
	 * @hdr: Common header with type %LANDLOCK_RECORD_SOCKET.
	 */
	struct landlock_record hdr;
	/**
	 * @family: Socket family, e.g. ``AF_UNIX``.
	 */
	__u32 family;
	/**
	 * @socket_type: Type of the socket, e.g. ``SOCK_STREAM``.
	 */
	__u32 socket_type;
	/**
	 * @protocol: Protocol of the socket, as given to :manpage:`socket(2)`.
	 */
	__u32 protocol;
	/**
	 * @name_len: Length of @name without the padding.
	 */
	__u32 name_len;
	/**
	 * @name: Abstract name without its leading NUL byte, padded with zeros.
	 * It may contain any byte, including NUL.  Empty for a socket to create.
	 */
	char name[];
};

/**
 * struct landlock_ioctl_record - IOCTL command of a request
 */
struct landlock_ioctl_record {
	/**
	 * @hdr: Common header with type %LANDLOCK_RECORD_IOCTL.
	 */
	struct landlock_record hdr;
	/**
	 * @cmd: IOCTL command.
	 */
	__u32 cmd;
	/**
	 * @__pad: Set to 0.
	 */
	__u32 __pad;
};

/**
 * struct landlock_task_record - Other process of a request
 */
struct landlock_task_record {
	/**
	 * @hdr: Common header with type %LANDLOCK_RECORD_TASK.
	 */
	struct landlock_record hdr;
	/**
	 * @pid: ID of the other process in the PID namespace of the receiver,
	 * or 0 if it is not visible from there.
	 */
	__s32 pid;
	/**
	 * @signal: Number of the signal to send, or 0.
	 */
	__s32 signal;
};

/**
 * struct landlock_text_record - Path of a directory
 *
 * Follows a &struct landlock_path_record with the same role whose file descriptor
 * is withheld, see %LANDLOCK_EVENT_NO_OBJECT_FD.
 */
struct landlock_text_record {
	/**
	 * @hdr: Common header with type %LANDLOCK_RECORD_TEXT.
	 */
	struct landlock_record hdr;
	/**
	 * @text_len: Length of @text without the terminating NUL byte.
	 */
	__u32 text_len;
	/**
	 * @__pad: Set to 0.
	 */
	__u32 __pad;
	/**
	 * @text: Absolute path, seen from the root directory of the receiver, of
	 * what the file descriptor would have referred to.  It may be outdated,
	 * and lead elsewhere.  NUL-terminated and padded with zeros.
	 */
	char text[];
};

/**
 * struct landlock_capability_record - Capability of a request
 */
struct landlock_capability_record {
	/**
	 * @hdr: Common header with type %LANDLOCK_RECORD_CAPABILITY.
	 */
	struct landlock_record hdr;
	/**
	 * @capability: Number of the capability (``CAP_*``).
	 */
	__u32 capability;
	/**
	 * @__pad: Set to 0.
	 */
	__u32 __pad;
};

/**
 * struct landlock_namespace_record - Namespaces of a request
 */
struct landlock_namespace_record {
	/**
	 * @hdr: Common header with type %LANDLOCK_RECORD_NAMESPACE.
	 */
	struct landlock_record hdr;
	/**
	 * @namespace_types: Bitmask of the types (``CLONE_NEW*``) which are
	 * denied by any layer.
	 */
	__u64 namespace_types;
	/**
	 * @namespace_id: ID of the namespace to enter, or 0 if there are several
	 * ones, if they are to be created, or if this is not known yet.
	 */
	__u64 namespace_id;
};

#endif /* _LINUX_LANDLOCK_H */
