/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The protocol of ask, decide, commit, persist, answer, withdraw, reconnect and
 * restart between a monitor and a daemon; see README for what stands for which
 * function. One message is one step, and the daemon can die between any two of
 * its steps.
 *
 * Macros: MUTATION=N breaks it (README lists how); DEADLINES gives every question
 * one; AWAY lets the daemon stay away when it has died; CRASHES, REVOCATIONS, COMMIT_FAILURES, STORE_FAILURES and LOCKS bound how
 * often that happens.
 */

#ifndef MUTATION
#define MUTATION 0
#endif
#ifndef CRASHES
#define CRASHES 1
#endif
#ifndef REVOCATIONS
#define REVOCATIONS 1
#endif
#ifndef COMMIT_FAILURES
#define COMMIT_FAILURES 1
#endif
#ifndef STORE_FAILURES
#define STORE_FAILURES 1
#endif
#ifndef LOCKS
#define LOCKS 1
#endif

/* Fairness and channels without room do not go together in spin. */
#ifndef BUFFER
#define BUFFER 0
#endif

#define REQUESTS 2 /* one each of two threads, for one object or for two */
#define BIT(object) (1 << (object))

mtype = { ASK, WITHDRAW, REGISTER, COMMITTED, FAILED,	/* to the daemon */
	  REGISTERED, COMMIT, ANSWER, EOF };		/* to the monitor */
#define DENY 0
#define ALLOW_ONCE 1
#define RETRY 2
mtype:result = { NONE, ALLOWED, DENIED, GONE };
mtype:question = { NOT_PUT, PUT, HELD, COMMITTING };

/* The buffers of the socket, which are never full here. */
chan up = [6] of { mtype, byte };	/* the request, or the session's rules */
chan down = [8] of { mtype, byte, byte }; /* the request and the answer, or rules */

/* --- The world, which nobody forgets ----------------------------- */

byte object[REQUESTS];
mtype:result result[REQUESTS] = NONE;
byte store;		/* grants on the disk */
byte told;		/* what the person was told is allowed by a rule */
byte said;		/* what she was told is kept for good */
byte decided;		/* objects that the person has ever allowed by a rule */
byte once;		/* requests that she has allowed once */
byte revoked;		/* objects whose rule was taken back since */
byte excused;		/* requests whose denial has a reason of its own */
byte crashes = CRASHES, revocations = REVOCATIONS, failures = COMMIT_FAILURES;
byte no_room = STORE_FAILURES, locks = LOCKS;
byte taken;		/* what was taken from the store without a daemon */

/* --- The monitor -------------------------------------------------- */

byte in_force, session;
byte open;		/* requests that wait for an answer */
bool registered, registering;
bool follows;		/* the store, as there is no daemon that would */
chan notified = [BUFFER] of { byte };
chan leave = [BUFFER] of { byte };

inline end_request(id, how)
{
	assert(result[id] == NONE);
	open = open & ~BIT(id);
	result[id] = how;
}

/* engine on_answer(): what is retried is judged by what is in force. */
inline take_answer(id, what_)
{
	if
	:: !(open & BIT(id)) -> skip /* the target has gone */
	:: (open & BIT(id)) && what_ == DENY -> end_request(id, DENIED)
	:: (open & BIT(id)) && what_ == ALLOW_ONCE ->
		assert(once & BIT(id));
		end_request(id, ALLOWED)
	:: (open & BIT(id)) && what_ == RETRY && (in_force & BIT(object[id])) ->
		end_request(id, ALLOWED)
	:: (open & BIT(id)) && what_ == RETRY && !(in_force & BIT(object[id])) ->
		/* Allowed is in force before it is answered. */
		assert((revoked & BIT(object[id])) || (excused & BIT(id)));
		end_request(id, DENIED)
	fi
}

/* bus_domain.c on_commit(): into force, the whole of it or nothing. */
inline take_commit(rules, kept_)
{
	if
	:: failures > 0 ->
		failures--;
		excused = BIT(REQUESTS) - 1;
		up!FAILED(0)
	:: true ->
		/* Nothing is in force that nobody allowed ... */
		assert((rules & ~decided) == 0);
		/* ... and nothing that was told is lost, but taken back. */
		assert((told & ~rules & ~revoked) == 0);
		in_force = rules;
		session = kept_;
		follows = false;
		up!COMMITTED(0)
	fi
}

inline tell(what_, id_)
{
	if
	:: registered -> up!what_(id_)
	:: else
	fi
}

active proctype monitor()
{
	byte a, b;

end:	do
	:: atomic { notified?a ->
		if
		:: in_force & BIT(object[a]) -> result[a] = ALLOWED
		:: else -> open = open | BIT(a); tell(ASK, a)
		fi;
		a = 0 }
	:: atomic { leave?a ->
		if
		:: open & BIT(a) -> end_request(a, GONE); tell(WITHDRAW, a)
		:: else
		fi;
		a = 0 }
	:: atomic { down?COMMIT(a, b) -> take_commit(a, b); a = 0; b = 0 }
	:: atomic { down?ANSWER(a, b) -> take_answer(a, b); a = 0; b = 0 }
	:: atomic { down?REGISTERED(a, b) ->
		registered = true;
		registering = false;
		/* on_registered(): what is open is put again. */
		if
		:: (open & 1) && MUTATION != 1 -> up!ASK(0)
		:: else
		fi;
		if
		:: (open & 2) && MUTATION != 1 -> up!ASK(1)
		:: else
		fi }
	/* on_closed(): what was sent meanwhile is lost with the connection. */
	:: atomic { down?EOF(a, b) ->
		follows = true;
		registered = false;
		registering = false;
		do
		:: nempty(up) -> up?_,_
		:: empty(up) -> break
		od }
	/* look_at_grants(): nobody else would, and nobody was told of more. */
	:: atomic { follows && (in_force & ~(store | session)) &&
		    MUTATION != 11 && !(MUTATION == 12 && registered) ->
		in_force = in_force & (store | session) }
	:: atomic { !registered && !registering ->
		registering = true;
		up!REGISTER((MUTATION == 2 -> 0 : session)) }
#ifdef DEADLINES
	/* on_late() */
	:: atomic { open && MUTATION != 3 ->
		a = (open & 1 -> 0 : 1);
		end_request(a, DENIED);
		tell(WITHDRAW, a);
		a = 0 }
#endif
	od
}

/* --- Threads of the tree ------------------------------------------ */

proctype target(byte id)
{
	notified!id;
	if
	:: result[id] != NONE
	:: leave!id /* killed while it waits */
	fi
}

/* --- The daemon --------------------------------------------------- */

/* Between any two steps. */
inline maybe_crash()
{
	if
	:: crashes > 0 -> crashes--; goto died
	:: true
	fi
}

/* Ends a question, and answers all who wait for it. */
inline answer_all(o_, what_)
{
	if
	:: waiters[o_] & 1 -> down!ANSWER(0, what_)
	:: else
	fi;
	if
	:: waiters[o_] & 2 -> down!ANSWER(1, what_)
	:: else
	fi;
	waiters[o_] = 0;
	state[o_] = NOT_PUT
}

/* commit.c start_commit(): one at a time, all that would hold then. */
inline start_commit()
{
	if
	:: inflight -> stale = true
	:: else ->
		inflight = true;
		stale = false;
		sent = store | kept | changing | provisional;
		carried = changing & ~keeping;
		down!COMMIT(sent, kept | (always -> 0 : changing))
	fi
}

/* What is said to be so is in force, and on the disk. */
inline check_said()
{
	assert((said & ~in_force & ~revoked) == 0);
	assert((said & ~store & ~revoked) == 0)
}

/* ask.c on_settle(), on_resume(): what was asked meanwhile. */
inline settle(o_)
{
	if
	:: state[o_] == HELD && (committed & BIT(o_)) -> answer_all(o_, RETRY)
	:: state[o_] == HELD && !(committed & BIT(o_)) && MUTATION != 7 ->
		state[o_] = PUT
	:: else
	fi
}

active proctype daemon()
{
	byte a, o;
	byte waiters[2];		/* by object */
	mtype:question state[2];
	byte kept;			/* session rules */
	byte provisional;		/* in force, not on the disk yet */
	byte changing;			/* on their way into force */
	byte carried;			/* those that the commit in flight has */
	byte keeping;			/* in force, and waits for the store */
	byte sent, committed;
	bool inflight, stale, alive, always, taking_back;
	bool away;

	state[0] = NOT_PUT;
	state[1] = NOT_PUT;
end:	do
	:: atomic { !away && up?[REGISTER(_)] ->
		up?REGISTER(a);
		alive = true;
		kept = a;
		a = 0;
		down!REGISTERED(0, 0);
		start_commit() }

	/* ask.c domain_ask() */
	:: atomic { alive && up?[ASK(_)] ->
		up?ASK(a);
		o = object[a];
		waiters[o] = waiters[o] | BIT(a);
		a = 0;
		if
		:: state[o] == NOT_PUT && inflight -> state[o] = HELD
		:: state[o] == NOT_PUT && !inflight && (committed & BIT(o)) ->
			answer_all(o, RETRY)
		:: state[o] == NOT_PUT && !inflight && !(committed & BIT(o)) ->
			state[o] = PUT
		:: else /* joins */
		fi;
		o = 0 }

	/* ask.c domain_withdraw() */
	:: atomic { alive && up?[WITHDRAW(_)] ->
		up?WITHDRAW(a);
		o = object[a];
		waiters[o] = waiters[o] & ~BIT(a);
		a = 0;
		if
		:: waiters[o] == 0 && state[o] != COMMITTING ->
			state[o] = NOT_PUT
		:: else
		fi;
		o = 0 }

#ifndef SILENT
	/* decide.c inquiry_decide(): the person answers. */
	:: atomic { alive && (state[0] == PUT || state[1] == PUT) ->
		o = (state[0] == PUT -> 0 : 1);
		if
		:: true -> /* no, this once */
			excused = excused | waiters[o];
			answer_all(o, DENY)
		:: true -> /* yes, this once */
			once = once | waiters[o];
			answer_all(o, ALLOW_ONCE)
		:: !changing -> /* yes, for this session or always */
			decided = decided | BIT(o);
			revoked = revoked & ~BIT(o);
			taken = taken & ~BIT(o);
			state[o] = COMMITTING;
			changing = BIT(o);
			if
			:: always = true
			:: always = false
			fi;
			if
			:: MUTATION == 4 -> answer_all(o, RETRY)
			:: MUTATION == 5 && always ->
				store = store | changing;
				said = said | changing;
				told = told | changing
			:: else
			fi;
			maybe_crash();
			start_commit()
		fi;
		o = 0 }
#endif

	/* commit.c domain_committed(), decide.c on_changed(), conclude() */
	:: atomic { alive && up?[COMMITTED(_)] ->
		up?COMMITTED(a);
		inflight = false;
		committed = sent;
		if
		:: carried && !always -> kept = kept | carried
		:: carried && always -> provisional = provisional | carried
		:: else
		fi;
		maybe_crash();
		if
		:: carried && always ->
			provisional = provisional & ~carried;
			store = (MUTATION == 6 -> store : store | carried)
		:: carried && always && no_room ->
			/* decide.c hold(): for the session, once that has it. */
			no_room--;
			provisional = provisional & ~carried;
			kept = kept | carried;
			always = false;
			if
			:: MUTATION == 9
			:: else -> settle(0); settle(1); start_commit(); goto end
			fi
		:: carried && always && locks ->
			/* decide.c keep(): another process has the lock. */
			locks--;
			keeping = carried;
			carried = 0;
			if
			:: MUTATION == 10 ->
				said = said | keeping;
				told = told | keeping;
				check_said()
			:: else
			fi
		:: else
		fi;
		maybe_crash();
		told = told | carried;
		if
		:: carried && always -> said = said | carried
		:: else
		fi;
		check_said();
		if
		:: carried ->
			o = (carried & 1 -> 0 : 1);
			changing = changing & ~carried;
			carried = 0;
			answer_all(o, RETRY);
			o = 0
		:: else
		fi;
		if
		:: taking_back && !stale ->
			/* What is said to be taken back is not in force. */
			assert((in_force & revoked) == 0);
			taking_back = false
		:: else
		fi;
		settle(0);
		settle(1);
		if
		:: stale -> start_commit()
		:: else
		fi }
	/* decide.c on_kept(): the lock is free, or was not in time. */
	:: atomic { alive && keeping ->
		provisional = provisional & ~keeping;
		if
		:: true ->
			store = store | keeping;
			maybe_crash();
			told = told | keeping;
			said = said | keeping;
			check_said();
			o = (keeping & 1 -> 0 : 1);
			changing = changing & ~keeping;
			keeping = 0;
			answer_all(o, RETRY);
			o = 0;
			start_commit()
		:: true ->
			/* hold() */
			kept = kept | keeping;
			keeping = 0;
			always = false;
			start_commit()
		fi }
	:: atomic { alive && up?[FAILED(_)] ->
		up?FAILED(a);
		inflight = false;
		if
		:: carried ->
			o = (carried & 1 -> 0 : 1);
			changing = changing & ~carried;
			carried = 0;
			answer_all(o, DENY);
			o = 0
		:: else
		fi;
		settle(0);
		settle(1);
		if
		:: stale || taking_back -> start_commit()
		:: else
		fi }

	/* granting.c grant_revoke(): off the disk first, then out of force. */
	:: atomic { alive && revocations > 0 && (kept | store) && !changing ->
		revocations--;
		o = BIT(((kept | store) & 1 -> 0 : 1));
		revoked = revoked | o;
		said = said & ~o;
		told = told & ~o;
		store = store & ~o;
		kept = kept & ~o;
		o = 0;
		taking_back = true;
		/* Said too early. */
		assert(MUTATION != 8 || (in_force & revoked) == 0);
		maybe_crash();
		start_commit() }
	/* cmd-revoke.c by_file(): there is no daemon to do it. */
	:: atomic { !alive && revocations > 0 && (store & ~session) ->
		revocations--;
		o = BIT(((store & ~session) & 1 -> 0 : 1));
		revoked = revoked | o;
		taken = taken | o;
		said = said & ~o;
		told = told & ~o;
		store = store & ~o;
		o = 0 }
	:: atomic { alive && crashes > 0 -> crashes--; goto died }
	od;

died:	atomic {
		alive = false;
#ifdef AWAY
		away = true;
#endif
		inflight = false;
		stale = false;
		always = false;
		taking_back = false;
		a = 0;
		o = 0;
		kept = 0;
		provisional = 0;
		changing = 0;
		carried = 0;
		keeping = 0;
		sent = 0;
		committed = 0;
		waiters[0] = 0;
		waiters[1] = 0;
		state[0] = NOT_PUT;
		state[1] = NOT_PUT;
		do
		:: nempty(up) -> up?_,_
		:: empty(up) -> break
		od;
		down!EOF(0, 0);
		goto end
	}
}

init {
	atomic {
		if
		:: object[1] = 0
		:: object[1] = 1
		fi;
		run target(0);
		run target(1)
	}
}

/* Every question ends, and so does what is taken back. */
ltl ends { [] (((open != 0) -> <> (open == 0)) &&
	       (((in_force & taken) != 0) -> <> ((in_force & taken) == 0))) }
