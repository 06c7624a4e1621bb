// The check-in with JavaScript: pages turn without the network, every answer is saved as it is given, and what the server
// has not confirmed stays in this browser and is sent again. Without it each page is sent as a form.
"use strict";

(() => {
  const form = document.getElementById("checkin");
  if (!form) return;
  const state = document.getElementById("state"), danger = document.getElementById("danger");
  const pages = [...form.querySelectorAll(".step")], questions = [...form.querySelectorAll("fieldset")];
  const key = `spinecourse ${form.getAttribute("action")}`;

  // --- answers
  const inputs = (question) => [...question.querySelectorAll("input")];
  const valueOf = (question) => {
    if (question.disabled) return "";
    const [first] = inputs(question);
    if (first.type === "text") return first.value.trim();
    const chosen = inputs(question).find((input) => input.checked);
    return chosen ? chosen.value : "";
  };
  const put = (question, value) => {
    const [first] = inputs(question);
    if (first.type === "text") first.value = value;
    else inputs(question).forEach((input) => { input.checked = input.value === value; });
  };
  const byName = new Map(questions.map((question) => [question.dataset.item, question]));
  const answer = (name) => (byName.has(name) ? valueOf(byName.get(name)) : "");
  const holds = ([name, same, wanted]) => answer(name) !== "" && (answer(name) === wanted) === same;
  const ask = () => questions.forEach((question) => {
    const when = JSON.parse(question.dataset.when);
    const asked = !when.length || when.some(holds);
    question.hidden = question.disabled = !asked;
  });

  // --- what the server has not confirmed yet, kept in this browser
  let unsent = {};
  const keep = () => {
    try {
      if (Object.keys(unsent).length) localStorage.setItem(key, JSON.stringify(unsent));
      else localStorage.removeItem(key);
    } catch { /* a browser that keeps nothing: the answers still stand in the page */ }
  };
  try { unsent = JSON.parse(localStorage.getItem(key) || "{}"); } catch { unsent = {}; }

  // --- saving: one request at a time, again and again until it is confirmed
  let sending = null, wait = 0;
  const tell = (words, name) => { state.textContent = words; state.dataset.state = name; };
  async function post() {
    const sent = { ...unsent };
    const body = new URLSearchParams({ ...sent, language: form.elements.language.value });
    const reply = await fetch(`${form.getAttribute("action")}/save`, { method: "POST", body, keepalive: true });
    if (reply.status === 409) { unsent = {}; keep(); location.reload(); return; }
    if (!reply.ok) throw new Error(String(reply.status));
    danger.hidden = !(await reply.json()).emergency;
    for (const name of Object.keys(sent)) if (unsent[name] === sent[name]) delete unsent[name];
    keep();
  }
  async function flushed() {
    clearTimeout(wait);
    try {
      while (Object.keys(unsent).length) await post();
      tell(form.dataset.saved, "saved");
      return true;
    } catch {
      tell(form.dataset.unsent, "unsent");
      wait = setTimeout(flush, 3000);
      return false;
    }
  }
  function flush() {
    sending = sending || flushed().finally(() => { sending = null; });
    return sending;
  }
  const changed = (question) => {
    unsent[question.dataset.item] = valueOf(question);
    ask();
    keep();
    tell(form.dataset.saving, "saving");
    flush().then(() => Object.keys(unsent).length && !wait && flush());
  };
  addEventListener("online", flush);

  // --- tapping: a second tap takes an answer back
  let before = null;
  const radioAt = (event) => {
    const label = event.target.closest("label");
    return label && form.contains(label) ? label.querySelector("input[type=radio]") : null;
  };
  form.addEventListener("pointerdown", (event) => { const radio = radioAt(event); before = radio && radio.checked ? radio : null; });
  form.addEventListener("click", (event) => {
    const radio = event.target.matches("input[type=radio]") ? event.target : null;
    if (!radio || radio !== before) return;
    before = null;
    radio.checked = false;
    changed(radio.closest("fieldset"));
  });
  form.addEventListener("change", (event) => changed(event.target.closest("fieldset")));
  form.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target.matches("input[type=text]")) { event.preventDefault(); event.target.blur(); }
  });

  // --- pages
  const now = () => pages.findIndex((page) => !page.hidden) + 1;
  const show = (number, push) => {
    pages.forEach((page, place) => { page.hidden = place + 1 !== number; });
    form.elements.step.value = String(number);
    document.querySelectorAll(".languages a").forEach((link) => {
      link.href = link.href.replace(/step=\d+/, `step=${number}`);
    });
    if (push) history.pushState(null, "", `?step=${number}`);
    scrollTo(0, 0);
    pages[number - 1].querySelector("h1").focus({ preventScroll: true });
  };
  addEventListener("popstate", () => show(Number(new URLSearchParams(location.search).get("step") || "1"), false));
  const none = (page) => [...page.querySelectorAll("fieldset:not([disabled])")].forEach((question) => {
    const no = inputs(question).find((input) => input.value === "no");
    if (!no || valueOf(question)) return;
    put(question, "no");
    changed(question);
  });
  async function send() {
    if (!(await flush()) || Object.keys(unsent).length) return;
    form.elements.shown.value = questions.filter((question) => !question.disabled).map((one) => one.dataset.item).join(" ");
    const action = document.createElement("input");
    Object.assign(action, { type: "hidden", name: "action", value: "send" });
    form.append(action);
    form.submit();
  }
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const does = event.submitter ? event.submitter.value : "next", page = now();
    if (does === "none") none(pages[page - 1]);
    else if (does === "send") send();
    else show(does === "back" ? page - 1 : page + 1, true);
  });

  Object.entries(unsent).forEach(([name, value]) => { if (byName.has(name)) { byName.get(name).disabled = false; put(byName.get(name), value); } });
  ask();
  if (Object.keys(unsent).length) flush();
  form.dataset.ready = "";
})();
