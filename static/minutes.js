// A point of the minutes saves itself while one types. What cannot be sent is kept as a draft, and sent again. The page works without.
(() => {
  const AGAIN = 8000;
  const NOW_AND_THEN = 20000;
  const LINE = "[data-saved]";

  // What is new of each participant stands open where there is room for it.
  if (matchMedia("(min-width: 60rem)").matches) {
    for (const facts of document.querySelectorAll("[data-open-wide]")) facts.open = true;
  }

  const formOf = (target) => target?.closest?.("form[data-autosave]");
  const say = (form, words, isProblem) => {
    const line = form.querySelector(LINE);
    if (!line) return;
    isProblem ? line.setAttribute("role", "status") : line.removeAttribute("role");
    line.textContent = words;
  };
  const told = (form, name) => form.dispatchEvent(new CustomEvent(name));

  // What a box held when it was last the same here as on the server: only such a box takes in another's text.
  const known = new WeakMap();
  const boxesOf = (form) => [...form.querySelectorAll("textarea")];
  for (const form of document.querySelectorAll("form[data-autosave]")) {
    for (const box of boxesOf(form)) known.set(box, box.value);
  }

  document.addEventListener("input", (event) => {
    const form = formOf(event.target);
    if (form) say(form, "Lagrer …", false);
  });
  document.addEventListener("htmx:beforeRequest", (event) => {
    const form = formOf(event.target);
    if (!form) return;
    form.sentTexts = new Map(boxesOf(form).map((box) => [box, box.value]));
    told(form, "fagbrev:sending");
  });

  const takeIn = (form) => {
    for (const newer of form.querySelectorAll("[data-newer]")) {
      const box = form.elements[newer.dataset.newer];
      if (!box || box.value !== known.get(box)) continue;
      box.value = newer.value;
      form.elements[`base_${newer.dataset.newer}`].value = newer.dataset.base;
    }
    for (const box of boxesOf(form)) {
      if (box.value === form.sentTexts?.get(box) || form.querySelector(`[data-newer="${box.name}"]`)) known.set(box, box.value);
    }
  };

  document.addEventListener("htmx:afterRequest", (event) => {
    const form = formOf(event.detail.elt);
    if (!form || !event.detail.requestConfig || event.detail.requestConfig.verb !== "post") return;
    clearTimeout(form.again);
    if (event.detail.successful) {
      takeIn(form);
      told(form, "fagbrev:sent");
      return;
    }
    say(form, "Ikke lagret ennå. Vi prøver igjen.", true);
    told(form, "fagbrev:unsent");
    form.again = setTimeout(() => told(form, "retry"), AGAIN);
  });

  // What another writes beside one's own text is asked for when the page is looked at again, and now and then meanwhile.
  const asker = document.querySelector("[data-ask-others]");
  const ask = () => document.visibilityState === "visible" && told(asker, "ask");
  if (asker) {
    setInterval(ask, NOW_AND_THEN);
    document.addEventListener("visibilitychange", ask);
    window.addEventListener("focus", ask);
  }

  window.addEventListener("online", () => {
    for (const form of document.querySelectorAll("form[data-autosave]")) if (form.again) told(form, "retry");
  });
})();
