import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { runServer, type ServerProcess } from '../server-process.ts';

/** A Prometheus server and its HTTP API. */
export interface PrometheusServer extends ServerProcess {
  /** The `data` that its HTTP API gives for a path such as `query?query=up`. */
  api<Data>(path: string): Promise<Data>;
  /** The value of an expression that gives one sample at most. */
  value(expression: string): Promise<number | undefined>;
}

/** Starts Prometheus, which scrapes one target every second, with its data in a temporary directory; it ends with the test. */
export async function startPrometheus(t: TestContext, target: URL): Promise<PrometheusServer> {
  const directory = mkdtempSync(join(tmpdir(), 'foreshock-prometheus-'));
  const targets = { targets: [target.host] };
  const job = { job_name: 'foreshock', scrape_interval: '1s', scrape_timeout: '1s', static_configs: [targets] };
  const server = await prometheusIn(directory, { scrape_configs: [job] });
  t.after(async () => {
    await server.stop();
    rmSync(directory, { recursive: true, force: true });
  });
  return server;
}

/** Starts Prometheus on what the folder `data` of a directory holds. */
export async function prometheusIn(
  directory: string,
  config: object,
  flags: readonly string[] = [],
): Promise<PrometheusServer> {
  const file = join(directory, 'prometheus.yml');
  // JSON is YAML too.
  writeFileSync(file, JSON.stringify(config));
  const args = (address: string) => [
    `--config.file=${file}`,
    `--storage.tsdb.path=${directory}/data`,
    `--web.listen-address=${address}`,
    ...flags,
  ];
  const server = await runServer('prometheus', args, '/-/ready');
  return { ...server, ...client(`${server.url}/api/v1/`) };
}

function client(base: string): Pick<PrometheusServer, 'api' | 'value'> {
  const api = async <Data>(path: string) => {
    const answer = (await (await fetch(base + path)).json()) as { status: string; data: Data };
    if (answer.status !== 'success') throw new Error(JSON.stringify(answer));
    return answer.data;
  };
  const value = async (expression: string) => {
    const query = `query?query=${encodeURIComponent(expression)}`;
    const { result } = await api<{ result: { value: [number, string] }[] }>(query);
    if (result.length > 1) throw new Error(`${expression} has ${result.length} samples`);
    return result[0] && Number(result[0].value[1]);
  };
  return { api, value };
}
