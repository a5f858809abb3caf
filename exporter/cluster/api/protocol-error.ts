/** The server sent something that is not a watch event. What it should have been is lost, so a new list is needed. */
export class ProtocolError extends Error {
  override readonly name = 'ProtocolError';
}
