// Shows beside a page what has become known about its release since: the page itself is never changed.
for (const place of document.querySelectorAll("[data-notices]")) {
  const address = new URL(place.dataset.notices, document.baseURI);
  fetch(address).then((answer) => (answer.ok ? answer.text() : "")).then((text) => {
    const found = new DOMParser().parseFromString(text, "text/html").querySelector("[data-beside]");
    if (!found) return;
    for (const link of found.querySelectorAll("a")) link.href = new URL(link.getAttribute("href"), address);
    place.append(document.importNode(found, true));
  }).catch(() => {});
}
