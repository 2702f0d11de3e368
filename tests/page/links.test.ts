import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { safeHref, safeImage } from "../../www/src/links.ts";

interface Row {
  id: string;
  cat: string;
  surface: string;
  input: unknown;
  expect: string;
}

const path = process.env["HOSTILE_INPUTS"] ?? join(process.cwd(), "tests", "vectors", "hostile-inputs.jsonl");
const rows: Row[] = readFileSync(path, "utf8").split("\n").filter((line) => line.trim()).map((line) => JSON.parse(line));

test("every hostile address of the corpus is a link exactly where the corpus says so", () => {
  const addresses = rows.filter(({ cat, surface, input }) => cat === "link-url" && surface === "card.action.url" && typeof input === "string");
  assert.ok(addresses.length > 50);
  for (const { id, input, expect } of addresses) {
    assert.equal(safeHref(input as string), expect.startsWith("link:") ? expect.slice("link:".length) : undefined, id);
  }
});

test("a picture is loaded from the platform only", () => {
  const live = { domain: "mypurecloud.ie", endpoint: "" };
  assert.equal(safeImage("https://api.mypurecloud.ie/a.png", live), "https://api.mypurecloud.ie/a.png");
  for (const address of ["http://api.mypurecloud.ie/a.png", "https://evil.example/a.png", "https://evilmypurecloud.ie/a.png", "data:image/png;base64,x"]) {
    assert.equal(safeImage(address, live), undefined, address);
  }
  const own = { domain: "", endpoint: "http://127.0.0.1:8080" };
  assert.equal(safeImage("http://127.0.0.1:8080/a.png", own), "http://127.0.0.1:8080/a.png");
  assert.equal(safeImage("https://evil.example/a.png", own), undefined);
  assert.equal(safeImage("http://127.0.0.1:9090/a.png", own), undefined);
  assert.equal(safeImage("https:///a.png", { domain: "", endpoint: "" }), undefined);
});
