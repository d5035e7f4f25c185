/** One request of a scenario. In a body, "$uid" and "$resourceVersion" stand for what the server gave its stored object. */
export interface FuzzRequest {
  readonly method: 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  /** The content type. */
  readonly type: string;
  readonly body: unknown;
}

/** What is asked for: a setting that takes effect, then attempts that do not. */
export interface Scenario {
  readonly number: number;
  readonly setup: readonly FuzzRequest[];
  readonly attempts: readonly FuzzRequest[];
  /** Takes away what the setting made. */
  readonly cleanup: readonly FuzzRequest[];
}

/** An answer without what no two servers share. */
export interface Answer {
  readonly status: number;
  readonly warnings: readonly string[];
  readonly body: unknown;
}

/** A server, or what stands for one. */
export interface Target {
  /** Answers; keeps what the answers to `setup` requests tell for the placeholders of the same scenario. */
  send(request: FuzzRequest, memory: Memory): Promise<Answer>;
}

/** What the stored object of a scenario got from one server. */
export type Memory = Map<'$uid' | '$resourceVersion', string>;
