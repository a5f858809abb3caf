import type { ServerResponse } from 'node:http';

/** Answers a request in another way than the server would; `proceed` lets it answer as usual. */
export type Fault = (response: ServerResponse, proceed: () => void) => void;

/** Faults that requests are going to meet, one each. */
export class FaultQueue {
  readonly #faults = new Map<string, Fault[]>();

  /** The next requests of this kind meet these faults, one after the other. */
  add(kind: string, faults: readonly Fault[]): void {
    this.#faults.set(kind, [...(this.#faults.get(kind) ?? []), ...faults]);
  }

  take(kind: string): Fault | undefined {
    return this.#faults.get(kind)?.shift();
  }
}

/** A Status object, as the API server answers when it refuses (meta/v1, Status). */
export function status(code: number, reason: string, message: string): object {
  return { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message, reason, code };
}

/** Refuses with a Status. */
export function refusal(
  code: number,
  reason: string,
  message: string,
  headers: Readonly<Record<string, string>> = {},
): (response: ServerResponse) => void {
  return (response) => {
    response.writeHead(code, { 'content-type': 'application/json', ...headers });
    response.end(JSON.stringify(status(code, reason, message)));
  };
}

/** Answers with a text of any kind. */
export function text(code: number, body: string): Fault {
  return (response) => {
    response.writeHead(code, { 'content-type': 'text/plain' }).end(body);
  };
}

/** Never answers. */
export const silence: Fault = () => {};

/** Begins an answer and never ends it. */
export const stall = (response: ServerResponse): void => {
  response.writeHead(200, { 'content-type': 'application/json' });
  response.write('{"kind":"List","items":[');
};

/** Begins an answer and closes the connection. */
export const cutOff: Fault = (response) => {
  stall(response);
  response.socket?.end();
};

/** Closes the connection without an answer. */
export const hangUp: Fault = (response) => {
  response.socket?.destroy();
};
