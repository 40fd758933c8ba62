import assert from "node:assert/strict";
import { BuildProject } from "../../components/build/buildProject";
import type { RecordedGraph } from "../../model/graph/graph";
import { roleCannot } from "../../preview/rules/roleCannot";
import { onPaper, toldBy, withInputsOf } from "../rehearse/play";
import { type Graph, recordGraph } from "../support/graph";
import { at, json, list } from "../support/read";
import { service, stackGraph } from "../support/stack";

const KEY = "arn:aws:kms:eu-west-1:111122223333:key/5ec2e7";
const OTHER = "arn:aws:kms:eu-west-1:111122223333:key/0ther";
const SECRET = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:db-a1b2c3";
const POLICY = "aws:iam/rolePolicy:RolePolicy";

const CONTAINER = { name: "api", port: 8080, secrets: { DB: `${SECRET}:password::`, TOKEN: "/qa/api/token" } };
const SERVICES = (more: object = {}) =>
  service("qa", {
    container: CONTAINER,
    parameters: { NPM_TOKEN: "/ci/npm" },
    unitTests: { commands: ["npm test"] },
    ...more,
  });
const parameter = (name: string) => `arn:aws:ssm:eu-west-1:111122223333:parameter/${name}`;

const graphOf = (changes: Record<string, unknown>): Promise<Graph> => stackGraph("qa", { changes });

/** What a role may decrypt, apart from artifacts. */
const decrypts = (graph: Graph, role: string) =>
  graph
    .statements(role)
    .filter(({ Condition }) => Object.keys(at(Condition, "StringEquals") ?? {}).some((key) => key.includes("Context")))
    .map(({ Action, Resource, Condition }) => [list(Action), list(Resource), at(Condition, "StringEquals")]);

const through = (keeper: string, name: string, ...arns: readonly string[]) => ({
  "kms:ViaService": `${keeper}.eu-west-1.amazonaws.com`,
  [`kms:EncryptionContext:${name}`]: arns,
});

describe("secretsKey", () => {
  it("lets tasks and builds decrypt their secrets, through the service that keeps them, and nothing else", async () => {
    const graph = await graphOf({ services: SERVICES(), secretsKey: { existing: KEY } });
    assert.deepEqual(decrypts(graph, "api-execution"), [
      [["kms:Decrypt"], [KEY], through("secretsmanager", "SecretARN", SECRET)],
      [["kms:Decrypt"], [KEY], through("ssm", "PARAMETER_ARN", parameter("qa/api/token"))],
    ]);
    for (const build of ["api-image", "api-unit-tests"])
      assert.deepEqual(decrypts(graph, build), [
        [["kms:Decrypt"], [KEY], through("ssm", "PARAMETER_ARN", parameter("ci/npm"))],
      ]);
    assert.deepEqual(decrypts(graph, "confirm"), []);
    assert.deepEqual(roleCannot(graph.recorded), []);
  });

  it("is said nowhere where AWS's own keys encrypt", async () => {
    const graph = await graphOf({ services: SERVICES() });
    for (const role of ["api-execution", "api-image", "api-unit-tests"]) assert.deepEqual(decrypts(graph, role), []);
  });

  it("is a service's or a test's own where they have one, and may be several", async () => {
    const graph = await graphOf({
      services: SERVICES({ secretsKey: [{ existing: OTHER }, "created"] }),
      tests: [{ name: "smoke", commands: ["x"], parameters: { T: "/ci/t" }, secretsKey: { existing: OTHER } }],
      secretsKey: { existing: KEY },
    });
    const own = graph.only("aws:kms/key:Key").outputs.arn;
    assert.deepEqual(
      decrypts(graph, "api-execution").map(([, keys]) => keys),
      [
        [OTHER, own],
        [OTHER, own],
      ],
    );
    assert.deepEqual(decrypts(graph, "smoke-test")[0]?.[1], [OTHER]);
    assert.deepEqual(roleCannot(graph.recorded), []);
  });

  it("decrypts in its own region alone", async () => {
    const far = "arn:aws:ssm:us-east-1:111122223333:parameter/far";
    const farKey = KEY.replace("eu-west-1", "us-east-1");
    const graph = await recordGraph(
      () =>
        new BuildProject("far", {
          projectName: "far",
          description: "d",
          buildspec: "{}",
          artifactStores: [],
          parameters: { FAR: far },
          secretsKeyArns: [KEY, farKey],
        }),
    );
    const condition = { "kms:ViaService": "ssm.us-east-1.amazonaws.com", "kms:EncryptionContext:PARAMETER_ARN": [far] };
    assert.deepEqual(decrypts(graph, "far"), [[["kms:Decrypt"], [farKey], condition]]);
  });

  it("covers who logs in to a registry, and the secret that tasks pull with", async () => {
    const pullSecret = SECRET.replace("db", "hub");
    const repository = {
      registry: "docker.io/acme/api",
      username: "/hub/user",
      password: "/hub/token",
      pullSecret,
    };
    const graph = await graphOf({
      services: SERVICES({ repository, parameters: undefined }),
      secretsKey: { existing: KEY },
      network: { egress: "natSingle" },
    });
    assert.deepEqual(
      decrypts(graph, "api-image").map(([, , condition]) => at(condition, "kms:EncryptionContext:PARAMETER_ARN")),
      [[parameter("hub/user"), parameter("hub/token")]],
    );
    assert.deepEqual(at(decrypts(graph, "api-execution")[0]?.[2], "kms:EncryptionContext:SecretARN"), [
      pullSecret,
      SECRET,
    ]);
    assert.deepEqual(roleCannot(graph.recorded), []);
  });

  it("says in the key that the stack makes which roles that exist read which secrets", async () => {
    const ours = (name: string) => ({ existing: name });
    const graph = await graphOf({
      services: SERVICES({ executionRole: ours("ours-execution") }),
      buildRole: ours("ours-build"),
      testRole: ours("ours-test"),
      secretsKey: "created",
    });
    const statements = list(json(graph.only("aws:kms/key:Key").inputs.policy, "Statement"));
    const said = statements.filter((one) => at(one, "Action") === "kms:Decrypt");
    const arn = (name: string) => `arn:aws:iam::111122223333:role/${name}`;
    assert.deepEqual(
      said.map((one) => [at(one, "Principal", "AWS"), at(one, "Condition", "StringEquals")]),
      [
        [arn("ours-execution"), through("secretsmanager", "SecretARN", SECRET)],
        [arn("ours-execution"), through("ssm", "PARAMETER_ARN", parameter("qa/api/token"))],
        [arn("ours-build"), through("ssm", "PARAMETER_ARN", parameter("ci/npm"))],
        [arn("ours-test"), through("ssm", "PARAMETER_ARN", parameter("ci/npm"))],
      ],
    );
  });

  it("parts what it says of many secrets, and takes no more than go into a role's policies", async () => {
    const secrets = (count: number) =>
      Object.fromEntries(Array.from({ length: count }, (_, index) => [`S${index}`, `/qa/api/secret-number-${index}`]));
    const most = await graphOf({
      services: SERVICES({ container: { ...CONTAINER, secrets: secrets(150) } }),
      secretsKey: { existing: KEY },
    });
    assert.deepEqual(roleCannot(most.recorded), []);
    await assert.rejects(
      graphOf({
        services: SERVICES({ container: { ...CONTAINER, secrets: secrets(151) } }),
        secretsKey: { existing: KEY },
      }),
      /at most 150 secrets in all containers/,
    );
  });

  describe("without the grant", () => {
    /** The graph with other conditions, or without the statements, where secrets are decrypted. */
    const planted = (graph: RecordedGraph, role: string, from: string, to: string): RecordedGraph =>
      withInputsOf(graph, POLICY, ({ policy }, { name }) =>
        name === role ? { policy: String(policy).replaceAll(from, to) } : {},
      );
    let graph: RecordedGraph;
    before(async () => {
      graph = (await graphOf({ services: SERVICES(), secretsKey: { existing: KEY } })).recorded;
    });

    it("says the preview which role lacks it, whatever of it is wrong", () => {
      for (const role of ["api-execution", "api-image"])
        for (const [from, to] of [
          [KEY, OTHER],
          ["PARAMETER_ARN", "PARAMETER"],
          ["ssm.eu-west-1", "s3.eu-west-1"],
        ] as const) {
          const [found] = roleCannot(planted(graph, role, from, to));
          assert.match(
            String(found?.message),
            new RegExp(`"${role}": may not kms:Decrypt on ${KEY}`),
            `${role} ${from}`,
          );
        }
    });

    it("ends the rehearsal where AWS would: at the start of the task, or of the build", async () => {
      const good = await onPaper([graph]);
      assert.ok(good.reached, toldBy(good));
      for (const role of ["api-execution", "api-image"]) {
        const played = await onPaper([planted(graph, role, KEY, OTHER)]);
        assert.equal(played.reached, false, role);
        assert.match(
          toldBy(played),
          new RegExp(`role/\\S*/${role}\\S* may not kms:Decrypt on ${KEY} when kms:ViaService`),
          role,
        );
      }
    });
  });
});
