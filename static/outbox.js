// The outbox: what waits on this device. On the page «Ikke nett» the texts are locked, but one may write on.
(() => {
  const device = window.fagbrevDevice;
  const place = document.getElementById("outbox");
  if (!place) return;
  const KINDS = { visit: "Besøk", weekly: "Ukeplan", handin: "Innlevering" };
  const STATES = {
    draft: "Ikke ferdig", more: "Du skrev mer uten nett. Se over og send.", waiting: "Venter på nett", sending: "Sendes",
    look: "Må ses på", both: "Sendt", wiped: "Slettet. Den lå i sju dager uten å bli sendt.",
  };
  const day = (at) => new Intl.DateTimeFormat("nb-NO", { day: "numeric", month: "long" }).format(at);
  const make = (tag, words = "", attributes = {}) => {
    const made = document.createElement(tag);
    made.textContent = words;
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
    return made;
  };
  const button = (words, act, variant = "secondary") => {
    const made = make("button", words, { type: "button", class: "ds-button", "data-variant": variant, "data-size": "sm" });
    made.addEventListener("click", () => act(made));
    return made;
  };
  const news = document.getElementById("outbox-news");
  const tell = (words) => { news.replaceChildren(make("p", words)); news.hidden = !words; };

  const writer = (boxes, save, verb) => {
    const form = make("form", "", { class: "form" });
    const fields = boxes.map((box, place) => {
      const field = make("div", "", { class: "field" });
      const id = `w-${box.name}-${place}`;
      field.append(make("label", box.label, { class: "ds-label", for: id }), make("textarea", "", { class: "ds-input", id, rows: 4, name: box.name }));
      form.append(field);
      return field.lastChild;
    });
    const actions = make("div", "", { class: "form-actions" });
    actions.append(make("button", verb, { class: "ds-button", type: "submit" }));
    form.append(actions);
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const typed = Object.fromEntries(fields.filter((box) => box.value.trim()).map((box) => [box.name, [box.value]]));
      if (!Object.keys(typed).length) return;
      await save(typed);
      form.remove();
      tell(`Lagret på denne enheten kl. ${device.clock(Date.now())}. Logg inn når du har nett, så kan du se over og sende.`);
    });
    return form;
  };

  const rowShown = async (row) => {
    const item = make("li", "", { class: "outbox-row" });
    const words = make("div");
    words.append(make("p", `${KINDS[row.kind] ?? "Tekst"}, ${day(row.at)} kl. ${device.clock(row.at)}`, { class: "duty-what" }));
    const state = device.isUnlocked ? STATES[row.state] : row.state === "wiped" ? STATES.wiped : "Låst til du logger inn";
    words.append(make("p", row.why && device.isUnlocked ? `${state}: ${row.why}` : state, { class: row.state === "look" && device.isUnlocked ? "late" : "meta" }));
    if (!["wiped", "both"].includes(row.state)) {
      const left = Math.max(1, Math.ceil((row.at + device.KEPT_DAYS * device.DAY - Date.now()) / device.DAY));
      words.append(make("p", `Slettes ${day(row.at + device.KEPT_DAYS * device.DAY)} hvis den ikke er sendt.`, { class: left <= 2 ? "late" : "meta" }));
    }
    item.append(words);
    const acts = make("div", "", { class: "form-actions" });
    if (!device.isUnlocked) {
      if (row.state !== "wiped" && row.boxes?.length) {
        acts.append(button("Skriv mer", (pressed) => {
          pressed.remove();
          item.append(writer(row.boxes, (typed) => device.addMore(row, typed), "Lagre på enheten"));
        }));
      }
    } else {
      const content = row.state === "wiped" ? null : await device.contentOf(row);
      if (!content && row.state !== "wiped") words.append(make("p", "Teksten kan ikke åpnes lenger.", { class: "late" }));
      if (content && row.state !== "both") {
        acts.append(make("a", row.state === "waiting" ? "Åpne" : "Se over", { class: "ds-button", "data-variant": "secondary", "data-size": "sm", href: content.page }));
      }
      if (content?.isOpen) for (const values of Object.values(content.fields)) words.append(make("p", values[0]));
      if (content && ["waiting", "look"].includes(row.state)) {
        acts.append(button("Send nå", async () => {
          const result = await device.sendRow(row.id);
          if (result.state === "sent") tell(`Sendt kl. ${device.clock(Date.now())}.`);
          else tell(result.why || "Ikke nett. Den sendes når du får nett.");
        }, "primary"));
      }
      acts.append(button(["wiped", "both"].includes(row.state) ? "Fjern fra lista" : "Kast", (pressed) => {
        if (pressed.dataset.sure || ["wiped", "both"].includes(row.state)) return device.discard(row.id);
        pressed.dataset.sure = "1";
        pressed.dataset.color = "danger";
        pressed.textContent = "Ja, kast teksten";
        return null;
      }, "tertiary"));
    }
    item.append(acts);
    return item;
  };

  const show = async () => {
    const whose = device.isUnlocked ? device.owner : await device.lastOwner();
    const rows = whose ? await device.rowsOf(whose) : [];
    const list = make("ul", "", { class: "rows" });
    for (const row of rows) list.append(await rowShown(row));
    place.replaceChildren(rows.length ? list : make("p", "Ingenting venter på denne enheten.", { class: "outbox-empty" }));
    document.getElementById("outbox-new")?.replaceChildren();
    const known = whose && !device.isUnlocked ? (await device.formsOf(whose)).visit : null;
    if (known?.boxes.length) {
      document.getElementById("outbox-new").append(button("Skriv om et nytt besøk", (pressed) => pressed.replaceWith(writer(known.boxes, (typed) => device.put(
        { id: crypto.randomUUID(), kind: "visit", state: "draft", boxes: known.boxes },
        { page: known.page, action: known.page, fields: typed, isOpen: true }, whose), "Lagre på enheten"))));
    }
  };

  if (!device.isAble) return;
  show().catch(() => {});
  document.addEventListener("fagbrev:drafts", () => { if (!place.querySelector("textarea")) show(); });
  document.getElementById("outbox-again")?.addEventListener("click", () => location.reload());
})();
