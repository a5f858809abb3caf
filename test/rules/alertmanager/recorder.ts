import { createServer } from 'node:http';
import { json } from 'node:stream/consumers';
import type { TestContext } from 'node:test';
import { listen } from '../../servers.ts';
import type { Labels } from './pack.ts';

/** An alert in the notification to a webhook. */
export interface NotifiedAlert {
  readonly status: 'firing' | 'resolved';
  readonly labels: Labels;
  readonly annotations: Labels;
}

/** What Alertmanager posts to Slack (docs.slack.dev/legacy/legacy-messaging/legacy-secondary-message-attachments). */
export interface SlackAttachment {
  readonly title: string;
  readonly fallback: string;
  readonly pretext?: string;
  readonly text: string;
  /** The fields that Slack reads as Markdown. */
  readonly mrkdwn_in: readonly string[];
  readonly actions: readonly Labels[];
}

/** A notification, with the path that it was sent to. */
export interface Notification {
  readonly path: string;
  readonly body: {
    readonly status?: 'firing' | 'resolved';
    readonly alerts?: readonly NotifiedAlert[];
    /** PagerDuty's. */
    readonly payload?: { readonly summary: string; readonly custom_details: Labels };
    /** Slack's. */
    readonly attachments?: readonly SlackAttachment[];
  };
}

/** Receives notifications. */
export interface Recorder {
  readonly url: string;
  /** All so far, in the order of their arrival. */
  readonly notifications: readonly Notification[];
  /** Those at a path. */
  at(path: string): readonly Notification[];
}

/** Answers as a webhook, as PagerDuty and as Slack, until the test is over. */
export async function startRecorder(t: TestContext): Promise<Recorder> {
  const notifications: Notification[] = [];
  const server = createServer(async (request, response) => {
    notifications.push({ path: request.url ?? '', body: (await json(request)) as Notification['body'] });
    response.end('ok');
  });
  const url = `http://${await listen(t, server)}`;
  return { url, notifications, at: (path) => notifications.filter((one) => one.path === path) };
}
