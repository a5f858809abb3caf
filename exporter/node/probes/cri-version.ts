import type { Runtime } from '../containers/container.ts';

/** `RuntimeName` of each runtime, cri-dockerd's among them. */
const NAMES: Readonly<Record<string, Runtime>> = { containerd: 'containerd', 'cri-o': 'cri-o', docker: 'docker' };

/** Asks a CRI runtime over its Unix socket what it is. Undefined for any other answer; rejects as `grpcCall`. */
export async function askRuntimeName(socket: string, signal: AbortSignal): Promise<Runtime | undefined> {
  // HTTP/2 takes some megabytes in each thread that loads it, and only one asks.
  const { grpcCall } = await import('./grpc-status.ts');
  const { message } = await grpcCall(socket, '/runtime.v1.RuntimeService/Version', signal);
  return NAMES[runtimeName(message) ?? ''];
}

/** The tag of field 2, a text, and the bit that says that a length goes on in the next byte. */
const RUNTIME_NAME = 0x12;
const MORE = 0x80;

/**
 * `VersionResponse` (cri-api, runtime/v1/api.proto) has texts alone: `version = 1`, `runtime_name = 2`, … Each is a tag, a length
 * and its bytes (protobuf.dev, "Encoding"); those of up to 127 bytes have a length of one byte, and longer ones are no name.
 */
export function runtimeName(message: Buffer): string | undefined {
  for (let at = 0; at + 1 < message.length; ) {
    const [tag, length = 0] = message.subarray(at, at + 2);
    if (length >= MORE) return undefined;
    if (tag === RUNTIME_NAME) return message.toString('utf8', at + 2, at + 2 + length);
    at += 2 + length;
  }
  return undefined;
}
