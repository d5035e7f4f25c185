import type { UserInfo } from '../../api';

/** What is asked of the authorisers. */
export interface AccessRequest {
  readonly user: UserInfo;
  readonly verb: string;
  readonly isResource: boolean;
  readonly group: string;
  readonly version?: string;
  readonly resource: string;
  readonly subresource: string;
  readonly namespace: string;
  readonly name: string;
  /** Of requests that are for no resource. */
  readonly path: string;
}

/** Whether it is allowed, and why or why not, in the authoriser's words. */
export interface Decision {
  readonly allowed: boolean;
  readonly reason: string;
}

export interface Authorizer {
  authorize(request: AccessRequest): Decision;
}
