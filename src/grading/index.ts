export { judge, type Judgement, type LabCluster } from './answer';
export { type Check, defineChecks, fail, type Finding, pass, type Place, type Verdict } from './check';
export { type CheckResult, type Evidence, grade, type Report, runCheck } from './grade';
export { type Expectation, expectationSchema, type Files, type Lab, type LabDefinition, labSchema } from './lab';
export { locate, type Location } from './locate';
export { parseMetrics, type Sample } from './metrics-text';
export { type GradableCluster, gradeCluster, manifestsOf } from './session';
export { type Language, text, type Text } from './text';
export { createWorld, type ExecResult, type GradingWorld } from './world';
