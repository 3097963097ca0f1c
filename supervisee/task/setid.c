/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The calls that set user and group: see setid.h. */
#include "task/setid.h"

#include <stddef.h>
#include <stdint.h>
#include <sys/syscall.h>

#include "base/cleanup.h"

static const struct setid {
	int number;
	unsigned int arguments;
	bool group;
} setids[] = {
	{SYS_setuid, 1, false},	   {SYS_setgid, 1, true},
	{SYS_setreuid, 2, false},  {SYS_setregid, 2, true},
	{SYS_setresuid, 3, false}, {SYS_setresgid, 3, true},
	{SYS_setfsuid, 1, false},  {SYS_setfsgid, 1, true},
};

static const struct setid *find(int number)
{
	for (size_t i = 0; i < ARRAY_SIZE(setids); i++)
		if (setids[i].number == number)
			return &setids[i];
	return NULL;
}

/* Whether real, effective, saved and file system id are all this one. */
static bool is_only(const struct identity *self, bool group, uint32_t id)
{
	return group ? id == self->gid && id == self->egid &&
			       id == self->sgid && id == self->fsgid
		     : id == self->uid && id == self->euid &&
			       id == self->suid && id == self->fsuid;
}

bool setid_changes_nothing(const struct identity *self,
			   const struct seccomp_data *data)
{
	const struct setid *setid = find(data->nr);

	for (unsigned int i = 0; setid && i < setid->arguments; i++) {
		const uint32_t id = (uint32_t)data->args[i];

		/* -1 keeps what it is, or is refused. */
		if (id != UINT32_MAX && !is_only(self, setid->group, id))
			return false;
	}
	return setid;
}
