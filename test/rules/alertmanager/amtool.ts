import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { CONFIGURATION, type Labels, TEMPLATES } from './pack.ts';

/** The data of templates (pkg.go.dev/github.com/prometheus/alertmanager/template#Data), as a webhook gets it too. */
export interface TemplateData {
  readonly externalURL: string;
  readonly commonLabels: Labels;
  readonly alerts: readonly {
    readonly status: 'firing' | 'resolved';
    readonly labels: Labels;
    readonly annotations: Labels;
    readonly generatorURL: string;
  }[];
}

/** amtool in a folder with the configuration of the pack. */
export class Amtool {
  readonly #directory: string;

  constructor(t: TestContext, configuration = CONFIGURATION, templates = TEMPLATES) {
    this.#directory = mkdtempSync(join(tmpdir(), 'foreshock-amtool-'));
    t.after(() => rmSync(this.#directory, { recursive: true }));
    writeFileSync(join(this.#directory, 'alertmanager.yaml'), configuration);
    writeFileSync(join(this.#directory, 'foreshock.tmpl'), templates);
  }

  /** The output of check-config; throws when the configuration is invalid. */
  check(): string {
    return this.#run('check-config', 'alertmanager.yaml');
  }

  /** The receivers of an alert. */
  receivers(labels: Labels): string[] {
    const pairs = Object.entries(labels).map(([name, value]) => `${name}=${value}`);
    const printed = this.#run('config', 'routes', 'test', '--config.file=alertmanager.yaml', ...pairs);
    return printed.trim().split(',');
  }

  /** The text that a template renders. */
  render(template: string, data: TemplateData): string {
    writeFileSync(join(this.#directory, 'data.json'), JSON.stringify(data));
    const text = `{{ template "${template}" . }}`;
    const flags = ['--template.glob=foreshock.tmpl', '--template.data=data.json', `--template.text=${text}`];
    return this.#run('template', 'render', ...flags);
  }

  #run(...args: string[]): string {
    const { status, stdout, stderr } = spawnSync('amtool', args, { cwd: this.#directory, encoding: 'utf8' });
    if (status !== 0) throw new Error(`amtool ${args.join(' ')}: ${stdout}${stderr}`);
    return stdout;
  }
}
