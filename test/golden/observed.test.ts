import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { parseExposition, sampleValue } from '../exposition-text.ts';
import { FIXTURES } from '../paths.ts';
import { containerdHost, dockerCgroup2Host, scrapeHost } from './host-trees.ts';

interface Inspected {
  readonly Id: string;
  readonly Name: string;
  readonly State: { readonly Running: boolean };
  readonly HostConfig: { readonly LogConfig: { readonly Config: Record<string, string> } };
}

test('the recorded Docker host on cgroup v2, compared with what docker, ps and du said there', async (t) => {
  const { root, observed } = dockerCgroup2Host(t);
  const text = await scrapeHost(t, root);

  await t.test('docker inspect: ids, names and log limits', () => {
    const inspected: readonly Inspected[] = JSON.parse(readFileSync(join(observed, 'docker-inspect.json'), 'utf8'));
    assert.equal(inspected.length, 7);
    for (const { Id, Name, HostConfig } of inspected) {
      const container = Name.slice(1);
      assert.equal(sampleValue(text, 'foreshock_container_info', { container, container_id: `docker://${Id}` }), 1);
      const isCapped =
        HostConfig.LogConfig.Config['max-size'] === '1m' && HostConfig.LogConfig.Config['max-file'] === '3';
      const limit = sampleValue(text, 'foreshock_container_log_limit_bytes', { container });
      assert.equal(limit, isCapped ? 3_000_000 : Number.POSITIVE_INFINITY, container);
    }
  });

  await t.test('the listing of /var/lib/docker: log bytes', () => {
    // Its second half repeats the first.
    const listing = [...new Set(readFileSync(join(observed, 'var-lib-docker-listing.txt'), 'utf8').split('\n'))];
    for (const { labels } of parseExposition(text).filter(({ name }) => name === 'foreshock_container_info')) {
      const id = labels.container_id?.slice('docker://'.length) ?? '';
      const files = listing.filter((line) => line.includes(`/${id}-json.log`));
      const blocks = files.map((line) => Number(line.split(' ')[3])).reduce((sum, count) => sum + count, 0);
      const container = labels.container ?? '';
      assert.ok(files.length > 0);
      assert.equal(sampleValue(text, 'foreshock_container_log_bytes', { container }), blocks * 512, container);
    }
  });

  await t.test('du: the writable layer', () => {
    const kibibytes = Number(/^(\d+)\t\S+\/diff$/m.exec(readFileSync(join(observed, 'b-writer.txt'), 'utf8'))?.[1]);
    assert.equal(
      sampleValue(text, 'foreshock_container_writable_layer_bytes', { container: 'writer' }),
      kibibytes * 1024,
    );
  });

  await t.test('ps: zombies', () => {
    const processes = readFileSync(join(observed, 'ps.txt'), 'utf8').split('\n');
    const states = processes.map((line) => line.trim().split(/\s+/)[2] ?? '');
    const zombies = parseExposition(text).filter(({ name }) => name === 'foreshock_zombie_processes');
    assert.equal(
      zombies.reduce((sum, { value }) => sum + value, 0),
      states.filter((state) => state.startsWith('Z')).length,
    );
    assert.equal(sampleValue(text, 'foreshock_zombie_processes', { container: 'zombies2' }), 150);
  });

  await t.test('cgroup.stat: dying memory cgroups are the 100 that were made, and those of the boot', () => {
    const dying = sampleValue(text, 'foreshock_memory_cgroups_dying') ?? 0;
    const before = Number(
      /nr_dying_descendants (\d+)/.exec(readFileSync(join(observed, 'd-root-cgroup.stat.before'), 'utf8'))?.[1],
    );
    assert.ok(dying >= before + 100, `${dying} now, ${before} before`);
  });

  await t.test('systemctl: the transient units, of which those of mounts have no pod in the recording', () => {
    const listed = readFileSync(join(observed, 'systemctl-list-units-all.txt'), 'utf8').split('\n');
    const kept = listed.filter((line) => /\.scope .*Kubernetes transient mount for/.test(line)).length;
    assert.equal(kept, 60);
    assert.equal(sampleValue(text, 'foreshock_systemd_orphaned_subpath_units'), kept);
    const inspected: readonly Inspected[] = JSON.parse(readFileSync(join(observed, 'docker-inspect.json'), 'utf8'));
    const running = inspected.filter(({ State }) => State.Running).length;
    assert.equal(sampleValue(text, 'foreshock_systemd_transient_units', { type: 'scope' }), kept + running);
    assert.equal(sampleValue(text, 'foreshock_systemd_transient_units', { type: 'mount' }), 0);
  });

  await t.test(
    'vmstat: what a squeezed container reclaims for its own limit is not reclaim of the host, its refaults are counted',
    () => {
      assert.ok((sampleValue(text, 'foreshock_workingset_refaults_total', { type: 'file' }) ?? 0) > 1_000_000);
      assert.equal(sampleValue(text, 'foreshock_reclaim_scanned_pages_total', { by: 'direct' }), 0);
    },
  );
});

test('the recorded kubelet 1.26, compared with what its own /configz said', async (t) => {
  const text = await scrapeHost(t, containerdHost(t));
  const said = JSON.parse(readFileSync(join(FIXTURES, 'kubelet-1.26/configz.json'), 'utf8')).kubeletconfig;
  const seconds = (duration: string) => {
    const [, minutes, rest] = /^(?:(\d+)m)?(\d+)s$/.exec(duration) ?? [];
    return Number(minutes ?? 0) * 60 + Number(rest);
  };
  const value = (name: string) => sampleValue(text, `foreshock_kubelet_${name}`, {});
  assert.equal(value('image_gc_high_threshold_ratio'), said.imageGCHighThresholdPercent / 100);
  assert.equal(value('image_gc_low_threshold_ratio'), said.imageGCLowThresholdPercent / 100);
  assert.equal(value('image_gc_minimum_age_seconds'), seconds(said.imageMinimumGCAge));
  assert.equal(value('status_update_interval_seconds'), seconds(said.nodeStatusUpdateFrequency));
  assert.equal(value('status_report_interval_seconds'), seconds(said.nodeStatusReportFrequency));
  assert.equal(value('lease_duration_seconds'), said.nodeLeaseDurationSeconds);
  assert.equal(value('serialize_image_pulls'), Number(said.serializeImagePulls));
  assert.equal(value('api_qps'), said.kubeAPIQPS);
  assert.equal(value('api_burst'), said.kubeAPIBurst);
  const thresholds = parseExposition(text).filter(({ name }) => name.startsWith('foreshock_kubelet_eviction_'));
  assert.deepEqual(said.evictionHard, { 'memory.available': '100Mi' });
  assert.deepEqual(
    thresholds.map(({ name, labels, value }) => [name, labels.signal, value]),
    [['foreshock_kubelet_eviction_threshold_bytes', 'memory.available', 100 * 1024 ** 2]],
  );
});
