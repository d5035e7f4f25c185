#!/usr/bin/env node
// openapi-digests.mjs KUBECTL…: a digest of each OpenAPI document of the API server that this kubectl asks, without the
// descriptions, in one order. Writes src/simulator/apiserver/openapi/testdata/digests.json.
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { digestOf } from './openapi-digest.mjs';

const [command, ...args] = process.argv.slice(2);
const get = (url) => JSON.parse(execFileSync(command, [...args, 'get', '--raw', url], { maxBuffer: 64e6 }).toString());
const names = Object.keys(get('/openapi/v3').paths).sort();
const digests = Object.fromEntries(names.map((name) => [name, digestOf(get(`/openapi/v3/${name}`))]));
const file = path.resolve(import.meta.dirname, '../../src/simulator/apiserver/openapi/testdata/digests.json');
writeFileSync(file, `${JSON.stringify(digests, null, 2)}\n`);
