import { isDns1035Label, type CustomResourceConversion } from '../../../api';
import type { Errors, Path } from '../../field';
import { checkClientConfig } from '../admissionregistration/rules';

const reviewVersions = ['v1', 'v1beta1'];

/** Checks the versions of reviews that a webhook understands; `none` is what is said when there are none. */
export function checkReviewVersions(versions: readonly string[], none: string, path: Path, errors: Errors): void {
  if (versions.length === 0) return errors.required(path, none);
  const seen = new Set<string>();
  for (const [index, version] of versions.entries()) {
    if (seen.has(version)) errors.invalid(path.index(index), version, 'duplicate version');
    else errors.invalidEach(path.index(index), version, isDns1035Label(version));
    seen.add(version);
  }
  if (!reviewVersions.some((version) => seen.has(version))) errors.invalid(path, versions, `must include at least one of ${reviewVersions.join(', ')}`);
}

/** Checks how objects become those of another version. */
export function checkConversion(conversion: CustomResourceConversion | undefined, keepsUnknown: boolean, path: Path, errors: Errors): void {
  if (!conversion) return;
  const { strategy, webhook } = conversion;
  const at = path.child('strategy');
  const config = path.child('webhookClientConfig');
  const versions = path.child('conversionReviewVersions');
  if (strategy !== 'None' && keepsUnknown) errors.invalid(at, strategy, 'must be None if spec.preserveUnknownFields is true');
  if (strategy === '') errors.required(at);
  else if (strategy !== 'None' && strategy !== 'Webhook') errors.notSupported(at, strategy, ['None', 'Webhook']);
  if (strategy === 'Webhook') {
    if (!webhook?.clientConfig) errors.required(config, 'required when strategy is set to Webhook');
    else checkClientConfig(webhook.clientConfig, config, errors);
    checkReviewVersions((webhook?.conversionReviewVersions as readonly string[] | null | undefined) ?? [], '', versions, errors);
    return;
  }
  if (webhook?.clientConfig) errors.forbidden(config, 'should not be set when strategy is not set to Webhook');
  if (((webhook?.conversionReviewVersions as readonly string[] | null | undefined) ?? []).length > 0) errors.forbidden(versions, 'should not be set when strategy is not set to Webhook');
}
