// The timeline: plus and minus, or two fingers, go to a shorter or longer part of the course. The links do the same.
"use strict";

(() => {
  const links = [...document.querySelectorAll("#spans a")];
  const now = links.findIndex((link) => link.hasAttribute("aria-current"));
  const go = (step) => { const link = links[now + step]; if (link) location.replace(link.href); };
  addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "+" || event.key === "=") go(1);
    if (event.key === "-") go(-1);
  });
  const figure = document.getElementById("figure");
  if (!figure) return;
  let began = 0;
  const apart = (touches) => Math.hypot(touches[0].clientX - touches[1].clientX, touches[0].clientY - touches[1].clientY);
  figure.addEventListener("touchstart", (event) => { began = event.touches.length === 2 ? apart(event.touches) : 0; });
  figure.addEventListener("touchmove", (event) => {
    if (!began || event.touches.length !== 2) return;
    event.preventDefault();
    const grown = apart(event.touches) / began;
    if (grown > 1.4 || grown < 0.7) { began = 0; go(grown > 1 ? 1 : -1); }
  }, { passive: false });
})();
