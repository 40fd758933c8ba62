const { createServer } = require("node:http");

const PRODUCTS = [
  { id: 1, name: "Tea", cents: 450 },
  { id: 2, name: "Coffee", cents: 620 },
];

/** What the backend answers: a status and a JSON body. */
function answer(method, path) {
  if (method !== "GET") return { status: 405, body: { error: "only GET" } };
  if (path === "/healthz") return { status: 200, body: { status: "ok" } };
  if (path === "/products") return { status: 200, body: PRODUCTS };
  const [, id] = /^\/products\/(\d+)$/.exec(path) ?? [];
  const product = PRODUCTS.find((one) => one.id === Number(id));
  return product ? { status: 200, body: product } : { status: 404, body: { error: `no ${path}` } };
}

function start(port) {
  const server = createServer((request, response) => {
    const { status, body } = answer(request.method, new URL(request.url, "http://localhost").pathname);
    response.writeHead(status, { "content-type": "application/json" });
    response.end(JSON.stringify(body));
  });
  // ECS sends SIGTERM and waits: requests that have begun are answered.
  process.once("SIGTERM", () => server.close(() => process.exit(0)));
  return server.listen(port);
}

if (require.main === module) start(Number(process.env.PORT ?? 8080));

module.exports = { answer, start };
