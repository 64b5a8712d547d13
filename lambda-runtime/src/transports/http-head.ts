/** What is read of a request, whatever event it came in. */
export interface RequestHead {
  /** The value of a header, its name matched case-insensitively; of several the last. */
  header(name: string): string | undefined;
  /** The cookies as they came: texts of `name=value`, one or several in each, parted by semicolons. */
  cookies(): readonly string[];
}

/** What is added to a response, whatever its format. */
export interface ResponseHead {
  /** Header names and values; each replaces one of the same name. */
  readonly headers: Readonly<Record<string, string>>;
  /** Values of `Set-Cookie`, beside those that are there. */
  readonly cookies: readonly string[];
}
