// The intake form with JavaScript: the assessment follows every answer, the draft is saved with it, and one key answers
// one cell. Without it the form is filled in and sent as any other. Which key gives which answer stands in the page.
"use strict";

(() => {
  const form = document.getElementById("intake");
  if (!form) return;
  const beside = document.getElementById("beside");
  const said = document.getElementById("said");
  const done = document.getElementById("done");
  const saved = document.getElementById("saved");
  const listed = [...form.querySelectorAll("[data-command]")];
  const commands = new Map(listed.map((entry) => [entry.dataset.key, entry.dataset.command]));
  const rows = [...form.querySelectorAll(".row")];

  // --- cells: a list box or a set of radio buttons, empty while nobody examined or asked
  const cellsOf = (row) => (row.matches("[data-cell]") ? [row] : [...row.querySelectorAll("[data-cell]")]);
  const chosen = (cell) => cell.querySelector("input[type=radio]:checked");
  const valueOf = (cell) => (cell.matches("select") ? cell.value : chosen(cell) ? chosen(cell).value : "");
  const button = (cell, value) => [...cell.querySelectorAll("input[type=radio]")].find((input) => input.value === value);
  const takes = (cell, value) =>
    cell.matches("select") ? [...cell.options].some((option) => option.value === value) : Boolean(button(cell, value));
  const put = (cell, value) => {
    if (cell.matches("select")) cell.value = value;
    else if (button(cell, value)) button(cell, value).checked = true;
  };
  const focus = (cell) => {
    const target = cell.matches("select") ? cell : chosen(cell) || cell.querySelector("input");
    target.focus({ preventScroll: true });
    cell.closest(".row").scrollIntoView({ block: "nearest" });
  };
  const cellAt = (element) => element.closest("[data-cell]") || (element.closest(".row") && cellsOf(element.closest(".row"))[0]);

  // --- undo: what every changed cell held before
  const before = new Map(rows.flatMap(cellsOf).map((cell) => [cell, valueOf(cell)]));
  const undone = [];
  let telling = 0;
  const tell = (words) => {
    done.textContent = words;
    clearTimeout(telling);
    telling = setTimeout(() => { done.textContent = ""; }, 8000);
  };
  const apply = (changes, words) => {
    const real = changes.filter(([cell, value]) => valueOf(cell) !== value && takes(cell, value));
    if (!real.length) return;
    undone.push(real.map(([cell]) => [cell, valueOf(cell)]));
    real.forEach(([cell, value]) => { put(cell, value); before.set(cell, value); });
    tell((words || "").replace("#", String(real.length)));
    refresh();
  };
  const undo = () => {
    const last = undone.pop();
    if (!last) return;
    last.forEach(([cell, value]) => { put(cell, value); before.set(cell, value); });
    tell("Undone.");
    focus(last[0][0]);
    refresh();
  };
  form.addEventListener("change", (event) => {
    const cell = event.target.closest("[data-cell]");
    if (cell && valueOf(cell) !== before.get(cell)) {
      undone.push([[cell, before.get(cell)]]);
      before.set(cell, valueOf(cell));
    }
    refresh();
  });

  // --- saving and the assessment: one request at a time, always of the newest state
  let waiting = false, busy = false, stopped = false, refreshed = 0, typing = 0, searching = 0;
  const fields = () => {
    const filled = [...new FormData(form)].filter(([, value]) => value !== "");
    return new URLSearchParams(filled);
  };
  const pause = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));
  async function refresh() {
    waiting = true;
    saved.dataset.state = "waiting";
    if (busy || stopped) return;
    busy = true;
    while (waiting && !stopped) {
      waiting = false;
      await send();
    }
    busy = false;
    saved.dataset.state = stopped ? "stopped" : "saved";
  }
  async function send() {
    try {
      const answer = await fetch(`${form.dataset.base}/refresh`, { method: "POST", body: fields(), keepalive: true });
      const text = await answer.text();
      if (answer.status === 409) stopped = true;
      else if (!answer.ok) throw new Error(String(answer.status));
      if (!stopped) form.elements.revision.value = answer.headers.get("x-revision");
      show(text);
      saved.textContent = stopped ? "Not saved." : "Saved just now.";
    } catch {
      saved.textContent = "Not saved: the server does not answer. Trying again; keep this page open.";
      waiting = true;
      await pause(2000);
    }
  }
  function show(text) {
    const urgency = () => (beside.querySelector("[data-urgency]") || { dataset: {} }).dataset.urgency;
    const old = urgency();
    beside.innerHTML = text;
    if (urgency() && urgency() !== old) said.textContent = urgency();
    beside.dataset.refreshed = String(++refreshed);
  }
  form.addEventListener("input", (event) => {
    if (!event.target.matches("input:not([type=radio]):not([type=search])")) return;
    clearTimeout(typing);
    typing = setTimeout(refresh, 150);
  });
  addEventListener("pagehide", () => {
    if (waiting && !stopped) navigator.sendBeacon(`${form.dataset.base}/refresh`, fields());
  });

  // --- the keyboard: a key answers a cell and moves on; commands stand in the list of keys
  const rowAfter = (row, step) => rows[rows.indexOf(row) + step];
  const enterRow = (row) => { if (row) focus(cellsOf(row).find((cell) => !valueOf(cell)) || cellsOf(row)[0]); };
  const advance = (cell) => {
    const row = cell.closest(".row"), next = cellsOf(row)[cellsOf(row).indexOf(cell) + 1];
    if (next) focus(next); else enterRow(rowAfter(row, 1));
  };
  const rest = (row, from) => cellsOf(row).slice(from).filter((cell, place) => place === 0 || !valueOf(cell))
    .map((cell) => [cell, row.dataset.normal]);
  const does = {
    row_normal: (cell) => {
      const row = cell.closest(".row");
      apply(rest(row, cellsOf(row).indexOf(cell)));
      enterRow(rowAfter(row, 1));
    },
    block_normal: (cell) => blockNormal(cell.closest("[data-block]")),
    clear: (cell) => apply([[cell, ""]]),
    undo,
    next_best: () => go(beside.querySelector("[data-go]")),
    examination: () => enterRow(form.querySelector("#examination .row")),
    find: () => document.getElementById("find").focus(),
    help: () => { const keys = form.querySelector(".keys"); keys.open = !keys.open; },
  };
  function blockNormal(block) {
    const inside = rows.filter((row) => block.contains(row));
    const empty = (row) => cellsOf(row).filter((cell) => !valueOf(cell));
    const open = inside.flatMap((row) => empty(row).map((cell) => [cell, row.dataset.normal]));
    apply(open, `${block.dataset.block}: # set to normal or no, which had no answer. u undoes it.`);
    enterRow(rowAfter(inside[inside.length - 1], 1));
  }
  function go(link) {
    const row = link && document.getElementById(link.dataset.go);
    if (!row) return;
    enterRow(row);
    row.scrollIntoView({ block: "center" });
  }
  const writes = (element) => element.matches("input:not([type=radio]), textarea");
  addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.altKey || event.metaKey || writes(event.target)) return;
    if (event.ctrlKey && event.key !== "z") return;
    const cell = form.contains(event.target) ? cellAt(event.target) : null;
    if (answer(event.ctrlKey ? "u" : event.key, cell)) event.preventDefault();
  });
  function answer(key, cell) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[key];
    if (step && cell) {
      const row = rowAfter(cell.closest(".row"), step), place = cellsOf(cell.closest(".row")).indexOf(cell);
      if (row) focus(cellsOf(row)[Math.min(place, cellsOf(row).length - 1)]);
      return true;
    }
    const value = cell && JSON.parse(cell.closest("[data-block]").dataset.keys)[key];
    if (value !== undefined && value !== null && takes(cell, value)) {
      apply([[cell, value]]);
      advance(cell);
      return true;
    }
    const command = does[commands.get(key)];
    if (!command || (!cell && ["row_normal", "block_normal", "clear"].includes(commands.get(key)))) return false;
    command(cell);
    return true;
  }

  // --- the mouse
  addEventListener("click", (event) => {
    const link = event.target.closest("[data-go]");
    if (link) { event.preventDefault(); go(link); }
    const doing = event.target.closest("button[data-do]");
    if (!doing) return;
    if (doing.dataset.do === "block_normal") blockNormal(doing.closest("[data-block]"));
    else apply(cellsOf(doing.closest(".row")).map((cell) => [cell, doing.closest(".row").dataset.normal]));
  });
  form.querySelectorAll("button[data-do]").forEach((each) => { each.hidden = false; });

  // --- the search
  const find = document.getElementById("find");
  find.addEventListener("input", () => {
    clearTimeout(searching);
    searching = setTimeout(async () => {
      const answer = await fetch(`${form.dataset.base}/find?find=${encodeURIComponent(find.value)}`);
      if (answer.ok) document.getElementById("found").innerHTML = await answer.text();
    }, 120);
  });
})();
