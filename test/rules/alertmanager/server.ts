import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { until } from '../../exporter-process.ts';
import { startServer } from '../../server-process.ts';
import { type Labels, TEMPLATES } from './pack.ts';

/** An alert as Prometheus sends it; without an end it fires. */
export interface PostedAlert {
  readonly labels: Labels;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly endsAt?: string;
  readonly generatorURL?: string;
}

/** A cause and its symptom that no test uses. */
const CAUSE = { alertname: 'TestCause', explains_logs_grow: 'true', severity: 'critical', node: 'n' };
const SYMPTOM = { alertname: 'TestSymptom', symptom: 'logs_grow', severity: 'warning', node: 'n' };

/** A running Alertmanager. */
export class Alertmanager {
  readonly url: string;
  #posted = 0;

  private constructor(url: string) {
    this.url = url;
  }

  /** Starts one with this configuration and the templates of the pack; it ends with the test. */
  static async start(t: TestContext, configuration: object): Promise<Alertmanager> {
    const args = (address: string, directory: string) => {
      // JSON is YAML too.
      writeFileSync(join(directory, 'alertmanager.yaml'), JSON.stringify(configuration));
      writeFileSync(join(directory, 'foreshock.tmpl'), TEMPLATES);
      return [
        `--config.file=${directory}/alertmanager.yaml`,
        `--storage.path=${directory}/data`,
        `--web.listen-address=${address}`,
        // No peers.
        '--cluster.listen-address=',
      ];
    };
    return new Alertmanager(await startServer(t, 'prometheus-alertmanager', args, '/-/ready'));
  }

  /** Posts alerts, and resolves when Alertmanager has applied what they mute. */
  async post(alerts: readonly PostedAlert[]): Promise<void> {
    this.#posted += 1;
    const cluster = `posted-${this.#posted}`;
    // It handles one alert after the other: when the last one mutes, the others do too.
    const last = [{ labels: { ...SYMPTOM, cluster } }, { labels: { ...CAUSE, cluster } }];
    const response = await fetch(`${this.url}/api/v2/alerts`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify([...alerts, ...last]),
    });
    if (!response.ok) throw new Error(`${response.status}: ${await response.text()}`);
    await until(
      () => this.muted({ cluster }),
      (names) => names.includes(SYMPTOM.alertname),
      20,
    );
  }

  /** Names of the alerts with these labels that others mute, sorted. */
  async muted(labels: Labels): Promise<string[]> {
    const filters = Object.entries(labels).map(([name, value]) => `filter=${encodeURIComponent(`${name}="${value}"`)}`);
    const response = await fetch(`${this.url}/api/v2/alerts?${filters.join('&')}`);
    const alerts = (await response.json()) as { labels: Labels; status: { inhibitedBy: string[] } }[];
    return alerts
      .flatMap(({ labels, status }) => (status.inhibitedBy.length > 0 ? (labels.alertname ?? '') : []))
      .sort();
  }
}
