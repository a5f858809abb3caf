import { parseJson, property, stringProperty } from '../../formats/json.ts';

/** The logging driver of a Docker container and, for those that write files, what they may grow to. */
export interface DockerLogConfig {
  readonly driver: string;
  /** Bytes, Infinity when nothing bounds them. */
  readonly limit: number;
}

/** Bytes after which the driver `local` rotates, and files that it keeps (moby, daemon/logger/local). */
const LOCAL_SIZE = 20 * 1024 ** 2;
const LOCAL_FILES = 5;

/**
 * `LogConfig` of a container's hostconfig.json: `{"Type": "json-file", "Config": {"max-file": "3", "max-size": "1m"}}`.
 * It holds what is in force: Docker copied the daemon's defaults into it when the container was created.
 *
 * `json-file` never rotates without `max-size` and keeps one file unless `max-file` says more (moby,
 * daemon/logger/jsonfilelog). Of what other drivers send away, `local` keeps a copy, whose options begin with `cache-`
 * (moby, daemon/logger/loggerutils/cache).
 */
export function parseLogConfig(text: string): DockerLogConfig {
  const config = property(parseJson(text), 'LogConfig');
  const driver = stringProperty(config, 'Type');
  if (driver === undefined) throw new Error('LogConfig.Type is missing');
  const options = property(config, 'Config');
  const isOwn = driver === 'json-file' || driver === 'local';
  const option = (name: string) => stringProperty(options, isOwn ? name : `cache-${name}`);
  const maxSize = option('max-size');
  const maxFile = Number.parseInt(option('max-file') ?? '', 10);
  const size = maxSize === undefined ? undefined : parseHumanSize(maxSize);
  if (driver !== 'json-file') return { driver, limit: (size ?? LOCAL_SIZE) * (maxFile > 0 ? maxFile : LOCAL_FILES) };
  return { driver, limit: size === undefined ? Number.POSITIVE_INFINITY : size * (maxFile > 0 ? maxFile : 1) };
}

const SUFFIXES = ['', 'k', 'm', 'g', 't', 'p'];

/**
 * Bytes of `1m`, `1.5 GB`, `100`: decimal, as Docker reads `max-size` (docker/go-units, FromHumanSize).
 * Undefined for a number that is not above zero, which Docker takes for no limit.
 */
export function parseHumanSize(text: string): number | undefined {
  if (text.trim() === '-1') return undefined;
  const match = /^(\d+(?:\.\d+)?) ?([kmgtp])?i?b?$/i.exec(text.trim());
  if (!match) throw new Error('max-size: not a size');
  const bytes = Math.floor(Number(match[1]) * 1000 ** SUFFIXES.indexOf((match[2] ?? '').toLowerCase()));
  return bytes > 0 ? bytes : undefined;
}
