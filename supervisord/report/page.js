"use strict";
/* Everything can be read without this; it makes it easier to find something. */
{
	const $ = id => document.getElementById(id);

	/* Dark or light, other than the system says. */
	const theme = $("theme");
	theme.hidden = false;
	theme.onclick = () => {
		const root = document.documentElement;
		const dark = root.dataset.theme
			? root.dataset.theme === "dark"
			: matchMedia("(prefers-color-scheme: dark)").matches;
		root.dataset.theme = dark ? "light" : "dark";
	};

	/* The time line, piece by piece: a slider has keys already. */
	const line = $("line");
	if (line) {
		const texts = new Map();
		for (const item of document.querySelectorAll("#pieces li"))
			texts.set(item.value, item.textContent);
		const known = [...texts.keys()];
		const at = document.createElement("input");
		const piece = document.createElement("output");
		at.type = "range";
		at.id = "at";
		at.min = 0;
		at.max = known.length - 1;
		at.value = 0;
		at.setAttribute("aria-label", "Place on the time line");
		piece.id = "piece";
		piece.setAttribute("for", "at");
		const show = () => {
			const text = texts.get(known[at.value]);
			piece.textContent = text;
			at.setAttribute("aria-valuetext", text);
			$("mark").setAttribute("x", known[at.value]);
			$("mark").style.opacity = 0.35;
		};
		at.oninput = show;
		line.after(at, piece);
		show();
		line.onclick = event => {
			const box = line.getBoundingClientRect();
			const wanted = (event.clientX - box.left) / box.width *
				line.viewBox.baseVal.width - 0.5;
			let best = 0;
			known.forEach((value, i) => {
				if (Math.abs(value - wanted) <
				    Math.abs(known[best] - wanted))
					best = i;
			});
			at.value = best;
			show();
		};
	}

	/* Columns of the table, sorted by whoever likes. */
	const waits = $("waits");
	if (waits) {
		const heads = [...waits.tHead.rows[0].cells];
		const value = (row, i) => {
			const cell = row.cells[i];
			return cell.dataset.value === undefined
				? cell.textContent : Number(cell.dataset.value);
		};
		const order = i => {
			const up = heads[i].getAttribute("aria-sort") === "descending";
			const rows = [...waits.tBodies[0].rows];
			rows.sort((a, b) => {
				const x = value(a, i), y = value(b, i);
				const less = x < y ? -1 : x > y ? 1 : 0;
				return up ? less : -less;
			});
			heads.forEach(head => head.removeAttribute("aria-sort"));
			heads[i].setAttribute("aria-sort", up ? "ascending" : "descending");
			waits.tBodies[0].append(...rows);
		};
		heads.forEach((head, i) => {
			const button = document.createElement("button");
			button.textContent = head.textContent;
			button.onclick = () => order(i);
			head.replaceChildren(button);
		});
		heads[0].setAttribute("aria-sort", "descending");
	}

	/* What of the tree is shown: by a part of its name, and what came of it. */
	const filter = $("filter");
	const tree = filter.parentElement.querySelector(".tree");
	const path = item => {
		let name = "";
		for (let at = item; at && at.closest(".tree");
		     at = at.parentElement.closest("li")) {
			const own = at.querySelector("code").textContent;
			name = own === "/" ? "/" + name
				: name ? own + (name[0] === "/" ? "" : "/") + name : own;
		}
		return name;
	};
	const items = [...tree.querySelectorAll("li[data-came]")];
	const names = items.map(path);
	const apply = () => {
		const wanted = $("name").value.toLowerCase();
		const came = [...filter.querySelectorAll("[name=came]:checked")]
			.map(box => box.value);
		const shown = new Set();
		let found = 0;
		items.forEach((item, i) => {
			const fits = names[i].toLowerCase().includes(wanted) &&
				came.some(one => item.dataset.came.includes(one));
			if (!fits)
				return;
			found += !item.querySelector("li[data-came]");
			for (let at = item; at && tree.contains(at);
			     at = at.parentElement.closest("li"))
				shown.add(at);
		});
		items.forEach(item => {
			item.hidden = !shown.has(item);
			const details = item.firstElementChild;
			if (wanted && shown.has(item) && details.tagName === "DETAILS")
				details.open = true;
		});
		$("found").textContent = wanted || came.length < 3
			? found + " found" : "";
	};
	filter.hidden = false;
	filter.oninput = apply;
	filter.onsubmit = event => event.preventDefault();
}
