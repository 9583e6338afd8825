// What is typed in a form is kept on the server a second after each pause. Every form works without this file.
(() => {
  const PAUSE = 1000;
  const NEVER_KEPT = ["csrfmiddlewaretoken", "owner", "submission", "draft"];
  const TOO_LONG_TO_SEND_ON_LEAVING = 60000;

  const fieldsOf = (form) => {
    const fields = {};
    for (const [name, value] of new FormData(form)) {
      if (typeof value === "string" && !NEVER_KEPT.includes(name)) (fields[name] ??= []).push(value);
    }
    return fields;
  };

  const tokenOf = async (form, fresh) => {
    const box = form.elements.csrfmiddlewaretoken;
    if (fresh && box) {
      const answer = await fetch("/kladd/nokkel/", { redirect: "manual" });
      if (answer.ok) box.value = (await answer.json()).csrf;
    }
    return box?.value ?? "";
  };

  const keepDraftsOf = (form, address) => {
    if (form.dataset.draftKept) return;
    form.dataset.draftKept = "1";
    const named = document.createElement("input");
    Object.assign(named, { type: "hidden", name: "draft", value: address });
    form.append(named);
    const line = document.createElement("p");
    line.className = "meta draft-status no-print";
    const actions = form.querySelector(".form-actions");
    actions ? actions.before(line) : form.append(line);
    let timer, isWaiting = false, isGone = false, isSending = false;
    let typedCount = 0; // so that an answer is not taken for one on letters that came after it was asked for

    const say = (words, isProblem) => {
      isProblem ? line.setAttribute("role", "status") : line.removeAttribute("role");
      line.textContent = words;
    };

    const send = async (isLeaving, again) => {
      clearTimeout(timer);
      if (isGone || (isSending && !isLeaving)) return;
      isWaiting = false;
      const count = typedCount;
      const sent = {
        csrfmiddlewaretoken: await tokenOf(form, again),
        draft: address,
        submission: form.elements.submission?.value ?? "",
        device_key: form.elements.device_key?.value ?? "",
        fields: JSON.stringify(fieldsOf(form)),
      };
      const body = new URLSearchParams(sent);
      const keepalive = Boolean(isLeaving) && sent.fields.length < TOO_LONG_TO_SEND_ON_LEAVING;
      const isUnsaved = (words) => { isWaiting = true; say(words, true); };
      let answer;
      try {
        answer = await fetch("/kladd/", { method: "POST", body, keepalive, redirect: "manual" });
      } catch {
        isWaiting = true;
        if (!form.dataset.deviceDraft) isUnsaved("Ikke nett. Det du skrev sist, er bare på denne siden. Hold den åpen.");
        return;
      }
      if (answer.type === "opaqueredirect") {
        isUnsaved("Du er logget ut. Trykk på knappen under og logg inn, så kommer teksten tilbake.");
      } else if (answer.status === 403 && !again) {
        await send(isLeaving, true); // signed in anew in another tab: the token is another
      } else if (answer.ok) {
        const { kept } = await answer.json();
        if (kept && count === typedCount) say(`Kladden er lagret kl. ${kept}.`, false);
      } else if (answer.status === 429) {
        isWaiting = true;
        timer = setTimeout(() => save(), 20 * PAUSE);
      } else {
        isUnsaved("Kladden ble ikke lagret. Lagre skjemaet, eller kopier teksten.");
      }
    };
    // One after another: an older text must not come in after a newer. One who leaves cannot wait.
    let turn = Promise.resolve();
    const save = (isLeaving) => {
      if (isLeaving) return send(true);
      turn = turn.then(() => send(), () => send());
      return turn;
    };

    const saveSoon = () => {
      clearTimeout(timer);
      timer = setTimeout(() => save(), PAUSE);
    };
    const typed = () => {
      isWaiting = true;
      typedCount += 1;
      saveSoon();
    };
    form.addEventListener("input", typed);
    form.addEventListener("change", typed);
    let sentCount = 0;
    form.addEventListener("fagbrev:sending", () => { // a draft must not come in after the form itself
      isSending = true;
      sentCount = typedCount;
      clearTimeout(timer);
    });
    form.addEventListener("fagbrev:sent", () => { // it saved itself, up to what was typed then
      isSending = false;
      isWaiting = typedCount !== sentCount;
      line.textContent = "";
      isWaiting ? saveSoon() : clearTimeout(timer);
    });
    form.addEventListener("fagbrev:unsent", () => { isSending = false; save(); });
    form.addEventListener("fagbrev:gone", () => { isGone = true; });
    document.addEventListener("submit", (event) => {
      if (event.target !== form || event.defaultPrevented) return;
      isGone = true;
      clearTimeout(timer);
    });
    window.addEventListener("pageshow", () => { isGone = false; });
    window.addEventListener("online", () => { if (isWaiting) save(); });
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "hidden" && isWaiting) save(true);
    });
  };

  const look = (within) => {
    for (const box of within.querySelectorAll("[data-draft-address]")) keepDraftsOf(box.form, box.dataset.draftAddress);
  };
  look(document);
  document.addEventListener("htmx:load", (event) => look(event.detail.elt));
})();
