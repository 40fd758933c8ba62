import assert from "node:assert/strict";
import {
  FARGATE_CPU,
  FARGATE_MEMORY_MIB,
  fargateSizeProblem,
  JVM_MINIMUM_MEMORY,
  nearestFargateMemory,
} from "../../../components/service/fargate";

describe("Fargate's sizes", () => {
  // https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html#fargate-tasks-size
  const documented: [cpu: number, least: number, most: number, count: number][] = [
    [256, 512, 2048, 3],
    [512, 1024, 4096, 4],
    [1024, 2048, 8192, 7],
    [2048, 4096, 16_384, 13],
    [4096, 8192, 30_720, 23],
    [8192, 16_384, 61_440, 12],
    [16_384, 32_768, 122_880, 12],
    [32_768, 61_440, 249_856, 3],
  ];

  it("are the documented ones", () => {
    const table = FARGATE_CPU.map((cpu) => {
      const sizes = FARGATE_MEMORY_MIB[cpu] ?? [];
      return [cpu, sizes[0], sizes.at(-1), sizes.length];
    });
    assert.deepEqual(table, documented);
  });

  it("go together in these pairs only, and the message names what would", () => {
    assert.equal(fargateSizeProblem(256, 2048), undefined);
    assert.equal(fargateSizeProblem(256, 3072), "memory 3072 MiB does not go with cpu 256; use 512, 1024, 2048");
    assert.equal(fargateSizeProblem(1024, 512), "memory 512 MiB does not go with cpu 1024; use 2048, 3072 ... 8192");
    assert.match(fargateSizeProblem(300, 512) ?? "", /^cpu 300 is no Fargate size; use 256, 512, .*32768$/);
  });

  it("leave room for a JVM at every CPU size", () => {
    for (const cpu of FARGATE_CPU) {
      const memory = nearestFargateMemory(cpu, JVM_MINIMUM_MEMORY);
      assert.ok(memory >= JVM_MINIMUM_MEMORY);
      assert.equal(fargateSizeProblem(cpu, memory), undefined);
    }
  });

  it("are found near what was asked for: the next larger one, or the largest", () => {
    assert.equal(nearestFargateMemory(512, 1500), 2048);
    assert.equal(nearestFargateMemory(512, 9999), 4096);
    assert.equal(nearestFargateMemory(300, 700), 700);
  });
});
