import type { Settings } from '../settings.ts';
import { SYMPTOMS } from '../symptom.ts';
import { notificationTemplates } from './notification-templates.ts';
import { HEADER } from './prometheus.ts';

/** An example of Alertmanager's configuration, and the templates that it uses, by their paths. */
export function alertmanagerFiles(settings: Settings): Map<string, string> {
  return new Map([
    ['alertmanager/alertmanager.yaml', configuration(settings)],
    ['alertmanager/foreshock.tmpl', notificationTemplates(settings)],
  ]);
}

/** As text: users read it and copy parts of it, so it has comments. */
function configuration(settings: Settings): string {
  const { cluster } = settings.labels;
  return `${HEADER}#
# An example that loads as it stands (amtool check-config alertmanager.yaml). Replace what ends in example.com, the files
# of keys, and remove the ways of notification that you do not have. To a configuration that you have, add the templates,
# the receivers, the route as a child of yours with \`matchers: [node=~".+"]\`, and all inhibit_rules.

# Beside this file.
templates: [foreshock.tmpl]

# One notification for each sick node, whatever fires on it. Alerts without a node share one for each cluster.
route:
  receiver: tickets
  group_by: [${cluster}, node]
  group_wait: 30s
  group_interval: 5m
  repeat_interval: 24h
  routes:
    # kube-prometheus' alert that always fires: who receives it calls when it stops.
    - matchers: [alertname="Watchdog"]
      receiver: dead-mans-switch
      group_wait: 0s
      group_interval: 1m
      repeat_interval: 5m
    # A person, now.
    - matchers: [severity="critical"]
      receiver: pager
      repeat_interval: 4h
    # Somebody, in working hours. A cause may be recognized a minute after its first symptom, which it then mutes.
    - matchers: [severity="warning"]
      receiver: tickets
      group_wait: 2m
    # To be seen on dashboards, and to mute others.
    - matchers: [severity=~"info|none"]
      receiver: "null"

receivers:
  - name: pager
    pagerduty_configs:
      - routing_key_file: /etc/alertmanager/pagerduty-routing-key
        description: '{{ template "foreshock.title" . }}'
        severity: critical
        details:
          firing: '{{ template "foreshock.text" . }}'
    # For any other pager: all labels and annotations as JSON.
    webhook_configs:
      - url: https://pager.example.com/alertmanager

  - name: tickets
    slack_configs:
      - api_url_file: /etc/alertmanager/slack-webhook-url
        channel: "#nodes"
        send_resolved: true
        title: '{{ template "foreshock.title" . }}'
        fallback: '{{ template "foreshock.title" . }}'
        text: '{{ template "foreshock.slack.text" . }}'
        actions:
          - type: button
            text: '{{ template "foreshock.slack.runbook.label" . }}'
            url: '{{ template "foreshock.slack.runbook.url" . }}'
          - type: button
            text: '{{ template "foreshock.slack.dashboard.label" . }}'
            url: '{{ template "foreshock.slack.dashboard.url" . }}'
          - type: button
            text: Query
            url: '{{ template "foreshock.slack.query.url" . }}'
          - type: button
            text: Silence
            url: '{{ template "foreshock.slack.silence.url" . }}'
    email_configs:
      - to: nodes@example.com
        from: alertmanager@example.com
        smarthost: smtp.example.com:587
        send_resolved: true
        headers:
          Subject: '{{ template "foreshock.title" . }}'
        text: '{{ template "foreshock.text" . }}'
        # Or else the built-in page of HTML goes with it.
        html: ""
    webhook_configs:
      - url: https://tickets.example.com/alertmanager

  - name: dead-mans-switch
    webhook_configs:
      - url: https://dead-mans-switch.example.com/ping
        send_resolved: false

  - name: "null"

# One cause, one notification: while the alert of a cause fires, those of its symptoms on the same node are muted. An alert
# says by its label \`symptom\` what it shows, and by \`explains_…\` what it is the cause of.
#
# A warning mutes no critical alert, or nobody would be woken. Alerts without a node are neither muted nor do they mute:
# without \`node=~".+"\` any two of them would be equal. The alerts of kubernetes-mixin and node-mixin are named; those of
# node-mixin carry a node if the targets do (scrape.example.yaml).
inhibit_rules:
${Object.entries(SYMPTOMS)
  .map(([symptom, { help, upstream }]) => inhibitRules(symptom, help, upstream, cluster))
  .join('\n')}`;
}

function inhibitRules(symptom: string, help: string, upstream: readonly string[], cluster: string): string {
  const targets = [`symptom="${symptom}"`, ...(upstream.length > 0 ? [`alertname=~"${upstream.join('|')}"`] : [])];
  const rules = targets.flatMap((target) => [
    inhibitRule([`explains_${symptom}="true"`, 'severity="critical"'], [target], cluster),
    inhibitRule([`explains_${symptom}="true"`], [target, 'severity!="critical"'], cluster),
  ]);
  return `  # ${symptom}: ${help}.\n${rules.join('')}`;
}

function inhibitRule(source: readonly string[], target: readonly string[], cluster: string): string {
  const matchers = (list: readonly string[]) => `[${[...list, 'node=~".+"'].join(', ')}]`;
  return `  - source_matchers: ${matchers(source)}
    target_matchers: ${matchers(target)}
    equal: [${cluster}, node]
`;
}
