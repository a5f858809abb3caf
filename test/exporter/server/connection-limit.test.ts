import assert from 'node:assert/strict';
import { test } from 'node:test';
import { maxConnections } from '../../../exporter/server/connection-limit.ts';

const limits = (soft: string) => `Limit                     Soft Limit           Hard Limit           Units     
Max processes             95879                95879                processes 
Max open files            ${soft.padEnd(20)} 1048576              files     
Max locked memory         8388608              8388608              bytes     
`;

test('half of the descriptors are left to the collectors', () => {
  assert.equal(maxConnections(limits('256')), 96);
  assert.equal(maxConnections(limits('64')), 8);
});

test('however many descriptors there are, connections are bounded', () => {
  for (const soft of ['1024', '1048576', 'unlimited']) assert.equal(maxConnections(limits(soft)), 256, soft);
});

test('the limits of this process can be read', () => {
  const max = maxConnections();
  assert.ok(max >= 8 && max <= 256, String(max));
});
