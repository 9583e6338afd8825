// The service worker. It keeps the product's own files and the page «Ikke nett», which is the same for everybody,
// and nothing else: no page of a signed-in user is ever kept, and no answer that says no-store.
const CACHE = `fagbrev-${self.TOLD.version}`;
const KEPT = new Set([...self.TOLD.files, self.TOLD.offline]);

const fetchedForAll = async (cache, url) => {
  const answer = await fetch(url, { credentials: "omit", cache: "no-cache" });
  if (!answer.ok || (answer.headers.get("Cache-Control") ?? "").includes("no-store")) throw new Error(`not kept: ${url}`);
  await cache.put(url, answer);
};

self.addEventListener("install", (event) => {
  event.waitUntil((async () => {
    const cache = await caches.open(CACHE);
    await Promise.all([...KEPT].map((url) => fetchedForAll(cache, url)));
    await self.skipWaiting();
  })());
});

self.addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    for (const name of await caches.keys()) if (name.startsWith("fagbrev-") && name !== CACHE) await caches.delete(name);
    await self.clients.claim();
  })());
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET") return;
  if (request.mode === "navigate") {
    event.respondWith(fetch(request).catch(async () => (await caches.match(self.TOLD.offline)) ?? Response.error()));
    return;
  }
  const path = new URL(request.url).pathname;
  if (new URL(request.url).origin === self.location.origin && KEPT.has(path)) {
    event.respondWith(fetch(request).catch(async () => (await caches.match(path)) ?? Response.error()));
  }
});
