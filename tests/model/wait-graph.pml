/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The wait-for graph of supervision/wait_graph.c: domains and agents come and go (and
 * come back) in any order, and who waits for whom in truth never makes a circle.
 * Where a process is in the tree of processes stays as it is for its life. README
 * says what MUTATION breaks.
 */

#ifndef MUTATION
#define MUTATION 0
#endif

#define DOMAINS 3
#define NODES 5	 /* the domains, and two agents behind them */
#define NOBODY 7 /* outside of every domain */
#define BIT(node) (1 << (node))

byte present;		/* nodes that are registered */
byte around[NODES];	/* the innermost domain that a process is inside of */
byte edges[NODES];	/* the graph: who waits for whom */
bool refused;

/* Whether the copy of a graph in reach has a way from a node back to itself. */
inline look_for_circle()
{
	d_step {
		k = 0;
		do
		:: k < NODES ->
			i = 0;
			do
			:: i < NODES && (reach[i] & BIT(k)) ->
				reach[i] = reach[i] | reach[k];
				i++
			:: i < NODES && !(reach[i] & BIT(k)) -> i++
			:: else -> break
			od;
			k++
		:: else -> break
		od;
		circle = false;
		i = 0;
		do
		:: i < NODES && (reach[i] & BIT(i)) -> circle = true; i++
		:: i < NODES && !(reach[i] & BIT(i)) -> i++
		:: else -> break
		od;
		i = 0;
		k = 0
	}
}

/* wait_edges_add(): refused, and not there, if it closes a circle. */
inline add_edge(from, to)
{
	d_step {
		edges[from] = edges[from] | BIT(to);
		i = 0;
		do
		:: i < NODES -> reach[i] = edges[i]; i++
		:: else -> break
		od
	}
	look_for_circle();
	if
	:: circle ->
		edges[from] = edges[from] & ~BIT(to);
		refused = true
	:: else
	fi
}

/* link_pair(): the domain waits for the agent, who may wait for it. */
inline link_pair(domain, agent)
{
	find_enclosing(agent, e);
	if
	:: e == domain && MUTATION != 1 -> add_edge(agent, domain)
	:: else
	fi;
	if
	:: !refused -> add_edge(domain, agent)
	:: else
	fi
}

inline remove_node(node)
{
	d_step {
		present = present & ~BIT(node);
		edges[node] = 0;
		i = 0;
		do
		:: i < NODES -> edges[i] = edges[i] & ~BIT(node); i++
		:: else -> break
		od;
		i = 0
	}
}

/* What is true, whatever the graph knows. */
inline check_truth()
{
	d_step {
		n = 0;
		do
		:: n < NODES ->
			reach[n] = 0;
			if
			:: (present & BIT(n)) && n < DOMAINS ->
				reach[n] = present & ~(BIT(DOMAINS) - 1)
			:: else
			fi;
			e = around[n];
			do
			:: (present & BIT(n)) && e != NOBODY ->
				reach[n] = reach[n] | (present & BIT(e));
				e = around[e]
			:: else -> break
			od;
			e = 0;
			n++
		:: else -> break
		od;
		n = 0
	}
	look_for_circle();
	assert(!circle)
}

/* domain_enclosing(): the innermost one that is registered. */
inline find_enclosing(node, ret)
{
	ret = around[node];
	do
	:: ret != NOBODY && !(present & BIT(ret)) && MUTATION != 2 ->
		ret = around[ret]
	:: else -> break
	od
}

inline place(agent)
{
	if
	:: around[agent] = NOBODY
	:: around[agent] = 0
	:: around[agent] = 1
	:: around[agent] = 2
	fi
}

/* One that was refused leaves no edge behind. */
inline take_in(node)
{
	if
	:: refused && MUTATION != 3 -> remove_node(node)
	:: else -> present = present | BIT(node)
	fi
}

active proctype daemon()
{
	byte n, i, k, e;
	byte reach[NODES];
	bool circle;

	around[0] = NOBODY;
	if
	:: around[1] = NOBODY
	:: around[1] = 0
	fi;
	if
	:: around[2] = NOBODY
	:: around[2] = 0
	:: around[2] = 1
	fi;
	place(3);
	place(4);
	do
	:: atomic {
		select(n : 0 .. NODES - 1);
		if
		/* waits_remove_domain(), waits_remove_agent() */
		:: present & BIT(n) -> remove_node(n)
		/* waits_add_domain() */
		:: !(present & BIT(n)) && n < DOMAINS ->
			find_enclosing(n, e);
			if
			:: e != NOBODY && (present & BIT(e)) -> add_edge(n, e)
			:: else
			fi;
			/* link_pair() finds the domain itself, too. */
			present = present | BIT(n);
			if
			:: (present & BIT(3)) && !refused -> link_pair(n, 3)
			:: else
			fi;
			if
			:: (present & BIT(4)) && !refused -> link_pair(n, 4)
			:: else
			fi;
			take_in(n)
		/* waits_add_agent() */
		:: !(present & BIT(n)) && n >= DOMAINS ->
			if
			:: (present & 1) && !refused -> link_pair(0, n)
			:: else
			fi;
			if
			:: (present & 2) && !refused -> link_pair(1, n)
			:: else
			fi;
			if
			:: (present & 4) && !refused -> link_pair(2, n)
			:: else
			fi;
			take_in(n)
		fi;
		refused = false;
		e = 0;
		check_truth() }
	od
}
