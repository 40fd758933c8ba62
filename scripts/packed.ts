import { readFileSync, writeFileSync } from "node:fs";
import { brotliCompressSync, brotliDecompressSync, constants } from "node:zlib";

/** Writes a value as JSON, packed: most of what graphs say stands there several times. Gives the bytes that it takes. */
export function writePacked(file: string, value: unknown): number {
  const text = Buffer.from(JSON.stringify(value));
  const { BROTLI_PARAM_LGWIN, BROTLI_MAX_WINDOW_BITS, BROTLI_PARAM_SIZE_HINT } = constants;
  const params = { [BROTLI_PARAM_LGWIN]: BROTLI_MAX_WINDOW_BITS, [BROTLI_PARAM_SIZE_HINT]: text.length };
  const packed = brotliCompressSync(text, { params });
  writeFileSync(file, packed);
  return packed.length;
}

/** What such a file has. */
export function readPacked(file: string): unknown {
  return JSON.parse(brotliDecompressSync(readFileSync(file)).toString());
}
