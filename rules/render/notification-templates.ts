import type { Settings } from '../settings.ts';

/** By this alerts of the dot are sorted: critical ones first, and among those and the others causes before symptoms. */
const RANK = '{{ $rank := printf "%t %t" (ne .Labels.severity "critical") (ne .Labels.symptom "") }}';
const RANKS = 'stringSlice "false false" "false true" "true false" "true true"';

/** Finds the cause, `$cause`: the first alert that fires, as sorted, or any when all is over. */
const CAUSE =
  '{{ $cause := index .Alerts 0 }}{{ $first := "unknown" }}' +
  `{{ range .Alerts.Firing }}${RANK}{{ if lt $rank $first }}{{ $cause = . }}{{ $first = $rank }}{{ end }}{{ end }}`;

/** What stands where a link is missing: a blank looks like a fault of the template. */
const none = (annotation: string) => `none (the alert has no annotation ${annotation})`;

/** Texts of notifications, as templates of Go (prometheus.io/docs/alerting/latest/notifications). */
export function notificationTemplates({ labels: { cluster } }: Settings): string {
  const inCluster = (labels: string, before: string) => `{{ with ${labels}.${cluster} }}${before} {{ . }}{{ end }}`;
  const silence = (alert: string, root: string) =>
    `{{ ${root}.ExternalURL }}/#/silences/new?filter={{ template "foreshock.silence_filter" ${alert} }}`;
  const link = (text: string, annotation: string) =>
    `{{ with .Annotations.${annotation} }}<{{ . }}|${text}>{{ else }}${text}: ${none(annotation)}{{ end }}`;
  return `{{/* Made by foreshock rules; change its settings rather than this file. */ -}}

{{/* The headline: how much fires where, and the most urgent of it. */}}
{{ define "foreshock.title" -}}
${CAUSE}
{{- if .Alerts.Firing }}{{ len .Alerts.Firing }} firing{{ else }}Resolved{{ end }}
{{- if .CommonLabels.node }} on {{ .CommonLabels.node }}${inCluster('.CommonLabels', ' of cluster')}
{{- else }}${inCluster('.CommonLabels', ' in cluster')}{{ end -}}
: {{ or $cause.Annotations.summary $cause.Labels.alertname }}
{{- end }}

{{/* Plain text for pagers, tickets and e-mail: the cause first, then the rest of what fires, then what is over. */}}
{{ define "foreshock.text" -}}
{{ template "foreshock.title" . }}
{{ range $wanted := ${RANKS} }}{{ range $.Alerts.Firing }}${RANK}
{{- if eq $rank $wanted }}
{{ .Labels.alertname }}{{ with .Labels.severity }} ({{ . }}){{ end }}
{{ template "foreshock.description" . }}
Runbook: {{ or .Annotations.runbook_url "${none('runbook_url')}" }}
Dashboard: {{ or .Annotations.dashboard_url "${none('dashboard_url')}" }}
Query: {{ .GeneratorURL }}
Silence: ${silence('.', '$')}
{{ end }}{{ end }}{{ end }}
{{- range .Alerts.Resolved }}
Resolved: {{ .Labels.alertname }}, {{ or .Annotations.summary "no summary" }}
{{- end }}
{{- end }}

{{/* The same in Slack's markup; its headline is the title. */}}
{{ define "foreshock.slack.text" -}}
{{ range $wanted := ${RANKS} }}{{ range $.Alerts.Firing }}${RANK}
{{- if eq $rank $wanted -}}
*{{ .Labels.alertname }}*{{ with .Labels.severity }} ({{ . }}){{ end }}
{{ template "foreshock.description" . }}
${link('Runbook', 'runbook_url')} | ${link('Dashboard', 'dashboard_url')} | <{{ .GeneratorURL }}|Query> | <${silence('.', '$')}|Silence>
{{ end }}{{ end }}{{ end }}
{{- range .Alerts.Resolved -}}
Resolved: *{{ .Labels.alertname }}*, {{ or .Annotations.summary "no summary" }}
{{ end }}
{{- end }}

{{/* Slack's buttons are about the cause; one without a link says so and leads to Alertmanager. */}}
{{ define "foreshock.slack.runbook.label" }}${CAUSE}{{ if $cause.Annotations.runbook_url }}Runbook{{ else }}No runbook{{ end }}{{ end }}
{{ define "foreshock.slack.runbook.url" }}${CAUSE}{{ or $cause.Annotations.runbook_url .ExternalURL }}{{ end }}
{{ define "foreshock.slack.dashboard.label" }}${CAUSE}{{ if $cause.Annotations.dashboard_url }}Dashboard{{ else }}No dashboard{{ end }}{{ end }}
{{ define "foreshock.slack.dashboard.url" }}${CAUSE}{{ or $cause.Annotations.dashboard_url .ExternalURL }}{{ end }}
{{ define "foreshock.slack.query.url" }}${CAUSE}{{ or $cause.GeneratorURL .ExternalURL }}{{ end }}
{{ define "foreshock.slack.silence.url" }}${CAUSE}${silence('$cause', '')}{{ end }}

{{/* Of one alert: what it says. */}}
{{ define "foreshock.description" }}{{ or .Annotations.description .Annotations.message .Annotations.summary "no description" }}{{ end }}

{{/* Of one alert: the matchers that silence it on its node, for the address of Alertmanager's form. */}}
{{ define "foreshock.silence_filter" }}
{{- $filter := printf "alertname=%q" .Labels.alertname }}
{{- with .Labels.${cluster} }}{{ $filter = printf "%s,${cluster}=%q" $filter . }}{{ end }}
{{- with .Labels.node }}{{ $filter = printf "%s,node=%q" $filter . }}{{ end }}
{{- printf "{%s}" $filter | urlquery | reReplaceAll "[+]" "%20" }}
{{- end }}
`;
}
