import type { Input } from "@pulumi/pulumi";
import { z } from "zod";
import type { Conditions } from "../iam/policyDocument";
import { listSetting, mapSetting, readText, setting, text } from "../settings/setting";
import { settings } from "../settings/settings";

/** An action of IAM; a star stands for several. https://docs.aws.amazon.com/service-authorization/latest/reference/ */
const ACTION = text(
  { pattern: /^[a-z0-9-]+:[A-Za-z0-9*?]+$/, max: 128, expected: "an action of IAM, like s3:GetObject" },
  { example: "s3:GetObject" },
);

const RESOURCE = text(
  {
    pattern: /^(?:\*|arn:aws[a-z-]*:[a-z0-9-]+:[a-z0-9*-]*:(?:\d{12}|aws|\*)?:\S+)$/,
    max: 2048,
    expected: "an ARN, with stars perhaps, or * where AWS has nothing narrower",
    owned: true,
  },
  { example: "arn:aws:s3:::acme-uploads/*" },
);

const OPERATOR = {
  pattern:
    /^(?:For(?:All|Any)Values:)?(?:(?:String(?:Not)?(?:Equals(?:IgnoreCase)?|Like)|(?:Numeric|Date)(?:(?:Not)?Equals|(?:Less|Greater)Than(?:Equals)?)|Bool|BinaryEquals|(?:Not)?IpAddress|Arn(?:Not)?(?:Equals|Like))(?:IfExists)?|Null)$/,
  expected: "an operator of IAM, like StringEquals",
  example: "StringEquals",
};

const CONTEXT_KEY = {
  pattern: /^[\w-]+:\S+$/,
  expected: "a key of the request's context, like aws:PrincipalOrgID",
  example: "aws:PrincipalOrgID",
};

/** One value, or several of which one is enough. */
const VALUE = setting(
  z.union([z.preprocess(readText, z.string()), z.array(z.preprocess(readText, z.string())).min(1)]),
  { expected: "a text or a list of texts" },
  { example: "" },
);

/** Calls that the application makes of AWS. */
export const PERMISSION = settings({
  /** Actions of IAM. A star stands for several; one that AWS can narrow is a finding of the preview. */
  actions: listSetting(ACTION, { min: 1, expected: "a list of actions of IAM, like [s3:GetObject]" }),
  /** ARNs of what they work on, with stars perhaps; `*` alone is for actions that AWS cannot confine. */
  resources: listSetting(RESOURCE, { min: 1, expected: "a list of ARNs" }),
  /** When it holds: operator, key, value, as in https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition.html. @default - always */
  conditions: mapSetting(OPERATOR, mapSetting(CONTEXT_KEY, VALUE)).optional(),
});

/** A managed policy, AWS's own or one of the account. */
export const MANAGED_POLICY = settings({
  /** ARN of a managed policy that says what the application may do. */
  managedPolicyArn: text(
    {
      pattern: /^arn:aws[a-z-]*:iam::(?:aws|\d{12}):policy\/(?:[\w+=,.@-]+\/)*[\w+=,.@-]{1,128}$/,
      expected: "the ARN of a managed policy",
      owned: true,
    },
    { example: "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess" },
  ),
});

/** Something that the application may do: calls by action and resource, or what a managed policy says. */
export type ApplicationPermission =
  | {
      /** Actions of IAM, like `s3:GetObject`. */
      readonly actions: readonly string[];
      /** ARNs of what they work on. */
      readonly resources: readonly Input<string>[];
      /** When it holds. @default - always */
      readonly conditions?: Conditions | undefined;
    }
  | {
      /** ARN of a managed policy. */
      readonly managedPolicyArn: Input<string>;
    };
