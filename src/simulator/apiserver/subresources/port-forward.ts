import { type ApiResponse, StatusError, type StreamFrame } from '../../api';
import { Channel, type Kernel, type Task, utf8Encode } from '../../kernel';
import type { ByteConnection, KubeletEndpoint } from '../nodes';

/**
 * Forwards ports of a Pod: channel 2·i carries the data of the i-th port, 2·i+1 what went wrong with it. Each data
 * channel is one TCP connection, opened with its first frame.
 */
 
export function* forwardPorts(kernel: Kernel, kubelet: KubeletEndpoint, namespace: string, pod: string, ports: readonly number[]): Task<ApiResponse> {
  const input = new Channel<StreamFrame>();
  const output = new Channel<StreamFrame>();
  kernel.spawn(`port-forward ${namespace}/${pod}`, serve(kernel, kubelet, namespace, pod, ports, input, output), null);
  return { status: 101, connection: { input, output } };
}

function* serve(kernel: Kernel, kubelet: KubeletEndpoint, namespace: string, pod: string, ports: readonly number[], input: Channel<StreamFrame>, output: Channel<StreamFrame>): Task {
  const open = new Map<number, ByteConnection>();
  for (let frame = yield* input.receive(); frame !== undefined; frame = yield* input.receive()) {
    const { channel, data, end } = frame;
    const port = ports[channel / 2];
    if (port === undefined) continue;
    let connection = open.get(channel);
    if (connection === undefined) {
      try {
        connection = yield* kubelet.portForward(namespace, pod, port);
      } catch (error) {
        if (!(error instanceof StatusError)) throw error;
        output.send({ channel: channel + 1, data: utf8Encode(`error forwarding port ${port} to pod ${pod}, uid : ${error.message}`), end: true });
        continue;
      }
      open.set(channel, connection);
      kernel.spawn(`port-forward ${port} answers`, pump(connection, channel, output));
    }
    if (data.length > 0) yield* connection.write(data);
    if (end) connection.end();
  }
  for (const connection of open.values()) connection.close();
  output.close();
}

function* pump(connection: ByteConnection, channel: number, output: Channel<StreamFrame>): Task {
  for (let data = yield* connection.read(); data !== undefined; data = yield* connection.read()) output.send({ channel, data });
  output.send({ channel, data: new Uint8Array(), end: true });
}
