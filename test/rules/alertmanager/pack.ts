import { load } from 'js-yaml';
import { alertmanagerFiles } from '../../../rules/render/alertmanager.ts';
import { DEFAULT_SETTINGS } from '../../../rules/settings.ts';

export type Labels = Readonly<Record<string, string>>;

type Route = Readonly<Record<string, unknown>>;

/** The part of Alertmanager's configuration that tests read (prometheus.io/docs/alerting/latest/configuration). */
export interface Configuration {
  readonly route: Route & { readonly routes: readonly Route[] };
  readonly receivers: readonly {
    readonly name: string;
    readonly pagerduty_configs?: readonly object[];
    readonly slack_configs?: readonly object[];
    readonly email_configs?: readonly object[];
    readonly webhook_configs?: readonly object[];
  }[];
  readonly inhibit_rules: readonly {
    readonly source_matchers: readonly string[];
    readonly target_matchers: readonly string[];
    readonly equal: readonly string[];
  }[];
}

const files = alertmanagerFiles(DEFAULT_SETTINGS);

/** The configuration as we ship it. */
export const CONFIGURATION = files.get('alertmanager/alertmanager.yaml') ?? '';

/** The templates as we ship them. */
export const TEMPLATES = files.get('alertmanager/foreshock.tmpl') ?? '';

/**
 * The shipped configuration with another timing of all routes, and with receivers that send to paths of the recorder named
 * after them, as `/pager/webhook`. Mail goes to the address of a server without TLS, or nowhere.
 */
export function recorded(recorder: string, timing: Labels, mailbox?: string): Configuration {
  const { route, receivers, ...rest } = load(CONFIGURATION) as Configuration;
  const each = (configs: readonly object[] = [], change: object) => configs.map((config) => ({ ...config, ...change }));
  return {
    ...rest,
    route: { ...route, ...timing, routes: route.routes.map((child) => ({ ...child, ...timing })) },
    receivers: receivers.map(({ name, pagerduty_configs, slack_configs, email_configs, webhook_configs }) => ({
      name,
      pagerduty_configs: each(pagerduty_configs, {
        url: `${recorder}/${name}/pagerduty`,
        routing_key: 'key',
        routing_key_file: undefined,
      }),
      slack_configs: each(slack_configs, { api_url: `${recorder}/${name}/slack`, api_url_file: undefined }),
      email_configs: mailbox === undefined ? [] : each(email_configs, { smarthost: mailbox, require_tls: false }),
      webhook_configs: each(webhook_configs, { url: `${recorder}/${name}/webhook` }),
    })),
  };
}
