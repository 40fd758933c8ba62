import { type Answer, hostsOf, idLike, textOr, zoneId } from "./asked";

const fileSystem: Answer = (asked) => {
  const id = idLike("fs", asked.hash);
  const { tags } = asked.inputs;
  // EFS has no names: what the console shows is a tag.
  const name = typeof tags === "object" && tags !== null && "Name" in tags ? textOr(tags.Name) : "";
  return {
    id,
    arn: asked.arn("elasticfilesystem", `file-system/${id}`),
    name,
    ownerId: asked.account,
    dnsName: `${id}.efs.${asked.region}.${hostsOf(asked)}`,
    availabilityZoneId: "",
    numberOfMountTargets: 0,
    sizeInBytes: [{ value: 6144, valueInIa: 0, valueInStandard: 6144 }],
  };
};

const mountTarget: Answer = (asked) => {
  const fileSystemId = textOr(asked.inputs.fileSystemId);
  const dnsName = `${fileSystemId}.efs.${asked.region}.${hostsOf(asked)}`;
  const availabilityZoneName = `${asked.region}a`;
  return {
    id: idLike("fsmt", asked.hash),
    networkInterfaceId: idLike("eni", asked.hash),
    ownerId: asked.account,
    dnsName,
    mountTargetDnsName: `${availabilityZoneName}.${dnsName}`,
    availabilityZoneName,
    availabilityZoneId: zoneId(asked.region, 1),
    fileSystemArn: asked.arn("elasticfilesystem", `file-system/${fileSystemId}`),
  };
};

const accessPoint: Answer = (asked) => {
  const id = idLike("fsap", asked.hash);
  return {
    id,
    arn: asked.arn("elasticfilesystem", `access-point/${id}`),
    ownerId: asked.account,
    fileSystemArn: asked.arn("elasticfilesystem", `file-system/${textOr(asked.inputs.fileSystemId)}`),
  };
};

/** Elastic file systems. */
export const fileSystemAnswers: Readonly<Record<string, Answer>> = {
  "aws:efs/accessPoint:AccessPoint": accessPoint,
  "aws:efs/fileSystem:FileSystem": fileSystem,
  "aws:efs/mountTarget:MountTarget": mountTarget,
};
