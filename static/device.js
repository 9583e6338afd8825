// Drafts on the device, for what is written where there may be no network: <form data-device-draft="visit|weekly|handin">;
// data-device-new says where a new one is begun, an address that tells of nobody.
//
// A text is sealed so that anyone on the device may put one in, and its owner alone can take it out: its key is sealed with
// the owner's public key, whose private half opens only with the secret on the owner's signed-in pages (meta device-key).
// All of it lies under an AES-GCM key that cannot leave the browser.
window.fagbrevDevice = (() => {
  const { NEVER_KEPT, isTyped, putBack, missing, join, inWords, isFilling } = window.fagbrevPutBack ?? {}; // not on the page «Ikke nett», which has no forms
  const KEPT_DAYS = 7;
  const DAY = 24 * 3600 * 1000;
  const PAUSE = 400;
  const NOT_ON_DEVICE = { visit: ["internal_note"], weekly: [], handin: [] };
  const PLACE = matchMedia("(pointer: coarse)").matches ? "telefonen" : "denne maskinen";
  const [owner, lock] = document.querySelector("meta[name=device-key]")?.content.split(".") ?? [];
  const isAble = Boolean(window.indexedDB && window.crypto?.subtle);
  const bytes = (text) => new TextEncoder().encode(text);
  const clock = (at) => new Intl.DateTimeFormat("nb-NO", { hour: "2-digit", minute: "2-digit" }).format(at).replace(":", ".");
  const changed = () => document.dispatchEvent(new Event("fagbrev:drafts"));

  // --- The store ---------------------------------------------------------------------------------
  let opened;
  const database = () => (opened ??= new Promise((done, failed) => {
    const request = indexedDB.open("fagbrev", 1);
    request.onupgradeneeded = () => {
      request.result.createObjectStore("keys", { keyPath: "owner" });
      request.result.createObjectStore("drafts", { keyPath: "id" });
    };
    request.onsuccess = () => done(request.result);
    request.onerror = () => failed(request.error);
  }));
  const ask = async (store, mode, act) => {
    const transaction = (await database()).transaction(store, mode);
    const request = act(transaction.objectStore(store));
    return new Promise((done, failed) => {
      transaction.oncomplete = () => done(request.result);
      transaction.onerror = transaction.onabort = () => failed(transaction.error);
    });
  };
  const rowOf = (id) => ask("drafts", "readonly", (store) => store.get(id));
  const write = (row) => ask("drafts", "readwrite", (store) => store.put(row));
  const remove = (id) => ask("drafts", "readwrite", (store) => store.delete(id));

  // --- The seal ----------------------------------------------------------------------------------
  const AES = { name: "AES-GCM", length: 256 };
  const RSA = { name: "RSA-OAEP", modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]), hash: "SHA-256" };
  const WRAPPED = 256;
  const IV = 12;
  const newIv = () => crypto.getRandomValues(new Uint8Array(IV));
  const lockKey = () => crypto.subtle.importKey("raw", Uint8Array.from(lock.match(/../g), (pair) => parseInt(pair, 16)),
    "AES-GCM", false, ["wrapKey", "unwrapKey"]);

  const makeKeys = async () => {
    const pair = await crypto.subtle.generateKey(RSA, true, ["encrypt", "decrypt"]);
    const iv = newIv();
    const keys = {
      owner,
      device: await crypto.subtle.generateKey(AES, false, ["encrypt", "decrypt"]),
      puts: pair.publicKey,
      iv,
      takes: await crypto.subtle.wrapKey("pkcs8", pair.privateKey, await lockKey(), { name: "AES-GCM", iv }),
    };
    await ask("keys", "readwrite", (store) => store.put(keys));
    return keys;
  };
  const keysOf = (whose) => ask("keys", "readonly", (store) => store.get(whose));
  let taking;
  const privateKey = (keys) => (taking ??= lockKey().then((key) => crypto.subtle.unwrapKey(
    "pkcs8", keys.takes, key, { name: "AES-GCM", iv: keys.iv }, { name: "RSA-OAEP", hash: "SHA-256" }, false, ["decrypt"])));

  const seal = async (keys, id, content) => {
    const key = await crypto.subtle.generateKey(AES, true, ["encrypt"]);
    const iv = newIv();
    const text = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, key, bytes(JSON.stringify(content)));
    const wrapped = await crypto.subtle.encrypt({ name: "RSA-OAEP" }, keys.puts, await crypto.subtle.exportKey("raw", key));
    const pack = await new Blob([wrapped, iv, text]).arrayBuffer();
    const outer = newIv();
    const about = bytes(`${keys.owner} ${id}`);
    return { iv: outer, sealed: await crypto.subtle.encrypt({ name: "AES-GCM", iv: outer, additionalData: about }, keys.device, pack) };
  };
  const unseal = async (keys, id, { iv, sealed }) => {
    const about = bytes(`${keys.owner} ${id}`);
    const pack = await crypto.subtle.decrypt({ name: "AES-GCM", iv, additionalData: about }, keys.device, sealed);
    const raw = await crypto.subtle.decrypt({ name: "RSA-OAEP" }, await privateKey(keys), pack.slice(0, WRAPPED));
    const key = await crypto.subtle.importKey("raw", raw, "AES-GCM", false, ["decrypt"]);
    const inner = { name: "AES-GCM", iv: pack.slice(WRAPPED, WRAPPED + IV) };
    return JSON.parse(new TextDecoder().decode(await crypto.subtle.decrypt(inner, key, pack.slice(WRAPPED + IV))));
  };

  // The keys of the signed-in user; new ones when there are none, or when the server's secret has been changed.
  let own;
  const ownKeys = () => (own ??= (async () => {
    const keys = await keysOf(owner);
    if (!keys) return makeKeys();
    try {
      await privateKey(keys);
      return keys;
    } catch {
      taking = undefined;
      return makeKeys();
    }
  })());

  // --- Drafts ------------------------------------------------------------------------------------
  // A row says openly: whose (opaque), kind, when, state, and which boxes the form has. All that was typed is sealed.
  const put = async (row, content, whose = owner) => {
    const keys = whose === owner && lock ? await ownKeys() : await keysOf(whose);
    await write({ why: "", more: [], ...row, owner: whose, at: Date.now(), ...(await seal(keys, row.id, content)) });
    changed();
  };
  const mark = async (id, state, why = "") => {
    const row = await rowOf(id);
    if (row) await write({ ...row, state, why });
    changed();
  };
  const discard = async (id) => {
    await remove(id);
    changed();
  };
  const contentOf = async (row) => {
    try {
      return await unseal(await ownKeys(), row.id, row);
    } catch {
      return null;
    }
  };
  const moreOf = async (row) => Promise.all((row.more ?? []).map(async (part) => unseal(await ownKeys(), row.id, part)));
  const addMore = async (row, fields) => {
    const part = await seal(await keysOf(row.owner), row.id, fields);
    await write({ ...row, state: "more", at: Date.now(), more: [...(row.more ?? []), part] });
    changed();
  };
  const rowsOf = async (whose) => (await ask("drafts", "readonly", (store) => store.getAll()))
    .filter((row) => row.owner === whose).sort((a, b) => b.at - a.at);
  const wipeOld = async () => {
    for (const row of await ask("drafts", "readonly", (store) => store.getAll())) {
      if (row.at > Date.now() - KEPT_DAYS * DAY || row.state === "wiped") continue;
      await write({ id: row.id, owner: row.owner, kind: row.kind, at: row.at, state: "wiped", why: "", boxes: [], more: [] });
    }
  };
  const lastOwner = async () => (await keysOf("last"))?.whose;
  const formsOf = async (whose) => (await keysOf(`forms ${whose}`))?.forms ?? {};

  // --- Sending -----------------------------------------------------------------------------------
  const isHere = (url) => new URL(url, location.href).origin === location.origin;
  const jsonOf = (answer) => ((answer.headers.get("Content-Type") ?? "").includes("application/json") ? answer.json() : {});

  // Gives {state, why, url}: sent, both, look, login, or waiting.
  const post = async (action, body) => {
    try {
      const token = await fetch("/kladd/nokkel/", { redirect: "manual", headers: { Accept: "application/json" } });
      if (token.type === "opaqueredirect") return { state: "login", why: "Logg inn for å sende." };
      if (!token.ok) return { state: "waiting", why: "Tjenesten svarer ikke akkurat nå." };
      const told = await token.json();
      if (told.owner !== owner) return { state: "login", why: "En annen er logget inn." };
      const answer = await fetch(action, { method: "POST", body, headers: { Accept: "application/json", "X-CSRFToken": told.csrf } });
      const { url, errors } = await jsonOf(answer);
      if (answer.redirected && new URL(answer.url).pathname.startsWith("/konto/")) return { state: "login", why: "Logg inn for å sende." };
      if (answer.ok && (url || answer.redirected)) return { state: "sent", url: url && isHere(url) ? url : answer.url };
      if (answer.status === 409 && url && isHere(url)) {
        return { state: "both", url, why: "Noen andre skrev også. Begge tekstene er tatt vare på." };
      }
      if (answer.status === 409) return { state: "look", why: "Noen andre lagret før deg. Åpne og se begge tekstene." };
      if (answer.status === 403 || answer.status === 404) return { state: "look", why: "Du har ikke tilgang til dette lenger." };
      if (answer.status >= 500 || answer.status === 429) return { state: "waiting", why: "Tjenesten svarer ikke akkurat nå." };
      return { state: "look", why: Object.values(errors ?? {}).flat().join(" ") || "Noe må fylles ut eller rettes." };
    } catch {
      return { state: "waiting", why: "" };
    }
  };
  const settle = async (id, result) => {
    if (result.state === "sent") return discard(id);
    return mark(id, result.state === "login" ? "waiting" : result.state, result.why);
  };
  const alone = (act) => (navigator.locks ? navigator.locks.request("fagbrev-send", act) : act());

  const sendRow = (id) => alone(async () => {
    const row = await rowOf(id);
    const content = row && row.owner === owner ? await contentOf(row) : null;
    if (!content) return { state: "look", why: "" };
    const body = new FormData();
    for (const [name, values] of Object.entries(content.fields)) for (const value of values) body.append(name, value);
    if (content.hasNote) body.append("draft_stays", "1"); // a note that no device may hold is in the server's draft alone
    await mark(id, "sending");
    const result = await post(content.action, body);
    await settle(id, result);
    return result;
  });

  const inUse = new Set(); // drafts that a form on this page has open
  const sendWaiting = async () => {
    if (!isAble || !lock || !navigator.onLine) return;
    for (const row of await rowsOf(owner)) {
      if ((row.state === "waiting" || row.state === "sending") && !inUse.has(row.id)) await sendRow(row.id);
    }
  };

  // --- Forms -------------------------------------------------------------------------------------
  const boxesOf = (form, leftOut) => [...form.querySelectorAll("textarea[name]")].filter((box) => !leftOut.has(box.name))
    .map((box) => ({ name: box.name, label: box.labels?.[0]?.firstChild?.textContent.trim() || "Tekst" }));

  const isFull = (values) => values.some(Boolean);
  const asLeft = (fields) => Object.entries(fields).filter(([, values]) => isFull(values)).map(([name, values]) => ({ name, values }));

  // What is typed is heard at once; the keys, and what lay here before, may take a slow phone a while (isReady).
  const keepOnDevice = async (form, isReady) => {
    const kind = form.dataset.deviceDraft;
    if (!(kind in NOT_ON_DEVICE) || form.dataset.deviceKept) return;
    form.dataset.deviceKept = "1";
    const leftOut = new Set(NOT_ON_DEVICE[kind]);
    for (const box of form.querySelectorAll("[data-not-on-device]")) leftOut.add(box.name);
    const page = location.pathname + location.search;
    const idOf = () => form.elements.device_key?.value || form.elements.submission?.value;
    let timer, isSending = false, isTypedSince = false, isPressed = false, isRefused = false, isSent = false, keptAt = 0;

    const strip = form.querySelector("[data-device-strip]") ?? document.createElement("div");
    if (!strip.isConnected) {
      const actions = form.querySelector(".form-actions");
      actions ? actions.before(strip) : form.append(strip);
    }
    strip.classList.add("ds-alert", "device-strip", "no-print");
    strip.setAttribute("role", "status");
    strip.hidden = true;
    const say = (words, colour, act) => {
      strip.dataset.color = colour;
      const line = document.createElement("p");
      line.textContent = words;
      if (act) line.append(" ", act);
      strip.replaceChildren(line);
      strip.hidden = false;
    };
    const button = (words, act) => {
      const made = document.createElement("button");
      Object.assign(made, { type: "button", className: "ds-button", textContent: words });
      made.dataset.variant = "tertiary";
      made.dataset.size = "sm";
      made.addEventListener("click", act);
      return made;
    };
    // A draft whose text does not stand in the form, to be used or thrown away; the strip above the button goes on telling what is kept.
    const offer = (words, parts, acts) => {
      const offered = document.createElement("div");
      offered.className = "ds-alert device-offer no-print";
      offered.dataset.color = "warning";
      offered.setAttribute("role", "status");
      const show = (told, left, buttons) => {
        const shown = [told, ...left.map(inWords).map(({ label, text }) => (label ? `${label}${/[?.!:]$/.test(label) ? "" : ":"} ${text}` : text))];
        offered.replaceChildren(...shown.map((one) => Object.assign(document.createElement("p"), { textContent: one, className: "written" })), ...buttons);
      };
      show(words, parts, acts(offered, show));
      strip.before(offered);
    };
    const stands = (name, values) => [...form.elements].some((box) => box.name === name && values.every((value) => box.value.includes(value)));
    const noteIsLeftOut = () => [...leftOut].some((name) => form.elements[name]?.value?.trim());
    const fileIsLeftOut = () => [...form.elements].some((box) => box.type === "file" && box.files.length);
    const leftOutWords = () => (noteIsLeftOut() ? " Det interne notatet lagres ikke der." : "")
      + (fileIsLeftOut() ? " Bildet eller fila lagres ikke der." : "");

    // Texts are sealed one after another, each as the form is then: on a slow phone an older one must not land on a newer. What lay here
    // before is looked for first, so that nothing is written over it.
    let turn = Promise.resolve();
    const keep = (state) => {
      clearTimeout(timer);
      timer = undefined;
      const seals = () => {
        const fields = {};
        for (const [name, value] of new FormData(form)) {
          if (typeof value === "string" && !NEVER_KEPT.includes(name) && !leftOut.has(name)) (fields[name] ??= []).push(value);
        }
        const { pathname, search } = new URL(form.action, location.href); // whose form it is may stand behind the question mark
        const content = { page, action: pathname + search, fields, hasNote: noteIsLeftOut(), hasFile: fileIsLeftOut() };
        const row = { id: idOf(), kind, state, boxes: boxesOf(form, leftOut) };
        inUse.add(row.id);
        return put(row, content).then(() => { keptAt = Date.now(); });
      };
      turn = turn.then(seals, seals);
      return turn;
    };
    const sayKept = () => {
      const file = fileIsLeftOut() ? " Bildet eller fila lagres ikke der." : "";
      if (navigator.onLine) return say(`Lagret på ${PLACE} kl. ${clock(keptAt)}.${file} Ikke sendt ennå.`, "info");
      const left = leftOutWords();
      const stay = left && ` Hold siden åpen, eller ${file ? "velg fila på nytt" : "skriv det"} når du har nett.`;
      return say(`Ikke nett. Lagret på ${PLACE} kl. ${clock(keptAt)}.${left}${stay}`, "warning");
    };
    const keepSoon = () => {
      isPressed = false;
      clearTimeout(timer);
      timer = setTimeout(() => { if (!isSending && !isSent) keep("draft").then(sayKept, () => {}); }, PAUSE);
    };
    const typed = (event) => {
      if (isRefused || isSent || leftOut.has(event.target.name) || isFilling()) return;
      isTypedSince = true;
      if (isSending) return;
      keepSoon();
    };

    const send = async (submitter) => {
      if (isSending) return;
      isSending = true;
      isTypedSince = false;
      form.dispatchEvent(new Event("fagbrev:sending"));
      submitter?.setAttribute("aria-busy", "true");
      try {
        await keep(fileIsLeftOut() ? "draft" : "waiting"); // without its file it is never sent by itself
      } catch { // a browser that refuses to store: the form is sent as any other
        isRefused = true;
        form.requestSubmit(submitter);
        return;
      }
      say("Sendes …", "info");
      isTypedSince = false;
      const body = new FormData(form, submitter ?? undefined);
      const result = navigator.onLine ? await alone(() => post(form.action, body)) : { state: "waiting", why: "" };
      isPressed = result.state === "waiting";
      if (fileIsLeftOut() && ["waiting", "login"].includes(result.state)) {
        await mark(idOf(), "draft", "Bildet eller fila er ikke med. Velg den på nytt, og lever.");
      } else await settle(idOf(), result);
      submitter?.removeAttribute("aria-busy");
      isSending = false;
      if (result.state === "sent" || result.state === "both") {
        isSent = true;
        form.dispatchEvent(new Event("fagbrev:gone"));
        say(result.state === "sent" ? `Sendt kl. ${clock(Date.now())}.` : result.why, "success");
        location.assign(result.url);
      } else if (result.state === "look") {
        form.dispatchEvent(new Event("fagbrev:gone"));
        HTMLFormElement.prototype.submit.call(form); // the server shows the form again, with what is wrong beside each box
      } else if (result.state === "login") {
        const link = document.createElement("a");
        link.href = `/konto/login/?next=${encodeURIComponent(page)}`;
        link.textContent = "Logg inn";
        say(`${result.why} Teksten er trygg på ${PLACE}.`, "warning", link);
      } else {
        const left = leftOutWords();
        const next = left ? `${left} Hold siden åpen til den er sendt.` : " Sendes når du får nett.";
        say(`${result.why || "Ikke nett."} Lagret på ${PLACE} kl. ${clock(keptAt)}.${next}`, "warning");
      }
      if (!["waiting", "login"].includes(result.state)) return;
      form.dispatchEvent(new Event("fagbrev:unsent"));
      if (isTypedSince) keepSoon(); // what was typed while it was being sent
    };

    const throwAway = (row) => async () => {
      await discard(row.id);
      form.dispatchEvent(new Event("fagbrev:gone"));
      location.reload();
    };
    const offerRow = (row, left) => offer(`Vi har også et utkast fra kl. ${clock(row.at)}. Du har skrevet noe annet her.`, left, (offered, show) => {
      const drop = button("Kast utkastet", () => {
        if (drop.dataset.sure) return discard(row.id).then(() => offered.remove());
        Object.assign(drop.dataset, { sure: "1", color: "danger" });
        drop.textContent = "Ja, kast utkastet";
        return null;
      });
      const use = button("Bruk teksten her", async () => {
        const homeless = join(form, left);
        await keep("draft");
        sayKept();
        if (homeless.length) return show("Denne teksten har ikke noe felt her. Kopier den før du kaster den.", homeless, [drop]);
        await discard(row.id);
        return offered.remove();
      });
      return left.some(({ box }) => box) ? [use, drop] : [drop];
    });
    const offerVisit = (row, fields) => offer(`Du skrev om et besøk uten nett kl. ${clock(row.at)}.`, [], (offered) => [button("Bruk teksten her", async () => {
      const homeless = join(form, asLeft(fields));
      await keep("draft");
      if (!homeless.length) await discard(row.id);
      offered.remove();
      sayKept();
    })]);

    // What lay here before: the newest draft of this page is put in the form, as far as nobody has typed there; the rest is offered.
    const look = async () => {
      // What is known of the form without network, and lies open: where a new one is written, and what its boxes are called.
      const forms = { ...(await formsOf(owner)), [kind]: { page: form.dataset.deviceNew ?? "", boxes: boxesOf(form, leftOut) } };
      await ask("keys", "readwrite", (store) => store.put({ owner: `forms ${owner}`, forms }));
      if (form.querySelector(".ds-error-summary")) {
        inUse.add(idOf());
        return;
      }
      const serverAt = Number(form.querySelector("[data-draft-at]")?.dataset.draftAt ?? 0) * 1000;
      const wasTyped = isTyped(form); // also what no script has heard
      let isFilled = false;
      for (const row of await rowsOf(owner)) {
        if (row.kind !== kind || row.state === "wiped" || row.state === "both") continue;
        const content = await contentOf(row);
        if (content?.isOpen && content.page === location.pathname && content.page !== page) offerVisit(row, content.fields);
        if (!content || content.page !== page) continue;
        const isGoing = row.state === "waiting" || row.state === "sending";
        if (isFilled && isGoing) continue; // another that was sent from here: it goes by itself
        const more = await moreOf(row);
        if (isSending || isSent) return; // sent as it was seen: the draft lies here still
        const isOlder = row.at < serverAt - 1000; // the server's draft is newer, and in the boxes already
        const put = isFilled || isOlder ? missing : putBack;
        const left = put(form, content.fields, leftOut, row.boxes ?? []);
        const added = more.flatMap((fields) => join(form, asLeft(fields).filter(({ name, values }) => !stands(name, values))));
        left.push(...added);
        if (left.length) {
          inUse.add(row.id);
          if (isGoing) await mark(row.id, "look", "Du skrev mer i skjemaet. Se over begge tekstene.");
          offerRow(row, left);
        } else if (put === missing) await discard(row.id);
        else {
          inUse.add(row.id);
          const again = content.hasFile ? " Velg bildet eller fila på nytt." : "";
          say(`Her er det du skrev kl. ${clock(row.at)}. Det er ikke sendt ennå.${again}`, "info", button("Kast teksten", throwAway(row)));
        }
        isFilled ||= put === putBack;
      }
      if (wasTyped && !isSending && !isSent) keepSoon(); // what is being sent must not lie here as a draft again
    };

    form.addEventListener("input", typed);
    form.addEventListener("change", typed);
    form.addEventListener("submit", (event) => {
      if (!idOf() || isRefused) return;
      event.preventDefault();
      send(event.submitter);
    });
    window.addEventListener("online", async () => {
      const row = await rowOf(idOf());
      if (row?.state === "waiting" || (row && isPressed)) send();
      else if (row) sayKept();
    });
    window.addEventListener("offline", async () => { if (await rowOf(idOf())) sayKept(); });
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "hidden" && timer && !isSending && !isSent) keep("draft"); // what was sent must not lie here again
    });
    window.addEventListener("pageshow", () => { isSent = false; });

    isReady.catch(() => { isRefused = true; });
    const looked = isReady.then(look);
    turn = looked.catch(() => {});
    await looked;
  };

  // --- The page ----------------------------------------------------------------------------------
  const showCount = async () => {
    const link = document.getElementById("outbox-link");
    if (!link) return;
    const count = (await rowsOf(owner)).length;
    link.hidden = !count;
    link.querySelector(".bell-count").textContent = count || "";
    link.setAttribute("aria-label", `Utboks: ${count}`);
  };
  const makeReady = async (hasForms) => {
    await wipeOld();
    if (!lock || (!hasForms && !(await rowsOf(owner)).length)) return;
    await ownKeys();
    await ask("keys", "readwrite", (store) => store.put({ owner: "last", whose: owner }));
  };
  const begin = async () => {
    const forms = lock ? [...document.querySelectorAll("form[data-device-draft]")] : [];
    const isReady = makeReady(forms.length > 0);
    await Promise.all([isReady, ...forms.map((form) => keepOnDevice(form, isReady))]);
    if (!lock) return;
    document.addEventListener("fagbrev:drafts", showCount);
    await showCount();
    await sendWaiting();
  };
  let ready = Promise.resolve();
  if (isAble) {
    window.addEventListener("online", () => sendWaiting());
    ready = begin().catch(() => {}); // a browser that refuses to store: the form works as any other
  }
  if (navigator.serviceWorker && lock) navigator.serviceWorker.register("/sw.js").catch(() => {});

  return { owner, isUnlocked: Boolean(lock), isAble, rowsOf, contentOf, put, addMore, discard, sendRow, lastOwner, formsOf, clock, ready, KEPT_DAYS, DAY };
})();
