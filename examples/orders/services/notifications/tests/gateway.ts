/** A server in the process of the test, which records what it is asked and answers by a table. */

import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { TestContext } from "node:test";
import { text } from "node:stream/consumers";

export interface Call {
  request: string;
  headers: Record<string, unknown>;
  body: string;
}

export interface Gateway {
  url: URL;
  calls: Call[];
}

export async function gateway(
  t: TestContext,
  answers: Record<string, [number, unknown]>,
): Promise<Gateway> {
  const calls: Call[] = [];
  const server = createServer(async (request, response) => {
    const name = `${request.method} ${request.url}`;
    calls.push({ request: name, headers: request.headers, body: await text(request) });
    const [status, body] = answers[name] ?? [404, {}];
    response.writeHead(status, { "content-type": "application/json" });
    response.end(body === undefined ? undefined : JSON.stringify(body));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => {
    server.close();
    server.closeAllConnections();
  });
  const { port } = server.address() as AddressInfo;
  return { url: new URL(`http://127.0.0.1:${port}`), calls };
}
