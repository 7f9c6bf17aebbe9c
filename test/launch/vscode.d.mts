// For the end-to-end tests, which are TypeScript.
export interface Server {
  readonly url: string;
  readonly port: number;
  /** The end of what it printed so far. */
  output(): string;
  /** Ends it and all its processes, and deletes its temporary folders. */
  stop(): Promise<void>;
}
export function startPersonServer(options: {
  vsix: string;
  settings?: Record<string, unknown>;
  port?: number;
  profile?: string;
}): Promise<Server>;
