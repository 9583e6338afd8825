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
  const formsHere = () => [...document.querySelectorAll("form[data-autosave]")];
  for (const form of formsHere()) {
    for (const box of boxesOf(form)) known.set(box, box.defaultValue);
  }
  const isAhead = (form) => boxesOf(form).some((box) => box.value !== form.sentTexts?.get(box));

  document.addEventListener("input", (event) => {
    const form = formOf(event.target);
    if (form && !form.isSignedOut) say(form, "Lagrer …", false);
  });
  document.addEventListener("htmx:beforeRequest", (event) => {
    const form = formOf(event.target);
    if (!form) return;
    form.sentTexts = new Map(boxesOf(form).map((box) => [box, box.value]));
    told(form, "fagbrev:sending");
  });
  // Typed while the page was still loading, it was heard by nobody.
  window.addEventListener("load", () => {
    for (const form of formsHere()) if (boxesOf(form).some((box) => box.value !== box.defaultValue)) told(form, "retry");
  });

  const takeIn = (form) => {
    for (const box of boxesOf(form)) if (box.value === form.sentTexts?.get(box) && !form.querySelector(`[data-newer="${box.name}"]`)) known.set(box, box.value);
    for (const newer of form.querySelectorAll("[data-newer]")) {
      const box = form.elements[newer.dataset.newer];
      if (!box || box.value !== known.get(box)) continue;
      box.value = newer.value;
      known.set(box, box.value);
      form.sentTexts?.set(box, box.value);
      form.elements[`base_${newer.dataset.newer}`].value = newer.dataset.base;
    }
  };

  // A page that answers instead of the line of the point is not laid into the form, and leads nobody away from what stands in the boxes.
  const isUnsaved = (form) => boxesOf(form).some((box) => box.value !== known.get(box));
  document.addEventListener("htmx:beforeOnLoad", (event) => {
    const { elt, xhr } = event.detail;
    const leads = xhr.getResponseHeader("HX-Redirect");
    if (formOf(elt) ? xhr.status !== 200 || leads : leads && formsHere().some(isUnsaved)) event.preventDefault();
  });
  const refusedWords = (page) => [...new DOMParser().parseFromString(page, "text/html").querySelectorAll("[data-field=validation] p")]
    .map((line) => line.textContent.trim()).join(" ");
  const signInLink = () => Object.assign(document.createElement("a"), {
    href: "/konto/login/", target: "_blank", rel: "noopener", textContent: "Logg inn i en ny fane",
  });
  const retry = async (form) => {
    if (form.isSignedOut) {
      const answer = await fetch("/kladd/nokkel/", { redirect: "manual", headers: { "Asked-By-Itself": "1" } }).catch(() => null);
      const held = answer?.ok ? await answer.json() : null;
      if (!held || held.owner !== window.fagbrevDevice?.owner) {
        form.again = setTimeout(() => retry(form), AGAIN);
        return;
      }
      for (const box of document.querySelectorAll("input[name=csrfmiddlewaretoken]")) box.value = held.csrf;
      document.body.setAttribute("hx-headers", JSON.stringify({ "X-CSRFToken": held.csrf }));
      form.isSignedOut = false;
    }
    told(form, "retry");
  };

  document.addEventListener("htmx:afterRequest", (event) => {
    const form = formOf(event.detail.elt);
    if (!form || !event.detail.requestConfig || event.detail.requestConfig.verb !== "post") return;
    clearTimeout(form.again);
    form.again = undefined;
    const { status, responseText } = event.detail.xhr;
    const leads = status && event.detail.xhr.getResponseHeader("HX-Redirect");
    if (event.detail.successful && !leads) {
      takeIn(form);
      told(form, "fagbrev:sent");
      if (isAhead(form)) say(form, "Lagrer …", false); // what is told is of the letters before
      return;
    }
    const refused = status === 422 && refusedWords(responseText);
    form.isSignedOut = Boolean(leads);
    if (leads) {
      say(form, "Ikke lagret. Du er logget ut. Teksten står her, og lagres når du er logget inn igjen. ", true);
      form.querySelector(LINE)?.append(signInLink());
    } else if (status >= 400 && status < 500 && ![408, 413, 429].includes(status)) {
      say(form, `Ikke lagret. ${refused || "Du kan ikke skrive her lenger. Kopier teksten."}`, true);
    } else say(form, "Ikke lagret ennå. Vi prøver igjen.", true);
    told(form, "fagbrev:unsent");
    if (leads || !(status >= 400 && status < 500) || status === 429) form.again = setTimeout(() => retry(form), AGAIN);
  });

  // What another writes beside one's own text is asked for when the page is looked at again, and now and then meanwhile.
  const asker = document.querySelector("[data-ask-others]");
  const ask = () => document.visibilityState === "visible" && told(asker, "ask");
  if (asker) {
    setInterval(ask, NOW_AND_THEN);
    document.addEventListener("visibilitychange", ask);
    window.addEventListener("focus", ask);
  }

  const tryAgain = () => {
    for (const form of formsHere()) {
      if (!form.again) continue;
      clearTimeout(form.again);
      retry(form);
    }
  };
  window.addEventListener("online", tryAgain);
  window.addEventListener("focus", tryAgain); // signed in again in another tab
})();
