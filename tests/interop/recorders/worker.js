// passes everything on; what is to be kept is answered from its own cache from the second time on
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("fetch", (event) => {
  if (event.request.headers.get("x-front") === null) return;
  event.respondWith((async () => {
    if (event.request.headers.get("x-front") !== "kept") return fetch(event.request);
    const cache = await caches.open("kept");
    const found = await cache.match(event.request);
    if (found) return found;
    const answer = await fetch(event.request);
    await cache.put(event.request, answer.clone());
    return answer;
  })());
});
