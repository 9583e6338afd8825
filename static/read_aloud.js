// «Les høyt»: the browser reads the page aloud in Norwegian. The button shows only where the browser can.
const button = document.querySelector("[data-read-aloud]");
if (button && "speechSynthesis" in window) {
  const start = button.querySelector("[data-read-start]");
  const stop = button.querySelector("[data-read-stop]");
  const show = (isReading) => {
    start.hidden = isReading;
    stop.hidden = !isReading;
    button.setAttribute("aria-pressed", String(isReading));
  };
  const texts = () => {
    const found = [];
    for (const element of document.querySelectorAll("main h1, main h2, main h3, main p, main li, main dt, main dd, main blockquote, main .tile")) {
      if (element.closest("[hidden], .messages, form, .demo-strip") || element.querySelector("h2, h3, p, li, dt, .tile")) continue;
      const text = element.innerText.replaceAll("\u00ad", "").replace(/\s+/g, " ").trim();
      if (text) found.push(text);
    }
    return found;
  };
  let left = 0;
  const done = () => {
    left -= 1;
    if (left <= 0) show(false);
  };
  const read = () => {
    const voice = speechSynthesis.getVoices().find((one) => /^(nb|no|nn)\b/i.test(one.lang));
    const parts = texts();
    left = parts.length;
    for (const text of parts) {
      const said = new SpeechSynthesisUtterance(text);
      said.lang = "nb-NO";
      said.rate = 0.9;
      if (voice) said.voice = voice;
      said.onend = done;
      said.onerror = done;
      speechSynthesis.speak(said);
    }
    show(parts.length > 0);
  };
  button.hidden = false;
  button.addEventListener("click", () => {
    const wasReading = button.getAttribute("aria-pressed") === "true";
    speechSynthesis.cancel();
    show(false);
    if (!wasReading) read();
  });
  window.addEventListener("pagehide", () => speechSynthesis.cancel());
}
