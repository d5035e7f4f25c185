import { expect, test } from 'vitest';
import { describeIn } from '../../../field-docs';
import { editorSchema } from './editor-schema';

interface Schema { readonly properties?: Record<string, Schema>; readonly description?: string; readonly enum?: readonly string[]; readonly additionalProperties?: unknown; readonly then?: { readonly properties: { readonly kind: { readonly const: string } } } }

const schema = editorSchema({ locale: 'ko', describe: describeIn('ko') }) as { readonly allOf: readonly Schema[]; readonly definitions: Record<string, Schema> };

test('every kind that can be created is there, decided by apiVersion and kind', () => {
  const kinds = schema.allOf.map((branch) => branch.then?.properties.kind.const);
  expect(kinds).toContain('Deployment');
  expect(kinds).toContain('EndpointSlice');
  expect(kinds).not.toContain('SubjectAccessReview');
});

test('a field says what it means and its type, in the reader\'s language, and an unknown field is refused', () => {
  const container = schema.definitions['io.k8s.api.core.v1.Container'];
  expect(container?.additionalProperties).toBe(false);
  expect(container?.properties?.['image']?.description).toMatch(/^실행할 이미지입니다[^]*image: string/);
  expect(container?.properties?.['name']?.description).toContain('필수');
  expect(container?.properties?.['imagePullPolicy']?.enum).toContain('IfNotPresent');
});
