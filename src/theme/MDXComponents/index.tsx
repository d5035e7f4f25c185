import MDXComponents from '@theme-original/MDXComponents';
import { LabCard } from '@site/src/components/lab';

/** What lessons may use without importing it. */
export default { ...MDXComponents, Lab: LabCard };
