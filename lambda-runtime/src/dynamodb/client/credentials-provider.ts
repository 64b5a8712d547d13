export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
  readonly accountId?: string;
}

/** Returns the credentials of the moment: immediately if they are known, which is the rule. */
export type CredentialsProvider = (abortSignal?: AbortSignal) => Credentials | Promise<Credentials>;
