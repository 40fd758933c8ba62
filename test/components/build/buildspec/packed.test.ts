import assert from "node:assert/strict";
import { beforeDeploymentBuildspec } from "../../../../components/build/buildspec/beforeDeployment";
import { renderBuildspec } from "../../../../components/build/buildspec/buildspec";
import { confirmDeliveryBuildspec } from "../../../../components/build/buildspec/confirmDelivery";
import { imageDefinitions, imageDetail } from "../../../../components/build/buildspec/deploymentFiles";
import { dockerImageBuildspec } from "../../../../components/build/buildspec/dockerImage";
import { BUILDSPEC_MAX, packedCommands, unpacked } from "../../../../components/build/buildspec/packed";
import { promoteImageBuildspec } from "../../../../components/build/buildspec/promoteImage";
import { resolveImageBuildspec } from "../../../../components/build/buildspec/resolveImage";
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

  it("leaves room in everything that is generated", () => {
    const buildFiles = [imageDefinitions, imageDetail];
    const generated = {
      confirm: confirmDeliveryBuildspec({ inRole: true }),
      release: promoteImageBuildspec({ buildFiles }),
      image: dockerImageBuildspec({ buildFiles }),
      resolve: resolveImageBuildspec({ buildFiles }),
      before: beforeDeploymentBuildspec(),
    };
    for (const [name, text] of Object.entries(generated))
      assert.ok(text.length < BUILDSPEC_MAX, `${name}: ${text.length}`);
  });
});
