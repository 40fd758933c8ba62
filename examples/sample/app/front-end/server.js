const { createServer } = require("node:http");

const escapeHtml = (text) => text.replace(/[&<>"]/g, (char) => `&#${char.charCodeAt(0)};`);

/** The page for a list of products; without one, what a person can still read. */
function page(products) {
  const lines = products?.map(({ name, cents }) => `<li>${escapeHtml(name)}: ${(cents / 100).toFixed(2)}</li>`);
  const body = lines ? `<ul>${lines.join("")}</ul>` : "<p>The shop is closed: its backend does not answer.</p>";
  return `<!doctype html><title>Sample shop</title><h1>Sample shop</h1>${body}`;
}

/** Products from the backend; undefined when it does not answer. */
async function products(backendUrl, get = fetch) {
  if (!backendUrl) return undefined;
  try {
    const response = await get(new URL("/products", backendUrl), { signal: AbortSignal.timeout(2000) });
    return response.ok ? await response.json() : undefined;
  } catch {
    return undefined;
  }
}

function start(port, backendUrl) {
  const server = createServer(async (request, response) => {
    if (request.url === "/healthz") return response.end("ok");
    response.writeHead(200, { "content-type": "text/html; charset=utf-8" });
    response.end(page(await products(backendUrl)));
  });
  process.once("SIGTERM", () => server.close(() => process.exit(0)));
  return server.listen(port);
}

if (require.main === module) start(Number(process.env.PORT ?? 8080), process.env.BACKEND_URL);

module.exports = { page, products, start };
