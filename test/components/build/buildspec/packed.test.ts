import assert from "node:assert/strict";
import { renderBuildspec } from "../../../../components/build/buildspec/buildspec";
import { BUILDSPEC_MAX, packedCommands, unpacked } from "../../../../components/build/buildspec/packed";
import { runBuildspec } from "../../../support/shell";

const SCRIPT = `# it's "odd" $HOME \\ \`x\`
printf '%s\\n' "ü \\\\ \`printf x\`"
exit 3`;
const packed = (script: string) =>
  renderBuildspec({ phases: { build: { commands: packedCommands("say.sh", script, "look there") } } });

describe("packedCommands", () => {
  it("runs the script as it is, and fails as it does", () => {
    const { status, output, files } = runBuildspec(packed(SCRIPT));
    assert.equal(status, 3);
    assert.match(output, /^ü \\ x$/m);
    assert.deepEqual(Object.keys(files), ["say.sh"]);
  });

  it("can be read again, as it stands in the buildspec", () => {
    const plain = renderBuildspec({ phases: { build: { commands: [`${SCRIPT}\n`, "bash say.sh # look there"] } } });
    assert.equal(unpacked(packed(SCRIPT)), plain);
    assert.equal(unpacked(plain), plain);
  });

  it("gives the same bytes whenever and wherever it is packed", () => {
    const [command = ""] = packedCommands("say.sh", "a".repeat(50), "");
    assert.match(command, /\nH4sIAAAAAAACA0skGXABAKjcJBwzAAAA\nEND$/);
  });

  it("makes room for what would not fit", () => {
    const long = Array.from({ length: 1_000 }, (_, line) => `printf 'the words of line %s\\n' ${line}`).join("\n");
    assert.ok(long.length > BUILDSPEC_MAX);
    assert.ok(packed(long).length < BUILDSPEC_MAX);
  });
});
