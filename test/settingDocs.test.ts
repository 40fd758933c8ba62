import assert from "node:assert/strict";
import { parse } from "yaml";
import { defaultOf } from "../components/settings/settings";
import { settingDocs } from "../scripts/settingDocs";

describe("the comment at a setting", () => {
  const docs = [...settingDocs()];

  it("is there for every one, and says something", () => {
    assert.ok(docs.length > 60, `${docs.length} settings`);
    for (const [, { text }] of docs) assert.match(text, /^[A-Z`].*\w/);
  });

  it("names the default that the setting has", () => {
    for (const [definition, doc] of docs) {
      const said = doc.default?.startsWith("- ") ? undefined : doc.default;
      assert.deepEqual(said && parse(said), defaultOf(definition), doc.text);
      assert.equal(definition.isOptional(), doc.default !== undefined, doc.text);
    }
  });
});
