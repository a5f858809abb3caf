import { dump } from 'js-yaml';
import { DEFAULT_SETTINGS, type Settings } from './settings.ts';
import { signatures } from './signatures/index.ts';

const COMMENTS: Readonly<Record<keyof Settings, string>> = {
  selectors: 'Matchers of the jobs, as they stand between braces.',
  labels: 'The label that tells clusters apart, which none need have, and the one of targets that names their node.',
  thresholds: 'What alerts compare with, by signature; index.md says what each one means.',
  severities: 'By alert, instead of its own: critical, warning or info.',
  disabled: 'Alerts that are switched off.',
  runbook_url: '{alert} stands for the name of the alert.',
  dashboard_url: '{dashboard} stands for the uid; the variables cluster and node are added.',
  format: 'prometheus, or operator for objects of the Prometheus operator.',
  operator: 'Of these objects; the labels are those that your Prometheus selects rules by.',
};

/** A settings file that sets everything to its default. */
export function defaultSettingsFile(): string {
  const thresholds = signatures
    .filter((signature) => Object.keys(signature.thresholds).length > 0)
    .map((signature) => [
      signature.id,
      Object.fromEntries(Object.entries(signature.thresholds).map(([name, one]) => [name, one.default])),
    ]);
  const settings: Settings = { ...DEFAULT_SETTINGS, thresholds: Object.fromEntries(thresholds) };
  return Object.entries(COMMENTS)
    .map(([key, comment]) => `# ${comment}\n${dump({ [key]: settings[key as keyof Settings] }, { lineWidth: -1 })}`)
    .join('');
}
