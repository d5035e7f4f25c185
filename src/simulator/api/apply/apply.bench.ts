import { bench } from 'vitest';
import { typeForKind } from '../catalog';
import { applySchemaDefaults, decodeValue } from '../decode';
import type { TypeSchema } from '../schema';
import { applyConfiguration, trackUpdate } from '.';

const type = typeForKind({ group: '', version: 'v1', kind: 'Pod' }) as TypeSchema;
const config = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'web', labels: { app: 'web' } }, spec: { containers: [{ name: 'app', image: 'nginx:1.29', ports: [{ containerPort: 80 }], resources: { requests: { cpu: '100m', memory: '64Mi' } } }] } };
const empty = decodeValue(type, {}).object;
const pod = decodeValue(type, config).object;
applySchemaDefaults(type, pod);
const write = { manager: 'bench', apiVersion: 'v1', time: '2026-01-01T00:00:00Z' };
const changed = { ...pod, metadata: { ...(pod['metadata'] as object), labels: { app: 'web2' }, managedFields: trackUpdate(type, empty, pod, write) } };

bench('ownership of a created Pod', () => void trackUpdate(type, empty, pod, write));
bench('ownership of a changed Pod', () => void trackUpdate(type, pod, changed, write));
bench('apply a Pod', () => void applyConfiguration(type, undefined, config, write));
