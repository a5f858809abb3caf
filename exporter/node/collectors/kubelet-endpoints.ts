import type { RequestOptions } from 'node:https';
import { urlToHttpOptions } from 'node:url';
import { type Option, text } from '../../config/option.ts';
import { type Distribution, histogram, observe, sample } from '../../exposition/metric.ts';
import { type CollectorContext, defineCollector } from '../collector.ts';
import { readNamedByUser } from '../host/untrusted-file.ts';
import type { DaemonLookup } from '../inventory/facts.ts';
import { lookUpDaemonsInSlices, processOf } from '../inventory/lookups.ts';
import { httpStatus } from '../probes/http-status.ts';
import { timed } from '../probes/timed.ts';

/** Seconds: /metrics/cadvisor took 11 to 22 on a node whose disk was busy with a log. */
const BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 15, 20, 30, 60];

/** Seconds that an answer is waited for: more than the last bucket, so that none is told from a late one. */
const ANSWER_TIMEOUT_SECONDS = 61;

export const duration = histogram(
  'foreshock_kubelet_endpoint_duration_seconds',
  'Seconds until an endpoint of the kubelet has answered, up to the last byte.',
  BUCKETS,
  ['endpoint'],
);

/** A certificate authority may be a bundle of those of the whole system. */
const MAX_CREDENTIAL_BYTES = 1024 ** 2;

const options = {
  'healthz-url': urlOption(
    'http://127.0.0.1:10248/healthz',
    "URL of the kubelet's /healthz, requested if a kubelet runs (empty = not requested).",
  ),
  'cadvisor-url': urlOption(
    '',
    "URL of the kubelet's /metrics/cadvisor, such as https://127.0.0.1:10250/metrics/cadvisor; for each request the " +
      'kubelet collects all containers (default: not requested).',
  ),
  'token-file': text(
    '',
    'File, as the exporter sees it, with a bearer token for https URLs; its account must be allowed to get ' +
      'nodes/metrics. Without ca-file it is sent to whatever server answers.',
  ),
  'ca-file': text(
    '',
    "File, as the exporter sees it, with the certificate authority for https URLs. Without it the kubelet's certificate, " +
      'usually self-signed, is not verified.',
  ),
};

type Context = CollectorContext<typeof options>;

/** Seconds between questions for /metrics/cadvisor: a minute but for runs that do not begin on the dot. */
const CADVISOR_INTERVAL_SECONDS = 55;

interface Endpoint {
  readonly endpoint: '/healthz' | '/metrics/cadvisor';
  readonly url: string;
  /** What to look at when it is not answered as it should be. */
  readonly remedy: string;
}

/** What became of a question: how long its answer took, or why that is not known. */
interface Outcome {
  readonly endpoint: Endpoint['endpoint'];
  /** When it was asked, in seconds by the monotonic clock. */
  readonly at: number;
  readonly seconds?: number;
  readonly fault?: { readonly about: string; readonly message: string };
}

interface State {
  readonly daemons: DaemonLookup;
  /** The last question for /metrics/cadvisor: what is wrong with it is so in the runs that do not ask, too. */
  readonly cadvisor: Outcome | undefined;
  readonly durations: ReadonlyMap<Endpoint['endpoint'], Distribution>;
}

/** Apart from `runtime`, as an answer may take a minute, for which no ping shall wait. */
export const kubeletEndpoints = defineCollector({
  name: 'kubelet_endpoints',
  help: "the response times of the kubelet's endpoints",
  description:
    '/healthz is requested every 15 s if a kubelet runs, /metrics/cadvisor once a minute if ' +
    '`--collector.kubelet_endpoints.cadvisor-url` is set, and nothing is requested again before all answers have ' +
    `come. An answer that takes more than ${ANSWER_TIMEOUT_SECONDS} s is not waited for and counts above all buckets.`,
  metrics: [duration],
  options,
  schedule: '*/15 * * * * *',
  timeoutSeconds: 90,
  nonBlocking: true,

  async collect(context, previous: State | undefined) {
    const daemons = await lookUpDaemonsInSlices(context, previous?.daemons);
    const isKubeletRunning = processOf(daemons, 'kubelet') !== undefined;
    if (!isKubeletRunning) context.absent('a kubelet');
    const endpoints = dueEndpoints(context, isKubeletRunning, previous?.cadvisor);
    const outcomes = await Promise.all(endpoints.map((endpoint) => ask(endpoint, context)));
    const cadvisor = outcomes.find(({ endpoint }) => endpoint === '/metrics/cadvisor') ?? previous?.cadvisor;
    const durations = new Map(previous?.durations);
    for (const { endpoint, seconds } of outcomes) {
      if (seconds !== undefined) durations.set(endpoint, observe(BUCKETS, durations.get(endpoint), seconds));
    }
    for (const { fault } of new Set([...outcomes, ...(cadvisor ? [cadvisor] : [])])) {
      if (fault) context.fault(fault.about, fault.message);
    }
    const samples = [...durations].map(([endpoint, distribution]) => sample(duration, distribution, { endpoint }));
    return { samples, state: { daemons, cadvisor, durations } };
  },
});

function urlOption(defaultValue: string, help: string): Option<string> {
  return text(defaultValue, help, (value) =>
    value === '' || isPlainUrl(value) ? undefined : 'must be an http or https URL without user and password',
  );
}

function isPlainUrl(value: string): boolean {
  if (!URL.canParse(value)) return false;
  const { protocol, username, password } = new URL(value);
  return /^https?:$/.test(protocol) && username === '' && password === '';
}

function dueEndpoints(
  { options, now }: Context,
  isKubeletRunning: boolean,
  lastCadvisor: Outcome | undefined,
): Endpoint[] {
  const healthz: Endpoint = {
    endpoint: '/healthz',
    url: options['healthz-url'],
    remedy:
      "is the exporter in the host's network (--network=host, hostNetwork), and " +
      "--collector.kubelet_endpoints.healthz-url at the kubelet's healthzPort?",
  };
  const cadvisor: Endpoint = {
    endpoint: '/metrics/cadvisor',
    url: options['cadvisor-url'],
    remedy:
      "is the exporter in the host's network, and the token of --collector.kubelet_endpoints.token-file that of an " +
      'account that may get nodes/metrics?',
  };
  const isDue = !lastCadvisor || now() - lastCadvisor.at >= CADVISOR_INTERVAL_SECONDS;
  return [...(isKubeletRunning ? [healthz] : []), ...(isDue ? [cadvisor] : [])].filter(({ url }) => url !== '');
}

async function ask({ endpoint, url, remedy }: Endpoint, context: Context): Promise<Outcome> {
  const at = context.now();
  try {
    const request = urlToHttpOptions(new URL(url)) as RequestOptions;
    const isSecure = request.protocol === 'https:';
    return {
      endpoint,
      at,
      seconds: await probe({ ...request, ...(isSecure && (await credentials(context))) }, ANSWER_TIMEOUT_SECONDS),
    };
  } catch (error) {
    return { endpoint, at, fault: { about: url, message: `${(error as Error).message}; ${remedy}` } };
  }
}

/**
 * Seconds that an answer took, or until it was given up. A failure of the kubelet (status 500) is an answer too; a
 * redirect or refusal (300 to 499) tells nothing about the time that an answer takes.
 */
export async function probe(request: RequestOptions, timeoutSeconds: number): Promise<number> {
  const { answer, seconds } = await timed(timeoutSeconds, (signal) => httpStatus(request, signal));
  if (answer !== undefined && answer >= 300 && answer < 500) throw new Error(`unexpected status ${answer}`);
  return seconds;
}

/**
 * Files are read at each question, as tokens are replaced. There is no limit on that time: a read on a hung disk holds
 * one of the process's few threads for files, and must not be followed by another one.
 */
async function credentials({ options, progress }: Context): Promise<RequestOptions> {
  const [token, ca] = await Promise.all(
    [options['token-file'], options['ca-file']].map((path) => {
      if (path === '') return undefined;
      progress(path);
      return readNamedByUser(path, MAX_CREDENTIAL_BYTES);
    }),
  );
  return {
    ...(token !== undefined && { headers: { authorization: `Bearer ${token.trim()}` } }),
    ...(ca === undefined ? { rejectUnauthorized: false } : { ca }),
  };
}
