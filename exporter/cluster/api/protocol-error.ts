/** What the server sent is no watch event. What stands at that place cannot be had: only a new list leads past it. */
export class ProtocolError extends Error {
  override readonly name = 'ProtocolError';
}
