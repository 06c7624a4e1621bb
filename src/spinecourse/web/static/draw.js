// Drawing on the body: a stroke over areas marks them, or takes marks away where it begins on a marked one.
// Each area stands for a box of the list below it; the form sends the boxes, so that the list alone works as well.
"use strict";

(() => {
  const map = document.getElementById("body-map");
  const form = document.getElementById("draw");
  const told = document.getElementById("told");
  const areas = [...map.querySelectorAll("[data-area]")];
  const box = (area) => form.elements[`${area.dataset.view}.${area.dataset.area}.${area.dataset.side}`];
  const show = () => {
    const words = [];
    for (const area of areas) {
      const field = box(area);
      if (!field) { area.setAttribute("aria-disabled", "true"); area.setAttribute("tabindex", "-1"); continue; }
      area.setAttribute("aria-checked", String(field.checked));
      if (field.checked) words.push(area.getAttribute("aria-label"));
    }
    told.textContent = words.length ? `Marked: ${words.join("; ")}.` : "Nothing is marked yet.";
  };
  const set = (area, on) => { const field = box(area); if (field && field.checked !== on) { field.checked = on; show(); } };
  const at = (event) => document.elementFromPoint(event.clientX, event.clientY)?.closest("[data-area]");
  let marking = null;
  map.addEventListener("pointerdown", (event) => {
    const area = at(event);
    if (!area || !box(area)) return;
    marking = !box(area).checked;
    set(area, marking);
  });
  addEventListener("pointermove", (event) => {
    if (marking === null || !event.buttons) return;
    const area = at(event);
    if (area && map.contains(area)) set(area, marking);
  });
  for (const end of ["pointerup", "pointercancel"]) addEventListener(end, () => { marking = null; });
  map.addEventListener("keydown", (event) => {
    const area = event.target.closest("[data-area]");
    if (!area || (event.key !== " " && event.key !== "Enter")) return;
    event.preventDefault();
    const field = box(area);
    if (field) set(area, !field.checked);
  });
  form.addEventListener("change", show);
  form.addEventListener("reset", () => setTimeout(show));
  show();
})();
