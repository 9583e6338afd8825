// What the accessibility test asks of a page, run in the browser.
window.lookForFaults = async (kind, values) => {
  const found = await axe.run(document, { runOnly: { type: kind, values }, resultTypes: ["violations"] });
  return found.violations.map((fault) => {
    const places = fault.nodes.slice(0, 3).map((node) => {
      const why = node.any[0] || node.all[0] || node.none[0] || { message: "" };
      return `${node.html.slice(0, 160)} (${why.message.slice(0, 160)})`;
    });
    return `${fault.id}: ${places.join(" | ")}`;
  });
};

// What sticks out at the side; tables may, in a box of their own that scrolls.
window.whatSticksOut = () => {
  const page = document.documentElement;
  if (page.scrollWidth <= page.clientWidth) return [];
  return [...document.querySelectorAll("main *, header *, footer *")]
    .filter((box) => box.getBoundingClientRect().right > page.clientWidth + 1 && !box.closest(".table-wrap, .tabs"))
    .slice(0, 3)
    .map((box) => `${box.tagName}.${box.className} ${box.textContent.trim().slice(0, 40)}`);
};

window.openFolds = () => {
  for (const part of document.querySelectorAll("main details:not(.drop)")) part.open = true;
};

// Resolves two frames later, when the browser has drawn the colours it was told of.
window.turnTo = (scheme) => {
  document.documentElement.dataset.colorScheme = scheme;
  return new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(() => drawn())));
};
