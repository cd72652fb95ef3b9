/** The health endpoints; the service has no others. */

import { createServer, type Server } from "node:http";

export function healthServer(ready: () => boolean): Server {
  const server = createServer((request, response) => {
    const [status, body] = answer(request.method, request.url, ready);
    response.writeHead(status, { "content-type": "application/json" });
    response.end(JSON.stringify({ status: body }));
  });
  server.requestTimeout = 5_000;
  server.keepAliveTimeout = 5_000;
  return server;
}

function answer(
  method: string | undefined,
  path: string | undefined,
  ready: () => boolean,
): [number, string] {
  if (method !== "GET") {
    return [405, "method not allowed"];
  }
  switch (path) {
    case "/health/live":
      return [200, "ok"];
    case "/health/ready":
      return ready() ? [200, "ok"] : [503, "unavailable"];
    default:
      return [404, "not found"];
  }
}
