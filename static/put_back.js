// What is typed in a form after it has opened stays: a draft that comes a moment later fills the boxes nobody has touched, and gives back
// what of it does not stand in the form, to be offered. Used by device.js.
window.fagbrevPutBack = (() => {
  const NEVER_KEPT = ["csrfmiddlewaretoken", "owner", "draft"];
  const WHOSE = ["submission", "device_key"]; // say which draft the form is; taken over only with the whole draft
  const PLAIN = ["text", "search", "textarea"];
  const touched = new WeakSet();
  let isFilling = false;
  for (const name of ["input", "change"]) {
    document.addEventListener(name, (event) => { if (!isFilling) touched.add(event.target); }, true);
  }

  const isTick = (box) => box.type === "checkbox" || box.type === "radio";
  const namesakes = (form, box) => [...form.elements].filter((other) => other.name === box.name);
  // Typed before this script was there, nobody has heard it: the box is not as the server sent it.
  const isChanged = (box) => {
    if (isTick(box)) return box.checked !== box.defaultChecked;
    if (!box.options) return box.type !== "hidden" && box.value !== box.defaultValue;
    const opened = [...box.options].filter((option) => option.defaultSelected);
    const chosen = [...box.selectedOptions];
    return opened.length || box.multiple ? chosen.length !== opened.length || chosen.some((option) => !opened.includes(option))
      : box.selectedIndex > 0;
  };
  const isTouched = (form, box) => (box.type === "radio" ? namesakes(form, box) : [box])
    .some((one) => touched.has(one) || isChanged(one));

  // What a draft has for one of the boxes: the values of a choice, or the text of the box that is this one of its name.
  const draftedFor = (form, box, fields) => {
    const values = fields[box.name] ?? [];
    if (isTick(box)) return values.filter((value) => value === box.value);
    return box.multiple ? values : values.slice(namesakes(form, box).indexOf(box)).slice(0, 1);
  };
  // Nothing of it is lost with the box as it is: it stands there, or stood there when the form opened.
  const holds = (box, values) => values.every((value) => {
    if (!value) return true;
    if (isTick(box)) return box.checked || box.defaultChecked;
    if (!box.options) return box.value.includes(value) || value === box.defaultValue;
    const option = [...box.options].find((one) => one.value === value);
    return !option || option.selected || option.defaultSelected;
  });
  const acting = (act) => {
    isFilling = true;
    try { act(); } finally { isFilling = false; }
  };
  const set = (box, values) => acting(() => {
    if (isTick(box)) box.checked = values.length > 0;
    else if (box.multiple) for (const option of box.options) option.selected = values.includes(option.value);
    else box.value = values[0];
    box.dispatchEvent(new Event("change", { bubbles: true }));
  });
  const isOpenTo = (box, skips) => box.name && !skips.has(box.name) && ![...NEVER_KEPT, ...WHOSE].includes(box.name)
    && !["file", "submit", "button", "fieldset", "output"].includes(box.type);

  // Gives what of a draft does not stand in the form: {box, name, values}; without a box where the page has none for it.
  // boxes: the names and labels of the boxes for text that the draft was written in.
  const missing = (form, fields, skips, boxes) => {
    const left = [...form.elements].filter((box) => isOpenTo(box, skips) && box.type !== "hidden")
      .map((box) => ({ box, name: box.name, values: draftedFor(form, box, fields) }))
      .filter(({ box, values }) => !holds(box, values));
    for (const { name, label } of new Map(boxes.map((box) => [box.name, box])).values()) {
      const here = [...form.elements].filter((box) => box.name === name).length;
      const values = (fields[name] ?? []).slice(here).filter(Boolean);
      if (values.length && !skips.has(name)) left.push({ name, label, values });
    }
    return left;
  };
  // Puts a draft in the boxes nobody has touched. Gives what is missing then; when nothing is, the form is that draft from now on.
  const putBack = (form, fields, skips, boxes) => {
    for (const box of form.elements) {
      const values = isOpenTo(box, skips) ? draftedFor(form, box, fields) : [];
      if (!isOpenTo(box, skips) || (!values.length && !isTick(box)) || isTouched(form, box)) continue;
      set(box, values);
    }
    const left = missing(form, fields, skips, boxes);
    if (!left.length) for (const name of WHOSE) if (form.elements[name] && fields[name]) [form.elements[name].value] = fields[name];
    return left;
  };
  // Lays what was missing beside what stands: texts below one another, ticks to the ticks; where only one can be chosen, the draft's.
  // Gives what there is no box for.
  const join = (form, left) => {
    const placed = left.map((one) => ({ ...one, box: one.box ?? namesakes(form, one)[0] }));
    for (const { box, values } of placed) {
      if (!box) continue;
      const isPlain = PLAIN.includes(box.type);
      const chosen = box.multiple ? [...[...box.selectedOptions].map((option) => option.value), ...values] : values;
      const between = box.type === "textarea" ? "\n" : " ";
      set(box, isPlain ? [[box.value, ...values].filter(Boolean).join(between)] : chosen);
    }
    return placed.filter(({ box }) => !box);
  };

  const wordsOf = (label) => label?.firstChild?.textContent.trim() || label?.textContent.trim() || "";
  // Gives a missing part in words: {label, text}.
  const inWords = ({ box, label, values }) => {
    if (!box) return { label: label ?? "", text: values.join("\n") };
    if (isTick(box)) return { label: wordsOf(box.closest("fieldset")?.querySelector("legend")), text: box.labels?.[0]?.textContent.trim() ?? "" };
    const chosen = box.options && [...box.options].filter((option) => values.includes(option.value)).map((option) => option.text.trim());
    return { label: wordsOf(box.labels?.[0]), text: chosen ? chosen.join(", ") : values[0] };
  };

  const isTyped = (form) => [...form.elements].some((box) => box.name && isTouched(form, box));

  return { NEVER_KEPT, isTyped, putBack, missing, join, inWords, isFilling: () => isFilling };
})();
