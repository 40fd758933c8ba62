import type { Input, Output } from "@pulumi/pulumi";
import * as pulumi from "@pulumi/pulumi";

/**
 * A message that chat clients show, and an e-mail in between: title and text.
 * https://docs.aws.amazon.com/chatbot/latest/adminguide/custom-notifs.html
 */
export function chatMessage(title: Input<string>, description: Input<string>): Output<string> {
  return pulumi.jsonStringify({
    version: "1.0",
    source: "custom",
    content: { textType: "client-markdown", title, description },
  });
}
