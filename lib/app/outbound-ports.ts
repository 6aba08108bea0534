// What is told to marketplaces, as the use cases see it.
export interface OutboundRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export type OutboundOutcome =
  | { readonly as: 'taken' }
  | { readonly as: 'failed'; readonly retryAfterMs?: number };

export interface OutboundHttp {
  /** What is wrong with an address before it is known where it leads; where it leads is checked at every call. */
  readonly findFault: (url: string) => string | undefined;
  /** Answers what became of it; a side that can't be reached is an outcome, too. */
  readonly post: (request: OutboundRequest) => Promise<OutboundOutcome>;
}
