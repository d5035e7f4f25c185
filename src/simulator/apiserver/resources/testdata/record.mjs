#!/usr/bin/env node
// Asks a real API server what the golden files of this folder expect: node record.mjs FILE… (KUBECONFIG names the server).
// A file has sections '@ group/version resource' ('@ v1 pods' for the core group) and cases '> body' (POST) or
// '> body => patch' and '> body => status patch' (merge patch of a stored object). Metadata and kind are added here.
// Everything goes with dryRun=All, but for objects that are then patched; they are deleted afterwards.
import { readFileSync, writeFileSync } from 'node:fs';
import https from 'node:https';

const kubeconfig = readFileSync(process.env.KUBECONFIG, 'utf8');
const server = new URL(/server: ?"?([^"\s,}]+)/.exec(kubeconfig)[1]);
const token = /token: ?"?([^"\s,}]+)/.exec(kubeconfig)?.[1];
const agent = new https.Agent({ keepAlive: true, maxSockets: 6, rejectUnauthorized: false });
const namespace = `golden-${process.pid}`;

function call(method, path, body, type = 'application/json') {
  const text = body === undefined ? undefined : JSON.stringify(body);
  return new Promise((resolve, reject) => {
    const headers = { accept: 'application/json', ...(token && { authorization: `Bearer ${token}` }), ...(text && { 'content-type': type, 'content-length': Buffer.byteLength(text) }) };
    const request = https.request(new URL(path, server), { agent, method, headers }, async (response) => {
      let out = '';
      for await (const chunk of response) out += chunk;
      resolve({ status: response.statusCode, body: JSON.parse(out), warning: response.headers.warning });
    });
    request.on('error', reject);
    request.end(text);
  });
}

const sorted = (value) => Array.isArray(value) ? value.map(sorted)
  : value && typeof value === 'object' ? Object.fromEntries(Object.keys(value).sort().map((key) => [key, sorted(value[key])])) : value;

/** What a case's answer comes to: the code, then causes, or the object without its metadata. */
export function summary({ status, body, warnings = [] }) {
  const out = warnings.map((warning) => `warning: ${warning}`);
  if (status === 422) return [`${status}`, ...body.details.causes.map(({ field, reason, message }) => `${field}: ${reason} ${message}`.replaceAll('\n', '\\n'))].join('\n');
  if (status >= 300) return `${status} ${body.message}`;
  const { metadata, kind, apiVersion, ...rest } = body;
  const text = JSON.stringify(sorted(rest)).replace(/10\.96\.\d+\.\d+/g, 'IP').replace(/"(n|healthCheckN)odePort":3\d{4}/g, '"$1odePort":0').replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'TIME').replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, 'UID').replace(/kube-api-access-\w{5}/g, 'kube-api-access-ID');
  return [...out, `${status}${metadata.generation === undefined ? '' : ` generation ${metadata.generation}`} ${text}`].join('\n');
}

const warningsOf = (header = '') => header.split(/, (?=299)/).filter(Boolean).map((one) => JSON.parse(one.replace(/^299 - /, ''))).filter((one) => !one.startsWith('unknown field'));

async function record(file) {
  let section;
  let count = 0;
  const out = [];
  for (const line of readFileSync(file, 'utf8').split('\n')) {
    if (line.startsWith('#') || line === '') out.push(line);
    if (line.startsWith('@ ')) {
      const [, apiVersion, resource] = line.split(' ');
      const list = await call('GET', apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`);
      const info = list.body.resources.find(({ name }) => name === resource);
      section = { apiVersion, kind: info.kind, path: `${apiVersion.includes('/') ? '/apis' : '/api'}/${apiVersion}${info.namespaced ? `/namespaces/${namespace}` : ''}/${resource}` };
      out.push(line);
    }
    if (!line.startsWith('> ')) continue;
    out.push(line);
    const [base, patch] = line.slice(2).split(' => ');
    const given = JSON.parse(base);
    const name = given.metadata?.name ?? (patch === undefined ? 'x' : `golden-${count++}`);
    const object = { apiVersion: section.apiVersion, kind: section.kind, ...given, metadata: { name, ...given.metadata } };
    if (patch === undefined) {
      const answer = await call('POST', `${section.path}?dryRun=All`, object);
      out.push(summary({ ...answer, warnings: warningsOf(answer.warning) }), '');
      continue;
    }
    await call('POST', section.path, object);
    const target = patch.startsWith('status ') ? `${section.path}/${name}/status` : `${section.path}/${name}`;
    // Controllers write the status meanwhile: only an update of the status itself shows it.
    const answer = await call('PATCH', `${target}?dryRun=All`, JSON.parse(patch.replace(/^status /, '')), 'application/merge-patch+json');
    if (!patch.startsWith('status ') && answer.status === 200) delete answer.body.status;
    out.push(summary({ ...answer, warnings: warningsOf(answer.warning) }), '');
    await call('DELETE', `${section.path}/${name}?gracePeriodSeconds=0&propagationPolicy=Background`);
  }
  writeFileSync(file, `${out.join('\n').replace(/\n{3,}/g, '\n\n').trim()}\n`);
}

if (process.argv[2] !== undefined) {
  await call('POST', '/api/v1/namespaces', { metadata: { name: namespace } });
  for (let i = 0; i < 50 && (await call('GET', `/api/v1/namespaces/${namespace}/serviceaccounts/default`)).status !== 200; i++) await new Promise((resolve) => setTimeout(resolve, 100));
  for (const file of process.argv.slice(2)) await record(file);
  await call('DELETE', `/api/v1/namespaces/${namespace}`);
}
