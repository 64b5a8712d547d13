/** What is read of a request, whatever event it came in. */
export interface RequestHead {
  /** The value of a header, its name matched case-insensitively; of several the last. */
  header(name: string): string | undefined;
}

/** What is added to a response, whatever its format. */
export interface ResponseHead {
  /** Header names and values; each replaces one of the same name. */
  readonly headers: Readonly<Record<string, string>>;
}
