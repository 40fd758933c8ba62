import { mapOf, textOf } from "../../graph/read";
import { arnOf, label, ofType, physicalName, TYPES } from "../../graph/resources";
import type { AwsRule } from "./rule";
import { CAPACITY, providersOf } from "./services";

const isProtected: AwsRule = {
  name: "protected",
  page: "https://www.pulumi.com/docs/iac/concepts/resources/options/protect/",
  refuses: ({ step }) => {
    if ((step.before ?? step.replacing)?.protect !== true) return undefined;
    if (step.replaces) return "it is protected, so pulumi up refuses to replace it";
    return step.kind === "delete" ? "it is protected, so pulumi up refuses to delete it" : undefined;
  },
};

const repositoryNotEmpty: AwsRule = {
  name: "repository-not-empty",
  page: "https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_DeleteRepository.html",
  refuses: ({ step, resource, environment }) =>
    step.kind === "delete" &&
    resource.type === TYPES.repository &&
    resource.inputs.forceDelete !== true &&
    environment.images.some(({ repository }) => repository.endsWith(`/${physicalName(resource)}`))
      ? "it has images, and AWS deletes only what is empty"
      : undefined,
};

const bucketNotEmpty: AwsRule = {
  name: "bucket-not-empty",
  page: "https://docs.aws.amazon.com/AmazonS3/latest/userguide/delete-bucket.html",
  refuses: ({ step, resource }) =>
    step.kind === "delete" && resource.type === TYPES.bucket && resource.inputs.forceDestroy !== true
      ? "it has objects, and AWS deletes only what is empty"
      : undefined,
};

const clusterInUse: AwsRule = {
  name: "cluster-in-use",
  page: "https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeleteCluster.html",
  refuses: ({ step, resource, environment }) => {
    if (step.kind !== "delete" || resource.type !== TYPES.cluster) return undefined;
    const user = ofType(environment, TYPES.service).find(({ inputs }) => inputs.cluster === arnOf(resource));
    return user && `${label(user)} is still in it`;
  },
};

const capacityInUse: AwsRule = {
  name: "capacity-provider-in-use",
  page: "https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_PutClusterCapacityProviders.html",
  refuses: ({ step, resource, environment }) => {
    if (step.kind !== "delete" || resource.type !== CAPACITY) return undefined;
    const user = ofType(environment, TYPES.service).find(
      (service) =>
        textOf(service.inputs.cluster)?.endsWith(`/${String(resource.inputs.clusterName)}`) &&
        providersOf({ resource: service }).length > 0,
    );
    return user && `${label(user)} still asks for a capacity provider of it`;
  },
};

const namespaceInUse: AwsRule = {
  name: "namespace-in-use",
  page: "https://docs.aws.amazon.com/cloud-map/latest/api/API_DeleteNamespace.html",
  refuses: ({ step, resource, environment }) => {
    if (step.kind !== "delete" || resource.type !== "aws:servicediscovery/httpNamespace:HttpNamespace")
      return undefined;
    const user = ofType(environment, TYPES.service).find(
      ({ inputs }) => mapOf(inputs.serviceConnectConfiguration).namespace === arnOf(resource),
    );
    return user && `${label(user)} is still found in it`;
  },
};

/** What is not deleted while it is used, holds something, or is protected. */
export const DELETION_RULES: readonly AwsRule[] = [
  isProtected,
  repositoryNotEmpty,
  bucketNotEmpty,
  clusterInUse,
  capacityInUse,
  namespaceInUse,
];
