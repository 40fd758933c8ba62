/** What AWS answers to a call that it does not carry out. */
export class AwsError extends Error {
  constructor(
    /** For example `AccessDeniedException`. */
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}
