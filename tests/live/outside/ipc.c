/* SPDX-License-Identifier: GPL-2.0-or-later */
/* System V IPC, POSIX message queues and keys. */
#include <fcntl.h>
#include <mqueue.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/resource.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "outside.h"

#define SECRET "secret of another program"

struct text {
	long type;
	char bytes[64];
};

static long attach(int id)
{
	char *memory = shmat(id, NULL, 0);

	if (memory == (char *)-1)
		return -1;
	printf("reads \"%.40s\"\n", memory);
	snprintf(memory, 64, "written by %s", "the program");
	return shmdt(memory);
}

static long operate(int id, short change)
{
	struct sembuf one = {.sem_op = change, .sem_flg = IPC_NOWAIT};

	return semop(id, &one, 1);
}

static long operate_timed(int id)
{
	struct sembuf one = {.sem_op = 1};
	const struct timespec soon = {.tv_nsec = 1};

	return semtimedop(id, &one, 1, &soon);
}

static long send_text(int id)
{
	const struct text text = {1, "of the program"};

	return msgsnd(id, &text, sizeof(text.bytes), IPC_NOWAIT);
}

static long receive_text(int id)
{
	struct text text = {0};
	const ssize_t length =
		msgrcv(id, &text, sizeof(text.bytes), 0, IPC_NOWAIT);

	if (length >= 0)
		printf("receives \"%.40s\"\n", text.bytes);
	return length;
}

/* All that is done with a number. */
static void use(int shm, int sem, int msg)
{
	struct shmid_ds segment;
	struct semid_ds set;
	struct msqid_ds queue;
	unsigned short values[4] = {1, 1, 1, 1};

	say("shmat", attach(shm));
	say("shmctl stat", shmctl(shm, IPC_STAT, &segment));
	say("shmctl set", shmctl(shm, IPC_SET, &segment));
	say("semop", operate(sem, 1));
	say("semtimedop", operate_timed(sem));
	say("semctl stat", semctl(sem, 0, IPC_STAT, &set));
	say("semctl getval", semctl(sem, 0, GETVAL));
	say("semctl getpid", semctl(sem, 0, GETPID));
	say("semctl getncnt", semctl(sem, 0, GETNCNT));
	say("semctl setval", semctl(sem, 0, SETVAL, 1));
	say("semctl getall", semctl(sem, 0, GETALL, values));
	say("semctl setall", semctl(sem, 0, SETALL, values));
	say("msgsnd", send_text(msg));
	say("msgrcv", receive_text(msg));
	say("msgctl stat", msgctl(msg, IPC_STAT, &queue));
	say("msgctl set", msgctl(msg, IPC_SET, &queue));
}

static void remove_all(int shm, int sem, int msg)
{
	say("shmctl remove", shmctl(shm, IPC_RMID, NULL));
	say("semctl remove", semctl(sem, 0, IPC_RMID));
	say("msgctl remove", msgctl(msg, IPC_RMID, NULL));
}

static int find_or_make(const char *name, int key, int flags)
{
	const int shm = shmget(key, 4096, flags);

	printf("%s, ", name);
	say("shmget", shm);
	return shm;
}

/* A child attaches what has been removed, and is used yet. */
static void used_after_removal(void)
{
	const int shm = shmget(IPC_PRIVATE, 4096, 0600);
	char *memory = shmat(shm, NULL, 0);
	int status;

	snprintf(memory, 64, "of the parent");
	say("removal", shmctl(shm, IPC_RMID, NULL));
	fflush(stdout);
	if (fork() == 0) {
		say("of the removed, shmat", attach(shm));
		exit(0);
	}
	wait(&status);
	shmdt(memory);
	say("of the unused, shmat", attach(shm));
}

/* own KEY: makes, finds, uses and removes objects of the tree's own. */
static int own(char **arguments)
{
	const key_t key = atoi(arguments[0]);
	const int sem = semget(IPC_PRIVATE, 4, 0600);
	const int msg = msgget(IPC_PRIVATE, 0600);
	int shm, keyed;

	find_or_make("none", key, 0600);
	shm = find_or_make("made", key, IPC_CREAT | 0600);
	find_or_make("found", key, 0600);
	printf("the same: %d\n",
	       find_or_make("once more", key, IPC_CREAT | 0600) == shm);
	find_or_make("exclusive", key, IPC_CREAT | IPC_EXCL | 0600);
	say("too large, shmget", shmget(key, 1 << 20, 0600));
	say("nothing, shmget", shmget(IPC_PRIVATE, 0, 0600));
	say("too many, semget", semget(IPC_PRIVATE, 1 << 20, 0600));
	keyed = semget(key, 1, IPC_CREAT | IPC_EXCL | 0600);
	say("semget", keyed);
	say("semget again", semget(key, 1, 0) == keyed ? 0 : -1);
	semctl(keyed, 0, IPC_RMID);
	keyed = msgget(key, IPC_CREAT | IPC_EXCL | 0600);
	say("msgget", keyed);
	say("msgget again", msgget(key, IPC_CREAT) == keyed ? 0 : -1);
	msgctl(keyed, IPC_RMID, NULL);
	use(shm, sem, msg);
	say("semop down", operate(sem, -1));
	say("semop would wait", operate(sem, -9));
	say("msgrcv of nothing", receive_text(msg));
	remove_all(shm, sem, msg);
	use(shm, sem, msg);
	use(-1, -1, -1);
	remove_all(2147483647, 2147483647, 2147483647);
	used_after_removal();
	say("shmctl info",
	    shmctl(0, SHM_INFO, (struct shmid_ds *)&(struct shm_info){0}));
	return 0;
}

/* make_ipc KEY: objects of another program; prints "SHM SEM MSG". */
static int make(char **arguments)
{
	const key_t key = atoi(arguments[0]);
	const int shm = shmget(key, 4096, IPC_CREAT | IPC_EXCL | 0666);
	const int sem = semget(key, 4, IPC_CREAT | IPC_EXCL | 0666);
	const int msg = msgget(key, IPC_CREAT | IPC_EXCL | 0666);
	struct text text = {1, SECRET};
	char *memory = shmat(shm, NULL, 0);

	if (memory == (char *)-1)
		return 1;
	snprintf(memory, 64, SECRET);
	msgsnd(msg, &text, sizeof(text.bytes), 0);
	printf("%d %d %d\n", shm, sem, msg);
	return 0;
}

/* reach KEY SHM SEM MSG: those of another program, by number and by key. */
static int reach(char **arguments)
{
	const key_t key = atoi(arguments[0]);
	const int shm = atoi(arguments[1]), sem = atoi(arguments[2]),
		  msg = atoi(arguments[3]);

	use(shm, sem, msg);
	remove_all(shm, sem, msg);
	find_or_make("by key", key, 0);
	find_or_make("or made", key, IPC_CREAT | 0666);
	say("by key, semget", semget(key, 0, 0));
	say("by key, msgget", msgget(key, IPC_CREAT));
	return 0;
}

static int remove_theirs(char **arguments)
{
	remove_all(atoi(arguments[0]), atoi(arguments[1]), atoi(arguments[2]));
	return 0;
}

static int keys(char **arguments)
{
	(void)arguments;
	say("add_key", syscall(SYS_add_key, "user", "landlord", "x", 1, -3));
	say("request_key",
	    syscall(SYS_request_key, "user", "landlord", NULL, -3));
	say("keyctl", syscall(SYS_keyctl, 0, -4, 0));
	return 0;
}

static long exchange(mqd_t queue)
{
	char bytes[64];

	if (mq_send(queue, "x", 1, 0) < 0)
		return -1;
	return mq_receive(queue, bytes, sizeof(bytes), NULL);
}

/* queues NAME: makes, opens, uses and removes message queues. */
static int queues(char **arguments)
{
	const char *name = arguments[0];
	struct mq_attr attributes = {.mq_maxmsg = 3, .mq_msgsize = 64};
	const struct rlimit none = {0, 819200};
	struct mq_attr has = {0};
	struct stat st = {0};
	mqd_t queue;

	say("none", mq_open(name, O_RDWR));
	umask(027);
	queue = mq_open(name, O_RDWR | O_CREAT | O_EXCL, 0666, &attributes);
	say("made", queue);
	fstat(queue, &st);
	mq_getattr(queue, &has);
	printf("mode %o, %ld of %ld, closed on execve %d\n",
	       (unsigned int)st.st_mode, has.mq_maxmsg, has.mq_msgsize,
	       fcntl(queue, F_GETFD));
	say("exchange", exchange(queue));
	say("exclusive", mq_open(name, O_RDWR | O_CREAT | O_EXCL, 0600, NULL));
	say("or made", mq_open(name, O_RDONLY | O_CREAT, 0600, NULL));
	queue = mq_open(name, O_RDONLY | O_NONBLOCK);
	say("opened", queue);
	say("write", mq_send(queue, "x", 1, 0));
	say("read", mq_receive(queue, (char[64]){0}, 64, NULL));
	say("removed", mq_unlink(name));
	say("removed again", mq_unlink(name));
	say("slash", syscall(SYS_mq_open, "a/b", O_RDWR | O_CREAT, 0600, NULL));
	say("nameless", syscall(SYS_mq_open, "", O_RDWR, 0, NULL));
	say("dots", syscall(SYS_mq_open, "..", O_RDWR, 0, NULL));
	say("nowhere", syscall(SYS_mq_open, 8, O_RDWR, 0, NULL));
	say("no attributes", syscall(SYS_mq_open, "", O_RDWR, 0, (void *)8));
	setrlimit(RLIMIT_MSGQUEUE, &none);
	say("beyond the limit", mq_open(name, O_RDWR | O_CREAT, 0600, NULL));
	return 0;
}

/* queue NAME: another program's, with a secret, or to be found. */
static int queue(char **arguments)
{
	const mqd_t made =
		mq_open(arguments[0], O_RDWR | O_CREAT | O_EXCL, 0666, NULL);

	return made < 0 || mq_send(made, SECRET, sizeof(SECRET), 0) < 0;
}

static int reach_queue(char **arguments)
{
	say("opened", mq_open(arguments[0], O_RDONLY));
	say("for writing", mq_open(arguments[0], O_WRONLY));
	say("or made", mq_open(arguments[0], O_RDWR | O_CREAT, 0600, NULL));
	say("removed", mq_unlink(arguments[0]));
	return 0;
}

const struct part outside_ipc[] = {
	{"own", own},	  {"make_ipc", make},
	{"reach", reach}, {"remove", remove_theirs},
	{"keys", keys},	  {"queues", queues},
	{"queue", queue}, {"reach_queue", reach_queue},
	{NULL, NULL},
};
