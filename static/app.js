// Small extras. Every page works without this file.

// One open drop-down at a time; Escape or a press elsewhere closes it.
document.addEventListener("click", (event) => {
  for (const open of document.querySelectorAll("details.drop[open]")) {
    if (!open.contains(event.target)) open.open = false;
  }
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const open = document.querySelector("details.drop[open]");
  if (!open) return;
  open.open = false;
  open.querySelector("summary").focus();
});

// A form is sent once: the pressed button shows that it works, a second press does nothing. What takes seconds says so in words.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post" || form.hasAttribute("data-many")) return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "1";
  event.submitter?.setAttribute("aria-busy", "true");
  for (const words of form.querySelectorAll("[data-working]")) words.textContent = words.dataset.working;
});
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) {
    delete form.dataset.sent;
    form.querySelector("[aria-busy]")?.removeAttribute("aria-busy");
    for (const words of form.querySelectorAll("[data-working]")) words.textContent = "";
  }
});

// Filters send themselves where a form asks for it; the button stays for everyone else.
document.addEventListener("change", (event) => {
  const form = event.target.form;
  if (form?.hasAttribute("data-send-on-change")) form.requestSubmit();
});

// On a phone the tabs are wider than the screen: show the one in use.
for (const tab of document.querySelectorAll(".tabs [aria-current]")) {
  const row = tab.closest(".tabs");
  const ahead = tab.getBoundingClientRect().left - row.getBoundingClientRect().left;
  row.scrollLeft += ahead - (row.clientWidth - tab.offsetWidth) / 2;
}

// Print buttons.
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) window.print();
});

// Answers with 422 hold the form with its messages: htmx shall show them.
document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.xhr.status === 422 && !event.target.closest("[data-autosave]")) {
    event.detail.shouldSwap = true;
    event.detail.isError = false;
  }
});
